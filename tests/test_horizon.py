"""Beyond as_of: staffing is projected to the horizon; records are not judged there."""

from __future__ import annotations

import pytest

from casekit.catalog import load
from casekit.evaluate import evaluate

CALENDAR = "calendar_id,kind,start_date,end_date\nc1,school_year,2026-01-05,2026-06-26\n"
# Two students now, a third planned from 2 March; the only worker leaves on 27 February.
STUDENTS = """student_id,program_id,enrollment_start
s1,p1,2026-01-05
s2,p1,2026-01-05
s3,p1,2026-03-02
"""
STAFF = """staff_id,program_id,start_date,end_date,fte,case_management_share
w1,p1,2025-01-01,2026-02-27,0.04,1
w2,p1,2026-03-02,,0.03,1
"""


@pytest.fixture
def judged(make_caseload):
    caseload = make_caseload(
        calendar=CALENDAR, students=STUDENTS, staff=STAFF, contacts="student_id,occurred_at\n"
    )

    def rows(requirement: str, until: str | None):
        standard = load("wa_open_doors")
        frame = evaluate(standard, caseload, "2026-01-31", until=until).frame
        rows = frame[frame["requirement_id"] == f"wa_open_doors.{requirement}"]
        months = rows["period_start"].dt.strftime("%m")
        return dict(zip(months, rows["status"].astype(str), strict=True))

    return rows


def test_without_a_horizon_the_months_end_with_as_of(judged):
    assert judged("staff_ratio", None) == {"01": "met"}


def test_the_ratio_is_projected_on_planned_staff_and_students(judged):
    # From March 3 students to 0.03 FTE are 100 to one.
    assert judged("staff_ratio", "2026-03-31") == {"01": "met", "02": "met", "03": "not_met"}


def test_continuity_is_projected_too(judged):
    assert judged("continuous_staffing", "2026-03-31") == {"01": "met", "02": "met", "03": "met"}


def test_contacts_are_not_judged_beyond_as_of(judged):
    # January's weeks are over; February and March have not happened.
    assert judged("weekly_contact", "2026-03-31") == {"01": "not_met"}
