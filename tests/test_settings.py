"""Settings, and whom a requirement is asked of: what is allowed, and on which line it is not."""

from __future__ import annotations

import typing
from pathlib import Path

import pytest
from own_standard import NEW, Write, writer

from casekit.catalog import StandardError, load, sentences
from casekit.catalog.source import lines_of
from casekit.kinds import KINDS


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write base.toml and own.toml into a folder."""
    return writer(tmp_path)


def mistakes(path: Path) -> list[str]:
    """The lines that loading a file is answered with, without the folder's name."""
    with pytest.raises(StandardError) as told:
        load(path)
    return [line.replace(f"{path.parent}/", "") for line in str(told.value).splitlines()]


# Whom a requirement is asked of, and what it is set to.

GROUP = '[[requirement]]\nid = "base.weekly"\n'


@pytest.mark.parametrize(
    ("group", "said"),
    [
        ("{ support_hours = { over = 25 } }", "students whose support hours are over 25."),
        (
            "{ grade_level = { min = 10, max = 12 } }",
            "students whose grade level is at least 10 and at most 12.",
        ),
        ('{ designation = ["D", "H"] }', "students whose designation is D or H."),
        ("{ of_concern = true }", "students who are of concern."),
        (
            '{ of_concern = false, site_id = "North" }',
            "students who are not of concern and whose site id is North.",
        ),
        ("{ age = { min = 14 } }", "students whose age is at least 14."),
    ],
)
def test_whom_it_is_asked_of_is_said_in_words(write: Write, group: str, said: str) -> None:
    assert f"Asked of {said}" in sentences(load(write(GROUP + f"applies_to = {group}\n")))


def test_lists_are_read_as_tuples_and_tables_as_mappings(write: Write) -> None:
    text = GROUP + 'applies_to = { designation = ["D", "H"], age = { min = 14 } }\n'
    given = load(write(text)).requirements["base.weekly"].applies_to
    assert given == {"designation": ("D", "H"), "age": {"min": 14}}


@pytest.mark.parametrize(
    ("group", "said"),
    [
        ("{ suport_hours = 3 }", "'suport_hours' is not known: did you mean support_hours?"),
        ("{ age = { mn = 3 } }", "'mn' is not known: did you mean min? allowed: min, max, over"),
        ('{ age = { min = "3" } }', "applies_to age = {'min': '3'}: give text, a number"),
        ("{ age = {} }", "applies_to age = {}: give text, a number"),
        ("{ designation = [] }", "applies_to designation = []: give text"),
        ("{ designation = [1] }", "applies_to designation = [1]: give text"),
        ('"all"', "applies_to = 'all': give a table such as"),
    ],
)
def test_a_wrong_group_of_students_is_told(write: Write, group: str, said: str) -> None:
    (line,) = mistakes(write(GROUP + f"applies_to = {group}\n"))
    assert line.startswith("own.toml:7: requirement base.weekly")
    assert said in line


def judge(
    caseload: object,
    span: object,
    *,
    each: typing.Literal["student", "referral"] = "student",
    event: typing.Annotated[str, ("meeting", "plan")],
    parties: tuple[typing.Annotated[str, ("lea", "parent")], ...] = (),
    words: tuple[str, ...] = (),
    days: int = 0,
    ratio: float = 0,
    whole: bool = True,
) -> None:
    """A kind with a setting of every sort."""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ('each = "studnt"', "'studnt' is not known: did you mean student?"),
        ('event = "plann"', "'plann' is not known: did you mean plan? allowed: meeting, plan"),
        ('parties = ["lee"]', "'lee' is not known: did you mean lea?"),
        ('parties = "lea"', "give a list of texts"),
        ("words = [1]", "words = 1: give text"),
        ("days = 1.5", "days = 1.5: give a whole number"),
        ("days = true", "days = true: give a whole number"),
        ('ratio = "2"', "ratio = '2': give a number"),
        ("whole = 1", "whole = 1: give true or false"),
        ("dais = 1", "'dais' is not known: did you mean days?"),
    ],
)
def test_a_setting_is_held_against_the_kind(
    write: Write, monkeypatch: pytest.MonkeyPatch, given: str, said: str
) -> None:
    monkeypatch.setitem(KINDS, "judge", judge)
    event = "" if given.startswith("event") else ', event = "plan"'
    row = NEW.replace('"attestation"', f'"judge"\nwith = {{ {given}{event} }}')
    (line,) = mistakes(write(row))
    assert line.startswith("own.toml:11: requirement own.extra")
    assert said in line


def test_a_setting_that_is_lacking_is_told(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "judge", judge)
    (line,) = mistakes(write(NEW.replace('"attestation"', '"judge"')))
    assert "event is missing: every one needs event" in line


# Where in the file a thing stands.

LINES = '''a = 1
[standard] # a comment
id = "x"
levels = [
  "[[requirement]]", # no header
  "b",
]
[[requirement]]
title = """
[[requirement]]
"""
with.one = 1
with.two = 2

[[requirement]]
with = { one = 1 }
[requirement.applies_to]
age = 3
[[edition]]
[[edition.requirement]]
[[edition.requirement]]
"id" = 'y'
'''


def test_every_table_and_key_has_its_line() -> None:
    # Neither a text of several lines nor a list that looks like a header is one.
    assert lines_of(LINES) == {
        (): 1,
        ("a",): 1,
        ("standard",): 2,
        ("standard", "id"): 3,
        ("standard", "levels"): 4,
        ("requirement",): 8,
        ("requirement", 0): 8,
        ("requirement", 0, "title"): 9,
        ("requirement", 0, "with"): 12,
        ("requirement", 0, "with", "one"): 12,
        ("requirement", 0, "with", "two"): 13,
        ("requirement", 1): 15,
        ("requirement", 1, "with"): 16,
        ("requirement", 1, "with", "one"): 16,
        ("requirement", 1, "applies_to"): 17,
        ("requirement", 1, "applies_to", "age"): 18,
        ("edition",): 19,
        ("edition", 0): 19,
        ("edition", 0, "requirement"): 20,
        ("edition", 0, "requirement", 0): 20,
        ("edition", 0, "requirement", 1): 21,
        ("edition", 0, "requirement", 1, "id"): 22,
    }


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "a = 1\r\nb = 2\r\n"])
def test_a_text_without_a_table_has_a_first_line(text: str) -> None:
    assert lines_of(text)[()] == 1
