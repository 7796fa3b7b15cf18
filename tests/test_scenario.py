"""A scenario's file: what it may say, what is answered to a slip, and that it reads back."""

from __future__ import annotations

import json
from datetime import date

import pytest

from casekit.planning.scenarios.changes import CHANGES, Hire, Intake, Limit, Resign
from casekit.planning.scenarios.scenario import (
    Scenario,
    read_scenario,
    scenario_from,
    write_scenario,
)
from casekit.planning.settings import PlanningError, Settings
from casekit.shipped import shipped

WHOLE = Scenario(
    "Two leave",
    (
        Hire("p1", fte=0.5, share=0.8, on=date(2026, 8, 3), ramp_weeks=4),
        Resign("w1", on=date(2026, 2, 28), replaced_in_weeks=8),
        Intake("p1", growth=0.02),
        Limit("wa_open_doors.staff_ratio", {"per_staff": 60}),
    ),
    "to see",
    Settings(salary=60_000, money="dollars", pinned=(("s1", "w1"),), need_weights={"A": 2.0}),
)


@pytest.mark.parametrize("name", ["two.toml", "two.json"])
def test_a_scenario_reads_back_as_it_was_written(tmp_path, name: str) -> None:
    write_scenario(WHOLE, tmp_path / name)
    assert read_scenario(tmp_path / name) == WHOLE


@pytest.mark.parametrize(
    "path", sorted(shipped("data", "scenarios").glob("*")), ids=lambda path: path.name
)
def test_every_shipped_scenario_can_be_read(path) -> None:
    assert read_scenario(path).changes


def test_every_kind_of_change_says_what_it_does() -> None:
    assert all(kind.__doc__ for kind in CHANGES.values())


def change(**row: object) -> dict:
    return {"name": "x", "change": [row]}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (3, "the scenario: give a name"),
        ({}, "name is missing"),
        ({"name": " "}, "name is missing"),
        ({"name": "x", "chnage": []}, "'chnage' is not known; did you mean change?"),
        ({"name": "x", "change": {}}, "write [[change]] before each"),
        ({"name": "x", "settings": 3}, "write [settings]"),
        ({"name": "x", "settings": {"salery": 1}}, "did you mean salary?"),
        ({"name": "x", "settings": {"runs": 1}}, "runs = 1: give 100 to 100,000"),
        ({"name": "x", "settings": {"salary": True}}, "give a number"),
        ({"name": "x", "settings": {"salary": float("nan")}}, "give a number"),
        ({"name": "x", "settings": {"pinned": [["a"]]}}, "give two texts in each pair"),
        ({"name": "x", "settings": {"need_weights": {"A": -1.0}}}, "give 0 to 100"),
        (change(), "change 1 says no do: give one of hire, leave"),
        (change(do="hier"), "did you mean hire?"),
        (change(do=["hire"]), "is not known"),
        (change(do="hire"), "program is missing"),
        (change(do="hire", program="p1", fte=1.4), "fte = 1.4: give 0 to 1"),
        (change(do="hire", program="p1", shar=1), "did you mean share?"),
        (change(do="hire", program="p1", on="soon"), "give a day, such as 2026-08-31"),
        # A day is no moment: what hour it is there would be a guess.
        (change(do="hire", program="p1", on="2026-01-01T10:00"), "give a day"),
        (change(do="leave", staff="w1"), "until is missing"),
        (
            change(do="leave", staff="w1", on="2026-03-02", until="2026-03-01"),
            "until 2026-03-01 lies before on 2026-03-02",
        ),
        (change(do="intake", program="p1"), "give a_month or growth, one of them"),
        (change(do="intake", program="p1", growth=-0.1), 'is written as do = "exits"'),
        (change(do="exits", program="p1"), "give a_month or students, one of them"),
        (change(do="share", staff="w1"), "give share or fte, or both"),
        (change(do="move", students="s1", to="w1"), "give a list of texts in quotes"),
    ],
)
def test_a_slip_is_answered_with_what_is_allowed(data: object, said: str) -> None:
    with pytest.raises(PlanningError) as raised:
        scenario_from(data)
    assert said in str(raised.value)


def test_every_mistake_is_named_at_once() -> None:
    rows = [{"do": "hire"}, {"do": "resign"}, {"do": "fire"}]
    with pytest.raises(PlanningError) as raised:
        scenario_from({"name": "x", "change": rows})
    assert len(str(raised.value).splitlines()) == 3


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("s.toml", "name = ", "is not TOML"),
        ("s.json", "{", "is not JSON"),
        ("s.json", "[" * 100_000, "is not JSON"),
        ("s.toml", "\xff", "is not TOML"),
        ("no.toml", None, "give a scenario's file"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(tmp_path, name: str, text, said: str) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, encoding="latin-1")
    with pytest.raises(PlanningError) as raised:
        read_scenario(tmp_path / name)
    assert said in str(raised.value) and "\n" not in str(raised.value)


def test_a_day_may_be_a_text_in_json(tmp_path) -> None:
    row = {"do": "hire", "program": "p1", "on": "2026-08-03"}
    (tmp_path / "s.json").write_text(json.dumps(change(**row)))
    assert read_scenario(tmp_path / "s.json").changes == (Hire("p1", on=date(2026, 8, 3)),)
