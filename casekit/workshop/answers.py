"""What one participant answers, and the file that keeps it: JSON, or CSV by the file's name."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from casekit.catalog import load, shipped_standards
from casekit.files import write_text
from casekit.phrases import count

ACTIVITIES = ("hunt", "quiz", "alone", "together")
COLUMNS = ("participant", "activity", "item", "answer")
MOST_BYTES = 1_000_000
PATIENCE = 10  # seconds that another program may hold the file
Given = Mapping[str, Mapping[str, str]]


class AnswersError(ValueError):
    """A file of answers cannot be used. One line: which file, what is wrong, what to do."""


@dataclass(frozen=True)
class Session:
    """What everyone in a room has before them: the roster and the questions of one seed."""

    seed: int = 1
    standard: str = "sa_flo"
    programs: int = 3
    students: int = 10
    questions: int = 10

    @property
    def title(self) -> str:
        """The standard's title; its id where it is none of ours."""
        shipped = self.standard in shipped_standards()
        return load(self.standard).title if shipped else self.standard

    def __str__(self) -> str:
        return (
            f"seed {self.seed}, {self.title}, {count(self.programs, 'program')},"
            f" {count(self.students, 'student')} each, {count(self.questions, 'question')}"
        )


@dataclass(frozen=True)
class Answers:
    """One participant's answers: activity -> item -> answer, all text.

    hunt             "PROGRAM/REQUIREMENT" -> "not met", what is marked
    quiz             the question's id -> the option chosen
    alone, together  the element -> the level it is rated at
    """

    participant: str = ""
    session: Session = Session()
    given: Given = field(default_factory=dict)

    def of(self, activity: str) -> Mapping[str, str]:
        """The answers of one activity, by item."""
        return self.given.get(activity, {})

    def answered(self, activity: str, item: str, answer: str) -> Answers:
        """The same with one more answer; an empty one takes it back."""
        items = {**self.of(activity), item: answer}
        kept = {name: said for name, said in items.items() if said}
        return replace(self, given={**self.given, activity: kept})


def laid_over(there: Answers, before: Answers, after: Answers) -> Answers:
    """The answers `there` with what changed from before to after; all else stays as it is."""
    if after.participant != before.participant:
        there = replace(there, participant=after.participant)
    for activity in ACTIVITIES:
        was, now = before.of(activity), after.of(activity)
        for item in {**was, **now}:
            if was.get(item) != now.get(item):
                there = there.answered(activity, item, now.get(item, ""))
    return there


def put(path: Path, before: Answers, after: Answers) -> Answers:
    """Keep what changed from before to after in a participant's file; all that is in it then.

    What another page has saved in it since stays. Raises AnswersError where the file holds
    something else, or another session's answers, or is held by another program; OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path.with_name(f".{path.name}.lock"), timeout=PATIENCE):
            there = read_answers(path) if path.exists() else after
            if any(there.given.values()) and there.session != after.session:
                raise AnswersError(f"{path.name}: it holds answers about {there.session}")
            now = replace(laid_over(there, before, after), session=after.session)
            keep(path, now)
    except Timeout:
        raise AnswersError(f"{path.name}: another program is writing it") from None
    except NotImplementedError:
        raise AnswersError(f"{path.name}: its drive cannot hold it for one program") from None
    return now


def keep(path: Path, answers: Answers) -> None:
    """Write a participant's answers, all of them or nothing."""
    text = _csv(answers) if path.suffix.lower() == ".csv" else _json(answers)
    write_text(path, text)


def _json(answers: Answers) -> str:
    held = {
        "participant": answers.participant,
        "session": asdict(answers.session),
        "answers": {name: dict(answers.of(name)) for name in ACTIVITIES},
    }
    return json.dumps(held, indent=2, ensure_ascii=False) + "\n"


def _csv(answers: Answers) -> str:
    """A row for each answer; one that a spreadsheet would run is led by an apostrophe."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for activity, items in (("session", asdict(answers.session)), *answers.given.items()):
        for item, answer in items.items():
            rows.writerow([_still(text) for text in (answers.participant, activity, item, answer)])
    return out.getvalue()


def _still(text: object) -> str:
    said = str(text)
    return f"'{said}" if said[:1] in ("=", "+", "-", "@", "'") else said


def read_answers(path: Path) -> Answers:
    """A participant's answers from their file. Raises AnswersError, one line."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise AnswersError(f"{path.name}: too large to be answers: take it out of the folder")
        text = path.read_text(encoding="utf-8-sig")
        held = _from_csv(text) if path.suffix.lower() == ".csv" else json.loads(text)
        return _answers(held)
    except AnswersError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise AnswersError(
            f"{path.name}: no file of answers that the workshop wrote: ask for it again"
        ) from None


def _from_csv(text: str) -> dict[str, Any]:
    held: dict[str, Any] = {"participant": "", "session": {}, "answers": {}}
    for row in csv.DictReader(io.StringIO(text)):
        name, activity, item, answer = (row[column].removeprefix("'") for column in COLUMNS)
        held["participant"] = name
        part = held if activity == "session" else held["answers"]
        part.setdefault(activity, {})[item] = answer
    return held


def _answers(held: Mapping[str, Any]) -> Answers:
    """Answers from what a file holds; of the wrong form, KeyError, TypeError or ValueError."""
    of = held["session"]
    numbers = {name: int(of[name]) for name in ("seed", "programs", "students", "questions")}
    every = {name: dict(_texts(held["answers"].get(name, {}))) for name in ACTIVITIES}
    given = {name: items for name, items in every.items() if items}
    session = Session(standard=str(of["standard"]), **numbers)
    return Answers(str(held["participant"]).strip(), session, given)


def _texts(items: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for item, answer in items.items():
        if not isinstance(answer, str):
            raise TypeError(item)
        yield item, answer
