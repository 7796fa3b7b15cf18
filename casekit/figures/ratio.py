"""The figure of students to one full-time case manager, day by day against the cap."""

from __future__ import annotations

from typing import Literal

import altair as alt
import numpy as np
import pandas as pd

from casekit.figures.axes import day_axis
from casekit.figures.figure import Figure, drawn, nothing
from casekit.figures.theme import LIGHT, STATUS, WIDTH
from casekit.phrases import count, date

_RATIO_COLUMNS = [
    "Month",
    "Open days",
    "Worst ratio",
    "On",
    "Students",
    "FTE",
    "Days over",
    "Status",
]
# What a day may be, beside a day on which the ratio is in order: label -> colour.
OVER, NO_TIME, UNKNOWN = "▲ over the cap", "✗ no case-management time", "? not known"
BANDS = {OVER: "not_met", NO_TIME: "ink", UNKNOWN: "cannot_tell"}


def ratio_through_time(daily: pd.DataFrame, cap: float, program: str) -> Figure:
    """The ratio of each open day against the cap.

    `daily` has a row per open day: day (datetime64), students (int), fte (float, NaN unknown),
    ratio (students to 1.0 FTE; inf where there is no case-management time, NaN unknown), status
    (met, not_met, cannot_tell).
    """
    key, title = "ratio", f"Students to one full-time case manager: {program}"
    caption = f"The ratio month by month, {program} (cap {cap:g})"
    if daily.empty:
        sentence = (
            "There is no open day to judge. The calendar table must show terms or open days in "
            "the time that is looked at."
        )
        return nothing(key, title, sentence, _RATIO_COLUMNS, caption)
    daily = daily.sort_values("day", ignore_index=True)
    sentence = _ratio_sentence(daily, cap)
    chart = drawn(_ratio_chart(daily, cap), sentence)
    return Figure(key, title, sentence, chart, _ratio_table(daily, cap), caption)


def kind_of_day(daily: pd.DataFrame) -> pd.Series:
    over, endless = daily["status"] == "not_met", np.isinf(daily["ratio"])
    kinds = [(OVER, over & ~endless), (NO_TIME, over & endless)]
    kinds.append((UNKNOWN, daily["status"] == "cannot_tell"))
    kind = pd.Series("", index=daily.index)
    for label, days in kinds:
        kind[days] = label
    return kind


def _ratio_text(ratio: float, cap: float) -> str:
    """One decimal, or as many more as keep a ratio over the cap from being written as the cap."""
    if np.isinf(ratio):
        return "no case-management time"
    decimals = 1
    while decimals < 9 and ratio > cap and round(ratio, decimals) <= cap:
        decimals += 1
    return f"{ratio:.{decimals}f}"


def _ratio_sentence(daily: pd.DataFrame, cap: float) -> str:
    kind = kind_of_day(daily)
    days = len(daily)
    over, bare, unknown = (int((kind == label).sum()) for label in (OVER, NO_TIME, UNKNOWN))
    if unknown == days:
        return (
            f"The ratio cannot be told on {_of_all(days)}: the FTE or the share of time given to "
            "case management is not known. Both stand in the staff table."
        )
    to_one = f"{cap:g} students to one full-time case manager"
    known = days - unknown
    if over + bare == days:
        said = f"On {_of_all(days)} the ratio was over {to_one}"
    elif over + bare:
        said = f"On {over + bare} of {days} open days the ratio was over {to_one}"
    elif unknown:
        said = f"On {known} of {days} open days the ratio was no more than {to_one}"
    else:
        said = f"On {_of_all(days)} the ratio was no more than {to_one}"
    if bare and not over:
        said += ": there were students but no case-management time"
    said += "." + _worst_day(daily, cap, "The worst" if over else "The highest ratio")
    if bare and over:
        said += f" On {bare} of those days there were students but no case-management time."
    if unknown:
        said += f" On {count(unknown, 'day')} it cannot be told."
    return said


def _worst_day(daily: pd.DataFrame, cap: float, called: str) -> str:
    worst = daily[np.isfinite(daily["ratio"])].nlargest(1, "ratio")
    if worst.empty:
        return ""
    day = worst.iloc[0]
    return (
        f" {called} was {_ratio_text(day['ratio'], cap)} on {date(day['day'])} "
        f"({count(day['students'], 'student')}, {day['fte']:g} FTE)."
    )


def _of_all(days: int) -> str:
    return "the one open day" if days == 1 else f"all {count(days, 'open day')}"


def _ratio_table(daily: pd.DataFrame, cap: float) -> pd.DataFrame:
    rows = []
    for month, days in daily.groupby(daily["day"].dt.to_period("M")):
        known = days[days["ratio"].notna()]
        worst = known.nlargest(1, "ratio").iloc[0] if len(known) else None
        status = next((s for s in ("not_met", "cannot_tell") if (days["status"] == s).any()), "met")
        rows.append(
            [
                f"{month.to_timestamp():%B %Y}",
                len(days),
                "not known" if worst is None else _ratio_text(worst["ratio"], cap),
                "" if worst is None else date(worst["day"]),
                "" if worst is None else f"{worst['students']:,.0f}",
                "" if worst is None else f"{worst['fte']:g}",
                int((days["status"] == "not_met").sum()),
                STATUS[status].label,
            ]
        )
    return pd.DataFrame(rows, columns=_RATIO_COLUMNS)


def stretches(daily: pd.DataFrame, kind: pd.Series) -> pd.Series:
    """A number per stretch of days alike; a weekend does not part two days, a closure does."""
    apart = daily["day"].diff() > pd.Timedelta(days=3)
    return ((kind != kind.shift()) | apart).cumsum()


def _ratio_chart(daily: pd.DataFrame, cap: float) -> alt.TopLevelMixin:
    stretch = stretches(daily, kind_of_day(daily))
    known = daily.assign(stretch=stretch)[np.isfinite(daily["ratio"])]
    top = 1.25 * max(cap, known["ratio"].max() if len(known) else 0)
    first, after = daily["day"].iloc[0], daily["day"].iloc[-1] + pd.Timedelta(days=1)
    x = day_axis("day", first, after)
    y = alt.Y("ratio:Q", title="Students to 1.0 FTE", scale=alt.Scale(domain=[0, top], nice=False))
    layers = band_layers(daily, x)
    if len(known):
        layers.append(step_line(known).encode(x=x, y=y, detail="stretch:N"))
        layers.extend(_worst_layers(known, cap, x, y))
    cap_frame = pd.DataFrame({"ratio": [cap]})
    layers.append(alt.Chart(cap_frame).mark_rule(strokeDash=[6, 3], strokeWidth=1.5).encode(y=y))
    layers.append(
        alt.Chart(cap_frame)
        .mark_text(align="left", dx=6, text=f"cap {cap:g}")
        .encode(x=alt.value(WIDTH), y=y)
    )
    return alt.layer(*layers).properties(width=WIDTH, height=260)


def step_line(known: pd.DataFrame) -> alt.Chart:
    """The steps; each stretch of known days runs on to the end of its last day."""
    ends = known.groupby("stretch").tail(1)
    ends = ends.assign(day=ends["day"] + pd.Timedelta(days=1))
    steps = pd.concat([known, ends])[["day", "ratio", "stretch"]].sort_values("day")
    return alt.Chart(steps).mark_line(interpolate="step-after")


def band_layers(daily: pd.DataFrame, x: alt.X, offset: int = 18) -> list[alt.Chart]:
    """A shaded band, with its glyph on top, for each stretch of days that is not in order.

    The legend stands so many px above the chart.
    """
    kind = kind_of_day(daily)
    days = daily.assign(kind=kind)[kind != ""]
    if days.empty:
        return []
    bands = days.groupby(stretches(daily, kind)).agg(
        day=("day", "first"), end=("day", "last"), kind=("kind", "first")
    )
    bands["end"] += pd.Timedelta(days=1)
    shown = [label for label in BANDS if label in set(bands["kind"])]
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=shown, range=[LIGHT[BANDS[k]] for k in shown]),
        legend=alt.Legend(offset=offset),
    )
    shade = alt.Chart(bands).mark_rect(opacity=0.22).encode(x=x, x2="end:T", color=colour)
    # One glyph in each sixtieth of the width at most: more would run into one another.
    reach = (daily["day"].iloc[-1] - daily["day"].iloc[0]).days + 1
    middle = bands["day"] + (bands["end"] - bands["day"]) / 2
    place = ((middle - daily["day"].iloc[0]).dt.days * 60 // reach).to_numpy()
    glyphs = pd.DataFrame(
        {"day": middle, "kind": bands["kind"], "glyph": bands["kind"].str[:1]}
    ).drop_duplicates()
    glyphs = glyphs[~pd.Series(place, index=glyphs.index).duplicated()]
    signs = (
        alt.Chart(glyphs)
        .mark_text(fontWeight="bold")
        .encode(x=x, y=alt.value(8), text="glyph:N", color=colour)
    )
    return [shade, signs]


def _worst_layers(known: pd.DataFrame, cap: float, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """A point on the highest ratio, and what it was."""
    worst = known.nlargest(1, "ratio")
    day, ratio = worst["day"].iloc[0], worst["ratio"].iloc[0]
    point = alt.Chart(pd.DataFrame({"day": [day + pd.Timedelta(hours=12)], "ratio": [ratio]}))
    place = (day - known["day"].min()) / max(
        known["day"].max() - known["day"].min(), pd.Timedelta(days=1)
    )
    align: Literal["left", "right", "center"] = (
        "left" if place < 0.25 else "right" if place > 0.75 else "center"
    )
    said = f"{_ratio_text(ratio, cap)} on {date(day)}"
    return [
        point.mark_point(
            shape="triangle-up", size=70, filled=True, opacity=1, color=LIGHT["ink"]
        ).encode(x=x, y=y),
        point.mark_text(align=align, dy=-14, text=said).encode(x=x, y=y),
    ]
