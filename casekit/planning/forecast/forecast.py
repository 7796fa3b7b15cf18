"""Forecast: how many students a program may have, and whether its limit holds, week by week.

Many futures of a program are simulated, and each is held against its limit. How is described in
docs/forecast.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from zlib import crc32

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK, Days
from casekit.kinds.rows import no_calendar
from casekit.phrases import count, date, listing, number
from casekit.planning.forecast.history import SEASONS, History, Stays, history_of, seasons, stays_of
from casekit.planning.forecast.places import PLACE, Places, places_of
from casekit.planning.forecast.rates import SEASONAL_WEEKS
from casekit.planning.forecast.simulation import Runs, ahead_of, quantiles, simulate
from casekit.planning.outlook import Outlook

# A history shorter than this says too little of what is to come.
LEAST_WEEKS = 8
USED = ("runs", "weeks", "interval", "sure", "attrition_per_year", "hiring_weeks", "ramp_weeks")


@dataclass(frozen=True)
class Forecast:
    """What may come of one program.

    weeks       a row per week ahead: week (Monday), open_days, low, median, high and mean of the
                students enrolled on at least one day of the week; entries_, exits_ and referrals_
                low, median, high; capacity (median of the students allowed on the week's worst
                day); p_over (that more are enrolled than allowed) and p_any (so in any week up to
                then), NaN where no limit, no open day or unknown time leaves them open; assumed
                (the calendar is last year's come again).
    p_any       the probability that the limit is passed in any week; NaN where it cannot be told.
    first_over  the Monday of the first week whose p_over reaches 1 - settings.sure, so that staying
                within the limit is no longer so sure; NaT for none.
    needed      for each run the most extra case-management time (full-time; whole case managers
                where the limit is on heads alone) that would keep each week within the limit;
                empty where it cannot be told. Its quantiles are the price of being so sure.
    history     the weeks that it was told from; `first_day` is where they begin.
    refused     why there is no forecast; empty where there is one.
    """

    program: str
    weeks: pd.DataFrame
    p_any: float
    first_over: Days
    needed: np.ndarray
    history: History
    first_day: Days
    said: tuple[str, ...]
    settings_used: tuple[str, ...] = USED
    refused: str = ""


def forecast(outlooks: Sequence[Outlook], seed: int = 0) -> dict[str, Forecast]:
    """What may come of each program. The same seed gives the same numbers, to the byte.

    Each program has random numbers of its own, so that its forecast is the same whichever others
    are asked for. A program whose history is too short, or that has none, is refused in words.
    """
    return {outlook.program: forecast_one(outlook, seed) for outlook in outlooks}


def forecast_one(outlook: Outlook, seed: int) -> Forecast:
    """What may come of one program."""
    settings, calendar = outlook.settings, outlook.span.calendar
    weeks = outlook.weeks_ahead[: settings.weeks]
    stays = stays_of(outlook)
    history = history_of(stays, calendar)
    if why := no_calendar(outlook.span) or refusal(history, stays, weeks):
        said = f"{outlook.program} is not forecast: {why}."
        nothing = np.array([])
        return Forecast(
            outlook.program,
            pd.DataFrame(columns=[*COLUMNS]),
            np.nan,
            np.datetime64("NaT", "D"),
            nothing,
            history,
            stays.first,
            (said,),
            refused=why,
        )
    places = places_of(outlook, weeks, stays.first) if outlook.limits else None
    rng = np.random.Generator(np.random.PCG64([seed, crc32(outlook.program.encode())]))
    runs = simulate(history, ahead_of(stays, calendar, weeks), settings, rng)
    judged = _judged(runs, places, outlook, rng)
    frame = _frame(weeks, runs, judged, outlook)
    found = Forecast(
        outlook.program,
        frame,
        judged.p_any,
        _first(frame, settings.sure),
        judged.needed,
        history,
        stays.first,
        (),
        settings_used=USED if outlook.limits.rules else (*USED, "per_staff", "at_most"),
    )
    return replace(found, said=_said(found, outlook, places))


def refusal(history: History, stays: Stays, weeks: np.ndarray) -> str:
    """Why a history tells nothing of the weeks ahead; empty where it does."""
    if not len(weeks):
        return "there is no whole week between as_of and the horizon: give a later one"
    if not len(stays.start):
        return "no student was ever enrolled"
    if len(history.weeks) < LEAST_WEEKS:
        return (
            f"its records hold {count(len(history.weeks), 'whole week')} up to"
            f" {date(stays.as_of)}, and a forecast needs {LEAST_WEEKS} or more"
        )
    if not (history.entries.any() or history.exits.any()):
        return f"nobody entered and nobody left in {count(len(history.weeks), 'week')} on record"
    return ""


@dataclass(frozen=True)
class Judged:
    """The runs against the limit, week by week: NaN, or nothing, where it cannot be told."""

    capacity: np.ndarray
    p_over: np.ndarray
    p_sofar: np.ndarray
    p_any: float = np.nan
    needed: np.ndarray = field(default_factory=lambda: np.array([]))


def _judged(
    runs: Runs, places: Places | None, outlook: Outlook, rng: np.random.Generator
) -> Judged:
    settings, limits = outlook.settings, outlook.limits
    weeks, number_of = runs.enrolled.shape
    capacity, p_over, p_sofar = (np.full(weeks, np.nan) for _ in range(3))
    if places is None:
        return Judged(capacity, p_over, p_sofar)
    lost = places.lost(rng, number_of, settings.hiring_weeks, settings.ramp_weeks)
    every, counted = places.most.sum(axis=0), ~places.untold & (_open_days(outlook, weeks) > 0)
    ever, worst = np.zeros(number_of, dtype=bool), np.zeros(number_of)
    for week in np.flatnonzero(counted):
        there = np.maximum(every[week] - lost[week], 0)
        heads = runs.enrolled[week]
        allowed = there // PLACE
        short = heads - (there / PLACE if limits.per_staff is not None else allowed)
        over = heads > allowed
        ever |= over
        np.maximum(worst, np.where(over, short, 0), out=worst)
        capacity[week], p_over[week], p_sofar[week] = np.median(allowed), over.mean(), ever.mean()
    if not counted.any():
        return Judged(capacity, p_over, p_sofar)
    if limits.per_staff is not None:
        needed = worst / float(limits.per_staff)
    else:
        needed = np.ceil(worst / (limits.at_most or 1))
    return Judged(capacity, p_over, p_sofar, float(ever.mean()), needed)


def _open_days(outlook: Outlook, weeks: int) -> np.ndarray:
    mondays = outlook.weeks_ahead[:weeks]
    return outlook.span.calendar.open_between(
        mondays, np.minimum(mondays + WEEK - DAY, outlook.span.until)
    )


COLUMNS = (
    "week", "open_days", "low", "median", "high", "mean",
    "entries_low", "entries_median", "entries_high", "exits_low", "exits_median", "exits_high",
    "referrals_low", "referrals_median", "referrals_high",
    "capacity", "p_over", "p_any", "assumed",
)  # fmt: skip


def _frame(weeks: np.ndarray, runs: Runs, judged: Judged, outlook: Outlook) -> pd.DataFrame:
    interval = outlook.settings.interval
    found: dict[str, np.ndarray] = {
        "week": weeks.astype("datetime64[s]"),
        "open_days": _open_days(outlook, len(weeks)),
        "mean": runs.enrolled.mean(axis=1),
        "capacity": judged.capacity,
        "p_over": judged.p_over,
        "p_any": judged.p_sofar,
        "assumed": weeks + WEEK > outlook.assumed,
    }
    named = {"": runs.enrolled, "entries_": runs.entries, "exits_": runs.exits}
    for name, counts in {**named, "referrals_": runs.referrals}.items():
        middle = np.full((len(weeks), 3), np.nan) if counts is None else quantiles(counts, interval)
        for column, word in enumerate(("low", "median", "high")):
            found[name + word] = middle[:, column]
    return pd.DataFrame(found)[list(COLUMNS)]


def _first(frame: pd.DataFrame, sure: float) -> Days:
    # Rounded, so that 1 - 0.95 is not a little more than 0.05.
    unsure = frame.loc[frame["p_over"] >= round(1 - sure, 9), "week"]
    return unsure.iloc[0].to_datetime64().astype("datetime64[D]") if len(unsure) else NEVER


NEVER = np.datetime64("NaT", "D")


def _said(found: Forecast, outlook: Outlook, places: Places | None) -> tuple[str, ...]:
    name, history, settings = found.program, found.history, outlook.settings
    last = found.weeks.iloc[-1]
    said = [
        f"{name}: in {count(len(history.weeks), 'whole week')} since {date(found.first_day)}"
        f" {count(int(history.entries.sum()), 'student')} entered and"
        f" {number(int(history.exits.sum()))} left.",
        f"{name}: in the week of {date(last['week'])} {number(last['low'])} to"
        f" {number(last['high'])} students are enrolled in {number(100 * settings.interval)}% of"
        f" {count(settings.runs, 'simulated future')}; the middle one has"
        f" {number(last['median'])}.",
    ]
    unseen = sorted(set(seasons(outlook.span.calendar, outlook.weeks_ahead)) - set(history.season))
    if unseen:
        said.append(
            f"{name}: its records have not yet seen the {listing([SEASONS[c] for c in unseen])}:"
            " what comes and goes then is our own assumption, and intervals are wide."
        )
    if len(history.weeks) < SEASONAL_WEEKS:
        said.append(
            f"{name}: its records are shorter than {SEASONAL_WEEKS} weeks: each counts half, and"
            " intervals are wider."
        )
    said += [*_limit_said(found, outlook), *(places.said if places else ())]
    if outlook.note:
        said.append(outlook.note + ".")
    return tuple(said)


def _limit_said(found: Forecast, outlook: Outlook) -> list[str]:
    name, sure = found.program, outlook.settings.sure
    if not outlook.limits:
        return [f"{name}: no limit on staffing is given, so it is not told whether one is passed."]
    if np.isnan(found.p_any):
        return []
    said = [
        f"{name}: the limit is {outlook.limits.words}; it is passed in some week in"
        f" {number(100 * found.p_any, 0)}% of the futures."
    ]
    if not np.isnat(found.first_over):
        said.append(
            f"{name}: the week of {date(found.first_over)} is the first in which a breach has a"
            f" probability of {number(round(100 * (1 - sure), 6))}% or more."
        )
    extra = float(np.quantile(found.needed, sure, method="inverted_cdf"))
    unit = "FTE of case management" if outlook.limits.per_staff is not None else "case managers"
    said.append(
        f"{name}: to stay within the limit in every week with a probability of"
        f" {number(100 * sure)}%, {number(extra)} more {unit} are needed from the first week on."
        if extra
        else f"{name}: it stays within the limit in every week with a probability of"
        f" {number(100 * sure)}% or more, with those employed."
    )
    return said
