"""The try-its of a standard: one for each sort of sum that its computed requirements have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from inspect import signature
from typing import Any

from casekit.catalog import Requirement, Standard, settings_of
from casekit.handout.fields import Field, slider, tenths
from casekit.handout.forms import FORMS
from casekit.kinds.evidence.shown import said
from casekit.reports.standards import asks

# What makes two requirements of one kind two sorts of sum, where it is not the kind alone.
_SORTS = {
    "first_contact": ("unit", "within"),
    "weekly_contact": ("open_days", "modes", "two_way"),
    "meeting_step": ("months_before", "days_before", "school_days_after", "parties", "ways"),
    "each_period": ("period",),
    "goals_measured": ("weeks",),
    "followed_by": ("event", "ended_by"),
    "monitored_period": ("closed_as",),
    "qualification": ("degree", "years", "certificates"),
}
# Of these, only whether they are there: which event or party it is changes no sum.
_PRESENCE = ("event", "ended_by", "parties", "closed_as")
# A number of the student on which it depends whether a requirement is asked of them.
_WHO = {"support_hours": "Hours of added help", "grade_level": "Grade of the student"}


@dataclass(frozen=True)
class TryIt:
    """A requirement to try: what it asks, its controls, and what the script's rule needs to know.

    `settings` holds those of its kind, each with its value, `said` with the words of those
    that are texts, and `who` where it is asked of some students by a number of theirs.
    """

    requirement: Requirement
    asks: str
    fields: tuple[Field, ...]
    settings: Mapping[str, Any]


def tries(standard: Standard) -> list[TryIt]:
    """The first requirement of each sort of sum; those about staff and contacts come first.

    So is the first that is asked by a number of the student, such as an age.
    """
    offered: list[TryIt] = []
    seen: set[object] = set()
    for requirement in standard.requirements.values():
        if requirement.kind in FORMS:
            sorts = {_sort_of(requirement), *_bounds(requirement)}
            if not sorts <= seen:
                offered.append(_try_it(requirement, standard))
            seen |= sorts
    place = list(FORMS).index
    return sorted(offered, key=lambda each: place(each.requirement.kind))


def settings_with(requirement: Requirement) -> dict[str, Any]:
    """Every setting of a requirement's kind: as its standard gives it, else what holds without."""
    asked = settings_of(requirement.kind).values()
    return {p.name: requirement.settings.get(p.name, p.default) for p in asked}


def _sort_of(requirement: Requirement) -> tuple:
    settings = settings_with(requirement)
    names = _SORTS.get(requirement.kind, ())
    values = [bool(settings[n]) if n in _PRESENCE else settings[n] for n in names]
    return requirement.kind, *values


def _try_it(requirement: Requirement, standard: Standard) -> TryIt:
    settings = settings_with(requirement)
    form = FORMS[requirement.kind]
    taken = signature(form).parameters
    fields = form(**{name: value for name, value in settings.items() if name in taken})
    who = _bounds(requirement)
    asked = [_who_field(column, bounds) for column, bounds in who.items()]
    words = {name: _said(value) for name, value in settings.items()}
    known = {**settings, "said": words, "who": {c: dict(b) for c, b in who.items()}}
    return TryIt(requirement, asks(requirement, standard), (*asked, *fields), known)


def _bounds(requirement: Requirement) -> dict[str, Mapping[str, float]]:
    """The numbers of a student that the requirement is asked by: column to its bounds."""
    conditions = requirement.applies_to.items()
    return {column: bounds for column, bounds in conditions if isinstance(bounds, Mapping)}


def _who_field(column: str, bounds: Mapping[str, float]) -> Field:
    # At first it is asked: on the bound itself, or a whole one beyond where that is not enough.
    bound, edge = next(iter(bounds.items()))
    edge += bound == "over"
    high = int(max(bounds.values()) * 2)
    label = _WHO.get(column, column.replace("_", " ").capitalize() + " of the student")
    if column == "support_hours":
        return tenths(column, label, str(edge), high)
    return slider(column, label, int(edge), high)


def _said(value: object) -> object:
    if isinstance(value, tuple):
        return [said(each) for each in value]
    return said(value) if isinstance(value, str) and value else ""
