"""The workshop panel: a standard walked through, a hunt, a quiz, ratings, and the room's files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from casekit.catalog import load
from casekit.widgets import exercises, together, walking
from casekit.widgets.panel import Panel
from casekit.widgets.parts import Choice, Part, Region
from casekit.widgets.room import (
    ACTIVITIES,
    Workshop,
    begun,
    hunt_of,
    opened,
    place_of,
    quiz_of,
    reopened,
    saved,
    walked,
)
from casekit.widgets.walking import AT
from casekit.workshop import hunt as hunting
from casekit.workshop import quiz as asking
from casekit.workshop.agreement import elements, scale
from casekit.workshop.answers import Answers, AnswersError, Session
from casekit.workshop.controls import Slider, start
from casekit.workshop.merge import merge, pairs_of


def choose(state: Workshop) -> Iterator[Part]:
    """What to do."""
    options = tuple(ACTIVITIES.items())
    yield Choice(
        "activity", "What do you want to do?", state.activity, options=options, buttons=True
    )


class WorkshopPanel(Panel[Workshop]):
    """A room's exercises; a participant's answers are saved to their file as they are given."""

    def __init__(
        self, answers: str = "casekit-answers/workshop.json", session: Session | None = None
    ) -> None:
        super().__init__(walked(opened(answers, session or Session())))

    def regions(self, state: Workshop) -> Iterator[Region]:
        yield Region("activity", (state.activity,), partial(choose, state))
        if state.activity == "walk":
            chosen = (state.standard, state.steps, state.step, state.mistakes)
            at = (*chosen, state.at)
            yield Region("which", chosen, partial(walking.which, state))
            yield Region("controls", at, partial(walking.moved, state), settled=True)
            yield Region("judged", at, partial(walking.judged, state))
            return
        if state.activity == "merge":
            yield Region("folder", (state.room, state.mistakes), partial(together.folder, state))
            for make in (together.ratings, together.hunts, together.quizzes):
                yield Region(make.__name__, (state.room,), partial(make, state))
            return
        you = (state.answers, state.path, state.asked, state.mistakes)
        yield Region("person", you, partial(exercises.person, state))
        mine = (state.answers, state.marked)
        if state.activity == "hunt":
            where = (state.session, state.program)
            yield Region("hunt", (*where, *mine), partial(exercises.hunt, state))
            yield Region("marks", mine, partial(exercises.hunt_marks, state))
            yield Region("roster", (*where, state.table), partial(exercises.roster, state))
        elif state.activity == "quiz":
            yield Region("quiz", mine, partial(exercises.quiz, state))
        else:
            yield Region("rate", (*mine, state.round), partial(exercises.rate, state))

    def opened(self, state: Workshop) -> Workshop:
        # A page may be made long before it is looked at, and answers be given on another one.
        return reopened(state)

    def changed(self, state: Workshop, name: str, value: str) -> Workshop:
        kind, _, which = name.partition("-")
        match kind:
            case "at":
                state = replace(state, at={**state.at, **self._moved(state, name, value)})
                self.said = state.worked.verdict if state.worked else ""
                return state
            case "mark" | "quiz" | "rate":
                return self._answered(state, kind, int(which), value)
            case "participant":
                return self._saved(state, replace(state.answers, participant=value.strip()))
            case "path":
                fresh = reopened(replace(state, path=value))
                return self._saved(fresh, fresh.answers) if fresh.unsaved else fresh
            case "standard" | "file":
                return walked(super().changed(state, name, value))
            case "requirement":
                return replace(state, requirement=value, at={})
            case "standard_hunted" | "seed" | "programs" | "students" | "questions":
                return replace(state, asked={**state.asked, name: value})
        self.said = ""
        return super().changed(state, name, value)

    def pressed(self, state: Workshop, name: str, value: str) -> Workshop:
        match name:
            case "step":
                step = state.steps[int(value)]
                self.said = step.requirement.title
                return replace(state, requirement=step.requirement.id, at={})
            case "preset" if state.step:
                state = replace(state, at=start(state.step.example, value == "met"))
                self.said = state.worked.verdict if state.worked else ""
                return state
            case "begin":
                fresh = begun(state)
                self.said = next(iter(fresh.mistakes.values()), f"Begun: {fresh.session}.")
                return fresh
            case "mark":
                self.said = self._score(state, value)
                return replace(state, marked=state.marked | {value})
            case "read":
                return self._read(state)
        return super().pressed(state, name, value)

    def _moved(self, state: Workshop, name: str, value: str) -> dict[str, int | str]:
        controls = {f"{AT}{c.name}": c for c in state.step.example.controls} if state.step else {}
        control = controls[name]
        return {control.name: int(value) if isinstance(control, Slider) else value}

    def _answered(self, state: Workshop, kind: str, number: int, value: str) -> Workshop:
        """One more answer, saved at once; what was marked is marked anew when asked."""
        if kind == "mark":
            found = hunt_of(state.session)
            program = exercises.program_of(state, found)
            item = f"{program}/{found.asked(program)[number].id}"
            answer = ("hunt", item, "not met" if value else "")
        elif kind == "quiz":
            question = quiz_of(state.session)[number]
            answer = ("quiz", question.id, question.options[int(value)])
        else:
            standard = load(state.session.standard)
            answer = (state.round, elements(standard)[number], scale(standard)[int(value)])
        state = replace(state, marked=frozenset())
        return self._saved(state, state.answers.answered(*answer))

    def _saved(self, state: Workshop, answers: Answers) -> Workshop:
        fresh, self.said = saved(state, answers)
        return fresh

    def _score(self, state: Workshop, activity: str) -> str:
        if activity == "hunt":
            return hunting.score(hunting.mark(hunt_of(state.session), pairs_of(state.answers)))
        return asking.score(asking.mark(quiz_of(state.session), state.answers.of("quiz")))

    def _read(self, state: Workshop) -> Workshop:
        try:
            room = merge(place_of(state.folder), state.session)
        except AnswersError as error:
            self.said = str(error)
            return replace(state, room=None, mistakes={"folder": str(error)})
        self.said = f"Read: {room.people}; set aside: {len(room.aside)}."
        return replace(state, room=room, mistakes={})
