"""A quiz made of the standards' own data: seeded questions, and answers marked with why.

Nothing here knows an answer: they come from the TOML, from the crosswalk, or from judging a roster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from casekit.catalog import Requirement, Standard, load, shipped_standards
from casekit.catalog.computed import computed
from casekit.catalog.limits import beyond
from casekit.catalog.words import shown_by
from casekit.crosswalk import Topic, topics
from casekit.phrases import capital
from casekit.workshop.arithmetic import Step, walk, work

MARK_COLUMNS = ("id", "question", "given", "right", "mark", "why", "citation")
RIGHT, WRONG, UNANSWERED = "right", "wrong", "not answered"
_MOST = 4  # options of a question
_COMPUTED, _ATTESTED = "casekit, from the tables", "only people, who name the evidence"
_AUTHORITIES = {
    "rule": "a rule: the text asks it",
    "guidance": "guidance: the text advises it",
    "ours": "ours: the writer of the file adds it",
}


@dataclass(frozen=True)
class Question:
    """One question: its options in the order shown, the right one among them, and why."""

    id: str
    text: str
    options: tuple[str, ...]
    right: str
    why: str
    citation: str


Maker = Callable[[], Question]
Random = np.random.Generator


def make_quiz(seed: int, standard: str, number: int = 10) -> tuple[Question, ...]:
    """So many questions about a standard, or as many as it gives; the same for the same seed.

    `standard` as casekit.catalog.load takes it; what is raised is raised there.
    """
    about = load(standard)
    others = [load(name) for name in shipped_standards() if name != about.id]
    rng = np.random.default_rng(seed)
    forms = [_mixed(form(about, others, rng), rng) for form in FORMS]
    # One of each form in turn, so that no quiz is of one sort.
    makers = [form[n] for n in range(number) for form in forms if n < len(form)]
    return tuple(make() for make in makers[:number])


def _mixed(makers: Iterable[Maker], rng: Random) -> list[Maker]:
    found = list(makers)
    return [found[place] for place in rng.permutation(len(found))]


def _question(
    rng: Random, form: str, about: str, text: str, right: str, others: Iterable[str], **told: str
) -> Question:
    """A question with its options mixed; the first of the others are taken."""
    wrong = [other for other in dict.fromkeys(others) if other != right][: _MOST - 1]
    options = [right, *wrong]
    mixed = tuple(options[place] for place in rng.permutation(len(options)))
    return Question(f"{form}:{about}", text, mixed, right, **told)


def _limits(about: Standard, others: Sequence[Standard], rng: Random) -> Iterator[Maker]:
    """What is the limit? The others are what it would be with another standard's numbers."""
    pool = [pair for each in (about, *others) for r in each.requirements.values() for pair in _n(r)]
    # What it asks elsewhere is no wrong answer.
    true = {capital(computed(r.kind, r.settings)) for r in about.requirements.values()}
    for requirement in about.requirements.values():
        for name, limit in _n(requirement):
            right = capital(computed(requirement.kind, requirement.settings))
            wrong = [_with(requirement, name, value) for value in _near(name, limit, pool)]
            wrong = [sentence for sentence in wrong if sentence not in true]
            if right and wrong:
                text = f"Which of these does “{about.title}” ask? ({requirement.citation})"
                yield _maker(rng, "limit", requirement, text, right, wrong)


def _n(requirement: Requirement) -> list[tuple[str, float]]:
    """The settings of a requirement that are numbers."""
    return [
        (name, value)
        for name, value in requirement.settings.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]


def _near(name: str, limit: float, pool: Iterable[tuple[str, float]]) -> list[float]:
    """Numbers of the standards that could stand there: of the same setting first, then by size."""
    others = [(other != name, abs(np.log((v + 1) / (limit + 1))), v) for other, v in pool]
    return [value for _, _, value in sorted(others) if not beyond(name, value)]


def _with(requirement: Requirement, name: str, value: float) -> str:
    """What a requirement would ask with another number."""
    return capital(computed(requirement.kind, {**requirement.settings, name: value}))


def _maker(
    rng: Random,
    form: str,
    requirement: Requirement,
    text: str,
    right: str,
    others: Iterable[str],
    why: str = "",
    about: str = "",
) -> Maker:
    """Makes a question about a requirement, when its turn comes."""
    chosen = tuple(others)
    told = {"why": why or shown_by(requirement), "citation": requirement.citation}
    return lambda: _question(rng, form, about or requirement.id, text, right, chosen, **told)


def _levels(about: Standard, others: Sequence[Standard], rng: Random) -> Iterator[Maker]:
    """At which level is it asked?"""
    for requirement in about.requirements.values():
        if requirement.level:
            text = f"At which level does “{about.title}” ask this? {requirement.title}."
            right, element = requirement.level, requirement.element or "the level as a whole"
            why = f"It stands at the level {right}, under {element}."
            yield _maker(rng, "level", requirement, text, right, about.levels, why)


def _shown(about: Standard, others: Sequence[Standard], rng: Random) -> Iterator[Maker]:
    """Is it computed, or attested?"""
    for requirement in about.requirements.values():
        text = f"Who can tell whether this is so? {requirement.title}."
        right = _ATTESTED if requirement.attested else _COMPUTED
        yield _maker(rng, "shown", requirement, text, right, (_COMPUTED, _ATTESTED))


def _authority(about: Standard, others: Sequence[Standard], rng: Random) -> Iterator[Maker]:
    """Is it a rule, or guidance? Asked where a standard has more than one of them."""
    there = dict.fromkeys(r.authority for r in about.requirements.values())
    if len(there) > 1:
        for requirement in about.requirements.values():
            text = f"What is this in “{about.title}”? {requirement.title}."
            words = [_AUTHORITIES[name] for name in there]
            right = _AUTHORITIES[requirement.authority]
            why = f"It is {right.partition(':')[0]}: {requirement.citation}."
            yield _maker(rng, "authority", requirement, text, right, words, why)


def _strictest(about: Standard, others: Sequence[Standard], rng: Random) -> Iterator[Maker]:
    """Which standard asks the most of what they share?"""
    asked = {name: (s, r) for s in (about, *others) for name, r in s.requirements.items()}
    for topic in topics():
        mine = set(topic.requirements) & set(about.requirements)
        if mine and topic.stricter in asked and len(topic.requirements) > 1:
            said = {n: f"{asked[n][0].title}: {asked[n][1].title}" for n in topic.requirements}
            yield _most(rng, topic, said, asked[topic.stricter][1])


def _most(rng: Random, topic: Topic, said: Mapping[str, str], stricter: Requirement) -> Maker:
    text = f"{topic.title}: {topic.about} Which asks the most?"
    right = said[stricter.id]
    return _maker(rng, "most", stricter, text, right, said.values(), topic.why, topic.title)


def _rosters(about: Standard, others: Sequence[Standard], rng: Random) -> Iterator[Maker]:
    """Does this small roster meet it? The rules say."""
    for step in walk(about):
        if not step.requirement.attested:
            yield lambda step=step: _judged(step, rng)  # type: ignore[misc]


def _judged(step: Step, rng: Random) -> Question:
    at = {c.name: (c.met, c.missed)[rng.integers(2)] for c in step.example.controls}
    told = [f"{c.label}: {c.said(at[c.name])}" for c in step.example.controls]
    worked = work(step, at)
    title = step.requirement.title
    told_all = f"{title}. In a small roster: {'; '.join(told)}. Is it met?"
    why = {"why": worked.arithmetic, "citation": step.citation}
    about, words = step.requirement.id, _VERDICTS.values()
    return _question(rng, "roster", about, told_all, _VERDICTS[worked.status], words, **why)


_VERDICTS = {
    "met": "yes, it is met",
    "not_met": "no, it is not met",
    "due": "not yet: its time has not come",
    "not_applicable": "it does not apply here",
    "cannot_tell": "it cannot be told",
}
FORMS = (_limits, _rosters, _levels, _shown, _strictest, _authority)


def mark(questions: Sequence[Question], answers: Mapping[str, str]) -> pd.DataFrame:
    """A row for each question, MARK_COLUMNS; `answers` is the option given by the question's id."""
    rows = []
    for each in questions:
        given = answers.get(each.id, "")
        said = RIGHT if given == each.right else WRONG if given else UNANSWERED
        rows.append((each.id, each.text, given, each.right, said, each.why, each.citation))
    return pd.DataFrame(rows, columns=list(MARK_COLUMNS), dtype="str")


def score(marked: pd.DataFrame) -> str:
    """The marks in one sentence."""
    right = int((marked["mark"] == RIGHT).sum())
    left = int((marked["mark"] == UNANSWERED).sum())
    rest = f" {left} not answered yet." if left else ""
    return f"{right} of {len(marked)} right.{rest}"
