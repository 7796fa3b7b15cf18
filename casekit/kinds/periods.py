"""Kinds about what is asked in every period: fortnight, grading period, school year, or week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK, Calendar, Days, monday
from casekit.caseload import FAR, Caseload, days
from casekit.kinds.grids import NO_ROW, enrolled_days, grid_status, grid_verdicts
from casekit.kinds.plans import KEYS, last_stretch
from casekit.kinds.rows import (
    CANNOT_TELL,
    DUE,
    NOT_APPLICABLE,
    NOT_MET,
    Span,
    enrolled_in_span,
    no_calendar,
    nobody,
    student_events,
    untold,
)
from casekit.kinds.schools import NO_SCHOOL, school_events, with_school
from casekit.kinds.words import EventType, Period


def fortnights(calendar: Calendar, since: Days, last: Days) -> np.ndarray:
    """The Mondays of the fortnights of each term (two weeks from its first), whole in the span.

    Where the calendar names no terms, the school year takes their place.
    """
    terms = calendar.terms if len(calendar.terms) else calendar.years
    found = [np.arange(monday(first), end + DAY, 2 * WEEK) for first, end in terms]
    starts = np.unique(np.concatenate(found)) if found else np.array([], dtype="datetime64[D]")
    return starts[(starts >= since) & (starts + 2 * WEEK - DAY <= last)]


@dataclass(frozen=True)
class Stretches:
    """Periods of a calendar: first and last day, deadline (NaT: not known), last day to count.

    `over` says whether the time of the period has passed on as_of.
    """

    first: np.ndarray
    last: np.ndarray
    deadline: np.ndarray
    counted: np.ndarray
    over: np.ndarray


def stretches(span: Span, period: str, school_days_after: int) -> Stretches:
    """The periods of the span: fortnights whole in it, longer ones that begin in it."""
    calendar = span.calendar
    if period == "fortnight":
        first = fortnights(calendar, span.since, max(span.as_of, span.until))
        last = first + 2 * WEEK - DAY
        return Stretches(first, last, last, last, last <= span.as_of)
    every = calendar.grading_periods if period == "grading_period" else calendar.years
    every = every.reshape(-1, 2)
    last_known = max(span.as_of, span.until)
    mine = every[(every[:, 0] >= span.since) & (every[:, 0] <= last_known)]
    first, last = mine[:, 0], mine[:, 1]
    deadline = last
    if school_days_after:
        deadline = calendar.school_days_after(last, school_days_after)
    # Where the calendar ends before the deadline, what it still shows can be counted.
    counted = np.where(np.isnat(deadline), np.maximum(last, calendar.open_days[-1]), deadline)
    return Stretches(first, last, deadline, counted, counted < span.as_of)


def each_period(
    caseload: Caseload,
    span: Span,
    *,
    event: EventType,
    period: Period,
    school_days_after: int = 0,
    whole: bool = True,
    to_school: bool = False,
) -> pd.DataFrame:
    """In every period each student has the event, or the student's school does (`to_school`).

    FLO standards, communication reports (each fortnight of term); Wyandotte expectations, progress
    reports (each grading period, or some school days after it); SD42, what each school year asks.
    Asked of those enrolled on every open day of the period, or, where it need not be `whole`, on
    its last one (of one that runs, on as_of).
    """
    reason = no_calendar(span) or caseload.lacks("events")
    if to_school:
        reason = reason or caseload.lacks("students", "school_id")
    if reason:
        return untold(caseload, span, reason)
    asked = stretches(span, period, school_days_after)
    if not len(asked.first) and period != "fortnight":
        name = period.replace("_", " ")
        return untold(caseload, span, f"the calendar names no {name} that begins in the span")
    people = with_school(caseload, last_stretch(enrolled_in_span(caseload, span)))
    if to_school:
        marks = school_events(caseload, span, event, people)
        marks = marks[(marks["day"] <= span.as_of).to_numpy()]
    else:
        marks = student_events(caseload, span, event).merge(people, on=KEYS).assign(sure=True)
    sure, maybe = _marked(marks, asked, len(people))
    rows = enrolled_in_span(caseload, span).merge(people[[*KEYS, "row"]], on=KEYS)
    opened = span.calendar.open_between(asked.first, asked.last)
    enrolled = _enrolled(span, rows, asked, len(people))
    if not whole:
        at_end = _enrolled_at_end(span, rows, asked, len(people))
        enrolled = np.where(at_end, opened, np.minimum(enrolled, opened - 1))
    status = grid_status(enrolled, opened, sure, maybe)
    status[:, opened == 0] = NO_ROW
    _not_over(status, asked)
    part = "enrolled for a part of it only" if whole else "not enrolled at its end"
    if period == "fortnight":
        part = "enrolled for a part of the fortnight only"
    unknown = NO_SCHOOL if to_school else "the calendar does not reach its last day"
    return grid_verdicts(
        people,
        asked.first,
        asked.deadline,
        status,
        {NOT_APPLICABLE: part, CANNOT_TELL: unknown},
        observed=sure.astype(float),
        limit=1,
        unit=f"{period.replace('_', ' ')}s with it",
    )


def _not_over(status: np.ndarray, asked: Stretches) -> None:
    """What is missing in a period is due until its time is over; not known if that is not known."""
    missing = status == NOT_MET
    status[missing & asked.over & np.isnat(asked.deadline)] = CANNOT_TELL
    status[(missing | (status == CANNOT_TELL)) & ~asked.over] = DUE


def _marked(marks: pd.DataFrame, asked: Stretches, people: int) -> tuple[np.ndarray, np.ndarray]:
    """Where a mark (row, day, sure) falls into a period: surely, and perhaps; people x periods."""
    row, day = marks["row"].to_numpy(), days(marks["day"])
    told = marks["sure"].to_numpy(dtype=bool)
    shape = (people, len(asked.first))
    sure, maybe = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    for number, (first, last) in enumerate(zip(asked.first, asked.counted, strict=True)):
        inside = (day >= first) & (day <= last)
        sure[row[inside & told], number] = True
        maybe[row[inside], number] = True
    return sure, maybe


def _enrolled(span: Span, rows: pd.DataFrame, asked: Stretches, people: int) -> np.ndarray:
    """Open days of each person's stretches (`row`, start, end) in each period: people x periods."""
    each = enrolled_days(
        span.calendar, days(rows["start"]), days(rows["end"]), asked.first, asked.last
    )
    total = np.zeros((people, len(asked.first)), dtype=int)
    np.add.at(total, rows["row"].to_numpy(), each)
    return total


def _enrolled_at_end(span: Span, rows: pd.DataFrame, asked: Stretches, people: int) -> np.ndarray:
    """Who is enrolled on the last open day of each period, or on as_of while it runs."""
    place = np.searchsorted(span.calendar.open_days, asked.last + DAY) - 1
    ends = np.minimum(span.calendar.open_days[np.maximum(place, 0)], span.as_of)
    start, end = days(rows["start"])[:, None], days(rows["end"])[:, None]
    found = np.zeros((people, len(ends)), dtype=int)
    np.add.at(found, rows["row"].to_numpy(), ((start <= ends) & (end >= ends)).astype(int))
    return found > 0


def goals_measured(caseload: Caseload, span: Span, *, weeks: int) -> pd.DataFrame:
    """Each goal is measured in every week of school, or in every two weeks.

    Wyandotte expectations: weekly (data-based decisions), and at least every two weeks
    (instructional services). Asked while the goal runs and the student is enrolled on every open
    day. One row per goal and period.
    """
    if reason := no_calendar(span) or caseload.lacks("goals"):
        return untold(caseload, span, reason)
    horizon = max(span.as_of, span.until)
    first = span.calendar.weeks(span.since, horizon)
    if weeks == 2:
        first = fortnights(span.calendar, span.since, horizon)
    last = first + weeks * WEEK - DAY
    opened = span.calendar.open_between(first, last)
    first, last, opened = first[opened > 0], last[opened > 0], opened[opened > 0]
    asked = Stretches(first, last, last, last, last <= span.as_of)
    rows = enrolled_in_span(caseload, span).merge(_goals(caseload), on="student_id")
    rows["start"] = rows[["start", "first"]].max(axis=1)
    rows["end"] = rows[["end", "last"]].min(axis=1)
    rows = rows[rows["start"] <= rows["end"]]
    goals = rows[[*KEYS, "goal_id", "subject"]].drop_duplicates().reset_index(drop=True)
    if goals.empty:
        return nobody()
    goals["row"] = np.arange(len(goals))
    measured = caseload.tables["progress"]
    marks = pd.DataFrame(
        {
            "student_id": measured["student_id"],
            "goal_id": measured["goal_id"].astype("object"),
            "day": days(measured["measured_on"]),
            "sure": True,
        }
    )
    marks = marks[marks["day"] <= span.as_of].merge(goals, on=["student_id", "goal_id"])
    sure, maybe = _marked(marks, asked, len(goals))
    lacks = caseload.lacks("progress")
    rows = rows.merge(goals, on=[*KEYS, "goal_id", "subject"])
    status = grid_status(
        _enrolled(span, rows, asked, len(goals)), opened, sure, maybe | bool(lacks)
    )
    _not_over(status, asked)
    told = grid_verdicts(
        goals.assign(student_id=goals["subject"]),
        first,
        last,
        status,
        {NOT_APPLICABLE: "the goal, or the enrolment, covers a part of it", CANNOT_TELL: lacks},
        observed=sure.astype(float),
        limit=1,
        unit="periods with a measurement",
    )
    return told.assign(subject_type="goal")


def _goals(caseload: Caseload) -> pd.DataFrame:
    """The goals: student_id, goal_id, first and last day, and the name of the row (`subject`).

    A goal's number that two students have is told apart by the student: "s1/g1".
    """
    rows = caseload.tables["goals"]
    frame = pd.DataFrame(
        {
            "student_id": rows["student_id"],
            "goal_id": rows["goal_id"].astype("object"),
            "first": days(rows["start_date"]),
            "last": days(rows["end_date"], FAR),
        }
    )
    shared = frame.groupby("goal_id")["student_id"].transform("nunique") > 1
    both = frame["student_id"].astype("object") + "/" + frame["goal_id"]
    return frame.assign(subject=frame["goal_id"].where(~shared, both))
