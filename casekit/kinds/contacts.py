"""Kinds about how often a student is reached: weekly contact, minutes in a month."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK, month_end, month_of
from casekit.caseload import Caseload
from casekit.kinds.grids import (
    contact_grid,
    grid_status,
    grid_verdicts,
    pairs_of,
    period_of,
)
from casekit.kinds.rows import (
    CANNOT_TELL,
    DUE,
    NOT_APPLICABLE,
    NOT_MET,
    Span,
    Told,
    day_of,
    is_one_of,
    no_calendar,
    untold,
)
from casekit.kinds.words import Mode

A_DAY = 24 * 60  # minutes


def completed(caseload: Caseload) -> Told:
    """Contacts that came about, with the student among those who took part.

    A contact stands under its student, so one whose participants are not recorded counts; one
    that names others only does not.
    """

    def find() -> Told:
        student = is_one_of(caseload, "contacts", "participants", ["student"], absent=True)
        return came_about(caseload) & Told(student.maybe, student.maybe)

    return caseload.once("completed", find)


def came_about(caseload: Caseload) -> Told:
    """Contacts that came about, whoever took part; a missing outcome column reads as completed."""
    return is_one_of(caseload, "contacts", "outcome", ["completed"], absent=True)


def by_mode(caseload: Caseload, modes: Sequence[str], two_way: bool) -> Told:
    """Contacts made in one of the modes (none named: any), where asked with both speaking."""
    found = completed(caseload)
    if modes:
        found = found & is_one_of(caseload, "contacts", "mode", modes)
    if two_way:
        found = found & is_one_of(caseload, "contacts", "direction", ["two_way"], absent=True)
    return found


def weekly_contact(
    caseload: Caseload,
    span: Span,
    *,
    open_days: int,
    modes: tuple[Mode, ...] = (),
    two_way: bool = False,
) -> pd.DataFrame:
    """Each student has a completed contact in each whole week with at least `open_days` open days.

    OSPI bulletin 1be60a5 (3 open days, any mode, either direction); FLO standards, functioning
    (weeks with an open day, face to face, both speaking). A week runs from Monday to Sunday and
    asks about students enrolled on every open day of it; a part-enrolled week is not_applicable.
    """
    if reason := no_calendar(span):
        return untold(caseload, span, reason)
    pairs, mondays, status, sure = weekly_grid(caseload, span, open_days, modes, two_way)
    told = "the outcome, direction or mode of the contact is not recorded"
    return grid_verdicts(
        pairs,
        mondays,
        mondays + WEEK - DAY,
        status,
        {
            NOT_APPLICABLE: "enrolled for a part of the week only",
            CANNOT_TELL: caseload.lacks("contacts") or told,
        },
        observed=sure.astype(float),
        limit=1,
        unit="weeks with a contact",
    )


def weekly_grid(
    caseload: Caseload, span: Span, open_days: int, modes: Sequence[str], two_way: bool
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray, np.ndarray]:
    """The statuses behind `weekly_contact`, before any row is made of them.

    Gives the students (program_id, student_id), the Mondays, the status codes students x weeks,
    and the cells that surely have a contact.
    """
    mondays = span.calendar.weeks(span.since, max(span.as_of, span.until))
    opened = span.calendar.open_between(mondays, mondays + WEEK - DAY)
    asked = opened >= max(open_days, 1)
    mondays, opened = mondays[asked], opened[asked]
    pairs, enrolled = pairs_of(caseload, span, mondays, mondays + WEEK - DAY)
    contacts, told = caseload.tables["contacts"], by_mode(caseload, modes, two_way)
    mine = pairs["student_id"].cat.codes.to_numpy()
    week = mondays, mondays + WEEK - DAY
    sure = contact_grid(contacts, told.sure, *week)[mine]
    doubt = np.full(sure.shape, bool(caseload.lacks("contacts")))
    open_ = told.maybe & ~told.sure
    if open_.any():
        doubt |= contact_grid(contacts, open_, *week)[mine]
    status = grid_status(enrolled, opened, sure, doubt)
    coming = mondays + WEEK - DAY > span.as_of
    if coming.any():
        # A week that is not over is due, whatever is planned in it.
        known = day_of(contacts, "occurred_at") <= span.as_of
        sure[:, coming] = contact_grid(contacts, told.sure & known, *week)[mine][:, coming]
        status[:, coming] = grid_status(enrolled, opened, sure, sure)[:, coming]
        status[(status == NOT_MET) & coming] = DUE
    return pairs, mondays, status, sure


def monthly_minutes(
    caseload: Caseload, span: Span, *, at_least: int, modes: tuple[Mode, ...]
) -> pd.DataFrame:
    """Each student has at least `at_least` minutes of contact in `modes` in each whole month.

    WAC 392-700-015(3): two hours of face-to-face interaction, added up over the month before a
    count day. Months without an open day ask nothing; one that as_of has not closed is due.
    """
    if reason := no_calendar(span):
        return untold(caseload, span, reason)
    months = np.unique(month_of(span.projected_days()))
    starts, ends = months, month_end(months)
    opened = span.calendar.open_between(starts, ends)
    whole = span.calendar.open_between(np.maximum(starts, span.since), ends) == opened
    starts, ends, opened = starts[whole], ends[whole], opened[whole]
    running = (
        span.calendar.open_between(np.full(len(ends), span.as_of + np.timedelta64(1)), ends) > 0
    )
    pairs, enrolled = pairs_of(caseload, span, starts, ends)
    contacts = caseload.tables["contacts"]
    when = day_of(contacts, "occurred_at")
    index = period_of(when, starts, ends)
    told = by_mode(caseload, modes, two_way=False)
    minutes = contacts["duration_minutes"].to_numpy(dtype=float)
    shape = (len(contacts["student_id"].cat.categories), len(starts))
    inside = (index >= 0) & (when <= span.as_of)
    cell = contacts["student_id"].cat.codes.to_numpy() * np.int64(max(shape[1], 1)) + index
    counted = inside & told.sure & ~np.isnan(minutes)
    total = np.bincount(cell[counted], minutes[counted], minlength=shape[0] * shape[1])
    # A contact without its minutes may have lasted all day; one that may not count, its minutes.
    most = np.where(np.isnan(minutes), A_DAY, minutes)
    perhaps = inside & told.maybe
    reach = np.bincount(cell[perhaps], most[perhaps], minlength=shape[0] * shape[1])
    mine = pairs["student_id"].cat.codes.to_numpy()
    total, reach = total.reshape(shape)[mine], reach.reshape(shape)[mine]
    lacks = caseload.lacks("contacts")
    sure = total >= at_least
    status = grid_status(enrolled, opened, sure, (reach >= at_least) | bool(lacks))
    open_question = (status == NOT_MET) | ((status == CANNOT_TELL) & (not lacks))
    status[open_question & running[None, :]] = DUE
    return grid_verdicts(
        pairs,
        starts,
        ends,
        status,
        {
            NOT_APPLICABLE: "enrolled for a part of the month only",
            CANNOT_TELL: lacks or "the outcome, mode or length of a contact is not recorded",
        },
        observed=total.astype(float),
        limit=at_least,
        unit="minutes",
    )
