"""The figure of what may come: students week by week, and the chance of passing the limit."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from casekit.figures.axes import day_axis
from casekit.figures.figure import Figure, drawn, nothing
from casekit.figures.planning.marks import first_assumed, named_days, names_at_ends
from casekit.figures.theme import LIGHT, WIDTH
from casekit.phrases import date, number

_HEIGHT, _BARS = 220, 90  # px
_EVERY = 4  # weeks between two rows of the table
_COLUMNS = [
    *("Week of", "Students: low", "Middle", "High", "Allowed"),
    *("Chance of passing the limit", "Chance so far"),
]


def students_forecast(
    weeks: pd.DataFrame, program: str, *, interval: float, runs: int, sure: float
) -> Figure:
    """Students enrolled in the simulated futures, those allowed, and the chance of more.

    `weeks` has a row per week: week (Monday), open_days, low, median, high (students), capacity
    (students allowed, NaN unknown), p_over and p_any (0 to 1, NaN unknown), assumed. `interval` is
    the part of the `runs` futures from low to high; `sure` a probability drawn across the bars.
    """
    key, title = "forecast", f"What may come: {program}"
    caption = f"Students, and the chance of passing the limit, every {_EVERY} weeks: {program}"
    if weeks.empty:
        return nothing(key, title, "There is no week ahead to show.", _COLUMNS, caption)
    weeks = weeks.sort_values("week", ignore_index=True)
    sentence = _sentence(weeks, interval, runs)
    panels = [_students(weeks)]
    judged = weeks[weeks["p_over"].notna()]
    if len(judged):
        panels.append(_chance(weeks, judged, sure))
    chart = alt.vconcat(*panels, spacing=24)
    return Figure(key, title, sentence, drawn(chart, sentence), _table(weeks), caption)


def _sentence(weeks: pd.DataFrame, interval: float, runs: int) -> str:
    last = weeks.iloc[-1]
    said = [
        f"In the week of {date(last['week'])}, {number(100 * interval)}% of {number(runs)}"
        f" simulated futures have {number(last['low'])} to {number(last['high'])} students, and"
        f" the middle one {number(last['median'])}."
    ]
    judged = weeks[weeks["p_over"].notna()]
    if judged.empty:
        said.append("Whether a limit is passed cannot be told.")
        return said[0] + " " + said[1]
    top = judged.loc[judged["p_over"].idxmax()]
    said.append(
        f"The chance of more students than are allowed is highest in the week of"
        f" {date(top['week'])}: {chance(top['p_over'])}. That it happens in any week:"
        f" {chance(judged['p_any'].iloc[-1])}."
    )
    return " ".join(said)


def chance(part: float) -> str:
    """A probability in percent; one that is neither none nor all never reads as 0 or 100."""
    if np.isnan(part):
        return "not known"
    if 0 < part < 0.01:
        return "under 1%"
    if 0.99 < part < 1:
        return "over 99%"
    return f"{number(100 * part, 0)}%"


def _table(weeks: pd.DataFrame) -> pd.DataFrame:
    rows = weeks.iloc[[*range(0, len(weeks) - 1, _EVERY), len(weeks) - 1]]
    columns = (
        rows["week"].map(date),
        *(rows[name].map(number) for name in ("low", "median", "high")),
        *(_told(rows, name) for name in ("capacity", "p_over", "p_any")),
    )
    return pd.DataFrame(dict(zip(_COLUMNS, columns, strict=True))).reset_index(drop=True)


def _told(rows: pd.DataFrame, name: str) -> list[str]:
    """What is known of a week; one without an open day is not judged."""
    shown = number if name == "capacity" else chance
    pairs = zip(rows[name], rows["open_days"], strict=True)
    return [
        shown(value) if not np.isnan(value) else "not known" if opened else "no open day"
        for value, opened in pairs
    ]


def _axis(weeks: pd.DataFrame) -> alt.X:
    return day_axis("week", weeks["week"].iloc[0], weeks["week"].iloc[-1] + pd.Timedelta(days=7))


def _students(weeks: pd.DataFrame) -> alt.LayerChart | alt.FacetChart:
    x = _axis(weeks)
    top = 1.2 * max(
        weeks["high"].max(), weeks["capacity"].max() if weeks["capacity"].any() else 0, 1
    )
    y = alt.Y("value:Q", title="Students", scale=alt.Scale(domain=[0, top], nice=False))
    band = alt.Chart(weeks[["week", "low", "high"]].rename(columns={"low": "value"}))
    layers: list = [
        band.mark_area(opacity=0.2, color=LIGHT["accent"]).encode(x=x, y=y, y2="high:Q")
    ]
    accent, ink = LIGHT["accent"], LIGHT["ink"]
    ends = []
    for name, word, width, dash, colour in (
        ("high", "high", 1, [1, 0], accent),
        ("median", "middle", 2.5, [1, 0], accent),
        ("low", "low", 1, [1, 0], accent),
        ("capacity", "allowed", 1.5, [6, 3], ink),
    ):
        line = weeks[["week", name]].rename(columns={name: "value"})
        if line["value"].isna().all():
            continue
        mark = alt.Chart(line).mark_line(strokeWidth=width, strokeDash=dash, color=colour)
        layers.append(mark.encode(x=x, y=y))
        last = float(line["value"].dropna().iloc[-1])
        ends.append((last, f"{word} {number(last)}"))
    span = (weeks["week"].iloc[0], weeks["week"].iloc[-1])
    layers += named_days(None, first_assumed(weeks, "week"), x, span)
    layers.append(names_at_ends(ends, y, top, _HEIGHT))
    return alt.layer(*layers).properties(width=WIDTH, height=_HEIGHT)


def _chance(
    weeks: pd.DataFrame, judged: pd.DataFrame, sure: float
) -> alt.LayerChart | alt.FacetChart:
    """A bar for each week: the chance that more are enrolled than are allowed."""
    x = _axis(weeks)
    y = alt.Y(
        "p_over:Q",
        title="Chance of passing",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(format=".0%", values=[0, 0.5, 1]),
    )
    bars = judged[["week", "p_over"]].assign(end=judged["week"] + pd.Timedelta(days=6))
    line = alt.Chart(pd.DataFrame({"p_over": [sure]}))
    return alt.layer(
        alt.Chart(bars)
        .mark_rect(color=LIGHT["not_met"])
        .encode(x=x, x2="end:T", y=y, y2=alt.YDatum(0)),
        line.mark_rule(strokeDash=[6, 3]).encode(y=y),
        line.mark_text(align="left", dx=6, text=f"{number(100 * sure)}%").encode(
            x=alt.value(WIDTH), y=y
        ),
    ).properties(width=WIDTH, height=_BARS)
