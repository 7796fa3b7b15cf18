"""Asking for an evaluation: spans, standards, and what is refused in one line."""

from __future__ import annotations

import pytest

from casekit.evaluate import UsageError
from casekit.findings import evaluate_programs, withhold
from casekit.wording import explain_text, finding_sentence

CALENDAR = """calendar_id,kind,start_date,end_date
c1,school_year,2024-09-02,2025-06-20
c1,school_year,2025-09-01,2026-06-19
"""
STUDENTS = "student_id,program_id,enrollment_start\ns1,p1,2025-09-01\n"


def since(caseload, as_of: str) -> str:
    plan = evaluate_programs(caseload, as_of=as_of, standards=["wa_open_doors"]).plan
    return str(plan.spans["p1"].since)


@pytest.mark.parametrize(
    ("as_of", "first"),
    [
        ("2025-09-01", "2025-09-01"),  # the year's first day
        ("2026-03-02", "2025-09-01"),
        ("2025-07-15", "2024-09-02"),  # between years: the latest that has begun
        ("2024-08-30", "2023-08-31"),  # none has begun: the year up to the day
    ],
)
def test_the_span_starts_with_the_school_year(make_caseload, as_of, first):
    assert since(make_caseload(calendar=CALENDAR, students=STUDENTS), as_of) == first


@pytest.mark.parametrize("day", ["3/2/2026", "2026-02-30", "soon", ""])
def test_a_day_that_is_none_is_refused(make_caseload, day):
    with pytest.raises(UsageError, match="give a date such as"):
        evaluate_programs(make_caseload(students=STUDENTS), as_of=day)


def test_a_span_that_starts_after_it_ends_is_refused(make_caseload):
    with pytest.raises(UsageError, match="lies after as_of"):
        evaluate_programs(make_caseload(students=STUDENTS), as_of="2026-01-01", since="2026-01-02")


def test_a_program_that_is_not_there_is_refused_with_those_that_are(make_caseload):
    with pytest.raises(UsageError, match="'p2' in the data: it has p1"):
        evaluate_programs(make_caseload(students=STUDENTS), as_of="2026-01-01", programs=["p2"])


def test_a_caseload_without_a_program_is_refused(make_caseload):
    caseload = make_caseload(
        programs="program_id,calendar_id\n", students="student_id,program_id,enrollment_start\n"
    )
    with pytest.raises(UsageError, match="programs has no row"):
        evaluate_programs(caseload, as_of="2026-01-01", standards=["sa_flo"])


def test_an_answer_that_no_standard_asks_is_told(make_caseload):
    answers = "program_id,requirement_id,answer,assessed_on\np1,FL-990,yes,2025-09-01\n"
    caseload = make_caseload(students=STUDENTS, attestations=answers)
    notes = evaluate_programs(caseload, as_of="2026-01-01").plan.notes
    assert any("FL-990" in note for note in notes)


def test_an_end_far_in_the_future_touches_nobody_else(make_caseload):
    # s0 is written as open until 9999; s1 was away from 8 February to 2 March.
    students = "student_id,program_id,enrollment_start,enrollment_end\n"
    students += "s0,p1,2026-01-05,9999-12-31\ns1,p1,2026-01-05,2026-02-07\ns1,p1,2026-03-02,\n"
    caseload = make_caseload(
        calendar=CALENDAR, students=students, contacts="student_id,occurred_at\n"
    )
    frame = evaluate_programs(caseload, as_of="2026-03-08", standards=["wa_open_doors"]).verdicts
    rows = frame[
        (frame["requirement_id"] == "wa_open_doors.weekly_contact") & (frame["subject_id"] == "s1")
    ]
    weeks = rows["period_start"].dt.strftime("%m-%d").tolist()
    assert weeks == ["01-05", "01-12", "01-19", "01-26", "02-02", "03-02"]


def test_an_explanation_shows_rows_with_empty_cells(make_caseload):
    contacts = "student_id,occurred_at,mode\ns1,2025-09-03,\n"
    caseload = make_caseload(calendar=CALENDAR, students=STUDENTS, contacts=contacts)
    evaluation = evaluate_programs(caseload, as_of="2025-09-30", standards=["sa_flo"])
    assert "contacts.csv" in explain_text(evaluation, "sa_flo.weekly_session", period="2025-09-01")


def test_a_statement_stands_for_the_requirement_that_covers_it(make_caseload):
    caseload = make_caseload(calendar=CALENDAR, students=STUDENTS)
    evaluation = evaluate_programs(caseload, as_of="2025-09-30", standards=["wa_open_doors"])
    assert explain_text(evaluation, "OD-07") == explain_text(evaluation, "staff_ratio")


def test_a_finding_of_which_the_counts_are_withheld_is_still_a_sentence(make_caseload):
    evaluation = evaluate_programs(
        make_caseload(calendar=CALENDAR, students=STUDENTS), as_of="2026-03-02"
    )
    hidden = withhold(evaluation.findings, evaluation.verdicts, ["requirement_id"])
    rules = {r.id: r for s in evaluation.standards.values() for r in s.requirements.values()}
    said = [finding_sentence(rules[row["requirement_id"]], row) for _, row in hidden.iterrows()]
    # One student, whose weeks cannot be told: even that is a count of few people.
    assert any("how many is withheld" in sentence for sentence in said)


def test_older_cases_that_are_still_open_are_told_of(make_caseload):
    # Of three referrals from before the school year, one was closed in time.
    referrals = """referral_id,student_id,program_id,received_at,closed_on
r1,s1,p1,2025-05-05,
r2,s1,p1,2025-05-06,2025-09-01
r3,s1,p1,2025-05-07,2025-08-29
r4,s1,p1,2025-09-01,
"""
    caseload = make_caseload(calendar=CALENDAR, students=STUDENTS, referrals=referrals)
    found = [
        note
        for name in ("fl_dspc", "bc_sd42")
        for note in evaluate_programs(caseload, as_of="2026-03-02", standards=[name]).plan.notes
    ]
    assert len(found) == 1 and "2 referrals from before 1 September 2025" in found[0]


def test_two_standards_of_one_name_are_refused(make_caseload, tmp_path):
    for name in ("a", "b"):
        text = '[standard]\nid = "mine"\ntitle = "Mine"\nextends = "sa_flo"\n'
        (tmp_path / f"{name}.toml").write_text(text)
    both = [tmp_path / "a.toml", tmp_path / "b.toml"]
    with pytest.raises(UsageError, match="have the same id"):
        evaluate_programs(make_caseload(students=STUDENTS), as_of="2026-03-02", standards=both)


def test_a_waiver_covers_the_periods_that_end_in_its_days(make_caseload, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        '[standard]\nid = "own"\ntitle = "Own"\nextends = "wa_open_doors"\n'
        '[[waiver]]\nrequirement = "wa_open_doors.weekly_contact"\nreason = "Strike"\n'
        "from = 2026-02-08\nuntil = 2026-02-15\n"
    )
    caseload = make_caseload(
        calendar=CALENDAR, students=STUDENTS, contacts="student_id,occurred_at\n"
    )
    verdicts = evaluate_programs(
        caseload, as_of="2026-02-22", since="2026-02-01", standards=[own]
    ).verdicts
    weeks = verdicts[verdicts["requirement_id"] == "wa_open_doors.weekly_contact"]
    # The weeks end on 8, 15 and 22 February: the first two in the waiver's days.
    assert weeks["status"].to_list() == ["not_applicable", "not_applicable", "not_met"]
    assert weeks["reason"].iloc[0] == "waived from 8 February 2026 until 15 February 2026: Strike"
