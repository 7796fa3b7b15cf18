"""Figure: a chart, the sentence that says what it shows, and the table behind it, as one unit."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from xml.etree import ElementTree  # writes only; defusedxml reads

import altair as alt
import pandas as pd
import vl_convert
from defusedxml.ElementTree import fromstring

from casekit.figures.theme import CONFIG, LIGHT

# The name of a chart layer whose areas `svg` fills with a hatch.
HATCH = "hatch"

_SVG = "http://www.w3.org/2000/svg"
_NAMES = {colour: name for name, colour in LIGHT.items()}
ElementTree.register_namespace("", _SVG)


@dataclass(frozen=True)
class Figure:
    """One figure of a report or a notebook.

    key       a short slug, such as `ratio`
    title     the heading over it
    sentence  what it shows, in plain words, with the numbers and the days
    chart     the Altair chart; None where there is nothing to draw, and the sentence says why
    table     the table behind it, its cells and headers ready to be shown
    caption   the table's caption
    """

    key: str
    title: str
    sentence: str
    chart: alt.TopLevelMixin | None
    table: pd.DataFrame
    caption: str

    def svg(self, *, variables: bool = True) -> str:
        """The chart as one `<svg>` element that needs nothing from outside; empty without a chart.

        Its name for a screen reader is the sentence; its id is its own in a page of many. With
        `variables`, each colour of the theme is `var(--ck-NAME, #hex)`; without, it is the light
        colour (for a PDF, or a file of its own). Starts vl-convert's engine: never before a fork.
        """
        if self.chart is None:
            return ""
        # Each part of a chart was checked when it was made; checking the whole again costs half the
        # time of drawing.
        spec = self.chart.to_dict(validate=False)
        spec["config"]["background"] = None
        root = fromstring(vl_convert.vegalite_to_svg(spec))
        digest = hashlib.sha256(f"{self.title}\n{self.sentence}".encode()).hexdigest()
        for element in root.iter():
            _drop_inner_roles(element)
        _hatch(root, f"{self.key}-{digest[:8]}")
        if variables:
            for element in root.iter():
                _follow_page(element)
        root.set("role", "img")
        root.set("aria-label", self.sentence)
        root.set("style", "max-width:100%;height:auto;overflow:visible;background:transparent")
        return ElementTree.tostring(root, encoding="unicode")


def drawn(chart: alt.TopLevelMixin, sentence: str) -> alt.TopLevelMixin:
    """The chart with the theme's settings, and the sentence as its description."""
    return chart.properties(description=sentence).configure(**CONFIG)


def nothing(key: str, title: str, sentence: str, columns: list[str], caption: str) -> Figure:
    """A figure without a chart; the sentence says why, and what would be needed."""
    return Figure(key, title, sentence, None, pd.DataFrame(columns=columns), caption)


def _drop_inner_roles(element: ElementTree.Element) -> None:
    """One image with one name: what Vega says of each mark would only be noise beneath it."""
    for name in [n for n in element.attrib if n == "role" or n.startswith("aria-")]:
        del element.attrib[name]


def _hatch(root: ElementTree.Element, pattern_id: str) -> None:
    """Fill the areas of the layers named HATCH with thin slanted lines; Vega has no patterns."""
    layers = [e for e in root.iter() if re.search(rf"(^|[ _]){HATCH}_marks", e.get("class") or "")]
    for layer in layers:
        for area in layer.iter(f"{{{_SVG}}}path"):
            area.set("fill", f"url(#{pattern_id})")
    if layers:
        tile = {"id": pattern_id, "width": "6", "height": "6", "patternUnits": "userSpaceOnUse"}
        pattern = ElementTree.Element(
            f"{{{_SVG}}}pattern", {**tile, "patternTransform": "rotate(45)"}
        )
        line = {"x1": "0", "y1": "0", "x2": "0", "y2": "6", "stroke": LIGHT["muted"]}
        ElementTree.SubElement(pattern, f"{{{_SVG}}}line", {**line, "stroke-width": "1.5"})
        defs = ElementTree.Element(f"{{{_SVG}}}defs")
        defs.append(pattern)
        root.insert(0, defs)


def _follow_page(element: ElementTree.Element) -> None:
    """Give each colour of the theme as a style: an attribute does not accept var()."""
    for name in ("fill", "stroke"):
        colour = (element.get(name) or "").lower()
        if colour in _NAMES:
            style = element.get("style")
            value = f"{name}:var(--ck-{_NAMES[colour]}, {colour})"
            element.set("style", f"{style};{value}" if style else value)
