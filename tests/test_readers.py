"""Reading clean data: types, keys, checks, overlays, and writing it back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casekit.caseload import PROBLEM_COLUMNS, Caseload
from casekit.readers import ReadError, assemble, raw_tables, read
from casekit.readers.dates import NotADateError, read_text
from casekit.readers.delimited import read_delimited
from casekit.readers.native import write_folder
from casekit.tables import TABLES

PROGRAMS = "program_id,calendar_id\np1,c1\n"
STUDENTS = "student_id,program_id,enrollment_start\ns1,p1,2025-09-01\ns2,p1,2025-09-01\n"
STAFF = "staff_id,program_id,start_date\nw1,p1,2025-09-01\nw2,p1,2025-09-01\n"


def folder(place: Path, **tables: str) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    return place


def contacts(make_caseload, header: str, *cells: str) -> Caseload:
    """A caseload of contacts of s1 on a day, each with one more cell."""
    rows = "".join(f"s1,2026-03-02,{cell}\n" for cell in cells)
    return make_caseload(
        students=STUDENTS, contacts=f"student_id,occurred_at,{header}\n{rows}", staff=STAFF
    )


def told(caseload: Caseload, *columns: str) -> list[tuple[object, ...]]:
    """Some columns of the problems, as tuples."""
    return list(caseload.problems[list(columns)].itertuples(index=False, name=None))


def moments(make_caseload, *texts: str, dates: str | None = None) -> pd.DataFrame:
    rows = "".join(f's1,"{text}"\n' for text in texts)
    tables = {
        "programs": PROGRAMS,
        "students": STUDENTS,
        "contacts": f"student_id,occurred_at\n{rows}",
    }
    raw = [read_delimited(n, f"{n}.csv", t.encode()) for n, t in tables.items()]
    return assemble(raw, dates=dates).contacts


# The frames


def test_every_table_is_there_with_every_column_even_when_it_was_not_given(make_caseload):
    caseload = make_caseload(students=STUDENTS)
    assert all(set(t.names) <= set(caseload.tables[n].columns) for n, t in TABLES.items())


def test_a_table_that_was_not_given_is_typed_like_one_that_was(make_caseload):
    absent = make_caseload(students=STUDENTS).contacts.dtypes
    given = contacts(make_caseload, "mode", "phone").contacts.dtypes
    kinds = [name for name in given.index if not isinstance(given[name], pd.CategoricalDtype)]
    assert absent[kinds].to_dict() == given[kinds].to_dict()


def test_given_holds_the_columns_of_the_users_own_file(make_caseload):
    caseload = make_caseload(students=STUDENTS)
    assert caseload.given["students"] == {"student_id", "program_id", "enrollment_start"}


def test_a_missing_optional_table_stays_missing(make_caseload):
    assert "contacts" not in make_caseload(students=STUDENTS).given


def test_ids_of_students_staff_and_programs_share_their_codes_through_all_tables(make_caseload):
    caseload = make_caseload(
        students=STUDENTS,
        staff=STAFF,
        contacts="student_id,occurred_at,staff_id\ns2,2026-03-02,w2\n",
    )
    one, other = caseload.students["student_id"], caseload.contacts["student_id"]
    assert one.dtype == other.dtype == caseload.goals["student_id"].dtype
    assert caseload.staff["staff_id"].dtype == caseload.leave["covered_by"].dtype
    assert caseload.staff["program_id"].dtype == caseload.programs["program_id"].dtype


def test_a_code_means_the_same_student_whatever_the_order_of_the_rows(make_caseload):
    caseload = make_caseload(
        students=STUDENTS, contacts="student_id,occurred_at\ns2,2026-03-02\ns1,2026-03-02\n"
    )
    codes = {
        name: caseload.tables[name]["student_id"].cat.codes for name in ("students", "contacts")
    }
    assert codes["contacts"].tolist() == codes["students"].tolist()[::-1]


def test_an_id_stays_text(make_caseload):
    caseload = make_caseload(students="student_id,program_id,enrollment_start\n007,p1,2025-09-01\n")
    assert list(caseload.students["student_id"]) == ["007"]


def test_rows_stay_in_the_order_of_the_file(make_caseload):
    caseload = contacts(make_caseload, "contact_id", "c9", "c1", "c5")
    assert list(caseload.contacts["contact_id"]) == ["c9", "c1", "c5"]


def test_a_caseload_with_no_students_is_a_caseload(make_caseload):
    caseload = make_caseload(students="student_id,program_id,enrollment_start\n")
    assert len(caseload.students) == 0


# Cells


@pytest.mark.parametrize(
    ("header", "cell", "value"),
    [
        ("mode", "In Person", "in_person"),
        ("mode", "HOME-VISIT", "home_visit"),
        ("topics", "Career Guidance; other;other;", "career_guidance;other"),
        ("has_notes", "YES", True),
        ("has_notes", "0", False),
        ("duration_minutes", "12.50", 12.5),
        ("duration_minutes", "0", 0.0),
    ],
)
def test_a_cell_is_read_as_its_column_says(make_caseload, header, cell, value):
    assert contacts(make_caseload, header, cell).contacts[header].iloc[0] == value


@pytest.mark.parametrize("header", ["mode", "topics", "has_notes", "duration_minutes", "site_id"])
def test_an_empty_cell_is_missing_and_no_problem(make_caseload, header):
    caseload = contacts(make_caseload, header, "  ")
    assert caseload.contacts[header].isna().all()
    assert caseload.problems.empty


@pytest.mark.parametrize(
    ("header", "cell", "fix"),
    [
        ("duration_minutes", "-5", "write a number from 0 to 1440"),
        ("duration_minutes", "1500", "write a number from 0 to 1440"),
        ("duration_minutes", "nan", "write a number from 0 to 1440"),
        ("duration_minutes", '"1,5"', "write a number from 0 to 1440"),
        ("has_notes", "maybe", "write yes or no, true or false, 1 or 0"),
        ("mode", "Fone", "did you mean phone?"),
        ("topics", "other;asessment", "did you mean assessment?"),
        ("outcome", "x", "write one of completed, attempted"),
    ],
)
def test_an_impossible_value_is_told_with_its_place_and_remedy(make_caseload, header, cell, fix):
    caseload = contacts(make_caseload, header, "", cell)
    assert told(caseload, "file", "row", "column", "value", "fix", "set_aside") == [
        ("contacts.csv", 3, header, cell.strip('"'), fix, True)
    ]
    assert len(caseload.contacts) == 1


def test_an_unknown_event_type_gets_a_did_you_mean(make_caseload):
    caseload = make_caseload(
        students=STUDENTS, events="event_type,occurred_at\niep_meting,2026-03-02\n"
    )
    assert told(caseload, "value", "fix") == [("iep_meting", "did you mean iep_meeting?")]


# Days and moments


@pytest.mark.parametrize(
    ("text", "wall", "timed", "offset"),
    [
        ("2026-03-02", "2026-03-02T00:00:00", False, None),
        ("2026/03/02", "2026-03-02T00:00:00", False, None),
        ("2026-03-02T14:05", "2026-03-02T14:05:00", True, None),
        ("2026-03-02 14:05:09.75", "2026-03-02T14:05:09", True, None),
        ("2026-03-02T00:00:00", "2026-03-02T00:00:00", True, None),
        # The day is the day as written, whatever the offset.
        ("2026-03-02T23:30:00Z", "2026-03-02T23:30:00", True, 0),
        ("2026-03-02T14:05:00+10:30", "2026-03-02T14:05:00", True, 630),
        ("2026-03-02T14:05:00-0330", "2026-03-02T14:05:00", True, -210),
        ("2 Mar 2026", "2026-03-02T00:00:00", False, None),
        ("March 2, 2026", "2026-03-02T00:00:00", False, None),
        # A part over 12, or two parts alike, settle the order by themselves.
        ("13/2/2026", "2026-02-13T00:00:00", False, None),
        ("2-13-2026", "2026-02-13T00:00:00", False, None),
        ("03.03.2026", "2026-03-03T00:00:00", False, None),
        ("2/13/2026 2:05 PM", "2026-02-13T14:05:00", True, None),
        ("2/13/2026 12:05 AM", "2026-02-13T00:05:00", True, None),
    ],
)
def test_a_moment_is_the_wall_time_as_written(make_caseload, text, wall, timed, offset):
    row = moments(make_caseload, text).iloc[0]
    assert row["occurred_at"] == pd.Timestamp(wall)
    assert row["occurred_at.timed"] == timed
    assert (None if np.isnan(row["occurred_at.offset"]) else row["occurred_at.offset"]) == offset


@pytest.mark.parametrize(
    ("text", "dates", "day"),
    [("1/5/2023", "dmy", "2023-05-01"), ("1/5/2023", "mdy", "2023-01-05")],
)
def test_the_order_of_days_and_months_is_the_one_told(make_caseload, text, dates, day):
    assert moments(make_caseload, text, dates=dates)["occurred_at"].iloc[0] == pd.Timestamp(day)


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("1/5/2023", None),  # the 1st of May, or the 5th of January
        ("13/2/2023", "mdy"),  # impossible in the order told: not silently swapped
        ("1/5/23", "dmy"),  # which century?
        ("2026-02-30", None),
        ("2026-03-02T25:00", None),
        ("0202-03-02", None),
        ("soon", None),
        ("2 Foo 2026", None),
        ("20260302", None),
    ],
)
def test_a_date_that_cannot_be_told_is_a_problem(make_caseload, text, dates):
    assert moments(make_caseload, text, dates=dates).empty


def test_a_date_impossible_in_the_order_told_names_the_order():
    with pytest.raises(NotADateError, match=r"no month 13 \(dates are read as mdy\)"):
        read_text("13/2/2023", "mdy")


def test_other_rows_never_settle_the_order_of_a_date(make_caseload):
    days = moments(make_caseload, "13/2/2023", "1/5/2023")["occurred_at"]
    assert list(days) == [pd.Timestamp("2023-02-13")]


def test_an_ambiguous_date_asks_for_the_order(make_caseload):
    caseload = contacts(make_caseload, "mode", "phone")
    assert caseload.problems.empty
    caseload = make_caseload(students=STUDENTS.replace("2025-09-01", "1/9/2025", 1))
    assert "--dates dmy or --dates mdy" in caseload.problems["fix"].iloc[0]


def test_a_timestamp_in_a_column_of_days_gives_its_day(make_caseload):
    caseload = make_caseload(students=STUDENTS.replace("2025-09-01", "2025-09-01T14:05", 1))
    assert list(caseload.students["enrollment_start"]) == [pd.Timestamp("2025-09-01")] * 2


def test_a_spreadsheet_count_of_days_in_csv_is_read_and_told_once(make_caseload):
    caseload = make_caseload(students=STUDENTS.replace("2025-09-01", "45000"))
    assert list(caseload.students["enrollment_start"]) == [pd.Timestamp("2023-03-15")] * 2
    assert told(caseload, "row", "column", "set_aside") == [(2, "enrollment_start", False)]


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


@pytest.mark.parametrize(
    ("table", "column", "text"),
    [
        ("contacts", "staff_id", "student_id,occurred_at,staff_id\ns1,2026-03-02,w9\n"),
        ("events", "staff_id", "event_type,occurred_at,staff_id\niep_meeting,2026-03-02,w9\n"),
        (
            "leave",
            "covered_by",
            "staff_id,start_date,end_date,covered_by\nw1,2026-03-02,2026-03-02,w9\n",
        ),
    ],
)
def test_an_unknown_staff_member_who_is_only_mentioned_is_left_out(
    make_caseload, table, column, text
):
    caseload = make_caseload(**{"students": STUDENTS, "staff": STAFF, table: text})
    assert told(caseload, "column", "value", "set_aside") == [(column, "w9", False)]
    assert caseload.tables[table][column].isna().tolist() == [True]


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

MANAGED = (
    "student_id,program_id,enrollment_start,enrollment_end,case_manager_id\n"
    "s1,p1,2025-09-01,2026-01-30,w1\ns2,p1,2025-09-01,,\n"
)


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


# Overlays


def overlaid(tmp_path: Path, base: dict[str, str], over: dict[str, str]) -> Caseload:
    tables = {"programs": PROGRAMS, "students": STUDENTS, **base}
    return read(folder(tmp_path / "base", **tables), overlay=folder(tmp_path / "over", **over))


def test_an_overlay_fills_empty_cells_and_never_a_filled_one(tmp_path):
    base = {
        "staff": "staff_id,program_id,start_date,fte,role\nw1,p1,2025-09-01,,tutor\n",
    }
    over = {"staff": "staff_id,program_id,start_date,fte,role\nw1,p1,2025-09-01,0.5,clerk\n"}
    row = overlaid(tmp_path, base, over).staff.iloc[0]
    assert (row["fte"], row["role"]) == (0.5, "tutor")


def test_an_overlay_row_with_another_key_is_added(tmp_path):
    over = {"students": "student_id,program_id,enrollment_start\ns3,p1,2025-10-01\n"}
    assert list(overlaid(tmp_path, {}, over).students["student_id"]) == ["s1", "s2", "s3"]


def test_an_overlay_without_start_date_fills_every_row_of_the_staff_member(tmp_path):
    base = {"staff": STAFF + "w1,p1,2026-01-01\n"}
    over = {"staff": "staff_id,case_management_share\nw1,0.25\n"}
    shares = overlaid(tmp_path, base, over).staff["case_management_share"]
    assert shares.fillna(-1).tolist() == [0.25, -1, 0.25]


def test_an_overlay_that_matches_nobody_is_a_row_that_lacks_its_key(tmp_path):
    over = {"staff": "staff_id,case_management_share\nw9,0.25\n"}
    caseload = overlaid(tmp_path, {"staff": STAFF}, over)
    assert told(caseload, "file", "row", "column") == [
        ("staff.csv", 2, "program_id"),
        ("staff.csv", 2, "start_date"),
    ]


def test_overlay_rows_of_a_table_without_a_key_are_added(tmp_path):
    events = "event_type,occurred_at,student_id\niep_meeting,2026-03-02,s1\n"
    caseload = overlaid(tmp_path, {"events": events}, {"events": events})
    assert len(caseload.events) == 2


def test_an_overlay_may_bring_a_whole_table(tmp_path):
    caseload = overlaid(tmp_path, {}, {"contacts": "student_id,occurred_at\ns1,2026-03-02\n"})
    assert len(caseload.contacts) == 1


def test_an_overlay_moment_keeps_its_time_and_offset(tmp_path):
    base = {"referrals": "referral_id,student_id,program_id,received_at\nr1,s1,p1,\n"}
    over = {"referrals": "referral_id,received_at\nr1,2026-03-02T14:05+10:30\n"}
    row = overlaid(tmp_path, base, over).referrals.iloc[0]
    assert (row["received_at.timed"], row["received_at.offset"]) == (True, 630)


def test_a_problem_in_a_filled_cell_names_the_file_it_came_from(make_caseload):
    base = {"programs": PROGRAMS, "students": STUDENTS + "\n"}
    over = "student_id,enrollment_end\ns9,\ns2,2024-01-01\n"
    caseload = assemble(
        [read_delimited(n, f"{n}.csv", t.encode()) for n, t in base.items()],
        overlay=[read_delimited("students", "over/students.csv", over.encode())],
    )
    assert ("over/students.csv", 3, "enrollment_end") in told(caseload, "file", "row", "column")


def test_a_bad_overlay_row_fills_nothing_and_costs_only_itself(tmp_path):
    over = {"staff": "staff_id,case_management_share,role\nw1,7,clerk\n"}
    caseload = overlaid(tmp_path, {"staff": STAFF}, over)
    assert told(caseload, "column", "value") == [("case_management_share", "7")]
    assert caseload.staff["role"].isna().tolist() == [True, True]


def test_two_overlay_rows_for_one_key_are_a_problem(tmp_path):
    over = {"staff": "staff_id,role\nw1,clerk\nw1,tutor\n"}
    caseload = overlaid(tmp_path, {"staff": STAFF}, over)
    assert told(caseload, "row", "column", "set_aside") == [(3, "staff_id", True)]
    assert caseload.staff["role"].fillna("").tolist() == ["clerk", ""]


# Writing back


def same(one: Caseload, other: Caseload) -> None:
    """Fail unless the two hold the same rows, whatever files they came from."""
    assert one.given == other.given
    for name in TABLES:
        left, right = (c.tables[name].drop(columns=["row", "file"]) for c in (one, other))
        pd.testing.assert_frame_equal(left, right)


words = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], whitelist_characters="\n\r\t;,\"'=#"),
    max_size=12,
).map(str.strip)
days = st.dates(pd.Timestamp("1990-01-01").date(), pd.Timestamp("2100-01-01").date()).map(str)
stamps = st.builds(
    lambda day, clock, zone: f"{day}{clock}{zone}" if clock else day,
    days,
    st.sampled_from(["", "T00:00", "T23:59:59", " 09:05"]),
    st.sampled_from(["", "Z", "+10:30", "-03:30"]),
)
rows = st.fixed_dictionaries(
    {
        "student_id": st.sampled_from(["s1", "007"]),
        "occurred_at": stamps,
        "mode": st.sampled_from(["", "phone", "In Person"]),
        "topics": st.sampled_from(["", "other", "assessment; other"]),
        "duration_minutes": st.floats(0, 1440).map(repr) | st.just(""),
        "has_notes": st.sampled_from(["", "yes", "0"]),
    }
)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(rows, max_size=6),
    st.tuples(words, words).filter(lambda pair: not any(w.startswith("#") for w in pair)),
)
def test_what_is_written_reads_back_as_the_same_caseload(tmp_path_factory, made, names):
    place = tmp_path_factory.mktemp("caseload")
    start = place / "start"
    folder(start, programs=PROGRAMS)
    pd.DataFrame(
        {
            "student_id": ["s1", "007"],
            "program_id": "p1",
            "enrollment_start": "2025-09-01",
            "student_name": names,
        }
    ).to_csv(start / "students.csv", index=False, lineterminator="\r\n")
    columns = ["student_id", "occurred_at", "mode", "topics", "duration_minutes", "has_notes"]
    pd.DataFrame(made, columns=columns).to_csv(start / "contacts.csv", index=False)
    caseload = read(start)
    write_folder(caseload, place / "out")
    assert caseload.problems.empty
    same(caseload, read(place / "out"))


def test_a_shorthand_written_out_does_not_double_the_assignment(make_caseload, tmp_path):
    caseload = make_caseload(students=MANAGED, staff=STAFF)
    write_folder(caseload, tmp_path / "out")
    same(caseload, read(tmp_path / "out"))


def test_only_given_tables_and_columns_are_written(make_caseload, tmp_path):
    write_folder(make_caseload(students=STUDENTS), tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["programs.csv", "students.csv"]
    assert (tmp_path / "students.csv").read_text(encoding="utf-8") == STUDENTS


def test_sources_are_the_hash_of_each_file(tmp_path):
    _, sources = raw_tables(folder(tmp_path, programs=PROGRAMS, students=STUDENTS))
    assert set(sources) == {"programs.csv", "students.csv"}
    assert all(len(digest) == 64 for digest in sources.values())
