"""What a figure says: the sentence and the table."""

from __future__ import annotations

import pandas as pd
import pytest
from figure_data import (
    BUCKETS,
    FIGURES,
    LADDER,
    MIXED_DAYS,
    MIXED_MONTHS,
    MIXED_WEEKS,
    NAN,
    TITLES,
    cells_of,
    daily,
    findings,
    ladder,
    weeks,
)

from casekit.figures import (
    caseload_per_manager,
    first_contact,
    ratio_through_time,
    requirements_by_program,
    weekly_contact,
)

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
        "In 1 of 2 weeks that were judged every student had the status check. In 1 week at least "
        "one student was missed: the lowest was the week of 17 November 2025, with 41 of 60 "
        "students (68%). In 1 week it cannot be told for some students. 1 week was not judged."
    )


def test_a_week_that_is_not_told_of_all_is_not_a_week_in_full():
    rows = weeks(("2025-11-10", 5, "", 60, 60, 0), ("2025-11-17", 5, "", 58, 58, 2))
    assert weekly_contact(rows, "status check").sentence == (
        "In 1 of 2 weeks that were judged every student had the status check. "
        "In 1 week it cannot be told for some students."
    )


def test_weeks_that_cannot_be_told_say_which_fact_is_missing():
    rows = weeks(("2025-11-10", 5, "", 0, 0, 60)).assign(why="of_concern is not recorded")
    assert weekly_contact(rows, "status check").sentence == (
        "The status check cannot be told in 1 week: of_concern is not recorded."
    )


def test_a_weekly_contact_asked_of_some_students_does_not_speak_of_every_student():
    rows, whom = weeks(("2025-11-10", 5, "", 9, 9, 0)), "Asked of students whose age is 15."
    assert weekly_contact(rows, "status check", whom).sentence == (
        "Asked of students whose age is 15. In the one week that was judged every one of these "
        "had the status check."
    )


FEW_WEEKS = weeks(
    ("2025-11-10", 5, "", 60, 60, 0),
    ("2025-11-17", 5, "withheld: few people", 0, 0, 0),  # not a week that was not judged
)


def test_a_withheld_week_is_said_so():
    assert weekly_contact(FEW_WEEKS, "status check").sentence == (
        "In the one week that was judged every student had the status check. "
        "1 week is withheld, because few people were asked about."
    )


def test_a_withheld_week_has_no_numbers():
    row = weekly_contact(FEW_WEEKS, "status check").table.iloc[1].to_list()
    assert row == ["17 November 2025", 5, *["withheld"] * 5, "withheld: few people"]


def test_a_week_with_a_missing_count_is_withheld():
    rows = FEW_WEEKS.assign(note="", numerator=[60, NAN])
    assert "1 week is withheld" in weekly_contact(rows, "status check").sentence


def test_a_withheld_week_is_drawn_as_withheld():
    drawn = {part for row in cells_of(weekly_contact(FEW_WEEKS, "check")) for part in row}
    assert "▨ week withheld" in drawn and "▨ week not judged" not in drawn


def test_a_single_week_that_was_not_judged_says_why():
    figure = weekly_contact(MIXED_WEEKS.tail(1), "status check")
    assert figure.sentence == "The one week was not judged: closure: Thanksgiving."


def test_the_first_contact_counts_each_bucket():
    assert FIGURES["first contact"].sentence == (
        "Of 31 referrals, the first contact came within 48 hours for 25 and later or not at all "
        "for 3. 1 referral has no contact yet and still has time. For 2 referrals it cannot be "
        "told: outcome is not recorded in contacts."
    )


def test_a_first_contact_asked_of_some_students_says_of_whom():
    whom = "Asked of students whose age is 15."
    assert first_contact(BUCKETS, whom).sentence.startswith(f"{whom} Of 31 referrals,")


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


def test_requirements_that_are_missed_as_often_are_named_together():
    rows = findings(2).assign(status="not_met")
    assert requirements_by_program(rows, TITLES, {}).sentence.endswith(
        "Most often not met: “Meets students each week” and “Keeps a record”, each in 2 of 2 "
        "programs."
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


def test_a_standard_says_how_much_of_it_the_records_show():
    assert FIGURES["standard"].sentence == (
        "Of 8 requirements, 1 (12%) are computed from the records, and 7 ask for somebody's"
        " answer. Most are in Records."
    )
