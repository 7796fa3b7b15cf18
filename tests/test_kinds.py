"""The limits of each kind of requirement, on a few literal rows: just good enough, just not."""

from __future__ import annotations

import pandas as pd
import pytest
from conftest import caseload_of

from casekit.calendars import day
from casekit.kinds import KINDS
from casekit.kinds.rows import Span

# Two terms of four whole weeks. 27 January 2026 is a Tuesday.
CALENDAR = """calendar_id,kind,start_date,end_date
c1,school_year,2026-01-27,2026-12-11
c1,term,2026-01-27,2026-02-20
c1,term,2026-03-02,2026-03-27
c1,term,2026-04-13,2026-12-11
"""
ONE = "student_id,program_id,enrollment_start,enrollment_end\ns1,p1,2026-01-27,\n"
STAFF = "staff_id,program_id,fte,case_management_share,start_date,end_date\n"
FACE_TO_FACE = ("in_person", "home_visit")


def judge(
    kind: str, since: str, as_of: str, settings: dict | None = None, **tables: str
) -> pd.DataFrame:
    """The verdicts of one kind on program p1."""
    caseload = caseload_of(**{"calendar": CALENDAR, "students": ONE, **tables})
    assert not caseload.problems["set_aside"].any()
    span = Span(caseload.calendars["c1"], ("p1",), day(since), day(as_of), day(as_of))
    return KINDS[kind](caseload, span, **(settings or {}))


def statuses(*args: object, **tables: str) -> list[str]:
    return judge(*args, **tables)["status"].astype(str).tolist()  # type: ignore[arg-type]


def students(count: int) -> str:
    """So many students, enrolled all year."""
    return ONE + "".join(f"t{n},p1,2026-01-27,\n" for n in range(count - 1))


# The staff ratio: students to full-time case management, 75 at most.

FEBRUARY = ("2026-02-02", "2026-02-20")
LIMIT = {"per_staff": 75}


@pytest.mark.parametrize(("count", "status"), [(75, "met"), (76, "not_met")])
def test_exactly_75_students_to_one_full_time_case_manager_is_met(count: int, status: str) -> None:
    staff = STAFF + "a,p1,1,1,2026-01-01,\n"
    assert statuses("staff_ratio", *FEBRUARY, LIMIT, students=students(count), staff=staff) == [
        status
    ]


@pytest.mark.parametrize(("count", "status"), [(60, "met"), (61, "not_met")])
def test_shares_of_time_are_added_up_as_exact_decimals(count: int, status: str) -> None:
    # 0.1 + 0.2 + 0.5 is 0.8 of a full-time case manager: 60 students at most.
    staff = STAFF + "a,p1,0.4,0.25,2026-01-01,\nb,p1,0.8,0.25,2026-01-01,\nc,p1,1,0.5,2026-01-01,\n"
    assert statuses("staff_ratio", *FEBRUARY, LIMIT, students=students(count), staff=staff) == [
        status
    ]


def test_leave_does_not_lower_the_ratio() -> None:
    leave = "staff_id,start_date,end_date\na,2026-02-02,2026-02-20\n"
    staff = STAFF + "a,p1,1,1,2026-01-01,\n"
    assert statuses("staff_ratio", *FEBRUARY, LIMIT, staff=staff, leave=leave) == ["met"]


def test_a_case_manager_who_ended_within_the_month_leaves_its_last_days_without_anybody() -> None:
    # Open days after the 13th: 16 to 20 February.
    staff = STAFF + "a,p1,1,1,2026-01-01,2026-02-13\n"
    found = judge("staff_ratio", *FEBRUARY, LIMIT, staff=staff)
    assert found[["status", "days_over"]].values.tolist() == [["not_met", 5.0]]


def test_students_and_no_staff_at_all_is_not_met() -> None:
    assert statuses("staff_ratio", *FEBRUARY, LIMIT, staff=STAFF) == ["not_met"]


def test_a_month_with_somebody_whose_time_is_not_known_cannot_be_told() -> None:
    staff = STAFF + "a,p1,1,1,2026-01-01,\nb,p1,,0,2026-02-20,\n"
    assert statuses("staff_ratio", *FEBRUARY, LIMIT, staff=staff) == ["cannot_tell"]


def test_a_student_with_two_rows_is_one_head() -> None:
    # A move from one site to the other on 9 February, with a day in both.
    moved = ONE.replace("s1,p1,2026-01-27,\n", "s1,p1,2026-01-27,2026-02-09\ns1,p1,2026-02-09,\n")
    staff = STAFF + "a,p1,1,1,2026-01-01,\n"
    found = judge("staff_ratio", *FEBRUARY, {"per_staff": 1}, students=moved, staff=staff)
    assert found["observed"].tolist() == [1.0]


# Who is there.


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ("b,p1,1,1,2026-01-01,", "met"),
        ("b,p1,1,1,2026-01-01,2026-02-01", "not_met"),  # left before the leave that they cover
    ],
)
def test_somebody_who_covers_a_leave_has_to_be_employed(row: str, status: str) -> None:
    leave = "staff_id,start_date,end_date,covered_by\na,2026-02-09,2026-02-09,b\n"
    staff = STAFF + f"a,p1,1,1,2026-01-01,\n{row}\n"
    assert set(statuses("leave_covered", *FEBRUARY, staff=staff, leave=leave)) == {status}
    assert statuses("staff_present", *FEBRUARY, {"at_work": True}, staff=staff, leave=leave) == [
        status
    ]


# Weekly contact.

THREE_DAYS = {"open_days": 3}
SESSION = {"open_days": 1, "modes": FACE_TO_FACE, "two_way": True}
WEEK = ("2026-02-09", "2026-02-15")
HELD = "student_id,occurred_at,mode\ns1,2026-02-15,phone\n"  # the Sunday of the week


@pytest.mark.parametrize(
    ("contacts", "three_days", "session"),
    [
        ("2026-02-09,in_person,two_way,completed", "met", "met"),
        ("2026-02-15,home_visit,two_way,completed", "met", "met"),  # Sunday is in the week
        ("2026-02-16,in_person,two_way,completed", "not_met", "not_met"),  # the next Monday
        ("2026-02-09,phone,two_way,completed", "met", "not_met"),  # not face to face
        ("2026-02-09,in_person,one_way,completed", "met", "not_met"),
        ("2026-02-09,in_person,two_way,attempted", "not_met", "not_met"),
        ("2026-02-09,in_person,two_way,", "cannot_tell", "cannot_tell"),
        ("2026-02-09,in_person,,completed", "met", "cannot_tell"),
        ("2026-02-09,phone,,completed", "met", "not_met"),  # whoever spoke, it was by phone
    ],
)
def test_a_contact_counts_for_its_week(contacts: str, three_days: str, session: str) -> None:
    rows = f"student_id,occurred_at,mode,direction,outcome\ns1,{contacts}\n"
    assert statuses("weekly_contact", *WEEK, THREE_DAYS, contacts=rows) == [three_days]
    assert statuses("weekly_contact", *WEEK, SESSION, contacts=rows) == [session]


def test_columns_that_are_not_there_read_as_completed_and_two_way() -> None:
    rows = "student_id,occurred_at,mode\ns1,2026-02-09,in_person\n"
    assert statuses("weekly_contact", *WEEK, SESSION, contacts=rows) == ["met"]


def test_a_week_with_two_open_days_asks_for_a_session_and_for_no_status_check() -> None:
    closed = CALENDAR + "c1,closure,2026-02-09,2026-02-11\n"
    rows = "student_id,occurred_at\n"
    assert statuses("weekly_contact", *WEEK, THREE_DAYS, calendar=closed, contacts=rows) == []
    assert statuses("weekly_contact", *WEEK, SESSION, calendar=closed, contacts=rows) == ["not_met"]


@pytest.mark.parametrize(
    ("again", "status"),
    [
        ("2026-02-11", "met"),  # the next day: a move to another site, and one enrolment
        ("2026-02-12", "not_applicable"),  # a re-entry: one open day is missing
    ],
)
def test_a_move_is_one_enrolment_and_a_re_entry_another(again: str, status: str) -> None:
    rows = ONE.replace("s1,p1,2026-01-27,\n", f"s1,p1,2026-01-27,2026-02-10\ns1,p1,{again},\n")
    assert statuses("weekly_contact", *WEEK, THREE_DAYS, students=rows, contacts=HELD) == [status]


def test_nobody_is_judged_where_nobody_is_enrolled() -> None:
    elsewhere = ONE.replace("p1", "p2")
    programs = "program_id,calendar_id\np1,c1\np2,c1\n"
    tables = {"students": elsewhere, "programs": programs, "contacts": HELD, "staff": STAFF}
    assert statuses("weekly_contact", *WEEK, THREE_DAYS, **tables) == []
    assert statuses("staff_ratio", *FEBRUARY, LIMIT, **tables) == []


# Two hours a month.


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ("60,in_person;60,home_visit", "met"),
        ("60,in_person;59,home_visit", "not_met"),
        ("60,in_person;60,", "cannot_tell"),  # the hour without a mode decides
        ("60,in_person;30,", "not_met"),  # face to face or not, it is 90 minutes at most
        ("60,in_person;,in_person", "cannot_tell"),
    ],
)
def test_two_hours_face_to_face_in_a_month(rows: str, status: str) -> None:
    table = "student_id,occurred_at,duration_minutes,mode\n"
    table += "".join(f"s1,2026-02-10,{row}\n" for row in rows.split(";"))
    asked = {"at_least": 120, "modes": FACE_TO_FACE}
    assert statuses("monthly_minutes", "2026-02-01", "2026-02-28", asked, contacts=table) == [
        status
    ]


# First contact after a referral.


def first_contact(received: str, contact: str, as_of: str, within: int, unit: str) -> list[str]:
    referrals = f"referral_id,student_id,program_id,received_at\nr1,s1,p1,{received}\n"
    contacts = f"student_id,occurred_at\ns1,{contact}\n"
    settings = {"unit": unit, "within": within}
    tables = {"referrals": referrals, "contacts": contacts}
    return statuses("first_contact", "2026-01-27", as_of, settings, **tables)


@pytest.mark.parametrize(
    ("contact", "as_of", "status"),
    [
        ("2026-03-09", "2026-03-20", "met"),  # the seventh day
        ("2026-03-10", "2026-03-20", "not_met"),  # the eighth
        ("2026-03-10", "2026-03-09", "due"),  # the seventh day is not over
        ("2026-03-02", "2026-03-20", "cannot_tell"),  # the same day: maybe before the referral
        ("2026-03-01", "2026-03-20", "not_met"),  # before the referral
    ],
)
def test_a_contact_within_seven_days(contact: str, as_of: str, status: str) -> None:
    assert first_contact("2026-03-02", contact, as_of, 7, "days") == [status]


@pytest.mark.parametrize(
    ("received", "contact", "status"),
    [
        ("2026-03-02T09:00:00", "2026-03-05T09:00:00", "met"),  # 72:00:00
        ("2026-03-02T09:00:00", "2026-03-05T09:00:01", "not_met"),
        ("2026-03-02", "2026-03-04", "met"),  # less than 72 hours, at whatever time
        ("2026-03-02", "2026-03-05", "cannot_tell"),  # 48 to 96 hours
        ("2026-03-02", "2026-03-06", "not_met"),  # more than 72 hours, at whatever time
        ("2026-03-02T00:00:00", "2026-03-05", "cannot_tell"),  # in time at midnight only
        ("2026-03-02T23:59:00+10:30", "2026-03-05", "cannot_tell"),
    ],
)
def test_72_hours_go_by_the_clock(received: str, contact: str, status: str) -> None:
    found = first_contact(received, contact, "2026-03-20", 72, "hours")
    assert found == [status]


@pytest.mark.parametrize(
    ("contact", "status"),
    [
        ("2026-04-05T02:30:00+10:30", "met"),  # half past two before the clocks go back: 72:00
        ("2026-04-05T02:30:00+09:30", "not_met"),  # and after: 73:00
        ("2026-04-05T01:30:00+09:30", "met"),  # written in winter time: 72:00
    ],
)
def test_the_hour_in_which_the_clocks_go_back_counts_twice(contact: str, status: str) -> None:
    received = "2026-04-02T02:30:00+10:30"
    found = first_contact(received, contact, "2026-04-30", 72, "hours")
    assert found == [status]


# Plans, papers and meetings.

EVENTS = "event_type,occurred_at,student_id,program_id,party,valid_until\n"
MEETING = {"event": "iep_meeting", "due": "iep_due"}


@pytest.mark.parametrize(
    ("following", "status"), [("2025-02-28", "met"), ("2025-03-01", "not_met")]
)
def test_a_year_after_29_february_is_28_february(following: str, status: str) -> None:
    rows = EVENTS + f"iep_meeting,2024-02-29,s1,,,\niep_meeting,{following},s1,,,\n"
    enrolled = ONE.replace("2026-01-27", "2024-01-01")
    found = judge(
        "annual_meeting", "2024-07-01", "2025-06-30", MEETING, events=rows, students=enrolled
    )
    assert found["status"].astype(str).tolist() == [status, "due"]


def test_a_due_date_belongs_to_the_meeting_that_its_event_follows() -> None:
    # Written down on 1 March 2025 for 20 February: met on the 10th, and the next in a year.
    rows = EVENTS + "iep_meeting,2025-03-01,s1,,,\niep_meeting,2026-02-10,s1,,,\n"
    rows += "iep_due,2025-03-01,s1,,,2026-02-20\n"
    found = judge("annual_meeting", "2026-01-27", "2026-03-20", MEETING, events=rows)
    assert found["period_end"].dt.strftime("%Y-%m-%d").tolist() == ["2026-02-20", "2027-02-10"]


@pytest.mark.parametrize(
    ("planned", "status"),
    [
        ("2026-02-04", "met"),  # Wednesday of the second week, as the exit is
        ("2026-02-05", "not_met"),
    ],
)
def test_a_plan_is_there_one_term_before_the_exit(planned: str, status: str) -> None:
    leaver = ONE.replace("s1,p1,2026-01-27,\n", "s1,p1,2026-01-27,2026-03-11\n")
    rows = EVENTS + f"transition_plan,{planned},s1,,,\n"
    found = statuses(
        "plan_before_exit",
        "2026-02-02",
        "2026-03-20",
        {"event": "transition_plan"},
        events=rows,
        students=leaver,
    )
    assert found == [status]


def test_a_stay_at_another_site_that_ends_is_no_exit() -> None:
    rows = ONE + "s1,p1,2026-02-02,2026-03-11\n"
    plans = {"event": "transition_plan"}
    assert statuses("plan_before_exit", *FEBRUARY, plans, events=EVENTS, students=rows) == []


@pytest.mark.parametrize(
    ("parties", "status"),
    [
        (("student", "family", "school"), "met"),
        (("student", "family", ""), "cannot_tell"),  # the third may have been the school
        (("student", ""), "not_met"),  # one paper was not given to two
    ],
)
def test_a_timetable_is_given_to_all_three(parties: tuple[str, ...], status: str) -> None:
    rows = EVENTS + "".join(f"timetable_provided,2026-02-03,s1,,{party},\n" for party in parties)
    asked = {"event": "timetable_provided", "parties": ("student", "family", "school")}
    assert statuses("on_file", *FEBRUARY, asked, events=rows) == [status]


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ("2026-02-08,s1,,k1", "met"),  # the last day of the first fortnight
        ("2026-02-09,s1,,k1", "not_met"),
        ("2026-02-02,,p1,k1", "met"),  # to the school, on all of its students
        ("2026-02-02,s1,,k2", "not_met"),  # to another school
        ("2026-02-02,s1,,", "cannot_tell"),  # to which school is not recorded
    ],
)
def test_a_report_goes_to_the_school_each_fortnight(row: str, status: str) -> None:
    enrolled = ONE.replace("enrollment_end\n", "enrollment_end,school_id\n").replace(
        ",\n", ",,k1\n"
    )
    rows = EVENTS + f"communication_report,{row},\n"
    asked = {"event": "communication_report", "period": "fortnight", "to_school": True}
    found = statuses(
        "each_period", "2026-01-26", "2026-02-08", asked, events=rows, students=enrolled
    )
    assert found == [status]
