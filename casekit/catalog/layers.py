"""A standard built on another: its own rows, waivers and editions laid over those of its base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from casekit.catalog.standard import Edition, Requirement, Standard, Waiver

Row = dict[str, Any]


@dataclass(frozen=True)
class Draft:
    """A standard as raw rows of TOML: what others may be laid over."""

    head: Row = field(default_factory=dict)
    requirements: dict[str, Row] = field(default_factory=dict)
    waivers: dict[str, Row] = field(default_factory=dict)
    asks_nothing: dict[str, str] = field(default_factory=dict)
    editions: tuple[Edition, ...] = ()

    def with_rows(self, rows: Iterable[Row]) -> Draft:
        """Requirements added, or changed in the keys that the rows give."""
        laid = dict(self.requirements)
        for row in rows:
            laid[row["id"]] = merged(laid.get(row["id"]), row)
        return replace(self, requirements=laid)

    def without(self, names: Iterable[str]) -> Draft:
        """Some requirements dropped."""
        dropped = set(names)
        left = {name: row for name, row in self.requirements.items() if name not in dropped}
        return replace(self, requirements=left)


def merged(base: Row | None, row: Row) -> Row:
    """A requirement with some keys changed; settings are changed one by one.

    Settings belong to a kind: another kind starts without those of the old one.
    """
    if base is None:
        return row
    same_kind = row.get("kind", base["kind"]) == base["kind"]
    settings = {**(base.get("with", {}) if same_kind else {}), **row.get("with", {})}
    whole = {**base, **row, "with": settings}
    return whole if settings else {key: value for key, value in whole.items() if key != "with"}


def laid_over(base: Draft, data: Row, on: date | None) -> Draft:
    """A file's data over its base; of its editions those begun by `on`, or all of them."""
    own = data["standard"]
    draft = replace(
        base,
        head={**base.head, **own, "extends": base.head.get("id", "")},
        waivers=base.waivers | {row["requirement"]: row for row in data.get("waiver", [])},
        asks_nothing=base.asks_nothing
        | {row["statement"]: row["reason"] for row in data.get("asks_nothing", [])},
    ).with_rows(_in_force(base, own["id"], data.get("requirement", [])))
    for row in sorted(data.get("edition", []), key=begins):
        if on is None or row["from"] <= on:
            rows = _in_force(draft, own["id"], row.get("requirement", []))
            draft = draft.without(row.get("drops", [])).with_rows(rows)
            edition = Edition(row["name"], row["from"], row["why"])
            draft = replace(
                draft,
                head={**draft.head, "edition": edition.name},
                editions=(*draft.editions, edition),
            )
    return draft


def begins(edition: Row) -> date:
    """The day from which an edition holds; one without a day comes last."""
    return edition["from"] if type(edition.get("from")) is date else date.max


def _in_force(draft: Draft, own: str, rows: list[Row]) -> list[Row]:
    """Without the changes to what the base does not ask on that day, in an older edition of it."""
    prefix = f"{own}."
    return [row for row in rows if row["id"] in draft.requirements or row["id"].startswith(prefix)]


def standard_of(draft: Draft) -> Standard:
    """The standard that a draft without mistakes says."""
    head = {key: frozen(value) for key, value in draft.head.items()}
    return Standard(
        **head,
        requirements=MappingProxyType(
            {name: _requirement(row, head["id"]) for name, row in draft.requirements.items()}
        ),
        asks_nothing=MappingProxyType(draft.asks_nothing),
        waivers=MappingProxyType(
            {
                name: Waiver(name, row["reason"], row["until"], row.get("from"))
                for name, row in draft.waivers.items()
                if name in draft.requirements
            }
        ),
        editions=draft.editions,
    )


def _requirement(row: Mapping[str, Any], standard: str) -> Requirement:
    fields = {key: frozen(value) for key, value in row.items()}
    settings = fields.pop("with", MappingProxyType({}))
    return Requirement(standard=standard, settings=settings, **fields)


def frozen(value: Any) -> Any:
    """A value of TOML that nobody can change: lists are tuples, tables read-only mappings."""
    if isinstance(value, list):
        return tuple(map(frozen, value))
    if isinstance(value, dict):
        return MappingProxyType({key: frozen(part) for key, part in value.items()})
    return value
