"""Figures of what it costs to be sure, and of the assumptions that matter most to that cost."""

from __future__ import annotations

import altair as alt
import pandas as pd

from casekit.figures.figure import Figure, drawn, nothing
from casekit.figures.planning.forecast import chance
from casekit.figures.theme import LIGHT, WIDTH
from casekit.phrases import capital, number

_HEIGHT = 240  # px
MOST_BARS = 20  # assumptions in the chart, those that move it most; the table shows all
_STEPS = ["Probability of staying within the limit", "On top of those employed", "Cost"]
_TORNADO = ["Assumption", "Low", "Cost at low", "High", "Cost at high", "Where it turns", "Meaning"]


def cost_of_certainty(
    steps: pd.DataFrame, program: str, *, sure: float, unit: str, money: str
) -> Figure:
    """The least cost of staying within the limit, by how sure one wants to be of it.

    `steps` has a row per step: probability (0 to 1), extra (on top of those employed), cost.
    `sure` is the probability that is aimed at, `unit` that of extra (`FTE`, `case managers`),
    `money` that of cost.
    """
    key, title = "frontier", f"What it costs to be sure: {program}"
    caption = f"The least cost for each probability of staying within the limit: {program}"
    if steps.empty:
        sentence = "No cost can be given: whether the limit is passed is not known."
        return nothing(key, title, sentence, _STEPS, caption)
    steps = steps.sort_values(["probability", "cost"], ignore_index=True).astype(
        {"probability": float, "extra": float, "cost": float}
    )
    sentence = _certainty_said(steps, sure, unit, money)
    table = pd.DataFrame(
        {
            _STEPS[0]: steps["probability"].map(chance),
            _STEPS[1]: steps["extra"].map(lambda extra: _amount(extra, unit)),
            _STEPS[2]: steps["cost"].map(lambda cost: f"{price(cost)} {money}"),
        }
    )
    return Figure(key, title, sentence, drawn(_curve(steps, unit, money), sentence), table, caption)


def _certainty_said(steps: pd.DataFrame, sure: float, unit: str, money: str) -> str:
    enough = steps[steps["probability"] >= sure]
    aimed, last = (enough if len(enough) else steps).iloc[0], steps.iloc[-1]
    said = []
    for row in [aimed] if aimed["probability"] == last["probability"] else [aimed, last]:
        takes = "nobody more" if not row["extra"] else f"{_amount(row['extra'], unit)} more"
        said.append(
            f"to stay within the limit in every week with a probability of"
            f" {chance(row['probability'])} takes {takes} and costs {price(row['cost'])} {money}"
        )
    return capital("; ".join(said)) + "."


def price(cost: float) -> str:
    """A cost as it is shown: whole from a thousand on, with two decimals below."""
    return number(cost, 0 if abs(cost) >= 1000 else 2)


def _amount(extra: float, unit: str) -> str:
    """`0.7 FTE`, `1 case manager`."""
    return f"{number(extra)} {unit.removesuffix('s') if extra == 1 else unit}"


def _curve(steps: pd.DataFrame, unit: str, money: str) -> alt.TopLevelMixin:
    top = 1.25 * max(steps["cost"].max(), 0.01)
    x = alt.X(
        "probability:Q",
        title="Probability of staying within the limit",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(format=".0%", grid=False),
    )
    y = alt.Y("cost:Q", title=f"Cost ({money})", scale=alt.Scale(domain=[0, top], nice=False))
    base = alt.Chart(steps[["probability", "cost"]])
    first = steps[steps["extra"] != steps["extra"].shift(1)].reset_index(drop=True)
    names = _apart(first, top).assign(name=lambda s: [f"+{_amount(e, unit)}" for e in s["extra"]])
    return alt.layer(
        base.mark_line(interpolate="step-before").encode(x=x, y=y),
        base.mark_point(filled=True, size=50, opacity=1, color=LIGHT["ink"]).encode(x=x, y=y),
        alt.Chart(names[["probability", "cost", "name"]])
        .mark_text(align="right", dx=-6, dy=-8)
        .encode(x=x, y=y, text="name:N"),
    ).properties(width=WIDTH, height=_HEIGHT)


def _apart(steps: pd.DataFrame, top: float) -> pd.DataFrame:
    """The steps whose names would not run into one another, the last step first."""
    kept: list[int] = []
    for place in range(len(steps) - 1, -1, -1):
        row = steps.iloc[place]
        far = [
            abs(row["cost"] - steps["cost"][other]) * _HEIGHT / top > 15
            or abs(row["probability"] - steps["probability"][other]) * WIDTH > 75
            for other in kept
        ]
        if all(far):
            kept.append(place)
    return steps.iloc[sorted(kept)]


def what_matters(tornado: pd.DataFrame, program: str, money: str) -> Figure:
    """How far the cost moves when one assumption is low, or high, and the others stay.

    `tornado` has a row per assumption: setting, meaning, low, high (its values), cost_low,
    cost_high, break_even (text: the value at which the answer turns; may be empty).
    """
    key, title = "tornado", f"Which assumptions matter most: {program}"
    caption = f"The cost with each assumption low and high: {program}"
    if tornado.empty:
        sentence = "No assumption was tried at other values."
        return nothing(key, title, sentence, _TORNADO, caption)
    tornado = tornado.assign(setting=tornado["setting"].str.replace("_", " "))
    reach = (tornado["cost_high"] - tornado["cost_low"]).abs().astype(float)
    rows = tornado.assign(reach=reach).sort_values(["reach", "setting"], ascending=[False, True])
    top = rows.iloc[0]
    if top["reach"]:
        sentence = (
            f"{capital(top['setting'])} matters most: all staff together cost"
            f" {price(top['cost_low'])} {money} where it is {_value(top['low'])}, and"
            f" {price(top['cost_high'])} where it is {_value(top['high'])}."
        )
    else:
        sentence = "The cost is the same whichever of these assumptions is low or high."
    if len(rows) > min((rows["reach"] > 0).sum(), MOST_BARS) > 0:
        sentence += " The chart shows those that move it most; the table shows all."
    columns = (
        *(rows["setting"], rows["low"].map(_value), rows["cost_low"].map(price)),
        *(rows["high"].map(_value), rows["cost_high"].map(price)),
        *(rows["break_even"].fillna(""), rows["meaning"]),
    )
    table = pd.DataFrame(dict(zip(_TORNADO, columns, strict=True))).reset_index(drop=True)
    moving = rows[rows["reach"] > 0].head(MOST_BARS).reset_index(drop=True)
    chart = drawn(_bars(moving, money), sentence) if len(moving) else None
    return Figure(key, title, sentence, chart, table, caption)


def _value(value: object) -> str:
    return number(value, 4) if isinstance(value, int | float) else str(value)


def _bars(rows: pd.DataFrame, money: str) -> alt.TopLevelMixin:
    """A bar from one cost to the other: a circle where the assumption is low, a square if high."""
    costs = pd.concat([rows["cost_low"], rows["cost_high"]]).astype(float)
    room = 0.3 * max(costs.max() - costs.min(), 0.05 * costs.abs().max(), 0.01)
    y = alt.Y("setting:N", title=None, sort=list(rows["setting"]), axis=alt.Axis(ticks=False))
    x = alt.X(
        "cost:Q",
        title=f"Cost ({money})",
        scale=alt.Scale(domain=[costs.min() - room, costs.max() + room], nice=False, zero=False),
    )
    bars = rows.assign(cost=rows["cost_low"])[["setting", "cost", "cost_high"]]
    layers: list = [
        alt.Chart(bars)
        .mark_bar(height={"band": 0.5}, opacity=0.35, color=LIGHT["accent"])
        .encode(x=x, x2="cost_high:Q", y=y)
    ]
    for side, other, shape in (("low", "high", "circle"), ("high", "low", "square")):
        right = rows[f"cost_{side}"] > rows[f"cost_{other}"]
        points = pd.DataFrame(
            {
                "setting": rows["setting"],
                "cost": rows[f"cost_{side}"].astype(float),
                "name": [f"{side} {_value(value)}" for value in rows[side]],
            }
        )
        base = alt.Chart(points[["setting", "cost"]]).encode(x=x, y=y)
        layers.append(
            base.mark_point(shape=shape, filled=True, size=60, opacity=1, color=LIGHT["ink"])
        )
        onward = alt.Chart(points[right]).mark_text(align="left", dx=8)
        back = alt.Chart(points[~right]).mark_text(align="right", dx=-8)
        layers += [text.encode(x=x, y=y, text="name:N") for text in (onward, back)]
    return alt.layer(*layers).properties(width=WIDTH - 140, height=alt.Step(30))
