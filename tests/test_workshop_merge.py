"""Participants' files: kept, read back, and merged; what is broken is named and set aside."""

from __future__ import annotations

import json

import pytest

from casekit.workshop.answers import Answers, AnswersError, Session, keep, read_answers
from casekit.workshop.hunt import prepare
from casekit.workshop.merge import hunted, merge, quizzed
from casekit.workshop.quiz import make_quiz

HERE = Session(seed=4)
ADA = (
    Answers("Ada", HERE)
    .answered("hunt", "P-02/sa_flo.caseload", "not met")
    .answered("quiz", "limit:sa_flo.caseload", "=1+1, “quoted”\nand more")
    .answered("alone", "Area: Element", "strategic")
)


@pytest.mark.parametrize("name", ["ada.json", "ada.csv"])
@pytest.mark.parametrize("who", ["Ada", "", "<script>", "=HYPERLINK(1)", "Zoë, “Z”"])
def test_answers_are_read_back_as_they_were_given(tmp_path, name: str, who: str) -> None:
    given = Answers(who, ADA.session, ADA.given)
    keep(tmp_path / name, given)
    again = read_answers(tmp_path / name)
    assert (again.participant, again.session) == (who, HERE)
    assert all(again.of(activity) == ADA.of(activity) for activity in ADA.given)


def test_a_spreadsheet_runs_no_text_of_a_participant(tmp_path) -> None:
    keep(tmp_path / "a.csv", Answers("=1+1", HERE).answered("quiz", "@x", "-2"))
    assert "'=1+1,quiz,'@x,'-2" in (tmp_path / "a.csv").read_text()


def test_an_empty_answer_takes_one_back() -> None:
    assert ADA.answered("alone", "Area: Element", "").of("alone") == {}


BROKEN = {
    "empty.json": "",
    "text.json": "no JSON",
    "list.json": "[1, 2]",
    "other.json": '{"name": "a package"}',
    "number.json": json.dumps({"participant": "A", "session": {}, "answers": {"quiz": {"a": 1}}}),
    "deep.json": "[" * 100_000,
    "table.csv": "student_id,name\n1,Ann\n",
    "half.csv": "participant,activity,item,answer\nAda\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_named_and_set_aside_and_takes_no_other_with_it(tmp_path, name) -> None:
    keep(tmp_path / "ada.json", ADA)
    (tmp_path / name).write_text(BROKEN[name], encoding="utf-8")
    room = merge(tmp_path, HERE)
    assert [answers.participant for answers in room.answers] == ["Ada"]
    assert [line.partition(":")[0] for line in room.aside] == [name]
    assert "\n" not in room.aside[0]


def test_a_file_that_is_no_text_is_set_aside(tmp_path) -> None:
    (tmp_path / "photo.json").write_bytes(b"\xff\xfe\x00\x01")
    assert len(merge(tmp_path, HERE).aside) == 1


def test_a_double_is_named_with_the_file_it_doubles(tmp_path) -> None:
    keep(tmp_path / "ada (1).json", ADA)
    keep(tmp_path / "ada.json", ADA)
    room = merge(tmp_path, HERE)
    assert room.people == 1
    assert room.aside == ("ada.json: a copy of ada (1).json",)


def test_two_files_of_one_name_that_differ_are_not_counted_twice(tmp_path) -> None:
    keep(tmp_path / "1.json", ADA)
    keep(tmp_path / "2.json", Answers("ada", HERE).answered("alone", "Area: Element", "embedded"))
    room = merge(tmp_path, HERE)
    assert room.people == 1
    assert "same participant as 1.json" in room.aside[0]


def test_people_without_a_name_are_told_apart_by_their_files(tmp_path) -> None:
    for number in (1, 2):
        keep(tmp_path / f"{number}.json", Answers("", HERE, ADA.given))
    assert merge(tmp_path, HERE).people == 2


def test_answers_about_another_seed_are_set_aside_with_both_said(tmp_path) -> None:
    keep(tmp_path / "late.json", Answers("Late", Session(seed=9), ADA.given))
    (line,) = merge(tmp_path, HERE).aside
    assert "late.json" in line
    assert "seed 9" in line
    assert "seed 4" in line


def test_a_file_without_any_answer_is_set_aside(tmp_path) -> None:
    keep(tmp_path / "new.json", Answers("New", HERE))
    assert merge(tmp_path, HERE).aside == ("new.json: there is no answer in it yet",)


def test_a_folder_that_is_not_there_is_said_in_one_line(tmp_path) -> None:
    with pytest.raises(AnswersError, match="no folder"):
        merge(tmp_path / "nowhere", HERE)


def test_the_room_sees_counts_of_marks_and_no_name(tmp_path) -> None:
    hunt = prepare(4, "ks_wyandotte", 2, 6)
    (program, requirement), *rest = sorted(hunt.breached)
    for who in ("Ada", "Ben"):
        item = f"{program}/{requirement}"
        keep(tmp_path / f"{who}.json", Answers(who, HERE).answered("hunt", item, "not met"))
    table = hunted(hunt, merge(tmp_path, HERE))
    marked = dict(zip(table["requirement_id"], table["marked"], strict=True))
    assert marked == {requirement: 2, **{name: 0 for _, name in rest}}
    assert table["marked"].is_monotonic_increasing
    assert not table.astype(str).isin(["Ada", "Ben"]).any().any()


def test_the_hardest_question_comes_first_with_what_was_taken_for_it(tmp_path) -> None:
    easy, hard = make_quiz(4, "sa_flo", 2)
    wrong = next(option for option in hard.options if option != hard.right)
    for who in ("Ada", "Ben"):
        given = Answers(who, HERE).answered("quiz", easy.id, easy.right)
        keep(tmp_path / f"{who}.json", given.answered("quiz", hard.id, wrong))
    table = quizzed((easy, hard), merge(tmp_path, HERE))
    assert table.iloc[0].tolist() == [hard.text, 2, 0, wrong]
    assert table.iloc[1].tolist() == [easy.text, 2, 2, ""]
