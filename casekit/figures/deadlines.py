"""The deadlines figure: how many fall due in each week."""

from __future__ import annotations

import altair as alt
import pandas as pd

from casekit.figures.figure import Figure, drawn, nothing
from casekit.figures.theme import LIGHT, STATUS, TEXT, WIDTH
from casekit.phrases import count, date

OVERDUE = "Overdue"
_COLUMNS = ["Week", "Deadlines"]


def due_by_week(weeks: pd.DataFrame) -> Figure:
    """How many deadlines there are in each week.

    `weeks` has a row per week in order: week (its Monday; NaT: overdue) and due (int).
    """
    key, title, caption = "due_by_week", "Deadlines by week", "Deadlines in each week"
    total = int(weeks["due"].sum())
    if not total:
        return nothing(key, title, "Nothing with a day falls due.", _COLUMNS, caption)
    sentence = _sentence(weeks, total)
    weeks = weeks[weeks["week"].notna() | (weeks["due"] > 0)]
    table = pd.DataFrame({"Week": _named(weeks["week"]), "Deadlines": weeks["due"].to_numpy()})
    return Figure(key, title, sentence, drawn(_chart(weeks), sentence), table, caption)


def _named(weeks: pd.Series) -> list[str]:
    return [OVERDUE if pd.isna(week) else f"From {date(week)}" for week in weeks]


def _sentence(weeks: pd.DataFrame, total: int) -> str:
    ahead = weeks[weeks["week"].notna()]
    overdue = total - int(ahead["due"].sum())
    told = f"{count(total, 'deadline')} with a day, {overdue:,} of them overdue."
    if not ahead["due"].any():
        return told
    most = ahead.loc[ahead["due"].idxmax()]
    return f"{told} The fullest week, from {date(most['week'])}, has {int(most['due']):,}."


def _chart(weeks: pd.DataFrame) -> alt.TopLevelMixin:
    late = weeks["week"].isna()
    step = min(56.0, WIDTH / len(weeks))
    bars = pd.DataFrame(
        {
            "week": [OVERDUE if pd.isna(w) else f"{w.day} {w:%b}" for w in weeks["week"]],
            "due": weeks["due"].to_numpy(),
            "colour": [LIGHT["not_met" if each else "due"] for each in late],
            "said": [
                (f"{STATUS['not_met'].glyph} " if each else "") + (f"{due:,}" if due else "")
                for each, due in zip(late, weeks["due"], strict=True)
            ],
        }
    )
    x = alt.X(
        "week:N",
        title="Weeks, by their Monday",
        sort=None,
        axis=alt.Axis(labelAngle=0 if step > 40 else -45, ticks=False),
    )
    y = alt.Y(
        "due:Q",
        title="Deadlines",
        scale=alt.Scale(domain=[0, max(4, int(bars["due"].max()) * 1.12)], nice=False),
        axis=alt.Axis(tickMinStep=1, tickCount=4, format=",d"),
    )
    base = alt.Chart(bars)
    shown = base.mark_bar(width={"band": 0.8}).encode(
        x=x, y=y, color=alt.Color("colour:N", scale=None)
    )
    size = TEXT if step > 24 else TEXT - 1
    told = base.mark_text(baseline="bottom", dy=-3, fontSize=size).encode(x=x, y=y, text="said:N")
    return alt.layer(shown, told).properties(width=alt.Step(step), height=180)
