"""Which input moves the cost of being sure most, and where the answer turns."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pandas as pd

from casekit.kinds.staffing import exact
from casekit.phrases import number
from casekit.planning.costs.cost import YEAR_DAYS, cost_of
from casekit.planning.costs.extra import extra_cost, least_extra, step_of, usual_time
from casekit.planning.forecast.forecast import Forecast, forecast_one
from casekit.planning.outlook import Outlook
from casekit.planning.settings import KNOWN, Settings

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


def tornado(outlook: Outlook, forecast: Forecast, extra: Fraction, seed: int) -> pd.DataFrame:
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
        least = least_extra(forecast.needed, sure, step_of(outlook))
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
    return least_extra(forecast.needed, outlook.settings.sure, step_of(outlook))


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
