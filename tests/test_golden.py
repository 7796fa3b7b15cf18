"""The golden cases: every computed requirement, met and not met, on the line and not known."""

from __future__ import annotations

import pytest
from golden_cases import CASES, Case

from casekit.catalog import load, shipped_standards

COMPUTED = [
    requirement.id
    for name in shipped_standards()
    for requirement in load(name).requirements.values()
    if not requirement.attested
]


def named(cases: list[Case]) -> list:
    return [case.param for case in cases]


@pytest.mark.parametrize("case", named(CASES))
def test_the_finding_is_as_the_standard_says(case: Case) -> None:
    findings = case.evaluation.findings.set_index("requirement_id")
    assert findings.loc[case.requirement, "status"] == case.expect, case.why


@pytest.mark.parametrize("case", named([case for case in CASES if case.observed is not None]))
def test_what_was_observed_is_as_worked_out_by_hand(case: Case) -> None:
    rows = case.evaluation.verdicts
    observed = set(rows.loc[rows["status"] == case.expect, "observed"])
    assert observed == {case.observed}, case.why


@pytest.mark.parametrize("case", named([case for case in CASES if case.rows]))
def test_the_verdict_rows_are_as_the_standard_says(case: Case) -> None:
    found = case.evaluation.verdicts.rename(columns={"subject_id": "subject"})
    columns = list(dict.fromkeys(name for row in case.rows for name in row))
    texts = found[columns].astype({n: str for n in columns if n not in ("observed", "days_over")})
    key = ["subject", "period_start"]
    assert texts.sort_values(key).to_dict("records") == case.rows, case.why


def told(status: str) -> set[str]:
    return {case.requirement for case in CASES if case.expect == status}


@pytest.mark.parametrize("status", ["met", "not_met", "cannot_tell"])
def test_every_computed_requirement_has_a_case_that_is(status: str) -> None:
    assert sorted(set(COMPUTED) - told(status)) == []


def test_every_computed_requirement_has_cases_on_both_sides_of_its_line() -> None:
    sides = {(case.requirement, case.expect) for case in CASES if case.boundary}
    lacking = {r for r in COMPUTED if len({status for name, status in sides if name == r}) < 2}
    assert sorted(lacking) == []


def test_no_case_is_of_a_requirement_that_is_not_there() -> None:
    assert sorted({case.requirement for case in CASES} - set(COMPUTED)) == []


def test_no_two_cases_of_a_requirement_have_one_name() -> None:
    names = [(case.requirement, case.name) for case in CASES]
    assert sorted(names) == sorted(set(names))
