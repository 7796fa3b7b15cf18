"""The hand-out: one file for any standard, which holds all that the standard asks, as text."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from pathlib import Path

import pytest
from own_standard import BASE, writer
from test_cli import Ask, ask

from casekit.catalog import load, shipped_standards
from casekit.handout.page import handout_page, levels_about
from casekit.handout.tries import tries

__all__ = ["ask"]  # the fixture
STANDARDS = shipped_standards()


@pytest.mark.parametrize("name", STANDARDS)
def test_every_requirement_stands_there_with_its_citation(name: str) -> None:
    text = unescape(handout_page(load(name)))
    asked = load(name).requirements.values()
    assert [r.id for r in asked if f"{r.title}." not in text or r.citation not in text] == []


@pytest.mark.parametrize("name", STANDARDS)
def test_every_shipped_standard_has_something_to_try(name: str) -> None:
    assert len(tries(load(name))) >= 2


@pytest.mark.parametrize("name", STANDARDS)
def test_the_file_is_small_enough_to_send(name: str) -> None:
    assert len(handout_page(load(name)).encode()) < 300_000


def test_the_policy_names_the_one_script_by_its_hash() -> None:
    page = handout_page(load("wa_open_doors"))
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="(.*?)"', page)
    assert policy == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:;"
        f" script-src 'sha256-{digest}'"
    )


def test_the_same_standard_gives_the_same_file() -> None:
    assert handout_page(load("sa_flo")) == handout_page(load("sa_flo"))


def test_limits_come_from_the_standard_and_not_from_the_script(tmp_path: Path) -> None:
    own = tmp_path / "base.toml"
    own.write_text(BASE.replace("at_most = 25", "at_most = 18"), encoding="utf-8")
    (caseload, *_) = tries(load(own))
    assert (caseload.settings["at_most"], caseload.fields[0].high) == (18, "36")


def test_a_standard_of_ones_own_is_handed_out_with_what_it_changes(tmp_path: Path) -> None:
    own = writer(tmp_path)('[[requirement]]\nid = "base.caseload"\nwith = { at_most = 20 }\n')
    (caseload, *_) = tries(load(own))
    assert "no case manager has more than 20 students" in caseload.asks.lower()


def test_text_of_a_standard_is_shown_as_text(tmp_path: Path) -> None:
    own = tmp_path / "base.toml"
    hostile = "</script><b>At most 25</b>"
    own.write_text(BASE.replace("At most 25", hostile).replace("The base", hostile), "utf-8")
    page = handout_page(load(own))
    assert (page.count("</script>"), "<b>" in page) == (1, False)


def test_a_standard_without_a_sum_says_that_there_is_none(tmp_path: Path) -> None:
    own = tmp_path / "asked.toml"
    head, *parts = BASE.replace('levels = ["low", "high"]\n', "").split("[[requirement]]")
    own.write_text(f"{head}[[requirement]]{parts[2]}", encoding="utf-8")
    assert "asks for no sum that can be tried" in handout_page(load(own))


def test_only_a_standard_with_levels_lets_them_be_tried() -> None:
    assert [name for name in STANDARDS if levels_about(load(name))] == ["sa_flo"]


def test_the_command_writes_the_page_into_a_folder_that_is_not_there_yet(ask: Ask) -> None:
    answer = ask("handout", "--standard", "ks_wyandotte", "--out", "room/page.html")
    written = Path("room/page.html").read_text(encoding="utf-8")
    assert (answer.status, written) == (0, handout_page(load("ks_wyandotte")))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--standard", "wa_opendoors", "--out", "a.html"), "did you mean wa_open_doors?"),
        (("--standard", "none.toml", "--out", "a.html"), "none.toml: cannot be read"),
        (("--standard", "sa_flo", "--out", "."), "is a folder: name a file"),
        (("--standard", "sa_flo"), "required: --out; write: casekit handout"),
    ],
)
def test_wrong_use_is_one_line(ask: Ask, words: tuple[str, ...], said: str) -> None:
    answer = ask("handout", *words)
    assert (answer.status, answer.err.count("\n"), said in answer.err) == (2, 1, True)
