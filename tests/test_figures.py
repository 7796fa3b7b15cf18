"""Figures: what their sentences say, what their charts hold, and how their colours stand out."""

from __future__ import annotations

import re
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from casekit.figures import (
    DARK,
    LIGHT,
    STATUS,
    Figure,
    caseload_per_manager,
    first_contact,
    level_ladder,
    ratio_through_time,
    requirements_by_program,
    weekly_contact,
)

NAN, INF = float("nan"), float("inf")


def daily(*rows: tuple) -> pd.DataFrame:
    """Rows of (day, students, fte, status); the ratio follows from them."""
    frame = pd.DataFrame(rows, columns=["day", "students", "fte", "status"])
    frame["fte"] = frame["fte"].astype(float)
    with np.errstate(divide="ignore"):
        frame["ratio"] = frame["students"].to_numpy() / frame["fte"].to_numpy()
    return frame.assign(day=pd.to_datetime(frame["day"]))


MIXED_DAYS = daily(
    ("2026-03-11", 60, 0.8, "met"),  # 75.0 exactly
    ("2026-03-12", 65, 0.8, "not_met"),  # 81.25
    ("2026-03-13", 61, 0.8, "not_met"),  # 76.25
    ("2026-03-16", 61, 0.0, "not_met"),  # students, and nobody's time
    ("2026-03-17", 61, NAN, "cannot_tell"),  # fte not known
)


def months(*rows: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["manager", "month", "observed", "status", "days_over"])
    return frame.assign(month=pd.to_datetime(frame["month"]), limit=25.0)


MIXED_MONTHS = months(
    ("Manager 1", "2026-02-01", 25.0, "met", 0),
    ("Manager 1", "2026-03-01", 27.0, "not_met", 4),  # the fullest
    ("Manager 2", "2026-03-01", 20.0, "met", 0),
    ("<script>", "2026-03-01", NAN, "cannot_tell", 0),  # a label is text, whatever it says
)


def weeks(*rows: tuple) -> pd.DataFrame:
    columns = ["week", "open_days", "note", "denominator", "numerator", "cannot_tell"]
    frame = pd.DataFrame(rows, columns=columns)
    rate = frame["numerator"] / frame["denominator"].replace(0, np.nan)
    return frame.assign(week=pd.to_datetime(frame["week"]), not_applicable=0, rate=rate)


MIXED_WEEKS = weeks(
    ("2025-11-10", 5, "", 60, 60, 0),  # everyone
    ("2025-11-17", 5, "", 60, 41, 2),  # 19 missed, 2 not known
    ("2025-11-24", 2, "closure: Thanksgiving", 0, 0, 0),  # not judged
)

BUCKETS = pd.DataFrame(
    {
        "bucket": ["within 48 hours", "within 7 days", "later", "not yet, still in time"],
        "referrals": [25, 0, 3, 1],
    }
)

LADDER = pd.DataFrame(
    [
        ("", "", "Functioning", "r.a", "r.b"),
        ("Wellbeing", "", "Functioning", "r.a", "r.b"),
        ("Wellbeing", "Contact", "Functioning", "r.a", ""),  # blocked
        ("Wellbeing", "Records", "Functioning", "", "r.b"),  # not shown
        ("Wellbeing", "Plans", "Embedded", "", ""),  # at the top
    ],
    columns=["area", "element", "level", "blocking", "unshown"],
)
LEVELS = ["Functioning", "Strategic", "Embedded"]
TITLES = {"r.a": "Meets students each week", "r.b": "Keeps a record"}


def findings(programs: int) -> pd.DataFrame:
    """r.a is met by all but the first program; r.b cannot be told of any."""
    rows = [("r.a", f"p{i}", "met" if i else "not_met") for i in range(programs)]
    rows += [("r.b", f"p{i}", "cannot_tell") for i in range(programs)]
    return pd.DataFrame(rows, columns=["requirement_id", "program_id", "status"])


def ladder(frame: pd.DataFrame = LADDER) -> Figure:
    return level_ladder(frame, "FLO", LEVELS, TITLES)


FIGURES = {
    "ratio": ratio_through_time(MIXED_DAYS, 75.0, "Riverside"),
    "one day": ratio_through_time(MIXED_DAYS.head(1), 75.0, "Riverside"),
    "caseload": caseload_per_manager(MIXED_MONTHS, 25),
    "weekly": weekly_contact(MIXED_WEEKS, "status check"),
    "first contact": first_contact(BUCKETS),
    "levels": ladder(),
    "three programs": requirements_by_program(findings(3), TITLES, {}),
    "many programs": requirements_by_program(findings(300), TITLES, {}),
}
each_figure = pytest.mark.parametrize("figure", FIGURES.values(), ids=list(FIGURES))


# The sentences


def test_the_ratio_names_the_days_over_the_worst_day_and_what_is_not_known():
    assert FIGURES["ratio"].sentence == (
        "On 3 of 5 open days the ratio was over 75 students to one full-time case manager. "
        "The worst was 81.2 on 12 March 2026 (65 students, 0.8 FTE). "
        "On 1 of those days there were students but no case-management time. "
        "On 1 day it cannot be told."
    )


def test_one_day_at_the_cap_is_in_order():
    assert FIGURES["one day"].sentence == (
        "On the one open day the ratio was no more than 75 students to one full-time case "
        "manager. The highest ratio was 75.0 on 11 March 2026 (60 students, 0.8 FTE)."
    )


def test_a_ratio_just_over_the_cap_is_never_written_as_the_cap():
    row = daily(("2026-03-11", 7501, 100.0, "not_met"))  # 75.01
    assert "was 75.01 on" in ratio_through_time(row, 75.0, "Riverside").sentence


def test_a_ratio_that_is_never_known_says_what_is_needed():
    figure = ratio_through_time(MIXED_DAYS.tail(1), 75.0, "Riverside")
    assert figure.sentence.startswith("The ratio cannot be told on the one open day: the FTE")


def test_days_without_any_case_management_time_are_said_without_a_number():
    row = daily(("2026-03-16", 61, 0.0, "not_met"))
    assert ratio_through_time(row, 75.0, "Riverside").sentence == (
        "On the one open day the ratio was over 75 students to one full-time case manager: "
        "there were students but no case-management time."
    )


def test_the_ratio_table_has_a_row_for_each_month_with_its_worst_day():
    row = FIGURES["ratio"].table.iloc[0].to_list()
    worst = ["no case-management time", "16 March 2026", "61", "0"]
    assert row == ["March 2026", 5, *worst, 3, "✗ not met"]


def test_the_caseload_names_the_fullest_case_manager():
    assert FIGURES["caseload"].sentence == (
        "1 of 3 case managers had more than 25 students at once; the most was 27 students "
        "(Manager 1, March 2026). For 1 case manager it cannot be told."
    )


def test_the_caseload_table_adds_up_the_months_of_a_case_manager():
    row = FIGURES["caseload"].table.iloc[0].to_list()
    assert row == ["Manager 1", "27", "March 2026", "25", 4, 1, 0, "✗ not met"]


def test_the_weekly_contact_names_the_lowest_week():
    assert FIGURES["weekly"].sentence == (
        "In 1 of 2 weeks that could be judged every student had the status check. The lowest was "
        "the week of 17 November 2025, with 41 of 60 students (68%). In 1 week it cannot be told "
        "for some students. 1 week was not judged."
    )


def test_a_single_week_that_was_not_judged_says_why():
    figure = weekly_contact(MIXED_WEEKS.tail(1), "status check")
    assert figure.sentence == "The one week was not judged: closure: Thanksgiving."


def test_the_first_contact_counts_each_bucket():
    assert FIGURES["first contact"].sentence == (
        "Of 29 referrals, the first contact came within 48 hours for 25 and later for 3. "
        "1 referral has no contact yet and still has time."
    )


def test_the_ladder_says_what_blocks_the_next_level_by_title():
    assert FIGURES["levels"].sentence == (
        "The program is at Functioning. Strategic is blocked by “Meets students each week”. "
        "Also not shown yet: “Keeps a record”."
    )


def test_below_the_first_level_is_said_so():
    figure = ladder(pd.DataFrame([("", "", None, "r.a", "")], columns=LADDER.columns))
    assert figure.sentence.startswith("The program is below the first level, Functioning.")


def test_requirements_are_counted_by_status_and_the_most_missed_is_named():
    assert FIGURES["three programs"].sentence == (
        "2 requirements in 3 programs: 2 met, 1 not met and 3 cannot be told. "
        "Most often not met: “Meets students each week”, in 1 of 3 programs."
    )


def test_many_programs_are_counted_by_requirement():
    row = FIGURES["many programs"].table.iloc[0].to_list()
    assert row == ["Meets students each week", 299, 1, 0, 0, 0, "99%"]


def test_two_programs_of_one_name_keep_a_column_each():
    figure = requirements_by_program(findings(2), TITLES, {"p0": "Central", "p1": "Central"})
    assert list(figure.table) == ["Requirement", "Central (p0)", "Central (p1)"]


@pytest.mark.parametrize(
    "figure",
    [
        ratio_through_time(MIXED_DAYS.head(0), 75.0, "Riverside"),
        caseload_per_manager(MIXED_MONTHS.head(0), 25),
        weekly_contact(MIXED_WEEKS.head(0), "status check"),
        first_contact(BUCKETS.head(0)),
        ladder(LADDER.head(0)),
        requirements_by_program(findings(0), TITLES, {}),
    ],
    ids=lambda figure: figure.key,
)
def test_nothing_to_draw_is_a_sentence_and_an_empty_drawing(figure):
    # The sentence has two parts: what is missing, and what would be needed.
    assert (figure.chart, figure.svg(), figure.sentence.count(". ")) == (None, "", 1)


# The charts


def cells_of(figure: Figure) -> set[tuple]:
    return {
        tuple(row.values()) for rows in figure.chart.to_dict()["datasets"].values() for row in rows
    }


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
