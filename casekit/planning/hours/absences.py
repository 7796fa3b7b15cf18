"""Unplanned leave, simulated: who is away, and in which weeks nobody is there for a student."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from casekit.phrases import number
from casekit.planning.hours.presence import Ahead
from casekit.planning.settings import PlanningError, Settings

# How many students each set of case managers shares, in each week.
Shared = list[dict[frozenset[str], int]]


@dataclass(frozen=True)
class Gaps:
    """What planned and unplanned leave take together, in the simulated futures.

    expected  of each week: the mean number of students without contact.
    chance    of each week: in which part of the runs that is anybody.
    floaters  of each run: as many floaters as leave no student without contact in any week, where
              planned leave is covered on every day too.
    """

    expected: np.ndarray
    chance: np.ndarray
    floaters: np.ndarray


def absences(settings: Settings, days: int, stream: np.random.Generator) -> np.ndarray:
    """Whether somebody is absent on each of their working days: bool, days x runs.

    Absences and the time between them last a geometric number of working days, so that
    absence_rate of all days is lost and an absence lasts absence_days on average. Raises
    PlanningError where these two cannot go together.
    """
    rate, length = settings.absence_rate, settings.absence_days
    most = length / (1 + length)
    if rate > most:
        raise PlanningError(
            f"absence_rate {rate:g} cannot go with absence_days {length:g}: with absences of that"
            f" length it is at most {number(most, 3)}: lower it, or raise absence_days"
        )
    falls, recovers = rate / ((1 - rate) * length), 1 / length
    found = np.zeros((days, settings.runs), dtype=bool)
    absent = stream.random(settings.runs) < rate
    for day in range(days):
        found[day] = absent
        absent = stream.random(settings.runs) < np.where(absent, 1 - recovers, falls)
    return found


def stream_of(seed: int, *names: str) -> np.random.Generator:
    """Random numbers of one program and person, which do not change with who else is there."""
    own = [int(hashlib.sha256(name.encode()).hexdigest()[:16], 16) for name in names]
    return np.random.Generator(np.random.PCG64([seed, *own]))


def simulated(program: str, ahead: Ahead, shared: Shared, settings: Settings, seed: int) -> Gaps:
    """The weeks without contact in settings.runs futures, planned leave among them."""
    gaps = {
        who: weeks_away(
            ahead, who, absences(settings, int(days.sum()), stream_of(seed, program, who))
        )
        for who, days in ahead.works.items()
    }
    weeks = len(ahead.weeks)
    expected, chance = np.zeros(weeks), np.zeros(weeks)
    floaters = np.zeros(settings.runs, dtype=int)
    for week, sets in enumerate(shared):
        without = np.zeros(settings.runs, dtype=int)
        alone: dict[str, np.ndarray] = {}
        for who, students in sorted(sets.items(), key=lambda each: sorted(each[0])):
            bare = np.logical_and.reduce([gaps[one][week] for one in who])
            without += students * bare
            alone |= {one: alone.get(one, np.False_) | bare for one in who}
        expected[week], chance[week] = without.mean(), (without > 0).mean()
        inside = ahead.week_of == week
        planned = np.sum([bare[inside] for bare in ahead.bare.values()], axis=0).max()
        # Where a floater stands in for planned leave on some day, the students have their contact.
        ill = [gap for who, gap in alone.items() if not ahead.bare[who][inside].any()]
        floaters = np.maximum(floaters, planned + np.sum(ill, axis=0, dtype=int))
    return Gaps(expected, chance, floaters)


def weeks_away(ahead: Ahead, who: str, ill: np.ndarray) -> np.ndarray:
    """Whether somebody is away on all days they would work in a week: bool, weeks x runs.

    `ill` is their working days x runs. A week in which they would not work is True, and means
    nothing: `Shared` does not name them in it.
    """
    gap = np.ones((len(ahead.weeks), ill.shape[1]), dtype=bool)
    for order, place in enumerate(np.flatnonzero(ahead.works[who])):
        week, bare = ahead.week_of[place], ahead.bare[who][place]
        if week >= 0:
            # On leave that somebody covers, one's own illness takes nobody away.
            covered = ahead.off[who][place] and not bare
            gap[week] &= bare | (ill[order] & (not covered))
    return gap


def enough(floaters: np.ndarray, sure: float) -> int:
    """The smallest number that at least `sure` of the runs do not pass."""
    place = int(np.ceil(sure * len(floaters) - 1e-9)) - 1
    return int(np.sort(floaters)[max(place, 0)])
