"""A standard said as sentences, for people who do not read TOML."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from casekit.catalog.computed import computed
from casekit.catalog.standard import Requirement, Standard, Waiver
from casekit.phrases import date, number, percent

_BOUNDS = {"min": "at least", "max": "at most", "over": "over"}


def sentences(standard: Standard, on: datetime.date | None = None) -> str:
    """A whole standard: who says it, its editions, and each requirement in its place.

    With a day, waivers that do not hold on it are marked as ended or not begun.
    """
    lines = [
        standard.title,
        f"Issued by {_ended(standard.issuer)} Source: {_ended(standard.source)}"
        f" Edition: {_ended(standard.edition)}",
    ]
    if standard.extends:
        lines.append(f"Built on {standard.extends}.")
    lines += [f"Edition {e.name}, from {date(e.since)}: {e.why}" for e in standard.editions]
    if standard.levels:
        lines.append(f"Levels, from the lowest: {', '.join(standard.levels)}.")
    heading = None
    for requirement in standard.requirements.values():
        names = dict.fromkeys([requirement.area, requirement.element])
        part = " / ".join(filter(None, names))
        if part != heading:
            heading = part
            lines += ["", part or "The standard as a whole"]
        lines.append(_sentence(requirement, standard.waivers.get(requirement.id), on))
    if standard.asks_nothing:
        lines += ["", "Statements that ask nothing by themselves"]
        lines += [f"- {key}: {why}" for key, why in standard.asks_nothing.items()]
    return "\n".join(lines)


def _sentence(requirement: Requirement, waiver: Waiver | None, on: datetime.date | None) -> str:
    covers = f" [{', '.join(requirement.statements)}]" if requirement.statements else ""
    level = f" ({requirement.level})" if requirement.level else ""
    authority = "" if requirement.authority == "rule" else f" ({requirement.authority})"
    lines = [
        f"- {requirement.title}{level}{covers}",
        f"{requirement.id}{authority}. {requirement.citation}",
        shown_by(requirement),
        of_whom(requirement) if requirement.applies_to else "",
        enough(requirement.target) if requirement.target != 1 else "",
        f"Waived{_held(waiver, on)} {waived(waiver)}" if waiver else "",
    ]
    return "\n  ".join(filter(None, lines))


def shown_by(requirement: Requirement) -> str:
    """What shows whether it is met: what is computed, or a question to be answered."""
    if requirement.attested:
        return f"Attested: {requirement.question} Evidence: {requirement.evidence}"
    if sentence := computed(requirement.kind, requirement.settings):
        return f"Computed: {sentence}."
    settings = [f"{name} {plain(value)}" for name, value in requirement.settings.items()]
    return f"Computed by {': '.join(filter(None, [requirement.kind, '; '.join(settings)]))}."


def of_whom(requirement: Requirement) -> str:
    """`Asked of students whose support hours are over 25.`"""
    parts = [_condition(column, value) for column, value in requirement.applies_to.items()]
    return f"Asked of students {' and '.join(parts)}." if parts else "Asked of all."


def _condition(column: str, value: object) -> str:
    name, be = column.replace("_", " "), "are" if column.endswith("s") else "is"
    if isinstance(value, bool):
        return f"who {'are' if value else 'are not'} {name}"
    if isinstance(value, Mapping):
        bounds = [f"{_BOUNDS[bound]} {number(limit)}" for bound, limit in value.items()]
        return f"whose {name} {be} {' and '.join(bounds)}"
    *most, last = map(str, value if isinstance(value, tuple) else (value,))
    others = f"{', '.join(most)} or " if most else ""
    return f"whose {name} {be} {others}{last}"


def enough(target: float) -> str:
    """What part of those judged must meet it."""
    return f"It is met where {percent(target, 1)} or more of those judged meet it."


def _held(waiver: Waiver, on: datetime.date | None) -> str:
    """` (ended)` or ` (not begun)` of a waiver that does not hold on a day."""
    if on is None or waiver.holds(on):
        return ""
    return " (ended)" if waiver.until < on else " (not begun)"


def waived(waiver: Waiver) -> str:
    """`from 1 September 2026 until 30 June 2027: reason`"""
    begins = f"from {date(waiver.since)} " if waiver.since else ""
    return f"{begins}until {date(waiver.until)}: {waiver.reason}"


def _ended(text: str) -> str:
    """A text with one full stop."""
    return f"{text.rstrip('. ')}."


def plain(value: object) -> str:
    """A setting's value as people say it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value)
