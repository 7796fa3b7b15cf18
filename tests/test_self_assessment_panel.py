"""The self-assessment panel: what is shown, what each change does, and what is there afterwards."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

from casekit.widgets.self_assessment import SelfAssessmentPanel
from tests.conftest import PROGRAMS

STUDENTS = "student_id,program_id,enrollment_start\ns1,p1,2026-01-05\n"
CONTACTS = "student_id,occurred_at,outcome,topics\ns1,2026-02-02,completed,other\n"
AS_OF = "2026-03-02"
PERSONS = "wa_open_doors.integrated_services"  # only people can answer it
TOPIC = "wa_open_doors.academic_advising"  # the one contact shows another topic: not met
SUPPORT = "Human resources: Support and supervision"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A program under the Open Doors and the FLO standards, with one student."""
    for name, text in {"programs": PROGRAMS, "students": STUDENTS, "contacts": CONTACTS}.items():
        (tmp_path / f"{name}.csv").write_text(text)
    return tmp_path


@pytest.fixture
def panel(data: Path) -> SelfAssessmentPanel:
    return SelfAssessmentPanel(str(data), AS_OF)


def flo(panel: SelfAssessmentPanel, section: str = SUPPORT) -> list[str]:
    """Go to a section of the FLO standards; the requirements shown there."""
    panel.change(held="sa_flo")
    titles = [each.title for each in panel.state.sections]
    panel.change(section=str(titles.index(section)))
    return list(panel.state.shown.requirements)


def shown(panel: SelfAssessmentPanel) -> str:
    """The text that is shown, without the markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", panel.html()).split())


def checked(panel: SelfAssessmentPanel, name: str) -> list[str]:
    """The choices that are on in the radio group of a requirement."""
    return re.findall(rf'name="answer:{re.escape(name)}:\w+" value="(\w*)" checked', panel.html())


def test_an_answer_is_on_the_disk_as_soon_as_it_is_given(
    panel: SelfAssessmentPanel, data: Path
) -> None:
    panel.change(assessor="Ann")
    panel.change(**{f"answer:{PERSONS}": "partly"})
    saved = (data / "attestations.csv").read_text().splitlines()[1]
    assert saved == f"p1,{PERSONS},partly,,{AS_OF},Ann,,,,"
    assert panel.said == "Saved."


def test_after_a_restart_every_answer_and_step_is_there_again(
    panel: SelfAssessmentPanel, data: Path
) -> None:
    panel.change(**{f"answer:{TOPIC}": "partly"})
    panel.change(**{f"evidence:{TOPIC}": "Folder 3", f"gap_owner:{TOPIC}": "Bo"})
    assert shown(SelfAssessmentPanel(str(data), AS_OF)) == shown(panel)
    assert checked(SelfAssessmentPanel(str(data), AS_OF), TOPIC) == ["partly"]


def test_each_part_of_the_evidence_is_saved_with_the_answer(
    panel: SelfAssessmentPanel, data: Path
) -> None:
    told = {
        "answer": "yes",
        "evidence": "Minutes",
        "evidence_link": "https://example.org",
        "evidence_file": "minutes.pdf",
        "owner": "Bo",
        "expires_on": "2026-12-31",
    }
    for field, value in told.items():
        panel.change(**{f"{field}:{PERSONS}": value})
    given = SelfAssessmentPanel(str(data), AS_OF).state.assessment.standing(PERSONS).answer
    assert {field: getattr(given, field) for field in told} == told


def test_evidence_waits_for_an_answer(panel: SelfAssessmentPanel, data: Path) -> None:
    field = next(iter(re.findall(rf'<textarea[^>]*name="evidence:{PERSONS}:[^>]*>', panel.html())))
    assert "disabled" in field
    panel.change(**{f"evidence:{PERSONS}": "Minutes"})
    assert panel.said.startswith("Not saved: answer is empty.")
    assert not (data / "attestations.csv").exists()


def test_an_answer_may_be_taken_back_on_its_day(panel: SelfAssessmentPanel, data: Path) -> None:
    panel.change(**{f"answer:{PERSONS}": "no"})
    panel.change(**{f"answer:{PERSONS}": ""})
    assert checked(panel, PERSONS) == [""]
    assert len((data / "attestations.csv").read_text().splitlines()) == 1


def test_a_new_answer_on_a_later_day_leaves_the_earlier_one_in_the_file(
    panel: SelfAssessmentPanel, data: Path
) -> None:
    panel.change(**{f"answer:{PERSONS}": "no"})
    panel.change(as_of="2026-03-09")
    assert checked(panel, PERSONS) == ["no"]  # still in force
    panel.change(**{f"answer:{PERSONS}": "yes"})
    rows = (data / "attestations.csv").read_text()
    assert f"{PERSONS},no,,2026-03-02" in rows and f"{PERSONS},yes,,2026-03-09" in rows


def test_an_earlier_day_shows_what_was_answered_by_then(panel: SelfAssessmentPanel) -> None:
    panel.change(**{f"answer:{PERSONS}": "no"})
    panel.change(as_of="2026-03-01")
    assert checked(panel, PERSONS) == [""]


def test_what_could_not_be_saved_is_said_beside_its_control_and_shown_as_it_is(
    panel: SelfAssessmentPanel, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("casekit.assessment.kept.write_bytes", full)
    panel.change(**{f"answer:{PERSONS}": "yes"})
    assert checked(panel, PERSONS) == [""]
    assert shown(panel).count("Not saved:") == 1 and "No space left on device" in panel.said


def test_a_disagreement_is_marked_with_a_sign_and_a_sentence(panel: SelfAssessmentPanel) -> None:
    panel.change(**{f"answer:{TOPIC}": "yes"})
    text = shown(panel)
    assert "≠ They differ. Attested yes, the data says 0%." in text
    assert "1 answer differs from what the data says." in text


def test_the_level_and_what_stands_before_the_next_follow_each_answer(
    panel: SelfAssessmentPanel,
) -> None:
    shown_here = flo(panel)
    named = {name: panel.state.assessment.standard.requirements[name] for name in shown_here}
    first, *others = [name for name, asked in named.items() if asked.level == "functioning"]
    assert "No level is reached yet. Before functioning: 4 not shown yet." in shown(panel)
    for name in others:
        panel.change(**{f"answer:{name}": "yes"})
    panel.change(**{f"answer:{first}": "no"})
    assert "Before functioning: 1 not met." in shown(panel)
    assert f"✗ Not met: {named[first].title}" in shown(panel)
    panel.change(**{f"answer:{first}": "yes"})
    assert panel.said == "Saved. Support and supervision is now functioning."


def test_one_section_is_shown_at_a_time_and_the_buttons_go_through_them(
    panel: SelfAssessmentPanel,
) -> None:
    flo(panel, "Case management: Living, learning and transition")
    panel.press("next")
    assert panel.state.shown.title == "Case management: Secondary school learning"
    assert panel.html().count("<legend>Your answer</legend>") == 6
    panel.press("previous")
    panel.press("previous")  # there is none before the first
    assert panel.state.section == 0


def test_progress_is_counted_for_the_whole_and_for_each_section(panel: SelfAssessmentPanel) -> None:
    panel.change(**{f"answer:{flo(panel)[0]}": "no"})
    assert "1 of 96 requirements answered." in shown(panel)
    assert f"{SUPPORT} (1 of 6 answered)" in shown(panel)


def test_a_standard_without_levels_has_the_form_and_the_gap_plan_alone(
    panel: SelfAssessmentPanel,
) -> None:
    text = shown(panel)
    assert "All requirements (0 of 20 answered)" in text and "Gap plan" in text
    assert "Next level" not in text and "For level" not in text


def test_the_gap_plan_says_who_and_by_when_and_is_written_as_a_workbook(
    panel: SelfAssessmentPanel, data: Path
) -> None:
    told = {"owner": "=Bo", "due_on": "2026-05-01", "step": "Hold talks", "status": "under_way"}
    panel.change(**{f"gap_{field}:{TOPIC}": value for field, value in told.items()})
    panel.press("write")
    assert panel.said == f"Written: {data / 'gap_plans' / 'p1.xlsx'}"
    rows = list(openpyxl.load_workbook(data / "gap_plans" / "p1.xlsx")["Gap plan"].values)
    title = panel.state.assessment.standard.requirements[TOPIC].title
    mine = next(row for row in rows if row[0] == title)
    assert mine[2:6] == ("=Bo", "1 May 2026", "Hold talks", "under way")


def test_text_of_the_data_and_of_answers_is_shown_as_text(
    panel: SelfAssessmentPanel, data: Path
) -> None:
    panel.change(assessor='<img src="x">', **{f"answer:{PERSONS}": "yes"})
    panel.change(**{f"evidence:{PERSONS}": "</textarea><script>alert(1)</script>"})
    assert not re.findall(r"<script|<img", panel.html())


def test_a_roster_that_cannot_be_read_is_said_in_the_form(data: Path) -> None:
    panel = SelfAssessmentPanel(str(data / "nowhere"), AS_OF)
    assert "does not exist" in panel.said and panel.state.assessment is None
    panel.change(data=str(data))
    assert "0 of 20 requirements answered" in shown(panel)


def test_a_bad_row_is_named_and_the_rest_is_assessed(data: Path) -> None:
    (data / "students.csv").write_text(STUDENTS + "s2,p1,soon\n")
    text = shown(SelfAssessmentPanel(str(data), AS_OF))
    assert "1 row set aside" in text and "soon" in text and "0 of 20 requirements answered" in text


def test_answers_about_an_upload_are_kept_and_the_upload_is_not(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    given = {path.name: path.read_bytes() for path in data.glob("*.csv")}
    panel = SelfAssessmentPanel("", AS_OF)
    panel.upload("files", given)
    panel.change(**{f"answer:{PERSONS}": "yes"})
    again = SelfAssessmentPanel("", AS_OF)
    again.upload("files", given)
    assert checked(again, PERSONS) == ["yes"]
    kept = sorted(path.name for path in here.rglob("*.csv"))
    assert kept == ["attestations.csv"]


def test_a_folder_of_additions_is_read_and_keeps_the_answers(data: Path, tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    talk = "student_id,occurred_at,outcome,topics\ns1,2026-02-03,completed,academic_advising\n"
    (more / "contacts.csv").write_text(talk)
    panel = SelfAssessmentPanel(str(data), AS_OF)
    panel.change(overlay=str(more))
    panel.change(**{f"answer:{PERSONS}": "yes"})
    assert panel.state.assessment.standing(TOPIC).status == "met"
    assert (more / "attestations.csv").exists() and not (data / "attestations.csv").exists()


def test_nothing_of_the_answers_stays_in_the_widget_that_a_notebook_saves(
    panel: SelfAssessmentPanel,
) -> None:
    panel.change(assessor="Ann Example", **{f"answer:{PERSONS}": "yes"})
    assert "Ann Example" not in str(panel.get_state())


def test_a_page_that_opens_later_has_the_answers_given_on_another(data: Path) -> None:
    early, other = (SelfAssessmentPanel(str(data), AS_OF) for _ in range(2))
    name = early.state.shown.requirements[0]
    other.change(**{f"answer:{name}": "yes"})
    early._heard({"ask": "all", "number": 1}, [])
    assert early.state.assessment.standing(name).answer.answer == "yes"
