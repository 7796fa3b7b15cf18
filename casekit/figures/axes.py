"""Scales that several figures share: days along the width, statuses as colours."""

from __future__ import annotations

from collections.abc import Iterable

import altair as alt
import pandas as pd

from casekit.figures.theme import LIGHT, STATUS


def day_axis(field: str, first: pd.Timestamp, after: pd.Timestamp) -> alt.X:
    """A time axis from the first day to the day after the last, in months or in days."""
    span = (after - first).days
    step = 1 if span <= 10 else 2 if span <= 20 else 7
    days = [_date_time(d) for d in pd.date_range(first, after, freq=f"{step}D")]
    if span > 70:
        axis = alt.Axis(grid=False, labelOverlap=True, tickCount="month", format="%b %Y")
    else:
        axis = alt.Axis(grid=False, labelOverlap=True, values=days, format="%-d %b")
    return alt.X(
        f"{field}:T",
        title=None,
        scale=alt.Scale(domain=[_date_time(first), _date_time(after)], nice=False),
        axis=axis,
    )


def _date_time(day: pd.Timestamp) -> alt.DateTime:
    return alt.DateTime(year=day.year, month=day.month, date=day.day)


def status_colour(field: str, labels: Iterable[str]) -> alt.Color:
    """Colours, and a legend, for those of the statuses' labels that are there."""
    there = set(labels)
    shown = [s for s in STATUS.values() if s.label in there]
    return alt.Color(
        f"{field}:N",
        scale=alt.Scale(domain=[s.label for s in shown], range=[LIGHT[s.colour] for s in shown]),
    )
