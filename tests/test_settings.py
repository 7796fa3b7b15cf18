"""Settings, and whom a requirement is asked of: what is allowed, and on which line it is not."""

from __future__ import annotations

import typing
from pathlib import Path

import pytest
from own_standard import NEW, Write, writer

from casekit.catalog import StandardError, load, sentences, settings_of
from casekit.catalog.limits import LIMITS
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
        ('{ age = { min = "3" } }', 'applies_to age = { min = "3" }: give numbers'),
        ("{ age = { min = nan } }", "applies_to age = { min = nan }: give numbers"),
        ("{ age = {} }", "applies_to age = {}: give numbers"),
        ("{ designation = [] }", "applies_to designation = []: give text"),
        ("{ designation = [1] }", "applies_to designation = [1]: give text"),
        ("{ designation = true }", "applies_to designation = true: give text"),
        ("{ designation = { min = 3 } }", "designation = { min = 3 }: give text, or a list"),
        ('{ of_concern = "yes" }', 'of_concern = "yes": give true or false'),
        ('{ support_hours = "25" }', 'support_hours = "25": give a number, or numbers'),
        ("{ age = true }", "applies_to age = true: give a number"),
        ("{ birth_date = { min = 2010 } }", "birth_date is a day, and days cannot be asked for"),
        ("{ grade_level = true }", "grade_level = true: give text, or a list of texts"),
        ("{ grade_level = { min = 12, max = 10 } }", "no number is within these bounds"),
        ("{ support_hours = { over = 25, max = 25 } }", "no number is within these bounds"),
        ('"all"', 'applies_to = "all": give a table such as'),
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
        ('ratio = "2"', 'ratio = "2": give a number'),
        ("ratio = nan", "ratio = nan: give a number"),
        ("ratio = -inf", "ratio = -inf: give a number"),
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


# What the kinds' own settings must hold.

IN_MEETING = 'meeting = "iep_meeting"'


@pytest.mark.parametrize(
    ("kind", "settings", "said"),
    [
        ("caseload", "at_most = -5", "at_most = -5: give a number from 1 to 10,000"),
        ("caseload", "at_most = 0", "at_most = 0: give a number from 1"),
        ("caseload", f"at_most = {'9' * 26}", "give a number from 1 to 10,000"),
        ("staff_ratio", "per_staff = nan", "per_staff = nan: give a number from 1"),
        ("qualification", "years = inf", "years = inf: give a number from 0 to 60"),
        ("first_contact", 'unit = "days", within = 10000000', "a number from 1 to 36,600"),
        ("first_contact", 'unit = "days"', "within is missing: say how many days"),
        ("first_contact", 'unit = "days", within = 1.5', "give whole days, or hours"),
        ("first_contact", 'unit = "school_year", within = 7', "within counts for nothing"),
        ("weekly_contact", "open_days = 9", "open_days = 9: give a number from 1 to 7"),
        ("goals_measured", "weeks = 3", "weeks = 3: give a number from 1 to 2"),
        ("seen_in_contacts", "each = true", "give topics, settings or modes"),
        ("qualification", 'degree_fields = ["education"]', "give degree, years or certificates"),
        ("contacts_documented", "shown_by = []", "there is nothing to look for: give shown_by"),
        ("monthly_minutes", "at_least = 120, modes = []", "modes is missing"),
        (
            "meeting_step",
            f'{IN_MEETING}, step = "written_notice", days_before = 14, school_days_after = 2',
            "days_before counts for nothing beside school_days_after",
        ),
        (
            "meeting_step",
            f'{IN_MEETING}, step = "iep_meeting"',
            "meeting and step are both iep_meeting: give two types of event",
        ),
        (
            "preceded_by",
            'events = ["hearing"], steps = ["hearing_scheduled", "hearing"]',
            "events and steps are both hearing",
        ),
        (
            "documented",
            'event = "family_evening"',
            "'family_evening' is not known: allowed: iep_meeting, iep_draft_started,",
        ),
    ],
)
def test_a_setting_that_would_judge_wrongly_is_refused(
    write: Write, kind: str, settings: str, said: str
) -> None:
    (line,) = mistakes(write(NEW.replace('"attestation"', f'"{kind}"\nwith = {{ {settings} }}')))
    assert line.startswith("own.toml:11: requirement own.extra")
    assert said in line


def test_a_number_that_is_the_default_says_that_it_is_not_given(write: Write) -> None:
    # So a district can take days_before away from a step and count the days after it.
    given = f'{IN_MEETING}, step = "written_notice", days_before = 0, school_days_after = 2'
    load(write(NEW.replace('"attestation"', f'"meeting_step"\nwith = {{ {given} }}')))


def test_every_number_that_a_kind_takes_has_its_limits() -> None:
    numbers = {
        name
        for kind in KINDS
        for name, parameter in settings_of(kind).items()
        if parameter.annotation in (int, float)
    }
    assert numbers == set(LIMITS)


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
