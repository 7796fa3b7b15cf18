"""What moved from one standard to another, as sentences: an edition, or a district's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from casekit.catalog.standard import Requirement, Standard
from casekit.catalog.words import of_whom, plain, shown_by, waived
from casekit.phrases import capital, count, listing, number

# Settings of a kind whose number says how much is asked: 1 where more is stricter, -1 where less.
STRICTNESS = {
    ("caseload", "at_most"): -1,
    ("first_contact", "within"): -1,
    ("goals_measured", "weeks"): -1,
    ("meeting_step", "days_before"): 1,
    ("meeting_step", "months_before"): 1,
    ("meeting_step", "ways"): 1,
    ("monthly_minutes", "at_least"): 1,
    ("qualification", "years"): 1,
    ("staff_ratio", "per_staff"): -1,
    ("weekly_contact", "open_days"): -1,
}

_HEAD = ("title", "issuer", "edition", "levels", "gate")
_TEXTS = ("title", "citation", "area", "element", "level", "authority", "statements")
_MORE = ("question", "evidence", "advice")


def changes(old: Standard, new: Standard) -> list[str]:
    """Every difference, a sentence each, in the order of the new standard; none where all is so."""
    found = [
        f"{capital(name)}: {plain(getattr(old, name))} -> {plain(getattr(new, name))}"
        for name in _HEAD
        if getattr(old, name) != getattr(new, name)
    ]
    for name, requirement in new.requirements.items():
        if name not in old.requirements:
            asked = of_whom(requirement) if requirement.applies_to else ""
            said = f"Added: {_named(requirement)}. {shown_by(requirement)} {asked}"
            found.append(said.rstrip())
        else:
            moved = list(_moved(old.requirements[name], requirement))
            if moved:
                found.append(f"Changed: {_named(requirement)}: {'; '.join(moved)}.")
    found += [
        f"Dropped: {_named(requirement)}."
        for name, requirement in old.requirements.items()
        if name not in new.requirements
    ]
    return found + list(_waivers(old, new))


def summary(old: Standard, new: Standard) -> str:
    """How many requirements were added, changed and dropped, and how many stay as they were."""
    both = old.requirements.keys() & new.requirements.keys()
    changed = sum(old.requirements[name] != new.requirements[name] for name in both)
    parts = [
        f"{len(new.requirements) - len(both)} added",
        f"{changed} changed",
        f"{len(old.requirements) - len(both)} dropped",
        f"{len(both) - changed} as before",
    ]
    return f"From {old.id} to {new.id}: {count(len(new.requirements), 'requirement')}: " + (
        f"{listing(parts, 4)}."
    )


def _named(requirement: Requirement) -> str:
    return f"{requirement.id} ({requirement.title})"


def _moved(old: Requirement, new: Requirement) -> Iterator[str]:
    """What a requirement was changed in, key by key."""
    for name in _TEXTS:
        yield from _text(name, getattr(old, name), getattr(new, name))
    if old.kind != new.kind:
        yield f"it is now {_lower(shown_by(new))}; it was {_lower(shown_by(old))}"
    else:
        for name in dict.fromkeys([*old.settings, *new.settings]):
            yield from _setting(new.kind, name, old.settings, new.settings)
        for name in _MORE:
            yield from _text(name, getattr(old, name), getattr(new, name))
    if old.target != new.target:
        harder = "stricter" if new.target > old.target else "less strict"
        yield f"target {number(old.target)} -> {number(new.target)} ({harder})"
    if old.applies_to != new.applies_to:
        yield f"{_lower(of_whom(new))}; before, {_lower(of_whom(old))}"


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _text(name: str, old: object, new: object) -> Iterator[str]:
    if old != new:
        yield f"{name} “{plain(old)}” -> “{plain(new)}”"


def _setting(kind: str, name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """`at_most 25 -> 20 (stricter)`; a setting that is not given has the kind's own default."""
    if name in old and name in new and old[name] == new[name]:
        return
    was, now = (plain(each[name]) if name in each else "not given" for each in (old, new))
    more = STRICTNESS.get((kind, name))
    said = ""
    if more and name in old and name in new:
        said = " (stricter)" if (new[name] - old[name]) * more > 0 else " (less strict)"
    yield f"{name} {was} -> {now}{said}"


def _waivers(old: Standard, new: Standard) -> Iterator[str]:
    for name, waiver in new.waivers.items():
        if old.waivers.get(name) != waiver:
            yield f"Waived: {_named(new.requirements[name])} {waived(waiver)}"
    for name in old.waivers:
        if name not in new.waivers:
            yield f"No longer waived: {name}."
