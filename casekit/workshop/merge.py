"""The room's answers from the files in a folder, with no server; no name is needed to show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from casekit.workshop.answers import Answers, AnswersError, Session, read_answers
from casekit.workshop.hunt import Hunt
from casekit.workshop.quiz import Question

SUFFIXES = (".json", ".csv")


@dataclass(frozen=True)
class Room:
    """The answers of a room, and a line for each file that was set aside, with its name."""

    answers: tuple[Answers, ...]
    aside: tuple[str, ...]

    @property
    def people(self) -> int:
        return len(self.answers)


def merge(folder: Path, session: Session) -> Room:
    """Every participant's answers in a folder (its own files only) that are about one session.

    A file that is broken, about another session, or a double of one before it is set aside. Raises
    AnswersError where there is no such folder.
    """
    if not folder.is_dir():
        raise AnswersError(
            f"there is no folder {str(folder)!r}: give the one with the room's files"
        )
    paths = sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file())
    found: dict[str, tuple[str, Answers]] = {}
    aside: list[str] = []
    for path in paths:
        try:
            answers = _about(path, session)
        except AnswersError as error:
            aside.append(str(error))
            continue
        # Who gives no name is told apart by the file.
        key = answers.participant.casefold() or f"/{path.name}"
        same = [n for n, held in found.values() if _alike(held, answers)]
        if same or key in found:
            aside.append(_doubled(path.name, same[0] if same else found[key][0], bool(same)))
        else:
            found[key] = (path.name, answers)
    return Room(tuple(answers for _, answers in found.values()), tuple(aside))


def _about(path: Path, session: Session) -> Answers:
    answers = read_answers(path)
    if answers.session != session:
        raise AnswersError(
            f"{path.name}: it is about {answers.session}; this room has {session}: answer again"
        )
    if not any(answers.given.values()):
        raise AnswersError(f"{path.name}: there is no answer in it yet")
    return answers


def _alike(one: Answers, other: Answers) -> bool:
    """Whether two files are copies of one: the same name and the same answers."""
    return one == other and bool(one.participant)


def _doubled(name: str, before: str, same: bool) -> str:
    if same:
        return f"{name}: a copy of {before}"
    return (
        f"{name}: the same participant as {before}: take one out, or let one of the two give"
        " another name"
    )


def hunted(hunt: Hunt, room: Room) -> pd.DataFrame:
    """How many of the room marked each requirement that is breached, or that somebody marked.

    Columns: program_id, requirement_id, title, breached ("yes", "no"), marked (people). Breaches
    that the fewest found come first.
    """
    titles = {(p, r.id): r.title for p in hunt.programs for r in hunt.asked(p)}
    marks = [pairs_of(answers) for answers in room.answers]
    seen = sorted((set().union(*marks) & set(titles)) | hunt.breached)
    rows = [
        (*pair, titles[pair], "yes" if pair in hunt.breached else "no", _times(pair, marks))
        for pair in seen
    ]
    columns = ["program_id", "requirement_id", "title", "breached", "marked"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(
        ["breached", "marked"], ascending=[False, True], kind="stable", ignore_index=True
    )


def _times(pair: tuple[str, str], marks: Sequence[set[tuple[str, str]]]) -> int:
    return sum(pair in each for each in marks)


def pairs_of(answers: Answers) -> set[tuple[str, str]]:
    """The (program, requirement) pairs that a participant marked."""
    marked = [item.partition("/") for item in answers.of("hunt")]
    return {(program, requirement) for program, _, requirement in marked}


def quizzed(questions: Sequence[Question], room: Room) -> pd.DataFrame:
    """How many of the room answered each question, and rightly; the hardest first.

    Columns: question, answered, right (people), taken_for (the wrong option chosen most often).
    """
    rows = []
    for each in questions:
        given = [a.of("quiz")[each.id] for a in room.answers if each.id in a.of("quiz")]
        wrong = pd.Series([option for option in given if option != each.right], dtype="str")
        most = "" if wrong.empty else str(wrong.mode().iloc[0])
        rows.append((each.text, len(given), len(given) - len(wrong), most))
    table = pd.DataFrame(rows, columns=["question", "answered", "right", "taken_for"])
    share = table["right"] / table["answered"].where(table["answered"] > 0)
    order = table.assign(share=share).sort_values("share", kind="stable", na_position="last")
    return table.loc[order.index].reset_index(drop=True)
