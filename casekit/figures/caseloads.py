"""The figure of students to each case manager, at the fullest, against the cap."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from casekit.figures.axes import status_colour
from casekit.figures.figure import Figure, drawn, nothing
from casekit.figures.theme import LIGHT, STATUS, WIDTH
from casekit.phrases import count

_CASELOAD_COLUMNS = [
    "Case manager",
    "Most students",
    "In",
    "Cap",
    "Days over",
    "Months over",
    "Months not known",
    "Status",
]

# The chart shows so many, the fullest; the table shows all.
MOST_BARS = 40


def caseload_per_manager(months: pd.DataFrame, cap: int) -> Figure:
    """The most students each case manager had at once, against the cap.

    `months` has a row per case manager and month: manager (the label to show), month (datetime64),
    observed (students on the month's worst day, NaN unknown), limit, status, days_over.
    """
    key, title = "caseload", "Students to each case manager"
    caption = f"Each case manager's fullest month (cap {cap})"
    if months.empty:
        sentence = (
            "There is no caseload to judge. The assignments table must show which student has "
            "which case manager, and from when."
        )
        return nothing(key, title, sentence, _CASELOAD_COLUMNS, caption)
    worst = _fullest_months(months)
    sentence = _caseload_sentence(worst, cap)
    chart = drawn(_caseload_chart(worst.head(MOST_BARS), cap), sentence)
    table = pd.DataFrame(
        {
            "Case manager": worst["manager"],
            "Most students": worst["observed"].map(_heads),
            "In": worst["month"].map(lambda m: f"{m:%B %Y}"),
            "Cap": f"{cap}",
            "Days over": worst["days_over"].astype(int),
            "Months over": worst["months_over"],
            "Months not known": worst["months_unknown"],
            "Status": worst["status"].map(lambda s: STATUS[s].label),
        }
    )
    return Figure(key, title, sentence, chart, table, caption)


def _heads(observed: float) -> str:
    return "not known" if np.isnan(observed) else f"{observed:,.0f}"


def _fullest_months(months: pd.DataFrame) -> pd.DataFrame:
    """A row per case manager, the fullest first: the fullest month, and sums over all months."""
    ordered = months.sort_values(
        ["observed", "month"], ascending=[False, True], na_position="last", kind="stable"
    )
    by_manager = ordered.groupby("manager", sort=False)
    worst = (
        by_manager.head(1).set_index("manager")[["month", "observed"]].astype({"observed": float})
    )
    status = ordered["status"].eq
    sums = {"months_over": status("not_met"), "months_unknown": status("cannot_tell")}
    for name, rows in sums.items():
        worst[name] = rows.groupby(ordered["manager"]).sum()
    worst["days_over"] = by_manager["days_over"].sum()
    worst["status"] = np.select(
        [worst["months_over"] > 0, worst["months_unknown"] > 0], ["not_met", "cannot_tell"], "met"
    )
    return worst.reset_index()


def _caseload_sentence(worst: pd.DataFrame, cap: int) -> str:
    managers = len(worst)
    over = int((worst["status"] == "not_met").sum())
    unknown = int(worst["observed"].isna().sum())
    if unknown == managers:
        whom = "the one case manager" if managers == 1 else f"any of {managers} case managers"
        return f"The caseload of {whom} cannot be told from what is recorded."
    top = worst.iloc[0]
    most = f"{count(top['observed'], 'student')} ({top['manager']}, {top['month']:%B %Y})"
    if not over:
        said = (
            f"No case manager had more than {count(cap, 'student')} at once; the most was {most}."
        )
    else:
        said = (
            f"{over} of {count(managers, 'case manager')} had more than {count(cap, 'student')} "
            f"at once; the most was {most}."
        )
    if unknown:
        said += f" For {count(unknown, 'case manager')} it cannot be told."
    if managers > MOST_BARS:
        said += f" The chart shows the {MOST_BARS} fullest; the table shows all."
    return said


def _caseload_chart(worst: pd.DataFrame, cap: int) -> alt.TopLevelMixin:
    bars = pd.DataFrame(
        {
            "manager": worst["manager"].astype(str),
            "students": worst["observed"].fillna(0),
            "status": worst["status"].map(lambda s: STATUS[s].label),
            "said": worst["status"].map(lambda s: STATUS[s].glyph)
            + " "
            + worst["observed"].map(_heads),
        }
    )
    most = max(cap, bars["students"].max()) * 1.15
    y = alt.Y("manager:N", title=None, sort=list(bars["manager"]), axis=alt.Axis(ticks=False))
    x = alt.X(
        "students:Q",
        title="Students on the fullest day",
        scale=alt.Scale(domain=[0, most], nice=False),
        axis=alt.Axis(tickMinStep=1),
    )
    base = alt.Chart(bars[["manager", "students", "status"]])
    line = alt.Chart(pd.DataFrame({"students": [cap]}))
    # Numbers stand at the start of their bars, so that none runs into the cap's line.
    inside = bars["students"] > 0.12 * most
    texts = bars[["manager", "students", "said"]]
    return alt.layer(
        base.mark_bar(height={"band": 0.7}).encode(
            x=x, y=y, color=status_colour("status", bars["status"])
        ),
        alt.Chart(texts.loc[inside, ["manager", "said"]])
        .mark_text(align="left", color=LIGHT["surface"], fontWeight="bold")
        .encode(x=alt.value(6), y=y, text="said:N"),
        alt.Chart(texts[~inside]).mark_text(align="left", dx=6).encode(x=x, y=y, text="said:N"),
        line.mark_rule(strokeDash=[6, 3], strokeWidth=1.5).encode(x=x),
        line.mark_text(baseline="bottom", text=f"cap {cap}").encode(x=x, y=alt.value(-4)),
    ).properties(width=WIDTH - 140, height=alt.Step(24))
