"""Counts drawn for many runs at once have the distributions they are named after."""

from __future__ import annotations

import numpy as np
import pytest

from casekit.planning.forecast.draws import Shares, arrivals, departures

MANY = 200_000
TOLERANCE = 4 * np.sqrt(0.25 / MANY)  # four standard errors of the likeliest count's share


def apart(drawn: np.ndarray, true: np.ndarray) -> float:
    return float(np.abs(np.bincount(drawn)[:60] / MANY - true).max())


@pytest.mark.parametrize("mean", [0.05, 1.3, 9.0, 30.0])
def test_entries_without_clumps_are_poisson(mean: float) -> None:
    drawn = arrivals(np.random.default_rng(1), np.full(MANY, mean), None)
    chance = np.exp(-mean + np.cumsum(np.log(mean / np.arange(1, 60))))
    true = np.append(np.exp(-mean), chance)
    assert apart(drawn, true[: drawn.max() + 1]) < TOLERANCE


def test_a_large_mean_beside_small_ones_changes_none_of_their_counts() -> None:
    small, large = np.full(1000, 2.0), np.append(np.full(1000, 2.0), 30.0)
    alone, beside = (arrivals(np.random.default_rng(1), mean, None) for mean in (small, large))
    assert (beside[:1000] == alone).all()
    assert beside[1000] > 8  # 30 in the mean


@pytest.mark.parametrize("clump", [0.05, 0.5, 3.0])
def test_clumped_entries_have_the_mean_and_spread_of_a_negative_binomial(clump: float) -> None:
    drawn = arrivals(np.random.default_rng(1), np.full(MANY, 2.0), clump)
    assert drawn.mean() == pytest.approx(2, rel=0.04)
    assert drawn.var() == pytest.approx(2 + 4 / clump, rel=0.06)


@pytest.mark.parametrize(("heads", "part"), [(60, 0.01), (60, 0.4), (3, 0.9), (4, 1.0), (0, 0.5)])
def test_exits_are_binomial(heads: int, part: float) -> None:
    shares = Shares.of(np.full(MANY, part))
    drawn = departures(np.random.default_rng(1), np.full(MANY, heads), shares)
    true = np.array([1.0])
    for _ in range(heads):
        true = np.append(true, 0) * (1 - part) + np.append(0, true) * part
    assert apart(drawn, true[: drawn.max() + 1]) < TOLERANCE
