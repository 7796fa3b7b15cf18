"""Breaches of the FLO case management standards: each edits the draft, and says what it planted."""

from __future__ import annotations

from casekit.calendars import month_of
from casekit.synth.breach import Breach, staff_edited, whole_span
from casekit.synth.draft import Draft, KeyRow
from casekit.synth.flo_contacts import (
    called_after,
    closed_over_break,
    never_called,
    never_in_groups,
    never_outside,
    not_before_the_year,
    notes_unknown,
    same_day_without_times,
    week_by_phone,
    week_in_doubt,
    week_of_attempts,
    without_notes,
)
from casekit.synth.flo_papers import (
    family_without_timetable,
    fortnight_without_report,
    late_term_report,
    late_transition_plan,
    never_reviewed,
    no_transition_plan,
    timetable_out_of_date,
)


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
    return [KeyRow("sa_flo.caseload", program, people[0], month, "not_met", why)]


without_certificate = staff_edited(
    "sa_flo.youth_work_certificate", "holds no certificate", certificates="none"
)
certificate_unknown = staff_edited(
    "sa_flo.youth_work_certificate",
    "certificates are not written down",
    status="cannot_tell",
    certificates=None,
)
new_to_the_work = staff_edited(
    "sa_flo.two_years_at_risk",
    "one year of experience, counted in May 2026",
    experience_years="1",
    experience_on="2026-05-01",
)


def leave_without_cover(draft: Draft, program: str) -> list[KeyRow]:
    people, opened = draft.managers(program), draft.take_month(program)
    if opened is None or not people:
        return []
    away = {"start_date": opened[2], "end_date": opened[4], "reason": "sick leave"}
    draft.add("leave", [{**away, "staff_id": people[0]}])
    why = f"nobody stood in from {opened[2]} to {opened[4]}"
    return [whole_span(draft, "sa_flo.leave_cover", program, people[0], why)]


def cover_away_too(draft: Draft, program: str) -> list[KeyRow]:
    """The one who stands in is on leave on the same days, and nobody stands in for them."""
    people, opened = draft.managers(program), draft.take_month(program)
    if opened is None or len(people) < 3:
        return []
    away = {"start_date": opened[2], "end_date": opened[4], "reason": "training"}
    covered, cover = people[-1], people[1]
    draft.add("leave", [{**away, "staff_id": covered, "covered_by": cover}])
    draft.add("leave", [{**away, "staff_id": cover}])
    why = f"{cover}, who stood in, was away too"
    return [
        whole_span(draft, "sa_flo.leave_cover", program, covered, why),
        whole_span(draft, "sa_flo.leave_cover", program, cover, "away without cover"),
    ]


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
    called_after(80, ("contact_72_hours", "contact_48_hours")),
    called_after(50, ("contact_48_hours",)),
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
