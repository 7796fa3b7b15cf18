"""The staffing panel without a browser: what is tried, what comes of it, what is saved."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from casekit.evaluate import plan_of
from casekit.planning.scenarios.changes import Hire, Intake, Resign
from casekit.planning.scenarios.ground import Ground, culprit, ground_of, laid
from casekit.planning.scenarios.said import phrase
from casekit.planning.scenarios.scenario import Scenario, read_scenario
from casekit.planning.staffing.by_day import staffing_by_day
from casekit.planning.staffing.case_managers import case_managers_by_day
from casekit.readers import read
from casekit.shipped import sample, shipped
from casekit.widgets.scenario_files import save, saved_in
from casekit.widgets.staffing import StaffingPanel

LEAVES = shipped("data", "scenarios", "one_leaves.toml")


AS_OF = sample()[1]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The sample without its contacts and events, which no staffing rule looks at."""
    folder = tmp_path_factory.mktemp("sample")
    for name in ("programs", "students", "staff", "assignments", "leave", "calendar"):
        shutil.copy(Path(sample()[0]) / f"{name}.csv", folder)
    return str(folder)


class Quick(StaffingPanel):
    """A panel of which a test makes only the regions that it looks at."""

    def show(self, live: bool = False) -> None:
        pass


@pytest.fixture
def panel(data: str, tmp_path: Path) -> StaffingPanel:
    """The sample's first program with one case manager who leaves at the end of August."""
    kept = str(tmp_path / "kept")
    return Quick(data, AS_OF, program="P-01", scenario=LEAVES, folder=kept)


@pytest.fixture(scope="module")
def ground(data: str, request: pytest.FixtureRequest) -> Ground:
    caseload = read(data)
    return ground_of(caseload, plan_of(caseload, as_of=AS_OF, programs=[request.param]))


def shown(panel: StaffingPanel, region: str) -> str:
    return panel._made(next(r for r in panel.regions(panel.state) if r.name == region))


def test_half_a_post_more_and_the_breach_goes(panel: StaffingPanel) -> None:
    before = shown(panel, "chart")
    panel.change(fte="0.5")
    assert "172 open days are over 75 students to 1.0 FTE, from 2 September 2026" in before
    assert "0.5 FTE more from 8 June 2026, no open day ahead is over 75" in shown(panel, "chart")


def test_less_than_enough_leaves_days_over(panel: StaffingPanel) -> None:
    # 73 students need 0.973 FTE; 0.792 stays when T-01-4 goes.
    panel.change(fte="0.1")
    assert "172 open days are over" in shown(panel, "chart")
    panel.change(fte="0.2")
    assert "no open day ahead is over" in shown(panel, "chart")


def test_what_a_slider_moves_is_seen_before_it_is_let_go(data: str) -> None:
    panel = StaffingPanel(data, AS_OF, program="P-01", scenario=LEAVES)
    panel.html()
    rules = panel._shown["rules"][1]
    panel.change(live=True, fte="0.5")
    assert "no open day ahead is over" in panel._shown["chart"][1]
    assert panel._shown["rules"][1] == rules
    panel.change(fte="0.5")
    assert panel._shown["rules"][1] != rules


def test_the_rules_say_that_a_breach_comes(panel: StaffingPanel) -> None:
    assert "a breach comes" in shown(panel, "rules")


def test_who_is_left_with_nobody_is_said(panel: StaffingPanel) -> None:
    assert "nobody is named in place of Sample Worker 01-4" in shown(panel, "people")
    panel.press("clear")
    assert "nobody is named" not in shown(panel, "people")


def test_more_students_take_the_room(panel: StaffingPanel) -> None:
    panel.press("clear")
    panel.change(intake="2")
    assert "2 more students a week from 8 June 2026" in shown(panel, "changes")
    assert "are over 75 students" in shown(panel, "chart")


def test_a_person_s_sliders_start_at_their_own_time(panel: StaffingPanel) -> None:
    panel.press("clear")
    panel.change(who="T-01-2")
    assert (panel.state.tries.who_fte, panel.state.tries.who_share) == ("0.8", "49")
    assert not panel.state.scenario.changes
    panel.change(who_share="80")
    assert "Sample Worker 01-2 (T-01-2) working with" not in shown(panel, "changes")
    assert "80% of the time for case management" in shown(panel, "changes")


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("fte_from", "2025-08-31", "Give a day from 1 September 2025 to 6 June 2027"),
        ("fte_from", "2027-06-07", "Give a day from 1 September 2025 to 6 June 2027"),
        ("fte_from", "", "Give a date such as 2026-08-31."),
        ("salary", "much", "Give a number."),
        ("sure", "2", "Give 0.5 to 0.999."),
        ("until", "2026-06-01", "This is no day ahead"),
        ("until", "2040-01-01", "more than 5 years before the horizon"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    panel: StaffingPanel, field: str, given: str, said: str
) -> None:
    panel.change(fte="0.5")
    panel.change(**{field: given})
    assert said in panel.state.mistakes[field]
    assert said in shown(panel, "builder")


def test_a_change_that_cannot_be_made_leaves_the_others(panel: StaffingPanel) -> None:
    # T-01-3 left on 27 March 2026.
    panel.change(fte="0.5")
    panel.change(gone="T-01-3")
    assert "no longer there" in panel.state.mistakes["gone_on"]
    assert "0.5 FTE more" in shown(panel, "chart")


def test_a_number_that_is_none_is_said_and_changes_nothing(panel: StaffingPanel) -> None:
    panel.change(fte="half")
    assert panel.said == "fte is 'half': give a number such as 0.5"
    assert panel.state.tries.fte == "0"


def test_a_change_is_taken_out_again(panel: StaffingPanel) -> None:
    panel.change(fte="0.5")
    panel.press("remove", "kept|0")
    panel.press("remove", "fte_from")
    assert "Nothing is changed yet" in shown(panel, "changes")


def test_what_is_kept_frees_the_sliders(panel: StaffingPanel) -> None:
    panel.change(fte="0.5")
    panel.press("keep")
    assert (panel.state.tries.fte, len(panel.state.kept)) == ("0", 2)
    assert "no open day ahead is over" in shown(panel, "chart")


def test_another_program_starts_without_the_changes_of_the_last(panel: StaffingPanel) -> None:
    panel.change(fte="0.5")
    panel.change(program="P-06")
    assert not panel.state.scenario.changes


def test_another_day_keeps_the_changes(panel: StaffingPanel) -> None:
    panel.change(as_of="2026-05-31")
    assert "T-01-4" in shown(panel, "changes")


def test_a_saved_scenario_is_there_in_another_kernel(panel: StaffingPanel) -> None:
    panel.change(fte="0.5", name="Half a post")
    panel.press("save")
    again = Quick(panel.state.roster.data, AS_OF, program="P-01", folder=panel.state.folder)
    again.press("load_scenario", again.state.saved[0].file)
    assert again.state.scenario == panel.state.scenario


def test_a_scenario_saved_on_another_page_is_there_once_this_one_is_opened(
    panel: StaffingPanel,
) -> None:
    save(Scenario("Autumn", (Hire("P-01"),)), Path(panel.state.folder))
    panel._heard({"ask": True, "number": 1}, [])
    assert "Autumn" in shown(panel, "saved")


def test_scenarios_are_compared_with_things_as_they_stand(panel: StaffingPanel) -> None:
    panel.change(name="Nobody follows")
    panel.press("save")
    panel.change(fte="0.5", name="Half a post")
    panel.press("save")
    panel.change(**{f"compare|{each.file}": "yes" for each in panel.state.saved})
    rows = shown(panel, "compared")
    assert all(text in rows for text in ("As things stand", "Nobody follows", "Half a post"))


def test_a_fifth_scenario_is_not_compared(panel: StaffingPanel) -> None:
    panel.change(**{f"compare|{number}.toml": "yes" for number in range(5)})
    assert "4 scenarios are compared at most" in panel.said


def test_a_scenario_without_a_name_is_not_saved(panel: StaffingPanel) -> None:
    panel.change(name=" ")
    panel.press("save")
    assert "Give the scenario a name" in shown(panel, "changes")
    assert not saved_in(Path(panel.state.folder))


def test_a_file_that_is_no_scenario_spoils_no_other(data: str, tmp_path: Path) -> None:
    save(Scenario("Good", (Hire("P-01"),)), tmp_path)
    (tmp_path / "bad.toml").write_text("name = \n")
    panel = Quick(data, AS_OF, program="P-01", folder=str(tmp_path))
    assert "Cannot be read: bad.toml is not TOML" in shown(panel, "saved")
    assert "Load" in shown(panel, "saved")


@pytest.mark.parametrize("name", ["../out", "CON", "a/b", "Ünïcode", "x" * 300, "<script>", "."])
def test_any_name_is_a_safe_file(tmp_path: Path, name: str) -> None:
    path = save(Scenario(name, (Hire("P-01"),)), tmp_path)
    assert path.parent == tmp_path and path.exists()
    assert read_scenario(path).name == name


def test_names_that_a_disk_takes_for_the_same_are_two_files(tmp_path: Path) -> None:
    for name in ("Autumn", "AUTUMN", "autumn"):
        save(Scenario(name, (Hire("P-01"),)), tmp_path)
    files = {each.file.lower() for each in saved_in(tmp_path)}
    assert len(files) == 3


def test_saved_again_a_scenario_keeps_its_file(tmp_path: Path) -> None:
    first = save(Scenario("Autumn", (Hire("P-01"),)), tmp_path)
    assert save(Scenario("Autumn", (Hire("P-01", 0.5),)), tmp_path) == first


def test_text_is_shown_as_text(panel: StaffingPanel) -> None:
    panel.change(name="<script>alert(1)</script>")
    panel.press("save")
    assert "&lt;script&gt;alert(1)" in shown(panel, "saved")
    assert "<script>" not in shown(panel, "saved") + shown(panel, "changes")


def test_a_program_without_a_limit_is_shown_as_it_is(panel: StaffingPanel) -> None:
    panel.change(program="P-03")
    assert "set no limit on staffing" in shown(panel, "chart")
    assert not shown(panel, "moves")


def test_a_roster_without_staff_says_what_to_add(tmp_path: Path) -> None:
    for name in ("programs", "students", "calendar"):
        text = (Path(sample()[0]) / f"{name}.csv").read_text()
        (tmp_path / f"{name}.csv").write_text(text)
    panel = Quick(str(tmp_path), AS_OF, program="P-01")
    assert "The table staff is not there" in shown(panel, "builder")


@pytest.mark.parametrize(
    ("part", "said"), [("moves", "No reassignment keeps to 75"), ("chance", "futures")]
)
def test_what_takes_longer_waits_for_its_button(panel: StaffingPanel, part: str, said: str) -> None:
    assert said not in shown(panel, part)
    panel.press("work", part)
    assert said in shown(panel, part)
    panel.change(fte="0.5")
    assert "The changes are not what they were" in shown(panel, part)


@pytest.mark.parametrize("ground", ["P-01", "P-07"], indirect=True)
@pytest.mark.parametrize(
    "change",
    [(), (Hire("", fte=0.5),), (Resign("-4"),), (Intake("", a_month=3),)],
    ids=["none", "hire", "resign", "intake"],
)
def test_the_quick_days_are_those_of_the_plan(ground: Ground, change: tuple) -> None:
    program = ground.outlook.program
    mine = tuple(
        Resign(program.replace("P", "T") + "-4")
        if isinstance(c, Resign)
        else replace(c, program=program)
        for c in change
    )
    after = laid(ground, Scenario("x", mine))
    slow = staffing_by_day(after.outlook, case_managers_by_day(after.outlook))
    columns = ["day", "students", "fte", "ratio", "capacity", "status", "ahead"]
    columns += ["largest"] if after.outlook.limits.at_most is not None else []
    pd.testing.assert_frame_equal(after.days[columns], slow[columns], check_dtype=False)


@pytest.mark.parametrize("ground", ["P-01"], indirect=True)
def test_the_change_that_cannot_be_made_is_named(ground: Ground) -> None:
    # T-01-3 left on 27 March 2026.
    place, why = culprit(ground, Scenario("x", (Hire("P-01"), Resign("T-01-3"))))
    assert (place, "no longer there" in why) == (1, True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Hire("P-01", 0.5, 0.8), "0.5 FTE more, 80% of it case management"),
        (Intake("P-01", a_month=52 / 12), "1 more student a week"),
        (Intake("P-01", a_month=2), "2 more students a month"),
        (Resign("T-1", replaced_in_weeks=8), "Ann (T-1) leaving, replaced after 8 weeks"),
    ],
)
def test_a_change_in_a_few_words(change: object, said: str) -> None:
    assert phrase(change, {"T-1": "Ann (T-1)"}) == said  # type: ignore[arg-type]


def test_nothing_shown_is_kept_in_the_notebook(panel: StaffingPanel) -> None:
    StaffingPanel.show(panel)
    assert "Sample Worker" not in str(panel.get_state())


def test_the_notebook_opens_with_the_breach() -> None:
    notebook = nbformat.read(shipped("notebooks", "4_staffing.ipynb"), as_version=4)
    code = next(cell.source for cell in notebook.cells if cell.cell_type == "code")
    made: dict = {}
    exec(code.replace("StaffingPanel(data", "panel = StaffingPanel(data"), made)
    assert "172 open days are over" in shown(made["panel"], "chart")
