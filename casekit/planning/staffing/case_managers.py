"""Each case manager of a program on every open day: their time, their students, their limit."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from casekit.calendars import month_of
from casekit.caseload import FAR, days
from casekit.kinds.staffing import cases_by_day, cases_of, exact
from casekit.planning.outlook import Outlook

BY_DAY = ("staff_id", "day", "heads", "here", "time", "limit", "places", "over")


def time_by_day(rows: pd.DataFrame, on: np.ndarray) -> list[Fraction | None]:
    """Full-time case management of some staff rows on each day, in order; None: not recorded.

    Rows that overlap are summed, as the ratio of a program sums them.
    """
    time: list[Fraction | None] = [Fraction(0)] * len(on)
    first = np.searchsorted(on, days(rows["start_date"]))
    past = np.searchsorted(on, days(rows["end_date"], FAR), side="right")
    cells = zip(rows["fte"], rows["case_management_share"], first, past, strict=True)
    for fte, share, begin, end in cells:
        given = None if np.isnan(fte) or np.isnan(share) else exact(fte) * exact(share)
        for place in range(begin, end):
            sofar = time[place]
            time[place] = None if given is None or sofar is None else sofar + given
    return time


def case_managers_by_day(outlook: Outlook) -> pd.DataFrame:
    """A row per staff member and open day of their employment, from since to the horizon.

    Columns BY_DAY: heads (their students in any program), here (those of this program), time
    (Fraction; None: not recorded), limit (see Limits.of_person), places (students of this program
    that a limit on heads leaves them; 0 for someone of whom nothing says that they are a case
    manager), over (a limit on heads is passed, as kind caseload judges it).
    """
    found = [
        _of_person(outlook, person, rows)
        for person, rows in outlook.staff.groupby(outlook.staff["staff_id"].astype(str), sort=True)
    ]
    found = [rows for rows in found if len(rows)]
    if not found:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in BY_DAY})
    return pd.concat(found, ignore_index=True)


def _of_person(outlook: Outlook, person: Any, rows: pd.DataFrame) -> pd.DataFrame:
    limits = outlook.limits
    daily = cases_by_day(outlook.caseload, outlook.span, outlook.program, person)
    time = time_by_day(rows, daily["day"].to_numpy().astype("datetime64[D]"))
    elsewhere = (daily["heads"] - daily["here"]).tolist()
    has_cases = len(cases_of(outlook.caseload, person)) > 0
    of_heads = replace(limits, per_staff=None)
    places = [
        max((of_heads.of_person(t) or 0) - other, 0) if t is not None or has_cases else 0
        for t, other in zip(time, elsewhere, strict=True)
    ]
    over = np.zeros(len(daily), dtype=bool)
    if limits.at_most is not None:
        # A month in which they have nobody of this program is judged where they have.
        months = month_of(daily["day"].to_numpy())
        here = daily["here"].groupby(months).transform("max") > 0
        over = (here & (daily["heads"] > limits.at_most)).to_numpy()
    return daily.assign(
        staff_id=person,
        time=pd.Series(time, dtype=object),
        limit=pd.Series([limits.of_person(t) for t in time], dtype=object),
        places=np.array(places, dtype=int),
        over=over,
    )[list(BY_DAY)]


def each_case_manager(outlook: Outlook, by_day: pd.DataFrame) -> pd.DataFrame:
    """Each case manager who is employed ahead, and how many more students they can take.

    Columns: staff_id; limit (on their first open day ahead; NA: no limit, or their time is not
    recorded); heads (on as_of); worst_day (where least is left); over (open days ahead over their
    limit); next_break (the first of them); more (students whom they can take the day after as_of,
    or their first day, and keep to until_day); until_day (their last open day ahead). Under a
    ratio the limit of a person is our own reading, and passing it breaks no rule. Someone without
    case-management time and without students is left out.
    """
    as_of = outlook.span.as_of
    ahead = by_day[days(by_day["day"]) > as_of]
    rows = [
        row
        for person, mine in ahead.groupby("staff_id", sort=True)
        if (mine["heads"] > 0).any() or any(t is None or t > 0 for t in mine["time"])
        for row in [_row(outlook, person, mine)]
    ]
    names = ("staff_id", "limit", "heads", "worst_day", "over", "next_break", "more", "until_day")
    frame = pd.DataFrame(rows, columns=list(names))
    whole = dict.fromkeys(("limit", "heads", "over", "more"), "Int64")
    dates = dict.fromkeys(("worst_day", "next_break", "until_day"), "datetime64[s]")
    return frame.astype({"staff_id": object, **whole, **dates})


def _row(outlook: Outlook, person: Any, mine: pd.DataFrame) -> tuple:
    cases = cases_of(outlook.caseload, person)
    on = outlook.span.as_of
    # Someone may have a student in two programs at once: a head counts once.
    now = cases.loc[(cases["start"] <= on) & (cases["end"] >= on), "student_id"].nunique()
    last = mine["day"].iloc[-1]
    first = mine["limit"].iloc[0]
    if mine["limit"].isna().any():
        return person, first, now, pd.NaT, pd.NA, pd.NaT, pd.NA, last
    left = mine["limit"].astype(int) - mine["heads"].astype(int)
    over = mine.loc[left < 0, "day"]
    worst = mine["day"].loc[left.idxmin()]
    breaks = over.iloc[0] if len(over) else pd.NaT
    return person, first, now, worst, len(over), breaks, max(int(left.min()), 0), last


def untold_staff(outlook: Outlook, on: np.ndarray) -> list[str]:
    """The staff employed on some of these days whose fte or share is not recorded, in order."""
    rows = outlook.staff
    first = np.searchsorted(on, days(rows["start_date"]))
    past = np.searchsorted(on, days(rows["end_date"], FAR), side="right")
    blank = rows["fte"].isna() | rows["case_management_share"].isna()
    return sorted(set(rows.loc[blank & (past > first), "staff_id"].astype(str)))
