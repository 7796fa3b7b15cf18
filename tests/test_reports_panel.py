"""The reports panel and its notebook: what is asked, the batch as it runs, what is read again."""

from __future__ import annotations

import io
from pathlib import Path
from zipfile import ZipFile

import nbformat
import pytest
from nbclient import NotebookClient
from report_data import ATTACK, NAME, write_data

from casekit.reports import batch
from casekit.reports.batch import write_reports
from casekit.reports.written import page_in, written_in
from casekit.shipped import shipped
from casekit.widgets import reports
from casekit.widgets.reports import ReportsPanel

AS_OF = "2026-02-03"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("caseload"))


@pytest.fixture(scope="module")
def folder(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which a batch of two was written."""
    place = tmp_path_factory.mktemp("written") / "out"
    two = ["south", "../north"]
    write_reports(data, programs=two, as_of=AS_OF, out=place, progress=False)
    return place


@pytest.fixture
def panel(data: Path, tmp_path: Path) -> ReportsPanel:
    shown = ReportsPanel(str(data), AS_OF)
    shown.change(out=str(tmp_path / "out"))
    return shown


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports that are quickly told of, without a worker: south fails."""

    def run(work: list, jobs: int, ready: tuple):
        yield from ((job, "it broke" if job.program == "south" else "") for job in work)

    monkeypatch.setattr(batch, "_run", run)


# What is asked


def test_every_program_is_ticked_at_first(panel: ReportsPanel) -> None:
    assert panel.state.chosen == ["../north", "south", "empty"]


def test_a_tick_that_is_taken_away_leaves_one_program_out(panel: ReportsPanel) -> None:
    panel.change(**{"program|south": ""})
    assert panel.state.chosen == ["../north", "empty"]


def test_the_buttons_tick_those_in_view_alone(panel: ReportsPanel) -> None:
    panel.press("untick")
    panel.change(named="SOU")
    panel.press("tick")
    assert panel.state.chosen == ["south"]


def test_without_a_program_the_button_waits(panel: ReportsPanel) -> None:
    panel.press("untick")
    assert "Tick at least one program." in panel.html()
    assert panel.html().count(" disabled") == 1


def test_of_many_programs_some_are_in_view_and_a_name_finds_the_others(
    panel: ReportsPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "LISTED", 2)
    panel.change(named="")
    panel.press("tick")
    panel.change(named=" ")
    assert panel.html().count('type="checkbox"') == 2
    panel.change(named="empty")
    assert 'name="program|empty"' in panel.html()


def test_a_folder_that_is_not_named_is_said_at_its_field(panel: ReportsPanel) -> None:
    panel.change(out=" ")
    assert "Give a folder for the reports" in panel.html()


def test_a_roster_that_cannot_be_read_is_said_and_nothing_can_be_written(
    panel: ReportsPanel, tmp_path: Path
) -> None:
    panel.change(data=str(tmp_path / "nowhere"))
    assert "does not exist" in panel.said
    assert panel.html().count(" disabled") == 1


# The batch as it runs


def test_the_reports_of_those_ticked_are_written_and_listed(panel: ReportsPanel) -> None:
    panel.press("untick")
    panel.change(**{"program|south": "yes"})
    panel.press("write")
    assert panel.said == "1 report written: see the list below."
    assert [page.path for page in panel.state.there] == ["index.html", "south/report.html"]


def test_each_program_stands_where_it_is_while_the_batch_runs(
    panel: ReportsPanel, in_this_process: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    show = panel.show

    def watched(live: bool = False) -> None:
        seen.append(list(panel.state.run.values()))
        show(live)

    monkeypatch.setattr(panel, "show", watched)
    panel.change(jobs="1")
    seen.clear()
    panel.press("write")
    assert seen[:3] == [
        ["writing", "waiting", "waiting"],
        ["written", "writing", "waiting"],
        ["written", "it broke", "writing"],
    ]


def test_a_report_that_fails_is_named_first_with_its_reason(
    panel: ReportsPanel, in_this_process: None
) -> None:
    panel.press("write")
    assert panel.said == "2 reports written, 1 failed: see the list below."
    assert 0 < panel.html().find("it broke") < panel.html().find("</span> written")


def test_a_request_that_cannot_be_carried_out_is_said_and_the_form_is_free_again(
    panel: ReportsPanel,
) -> None:
    panel.change(since="2027-01-01")
    panel.press("write")
    assert "lies after as_of" in panel.said
    assert not panel.state.running


@pytest.mark.parametrize("of", [1, 2, 9, 300])
def test_progress_is_told_now_and_then_and_at_the_end(of: int) -> None:
    told = [done for done in range(1, of + 1) if reports._now(done, of, 10)]
    assert len(told) == min(of, 10) and told[-1] == of


def test_a_roster_that_was_handed_over_is_written_without_a_path(
    data: Path, tmp_path: Path, in_this_process: None
) -> None:
    shown = ReportsPanel("", AS_OF)
    shown.upload("files", {path.name: path.read_bytes() for path in data.iterdir()})
    shown.change(out=str(tmp_path))
    shown.press("write")
    assert shown.said.startswith("2 reports written")


# What was written is read again


def test_what_lies_in_the_folder_is_listed_when_the_panel_is_opened_anew(
    data: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / reports.FOLDER).symlink_to(folder)
    monkeypatch.chdir(tmp_path)
    titles = [page.title for page in ReportsPanel(str(data), AS_OF).state.there]
    assert titles == ["Case management reports", ATTACK, "South"]


def test_reports_written_since_the_page_was_made_are_listed_once_it_is_opened(
    panel: ReportsPanel, data: Path
) -> None:
    out = panel.state.folder
    write_reports(data, programs=["south"], as_of=AS_OF, out=out, progress=False)
    panel._heard({"ask": True, "number": 1}, [])
    assert [page.path for page in panel.state.there] == ["index.html", "south/report.html"]


@pytest.mark.parametrize("index", [None, "<title>My holidays</title>"])
def test_a_folder_without_our_index_holds_no_reports(tmp_path: Path, index: str | None) -> None:
    if index:
        (tmp_path / "index.html").write_text(index, encoding="utf-8")
    assert written_in(tmp_path) == []


def test_a_page_is_shown_in_place_without_scripts_and_links(data: Path, folder: Path) -> None:
    shown = ReportsPanel(str(data), AS_OF)
    shown.change(out=str(folder))
    shown.press("read", "index.html")
    page = shown.html()
    assert 'sandbox=""' in page and 'title="Case management reports"' in page
    assert "<a " not in page_in(folder, "index.html")


def test_a_page_beside_those_that_were_written_is_not_read(data: Path, folder: Path) -> None:
    shown = ReportsPanel(str(data), AS_OF)
    shown.change(out=str(folder))
    (folder.parent / "secret.html").write_text("<title>x</title>", encoding="utf-8")
    shown.press("save", "../secret.html")
    assert "no longer in" in shown.said


def test_all_pages_are_handed_over_as_one_zip(data: Path, folder: Path) -> None:
    shown = ReportsPanel(str(data), AS_OF)
    handed: list = []
    shown.hand = handed.append  # type: ignore[method-assign]
    shown.change(out=str(folder))
    shown.press("all")
    with ZipFile(io.BytesIO(handed[0].data)) as archive:
        names = archive.namelist()
    assert names == [f"out/{page.path}" for page in shown.state.there]


def test_nothing_that_is_shown_is_kept_in_the_notebook(data: Path, folder: Path) -> None:
    shown = ReportsPanel(str(data), AS_OF)
    shown.change(out=str(folder))
    shown.press("read", "south/report.html")
    assert NAME not in str(shown.get_state()) and "South" not in str(shown.get_state())


# In a kernel

IN_KERNEL = """
from casekit.figures import due_by_week
import pandas as pd
from casekit.widgets.reports import ReportsPanel
# A figure starts the engine that a plain fork would copy while it runs.
due_by_week(pd.DataFrame({{"week": pd.to_datetime(["2026-03-02"]), "due": [1]}})).svg()
panel = ReportsPanel({data!r}, "2026-02-03")
panel.change(out={out!r})
panel.press("write")
print(panel.said)
panel.press("write")
print(panel.said)
"""


def test_in_a_kernel_that_has_drawn_a_figure_the_batch_runs_twice(
    data: Path, tmp_path: Path
) -> None:
    cell = IN_KERNEL.format(data=str(data), out=str(tmp_path / "out"))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    NotebookClient(notebook, timeout=300).execute()
    said = "".join(output.get("text", "") for output in notebook.cells[0].outputs)
    assert said.count("3 reports written: see the list below.") == 2


def test_the_notebook_runs_from_top_to_bottom(tmp_path: Path) -> None:
    notebook = nbformat.read(shipped("notebooks", "5_reports.ipynb"), as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": tmp_path}}).execute()
    (cell,) = [cell for cell in notebook.cells if cell.cell_type == "code"]
    (output,) = cell.outputs
    assert "application/vnd.jupyter.widget-view+json" in output["data"]
