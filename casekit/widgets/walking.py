"""The parts of the workshop panel that walk through a standard, step by step."""

from __future__ import annotations

from collections.abc import Iterator

from casekit.catalog import load, shipped_standards
from casekit.phrases import capital, count
from casekit.reports.document import Heading, TableBlock, Text
from casekit.widgets.parts import Button, Chip, Choice, Entry, Group, Part, Row, Slider
from casekit.widgets.room import OWN_FILE, Workshop
from casekit.workshop import controls
from casekit.workshop.arithmetic import Step
from casekit.workshop.controls import start

# The names of an example's controls begin so on the page.
AT = "at-"


def standard_options() -> tuple[tuple[str, str], ...]:
    """Each shipped standard: its id, its title."""
    return tuple((name, load(name).title) for name in shipped_standards())


def which(state: Workshop) -> Iterator[Part]:
    """The choice of a standard and of a step in it."""
    options = (*standard_options(), (OWN_FILE, "A file of your own"))
    chosen: list[Part] = [Choice("standard", "Standard", state.standard, options=options)]
    if state.standard == OWN_FILE:
        wrong = state.mistakes.get("file", "")
        chosen.append(Entry("file", "Path of the standard's TOML file", state.file, error=wrong))
    if state.step:
        at = state.steps.index(state.step)
        last = len(state.steps) - 1
        steps = tuple((s.requirement.id, _named(n, s)) for n, s in enumerate(state.steps, 1))
        chosen += [
            Choice("requirement", "Requirement", state.step.requirement.id, options=steps),
            Row(
                (
                    Button("step", "Previous", str(at - 1), disabled=at == 0),
                    Button("step", "Next", str(at + 1), primary=True, disabled=at == last),
                )
            ),
        ]
    yield Group("Which standard", tuple(chosen))


def _named(number: int, step: Step) -> str:
    attested = " (answered by people)" if step.requirement.attested else ""
    return f"{number}. {step.requirement.title}{attested}"


def moved(state: Workshop) -> Iterator[Part]:
    """The clause, and the controls of its example."""
    step = state.step
    if step is None:
        return
    level = f" ({step.requirement.level})" if step.requirement.level else ""
    yield Heading(2, f"{step.requirement.title}{level}")
    yield Text(step.clause)
    yield Text(f"Source: {step.citation}.")
    at = {**start(step.example), **state.at}
    fields = tuple(_field(control, str(at[control.name])) for control in step.example.controls)
    presets = (
        Button("preset", "Show it met", "met"),
        Button("preset", "Show it not met", "missed"),
    )
    yield Group("Try it", (*fields, Row(presets)))


def _field(control: controls.Control, value: str) -> Part:
    name = f"{AT}{control.name}"
    if isinstance(control, controls.Slider):
        return Slider(name, control.label, value, low=control.low, high=control.high)
    options = tuple(control.options.items())
    return Choice(name, control.label, value, options=options, buttons=len(options) < 5)


def judged(state: Workshop) -> Iterator[Part]:
    """The verdict, the sum behind it, and the rows that were judged."""
    worked = state.worked
    if worked is None:
        return
    yield Heading(3, "What the rule says of it")
    yield Chip(worked.status)
    yield Text(worked.arithmetic)
    if worked.change:
        yield Text(f"The smallest change that would do: {worked.change}")
    for name, table in worked.roster.items():
        shown = table.head(8)
        more = f"The first 8 of {count(len(table), 'row')}." if len(table) > 8 else ""
        yield TableBlock(f"The table {name}", shown.fillna("").rename(columns=_heading), more)


def _heading(column: str) -> str:
    return capital(column.replace("_", " "))
