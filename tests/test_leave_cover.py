"""Leave: who would be without contact, how few floaters stand in, and what chance brings."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outlook_rows import given_to, outlook_of, students, worker

from casekit.planning.hours.absences import absences, enough, stream_of
from casekit.planning.hours.floaters import share_out
from casekit.planning.hours.leave_cover import leave_cover
from casekit.planning.limits import Limits
from casekit.planning.settings import PlanningError, Settings

# Two case managers, a with two students and b with one; nobody is ill unless a test says so.
TWO = {
    "staff": worker("a") + worker("b"),
    "students": students("s1", "s2", "s3"),
    "assignments": given_to("a", "s1", "s2") + given_to("b", "s3"),
}
HEALTHY = {"absence_rate": 0.0, "runs": 100}
# The first week that is planned: Monday 2 to Friday 6 March.
WEEK = "2026-03-02,2026-03-06"


def cover(leave: str | None = "", **given: object):
    """The plan for some rows of the leave table (None: there is no such table)."""
    chosen = {**HEALTHY, **given.pop("settings", {})}
    table = {} if leave is None else {"leave": leave}
    return leave_cover(outlook_of(settings=chosen, **{**TWO, **table, **given}), seed=1)


@pytest.mark.parametrize(
    ("leave", "without"),
    [
        (f"a,{WEEK},\n", 2),  # all five days, and nobody stands in
        (f"a,{WEEK},b\n", 0),  # b stands in
        (f"a,{WEEK},b\nb,2026-03-02,2026-03-02,\n", 0),  # b is away on the Monday alone
        (f"a,{WEEK},a\n", 2),  # nobody stands in for themselves
        ("a,2026-03-02,2026-03-05,\n", 0),  # back on the Friday
        (f"a,{WEEK},\nb,{WEEK},\n", 3),  # both
    ],
)
def test_students_have_no_contact_where_their_case_manager_is_away_all_week(leave, without):
    assert cover(leave).weekly["planned"].iloc[0] == without


def test_a_part_time_week_of_leave_is_every_day_that_would_be_worked():
    # b works on Mondays and Tuesdays only, so two days off are b's whole week.
    staff = worker("a") + worker("b", days="mon;tue")
    found = cover("b,2026-03-02,2026-03-03,\n", staff=staff).planned
    told = found[["staff_id", "students", "days_away", "days_at_work", "without_contact"]]
    assert told.to_numpy().tolist() == [["b", 1, 2, 0, 1]]


def test_a_student_whom_two_share_has_contact_while_one_is_there():
    shared = TWO["assignments"] + given_to("b", "s1")
    assert cover(f"a,{WEEK},\n", assignments=shared).weekly["planned"].iloc[0] == 1


def test_such_a_student_does_not_count_for_the_one_who_is_away():
    shared = TWO["assignments"] + given_to("b", "s1")
    planned = cover(f"a,{WEEK},\n", assignments=shared).planned
    # a has two students all week, and one of them has nobody else.
    assert planned[["students", "without_contact"]].to_numpy().tolist() == [[2, 1]]


def test_who_has_no_time_at_all_is_not_stood_in_for():
    assert cover(f"b,{WEEK},\n", staff=worker("a") + worker("b", fte="0")).floaters_planned == 0


def test_a_holiday_takes_no_week_of_contact():
    closed = "c1,school_year,2026-01-05,2026-06-26\nc1,closure,2026-03-02,2026-03-06\n"
    weeks = cover(f"a,{WEEK},\n", calendar=closed).weekly["week"]
    assert weeks.dt.day.tolist() == [9, 16, 23]


@pytest.mark.parametrize(
    ("leave", "floaters"),
    [
        ("", 0),
        ("a,2026-03-02,2026-03-04,\nb,2026-03-05,2026-03-06,\n", 1),  # one after the other
        ("a,2026-03-02,2026-03-04,\nb,2026-03-04,2026-03-06,\n", 2),  # both on the Wednesday
        ("a,2026-03-02,2026-03-04,b\n", 0),  # covered already
        ("a,2026-02-23,2026-02-27,\n", 0),  # over
    ],
)
def test_as_many_floaters_as_are_away_at_once(leave, floaters):
    assert cover(leave).floaters_planned == floaters


def test_the_floater_plan_says_who_stands_in_for_whom_from_when_to_when():
    plan = cover("a,2026-03-05,2026-03-10,\nb,2026-03-10,2026-03-10,\n").plan
    told = plan.assign(first=plan["first"].dt.day, last=plan["last"].dt.day)
    # Four open days from Thursday over the weekend to Tuesday; on it a second is away.
    assert told.iloc[:, :6].to_numpy().tolist() == [[1, "a", 5, 10, 4, 2], [2, "b", 10, 10, 1, 1]]


def test_floater_days_are_a_part_of_a_post():
    found = cover(f"a,{WEEK},\n")  # 5 of the 20 open days to 29 March
    assert (found.floater_days, str(found.floater_fte)) == (5, "1/4")


@pytest.mark.parametrize(
    ("at_most", "colleague"),
    [
        (3, "b"),  # b's own one and a's two
        (2, ""),  # one too many
        (None, ""),  # no limit: nobody says that b has room
    ],
)
def test_a_colleague_with_room_under_the_limit_may_stand_in_instead(at_most, colleague):
    plan = cover(f"a,{WEEK},\n", limits=Limits(at_most=at_most)).plan
    assert plan["colleague"].tolist() == [colleague]


def test_a_colleague_has_room_only_once():
    staff = worker("a") + worker("b") + worker("c")
    given = TWO["assignments"] + given_to("c", "s4", "s5")
    everybody = students("s1", "s2", "s3", "s4", "s5")
    plan = cover(
        f"a,{WEEK},\nc,{WEEK},\n",
        staff=staff,
        students=everybody,
        assignments=given,
        limits=Limits(at_most=3),
    ).plan
    assert plan["colleague"].tolist() == ["b", ""]


def test_without_a_leave_table_planned_leave_is_not_known_and_not_nothing():
    found = cover(None)
    assert found.floaters_planned is None
    assert found.said[0] == "The planned leave of p1 is not known: the table leave is not there."


def test_nobody_to_be_away_is_said_in_one_line():
    with pytest.raises(PlanningError, match="p1: no case manager is employed between"):
        cover(staff=worker("a", end="2026-02-20"))


def test_absences_that_cannot_be_so_short_and_so_many_are_refused():
    with pytest.raises(PlanningError, match=r"absence_rate 0\.9 cannot go with absence_days 1"):
        cover(settings={"absence_rate": 0.9, "absence_days": 1.0})


def test_absences_take_the_rate_and_the_length_that_were_asked_for():
    asked = Settings(absence_rate=0.1, absence_days=4.0, runs=4000)
    ill = absences(asked, 60, stream_of(1, "p1", "a"))
    begun = ill[1:] & ~ill[:-1]
    # A spell begins on 1 / (4 / 0.1) of all days, on its first day and on each later one.
    assert (ill.mean(), begun.mean()) == pytest.approx((0.1, 0.025), rel=0.05)


def test_the_chance_of_a_week_without_contact_is_that_of_five_days_ill():
    # One absence lasts 3 days on average: ill on Monday, and four times not well the next day.
    ill = {"absence_rate": 0.2, "absence_days": 3.0, "runs": 20_000}
    alone = {"staff": worker("a"), "students": students("s1"), "assignments": given_to("a", "s1")}
    found = cover(settings=ill, **alone).weekly
    assert found["chance"].to_numpy() == pytest.approx([0.2 * (2 / 3) ** 4] * 4, rel=0.08)


def test_leave_for_which_somebody_stands_in_is_no_risk():
    ill = {"absence_rate": 0.7, "absence_days": 30.0}
    found = cover(f"a,{WEEK},b\n", settings=ill, assignments=given_to("a", "s1", "s2"))
    assert found.weekly["chance"].iloc[0] == 0


def test_the_same_seed_gives_the_same_numbers_and_another_person_changes_none():
    ill = {"absence_rate": 0.2, "runs": 500}
    other = {
        "staff": TWO["staff"] + worker("0"),  # first in order of their ids
        "students": TWO["students"],
        "assignments": TWO["assignments"],
    }
    one, two = (cover(settings=ill, **given).weekly for given in (TWO, other))
    assert one.equals(two)


def test_cover_for_planned_and_unplanned_leave_counts_both_in_one_week():
    # b is away on some day of every week, so the floater may be with b while a is ill all week.
    leave = "".join(f"b,2026-03-{n:02},2026-03-{n:02},\n" for n in (2, 9, 16, 23))
    found = cover(leave, settings={"absence_rate": 0.7, "absence_days": 30.0})
    assert (found.floaters_planned, found.floaters_sure) == (1, 2)


@pytest.mark.parametrize(("sure", "number"), [(0.5, 0), (0.75, 1), (0.76, 3), (0.99, 3)])
def test_enough_is_the_smallest_number_that_so_many_runs_do_not_pass(sure, number):
    assert enough(np.array([3, 0, 0, 1]), sure) == number


def test_no_sentence_names_a_student():
    assert not [s for s in cover(f"a,{WEEK},\n").said if "s1" in s or "s2" in s]


def fewest_by_trying(wanted: list[tuple[int, int, str]]) -> int:
    """The fewest floaters, by trying every way to share the stretches out."""
    for floaters in range(len(wanted) + 1):
        for chosen in product(range(floaters), repeat=len(wanted)):
            taken = [
                (who, day)
                for who, (first, last, _) in zip(chosen, wanted, strict=True)
                for day in range(first, last + 1)
            ]
            if len(taken) == len(set(taken)):
                return floaters
    raise AssertionError("as many floaters as stretches always do")


STRETCH = st.tuples(st.integers(0, 8), st.integers(0, 3), st.sampled_from("abc"))


@settings(max_examples=100, deadline=None)
@given(st.lists(STRETCH.map(lambda s: (s[0], s[0] + s[1], s[2])), max_size=5))
def test_no_plan_with_fewer_floaters_covers_every_day(wanted):
    assert max(share_out(wanted), default=0) == fewest_by_trying(wanted)


@settings(max_examples=100, deadline=None)
@given(st.lists(STRETCH.map(lambda s: (s[0], s[0] + s[1], s[2])), max_size=6))
def test_no_floater_stands_in_twice_on_one_day(wanted):
    taken = [
        (floater, day)
        for floater, (first, last, _) in zip(share_out(wanted), wanted, strict=True)
        for day in range(first, last + 1)
    ]
    assert len(taken) == len(set(taken))
