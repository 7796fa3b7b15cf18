"""What a panel shows, as data: fields of a form, buttons, tables with fields in them, blocks.

A panel gives its parts in order; `html` sets them. Each control has a name, which is what the page
sends back, a label, and where it needs one a line of help; an error says what is wrong with what
was given. Blocks of a document (`casekit.reports.document`) are parts too.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cache

import jinja2

from casekit.figures.theme import STATUS
from casekit.reports.document import Block, Bullets, FigureBlock, Heading, Notice, TableBlock, Text
from casekit.reports.html import fragment

_BLOCKS = (Heading, Text, Bullets, Notice, TableBlock, FigureBlock)


@dataclass(frozen=True)
class Field:
    """What every control has. `hidden` keeps the label for screen readers alone."""

    name: str
    label: str
    value: str = ""
    help: str = ""
    error: str = ""
    disabled: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Entry(Field):
    """A line of text, or several; `kind` is the input's type: text, date or url.

    With `live`, what is typed is sent as it is typed, else when the field is left or Enter pressed.
    """

    kind: str = "text"
    lines: int = 1
    live: bool = False


@dataclass(frozen=True)
class Slider(Field):
    """A number between two ends, inclusive, in steps; sent while it is moved, and when let go."""

    low: float = 0
    high: float = 1
    step: float = 1
    unit: str = ""


@dataclass(frozen=True)
class Choice(Field):
    """One of some options, each (value, words): a list to open, or with `buttons` all in view."""

    options: tuple[tuple[str, str], ...] = ()
    buttons: bool = False


@dataclass(frozen=True)
class Tick(Field):
    """A box to tick; its value is "yes" or empty."""


@dataclass(frozen=True)
class Upload(Field):
    """Files handed to the kernel, which reads them and keeps none; `accept` as HTML takes it."""

    accept: str = ".csv,.xlsx,.zip,.parquet"


@dataclass(frozen=True)
class Button:
    """Sends its name, and its value, when pressed; `about` completes the label for the ear."""

    name: str
    label: str
    value: str = ""
    about: str = ""
    primary: bool = False
    disabled: bool = False
    pressed: bool | None = None


@dataclass(frozen=True)
class Row:
    """Parts side by side where there is room."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Group:
    """Parts that belong together, under a legend."""

    legend: str
    parts: tuple[Part, ...]
    help: str = ""


@dataclass(frozen=True)
class Folded:
    """Parts behind a line that opens them; `opened` shows them from the start."""

    summary: str
    parts: tuple[Part, ...]
    opened: bool = False


@dataclass(frozen=True)
class Chip:
    """A status by glyph, word and colour; `word` stands in place of the status's own."""

    status: str
    word: str = ""


@dataclass(frozen=True)
class Grid:
    """A table whose cells may be controls; the first cell of a row names it.

    `numbers` are the columns that hold counts, set to the right.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """A whole HTML page inside this one: it runs no script, and reaches nothing around it."""

    title: str
    html: str


Part = (
    Page
    | Entry
    | Slider
    | Choice
    | Tick
    | Upload
    | Button
    | Row
    | Group
    | Folded
    | Chip
    | Grid
    | Block
)
Cell = str | int | float | Entry | Slider | Choice | Tick | Button | Chip


@dataclass(frozen=True)
class Region:
    """A part of the page that is made and sent by itself.

    name    one word, its own on the page
    of      what it is made from, as a tuple: while each is the same, it is not made again
    make    gives its parts
    settled  made only when a control is let go, not while it is moved
    """

    name: str
    of: Hashable
    make: Callable[[], Iterable[Part]]
    settled: bool = False


def html(parts: Iterable[Part], prefix: str = "ck") -> str:
    """The parts as HTML, every text escaped; `prefix` begins the id of each control."""
    return "\n".join(_set(part, prefix) for part in parts)


def _set(part: Part, prefix: str) -> str:
    if isinstance(part, _BLOCKS):
        return fragment([part])
    macro = getattr(_macros(), type(part).__name__.lower())
    inside = lambda each: _set(each, prefix)  # noqa: E731 (a macro takes it as a filter would)
    return str(macro(part, prefix, inside))


def _number(value: object) -> bool:
    return isinstance(value, int | float)


@cache
def _macros() -> jinja2.environment.TemplateModule:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("casekit.widgets", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals.update(STATUS=STATUS)
    environment.tests["number_cell"] = _number
    environment.tests["text_cell"] = lambda value: isinstance(value, str)
    return environment.get_template("parts.html.j2").module
