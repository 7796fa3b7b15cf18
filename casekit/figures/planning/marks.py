"""Marks that several of a plan's figures share: named days, and names at the ends of lines."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from casekit.calendars import Days
from casekit.figures.theme import LIGHT, WIDTH
from casekit.phrases import date

_APART = 15  # px between two labels, one above the other


def first_assumed(frame: pd.DataFrame, column: str) -> pd.Timestamp | None:
    """The first day, or week, whose calendar is last year's come again."""
    assumed = frame.loc[frame["assumed"].astype(bool), column]
    return None if assumed.empty else assumed.iloc[0]


def named_days(as_of: Days | None, assumed: pd.Timestamp | None, x: alt.X, span: tuple) -> list:
    """A thin upright line with its name above the chart: as_of, and where the calendar is assumed.

    `span` is the first and the last day of the axis: a day outside it is not drawn.
    """
    days = [] if as_of is None else [(pd.Timestamp(as_of), f"as of {date(as_of)}")]
    if assumed is not None:
        days.append((assumed, f"calendar assumed from {date(assumed)}"))
    first, last = map(pd.Timestamp, span)
    found = []
    for level, (day, text) in enumerate(days):
        if not first <= day <= last:
            continue
        base = alt.Chart(pd.DataFrame({str(x.shorthand).partition(":")[0]: [day]})).encode(x=x)
        late = (day - first) > 0.6 * (last - first)
        name = base.mark_text(align="right" if late else "left", text=text, color=LIGHT["muted"])
        rule = base.mark_rule(strokeDash=[2, 3], color=LIGHT["muted"])
        found.append(alt.layer(rule, name.encode(y=alt.value(-8 - _APART * level))))
    return found


def names_at_ends(
    ends: Sequence[tuple[float, str]], y: alt.Y, top: float, height: int
) -> alt.Chart:
    """The name of each line at its right end, moved apart where two would run into one another.

    `ends` are the last value and the text of each line; the axis `y` runs from 0 to `top`.
    """
    field = str(y.shorthand).partition(":")[0]
    placed = apart(ends, _APART * top / height, top)
    labels = pd.DataFrame(placed, columns=[field, "name"])
    return (
        alt.Chart(labels)
        .mark_text(align="left", dx=6)
        .encode(x=alt.value(WIDTH), y=y, text="name:N")
    )


def apart(ends: Sequence[tuple[float, str]], least: float, top: float) -> list[tuple[float, str]]:
    """The names from the lowest to the highest, `least` or more apart, none above `top`."""
    placed: list[tuple[float, str]] = []
    for value, text in sorted(ends, key=lambda end: end[0]):
        lowest = placed[-1][0] + least if placed else value
        placed.append((max(value, lowest), text))
    if placed and (over := placed[-1][0] - top) > 0:
        placed = [(value - over, text) for value, text in placed]
    return placed
