"""Coverage of the forecast's 80% interval, on generated histories of five known kinds.

    python benchmarks/backtest.py [histories of each kind]

The histories are made day by day, and not by the model that is tested. Each is cut at four past
Sundays and forecast up to 26 weeks from what was known then. Exits 1 where the coverage of a kind
lies outside 0.75 to 0.9.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
import pandas as pd

from casekit.calendars import Calendar
from casekit.caseload import FAR
from casekit.planning.forecast.backtest import backtested
from casekit.planning.forecast.history import Stays
from casekit.planning.settings import Settings

FIRST = np.datetime64("2023-08-28", "D")  # A Monday
YEARS, BEFORE = 3, 400  # Students also entered before the records begin.
DAYS = 7 * 52 * YEARS
KINDS = ("steady", "school year", "growing", "bursty", "long stays")


def calendar() -> Calendar:
    """Three school years of two terms each, with a week off at each half."""
    rows = []
    for year in range(-2, YEARS):
        start = FIRST + 364 * year
        rows.append(("school_year", start, start + 7 * 42 - 3))
        for first, last in ((0, 20), (22, 42)):
            rows.append(("term", start + 7 * first, start + 7 * last - 3))
            rows.append(("closure", start + 7 * (first + 9), start + 7 * (first + 10) - 1))
    frame = pd.DataFrame(rows, columns=["kind", "start_date", "end_date"])
    return Calendar.of("c", frame.astype({"start_date": "M8[s]", "end_date": "M8[s]"}))


def history(kind: str, rng: np.random.Generator, open_days: np.ndarray) -> Stays:
    """One program: how many enter each day, and how long each of them stays."""
    day = np.arange(-BEFORE, DAYS)
    is_open = np.isin(FIRST + day, open_days)
    stay = rng.uniform(20, 60)  # mean stay in weeks
    daily = np.where(is_open, rng.uniform(20, 150) / stay / 5, 0.0)
    week = (day // 7) % 52
    if kind == "school year":
        daily *= np.where(np.isin(week, (0, 1)), 5, np.where(np.isin(week, (22, 23)), 3, 0.7))
    if kind == "growing":
        daily *= np.exp(rng.uniform(0.2, 0.5) * day / 364)
    if kind == "bursty":
        groups = rng.poisson(daily / 4)
        entered = rng.poisson(4 * groups)
    else:
        entered = rng.poisson(daily)
    start = np.repeat(day, entered)
    shape = 4 if kind == "long stays" else 1
    length = rng.gamma(shape, 7 * stay / shape, len(start)).astype(int)
    end = start + length
    if kind == "school year":
        for year in range(-2, YEARS):
            over = 364 * year + 7 * 42 - 3
            here = (start <= over) & (end > over) & (rng.random(len(start)) < 0.35)
            end[here] = over - rng.integers(0, 3, here.sum())
    start, end = start[end >= 0], np.maximum(end, start)[end >= 0]
    known = end < DAYS
    # Who left before the records begin is not on them.
    return Stays(
        FIRST + start,
        np.where(known, FIRST + end, FAR),
        None,
        FIRST,
        FIRST + np.timedelta64(DAYS - 1, "D"),
    )


def rows_of(kind: str, histories: int) -> Iterator[pd.DataFrame]:
    """The backtests of so many histories of one kind."""
    year, settings = calendar(), Settings(runs=1000)
    origins = FIRST + 7 * np.array([30, 60, 90, 120]) - np.timedelta64(1, "D")
    for index in range(histories):
        rng = np.random.default_rng([KINDS.index(kind), index])
        stays = history(kind, rng, year.open_days)
        yield backtested(stays, year, settings, origins, 26, [index])


PARTS = {"1-4 weeks": (1, 4), "5-13 weeks": (5, 13), "14-26 weeks": (14, 26)}


def main(histories: int) -> int:
    outside = False
    print(f"{'':12}{'rows':>7}{'all':>7}{'first year':>12}" + "".join(f"{p:>12}" for p in PARTS))
    for kind in KINDS:
        rows = pd.concat(rows_of(kind, histories))
        inside, weeks = rows["inside"], rows["horizon"]
        first = inside[rows["origin"] == rows["origin"].min()].mean()
        parts = [inside[weeks.between(*edge)].mean() for edge in PARTS.values()]
        shown = "".join(f"{part:12.2f}" for part in (first, *parts))
        print(f"{kind:12}{len(rows):7}{inside.mean():7.2f}{shown}")
        outside |= not 0.75 <= inside.mean() <= 0.9
    return int(outside)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
