"""The workshop panel and its notebook, without a click and without a browser."""

from __future__ import annotations

import html
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from casekit.shipped import shipped
from casekit.widgets.room import ACTIVITIES, hunt_of, quiz_of
from casekit.widgets.workshop import WorkshopPanel
from casekit.workshop.answers import Answers, Session, keep, read_answers
from casekit.workshop.quiz import make_quiz

SMALL = Session(seed=2, standard="sa_flo", programs=1, students=6, questions=4)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "answers.json"


@pytest.fixture
def panel(place: Path) -> WorkshopPanel:
    return WorkshopPanel(str(place), SMALL)


def text_of(panel: WorkshopPanel) -> str:
    return html.unescape(re.sub(r"<[^>]+>|\s+", " ", panel.html()))


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_every_activity_opens_without_a_warning(panel: WorkshopPanel, activity: str) -> None:
    panel.change(activity=activity)
    shown = panel.html()
    assert "ck-warning" not in shown
    assert len(shown) > 1000


def test_a_slider_moves_the_sum_and_the_verdict_and_says_it(panel: WorkshopPanel) -> None:
    panel.change(requirement="wa_open_doors.staff_ratio")
    panel.change(live=True, **{"at-students": "76"})
    assert panel.said == "Not met"
    assert "76 students / 1 FTE of case management = 76, over 75" in text_of(panel)


def test_one_click_puts_the_example_on_either_side_of_the_line(panel: WorkshopPanel) -> None:
    said = []
    for side in ("missed", "met"):
        panel.press("preset", side)
        said.append(panel.said)
    assert said == ["Not met", "Met"]


def test_next_goes_on_to_the_next_requirement_where_it_starts_anew(panel: WorkshopPanel) -> None:
    first = panel.state.step
    panel.press("preset", "missed")
    panel.press("step", "1")
    assert panel.state.step == panel.state.steps[1] != first
    assert panel.state.worked.status == "met"


def test_a_standard_that_cannot_be_read_is_said_at_its_field(panel: WorkshopPanel) -> None:
    panel.change(standard="file")
    assert "Give the path of a .toml file." in text_of(panel)
    panel.change(file="nowhere.toml")
    assert "nowhere.toml" in panel.state.mistakes["file"]
    panel.change(standard="ks_wyandotte")
    assert panel.state.step.requirement.standard == "ks_wyandotte"


def answered(panel: WorkshopPanel) -> WorkshopPanel:
    """A mark, a right answer and a rating, as a participant gives them."""
    panel.change(participant="Ada", activity="hunt")
    panel.change(**{"mark-0": "yes"})
    first = quiz_of(SMALL)[0]
    panel.change(activity="quiz")
    panel.change(**{"quiz-0": str(first.options.index(first.right))})
    panel.change(activity="rate")
    panel.change(**{"rate-1": "2"})
    return panel


def test_each_answer_is_saved_as_it_is_given(panel: WorkshopPanel, place: Path) -> None:
    answered(panel)
    kept = read_answers(place)
    first, program = quiz_of(SMALL)[0], next(iter(hunt_of(SMALL).programs))
    assert panel.said == "Saved."
    assert kept.participant == "Ada"
    assert kept.of("quiz") == {first.id: first.right}
    assert list(kept.of("hunt")) == [f"{program}/{hunt_of(SMALL).asked(program)[0].id}"]
    assert list(kept.of("alone").values()) == ["strategic"]


def test_answers_are_there_again_after_a_restart(panel: WorkshopPanel, place: Path) -> None:
    answered(panel)
    again = WorkshopPanel(str(place))
    assert again.state.answers == panel.state.answers
    again.change(activity="quiz")
    assert len(re.findall(r'type="radio"[^>]*name="quiz-0"[^>]*checked', again.html())) == 1


def test_what_two_open_pages_answer_is_all_kept(place: Path) -> None:
    # Both were made before anything was answered.
    one, other = WorkshopPanel(str(place), SMALL), WorkshopPanel(str(place), SMALL)
    answered(one)
    other.change(activity="rate", **{"rate-0": "1"})
    kept = read_answers(place)
    assert list(kept.of("alone").values()) == ["strategic", "functioning"]
    assert (kept.participant, len(kept.of("quiz"))) == ("Ada", 1)


def test_a_page_that_was_made_before_an_answer_shows_it_once_it_is_opened(place: Path) -> None:
    early = WorkshopPanel(str(place), SMALL)
    early.change(activity="quiz")
    answered(WorkshopPanel(str(place), SMALL))
    early._heard({"ask": True, "number": 1}, [])
    assert early.state.activity == "quiz"
    assert early.state.answers == read_answers(place)


def test_what_could_not_be_saved_is_kept_in_the_next_file(
    panel: WorkshopPanel, place: Path
) -> None:
    panel.change(path=str(place.parent))  # a folder is no file
    panel.change(activity="rate", **{"rate-1": "2"})
    assert panel.said.startswith("Not saved.")
    panel.change(path=str(place))
    assert panel.said == "Saved."
    assert list(read_answers(place).of("alone").values()) == ["strategic"]


def test_answers_of_another_session_in_the_file_are_never_written_over(
    panel: WorkshopPanel, place: Path
) -> None:
    other = Answers("Grace", Session(seed=9)).answered("alone", "Area: Element", "embedded")
    keep(place, other)  # by another page, after this one was made
    panel.change(activity="rate", **{"rate-1": "2"})
    assert read_answers(place) == other
    assert "it holds answers about seed 9" in panel.said


def test_a_tick_is_taken_back(panel: WorkshopPanel, place: Path) -> None:
    answered(panel).change(activity="hunt")
    panel.change(**{"mark-0": ""})
    assert read_answers(place).of("hunt") == {}


def test_marks_are_said_and_shown_with_why(panel: WorkshopPanel) -> None:
    answered(panel).change(activity="quiz")
    panel.press("mark", "quiz")
    assert panel.said == "1 of 4 right. 3 not answered yet."
    assert make_quiz(SMALL.seed, SMALL.standard, 1)[0].why in text_of(panel)
    panel.change(activity="hunt")
    panel.press("mark", "hunt")
    assert "breaches found" in panel.said
    assert "What you found, and what you missed" in text_of(panel)


def test_a_file_that_is_something_else_is_never_written_over(place: Path) -> None:
    place.write_text('{"a": "recipe"}', encoding="utf-8")
    panel = WorkshopPanel(str(place), SMALL)
    panel.change(activity="quiz")
    panel.change(**{"quiz-0": "0"})
    assert place.read_text(encoding="utf-8") == '{"a": "recipe"}'
    assert panel.said.startswith("Not saved.")
    assert "give another file" in text_of(panel)


def test_another_session_does_not_take_the_answers_of_this_one(
    panel: WorkshopPanel, place: Path
) -> None:
    answered(panel)
    panel.change(seed="7")
    panel.press("begin")
    assert panel.state.session == SMALL
    assert "give another file" in panel.said
    panel.change(path=str(place.with_name("seven.json")))
    panel.change(seed="7")
    panel.press("begin")
    assert panel.state.session.seed == 7
    assert read_answers(place).session == SMALL


@pytest.mark.parametrize(
    ("field", "value"), [("seed", "one"), ("students", "1"), ("questions", "0"), ("programs", "")]
)
def test_a_session_that_cannot_be_is_said_at_once(panel: WorkshopPanel, field, value) -> None:
    panel.change(activity="quiz", **{field: value})
    panel.press("begin")
    assert panel.state.session == SMALL
    assert panel.said in text_of(panel)


def test_what_a_participant_types_is_shown_as_text(panel: WorkshopPanel) -> None:
    panel.change(activity="quiz", participant="<script>alert(1)</script>")
    assert "<script>" not in panel.html()


def test_the_room_is_merged_without_a_name(panel: WorkshopPanel, tmp_path: Path) -> None:
    answered(panel)
    other = Answers("Grace", SMALL, panel.state.answers.given)
    keep(tmp_path / "grace.json", other.answered("alone", *_other_rating(panel)))
    (tmp_path / "broken.json").write_text("?", encoding="utf-8")
    panel.change(activity="merge", folder=str(tmp_path))
    panel.press("read")
    shown = text_of(panel)
    assert panel.said == "Read: 2; set aside: 1."
    assert "broken.json: no file of answers" in shown
    assert "Krippendorff's alpha" in shown
    assert not re.search("Ada|Grace", shown.replace(str(tmp_path), ""))


def _other_rating(panel: WorkshopPanel) -> tuple[str, str]:
    return next(iter(panel.state.answers.of("alone"))), "embedded"


def test_a_folder_that_is_not_there_is_said(panel: WorkshopPanel) -> None:
    panel.change(activity="merge", folder="no such place")
    panel.press("read")
    assert "there is no folder" in text_of(panel)


def test_the_notebook_runs_and_holds_nothing_of_what_it_shows(tmp_path: Path) -> None:
    notebook = nbformat.read(shipped("notebooks", "6_workshop.ipynb"), as_version=4)
    NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert "At most 75" not in nbformat.writes(notebook)
