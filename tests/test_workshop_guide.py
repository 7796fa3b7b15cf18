"""The trainer's guide: its answer key is that of its own seed, and its day has 90 minutes."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

from casekit.workshop.answers import Session

HOUSE = Path(__file__).parents[1]
GUIDE = (HOUSE / "docs" / "workshop.md").read_text(encoding="utf-8")


def test_the_answer_key_is_fresh() -> None:
    made = runpy.run_path(str(HOUSE / "docs" / "generate.py"))
    assert made["filled"](GUIDE, made["WORKSHOP_LISTS"]) == GUIDE, "run: make docs"


def test_the_key_is_for_the_session_that_a_notebook_begins_with() -> None:
    assert f"For {Session()}." in GUIDE


def test_the_minutes_follow_one_another_to_90() -> None:
    parts = [
        (int(first), int(last)) for first, last in re.findall(r"^\| (\d+) to (\d+) ", GUIDE, re.M)
    ]
    firsts, lasts = zip(*parts, strict=True)
    assert (0, *lasts[:-1]) == firsts
    assert lasts[-1] == 90
