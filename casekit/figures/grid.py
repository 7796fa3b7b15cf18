"""The grid of coloured cells that the ladder and the requirements share."""

from __future__ import annotations

import altair as alt
import pandas as pd

from casekit.figures.theme import LIGHT

ROW = 24  # px, the height of a row
INDENT = "\u2009"  # a thin space before the label of a row that stands under another


def columns(field: str, names: list[str], angle: int = 0) -> alt.X:
    return alt.X(
        f"{field}:N",
        title=None,
        sort=names,
        axis=alt.Axis(
            orient="top", domain=False, ticks=False, labelAngle=angle, labelLimit=150, grid=False
        ),
        scale=alt.Scale(paddingInner=0.06, paddingOuter=0),
    )


def rows(field: str) -> alt.Y:
    """Rows in their order: the label begins with its place, in four digits that are not shown.

    A label that is not indented stands over those that are, and is bold.
    """
    over = f"slice(datum.label, 4, 5) != '{INDENT}'"
    return alt.Y(
        f"{field}:N",
        title=None,
        sort="ascending",
        axis=alt.Axis(
            domain=False,
            ticks=False,
            labelPadding=6,
            labelExpr="slice(datum.label, 4)",
            labelFontWeight=alt.condition(over, alt.value("bold"), alt.value("normal")),
        ),
        scale=alt.Scale(paddingInner=0.12, paddingOuter=0),
    )


def grid(
    cells: pd.DataFrame, x: alt.X, colour: alt.Color, pale: str = "false"
) -> alt.LayerChart | alt.FacetChart:
    """Coloured cells with a glyph in each, which is in ink where the expression `pale` is true."""
    base = alt.Chart(cells)
    ink = alt.condition(pale, alt.value(LIGHT["ink"]), alt.value(LIGHT["surface"]))
    return alt.layer(
        base.mark_rect().encode(x=x, y=rows("row"), color=colour),
        base.mark_text(fontWeight="bold").encode(x=x, y=rows("row"), text="glyph:N", color=ink),
    )
