"""What a room can change in an example: numbers that slide, and choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Value = int | str
# The rows of each table of an example's roster, a mapping of column -> cell each.
Rows = Mapping[str, Sequence[Mapping[str, object]]]


@dataclass(frozen=True)
class Slider:
    """A whole number from `low` to `high`; `met` and `missed` are where the room may start."""

    name: str
    label: str
    low: int
    high: int
    met: int
    missed: int

    def said(self, value: Value) -> str:
        """The value as it is shown."""
        return str(value)


@dataclass(frozen=True)
class Choice:
    """One of some options, value -> words; `met` and `missed` are where the room may start."""

    name: str
    label: str
    options: Mapping[str, str]
    met: str
    missed: str

    def said(self, value: Value) -> str:
        """The value as it is shown."""
        return self.options[str(value)]


Control = Slider | Choice


@dataclass(frozen=True)
class Example:
    """A tiny roster that follows its controls.

    rows          the tables for a value of each control, by the control's name
    as_of, since  the days of the span that is judged, ISO
    """

    controls: tuple[Control, ...]
    rows: Callable[..., Rows]
    as_of: str = "2026-03-31"
    since: str = "2026-03-01"


def yes_no(name: str, label: str, missed: str = "no") -> Choice:
    """A choice of yes and no, of which yes is as it should be."""
    return Choice(name, label, {"yes": "yes", "no": "no"}, "yes", missed)


def start(example: Example, met: bool = True) -> dict[str, Value]:
    """Where every control stands at first: such that it is met, or such that it is missed."""
    return {c.name: c.met if met else c.missed for c in example.controls}
