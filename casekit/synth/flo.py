"""Breaches of the FLO case management standards: each edits the draft, and says what it planted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK, monday, month_of
from casekit.synth.draft import Draft, KeyRow
from casekit.synth.open_doors import Breach

RULE = "sa_flo."
LAST_TERM, NEXT_YEAR = "2025-10-13", "2026-01-27"


def _of(
    draft: Draft, rule: str, program: str, subject: str, why: str, status: str = "not_met"
) -> KeyRow:
    """A key row about the whole span."""
    return KeyRow(RULE + rule, program, subject, str(draft.since), status, why)


def too_many_cases(draft: Draft, program: str) -> list[KeyRow]:
    """One case manager takes in 26 students of colleagues for some days."""
    people, opened = draft.managers(program), draft.take_month(program)
    rows = draft.tables["assignments"]
    others = rows[rows["student_id"].isin(draft.stays(program)) & (rows["staff_id"] != people[0])]
    students = others["student_id"].unique()[:26]
    if opened is None or len(students) < 26:
        return []
    stretch = {"staff_id": people[0], "start_date": opened[1], "end_date": opened[6]}
    draft.add("assignments", [{**stretch, "student_id": student} for student in students])
    why = f"26 students more than usual from {opened[1]} to {opened[6]}"
    month = str(month_of(opened[1]))
    return [KeyRow(RULE + "caseload", program, people[0], month, "not_met", why)]


def _week_edited(why: str, status: str = "not_met", **values: object) -> Breach:
    """One week of one student holds no meeting that surely counts."""

    def breach(draft: Draft, program: str) -> list[KeyRow]:
        student = draft.take(draft.stays(program), "student")
        if student is None:
            return []
        week = str(draft.rng.choice(draft.whole_weeks(program, 1)))
        draft.edit("contacts", draft.contacts_in([student], week), **values)
        return [KeyRow(RULE + "weekly_session", program, student, week, status, why)]

    return breach


week_by_phone = _week_edited("only calls in this week", mode="phone", setting="online")
week_of_attempts = _week_edited("nobody came to the meeting of this week", outcome="attempted")
week_in_doubt = _week_edited(
    "the direction of this week's contact is empty", status="cannot_tell", direction=None
)


def never_outside(draft: Draft, program: str) -> list[KeyRow]:
    contacts = draft.tables["contacts"]
    mine = contacts["student_id"].isin(draft.students_of(program))
    outside = contacts["setting"].isin(["home", "community"]) | (contacts["mode"] == "home_visit")
    draft.edit("contacts", mine & outside, mode="in_person", setting="site")
    why = "every meeting was at the site"
    return [_of(draft, "flexible_delivery", program, program, why)]


def never_in_groups(draft: Draft, program: str) -> list[KeyRow]:
    contacts = draft.tables["contacts"]
    mine = contacts["student_id"].isin(draft.students_of(program))
    draft.edit("contacts", mine & (contacts["mode"] == "group"), mode="in_person")
    return [_of(draft, "small_groups", program, program, "no contact was in a group")]


def _leaves(draft: Draft, program: str) -> str | None:
    """A student whose only enrolment ended in the span."""
    rows = draft.tables["students"]
    rows = rows[(rows["program_id"] == program) & ~rows["student_id"].duplicated(keep=False)]
    return draft.take(rows.loc[rows["enrollment_end"].notna(), "student_id"], "student")


def _events(draft: Draft, event_type: str, **equal: str) -> pd.Series:
    rows = draft.tables["events"]
    chosen = rows["event_type"] == event_type
    for column, value in equal.items():
        chosen &= rows[column] == value
    return chosen


def no_transition_plan(draft: Draft, program: str) -> list[KeyRow]:
    student = _leaves(draft, program)
    if student is None:
        return []
    draft.drop("events", _events(draft, "transition_plan", student_id=student))
    return [_of(draft, "transition_plan", program, student, "left without a plan")]


def late_transition_plan(draft: Draft, program: str) -> list[KeyRow]:
    student = _leaves(draft, program)
    if student is None:
        return []
    rows = draft.tables["students"]
    left = rows.loc[rows["student_id"] == student, "enrollment_end"].iloc[0]
    made = str(np.datetime64(left) - 2 * WEEK)
    plan = _events(draft, "transition_plan", student_id=student)
    draft.edit("events", plan, occurred_at=made)
    why = f"the plan was made on {made}, two weeks before the exit"
    return [_of(draft, "transition_plan", program, student, why)]


def _referral(draft: Draft, program: str, last_term: bool) -> pd.Series | None:
    """A referral answered in time; of the last term: one whose student started the next year."""
    rows = draft.tables["referrals"].merge(draft.tables["students"], on=["student_id", "program_id"])
    rows = rows[(rows["program_id"] == program) & (rows["enrollment_start"] <= str(draft.as_of))]
    late = (rows["received_at"] >= LAST_TERM) & (rows["received_at"] < NEXT_YEAR)
    late &= rows["enrollment_start"] >= NEXT_YEAR if last_term else True
    rows = rows[late == last_term]
    chosen = draft.take(rows["referral_id"], "referral")
    return None if chosen is None else rows[rows["referral_id"] == chosen].iloc[0]


def _first_call(draft: Draft, referral: pd.Series) -> pd.Series:
    return draft.contacts_in([referral["student_id"]], referral["received_at"][:10], 3)


def _referral_rows(
    referral: pd.Series, rules: tuple[str, ...], why: str, status: str = "not_met"
) -> list[KeyRow]:
    program, subject, day = (
        referral["program_id"], referral["referral_id"], referral["received_at"][:10]
    )  # fmt: skip
    return [KeyRow(RULE + rule, program, subject, day, status, why) for rule in rules]


def never_called(draft: Draft, program: str) -> list[KeyRow]:
    """The first contact after a referral is the first session, two weeks later."""
    referral = _referral(draft, program, last_term=False)
    if referral is None:
        return []
    draft.drop("contacts", _first_call(draft, referral))
    why = "no contact before the first session, two weeks or more after the referral"
    rules = ("contact_within_week", "contact_72_hours", "contact_48_hours")
    return _referral_rows(referral, rules, why)


def not_before_the_year(draft: Draft, program: str) -> list[KeyRow]:
    """Referred in December, and first met when the next school year had begun."""
    referral = _referral(draft, program, last_term=True)
    if referral is None:
        return []
    draft.drop("contacts", _first_call(draft, referral))
    why = "referred in the last term, first met in the next school year"
    rules = ("contact_before_year", "contact_72_hours", "contact_48_hours")
    return _referral_rows(referral, rules, why)


def _called_after(hours: int, rules: tuple[str, ...]) -> Breach:
    """The first call comes so many hours after the referral."""

    def breach(draft: Draft, program: str) -> list[KeyRow]:
        referral = _referral(draft, program, last_term=False)
        if referral is None:
            return []
        called = np.datetime64(referral["received_at"]) + np.timedelta64(hours, "h")
        draft.edit("contacts", _first_call(draft, referral), occurred_at=str(called))
        return _referral_rows(referral, rules, f"the first call came {hours} hours later")

    return breach


def same_day_without_times(draft: Draft, program: str) -> list[KeyRow]:
    """Referral and call are of one day, neither with a time: the call may have come first."""
    referral = _referral(draft, program, last_term=False)
    if referral is None:
        return []
    day = referral["received_at"][:10]
    draft.edit("contacts", _first_call(draft, referral), occurred_at=day)
    mine = draft.tables["referrals"]["referral_id"] == referral["referral_id"]
    draft.edit("referrals", mine, received_at=day)
    why = "referral and call are of the same day, without times"
    rules = ("contact_within_week", "contact_72_hours", "contact_48_hours")
    return _referral_rows(referral, rules, why, "cannot_tell")


def family_without_timetable(draft: Draft, program: str) -> list[KeyRow]:
    student = draft.take(draft.stays(program), "student")
    if student is None:
        return []
    draft.drop("events", _events(draft, "timetable_provided", student_id=student, party="family"))
    return [_of(draft, "timetable", program, student, "the family was not given the timetable")]


def timetable_out_of_date(draft: Draft, program: str) -> list[KeyRow]:
    student = draft.take(draft.stays(program), "student")
    if student is None:
        return []
    until = str(draft.as_of - 10 * DAY)
    mine = _events(draft, "timetable_provided", student_id=student)
    draft.edit("events", mine, valid_until=until)
    return [_of(draft, "timetable", program, student, f"the timetable held until {until}")]


def _staff_edited(rule: str, why: str, status: str = "not_met", **values: object) -> Breach:
    """One case manager's record says something else."""

    def breach(draft: Draft, program: str) -> list[KeyRow]:
        person = draft.take(draft.managers(program), rule)
        if person is None:
            return []
        draft.edit("staff", draft.tables["staff"]["staff_id"] == person, **values)
        return [_of(draft, rule, program, person, why, status)]

    return breach


without_certificate = _staff_edited(
    "youth_work_certificate", "holds no certificate", certificates="none"
)
certificate_unknown = _staff_edited(
    "youth_work_certificate",
    "certificates are not written down",
    status="cannot_tell",
    certificates=None,
)
new_to_the_work = _staff_edited(
    "two_years_at_risk",
    "one year of experience, counted in May 2026",
    experience_years="1",
    experience_on="2026-05-01",
)


def closed_over_break(draft: Draft, program: str) -> list[KeyRow]:
    """In one week of a break nobody is in contact with anybody."""
    weeks = draft.closed_weeks(program)
    if not weeks:
        return []
    week = str(draft.rng.choice(weeks))
    draft.drop("contacts", draft.contacts_in(draft.students_of(program), week))
    why = "a week of the break without any contact"
    return [KeyRow(RULE + "all_year_delivery", program, program, week, "not_met", why)]


def leave_without_cover(draft: Draft, program: str) -> list[KeyRow]:
    people, opened = draft.managers(program), draft.take_month(program)
    if opened is None or not people:
        return []
    away = {"start_date": opened[2], "end_date": opened[4], "reason": "sick leave"}
    draft.add("leave", [{**away, "staff_id": people[0]}])
    why = f"nobody stood in from {opened[2]} to {opened[4]}"
    return [_of(draft, "leave_cover", program, people[0], why)]


def cover_away_too(draft: Draft, program: str) -> list[KeyRow]:
    """The one who stands in is on leave on the same days, and nobody stands in for them."""
    people, opened = draft.managers(program), draft.take_month(program)
    if opened is None or len(people) < 3:
        return []
    away = {"start_date": opened[2], "end_date": opened[4], "reason": "training"}
    covered, cover = people[-1], people[1]
    draft.add("leave", [{**away, "staff_id": covered, "covered_by": cover}])
    draft.add("leave", [{**away, "staff_id": cover}])
    return [
        _of(draft, "leave_cover", program, covered, f"{cover}, who stood in, was away too"),
        _of(draft, "leave_cover", program, cover, "away without cover"),
    ]


def _notes_edited(why: str, status: str, has_notes: str | None) -> Breach:
    """One contact of a student neither has notes nor says what it was about."""

    def breach(draft: Draft, program: str) -> list[KeyRow]:
        student = draft.take(draft.stays(program), "student")
        if student is None:
            return []
        contacts = draft.tables["contacts"]
        held = contacts["mode"].isin(["in_person", "home_visit"])
        mine = contacts.index[(contacts["student_id"] == student) & held]
        chosen = pd.Series(contacts.index == mine[len(mine) // 2])
        draft.edit("contacts", chosen, has_notes=has_notes, topics=None)
        return [_of(draft, "case_notes", program, student, why, status)]

    return breach


without_notes = _notes_edited("a meeting without notes or topic", "not_met", "no")
notes_unknown = _notes_edited("whether notes were written is empty", "cannot_tell", None)


def _at_school(
    draft: Draft, program: str, school: str, first: np.datetime64, last: np.datetime64
) -> list[str]:
    """The students of a school who were enrolled on every day of a stretch."""
    rows = draft.tables["students"]
    rows = rows[(rows["program_id"] == program) & (rows["school_id"] == school)]
    there = (rows["enrollment_start"] <= str(first)) & ~(rows["enrollment_end"] < str(last))
    return rows.loc[there, "student_id"].tolist()


def _schools(draft: Draft, program: str) -> list[str]:
    """The program's schools, the smallest first."""
    rows = draft.tables["students"]
    mine = rows.loc[rows["program_id"] == program, "school_id"]
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
    sent = _events(draft, "communication_report", program_id=program, party=school)
    within = (rows["occurred_at"] >= str(start)) & (rows["occurred_at"] <= str(start + long))
    draft.drop("events", sent & within)
    why = f"{school} had no report in this fortnight"
    return [
        KeyRow(RULE + "fortnightly_report", program, student, str(start), "not_met", why)
        for student in _at_school(draft, program, school, opened[0], opened[-1])
    ]


def late_term_report(draft: Draft, program: str) -> list[KeyRow]:
    """The term report reaches the smallest school three days after the day it is due."""
    school = _schools(draft, program)[0]
    rows = draft.tables["events"]
    late = np.timedelta64(3, "D")
    asked = rows.loc[_events(draft, "term_report_due", program_id=program, party=school)]
    past = asked.loc[asked["occurred_at"] < str(draft.as_of - late), "occurred_at"]
    if past.empty:
        return []
    due = np.datetime64(past.iloc[-1])
    sent = _events(draft, "term_report_forwarded", program_id=program, party=school)
    this = sent & (rows["occurred_at"] == str(due - late))
    draft.edit("events", this, occurred_at=str(due + late))
    why = f"the report due at {school} on {due} was sent three days late"
    there = _at_school(draft, program, school, due, due)
    return [_of(draft, "school_reports", program, student, why) for student in there]


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
    draft.drop("events", _events(draft, "progress_review", student_id=student))
    return [_of(draft, "progress_review", program, student, "no review in any term")]


FLO_BREACHES: tuple[Breach, ...] = (
    without_notes,
    too_many_cases,
    leave_without_cover,
    cover_away_too,
    week_by_phone,
    week_of_attempts,
    week_in_doubt,
    never_outside,
    never_in_groups,
    no_transition_plan,
    late_transition_plan,
    never_called,
    not_before_the_year,
    _called_after(80, ("contact_72_hours", "contact_48_hours")),
    _called_after(50, ("contact_48_hours",)),
    same_day_without_times,
    family_without_timetable,
    timetable_out_of_date,
    without_certificate,
    certificate_unknown,
    new_to_the_work,
    closed_over_break,
    notes_unknown,
    fortnight_without_report,
    late_term_report,
    never_reviewed,
)
