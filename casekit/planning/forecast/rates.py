"""How often students come and leave, as far as a history tells: rates with their uncertainty.

Entries (and referrals) are counts with a rate a week: a level, a trend and a factor for each class
of week. Exits are a share of those enrolled for each class. Each is drawn anew for every run, from
what the history leaves open: a short history makes wide intervals by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from casekit.planning.forecast.history import ORDINARY, SEASONS, YEAR_BEGINS, YEAR_ENDS

# Our assumptions, listed in docs/forecast.md. Weeks of history from which the season is estimated:
SEASONAL_WEEKS = 40
# What is believed of a class of weeks before its own entries, as the (shape, rate) of a gamma:
# as many as in ordinary ones, worth one entry; three times as many, or none, as a year begins.
BELIEF = np.array([[1.0, 1.0]] * len(SEASONS))
BELIEF[YEAR_BEGINS] = 0.5, 0.5 / 3
# What is believed before its own exits: as in all weeks, worth ten students for a week; but at
# the end of a year anything from nobody to a third of them, as the (a, b) of a beta.
BELIEF_WEEKS = 10.0
BELIEF_YEAR_ENDS = 0.3, 2.7
# The trend of the rate in a year, as a logarithm: about none, give or take a third.
TREND = 0.35
TRENDS = np.linspace(-1.5, 1.5, 61)
# A trend is not carried on for longer than this.
TREND_WEEKS = 26
YEAR_WEEKS = 52.0
# Factors and shares of the parts of a year are drawn so often; more runs take them up again.
DISTINCT = 2_000


@dataclass(frozen=True)
class Arriving:
    """The rate of a count a week: what a gamma-Poisson model knows of it.

    trend      the probability of each of TRENDS.
    shape, rate   of the gamma that the level at as_of has, given the trend (rate: one for each).
    factors    (shape, rate) of the gamma of each class's factor; the ordinary class is exactly 1.
    clump      the size of the negative binomial; None: the history shows no clumps.
    mean       entries in an ordinary week, for sentences.
    """

    trend: np.ndarray
    shape: float
    rate: np.ndarray
    factors: np.ndarray
    clump: float | None
    mean: float

    def drawn(
        self, rng: np.random.Generator, runs: int, season: np.ndarray
    ) -> tuple[np.ndarray, ...]:
        """For each run: the level now, how the rate grows in a week, the factors by class.

        Only the classes that occur in `season` are drawn; the others are left at 1.
        """
        pick = rng.choice(len(TRENDS), size=runs, p=self.trend)
        level = (rng.standard_gamma(self.shape, runs) / self.rate[pick]).astype(np.float32)
        growth = np.exp(TRENDS / YEAR_WEEKS).astype(np.float32)[pick]
        factor = np.ones((len(SEASONS), runs), dtype=np.float32)
        for code in np.setdiff1d(season, ORDINARY):
            shape, rate = self.factors[code]
            factor[code] = np.resize(rng.standard_gamma(shape, min(runs, DISTINCT)) / rate, runs)
        return level, growth, factor


@dataclass(frozen=True)
class Leaving:
    """The share of the enrolled that leaves in a week: a beta (a, b) for each class of weeks.

    clump    the shape of the gamma that a week's share is multiplied with; None: no clumps.
    """

    shares: np.ndarray
    clump: float | None

    def drawn(
        self, rng: np.random.Generator, runs: int, season: np.ndarray
    ) -> dict[int, np.ndarray]:
        """The share of each class that occurs in `season`, for each run."""
        found = {}
        for code in np.unique(season):
            left, stayed = self.shares[code]
            found[int(code)] = np.resize(rng.beta(left, stayed, min(runs, DISTINCT)), runs)
        return found


def arriving(counts: np.ndarray, season: np.ndarray) -> Arriving:
    """What weekly counts, oldest first, say of the rate at their end."""
    n = counts.astype(float)
    age = (np.arange(len(n))[::-1] + 0.5) / YEAR_WEEKS
    plain = season == ORDINARY
    mean = (n[plain].sum() + 0.5) / (plain.sum() + 0.5)
    evidence = _told(len(n))
    for _ in range(2):
        of_class = np.bincount(season, n * evidence, minlength=len(SEASONS))
        weeks = np.bincount(season, minlength=len(SEASONS)) * mean * evidence
        factors = BELIEF + np.column_stack([of_class, weeks])
        factor = factors[:, 0] / factors[:, 1]
        factor[ORDINARY] = 1.0
        trend, shape, rate = _level(n, factor[season], age, evidence, mean)
        likely = int(np.argmax(trend))
        expected = shape / rate[likely] * factor[season] * np.exp(-TRENDS[likely] * age)
        clump, evidence = _clumps(n, expected, expected)
        evidence *= _told(len(n))
    return Arriving(trend, shape, rate, factors, clump, float(mean))


def _level(
    n: np.ndarray, factor: np.ndarray, age: np.ndarray, evidence: float, mean: float
) -> tuple[np.ndarray, float, np.ndarray]:
    """The trend's probabilities, and the gamma of the level at the end given each trend."""
    shape = 0.5 + evidence * n.sum()
    exposure = np.exp(-np.outer(TRENDS, age)) @ factor
    rate = 0.5 / mean + evidence * exposure
    fit = -evidence * TRENDS * (n @ age) - shape * np.log(rate) - (TRENDS / TREND) ** 2 / 2
    chance = np.exp(fit - fit.max())
    return chance / chance.sum(), shape, rate


def leaving(exits: np.ndarray, enrolled: np.ndarray, season: np.ndarray) -> Leaving:
    """What weekly exits out of those enrolled say of the share that leaves."""
    mean = (exits.sum() + 0.5) / (enrolled.sum() + 1.0)
    evidence = _told(len(exits))
    for _ in range(2):
        left = np.bincount(season, exits * evidence, minlength=len(SEASONS))
        there = np.bincount(season, enrolled * evidence, minlength=len(SEASONS))
        worth = np.full(len(SEASONS), BELIEF_WEEKS)
        worth[ORDINARY] = min(BELIEF_WEEKS, 0.5 / mean)
        belief = np.column_stack([worth * mean, worth * (1 - mean)])
        belief[YEAR_ENDS] = BELIEF_YEAR_ENDS
        shares = belief + np.column_stack([left, there - left])
        share = (shares[:, 0] / shares.sum(axis=1))[season]
        expected = share * enrolled
        clump, evidence = _clumps(exits, expected, expected * (1 - share))
        evidence *= _told(len(exits))
    return Leaving(shares, clump)


def _clumps(
    counts: np.ndarray, expected: np.ndarray, variance: np.ndarray
) -> tuple[float | None, float]:
    """The size of the clumps in which counts come, and how much less each of them then tells.

    Counts are taken to come in clumps where they vary more around what is expected than chance
    does, twice its standard deviation beyond.
    """
    chance, apart = float(variance.sum()), float(((counts - expected) ** 2).sum())
    spread = apart / chance
    # How far the squares of counts of this variance stray together, as Poisson counts do.
    usual = float(np.sqrt((2 * variance**2 + variance).sum())) / chance
    if spread <= 1 + 2 * usual:
        return None, 1.0
    return float((expected**2).sum()) / (apart - chance), 1 / spread


def _told(weeks: int) -> float:
    """How much a week of history tells: half as much where it is too short to show a season."""
    return 1.0 if weeks >= SEASONAL_WEEKS else 0.5
