"""The form of a standard's file: what may stand in each part of it, and of what sort it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from casekit.catalog.layers import Row
from casekit.catalog.settings import lacking, shown, unknown
from casekit.catalog.source import Mistake, Place

_TEXT = (str, "text")
_TEXTS = (list, "a list of texts")
_DAY = (date, "a day such as 2026-06-30, without quotation marks")

# What may stand in each part of the file, and of what sort it is.
FORMAT: dict[str, dict[str, tuple[Any, str]]] = {
    "standard": {
        **dict.fromkeys(("id", "title", "issuer", "source", "edition", "gate", "extends"), _TEXT),
        "levels": _TEXTS,
    },
    "requirement": {
        **dict.fromkeys(("id", "title", "citation", "kind", "area", "element", "level"), _TEXT),
        **dict.fromkeys(("authority", "question", "evidence", "advice"), _TEXT),
        "statements": _TEXTS,
        "target": ((int, float), "a number"),
        "with": (dict, "a table such as { at_most = 25 }"),
        "applies_to": (dict, "a table such as { support_hours = { over = 25 } }"),
    },
    "waiver": {"requirement": _TEXT, "reason": _TEXT, "until": _DAY, "from": _DAY},
    "edition": {
        **dict.fromkeys(("name", "why"), _TEXT),
        "from": _DAY,
        "drops": _TEXTS,
        "requirement": (list, "tables: write [[edition.requirement]]"),
    },
    "asks_nothing": {"statement": _TEXT, "reason": _TEXT},
}
NEEDED = {
    "standard": ("id", "title", "issuer", "source", "edition"),
    "requirement": ("id",),
    "waiver": ("requirement", "reason", "until"),
    "edition": ("name", "from", "why"),
    "asks_nothing": ("statement", "reason"),
}
# What a table is called by in what is said of it.
_NAMES = {
    "requirement": "id",
    "waiver": "requirement",
    "edition": "name",
    "asks_nothing": "statement",
}


def rows_of(data: Row, part: str, found: list[Mistake]) -> Iterator[tuple[Place, Row]]:
    """The tables of one part with their places; what is wrong with their form goes to `found`."""
    given = data.get(part, {} if part == "standard" else [])
    if part == "standard":
        given = [given] if isinstance(given, dict) else [None]
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        found.append(Mistake((part,), _no_header(part, data[part])))
        return
    for number, row in enumerate(given):
        place: Place = (part,) if part == "standard" else (part, number)
        yield place, well_formed(part, place, row, found)


def _no_header(part: str, given: object) -> str:
    """What to say of a part that is not headed as it must be."""
    if part != "standard" and isinstance(given, dict):
        return f"[{part}] needs two brackets on each side: [[{part}]]"
    if part == "standard" and isinstance(given, list):
        return "[[standard]] needs one bracket on each side: [standard]"
    header = f"[{part}]" if part == "standard" else f"[[{part}]]"
    return f"{part} is not a table of its own: write {header}"


def well_formed(part: str, place: Place, row: Row, found: list[Mistake]) -> Row:
    """A table without the keys that are not of the form; these go to `found`."""
    where = _where(part, place, row)
    slips = unknown(where, place, row, FORMAT[part])
    # What a standard that extends another leaves out, it has from there.
    needed = NEEDED[part]
    if row.get("extends"):
        needed = tuple(name for name in needed if name in ("id", "title") or name in row)
    found += [*slips, *lacking(where, place, row, needed, slips)]
    good = {}
    for key, value in row.items():
        sort, words = FORMAT[part].get(key, (object, ""))
        if not _of_sort(value, sort, part, key):
            found.append(Mistake((*place, key), f"{where}: {key} = {shown(value)}: give {words}"))
        elif isinstance(value, str) and not value.replace("\n", " ").isprintable():
            what = f"{where}: {key} holds a character that cannot be shown: take it out"
            found.append(Mistake((*place, key), what))
        elif key in FORMAT[part]:
            good[key] = value
    return good


def _where(part: str, place: Place, row: Row) -> str:
    if part == "standard":
        return "[standard]"
    name = row.get(_NAMES[part])
    return f"{part} {name}" if isinstance(name, str) else f"{part} number {int(place[-1]) + 1}"


def _of_sort(value: object, sort: Any, part: str, key: str) -> bool:
    if sort is date:
        return type(value) is date  # a timestamp is a date to Python, and is no day
    if sort is list:
        of = dict if (part, key) == ("edition", "requirement") else str
        return isinstance(value, list) and all(isinstance(each, of) for each in value)
    return isinstance(value, sort) and (sort is object or not isinstance(value, bool))
