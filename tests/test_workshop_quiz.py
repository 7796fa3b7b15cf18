"""The quiz: its questions and answers come from the standards, and none is in the code."""

from __future__ import annotations

import pytest

from casekit.catalog import load, shipped_standards
from casekit.catalog.computed import computed
from casekit.phrases import capital
from casekit.workshop.quiz import RIGHT, UNANSWERED, WRONG, Question, make_quiz, mark, score

QUIZZES = {name: make_quiz(5, name, 18) for name in shipped_standards()}
EVERY = [question for quiz in QUIZZES.values() for question in quiz]


@pytest.mark.parametrize("question", EVERY, ids=lambda each: each.id)
def test_a_question_has_one_right_answer_among_others_and_says_why(question: Question) -> None:
    assert question.options.count(question.right) == 1
    assert len(set(question.options)) == len(question.options) > 1
    assert question.text
    assert question.why
    assert question.citation


def test_no_two_questions_of_a_quiz_are_one() -> None:
    for quiz in QUIZZES.values():
        assert len({question.id for question in quiz}) == len(quiz)


def test_the_same_seed_asks_the_same_and_another_does_not() -> None:
    assert make_quiz(5, "sa_flo", 18) == QUIZZES["sa_flo"]
    assert make_quiz(6, "sa_flo", 18) != QUIZZES["sa_flo"]


def test_every_form_of_question_is_asked() -> None:
    forms = {question.id.partition(":")[0] for question in EVERY}
    assert forms == {"limit", "roster", "level", "shown", "most", "authority"}


def test_a_wrong_limit_is_nothing_that_the_standard_asks_elsewhere() -> None:
    # FLO asks a contact within 7 days, 72 hours and 48 hours: each of them is asked.
    for name, quiz in QUIZZES.items():
        asked = {capital(computed(r.kind, r.settings)) for r in load(name).requirements.values()}
        for question in quiz:
            if question.id.startswith("limit"):
                assert set(question.options) & asked == {question.right}


OWN = """
[standard]
id = "our_district"
title = "Our district"
extends = "wa_open_doors"

[[requirement]]
id = "wa_open_doors.staff_ratio"
with = { per_staff = 41 }
"""


def test_a_changed_limit_changes_the_answer(tmp_path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    quiz = make_quiz(1, str(path), 60)
    ratio = next(each for each in quiz if each.id == "limit:wa_open_doors.staff_ratio")
    assert "41 students" in ratio.right


def test_answers_are_marked_with_what_is_right() -> None:
    first, second, third = QUIZZES["wa_open_doors"][:3]
    wrong = next(option for option in second.options if option != second.right)
    marked = mark((first, second, third), {first.id: first.right, second.id: wrong})
    assert marked["mark"].tolist() == [RIGHT, WRONG, UNANSWERED]
    assert score(marked) == "1 of 3 right. 1 not answered yet."
