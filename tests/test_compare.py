"""Scenarios against the baseline: only what may have changed is judged anew, to the same end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from conftest import caseload_of
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from random_worlds import FIRST, frames, known, worlds

from casekit import catalog
from casekit.calendars import day
from casekit.evaluate import Plan, plan_of
from casekit.findings import evaluate_programs
from casekit.kinds.rows import Span
from casekit.planning.costs.cost import cost_of
from casekit.planning.scenarios.apply import applied
from casekit.planning.scenarios.changes import (
    Exits,
    Hire,
    Intake,
    Leave,
    Limit,
    Move,
    Resign,
    Share,
)
from casekit.planning.scenarios.compare import _worst, baseline_of, compare
from casekit.planning.scenarios.reevaluate import judge_all
from casekit.planning.scenarios.scenario import Scenario
from casekit.planning.settings import PlanningError, Settings

# 76 students and 1.0 FTE: one over 75, on each of the 15 open days of March that are left.
TABLES = {
    "programs": "program_id,standard_ids,calendar_id\np1,wa_open_doors,c1\n",
    "calendar": "calendar_id,kind,start_date,end_date\nc1,school_year,2026-01-05,2026-03-27\n",
    "students": "student_id,program_id,enrollment_start\n"
    + "".join(f"s{n},p1,2026-01-05\n" for n in range(76)),
    "staff": "staff_id,program_id,fte,case_management_share,start_date,end_date\n"
    "w1,p1,1,1,2025-01-06,\n",
}
HALF = Scenario("Half", (Hire("p1", fte=0.5, on=date(2026, 3, 9)),))


@pytest.fixture(scope="module")
def base():
    caseload = caseload_of(**TABLES)
    plan = plan_of(caseload, as_of="2026-03-06", since="2026-03-02", until="2026-03-27")
    return baseline_of(caseload, plan, Scenario("b", settings=Settings(salary=36_500)))


def row(comparison, window: str, requirement: str = "wa_open_doors.staff_ratio") -> dict:
    frame = comparison.frame
    mine = frame[(frame["requirement_id"] == requirement) & (frame["window"] == window)]
    assert len(mine) == 1
    return mine.iloc[0].to_dict()


def test_half_a_post_more_ends_the_breach_ahead(base) -> None:
    ahead = row(compare(base, [HALF]), "ahead")
    assert (ahead["status_before"], ahead["status_after"], ahead["direction"]) == (
        "not_met",
        "met",
        "better",
    )
    assert (ahead["days_over_before"], ahead["days_over_after"]) == (15, 0)


def test_what_has_been_stays_in_the_whole_span(base) -> None:
    span = row(compare(base, [HALF]), "span")
    # Five days of the first week were over, and stay so; the fifteen after them are not.
    assert (span["status_after"], span["days_over_after"], span["direction"]) == (
        "not_met",
        5,
        "better",
    )


def test_a_resignation_makes_it_worse(base) -> None:
    gone = Scenario("Gone", (Resign("w1", on=date(2026, 3, 20)),))
    comparison = compare(base, [gone, HALF])
    first = comparison.frame[comparison.frame["scenario"] == "Gone"]
    ratio = first[first["requirement_id"] == "wa_open_doors.staff_ratio"]
    assert np.isinf(ratio["worst_after"]).all()
    present = first[first["requirement_id"] == "wa_open_doors.continuous_staffing"]
    assert list(present["direction"]) == ["worse", "worse"]


def test_another_limit_is_judged_by(base) -> None:
    looser = Scenario("Looser", (Limit("wa_open_doors.staff_ratio", {"per_staff": 76}),))
    ahead = row(compare(base, [looser]), "ahead")
    assert (ahead["status_after"], ahead["limit_before"], ahead["limit_after"]) == ("met", 75, 76)


def test_a_scenario_that_changes_nothing_changes_no_finding(base) -> None:
    comparison = compare(base, [Scenario("Same")])
    assert set(comparison.frame["direction"]) == {"same"}
    assert comparison.said[0] == "Same: no finding changes."


def test_the_cost_is_the_time_that_is_paid(base) -> None:
    # 21 days of half a post from the day after as_of, at 100 a day: 19 of them from 9 March.
    money = Scenario("Half", HALF.changes, settings=Settings(salary=36_500, hire_cost=7))
    ahead = row(compare(base, [money]), "ahead")
    assert ahead["cost_before"] == pytest.approx(21 * 100)
    assert ahead["cost_after"] == pytest.approx(21 * 100 + 19 * 50 + 7)


def test_a_post_that_stands_empty_costs_what_the_settings_say(base) -> None:
    empty = Settings(salary=36_500, vacancy_cost=0.5)
    gone = Scenario("Gone", (Resign("w1", on=date(2026, 3, 20)),), settings=empty)
    ahead = row(compare(base, [gone]), "ahead")
    # 14 days paid, 7 days empty at half.
    assert ahead["cost_after"] == pytest.approx(14 * 100 + 7 * 50)


def test_somebody_whose_time_is_not_recorded_is_left_out_and_named(base) -> None:
    from casekit.planning.outlook import outlooks

    staff = TABLES["staff"] + "w2,p1,,1,2025-01-06,\n"
    caseload = caseload_of(**{**TABLES, "staff": staff})
    plan = plan_of(caseload, as_of="2026-03-06", since="2026-03-02", until="2026-03-27")
    cost = cost_of(outlooks(caseload, plan, Settings())["p1"])
    assert cost.unknown == ("w2",)
    assert cost.fte_years == pytest.approx(21 / 365)


def test_a_requirement_that_is_not_there_is_answered(base) -> None:
    wrong = Scenario("x", (Limit("wa_open_doors.staf_ratio", {"per_staff": 76}),))
    with pytest.raises(PlanningError, match=r"did you mean wa_open_doors\.staff_ratio"):
        compare(base, [wrong])
    beyond = Scenario("x", (Limit("wa_open_doors.staff_ratio", {"per_staff": 0}),))
    with pytest.raises(PlanningError, match="per_staff = 0"):
        compare(base, [beyond])


def test_the_worst_is_the_least_where_more_is_asked(base) -> None:
    contact = row(compare(base, [Scenario("Same")]), "span", "wa_open_doors.staff_ratio")
    assert contact["worst_before"] == 76
    few = pd.DataFrame({"status": ["not_met", "met"], "observed": [0.0, 1.0], "limit": [1.0, 1.0]})
    assert _worst(few) == 0.0
    assert _worst(few.assign(status="met", observed=[2.0, 1.0])) == 1.0


def test_the_baseline_is_what_an_evaluation_finds(base) -> None:
    plan = base.span.plan
    whole = evaluate_programs(
        base.applied.caseload, as_of="2026-03-06", since="2026-03-02", until="2026-03-27"
    )
    assert plan.held == whole.plan.held
    pd.testing.assert_frame_equal(base.span.findings, whole.findings)
    pd.testing.assert_frame_equal(base.span.levels, whole.levels)


SHIPPED = [catalog.load(name) for name in catalog.shipped_standards()]
# What only people can answer is the same for every caseload.
COMPUTED = [
    replace(s, requirements={i: r for i, r in s.requirements.items() if not r.attested})
    for s in SHIPPED
]
TABLES_DRAWN = ("staff", "leave", "assignments", "contacts", "referrals")


@st.composite
def changes(draw: st.DrawFn, world) -> object:
    """A change of the world's own people, on a day around as_of."""
    on = FIRST + timedelta(days=draw(st.integers(-10, 40)))
    staff = draw(st.sampled_from(sorted({r["staff_id"] for r in world.tables["staff"]} or {"a"})))
    students = sorted({r["student_id"] for r in world.tables["students"]} or {"s1"})
    student = draw(st.sampled_from(students))
    last = on + timedelta(days=draw(st.integers(0, 20)))
    program = draw(st.sampled_from(list(world.programs)))
    return draw(
        st.sampled_from(
            [
                Hire(program, 0.5, 0.5, on),
                Leave(staff, on, last),
                Resign(staff, on),
                Share(staff, share=0.25, on=on),
                Intake(program, a_month=4, on=on),
                Exits(program, a_month=2, on=on),
                Exits(program, students=(student,), on=on),
                Move((student,), staff, on),
            ]
        )
    )


@pytest.mark.parametrize("standard", COMPUTED, ids=lambda standard: standard.id)
@settings(max_examples=3, deadline=None, phases=[Phase.generate])
@given(data=st.data())
def test_judging_only_what_may_have_changed_gives_what_judging_all_does(standard, data) -> None:
    world = known(
        data.draw(
            worlds(
                {"transition_plan": 2, "timetable_provided": 2, "iep_meeting": 2},
                **dict.fromkeys(TABLES_DRAWN, (1, 4)),
            )
        )
    )
    caseload = frames(world)
    held = dict.fromkeys(world.programs, (standard.id,))
    as_of = day(world.as_of)
    span = Span(
        caseload.calendars["c1"], tuple(world.programs), day(world.since), as_of, as_of + 30
    )
    spans = {p: Span(span.calendar, (p,), span.since, as_of, span.until) for p in world.programs}
    plan = Plan({standard.id: standard}, held, spans)
    before = judge_all(caseload, plan)
    scenario = Scenario("x", tuple(data.draw(st.lists(changes(world), min_size=1, max_size=3))))
    try:
        made = applied(caseload, scenario, world.as_of, span.until)
    except PlanningError:
        return
    quick = judge_all(made.caseload, plan, before, made.touched, made.planned)
    whole = judge_all(made.caseload, plan)
    for key, part in whole.parts.items():
        one, other = (p.rows.reset_index(drop=True) for p in (part, quick.parts[key]))
        pd.testing.assert_frame_equal(one, other, check_dtype=False, check_categorical=False)
    pd.testing.assert_frame_equal(whole.findings, quick.findings)
