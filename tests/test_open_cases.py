"""Open referrals: what is done, what is next and by when, and the period to be watched."""

from __future__ import annotations

import pandas as pd
import pytest

from casekit.findings import evaluate_programs
from casekit.open_cases import monitored, next_steps, period_rules, step_rules, steps_of_open

CALENDAR = """calendar_id,kind,name,start_date,end_date
c1,school_year,2025-26,2025-08-25,2026-05-29
c1,term,Autumn,2025-08-25,2025-12-19
c1,term,Winter,2026-01-05,2026-03-27
c1,term,Spring,2026-04-06,2026-05-29
c1,grading_period,Quarter 3,2026-01-05,2026-03-13
c1,grading_period,Quarter 4,2026-03-16,2026-05-29
"""
STUDENTS = "student_id,program_id,enrollment_start\n" + "".join(
    f"s{n},p1,2025-08-25\n" for n in range(1, 5)
)
REFERRALS = """referral_id,student_id,program_id,received_at,closed_on,closure_reason
r1,s1,p1,2025-12-10,,
r2,s2,p1,2026-01-12,,
r3,s3,p1,2026-01-12,2026-02-02,withdrawn
r4,s4,p1,2026-03-20,,
"""
EVENTS = """event_type,occurred_at,referral_id,student_id,party
face_sheet_completed,2026-01-13,r2,s2,
face_sheet_sent,2026-01-14,r2,s2,
services_meeting,2026-01-20,r2,s2,student
"""
AS_OF = "2026-03-13"


@pytest.fixture
def judged(make_caseload):
    def of(as_of: str = AS_OF, standard: str = "fl_dspc", events: str = EVENTS):
        tables = {"calendar": CALENDAR, "students": STUDENTS, "referrals": REFERRALS}
        tables["contacts"] = "student_id,occurred_at\n"
        caseload = make_caseload(events=events, **tables)
        assert caseload.problems.empty, caseload.problems.to_string()
        return evaluate_programs(caseload, as_of=as_of, standards=[standard])

    return of


@pytest.fixture
def cases(judged):
    def of(**asked: str) -> pd.DataFrame:
        return next_steps(steps_of_open(judged(**asked), "p1")).set_index("referral_id")

    return of


def test_only_referrals_that_are_open_are_told(cases):
    # r3 is closed, r4 has not come yet.
    assert sorted(cases().index) == ["r1", "r2"]


def test_the_first_step_that_is_open_is_next(cases):
    found = cases().loc["r1"]
    assert found["next"] == "A face sheet is filled in for each student referred"
    assert found["by_when"] == "Before: sending of the face sheet"


def test_a_step_that_another_overtook_is_missed_and_not_next(cases):
    # The services meeting was held before the parents were told and the administrator asked.
    found = cases().loc["r2"]
    assert (found["done"], found["missed"]) == (2, 2)
    assert found["next"] == "Student and parent are met, and the services are made clear to them"


def test_a_case_with_a_step_to_take_stands_before_one_without(cases):
    done = "".join(
        f"{name},2026-01-13,r1,s1,{party}\n"
        for name, party in [
            *(("face_sheet_completed", ""), ("face_sheet_sent", ""), ("parent_notified", "")),
            *(("administrator_consulted", ""), ("services_meeting", "student")),
            *(("services_meeting", "parent"), ("student_contract", ""), ("parent_contract", "")),
        ]
    )
    found = cases(events=EVENTS + done)
    assert found["next"].eq("").to_dict() == {"r2": False, "r1": True}


def test_a_step_with_a_day_is_told_by_its_day(cases):
    # FLO standards: within seven days of the referral.
    found = cases(standard="sa_flo", as_of="2026-01-16")
    assert found.loc["r2", "by_when"] == "19 January 2026"


def test_a_refusal_asks_for_its_own_steps_in_place_of_the_contracts(judged):
    evaluation = judged(events=EVENTS + "parent_refused,2026-02-02,r1,s1,\n")
    steps = steps_of_open(evaluation, "p1").set_index("requirement_id")
    asked = set(steps.index[steps["referral_id"] == "r1"])
    assert {"fl_dspc.refusal_to_specialist", "fl_dspc.refusal_ends_case"} <= asked
    assert not {"fl_dspc.student_contract", "fl_dspc.parent_contract"} & asked


def periods(evaluation) -> list[tuple]:
    rows = monitored(evaluation, "p1")
    told = rows["last_day"].dt.strftime("%Y-%m-%d").fillna("")
    return list(zip(rows["referral_id"], rows["period"], told, rows["state"], strict=True))


def test_the_period_to_be_watched_is_the_first_that_begins_after_the_referral(judged):
    assert periods(judged(as_of="2026-03-12")) == [
        ("r1", "Quarter 3", "2026-03-13", "running"),
        ("r2", "Quarter 4", "2026-05-29", "running"),
    ]


def test_a_period_is_over_from_its_last_day_on(judged):
    assert periods(judged()) == [
        ("r2", "Quarter 4", "2026-05-29", "running"),
        ("r1", "Quarter 3", "2026-03-13", "over"),
    ]


def test_a_referral_after_the_last_period_that_the_calendar_names_is_unknown(judged):
    row = monitored(judged(as_of="2026-03-23"), "p1").set_index("referral_id").loc["r4"]
    assert (row["state"], row["period"]) == ("unknown", "")
    assert "names no grading period" in row["reason"]


def test_a_program_of_another_standard_has_neither(judged):
    evaluation = judged(standard="wa_open_doors")
    assert not step_rules(evaluation, "p1") and not period_rules(evaluation, "p1")
    assert steps_of_open(evaluation, "p1").empty and monitored(evaluation, "p1").empty
    assert next_steps(steps_of_open(evaluation, "p1")).empty
