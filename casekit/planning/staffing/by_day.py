"""A program's staffing on every open day against its limits, and the room that is left."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd

from casekit.caseload import days as days_of
from casekit.kinds.staffing import ratio_by_day
from casekit.planning.limits import Limits
from casekit.planning.outlook import Outlook


def staffing_by_day(outlook: Outlook, by_day: pd.DataFrame) -> pd.DataFrame:
    """The frame `days` of a ThroughTime, from each case manager by day."""
    limits = outlook.limits
    daily = ratio_by_day(outlook.caseload, outlook.span, outlook.program)
    on = days_of(daily["day"])
    unknown = (daily["unknown"] > 0).to_numpy()
    time = [None if u else t for u, t in zip(unknown, daily["time"], strict=True)]
    by = by_day.groupby("day")
    largest = by["heads"].max().reindex(daily["day"]).fillna(0).to_numpy()
    places = by["places"].sum().reindex(daily["day"]).fillna(0).to_numpy()
    over_heads = by["over"].max().reindex(daily["day"]).fillna(False).to_numpy().astype(bool)
    allowed = [_capacity(limits, t, int(p)) for t, p in zip(time, places, strict=True)]
    capacity = pd.array(allowed, dtype="Int64")
    students = daily["students"].to_numpy()
    over_ratio = np.array(
        [
            limits.per_staff is not None and t is not None and n > limits.per_staff * t
            for n, t in zip(students.tolist(), time, strict=True)
        ],
        dtype=bool,
    )
    untold = _untold(outlook, unknown) & (students > 0)
    status = np.select(
        [np.full(len(on), not limits), over_ratio | over_heads, untold],
        ["not_applicable", "not_met", "cannot_tell"],
        "met",
    )
    return pd.DataFrame(
        {
            "day": daily["day"],
            "students": students,
            "time": pd.Series(time, dtype=object),
            "fte": [np.nan if t is None else float(t) for t in time],
            "ratio": np.where(unknown, np.nan, daily["ratio"]),
            "largest": largest.astype(int),
            "capacity": capacity,
            "headroom": capacity - students,
            "status": status.astype(object),
            "ahead": on > outlook.span.as_of,
            "assumed": ~np.isnat(outlook.assumed) & (on >= outlook.assumed),
        }
    )


def _capacity(limits: Limits, time: Fraction | None, places: int) -> int | None:
    """How many students a day allows; None where it cannot be told or nothing limits them."""
    allowed = [] if limits.at_most is None else [places]
    if limits.per_staff is not None:
        if time is None:
            return None
        allowed.append(math.floor(limits.per_staff * time))
    return min(allowed, default=None)


def _lacks(outlook: Outlook) -> str:
    """What a limit on heads needs and is not recorded at all."""
    return outlook.caseload.lacks("staff") or outlook.caseload.lacks("assignments")


def _untold(outlook: Outlook, unknown: np.ndarray) -> np.ndarray:
    """On which days the limit cannot be judged."""
    untold = np.zeros(len(unknown), dtype=bool)
    if outlook.limits.per_staff is not None:
        untold |= unknown
    if outlook.limits.at_most is not None:
        untold |= bool(_lacks(outlook))
    return untold


def room(daily: pd.DataFrame) -> pd.DataFrame:
    """How many more students can come the day after as_of and stay to a day: the least headroom.

    Columns until_day, more (never rises), binds. Ends before the first day whose capacity is not
    known.
    """
    ahead = daily[daily["ahead"]]
    known = ahead["capacity"].notna().cummin().astype(bool)
    ahead = ahead[known]
    least = np.minimum.accumulate(ahead["headroom"].to_numpy(dtype=int))
    more = np.maximum(least, 0)
    first = np.flatnonzero(np.diff(more, prepend=-1))
    last = np.append(first[1:] - 1, len(more) - 1)[: len(first)]
    days = ahead["day"].to_numpy()
    return pd.DataFrame({"until_day": days[last], "more": more[first], "binds": days[first]})
