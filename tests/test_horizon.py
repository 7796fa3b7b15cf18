"""Beyond as_of: staffing is projected to the horizon; what records will show is due there."""

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
def found(make_caseload):
    """The verdicts of one requirement on 31 January, with a horizon or without."""

    def rows(requirement: str, until: str | None, contacts: str = ""):
        caseload = make_caseload(
            calendar=CALENDAR,
            students=STUDENTS,
            staff=STAFF,
            contacts=f"student_id,occurred_at\n{contacts}",
        )
        frame = evaluate(load("wa_open_doors"), caseload, "2026-01-31", until=until).frame
        return frame[frame["requirement_id"] == f"wa_open_doors.{requirement}"]

    return rows


@pytest.fixture
def judged(found):
    def months(requirement: str, until: str | None) -> dict[str, str]:
        rows = found(requirement, until)
        names = rows["period_start"].dt.strftime("%m")
        return dict(zip(names, rows["status"].astype(str), strict=True))

    return months


@pytest.fixture
def weeks(found):
    def of_first_student(until: str | None, contacts: str = "") -> dict[str, str]:
        rows = found("weekly_contact", until, contacts)
        rows = rows[rows["subject_id"] == "s1"]
        mondays = rows["period_start"].dt.strftime("%m-%d")
        return dict(zip(mondays, rows["status"].astype(str), strict=True))

    return of_first_student


def test_without_a_horizon_the_months_end_with_as_of(judged):
    assert judged("staff_ratio", None) == {"01": "met"}


def test_the_ratio_is_projected_on_planned_staff_and_students(judged):
    # From March 3 students to 0.03 FTE are 100 to one.
    assert judged("staff_ratio", "2026-03-31") == {"01": "met", "02": "met", "03": "not_met"}


def test_continuity_is_projected_too(judged):
    assert judged("continuous_staffing", "2026-03-31") == {"01": "met", "02": "met", "03": "met"}


OVER = dict.fromkeys(["01-05", "01-12", "01-19"], "not_met")  # no contact is on record


def test_without_a_horizon_the_weeks_end_with_the_last_whole_one(weeks):
    # The week of 26 January ends on 1 February, after as_of.
    assert weeks(None) == OVER


def test_weeks_that_end_after_as_of_are_due_and_never_judged(weeks):
    coming = dict.fromkeys(["01-26", "02-02", "02-09"], "due")
    assert weeks("2026-02-15") == {**OVER, **coming}


def test_a_contact_of_the_running_week_meets_it_already(weeks):
    assert weeks("2026-02-01", "s1,2026-01-30\n") == {**OVER, "01-26": "met"}


def test_a_contact_dated_after_as_of_does_not_count(weeks):
    # One is planned for the Sunday of the running week, one for the week after it.
    coming = {"01-26": "due", "02-02": "due"}
    assert weeks("2026-02-08", "s1,2026-02-01\ns1,2026-02-03\n") == {**OVER, **coming}
