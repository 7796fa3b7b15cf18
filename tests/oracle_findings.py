"""The statuses of findings, and the levels that they add up to, as plain loops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction


def finding(statuses: Sequence[str], target: Fraction) -> str:
    """The status of a finding, from the statuses of its rows."""
    count = {name: statuses.count(name) for name in ("met", "not_met", "cannot_tell", "due")}
    judged = count["met"] + count["not_met"]
    if target == 1:
        for status in ("not_met", "cannot_tell", "met", "due"):
            if count[status]:
                return status
        return "not_applicable"
    if judged + count["cannot_tell"] == 0:
        return "due" if count["due"] else "not_applicable"
    whole = judged + count["cannot_tell"]
    if Fraction(count["met"], whole) >= target:
        return "met"
    if Fraction(count["met"] + count["cannot_tell"], whole) < target:
        return "not_met"
    return "cannot_tell"


LEVELS = ("functioning", "strategic", "embedded")


def level(
    requirements: Mapping[str, tuple[str, str, str]],
    status: Mapping[str, str],
    area: str,
    element: str,
    gate: str,
) -> str:
    """The highest level that an element attains; requirements: id -> (area, element, level)."""

    def passes(*wanted: tuple[str, str | None, str]) -> bool:
        return all(
            status[name] in ("met", "not_applicable")
            for name, (a, e, at) in requirements.items()
            for area_, element_, level_ in wanted
            if a == area_ and element_ in (None, e) and at == level_
        )

    def has(at: str) -> bool:
        return (area, element, at) in requirements.values()

    functioning = passes((area, element, "functioning"))
    base = (area, None, "functioning")
    strategic = functioning
    if has("strategic"):
        strategic = passes(base, (area, element, "strategic"))
    embedded = strategic
    if has("embedded"):
        embedded = passes(base, (area, element, "embedded"))
        if gate == "cumulative":
            embedded = embedded and strategic
    reached = [
        name for name, ok in zip(LEVELS, (functioning, strategic, embedded), strict=True) if ok
    ]
    return reached[-1] if reached else ""
