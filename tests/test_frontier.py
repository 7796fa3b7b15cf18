"""What being sure costs: the least amount for each probability, and what moves it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planned import of_p1, students

from casekit.planning.costs.extra import extra_cost, least_extra, spare_time, usual_time
from casekit.planning.costs.frontier import frontier
from casekit.planning.forecast.forecast import forecast_one
from casekit.planning.settings import PlanningError

TENTH = Fraction(1, 10)
# Two people: half a post and a whole one, both partly on case management, both without an end.
STAFF = "w1,p1,0.5,0.5,2025-01-06,\nw2,p1,1,0.75,2025-01-06,\n"


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=30),
    st.sampled_from([0.5, 0.8, 0.9, 0.95]),
)
def test_the_least_amount_covers_that_part_of_the_futures_and_a_step_less_does_not(
    needed: list[int], probability: float
) -> None:
    futures = np.array(needed) / 20
    least = least_extra(futures, probability, TENTH)
    assert np.mean(futures <= float(least) + 1e-9) >= probability - 1e-12
    if least:
        assert np.mean(futures <= float(least - TENTH) + 1e-9) < probability


def test_nothing_is_asked_where_no_future_needs_any() -> None:
    assert least_extra(np.zeros(10), 0.99, TENTH) == 0


def test_exactly_nine_in_ten_is_enough_for_nine_tenths() -> None:
    assert least_extra(np.array([0.0] * 9 + [1.0]), 0.9, TENTH) == 0


def test_a_need_that_is_a_float_above_a_step_asks_for_no_further_step() -> None:
    assert least_extra(np.array([0.1 + 0.2]), 0.9, TENTH) == Fraction(3, 10)


def test_time_is_first_taken_from_those_who_are_there() -> None:
    outlook = of_p1(STAFF, students(1), per_staff=10, salary=3650.0, hire_cost=100.0)
    # w1 can give 0.25 more and w2 0.25: up to half a post costs its pay alone, for ten days.
    assert spare_time(outlook) == {"w1": Fraction(1, 4), "w2": Fraction(1, 4)}
    assert extra_cost(outlook, Fraction(1, 2)) == pytest.approx(0.5 * 10 * 10)
    # A tenth more takes a new person.
    assert extra_cost(outlook, Fraction(6, 10)) == pytest.approx(0.6 * 10 * 10 + 100)


def test_nobody_who_leaves_before_the_horizon_can_give_more() -> None:
    outlook = of_p1("w1,p1,1,0.5,2025-01-06,2026-03-12\n", students(1), per_staff=10)
    assert spare_time(outlook) == {}


def test_rows_that_follow_one_another_are_one_person() -> None:
    rows = "w1,p1,1,0.5,2025-01-06,2026-03-06\nw1,p1,1,0.5,2026-03-07,\n"
    assert spare_time(of_p1(rows, students(1), per_staff=10)) == {"w1": Fraction(1, 2)}


def test_who_gives_a_whole_post_to_two_programs_has_nothing_to_spare() -> None:
    rows = "w1,p1,1,0.5,2025-01-06,\nw1,p2,1,0.5,2025-01-06,\n"
    outlook = of_p1(rows, students(1), programs="p1 p2", per_staff=10)
    assert spare_time(outlook) == {}


def test_a_share_of_nothing_is_no_case_manager_to_take_time_from() -> None:
    assert spare_time(of_p1("w1,p1,1,0,2025-01-06,\n", students(1), per_staff=10)) == {}


def test_under_a_limit_on_heads_each_costs_what_is_usual() -> None:
    outlook = of_p1(STAFF, students(1), "", at_most=5, salary=3650.0, hire_cost=100.0)
    assert usual_time(outlook) == Fraction(3, 4)
    assert extra_cost(outlook, Fraction(2)) == pytest.approx(2 * 0.75 * 10 * 10 + 2 * 100)


@pytest.fixture(scope="module")
def grown():
    """A program with half a year of comings and goings, held to few students for its staff."""
    rows = "".join(
        f"s{n},p1,{pd.Timestamp('2025-09-01') + pd.Timedelta(days=5 * n):%Y-%m-%d},"
        f"{pd.Timestamp('2025-11-03') + pd.Timedelta(days=6 * n):%Y-%m-%d}\n"
        for n in range(18)
    )
    calendar = "calendar_id,kind,start_date,end_date\nc1,school_year,2025-09-01,2026-06-26\n"
    outlook = of_p1(
        STAFF,
        rows,
        calendar=calendar,
        until="2026-05-29",
        per_staff=10,
        runs=200,
        salary=50_000.0,
        hire_cost=1_000.0,
        vacancy_cost=0.4,
    )
    ahead = forecast_one(outlook, 1)
    assert not ahead.refused, ahead.refused
    return outlook, ahead


def test_being_surer_never_costs_less(grown) -> None:
    steps = frontier(*grown, seed=1).steps
    assert steps["probability"].is_monotonic_increasing
    assert steps["extra"].is_monotonic_increasing
    assert steps["cost"].is_monotonic_increasing


def test_the_input_that_moves_the_answer_most_comes_first(grown) -> None:
    tornado = frontier(*grown, seed=1).tornado
    assert tornado["swing"].is_monotonic_decreasing
    assert {"salary", "attrition_per_year", "hiring_weeks", "sure"} <= set(tornado["setting"])


def test_a_vacancy_breaks_even_where_it_costs_what_a_person_does(grown) -> None:
    outlook, ahead = grown
    scarce = replace(ahead, needed=np.full(200, 2.0))
    made = frontier(outlook, scarce, seed=1)
    row = made.tornado.set_index("setting").loc["vacancy_cost"]
    # Two posts beyond the half that is spare: two hires at 1,000, on 2 x 87/365 of 50,000 paid.
    paid = 2 * 87 / 365 * 50_000
    assert row["break_even"].startswith(f"{round(1 + 2_000 / paid, 3):g}")


def test_the_same_seed_gives_the_same_answer(grown) -> None:
    one, other = frontier(*grown, seed=3), frontier(*grown, seed=3)
    pd.testing.assert_frame_equal(one.tornado, other.tornado)
    assert one.said == other.said


def test_without_a_limit_nothing_has_to_be_paid(grown) -> None:
    outlook, ahead = grown
    with pytest.raises(PlanningError, match="held to no limit on staffing"):
        frontier(outlook, replace(ahead, needed=np.array([])))


def test_without_a_forecast_no_cost_is_known(grown) -> None:
    outlook, ahead = grown
    with pytest.raises(PlanningError, match="without a forecast"):
        frontier(outlook, replace(ahead, refused="too short"))
