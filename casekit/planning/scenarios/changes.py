"""The kinds of change that a scenario is made of: each is a few words and numbers, and a day.

A change's fields are what its `[[change]]` in a file may say. `on` is the first day on which it
holds, of a resignation the last day at work; left out, it is the day after as_of. `until` is the
last day, included.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any

Part = Annotated[float, (0, 1)]
Weeks = Annotated[int, (0, 156)]


@dataclass(frozen=True)
class Hire:
    """Somebody new: fte x share of case-management time, growing to its whole in `ramp_weeks`.

    `like` names a staff member whose site, role and qualifications the new one has; without it
    those are not known. `staff` is the new person's id; left out, it is made.
    """

    program: str
    fte: Part = 1.0
    share: Part = 1.0
    on: date | None = None
    until: date | None = None
    ramp_weeks: Weeks = 0
    site: str = ""
    like: str = ""
    staff: str = ""


@dataclass(frozen=True)
class Leave:
    """Somebody is away for a while; `covered_by` stands in."""

    staff: str
    on: date | None = None
    until: date | None = None
    covered_by: str = ""


@dataclass(frozen=True)
class Resign:
    """Somebody leaves, the last day being `on`: one program, or all they work in.

    With `replaced_in_weeks`, somebody like them starts so many weeks later and takes their
    students over.
    """

    staff: str
    on: date | None = None
    program: str = ""
    replaced_in_weeks: Weeks | None = None


@dataclass(frozen=True)
class Share:
    """Somebody gives another part of their time to case management, or works another fte.

    After `until`, what was before holds again.
    """

    staff: str
    program: str = ""
    share: Part | None = None
    fte: Part | None = None
    on: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class CloseSite:
    """A site closes: its students and staff go to another, or, without one, its students leave."""

    program: str
    site: str
    on: date | None = None
    to_site: str = ""


@dataclass(frozen=True)
class Intake:
    """Students come: so many a month, or a part of those enrolled (`growth`, a month).

    They come on days spread over each month's open days and stay. With `assign`, each goes to the
    case manager who is least full that day.
    """

    program: str
    a_month: Annotated[float, (0, 10_000)] | None = None
    growth: Annotated[float, (0, 1)] | None = None
    on: date | None = None
    until: date | None = None
    site: str = ""
    assign: bool = True


@dataclass(frozen=True)
class Exits:
    """Students leave: those named, on the day, or so many a month, the longest enrolled first."""

    program: str
    a_month: Annotated[float, (0, 10_000)] | None = None
    students: tuple[str, ...] = ()
    on: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Move:
    """Students get another case manager."""

    students: tuple[str, ...]
    to: str
    on: date | None = None


@dataclass(frozen=True)
class Hold:
    """A program is held to other standards: ids, or paths of a district's own files."""

    program: str
    standards: tuple[str, ...]


@dataclass(frozen=True)
class Limit:
    """A requirement is judged with another number (or word) in its settings."""

    requirement: str
    settings: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


Change = Hire | Leave | Resign | Share | CloseSite | Intake | Exits | Move | Hold | Limit

CHANGES: dict[str, type] = {
    "hire": Hire,
    "leave": Leave,
    "resign": Resign,
    "share": Share,
    "close_site": CloseSite,
    "intake": Intake,
    "exits": Exits,
    "move": Move,
    "hold": Hold,
    "limit": Limit,
}
