"""The command line: every command does its work; wrong use is one line saying what is allowed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from casekit import cli, commands

DATA = {
    "programs": "program_id,program_name,standard_ids,calendar_id\n"
    "p1,North,wa_open_doors,c1\n"
    "p2,South,wa_open_doors,c1\n",
    "students": "student_id,program_id,enrollment_start\n"
    "s1,p1,2025-09-02\n"
    "s2,p1,2025-09-02\n"
    "s3,p2,2025-09-02\n",
    "staff": "staff_id,program_id,start_date,fte,case_management_share\n"
    "m1,p1,2025-09-01,1,0.01\n",  # two students to 0.01 of a person: 200 to one
    "calendar": "calendar_id,kind,name,start_date,end_date\n"
    "c1,school_year,2025-26,2025-09-02,2026-06-12\n",
}


class Answer(NamedTuple):
    status: int
    out: str
    err: str


Ask = Callable[..., Answer]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Run one command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*words: object) -> Answer:
        try:
            status = cli.main([str(word) for word in words])
        except SystemExit as left:
            status = left.code
        said = capsys.readouterr()
        return Answer(status, said.out, said.err)

    return run


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return folder(tmp_path / "data", DATA)


def folder(place: Path, tables: dict[str, str]) -> Path:
    place.mkdir()
    for name, text in tables.items():
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    return place


SPAN = ("--as-of", "2025-10-31")


# Wrong use: status 2, one line on stderr, saying what is allowed.


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "say a command: demo, check, evaluate"),
        (("evalute",), "did you mean evaluate?"),
        (("standards",), "list | show ID | check FILE"),
        (("standards", "shw", "sa_flo"), "did you mean show? allowed: list, show, check"),
        (("standards", "show", "sa_fl"), "did you mean sa_flo?"),
        (("standards", "check", "mine.toml"), "mine.toml"),
        (("check",), "casekit check [--overlay DIR]"),
        (("check", "nowhere"), "nowhere"),
        (("check", "data", "more"), "'more' is one word too many"),
        (("check", "data", "--date", "dmy"), "did you mean --dates?"),
        (("check", "data", "--dates", "ymd"), "allowed: dmy, mdy"),
        (("check", "data", "--out", "data"), "casekit: data: "),
        (("evaluate", "data", "--out", "o"), "--as-of"),
        (("evaluate", "data", "--as-of", "31/10/2025", "--out", "o"), "like 2026-03-02"),
        (("evaluate", "data", "--as-of", "2025-02-30", "--out", "o"), "like 2026-03-02"),
        (("evaluate", "data", *SPAN, "--since", "2026-01-01", "--out", "o"), "after as_of"),
        (("evaluate", "data", *SPAN, "--standard", "wa_opendoors", "--out", "o"), "wa_open_doors?"),
        (("evaluate", "data", *SPAN, "--program", "p11", "--out", "o"), "did you mean p1?"),
        (("evaluate", "data", *SPAN, "--out", "data/programs.csv"), "data/programs.csv"),
        (("report", "data", *SPAN, "--out", "o", "--format", "docx"), "allowed: html"),
        (("report", "data", *SPAN, "--out", "o", "--jobs", "0"), "1 or more"),
        (("report", "data", *SPAN, "--out", "o", "--audience", "publik"), "did you mean public?"),
        (("import", "edif", "data", "--out", "o"), "did you mean edfi?"),
        (("import", "edfi", "data", "--out", "o"), "data"),
        (("import", "sds", "data", "--out", "o", "--standard", "sa_fl"), "did you mean sa_flo?"),
        (("sample", "--out", "o"), "--seed"),
        (("sample", "--out", "o", "--seed", "-1"), "seed"),
        (("lab", "--port", "many"), "whole number"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_use_is_one_line_that_says_what_is_allowed(
    ask: Ask, data: Path, words: tuple[str, ...], said: str
) -> None:
    answer = ask(*words)
    assert said in answer.err
    assert (answer.status, answer.out, answer.err.count("\n")) == (2, "", 1)


def test_help_and_version_are_given_when_asked_for(ask: Ask) -> None:
    assert ask("--help").status == ask("report", "--help").status == ask("--version").status == 0


def test_every_command_that_can_be_asked_for_is_done() -> None:
    _, known = cli.build()
    assert list(known) == list(commands.COMMANDS)


# check


def test_check_says_that_good_data_are_good(ask: Ask, data: Path) -> None:
    answer = ask("check", data)
    assert (answer.status, answer.out) == (
        0,
        "0 problems in the data, 0 rows set aside. The list is in problems.csv\n",
    )


def test_check_names_every_row_that_was_set_aside_by_its_number_in_the_file(
    ask: Ask, tmp_path: Path
) -> None:
    students = DATA["students"] + "s4,p1,2025-13-01\ns5,p9,2025-09-02\n"  # rows 5 and 6
    bad = folder(tmp_path / "bad", DATA | {"students": students})
    answer = ask("check", bad, "--out", "list.csv")
    assert answer.status == 1
    assert "students.csv) row 5, enrollment_start '2025-13-01'" in answer.out
    assert "students.csv) row 6, program_id 'p9'" in answer.out
    assert pd.read_csv(tmp_path / "list.csv")["row"].tolist() == [5, 6]


def test_check_shows_what_a_terminal_would_obey_as_a_mark(ask: Ask, tmp_path: Path) -> None:
    students = DATA["students"] + "s4,p\x1b[2J9,2025-09-02\n"  # would clear the screen
    answer = ask("check", folder(tmp_path / "bad", DATA | {"students": students}))
    assert answer.status == 1
    assert "\x1b" not in answer.out


def test_check_reads_days_in_the_order_that_is_said(ask: Ask, tmp_path: Path) -> None:
    students = "student_id,program_id,enrollment_start\ns1,p1,02/09/2025\n"
    bad = folder(tmp_path / "bad", DATA | {"students": students})
    assert ask("check", bad, "--dates", "dmy").status == 0


# evaluate, explain, report


def test_evaluate_writes_the_files_of_an_evaluation(ask: Ask, data: Path, tmp_path: Path) -> None:
    answer = ask("evaluate", data, *SPAN, "--out", "out")
    assert answer.status == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "findings.csv",
        "levels.csv",
        "problems.csv",
        "run.json",
        "verdicts.parquet",
    ]


def test_evaluate_judges_only_the_program_that_is_named(ask: Ask, data: Path) -> None:
    ask("evaluate", data, *SPAN, "--program", "p2", "--out", "out")
    assert set(pd.read_csv("out/findings.csv")["program_id"]) == {"p2"}


def test_a_standard_that_is_named_replaces_the_programs_own(ask: Ask, data: Path) -> None:
    ask("evaluate", data, *SPAN, "--standard", "ks_wyandotte", "--out", "out")
    assert set(pd.read_csv("out/findings.csv")["standard_id"]) == {"ks_wyandotte"}


def test_an_overlay_fills_what_the_data_leave_empty(ask: Ask, data: Path, tmp_path: Path) -> None:
    staff = "staff_id,program_id,start_date,fte,case_management_share\nm2,p2,2025-09-01,1,1\n"
    overlay = folder(tmp_path / "overlay", {"staff": staff})  # p2 had nobody
    ask("evaluate", data, "--overlay", overlay, *SPAN, "--program", "p2", "--out", "out")
    findings = pd.read_csv("out/findings.csv").set_index("requirement_id")
    assert findings.loc["wa_open_doors.staff_ratio", "status"] == "met"


def test_explain_gives_the_arithmetic_of_one_verdict(ask: Ask, data: Path) -> None:
    about = ("wa_open_doors.staff_ratio", "--program", "p1", "--period", "2025-10-01")
    answer = ask("explain", data, *about, *SPAN)
    assert answer.status == 0
    assert "200" in answer.out


def test_explain_says_what_there_is_where_nothing_fits(ask: Ask, data: Path) -> None:
    answer = ask("explain", data, "wa_open_doors.staff_ration", *SPAN)
    assert (answer.status, answer.err.count("\n")) == (2, 1)
    assert "wa_open_doors.staff_ratio" in answer.err


def test_report_writes_a_page_per_program_and_an_index(ask: Ask, data: Path) -> None:
    answer = ask("report", data, *SPAN, "--out", "out", "--jobs", 1)
    assert answer.status == 0
    assert "2 reports" in answer.out
    assert sorted(map(str, Path("out").rglob("*.html"))) == [
        "out/index.html",
        "out/p1/report.html",
        "out/p2/report.html",
    ]


def test_a_report_that_fails_is_named_and_the_exit_status_is_1(
    ask: Ask, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casekit.reports import batch

    failed = batch.BatchResult({}, {"p1": "the disk is full"}, Path("out/index.html"))
    monkeypatch.setattr(batch, "write_reports", lambda *_, **__: failed)
    answer = ask("report", data, *SPAN, "--out", "out")
    assert (answer.status, answer.err) == (1, "casekit: no report for p1: the disk is full\n")


# standards, import, sample, lab


def test_standards_are_listed_and_shown_as_sentences(ask: Ask) -> None:
    assert "sa_flo" in ask("standards", "list").out
    assert "At most 25 students" in ask("standards", "show", "sa_flo").out


def test_a_standard_of_your_own_is_checked(ask: Ask) -> None:
    from casekit.catalog import STANDARDS

    answer = ask("standards", "check", STANDARDS / "wa_open_doors.toml")
    assert answer.status == 0
    assert "can be used" in answer.out


def test_every_mistake_in_a_standard_is_told(ask: Ask) -> None:
    Path("mine.toml").write_text("[standard]\nid = 'mine'\ntitel = 'Mine'\n")
    answer = ask("standards", "check", "mine.toml")
    assert answer.status == 2
    assert "did you mean title?" in answer.err
    assert "there is no [[requirement]]" in answer.err


def test_a_roster_becomes_a_folder_that_check_accepts(ask: Ask) -> None:
    district = Path(__file__).parents[2] / "shared" / "real-data" / "edfi"
    if not district.exists():
        pytest.skip("the Ed-Fi sample district is not here")
    assert (
        ask("import", "edfi", district, "--out", "district", "--standard", "ks_wyandotte")[0] == 0
    )
    assert ask("check", "district").status == 0


def test_a_sample_is_made_that_check_accepts(ask: Ask) -> None:
    few = ("--programs", 1, "--students", 5, "--weeks", 8)
    assert ask("sample", "--out", "made", "--seed", 1, *few).status == 0
    assert ask("check", "made").status == 0


def test_lab_listens_on_this_computer_only_and_keeps_its_token(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []

    def run(words: list[str], **_: object) -> subprocess.CompletedProcess:
        started.append(words)
        return subprocess.CompletedProcess(words, 0)

    monkeypatch.setattr(commands.subprocess, "run", run)
    assert ask("lab", "--no-browser").status == 0
    assert "--ServerApp.ip=127.0.0.1" in started[0]
    assert not any("token" in word or "password" in word for word in started[0])


def test_lab_without_jupyterlab_says_what_to_install(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "find_spec", lambda _: None)
    answer = ask("lab")
    assert (answer.status, answer.err) == (
        2,
        'casekit: JupyterLab is not installed: pip install "casekit[notebooks]"\n',
    )


def test_an_installed_casekit_gives_copies_of_its_notebooks_and_keeps_edits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "casekit" / "_shipped" / "notebooks"
    inside.mkdir(parents=True)
    (inside / "1.ipynb").write_text("as shipped")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(commands, "PACKAGE", tmp_path / "casekit")
    monkeypatch.setattr(commands, "shipped", lambda *_: inside)
    copy = commands.notebooks_to_open() / "1.ipynb"
    copy.write_text("as edited")
    assert (commands.notebooks_to_open() / "1.ipynb").read_text() == "as edited"


# What nobody asked for.


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    def plant(error: BaseException) -> None:
        def run(_: object) -> int:
            raise error

        monkeypatch.setattr(commands, "run", run)

    return plant


def test_a_fault_of_casekit_is_one_line_and_status_3(ask: Ask, fails: Callable) -> None:
    fails(KeyError("fte"))
    answer = ask("standards", "list")
    assert answer.status == 3
    assert answer.err.startswith("casekit: this is a fault of casekit, not of your data (KeyError")
    assert answer.err.count("\n") == 1


def test_a_fault_shows_where_it_is_only_when_asked(
    ask: Ask, fails: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEKIT_DEBUG", "1")
    fails(KeyError("fte"))
    with pytest.raises(KeyError):
        ask("standards", "list")


def test_an_interrupted_run_says_nothing_and_ends_with_130(ask: Ask, fails: Callable) -> None:
    fails(KeyboardInterrupt())
    assert ask("standards", "list") == (130, "", "")


def test_a_place_that_cannot_be_written_is_one_line(ask: Ask, fails: Callable) -> None:
    fails(PermissionError(13, "Permission denied", "out/run.json"))
    assert ask("standards", "list") == (2, "", "casekit: out/run.json: Permission denied\n")


@pytest.mark.skipif(os.name != "posix", reason="a closed pipe is a signal of POSIX systems")
def test_a_reader_that_stops_reading_is_no_error() -> None:
    words = [sys.executable, "-m", "casekit", "standards", "show", "sa_flo"]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(words, stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")
