"""The documents say what is so: lists are fresh, links lead somewhere, commands exist."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from casekit.catalog import settings_of
from casekit.cli import build
from casekit.kinds import KINDS

HOUSE = Path(__file__).parents[1]
README = HOUSE / "README.md"
PAGES = [README, HOUSE / "CHANGELOG.md", *sorted((HOUSE / "docs").glob("*.md"))]
GENERATE = runpy.run_path(str(HOUSE / "docs" / "generate.py"))

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def test_the_lists_of_the_readme_are_fresh() -> None:
    text = README.read_text(encoding="utf-8")
    assert GENERATE["filled"](text) == text, "run: make docs"


def test_the_page_of_tables_is_fresh() -> None:
    text = (HOUSE / "docs" / "tables.md").read_text(encoding="utf-8")
    assert GENERATE["tables"]() == text, "run: make docs"


def test_the_page_of_kinds_is_fresh() -> None:
    text = (HOUSE / "docs" / "kinds.md").read_text(encoding="utf-8")
    assert GENERATE["kinds_page"]() == text, "run: make docs"


def test_the_lists_of_planning_are_fresh() -> None:
    text = (HOUSE / "docs" / "planning.md").read_text(encoding="utf-8")
    assert GENERATE["filled"](text, GENERATE["PLANNING_LISTS"]) == text, "run: make docs"


def test_each_setting_has_its_meaning_and_no_other_has() -> None:
    settings = {name for kind in KINDS for name in settings_of(kind)}
    assert set(GENERATE["MEANINGS"]) == settings


def test_a_readme_without_its_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="put them back"):
        GENERATE["filled"]("# casekit\n")


def test_the_two_commands_come_first() -> None:
    text = README.read_text(encoding="utf-8")
    assert re.findall(r"^(make \w+|casekit \w+)", text, re.MULTILINE)[:2] == [
        "make demo",
        "make test",
    ]


@pages
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    _, commands = build()
    named = set(re.findall(r"(?:^|`)casekit ([a-z]+)", page.read_text("utf-8"), re.MULTILINE))
    assert named <= set(commands)


@pages
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    makefile = (HOUSE / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE))
    assert named <= targets


@pages
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", page.read_text("utf-8"))
    lost = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert not lost


def test_the_architecture_lists_the_modules_in_the_order_of_imports() -> None:
    order = runpy.run_path(str(HOUSE / "tests" / "test_house.py"))["ORDER"]
    text = (HOUSE / "docs" / "architecture.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    there = [path.name.removesuffix(".py") for path in (HOUSE / "casekit").iterdir()]
    assert listed == [module for module in order if module in there and module != "__main__"]
