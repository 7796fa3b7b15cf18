"""Walking through a standard: every requirement has an example that the real rules judge."""

from __future__ import annotations

import pytest

from casekit.catalog import load, settings_of, shipped_standards
from casekit.kinds import KINDS
from casekit.workshop.arithmetic import Step, walk, work
from casekit.workshop.controls import Choice, start
from casekit.workshop.examples import EXAMPLES

STEPS = [step for name in shipped_standards() for step in walk(load(name))]
COMPUTED = [step for step in STEPS if not step.requirement.attested]


def different(steps: list[Step]) -> list:
    """One step of each kind and settings: titles alone change no verdict."""
    found = {
        str((s.requirement.kind, s.requirement.settings, s.requirement.applies_to)): s
        for s in reversed(steps)
    }
    return [pytest.param(step, id=step.requirement.id) for step in reversed(found.values())]


def step_of(requirement: str) -> Step:
    return next(step for step in STEPS if step.requirement.id == requirement)


@pytest.mark.parametrize("step", different(COMPUTED))
def test_the_example_starts_met_and_can_be_missed(step: Step) -> None:
    judged = [work(step, start(step.example, met)) for met in (True, False)]
    assert [each.status for each in judged] == ["met", "not_met"]
    assert all(each.arithmetic for each in judged)


@pytest.mark.parametrize("step", different(COMPUTED))
def test_the_controls_start_within_their_ends(step: Step) -> None:
    for control in step.example.controls:
        if isinstance(control, Choice):
            assert {control.met, control.missed} <= set(control.options)
        else:
            assert control.low <= min(control.met, control.missed)
            assert max(control.met, control.missed) <= control.high


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_has_an_example_that_takes_its_settings(kind: str) -> None:
    arguments = EXAMPLES[kind].__code__
    assert list(arguments.co_varnames[: arguments.co_argcount]) == list(settings_of(kind))


def test_clause_sum_and_verdict_change_together() -> None:
    # 76 students to one full-time person are one too many; 75 to 0.8 are 93.75 to one.
    ratio = step_of("wa_open_doors.staff_ratio")
    full = work(ratio, {"students": 75})
    more = work(ratio, {"students": 76})
    part = work(ratio, {"students": 75, "fte": 80})
    assert (full.verdict, more.verdict, part.verdict) == ("Met", "Not met", "Not met")
    assert "93.75" in part.arithmetic
    assert "at most 75 students" in ratio.clause
    assert len(more.roster["students"]) == 76


def test_a_control_says_of_whom_it_is_asked() -> None:
    # Exactly 25 hours are not more than 25.
    step = step_of("bc_sd42.case_manager_over_25_hours")
    statuses = [work(step, {"wait": 5, "support_hours": h}).status for h in (25, 26)]
    assert statuses == ["not_applicable", "not_met"]


def test_an_attested_requirement_shows_its_question_and_takes_an_answer() -> None:
    step = step_of("wa_open_doors.integrated_services")
    given = {answer: work(step, {"answer": answer}).status for answer in ("yes", "partly", "none")}
    assert given == {"yes": "met", "partly": "not_met", "none": "cannot_tell"}
    assert step.requirement.question in step.clause
    assert step.requirement.evidence in step.clause


OWN = """
[standard]
id = "our_district"
title = "Our district"
extends = "wa_open_doors"

[[requirement]]
id = "wa_open_doors.staff_ratio"
with = { per_staff = 40 }
"""


def test_a_standard_of_ones_own_is_walked_through_with_its_own_numbers(tmp_path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    ratio = next(s for s in walk(load(path)) if s.requirement.kind == "staff_ratio")
    assert [work(ratio, {"students": n}).status for n in (40, 41)] == ["met", "not_met"]
