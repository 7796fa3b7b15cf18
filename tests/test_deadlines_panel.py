"""The deadlines panel and its notebook, without a click and without a browser."""

from __future__ import annotations

from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from nbclient import NotebookClient

from casekit.figures import due_by_week
from casekit.findings import evaluate_programs
from casekit.shipped import sample, shipped
from casekit.upcoming import about, by_week, read_back, upcoming, within
from casekit.widgets.deadlines import DeadlinesPanel

PROGRAMS = """program_id,program_name,standard_ids,calendar_id
iep,Special education,ks_wyandotte,c1
dspc,Placement,fl_dspc,c1
doors,Open Doors,wa_open_doors,c1
"""
CALENDAR = """calendar_id,kind,name,start_date,end_date
c1,school_year,2025-26,2025-09-01,2026-06-19
c1,term,Term 1,2025-09-01,2026-06-19
c1,grading_period,Quarter 3,2026-01-05,2026-03-27
"""
STUDENTS = """student_id,program_id,enrollment_start,student_name,birth_date
s1,iep,2024-09-02,Ada <Byron>,2010-05-05
s2,dspc,2025-09-01,Bo,
s3,doors,2025-09-01,Cy,
s4,doors,2025-09-01,Di,
"""
STAFF = "staff_id,program_id,start_date,staff_name\nw1,doors,2025-01-01,Wendy\n"
EVENTS = """event_type,occurred_at,student_id,referral_id
iep_meeting,2025-05-04,s1,
iep_meeting,2026-03-16,s1,
face_sheet_completed,2026-02-02,s2,r1
"""
TABLES = {
    "programs": PROGRAMS,
    "calendar": CALENDAR,
    "students": STUDENTS,
    "staff": STAFF,
    "assignments": "student_id,staff_id,start_date\ns3,w1,2025-09-01\n",
    "events": EVENTS,
    "contacts": "student_id,occurred_at\n",
    "referrals": "referral_id,student_id,program_id,received_at\nr1,s2,dspc,2025-12-10\n",
}
MONDAY = "2026-03-02"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("roster")
    for name, text in TABLES.items():
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    return place


@pytest.fixture
def opened(folder: Path):
    """The panel on one program, and the files that it handed over."""

    def panel(program: str) -> tuple[DeadlinesPanel, list]:
        shown = DeadlinesPanel(str(folder), MONDAY)
        handed: list = []
        shown.hand = handed.append  # type: ignore[method-assign]
        shown.change(program=program)
        return shown, handed

    return panel


# What lies below it


@pytest.fixture(scope="module")
def looked_ahead():
    """A program of the sample, looked at 150 days ahead and 60."""
    data, as_of = sample()
    caseload = DeadlinesPanel(data, as_of).state.roster.caseload
    return {
        days: upcoming(
            evaluate_programs(
                caseload, as_of=as_of, until=np.datetime64(as_of) + days, programs=["P-03"]
            ),
            days,
        )
        for days in (150, 60)
    }


def test_a_part_of_what_lies_far_ahead_is_what_lies_near(looked_ahead):
    near = within(looked_ahead[150], np.datetime64(sample()[1]), 60)
    pd.testing.assert_frame_equal(near.reset_index(drop=True), looked_ahead[60])


ROWS = pd.DataFrame(
    {
        "student_id": ["s1", "s2", "s3", "s3"],
        "case_manager": ["w1;w2", "w2", "", ""],
        "due_on": pd.to_datetime(["2026-02-27", "2026-03-08", "2026-03-09", None]),
        "overdue": [True, False, False, False],
    }
)


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ({}, ["s1", "s2", "s3", "s3"]),
        ({"who": " ada "}, ["s1"]),  # a part of the name, in any case
        ({"who": "S3"}, ["s3", "s3"]),  # the id
        ({"manager": "w2"}, ["s1", "s2"]),  # one of two
        ({"manager": "w"}, []),  # a part of an id is not the id
    ],
)
def test_rows_are_those_of_the_students_asked_for(asked, kept):
    assert about(ROWS, {"s1": "Ada Byron"}, **asked)["student_id"].tolist() == kept


def test_a_week_counts_what_falls_due_in_it_and_the_first_row_what_is_overdue():
    weeks = by_week(ROWS, np.datetime64(MONDAY), 20)
    told = weeks["week"].dt.strftime("%d %b").fillna("overdue")
    assert list(zip(told, weeks["due"], strict=True)) == [
        ("overdue", 1),
        ("02 Mar", 1),  # Sunday 8 March is its last day
        ("09 Mar", 1),
        ("16 Mar", 0),  # a week with nothing is there too
    ]


def test_the_figure_says_how_many_and_holds_counts_alone():
    figure = due_by_week(by_week(ROWS, np.datetime64(MONDAY), 20))
    assert figure.sentence.startswith("3 deadlines with a day, 1 of them overdue.")
    assert "s1" not in figure.svg() + figure.table.to_string()


def test_where_nothing_is_due_the_figure_says_so():
    figure = due_by_week(by_week(ROWS.head(0), np.datetime64(MONDAY), 20))
    assert (figure.chart, figure.sentence) == (None, "Nothing with a day falls due.")


# What it shows


def test_what_falls_due_stands_by_week_with_whom_it_concerns(opened):
    panel, _ = opened("doors")
    page = panel.html()
    assert "This week, to 8 March 2026" in page
    assert ">2 students" in page and "Wendy" in page


def test_the_slider_takes_in_what_falls_due_later(opened):
    panel, _ = opened("doors")
    before = "Week from 20 April 2026" in panel.html()
    panel.change(days="60")
    assert (before, "Week from 20 April 2026" in panel.html()) == (False, True)


def test_a_count_opens_the_rows_behind_it(opened):
    panel, _ = opened("doors")
    panel.press("open", "2026-03-08|wa_open_doors|wa_open_doors.weekly_contact")
    assert ["Cy (s3)" in panel.html(), "Di (s4)" in panel.html()] == [True, True]


def test_a_case_manager_is_shown_their_own_students_alone(opened):
    panel, _ = opened("doors")
    panel.change(manager="w1")
    assert ["Cy (s3)" in panel.html(), "Di (s4)" in panel.html()] == [True, False]


def test_another_day_keeps_whom_and_what_was_chosen(opened):
    panel, _ = opened("doors")
    panel.change(manager="w1", who="c", rule="wa_open_doors.weekly_contact")
    panel.change(as_of="")  # a day that is being typed
    panel.change(as_of="2026-03-09")
    state = panel.state
    assert (state.manager, state.who, state.rule) == ("w1", "c", "wa_open_doors.weekly_contact")


def test_another_program_is_shown_whole(opened):
    panel, _ = opened("doors")
    panel.change(manager="w1", who="c")
    panel.change(program="iep")
    assert (panel.state.manager, panel.state.who) == ("", "")


def test_where_nothing_is_due_it_is_said(opened):
    panel, _ = opened("doors")
    panel.change(who="nobody of this name")
    assert "Nothing falls due up to 1 April 2026 for whom you chose." in panel.html()


HEADINGS = (
    "The way back from a meeting",
    "Referrals and their next step",
    "Grading periods to be watched",
)


@pytest.mark.parametrize(
    ("program", "there"),
    [
        ("doors", [False, False, False]),
        ("iep", [True, False, False]),
        ("dspc", [False, True, True]),
    ],
)
def test_a_section_is_there_where_the_standards_speak_of_it(opened, program, there):
    page = opened(program)[0].html()
    assert [heading in page for heading in HEADINGS] == there


def test_the_way_back_follows_the_day_that_is_tried(opened):
    panel, _ = opened("iep")
    before = panel.html()
    panel.change(day="2026-04-27")
    assert "For a meeting on 16 March 2026" in before  # the one that is planned
    assert "For a meeting on 27 April 2026" in panel.html()


@pytest.mark.parametrize("day", ["2026-02-30", "2026-03-01"])  # no such day; before as_of
def test_a_day_that_cannot_be_is_said_at_its_field(opened, day):
    panel, _ = opened("iep")
    panel.change(day=day)
    assert 'aria-invalid="true"' in panel.html()
    assert "For a meeting on" not in panel.html()


def test_a_name_is_shown_as_the_text_it_is(opened):
    page = opened("iep")[0].html()
    assert "Ada &lt;Byron&gt; (s1)" in page and "<Byron>" not in page


def test_the_steps_of_a_referral_open_and_close(opened):
    panel, _ = opened("dspc")
    shown = []
    for _ in range(2):
        panel.press("steps", "fl_dspc|r1")
        shown.append("Steps of referral r1, Bo (s2)" in panel.html())
    assert shown == [True, False]


def test_the_files_hold_what_is_shown_by_id(opened):
    panel, handed = opened("doors")
    panel.change(manager="w1")
    panel.press("calendar")
    panel.press("table")
    calendar, table = handed
    assert {entry.summary.split(":")[-1] for entry in read_back(calendar.data)} == {
        " 1 student, program doors"
    }
    assert b"s3" in table.data and b"s4" not in table.data and b"Cy" not in table.data


def test_the_plan_of_a_meeting_is_handed_over_as_a_calendar(opened):
    panel, handed = opened("iep")
    panel.press("plan")
    assert any("s1" in entry.summary for entry in read_back(handed[0].data))


def test_a_mistake_in_the_form_leaves_nothing_of_the_old_program(opened):
    panel, _ = opened("iep")
    panel.change(as_of="someday")
    assert "Ada" not in panel.html() and "Give a date such as" in panel.html()


def test_nothing_that_is_shown_is_kept_in_the_notebook(opened):
    panel, _ = opened("iep")
    panel.html()
    assert "Ada" not in str(panel.get_state())


def test_the_notebook_runs_from_top_to_bottom(tmp_path: Path):
    notebook = nbformat.read(shipped("notebooks", "3_deadlines.ipynb"), as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": tmp_path}}).execute()
    (cell,) = [cell for cell in notebook.cells if cell.cell_type == "code"]
    (output,) = cell.outputs
    assert "application/vnd.jupyter.widget-view+json" in output["data"]
