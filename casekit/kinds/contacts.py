"""Kinds about contacts: weekly contact, minutes in a month, topics seen, notes, every week."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK, Calendar, monday, month_end, month_of
from casekit.caseload import Caseload
from casekit.kinds.rows import (
    CANNOT_TELL,
    DUE,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    Span,
    Told,
    day_of,
    enrolled_in_span,
    is_one_of,
    is_true,
    no_calendar,
    nobody,
    untold,
    verdicts,
)
from casekit.tables import TABLES

NO_ROW = -1
A_DAY = 24 * 60  # minutes


def completed(caseload: Caseload) -> Told:
    """Contacts that came about, with the student among those who took part.

    A missing outcome column reads as completed. A contact stands under its student, so one whose
    participants are not recorded counts; one that names others only does not.
    """

    def find() -> Told:
        came_about = is_one_of(caseload, "contacts", "outcome", ["completed"], absent=True)
        student = is_one_of(caseload, "contacts", "participants", ["student"], absent=True)
        return came_about & Told(student.maybe, student.maybe)

    return caseload.once("completed", find)


def by_mode(caseload: Caseload, modes: Sequence[str], two_way: bool) -> Told:
    """Contacts made in one of the modes (none named: any), where asked with both speaking."""
    found = completed(caseload)
    if modes:
        found = found & is_one_of(caseload, "contacts", "mode", modes)
    if two_way:
        found = found & is_one_of(caseload, "contacts", "direction", ["two_way"], absent=True)
    return found


def period_of(days: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Which period (first to last day, in order and apart) each day lies in; -1: none."""
    if not len(first):
        return np.full(len(days), -1)
    # A table with a place for every day beats a search for every contact.
    place = np.full((last[-1] - first[0]).astype(int) + 2, -1, dtype=np.int32)
    for period, (begin, end) in enumerate(zip(first - first[0], last - first[0], strict=True)):
        place[begin.astype(int) : end.astype(int) + 1] = period
    offset = (days - first[0]).astype(np.int64)
    offset[(offset < 0) | (offset >= len(place))] = len(place) - 1
    return place[offset]


def contact_grid(
    student: np.ndarray, period: np.ndarray, kept: np.ndarray, shape: tuple[int, int]
) -> np.ndarray:
    """A student x period array: whether any kept contact falls in the cell.

    `student` and `period` are codes, one per contact; a period of -1 is none.
    """
    cells = shape[0] * shape[1]
    code = np.int32 if cells < np.iinfo(np.int32).max else np.int64
    cell = student.astype(code) * shape[1] + period.astype(code)
    # What does not count goes to a cell behind the last: cheaper than leaving it out.
    cell[~kept | (period < 0)] = cells
    grid = np.zeros(cells + 1, dtype=bool)
    grid[cell] = True
    return grid[:-1].reshape(shape)


def enrolled_days(
    calendar: Calendar, start: np.ndarray, end: np.ndarray, first: np.ndarray, last: np.ndarray
) -> np.ndarray:
    """Open days of each stretch (start, end) in each period (first, last): stretches x periods."""
    begin, past = (np.searchsorted(calendar.open_days, d) for d in (start, end + DAY))
    low, high = (np.searchsorted(calendar.open_days, d) for d in (first, last + DAY))
    kind = np.int32
    overlap = np.minimum(past.astype(kind)[:, None], high.astype(kind)[None, :])
    overlap -= np.maximum(begin.astype(kind)[:, None], low.astype(kind)[None, :])
    return np.maximum(overlap, 0, out=overlap)


def grid_status(
    enrolled: np.ndarray, open_days: np.ndarray, sure: np.ndarray, doubt: np.ndarray
) -> np.ndarray:
    """The status of every student and period, as int8 codes; NO_ROW where nobody was enrolled.

    enrolled   open days enrolled, students x periods; open_days: of each period.
    sure       cells with what is asked; doubt: cells in which it may have been.
    """
    status = np.full(enrolled.shape, NOT_MET, dtype=np.int8)
    status[doubt] = CANNOT_TELL
    status[sure] = MET
    status[enrolled < open_days] = NOT_APPLICABLE
    status[enrolled == 0] = NO_ROW
    return status


def _pairs(
    caseload: Caseload, span: Span, first: np.ndarray, last: np.ndarray
) -> tuple[pd.DataFrame, np.ndarray]:
    """Each student of each program once, and their enrolled open days in each period."""
    rows = enrolled_in_span(caseload, span)
    enrolled = enrolled_days(
        span.calendar, rows["start"].to_numpy(), rows["end"].to_numpy(), first, last
    )
    keys = rows[["program_id", "student_id"]]
    head = ~keys.duplicated()
    if not head.all():
        # Stretches of one student stand together: enrolments come sorted by program and student.
        enrolled = np.add.reduceat(enrolled, np.flatnonzero(head), axis=0)
    return keys[head].reset_index(drop=True), enrolled


def _grid_verdicts(
    pairs: pd.DataFrame,
    first: np.ndarray,
    last: np.ndarray,
    status: np.ndarray,
    reasons: dict[int, str],
    **more: object,
) -> pd.DataFrame:
    """The rows of a status grid; `more` holds scalars, or arrays shaped like the grid."""
    pair, period = np.nonzero(status != NO_ROW)
    cells = status[pair, period]
    reason = np.full(len(cells), "", dtype=object)
    for code, text in reasons.items():
        reason[cells == code] = text
    columns = {
        name: value[pair, period] if isinstance(value, np.ndarray) else value
        for name, value in more.items()
    }
    return verdicts(
        "student",
        program_id=pairs["program_id"].array.take(pair),
        subject_id=pairs["student_id"].array.take(pair),
        period_start=first[period],
        period_end=last[period],
        status=cells,
        reason=reason,
        **columns,
    )


def weekly_contact(
    caseload: Caseload,
    span: Span,
    *,
    open_days: int,
    modes: tuple[str, ...] = (),
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
    return _grid_verdicts(
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
    mondays = span.calendar.weeks(span.since, span.as_of)
    opened = span.calendar.open_between(mondays, mondays + WEEK - DAY)
    asked = opened >= max(open_days, 1)
    mondays, opened = mondays[asked], opened[asked]
    pairs, enrolled = _pairs(caseload, span, mondays, mondays + WEEK - DAY)
    contacts = caseload.tables["contacts"]
    week = period_of(day_of(contacts, "occurred_at"), mondays, mondays + WEEK - DAY)
    told = by_mode(caseload, modes, two_way)
    who = contacts["student_id"].cat.codes.to_numpy()
    shape = (len(contacts["student_id"].cat.categories), len(mondays))
    mine = pairs["student_id"].cat.codes.to_numpy()
    sure = contact_grid(who, week, told.sure, shape)[mine]
    doubt = np.full(sure.shape, bool(caseload.lacks("contacts")))
    open_ = told.maybe & ~told.sure
    if open_.any():
        doubt |= contact_grid(who[open_], week[open_], open_[open_], shape)[mine]
    return pairs, mondays, grid_status(enrolled, opened, sure, doubt), sure


def monthly_minutes(
    caseload: Caseload, span: Span, *, at_least: int, modes: tuple[str, ...]
) -> pd.DataFrame:
    """Each student has at least `at_least` minutes of contact in `modes` in each whole month.

    WAC 392-700-015(3): two hours of face-to-face interaction, added up over the month before a
    count day. Months without an open day ask nothing; one that as_of has not closed is due.
    """
    if reason := no_calendar(span):
        return untold(caseload, span, reason)
    months = np.unique(month_of(span.open_days()))
    starts, ends = months, month_end(months)
    opened = span.calendar.open_between(starts, ends)
    whole = span.calendar.open_between(np.maximum(starts, span.since), ends) == opened
    starts, ends, opened = starts[whole], ends[whole], opened[whole]
    running = (
        span.calendar.open_between(np.full(len(ends), span.as_of + np.timedelta64(1)), ends) > 0
    )
    pairs, enrolled = _pairs(caseload, span, starts, ends)
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
    return _grid_verdicts(
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


def program_contacts(caseload: Caseload, span: Span) -> pd.DataFrame:
    """The contacts of the span on days when their student was enrolled in a program of it.

    Columns: program_id, student_id, day, contact (the position in the contacts table).
    """

    def find() -> pd.DataFrame:
        contacts = caseload.tables["contacts"]
        when = day_of(contacts, "occurred_at")
        inside = np.flatnonzero((when >= span.since) & (when <= span.as_of))
        who = contacts["student_id"].iloc[inside]
        frame = pd.DataFrame({"student_id": who, "day": when[inside], "contact": inside})
        both = frame.merge(enrolled_in_span(caseload, span), on="student_id")
        both = both[(both["day"] >= both["start"]) & (both["day"] <= both["end"])]
        return both[["program_id", "student_id", "day", "contact"]].reset_index(drop=True)

    return caseload.once(("program_contacts", span.key), find)


def seen_in_contacts(
    caseload: Caseload,
    span: Span,
    *,
    topics: tuple[str, ...] = (),
    settings: tuple[str, ...] = (),
    modes: tuple[str, ...] = (),
    each: bool = False,
) -> pd.DataFrame:
    """The program's completed contacts of the span show one of the topics, settings or modes.

    With `each`, every one that is named must be seen. One row per program.
    """
    if reason := caseload.lacks("contacts"):
        return untold(caseload, span, reason)
    wanted = [("topics", t) for t in topics]
    wanted += [("setting", s) for s in settings] + [("mode", m) for m in modes]
    mine = program_contacts(caseload, span)
    where = mine["contact"].to_numpy()
    done = completed(caseload)
    seen = [done & is_one_of(caseload, "contacts", column, [value]) for column, value in wanted]
    programs = list(dict.fromkeys(enrolled_in_span(caseload, span)["program_id"]))
    rows = []
    for program in programs:
        here = where[(mine["program_id"] == program).to_numpy()]
        sure = [bool(told.sure[here].any()) for told in seen]
        maybe = [bool(told.maybe[here].any()) for told in seen]
        asked = all if each else any
        code = MET if asked(sure) else CANNOT_TELL if asked(maybe) else NOT_MET
        rows.append((code, sum(sure)))
    status = np.array([code for code, _ in rows], dtype="int8")
    meanings = [TABLES["contacts"].column(column).meaning for column, _ in wanted]
    meanings = [*dict.fromkeys(meanings), "whether it came about"]
    unsaid = f"a contact does not say {' or '.join(meanings)}"
    return verdicts(
        "program",
        program_id=programs,
        subject_id=programs,
        period_start=np.full(len(programs), span.since),
        period_end=np.full(len(programs), span.as_of),
        status=status,
        reason=np.where(status == CANNOT_TELL, unsaid, ""),
        observed=np.array([count for _, count in rows], dtype=float),
        limit=len(wanted) if each else 1,
        unit="kinds of contact seen",
    )


def contacts_documented(caseload: Caseload, span: Span) -> pd.DataFrame:
    """Each of a student's completed contacts in the span has case notes, or says what it was about.

    FLO standards, data management. One row per student who had a contact.
    """
    if reason := caseload.lacks("contacts"):
        return untold(caseload, span, reason)
    about = caseload.tables["contacts"]["topics"].notna().to_numpy()
    noted = is_true(caseload, "contacts", "has_notes")
    if not caseload.has("contacts", "has_notes"):
        noted = Told(np.zeros(len(about), dtype=bool), np.ones(len(about), dtype=bool))
    shown = noted | Told(about, about)
    done = completed(caseload)
    mine = program_contacts(caseload, span)
    where = mine["contact"].to_numpy()
    mine = mine.assign(
        bare=(done.sure & ~shown.maybe)[where], doubt=(done.maybe & ~shown.sure)[where]
    )[done.maybe[where]]
    people = mine.groupby(["program_id", "student_id"], observed=True)[["bare", "doubt"]].sum()
    people = people.reset_index()
    status = np.where(people["bare"] > 0, NOT_MET, np.where(people["doubt"] > 0, CANNOT_TELL, MET))
    return verdicts(
        "student",
        program_id=people["program_id"],
        subject_id=people["student_id"],
        period_start=np.full(len(people), span.since),
        period_end=np.full(len(people), span.as_of),
        status=status,
        reason=np.where(
            status == CANNOT_TELL, "whether a contact came about, or has notes, is not recorded", ""
        ),
        observed=people["bare"],
        limit=0,
        unit="contacts without notes",
    )


def weekly_delivery(caseload: Caseload, span: Span) -> pd.DataFrame:
    """Every week in which the program has students has an open day or a completed contact.

    FLO standards, organisational capacity: delivery in 52 weeks of the year, term breaks too.
    """
    mondays = span.calendar.weeks(span.since, span.as_of)
    sundays = mondays + WEEK - DAY
    opened = span.calendar.open_between(mondays, sundays)
    lacks = caseload.lacks("contacts")
    done = completed(caseload)
    mine = program_contacts(caseload, span)
    enrolled = enrolled_in_span(caseload, span)
    found = []
    for program in dict.fromkeys(enrolled["program_id"]):
        stretches = enrolled[enrolled["program_id"] == program]
        start, end = stretches["start"].to_numpy(), stretches["end"].to_numpy()
        there = ((start[:, None] <= sundays) & (end[:, None] >= mondays)).any(axis=0)
        rows = mine[(mine["program_id"] == program).to_numpy()]
        which = rows["contact"].to_numpy()
        week = monday(rows["day"].to_numpy())
        sure = (opened > 0) | np.isin(mondays, week[done.sure[which]])
        maybe = sure | np.isin(mondays, week[done.maybe[which]]) | bool(lacks)
        status = np.where(sure, MET, np.where(maybe, CANNOT_TELL, NOT_MET))[there]
        found.append(
            verdicts(
                "program",
                program_id=np.full(len(status), program, dtype=object),
                subject_id=np.full(len(status), program, dtype=object),
                period_start=mondays[there],
                period_end=sundays[there],
                status=status,
                reason=np.where(
                    status == CANNOT_TELL, lacks or "the outcome of a contact is not recorded", ""
                ),
                observed=opened[there],
                unit="open days",
            )
        )
    return pd.concat(found, ignore_index=True) if found else nobody()
