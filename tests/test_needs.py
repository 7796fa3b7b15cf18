"""How many people: the least that keeps every open day within, against every staffing there is."""

from __future__ import annotations

import math
import os
from fractions import Fraction
from itertools import combinations_with_replacement, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import World, case_management
from planned import of_p1, open_days, planned, random_outlooks, students, text

from casekit.planning.outlook import Outlook
from casekit.planning.settings import PlanningError
from casekit.planning.staffing.needs import Least, fewest, least_staff, rounded_up
from casekit.planning.staffing.sharing import least_staff_together, shared_out, sharing

EXAMPLES = int(os.environ.get("EXAMPLES", "12"))
few = settings(max_examples=EXAMPLES, deadline=None)
many = settings(max_examples=5 * EXAMPLES, deadline=None)
WHOLE = "w1,p1,1,1,2025-01-01,\n"  # One person, full time, all of it case management.
TENTH = Fraction(1, 10)


def told(least: Least) -> tuple[Fraction, str, str, int]:
    """The amount, and the days that ask for all of it."""
    return least.amount, text(least.first), text(least.last), least.days


def test_75_students_need_exactly_one_whole_post():
    assert least_staff(of_p1("", students(75), standard="wa_open_doors")).time.amount == 1


def test_a_76th_student_needs_a_seventy_fifth_of_a_post_more_and_the_next_tenth():
    need = least_staff(of_p1("", students(76), standard="wa_open_doors")).time
    assert (need.amount, need.rounded) == (Fraction(76, 75), Fraction(11, 10))


def test_the_days_that_ask_for_all_of_it_are_named():
    # Three students from Friday 6 to Tuesday 10 March, otherwise two: three open days.
    rows = students(2) + students(1, "2026-03-06", "2026-03-10")
    need = least_staff(of_p1(WHOLE, rows, per_staff=2)).time
    assert told(need) == (Fraction(3, 2), "2026-03-06", "2026-03-10", 3)


def test_an_enrolment_that_ends_on_as_of_is_needed_for_only_over_the_whole_span():
    look = of_p1(WHOLE, students(2) + students(2, end="2026-03-03"), per_staff=2)
    assert (
        least_staff(look).time.amount,
        least_staff(look, whole_span=True).time.amount,
    ) == (1, 2)


# w1's last day is Wednesday 4 March, w2 comes with 0.7 on Friday 6 March.
GAP = "w1,p1,1,1,2025-01-01,2026-03-04\nw2,p1,0.7,1,2026-03-06,\n"


def test_what_is_needed_on_top_is_what_the_barest_day_lacks():
    need = least_staff(of_p1(GAP, students(2), per_staff=2)).extra_time
    assert told(need) == (1, "2026-03-05", "2026-03-05", 1)


def test_nothing_is_needed_on_top_where_one_ends_the_day_before_another_starts():
    staff = "w1,p1,1,1,2025-01-01,2026-03-05\nw2,p1,1,1,2026-03-06,\n"
    need = least_staff(of_p1(staff, students(2), per_staff=2)).extra_time
    assert told(need) == (0, "NaT", "NaT", 0)


def test_more_than_enough_is_nothing_on_top_and_not_less_than_nothing():
    assert told(least_staff(of_p1(WHOLE, students(1), per_staff=2)).extra_time)[0] == 0


def test_rows_of_one_person_that_overlap_are_summed():
    staff = "w1,p1,0.5,1,2025-01-01,\nw1,p1,0.5,1,2025-06-01,\n"
    assert least_staff(of_p1(staff, students(2), per_staff=2)).extra_time.amount == 0


def test_the_fewest_people_have_the_shares_in_use():
    # 0.9 of a post is needed; those who are there give 0.5 and 0.3: 0.5 and 0.5 are two people.
    staff = "w1,p1,1,0.5,2025-01-01,\nw2,p1,0.3,1,2025-01-01,\n"
    need = least_staff(of_p1(staff, students(9), per_staff=10)).time
    assert need.people == (Fraction(1, 2), Fraction(1, 2))


def test_the_last_of_the_fewest_people_has_the_least_share_that_does():
    staff = "w1,p1,1,0.5,2025-01-01,\nw2,p1,0.3,1,2025-01-01,\n"
    need = least_staff(of_p1(staff, students(8), per_staff=10)).time
    assert need.people == (Fraction(1, 2), Fraction(3, 10))


def test_where_nobody_is_employed_a_new_person_gives_the_largest_share():
    need = least_staff(of_p1("", students(9), per_staff=10, most_share=0.4))
    assert (need.time.people, "most_share" in need.settings_used) == (
        (Fraction(2, 5), Fraction(2, 5), Fraction(2, 5)),
        True,
    )


def test_a_time_that_is_not_recorded_leaves_its_days_out_of_what_is_needed_on_top():
    # w2, whose share is not known, is there from 9 March, when four students more come.
    look = of_p1(
        WHOLE + "w2,p1,1,,2026-03-09,\n", students(3) + students(4, "2026-03-09"), per_staff=2
    )
    need = least_staff(look)
    assert told(need.extra_time) == (Fraction(1, 2), "2026-03-04", "2026-03-06", 3)
    assert "5 days are left out" in need.said[-1]
    assert "the FTE or share of w2 is not recorded" in need.said[-1]


def test_where_no_time_is_recorded_nothing_is_said_to_be_needed_on_top():
    need = least_staff(of_p1("w1,p1,1,,2025-01-01,\n", students(3), per_staff=2))
    assert need.extra_time is None
    assert "cannot be told" in " ".join(need.said)


def test_a_limit_on_heads_asks_for_whole_case_managers():
    # Five students, two to each: three; from 9 March two are employed, so one more.
    staff = "".join(
        f"w{n},p1,1,1,2025-01-01,{end}\n" for n, end in enumerate(("", "", "2026-03-06"))
    )
    need = least_staff(of_p1(staff, students(5), "", at_most=2))
    assert (told(need.managers), told(need.extra_managers)) == (
        (3, "2026-03-04", "2026-03-13", 8),
        (1, "2026-03-09", "2026-03-13", 5),
    )


def test_someone_without_case_management_time_is_no_case_manager():
    need = least_staff(of_p1("w1,p1,1,0,2025-01-01,\n", students(2), "", at_most=2))
    assert need.extra_managers.amount == 1


def test_someone_of_whom_nothing_is_recorded_is_not_counted_and_named():
    need = least_staff(of_p1("w1,p1,1,,2025-01-01,\n", students(2), "", at_most=2))
    assert (need.extra_managers.amount, need.said[-1].endswith(": w1.")) == (1, True)


@pytest.mark.parametrize(
    ("staff", "rows", "more", "said"),
    [
        ("", students(2), {"per_staff": 2}, "It needs 1 FTE more than the staff"),
        (
            "w1,p1,1,0,2025-01-01,\n",
            students(2),
            {"per_staff": 2},
            "It needs 1 FTE more than the staff",
        ),
        (WHOLE, "", {"per_staff": 2}, "no student on any of these open days"),
        (WHOLE, students(2, end="2026-02-01"), {"at_most": 2}, "no student on any of these"),
        (WHOLE, students(2), {}, "held to no limit on staffing"),
        (WHOLE, students(2), {"per_staff": 2, "until": "2026-03-03"}, "Give a later horizon"),
    ],
    ids=["no staff", "share 0", "no students", "everyone has left", "no limit", "no horizon"],
)
def test_absurd_programs_are_answered_in_words(staff, rows, more, said):
    assert said in " ".join(least_staff(of_p1(staff, rows, **more)).said)


def time_on(world: World, look: Outlook, day) -> Fraction | None:
    times = [case_management(row) for row in world.employed(look.program, day)]
    return None if None in times else sum(times, Fraction(0))


def least_by_trying(world: World, look: Outlook, there: dict) -> Fraction | None:
    """The first FTE of 0, 0.1, 0.2, ... on top of what is there that keeps all days within."""

    def within(fte: Fraction) -> bool:
        return all(
            world.heads(look.program, day) <= look.limits.per_staff * (time + fte)
            for day, time in there.items()
        )

    return next(n * TENTH for n in range(1000) if within(n * TENTH)) if there else None


@few
@given(random_outlooks(ratio=True))
def test_no_staffing_in_tenths_with_less_keeps_every_day_within(drawn):
    world, looks = drawn
    for look in looks.values():
        need = least_staff(look)
        days = [day for day in open_days(world, look) if day > world.as_of]
        there = {day: time_on(world, look, day) for day in days}
        known = [day for day in days if there[day] is not None]
        assert (
            need.time and need.time.rounded,
            need.extra_time and need.extra_time.rounded,
        ) == (
            least_by_trying(world, look, dict.fromkeys(days, Fraction(0))),
            least_by_trying(world, look, {day: there[day] for day in known}),
        )


@few
@given(random_outlooks(ratio=True))
def test_programs_together_need_what_trying_every_split_finds(drawn):
    world, looks = drawn
    if any(
        not (look.span.calendar.open_in(look.span.as_of + 1, look.span.until)).size
        for look in looks.values()
    ):
        return
    need = least_staff_together(list(looks.values())).time
    days = [d for d in open_days(world, looks["p1"]) if d > world.as_of]
    asked = {
        p: [world.heads(p, d) / look.limits.per_staff for d in days] for p, look in looks.items()
    }
    assert need.own == sum(max(each) for each in asked.values())
    assert need.pool == max(map(sum, zip(*asked.values(), strict=True)))
    assert need.people == fewest_by_trying(
        [math.ceil(max(each) / TENTH) for each in asked.values()], [10, 10]
    )


@many
@given(
    st.integers(0, 40),
    st.lists(st.sampled_from([1, 3, 4, 7, 10]), min_size=1, max_size=3, unique=True),
)
def test_the_fewest_people_are_no_more_than_any_mix_of_shares_takes(asked, shares):
    people = fewest(asked * TENTH, [share * TENTH for share in shares])
    mixes = (
        mix
        for n in range(asked + 1)
        for mix in combinations_with_replacement(shares, n)
        if sum(mix) >= asked
    )
    assert (len(people), sum(people) >= asked * TENTH) == (len(next(mixes)), True)


def fewest_by_trying(asked: list[int], most: list[int]) -> int:
    """How many people it takes, adding one after another in every way that one can be split."""
    ways = [
        split
        for split in product(*(range(n + 1) for n in most))
        if sum(split) <= min((m for m, part in zip(most, split, strict=True) if part), default=0)
    ]
    left, people = {tuple(asked)}, 0
    while not any(not any(state) for state in left):
        left = {
            tuple(max(n - part, 0) for n, part in zip(state, split, strict=True))
            for state in left
            for split in ways
        }
        people += 1
    return people


@many
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 4)), min_size=1, max_size=3))
def test_no_way_to_split_people_takes_fewer(programs):
    named = [(f"p{n}", asked, most) for n, (asked, most) in enumerate(programs)]
    people = shared_out(named)["person"].nunique()
    assert people == fewest_by_trying([p[1] for p in named], [p[2] for p in named])


@many
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), min_size=1, max_size=4))
def test_each_program_gets_what_it_asks_for_and_nobody_has_too_much(programs):
    named = {f"p{n}": each for n, each in enumerate(programs)}
    splits = shared_out([(name, *each) for name, each in named.items()])
    given_out = splits.groupby("program")["part"].sum().to_dict()
    assert given_out == {name: asked for name, (asked, _) in named.items() if asked}
    for _, mine in splits.groupby("person"):
        assert mine["part"].sum() <= min(named[name][1] for name in mine["program"])


TWO = {"programs": "p1 p2"}
# p1 has six students in the first week and two in the second; p2 the other way about.
WEEKS = (
    students(2)
    + students(4, end="2026-03-06")
    + students(2, program="p2")
    + students(4, "2026-03-09", program="p2")
)
BOTH = "w1,p1,0.5,1,2025-01-01,\nw1,p2,0.5,1,2025-01-01,\nw2,p2,1,1,2025-01-01,\n"


def test_a_pool_needs_less_than_fixed_shares_where_programs_peak_on_different_days():
    need = least_staff_together(list(planned(BOTH, WEEKS, per_staff=10, **TWO).values())).time
    assert (need.own, need.pool, need.people, need.apart) == (
        Fraction(12, 10),
        Fraction(8, 10),
        2,
        2,
    )


def test_a_split_person_saves_one_where_two_programs_need_half_a_post_each():
    rows = students(5) + students(5, program="p2")
    need = least_staff_together(list(planned(BOTH, rows, per_staff=10, **TWO).values())).time
    assert (need.people, need.apart) == (1, 2)


def test_case_managers_are_shared_by_their_places():
    # 6 and 6 students, 4 to each: two each for themselves, three together.
    looks = planned(BOTH, students(6) + students(6, program="p2"), "", at_most=4, **TWO)
    need = least_staff_together(list(looks.values())).heads
    assert (need.own, need.pool, need.people) == (4, 3, 3)


def test_who_is_shared_is_said():
    said = least_staff_together(list(planned(BOTH, WEEKS, per_staff=10, **TWO).values())).said
    assert said[0] == "Of p1 and p2: w1 works in p1 and p2."


def test_programs_that_share_staff_through_others_are_one_group():
    # Whoever left p4 by as_of shares nothing any more.
    pairs = ("w1,p1", ""), ("w1,p2", ""), ("w2,p2", ""), ("w2,p3", ""), ("w1,p4", "2026-03-03")
    staff = "".join(f"{pair},1,1,2025-01-01,{end}\n" for pair, end in pairs)
    assert sharing(planned(staff, programs="p1 p2 p3 p4")) == [("p1", "p2", "p3")]


def test_a_step_larger_than_any_share_is_refused():
    looks = planned(BOTH, WEEKS, per_staff=10, most_share=0.05, **TWO)
    with pytest.raises(PlanningError, match="make fte_step smaller"):
        least_staff_together(list(looks.values()))


def test_no_program_at_all_is_refused():
    with pytest.raises(PlanningError, match="no program is given"):
        least_staff_together([])


def test_programs_without_a_limit_are_left_out_and_named():
    need = least_staff_together(list(planned(BOTH, WEEKS, **TWO).values()))
    assert (need.time, need.heads, need.said[-1]) == (
        None,
        None,
        "Left out, as held to no limit on staffing: p1 and p2.",
    )


def test_a_step_of_time_is_never_rounded_down():
    assert (rounded_up(Fraction(3, 10), TENTH), rounded_up(Fraction(301, 1000), TENTH)) == (
        Fraction(3, 10),
        Fraction(4, 10),
    )
