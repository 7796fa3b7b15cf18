"""The forecast: what is known stands, what is not is drawn, and drawn as the model says."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_history import day, outlook_of

from casekit.calendars import Calendar
from casekit.caseload import FAR
from casekit.planning.forecast.forecast import Forecast, forecast
from casekit.planning.forecast.history import History, Stays, stays_of
from casekit.planning.forecast.places import PLACE, places_of
from casekit.planning.forecast.rates import TREND_WEEKS, arriving, leaving
from casekit.planning.forecast.simulation import Ahead, ahead_of, quantiles, simulate
from casekit.planning.limits import Limits
from casekit.planning.outlook import Outlook
from casekit.planning.settings import Settings

# One enters each Monday from 8 September, and one leaves on a Friday from 26 September.
STEADY = "".join(
    f"s{week},p1,{day('2025-09-08') + 7 * week},"
    + (f"{day('2025-09-26') + 7 * week}\n" if week < 9 else "\n")
    for week in range(12)
)
BASE = "".join(f"b{number},p1,2025-09-01,\n" for number in range(20))
STAFF = "staff_id,program_id,start_date,end_date,fte,case_management_share\n"
ONE = STAFF + "t1,p1,2025-09-01,,1,1\n"
RATIO, HEADS = Limits(per_staff=Fraction(25)), Limits(at_most=25)
STILL = Settings(runs=400, attrition_per_year=0.0)


def planned(
    students: str = BASE + STEADY,
    *,
    limits: Limits = RATIO,
    settings: Settings = STILL,
    program: str = "p1",
    **tables: str,
) -> Outlook:
    outlook = outlook_of(students, **tables)
    return replace(outlook, limits=limits, settings=settings, program=program)


def of(outlook: Outlook, seed: int = 1) -> Forecast:
    return forecast([outlook], seed)[outlook.program]


def sentence(found: Forecast, words: str) -> bool:
    return any(words in each for each in found.said)


# What is known stands.


def certain(ahead: Ahead) -> np.ndarray:
    """Students enrolled, week by week, in a program that nobody enters or leaves by chance."""
    nobody = np.zeros(1000, dtype=int)
    weeks = np.arange(day("2006-01-02"), day("2006-01-02") + 7000, 7)
    history = History(weeks, nobody, nobody + 10_000, nobody, nobody, None)
    runs = simulate(history, ahead, Settings(runs=200), np.random.default_rng(1))
    return np.median(runs.enrolled, axis=1)


@cache
def calendar() -> Calendar:
    return outlook_of("s1,p1,2025-09-01,\n").span.calendar


def ahead(*stays: tuple[str, str], until: str = "2026-02-02") -> Ahead:
    """Weeks from 5 January 2026, four as a rule, as known on the Sunday before."""
    start = np.array([first for first, _ in stays], dtype="M8[D]")
    end = np.array([last or str(FAR) for _, last in stays], dtype="M8[D]")
    known = Stays(start, end, None, day("2025-09-01"), day("2026-01-04"))
    return ahead_of(known, calendar(), np.arange(day("2026-01-05"), day(until), 7))


def test_a_student_with_a_last_day_is_there_until_then_and_not_after() -> None:
    # Enrolled on the Monday of the second week still.
    assert list(certain(ahead(("2025-09-01", ""), ("2025-09-01", "2026-01-12")))) == [2, 2, 1, 1]


def test_a_student_known_to_enter_is_there_from_then_on() -> None:
    assert list(certain(ahead(("2025-09-01", ""), ("2026-01-20", "")))) == [1, 1, 2, 2]


def test_a_student_known_to_enter_and_to_leave_is_there_between() -> None:
    assert list(certain(ahead(("2026-01-12", "2026-01-18"), ("2025-09-01", "")))) == [1, 2, 1, 1]


def test_the_rest_of_a_week_is_simulated_and_not_shown() -> None:
    found = of(replace_as_of(planned(), "2025-12-03"))  # a Wednesday
    assert found.weeks["week"].iloc[0].to_datetime64() == day("2025-12-08")


def replace_as_of(outlook: Outlook, as_of: str) -> Outlook:
    return replace(outlook, span=replace(outlook.span, as_of=day(as_of)))


def test_nothing_ever_falls_below_nobody() -> None:
    # Ten of twelve left in ten weeks, and none came after the first.
    rows = "".join(f"s{n},p1,2025-09-01,{day('2025-09-12') + 7 * n}\n" for n in range(10))
    found = of(planned(rows + "t1,p1,2025-09-01,\nt2,p1,2025-09-01,\n"))
    assert (found.weeks["low"] >= 0).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 9), st.integers(0, 50), st.integers(0, 40))
def test_students_are_those_before_and_those_who_came_less_those_who_left(
    seed: int, now: int, weekly: int
) -> None:
    past = np.full(45, weekly)
    history = History(np.arange(45), np.zeros(45, dtype=int), past + now + 1, past, past, None)
    steps = replace(ahead(("2025-09-01", "")), present=now)
    runs = simulate(history, steps, Settings(runs=100), np.random.default_rng(seed))
    # Enrolled on some day of a week: those who began it, and all who entered in it.
    begun = runs.enrolled - runs.entries
    assert (begun[0] == now).all()
    assert (begun[1:] == (runs.enrolled - runs.exits)[:-1]).all()
    assert (runs.exits <= runs.enrolled).all()


# The same numbers for the same question.


def test_the_same_seed_gives_the_same_bytes() -> None:
    one, two = of(planned(staff=ONE)), of(planned(staff=ONE))
    assert one.weeks.equals(two.weeks)
    assert one.needed.tobytes() == two.needed.tobytes()


def test_another_seed_gives_other_numbers() -> None:
    assert not of(planned(staff=ONE), 1).weeks.equals(of(planned(staff=ONE), 2).weeks)


def test_a_programs_numbers_do_not_hang_on_the_others_asked_for() -> None:
    one = planned(staff=ONE)
    other = replace(planned((BASE + STEADY).replace(",p1,", ",p2,"), programs=TWO), program="p2")
    alone, beside = forecast([one], 1)["p1"], forecast([other, one], 1)["p1"]
    assert alone.weeks.equals(beside.weeks)


TWO = "program_id,calendar_id\np1,c1\np2,c1\n"


# The draws are those of the model.


def slow(history: History, steps: Ahead, runs: int, rng: np.random.Generator) -> np.ndarray:
    """The same model, one run and one week at a time."""
    come = arriving(history.entries, history.season)
    go = leaving(history.exits, history.enrolled, history.season)
    levels, growths, factors = come.drawn(rng, runs, steps.season)
    shares = go.drawn(rng, runs, steps.season)
    found = np.zeros((len(steps.season), runs))
    for run in range(runs):
        heads, level = steps.present, float(levels[run])
        for week, kind in enumerate(steps.season):
            mean = level * factors[kind, run]
            if come.clump is not None:
                mean *= rng.gamma(come.clump) / come.clump
            heads += max(rng.poisson(mean) - steps.fixed_in[week], steps.comes[week])
            found[week, run] = heads + steps.fixed_there[week]
            share = shares[int(kind)][run]
            if go.clump is not None:
                share = min(share * rng.gamma(go.clump) / go.clump, 1.0)
            heads -= rng.binomial(heads, share)
            level *= growths[run] if week < TREND_WEEKS else 1.0
    return found


@pytest.mark.parametrize("clumped", [False, True])
def test_the_runs_are_distributed_as_those_of_a_slow_loop(clumped: bool) -> None:
    rng = np.random.default_rng(5)
    came = rng.poisson(2, 60) * (rng.random(60) < 0.3) * 4 if clumped else rng.poisson(2, 60)
    season = np.where(np.arange(60) % 10 == 0, 1, 0)
    went = rng.binomial(40, 0.05, 60)
    history = History(np.arange(60), season, np.full(60, 40), came, went, None)
    assert (arriving(came, season).clump is not None) == clumped
    steps = replace(ahead(("2025-09-01", "2026-01-14"), ("2026-01-15", "")), present=40)
    fast = simulate(history, steps, Settings(runs=20_000), np.random.default_rng(1)).enrolled
    loop = slow(history, steps, 3_000, np.random.default_rng(2))
    # Three standard errors of the loop's mean; its spread to within a tenth.
    apart = np.abs(fast.mean(axis=1) - loop.mean(axis=1)) / (loop.std(axis=1) / np.sqrt(3_000))
    assert (apart < 3).all()
    assert fast.std(axis=1) == pytest.approx(loop.std(axis=1), rel=0.1)


def test_quantiles_are_the_least_counts_that_so_much_of_the_runs_does_not_pass() -> None:
    # Of ten runs, one may be below the low one and one above the high one.
    assert list(quantiles(np.arange(10)[None, :], 0.8)[0]) == [0, 4, 8]


# A short history says less.


def test_a_longer_history_makes_a_narrower_interval() -> None:
    def width(weeks: int) -> float:
        one = np.ones(weeks, dtype=int)
        history = History(np.arange(weeks), 0 * one, 50 * one, one, one, None)
        steps = replace(ahead(("2025-09-01", ""), until="2026-06-08"), present=50)
        runs = simulate(history, steps, Settings(runs=4_000), np.random.default_rng(1))
        return float(runs.enrolled[-1].std())

    assert width(150) < width(45) < width(12)


def test_seven_weeks_on_record_are_too_few() -> None:
    found = of(replace_as_of(planned(), "2025-10-19"))
    assert "7 whole weeks" in found.refused
    assert found.weeks.empty


def test_a_program_in_which_nobody_ever_came_or_left_is_refused() -> None:
    # All have been there since before the first week on record.
    found = of(planned("s1,p1,2024-09-02,\n"))
    assert "nobody entered and nobody left" in found.refused


def test_a_program_without_students_is_refused() -> None:
    found = of(planned("s1,p2,2025-09-01,\n", programs=TWO))
    assert "no student was ever enrolled" in found.refused


def test_a_plan_without_a_week_ahead_is_refused() -> None:
    outlook = planned()
    found = of(replace(outlook, span=replace(outlook.span, until=outlook.span.as_of)))
    assert "give a later one" in found.refused


def test_parts_of_the_year_that_no_record_has_seen_are_named() -> None:
    assert sentence(of(planned(staff=ONE)), "not yet seen the weeks without open days")


def test_a_rate_that_rises_is_forecast_above_its_average() -> None:
    came = np.repeat([1, 2, 3, 4], 26)
    told = arriving(came, np.zeros(104, dtype=int))
    level, _, _ = told.drawn(np.random.default_rng(1), 5_000, np.zeros(1, dtype=int))
    assert level.mean() > 3.2  # the average is 2.5


# The limit.


def test_without_a_limit_no_probability_is_given_and_that_is_said() -> None:
    found = of(planned(limits=Limits(), staff=ONE))
    assert found.weeks["p_over"].isna().all()
    assert sentence(found, "no limit on staffing")


def test_students_without_any_case_manager_are_surely_over() -> None:
    found = of(planned(staff=STAFF + "t1,p1,2025-09-01,2025-10-31,1,1\n"))
    assert found.weeks.loc[found.weeks["open_days"] > 0, "p_over"].min() == 1


def test_somebody_whose_share_is_unknown_leaves_it_open_and_is_named() -> None:
    found = of(planned(staff=ONE + "t2,p1,2025-09-01,,1,\n"))
    assert found.weeks["p_over"].isna().all()
    assert sentence(found, "t2")


def test_a_caseload_without_a_staff_table_leaves_it_open() -> None:
    found = of(planned())
    assert np.isnan(found.p_any)
    assert sentence(found, "the table staff is not there")


def test_weeks_without_open_days_are_not_judged() -> None:
    weeks = of(planned(staff=ONE)).weeks.set_index("week")
    assert np.isnan(weeks.loc["2025-12-22", "p_over"])


def test_the_first_week_over_is_the_first_in_which_a_director_is_no_longer_sure() -> None:
    # Too many are enrolled in 12% of the futures in the first week, and in 24% in the second.
    found = of(planned(staff=ONE, settings=replace(STILL, sure=0.8)))
    assert found.first_over == day("2025-12-08")
    assert sentence(
        found, "8 December 2025 is the first in which a breach has a probability of 20%"
    )


def test_a_limit_that_is_always_sure_enough_has_no_first_week_over() -> None:
    found = of(planned(limits=Limits(per_staff=Fraction(500)), staff=ONE))
    assert np.isnat(found.first_over)


def test_no_need_is_none_and_each_student_too_many_is_a_25th_of_full_time() -> None:
    found = of(planned(staff=ONE))
    assert found.needed * 25 == pytest.approx(np.round(found.needed * 25))
    assert (found.needed > 0).mean() == found.p_any


def test_a_limit_on_heads_needs_whole_people() -> None:
    found = of(planned(limits=HEADS, staff=ONE))
    assert set(found.needed % 1) == {0.0}


def test_places_are_those_of_the_worst_open_day_of_the_week() -> None:
    # t2 ends on a Wednesday: from Thursday on there are t1's places alone.
    outlook = planned(staff=ONE + "t2,p1,2025-09-01,2025-12-10,0.3,0.5\n")
    weeks = outlook.weeks_ahead[:3]
    most = places_of(outlook, weeks, stays_of(outlook).first).most.sum(axis=0)
    assert list(most) == [Fraction(115, 4) * PLACE, 25 * PLACE, 25 * PLACE]


def test_a_person_with_two_rows_has_one_limit_on_heads() -> None:
    twice = ONE + "t1,p1,2025-09-15,,0.5,1\n"
    outlook = planned(limits=HEADS, staff=twice)
    places = places_of(outlook, outlook.weeks_ahead[:2], stays_of(outlook).first)
    assert list(places.most.sum(axis=0)) == [25 * PLACE, 25 * PLACE]


def test_where_case_managers_leave_the_limit_is_passed_more_often() -> None:
    staff = ONE + "t2,p1,2025-09-01,,1,1\n"
    leaving = replace(STILL, attrition_per_year=0.5)
    still, moving = (of(planned(staff=staff, settings=each)) for each in (STILL, leaving))
    assert still.p_any < moving.p_any


def test_a_post_that_is_filled_at_once_is_never_vacant() -> None:
    outlook = planned(staff=ONE)
    places = places_of(outlook, outlook.weeks_ahead, stays_of(outlook).first)
    assert places.lost(np.random.default_rng(1), 50, 0, 0).sum() == 0


def test_a_post_is_vacant_then_grows_and_is_whole_again() -> None:
    outlook = planned(staff=ONE, settings=replace(STILL, attrition_per_year=0.9))
    places = places_of(outlook, outlook.weeks_ahead[:3], stays_of(outlook).first)
    lost = places.lost(np.random.default_rng(1), 300, 1, 2)
    # Who leaves in the first week: none of the places, then none yet, then half of them.
    first = np.flatnonzero(lost[0])
    parts = {tuple(lost[:, run] * 2 // (25 * PLACE)) for run in first}
    assert (2, 2, 1) in parts
