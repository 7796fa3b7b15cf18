"""What being sure costs: the least cost for each probability of keeping within the limit.

Each simulated future needs so much more case-management time, or so many more case managers, in
its worst week. An amount that covers a part of the futures keeps within the limit in that part.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK, Days
from casekit.caseload import FAR, days
from casekit.kinds.staffing import exact
from casekit.phrases import count, date, number, percent
from casekit.planning.cost import YEAR_DAYS, Cost, cost_of, money
from casekit.planning.forecast.forecast import Forecast, forecast_one
from casekit.planning.outlook import Outlook
from casekit.planning.settings import KNOWN, PlanningError, Settings

PROBABILITIES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
STEP_COLUMNS = ("probability", "extra", "cost", "total")
TORNADO_COLUMNS = (
    *("setting", "meaning", "low", "high", "cost_low", "cost_high", "break_even"),
    "swing",
)
# Inputs that are tried a fifth lower and higher, and those that change what may come.
PRICES = ("salary", "on_cost", "hire_cost", "vacancy_cost", "travel_cost")
FUTURES: dict[str, tuple[float, ...]] = {
    "hiring_weeks": (0, 4, 8, 12, 16, 26),
    "attrition_per_year": (0.0, 0.05, 0.1, 0.2, 0.4, 0.8),
}
# So many futures tell which way an input moves the answer; the answer itself takes them all.
TRIED_RUNS = 2_000
USED = (*PRICES, "money", "sure", "fte_step", "most_share", *FUTURES)


@dataclass(frozen=True)
class Frontier:
    """The least cost for each probability, and what moves it.

    unit     "FTE" of case-management time, or "case managers" under a limit on heads.
    steps    STEP_COLUMNS: the least extra amount that keeps within the limit with at least the
             probability; its cost to the horizon; and with what is paid already (`total`).
    aimed    the row of `steps` at settings.sure.
    tornado  TORNADO_COLUMNS: each input low and high, what the aim then costs in all, and the value
             at which the answer turns, in words; the one that moves it most first.
    base     the cost of the staff who are known already.
    """

    program: str
    unit: str
    steps: pd.DataFrame
    aimed: pd.Series
    tornado: pd.DataFrame
    base: Cost
    said: tuple[str, ...]
    settings_used: tuple[str, ...] = USED


def frontier(outlook: Outlook, forecast: Forecast, seed: int = 0) -> Frontier:
    """The least cost for each probability. PlanningError where the forecast tells no need."""
    if forecast.refused:
        raise PlanningError(f"{outlook.program}: without a forecast no cost of being sure is known")
    if not len(forecast.needed):
        raise PlanningError(
            f"{outlook.program} is held to no limit on staffing that can be told, so nothing has to"
            " be paid to keep within one"
        )
    settings = outlook.settings
    by_ratio = outlook.limits.per_staff is not None
    base = cost_of(outlook)
    rows = []
    for probability in sorted({*PROBABILITIES, settings.sure}):
        extra = least_extra(forecast.needed, probability, _step(outlook))
        cost = extra_cost(outlook, extra)
        rows.append((probability, float(extra), round(cost, 2), round(base.total + cost, 2)))
    steps = pd.DataFrame(rows, columns=list(STEP_COLUMNS))
    aimed = steps[steps["probability"] == settings.sure].iloc[0]
    tornado = _tornado(outlook, forecast, Fraction(str(aimed["extra"])), seed)
    unit = "FTE" if by_ratio else "case managers"
    last = min(days(forecast.weeks["week"])[-1] + WEEK - DAY, outlook.span.until)
    made = Frontier(outlook.program, unit, steps, aimed, tornado, base, ())
    return replace(made, said=_said(made, outlook, last))


def _step(outlook: Outlook) -> Fraction:
    per_staff = outlook.limits.per_staff is not None
    return exact(outlook.settings.fte_step) if per_staff else Fraction(1)


def least_extra(needed: np.ndarray, probability: float, step: Fraction) -> Fraction:
    """The least whole number of steps that is enough in at least that part of the futures."""
    ordered = np.sort(needed)
    place = max(math.ceil(round(probability * len(ordered), 9)), 1) - 1
    # What a float adds below a millionth is not asked for.
    return (
        math.ceil(Fraction(round(float(ordered[place]), 6)).limit_denominator(10**6) / step) * step
    )


def extra_cost(outlook: Outlook, extra: Fraction) -> float:
    """What so much more costs from the day after as_of to the horizon.

    Time is first taken from people who are there and give less than settings.most_share of theirs;
    only what is beyond that is hired, by whole people at most that share. Under a limit on heads
    each is a new person who gives the median time of those who are there.
    """
    settings, span = outlook.settings, outlook.span
    years = Fraction(int((span.until - span.as_of).astype(int)), YEAR_DAYS)
    yearly = exact(settings.salary) * (1 + exact(settings.on_cost))
    if outlook.limits.per_staff is None:
        time, people = extra * usual_time(outlook), extra
    else:
        time = extra
        beyond = max(extra - sum(spare_time(outlook).values(), Fraction(0)), Fraction(0))
        people = Fraction(math.ceil(beyond / exact(settings.most_share)))
    return float(time * years * yearly + people * exact(settings.hire_cost))


def spare_time(outlook: Outlook) -> dict[str, Fraction]:
    """The time each could still give to case management: fte x (most_share - share), above 0.

    Of people who are case managers here with one fte and one share from the day after as_of to the
    horizon, both recorded. Nobody gives more than one full post to all their programs together.
    """
    most, span = exact(outlook.settings.most_share), outlook.span
    first, last = span.as_of + DAY, span.until
    everywhere = outlook.caseload.tables["staff"]
    given = _given(everywhere[everywhere["staff_id"].isin(outlook.staff["staff_id"])], first)
    found: dict[str, Fraction] = {}
    ahead = outlook.staff[(outlook.staff["end"] >= first) & (outlook.staff["start"] <= last)]
    for person, rows in ahead.groupby(ahead["staff_id"].astype(str), sort=True):
        kinds = rows[["fte", "case_management_share"]].drop_duplicates()
        if len(kinds) > 1 or kinds.isna().any(axis=None) or not _whole(rows, first, last):
            continue
        fte, share = (exact(cell) for cell in kinds.iloc[0])
        spare = min(fte * (most - share), 1 - given.get(str(person), Fraction(0)))
        if spare > 0 and share > 0:
            found[str(person)] = spare
    return found


def _given(rows: pd.DataFrame, on: Days) -> dict[str, Fraction]:
    """The case-management time that each person gives to all their programs on a day."""
    here = rows[(days(rows["start_date"]) <= on) & (days(rows["end_date"], FAR) >= on)]
    found: dict[str, Fraction] = {}
    for row in here.dropna(subset=["fte", "case_management_share"]).itertuples(index=False):
        time = exact(row.fte) * exact(row.case_management_share)
        found[str(row.staff_id)] = found.get(str(row.staff_id), Fraction(0)) + time
    return found


def _whole(rows: pd.DataFrame, first: Days, last: Days) -> bool:
    """Whether a person's rows hold on every day of a stretch, once a day."""
    ordered = rows.sort_values("start")
    start, end = days(ordered["start"]), days(ordered["end"])
    return bool(start[0] <= first and end[-1] >= last and (start[1:] == end[:-1] + DAY).all())


def usual_time(outlook: Outlook) -> Fraction:
    """The median case-management time of those employed on the day after as_of; 1 without any."""
    staff, on = outlook.staff, outlook.span.as_of + np.timedelta64(1, "D")
    here = staff[(staff["start"] <= on) & (staff["end"] >= on)]
    times = sorted(
        exact(fte) * exact(share)
        for fte, share in zip(here["fte"], here["case_management_share"], strict=True)
        if fte * share > 0
    )
    return times[len(times) // 2] if times else Fraction(1)


def _tornado(outlook: Outlook, forecast: Forecast, extra: Fraction, seed: int) -> pd.DataFrame:
    """What the aim costs with each input low and high, everything else as it is."""
    rows = []
    for name in PRICES:
        value = getattr(outlook.settings, name)
        low, high = 0.8 * value, 1.2 * value
        costs = [_total(_set(outlook, **{name: each}), extra) for each in (low, high)]
        rows.append((name, low, high, *costs, _filling_pays(outlook, name, extra)))
    fewer = _set(outlook, runs=min(outlook.settings.runs, TRIED_RUNS))
    usual = _aim(fewer, forecast_one(fewer, seed))
    for name, values in FUTURES.items():
        rows.append((name, *_tried(fewer, name, values, usual, seed)))
    for sure in (0.8, 0.95):
        least = least_extra(forecast.needed, sure, _step(outlook))
        rows.append(("sure", sure, sure, *[_total(outlook, least)] * 2, ""))
    rows = [*rows[:-2], _joined(rows[-2], rows[-1], outlook.settings.sure)]
    table = pd.DataFrame(rows, columns=[*TORNADO_COLUMNS[:1], *TORNADO_COLUMNS[2:-1]])
    table.insert(1, "meaning", [KNOWN[name].metadata["meaning"] for name in table["setting"]])
    table["swing"] = (table["cost_high"] - table["cost_low"]).abs()
    table = table.sort_values(["swing", "setting"], ascending=[False, True], kind="stable")
    return table.round({"cost_low": 2, "cost_high": 2, "swing": 2}).reset_index(drop=True)


def _joined(low: tuple, high: tuple, sure: float) -> tuple:
    """The aim itself, lower and higher, as one input."""
    return ("sure", low[1], high[2], low[3], high[4], f"it is the aim itself ({number(sure, 3)})")


def _set(outlook: Outlook, **given: object) -> Outlook:
    settings: Settings = replace(outlook.settings, **given)  # type: ignore[arg-type]
    return replace(outlook, settings=settings)


def _total(outlook: Outlook, extra: Fraction) -> float:
    return cost_of(outlook).total + extra_cost(outlook, extra)


def _aim(outlook: Outlook, forecast: Forecast) -> Fraction:
    return least_extra(forecast.needed, outlook.settings.sure, _step(outlook))


def _tried(
    outlook: Outlook, name: str, values: tuple[float, ...], usual: Fraction, seed: int
) -> tuple[float, float, float, float, str]:
    """An input of the futures at some values: the ends' costs, and where the answer turns."""
    found = []
    for value in values:
        tried = _set(outlook, **{name: value})
        found.append(_aim(tried, forecast_one(tried, seed)))
    turns = [f"{number(v, 3)}" for v, least in zip(values, found, strict=True) if least != usual]
    said = (
        f"another amount is needed at {', '.join(turns)} (tried: {_listed(values)})"
        if turns
        else f"none among those tried ({_listed(values)})"
    )
    ends = [
        _total(_set(outlook, **{name: v}), least)
        for v, least in ((values[0], found[0]), (values[-1], found[-1]))
    ]
    return values[0], values[-1], ends[0], ends[1], said


def _listed(values: tuple[float, ...]) -> str:
    return ", ".join(number(value, 3) for value in values)


def _filling_pays(outlook: Outlook, name: str, extra: Fraction) -> str:
    """The value of a price at which filling the posts costs as much as leaving them empty."""
    if not extra:
        return "nothing is hired, so no price turns the answer"
    settings, span = outlook.settings, outlook.span
    if name == "travel_cost":
        return "it is the same whoever is hired"
    years = Fraction(int((span.until - span.as_of).astype(int)), YEAR_DAYS)
    time = extra * (usual_time(outlook) if outlook.limits.per_staff is None else Fraction(1))
    hiring = exact(extra_cost(outlook, extra)) - exact(
        extra_cost(_set(outlook, hire_cost=0.0), extra)
    )
    pay = exact(settings.salary) * (1 + exact(settings.on_cost)) * years * time
    vacancy = exact(settings.vacancy_cost)
    # Filled: pay + hiring. Empty: vacancy x pay.
    if name == "vacancy_cost":
        if not pay:
            return "there is no pay to compare with"
        at = number(float(1 + hiring / pay), 3)
        return f"{at}: above it an empty post costs more than a filled one"
    if name == "hire_cost":
        people = hiring / exact(settings.hire_cost) if settings.hire_cost else Fraction(0)
        if vacancy > 1 and people:
            return f"{number(float((vacancy - 1) * pay / people))}: above it empty posts cost less"
        return (
            "none: an empty post costs less at any" if vacancy <= 1 else "none: nobody new is hired"
        )
    if vacancy > 1 and hiring:
        at = float(hiring / ((vacancy - 1) * pay)) * getattr(settings, name)
        return f"{number(at)}: below it empty posts cost less"
    return (
        "none: an empty post costs less at any"
        if vacancy <= 1
        else "none: a filled one does at any"
    )


def _from_shares(outlook: Outlook, extra: float) -> str:
    """How much of what is added comes from larger shares, for which nobody is hired."""
    spare = float(sum(spare_time(outlook).values(), Fraction(0)))
    if outlook.limits.per_staff is None or not spare:
        return ""
    part = min(spare, extra)
    rest = "; nobody is hired" if part >= extra else ""
    return f" ({number(part)} FTE of it as a larger share of people who are there{rest})"


def _said(made: Frontier, outlook: Outlook, last: Days) -> tuple[str, ...]:
    settings = outlook.settings
    extra, cost, until = made.aimed["extra"], made.aimed["cost"], date(last)
    amount = f"{number(extra)} FTE" if made.unit == "FTE" else count(extra, "case manager")
    sure = percent(settings.sure, 1)
    head = (
        f"{made.program}: to keep within {outlook.limits.words} with a probability of {sure} in"
        f" every week up to {until} takes {amount} more, for {money(cost, settings.money)}"
        f"{_from_shares(outlook, extra)}."
        if extra
        else f"{made.program}: the staff who are known keep within {outlook.limits.words} in every"
        f" week up to {until} with a probability of {sure} or more: nobody has to be hired."
    )
    paid = (
        f"{made.program}: the staff who are known cost {money(made.base.total, settings.money)} up"
        f" to the horizon, {money(made.aimed['total'], settings.money)} with what is added."
    )
    top = made.tornado.iloc[0]
    moved = (
        f"{made.program}: of all inputs, {top['setting']} moves that sum most: from"
        f" {money(top['cost_low'], settings.money)} where it is {number(top['low'], 3)} to"
        f" {money(top['cost_high'], settings.money)} where it is {number(top['high'], 3)}."
    )
    said = [head, paid, *([moved] if top["swing"] else [])]
    said.append(
        f"{made.program}: what is added is counted as there from the first day; until somebody new"
        f" can start ({count(settings.hiring_weeks, 'week')}) only a larger share of those who are"
        " there, or moving students, helps."
    )
    if settings.salary == 1.0:
        said.append(
            f"{made.program}: no salary is given, so costs are in {settings.money}: set salary and"
            " money in [settings]."
        )
    return tuple(said)
