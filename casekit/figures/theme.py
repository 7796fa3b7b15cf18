"""How figures look: two palettes, one entry for every status, and Altair's settings.

A figure is drawn in the LIGHT colours. In a page its SVG takes the page's own variables, one for
each name here (`--ck-ink`, `--ck-met`, ...), so that it follows a dark page.

Every colour but `line` (the grid, which carries nothing) stands out from `surface` by 4.5 to 1 or
more, so each may be used for text, and `surface` for text upon it. The hues keep apart for readers
who do not tell red from green; a glyph and a word stand beside each all the same.
"""

from __future__ import annotations

from dataclasses import dataclass

LIGHT = {
    "ink": "#1f2328",
    "muted": "#59636e",
    "line": "#d8dde3",
    "surface": "#ffffff",
    "met": "#00735a",
    "not_met": "#b84300",
    "due": "#0067a3",
    "not_applicable": "#6e7681",
    "cannot_tell": "#96427c",
    "accent": "#3d4fb8",
}
DARK = {
    "ink": "#e8eaed",
    "muted": "#a9b1bb",
    "line": "#3b424a",
    "surface": "#15181c",
    "met": "#3ec9a0",
    "not_met": "#ff8f4a",
    "due": "#5fb3ef",
    "not_applicable": "#9aa2ad",
    "cannot_tell": "#e39bc6",
    "accent": "#9fabff",
}


@dataclass(frozen=True)
class Status:
    """How one status is shown: its word, its glyph, and the name of its colour in a palette."""

    word: str
    glyph: str
    colour: str

    @property
    def label(self) -> str:
        """Glyph and word, as a cell or a legend shows them."""
        return f"{self.glyph} {self.word}"


STATUS: dict[str, Status] = {
    "met": Status("met", "✓", "met"),
    "not_met": Status("not met", "✗", "not_met"),
    "due": Status("due", "○", "due"),
    "not_applicable": Status("not applicable", "–", "not_applicable"),
    "cannot_tell": Status("cannot tell", "?", "cannot_tell"),
}

# Faces of one width: the place a text takes is measured here, with Liberation Sans for Arial.
FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"
WIDTH = 640  # px of the plotted area
TEXT = 12  # px; nothing in a figure is smaller than 11

_TEXT = {"labelColor": LIGHT["ink"], "labelFontSize": TEXT, "titleColor": LIGHT["muted"]}

CONFIG: dict = {
    "font": FONT,
    "background": LIGHT["surface"],
    "padding": 8,
    "view": {"stroke": None},
    "axis": {
        **_TEXT,
        "titleFontSize": TEXT,
        "titleFontWeight": "normal",
        "labelFontWeight": "normal",
        "labelLimit": 320,
        "gridColor": LIGHT["line"],
        "domainColor": LIGHT["muted"],
        "tickColor": LIGHT["muted"],
    },
    "legend": {
        **_TEXT,
        "orient": "top",
        "title": None,
        "labelLimit": 320,
        "symbolType": "square",
        "symbolSize": 120,
        "symbolStrokeWidth": 0,
        "symbolOpacity": 1,
    },
    "text": {"fontSize": TEXT, "color": LIGHT["ink"]},
    "rule": {"color": LIGHT["ink"]},
    "line": {"color": LIGHT["accent"], "strokeWidth": 2},
}
