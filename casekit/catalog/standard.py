"""What a standard is made of: requirements, waivers and editions. Frozen: nobody changes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from casekit.kinds import ATTESTATION

AUTHORITIES = ("rule", "guidance", "ours")
GATES = ("literal", "cumulative")


class StandardError(ValueError):
    """A standard cannot be used. One line a mistake: where, what is wrong, what is allowed."""


def _none() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Requirement:
    """One requirement of a standard, as its TOML says it.

    `standard` is the id of the standard that asks it: one that extends another keeps the other's
    requirements under their own ids.

    `settings` are the TOML's `with`. `applies_to` names the students it is asked of: a column of
    `students` (or `age`) = text, number, true or false, a tuple of texts, or a mapping with some
    of min, max, over. All must hold; empty: every student.
    """

    id: str
    title: str
    citation: str
    kind: str
    standard: str = field(default="", compare=False)
    statements: tuple[str, ...] = ()
    area: str = ""
    element: str = ""
    level: str = ""
    authority: str = "rule"
    target: float = 1.0
    settings: Mapping[str, object] = field(default_factory=_none)
    applies_to: Mapping[str, object] = field(default_factory=_none)
    question: str = ""
    evidence: str = ""
    advice: str = ""

    @property
    def attested(self) -> bool:
        """Whether only the attestations table can answer it."""
        return self.kind == ATTESTATION


@dataclass(frozen=True)
class Waiver:
    """A requirement that is not asked for a while: why, and until when, the last day included."""

    requirement: str
    reason: str
    until: date
    since: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return (self.since is None or self.since <= on) and on <= self.until


@dataclass(frozen=True)
class Edition:
    """What a standard was changed to from a day on, and why."""

    name: str
    since: date
    why: str


@dataclass(frozen=True)
class Standard:
    """A published standard: who says it, its requirements in order, its levels if it has any.

    `extends` is the id of the standard it is built on. `editions` are those in force, in order;
    `edition` is the name of the last one, or what the standard says of itself.
    """

    id: str
    title: str
    issuer: str
    source: str
    edition: str
    requirements: Mapping[str, Requirement]
    levels: tuple[str, ...] = ()
    gate: str = "literal"
    asks_nothing: Mapping[str, str] = field(default_factory=_none)
    waivers: Mapping[str, Waiver] = field(default_factory=_none)
    editions: tuple[Edition, ...] = ()
    extends: str = ""
