"""A standard's TOML: what it extends, what it waives, and its editions."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import textstat
from own_standard import BASE, NEW, OWN, WAIVER, Write, writer

from casekit.catalog import (
    Requirement,
    Standard,
    StandardError,
    Waiver,
    load,
    sentences,
    settings_of,
    shipped_standards,
)
from casekit.catalog.computed import SENTENCES, computed
from casekit.catalog.words import shown_by
from casekit.kinds import KINDS

Loaded = Callable[..., Standard]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write base.toml and own.toml into a folder."""
    return writer(tmp_path)


@pytest.fixture
def own(write: Write) -> Loaded:
    """Our own standard, over the base."""
    return lambda text="", on=None: load(write(text), on)


# What a standard of one's own has from its base.


def test_what_is_not_changed_is_taken_over(own: Loaded) -> None:
    standard = own()
    assert (standard.id, standard.extends) == ("own", "base")
    assert (standard.issuer, standard.edition) == ("A state", "First")
    assert list(standard.requirements) == ["base.caseload", "base.weekly", "base.asked"]


def test_a_requirement_is_changed_only_in_the_keys_given(own: Loaded) -> None:
    changed = own('[[requirement]]\nid = "base.caseload"\nwith = { at_most = 20 }\n')
    row = changed.requirements["base.caseload"]
    assert (row.settings["at_most"], row.title, row.level) == (20, "At most 25", "low")


def test_settings_are_changed_one_by_one(own: Loaded) -> None:
    changed = own('[[requirement]]\nid = "base.weekly"\nwith = { open_days = 3 }\n')
    assert changed.requirements["base.weekly"].settings == {"open_days": 3, "modes": ("in_person",)}


def test_another_kind_starts_without_the_settings_of_the_old_one(own: Loaded) -> None:
    # at_most would be no setting of staff_ratio.
    row = '[[requirement]]\nid = "base.caseload"\nkind = "staff_ratio"\nwith = { per_staff = 60 }\n'
    assert own(row).requirements["base.caseload"].settings == {"per_staff": 60}


def test_one_of_our_own_needs_no_statements(own: Loaded) -> None:
    assert own(NEW).requirements["own.extra"].statements == ()


def test_a_standard_may_extend_one_that_extends_another(write: Write) -> None:
    path = write(NEW).with_name("school.toml")
    path.write_text(
        '[standard]\nid = "school"\ntitle = "A school"\nextends = "own.toml"\n'
        '[[requirement]]\nid = "own.extra"\ntitle = "Changed twice"\n'
        '[[requirement]]\nid = "base.weekly"\ntitle = "From the state"\n'
    )
    rows = load(path).requirements
    assert [rows[name].title for name in ("own.extra", "base.weekly")] == [
        "Changed twice",
        "From the state",
    ]


def test_a_shipped_standard_is_extended_by_its_id(write: Write) -> None:
    path = write()
    path.write_text(OWN.replace("base.toml", "sa_flo"))
    assert load(path).requirements == load("sa_flo").requirements


def test_an_empty_extends_is_none(write: Write) -> None:
    path = write()
    path.write_text('[standard]\nid = "own"\ntitle = "T"\nextends = ""\n' + NEW)
    with pytest.raises(StandardError, match="issuer is missing"):
        load(path)


# Waivers.


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2025, 12, 31), False),  # the day before it begins
        (date(2026, 1, 1), True),
        (date(2026, 6, 30), True),  # the last day is included
        (date(2026, 7, 1), False),
    ],
)
def test_a_waiver_holds_from_its_first_day_to_its_last(day: date, holds: bool) -> None:
    waiver = Waiver("base.weekly", "No room", date(2026, 6, 30), date(2026, 1, 1))
    assert waiver.holds(day) is holds


def test_a_waiver_without_a_first_day_holds_from_ever() -> None:
    assert Waiver("base.weekly", "No room", date(2026, 6, 30)).holds(date(1999, 1, 1))


def test_a_waiver_is_read_and_said(own: Loaded) -> None:
    standard = own(WAIVER)
    assert standard.waivers == {"base.weekly": Waiver("base.weekly", "No room", date(2026, 6, 30))}
    assert "Waived until 30 June 2026: No room" in sentences(standard)


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (None, "Waived until 30 June 2026"),
        (date(2026, 6, 30), "Waived until 30 June 2026"),
        (date(2026, 7, 1), "Waived (ended) until 30 June 2026"),
    ],
)
def test_a_waiver_that_has_ended_by_the_day_is_marked(
    own: Loaded, on: date | None, said: str
) -> None:
    assert said in sentences(own(WAIVER), on)


def test_a_waiver_that_begins_after_the_day_is_marked(own: Loaded) -> None:
    later = own(WAIVER + "from = 2026-01-01\n")
    assert "Waived (not begun) from 1 January" in sentences(later, date(2025, 12, 31))


# Editions: written here in the wrong order, as one may.

EDITIONS = """
[[edition]]
name = "Third"
from = 2026-02-01
why = "It was too much."
drops = ["own.extra"]

[[edition.requirement]]
id = "base.caseload"
with = { at_most = 30 }

[[edition]]
name = "Second"
from = 2025-08-01
why = "It was too little."

[[edition.requirement]]
id = "base.caseload"
with = { at_most = 20 }
"""


@pytest.mark.parametrize(
    ("on", "edition", "at_most"),
    [
        (date(2025, 7, 31), "First", 25),
        (date(2025, 8, 1), "Second", 20),  # the day on which it begins
        (date(2026, 1, 31), "Second", 20),
        (date(2026, 2, 1), "Third", 30),
        (None, "Third", 30),  # without a day, all of them
    ],
)
def test_the_editions_begun_by_a_day_are_in_force(
    own: Loaded, on: date | None, edition: str, at_most: int
) -> None:
    standard = own(NEW + EDITIONS, on)
    assert standard.edition == edition
    assert standard.requirements["base.caseload"].settings == {"at_most": at_most}


def test_what_an_edition_drops_is_asked_until_then(own: Loaded) -> None:
    days = (date(2026, 1, 31), date(2026, 2, 1))
    assert ["own.extra" in own(NEW + EDITIONS, day).requirements for day in days] == [True, False]


def test_what_one_edition_dropped_a_later_one_cannot_change(write: Write) -> None:
    first = '[[edition]]\nname = "Second"\nfrom = 2026-01-01\nwhy = "A."\ndrops = ["base.asked"]\n'
    later = '[[edition]]\nname = "Third"\nfrom = 2027-01-01\nwhy = "B."\n'
    change = '[[edition.requirement]]\nid = "base.asked"\ntitle = "Asked again"\n'
    load(write(later + change))
    with pytest.raises(StandardError, match=r"own.toml:15: requirement base.asked is not known"):
        load(write(first + later + change))


def test_an_edition_may_add_a_requirement(own: Loaded) -> None:
    adds = '[[edition]]\nname = "New"\nfrom = 2026-01-01\nwhy = "Asked."\n'
    adds += NEW.replace("[[requirement]]", "[[edition.requirement]]")
    days = (date(2025, 12, 31), date(2026, 1, 1))
    assert ["own.extra" in own(adds, day).requirements for day in days] == [False, True]


def test_the_base_is_taken_in_the_edition_of_the_day(write: Write) -> None:
    # The base adds a requirement in 2026, which we change: before that there is nothing to change.
    added = NEW.replace("[[requirement]]", "[[edition.requirement]]").replace("own.", "base.")
    edition = '[[edition]]\nname = "New"\nfrom = 2026-01-01\nwhy = "Asked."\n'
    path = write('[[requirement]]\nid = "base.extra"\ntitle = "Ours"\n', BASE + edition + added)
    assert load(path, date(2026, 1, 1)).requirements["base.extra"].title == "Ours"
    assert "base.extra" not in load(path, date(2025, 12, 31)).requirements


# What is computed, said as a sentence.

COMPUTED = [
    requirement
    for name in shipped_standards()
    for requirement in load(name).requirements.values()
    if not requirement.attested
]


@pytest.mark.parametrize("requirement", COMPUTED, ids=lambda each: each.id)
def test_what_is_computed_is_a_sentence(requirement: Requirement) -> None:
    said = shown_by(requirement)
    assert said.startswith("Computed: ") and said.endswith(".")
    assert not re.search(r"_|\(|:.*:|  |\bNone\b", said)


def test_what_is_computed_reads_at_grade_nine_or_lower() -> None:
    said = " ".join(shown_by(each).removeprefix("Computed: ") for each in COMPUTED)
    assert textstat.flesch_kincaid_grade(said) <= 9


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_s_sentence_knows_each_of_its_settings(kind: str) -> None:
    known = inspect.signature(SENTENCES[kind]).parameters
    assert {name: each.default for name, each in known.items()} == {
        name: each.default for name, each in settings_of(kind).items()
    }


@pytest.mark.parametrize(
    ("kind", "settings", "said"),
    [
        (
            "followed_by",
            {"each": "referral", "step": "face_sheet_completed", "later": ("face_sheet_sent",)},
            "after each referral there is a completed face sheet, before any later step",
        ),
        (
            "meeting_step",
            {"meeting": "iep_meeting", "step": "written_notice", "days_before": 1, "ways": 2},
            "there is a written notice at least 1 day before each IEP meeting, in at least 2 ways",
        ),
        (
            "meeting_step",
            {"meeting": "iep_meeting", "step": "draft_shared", "school_days_after": 2},
            "there is a draft shared within 2 school days after each IEP meeting",
        ),
        (
            "meeting_step",
            {
                **{"meeting": "iep_meeting", "step": "draft_shared"},
                **{"months_before": 1, "days_before": 2},
            },
            "there is a draft shared at least 1 month and 2 days before each IEP meeting",
        ),
        (
            "qualification",
            {"degree": "associate", "certificates": ("cert_iv_youth_work",)},
            "each case manager has an associate degree or a higher one, or a Certificate IV in"
            " Youth Work",
        ),
        (
            "on_file",
            {"event": "student_contract", "any_time": True, "validity": "any"},
            "each student has a student contract on record",
        ),
    ],
)
def test_a_kind_is_said_with_its_settings(kind: str, settings: dict, said: str) -> None:
    assert computed(kind, settings) == said


def test_a_kind_without_a_sentence_is_said_by_its_settings(
    monkeypatch: pytest.MonkeyPatch, own: Loaded
) -> None:
    monkeypatch.delitem(SENTENCES, "caseload")
    assert shown_by(own().requirements["base.caseload"]) == "Computed by caseload: at_most 25."


def test_who_issued_it_is_said_with_one_full_stop(own: Loaded, write: Write) -> None:
    assert "Issued by A state. Source: A text. Edition: First.\n" in sentences(own())
    ended = BASE.replace('"A text"', '"A text."').replace('"First"', '"First."')
    assert "Source: A text. Edition: First.\n" in sentences(load(write("", ended)))


def test_a_title_that_cannot_be_shown_is_refused(write: Write) -> None:
    # A figure with such a character in it cannot be drawn at all.
    with pytest.raises(StandardError, match="title holds a character that cannot be shown"):
        load(write(NEW.replace("One more", "One\\u001bmore")))
