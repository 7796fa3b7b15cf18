"""How far a room agrees on the level of each element: rated alone, then together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import krippendorff
import numpy as np
import pandas as pd

from casekit.catalog import Requirement, Standard
from casekit.phrases import count, number

BELOW = "not there yet"
# From these values of alpha on, by Krippendorff (Content Analysis, 2004, section 11.4.2), data may
# be relied upon, or conclusions be drawn from them with care.
RELIABLE, TENTATIVE = 0.8, 0.667
# What one person says: element -> level.
Ratings = Mapping[str, str]


@dataclass(frozen=True)
class Agreement:
    """The agreement of a room on some elements.

    alpha     Krippendorff's alpha for ordered levels: 1 is full agreement, 0 what chance would
              give; None where it is not defined
    sentence  what it says, or why there is none
    elements  a row for each element, those on which the room differs most first: element, ratings
              (how many), apart (levels between two people, on average; NaN with fewer than two),
              and how many chose each level
    """

    alpha: float | None
    sentence: str
    elements: pd.DataFrame


def scale(standard: Standard) -> tuple[str, ...]:
    """The levels that an element may be rated at, from the lowest; empty where there are none."""
    return (BELOW, *standard.levels) if standard.levels else ()


def elements(standard: Standard) -> tuple[str, ...]:
    """What is rated, as "area: element", in the standard's order."""
    return tuple(asked(standard))


def asked(standard: Standard) -> dict[str, list[Requirement]]:
    """What each element asks, from its lowest level up."""
    placed = [r for r in standard.requirements.values() if r.element and r.level]
    found: dict[str, list[Requirement]] = {}
    for each in sorted(placed, key=lambda r: standard.levels.index(r.level)):
        name = ": ".join(dict.fromkeys([each.area, each.element]))
        found.setdefault(name, []).append(each)
    return found


def agreement(standard: Standard, ratings: Sequence[Ratings]) -> Agreement:
    """The room's agreement; an element that somebody did not rate is missing for them."""
    names, levels = elements(standard), scale(standard)
    rank = {level: place for place, level in enumerate(levels)}
    table = np.array(
        [[rank.get(each.get(name, ""), np.nan) for name in names] for each in ratings], dtype=float
    ).reshape(len(ratings), len(names))
    alpha = _alpha(table, len(levels))
    rows = []
    for name, column in zip(names, table.T, strict=True):
        given = column[~np.isnan(column)].astype(int)
        chosen = np.bincount(given, minlength=len(levels)).tolist()
        rows.append((name, len(given), _apart(given), *chosen))
    frame = pd.DataFrame(rows, columns=["element", "ratings", "apart", *levels])
    frame = frame.sort_values("apart", ascending=False, kind="stable", na_position="last")
    return Agreement(alpha, _sentence(table, alpha), frame.reset_index(drop=True))


def _apart(given: np.ndarray) -> float:
    """How many levels lie between two people, on average over all pairs."""
    distances = [abs(one - other) for one, other in combinations(given.tolist(), 2)]
    return float(np.mean(distances)) if distances else np.nan


def _shared(table: np.ndarray) -> np.ndarray:
    """The ratings of the elements that two people or more have rated: people x elements."""
    return table[:, (~np.isnan(table)).sum(axis=0) > 1]


def _alpha(table: np.ndarray, levels: int) -> float | None:
    """Krippendorff's alpha for ordered levels; None where it is not defined."""
    shared = _shared(table)
    if len(np.unique(shared[~np.isnan(shared)])) < 2:
        return None
    found = krippendorff.alpha(
        reliability_data=shared, value_domain=list(range(levels)), level_of_measurement="ordinal"
    )
    return float(found)


def _sentence(table: np.ndarray, alpha: float | None) -> str:
    people = int((~np.isnan(table)).any(axis=1).sum())
    if not people:
        return "Nobody has rated an element yet."
    if people == 1:
        return "One person has rated: agreement needs two."
    shared = _shared(table)
    if not shared.size:
        return "No element was rated by two people: agreement needs that."
    rated = f"{count(people, 'person', 'people')}, {count(shared.shape[1], 'element')}"
    if alpha is None:
        return (
            f"All ratings are the same level ({rated}). Krippendorff's alpha is not defined then:"
            " where nothing differs, agreement cannot be told from habit."
        )
    if alpha >= RELIABLE:
        said = "the room agrees well enough to rely on"
    elif alpha >= TENTATIVE:
        said = "the room agrees in part: draw conclusions with care"
    else:
        said = "the room does not agree: talk about the elements on top"
    return f"Krippendorff's alpha is {number(alpha)} ({rated}): {said}."


def compared(alone: Agreement, together: Agreement) -> pd.DataFrame:
    """How far apart people were on each element alone, and together: most apart alone first.

    Columns: element, alone, together (levels, NaN with fewer than two ratings).
    """
    after = together.elements.set_index("element")["apart"]
    before = alone.elements[["element", "apart"]].rename(columns={"apart": "alone"})
    return before.assign(together=before["element"].map(after))
