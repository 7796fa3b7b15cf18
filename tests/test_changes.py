"""What moved from one standard to another, said in sentences."""

from __future__ import annotations

from pathlib import Path

import pytest
from own_standard import NEW, WAIVER, Write, writer

from casekit.catalog import load, settings_of
from casekit.catalog.changes import STRICTNESS, changes, summary


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write base.toml and own.toml into a folder."""
    return writer(tmp_path)


def moved(path: Path) -> list[str]:
    """The sentences about what our own standard changes in its base."""
    return changes(load(path.with_name("base.toml")), load(path))


def test_nothing_moved_between_a_standard_and_itself(write: Write) -> None:
    base = load(write().with_name("base.toml"))
    assert changes(base, base) == []
    assert summary(base, base).endswith("0 added, 0 changed, 0 dropped and 3 as before.")


def test_what_moved_is_told_key_by_key(write: Write) -> None:
    text = (
        '[[requirement]]\nid = "base.caseload"\nlevel = "high"\nwith = { at_most = 30 }\n'
        "target = 0.9\n"
    )
    assert moved(write(text))[-1] == (
        "Changed: base.caseload (At most 25): level “low” -> “high”;"
        " at_most 25 -> 30 (less strict); target 1 -> 0.9 (less strict)."
    )


def test_whom_it_is_asked_of_now_and_before_is_told(write: Write) -> None:
    text = '[[requirement]]\nid = "base.weekly"\napplies_to = { age = { min = 14 } }\n'
    assert moved(write(text))[-1].endswith(
        "asked of students whose age is at least 14; before, asked of all."
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (NEW, "Added: own.extra (One more). Attested: Is it so? Evidence: A list."),
        (
            '[[edition]]\nname = "E"\nfrom = 2026-01-01\nwhy = "W"\ndrops = ["base.asked"]\n',
            "Dropped: base.asked (Someone asks).",
        ),
        (WAIVER, "Waived: base.weekly (Seen each week) until 30 June 2026: No room"),
        (
            '[[requirement]]\nid = "base.weekly"\nwith = { two_way = true }\n',
            "Changed: base.weekly (Seen each week): two_way not given -> yes.",
        ),
        (
            '[[requirement]]\nid = "base.asked"\nkind = "staff_present"\n'
            "with = { at_work = true }\n",
            "Changed: base.asked (Someone asks): it is now computed: on every open day with"
            " students, staff for case management are at work; it was attested: Does someone ask?"
            " Evidence: Notes.",
        ),
    ],
    ids=["added", "dropped", "waived", "a setting", "the kind"],
)
def test_each_sort_of_change_is_a_sentence(write: Write, text: str, said: str) -> None:
    assert said in moved(write(text))


def test_a_waiver_that_is_gone_is_told(write: Write) -> None:
    path = write(WAIVER)
    assert "No longer waived: base.weekly." in changes(
        load(path), load(path.with_name("base.toml"))
    )


def test_what_is_called_stricter_is_a_setting_that_a_kind_has() -> None:
    assert all(name in settings_of(kind) for kind, name in STRICTNESS)
