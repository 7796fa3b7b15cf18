"""Breaches of the FLO standards in papers: plans, timetables, reports and reviews."""

from __future__ import annotations

import numpy as np

from casekit.calendars import DAY, WEEK, monday
from casekit.synth.breach import whole_span
from casekit.synth.draft import Draft, KeyRow


def _leaves(draft: Draft, program: str) -> str | None:
    """A student whose only enrolment ended in the span."""
    rows = draft.of(program, "students")
    rows = rows[~rows["student_id"].duplicated(keep=False)]
    return draft.take(rows.loc[rows["enrollment_end"].notna(), "student_id"], "student")


def no_transition_plan(draft: Draft, program: str) -> list[KeyRow]:
    student = _leaves(draft, program)
    if student is None:
        return []
    draft.drop("events", draft.events("transition_plan", student_id=student))
    return [whole_span(draft, "sa_flo.transition_plan", program, student, "left without a plan")]


def late_transition_plan(draft: Draft, program: str) -> list[KeyRow]:
    student = _leaves(draft, program)
    if student is None:
        return []
    rows = draft.tables["students"]
    left = rows.loc[rows["student_id"] == student, "enrollment_end"].iloc[0]
    made = str(np.datetime64(left) - 2 * WEEK)
    plan = draft.events("transition_plan", student_id=student)
    draft.edit("events", plan, occurred_at=made)
    why = f"the plan was made on {made}, two weeks before the exit"
    return [whole_span(draft, "sa_flo.transition_plan", program, student, why)]


def family_without_timetable(draft: Draft, program: str) -> list[KeyRow]:
    student = draft.take(draft.stays(program), "student")
    if student is None:
        return []
    draft.drop("events", draft.events("timetable_provided", student_id=student, party="family"))
    return [
        whole_span(
            draft, "sa_flo.timetable", program, student, "the family was not given the timetable"
        )
    ]


def timetable_out_of_date(draft: Draft, program: str) -> list[KeyRow]:
    student = draft.take(draft.stays(program), "student")
    if student is None:
        return []
    until = str(draft.as_of - 10 * DAY)
    mine = draft.events("timetable_provided", student_id=student)
    draft.edit("events", mine, valid_until=until)
    return [
        whole_span(draft, "sa_flo.timetable", program, student, f"the timetable held until {until}")
    ]


def _at_school(
    draft: Draft, program: str, school: str, first: np.datetime64, last: np.datetime64
) -> list[str]:
    """The students of a school who were enrolled on every day of a stretch."""
    rows = draft.of(program, "students")
    rows = rows[rows["school_id"] == school]
    there = (rows["enrollment_start"] <= str(first)) & ~(rows["enrollment_end"] < str(last))
    return rows.loc[there, "student_id"].tolist()


def _schools(draft: Draft, program: str) -> list[str]:
    """The program's schools, the smallest first."""
    mine = draft.of(program, "students")["school_id"]
    return mine.value_counts(sort=True, ascending=True).index.tolist()


def fortnight_without_report(draft: Draft, program: str) -> list[KeyRow]:
    """The smallest school has no report in one fortnight of term."""
    calendar, school = draft.calendars[program], _schools(draft, program)[0]
    long = np.timedelta64(13, "D")
    starts = [
        start
        for first, last in calendar.terms
        for start in np.arange(monday(first), last - long, 2 * WEEK)
        if draft.since <= start and start + long <= draft.as_of
    ]
    if not starts:
        return []
    start = draft.rng.choice(starts)
    opened = calendar.open_in(start, start + long)
    rows = draft.tables["events"]
    sent = draft.events("communication_report", program_id=program, party=school)
    within = (rows["occurred_at"] >= str(start)) & (rows["occurred_at"] <= str(start + long))
    draft.drop("events", sent & within)
    why = f"{school} had no report in this fortnight"
    return [
        KeyRow("sa_flo.fortnightly_report", program, student, str(start), "not_met", why)
        for student in _at_school(draft, program, school, opened[0], opened[-1])
    ]


def late_term_report(draft: Draft, program: str) -> list[KeyRow]:
    """The term report reaches the smallest school three days after the day it is due."""
    school = _schools(draft, program)[0]
    rows = draft.tables["events"]
    late = np.timedelta64(3, "D")
    asked = rows.loc[draft.events("term_report_due", program_id=program, party=school)]
    past = asked.loc[asked["occurred_at"] < str(draft.as_of - late), "occurred_at"]
    if past.empty:
        return []
    due = np.datetime64(past.iloc[-1])
    sent = draft.events("term_report_forwarded", program_id=program, party=school)
    this = sent & (rows["occurred_at"] == str(due - late))
    draft.edit("events", this, occurred_at=str(due + late))
    why = f"the report due at {school} on {due} was sent three days late"
    there = _at_school(draft, program, school, due, due)
    return [whole_span(draft, "sa_flo.school_reports", program, student, why) for student in there]


def never_reviewed(draft: Draft, program: str) -> list[KeyRow]:
    """A student enrolled through a whole term has no progress review on file."""
    whole = [
        last
        for first, last in draft.calendars[program].terms
        if first >= draft.since and last < draft.as_of
    ]
    student = draft.take(draft.stays(program), "student")
    if not whole or student is None:
        return []
    draft.drop("events", draft.events("progress_review", student_id=student))
    return [whole_span(draft, "sa_flo.progress_review", program, student, "no review in any term")]
