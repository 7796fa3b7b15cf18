"""Staffing through time: which open days are over, why the next one is, and the room left."""

from __future__ import annotations

import os
from datetime import date
from fractions import Fraction
from itertools import count as up

import pandas as pd
import pytest
from hypothesis import given, settings
from oracle import FAR, World, case_management
from planned import of_p1, open_days, planned, random_outlooks, students, text

from casekit.planning.outlook import Outlook
from casekit.planning.staffing.by_day import room, staffing_by_day
from casekit.planning.staffing.case_managers import case_managers_by_day
from casekit.planning.staffing.through_time import through_time

EXAMPLES = int(os.environ.get("EXAMPLES", "12"))
few = settings(max_examples=EXAMPLES, deadline=None)
WHOLE = "w1,p1,1,1,2025-01-01,\n"  # One person, full time, all of it case management.


def over(found) -> list[str]:
    """The days over, as 03-05."""
    days = found.days
    return [text(d)[5:] for d in days.loc[days["status"] == "not_met", "day"]]


def steps(found) -> list[tuple[str, int, str]]:
    """Until when, how many more, which day binds."""
    rows = found.steps.itertuples(index=False)
    return [(text(r.until_day)[5:], r.more, text(r.binds)[5:]) for r in rows]


def test_75_students_to_a_whole_post_made_of_tenths_are_within_the_limit():
    # Ten people with 0.4 x 0.25: as binary fractions they would make less than 1.0.
    staff = "".join(f"w{n},p1,0.4,0.25,2025-01-01,\n" for n in range(10))
    found = through_time(of_p1(staff, students(75), standard="wa_open_doors"))
    assert (over(found), found.days["headroom"].tolist()) == ([], [0] * 10)


def test_a_76th_student_is_over_from_the_first_day():
    rows = students(75) + students(1, "2026-03-06")
    found = through_time(of_p1(WHOLE, rows, standard="wa_open_doors"))
    assert over(found) == ["03-06", "03-09", "03-10", "03-11", "03-12", "03-13"]


def test_a_person_who_ends_the_day_before_another_starts_leaves_no_day_over():
    staff = "w1,p1,1,1,2025-01-01,2026-03-05\nw2,p1,1,1,2026-03-06,\n"
    assert over(through_time(of_p1(staff, students(2), per_staff=2))) == []


# w1's last day is Wednesday 4 March, w2 comes on Friday 6 March: Thursday has nobody.
GAP = "w1,p1,1,1,2025-01-01,2026-03-04\nw2,p1,1,1,2026-03-06,\n"


def test_a_day_between_two_people_is_over_and_says_who_left():
    found = through_time(of_p1(GAP, students(2), per_staff=2))
    assert (text(found.breaks.day), found.breaks.why) == (
        "2026-03-05",
        "2 students and nobody with case-management time; new since the open day before"
        " (4 March 2026): w1 left after 4 March 2026 (1 FTE)",
    )


def test_a_break_says_how_many_students_started():
    rows = students(2) + students(3, "2026-03-09")
    assert through_time(of_p1(WHOLE, rows, per_staff=2)).breaks.why == (
        "5 students to 1 FTE of case-management time; new since the open day before"
        " (6 March 2026): 3 students started"
    )


def test_a_limit_that_is_passed_already_says_since_when():
    found = through_time(of_p1("", students(1, "2026-03-03"), per_staff=2))
    assert found.breaks.why.endswith("it has been over since 3 March 2026")


def test_someone_whose_time_falls_is_named_with_both_times():
    staff = "w1,p1,1,1,2025-01-01,2026-03-04\nw1,p1,0.5,1,2026-03-05,\n"
    why = through_time(of_p1(staff, students(2), per_staff=2)).breaks.why
    assert why.endswith("w1 went from 1 to 0.5 FTE")


def test_staff_rows_of_one_person_that_overlap_are_summed():
    staff = "w1,p1,0.5,1,2025-01-01,\nw1,p1,0.5,1,2025-06-01,\n"
    found = through_time(of_p1(staff, students(2), per_staff=2))
    assert set(found.days["time"]) == {Fraction(1)}


def test_an_enrolment_counts_on_its_last_day_and_not_on_the_next():
    rows = students(2) + students(1, "2026-01-05", "2026-03-04")
    assert over(through_time(of_p1(WHOLE, rows, per_staff=2))) == ["03-02", "03-03", "03-04"]


def test_the_longest_run_over_is_counted_in_open_days():
    # Two students too many on 2 March, and from Thursday 5 to Monday 9: three open days.
    rows = students(2) + students(1, end="2026-03-02") + students(1, "2026-03-05", "2026-03-09")
    run = through_time(of_p1(WHOLE, rows, per_staff=2)).longest
    assert (text(run.first), text(run.last), run.days) == ("2026-03-05", "2026-03-09", 3)


def test_room_is_told_up_to_each_event_that_lowers_it():
    # Two of ten places are taken; three more come on 6 March; one leaves again, which frees no
    # place on the days before; and from 11 March there is half the time.
    staff = "w1,p1,1,1,2025-01-01,\nw2,p1,1,1,2025-01-01,2026-03-10\n"
    rows = students(2) + students(2, "2026-03-06") + students(1, "2026-03-06", "2026-03-09")
    assert steps(through_time(of_p1(staff, rows, per_staff=5))) == [
        ("03-05", 8, "03-04"),
        ("03-10", 5, "03-06"),
        ("03-13", 1, "03-11"),
    ]


def test_a_program_that_is_over_ahead_can_take_nobody():
    assert steps(through_time(of_p1(GAP, students(2), per_staff=3)))[-1] == ("03-13", 0, "03-05")


# A second person from 9 to 11 March, whose share is not known.
UNKNOWN = WHOLE + "w2,p1,1,,2026-03-09,2026-03-11\n"


def test_days_on_which_a_share_is_not_recorded_cannot_be_told():
    found = through_time(of_p1(UNKNOWN, students(2), per_staff=2))
    assert found.days["status"].tolist() == ["met"] * 5 + ["cannot_tell"] * 3 + ["met"] * 2


def test_room_ends_before_the_first_day_that_cannot_be_told():
    assert steps(through_time(of_p1(UNKNOWN, students(1), per_staff=2))) == [("03-06", 1, "03-04")]


def test_it_is_said_whose_time_is_not_recorded():
    said = " ".join(through_time(of_p1(UNKNOWN, students(2), per_staff=2)).said)
    assert "the FTE or share of w2 is not recorded" in said


@pytest.mark.parametrize(
    ("staff", "rows", "said"),
    [
        ("", students(2), "2 students, and nobody with case-management time"),
        ("w1,p1,1,0,2025-01-01,\n", students(2), "2 students, and nobody with"),
        (WHOLE, "", "There is no student on any open day that can be told"),
        (WHOLE, students(2, end="2026-02-01"), "There is no student on any open day"),
    ],
    ids=["no staff", "share 0", "no students", "everyone has left"],
)
def test_absurd_programs_are_answered_in_words(staff, rows, said):
    assert said in " ".join(through_time(of_p1(staff, rows, per_staff=2)).said)


def test_a_program_without_a_limit_is_shown_and_not_judged():
    found = through_time(of_p1(WHOLE, students(2)))
    assert set(found.days["status"]) == {"not_applicable"}
    assert found.said[0].startswith("p1 is held to no limit on staffing")


def test_a_calendar_without_open_days_is_said():
    calendar = "calendar_id,kind,start_date,end_date\nc1,closure,2026-03-02,2026-03-02\n"
    said = through_time(of_p1(WHOLE, students(2), calendar=calendar, per_staff=2)).said
    assert said[0].startswith("p1: the calendar c1 names no term, school year or open day")


# At most two students of one case manager: w1 gets a third on 9 March while w2 has none.
HEADS = WHOLE + "w2,p1,1,1,2025-01-01,\n"
CASES = "sa,w1,2026-01-05,\nsb,w1,2026-01-05,\nsc,w1,2026-03-09,\n"
THREE = "sa,p1,2026-01-05,\nsb,p1,2026-01-05,\nsc,p1,2026-01-05,\n"


def test_a_day_is_over_if_any_one_case_manager_is():
    found = through_time(of_p1(HEADS, THREE, CASES, at_most=2))
    assert (over(found), found.days["headroom"].unique().tolist()) == (
        ["03-09", "03-10", "03-11", "03-12", "03-13"],
        [1],
    )


def test_a_break_says_who_has_too_many_and_how_many_came():
    assert through_time(of_p1(HEADS, THREE, CASES, at_most=2)).breaks.why == (
        "w1 has 3 students, over 2; new since the open day before (6 March 2026): 1 student"
        " came to w1"
    )


def test_each_case_manager_can_take_what_their_worst_day_leaves():
    people = through_time(of_p1(HEADS, THREE, CASES, at_most=2)).people
    assert people[["staff_id", "limit", "heads", "over", "more"]].to_numpy().tolist() == [
        ["w1", 2, 2, 5, 0],
        ["w2", 2, 0, 0, 2],
    ]


def test_what_a_case_manager_can_take_is_left_on_the_worst_day_not_the_first():
    # Three to each: w1 has one place until 9 March and none from then on.
    assert through_time(of_p1(HEADS, THREE, CASES, at_most=3)).people["more"].tolist() == [0, 3]


def test_students_of_another_program_take_up_a_case_managers_places():
    # w1 works in both programs and has sa in p2, so p1 has one place of the two.
    looks = planned(
        WHOLE + "w1,p2,1,1,2025-01-01,\n",
        "sa,p2,2026-01-05,\nsb,p1,2026-01-05,\n",
        "sa,w1,2026-01-05,\n",
        programs="p1 p2",
        at_most=2,
    )
    assert through_time(looks["p1"]).days["capacity"].unique().tolist() == [1]


def test_a_case_manager_whose_students_are_all_of_another_program_is_not_over_in_this_one():
    looks = planned(
        WHOLE + "w1,p2,1,1,2025-01-01,\n",
        "sa,p2,2026-01-05,\nsb,p2,2026-01-05,\nsc,p1,2026-01-05,\n",
        "sa,w1,2026-01-05,\nsb,w1,2026-01-05,\n",
        programs="p1 p2",
        at_most=1,
    )
    assert (over(through_time(looks["p1"])), len(over(through_time(looks["p2"])))) == ([], 10)


def test_of_two_limits_the_stricter_one_gives_the_capacity():
    found = through_time(of_p1(WHOLE, THREE, "", per_staff=3, at_most=2))
    assert found.days["capacity"].unique().tolist() == [2]


def test_more_students_than_places_are_said_though_nobody_is_over():
    # Nobody is assigned, so no case manager is over; three students still have two places.
    said = " ".join(through_time(of_p1(WHOLE, THREE, "", at_most=2)).said)
    assert "there are more students than places, first on 4 March 2026: 3 students and 2" in said


def test_someone_who_may_not_be_a_case_manager_gives_no_places():
    found = through_time(of_p1("w1,p1,,,2025-01-01,\n", THREE, "", at_most=2))
    assert found.days["capacity"].unique().tolist() == [0]


def test_no_student_is_named_in_what_is_said():
    said = " ".join(through_time(of_p1(HEADS, THREE, CASES, at_most=2)).said)
    assert not {"sa", "sb", "sc"} & set(said.replace(",", " ").split())


def time_on(world: World, program: str, day: date) -> Fraction | None:
    times = [case_management(row) for row in world.employed(program, day)]
    return None if None in times else sum(times, Fraction(0))


def cases_on(world: World, person: str, day: date) -> set[str]:
    rows = world.rows("assignments", staff_id=person)
    mine = {r["student_id"] for r in rows if r["start_date"] <= day <= (r["end_date"] or FAR)}
    return {student for student in mine if world.enrolled(student, day)}


def ratio_status(world: World, look: Outlook, day: date, more: int = 0) -> str:
    """The rule on one day, with some students more."""
    heads = world.heads(look.program, day) + more
    time = time_on(world, look.program, day)
    if not heads:
        return "met"
    if time is None:
        return "cannot_tell"
    return "not_met" if heads > look.limits.per_staff * time else "met"


@few
@given(random_outlooks(ratio=True))
def test_a_ratio_is_judged_day_by_day_as_an_obvious_loop_does(drawn):
    world, looks = drawn
    for look in looks.values():
        found = staffing_by_day(look, case_managers_by_day(look))
        days = open_days(world, look)
        assert found["status"].tolist() == [ratio_status(world, look, day) for day in days]


@few
@given(random_outlooks(heads=True))
def test_a_limit_on_heads_is_judged_day_by_day_as_an_obvious_loop_does(drawn):
    world, looks = drawn
    for look in looks.values():
        days = open_days(world, look)

        def here_in_month(person: str, when: date, days=days, look=look) -> bool:
            """Whether they have a student of the program on a day of the month they work in it."""
            return any(
                world.enrolled(student, day, look.program)
                for day in days
                if (day.year, day.month) == (when.year, when.month)
                and person in {row["staff_id"] for row in world.employed(look.program, day)}
                for student in cases_on(world, person, day)
            )

        expected = [
            any(
                len(cases_on(world, row["staff_id"], day)) > look.limits.at_most
                and here_in_month(row["staff_id"], day)
                for row in world.employed(look.program, day)
            )
            for day in days
        ]
        found = staffing_by_day(look, case_managers_by_day(look))
        assert (found["status"] == "not_met").tolist() == expected


@few
@given(random_outlooks(ratio=True))
def test_room_is_what_adding_students_one_by_one_finds(drawn):
    world, looks = drawn
    for look in looks.values():
        rows = room(staffing_by_day(look, case_managers_by_day(look)))
        days = [day for day in open_days(world, look) if day > world.as_of]
        for day in days:
            upto = [d for d in days if d <= day]
            told = [time_on(world, look.program, d) is not None for d in upto]
            row = rows[rows["until_day"] >= pd.Timestamp(day)].head(1)
            if not all(told):
                assert row.empty
                continue
            more = next(
                n
                for n in up(0)
                if any(ratio_status(world, look, d, n + 1) == "not_met" for d in upto)
            )
            assert row["more"].tolist() == [more]


@few
@given(random_outlooks(ratio=True, heads=True))
def test_every_random_program_gets_sentences_and_a_next_break_that_lies_ahead(drawn):
    _, looks = drawn
    for look in looks.values():
        found = through_time(look)
        assert found.said
        assert (found.breaks is not None) == (found.over_ahead > 0)
