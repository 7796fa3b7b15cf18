"""The controls of a try-it: sliders, days, ticks and choices, and what they say at first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from casekit.kinds.evidence.shown import said


@dataclass(frozen=True)
class Field:
    """One control. `name` is the fact that the script's rule reads from it.

    sort      a slider with its number box, a day, a tick (value "yes" or ""), or a choice.
    low, high, step, finest   of a slider: its ends, its step, and the step of its number box.
    options   of a choice: each value with its words.
    group     neighbours of one group stand together under this heading.
    """

    name: str
    label: str
    sort: Literal["slider", "day", "tick", "choice"]
    value: str
    note: str = ""
    group: str = ""
    low: str = "0"
    high: str = ""
    step: str = "1"
    finest: str = "1"
    options: tuple[tuple[str, str], ...] = ()


def slider(
    name: str, label: str, value: int, high: int, *, low: int = 0, note: str = "", group: str = ""
) -> Field:
    """A whole number from `low` to `high`."""
    start = str(min(max(value, low), high))
    return Field(name, label, "slider", start, note, group, low=str(low), high=str(high))


def share(name: str, label: str, value: str, group: str, note: str = "") -> Field:
    """A part of a whole, from 0 to 1, in thousandths."""
    ends = {"low": "0", "high": "1", "step": "0.05", "finest": "0.001"}
    return Field(name, label, "slider", value, note, group, **ends)  # type: ignore[arg-type]


def tenths(name: str, label: str, value: str, high: int, note: str = "") -> Field:
    """A number from 0 to `high`, in tenths."""
    return Field(name, label, "slider", value, note, high=str(high), step="0.1", finest="0.1")


def day(name: str, label: str, value: str, note: str = "") -> Field:
    """A date, as year-month-day."""
    return Field(name, label, "day", value, note)


def tick(name: str, label: str, on: bool = False, note: str = "", group: str = "") -> Field:
    """A box to tick."""
    return Field(name, label, "tick", "yes" if on else "", note, group)


def ticks(names: Iterable[tuple[str, str]], group: str, on: Iterable[str] = ()) -> list[Field]:
    """Boxes to tick that belong together, those of `on` ticked at first."""
    ticked = set(on)
    return [tick(name, label, name in ticked, group=group) for name, label in names]


def choice(
    name: str, label: str, options: Iterable[tuple[str, str]], value: str = "", note: str = ""
) -> Field:
    """One of some options; without a value, the first."""
    offered = tuple(options)
    return Field(name, label, "choice", value or offered[0][0], note, options=offered)


def happened(name: str, label: str, yes: str, no: str) -> Field:
    """Whether something has happened; at first it has."""
    return choice(name, label, [("yes", yes), ("no", no)])


def words_of(values: Iterable[str]) -> list[tuple[str, str]]:
    """Each value of a table with its words."""
    return [(value, said(value)) for value in values]
