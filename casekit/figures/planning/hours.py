"""The figure of the hours that students need in a week, and of those their case manager has."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from casekit.figures.figure import Figure, drawn, nothing
from casekit.figures.theme import LIGHT, WIDTH
from casekit.phrases import count, number

# The chart shows so many, those with the least left; the table shows all.
MOST_BARS = 40
# Kind of hours -> its letter, its word, its colour; in the order in which they stand in a bar.
_KINDS = {
    "contact_hours": ("C", "contacts", "accent"),
    "travel_hours": ("T", "travel", "cannot_tell"),
    "paperwork_hours": ("P", "paperwork", "muted"),
    "meeting_hours": ("M", "IEP meetings", "met"),
}
_COLUMNS = [
    *("Case manager", "Students", "Contacts", "Travel", "Paperwork", "IEP meetings"),
    *("Hours needed", "Hours there", "Hours left"),
]
_WIDTH = WIDTH - 140  # px: room for names on the left and for the numbers on the right


def hours_per_manager(hours: pd.DataFrame, program: str) -> Figure:
    """The hours a week that each case manager's students need, by kind, against those there.

    `hours` has a row per case manager: staff_id, students, contact_hours, travel_hours,
    paperwork_hours, meeting_hours, needed, available and left (hours a week; NaN: their time is not
    recorded).
    """
    key, title = "hours", f"Hours needed and hours there in a week: {program}"
    caption = f"Hours a week of each case manager, by kind of work: {program}"
    if hours.empty:
        return nothing(key, title, "There is no case manager to show.", _COLUMNS, caption)
    hours = hours.sort_values(["left", "staff_id"], na_position="last", ignore_index=True)
    sentence = _sentence(hours)
    chart = drawn(_chart(hours.head(MOST_BARS)), sentence)
    columns = (
        hours["staff_id"].astype(str),
        hours["students"].astype(int),
        *(hours[name].map(_hours) for name in _KINDS),
        *(hours[name].map(_hours) for name in ("needed", "available", "left")),
    )
    table = pd.DataFrame(dict(zip(_COLUMNS, columns, strict=True)))
    return Figure(key, title, sentence, chart, table, caption)


def _hours(value: float) -> str:
    return "not known" if np.isnan(value) else number(value, 1)


def _short(row: pd.Series) -> bool:
    return row["left"] < 0 and _hours(row["left"]) != "-0"


def _sentence(hours: pd.DataFrame) -> str:
    short, unknown = hours[hours.apply(_short, axis=1)], int(hours["available"].isna().sum())
    people = count(len(hours), "case manager")
    if len(short):
        worst = short.iloc[0]
        said = (
            f"The students of {len(short)} of {people} need more hours than are there; most are"
            f" missing for {worst['staff_id']}: {_hours(-worst['left'])} a week."
        )
    else:
        said = f"The hours there are enough for the students of each of {people}."
        if unknown == len(hours):
            said = f"Whether the hours are enough cannot be told for {people}."
    if unknown and unknown < len(hours):
        said += f" For {unknown} it cannot be told."
    if len(hours) > MOST_BARS:
        said += f" The chart shows the {MOST_BARS} with the least left; the table shows all."
    return said + " The upright mark on each bar is the hours there."


def _parts(hours: pd.DataFrame) -> pd.DataFrame:
    """A row per case manager and kind of hours: who, kind, from, to, letter."""
    rows = []
    for row in hours.to_dict("records"):
        begin = 0.0
        for name, (letter, word, _) in _KINDS.items():
            if row[name] > 0:
                rows.append(
                    (str(row["staff_id"]), f"{letter} {word}", begin, begin + row[name], letter)
                )
                begin += row[name]
    return pd.DataFrame(rows, columns=["who", "kind", "hours", "to", "letter"])


def _chart(hours: pd.DataFrame) -> alt.TopLevelMixin:
    parts = _parts(hours)
    most = 1.35 * max(hours["needed"].max(), hours["available"].fillna(0).max(), 1)
    who = hours["staff_id"].astype(str)
    y = alt.Y("who:N", title=None, sort=list(who), axis=alt.Axis(ticks=False))
    x = alt.X("hours:Q", title="Hours a week", scale=alt.Scale(domain=[0, most], nice=False))
    shown = [v for v in _KINDS.values() if f"{v[0]} {v[1]}" in set(parts["kind"])]
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(
            domain=[f"{letter} {word}" for letter, word, _ in shown],
            range=[LIGHT[name] for *_, name in shown],
        ),
    )
    # A letter stands only where the part is wide enough to hold it.
    wide = parts[(parts["to"] - parts["hours"]) * _WIDTH / most > 16]
    middle = wide.assign(hours=(wide["hours"] + wide["to"]) / 2)[["who", "hours", "letter"]]
    there = pd.DataFrame({"who": who, "hours": hours["available"]}).dropna()
    ends = pd.DataFrame(
        {
            "who": who,
            "hours": np.fmax(hours["needed"], hours["available"]),
            "said": [_said(row) for row in hours.to_dict("records")],
        }
    )
    return alt.layer(
        alt.Chart(parts[["who", "kind", "hours", "to"]])
        .mark_bar(height={"band": 0.6}, stroke=LIGHT["surface"], strokeWidth=1)
        .encode(x=x, x2="to:Q", y=y, color=colour),
        alt.Chart(middle)
        .mark_text(color=LIGHT["surface"], fontWeight="bold")
        .encode(x=x, y=y, text="letter:N"),
        alt.Chart(there).mark_tick(color=LIGHT["ink"], thickness=3, bandSize=20).encode(x=x, y=y),
        alt.Chart(ends).mark_text(align="left", dx=8).encode(x=x, y=y, text="said:N"),
    ).properties(width=_WIDTH, height=alt.Step(28))


def _said(row: dict) -> str:
    if np.isnan(row["available"]):
        return f"? {_hours(row['needed'])} needed"
    glyph = "✗" if _short(pd.Series(row)) else "✓"
    return f"{glyph} {_hours(row['needed'])} of {_hours(row['available'])}"
