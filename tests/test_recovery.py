"""The recovery plan: moves first, then shares, then hires, each as little as it takes."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import caseload_of

from casekit.evaluate import plan_of
from casekit.planning.recovery.recovery import Recovery, recover
from casekit.planning.scenarios.changes import Hire, Move, Resign, Share
from casekit.planning.scenarios.compare import Tried, baseline_of, try_scenario
from casekit.planning.scenarios.scenario import Scenario
from casekit.planning.settings import Settings

CALENDAR = "calendar_id,kind,start_date,end_date\nc1,school_year,2026-01-05,2026-06-26\n"
STAFF = "staff_id,program_id,fte,case_management_share,start_date,end_date\n"
STUDENTS = "student_id,program_id,enrollment_start\n"
ASSIGNMENTS = "student_id,staff_id,start_date\n"
# One week for a new person to start, and 365 a year makes a day of a full post cost 1.
OURS = Settings(hiring_weeks=1, salary=365.0, hire_cost=10.0)


def heads(number: int) -> str:
    return STUDENTS + "".join(f"s{n:03},p1,2026-01-05\n" for n in range(number))


def held_by(**numbers: int) -> str:
    """The first so many students with the first person, the next with the second."""
    rows, place = [], 0
    for person, number in numbers.items():
        rows += [f"s{place + n:03},{person},2026-01-05\n" for n in range(number)]
        place += number
    return ASSIGNMENTS + "".join(rows)


def tried(standard: str, settings: Settings = OURS, **tables: str) -> Tried:
    """The program p1 on Friday 6 March 2026, planned to 29 May."""
    programs = f"program_id,standard_ids,calendar_id\np1,{standard},c1\n"
    caseload = caseload_of(programs=programs, calendar=CALENDAR, **tables)
    assert caseload.problems.empty, caseload.problems.to_string()
    plan = plan_of(caseload, as_of="2026-03-06", since="2026-03-02", until="2026-05-29")
    return baseline_of(caseload, plan, Scenario("b", settings=settings))


def steps(made: Recovery, *kinds: str) -> list[tuple[str, str, str]]:
    rows = made.steps[made.steps["kind"].isin(kinds or ("reassign", "share", "hire"))]
    days = rows["on"].dt.strftime("%Y-%m-%d")
    return list(zip(days, rows["kind"], rows["who"], strict=True))


def test_a_larger_share_comes_before_a_hire() -> None:
    # 90 students ask for 1.2 full-time posts; w1 gives 1.0 of 1.0 and w2 0.1 of 0.5.
    base = tried(
        "wa_open_doors",
        students=heads(90),
        staff=STAFF + "w1,p1,1,1,2025-01-06,\nw2,p1,0.5,0.2,2025-01-06,\n",
    )
    made = recover(base, "p1", "wa_open_doors")
    # 0.1 more is 0.2 of half a post: from 0.2 to 0.4, from the next open day on.
    assert steps(made) == [("2026-03-09", "share", "w2")]
    assert made.scenario.changes == (Share("w2", "p1", share=0.4, on=date(2026, 3, 9)),)
    assert made.staffing
    assert made.steps["cost"].sum() == pytest.approx(0.1 * 82)


def test_a_share_is_larger_only_while_time_is_short() -> None:
    # 75 students to one post, but for w2's last two weeks of March, when there is half of it.
    base = tried(
        "wa_open_doors",
        students=heads(75),
        staff=STAFF
        + "w1,p1,1,0.5,2025-01-06,\nw2,p1,1,0.5,2025-01-06,2026-03-15\n"
        + "w2,p1,1,0.5,2026-03-30,\n",
    )
    made = recover(base, "p1", "wa_open_doors")
    change = Share("w1", "p1", share=1.0, on=date(2026, 3, 16), until=date(2026, 3, 27))
    assert made.scenario.changes == (change,)
    assert made.staffing
    assert made.steps["cost"].sum() == pytest.approx(0.5 * 12)


def test_what_no_share_can_give_is_hired_in_whole_steps() -> None:
    # 100 students ask for 1.33 posts: 0.4 beyond what w1 and w2 can give, after a week.
    base = tried(
        "wa_open_doors",
        students=heads(100),
        staff=STAFF + "w1,p1,1,0.9,2025-01-06,\n",
    )
    made = recover(base, "p1", "wa_open_doors")
    assert steps(made) == [
        ("2026-03-09", "share", "w1"),
        ("2026-03-14", "hire", "the program"),
    ]
    assert made.scenario.changes[1] == Hire("p1", fte=0.4, share=1.0, on=date(2026, 3, 14))
    # The week until then stays over, so the rule does not hold on every day ahead.
    assert not made.staffing
    assert any("still does not hold" in said for said in made.said)


def test_a_post_at_a_share_that_has_no_end_in_decimals_is_enough() -> None:
    # 60 students ask for 0.8 posts, 0.3 are there: two hires at a share of 0.3, one not whole.
    base = tried(
        "wa_open_doors",
        settings=Settings(hiring_weeks=0, most_share=0.3),
        students=heads(60),
        staff=STAFF + "w1,p1,1,0.3,2025-01-06,\n",
    )
    assert recover(base, "p1", "wa_open_doors").staffing


def test_students_move_before_anybody_is_hired() -> None:
    base = tried(
        "sa_flo",
        students=heads(40),
        staff=STAFF + "w1,p1,1,0.8,2025-01-06,\nw2,p1,1,0.8,2025-01-06,\n",
        assignments=held_by(w1=28, w2=12),
    )
    made = recover(base, "p1", "sa_flo")
    # Three are over 25; nobody is hired, though w2 could give a larger share.
    assert steps(made) == [("2026-03-09", "reassign", "w2")]
    assert len(made.moves) == 3 and made.staffing
    assert [len(c.students) for c in made.scenario.changes if isinstance(c, Move)] == [3]


def test_where_no_move_is_enough_people_are_hired_and_then_students_move() -> None:
    base = tried(
        "sa_flo",
        students=heads(60),
        staff=STAFF + "w1,p1,1,0.8,2025-01-06,\nw2,p1,1,0.8,2025-01-06,\n",
        assignments=held_by(w1=30, w2=30),
    )
    made = recover(base, "p1", "sa_flo")
    # 60 students and 50 places: one more, with the time that is usual there, and ten moves.
    assert [kind for _, kind, _ in steps(made)] == ["hire", "reassign"]
    assert len(made.moves) == 10
    assert made.scenario.changes[0] == Hire(
        "p1", fte=0.8, share=1.0, on=date(2026, 3, 14), staff="recovery-p1-1"
    )


def test_students_of_somebody_who_leaves_are_given_to_others() -> None:
    base = tried(
        "sa_flo",
        students=heads(20),
        staff=STAFF + "w1,p1,1,0.8,2025-01-06,\nw2,p1,1,0.8,2025-01-06,\n",
        assignments=held_by(w1=15, w2=5),
    )
    gone = try_scenario(
        base, Scenario("Gone", (Resign("w2", on=date(2026, 4, 30)),), settings=OURS)
    )
    made = recover(gone, "p1", "sa_flo")
    assert steps(made) == [("2026-03-09", "reassign", "w1")]
    assert set(made.moves["reason"]) == {"w2 leaves on 30 April 2026"}


def test_what_was_missed_is_waited_for_and_said() -> None:
    # No contact was had in the week from 2 March, which is over.
    base = tried(
        "wa_open_doors",
        students=heads(1),
        staff=STAFF + "w1,p1,1,1,2025-01-06,\n",
        contacts="student_id,occurred_at,outcome\ns000,2026-02-27,completed\n",
    )
    later = plan_of(base.applied.caseload, as_of="2026-03-08", since="2026-03-02")
    made = recover(baseline_of(base.applied.caseload, later), "p1", "wa_open_doors")
    row = made.stays.set_index("requirement_id").loc["wa_open_doors.weekly_contact"]
    assert (row["missed"], str(row["free_from"].date())) == (1, "2026-03-09")
    assert not made.attained


def test_a_pin_that_cannot_be_leaves_the_other_steps_standing() -> None:
    base = tried(
        "sa_flo",
        settings=Settings(pinned=(("s000", "nobody"),)),
        students=heads(30),
        staff=STAFF + "w1,p1,1,0.8,2025-01-06,\n",
        assignments=held_by(w1=30),
    )
    made = recover(base, "p1", "sa_flo")
    assert "answer" in set(made.steps["kind"]) and not made.staffing


def test_an_answer_that_is_not_given_is_a_step() -> None:
    base = tried("wa_open_doors", students=heads(1), staff=STAFF + "w1,p1,1,1,2025-01-06,\n")
    made = recover(base, "p1", "wa_open_doors")
    answers = made.steps[made.steps["kind"] == "answer"]
    assert "wa_open_doors.integrated_services" in set(answers["requirement_id"])


def test_nobody_is_named_who_is_a_student() -> None:
    base = tried(
        "sa_flo",
        students=heads(40),
        staff=STAFF + "w1,p1,1,0.8,2025-01-06,\nw2,p1,1,0.8,2025-01-06,\n",
        assignments=held_by(w1=28, w2=12),
    )
    made = recover(base, "p1", "sa_flo")
    told = " ".join([*made.said, *made.steps["step"], *made.steps["who"]])
    assert not [name for name in base.applied.caseload.students["student_id"] if name in told]
