"""Weekly entries, exits and students, and the classes of weeks, from a program's own rows."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
from conftest import caseload_of
from hypothesis import given, settings
from hypothesis import strategies as st

from casekit.calendars import Calendar
from casekit.caseload import FAR
from casekit.kinds.rows import Span
from casekit.planning.forecast.history import (
    SEASONS,
    Stays,
    history_of,
    known_on,
    seasons,
    stays_of,
    weekly,
)
from casekit.planning.limits import Limits
from casekit.planning.outlook import Outlook
from casekit.planning.settings import Settings

MONDAY = date(2025, 9, 1)
CALENDAR = (
    "calendar_id,kind,start_date,end_date\n"
    "c1,school_year,2025-09-01,2026-06-19\n"
    "c1,term,2025-09-03,2026-01-30\nc1,term,2026-02-02,2026-06-17\n"
    "c1,closure,2025-12-22,2026-01-02\n"
)
HEADER = "student_id,program_id,enrollment_start,enrollment_end\n"


def day(text: str) -> np.datetime64:
    return np.datetime64(text, "D")


def outlook_of(students: str, as_of: str = "2025-11-30", **tables: str) -> Outlook:
    """p1, planned from 1 September to the end of the school year."""
    caseload = caseload_of(calendar=CALENDAR, students=HEADER + students, **tables)
    span = Span(caseload.calendars["c1"], ("p1",), day("2025-09-01"), day(as_of), day("2026-06-19"))
    return Outlook("p1", caseload, span, Limits(), Settings(), np.datetime64("NaT", "D"))


def weeks_of(students: str, **tables: str) -> pd.DataFrame:
    outlook = outlook_of(students, **tables)
    return history_of(stays_of(outlook), outlook.span.calendar).frame.set_index("week")


def test_a_last_day_on_a_sunday_is_an_exit_of_that_week() -> None:
    weeks = weeks_of("s1,p1,2025-09-01,2025-09-14\ns2,p1,2025-09-01,\n")
    assert list(weeks["exits"][:3]) == [0, 1, 0]


def test_a_student_counts_in_each_week_of_which_they_are_enrolled_a_day() -> None:
    # s1 has only Monday 8 September of its week.
    weeks = weeks_of("s1,p1,2025-09-01,2025-09-08\ns2,p1,2025-09-01,\n")
    assert list(weeks["enrolled"][:3]) == [2, 2, 1]


def test_who_goes_on_in_another_row_the_day_after_neither_left_nor_entered() -> None:
    weeks = weeks_of("s1,p1,2025-09-01,2025-10-01\ns1,p1,2025-10-02,\n")
    assert (weeks["entries"].sum(), weeks["exits"].sum()) == (1, 0)


def test_an_end_after_as_of_is_no_exit_yet() -> None:
    assert weeks_of("s1,p1,2025-09-01,2025-12-19\n")["exits"].sum() == 0


def test_the_week_in_which_as_of_lies_is_not_whole() -> None:
    outlook = outlook_of("s1,p1,2025-09-01,\n", as_of="2025-09-17")  # a Wednesday
    assert len(history_of(stays_of(outlook), outlook.span.calendar).weeks) == 2


def test_referrals_are_counted_by_the_day_they_came_in() -> None:
    referrals = (
        "referral_id,student_id,program_id,received_at\nr1,s1,p1,2025-09-09\nr2,s1,p1,2025-09-11\n"
    )
    weeks = weeks_of("s1,p1,2025-09-01,\n", referrals=referrals)
    assert list(weeks["referrals"][:3]) == [0, 2, 0]


def test_without_a_table_of_referrals_none_are_told() -> None:
    assert weeks_of("s1,p1,2025-09-01,\n")["referrals"].isna().all()


def test_those_who_are_left_of_an_earlier_time_do_not_make_its_records() -> None:
    # s1 entered a year before; who left then is on no roster. Records begin with the span.
    outlook = outlook_of("s1,p1,2024-09-09,\ns2,p1,2025-09-01,\n")
    assert stays_of(outlook).first == day("2025-09-01")


def test_records_begin_with_the_first_student_of_a_new_program() -> None:
    assert stays_of(outlook_of("s1,p1,2025-10-06,\n")).first == day("2025-10-06")


def test_on_a_past_day_no_later_end_entry_or_referral_was_known() -> None:
    stays = Stays(
        np.array(["2025-09-01", "2025-09-01", "2025-11-03"], dtype="M8[D]"),
        np.array(["2025-09-30", "2025-12-01", "2026-01-01"], dtype="M8[D]"),
        np.array(["2025-09-02", "2025-11-04"], dtype="M8[D]"),
        day("2025-09-01"),
        day("2026-02-01"),
    )
    known = known_on(stays, day("2025-10-05"))
    told = [str(each) for each in (*known.end, *known.referred)]
    assert told == ["2025-09-30", str(FAR), "2025-09-02"]


def season_of(monday: str) -> str:
    calendar = outlook_of("s1,p1,2025-09-01,\n").span.calendar
    return SEASONS[seasons(calendar, np.array([monday], dtype="M8[D]"))[0]]


def test_weeks_are_told_apart_by_the_edges_of_years_and_terms() -> None:
    told = {
        "2025-09-01": "first two weeks of a school year",
        "2025-09-08": "first two weeks of a school year",
        "2025-09-15": "ordinary weeks",
        "2025-12-22": "weeks without open days",
        "2026-01-26": "last week of a term",
        "2026-02-02": "first two weeks of a term",
        "2026-06-08": "ordinary weeks",
        "2026-06-15": "last week of a school year",  # open until Wednesday
        "2026-06-22": "weeks without open days",
    }
    assert {monday: season_of(monday) for monday in told} == told


stretches = st.lists(st.tuples(st.integers(-30, 60), st.integers(0, 50)), max_size=8)


@settings(max_examples=60, deadline=None)
@given(stretches)
def test_weeks_agree_with_a_walk_through_the_days(pairs: list[tuple[int, int]]) -> None:
    first = np.array([np.datetime64(MONDAY + timedelta(a)) for a, _ in pairs], dtype="M8[D]")
    last = np.array([np.datetime64(MONDAY + timedelta(a + n)) for a, n in pairs], dtype="M8[D]")
    weeks = np.arange(day("2025-09-01"), day("2025-10-20"), 7)
    enrolled, entries, exits, _ = weekly(Stays(first, last, None, weeks[0], FAR), weeks)
    slow = []
    for week in range(len(weeks)):
        days = range(7 * week, 7 * week + 7)
        slow.append(
            (
                sum(any(a <= d <= a + n for d in days) for a, n in pairs),
                sum(a in days for a, _ in pairs),
                sum(a + n in days for a, n in pairs),
            )
        )
    assert list(zip(enrolled, entries, exits, strict=True)) == slow


def test_a_calendar_without_terms_is_told_by_its_school_year() -> None:
    rows = pd.DataFrame(
        {"kind": ["school_year"], "start_date": ["2025-09-01"], "end_date": ["2025-12-19"]}
    ).astype({"start_date": "M8[s]", "end_date": "M8[s]"})
    weeks = np.array(["2025-09-01", "2025-10-06", "2025-12-15"], dtype="M8[D]")
    assert [SEASONS[code] for code in seasons(Calendar.of("c", rows), weeks)] == [
        "first two weeks of a school year",
        "ordinary weeks",
        "last week of a school year",
    ]
