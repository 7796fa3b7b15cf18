"""Many futures of one program: a stock and its flows, week after week.

enrolled next week = enrolled + entries - exits, with rates drawn anew for each run from what the
program's history leaves open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from casekit.calendars import DAY, WEEK, Calendar, monday
from casekit.caseload import FAR
from casekit.planning.forecast.draws import Shares, arrivals, departures
from casekit.planning.forecast.history import History, Stays, seasons
from casekit.planning.forecast.rates import TREND_WEEKS, Arriving, arriving, leaving
from casekit.planning.settings import Settings

# So many counts are drawn at once: few calls, and arrays that stay in the cache.
TOGETHER = 40_000


@dataclass(frozen=True)
class Ahead:
    """The steps that are simulated, and what is known of them by their dates.

    edges       first day of each step, and the day after the last: the rest of this week, if any
                of it is left, then whole weeks. `length` of each in weeks.
    present     students enrolled who have no last day on record.
    comes       students known to enter and to stay, per step; `fixed_in` those with a last day.
    fixed_there, fixed_out   students with a last day on record: enrolled in, leaving in, the step.
    """

    edges: np.ndarray
    season: np.ndarray
    present: int
    comes: np.ndarray
    fixed_in: np.ndarray
    fixed_there: np.ndarray
    fixed_out: np.ndarray

    @property
    def length(self) -> np.ndarray:
        return np.diff(self.edges).astype(int) / 7

    @property
    def partial(self) -> int:
        """1 where the first step is the rest of a week, which is not reported."""
        return int(self.length[0] < 1)


def ahead_of(stays: Stays, calendar: Calendar, weeks: np.ndarray) -> Ahead:
    """The steps up to the end of the last week, and the entries and exits already dated."""
    edges = np.append(weeks, weeks[-1] + WEEK)
    if stays.as_of + DAY < weeks[0]:
        edges = np.concatenate([[stays.as_of + DAY], edges])
    stay, fixed = stays.end == FAR, (stays.end < FAR) & (stays.end > stays.as_of)
    start, end = np.sort(stays.start[fixed]), np.sort(stays.end[fixed])
    begun, gone = np.searchsorted(start, edges), np.searchsorted(end, edges)
    coming = np.searchsorted(np.sort(stays.start[stay]), edges)
    return Ahead(
        edges,
        seasons(calendar, monday(edges[:-1])),
        int(coming[0]),
        np.diff(coming),
        np.diff(begun),
        begun[1:] - gone[:-1],
        np.diff(gone),
    )


@dataclass(frozen=True)
class Runs:
    """Counts of every run (weeks x runs, small integers); referrals None where not recorded."""

    enrolled: np.ndarray
    entries: np.ndarray
    exits: np.ndarray
    referrals: np.ndarray | None


def simulate(history: History, ahead: Ahead, settings: Settings, rng: np.random.Generator) -> Runs:
    """All runs of one program, week after week; a run's rates are drawn once.

    Entries already dated are part of those of their week, not beside them: what is drawn can only
    add to them. Students whose last day is on record leave then, and by no chance before it.
    """
    runs, steps = settings.runs, len(ahead.season)
    season, past = ahead.season, history.season
    come, go = arriving(history.entries, past), leaving(history.exits, history.enrolled, past)
    coming = _coming(come, season, ahead.length, rng, runs)
    share = go.drawn(rng, runs, season)
    shares = {kind: Shares.of(part) for kind, part in share.items()}
    free = np.full(runs, ahead.present, dtype=np.int32)
    enrolled, entries, exits = (np.empty((steps, runs), dtype=np.int32) for _ in range(3))
    # Numbers of Python's own: one of numpy's would make each sum twice as wide.
    dated = np.column_stack([ahead.comes, ahead.fixed_in, ahead.fixed_there, ahead.fixed_out])
    known = zip(season.tolist(), ahead.length.tolist(), dated.tolist(), strict=True)
    for step, (kind, length, (comes, came, there, gone)) in enumerate(known):
        entered = next(coming)
        if came or comes:
            entered = np.maximum(entered - came, comes)
        free += entered
        leave = shares[kind]
        if length < 1 or go.clump is not None:
            spread = 1.0 if go.clump is None else rng.standard_gamma(go.clump, runs) / go.clump
            leave = Shares.of(share[kind] * spread * length)
        left = departures(rng, free, leave)
        np.add(free, there, out=enrolled[step])
        np.add(entered, came, out=entries[step])
        np.add(left, gone, out=exits[step])
        free -= left
    whole = slice(ahead.partial, None)
    referrals = None
    if history.referrals is not None and history.referrals.any():
        weeks = season[whole]
        refer = arriving(history.referrals, past)
        referrals = np.stack([*_coming(refer, weeks, np.ones(len(weeks)), rng, runs)])
    return Runs(enrolled[whole], entries[whole], exits[whole], referrals)


def _coming(
    come: Arriving, season: np.ndarray, length: np.ndarray, rng: np.random.Generator, runs: int
) -> Iterator[np.ndarray]:
    """How many come in each step, for each run; drawn for several steps at once."""
    level, growth, factor = come.drawn(rng, runs, season)
    many = max(1, TOGETHER // runs)
    for first in range(0, len(season), many):
        kinds = season[first : first + many]
        mean = np.empty((len(kinds), runs), dtype=np.float32)
        for step, row in enumerate(mean, first):
            np.multiply(level, factor[season[step]], out=row)
            if length[step] != 1:
                row *= np.float32(length[step])
            if step < TREND_WEEKS:
                level *= growth
        yield from arrivals(rng, mean.ravel(), come.clump).reshape(mean.shape)


def quantiles(counts: np.ndarray, interval: float) -> np.ndarray:
    """Low, median and high of each row: the least counts that so much of the runs does not pass."""
    asked = np.array([(1 - interval) / 2, 0.5, (1 + interval) / 2]) * counts.shape[1]
    most = int(counts.max(initial=0))
    so_far = np.cumsum([np.bincount(row, minlength=most + 1) for row in counts], axis=1)
    # A little less, so that a product such as 0.9 x 10 is not taken for a little more.
    return np.stack([(so_far < runs - 1e-6).sum(axis=1) for runs in asked], axis=1).astype(float)
