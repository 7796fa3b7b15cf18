"""The figure of staffing on every open day, past and ahead, against the limit."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from casekit.calendars import Days
from casekit.figures.axes import day_axis
from casekit.figures.figure import Figure, drawn, nothing
from casekit.figures.planning.marks import first_assumed, named_days, names_at_ends
from casekit.figures.ratio import band_layers, step_line, stretches
from casekit.figures.theme import LIGHT, STATUS, WIDTH
from casekit.phrases import count, date, number
from casekit.planning.limits import Limits

MOST_LINES = 5  # so many dashes can be told apart
_DASHES = ([1, 0], [2, 2], [10, 3, 2, 3], [16, 4], [4, 6])
_HEIGHT = 260  # px
_COLUMNS = ["Month", "Open days", "Highest", "On", "Students", "FTE", "Days over", "Status"]


def staffing_ahead(
    lines: Mapping[str, pd.DataFrame],
    limits: Limits,
    program: str,
    as_of: Days,
    scenario: str = "",
) -> Figure:
    """Each open day against the limit, with a line for each scenario.

    `lines` has a frame per scenario, the first of them as things stand: day (datetime64), students,
    fte, ratio (inf without time, NaN unknown), largest (students of one case manager), status
    (met, not_met, cannot_tell, not_applicable), ahead (after as_of), assumed. Under a limit on
    heads alone the line is the fullest case manager, otherwise students to 1.0 FTE. `scenario` is
    the one in effect, empty where none is: its days over are marked, and it is told first.
    """
    heads = limits.per_staff is None and limits.at_most is not None
    what = "Students of the fullest case manager" if heads else "Students to 1.0 FTE"
    key, title = "staffing", f"{what}, day by day: {program}"
    caption = f"{what}, month by month: {program}"
    shown = {name: _measured(days, heads) for name, days in lines.items() if len(days)}
    if not shown:
        sentence = (
            "There is no open day to show. The calendar table must show terms or open days in the"
            " time that is looked at."
        )
        return nothing(key, title, sentence, _COLUMNS, caption)
    cap = limits.at_most if heads else limits.per_staff
    sentence = "" if cap is None else _sentence(shown, float(cap), as_of, scenario)
    if cap is None:
        sentence = (
            f"No limit on staffing is given: the line shows {what[0].lower()}{what[1:]} as it is."
        )
    chart = _chart(shown, None if cap is None else float(cap), what, as_of, scenario)
    tables = [_table(days) for days in shown.values()]
    if len(shown) > 1:
        for name, table in zip(shown, tables, strict=True):
            table.insert(1, "Scenario", name)
    return Figure(key, title, sentence, drawn(chart, sentence), pd.concat(tables), caption)


def _measured(days: pd.DataFrame, heads: bool) -> pd.DataFrame:
    """The days with `ratio` as what is drawn: students to 1.0 FTE, or the largest caseload."""
    days = days.sort_values("day", ignore_index=True)
    return days.assign(ratio=days["largest"].astype(float)) if heads else days


def _sentence(shown: Mapping[str, pd.DataFrame], cap: float, as_of: Days, scenario: str) -> str:
    """The past, then each line's days ahead: of the scenario in effect first."""
    base = next(iter(shown))
    first = shown[base]
    sofar = first[~first["ahead"]]
    said = [f"The limit is {number(cap)}."]
    if len(sofar):
        said.append(f"Up to {date(as_of)} {_over(sofar)}.")
    told = [name for name in (scenario, base) if name in shown]
    told += [name for name in shown if name not in told]
    if scenario and scenario not in shown:
        said.append(f"“{scenario}”, in effect on this page, leaves these days as in {base}.")
    for name in told:
        days = shown[name]
        ahead = days[days["ahead"]]
        if len(ahead):
            whose = _whose(name, scenario) if len(shown) > 1 else "From then"
            said.append(
                f"{whose} to {date(ahead['day'].iloc[-1])} {_over(ahead)}{_highest(ahead)}."
            )
    if len(shown) > MOST_LINES:
        said.append(f"The chart shows the first {MOST_LINES} lines; the table shows all.")
    return " ".join(said)


def _whose(name: str, scenario: str) -> str:
    return f"With “{name}”{', in effect on this page,' if name == scenario else ''} from then"


def _in_effect(shown: Mapping[str, pd.DataFrame], scenario: str) -> pd.DataFrame:
    """The days as they were, and ahead those of the scenario in effect."""
    base = next(iter(shown.values()))
    then = shown.get(scenario, base)
    days = pd.concat([base[~base["ahead"]], then[then["ahead"]]])
    return days.sort_values("day", ignore_index=True)


def _over(days: pd.DataFrame) -> str:
    over, unknown = ((days["status"] == s).sum() for s in ("not_met", "cannot_tell"))
    said = f"it is passed on {over} of {count(len(days), 'open day')}"
    return f"{said}, and on {unknown} it cannot be told" if unknown else said


def _highest(ahead: pd.DataFrame) -> str:
    known = ahead[np.isfinite(ahead["ratio"])]
    if known.empty:
        return ""
    top = known.loc[known["ratio"].idxmax()]
    return f"; the highest is {number(top['ratio'])}, first on {date(top['day'])}"


def _table(days: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for month, mine in days.groupby(days["day"].dt.to_period("M")):
        known = mine[mine["ratio"].notna()]
        top = known.loc[known["ratio"].idxmax()] if len(known) else None
        worst = next(s for s in ("not_met", "cannot_tell", "met", "not_applicable")
                     if (mine["status"] == s).any())  # fmt: skip
        rows.append(
            [
                f"{month.to_timestamp():%B %Y}",
                len(mine),
                "not known" if top is None else _value(top["ratio"]),
                "" if top is None else date(top["day"]),
                "" if top is None else number(top["students"]),
                "" if top is None or np.isnan(top["fte"]) else number(top["fte"], 4),
                int((mine["status"] == "not_met").sum()),
                "no limit" if worst == "not_applicable" else STATUS[worst].label,
            ]
        )
    return pd.DataFrame(rows, columns=_COLUMNS)


def _value(ratio: float) -> str:
    return "no case-management time" if np.isinf(ratio) else number(ratio)


def _chart(
    shown: Mapping[str, pd.DataFrame], cap: float | None, what: str, as_of: Days, scenario: str
) -> alt.TopLevelMixin:
    every = pd.concat(shown.values())
    known = every.loc[np.isfinite(every["ratio"]), "ratio"]
    top = 1.25 * max(cap or 0, known.max() if len(known) else 0, 1)
    first, last = every["day"].min(), every["day"].max()
    x = day_axis("day", first, last + pd.Timedelta(days=1))
    y = alt.Y("ratio:Q", title=what, scale=alt.Scale(domain=[0, top], nice=False))
    layers: list = band_layers(_in_effect(shown, scenario), x, offset=44)
    ends = []
    for place, (name, days) in enumerate(list(shown.items())[:MOST_LINES]):
        line = days.assign(stretch=stretches(days, pd.Series("", index=days.index)))
        line = line[np.isfinite(line["ratio"])]
        if line.empty:
            continue
        colour = LIGHT["ink"] if place else LIGHT["accent"]
        layers.append(
            step_line(line)
            .mark_line(interpolate="step-after", strokeDash=_DASHES[place], color=colour)
            .encode(x=x, y=y, detail="stretch:N")
        )
        ends.append((float(line["ratio"].iloc[-1]), name if len(shown) > 1 else ""))
    if cap is not None:
        rule = alt.Chart(pd.DataFrame({"ratio": [cap]}))
        layers.append(rule.mark_rule(strokeDash=[6, 3], strokeWidth=1.5).encode(y=y))
        ends.append((cap, f"limit {number(cap)}"))
    assumed = first_assumed(next(iter(shown.values())), "day")
    layers += named_days(as_of, assumed, x, (first, last))
    layers.append(names_at_ends([end for end in ends if end[1]], y, top, _HEIGHT))
    return alt.layer(*layers).properties(width=WIDTH, height=_HEIGHT)
