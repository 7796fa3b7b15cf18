"""The plan's figures: what each says, what stands in its table, and that no colour stands alone."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from casekit.calendars import day
from casekit.figures.planning import (
    cost_of_certainty,
    findings_by_scenario,
    hours_per_manager,
    meetings_by_week,
    staffing_ahead,
    students_forecast,
    weeks_without_contact,
    what_matters,
)
from casekit.planning.limits import Limits

NAN, INF = float("nan"), float("inf")
AS_OF = day("2026-03-10")
RATIO, HEADS = Limits(per_staff=Fraction(75)), Limits(at_most=25)


def framed(names: str, *rows: tuple) -> pd.DataFrame:
    """Rows under names; a day or a week is a date."""
    frame = pd.DataFrame(rows, columns=names.split())
    return frame.assign(**{n: pd.to_datetime(frame[n]) for n in ("day", "week") if n in frame})


def days(*rows: tuple) -> pd.DataFrame:
    return framed("day students fte ratio largest status ahead assumed", *rows)


DAYS = days(
    ("2026-03-09", 60, 0.8, 75.0, 20, "met", False, False),
    ("2026-03-10", 61, 0.8, 76.25, 26, "not_met", False, False),  # over both limits
    ("2026-03-11", 61, 0.0, INF, 25, "not_met", True, False),  # students, and nobody's time
    ("2026-03-12", 61, NAN, NAN, 25, "cannot_tell", True, False),
    ("2026-03-13", 61, 1.0, 61.0, 24, "met", True, True),
)
# With one more hired, nothing ahead is over.
HIRED = days(
    ("2026-03-11", 61, 1.0, 61.0, 25, "met", True, False),
    ("2026-03-12", 61, 1.0, 61.0, 25, "met", True, False),
    ("2026-03-13", 61, 1.0, 61.0, 24, "met", True, True),
)
WEEKS = framed(
    "week open_days low median high capacity p_over p_any assumed",
    ("2026-03-16", 5, 58.0, 61.0, 64.0, 75.0, 0.0, 0.0, False),
    ("2026-03-23", 0, 58.0, 62.0, 66.0, NAN, NAN, NAN, False),  # a closed week is not judged
    ("2026-03-30", 5, 57.0, 63.0, 78.0, 75.0, 0.25, 0.25, True),
)
HOURS = framed(
    "staff_id students contact_hours travel_hours paperwork_hours meeting_hours needed available"
    " left",
    ("w1", 20, 10.0, 2.0, 6.0, 0.5, 18.5, 16.0, -2.5),
    ("w2", 10, 5.0, 0.0, 3.0, 0.0, 8.0, 8.0, 0.0),  # exactly enough
    ("<script>", 5, 2.5, 0.0, 1.5, 0.0, 4.0, NAN, NAN),  # their time is not recorded
)
STEPS = framed(
    "probability extra cost", (0.5, 0.0, 0.0), (0.9, 0.5, 31_000.25), (0.99, 1.0, 62_000.0)
)
TORNADO = framed(
    "setting meaning low high cost_low cost_high break_even",
    ("hire_cost", "of one hire", 0.0, 0.0, 5.0, 5.0, ""),  # moves nothing
    ("hiring_weeks", "weeks to the first day", 0, 26, 4.0, 6.5, "none"),
)
FOUND = framed(
    "scenario program_id requirement_id title status_before status_after direction"
    " days_over_before days_over_after",
    ("A", "p1", "r.ratio", "Ratio", "not_met", "met", "better", 15.0, 0.0),
    ("A", "p1", "r.notes", "Notes", "met", "met", "same", NAN, NAN),
    ("B", "p1", "r.ratio", "Ratio", "not_met", "not_met", "worse", 15.0, 18.0),
    ("B", "p1", "r.notes", "Notes", "met", "met", "same", NAN, NAN),
)
LEAVE = framed(
    "week students planned expected chance",
    ("2026-03-16", 30, 0, 0.4, 0.05),
    ("2026-03-30", 30, 12, 12.3, 1.0),  # a closed week lies between
)
MEETINGS = framed(
    "week staff_id before after capacity",
    ("2026-03-16", "w1", 1, 3, 3),
    ("2026-03-16", "w2", 0, 0, 3),
    ("2026-03-23", "w1", 5, 3, 3),  # 5 of 6 in all, and too many for w1
    ("2026-03-23", "w2", 0, 0, 3),
)

FIGURES = {
    "staffing": staffing_ahead({"Baseline": DAYS}, RATIO, "p1", AS_OF),
    "heads": staffing_ahead({"Baseline": DAYS}, HEADS, "p1", AS_OF),
    "no limit": staffing_ahead({"Baseline": DAYS}, Limits(), "p1", AS_OF),
    "lines": staffing_ahead({"Baseline": DAYS, "Hire": HIRED}, RATIO, "p1", AS_OF),
    "forecast": students_forecast(WEEKS, "p1", interval=0.8, runs=10_000, sure=0.9),
    "hours": hours_per_manager(HOURS, "p1"),
    "frontier": cost_of_certainty(STEPS, "p1", sure=0.9, unit="FTE", money="US dollars"),
    "tornado": what_matters(TORNADO, "p1", "US dollars"),
    "scenarios": findings_by_scenario(FOUND, ["A", "B"], "in the days ahead"),
    "leave": weeks_without_contact(LEAVE, "p1"),
    "meetings": meetings_by_week(MEETINGS, "p1"),
}
each_figure = pytest.mark.parametrize("name", list(FIGURES))


@cache
def drawing(name: str) -> str:
    return FIGURES[name].svg()


def cells(name: str, row: str, column: str) -> str:
    table = FIGURES[name].table
    return table.set_index(table.columns[0]).loc[row, column]


def words(svg: str) -> str:
    return " ".join(filter(None, (e.text for e in ElementTree.fromstring(svg).iter())))


# What they say


def test_staffing_tells_the_days_over_and_the_highest_that_is_known_ahead():
    assert FIGURES["staffing"].sentence == (
        "The limit is 75. Up to 10 March 2026 it is passed on 1 of 2 open days. From then to"
        " 13 March 2026 it is passed on 1 of 3 open days, and on 1 it cannot be told; the highest"
        " is 61, first on 13 March 2026."
    )


def test_a_limit_on_heads_shows_the_fullest_case_manager():
    assert "Students of the fullest case manager" in FIGURES["heads"].title
    assert cells("heads", "March 2026", "Highest") == "26"


def test_a_month_without_case_management_time_says_so():
    assert cells("staffing", "March 2026", "Highest") == "no case-management time"


def test_without_a_limit_nothing_is_passed():
    assert FIGURES["no limit"].sentence.startswith("No limit on staffing is given")
    assert "limit" not in words(drawing("no limit"))


def test_each_scenario_has_a_line_with_its_name_at_the_end_and_a_dash_of_its_own():
    dashes = [
        layer["mark"]["strokeDash"]
        for layer in FIGURES["lines"].chart.to_dict()["layer"]
        if layer.get("mark", {}).get("type") == "line"
    ]
    assert len(dashes) == 2
    assert dashes[0] != dashes[1]
    assert "Baseline" in words(drawing("lines"))


def test_the_scenario_in_effect_is_told_first_and_each_number_says_whose_it_is():
    told = staffing_ahead({"Baseline": DAYS, "Hire": HIRED}, RATIO, "p1", AS_OF, "Hire").sentence
    assert told.endswith(
        "With “Hire”, in effect on this page, from then to 13 March 2026 it is passed on 0 of 3"
        " open days; the highest is 61, first on 11 March 2026. With “Baseline” from then to"
        " 13 March 2026 it is passed on 1 of 3 open days, and on 1 it cannot be told; the highest"
        " is 61, first on 13 March 2026."
    )


def test_the_days_over_are_marked_for_the_scenario_in_effect():
    # Hire mends 11 March; 10 March lies behind and stays over.
    lines = {"Baseline": DAYS, "Hire": HIRED}
    drawn = [words(staffing_ahead(lines, RATIO, "p1", AS_OF, name).svg()) for name in ("", "Hire")]
    assert ["no case-management time" in text for text in drawn] == [True, False]
    assert "over the cap" in drawn[1]


def test_a_scenario_that_changes_no_day_says_so():
    told = staffing_ahead({"Baseline": DAYS}, RATIO, "p1", AS_OF, "Gone").sentence
    assert "“Gone”, in effect on this page, leaves these days as in Baseline." in told


def test_as_of_and_the_assumed_calendar_are_named_on_the_chart():
    drawn = words(drawing("staffing"))
    assert "as of 10 March 2026" in drawn
    assert "calendar assumed from 13 March 2026" in drawn


def test_the_forecast_tells_its_interval_and_when_the_limit_is_likeliest_passed():
    assert FIGURES["forecast"].sentence == (
        "In the week of 30 March 2026, 80% of 10,000 simulated futures have 57 to 78 students, and"
        " the middle one 63. The chance of more students than are allowed is highest in the week of"
        " 30 March 2026: 25%. That it happens in any week: 25%."
    )


def test_a_closed_week_of_a_forecast_is_not_one_that_is_not_known():
    closed = WEEKS.iloc[1:2]
    unknown = closed.assign(open_days=5)
    for weeks, told in ((closed, "no open day"), (unknown, "not known")):
        table = students_forecast(weeks, "p1", interval=0.8, runs=100, sure=0.9).table
        assert set(table["Chance of passing the limit"]) == {told}


@pytest.mark.parametrize(
    ("part", "told"), [(0.0, "0%"), (0.001, "under 1%"), (0.999, "over 99%"), (1.0, "100%")]
)
def test_a_chance_that_is_neither_none_nor_all_never_reads_so(part, told):
    weeks = WEEKS.head(1).assign(p_over=part, p_any=part)
    figure = students_forecast(weeks, "p1", interval=0.8, runs=100, sure=0.9)
    assert figure.table["Chance so far"].iloc[0] == told


def test_a_forecast_without_a_limit_draws_no_chance():
    free = WEEKS.assign(capacity=NAN, p_over=NAN, p_any=NAN)
    figure = students_forecast(free, "p1", interval=0.8, runs=100, sure=0.9)
    assert figure.sentence.endswith("Whether a limit is passed cannot be told.")
    assert len(figure.chart.to_dict()["vconcat"]) == 1


def test_hours_that_are_exactly_enough_are_enough():
    assert FIGURES["hours"].sentence.startswith(
        "The students of 1 of 3 case managers need more hours than are there; most are missing for"
        " w1: 2.5 a week. For 1 it cannot be told."
    )
    assert "✓ 8 of 8" in words(drawing("hours"))


def test_a_kind_of_hours_is_told_by_its_letter_in_the_bar_and_in_the_legend():
    drawn = words(drawing("hours"))
    assert ("C contacts" in drawn, " C " in drawn) == (True, True)


def test_being_sure_is_told_at_the_aim_and_at_the_end_with_its_price():
    assert FIGURES["frontier"].sentence == (
        "To stay within the limit in every week with a probability of 90% takes 0.5 FTE more and"
        " costs 31,000 US dollars; to stay within the limit in every week with a probability of"
        " 99% takes 1 FTE more and costs 62,000 US dollars."
    )


def test_what_takes_nobody_more_says_so():
    figure = cost_of_certainty(STEPS.head(1), "p1", sure=0.5, unit="FTE", money="salaries")
    assert "takes nobody more and costs 0 salaries" in figure.sentence


def test_an_assumption_that_moves_nothing_is_in_the_table_and_not_in_the_chart():
    assert list(FIGURES["tornado"].table["Assumption"]) == ["hiring weeks", "hire cost"]
    drawn = words(drawing("tornado"))
    assert ("hiring weeks" in drawn, "hire cost" in drawn) == (True, False)
    assert ("low 0" in drawn, "high 26" in drawn) == (True, True)


def test_the_grid_holds_what_changes_by_glyph_and_word_and_arrow():
    drawn = words(drawing("scenarios"))
    assert ("✓ met  ▲ better" in drawn, "✗ not met  ▼ worse" in drawn) == (True, True)
    assert "Notes" not in drawn
    assert FIGURES["scenarios"].sentence == (
        "1 finding changes in the days ahead: “A” makes 1 better and “B” makes 1 worse."
    )


def test_findings_of_one_name_in_two_standards_keep_rows_of_their_own():
    twin = FOUND.assign(requirement_id="s.ratio", title="Ratio")
    both = pd.concat([FOUND, twin], ignore_index=True).drop_duplicates(
        ["scenario", "requirement_id"]
    )
    figure = findings_by_scenario(both, ["A", "B"], "ahead")
    assert words(figure.svg()).count("p1: Ratio") == 2


def test_scenarios_that_change_nothing_say_so_in_words():
    same = FOUND[FOUND["direction"] == "same"]
    figure = findings_by_scenario(same, ["A", "B"], "in the days ahead")
    assert (figure.chart, figure.sentence) == (
        None,
        "None of 2 scenarios changes a finding, in the days ahead.",
    )


def test_leave_tells_the_bare_weeks_and_the_worst_one():
    assert "in 1 of 2 open weeks" in FIGURES["leave"].sentence
    assert "30 March 2026: 12.3 of 30 students" in FIGURES["leave"].sentence


def test_a_week_too_full_for_one_is_marked_though_others_have_room():
    assert FIGURES["meetings"].sentence.startswith(
        "As they fall due, 1 of 2 weeks has more meetings than somebody can hold; the fullest week"
        " has 5 in all. As planned here, no week has more than that; the fullest has 3."
    )
    assert words(drawing("meetings")).count("✗") == 1


def test_a_figure_of_nothing_says_why_and_does_not_draw():
    empty = [
        staffing_ahead({"Baseline": DAYS.head(0)}, RATIO, "p1", AS_OF),
        students_forecast(WEEKS.head(0), "p1", interval=0.8, runs=100, sure=0.9),
        hours_per_manager(HOURS.head(0), "p1"),
        cost_of_certainty(STEPS.head(0), "p1", sure=0.9, unit="FTE", money="salaries"),
        what_matters(TORNADO.head(0), "p1", "salaries"),
        weeks_without_contact(LEAVE.head(0), "p1"),
        meetings_by_week(MEETINGS.head(0), "p1"),
    ]
    assert [(f.chart, bool(f.sentence), f.svg()) for f in empty] == [(None, True, "")] * len(empty)


# What they draw


@each_figure
def test_a_drawing_is_one_image_named_by_its_sentence_in_the_colours_of_the_page(name):
    root = ElementTree.fromstring(drawing(name))
    assert (root.get("role"), root.get("aria-label")) == ("img", FIGURES[name].sentence)
    for element in root.iter():
        for paint in ("fill", "stroke"):
            if (element.get(paint) or "").startswith("#"):
                assert f"{paint}:var(--ck-" in element.get("style", "")


@each_figure
def test_no_text_is_smaller_than_11_px(name):
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)px"', drawing(name))) >= 11


@each_figure
def test_each_has_a_table_of_more_than_its_header(name):
    assert len(FIGURES[name].table)
    assert not FIGURES[name].table.columns.duplicated().any()


def test_a_name_is_shown_as_text():
    drawn = drawing("hours")
    assert ("<script" in drawn, "&lt;script&gt;" in drawn) == (False, True)


def test_names_at_the_ends_of_lines_keep_apart():
    lines = dict.fromkeys("ABC", HIRED)  # three lines in one place
    root = ElementTree.fromstring(staffing_ahead(lines, RATIO, "p1", AS_OF).svg())
    tops = []
    for element in root.iter():
        if element.text in ("A", "B", "C"):
            tops.append(
                float(re.findall(r"translate\([^,]+,([\d.-]+)\)", element.get("transform"))[0])
            )
    assert len(tops) == 3
    assert min(np.diff(sorted(tops))) >= 14
