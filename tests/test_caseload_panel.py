"""The caseload panel and its notebook, without a click and without a browser."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient

from casekit.shipped import sample, shipped
from casekit.widgets.caseload import CaseloadPanel, Opened, open_caseload, program_html


def test_a_place_that_is_no_roster_is_said_in_one_line(tmp_path: Path):
    opened = open_caseload(str(tmp_path / "nowhere"), "2026-03-02")
    assert opened.evaluation is None
    assert "does not exist" in opened.message and "\n" not in opened.message


def test_a_day_that_is_none_is_said_in_one_line():
    assert "give a date such as" in open_caseload(sample()[0], "3/2/2026").message


def test_the_panel_shows_the_first_program_and_follows_the_choice():
    panel = CaseloadPanel(*sample())
    first = panel.shown.value
    panel.program.value = panel.opened.programs[-1][1]
    assert "Students per case manager" in first
    assert "Levels" in panel.shown.value and panel.shown.value != first


def test_a_mistake_in_the_form_leaves_no_old_program_on_the_page():
    panel = CaseloadPanel(*sample())
    panel.data.value = "<b>nowhere</b>"
    panel.read()
    assert (panel.shown.value, panel.program.disabled) == ("", True)
    assert "&lt;b&gt;nowhere" in panel.status.value


def test_nothing_opened_shows_nothing():
    assert program_html(Opened(None, ""), "p1") == ""


def test_the_notebook_runs_from_top_to_bottom(tmp_path: Path):
    notebook = nbformat.read(shipped("notebooks", "1_caseload.ipynb"), as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": tmp_path}}).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    view = shown[-1]["data"]["application/vnd.jupyter.widget-view+json"]
    # A view whose model never reached the page is shown as an error there.
    state = notebook.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    assert state[view["model_id"]]["model_name"] == "VBoxModel"


def test_a_home_that_nobody_has_is_said_in_one_line():
    assert "does not exist" in open_caseload("~nobody-here/roster", "2026-03-02").message
