"""What is asked, of whom, and by whom: the published text, and what another standard made of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

from casekit.catalog import Requirement, Standard, load, shipped_standards
from casekit.catalog.words import of_whom, plain
from casekit.phrases import number


@cache
def _shipped(name: str, on: date) -> Standard | None:
    return load(name, on) if name in shipped_standards() else None


def base_of(standard: Standard, on: date) -> Standard | None:
    """The shipped standard that one is built on, as it was in force on a day; none where it is not.

    A base in a file of one's own is known by its id alone.
    """
    return _shipped(standard.extends, on) if standard.extends else None


def moved(standard: Standard, requirement: Requirement, on: date) -> str:
    """What a standard asks otherwise than the published one: `at_most 25 -> 20`; empty if nothing.

    A requirement keeps the id of the standard that first asked it, however many are built on it.
    """
    published = _published(requirement, on) if standard.extends else requirement
    return "; ".join(_moved(published, requirement))


def _published(requirement: Requirement, on: date) -> Requirement:
    """The shipped requirement of the same id; the requirement itself where there is none."""
    origin = _shipped(requirement.id.partition(".")[0], on)
    return origin.requirements.get(requirement.id, requirement) if origin else requirement


def _moved(old: Requirement, new: Requirement) -> Iterator[str]:
    """What is asked, as it was and as it is; other words for the same thing are no change."""
    if old.kind != new.kind:
        yield f"kind {old.kind} -> {new.kind}"
    elif old.question != new.question:
        yield "the question"
    else:
        for name in dict.fromkeys([*old.settings, *new.settings]):
            was, now = (_setting(each, name) for each in (old, new))
            if was != now:
                yield f"{name} {was} -> {now}"
    if old.target != new.target:
        yield f"target {number(old.target)} -> {number(new.target)}"
    if old.applies_to != new.applies_to:
        yield f"{_low(of_whom(old))} -> {_low(of_whom(new))}"


def _setting(requirement: Requirement, name: str) -> str:
    return plain(requirement.settings[name]) if name in requirement.settings else "not given"


def _low(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def title(standard: Standard, requirement: Requirement, on: date) -> str:
    """The title; where it is the published one of a rule that was changed, what was."""
    found = moved(standard, requirement, on)
    if not found or requirement.title != _published(requirement, on).title:
        return requirement.title
    return f"{requirement.title} (changed: {found})"


def changed_by(standard: Standard, requirement: Requirement, on: date) -> str:
    """`changed by ISSUER: at_most 25 -> 20`; empty where it stands as it was published.

    With standards between the two, nobody is named who may not have done it.
    """
    found = moved(standard, requirement, on)
    if not found:
        return ""
    base = base_of(standard, on)
    if base is None or base.issuer == standard.issuer:
        return f"changed in {standard.title}: {found}"
    return f"changed by {standard.issuer}: {found}"


def source(standard: Standard, requirement: Requirement, on: date) -> str:
    """Where it stands, of what weight it is if not a rule, and who changed it since."""
    weight = "" if requirement.authority == "rule" else f" ({requirement.authority})"
    changed = changed_by(standard, requirement, on)
    return f"{requirement.citation}{weight}" + (f"; {changed}" if changed else "")


def asked(standard: Standard, requirements: list[Requirement], on: date) -> str:
    """`Asked: TITLE (of whom; changed by whom). Source: CITATION.`"""
    said = []
    for requirement in requirements:
        notes = [_low(of_whom(requirement))] if requirement.applies_to else []
        notes += filter(None, [changed_by(standard, requirement, on)])
        said.append(requirement.title + (f" ({'; '.join(notes)})" if notes else ""))
    sources = "; ".join(dict.fromkeys(r.citation for r in requirements))
    return f"Asked: {'; '.join(said)}. Source: {sources}."


def whom(requirements: list[Requirement]) -> str:
    """Of which students some rules are asked, as a sentence; empty where all are asked of all."""
    narrow = [r for r in requirements if r.applies_to]
    if len({of_whom(r) for r in requirements}) == 1:
        return of_whom(narrow[0]) if narrow else ""
    return " ".join(f"“{r.title}” is {_low(of_whom(r))}." for r in narrow)
