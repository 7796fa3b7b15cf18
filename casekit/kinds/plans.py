"""Kinds about plans, papers and reports: steps that a student's events show, by their deadlines."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK, Calendar, Days, monday, weekday, year_later
from casekit.caseload import FAR, Caseload, days
from casekit.kinds.contacts import NO_ROW, enrolled_days, grid_status
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

NO_DAY = np.datetime64("NaT", "D")


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


def plan_before_exit(caseload: Caseload, span: Span, *, event: str) -> pd.DataFrame:
    """A student who leaves has the plan in place at least one term before the exit.

    FLO standards, functioning. One row per enrolment that ends (planned_exit_date, else
    enrollment_end) on or after since; one that goes on in another row of the program is no exit.
    """
    rows = caseload.tables["students"]
    begun = days(rows["enrollment_start"]) <= span.as_of
    rows = rows[rows["program_id"].isin(span.programs) & begun]
    leaves = np.where(
        np.isnat(days(rows["planned_exit_date"])),
        days(rows["enrollment_end"]),
        days(rows["planned_exit_date"]),
    )
    rows = rows.assign(leaves=leaves, goes_on=_goes_on(rows))
    rows = rows[~rows["goes_on"] & (leaves >= span.since)]
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
        period_start=np.full(len(rows), span.since),
        period_end=np.array(deadline, dtype="datetime64[D]"),
        status=np.array(status, dtype="int8"),
        reason=np.array(reason, dtype=object),
        unit="plans by the deadline",
        limit=1,
        observed=(np.array(status) == MET).astype(float),
    )


def _goes_on(rows: pd.DataFrame) -> np.ndarray:
    """Whether each enrolment row is followed, without a day between, by another of its student."""
    keys = [rows["program_id"].cat.codes.to_numpy(), rows["student_id"].cat.codes.to_numpy()]
    start, end = days(rows["enrollment_start"]), days(rows["enrollment_end"], FAR)
    order = np.lexsort((start, *reversed(keys)))
    same = np.logical_and(*(np.diff(key[order]) == 0 for key in keys))
    touching = start[order][1:] <= end[order][:-1] + DAY
    later = end[order][1:] > end[order][:-1]
    goes_on = np.zeros(len(rows), dtype=bool)
    goes_on[order[:-1]] = same & touching & later
    return goes_on


def annual_meeting(caseload: Caseload, span: Span, *, event: str, due: str) -> pd.DataFrame:
    """Each meeting is followed by another within a year, or by the due date on record.

    Wyandotte expectations, paperwork; 34 CFR 300.324(b). Each meeting up to as_of opens a row;
    rows whose deadline lies before since are not shown.
    """
    if reason := caseload.lacks("events"):
        return untold(caseload, span, reason)
    keys = ["program_id", "student_id"]
    rows = student_events(caseload, span, event)[[*keys, "day"]].drop_duplicates()
    rows = rows.sort_values([*keys, "day"], kind="stable").reset_index(drop=True)
    if rows.empty:
        return nobody()
    by = rows.groupby(keys, observed=True)["day"]
    rows["next"] = by.shift(-1)
    rows["deadline"] = year_later(days(rows["day"]))
    rows["settled"] = rows.groupby(keys, observed=True)["deadline"].shift(1)
    deadline = _recorded_due(rows, student_events(caseload, span, due, as_of=FAR))
    meeting, following = days(rows["day"]), days(rows["next"])
    open_then = _enrolled_through(caseload, span, rows, keys, deadline)
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
        reason=np.where(status == NOT_APPLICABLE, "the enrolment ended before the deadline", ""),
        observed=(held - meeting).astype(int),
        limit=(deadline - meeting).astype(int),
        unit="days since the meeting",
    )


def _recorded_due(rows: pd.DataFrame, due: pd.DataFrame) -> np.ndarray:
    """The deadline of each meeting: its due date on record, else the row's own `deadline`.

    A due date (valid_until, else the event's own day) belongs to the meeting it follows. One on
    or before `settled`, the anniversary of the meeting before, is still that meeting's.
    """
    deadline = days(rows["deadline"]).copy()
    when = np.where(np.isnat(days(due["valid_until"])), days(due["day"]), days(due["valid_until"]))
    due = due.assign(when=when)
    for index, row in rows.iterrows():
        mine = (due["program_id"] == row["program_id"]) & (due["student_id"] == row["student_id"])
        if not mine.any():
            continue
        mine &= (due["day"] >= row["day"]) & ~(due["when"] <= row["settled"])
        if pd.notna(row["next"]):
            mine &= due["day"] < row["next"]
        if mine.any():
            deadline[index] = days(due.loc[mine, "when"]).max()
    return deadline


def _enrolled_through(
    caseload: Caseload, span: Span, rows: pd.DataFrame, keys: list[str], deadline: np.ndarray
) -> np.ndarray:
    """Whether each row's student is enrolled on the deadline, as far as as_of knows.

    An end after as_of is a plan, and has not ended anything yet.
    """
    stretches = caseload.enrolments(list(span.programs))
    stretches = stretches[stretches["start"] <= span.as_of]
    both = rows[keys].assign(row=np.arange(len(rows)), deadline=deadline).merge(stretches, on=keys)
    lasting = (both["end"] >= both["deadline"]) | (both["end"] >= span.as_of)
    found = np.zeros(len(rows), dtype=bool)
    found[both.loc[lasting & (both["start"] <= both["deadline"]), "row"]] = True
    return found


def provided_to(
    caseload: Caseload, span: Span, *, event: str, parties: tuple[str, ...]
) -> pd.DataFrame:
    """Each student of the span has the paper given to every party, and it still holds.

    FLO standards, secondary school learning: given during the enrolment, not past valid_until on
    as_of (or on the last day enrolled).
    """
    if reason := caseload.lacks("events"):
        return untold(caseload, span, reason)
    people = _last_stretch(enrolled_in_span(caseload, span))
    both = held_by(caseload, span, event)
    reached = both[both["party"].isin(parties)].groupby("row")["party"].nunique()
    unnamed = set(both.loc[both["party"].isna(), "row"])
    count = reached.reindex(people["row"], fill_value=0).to_numpy()
    doubt = people["row"].isin(unnamed).to_numpy()
    status = np.where(count == len(parties), MET, np.where(doubt, CANNOT_TELL, NOT_MET))
    return _student_rows(
        people,
        span,
        status,
        reason=np.where(status == CANNOT_TELL, "party is not recorded for some of them", ""),
        observed=count,
        limit=len(parties),
        unit="parties given it",
    )


def held_by(caseload: Caseload, span: Span, event: str) -> pd.DataFrame:
    """The papers given to someone about each student in the last enrolment, and still good.

    Columns: program_id, student_id, row (of `_last_stretch`), party, day, valid_until.
    """
    people = _last_stretch(enrolled_in_span(caseload, span))
    both = people.merge(student_events(caseload, span, event), on=["program_id", "student_id"])
    last = np.minimum(days(both["end"]), span.as_of)
    valid = days(both["valid_until"], FAR)
    return both[(both["day"] >= both["start"]) & (valid >= last)]


def _last_stretch(enrolled: pd.DataFrame) -> pd.DataFrame:
    """The last enrolment of each student of each program, numbered in `row`."""
    last = enrolled.drop_duplicates(["program_id", "student_id"], keep="last")
    return last.reset_index(drop=True).assign(row=np.arange(len(last)))


def _student_rows(
    people: pd.DataFrame, span: Span, status: np.ndarray, **columns: object
) -> pd.DataFrame:
    """A verdict per student for the span."""
    whole = {"period_start": span.since, "period_end": span.as_of} | columns
    return verdicts(
        "student",
        program_id=people["program_id"].array,
        subject_id=people["student_id"].array,
        status=status,
        **{
            name: np.full(len(people), value) if isinstance(value, np.datetime64) else value
            for name, value in whole.items()
        },
    )


def fortnights(calendar: Calendar, since: Days, as_of: Days) -> np.ndarray:
    """The Mondays of the fortnights of each term (two weeks from its first), whole in the span."""
    found = [np.arange(monday(first), last + DAY, 2 * WEEK) for first, last in calendar.terms]
    starts = np.unique(np.concatenate(found)) if found else np.array([], dtype="datetime64[D]")
    return starts[(starts >= since) & (starts + 2 * WEEK - DAY <= as_of)]


def fortnightly_report(caseload: Caseload, span: Span, *, event: str) -> pd.DataFrame:
    """Each student's school gets a report in every fortnight of term.

    FLO standards, communication reports: fortnights count from the Monday of the term's first
    week; the event's party is the school; one without a student speaks for all of that school.
    """
    reason = no_calendar(span) or caseload.lacks("events")
    reason = reason or caseload.lacks("students", "school_id")
    if reason:
        return untold(caseload, span, reason)
    starts = fortnights(span.calendar, span.since, span.as_of)
    ends = starts + 2 * WEEK - DAY
    people = _with_school(caseload, _last_stretch(enrolled_in_span(caseload, span)))
    stretches = enrolled_in_span(caseload, span).merge(
        people[["program_id", "student_id", "row"]], on=["program_id", "student_id"]
    )
    opened = span.calendar.open_between(starts, ends)
    each = enrolled_days(
        span.calendar, stretches["start"].to_numpy(), stretches["end"].to_numpy(), starts, ends
    )
    enrolled = np.zeros((len(people), len(starts)), dtype=int)
    np.add.at(enrolled, stretches["row"].to_numpy(), each)
    sure = np.zeros(enrolled.shape, dtype=bool)
    reports = _school_events(caseload, span, event, people)
    sent = reports["day"].to_numpy()
    fortnight = np.searchsorted(starts, sent, side="right") - 1
    inside = fortnight >= 0
    inside[inside] &= sent[inside] <= ends[fortnight[inside]]
    sure[reports["row"].to_numpy()[inside], fortnight[inside]] = True
    maybe = np.broadcast_to(people["school_id"].isna().to_numpy()[:, None], sure.shape)
    status = grid_status(enrolled, opened, sure, maybe)
    status[:, opened == 0] = NO_ROW
    student, period = np.nonzero(status != NO_ROW)
    cells = status[student, period]
    reasons = {NOT_APPLICABLE: "enrolled for a part of the fortnight only"}
    reasons[CANNOT_TELL] = "school_id is not recorded"
    return _student_rows(
        people.iloc[student],
        span,
        cells,
        period_start=starts[period],
        period_end=ends[period],
        reason=[reasons.get(code, "") for code in cells.tolist()],
        observed=sure[student, period].astype(float),
        limit=1,
        unit="fortnights with a report",
    )


def _with_school(caseload: Caseload, people: pd.DataFrame) -> pd.DataFrame:
    """Each student's school, from the latest enrolment row that names one."""
    rows = caseload.tables["students"].sort_values("enrollment_start", kind="stable")
    rows = rows[rows["school_id"].notna()].drop_duplicates(
        ["program_id", "student_id"], keep="last"
    )
    schools = rows[["program_id", "student_id"]].assign(
        school_id=rows["school_id"].astype("object")
    )
    return people.merge(schools, on=["program_id", "student_id"], how="left")


def _school_events(
    caseload: Caseload, span: Span, event: str, people: pd.DataFrame
) -> pd.DataFrame:
    """Events sent to a student's school: those about the student, and those about all of it.

    Columns: row (of `people`), day. Events after as_of are left out.
    """
    own = student_events(caseload, span, event, as_of=FAR).merge(
        people, on=["program_id", "student_id"]
    )
    own = own[own["party"] == own["school_id"]][["row", "day"]]
    events = caseload.tables["events"]
    general = events[(events["event_type"] == event) & events["student_id"].isna()]
    frame = pd.DataFrame(
        {
            "named": general["program_id"].astype("object"),
            "school_id": general["party"].astype("object"),
            "day": days(general["occurred_at"]),
        }
    ).dropna(subset="school_id")
    shared = frame.merge(people, on="school_id")
    mine = shared["named"].isna() | (shared["named"] == shared["program_id"].astype("object"))
    return pd.concat([own, shared[mine][["row", "day"]]], ignore_index=True)


def documented(caseload: Caseload, span: Span, *, event: str) -> pd.DataFrame:
    """Each student of the span has the event on file.

    FLO standards, student progress reports. Without one it is due until the end of the first term
    that the student is in from its first day; who left before that is not_applicable.
    """
    if reason := no_calendar(span) or caseload.lacks("events"):
        return untold(caseload, span, reason)
    people = _last_stretch(enrolled_in_span(caseload, span))
    events = student_events(caseload, span, event)
    events = events[events["day"] >= span.since]
    both = people.merge(events, on=["program_id", "student_id"])
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
    return _student_rows(
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


def forwarded_by_due(caseload: Caseload, span: Span, *, due: str, forwarded: str) -> pd.DataFrame:
    """Each report that a student's school expects is forwarded by the day it is due.

    FLO standards, school reports. One row per student and due date from since on; a report counts
    for the due date that it is the first to meet.
    """
    reason = caseload.lacks("events") or caseload.lacks("students", "school_id")
    if reason:
        return untold(caseload, span, reason)
    enrolled = enrolled_in_span(caseload, span)
    people = _with_school(caseload, _last_stretch(enrolled))
    asked = _school_events(caseload, span, due, people).drop_duplicates()
    if asked.empty:
        return untold(caseload, span, f"no {due} event says when reports are due")
    asked = asked.sort_values(["row", "day"]).reset_index(drop=True)
    asked["after"] = asked.groupby("row")["day"].shift(1)
    sent = _school_events(caseload, span, forwarded, people).rename(columns={"day": "sent"})
    sent = sent[(sent["sent"] <= span.as_of).to_numpy()]
    both = asked.reset_index().merge(sent, on="row")
    in_time = (both["sent"] <= both["day"]) & ~(both["sent"] <= both["after"])
    met = asked.index.isin(both.loc[in_time, "index"])
    asked["met"] = met
    there = asked.merge(people, on="row")
    mine = (there["day"] >= span.since) & (there["day"] >= there["start"])
    there = there[(mine & (there["day"] <= there["end"])).to_numpy()].reset_index(drop=True)
    deadline = days(there["day"])
    status = np.select([there["met"], span.as_of <= deadline], [MET, DUE], NOT_MET)
    return _student_rows(
        there,
        span,
        status,
        period_end=deadline,
        observed=there["met"].astype(float),
        limit=1,
        unit="reports by the due date",
    )
