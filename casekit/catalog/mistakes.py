"""Every mistake in a standard's file, at its place: what is wrong, and what is allowed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from casekit.catalog.form import FORMAT, rows_of, well_formed
from casekit.catalog.layers import Draft, Row, begins, merged
from casekit.catalog.settings import (
    group_mistakes,
    lacking,
    nearest,
    not_among,
    setting_mistakes,
    unknown,
)
from casekit.catalog.source import Mistake, Place
from casekit.catalog.standard import AUTHORITIES, GATES
from casekit.kinds import ATTESTATION, KINDS

# What a requirement has, once it is laid over the one it changes, if it changes one.
WHOLE = ("id", "title", "citation", "kind")


def mistakes_in(data: Row, base: Draft | None) -> list[Mistake]:
    """Everything wrong with a standard's data, laid over the base that it names, if it names one.

    `base` is None where the base itself cannot be read: then only the form is looked at.
    """
    found = unknown("the file", (), data, FORMAT)
    parts = {name: list(rows_of(data, name, found)) for name in FORMAT}
    if not parts["standard"]:
        return [*found, Mistake((), "there is no [standard]: a file starts with one")]
    _, head = parts["standard"][0]
    if base is None:
        return found
    wrong = _head_mistakes(head, base)
    if any(place == ("standard", "id") for place, _ in wrong):
        head = {**head, "id": ""}  # or each requirement of one's own would be blamed for it
    found += wrong
    if not parts["requirement"] and "requirement" not in data and not head.get("extends"):
        found.append(Mistake((), "there is no [[requirement]]: a standard has at least one"))
    rows = _Rows(head, base)
    for place, row in parts["requirement"]:
        rows.add(place, row)
    _edition_mistakes(parts["edition"], rows)
    for place, row in parts["waiver"]:
        rows.found += _waiver_mistakes(place, row, rows.ever)
    found += _twice([(place, row.get("requirement")) for place, row in parts["waiver"]], "waiver")
    return found + rows.found


def _head_mistakes(head: Row, base: Draft) -> list[Mistake]:
    found = []
    place: Place = ("standard",)
    own = head.get("id", "")
    if not re.fullmatch("[a-z0-9_]*", own):
        found.append(Mistake((*place, "id"), f"[standard] id is {own!r}: use a-z, 0-9 and _"))
    if own and own == base.head.get("id"):
        what = f"[standard] id is {own!r}, which the standard it extends has: give one of your own"
        found.append(Mistake((*place, "id"), what))
    if head.get("gate", "literal") not in GATES:
        what = f"[standard] gate is {head['gate']!r}: use {' or '.join(GATES)}"
        found.append(Mistake((*place, "gate"), what))
    used = {row.get("level", "") for row in base.requirements.values()} - {""}
    for level in sorted(used - set(head.get("levels", used))):
        what = f"[standard] levels lack {level!r}, at which inherited requirements stand: keep it"
        found.append(Mistake((*place, "levels"), what))
    return found


class _Rows:
    """Requirements taken up one after the other, each checked against what stood before it."""

    def __init__(self, head: Row, base: Draft) -> None:
        self.head = {**base.head, **head}
        self.own = head.get("id", "")
        self.extends = bool(base.requirements)
        self.known = dict(base.requirements)
        self.ever = set(base.requirements)
        self.given: set[str] = set()
        self.found: list[Mistake] = []

    def add(self, place: Place, row: Row) -> None:
        """Check one table, and lay it over what is known."""
        name = row.get("id")
        if not name:
            return
        where = f"requirement {name}"
        whole = merged(self.known.get(name), row)
        wrong = self._id_mistake(name)
        if wrong:
            self.found.append(Mistake((*place, "id"), f"{where}{wrong}"))
        else:
            self.found += lacking(where, place, whole, WHOLE)
        self.found += _value_mistakes(where, place, row, self.head.get("levels", []))
        self.given.add(name)
        if whole.get("kind"):
            self.found += _kind_mistakes(where, place, whole)
            self.known[name] = whole
            self.ever.add(name)

    def _id_mistake(self, name: str) -> str:
        """What is wrong with an id that is neither known nor a new one of one's own."""
        shape = f"{self.own}.NAME, with a-z, 0-9 and _ in NAME"
        if name in self.given:
            return ": the id stands twice: give each requirement its own"
        if name in self.known or not self.own or re.fullmatch(rf"{self.own}\.[a-z0-9_]+", name):
            return ""
        if self.extends and not name.startswith(f"{self.own}."):
            return f" {_not_there(name, self.known)} (one of your own: {shape})"
        return f": the id is {shape}"


def _not_there(name: str, known: Iterable[str]) -> str:
    return f"is not known: {nearest(name, known) or 'see `casekit standards show ID`'}"


def _value_mistakes(where: str, place: Place, row: Row, levels: list[str]) -> list[Mistake]:
    """Level, authority, target and applies_to, as far as the row gives them."""
    found = []
    if row.get("level", "") not in ["", *levels]:
        allowed = ", ".join(levels) or "none: the standard names no levels"
        what = f"{where}: level {row['level']!r} is not one of the standard's: {allowed}"
        found.append(Mistake((*place, "level"), what))
    if row.get("authority", "rule") not in AUTHORITIES:
        what = f"{where}: authority {row['authority']!r}: use {', '.join(AUTHORITIES)}"
        found.append(Mistake((*place, "authority"), what))
    if not 0 < row.get("target", 1.0) <= 1:
        what = f"{where}: target {row['target']!r}: give a part above 0 and up to 1"
        found.append(Mistake((*place, "target"), what))
    return found + group_mistakes(where, (*place, "applies_to"), row.get("applies_to", {}))


def _kind_mistakes(where: str, place: Place, whole: Row) -> list[Mistake]:
    """The kind and its settings, of the requirement as it is after the row's changes."""
    kind, settings = whole["kind"], whole.get("with", {})
    if kind == ATTESTATION:
        found = lacking(where, place, whole, ("question", "evidence"))
        return found + unknown(f"{where} with", (*place, "with"), settings, ())
    if kind not in KINDS:
        what = f"{where}: kind {kind!r} {not_among(kind, [ATTESTATION, *KINDS])}"
        return [Mistake((*place, "kind"), what)]
    return setting_mistakes(where, place, kind, settings)


def _edition_mistakes(editions: list[tuple[Place, Row]], rows: _Rows) -> None:
    """Editions by their days: what each changes or drops must be there when it does."""
    rows.found += _twice([(place, row.get("name")) for place, row in editions], "edition")
    days = [(place, row.get("from")) for place, row in editions]
    rows.found += _twice(days, "edition from")
    for place, row in sorted(editions, key=lambda each: begins(each[1])):
        rows.given.clear()
        for number, name in enumerate(row.get("drops", [])):
            if rows.known.pop(name, None) is None:
                lost = _not_there(name, rows.known)
                what = f"edition {row.get('name')}: drops {name!r}, which {lost}"
                rows.found.append(Mistake((*place, "drops", number), what))
        for number, each in enumerate(row.get("requirement", [])):
            here: Place = (*place, "requirement", number)
            rows.add(here, well_formed("requirement", here, each, rows.found))


def _twice(given: list[tuple[Place, object]], what: str) -> list[Mistake]:
    """A mistake for each name or day that stands a second time."""
    seen: Counter[object] = Counter()
    found = []
    for place, value in given:
        seen[value] += 1
        if value is not None and seen[value] == 2:
            found.append(Mistake(place, f"{what} {value} stands twice: give one"))
    return found


def _waiver_mistakes(place: Place, row: Row, ever: set[str]) -> list[Mistake]:
    found = []
    name = row.get("requirement")
    if name and name not in ever:
        what = f"waiver: requirement {name!r} {_not_there(name, ever)}"
        found.append(Mistake((*place, "requirement"), what))
    if "from" in row and "until" in row and row["from"] > row["until"]:
        what = f"waiver {name}: from {row['from']} lies after until {row['until']}: swap them"
        found.append(Mistake((*place, "from"), what))
    return found
