"""The roster form: short, but for what is set or wrong; and what a roster lacks is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from casekit.widgets.caseload import problems
from casekit.widgets.parts import html
from casekit.widgets.roster import Roster, form, loaded

TABLES = {
    "programs.csv": "program_id,calendar_id,standard_ids\np1,c1,sa_flo\n",
    "students.csv": "student_id,program_id,enrollment_start\ns1,p1,2026-02-09\n",
    "calendar.csv": "calendar_id,kind,start_date,end_date\nc1,school_year,2026-02-09,2026-12-11\n",
}


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    for name, text in TABLES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return loaded(Roster(str(tmp_path), "2026-02-15"))


def test_a_form_in_which_nothing_more_is_set_is_folded(roster: Roster) -> None:
    assert "<details open>" not in html(form(roster))


@pytest.mark.parametrize(
    "given",
    [
        {"since": "2026-02-10"},  # set, and right
        {"since": "2027-01-01"},  # set, and after the day
        {"standard": "wa_open_doors"},
        {"dates": "dmy"},
        {"mistakes": {"overlay": "Give a folder."}},
    ],
)
def test_what_is_set_or_wrong_is_in_view(roster: Roster, given: dict) -> None:
    assert html(form(replace(roster, **given))).count("<details open>") == 1


def test_a_day_that_is_wrong_is_called_by_the_names_of_the_form(roster: Roster) -> None:
    told = html(form(replace(roster, since="2027-01-01")))
    assert "From 2027-01-01 lies after As of 2026-02-15: give an earlier one" in told


def test_tables_that_are_not_there_are_said_before_what_cannot_be_told(roster: Roster) -> None:
    told = html(problems(roster))
    assert "Not in your roster: staff, assignments and contacts." in told
    assert "calendar" not in told
