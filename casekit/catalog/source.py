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
        return Source(path, text, tomllib.loads(text))
    except OSError as error:
        raise StandardError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise StandardError(f"{path}: is not UTF-8 text: save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        at = re.search(r" \(at line (\d+), column (\d+)\)", str(error))
        line = at[1] if at else text.count("\n") + 1
        what = str(error).partition(" (at ")[0]
        column = f" (column {at[2]})" if at else ""
        column += "; text stands in quotation marks" if what == "Invalid value" else ""
        raise StandardError(f"{path}:{line}: is not TOML: {what}{column}") from None


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
