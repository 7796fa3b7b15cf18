"""What a figure draws: the chart, its SVG, and the theme."""

from __future__ import annotations

import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from figure_data import FIGURES, MIXED_WEEKS, cells_of, each_figure, ladder

from casekit.figures import (
    DARK,
    LIGHT,
    STATUS,
    weekly_contact,
)

# The charts


def test_each_step_of_the_ladder_is_attained_blocked_not_shown_or_not_reached():
    strategic = {(row[4:].strip(), step) for row, level, step, _ in cells_of(ladder())
                 if level == "Strategic"}  # fmt: skip
    assert strategic == {
        ("Whole program", "✗ blocked"),
        ("Wellbeing", "✗ blocked"),
        ("Contact", "✗ blocked"),
        ("Records", "? not shown"),
        ("Plans", "✓ attained"),
    }


def test_the_line_has_a_gap_on_days_that_are_not_known():
    rows = [r for rows in FIGURES["ratio"].chart.to_dict()["datasets"].values() for r in rows]
    steps = {row["day"][:10] for row in rows if "stretch" in row}
    # Known on the 11th to the 13th; the 14th ends the last step. Nothing on the 16th and 17th.
    assert max(steps) == "2026-03-14"


@each_figure
def test_a_chart_embeds_only_the_columns_that_it_plots(figure):
    spec = figure.chart.to_dict()
    plotted: dict[str, set] = {name: set() for name in spec["datasets"]}
    for layer in spec["layer"]:
        fields = re.findall(r"'field': '(\w+)'", str(layer["encoding"]))
        plotted[(layer.get("data") or spec["data"])["name"]].update(fields)
    held = {name: set(rows[0]) if rows else set() for name, rows in spec["datasets"].items()}
    assert all(held[name] <= plotted[name] for name in held)


@each_figure
def test_a_chart_is_described_by_its_sentence(figure):
    assert figure.chart.to_dict()["description"] == figure.sentence


@each_figure
def test_a_drawing_is_one_named_image_that_scales_and_asks_for_nothing(figure):
    root = ElementTree.fromstring(figure.svg())
    inner = [e for e in root.iter() if e is not root and (e.get("role") or e.get("aria-label"))]
    outside = re.findall(r"(?:href|src)=|@import|url\((?!#)", figure.svg())
    assert (root.get("role"), root.get("aria-label"), inner, outside) == (
        "img", figure.sentence, [], [],
    )  # fmt: skip
    assert root.get("viewBox")


@each_figure
def test_every_colour_of_a_drawing_follows_the_page(figure):
    for element in ElementTree.fromstring(figure.svg()).iter():
        for name in ("fill", "stroke"):
            colour = element.get(name) or ""
            if colour.startswith("#"):
                assert f"{name}:var(--ck-" in element.get("style", "")
            else:
                assert colour in ("", "none", "transparent") or colour.startswith("url(#")


@each_figure
def test_no_text_is_smaller_than_11_px(figure):
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)px"', figure.svg())) >= 11


def test_a_label_is_shown_as_text():
    drawing = FIGURES["caseload"].svg()
    assert ("<script" in drawing, "&lt;script&gt;" in drawing) == (False, True)


def test_the_ids_of_two_figures_never_meet():
    drawings = [figure.svg() for figure in FIGURES.values()]
    drawings.append(weekly_contact(MIXED_WEEKS, "meeting").svg())
    ids = [name for drawing in drawings for name in re.findall(r'\bid="([^"]+)"', drawing)]
    assert len(ids) == len(set(ids)) == 2  # the hatch of each weekly figure


def test_weeks_not_judged_are_hatched():
    drawing = FIGURES["weekly"].svg()
    (pattern,) = re.findall(r'<pattern id="([^"]+)"', drawing)
    assert f'fill="url(#{pattern})"' in drawing


def test_a_drawing_for_paper_has_plain_colours():
    assert "var(" not in FIGURES["ratio"].svg(variables=False)


# The theme


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", sorted(set(LIGHT) - {"surface", "line"}))
def test_every_colour_can_be_read_as_text_on_the_surface(palette, name):
    assert contrast(palette[name], palette["surface"]) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_ink_can_be_read_on_cells_of_the_grid_colour(palette):
    assert contrast(palette["ink"], palette["line"]) >= 4.5


def test_both_palettes_name_the_same_colours_and_no_two_alike():
    assert list(LIGHT) == list(DARK)
    assert len(set(LIGHT.values())) == len(LIGHT)  # a drawing's colour tells its name


def test_each_status_has_its_own_word_glyph_and_colour():
    assert list(STATUS) == ["met", "not_met", "due", "not_applicable", "cannot_tell"]
    for kind in ("word", "glyph", "colour"):
        assert len({getattr(status, kind) for status in STATUS.values()}) == 5


def test_importing_casekit_does_not_import_altair():
    code = "import casekit, sys; print('altair' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
