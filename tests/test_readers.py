"""Reading clean data: types, days and moments."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tables_text import STAFF, STUDENTS, contacts, moments, told

from casekit.readers.dates import NotADateError, read_text
from casekit.tables import TABLES

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
        ("2026-03-02 14:05:00+00", "2026-03-02T14:05:00", True, 0),
        ("2026-03-02 14:05:00+10", "2026-03-02T14:05:00", True, 600),
        ("2026-03-02 14:05:00-08", "2026-03-02T14:05:00", True, -480),
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
