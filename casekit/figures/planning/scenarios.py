"""The figure of findings that scenarios change: a grid, each status by glyph and word."""

from __future__ import annotations

import altair as alt
import pandas as pd

from casekit.figures.axes import status_colour
from casekit.figures.figure import Figure, drawn, nothing
from casekit.figures.grid import ROW, columns, grid
from casekit.figures.theme import STATUS
from casekit.phrases import count, listing

MOST_ROWS = 40  # findings in the chart; the table shows all
BASELINE = "Baseline"
_MOVES = {"better": "▲ better", "worse": "▼ worse", "changed": "◆ changed", "same": ""}
_COLUMNS = ["Finding", "Scenario", BASELINE, "Then", "Change", "Days over", "Days over then"]


def findings_by_scenario(frame: pd.DataFrame, scenarios: list[str], when: str) -> Figure:
    """The findings that at least one scenario changes, with their status in each of them.

    `frame` has a row per scenario, program and requirement: scenario, program_id, requirement_id,
    title, status_before, status_after, direction (better, worse, same, changed), days_over_before
    and days_over_after (NaN: none are counted). `when` says which days are judged, in words.
    """
    key, title = "scenarios", f"Findings that the scenarios change: {when}"
    caption = f"Findings that the scenarios change, before and after: {when}"
    moved = frame[frame["direction"] != "same"]
    if moved.empty:
        sentence = f"None of {count(len(scenarios), 'scenario')} changes a finding, {when}."
        return nothing(key, title, sentence, _COLUMNS, caption)
    names = ["program_id", "requirement_id"]
    rows = frame.merge(moved[names].drop_duplicates()).sort_values(names, kind="stable")
    rows = rows.assign(finding=rows["program_id"].astype(str) + ": " + rows["title"].astype(str))
    sentence = _sentence(moved, scenarios, when, len(rows.drop_duplicates(names)))
    chart = drawn(_chart(rows, scenarios), sentence)
    return Figure(key, title, sentence, chart, _table(rows), caption)


def _sentence(moved: pd.DataFrame, scenarios: list[str], when: str, findings: int) -> str:
    each = []
    for name in scenarios:
        kinds = moved.loc[moved["scenario"] == name, "direction"].value_counts()
        words = {"better": "better", "worse": "worse", "changed": "otherwise"}
        parts = [f"{kinds[kind]} {word}" for kind, word in words.items() if kind in kinds]
        told = f"makes {listing(parts)}" if parts else "leaves all as in the Baseline"
        each.append(f"“{name}” {told}")
    verb = "changes" if findings == 1 else "change"
    said = f"{count(findings, 'finding')} {verb} {when}: {listing(each, 10)}."
    if findings > MOST_ROWS:
        said += f" The chart shows the first {MOST_ROWS}; the table shows all."
    return said


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    def days(name: str) -> pd.Series:
        return rows[name].map(lambda n: "" if pd.isna(n) else f"{n:,.0f}")

    label = {name: status.label for name, status in STATUS.items()}
    given = (
        *(rows["finding"], rows["scenario"], rows["status_before"].map(label)),
        *(rows["status_after"].map(label), rows["direction"].map(_MOVES).replace("", "same")),
        *(days("days_over_before"), days("days_over_after")),
    )
    return pd.DataFrame(dict(zip(_COLUMNS, given, strict=True))).reset_index(drop=True)


def _chart(rows: pd.DataFrame, scenarios: list[str]) -> alt.TopLevelMixin:
    """Rows of findings, columns of scenarios; findings of one name keep apart by their place."""
    names = ["program_id", "requirement_id"]
    shown = rows.drop_duplicates(names).head(MOST_ROWS)
    place = {key: n for n, key in enumerate(shown[names].itertuples(index=False, name=None))}
    cells = []
    for row in rows.to_dict("records"):
        at = place.get((row["program_id"], row["requirement_id"]))
        if at is None:
            continue
        # A row's label begins with its place; a thin space keeps it from being set as a heading.
        name = f"{at:04}\u2009{row['finding']}"
        for column, status, move in (
            (BASELINE, row["status_before"], ""),
            (row["scenario"], row["status_after"], _MOVES[row["direction"]]),
        ):
            told = STATUS[status].label
            cells.append((name, column, told, f"{told}  {move}".strip()))
    frame = pd.DataFrame(cells, columns=["row", "scenario", "status", "glyph"])
    frame = frame.drop_duplicates(["row", "scenario"])
    order = [BASELINE, *scenarios]
    colour = status_colour("status", frame["status"])
    return grid(frame, columns("scenario", order), colour).properties(
        width=165 * len(order), height=alt.Step(ROW)
    )
