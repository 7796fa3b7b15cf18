"""What the rows of a caseload say of one another: keys, checks, the case manager."""

from __future__ import annotations

import pandas as pd
import pytest
from tables_text import MANAGED, STAFF, STUDENTS, contacts, told

from casekit.caseload import PROBLEM_COLUMNS
from casekit.readers import ReadError
from casekit.tables import TABLES

# Keys and checks


def test_a_missing_required_value_sets_the_row_aside(make_caseload):
    caseload = make_caseload(students=STUDENTS + "s3,p1,\n")
    assert told(caseload, "row", "column", "problem") == [
        (4, "enrollment_start", "enrollment_start is empty")
    ]


def test_the_first_row_of_a_key_stays_and_each_later_one_is_a_problem(make_caseload):
    again = "s1,p1,2025-09-01\n"
    caseload = make_caseload(students=STUDENTS + again + again)
    assert told(caseload, "row", "column") == [(4, "student_id"), (5, "student_id")]
    assert len(caseload.students) == 2


def test_a_reentry_is_no_repetition(make_caseload):
    assert make_caseload(students=STUDENTS + "s1,p1,2026-01-07\n").problems.empty


def test_contacts_without_an_id_and_events_are_never_repetitions(make_caseload):
    caseload = make_caseload(
        students=STUDENTS,
        contacts="student_id,occurred_at\n" + "s1,2026-03-02\n" * 2,
        events="event_type,occurred_at,student_id\n" + "iep_meeting,2026-03-02,s1\n" * 2,
    )
    assert (len(caseload.contacts), len(caseload.events)) == (2, 2)


def test_contacts_with_one_id_are_repetitions(make_caseload):
    assert len(contacts(make_caseload, "contact_id", "c1", "c1", "").contacts) == 2


@pytest.mark.parametrize(
    ("table", "text"),
    [
        (
            "students",
            "student_id,program_id,enrollment_start,enrollment_end\n"
            "s1,p1,2025-09-02,2025-09-01\ns2,p1,2025-09-01,2025-09-01\n",
        ),
        (
            "staff",
            "staff_id,program_id,start_date,end_date\n"
            "w1,p1,2025-09-02,2025-09-01\nw2,p1,2025-09-01,2025-09-01\n",
        ),
        (
            "leave",
            "staff_id,start_date,end_date\nw1,2025-09-02,2025-09-01\nw1,2025-09-01,2025-09-01\n",
        ),
        (
            "assignments",
            "student_id,staff_id,start_date,end_date\n"
            "s1,w1,2025-09-02,2025-09-01\ns2,w1,2025-09-01,2025-09-01\n",
        ),
        (
            "goals",
            "student_id,goal_id,start_date,end_date\n"
            "s1,g1,2025-09-02,2025-09-01\ns1,g2,2025-09-01,2025-09-01\n",
        ),
        (
            "calendar",
            "calendar_id,kind,start_date,end_date\n"
            "c1,term,2025-09-02,2025-09-01\nc1,term,2025-09-01,2025-09-01\n",
        ),
        (
            "referrals",
            "referral_id,student_id,program_id,received_at,closed_on\n"
            "r1,s1,p1,2025-09-02,2025-09-01\nr2,s1,p1,2025-09-01T15:00,2025-09-01\n",
        ),
    ],
)
def test_an_end_before_its_start_is_a_problem_and_one_on_its_day_is_not(make_caseload, table, text):
    tables = {"students": STUDENTS, table: text}
    assert told(make_caseload(**tables), "table", "row") == [(table, 2)]


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("contacts", "student_id,occurred_at\ns9,2026-03-02\n"),
        ("students", STUDENTS + "s3,p9,2025-09-01\n"),
        ("assignments", "student_id,staff_id,start_date\ns1,w9,2026-03-02\n"),
        ("leave", "staff_id,start_date,end_date\nw9,2026-03-02,2026-03-02\n"),
        ("leave", "staff_id,start_date,end_date,covered_by\nw1,2026-03-02,2026-03-02,w9\n"),
        ("contacts", "student_id,occurred_at,staff_id\ns1,2026-03-02,w9\n"),
        ("events", "event_type,occurred_at,staff_id\niep_meeting,2026-03-02,w9\n"),
        ("events", "event_type,occurred_at,student_id\niep_meeting,2026-03-02,s9\n"),
        ("events", "event_type,occurred_at,program_id\niep_meeting,2026-03-02,p9\n"),
        ("attestations", "program_id,requirement_id,answer,assessed_on\np9,x,yes,2026-03-02\n"),
        ("goals", "student_id,goal_id,start_date\ns9,g1,2026-03-02\n"),
    ],
)
def test_a_key_that_points_nowhere_sets_the_row_aside(make_caseload, table, text):
    caseload = make_caseload(**{"students": STUDENTS, "staff": STAFF, table: text})
    problem = caseload.problems.iloc[0]
    assert problem["table"] == table
    assert problem["problem"].startswith("no row of ")
    assert problem["set_aside"]
    assert len(caseload.tables[table]) == (2 if table == "students" else 0)


def test_without_a_staff_table_no_staff_member_is_unknown(make_caseload):
    caseload = make_caseload(
        students=STUDENTS, assignments="student_id,staff_id,start_date\ns1,w9,2026-03-02\n"
    )
    assert caseload.problems.empty
    assert list(caseload.assignments["staff_id"]) == ["w9"]


def test_a_row_that_points_at_a_row_set_aside_says_so(make_caseload):
    caseload = make_caseload(
        students=STUDENTS + "s3,p1,soon\n", contacts="student_id,occurred_at\ns3,2026-03-02\n"
    )
    assert told(caseload, "table", "problem")[1] == (
        "contacts",
        "the row of students with student_id s3 was set aside",
    )


def test_a_student_with_one_good_enrolment_keeps_the_contacts(make_caseload):
    caseload = make_caseload(
        students=STUDENTS + "s1,p1,soon\n", contacts="student_id,occurred_at\ns1,2026-03-02\n"
    )
    assert len(caseload.contacts) == 1


def test_facts_outside_an_enrolment_are_kept(make_caseload):
    caseload = make_caseload(students=STUDENTS, contacts="student_id,occurred_at\ns1,1999-03-02\n")
    assert len(caseload.contacts) == 1


def test_a_calendar_that_no_row_tells_of_is_a_note(make_caseload):
    calendar = "calendar_id,kind,start_date,end_date\nc9,term,2025-09-01,2025-12-01\n"
    caseload = make_caseload(students=STUDENTS, calendar=calendar)
    assert told(caseload, "table", "column", "value", "set_aside") == [
        ("programs", "calendar_id", "c1", False)
    ]


def test_progress_needs_the_students_own_goal(make_caseload):
    caseload = make_caseload(
        students=STUDENTS,
        goals="student_id,goal_id,start_date\ns1,g1,2025-09-01\n",
        # s2 has no goal g1; s1 has.
        progress="student_id,goal_id,measured_on\ns2,g1,2025-10-01\ns1,g1,2025-10-01\n",
    )
    assert told(caseload, "table", "row", "column") == [("progress", 2, "goal_id")]


def test_all_problems_come_at_once_in_the_order_of_tables_and_rows(make_caseload):
    caseload = make_caseload(
        students=STUDENTS + "s3,p9,2025-09-01\ns4,p8,soon\n",
        contacts="student_id,occurred_at,mode\ns1,2026-03-02,smoke\n",
    )
    assert tuple(caseload.problems.columns) == PROBLEM_COLUMNS
    assert told(caseload, "table", "row", "column") == [
        ("students", 4, "program_id"),
        ("students", 5, "enrollment_start"),
        ("students", 5, "program_id"),
        ("contacts", 2, "mode"),
    ]


def test_when_no_student_is_left_the_first_problem_is_quoted(make_caseload):
    text = "student_id,program_id,enrollment_start\ns1,p9,2025-09-01\ns2,p9,2025-09-01\n"
    with pytest.raises(ReadError, match=r"students is left: 2 problems, .* row 2, program_id 'p9'"):
        make_caseload(students=text)


# The shorthand case_manager_id


def test_a_case_manager_is_an_assignment_over_the_enrolment(make_caseload):
    row = make_caseload(students=MANAGED, staff=STAFF).assignments
    assert row[["student_id", "staff_id", "start_date", "end_date"]].values.tolist() == [
        ["s1", "w1", pd.Timestamp("2025-09-01"), pd.Timestamp("2026-01-30")]
    ]


def test_with_a_case_manager_column_assignments_count_as_given(make_caseload):
    caseload = make_caseload(students=MANAGED, staff=STAFF)
    assert caseload.given["assignments"] == set(TABLES["assignments"].names)


def test_an_assignment_that_is_there_is_not_made_again(make_caseload):
    caseload = make_caseload(
        students=MANAGED,
        staff=STAFF,
        assignments="student_id,staff_id,start_date,end_date\ns1,w1,2025-09-01,2025-10-01\n",
    )
    assert list(caseload.assignments["end_date"]) == [pd.Timestamp("2025-10-01")]


def test_an_unknown_case_manager_leaves_the_student_in(make_caseload):
    caseload = make_caseload(students=MANAGED.replace("w1", "w9"), staff=STAFF)
    assert told(caseload, "column", "value", "set_aside") == [("case_manager_id", "w9", False)]
    assert (len(caseload.students), len(caseload.assignments)) == (2, 0)
