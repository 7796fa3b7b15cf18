"""The clean caseload of SD42 case managers: plans, designation papers, reports and consent."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from casekit.calendars import DAY
from casekit.synth.draft import Draft

# The dates by which new designations have to be in: the day announced, and the date.
ANNOUNCED = (
    ("2025-05-30", "2025-09-26"),
    ("2025-09-12", "2026-01-30"),
    ("2026-04-10", "2026-09-25"),
)
PAPERS_UNTIL = "2027-06-30"
OVER = 25

Step = dict[str, object]


def add_designation_papers(draft: Draft, program: str) -> None:
    """Every paper and step of each student's enrolment, in order of day."""
    rows: list[Step] = [
        {
            "event_type": "designation_deadline",
            "program_id": program,
            "occurred_at": day,
            "valid_until": until,
        }
        for day, until in ANNOUNCED
    ]
    students = draft.of(program, "students").drop_duplicates("student_id", keep="last")
    stays = set(draft.stays(program))
    for index, student in enumerate(students.itertuples(index=False)):
        days = _school_days(draft, program, student)
        who = {"student_id": student.student_id, "program_id": program}
        taken = _on_entry(student, index)
        if len(days):
            taken += [*_planned(student, days), *_shared(student, index, days)]
        if len(days) and student.student_id in stays and index % 4 == 1:
            taken += _requested(days)
        if pd.isna(student.enrollment_end) and index % 3:
            taken += _reviewed(draft, program, student)
        rows += [{**who, **step} for step in taken]
    known = [row for row in rows if str(row["occurred_at"]) <= str(draft.as_of)]
    draft.add("events", sorted(known, key=lambda row: str(row["occurred_at"])))


def _school_days(draft: Draft, program: str, student: Any) -> np.ndarray:
    """The open days of the school year, within the records, on which a student was enrolled."""
    calendar = draft.calendars[program]
    year = calendar.year_of(draft.as_of) or (draft.since, draft.as_of)
    first = max(np.datetime64(student.enrollment_start), year[0], draft.since)
    last = draft.as_of
    if pd.notna(student.enrollment_end):
        last = min(last, np.datetime64(student.enrollment_end))
    return calendar.open_in(first, last)


def _step(event_type: str, day: object, **more: object) -> Step:
    return {"event_type": event_type, "occurred_at": day, **more}


def _at(days: np.ndarray, share: float, later: int = 0) -> np.datetime64:
    """The day that lies so far into the enrolment, or some open days later."""
    return days[min(int(share * len(days)) + later, len(days) - 1)]


def _helped(student: Any) -> bool:
    """Whether a plan is asked for: a designation, or many hours of support."""
    return pd.notna(student.designation) or int(student.support_hours) > OVER


def _on_entry(student: Any, index: int) -> list[Step]:
    """The papers behind a designation, and the parents' permission."""
    if pd.isna(student.designation):
        return []
    start = np.datetime64(student.enrollment_start)
    # Some write the last day on which a paper holds into its description.
    until = {"detail": PAPERS_UNTIL} if index % 4 == 0 else {"valid_until": PAPERS_UNTIL}
    paper = {"item_id": f"Paper-{student.student_id[2:]}", **until}
    return [
        _step("designation_document", start - 100 * DAY, **paper),
        _step("permission_form_filed", start),
    ]


def _planned(student: Any, days: np.ndarray) -> list[Step]:
    """The year's plans: the IEP and who was given it, adjudication, the next transition."""
    grade, steps = int(student.grade_level), []
    if _helped(student):
        steps += [_step("iep_filed", _at(days, 0.2)), _step("iep_shared", _at(days, 0.2, 2))]
    if grade >= 10:
        steps.append(_step("adjudication_considered", _at(days, 0.4)))
    if grade in (7, 12):
        steps.append(_step("transition_planned", _at(days, 0.6)))
    return steps


def _shared(student: Any, index: int, days: np.ndarray) -> list[Step]:
    """Team meetings with minutes, reports filed and copied, and what was told with consent."""
    met = _at(days, 0.3)
    steps = [_step("team_meeting", met), _step("team_minutes_filed", _at(days, 0.3, 1))]
    if index % 2 == 0:
        report = {"item_id": f"Report-{student.student_id[2:]}"}
        steps += [
            _step("confidential_report_received", _at(days, 0.5), **report),
            _step("confidential_report_filed", _at(days, 0.5, 1), **report),
            _step("confidential_report_copied", _at(days, 0.5, 3), **report),
        ]
    agency = {"party": ("health authority", "youth services", "child development")[index % 3]}
    told = "information_exchanged" if index % 3 else "referral_submitted"
    consent = {**agency, "detail": told, "valid_until": days[-1] + 365 * DAY}
    return [
        *steps,
        _step("consent_given", _at(days, 0.35), **consent),
        _step(told, _at(days, 0.45), **agency),
    ]


def _requested(days: np.ndarray) -> list[Step]:
    """A new designation: asked for, talked over with the psychologist, and sent in time."""
    asked = _at(days, 0.15)
    date = min(until for _, until in ANNOUNCED if until >= str(asked))
    left = days[(days >= asked) & (days <= np.datetime64(date))][:11]
    return [
        _step("designation_requested", asked),
        _step("psychologist_consulted", left[len(left) // 2]),
        _step("designation_submitted", left[-1]),
    ]


def _reviewed(draft: Draft, program: str, student: Any) -> list[Step]:
    """The review at the end of the year; for some it is still to come."""
    return [_step("year_end_review", draft.open_days(program)[-5])] if _helped(student) else []
