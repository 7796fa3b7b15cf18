"""The forecast of 300 programs against the obvious loop over programs, runs and weeks.

    python benchmarks/forecast.py

Ours: 300 programs, 10,000 runs, 52 weeks, from the history to the weekly quantiles. The loop: the
same model, one count drawn at a time, on a slice of the programs and runs, scaled by its cells
(program x run x week). Both are timed in turns, and must agree on the mean number of students.
Exits 1 where ours is not at least 50 times as fast to the cell, or takes 3 GB of memory.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time

import numpy as np
import pandas as pd

from casekit.calendars import Calendar
from casekit.caseload import FAR
from casekit.planning.forecast.history import History, Stays, history_of
from casekit.planning.forecast.rates import TREND_WEEKS, arriving, leaving
from casekit.planning.forecast.simulation import Ahead, ahead_of, quantiles, simulate
from casekit.planning.settings import Settings

FIRST = np.datetime64("2024-09-02", "D")
WEEKS, AHEAD, PROGRAMS, RUNS = 92, 52, 300, 10_000
LIMIT, MEMORY = 50, 3.0
SLICE_PROGRAMS, SLICE_RUNS = 20, 200


def calendar() -> Calendar:
    rows = []
    for year in range(3):
        start = FIRST + 364 * year
        rows += [("school_year", start, start + 7 * 42 - 3), ("term", start, start + 7 * 42 - 3)]
    frame = pd.DataFrame(rows, columns=["kind", "start_date", "end_date"])
    return Calendar.of("c", frame.astype({"start_date": "M8[s]", "end_date": "M8[s]"}))


def program(index: int, year: Calendar) -> tuple[History, Ahead]:
    """A program of about 65 students, one of whom enters and one leaves in a week."""
    rng = np.random.default_rng(index)
    start = rng.integers(-400, 7 * WEEKS, 160)
    end = start + rng.exponential(65 * 7, 160).astype(int)
    start, end = start[end >= 0], end[end >= 0]
    last = FIRST + np.array(7 * WEEKS - 1)
    known = np.where(end < 7 * WEEKS, FIRST + end, FAR)
    stays = Stays(FIRST + start, known, None, FIRST, last)
    weeks = last + 1 + 7 * np.arange(AHEAD)
    return history_of(stays, year), ahead_of(stays, year, weeks)


def ours(programs: list[tuple[History, Ahead]], runs: int) -> list[np.ndarray]:
    """The quantiles of students, entries and exits of each program."""
    found = []
    for index, (history, ahead) in enumerate(programs):
        rng = np.random.Generator(np.random.PCG64([1, index]))
        simulated = simulate(history, ahead, Settings(runs=runs), rng)
        for counts in (simulated.enrolled, simulated.entries, simulated.exits):
            found.append(quantiles(counts, 0.8))
        found.append(simulated.enrolled.mean(axis=1))
    return found


def loop(programs: list[tuple[History, Ahead]], runs: int) -> np.ndarray:
    """The same model, one count at a time: students enrolled (programs x weeks x runs)."""
    rng = np.random.default_rng(2)
    found = np.zeros((len(programs), AHEAD, runs), dtype=int)
    for index, (history, ahead) in enumerate(programs):
        come = arriving(history.entries, history.season)
        go = leaving(history.exits, history.enrolled, history.season)
        levels, growths, factors = come.drawn(rng, runs, ahead.season)
        shares = go.drawn(rng, runs, ahead.season)
        for run in range(runs):
            heads, level = ahead.present, levels[run]
            for week in range(AHEAD):
                kind = ahead.season[week]
                mean = level * factors[kind, run]
                if come.clump is not None:
                    mean *= rng.gamma(come.clump) / come.clump
                heads += max(rng.poisson(mean) - ahead.fixed_in[week], ahead.comes[week])
                found[index, week, run] = heads + ahead.fixed_there[week]
                share = shares[kind][run]
                if go.clump is not None:
                    share = min(share * rng.gamma(go.clump) / go.clump, 1)
                heads -= rng.binomial(heads, share)
                if week < TREND_WEEKS:
                    level *= growths[run]
    return found


def timed(work, *given) -> tuple[float, object]:
    begin = time.process_time()
    result = work(*given)
    return time.process_time() - begin, result


def main() -> int:
    year = calendar()
    programs = [program(index, year) for index in range(PROGRAMS)]
    part = programs[:SLICE_PROGRAMS]
    scale = PROGRAMS * RUNS / (SLICE_PROGRAMS * SLICE_RUNS)
    times = []
    for _ in range(3):
        theirs, counts = timed(loop, part, SLICE_RUNS)
        mine, found = timed(ours, programs, RUNS)
        times.append((mine, theirs * scale))
        means = np.mean([found[4 * index + 3] for index in range(SLICE_PROGRAMS)])
        if abs(counts.mean() / means - 1) > 0.02:
            sys.exit(f"the two sides differ: {counts.mean():.1f} and {means:.1f} students")
    mine, theirs = (statistics.median(side) for side in zip(*times, strict=True))
    ratio = theirs / mine
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{PROGRAMS} programs x {RUNS:,} runs x {AHEAD} weeks: {mine:.1f} s, {memory:.1f} GB")
    print(f"the loop, scaled: {theirs:.0f} s; {ratio:.0f} times")
    return int(ratio < LIMIT or memory > MEMORY)


if __name__ == "__main__":
    sys.exit(main())
