"""The limits on staffing that a program is held to, taken from its own standards."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from casekit.catalog import Requirement, Standard
from casekit.kinds.staffing import exact
from casekit.planning.settings import Settings

MEETING = "iep_meeting"


@dataclass(frozen=True)
class Limits:
    """What a program may not pass; None where nothing says.

    per_staff  students to 1.0 FTE of case-management time, on every open day (kind staff_ratio).
    at_most    students of one case manager, on every open day (kind caseload).
    rules      the requirements they come from; empty where the settings gave them.
    """

    per_staff: Fraction | None = None
    at_most: int | None = None
    rules: tuple[Requirement, ...] = ()

    def __bool__(self) -> bool:
        return self.per_staff is not None or self.at_most is not None

    def of_person(self, time: Fraction | None) -> int | None:
        """How many students one case manager may have; None: it cannot be told, or no limit.

        `time` is fte x case_management_share, None where it is not recorded. Somebody without
        case-management time takes nobody. A ratio for the program is read as one for each person,
        rounded down.
        """
        if time is not None and time <= 0:
            return 0
        if self.per_staff is None:
            return self.at_most
        if time is None:
            return None
        mine = math.floor(self.per_staff * time)
        return mine if self.at_most is None else min(mine, self.at_most)

    @property
    def words(self) -> str:
        """`75 students to 1.0 FTE (wa_open_doors.staff_ratio)`, for sentences."""
        said = []
        if self.per_staff is not None:
            said.append(f"{float(self.per_staff):g} students to 1.0 FTE of case management")
        if self.at_most is not None:
            said.append(f"{self.at_most} students to one case manager")
        source = ", ".join(rule.id for rule in self.rules) or "the plan's own settings"
        return f"{' and '.join(said)} ({source})" if said else "no limit on staffing"


def days_before_due(standards: Iterable[Standard]) -> int:
    """How many days before its IEP is due a meeting must be held: the most that a standard asks."""
    rules = [r for s in standards for r in s.requirements.values()]
    asked = [r.settings for r in rules if r.kind == "meeting_before_due"]
    return max((int(s["days_before"]) for s in asked if s["meeting"] == MEETING), default=0)  # type: ignore[call-overload]


def limits_of(standards: Iterable[Standard], settings: Settings) -> Limits:
    """The strictest limits of some standards; those of the settings where no standard has any."""
    rules = [r for s in standards for r in s.requirements.values()]
    ratio = [r for r in rules if r.kind == "staff_ratio"]
    heads = [r for r in rules if r.kind == "caseload"]
    per_staff = min((exact(r.settings["per_staff"]) for r in ratio), default=None)  # type: ignore[arg-type]
    at_most = min((int(r.settings["at_most"]) for r in heads), default=None)  # type: ignore[call-overload]
    if per_staff is None and at_most is None:
        own = settings.per_staff
        return Limits(None if own is None else exact(own), settings.at_most)
    return Limits(per_staff, at_most, (*ratio, *heads))
