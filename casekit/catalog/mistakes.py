"""Every mistake in a standard's file, at its place: what is wrong, and what is allowed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable

from casekit.catalog.form import FORMAT, rows_of, well_formed
from casekit.catalog.group import group_mistakes, subject_mistakes
from casekit.catalog.layers import Draft, Row, begins, merged
from casekit.catalog.settings import lacking, nearest, not_among, setting_mistakes, unknown
from casekit.catalog.source import Mistake, Place
from casekit.catalog.standard import AUTHORITIES, GATES
from casekit.kinds import ATTESTATION, KINDS

# What a requirement has, once it is laid over the one it changes, if it changes one.
WHOLE = ("id", "title", "citation", "kind")


def mistakes_in(data: Row, base: Draft | None, taken: Collection[str] = ()) -> list[Mistake]:
    """Everything wrong with a standard's data, laid over the base that it names, if it names one.

    `base` is None where the base itself cannot be read: then only the form is looked at. `taken`
    are the ids that other standards have.
    """
    if not data:
        return [Mistake((), "the file is empty: start with [standard]")]
    found = unknown("the file", (), data, FORMAT)
    if "standard" not in data:
        slips = [slip for slip in found if "did you mean standard?" in slip.what]
        return slips or [Mistake((), "there is no [standard]: a file starts with one")]
    parts = {name: list(rows_of(data, name, found)) for name in FORMAT}
    head_slips = [slip for slip in found if slip.place[:1] == ("standard",)]
    # Without its base nothing else of the file can be told.
    lost = [
        slip
        for slip in head_slips
        if slip.place[-1] == "extends" or "did you mean extends?" in slip.what
    ]
    if not parts["standard"] or base is None or lost:
        return lost or found
    _, head = parts["standard"][0]
    wrong = _head_mistakes(head, base, taken)
    if any(place == ("standard", "id") for place, _ in wrong):
        head = {**head, "id": ""}  # or each requirement of one's own would be blamed for it
    found += wrong
    if not parts["requirement"] and "requirement" not in data and not head.get("extends"):
        found.append(Mistake((), "there is no [[requirement]]: a standard has at least one"))
    rows = _Rows(head, base, found)
    for place, row in parts["requirement"]:
        rows.add(place, row)
    _edition_mistakes(parts["edition"], rows)
    for place, row in parts["waiver"]:
        found += _waiver_mistakes(place, row, rows)
    found += _twice([(place, row.get("requirement")) for place, row in parts["waiver"]], "waiver")
    return found + _asks_nothing_mistakes(parts["asks_nothing"], rows)


def _head_mistakes(head: Row, base: Draft, taken: Collection[str]) -> list[Mistake]:
    found = []
    place: Place = ("standard",)
    own = head.get("id", "")
    if not re.fullmatch("[a-z0-9_]*", own):
        found.append(Mistake((*place, "id"), f"[standard] id is {own!r}: use a-z, 0-9 and _"))
    if own and own == base.head.get("id"):
        what = f"[standard] id is {own!r}, which the standard it extends has: give one of your own"
        found.append(Mistake((*place, "id"), what))
    elif own in taken:
        what = f"[standard] id is {own!r}, which a shipped standard has: give one of your own"
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
    """Requirements taken up one after the other, each checked against what stood before it.

    `found` has what is wrong with the form already: what is said there is not said twice.
    """

    def __init__(self, head: Row, base: Draft, found: list[Mistake]) -> None:
        self.head = {**base.head, **head}
        self.own = head.get("id", "")
        self.extends = bool(base.requirements)
        self.known = dict(base.requirements)
        self.ever = dict(base.requirements)
        self.given: set[str] = set()
        self.found = found

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
            self.found += lacking(where, place, whole, WHOLE, self.found)
        self.found += _value_mistakes(where, place, row, self.head.get("levels", []))
        self.given.add(name)
        if whole.get("kind"):
            self.found += _kind_mistakes(where, place, whole, self.found)
            self.known[name] = self.ever[name] = whole

    def _id_mistake(self, name: str) -> str:
        """What is wrong with an id that is neither known nor a new one of one's own."""
        shape = f"{self.own}.NAME, with a-z, 0-9 and _ in NAME"
        if name in self.given:
            return ": the id stands twice: give each requirement its own"
        if name in self.known or not self.own or re.fullmatch(rf"{self.own}\.[a-z0-9_]+", name):
            return ""
        if name in self.ever:
            return " is not known any more: an edition drops it"
        if self.extends and not name.startswith(f"{self.own}."):
            return f" {_not_there(name, self.known)} (one of your own: {shape})"
        return f": the id is {shape}"


def _not_there(name: str, known: dict[str, Row]) -> str:
    covers = [each for each, row in known.items() if name in row.get("statements", [])]
    if covers:
        return f"is a statement: it is covered by {', '.join(covers)}"
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


def _kind_mistakes(where: str, place: Place, whole: Row, slips: Iterable[Mistake]) -> list[Mistake]:
    """The kind and its settings, of the requirement as it is after the row's changes."""
    kind, settings = whole["kind"], whole.get("with", {})
    found = subject_mistakes(where, place, kind, whole.get("applies_to"))
    if kind == ATTESTATION:
        found += lacking(where, place, whole, ("question", "evidence"), slips)
        return found + unknown(f"{where} with", (*place, "with"), settings, ())
    if kind not in KINDS:
        what = f"{where}: kind {kind!r} {not_among(kind, [ATTESTATION, *KINDS])}"
        return [Mistake((*place, "kind"), what)]
    return found + setting_mistakes(where, place, kind, settings)


def _edition_mistakes(editions: list[tuple[Place, Row]], rows: _Rows) -> None:
    """Editions by their days: what each changes or drops must be there when it does."""
    rows.found += _twice([(place, row.get("name")) for place, row in editions], "edition")
    days = [(place, row.get("from")) for place, row in editions]
    rows.found += _twice(days, "edition from")
    for place, row in sorted(editions, key=lambda each: begins(each[1])):
        rows.given.clear()
        if not row.get("drops") and not row.get("requirement"):
            what = (
                f"edition {row.get('name')} changes nothing: give drops or [[edition.requirement]]"
            )
            rows.found.append(Mistake(place, what))
        for number, name in enumerate(row.get("drops", [])):
            if rows.known.pop(name, None) is None:
                lost = _not_there(name, rows.known)
                what = f"edition {row.get('name')}: drops {name!r}, which {lost}"
                rows.found.append(Mistake((*place, "drops", number), what))
        for number, each in enumerate(row.get("requirement", [])):
            here: Place = (*place, "requirement", number)
            rows.add(here, well_formed("requirement", here, each, rows.found))
        if rows.ever and not rows.known:
            what = f"edition {row.get('name')} drops the last requirement: keep one"
            rows.found.append(Mistake((*place, "drops"), what))


def _twice(given: list[tuple[Place, object]], what: str) -> list[Mistake]:
    """A mistake for each name or day that stands a second time."""
    seen: Counter[object] = Counter()
    found = []
    for place, value in given:
        seen[value] += 1
        if value is not None and seen[value] == 2:
            found.append(Mistake(place, f"{what} {value} stands twice: give one"))
    return found


def _waiver_mistakes(place: Place, row: Row, rows: _Rows) -> list[Mistake]:
    found = []
    name = row.get("requirement")
    if name and name not in rows.ever:
        what = f"waiver: requirement {name!r} {_not_there(name, rows.ever)}"
        found.append(Mistake((*place, "requirement"), what))
    if "from" in row and "until" in row and row["from"] > row["until"]:
        what = f"waiver {name}: from {row['from']} lies after until {row['until']}: swap them"
        found.append(Mistake((*place, "from"), what))
    return found


def _asks_nothing_mistakes(given: list[tuple[Place, Row]], rows: _Rows) -> list[Mistake]:
    """Statements said to ask nothing, of which one stands twice, or a requirement covers it."""
    found = _twice([(place, row.get("statement")) for place, row in given], "asks_nothing")
    for place, row in given:
        name = row.get("statement")
        covers = [each for each, row in rows.known.items() if name in row.get("statements", [])]
        if covers:
            what = f"asks_nothing: {name} is covered by {', '.join(covers)}: leave it out"
            found.append(Mistake((*place, "statement"), what))
    return found
