"""The caseload panel and its notebook, without a click and without a browser."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from casekit.shipped import sample, shipped
from casekit.widgets.caseload import CaseloadPanel
from casekit.widgets.pages import turning
from casekit.widgets.parts import html

TABLES = {
    "programs.csv": "program_id,calendar_id,standard_ids\np1,c1,sa_flo\n",
    # The second row names nobody; the third ends before it begins.
    "students.csv": "student_id,program_id,enrollment_start,enrollment_end,student_name,site_id\n"
    "s1,p1,2026-02-09,,Ann <b>,north\n,p1,2026-02-09,,Bo,north\n"
    "s3,p1,2026-03-02,2026-02-02,Cy,south\ns4,p1,2026-02-09,,Di,south\n",
    "staff.csv": "staff_id,program_id,start_date,staff_name\nt1,p1,2026-01-01,Ms T\n",
    "assignments.csv": "student_id,staff_id,start_date\ns1,t1,2026-02-09\n",
    "contacts.csv": "student_id,occurred_at,mode\ns1,2026-02-10,in_person\n",
    "calendar.csv": "calendar_id,kind,start_date,end_date\nc1,school_year,2026-02-09,2026-12-11\n",
}


@pytest.fixture
def roster(tmp_path: Path) -> str:
    for name, text in TABLES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return str(tmp_path)


@pytest.fixture
def panel(roster: str) -> CaseloadPanel:
    return CaseloadPanel(roster, "2026-02-15")


def count_of(panel: CaseloadPanel, requirement: str, status: str) -> str:
    """The number on the button that opens some rows."""
    value = re.escape(f"sa_flo|sa_flo.{requirement}|{status}")
    found = re.search(rf'value="{value}"\s+class="ck-button">(\d+)', panel.html())
    return found.group(1) if found else "0"


def test_every_bad_row_is_named_with_its_file_and_row_and_how_to_mend_it(
    panel: CaseloadPanel,
) -> None:
    problems = panel.html().split("Problems, by row of")[2].split("</table>")[0]
    assert problems.count("<tr>") == 3  # the head, the row without an id, the dates turned round
    assert problems.count("students.csv") == 2


def test_the_good_rows_are_judged_all_the_same(panel: CaseloadPanel) -> None:
    # Two students, one whole week (9 to 15 February): s1 was met in it, s4 was not.
    assert count_of(panel, "weekly_session", "met") == "1"
    assert count_of(panel, "weekly_session", "not_met") == "1"


def test_a_count_opens_the_rows_behind_it(panel: CaseloadPanel) -> None:
    panel.press("open", "sa_flo|sa_flo.weekly_session|not_met")
    rows = panel.html().split(">Not met:")[1]
    assert '<th scope="row">s4</th>' in rows and "Di" in rows and "s1" not in rows


def test_a_row_says_why(panel: CaseloadPanel) -> None:
    panel.press("open", "sa_flo|sa_flo.weekly_session|not_met")
    panel.press("explain", re.search(r'name="explain" value="(\d+)"', panel.html()).group(1))
    assert "The smallest change that would do" in panel.html().split("<h3>Why</h3>")[1]


def test_a_site_leaves_its_own_students(panel: CaseloadPanel) -> None:
    panel.change(site="north")
    assert count_of(panel, "weekly_session", "not_met") == "0"
    panel.change(site="south")
    assert count_of(panel, "weekly_session", "met") == "0"


def test_a_case_manager_leaves_the_students_assigned_to_them(panel: CaseloadPanel) -> None:
    panel.change(manager="t1")
    assert count_of(panel, "weekly_session", "met") == "1"
    assert count_of(panel, "weekly_session", "not_met") == "0"


def test_another_day_is_judged_anew_without_reading_again(panel: CaseloadPanel) -> None:
    caseload = panel.state.roster.caseload
    panel.change(as_of="2026-02-22")
    assert count_of(panel, "weekly_session", "not_met") == "3"  # s4 twice, s1 once
    assert panel.state.roster.caseload is caseload


def test_another_day_keeps_the_site_that_was_chosen(panel: CaseloadPanel) -> None:
    panel.change(site="south")
    panel.change(as_of="")  # a day that is being typed
    panel.change(as_of="2026-02-22")
    assert count_of(panel, "weekly_session", "not_met") == "2"  # s4 twice; s1 is of the north


def test_other_tables_are_shown_whole(panel: CaseloadPanel) -> None:
    panel.change(site="south")
    panel.press("load")
    assert panel.state.whom.everybody


def test_the_keyboard_stays_on_a_button_that_turns_the_page(
    roster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Three rows of s4, shown one at a time: the button pressed, or at the last page the other.
    monkeypatch.setattr("casekit.widgets.pages.PAGE", 1)
    monkeypatch.setattr("casekit.widgets.caseload.PAGE", 1)
    panel = CaseloadPanel(roster, "2026-03-01")
    panel.change(site="south")
    panel.press("open", "sa_flo|sa_flo.weekly_session|not_met")
    stands: list = []
    monkeypatch.setattr(panel, "focus", lambda name: stands.append((name, panel.state.page)))
    for name in ("further", "further", "further", "earlier"):
        panel.press(name)
    assert stands == [("further", 1), ("earlier", 2), ("earlier", 2), ("earlier", 1)]


def test_the_buttons_that_turn_the_page_are_the_same_on_every_page() -> None:
    ids = [re.findall(r'id="([^"]+)"', html([turning(page, 500)])) for page in (0, 1)]
    assert ids[0] == ids[1] == ["ck-earlier", "ck-further"]


def test_a_name_from_the_data_is_shown_as_text(panel: CaseloadPanel) -> None:
    panel.press("open", "sa_flo|sa_flo.weekly_session|met")
    assert "Ann &lt;b&gt;" in panel.html()


def test_a_roster_handed_over_is_read_and_leaves_no_file(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    panel = CaseloadPanel(*sample())
    panel.upload("files", {name: text.encode() for name, text in TABLES.items()})
    assert panel.said.startswith("1 program read, 2 rows set aside")
    assert list(tmp_path.iterdir()) == []


def test_a_file_handed_over_cannot_name_a_place_outside(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "in").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "in"))
    panel = CaseloadPanel(*sample())
    panel.upload("files", {"../../programs.csv": b"program_id,calendar_id\np1,c1\n"})
    assert [path.name for path in tmp_path.rglob("*")] == ["in"]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), "files that you chose is empty"),
        (("",), "'' is no name of a file"),
        (("..",), "'..' is no name of a file"),
        (("a\0.csv",), "is no name of a file"),
        (("é" * 128,), "is no name of a file"),  # 256 bytes
        (("\ud800.csv",), "holds no table of a caseload"),  # half a letter
        (("students.csv", "north/students.csv"), "Two of the files are named students.csv"),
        (("students.csv", "Students.CSV"), "Two of the files are named Students.CSV"),
        (("students.csv", "students.parquet"), "files that you chose holds students.csv and"),
    ],
)
def test_files_that_cannot_be_read_are_said_in_one_line_without_our_folder(
    panel: CaseloadPanel, names: tuple[str, ...], said: str
) -> None:
    panel.upload("files", dict.fromkeys(names, b"student_id\n"))
    assert said in panel.said and said in panel.state.roster.mistakes["data"]
    assert "tmp" not in panel.said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"data": "nowhere-at-all"}, "does not exist"),
        ({"data": "~nobody-here/roster"}, "does not exist"),
        ({"data": " "}, "Give the path of a folder"),
        ({"as_of": "3/2/2026"}, "Give a date such as"),
        ({"since": "2027-01-01"}, "give an earlier one"),
        ({"standard": "file", "file": "<b>none</b>.toml"}, "cannot be read"),
    ],
)
def test_a_mistake_in_the_form_is_said_at_its_field_and_leaves_no_old_numbers(
    panel: CaseloadPanel, given: dict, said: str
) -> None:
    panel.change(**given)
    field = panel.html().split('aria-invalid="true"')[1].split("</p>")[0]
    assert said in field and said in panel.said
    assert "<figure" not in panel.html() and "<b>none" not in panel.html()


def test_a_mended_mistake_brings_the_numbers_back(panel: CaseloadPanel) -> None:
    before = panel.html()
    panel.change(as_of="")
    panel.change(as_of="2026-02-15")
    assert panel.html() == before


def test_the_notebook_runs_from_top_to_bottom_and_keeps_nothing_of_the_data(tmp_path: Path):
    notebook = nbformat.read(shipped("notebooks", "1_caseload.ipynb"), as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": tmp_path}}).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    view = shown[-1]["data"]["application/vnd.jupyter.widget-view+json"]
    # A view whose model never reached the page is shown as an error there.
    state = notebook.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    assert state[view["model_id"]]["model_name"] == "AnyModel"
    assert "Sample Open Doors" not in nbformat.writes(notebook)


def test_a_student_of_no_known_site_is_of_none_that_can_be_chosen(tmp_path: Path) -> None:
    for name, text in TABLES.items():
        text = text.replace("Di,south", "Di,")  # s4's site is not recorded
        (tmp_path / name).write_text(text, encoding="utf-8")
    panel = CaseloadPanel(str(tmp_path), "2026-02-15")
    panel.change(site="north")
    assert count_of(panel, "weekly_session", "met") == "1"
    assert count_of(panel, "weekly_session", "not_met") == "0"
