"""What being sure costs: the least cost for each probability of keeping within the limit.

Each simulated future needs so much more case-management time, or so many more case managers, in
its worst week. An amount that covers a part of the futures keeps within the limit in that part.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import pandas as pd

from casekit.calendars import DAY, WEEK, Days
from casekit.caseload import days
from casekit.phrases import count, date, number, percent
from casekit.planning.costs.cost import Cost, cost_of, money
from casekit.planning.costs.extra import extra_cost, least_extra, spare_time, step_of
from casekit.planning.costs.tornado import FUTURES, PRICES, tornado
from casekit.planning.forecast.forecast import Forecast
from casekit.planning.outlook import Outlook
from casekit.planning.settings import PlanningError

PROBABILITIES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
STEP_COLUMNS = ("probability", "extra", "cost", "total")
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
        extra = least_extra(forecast.needed, probability, step_of(outlook))
        cost = extra_cost(outlook, extra)
        rows.append((probability, float(extra), round(cost, 2), round(base.total + cost, 2)))
    steps = pd.DataFrame(rows, columns=list(STEP_COLUMNS))
    aimed = steps[steps["probability"] == settings.sure].iloc[0]
    moved = tornado(outlook, forecast, Fraction(str(aimed["extra"])), seed)
    unit = "FTE" if by_ratio else "case managers"
    last = min(days(forecast.weeks["week"])[-1] + WEEK - DAY, outlook.span.until)
    made = Frontier(outlook.program, unit, steps, aimed, moved, base, ())
    return replace(made, said=_said(made, outlook, last))


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
