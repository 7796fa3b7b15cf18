"""A district's own standard: the page that says how, followed to the letter, and every slip."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from slips import SLIPS

from casekit import cli
from casekit.catalog import load

HOUSE = Path(__file__).parents[1]
PAGE = (HOUSE / "docs" / "add-a-standard.md").read_text(encoding="utf-8")

# Each block of code of the page: its language and its text.
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
CEDAR = "\n".join(text for language, text in BLOCKS if language == "toml")
# Each command of the page, with the lines that it is said to answer.
COMMANDS = [
    (text.strip(), answer.splitlines() if kind == "text" else [])
    for (language, text), (kind, answer) in zip(BLOCKS, [*BLOCKS[1:], ("", "")], strict=True)
    if language == "sh"
]

Ask = Callable[[str], tuple[int, str, str]]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Run a command line in a folder that holds the page's cedar.toml and the sample's data."""
    (tmp_path / "cedar.toml").write_text(CEDAR, encoding="utf-8")
    (tmp_path / "data").symlink_to(HOUSE / "data")
    monkeypatch.chdir(tmp_path)

    def run(line: str) -> tuple[int, str, str]:
        status = cli.main(line.split()[1:])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


@pytest.mark.parametrize(("line", "answer"), COMMANDS, ids=[line for line, _ in COMMANDS])
def test_each_command_of_the_page_does_what_the_page_says(
    ask: Ask, line: str, answer: list[str]
) -> None:
    status, out, err = ask(line)
    assert (status, err) == (0, "")
    assert [said for said in answer if said not in out.splitlines()] == []


def test_the_page_checks_shows_compares_and_evaluates() -> None:
    verbs = [re.sub(r" (cedar|data|sa_flo).*", "", line) for line, _ in COMMANDS]
    assert verbs == [
        "casekit standards check",
        "casekit standards diff",
        "casekit standards show",
        "casekit evaluate",
        "casekit standards crosswalk",
    ]


# Twenty-two students of one case manager, all year: too many for Cedar Valley, not for sa_flo.
DATA = {
    "programs": "program_id,calendar_id\np1,c1\n",
    "students": "student_id,program_id,enrollment_start,case_manager_id\n"
    + "".join(f"s{number},p1,2025-09-01,m1\n" for number in range(22)),
    "staff": "staff_id,program_id,start_date\nm1,p1,2025-09-01\n",
    "calendar": "calendar_id,kind,start_date,end_date\nc1,school_year,2025-09-01,2026-06-30\n",
}
EVALUATE = "casekit evaluate few --as-of 2026-03-31 --out out --standard cedar.toml"


@pytest.fixture
def few(ask: Ask) -> None:
    """The folder `few` with the 22 students, beside cedar.toml."""
    Path("few").mkdir()
    for name, text in DATA.items():
        Path(f"few/{name}.csv").write_text(text, encoding="utf-8")


@pytest.mark.usefixtures("few")
def test_the_caseload_is_judged_by_the_district_s_own_number(ask: Ask) -> None:
    assert ask(f"{EVALUATE} --standard sa_flo")[0] == 0
    rows = pd.read_csv("out/findings.csv").query("requirement_id == 'sa_flo.caseload'")
    assert dict(zip(rows["standard_id"], rows["status"], strict=True)) == {
        "cedar": "not_met",
        "sa_flo": "met",
    }


def test_the_page_s_own_example_of_a_mistake_is_what_is_said(ask: Ask) -> None:
    (example,) = [text.strip() for language, text in BLOCKS if language == "mistake"]
    Path("cedar.toml").write_text(CEDAR.replace("at_most", "at_mots"), encoding="utf-8")
    assert example in ask("casekit standards check cedar.toml")[2].splitlines()


# Slips of the pen.


@pytest.mark.parametrize(("slip", "line", "said"), SLIPS.values(), ids=SLIPS.keys())
def test_each_sort_of_mistake_has_its_own_line(
    ask: Ask, slip: tuple[str, str], line: int, said: str
) -> None:
    Path("cedar.toml").write_text(CEDAR.replace(*slip, 1), encoding="utf-8")
    status, out, err = ask("casekit standards check cedar.toml")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"cedar.toml:{line}: ")
    assert said in err


@pytest.mark.parametrize("text", ["", "\n \n", "# nothing yet\n"])
def test_an_empty_file_is_one_line(ask: Ask, text: str) -> None:
    Path("cedar.toml").write_text(text, encoding="utf-8")
    said = "cedar.toml:1: the file is empty: start with [standard]\n"
    assert ask("casekit standards check cedar.toml") == (2, "", said)


def test_an_edition_that_drops_all_is_refused(ask: Ask) -> None:
    names = ", ".join(f'"{name}"' for name in load("sa_flo").requirements)
    Path("cedar.toml").write_text(
        '[standard]\nid = "cedar"\ntitle = "T"\nextends = "sa_flo"\n[[edition]]\nname = "E"\n'
        f'from = 2026-01-01\nwhy = "W."\ndrops = [{names}]\n'
    )
    said = "cedar.toml:9: edition E drops the last requirement: keep one\n"
    assert ask("casekit standards check cedar.toml") == (2, "", said)


def test_a_file_that_is_not_named_toml_is_told_its_name(ask: Ask) -> None:
    Path("cedar.toml").rename("cedar.txt")
    status, _, err = ask("casekit standards check cedar.txt")
    assert (status, err) == (2, "casekit: 'cedar.txt' is no .toml file: name it cedar.toml\n")


def test_every_mistake_is_told_at_once_in_the_order_of_the_file(ask: Ask) -> None:
    text = CEDAR
    for right, wrong in (
        ('extends = "sa_flo"', 'extends = "sa_flo"\ngate = "open"'),
        ("at_most = 20", "at_mots = 20"),
        ("until = 2026-12-31", 'until = "later"'),
        ('level = "functioning"', 'level = "best"'),
        ("within = 5", 'within = "5.5"'),
    ):
        text = text.replace(right, wrong, 1)
    Path("cedar.toml").write_text(text, encoding="utf-8")
    told = ask("casekit standards check cedar.toml")[2].splitlines()
    wrong_lines = [
        number
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(r"open|mots|later|best|5\.5", line)
    ]
    assert [int(line.split(":")[1]) for line in told] == wrong_lines


def test_a_mistake_in_a_base_of_one_s_own_is_told_with_its_own_line(ask: Ask) -> None:
    Path("school.toml").write_text(
        '[standard]\nid = "school"\ntitle = "A school"\nextends = "cedar.toml"\n'
    )
    Path("cedar.toml").write_text(CEDAR.replace("at_most", "at_mots").replace("= 5 ", '= "5" '))
    told = ask("casekit standards check school.toml")[2].splitlines()
    assert [re.match(r"[\w.:]*?\d+:", line)[0] for line in told] == [
        "school.toml:4:",
        f"cedar.toml:{CEDAR.splitlines().index('with = { within = 5 }') + 1}:",
    ]
    assert "cedar.toml:10: requirement sa_flo.caseload" in told[0]


def test_standards_that_extend_each_other_are_refused(ask: Ask) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        Path(f"{one}.toml").write_text(
            f'[standard]\nid = "{one}"\ntitle = "{one}"\nextends = "{other}.toml"\n'
        )
    status, _, err = ask("casekit standards check a.toml")
    assert status == 2
    assert "that goes in a circle (a.toml -> b.toml -> a.toml): take one out" in err


@pytest.mark.usefixtures("few")
def test_evaluating_with_a_wrong_file_is_one_line(ask: Ask) -> None:
    Path("cedar.toml").write_text(CEDAR.replace("at_most", "at_mots"), encoding="utf-8")
    status, _, err = ask(EVALUATE)
    assert (status, err.count("\n")) == (2, 1)
    assert err.startswith("casekit: cedar.toml:10: requirement sa_flo.caseload")


def test_text_of_a_file_cannot_speak_to_the_terminal(ask: Ask) -> None:
    Path("cedar.toml").write_text(CEDAR.replace("once a term", "once \\u001b[31ma term"))
    assert "\x1b" not in ask("casekit standards check cedar.toml")[1]


def test_the_base_moves_and_the_district_s_standard_with_it(ask: Ask) -> None:
    # What the page promises: nothing of the base is copied.
    own, base = load("cedar.toml").requirements, load("sa_flo").requirements
    assert own["sa_flo.weekly_session"] == base["sa_flo.weekly_session"]
