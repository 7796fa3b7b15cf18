"""Kinds about plans, papers and reports: steps that a student's events show, by their deadlines."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.calendars import Calendar, Days, monday, weekday
from casekit.caseload import FAR, Caseload, days, merge_stretches
from casekit.kinds.rows import (
    CANNOT_TELL,
    DUE,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    Span,
    enrolled_in_span,
    no_calendar,
    nobody,
    student_events,
    untold,
    verdicts,
)
from casekit.kinds.words import EventType, Validity

NO_DAY = np.datetime64("NaT", "D")
KEYS = ["program_id", "student_id"]


def one_term_before(calendar: Calendar, day: Days) -> Days:
    """The same week of term and weekday in the term before a day's; NaT where none is known.

    A day between terms counts as the last day of the term it follows; where the term before is
    shorter, its last day is meant.
    """
    index = int(np.searchsorted(calendar.terms[:, 0], day, side="right")) - 1
    if index < 1:
        return NO_DAY
    (before, before_end), (term, term_end) = calendar.terms[index - 1], calendar.terms[index]
    day = min(day, term_end)
    same = monday(before) + (monday(day) - monday(term)) + weekday(day).astype("timedelta64[D]")
    return min(same, before_end)


def plan_before_exit(caseload: Caseload, span: Span, *, event: EventType) -> pd.DataFrame:
    """A student who leaves has the plan in place at least one term before the exit.

    FLO standards, functioning. One row per enrolment that ends (planned_exit_date, else
    enrollment_end) on or after since; one that goes on in another row of the program is no exit.
    """
    rows = _last_rows(caseload, span)
    rows["leaves"] = rows["planned_exit_date"].fillna(rows["enrollment_end"])
    rows = rows[days(rows["leaves"]) >= span.since].drop_duplicates([*KEYS, "leaves"])
    if rows.empty:
        return nobody()
    lacks = caseload.lacks("events")
    plans = student_events(caseload, span, event)
    first = plans.groupby(["program_id", "student_id"], observed=True)["day"].min()
    found = []
    for row in rows.itertuples(index=False):
        deadline = one_term_before(span.calendar, np.datetime64(row.leaves, "D"))
        plan = first.get((row.program_id, row.student_id), pd.NaT)
        if np.isnat(deadline):
            found.append((CANNOT_TELL, deadline, "the calendar names no term before the exit's"))
        elif pd.notna(plan) and np.datetime64(plan, "D") <= deadline:
            found.append((MET, deadline, ""))
        elif lacks:
            found.append((CANNOT_TELL, deadline, lacks))
        else:
            found.append((NOT_MET if span.as_of > deadline else DUE, deadline, ""))
    status, deadline, reason = zip(*found, strict=True)
    return verdicts(
        "student",
        program_id=rows["program_id"].array,
        subject_id=rows["student_id"].array,
        period_start=span.since,
        period_end=np.array(deadline, dtype="datetime64[D]"),
        status=np.array(status, dtype="int8"),
        reason=np.array(reason, dtype=object),
        unit="plans by the deadline",
        limit=1,
        observed=(np.array(status) == MET).astype(float),
    )


def _last_rows(caseload: Caseload, span: Span) -> pd.DataFrame:
    """The students row that each enrolment begun by as_of ends with: it says when they leave."""
    rows = caseload.tables["students"]
    begun = days(rows["enrollment_start"]) <= span.as_of
    rows = rows[rows["program_id"].isin(span.programs) & begun]
    rows = rows.assign(start=rows["enrollment_start"], end=days(rows["enrollment_end"], FAR))
    whole = merge_stretches(rows, KEYS).rename(columns={"start": "first", "end": "last"})
    both = rows.sort_values("start", kind="stable").merge(whole, on=KEYS)
    final = both[(both["start"] >= both["first"]) & (both["end"] == both["last"])]
    return final.drop_duplicates([*KEYS, "first"], keep="last").reset_index(drop=True)


def on_file(
    caseload: Caseload,
    span: Span,
    *,
    event: EventType,
    parties: tuple[str, ...] = (),
    any_time: bool = False,
    validity: Validity = "unless_expired",
) -> pd.DataFrame:
    """Each student of the span has the paper on file, given to every party, and it still holds.

    FLO standards, secondary school learning (timetables); SD42, records and the list of
    designations. Filed during the last enrolment (`any_time`: or before it). `validity` says
    whether a paper past its last day, or one without a last day, will do.
    """
    if reason := caseload.lacks("events"):
        return untold(caseload, span, reason)
    people = last_stretch(enrolled_in_span(caseload, span))
    papers = held_by(caseload, span, event, any_time, validity)
    good, undated = papers[papers["good"]], papers[papers["good"] | papers["undated"]]
    if parties:
        reached = good[good["party"].isin(parties)].groupby("row")["party"].nunique()
        likely = undated[undated["party"].isin(parties)].groupby("row")["party"].nunique()
        unnamed = undated[undated["party"].isna()].groupby("row").size()
        perhaps = likely.sub(reached, fill_value=0).add(unnamed, fill_value=0)
    else:
        reached = good.groupby("row").size().clip(upper=1)
        perhaps = undated[~undated["good"]].groupby("row").size()
    asked = max(len(parties), 1)
    count = reached.reindex(people["row"], fill_value=0).to_numpy()
    most = count + perhaps.reindex(people["row"], fill_value=0).to_numpy()
    status = np.select([count >= asked, most >= asked], [MET, CANNOT_TELL], NOT_MET)
    unsaid = "for whom it was, or until when it holds, is not recorded"
    return student_rows(
        people,
        span,
        status,
        reason=np.where(status == CANNOT_TELL, unsaid, ""),
        observed=count,
        limit=asked,
        unit="papers that hold",
    )


def held_by(
    caseload: Caseload, span: Span, event: str, any_time: bool = False, validity: str = ""
) -> pd.DataFrame:
    """The papers on file about each student in the last enrolment.

    Columns: program_id, student_id, row (of `last_stretch`), party, day, good (it still holds on
    the last day enrolled, or on as_of), undated (whether it does is not recorded).
    """
    people = last_stretch(enrolled_in_span(caseload, span))
    both = people.merge(student_events(caseload, span, event), on=KEYS)
    last = np.minimum(days(both["end"]), span.as_of)
    both = both.assign(last=last)[
        (both["day"] <= last) & (any_time | (both["day"] >= both["start"]))
    ]
    until = days(both["valid_until"])
    if validity == "must_be_dated":
        written = pd.to_datetime(both["detail"], format="%Y-%m-%d", errors="coerce")
        until = np.where(np.isnat(until), days(written), until)
    dated = ~np.isnat(until)
    good = (validity == "any") | (dated & (until >= both["last"].to_numpy()))
    undated = ~dated & (validity == "must_be_dated")
    return both.assign(good=good | (~dated & ~undated), undated=undated)


def last_stretch(enrolled: pd.DataFrame) -> pd.DataFrame:
    """The last enrolment of each student of each program, numbered in `row`."""
    last = enrolled.drop_duplicates(KEYS, keep="last")
    return last.reset_index(drop=True).assign(row=np.arange(len(last)))


def student_rows(
    people: pd.DataFrame, span: Span, status: np.ndarray, **columns: object
) -> pd.DataFrame:
    """A verdict per student for the span."""
    return verdicts(
        "student",
        program_id=people["program_id"].array,
        subject_id=people["student_id"].array,
        status=status,
        **{"period_start": span.since, "period_end": span.as_of, **columns},
    )


def documented(caseload: Caseload, span: Span, *, event: EventType) -> pd.DataFrame:
    """Each student of the span has the event on file.

    FLO standards, student progress reports. Without one it is due until the end of the first term
    that the student is in from its first day; who left before that is not_applicable.
    """
    if reason := no_calendar(span) or caseload.lacks("events"):
        return untold(caseload, span, reason)
    people = last_stretch(enrolled_in_span(caseload, span))
    events = student_events(caseload, span, event)
    events = events[events["day"] >= span.since]
    both = people.merge(events, on=KEYS)
    count = both[both["day"] >= both["start"]].groupby("row").size()
    count = count.reindex(people["row"], fill_value=0).to_numpy()
    terms = span.calendar.terms if len(span.calendar.terms) else span.calendar.years
    opens = np.array([_first_open(span.calendar, term) for term in terms], dtype="datetime64[D]")
    from_ = np.maximum(days(people["start"]), span.since)
    first = np.searchsorted(opens, from_)
    ends = np.append(terms[:, 1], FAR)
    deadline = ends[first]
    left = days(people["end"]) < np.minimum(deadline, span.as_of)
    status = np.select(
        [count > 0, left, span.as_of <= deadline], [MET, NOT_APPLICABLE, DUE], NOT_MET
    )
    return student_rows(
        people,
        span,
        status,
        period_end=np.where(deadline == FAR, NO_DAY, deadline),
        reason=np.where(status == NOT_APPLICABLE, "left before the end of a whole term", ""),
        observed=count,
        limit=1,
        unit="events on file",
    )


def _first_open(calendar: Calendar, term: np.ndarray) -> Days:
    """The first open day of a term; its first day where it has none."""
    opened = calendar.open_in(term[0], term[1])
    return opened[0] if len(opened) else term[0]
