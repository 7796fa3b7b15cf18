"""What the workshop panel looks at, and the participant's file behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path

from casekit.catalog import load
from casekit.workshop.agreement import Ratings
from casekit.workshop.answers import Answers, AnswersError, Session, laid_over, put, read_answers
from casekit.workshop.arithmetic import Step, Worked, walk, work
from casekit.workshop.controls import Value
from casekit.workshop.hunt import Hunt, prepare
from casekit.workshop.merge import Room
from casekit.workshop.quiz import Question, make_quiz

ACTIVITIES = {
    "walk": "Walk through a standard",
    "hunt": "Hunt breaches",
    "quiz": "Take the quiz",
    "rate": "Rate the elements",
    "merge": "Merge the room's files",
}
OWN_FILE = "file"
NUMBERS = {
    "seed": "Seed",
    "programs": "Programs",
    "students": "Students each",
    "questions": "Questions",
}


@dataclass(frozen=True)
class Workshop:
    """What the workshop panel looks at.

    activity     one of ACTIVITIES
    answers      the participant's own, path where they are kept, and unsafe: why they are not
    kept         what the file held when it was last read or written
    asked        the session as it is typed, before it begins: field -> text
    standard     the one walked through, a shipped id or OWN_FILE with its path in `file`
    requirement  the step walked to; at: where its controls stand
    program      the program hunted in, table: which of its tables is shown
    marked       the activities of which the marks are shown
    alone        whether elements are rated alone, or together
    folder       where the room's files are; room: what they held, None before they are read
    mistakes     what is wrong, by the field at fault
    """

    answers: Answers
    path: str
    unsafe: str = ""
    kept: Answers = field(default_factory=Answers)
    activity: str = "walk"
    asked: Mapping[str, str] = field(default_factory=dict)
    standard: str = "wa_open_doors"
    file: str = ""
    steps: tuple[Step, ...] = ()
    requirement: str = ""
    at: Mapping[str, Value] = field(default_factory=dict)
    program: str = ""
    table: str = "students"
    marked: frozenset[str] = frozenset()
    round: str = "alone"
    folder: str = ""
    room: Room | None = None
    mistakes: Mapping[str, str] = field(default_factory=dict)

    @property
    def session(self) -> Session:
        return self.answers.session

    @property
    def unsaved(self) -> bool:
        """Whether something was answered that the file does not hold."""
        return laid_over(self.kept, self.kept, self.answers) != self.kept

    @property
    def step(self) -> Step | None:
        """The step of the standard that is walked to, the first where none is named."""
        found = [step for step in self.steps if step.requirement.id == self.requirement]
        return next(iter([*found, *self.steps]), None)

    @cached_property
    def worked(self) -> Worked | None:
        """What the rules say of the step's example."""
        return work(self.step, self.at) if self.step else None

    @property
    def place(self) -> Path:
        """The participant's file."""
        return place_of(self.path)

    def rated(self) -> tuple[list[Ratings], list[Ratings]]:
        """What the room rated alone, and together."""
        people = self.room.answers if self.room else ()
        return [each.of("alone") for each in people], [each.of("together") for each in people]


def opened(path: str, session: Session) -> Workshop:
    """The workshop with the answers that a file holds, or with none yet.

    A file that holds something else is never written over.
    """
    state = Workshop(Answers(session=session), path)
    if not path.strip():
        unsafe = "Give the name of a file, such as workshop.json."
        return replace(state, unsafe=unsafe, mistakes={"path": unsafe})
    if not state.place.exists():
        return state
    try:
        answers = read_answers(state.place)
        return replace(state, answers=answers, kept=answers)
    except AnswersError as error:
        unsafe = f"{error}. It is left as it is: give another file."
        return replace(state, unsafe=unsafe, mistakes={"path": unsafe})


def reopened(state: Workshop) -> Workshop:
    """The workshop with what its file holds by now; an answer that was not saved stays."""
    fresh = opened(state.path, state.session)
    begun_anew = fresh.session != state.session and not any(fresh.answers.given.values())
    there = replace(fresh.answers, session=state.session) if begun_anew else fresh.answers
    others = {name: said for name, said in state.mistakes.items() if name != "path"}
    if there.session == state.session:
        answers = laid_over(there, state.kept, state.answers)
    else:  # the session of another page, or of another file
        answers, state = there, replace(state, asked={}, program="")
    marked = state.marked if answers == state.answers else frozenset()
    return replace(
        state,
        answers=answers,
        kept=fresh.kept,
        unsafe=fresh.unsafe,
        marked=marked,
        mistakes={**others, **fresh.mistakes},
    )


def saved(state: Workshop, answers: Answers) -> tuple[Workshop, str]:
    """The workshop with these answers, kept in the participant's file; and what to say of it.

    What another page saved in the file since it was read is kept, and shown too.
    """
    state = replace(state, answers=answers)
    if state.unsafe:
        return state, f"Not saved. {state.unsafe}"
    try:
        there = put(state.place, state.kept, answers)
    except AnswersError as error:
        told = f"Not saved: {error}. It is left as it is: give another file."
        return replace(state, mistakes={"path": told}), told
    except OSError as error:
        told = f"Not saved: {state.path} cannot be written ({error.strerror}). Give another file."
        return replace(state, mistakes={"path": told}), told
    return replace(state, answers=there, kept=there, mistakes={}), "Saved."


def walked(state: Workshop) -> Workshop:
    """The workshop with the steps of its standard; a mistake in it is said at its field."""
    others = {name: said for name, said in state.mistakes.items() if name != "file"}
    try:
        which = state.file if state.standard == OWN_FILE else state.standard
        if not which.strip():
            raise ValueError("Give the path of a .toml file.")
        steps = tuple(walk(load(place_of(which) if state.standard == OWN_FILE else which)))
    except ValueError as error:
        wrong = {**others, "file": str(error).splitlines()[0]}
        return replace(state, steps=(), requirement="", at={}, mistakes=wrong)
    return replace(state, steps=steps, requirement="", at={}, mistakes=others)


def begun(state: Workshop) -> Workshop:
    """The workshop with the session that was typed; a mistake is said at its field."""
    wrong = {name: "Give a whole number." for name in NUMBERS if not _whole(state, name)}
    if wrong:
        return replace(state, mistakes=wrong)
    numbers = {name: int(typed(state, name)) for name in NUMBERS}
    session = Session(standard=typed(state, "standard_hunted"), **numbers)
    if session == state.session:
        return replace(state, mistakes={})
    if any(state.answers.given.values()):
        held = f"This file holds answers about {state.session}: give another file first."
        return replace(state, mistakes={"path": held})
    if session.questions < 1:
        return replace(state, mistakes={"questions": "Give 1 or more."})
    try:
        hunt_of(session)
    except ValueError as error:
        return replace(state, mistakes={"programs": str(error)})
    answers = replace(state.answers, session=session)
    return replace(state, answers=answers, program="", marked=frozenset(), mistakes={})


def typed(state: Workshop, name: str) -> str:
    """A field of the session as it was typed, or as it is."""
    own = state.session.standard if name == "standard_hunted" else getattr(state.session, name)
    return state.asked.get(name, str(own))


def _whole(state: Workshop, name: str) -> bool:
    return typed(state, name).strip().isdecimal()


@cache
def hunt_of(session: Session) -> Hunt:
    """The roster of a session; raises UsageError where there can be none."""
    return prepare(session.seed, session.standard, session.programs, session.students)


@cache
def quiz_of(session: Session) -> tuple[Question, ...]:
    """The questions of a session."""
    return make_quiz(session.seed, session.standard, session.questions)


def place_of(path: str) -> Path:
    """The path as it was typed, with `~` for the home folder where there is one."""
    try:
        return Path(path.strip()).expanduser()
    except RuntimeError:
        return Path(path.strip())
