"""The figure of levels: how far up each element, each area and the program have come."""

from __future__ import annotations

import altair as alt
import pandas as pd

from casekit.figures.figure import Figure, drawn, nothing
from casekit.figures.grid import INDENT, ROW, columns, grid
from casekit.figures.theme import LIGHT
from casekit.phrases import capital, quoted

ATTAINED, BLOCKED, NOT_SHOWN = "✓ attained", "✗ blocked", "? not shown"
ABOVE = "· not reached"
_STEPS = {
    ATTAINED: LIGHT["met"],
    BLOCKED: LIGHT["not_met"],
    NOT_SHOWN: LIGHT["cannot_tell"],
    ABOVE: LIGHT["line"],
}
_LADDER_COLUMNS = ["Area", "Element", "Level", "Blocks the next level", "Not shown yet"]


def level_ladder(
    levels: pd.DataFrame, standard_title: str, level_names: list[str], titles: dict[str, str]
) -> Figure:
    """How far up the levels each element, each area and the whole program have come.

    `levels` has the rows of one program and one gate: area, element (both empty for the program,
    element empty for an area), level (empty: below the first), blocking and unshown (requirement
    ids, `;` between). `titles` gives each requirement's title.
    """
    key, title = "levels", f"Levels attained: {standard_title}"
    caption = f"The level of each element, and what stands before the next: {standard_title}"
    if levels.empty or not level_names:
        sentence = (
            f"{standard_title} has no levels to show. They are told by a standard that names its "
            "levels, and by the level, area and element of each requirement."
        )
        return nothing(key, title, sentence, _LADDER_COLUMNS, caption)
    fields = ["area", "element", "level", "blocking", "unshown"]
    levels = levels[fields].astype(object).fillna("")
    rank = levels["level"].map({name: i + 1 for i, name in enumerate(level_names)}).fillna(0)
    levels = levels.assign(rank=rank.astype(int))
    whole = (levels["area"] == "") & (levels["element"] == "")
    levels = levels.assign(whole=whole).sort_values("whole", ascending=False, kind="stable")
    sentence = _ladder_sentence(levels.iloc[0], level_names, titles)
    table = pd.DataFrame(
        {
            "Area": levels["area"].mask(levels["whole"], "Whole program"),
            "Element": levels["element"],
            "Level": levels["level"].replace("", "below the first"),
            "Blocks the next level": levels["blocking"].map(lambda ids: _titles(ids, titles)),
            "Not shown yet": levels["unshown"].map(lambda ids: _titles(ids, titles)),
        }
    ).reset_index(drop=True)
    chart = drawn(_ladder_chart(levels, level_names), sentence)
    return Figure(key, title, sentence, chart, table, caption)


def _names(ids: str, titles: dict[str, str]) -> list[str]:
    return [titles.get(i.strip(), i.strip()) for i in str(ids).split(";") if i.strip()]


def _titles(ids: str, titles: dict[str, str]) -> str:
    return "; ".join(_names(ids, titles))


def _ladder_sentence(program: pd.Series, level_names: list[str], titles: dict[str, str]) -> str:
    if program["rank"] == len(level_names):
        return f"The program is at {level_names[-1]}, the highest level."
    after = level_names[program["rank"]]
    if program["rank"]:
        said = f"The program is at {program['level']}."
    else:
        said = f"The program is below the first level, {level_names[0]}."
    blocking, unshown = (_names(program[c], titles) for c in ("blocking", "unshown"))
    if blocking:
        said += f" {capital(after)} is blocked by {quoted(blocking)}."
    if unshown:
        also = "Also not" if blocking else f"For {after}, not"
        said += f" {also} shown yet: {quoted(unshown)}."
    return said


def _steps(levels: pd.DataFrame, level_names: list[str]) -> pd.DataFrame:
    """A row per row and level: row (its place and label), level, step."""
    steps = []
    fields = ["area", "element", "whole", "blocking", "unshown", "rank"]
    rows = levels[fields].to_dict("records")
    for place, row in enumerate(rows):
        label = "Whole program" if row["whole"] else row["element"] or row["area"]
        label = f"{place:04}{INDENT * bool(row['element'])}{label}"
        upcoming = BLOCKED if row["blocking"] else NOT_SHOWN if row["unshown"] else ABOVE
        for index, level in enumerate(level_names):
            step = ATTAINED if index < row["rank"] else ABOVE
            steps.append((label, level, upcoming if index == row["rank"] else step))
    return pd.DataFrame(steps, columns=["row", "level", "step"])


def _ladder_chart(levels: pd.DataFrame, level_names: list[str]) -> alt.TopLevelMixin:
    cells = _steps(levels, level_names)
    cells["glyph"] = cells["step"].str[:1]
    shown = [step for step in _STEPS if step in set(cells["step"])]
    colour = alt.Color(
        "step:N", scale=alt.Scale(domain=shown, range=[_STEPS[step] for step in shown])
    )
    x = columns("level", level_names)
    return grid(cells, x, colour, f"datum.glyph == '{ABOVE[0]}'").properties(
        width=110 * len(level_names), height=alt.Step(ROW)
    )
