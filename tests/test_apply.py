"""What each kind of change does to the tables, and that nothing else moves."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from conftest import caseload_of

from casekit.caseload import Caseload
from casekit.kinds.rows import Span
from casekit.kinds.staffing import ratio_by_day
from casekit.planning.scenarios.apply import applied, apply
from casekit.planning.scenarios.changes import (
    CloseSite,
    Exits,
    Hire,
    Hold,
    Intake,
    Leave,
    Move,
    Resign,
    Share,
)
from casekit.planning.scenarios.scenario import Scenario
from casekit.planning.settings import PlanningError

AS_OF = "2026-03-06"  # A Friday.
TABLES = {
    "calendar": "calendar_id,kind,start_date,end_date\nc1,school_year,2026-01-05,2026-06-26\n",
    # s1 to s3 are there; s4 left in February.
    "students": "student_id,program_id,enrollment_start,enrollment_end,site_id\n"
    "s1,p1,2026-01-05,,north\ns2,p1,2026-01-12,,north\ns3,p1,2026-01-19,,south\n"
    "s4,p1,2026-01-05,2026-02-27,north\n",
    "staff": "staff_id,program_id,fte,case_management_share,start_date,end_date,site_id,"
    "certificates,experience_years\n"
    "w1,p1,1,0.5,2025-01-06,,north,cert_iv_youth_work,3\n"
    "w2,p1,0.8,0.5,2025-01-06,2026-06-26,south,none,1\n"
    "w0,p1,1,1,2024-01-08,2025-12-19,north,none,9\n",
    "assignments": "student_id,staff_id,start_date,end_date\n"
    "s1,w1,2026-01-05,\ns2,w1,2026-01-12,2026-05-29\ns3,w2,2026-01-19,\n",
}


@pytest.fixture(scope="module")
def caseload() -> Caseload:
    return caseload_of(**TABLES)


def after(caseload: Caseload, *changes: object) -> Caseload:
    return apply(caseload, Scenario("x", changes), AS_OF)


def rows(caseload: Caseload, table: str, *columns: str, **where: str) -> list[tuple]:
    """Some columns of a table as texts, of the rows where others hold a value."""
    frame = caseload.tables[table]
    for name, value in where.items():
        frame = frame[frame[name].astype(object) == value]
    texts = [
        frame[c].dt.strftime("%Y-%m-%d") if frame[c].dtype.kind == "M" else frame[c]
        for c in columns
    ]
    return [tuple("" if pd.isna(v) else v for v in row) for row in zip(*texts, strict=True)]


def test_a_hire_is_a_row_from_the_day_after_as_of(caseload) -> None:
    made = after(caseload, Hire("p1", fte=0.5, share=0.8))
    cells = ("program_id", "fte", "case_management_share", "start_date", "end_date")
    assert rows(made, "staff", *cells, staff_id="hire-p1-1") == [("p1", 0.5, 0.8, "2026-03-07", "")]


def test_a_hire_like_another_has_her_site_and_her_certificate(caseload) -> None:
    made = after(caseload, Hire("p1", like="w1", on=date(2026, 4, 1)))
    cells = ("site_id", "certificates", "experience_years", "experience_on")
    # Her years were counted when she started: they grow from there for the other, too.
    assert rows(made, "staff", *cells, staff_id="hire-p1-1") == [
        ("north", "cert_iv_youth_work", 3.0, "2025-01-06")
    ]


def test_a_hire_of_unknown_qualification_is_not_given_one(caseload) -> None:
    made = after(caseload, Hire("p1"))
    assert rows(made, "staff", "site_id", "certificates", staff_id="hire-p1-1") == [("", "")]


def test_a_ramp_grows_week_by_week_and_then_stands(caseload) -> None:
    made = after(caseload, Hire("p1", share=0.8, on=date(2026, 3, 9), ramp_weeks=2))
    cells = ("case_management_share", "start_date", "end_date")
    assert rows(made, "staff", *cells, staff_id="hire-p1-1") == [
        (0.0, "2026-03-09", "2026-03-15"),
        (0.4, "2026-03-16", "2026-03-22"),
        (0.8, "2026-03-23", ""),
    ]


def test_two_hires_are_two_people(caseload) -> None:
    made = after(caseload, Hire("p1"), Hire("p1"))
    names = list(made.tables["staff"]["staff_id"])
    assert names[-2:] == ["hire-p1-1", "hire-p1-2"]


def test_who_resigns_is_there_on_the_day_and_not_after_it(caseload) -> None:
    made = after(caseload, Resign("w1", on=date(2026, 4, 30)))
    assert rows(made, "staff", "end_date", staff_id="w1") == [("2026-04-30",)]


def test_a_replacement_takes_the_students_who_are_still_there(caseload) -> None:
    made = after(caseload, Resign("w1", on=date(2026, 4, 30), replaced_in_weeks=4))
    # 28 days after 1 May. s2's assignment ends the very next day, s1's is open.
    assert rows(
        made, "assignments", "student_id", "start_date", "end_date", staff_id="after-w1-1"
    ) == [
        ("s1", "2026-05-29", ""),
        ("s2", "2026-05-29", "2026-05-29"),
    ]


def test_a_share_changes_from_its_day_on(caseload) -> None:
    made = after(caseload, Share("w1", share=0.75, on=date(2026, 4, 1)))
    cells = ("case_management_share", "start_date", "end_date", "experience_on")
    assert rows(made, "staff", *cells, staff_id="w1") == [
        (0.5, "2025-01-06", "2026-03-31", ""),
        # The years of experience go on being counted from the first day.
        (0.75, "2026-04-01", "", "2025-01-06"),
    ]


def test_a_share_for_a_while_is_as_before_afterwards(caseload) -> None:
    made = after(caseload, Share("w1", share=0.75, on=date(2026, 4, 1), until=date(2026, 4, 30)))
    cells = ("case_management_share", "start_date", "end_date")
    assert rows(made, "staff", *cells, staff_id="w1") == [
        (0.5, "2025-01-06", "2026-03-31"),
        (0.75, "2026-04-01", "2026-04-30"),
        (0.5, "2026-05-01", ""),
    ]


# w1 works in two programs: with s1 and s2 in p1, and with t1 in p2, where s1 has v.
ACROSS = {
    "programs": "program_id,standard_ids,calendar_id\np1,sa_flo,c1\np2,sa_flo,c1\n",
    "calendar": TABLES["calendar"],
    "students": "student_id,program_id,enrollment_start\n"
    "s1,p1,2026-01-05\ns2,p1,2026-01-05\nt1,p2,2026-01-05\ns1,p2,2026-01-05\n",
    "staff": "staff_id,program_id,fte,case_management_share,start_date\n"
    "w1,p1,0.5,1,2025-01-06\nw1,p2,0.5,1,2025-01-06\nx,p1,1,1,2025-01-06\nv,p2,1,1,2025-01-06\n",
    "assignments": "student_id,staff_id,start_date\n"
    "s1,w1,2026-01-05\ns2,w1,2026-01-05\nt1,w1,2026-01-05\ns1,v,2026-01-05\n",
}


def test_who_leaves_one_program_hands_over_that_program_alone() -> None:
    made = after(caseload_of(**ACROSS), Resign("w1", program="p1", replaced_in_weeks=1))
    new = rows(made, "assignments", "student_id", staff_id="after-w1-1")
    assert new == [("s1",), ("s2",)]


def test_a_move_leaves_who_has_the_student_in_another_program() -> None:
    made = after(caseload_of(**ACROSS), Move(("s1",), "x"))
    assert rows(made, "assignments", "end_date", staff_id="v") == [("",)]
    assert rows(made, "assignments", "end_date", student_id="s1", staff_id="w1") == [
        ("2026-03-06",)
    ]


def test_leave_is_a_row_of_leave_and_lowers_no_fte(caseload) -> None:
    made = after(caseload, Leave("w1", date(2026, 4, 1), date(2026, 4, 3), "w2"))
    assert rows(made, "leave", "staff_id", "start_date", "end_date", "covered_by") == [
        ("w1", "2026-04-01", "2026-04-03", "w2")
    ]
    assert made.tables["staff"].equals(caseload.tables["staff"])
    assert made.has("leave", "covered_by")


def test_six_students_a_month_are_six_in_each_whole_month(caseload) -> None:
    made = after(caseload, Intake("p1", a_month=6, on=date(2026, 4, 1), until=date(2026, 5, 31)))
    new = made.tables["students"].iloc[4:]
    months = new["enrollment_start"].dt.month.value_counts().to_dict()
    assert months == {4: 6, 5: 6}


def test_half_a_student_a_month_is_one_in_two(caseload) -> None:
    made = after(caseload, Intake("p1", a_month=0.5, on=date(2026, 4, 1), until=date(2026, 5, 31)))
    assert len(made.tables["students"]) == 5


def test_growth_is_a_part_of_those_enrolled(caseload) -> None:
    # 3 students: half a month more is 1.5 in April, and half of 4.5, 2.25, in May: 3 whole ones.
    change = Intake("p1", growth=0.5, on=date(2026, 4, 1), until=date(2026, 5, 31))
    assert len(after(caseload, change).tables["students"]) == 4 + 3


def test_each_new_student_goes_to_the_least_full(caseload) -> None:
    change = Intake("p1", a_month=2, on=date(2026, 4, 1), until=date(2026, 4, 30))
    made = after(caseload, change)
    # w1 has two for half a post, w2 one for 0.4: w2 is less full, then both have two.
    assert rows(made, "assignments", "student_id", "staff_id")[3:] == [
        ("new-p1-001", "w2"),
        ("new-p1-002", "w1"),
    ]


def test_nobody_is_assigned_where_that_is_asked(caseload) -> None:
    change = Intake("p1", a_month=2, on=date(2026, 4, 1), until=date(2026, 4, 30), assign=False)
    assert len(after(caseload, change).tables["assignments"]) == 3


def test_the_longest_enrolled_leave_first(caseload) -> None:
    change = Exits("p1", a_month=2, on=date(2026, 4, 1), until=date(2026, 4, 30))
    gone = after(caseload, change).tables["students"]["enrollment_end"].notna()
    assert gone.tolist() == [True, True, False, True]


def test_named_students_leave_on_the_day(caseload) -> None:
    made = after(caseload, Exits("p1", students=("s3",), on=date(2026, 4, 1)))
    assert rows(made, "students", "enrollment_end", student_id="s3") == [("2026-04-01",)]


def test_a_program_that_is_empty_loses_nobody_more(caseload) -> None:
    made = applied(caseload, Scenario("x", (Exits("p1", a_month=50),)), AS_OF)
    assert "p1 is empty from" in made.notes[0]
    assert made.caseload.tables["students"]["enrollment_end"].notna().all()


def test_a_move_ends_one_assignment_and_begins_another(caseload) -> None:
    made = after(caseload, Move(("s2",), "w2", date(2026, 4, 1)))
    assert rows(made, "assignments", "staff_id", "start_date", "end_date", student_id="s2") == [
        ("w1", "2026-01-12", "2026-03-31"),
        # As long as it would have lasted.
        ("w2", "2026-04-01", "2026-05-29"),
    ]


def test_a_closed_site_hands_students_and_staff_to_the_other(caseload) -> None:
    made = after(caseload, CloseSite("p1", "north", date(2026, 4, 1), "south"))
    cells = ("site_id", "enrollment_start", "enrollment_end")
    assert rows(made, "students", *cells, student_id="s1") == [
        ("north", "2026-01-05", "2026-03-31"),
        ("south", "2026-04-01", ""),
    ]
    # Who left before it closed was never at the other one.
    assert rows(made, "students", "site_id", student_id="s4") == [("north",)]
    assert [site for (site,) in rows(made, "staff", "site_id", staff_id="w1")] == ["north", "south"]


def test_a_closed_site_without_another_ends_its_enrolments(caseload) -> None:
    made = after(caseload, CloseSite("p1", "north", date(2026, 4, 1)))
    ends = [end for (end,) in rows(made, "students", "enrollment_end")]
    assert ends == ["2026-03-31", "2026-03-31", "", "2026-02-27"]


def test_a_program_is_held_to_another_standard(caseload) -> None:
    made = after(caseload, Hold("p1", ("bc_sd42",)))
    assert rows(made, "programs", "standard_ids") == [("bc_sd42",)]


def test_the_caseload_given_stays_as_it_was(caseload) -> None:
    before = {name: frame.copy() for name, frame in caseload.tables.items()}
    after(caseload, Hire("p1"), Resign("w1"), Intake("p1", a_month=3), Exits("p1", a_month=1))
    for name, frame in before.items():
        pd.testing.assert_frame_equal(caseload.tables[name], frame)


def test_ids_are_coded_alike_in_all_tables_afterwards(caseload) -> None:
    made = after(caseload, Hire("p1", staff="a new one"), Intake("p1", a_month=3))
    for name in ("student_id", "staff_id", "program_id"):
        dtypes = {str(list(f[name].cat.categories)) for f in made.tables.values() if name in f}
        assert len(dtypes) == 1


def test_the_time_of_a_hire_counts_from_its_day(caseload) -> None:
    made = after(caseload, Hire("p1", fte=0.5, on=date(2026, 3, 9)))
    calendar = made.calendars["c1"]
    days = [
        pd.Timestamp(d).to_numpy().astype("datetime64[D]") for d in ("2026-03-05", "2026-03-10")
    ]
    daily = ratio_by_day(made, Span(calendar, ("p1",), days[0], days[0], days[1]), "p1")
    # 0.5 + 0.4 of w1 and w2 on Thursday and Friday; half a post more from Monday.
    assert [float(t) for t in daily["time"]] == [0.9, 0.9, 1.4, 1.4]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Hire("p2"), "program 'p2' is not known"),
        (Hire("p1", staff="w1"), "is there already"),
        (Hire("p1", until=date(2026, 1, 10)), "before it begins on 7 March 2026"),
        (Hire("p1", like="w9"), "staff 'w9' is not known; allowed: w1, w2 and w0"),
        (Resign("w9"), "is not known"),
        (Resign("w0"), "no longer there after 7 March 2026: nobody can leave twice"),
        (Resign("w1", on=date(2024, 5, 1)), "starts only after 1 May 2024"),
        (Resign("w1", program="p2"), "program 'p2' is not known"),
        (Share("w0", share=1.0), "no longer there"),
        (Leave("w0", until=date(2026, 4, 1)), "does not work here on 7 March 2026"),
        (Leave("w1", until=date(2026, 3, 1)), "ends before it begins"),
        (Move(("s9",), "w1"), "student 's9' is not known"),
        (Move(("s1",), "w0"), "no longer there on 7 March 2026: move to somebody else"),
        (Exits("p1", students=("s4",)), "s4 not enrolled in p1 on 7 March 2026"),
        (CloseSite("p1", "east"), "p1 has no site 'east': it has north and south"),
        (CloseSite("p1", "north", None, "north"), "cannot close and take its own students"),
        (Hold("p1", ()), "standards is empty"),
    ],
)
def test_a_change_that_cannot_be_made_says_why(caseload, change: object, said: str) -> None:
    with pytest.raises(PlanningError) as raised:
        after(caseload, change)
    assert said in str(raised.value)
    assert str(raised.value).startswith("x, change 1: ")


def test_nobody_moves_to_somebody_who_is_not_there_yet(caseload) -> None:
    with pytest.raises(PlanningError, match="starts only on 1 April 2026"):
        after(caseload, Hire("p1", on=date(2026, 4, 1), staff="n"), Move(("s1",), "n"))


def test_a_hire_before_the_span_is_refused(caseload) -> None:
    since = pd.Timestamp("2026-01-05").to_numpy().astype("datetime64[D]")
    with pytest.raises(PlanningError, match="lies before the span, which starts on 5 January 2026"):
        applied(caseload, Scenario("x", (Hire("p1", on=date(2025, 12, 1)),)), AS_OF, since=since)


def test_a_hire_without_time_says_that_it_brings_none(caseload) -> None:
    made = applied(caseload, Scenario("x", (Hire("p1", share=0.0),)), AS_OF)
    assert made.notes == ("the hire for p1 brings no case-management time: its fte or share is 0",)


def test_more_students_than_anyone_could_mean_are_refused(caseload) -> None:
    far = Intake("p1", a_month=10_000, growth=None, until=date(2030, 1, 1))
    wide = pd.Timestamp("2030-01-01").to_numpy().astype("datetime64[D]")
    with pytest.raises(PlanningError, match="comes to more than 10,000 students"):
        applied(caseload, Scenario("x", (far,)), AS_OF, until=wide)
