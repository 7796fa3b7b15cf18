"""The whole plan: every part of it, its files, and what is answered where a part cannot be made."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from conftest import caseload_of
from test_recovery import ASSIGNMENTS, CALENDAR, STAFF, STUDENTS, heads, held_by

from casekit.cli import main
from casekit.evaluate import plan_of
from casekit.planning.plan import WholePlan, make_plan, settings_used
from casekit.planning.plan_files import plan_data, write_plan
from casekit.planning.scenarios.changes import Intake, Resign
from casekit.planning.scenarios.scenario import Scenario
from casekit.planning.settings import PlanningError, Settings
from casekit.readers.native import write_folder

QUICK = Settings(runs=100, weeks=6, hiring_weeks=1)
TWO = STAFF + "w1,p1,1,0.8,2025-01-06,\nw2,p1,1,0.8,2025-01-06,\n"
GONE = Scenario("Gone", (Resign("w2", on=date(2026, 3, 20)),), settings=QUICK)


def planned(
    *scenarios: Scenario, standard: str = "sa_flo", seed: int = 0, **tables: str
) -> WholePlan:
    """The plan of p1 on Friday 6 March 2026, up to 24 April."""
    programs = f"program_id,standard_ids,calendar_id\np1,{standard},c1\n"
    caseload = caseload_of(programs=programs, calendar=CALENDAR, **tables)
    plan = plan_of(caseload, as_of="2026-03-06", since="2026-01-05", until="2026-04-24")
    return make_plan(caseload, plan, scenarios or [Scenario("Now", settings=QUICK)], seed=seed)


@pytest.fixture(scope="module")
def whole() -> WholePlan:
    return planned(GONE, students=heads(30), staff=TWO, assignments=held_by(w1=14, w2=16))


def test_the_plan_is_made_with_the_first_scenario(whole) -> None:
    moves = whole.programs["p1"].reassignment
    assert moves is not None and moves.status == "impossible"
    # 30 students and w1's 25 places: somebody is hired, and then w2's students move.
    kinds = list(whole.programs["p1"].recoveries[0].steps["kind"])
    assert kinds[:2] == ["hire", "reassign"]


def test_a_part_that_cannot_be_made_says_why() -> None:
    made = planned(standard="bc_sd42", students=heads(3), staff=TWO, assignments=held_by(w1=3))
    assert "held to no limit on staffing" in made.programs["p1"].refused["frontier"]


def test_the_data_hold_every_part_and_no_student(whole) -> None:
    data = plan_data(whole)
    parts = set(data["programs"]["p1"])
    assert {"through_time", "need", "leave", "reassignment", "recoveries", "refused"} <= parts
    text = json.dumps(data)
    assert "s000" not in text and "w1" in text


def test_the_same_plan_is_the_same_to_the_byte(tmp_path) -> None:
    tables = {"students": heads(30), "staff": TWO, "assignments": held_by(w1=14, w2=16)}
    for name in ("one", "other"):
        write_plan(planned(GONE, seed=7, **tables), tmp_path / name)
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes()


def test_moves_name_students_and_reasons(whole, tmp_path) -> None:
    write_plan(whole, tmp_path)
    moves = pd.read_csv(tmp_path / "moves.csv")
    assert set(moves["from_staff"]) == {"w2"} and set(moves["program_id"]) == {"p1"}
    assert moves["reason"].str.contains("w2 leaves on 20 March 2026").all()


def test_the_comparison_is_written_whole(whole, tmp_path) -> None:
    write_plan(whole, tmp_path)
    table = pd.read_csv(tmp_path / "comparison.csv")
    assert set(table["window"]) == {"span", "ahead"} and set(table["scenario"]) == {"Gone"}
    assert set(table["direction"]) <= {"better", "worse", "same", "changed"}


def test_every_setting_that_was_used_is_named(whole) -> None:
    assert {"runs", "hiring_weeks", "week_hours", "same_site"} <= set(settings_used(whole))


def test_an_intake_is_left_out_of_the_forecast_and_that_is_said() -> None:
    coming = Scenario("More", (Intake("p1", a_month=4),), settings=QUICK)
    made = planned(coming, students=heads(5), staff=TWO, assignments=held_by(w1=5))
    assert any("not in the forecast" in note for note in made.notes)


@pytest.mark.parametrize("standard", ["wa_open_doors", "sa_flo", "bc_sd42", "ks_wyandotte"])
@pytest.mark.parametrize(
    "tables",
    [
        {"students": heads(30)},
        {"students": STUDENTS, "staff": TWO, "assignments": ASSIGNMENTS},
        {"students": heads(3), "staff": STAFF + "w1,p1,1,0,2025-01-06,\n"},
        {"students": heads(3), "staff": STAFF + "w1,p1,,,2025-01-06,\n"},
        {
            "students": heads(3),
            "staff": STAFF + "w1,p1,1,1,2025-01-06,2026-02-27\n",
            "assignments": held_by(w1=3),
        },
    ],
    ids=["no staff table", "no student", "share 0", "fte not recorded", "everybody has left"],
)
def test_absurd_input_is_answered_and_never_ends_the_plan(standard: str, tables: dict) -> None:
    made = planned(standard=standard, **tables)
    assert plan_data(made)["programs"]["p1"]["limits"]


def test_two_scenarios_of_one_name_are_refused() -> None:
    with pytest.raises(PlanningError, match="two scenarios are called 'Gone'"):
        planned(GONE, GONE, students=heads(3), staff=TWO)


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """The same program as a folder."""
    programs = "program_id,standard_ids,calendar_id\np1,sa_flo,c1\n"
    folder = tmp_path_factory.mktemp("data")
    tables = {"students": heads(30), "staff": TWO, "assignments": held_by(w1=14, w2=16)}
    write_folder(caseload_of(programs=programs, calendar=CALENDAR, **tables), folder)
    (folder.parent / "gone.toml").write_text(
        'name = "Gone"\nchange = [{ do = "resign", staff = "w2", on = 2026-03-20 }]\n'
        "settings = { runs = 100, weeks = 6, hiring_weeks = 1 }\n"
    )
    return folder


def run(data: Path, out: Path, *more: str) -> int:
    return main(["plan", str(data), "--as-of", "2026-03-06", "--out", str(out), *more])


def test_the_command_writes_its_files_and_says_where(data, tmp_path, capsys) -> None:
    scenario = str(data.parent / "gone.toml")
    assert run(data, tmp_path / "plan", "--scenario", scenario, "--until", "2026-04-24") == 0
    names = {path.name for path in (tmp_path / "plan").iterdir()}
    assert names == {"plan.json", "plan.html", "moves.csv", "comparison.csv"}
    said = capsys.readouterr().out
    assert "plan.html" in said and "keep them within the program" in said


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--until", "2026-03-06"], "is not after --as-of"),
        (["--scenario", "nowhere.toml"], "give a scenario's file"),
        (["--seed", "-1"], "is not a whole number of 0 or more"),
        (["--program", "p2"], "there is no program 'p2'"),
    ],
)
def test_wrong_use_is_one_line(data, tmp_path, capsys, more: list[str], said: str) -> None:
    try:
        status = run(data, tmp_path, *more)
    except SystemExit as left:
        status = int(left.code or 0)
    error = capsys.readouterr().err
    assert status == 2 and said in error and len(error.splitlines()) == 1
