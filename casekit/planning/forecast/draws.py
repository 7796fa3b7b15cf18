"""Small counts drawn for many simulated runs at once: Poisson, negative binomial, binomial.

All three are of Panjer's class: P(k) = P(k-1) (a + b / k). One inversion of a uniform number draws
them, on the whole array at once and in single precision, which is off by less than one part in
100,000 in any probability; numpy's own draws are taken where counts are large.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Above this mean (or this -log P(0)) inversion would take many steps and lose digits.
LARGEST = 11.5
# Below this size, a negative binomial is nearly always nothing and seldom very much.
LEAST_CLUMP = 0.1
# What is left of a probability in single precision.
LEAST = 1e-9
# Nobody leaves with more than this probability.
CERTAIN = 1 - 1e-6
SINGLE = np.float32


def arrivals(rng: np.random.Generator, mean: np.ndarray, clump: float | None) -> np.ndarray:
    """Counts (int32) with these means: Poisson, or negative binomial of size `clump`."""
    mean = mean.astype(SINGLE, copy=False)
    if clump is not None and (mean.max() > LARGEST or clump < LEAST_CLUMP):
        mean = (mean * rng.standard_gamma(clump, len(mean)) / clump).astype(SINGLE)
        clump = None
    if clump is None:
        many = np.flatnonzero(mean > LARGEST)
        few = np.where(mean > LARGEST, SINGLE(0), mean) if len(many) else mean
        found = _inverted(rng, np.exp(-few), None, few)
        found[many] = rng.poisson(mean[many])
        return found
    again = mean / (mean + SINGLE(clump))
    return _inverted(rng, (1 - again) ** SINGLE(clump), again, SINGLE(clump - 1) * again)


@dataclass(frozen=True)
class Shares:
    """The probability, for each run, with which a student leaves; prepared for many draws."""

    log_stay: np.ndarray
    odds: np.ndarray
    minus_odds: np.ndarray

    @classmethod
    def of(cls, part: np.ndarray) -> Shares:
        part = np.minimum(part, CERTAIN)
        odds = (part / (1 - part)).astype(SINGLE)
        return cls(np.log1p(-part).astype(SINGLE), odds, -odds)


def departures(rng: np.random.Generator, heads: np.ndarray, shares: Shares) -> np.ndarray:
    """Of so many heads those that leave (int32)."""
    single = heads.astype(SINGLE)
    none = shares.log_stay * single
    if none.min() < -LARGEST:
        found = rng.binomial(heads, -np.expm1(shares.log_stay.astype(float)))
        return found.astype(np.int32)
    np.exp(none, out=none)
    single += 1
    single *= shares.odds
    found = _inverted(rng, none, shares.minus_odds, single)
    return np.minimum(found, heads, out=found)


def _uniform(rng: np.random.Generator, number: int) -> np.ndarray:
    """Uniform numbers in [0, 1) as Generator.random makes them, two from each word: quicker."""
    words = rng.bit_generator.random_raw((number + 1) // 2).view(np.uint32)[:number]
    words >>= 8
    found = words.astype(SINGLE)
    found *= SINGLE(2**-24)
    return found


def _inverted(
    rng: np.random.Generator, chance: np.ndarray, a: np.ndarray | None, b: np.ndarray
) -> np.ndarray:
    """Counts by inversion: `chance` is P(0), and overwritten; `a` None is nothing."""
    left = _uniform(rng, len(chance))
    left -= chance
    # As long as many runs go on, the whole array is worked on; then only those few. With a mean
    # of at most LARGEST and clumps of at least LEAST_CLUMP, the variance is below 1,400: far fewer
    # than one in 32 go on after 255 steps, and a byte will do.
    few = len(chance) // 32
    found, k = _counted(left, chance, a, b, np.zeros(len(chance), dtype=np.uint8), 1, few)
    found, at = found.astype(np.int32), np.flatnonzero(left >= 0)
    rest = None if a is None else a[at]
    found[at], _ = _counted(left[at], chance[at], rest, b[at], found[at], k, 0)
    return found


def _counted(
    left: np.ndarray,
    chance: np.ndarray,
    a: np.ndarray | None,
    b: np.ndarray,
    found: np.ndarray,
    k: int,
    few: int,
) -> tuple[np.ndarray, int]:
    """Goes through P(k), P(k+1), ... until all but a few uniform numbers are used up."""
    step, more = np.empty_like(b), left >= 0
    one_more = more.view(np.uint8)
    while np.count_nonzero(more) > few and (few or chance.max() > LEAST):
        found += one_more
        np.multiply(b, SINGLE(1 / k), out=step)
        if a is not None:
            step += a
        chance *= step
        left -= chance
        k += 1
        np.greater_equal(left, 0, out=more)
    return found, k
