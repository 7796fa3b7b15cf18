"""Kinds about meetings of a team: once a year, in time, and with the steps before and after."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.calendars import Calendar, Days, month_end, year_later
from casekit.caseload import FAR, Caseload, days
from casekit.kinds.plans import KEYS, NO_DAY
from casekit.kinds.rows import (
    CANNOT_TELL,
    DUE,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    Span,
    enrolled_on,
    nobody,
    student_events,
    untold,
    verdicts,
)
from casekit.kinds.words import EventType

NO_END = "the calendar does not reach its last day"


def meetings(caseload: Caseload, span: Span, event: str) -> pd.DataFrame:
    """The days on which each student had a meeting, or has one planned.

    Columns: program_id, student_id, day, before and after (the student's meetings next to it, NaT
    where there is none), planned (it lies after as_of; only asked for with a horizon), inside (it
    lies in the span, or is planned, and in an enrolment).
    """
    key = ("meetings", span.key, event)
    return caseload.once(key, lambda: _meetings(caseload, span, event))


def _meetings(caseload: Caseload, span: Span, event: str) -> pd.DataFrame:
    last = FAR if span.until > span.as_of else span.as_of
    rows = student_events(caseload, span, event, as_of=last)[[*KEYS, "day"]].drop_duplicates()
    rows = rows.sort_values([*KEYS, "day"], kind="stable").reset_index(drop=True)
    each = rows.groupby(KEYS, observed=True)["day"]
    rows["before"], rows["after"] = each.shift(1), each.shift(-1)
    rows["planned"] = (rows["day"] > span.as_of).to_numpy()
    judged = (rows["day"] >= span.since).to_numpy()
    rows["inside"] = judged & enrolled_on(caseload, span, rows)
    return rows


def meeting_step(
    caseload: Caseload,
    span: Span,
    *,
    meeting: EventType,
    step: EventType,
    days_before: int = 0,
    months_before: int = 0,
    school_days_after: int = 0,
    parties: tuple[str, ...] = (),
    ways: int = 0,
) -> pd.DataFrame:
    """Each meeting has the step before it, or after it, in time, and for every party.

    Wyandotte expectations, planning and submission. What lies between the student's last meeting
    and this one leads up to it; what comes before the next one follows it. `ways` asks for so
    many different `detail` values. One row per student and meeting.
    """
    if reason := caseload.lacks("events"):
        return untold(caseload, span, reason)
    rows = meetings(caseload, span, meeting)
    rows = rows[rows["inside"]].reset_index(drop=True)
    if rows.empty:
        return nobody()
    day, follows = days(rows["day"]), school_days_after > 0
    deadline = _months_before(day, months_before) - np.timedelta64(days_before, "D")
    if follows:
        deadline = span.calendar.school_days_after(day, school_days_after)
    known = np.where(np.isnat(deadline), _last_open(span.calendar), deadline)
    asked, reached, unnamed = _steps(caseload, span, rows, step, known, follows, parties, ways)
    status = np.select([reached >= asked, reached + unnamed >= asked], [MET, CANNOT_TELL], NOT_MET)
    beyond = np.isnat(deadline) & (status == NOT_MET) & (span.as_of > known)
    status[beyond] = CANNOT_TELL
    running = follows & (span.as_of <= known)
    planned = rows["planned"].to_numpy(dtype=bool)
    status[(status != MET) & (running | planned)] = DUE
    shown = ~planned | ((status == DUE) & (deadline <= span.until))
    unsaid = np.where(beyond, NO_END, "to whom, or how, is not recorded")
    return verdicts(
        "student",
        program_id=rows["program_id"].array[shown],
        subject_id=rows["student_id"].array[shown],
        period_start=day[shown],
        period_end=deadline[shown],
        status=status[shown],
        reason=np.where(status == CANNOT_TELL, unsaid, "")[shown],
        observed=reached[shown],
        limit=asked[shown],
        unit="steps in time",
    )


def _months_before(day: np.ndarray, months: int) -> np.ndarray:
    """The same day some months before, or that month's last day if it is shorter."""
    month = day.astype("datetime64[M]")
    moved = month - np.timedelta64(months, "M")
    return np.minimum(moved.astype("datetime64[D]") + (day - month), month_end(moved))


def _last_open(calendar: Calendar) -> np.datetime64:
    """The calendar's last open day: how far school days can be counted."""
    return calendar.open_days[-1] if calendar.known else NO_DAY


def _steps(
    caseload: Caseload,
    span: Span,
    rows: pd.DataFrame,
    step: str,
    deadline: np.ndarray,
    follows: bool,
    parties: tuple[str, ...],
    ways: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each meeting: how many steps are asked, surely there in time, and there for nobody named.

    The second parent is asked for only where the student has two.
    """
    numbered = rows.assign(row=np.arange(len(rows)), deadline=deadline)
    steps = student_events(caseload, span, step).rename(columns={"day": "taken"})
    steps["detail"] = steps["detail"].str.strip().str.lower()
    both = numbered.merge(steps, on=KEYS)
    if follows:
        near = (both["taken"] >= both["day"]) & ~(both["taken"] >= both["after"])
    else:
        near = (both["taken"] <= both["day"]) & ~(both["taken"] <= both["before"])
    both = both[near & (both["taken"] <= both["deadline"])]
    fact = "detail" if ways else "party"
    named, unnamed = both[both[fact].notna()], both[both[fact].isna()]
    asked = np.full(len(rows), ways or max(len(parties), 1))
    if parties:
        named = named[named["party"].isin(parties)]
        if "parent_2" in parties:
            alone = _one_parent(caseload, numbered)
            asked -= alone
            named = named[~(alone[named["row"]] & (named["party"] == "parent_2").to_numpy())]
    elif not ways:
        named, unnamed = both.assign(**{fact: step}), both.iloc[:0]
    counts = named.groupby("row")[fact].nunique(), unnamed.groupby("row").size()
    reached, perhaps = (c.reindex(range(len(rows)), fill_value=0).to_numpy() for c in counts)
    return asked, reached, perhaps


def _one_parent(caseload: Caseload, rows: pd.DataFrame) -> np.ndarray:
    """Whether the student of each row has one parent to be told, as last recorded by its day."""
    students = caseload.tables["students"][[*KEYS, "enrollment_start", "parents"]]
    students = students.sort_values("enrollment_start", kind="stable")
    both = rows[[*KEYS, "row", "day"]].merge(students, on=KEYS)
    begun = both[both["enrollment_start"] <= both["day"]].drop_duplicates("row", keep="last")
    last = begun.set_index("row")["parents"]
    return (last.reindex(rows["row"]) == 1).to_numpy()


def meeting_before_due(
    caseload: Caseload, span: Span, *, meeting: EventType, due: EventType, days_before: int
) -> pd.DataFrame:
    """Each meeting is held so many days before the date by which it is due, or earlier.

    Wyandotte expectations, planning. The date is that of `annual_meeting`; for a student's first
    meeting on record, the last due date recorded by its day. With a horizon, the next meeting of
    each student is due, and overdue where its day has passed.
    """
    if reason := caseload.lacks("events"):
        return untold(caseload, span, reason)
    rows = meetings(caseload, span, meeting)
    rows = rows[~rows["planned"]].reset_index(drop=True)
    if rows.empty:
        return nobody()
    recorded = student_events(caseload, span, due, as_of=FAR)
    by_year = rows.assign(deadline=year_later(days(rows["day"])))
    rows["next_due"] = _recorded_due(by_year, recorded, span.as_of)
    rows["due"] = rows.groupby(KEYS, observed=True)["next_due"].shift(1)
    first = rows["due"].isna()
    rows.loc[first, "due"] = _due_before(rows[first], recorded)
    held = rows[rows["inside"]]
    margin = np.timedelta64(days_before, "D")
    deadline, day = days(held["due"]) - margin, days(held["day"])
    status = np.where(np.isnat(deadline), CANNOT_TELL, np.where(day <= deadline, MET, NOT_MET))
    told = _before_due(held, status, deadline, (days(held["due"]) - day), days_before)
    if span.until <= span.as_of:
        return told
    last = rows[~rows.duplicated(KEYS, keep="last")]
    last = last[enrolled_on(caseload, span, last.assign(day=span.as_of))]
    deadline = days(last["next_due"]) - margin
    last = last[deadline <= span.until]
    left = days(last["next_due"]) - span.as_of
    coming = _before_due(
        last, np.full(len(last), DUE), days(last["next_due"]) - margin, left, days_before
    )
    return pd.concat([told, coming], ignore_index=True) if len(coming) else told


def _before_due(
    rows: pd.DataFrame, status: np.ndarray, deadline: np.ndarray, left: np.ndarray, asked: int
) -> pd.DataFrame:
    """The rows of `meeting_before_due`; `left` is the time up to the due date."""
    return verdicts(
        "student",
        program_id=rows["program_id"].array,
        subject_id=rows["student_id"].array,
        period_start=days(rows["day"]),
        period_end=deadline,
        status=status,
        reason=np.where(
            status == CANNOT_TELL, "no earlier meeting, and no due date, is on record", ""
        ),
        observed=np.where(np.isnat(left), np.nan, left.astype(float)),
        limit=asked,
        unit="days before the due date",
    )


def _due_before(rows: pd.DataFrame, recorded: pd.DataFrame) -> np.ndarray:
    """The due date last recorded by each row's day; NaT where none is."""
    recorded = recorded.assign(when=recorded["valid_until"].fillna(recorded["day"]))
    both = rows[[*KEYS, "day"]].assign(row=np.arange(len(rows)))
    both = both.merge(recorded[[*KEYS, "day", "when"]], on=KEYS, suffixes=("", "_written"))
    both = both[both["day_written"] <= both["day"]].sort_values("day_written", kind="stable")
    found = np.full(len(rows), NO_DAY)
    found[both["row"]] = days(both["when"])
    return found


def annual_meeting(
    caseload: Caseload, span: Span, *, event: EventType, due: EventType
) -> pd.DataFrame:
    """Each meeting is followed by another within a year, or by the due date on record.

    Wyandotte expectations, paperwork; 34 CFR 300.324(b). Each meeting up to as_of opens a row;
    rows whose deadline lies before since are not shown.
    """
    if reason := caseload.lacks("events"):
        return untold(caseload, span, reason)
    rows = student_events(caseload, span, event)[[*KEYS, "day"]].drop_duplicates()
    rows = rows.sort_values([*KEYS, "day"], kind="stable").reset_index(drop=True)
    if rows.empty:
        return nobody()
    rows["next"] = rows.groupby(KEYS, observed=True)["day"].shift(-1)
    rows["deadline"] = year_later(days(rows["day"]))
    deadline = _recorded_due(rows, student_events(caseload, span, due, as_of=FAR), span.as_of)
    meeting, following = days(rows["day"]), days(rows["next"])
    open_then = _enrolled_through(caseload, span, rows, deadline)
    in_time = ~np.isnat(following) & (following <= deadline)
    status = np.select(
        [in_time, ~open_then, span.as_of <= deadline], [MET, NOT_APPLICABLE, DUE], NOT_MET
    )
    shown = deadline >= span.since
    rows, status, deadline = rows[shown], status[shown], deadline[shown]
    meeting, following = meeting[shown], following[shown]
    held = np.where(np.isnat(following), span.as_of, following)
    return verdicts(
        "student",
        program_id=rows["program_id"].array,
        subject_id=rows["student_id"].array,
        period_start=meeting,
        period_end=deadline,
        status=status,
        reason=np.where(status == NOT_APPLICABLE, "not enrolled any more on the deadline", ""),
        observed=(held - meeting).astype(int),
        limit=(deadline - meeting).astype(int),
        unit="days since the meeting",
    )


def _recorded_due(rows: pd.DataFrame, due: pd.DataFrame, as_of: Days) -> np.ndarray:
    """The deadline of each meeting: its due date on record, else the row's own `deadline`.

    A due date (valid_until, else the event's own day) belongs to the meeting that its event
    follows; of several the one recorded last holds.
    """
    deadline = days(rows["deadline"]).copy()
    held = rows.groupby(KEYS, observed=True).indices
    # What is dated after as_of is a plan; it may be the due day itself, and nothing earlier.
    due = due[~((due["day"] > as_of) & due["valid_until"].notna())]
    due = due.assign(when=due["valid_until"].fillna(due["day"])).sort_values("day", kind="stable")
    for row in due.itertuples(index=False):
        meetings = rows.iloc[held.get((row.program_id, row.student_id), [])]
        for index in meetings.index[meetings["day"] <= row.day][-1:]:
            deadline[index] = np.datetime64(row.when, "D")
    return deadline


def _enrolled_through(
    caseload: Caseload, span: Span, rows: pd.DataFrame, deadline: np.ndarray
) -> np.ndarray:
    """Whether each row's student is enrolled on the deadline, as far as as_of knows.

    An end after as_of is a plan, and has not ended anything yet.
    """
    stretches = caseload.enrolments(list(span.programs))
    stretches = stretches[stretches["start"] <= span.as_of]
    both = rows[KEYS].assign(row=np.arange(len(rows)), deadline=deadline).merge(stretches, on=KEYS)
    lasting = (both["end"] >= both["deadline"]) | (both["end"] >= span.as_of)
    found = np.zeros(len(rows), dtype=bool)
    found[both.loc[lasting & (both["start"] <= both["deadline"]), "row"]] = True
    return found
