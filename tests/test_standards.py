"""The shipped standards: every statement is answered for, and everything said is plain."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import pytest
import textstat

from casekit.catalog import Requirement, Standard, load, shipped_standards

STATEMENTS = Path(__file__).parents[2] / "shared" / "sources" / "statements.tsv"
STANDARDS = {name: load(name) for name in shipped_standards()}
REQUIREMENTS = [row for standard in STANDARDS.values() for row in standard.requirements.values()]
ASKED = [row for row in REQUIREMENTS if row.attested or row.question]
COMPUTED = [row for row in REQUIREMENTS if not row.attested]

# The standards that answer for every statement of their source, and how these are numbered.
WHOLE = {
    "wa_open_doors": "OD-",
    "sa_flo": "FL-",
    "bc_sd42": "SD-",
    "ks_wyandotte": "WY-",
    "fl_dspc": "DS-",
}

SA_FLO_ELEMENTS = {
    "Case management": {"Living, learning and transition", "Secondary school learning"},
    "Human resources": {
        "Skill sets and experience",
        "Induction and professional development",
        "Support and supervision",
    },
    "Organisational capacity": {"Organisational capacity"},
    "Data, reporting and communication": {
        "Data management",
        "FLO communication reports, attendance and participation",
        "Student progress reports",
        "School reports",
    },
}
# Statements that describe a level as a whole: attested, outside areas and the gate.
ABOUT_A_LEVEL = {"FL-83", "FL-84", "FL-85", "FL-86", "FL-87", "FL-88"}


@pytest.fixture
def statements() -> list[str]:
    """The ids of all statements of the sources."""
    if not STATEMENTS.exists():
        pytest.skip("the sources' statements.tsv is not beside this repository")
    with STATEMENTS.open(encoding="utf-8", newline="") as file:
        return [row["statement"] for row in csv.DictReader(file, delimiter="\t")]


def covered(standard: Standard) -> set[str]:
    return {name for row in standard.requirements.values() for name in row.statements}


def answered_for(standard: Standard) -> set[str]:
    return covered(standard) | set(standard.asks_nothing)


def in_areas() -> list[Requirement]:
    return [row for row in STANDARDS["sa_flo"].requirements.values() if row.area]


@pytest.mark.parametrize("name", WHOLE)
def test_every_statement_is_covered_or_said_to_ask_nothing(
    name: str, statements: list[str]
) -> None:
    theirs = {statement for statement in statements if statement.startswith(WHOLE[name])}
    assert answered_for(STANDARDS[name]) == theirs


def test_every_statement_named_stands_in_the_sources(statements: list[str]) -> None:
    assert set().union(*map(answered_for, STANDARDS.values())) <= set(statements)


@pytest.mark.parametrize("name", STANDARDS)
def test_no_statement_is_both_covered_and_said_to_ask_nothing(name: str) -> None:
    assert not covered(STANDARDS[name]) & set(STANDARDS[name].asks_nothing)


def test_no_statement_is_claimed_by_two_standards() -> None:
    claims = [statement for row in STANDARDS.values() for statement in answered_for(row)]
    assert len(claims) == len(set(claims))


def test_a_file_is_named_after_its_standard() -> None:
    assert [standard.id for standard in STANDARDS.values()] == list(STANDARDS)


def test_sa_flo_has_the_areas_and_elements_of_its_source() -> None:
    found: dict[str, set[str]] = {}
    for row in in_areas():
        found.setdefault(row.area, set()).add(row.element)
    assert found == SA_FLO_ELEMENTS


def test_every_element_of_sa_flo_asks_something_at_its_first_level() -> None:
    elements = {element for some in SA_FLO_ELEMENTS.values() for element in some}
    assert {row.element for row in in_areas() if row.level == "functioning"} == elements


def test_every_area_of_sa_flo_asks_something_at_every_level() -> None:
    asked = {(row.area, row.level) for row in in_areas()}
    levels = STANDARDS["sa_flo"].levels
    assert asked == {(area, level) for area in SA_FLO_ELEMENTS for level in levels}


def test_only_statements_about_a_level_as_a_whole_stand_outside_the_areas() -> None:
    outside = [row for row in STANDARDS["sa_flo"].requirements.values() if not row.area]
    assert {name for row in outside for name in row.statements} == ABOUT_A_LEVEL
    assert all(row.attested and row.level and not row.element for row in outside)


def test_every_part_of_a_statement_with_several_parts_is_shown() -> None:
    # Seven topics of training, three sets of rules, three kinds of data.
    rows = STANDARDS["sa_flo"].requirements.values()
    parts = {s: sum(s in row.statements for row in rows) for s in ("FL-38", "FL-52", "FL-61")}
    assert parts == {"FL-38": 7, "FL-52": 3, "FL-61": 3}


@pytest.mark.parametrize("row", ASKED, ids=lambda row: row.id)
def test_what_is_asked_is_a_question_with_what_would_show_it(row: Requirement) -> None:
    assert row.question.endswith("?") and row.evidence.endswith(".")


@pytest.mark.parametrize("row", COMPUTED, ids=lambda row: row.id)
def test_a_computed_requirement_says_what_to_do_when_it_is_not_met(row: Requirement) -> None:
    assert row.advice.endswith(".")


def test_what_only_the_newsletter_says_is_guidance() -> None:
    # Assessments and a case manager on every open day are not in the law itself.
    open_doors = STANDARDS["wa_open_doors"].requirements
    newsletter = ("wa_open_doors.assessment", "wa_open_doors.staff_available")
    assert [open_doors[name].authority for name in newsletter] == ["guidance", "guidance"]


def too_hard(row: Requirement) -> dict[str, float]:
    """The texts of a requirement that read above grade 9, and their grades.

    A text is measured by itself from ten words on, and all of them together: the grade of a few
    words says little. No term of the field is left out of the measure.
    """
    texts = [row.title + ".", row.question, row.evidence, row.advice]
    measured = [text for text in texts if len(text.split()) >= 10]
    grades = {text: textstat.flesch_kincaid_grade(text) for text in [*measured, " ".join(texts)]}
    return {text: grade for text, grade in grades.items() if grade > 9}


@pytest.mark.parametrize("row", REQUIREMENTS, ids=lambda row: row.id)
def test_a_requirement_reads_at_grade_nine_or_lower(row: Requirement) -> None:
    assert too_hard(row) == {}


def test_officialese_is_found_too_hard() -> None:
    # What the test above would say of a text that nobody wants to read.
    officialese = (
        "Organisational contingency arrangements facilitating multidisciplinary collaboration"
        " necessitate periodic evaluation of interdepartmental communication methodologies."
    )
    row = dataclasses.replace(COMPUTED[0], advice=officialese)
    assert officialese in too_hard(row)
