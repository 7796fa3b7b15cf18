"""The hunt: a seeded roster, marks by the rules that make the reports, the key beside them."""

from __future__ import annotations

import pytest

from casekit.evaluate import UsageError
from casekit.synth import STANDARDS
from casekit.workshop.hunt import FALSE_ALARM, FOUND, MISSED, Hunt, mark, prepare, score


@pytest.fixture(scope="module")
def hunt() -> Hunt:
    return prepare(seed=1, standard="sa_flo", programs=3, students=8)


@pytest.mark.parametrize("standard", STANDARDS)
def test_what_was_planted_is_what_the_rules_find(standard: str) -> None:
    found = prepare(seed=3, standard=standard, programs=2, students=6)
    assert found.breached
    assert found.disputed == frozenset()


def test_what_nobody_planted_is_disputed(hunt: Hunt) -> None:
    pair = next(iter(hunt.breached))
    fewer = {other: why for other, why in hunt.planted.items() if other != pair}
    assert Hunt(hunt.tables, fewer, hunt.evaluation).disputed == {pair}


def test_the_same_seed_gives_the_same_roster(hunt: Hunt) -> None:
    again = prepare(seed=1, standard="sa_flo", programs=3, students=8)
    assert all(table.equals(hunt.tables[name]) for name, table in again.tables.items())


def test_the_roster_is_about_the_programs_of_one_standard_and_their_people(hunt: Hunt) -> None:
    assert set(hunt.tables["programs"]["standard_ids"]) == {"sa_flo"}
    people = set(hunt.tables["students"]["student_id"])
    assert set(hunt.tables["contacts"]["student_id"]) <= people
    assert hunt.evaluation.caseload.problems.empty


def test_only_computed_requirements_can_be_hunted(hunt: Hunt) -> None:
    program = next(iter(hunt.programs))
    assert not [each.id for each in hunt.asked(program) if each.attested]


def test_the_last_program_of_several_is_clean(hunt: Hunt) -> None:
    assert not [pair for pair in hunt.breached if pair[0] == list(hunt.programs)[-1]]


def test_marks_are_found_missed_and_false_alarms(hunt: Hunt) -> None:
    right, *others = sorted(hunt.breached)
    clean = list(hunt.programs)[-1]
    marked = mark(hunt, [right, (clean, "sa_flo.caseload")])
    by = {
        name: set(zip(rows.program_id, rows.requirement_id, strict=True))
        for name, rows in marked.groupby("mark")
    }
    assert by == {
        FOUND: {right},
        FALSE_ALARM: {(clean, "sa_flo.caseload")},
        MISSED: set(others),
    }


def test_each_mark_is_explained_by_the_rule_and_by_what_was_planted(hunt: Hunt) -> None:
    marked = mark(hunt, [])
    assert (marked["why"] != "").all()
    assert (marked["planted"] != "").all()
    assert (marked["status"] == "not_met").all()


def test_a_mark_of_what_is_not_in_the_roster_counts_for_nothing(hunt: Hunt) -> None:
    assert mark(hunt, [("P-99", "no.such")]).equals(mark(hunt, []))


def test_the_score_is_one_sentence(hunt: Hunt) -> None:
    everything = mark(hunt, hunt.breached)
    number = len(hunt.breached)
    assert score(everything) == f"{number} of {number} breaches found, 0 missed, 0 false alarms."


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"standard": "no_such"}, "choose one of"),
        ({"students": 1}, "students is 1"),
        ({"programs": 0}, "programs is 0"),
        ({"programs": 999}, "at most 20"),
        ({"students": 999}, "at most 60"),
    ],
)
def test_a_roster_that_cannot_be_is_refused_in_words(asked: dict, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        prepare(1, **asked)
