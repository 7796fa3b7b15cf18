"""A standard's file: its TOML, and the line on which each part of it stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from casekit.catalog.standard import StandardError

# How deep the parts of a file may lie in each other, and its largest number.
_DEEPEST, _LARGEST = 20, 10**100
# The way to a value: ("requirement", 2, "with", "at_most") is a setting of the third requirement.
Place = tuple[str | int, ...]


class Mistake(NamedTuple):
    """Something wrong at one place of a file: what, and what is allowed instead."""

    place: Place
    what: str


@dataclass(frozen=True)
class Source:
    """One TOML file as it was read."""

    path: Path
    text: str
    data: dict[str, Any]

    def told(self, mistakes: Iterable[Mistake]) -> list[str]:
        """Mistakes as lines of text, `FILE:LINE: what`, in the order of the file."""
        wrong = list(mistakes)
        lines = lines_of(self.text) if wrong else {}
        found = dict.fromkeys((_line(lines, place), what) for place, what in wrong)
        return [f"{self.path}:{line}: {what}" for line, what in sorted(found, key=itemgetter(0))]


def read_source(path: Path) -> Source:
    """Read one TOML file; StandardError where it cannot be read or is not TOML."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise StandardError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise StandardError(f"{path}: is not UTF-8 text: save it as UTF-8") from None
    try:
        data = tomllib.loads(text)
        if not _readable(data):
            raise ValueError
        return Source(path, text, data)
    except tomllib.TOMLDecodeError as error:
        raise StandardError(f"{path}:{_no_toml(str(error), text)}") from None
    except (ValueError, RecursionError):
        lines = text.split("\n")
        line = 1 + max(range(len(lines)), key=lambda number: len(lines[number]))
        what = "is not TOML casekit can read: a number or a nesting without end"
        raise StandardError(f"{path}:{line}: {what}") from None


def _readable(data: dict[str, Any]) -> bool:
    """Whether no table or list of a file lies too deep, and no number is too long."""
    layer: list[Any] = [data]
    for _ in range(_DEEPEST):
        if any(isinstance(value, int) and abs(value) > _LARGEST for value in layer):
            return False
        tables = [list(value.values()) for value in layer if isinstance(value, dict)]
        lists = [value for value in layer if isinstance(value, list)]
        layer = [part for each in (*tables, *lists) for part in each]
    return not layer


def _no_toml(error: str, text: str) -> str:
    """`LINE: what is wrong` with a text that is not TOML, for people who do not know TOML."""
    at = re.search(r" \(at line (\d+), column (\d+)\)", error)
    line = int(at[1]) if at else text.rstrip().count("\n") + 1
    here = text.split("\n")[line - 1]
    day = re.search(r"= *(\d{1,4}[./-]\d{1,2}[./-]\d{1,4})", here)
    if day:
        return f"{line}: {day[1]} is not a day: write year-month-day, such as 2026-06-30"
    what = error.partition(" (at ")[0]
    column = f" (column {at[2]})" if at else ""
    hint = "; text stands in quotation marks" if what == "Invalid value" else ""
    before = "\n".join(text.split("\n")[max(line - 2, 0) : line])
    if re.search(r"= *\{[^}]*$", before, re.MULTILINE):
        hint = "; what stands in { } stands on one line"
    elif what == r"Illegal character '\n'":
        hint = "; a text ends on its line, with a quotation mark"
    return f"{line}: is not TOML: {what}{column}{hint}"


def _line(lines: dict[Place, int], place: Place) -> int:
    """The line of a place, or of the nearest part around it that has one."""
    while place not in lines:
        place = place[:-1]
    return lines[place]


def lines_of(text: str) -> dict[Place, int]:
    """The line of each table and key of a TOML text; the file itself stands on line 1."""
    lines: dict[Place, int] = {(): 1}
    counts: dict[Place, int] = {}
    table: Place = ()
    for line, statement in _statements(text):
        parsed = tomllib.loads(statement)
        if statement.lstrip().startswith("["):
            table = _table(parsed, counts)
            for depth in range(1, len(table) + 1):
                lines.setdefault(table[:depth], line)
        else:
            for place in _keys(parsed, table):
                lines.setdefault(place, line)
    return lines


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each header and each `key = value` of a TOML text, with the line it starts on.

    A statement goes on until what is read of it is TOML by itself: brackets and quotation marks
    over several lines need no care of their own.
    """
    statement, start = "", 1
    for number, line in enumerate(text.split("\n"), 1):
        start = start if statement else number
        statement += line + "\n"
        try:
            tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue
        yield start, statement
        statement = ""


def _table(header: dict[str, Any], counts: dict[Place, int]) -> Place:
    """The place that a header opens; `counts` has the rows so far of each list of tables."""
    place: Place = ()
    part: Any = header
    while part:
        (name, part), *_ = part.items()
        place += (name,)
        if isinstance(part, list):
            counts[place] = counts.get(place, 0) + 1
            part = {}
        if place in counts:
            place += (counts[place] - 1,)
    return place


def _keys(parsed: dict[str, Any], table: Place) -> Iterator[Place]:
    for key, value in parsed.items():
        yield (*table, key)
        if isinstance(value, dict):
            yield from _keys(value, (*table, key))
