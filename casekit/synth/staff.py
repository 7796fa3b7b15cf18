"""The clean caseload's staff: all qualified, with room to spare, and stood in for while away."""

from __future__ import annotations

from math import ceil

import numpy as np
import pandas as pd

from casekit.synth.draft import DSPC, FLO, OPEN_DOORS, SD42, WYANDOTTE, Draft

# The last case manager of every third program hands over to a successor.
LAST_DAY, FIRST_DAY = np.datetime64("2026-03-27"), np.datetime64("2026-03-30")
# Nobody's caseload comes near a limit: students for each case manager.
STUDENTS_EACH = {OPEN_DOORS: 50, FLO: 18, DSPC: 18, SD42: 15, WYANDOTTE: 12}
QUALIFIED: dict[str, list[dict[str, object]]] = {
    OPEN_DOORS: [
        {"degree_level": "bachelor", "degree_field": "social_work", "experience_years": 1},
        {"degree_level": "master", "degree_field": "counseling", "experience_years": 6},
        {"degree_level": "diploma", "degree_field": "other", "experience_years": 5},
    ],
    FLO: [
        {"degree_level": "diploma", "degree_field": "other", "experience_years": 3},
        {"degree_level": "bachelor", "degree_field": "education", "experience_years": 7},
    ],
    DSPC: [{"degree_level": "master", "degree_field": "social_work", "experience_years": 4}],
    SD42: [{"degree_level": "bachelor", "degree_field": "education", "experience_years": 8}],
    WYANDOTTE: [{"degree_level": "master", "degree_field": "education", "experience_years": 5}],
}
EXPERIENCE = {OPEN_DOORS: "direct_service", FLO: "youth_at_risk_education"}
CERTIFICATES = {FLO: "cert_iv_youth_work"}


def add_staff(draft: Draft, standard: str, program: str, size: int) -> None:
    """Case managers with room to spare, a teacher without case-management time, and one leave."""
    number = program.removeprefix("P-")
    open_doors = standard == OPEN_DOORS
    people = max(3, ceil(size / STUDENTS_EACH[standard]))
    rows = []
    for index in range(people):
        fte = 0.8 if open_doors and index else 1.0
        share = ceil(size / 70 / people / fte * 100) / 100 if open_doors else 0.8
        rows.append(
            {
                "staff_id": f"T-{number}-{index + 1}",
                "program_id": program,
                "staff_name": f"Sample Worker {number}-{index + 1}",
                "role": "case manager",
                "site_id": f"Site-{number}-{'AB'[index % 2]}",
                "fte": fte,
                "case_management_share": share,
                "start_date": draft.since - np.timedelta64(int(draft.rng.integers(60, 900)), "D"),
                "end_date": None,
                "work_days": "mon;tue;wed;thu" if index == 1 else None,
                **QUALIFIED[standard][index % len(QUALIFIED[standard])],
                "experience_kind": EXPERIENCE.get(standard, "case_management"),
                "certificates": CERTIFICATES.get(standard, "none"),
            }
        )
    if int(number) % 3 == 1 and draft.since < LAST_DAY:
        successor = {"staff_id": f"T-{number}-{people + 1}", "start_date": FIRST_DAY}
        name = {"staff_name": f"Sample Worker {number}-{people + 1}"}
        rows.append({**rows[-1], **successor, **name})
        rows[-2]["end_date"] = LAST_DAY
    teacher = {"staff_id": f"T-{number}-0", "staff_name": f"Sample Teacher {number}"}
    rows.append({**rows[0], **teacher, "role": "teacher", "case_management_share": 0.0})
    draft.add("staff", rows)
    away = draft.calendars[program].open_in(draft.since, draft.as_of)[4:7]
    leave = {"staff_id": f"T-{number}-1", "reason": "annual leave", "covered_by": f"T-{number}-2"}
    draft.add("leave", [{**leave, "start_date": away[0], "end_date": away[-1]}])


def add_assignments(draft: Draft, program: str) -> None:
    """Each student has a case manager for every day enrolled, past a hand-over too."""
    staff = draft.case_managers(program)
    first = staff[staff["start_date"] <= str(draft.since)]
    gone = set(staff.loc[staff["end_date"].notna(), "staff_id"])
    successor = staff["staff_id"].iloc[-1]
    students = draft.of(program, "students")
    turn = {student: i for i, student in enumerate(students["student_id"].unique())}
    rows: list[dict[str, object]] = []
    for row in students.itertuples(index=False):
        worker = first["staff_id"].iloc[turn[row.student_id] % len(first)]
        start, end = row.enrollment_start, row.enrollment_end
        known = {"student_id": row.student_id}
        lasting = pd.isna(end) or end > str(LAST_DAY)
        if worker not in gone:
            rows.append({**known, "staff_id": worker, "start_date": start, "end_date": end})
            continue
        if start <= str(LAST_DAY):
            until = LAST_DAY if lasting else end
            rows.append({**known, "staff_id": worker, "start_date": start, "end_date": until})
        if lasting:
            since = max(start, str(FIRST_DAY))
            rows.append({**known, "staff_id": successor, "start_date": since, "end_date": end})
    draft.add("assignments", rows)
