"""The self-assessment panel never misdirects, overwrites or drops what was said."""

from __future__ import annotations

from pathlib import Path

import pytest

from casekit.widgets.self_assessment import SelfAssessmentPanel
from tests.conftest import PROGRAMS

STUDENTS = "student_id,program_id,enrollment_start\ns1,p1,2026-01-05\ns2,p2,2026-01-05\n"
AS_OF = "2026-03-02"
PERSONS = "wa_open_doors.integrated_services"  # only people can answer it
ANSWERS = "program_id,requirement_id,answer,assessed_on\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two programs, p1 and p2, under the same standards, with a student each."""
    first, second = PROGRAMS.splitlines()
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "programs.csv").write_text(f"{first}\n{second}\n{second.replace('p1', 'p2')}\n")
    (folder / "students.csv").write_text(STUDENTS)
    return folder


def opened(data: Path) -> SelfAssessmentPanel:
    return SelfAssessmentPanel(str(data), AS_OF, "p1")


def given(panel: SelfAssessmentPanel, name: str = PERSONS) -> str:
    said = panel.state.assessment.standing(name).answer
    return said.answer if said else ""


def on_disk(data: Path) -> str:
    return (data / "attestations.csv").read_text()


def test_an_answer_to_a_statement_is_not_taken_back_through_one_of_its_requirements(
    data: Path,
) -> None:
    panel = opened(data)
    statement, *_ = panel.state.assessment.standard.requirements[PERSONS].statements
    (data / "attestations.csv").write_text(f"{ANSWERS}p1,{statement},yes,{AS_OF}\n")
    panel.press("load")
    panel.change(**{f"answer:{PERSONS}": ""})
    assert panel.said.startswith(f"Not taken back: it was given for {statement}")
    assert given(panel) == "yes" and f"p1,{statement},yes" in on_disk(data)
    assert f'name="answer:{PERSONS}:{panel.state.sheet.of}" value=""' not in panel.html()


def test_an_answer_that_stands_in_the_roster_itself_is_not_taken_out_of_the_additions(
    data: Path, tmp_path: Path
) -> None:
    (data / "attestations.csv").write_text(f"{ANSWERS}p1,{PERSONS},yes,{AS_OF}\n")
    panel = opened(data)
    panel.change(overlay=str(tmp_path / "more"))
    panel.change(**{f"answer:{PERSONS}": ""})
    assert panel.said.startswith("Not taken back") and given(panel) == "yes"


def test_a_text_that_could_not_be_saved_stays_in_its_field_with_the_reason(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    panel = opened(data)
    panel.change(**{f"answer:{PERSONS}": "yes"})
    monkeypatch.setattr("casekit.assessment.kept.write_bytes", full)
    panel.change(**{f"evidence:{PERSONS}": "A long text"})
    panel.change(**{f"gap_owner:{panel.state.shown.requirements[0]}": "Bo Example"})
    page = panel.html()
    assert "A long text" in page and "Bo Example" in page and page.count("Not saved:") == 2


def test_a_text_that_could_not_be_saved_outlives_the_next_answer(data: Path) -> None:
    panel = opened(data)
    panel.change(**{f"answer:{PERSONS}": "yes"})
    panel.change(**{f"expires_on:{PERSONS}": "0002-12-31"})
    panel.change(**{f"owner:{PERSONS}": "Bo"})
    assert panel.said == "Saved." and 'value="0002-12-31"' in panel.html()


def test_what_another_page_saved_is_seen_and_not_overwritten(data: Path) -> None:
    one, other = opened(data), opened(data)
    name = next(n for n in one.state.shown.requirements if n != PERSONS)
    other.change(**{f"answer:{PERSONS}": "yes"})
    one.change(**{f"answer:{PERSONS}": "no"})
    one.change(**{f"answer:{name}": "partly"})
    other.change(**{f"owner:{PERSONS}": "Bo"})
    assert f"p1,{PERSONS},no" in on_disk(data) and f"p1,{PERSONS},yes" not in on_disk(data)
    assert (given(other), given(other, name)) == ("no", "partly")


def test_another_day_does_not_hide_that_another_page_saved_in_between(data: Path) -> None:
    one, other = opened(data), opened(data)
    other.change(**{f"answer:{PERSONS}": "no"})
    one.change(as_of="2026-03-03")
    one.change(**{f"owner:{PERSONS}": "Bo"})
    assert given(one) == "no"


def test_uploaded_files_that_were_answered_on_another_page_are_asked_for_again(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = {path.name: path.read_bytes() for path in data.glob("*.csv")}
    one, other = (SelfAssessmentPanel("", AS_OF, "p1") for _ in range(2))
    for panel in (one, other):
        panel.upload("files", files)
    one.change(**{f"answer:{PERSONS}": "no"})
    other.change(**{f"answer:{PERSONS}": "yes"})
    assert "Choose the files again" in other.said
    other.upload("files", files)
    assert given(other) == "no"


def test_what_is_ticked_on_the_sheet_of_another_program_is_not_saved_for_this_one(
    data: Path,
) -> None:
    panel = opened(data)
    ticked = f"answer:{PERSONS}:{panel.state.sheet.of}"
    panel.change(program="p2", **{ticked: "yes"})
    assert panel.said.startswith("Not saved: another program or day is shown by now.")
    assert not (data / "attestations.csv").exists()
    panel.change(program="p1", **{ticked: "yes"})
    assert f"p1,{PERSONS},yes" in on_disk(data)


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_of_additions_with_nothing_in_it_yet_keeps_the_answers(
    there: bool, data: Path, tmp_path: Path
) -> None:
    more = tmp_path / "more"
    if there:
        more.mkdir()
    panel = opened(data)
    panel.change(overlay=str(more))
    panel.change(**{f"answer:{PERSONS}": "yes"})
    panel.press("load")
    assert given(panel) == "yes" and (more / "attestations.csv").exists()


def test_the_answers_about_an_upload_are_not_shown_over_that_of_another_district(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = {path.name: path.read_bytes() for path in data.glob("*.csv")}
    panel = SelfAssessmentPanel("", AS_OF, "p1")
    panel.upload("files", files)
    panel.change(**{f"answer:{PERSONS}": "yes"})
    named = "program_id,program_name,calendar_id,standard_ids\np1,Hillside,c1,wa_open_doors\n"
    panel.upload("files", {**files, "programs.csv": named.encode()})
    assert given(panel) == ""
    panel.upload("files", files)
    assert given(panel) == "yes"


def test_the_section_stays_while_a_day_is_half_typed(data: Path) -> None:
    panel = opened(data)
    panel.change(held="sa_flo")
    panel.change(section="3")
    panel.change(as_of="")
    panel.change(as_of=AS_OF)
    assert panel.state.section == 3


def test_a_section_that_the_standard_does_not_have_is_the_last_one(data: Path) -> None:
    panel = opened(data)
    panel.change(section="40")
    assert panel.state.section == len(panel.state.sections) - 1
