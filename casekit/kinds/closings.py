"""Kinds about how long a referral's case is kept, why it ends, and on which weekday it is heard."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.calendars import weekday as weekday_of
from casekit.caseload import Caseload, days
from casekit.kinds.cases import case_events, referrals_in_span
from casekit.kinds.plans import NO_DAY
from casekit.kinds.rows import (
    CANNOT_TELL,
    DUE,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    Span,
    untold,
    verdicts,
)
from casekit.kinds.words import EventType, Reason, Weekday
from casekit.tables import WEEKDAYS

NO_REASON = "why the case was closed is not recorded"


def _rows(cases: pd.DataFrame, status: np.ndarray, **columns: object) -> pd.DataFrame:
    """A verdict per referral, from the day it was received."""
    return verdicts(
        "referral",
        program_id=cases["program_id"].array,
        subject_id=cases["subject_id"].array,
        period_start=days(cases["start"]),
        status=status,
        **columns,
    )


def monitored_period(
    caseload: Caseload,
    span: Span,
    *,
    excused: tuple[Reason, ...] = (),
    closed_as: tuple[Reason, ...] = (),
) -> pd.DataFrame:
    """The case is kept to the end of the first whole grading period that begins after the referral.

    Case management services, B1d and C: at least one grading period. A period that begins on the
    day of the referral is one. Closed sooner for a reason that is `excused`, it asks nothing;
    with `closed_as`, only cases closed for such a reason are asked.
    """
    if reason := caseload.lacks("referrals"):
        return untold(caseload, span, reason)
    cases = referrals_in_span(caseload, span)
    periods = span.calendar.grading_periods.reshape(-1, 2)
    place = np.searchsorted(periods[:, 0], days(cases["start"]))
    end = np.append(periods[:, 1], NO_DAY)[place]
    closed, why = days(cases["closed"]), cases["reason"]
    shut, unsaid = ~cases["open"].to_numpy(), why.isna().to_numpy()
    unknown = np.isnat(end)
    kept = np.where(shut, closed, span.as_of) >= end
    early = shut & ~kept & ~unknown
    other = ~why.isin(closed_as).to_numpy() & ~(shut & unsaid) & bool(closed_as)
    status = np.select(
        [
            other | (early & why.isin(excused).to_numpy()),
            shut & unsaid & (bool(closed_as) | (early & bool(excused))),
            unknown,
            kept,
            shut,
        ],
        [NOT_APPLICABLE, CANNOT_TELL, CANNOT_TELL, MET, NOT_MET],
        DUE,
    )
    words = " or ".join(closed_as).replace("_", " ")
    past = np.where(other, f"not closed as {words}", "the case ended for another good reason")
    no_period = "the calendar names no grading period after the referral"
    missing = np.where(shut & unsaid, NO_REASON, no_period)
    last = np.where(shut, closed, span.as_of)
    return _rows(
        cases,
        status,
        period_end=end,
        reason=np.select([status == NOT_APPLICABLE, status == CANNOT_TELL], [past, missing], ""),
        observed=(last - days(cases["start"])).astype(float),
        limit=np.where(unknown, np.nan, (end - days(cases["start"])).astype(float)),
        unit="days from the referral",
    )


def closure_reason(caseload: Caseload, span: Span, *, allowed: tuple[Reason, ...]) -> pd.DataFrame:
    """A case that was closed was closed for one of the reasons that are allowed.

    Case management services, C (and B1b: the parents refuse). An open case asks nothing yet.
    """
    if reason := caseload.lacks("referrals"):
        return untold(caseload, span, reason)
    cases = referrals_in_span(caseload, span)
    status = np.select(
        [cases["open"], cases["reason"].isna(), cases["reason"].isin(allowed)],
        [NOT_APPLICABLE, CANNOT_TELL, MET],
        NOT_MET,
    )
    return _rows(
        cases,
        status,
        period_end=NO_DAY,
        reason=np.select(
            [status == NOT_APPLICABLE, status == CANNOT_TELL], ["the case is open", NO_REASON], ""
        ),
        observed=(status == MET).astype(float),
        limit=1,
        unit="allowed reasons",
    )


def on_weekday(
    caseload: Caseload, span: Span, *, event: EventType, weekday: Weekday
) -> pd.DataFrame:
    """Every such event of a referral falls on the weekday on which it is held.

    Case management services, D, note: the committee meets every Wednesday.
    """
    if reason := caseload.lacks("events") or caseload.lacks("referrals"):
        return untold(caseload, span, reason)
    cases = referrals_in_span(caseload, span)
    events = case_events(caseload, span, "referral", event)
    right = weekday_of(days(events["day"])) == WEEKDAYS.index(weekday)
    counts = events.assign(right=right).groupby("case")["right"].agg(["size", "sum"])
    counts = counts.reindex(cases["case"], fill_value=0).to_numpy()
    held, good = counts[:, 0], counts[:, 1]
    status = np.select([held == 0, good == held], [NOT_APPLICABLE, MET], NOT_MET)
    name = event.replace("_", " ")
    return _rows(
        cases,
        status,
        period_end=NO_DAY,
        reason=np.where(status == NOT_APPLICABLE, f"no {name} is on record", ""),
        observed=good,
        limit=held,
        unit="on the right weekday",
    )
