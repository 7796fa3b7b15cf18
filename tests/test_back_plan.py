"""The way back from a meeting: its steps and their days, by the standard's own settings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from casekit.back_plan import back_plan, last_day_for, meetings_ahead, plan_entries, plans_meetings
from casekit.findings import evaluate_programs
from casekit.upcoming import calendar_of, read_back

CALENDAR = """calendar_id,kind,name,start_date,end_date
c1,school_year,2025-26,2025-09-01,2026-06-19
c1,term,Term 1,2025-09-01,2026-06-19
"""
STUDENTS = (
    "student_id,program_id,enrollment_start,enrollment_end,student_name,birth_date,parents\n"
    "s1,p1,2024-09-02,,Ada Byron,2010-05-05,1\n"  # 15 years old, one parent
    "s2,p1,2024-09-02,2025-12-19,,2016-05-05,2\n"  # has left
)
# Due by 4 May, so it is to be held by 20 April; s2 has left and needs none.
EVENTS = (
    "event_type,occurred_at,student_id,party,detail\n"
    "iep_meeting,2025-05-04,s1,,\n"
    "iep_meeting,2025-05-04,s2,,\n"
)
AS_OF = "2026-03-02"
DRAFT = "Work on the IEP begins at least a month before the meeting"
SHARED = "The LEA and the parents have the draft two days before the meeting"
SUBMITTED = "IEP papers are turned in within 10 school days of the meeting"
INVITED = "Students of 14 or more are invited to the meeting"


@pytest.fixture
def judged(make_caseload):
    def of(*events: str, standard: str = "ks_wyandotte", students: str = STUDENTS):
        tables = {"calendar": CALENDAR, "students": students}
        caseload = make_caseload(events=EVENTS + "".join(f"{e}\n" for e in events), **tables)
        assert caseload.problems.empty, caseload.problems.to_string()
        return evaluate_programs(caseload, as_of=AS_OF, standards=[standard])

    return of


@pytest.fixture
def steps(judged):
    """The steps by title of a meeting of s1 on a day."""

    def of(*events: str, day: str = "2026-04-20", students: str = STUDENTS) -> pd.DataFrame:
        evaluation = judged(*events, students=students)
        plan = back_plan(evaluation, "p1", "s1", "iep_meeting", np.datetime64(day))
        return plan.steps.set_index("title")

    return of


def days(row: pd.Series) -> list[str]:
    return [str(row[name])[:10] for name in ("held", "due_on", "hold_by", "planned")]


def test_a_student_whose_meeting_is_due_has_the_days_of_the_standard(judged):
    rows = meetings_ahead(judged(), "p1")
    assert rows["student_id"].tolist() == ["s1"]
    assert days(rows.iloc[0]) == ["2025-05-04", "2026-05-04", "2026-04-20", "NaT"]


def test_a_planned_meeting_is_told(judged):
    rows = meetings_ahead(judged("iep_meeting,2026-04-07,s1,,"), "p1")
    assert days(rows.iloc[0])[-1] == "2026-04-07"


def test_a_program_of_another_standard_plans_no_meeting(judged):
    evaluation = judged(standard="wa_open_doors")
    assert not plans_meetings(evaluation, "p1")
    assert meetings_ahead(evaluation, "p1").empty


@pytest.mark.parametrize(
    ("as_of", "planned", "day"),
    [
        ("2026-03-02", "2026-04-07", "2026-04-07"),  # the day that is planned
        ("2026-03-02", "", "2026-04-20"),  # the last day by which it is to be held
        ("2026-04-21", "", "2026-05-04"),  # that day has passed: the day it is due
        ("2026-05-05", "", "2026-05-05"),  # both have passed: no day sooner than this one
    ],
)
def test_the_meeting_is_on_the_day_planned_or_else_the_last_one_left(as_of, planned, day):
    row = pd.Series({"planned": planned, "hold_by": "2026-04-20", "due_on": "2026-05-04"})
    row = pd.to_datetime(row.replace("", None))
    assert str(last_day_for(row, np.datetime64(as_of))) == day


def test_each_step_has_its_last_day_by_the_settings_of_the_standard(steps):
    found = steps()["last_day"]
    assert str(found[DRAFT].date()) == "2026-03-20"  # a month before 20 April
    assert str(found[SHARED].date()) == "2026-04-18"  # two days before
    assert str(found[SUBMITTED].date()) == "2026-05-04"  # ten school days after


def test_the_steps_stand_by_their_days(steps):
    assert steps()["last_day"].is_monotonic_increasing


def test_what_is_on_record_is_done_and_the_rest_is_open(steps):
    found = steps("iep_draft_started,2026-02-20,s1,,")
    assert found["state"][[DRAFT, SUBMITTED]].tolist() == ["done", "open"]


def test_a_step_that_is_only_planned_is_not_done(steps):
    found = steps("iep_draft_started,2026-03-10,s1,,")  # after as_of
    assert found["state"][DRAFT] == "open"


def test_a_step_of_the_last_meeting_is_none_of_this_one(steps):
    found = steps("iep_draft_started,2025-04-01,s1,,")
    assert found["state"][DRAFT] == "open"


def test_a_step_whose_day_has_passed_is_overdue(steps):
    found = steps(day="2026-03-20")  # work on it was to begin by 20 February
    assert found["state"][[DRAFT, SHARED]].tolist() == ["overdue", "open"]


def test_what_is_still_missing_is_said(steps):
    found = steps("draft_shared,2026-02-27,s1,lea,")
    assert "for the parent, dated 18 April 2026" in found["told"][SHARED]


def test_a_younger_student_is_not_asked_to_be_invited(steps):
    found = steps(students=STUDENTS.replace("2010-05-05", "2015-05-05"))
    assert found["state"][INVITED] == "not asked"


def test_a_student_who_leaves_before_the_meeting_has_no_steps(steps):
    assert steps(students=STUDENTS.replace("2024-09-02,,Ada", "2024-09-02,2026-03-31,Ada")).empty


def test_the_calendar_holds_the_open_steps_and_no_name(judged):
    evaluation = judged("iep_draft_started,2026-02-20,s1,,")
    plan = back_plan(evaluation, "p1", "s1", "iep_meeting", np.datetime64("2026-04-20"))
    data = calendar_of(plan_entries(plan, "p1"), np.datetime64(AS_OF))
    assert len(read_back(data)) == (plan.steps["state"] == "open").sum()
    assert DRAFT.encode() not in data and b"Ada" not in data
