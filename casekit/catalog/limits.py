"""What a kind's settings must hold beyond their sort: limits, and what goes together."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping

from casekit.phrases import listing, number

# A number's lowest and highest value, both allowed, by the name of the setting. The highest ones
# keep every day that is counted from them within the calendar.
LIMITS: dict[str, tuple[float, float]] = {
    "at_least": (1, 44_640),  # the minutes of a month
    "at_most": (1, 10_000),
    "days_before": (0, 36_600),
    "months_before": (0, 1_200),
    "open_days": (1, 7),
    "per_staff": (1, 10_000),
    "school_days_after": (0, 1_000),
    "ways": (0, 10),
    "weeks": (1, 2),
    "within": (1, 36_600),
    "years": (0, 60),
}
# Kinds that look for something: one of these settings must say what.
LOOKED_FOR = {
    "contacts_documented": ("shown_by",),
    "qualification": ("degree", "years", "certificates"),
    "seen_in_contacts": ("topics", "settings", "modes"),
}
# Pairs of settings that must not name the same type of event.
APART = (
    *(("meeting", "step"), ("event", "step"), ("events", "steps"), ("due", "forwarded")),
    *(("event", "due"), ("meeting", "due"), ("request", "submitted")),
)
# Kinds that judge staff or a program: they have no students to ask only some of.
NOT_OF_STUDENTS = (
    "based_on_site",
    "caseload",
    "leave_covered",
    "qualification",
    "seen_in_contacts",
    "staff_present",
    "staff_ratio",
    "weekly_delivery",
)


def beyond(name: str, value: object, default: object = None) -> str:
    """What is wrong with a number beyond its limits; empty where nothing is.

    A number that is the setting's default says that it is not given, and is always good.
    """
    if not isinstance(value, int | float) or isinstance(value, bool) or value == default:
        return ""
    low, high = LIMITS.get(name, (-1e9, 1e9))
    if low <= value <= high:  # which neither nan nor inf is
        return ""
    far = f" from {number(low)} to {number(high)}" if name in LIMITS else ""
    return f"give a number{far}"


def together(kind: str, wanted: Mapping[str, inspect.Parameter], given: dict) -> Iterator[str]:
    """What is wrong with settings that are each good by themselves, a line each."""
    whole = {name: parameter.default for name, parameter in wanted.items()} | given
    looked = LOOKED_FOR.get(kind, ())
    if looked and not any(whole[name] for name in looked):
        yield f"there is nothing to look for: give {listing(looked).replace(' and ', ' or ')}"
    counted = [name for name in ("days_before", "months_before") if whole.get(name)]
    if counted and whole.get("school_days_after"):
        yield f"{counted[0]} counts for nothing beside school_days_after: set one of them to 0"
    for one, other in APART:
        if {one, other} <= given.keys():
            both = [name for name in _listed(given[one]) if name in _listed(given[other])]
            for name in both:
                yield f"{one} and {other} are both {name}: give two types of event"
    if kind == "first_contact":
        yield from _first_contact(whole["unit"], whole["within"])


def _listed(value: object) -> list:
    return value if isinstance(value, list) else [value]


def _first_contact(unit: object, within: object) -> Iterator[str]:
    if unit == "school_year" and within:
        yield "within counts for nothing with the unit school_year: set it to 0"
    elif unit in ("hours", "days") and not within:
        yield f"within is missing: say how many {unit}"
    elif unit == "days" and within != int(within):  # type: ignore[call-overload]
        yield "within is a part of a day: give whole days, or hours"
