"""The standards panel and its notebook, without a click and without a browser."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from own_standard import NEW, WAIVER, Write, writer

from casekit.catalog import Standard, load, shipped_standards
from casekit.reports.html import fragment
from casekit.shipped import shipped
from casekit.widgets.standards import (
    OWN_FILE,
    StandardsPanel,
    area_counts,
    areas,
    asks_nothing_table,
    crosswalk_blocks,
    crosswalk_table,
    open_standard,
    requirements_table,
    standard_blocks,
    status_blocks,
)

EDITION = '[[edition]]\nname = "2027"\nfrom = 2027-07-01\nwhy = "Less room."\n'
EDITION += '[[edition.requirement]]\nid = "base.caseload"\nauthority = "rule"\n'
SILENT = '[[asks_nothing]]\nstatement = "B-9"\nreason = "It only greets."\n'
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    return writer(tmp_path)


@pytest.fixture
def own(write: Write) -> Standard:
    """A district's own standard: one requirement more, one put off, an edition."""
    return load(write(NEW + WAIVER + EDITION + SILENT))


# What a standard asks.


@pytest.mark.parametrize("name", shipped_standards())
def test_every_requirement_has_a_row_of_its_own_that_says_what_it_asks(name: str) -> None:
    standard = load(name)
    table = requirements_table(standard)
    assert table["Id"].tolist() == list(standard.requirements)
    assert (table["What it asks"].str.len() > 20).all()


def test_a_computed_requirement_says_what_is_judged_and_with_which_settings(own: Standard) -> None:
    row = requirements_table(own).set_index("Id").loc["base.caseload"]
    assert row["Computed or attested"] == "computed"
    assert row["What it asks"] == "No case manager has more than 25 students on any open day."


def test_an_attested_requirement_is_its_question_and_the_evidence(own: Standard) -> None:
    row = requirements_table(own).set_index("Id").loc["own.extra"]
    assert row["Computed or attested"] == "attested"
    assert row["What it asks"] == "Is it so? Evidence: A list."


def test_a_requirement_of_some_students_says_of_which() -> None:
    asked = requirements_table(load("bc_sd42")).set_index("Id")["What it asks"]
    assert "whose support hours are over 25" in asked["bc_sd42.iep_over_25_hours"]


def test_a_requirement_that_is_put_off_says_so_in_its_row(own: Standard) -> None:
    asked = requirements_table(own).set_index("Id")["What it asks"]
    assert asked["base.weekly"].endswith("Waived until 30 June 2026: No room")


def test_a_level_leaves_the_requirements_that_stand_at_it(own: Standard) -> None:
    # base.weekly and base.asked stand at no level; none stands at the high one.
    assert requirements_table(own, level="low")["Id"].tolist() == ["base.caseload"]
    assert requirements_table(own, level="high").empty


def test_an_area_and_a_level_are_both_held_to() -> None:
    flo = load("sa_flo")
    table = requirements_table(flo, "Human resources", "embedded")
    chosen = [
        r.id
        for r in flo.requirements.values()
        if (r.area, r.level) == ("Human resources", "embedded")
    ]
    assert table["Id"].tolist() == chosen != []


def test_areas_are_named_once_in_the_order_of_the_text() -> None:
    assert areas(load("fl_dspc")) == [
        "Overview",
        "Referral process",
        "Exceptional and 504 students",
        "Closing a case",
        "Referral back",
    ]


def test_a_standard_without_areas_has_none_to_choose() -> None:
    assert areas(load("wa_open_doors")) == []


def test_statements_that_ask_nothing_are_listed_with_the_reason(own: Standard) -> None:
    assert asks_nothing_table(own).to_numpy().tolist() == [["B-9", "It only greets."]]


def test_areas_are_counted_by_what_shows_them(own: Standard) -> None:
    counts = area_counts(load("wa_open_doors"))
    assert counts.to_numpy().tolist() == [["The whole standard", 17, 3]]
    assert area_counts(load("sa_flo"))[["computed", "attested"]].sum().tolist() == [18, 78]


# As a page.


def test_the_tables_have_captions_and_headed_rows_and_columns(own: Standard) -> None:
    html = fragment(standard_blocks(own))
    assert "4 requirements of Our own</span></caption>" in html
    assert '<th scope="col">Computed or attested</th>' in html
    assert '<th scope="row">At most 25</th>' in html


def test_editions_and_waivers_are_said_with_their_days(own: Standard) -> None:
    html = fragment(standard_blocks(own))
    assert "Edition 2027, from 1 July 2027: Less room." in html
    assert "Waived: Seen each week (base.weekly), until 30 June 2026: No room" in html
    assert "Built on base." in html


def test_a_standard_that_nobody_changed_says_so() -> None:
    assert "nothing is waived" in fragment(standard_blocks(load("sa_flo")))


def test_a_part_of_a_standard_without_requirements_is_said_and_no_empty_table(
    own: Standard,
) -> None:
    html = fragment(standard_blocks(own, level="high"))
    assert "There is no requirement at level “high”" in html
    assert "requirements of Our own" not in html


def test_text_of_a_file_is_shown_as_text(write: Write) -> None:
    # Every text that a district writes: titles, an area, a reason, an edition, a statement.
    files = "".join((NEW, 'area = "AREA"\n', WAIVER, EDITION, SILENT))
    for text in ("One more", "AREA", "Our board", "A list.", "No room", "Less room.", "B-9"):
        files = files.replace(text, SCRIPT)
    path = write(files)
    path.write_text(path.read_text("utf-8").replace("Our own", SCRIPT), encoding="utf-8")
    html = fragment(standard_blocks(load(path))) + fragment(crosswalk_blocks(load(path)))
    assert "<script" not in html
    assert html.count("&lt;script&gt;") > 8


# The crosswalk.


def test_a_topic_names_what_each_standard_asks_and_which_asks_the_most() -> None:
    row = crosswalk_table().set_index("Topic").loc["Contacts written down"]
    assert row["What each standard asks"].splitlines() == [
        "fl_dspc: Each contact stands on the face sheet",
        "sa_flo: Contacts with students have case notes",
        "bc_sd42: Facts on the student's support are written down and filed",
    ]
    assert row["Asks the most"] == "fl_dspc: Each contact stands on the face sheet"
    assert row["How they differ"].startswith("It asks for each contact")


def test_where_no_standard_asks_the_most_it_is_said() -> None:
    row = crosswalk_table().set_index("Topic").loc["Staff are trained"]
    assert row["Asks the most"] == "They cannot be ranked"


def test_the_crosswalk_of_a_standard_leaves_the_topics_it_speaks_of() -> None:
    table = crosswalk_table(load("wa_open_doors"))
    assert table["What each standard asks"].str.contains("wa_open_doors: ").all()
    assert 0 < len(table) < len(crosswalk_table())


def test_a_standard_built_on_a_shipped_one_has_the_topics_it_kept(tmp_path: Path) -> None:
    path = tmp_path / "cedar.toml"
    # The edition drops the only requirement of the base that speaks of the caseload.
    path.write_text(
        '[standard]\nid = "cedar"\ntitle = "Cedar"\nextends = "sa_flo"\n'
        '[[edition]]\nname = "2"\nfrom = 2026-01-01\nwhy = "No cap."\ndrops = ["sa_flo.caseload"]\n'
    )
    cedar, flo = (set(crosswalk_table(load(name))["Topic"]) for name in (path, "sa_flo"))
    assert flo - cedar == {"Students to a case manager"}
    assert "what your file changes in them is not weighed" in fragment(crosswalk_blocks(load(path)))


def test_a_standard_of_which_the_crosswalk_does_not_speak_is_told_so(own: Standard) -> None:
    assert "There is no topic that Our own speaks of" in fragment(crosswalk_blocks(own))


# A file of one's own, and its mistakes.


def test_every_mistake_in_a_file_has_its_line(write: Write) -> None:
    path = write(NEW.replace("attestation", "atestation") + WAIVER.replace("weekly", "weakly"))
    opened = open_standard(str(path))
    assert opened.standard is None
    assert [line.removeprefix(f"{path}:").split(":")[0] for line in opened.mistakes] == ["10", "14"]


def test_each_mistake_is_shown_on_a_line_as_text(write: Write) -> None:
    path = write(NEW.replace("own.extra", SCRIPT) + WAIVER.replace("weekly", "weakly"))
    html = fragment(status_blocks(open_standard(str(path))))
    assert "It cannot be used: 2 mistakes." in html
    assert html.count("<li>") == 2
    assert "<script" not in html and "&lt;script&gt;" in html


@pytest.mark.parametrize(
    ("which", "said"),
    [
        ("", "give the path of a .toml file"),
        ("nowhere.toml", "nowhere.toml: cannot be read"),
        ("sa_fl", "did you mean sa_flo?"),
        ("~nobody-of-this-name/own.toml", "home"),
    ],
)
def test_a_place_without_a_standard_is_said_in_one_line(which: str, said: str) -> None:
    (line,) = open_standard(which).mistakes
    assert said in line


# The panel.


def test_the_panel_shows_the_standard_and_follows_each_choice() -> None:
    panel = StandardsPanel("sa_flo")
    assert "96 requirements: 18 computed, 78 attested." in panel.html()
    panel.change(level="embedded")
    assert fragment(standard_blocks(load("sa_flo"), level="embedded")) in panel.html()
    panel.change(area="Human resources")
    part = standard_blocks(load("sa_flo"), "Human resources", "embedded")
    assert fragment(part) in panel.html()
    panel.change(standard="fl_dspc")
    assert fragment(standard_blocks(load("fl_dspc"))) in panel.html()
    assert "This standard has no levels." in panel.html()


def test_the_crosswalk_follows_the_choice() -> None:
    panel = StandardsPanel("wa_open_doors")
    table = fragment(crosswalk_blocks(load("wa_open_doors"))[1:])
    assert table in panel.html()
    panel.change(compare="all")
    assert fragment(crosswalk_blocks()[1:]) in panel.html()


def test_a_file_of_one_s_own_is_read_and_read_again_once_mended(write: Write) -> None:
    path = write(NEW.replace("attestation", "atestation"))
    panel = StandardsPanel(OWN_FILE, str(path))
    assert "did you mean attestation?" in panel.html()
    write(NEW)
    panel.press("again")
    assert fragment(standard_blocks(load(path))) in panel.html()


def test_the_path_is_asked_for_only_where_it_is_used() -> None:
    panel = StandardsPanel("sa_flo")
    assert "TOML" not in panel.html()
    panel.change(standard=OWN_FILE)
    assert "Path of its TOML file" in panel.html()
    assert "No file is named" in panel.html()


def test_a_mistake_leaves_no_old_standard_on_the_page() -> None:
    panel = StandardsPanel("sa_flo")
    panel.change(standard=OWN_FILE, own="<b>nowhere</b>.toml")
    assert "<table" not in panel.html()
    assert "&lt;b&gt;nowhere" in panel.html()


def test_the_notebook_runs_from_top_to_bottom(tmp_path: Path) -> None:
    notebook = nbformat.read(shipped("notebooks", "0_standards.ipynb"), as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": tmp_path}}).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    view = shown[-1]["data"]["application/vnd.jupyter.widget-view+json"]
    # A view whose model never reached the page is shown as an error there.
    state = notebook.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    assert state[view["model_id"]]["model_name"] == "AnyModel"
