"""Kinds about the first contact after a referral: within hours, within days, before the year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from casekit.calendars import DAY, Calendar, Days
from casekit.caseload import Caseload, days
from casekit.kinds.contacts import completed
from casekit.kinds.rows import (
    CANNOT_TELL,
    DUE,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    Span,
    Told,
    no_calendar,
    nobody,
    verdicts,
)
from casekit.kinds.words import Unit

HOUR = 3600
A_DAY = 24 * HOUR


@dataclass(frozen=True)
class Referral:
    """A referral and the contacts of its student up to as_of, on one clock.

    Times are seconds of the clock on which the referral was written: a contact with an offset of
    its own is moved to it, one without is read on it. A day without a time runs from its first
    second up to, not including, the next day's.

    received, received_until   the first and last moment at which it may have come in (the same
                               where it has a time; the last not included where it has none)
    first, last                the same for each contact, in order of time
    timed                      whether each contact has a time
    sure                       whether it surely was completed (else it may have been)
    day, days                  the day of the referral, and of each contact, as written
    as_of_end                  the end of the day as_of on that clock
    """

    received: int
    received_until: int
    day: Days
    first: np.ndarray
    last: np.ndarray
    timed: np.ndarray
    sure: np.ndarray
    days: np.ndarray
    as_of: Days
    as_of_end: int

    @property
    def exact(self) -> bool:
        return self.received == self.received_until

    def surely_after(self) -> np.ndarray:
        """Contacts that cannot have come before the referral."""
        known = self.first >= self.received_until
        return known & self.sure

    def maybe_after(self) -> np.ndarray:
        """Contacts that may have come at or after the referral."""
        return np.where(self.timed, self.first >= self.received, self.last > self.received)


def read_referral(caseload: Caseload, row: pd.Series, span: Span, done: Told) -> Referral:
    """A row of the referrals table with its student's contacts (see Referral).

    `done` says of each row of the contacts table whether it came about with the student.
    """
    contacts = caseload.contacts_of(row["student_id"])
    when = contacts["occurred_at"].to_numpy().astype("datetime64[s]").astype(np.int64)
    offset = row["received_at.offset"]
    theirs = contacts["occurred_at.offset"].to_numpy(dtype=float)
    shift = np.where(np.isnan(theirs) | np.isnan(offset), 0, offset - theirs) * 60
    timed = contacts["occurred_at.timed"].to_numpy(dtype=bool)
    first = when + shift.astype(np.int64)
    position = contacts["position"].to_numpy()
    on = days(contacts["occurred_at"])
    known = done.maybe[position] & (on <= span.as_of)
    received = int(np.datetime64(row["received_at"], "s").astype(np.int64))
    return Referral(
        received=received,
        received_until=received if row["received_at.timed"] else received + A_DAY,
        day=np.datetime64(row["received_at"], "D"),
        first=first[known],
        last=(first + np.where(timed, 0, A_DAY))[known],
        timed=timed[known],
        sure=done.sure[position][known],
        days=on[known],
        as_of=span.as_of,
        as_of_end=int((span.as_of + DAY).astype("datetime64[s]").astype(np.int64)),
    )


def within_hours(referral: Referral, hours: float) -> int:
    """The status of "a contact within so many hours": met or not_met only where all times agree."""
    limit = round(hours * HOUR)
    # A contact answers every time of receipt from (its latest moment - limit) to its earliest.
    answers = sorted(
        (last - limit, first)
        for first, last, sure in zip(
            referral.first.tolist(), referral.last.tolist(), referral.sure, strict=True
        )
        if sure
    )
    reach = referral.received
    answered = False
    for low, high in answers:
        if low <= reach <= high:
            reach, answered = high, True
    if answered and reach >= referral.received_until:
        return MET
    latest = referral.received_until + limit
    early = referral.first <= latest if referral.exact else referral.first < latest
    if (referral.maybe_after() & early).any():
        return CANNOT_TELL
    if referral.as_of_end <= referral.received + limit:
        return DUE
    passed = latest < referral.as_of_end if referral.exact else latest <= referral.as_of_end
    return NOT_MET if passed else CANNOT_TELL


def by_day(referral: Referral, last: Days) -> int:
    """The status of "a contact at or after the referral, by the end of a day"."""
    in_time = referral.days <= last
    if (referral.surely_after() & in_time).any():
        return MET
    if (referral.maybe_after() & in_time).any():
        return CANNOT_TELL
    return NOT_MET if referral.as_of > last else DUE


def last_term_limit(calendar: Calendar, day: Days) -> tuple[bool, Days]:
    """Whether a day lies in its school year's last term or after it, and the next year's start.

    The start is NaT where the calendar names no later school year. Raises LookupError, with the
    reason in words, where the calendar has no school year or no term for the day.
    """
    year = calendar.year_of(day)
    if year is None:
        raise LookupError("the calendar names no school year that had begun")
    terms = calendar.terms[(calendar.terms[:, 0] >= year[0]) & (calendar.terms[:, 0] <= year[1])]
    if not len(terms):
        raise LookupError("the calendar names no term of that school year")
    later = calendar.years[calendar.years[:, 0] > max(day, year[0]), 0]
    return bool(day >= terms[-1, 0]), later[0] if len(later) else np.datetime64("NaT", "D")


Judged = tuple[int, Days, str]


def _each_referral(
    caseload: Caseload, span: Span, judge: Callable[[Referral], Judged], unit: str, limit: float
) -> pd.DataFrame:
    """One verdict per referral received in the span; `judge` gives status, deadline, reason."""
    rows = caseload.tables["referrals"]
    received = days(rows["received_at"])
    mine = rows["program_id"].isin(span.programs) & (received >= span.since)
    rows = rows[mine & (received <= span.as_of)]
    if rows.empty:
        return nobody()
    lacks, done = caseload.lacks("contacts"), completed(caseload)
    found = []
    for _, row in rows.iterrows():
        referral = read_referral(caseload, row, span, done)
        status, deadline, reason = judge(referral)
        if lacks and status != NOT_APPLICABLE:
            status, reason = CANNOT_TELL, lacks
        elif status == CANNOT_TELL and not reason:
            reason = "the time of the referral or contact, or its outcome, is not recorded"
        found.append((status, deadline, reason, waited(referral, unit)))
    every_status, deadlines, reasons, observed = zip(*found, strict=True)
    return verdicts(
        "referral",
        program_id=rows["program_id"].array,
        subject_id=rows["referral_id"].array,
        period_start=days(rows["received_at"]),
        period_end=np.array(deadlines, dtype="datetime64[D]"),
        status=np.array(every_status, dtype="int8"),
        reason=np.array(reasons, dtype=object),
        observed=np.array(observed, dtype=float),
        limit=limit,
        unit=unit,
    )


def waited(referral: Referral, unit: str) -> float:
    """Days, or hours, from the referral to its first sure contact; NaN where it cannot be told."""
    after = referral.surely_after()
    if not after.any():
        return np.nan
    if unit == "days":
        return float((referral.days[after].min() - referral.day).astype(int))
    first = referral.first[after].argmin()
    if not (referral.exact and referral.timed[after][first]):
        return np.nan
    return float(referral.first[after][first] - referral.received) / HOUR


def first_contact(caseload: Caseload, span: Span, *, unit: Unit, within: float = 0) -> pd.DataFrame:
    """The student is reached `within` so many hours or days of the referral, or by the school year.

    FLO standards: 7 days (functioning), 72 and 48 hours of elapsed time, day and night (strategic,
    embedded); referrals of the last term, or of the break after it, before the next school year in
    place of the days. With a day and no time on either side, met or not_met only where every time
    of day agrees. One row per referral received in the span.
    """
    if unit == "hours":
        return _each_referral(caseload, span, partial(_by_hours, within), unit, within)
    judge = partial(_by_days, span, int(within)) if unit == "days" else partial(_by_year, span)
    return _each_referral(caseload, span, judge, "days", within or np.nan)


def _by_hours(hours: float, referral: Referral) -> Judged:
    deadline = np.datetime64(referral.received + round(hours * HOUR), "s")
    return within_hours(referral, hours), deadline.astype("datetime64[D]"), ""


def _by_days(span: Span, count: int, referral: Referral) -> Judged:
    """By the `count`-th calendar day after it; not for referrals that `_by_year` is about."""
    last = referral.day + np.timedelta64(count, "D")
    try:
        late, _ = last_term_limit(span.calendar, referral.day)
    except LookupError as why:
        return CANNOT_TELL, last, no_calendar(span) or str(why)
    if late:
        return NOT_APPLICABLE, last, "received in the last term: due before the next year"
    return by_day(referral, last), last, ""


def _by_year(span: Span, referral: Referral) -> Judged:
    """Before the next school year's first day, for referrals of the last term or after it."""
    nothing = np.datetime64("NaT", "D")
    try:
        late, next_year = last_term_limit(span.calendar, referral.day)
    except LookupError as why:
        return CANNOT_TELL, nothing, no_calendar(span) or str(why)
    if not late:
        return NOT_APPLICABLE, nothing, "received before the last term: the rule of days holds"
    if not np.isnat(next_year):
        return by_day(referral, next_year - DAY), next_year - DAY, ""
    year = span.calendar.year_of(referral.day)
    status = by_day(referral, year[1] if year else referral.day)
    if status == NOT_MET:
        return CANNOT_TELL, nothing, "the calendar does not name the next school year"
    return status, nothing, ""
