"""More time: the least that is enough in part of the futures, whence it comes, what it costs."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd

from casekit.calendars import DAY, Days
from casekit.caseload import FAR, days
from casekit.kinds.staffing import exact
from casekit.planning.costs.cost import YEAR_DAYS
from casekit.planning.outlook import Outlook


def step_of(outlook: Outlook) -> Fraction:
    """The smallest amount that is added: of case-management time, or a whole case manager."""
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
