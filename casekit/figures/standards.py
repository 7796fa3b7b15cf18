"""The standard figure: how much of it the records show, and how much people have to answer."""

from __future__ import annotations

import altair as alt
import pandas as pd

from casekit.figures.figure import Figure, drawn, nothing
from casekit.figures.theme import LIGHT, WIDTH
from casekit.phrases import count, percent

_COLUMNS = ["Area", "Computed", "Attested"]
# The sort, how it is shown: colour and a sign in the bar as well.
SORTS = {"computed": ("accent", "■"), "attested": ("cannot_tell", "?")}


def computed_and_attested(counts: pd.DataFrame, whose: str) -> Figure:
    """How many requirements of each area are computed, and how many attested.

    `counts` has a row per area, in the text's order: area (str), computed, attested (int).
    """
    key, title = "computed_and_attested", "What the records show, and what people answer"
    caption = f"Requirements of {whose} by area"
    number, computed = int(counts[["computed", "attested"]].to_numpy().sum()), counts["computed"]
    if not number:
        return nothing(key, title, "No requirement is chosen.", _COLUMNS, caption)
    known = int(computed.sum())
    most = counts.loc[(computed + counts["attested"]).idxmax(), "area"]
    sentence = (
        f"Of {count(number, 'requirement')}, {known} ({percent(known, number)}) are computed from"
        f" the records, and {number - known} ask for somebody's answer."
    )
    if len(counts) > 1:
        sentence += f" Most are in {most}."
    table = counts.set_axis(_COLUMNS, axis=1).reset_index(drop=True)
    return Figure(key, title, sentence, drawn(_chart(counts), sentence), table, caption)


def _chart(counts: pd.DataFrame) -> alt.TopLevelMixin:
    bars = counts.melt("area", list(SORTS), "sort", "number")
    bars["end"] = bars.groupby("area", sort=False)["number"].cumsum()
    bars["start"] = bars["end"] - bars["number"]
    bars = bars[bars["number"] > 0]
    signs = {name: f"{sign} {name}" for name, (_, sign) in SORTS.items()}
    bars["label"] = bars["sort"].map(signs)
    most = float(bars["end"].max())
    # A bar too short for its words goes without: the table has the number.
    bars["said"] = [
        f"{SORTS[sort][1]} {number}" if number > most / 14 else ""
        for sort, number in zip(bars["sort"], bars["number"], strict=True)
    ]
    y = alt.Y("area:N", title=None, sort=list(counts["area"]), axis=alt.Axis(ticks=False))
    x = alt.X(
        "start:Q",
        title="Requirements",
        scale=alt.Scale(domain=[0, most], nice=False),
        axis=alt.Axis(tickMinStep=1, format=",d"),
    )
    there = [name for name in SORTS if name in set(bars["sort"])]
    colour = alt.Color(
        "label:N",
        scale=alt.Scale(
            domain=[signs[name] for name in there], range=[LIGHT[SORTS[name][0]] for name in there]
        ),
    )
    base = alt.Chart(bars[["area", "start", "end", "label", "said"]]).encode(x=x, y=y)
    return alt.layer(
        base.mark_bar(height={"band": 0.7}).encode(x2="end:Q", color=colour),
        base.mark_text(align="left", dx=5, color=LIGHT["surface"], fontWeight="bold").encode(
            text="said:N"
        ),
    ).properties(width=WIDTH - 200, height=alt.Step(28))
