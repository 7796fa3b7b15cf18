"""The parts of the workshop panel that the trainer shows: the room's answers, and no name."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from casekit.catalog import load
from casekit.phrases import capital, count, percent
from casekit.reports.document import Bullets, Heading, Notice, TableBlock, Text
from casekit.widgets.parts import Button, Entry, Group, Part
from casekit.widgets.room import Workshop, hunt_of, quiz_of
from casekit.workshop.agreement import agreement, compared, scale
from casekit.workshop.merge import Room, hunted, quizzed


def folder(state: Workshop) -> Iterator[Part]:
    """Where the room's files are, what was read of them, and what was not."""
    wrong = state.mistakes.get("folder", "")
    where = Entry(
        "folder",
        "Folder with the room's files",
        state.folder,
        help="Put every participant's file into one folder; nothing is sent anywhere.",
        error=wrong,
    )
    read = Button("read", "Read the files", primary=True)
    yield Group("The room's files", (where, read), help=f"About {state.session}.")
    if state.room is None:
        return
    yield Text(f"The answers of {count(state.room.people, 'participant')} were read.")
    if state.room.aside:
        yield Notice("warning", f"{count(len(state.room.aside), 'file')} set aside:")
        yield Bullets(state.room.aside)


def ratings(state: Workshop) -> Iterator[Part]:
    """How far the room agrees on the elements, alone and then together."""
    standard = load(state.session.standard)
    if state.room is None or not state.room.people or not scale(standard):
        return
    alone, together = (agreement(standard, each) for each in state.rated())
    yield Heading(2, "The room's ratings")
    yield Bullets((f"Alone: {alone.sentence}", f"Together: {together.sentence}"))
    table = compared(alone, together)
    counts = alone.elements.set_index("element").loc[table["element"]]
    shown = {
        "Element": table["element"],
        "Levels apart, alone": table["alone"].round(2),
        "Levels apart, together": table["together"].round(2),
        **{capital(level): counts[level].to_numpy() for level in scale(standard)},
    }
    note = "Levels apart: between two people, on average. The last columns count those alone."
    yield TableBlock(
        "Elements, those on which the room differs most first", pd.DataFrame(shown), note
    )


def hunts(state: Workshop) -> Iterator[Part]:
    """Which breaches the room found."""
    if not _any(state.room, "hunt"):
        return
    found = hunt_of(state.session)
    table = hunted(found, state.room)  # type: ignore[arg-type]
    shown = pd.DataFrame(
        {
            "Requirement": table["title"],
            "Program": table["program_id"].map(found.programs),
            "Breached": table["breached"],
            "Marked by": table["marked"],
        }
    )
    yield Heading(2, "The room's hunt")
    yield TableBlock("Breaches, those that the fewest found first; then false alarms", shown)


def quizzes(state: Workshop) -> Iterator[Part]:
    """Which questions were hard for the room."""
    if not _any(state.room, "quiz"):
        return
    table = quizzed(quiz_of(state.session), state.room)  # type: ignore[arg-type]
    shown = pd.DataFrame(
        {
            "Question": table["question"],
            "Answered by": table["answered"],
            "Right": [
                percent(r, a) for r, a in zip(table["right"], table["answered"], strict=True)
            ],
            "Taken for right most often": table["taken_for"],
        }
    )
    yield Heading(2, "The room's quiz")
    yield TableBlock("Questions, the hardest first", shown)


def _any(room: Room | None, activity: str) -> bool:
    return room is not None and any(each.of(activity) for each in room.answers)
