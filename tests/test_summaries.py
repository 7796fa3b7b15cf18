"""The grouped tables that figures and reports take."""

from __future__ import annotations

import pytest

from casekit.findings import evaluate_programs, summarize
from casekit.summaries import (
    caseload_by_month,
    contact_by_week,
    first_contact_buckets,
    referrals_before,
    requirements_of_kind,
)

CALENDAR = """calendar_id,kind,name,start_date,end_date
c1,school_year,2025,2025-01-28,2025-12-12
c1,term,Term 4,2025-10-13,2025-12-12
c1,school_year,2026,2026-01-27,2026-12-11
c1,term,Term 1,2026-01-27,2026-04-10
c1,term,Term 2,2026-04-27,2026-07-03
c1,closure,Easter,2026-02-18,2026-02-20
"""
STUDENTS = """student_id,program_id,enrollment_start
s1,p1,2025-10-13
s2,p1,2025-10-13
"""


@pytest.fixture
def evaluation(make_caseload):
    caseload = make_caseload(
        calendar=CALENDAR,
        students=STUDENTS,
        staff="staff_id,program_id,start_date,staff_name\nw9,p1,2025-01-01,Zoe\nw2,p1,2025-01-01,Ann\n",
        assignments="student_id,staff_id,start_date\ns1,w9,2025-10-13\ns2,w2,2025-10-13\n",
        # s1 is met in the week of 2 February, s2 in no week.
        contacts="student_id,occurred_at,mode\ns1,2026-02-03T10:00,in_person\n",
        referrals=(
            "referral_id,student_id,program_id,received_at\n"
            "r0,s1,p1,2025-12-01\n"  # last term, before the span
            "r1,s1,p1,2026-02-02T09:00\n"  # met after 25 hours
            "r2,s2,p1,2026-02-02T09:00\n"  # never met
        ),
    )
    return evaluate_programs(caseload, as_of="2026-03-01", standards=["sa_flo"])


def requirement(evaluation, kind: str):
    return requirements_of_kind(evaluation, "p1", kind)[0]


def test_a_referral_counts_once_under_the_tightest_limit_that_it_met(evaluation):
    rules = requirements_of_kind(evaluation, "p1", "first_contact")
    buckets = first_contact_buckets(evaluation, "p1", rules).set_index("bucket")["referrals"]
    assert buckets[buckets > 0].to_dict() == {"within 48 hours": 1, "later or not at all": 1}


def test_referrals_of_the_term_before_the_span_are_counted_not_judged(evaluation):
    assert referrals_before(evaluation, "p1") == 1


def test_case_managers_are_numbered_unless_the_program_itself_asks(evaluation):
    rule = requirement(evaluation, "caseload")
    numbered = caseload_by_month(evaluation, "p1", rule)
    named = caseload_by_month(evaluation, "p1", rule, names=True)
    assert set(numbered["manager"]) == {"Case manager 1", "Case manager 2"}
    assert set(named["manager"]) == {"Ann", "Zoe"}


def test_every_week_of_the_span_is_there_with_why_it_is_not_whole(evaluation):
    weeks = contact_by_week(evaluation, "p1", requirement(evaluation, "weekly_contact"))
    notes = weeks.set_index(weeks["week"].dt.strftime("%m-%d"))["note"]
    # The span starts on a Tuesday; two open days are left in the week of 16 February.
    assert notes[notes != ""].to_dict() == {"01-26": "part week", "02-16": "closure: Easter"}


def test_the_week_counts_add_up_to_the_students(evaluation):
    weeks = contact_by_week(evaluation, "p1", requirement(evaluation, "weekly_contact"))
    week = weeks[weeks["week"] == "2026-02-02"].iloc[0]
    assert (week["denominator"], week["numerator"], week["rate"]) == (2, 1, 0.5)


def test_a_count_that_speaks_of_few_people_is_withheld_however_many_weeks_it_counts(evaluation):
    hidden = summarize(evaluation.results, ["requirement_id"], small=5).frame
    # Two students over several weeks: neither the part nor the whole may be shown.
    row = hidden.set_index("requirement_id").loc["sa_flo.weekly_session"]
    assert row[["denominator", "numerator", "rate"]].isna().all()


def test_a_row_about_the_program_itself_speaks_of_nobody(evaluation):
    hidden = summarize(evaluation.results, ["requirement_id"], small=5).frame
    row = hidden.set_index("requirement_id").loc["sa_flo.small_groups"]
    assert (row["denominator"], row["rate"]) == (1, 0)
