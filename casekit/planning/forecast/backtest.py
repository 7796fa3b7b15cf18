"""Backtest: a program's own past, forecast from what was known then, against what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK, Calendar
from casekit.kinds.rows import no_calendar
from casekit.phrases import count, number
from casekit.planning.forecast.forecast import LEAST_WEEKS, refusal
from casekit.planning.forecast.history import Stays, history_of, known_on, stays_of, weekly
from casekit.planning.forecast.simulation import ahead_of, quantiles, simulate
from casekit.planning.outlook import Outlook
from casekit.planning.settings import Settings

# So many weeks after the last origin must have come, for there to be something to compare.
LEAST_AHEAD = 4
# Intervals are read from quantiles, for which these are enough.
MOST_RUNS = 2_000
COLUMNS = ("origin", "horizon", "week", "low", "median", "high", "actual", "inside")


@dataclass(frozen=True)
class Backtest:
    """How often what came lay inside the interval.

    rows        a row per origin and week after it: COLUMNS (horizon in weeks; students enrolled
                on at least one day of the week).
    coverage    the part of the rows inside; NaN where there is no row. `interval` is what it
                should be near.
    by_horizon  horizon, n, coverage.
    """

    program: str
    rows: pd.DataFrame
    interval: float
    said: tuple[str, ...]
    refused: str = ""

    @property
    def coverage(self) -> float:
        return float(self.rows["inside"].mean()) if len(self.rows) else np.nan

    @property
    def by_horizon(self) -> pd.DataFrame:
        inside = self.rows.groupby("horizon")["inside"]
        return inside.agg(n="size", coverage="mean").reset_index()


def backtest(outlook: Outlook, seed: int = 0, held_out: int = 26, origins: int = 6) -> Backtest:
    """Forecasts from some past Sundays, up to held_out weeks ahead, against what came.

    Each sees only what was known on its day: who had entered, and who had left; no later end. The
    origins lie evenly between the first that has history enough and the last with four weeks
    after it.
    """
    interval, name = outlook.settings.interval, outlook.program
    stays, calendar = stays_of(outlook), outlook.span.calendar
    weeks = calendar.weeks(stays.first, stays.as_of)
    rows, why = pd.DataFrame(columns=[*COLUMNS]), no_calendar(outlook.span)
    if not why and len(weeks) < LEAST_WEEKS + LEAST_AHEAD:
        why = (
            f"its records hold {count(len(weeks), 'whole week')}, and a backtest needs"
            f" {LEAST_WEEKS + LEAST_AHEAD} or more"
        )
    if not why:
        days = origins_of(weeks, origins)
        key = [seed, crc32(name.encode())]
        rows = backtested(stays, calendar, outlook.settings, days, held_out, key)
        why = "" if len(rows) else "nobody entered and nobody left before any of its origins"
    if why:
        return Backtest(name, rows, interval, (f"{name} is not backtested: {why}.",), why)
    found = Backtest(name, rows, interval, ())
    said = (
        f"{name}: of {count(len(rows), 'week')} that were forecast from"
        f" {count(rows['origin'].nunique(), 'past Sunday')},"
        f" {number(100 * found.coverage, 0)}% came out inside the interval, which should hold"
        f" {number(100 * interval)}%.",
    )
    return replace(found, said=said)


def origins_of(weeks: np.ndarray, origins: int) -> np.ndarray:
    """Some past Sundays, evenly between the first and the last that can be used."""
    last = len(weeks) - LEAST_AHEAD
    chosen = np.linspace(LEAST_WEEKS, last, max(min(origins, last - LEAST_WEEKS + 1), 1))
    return weeks[np.round(chosen).astype(int)] - DAY


def backtested(
    stays: Stays,
    calendar: Calendar,
    settings: Settings,
    origins: np.ndarray,
    held_out: int,
    key: Sequence[int],
) -> pd.DataFrame:
    """The rows of a Backtest; an origin whose history would be refused has none."""
    settings, found = replace(settings, runs=min(settings.runs, MOST_RUNS)), []
    for origin in origins:
        ahead = calendar.weeks(origin + DAY, stays.as_of)[:held_out]
        known = known_on(stays, origin)
        history = history_of(known, calendar)
        if refusal(history, known, ahead):
            continue
        rng = np.random.Generator(np.random.PCG64([*key, int(origin.astype(int))]))
        runs = simulate(history, ahead_of(known, calendar, ahead), settings, rng)
        low, median, high = quantiles(runs.enrolled, settings.interval).T
        actual = weekly(stays, ahead)[0]
        found.append(
            pd.DataFrame(
                {
                    "origin": origin.astype("datetime64[s]"),
                    "horizon": (ahead - origin) // WEEK + 1,
                    "week": ahead.astype("datetime64[s]"),
                    "low": low,
                    "median": median,
                    "high": high,
                    "actual": actual,
                    "inside": (low <= actual) & (actual <= high),
                }
            )
        )
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=[*COLUMNS])
