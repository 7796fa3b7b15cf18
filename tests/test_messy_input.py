"""Reading what people really hand in: every mess is read, noted, or refused in one line."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from messy_text import STUDENTS, ids, place, told

from casekit.readers import ReadError, read

# Text


@pytest.mark.parametrize(
    "students",
    [
        STUDENTS.encode("utf-8-sig"),
        STUDENTS.encode("utf-16"),
        STUDENTS.encode("utf-16-le"),
        STUDENTS.encode("utf-16-be"),
        STUDENTS.replace(",", ";").encode(),
        STUDENTS.replace(",", "\t").encode(),
        STUDENTS.replace(",", "|").encode(),
        STUDENTS.replace("\n", "\r\n").encode(),
        STUDENTS.rstrip("\n").encode(),
        STUDENTS.replace("student_id,", "STUDENT  Id ,").encode(),
        STUDENTS.replace("enrollment_start", "Date Enrolled").encode(),
        STUDENTS.replace("s1,", "  s1\u00a0,").encode(),
        # Cells that the last columns lack, and empty ones beyond the header.
        STUDENTS.replace("start\n", "start,grade_level\n").encode(),
        STUDENTS.replace("2025-09-01\n", "2025-09-01,,,\n").encode(),
    ],
)
def test_the_same_table_in_another_dress_is_the_same_table(tmp_path, students):
    caseload = read(place(tmp_path, students))
    assert ids(caseload) == ["s1", "s2"]
    assert caseload.problems.empty


def test_windows_text_is_read_and_noted(tmp_path):
    students = "student_id,program_id,enrollment_start,student_name\ns1,p1,2025-09-01,José\n"
    caseload = read(place(tmp_path, students.encode("cp1252")))
    assert list(caseload.students["student_name"]) == ["José"]
    assert told(caseload, "file", "set_aside") == [("students.csv", False)]


def test_one_nul_character_is_left_out_and_noted(tmp_path):
    caseload = read(place(tmp_path, STUDENTS.replace("s1", "s\0001")))
    assert ids(caseload) == ["s1", "s2"]
    assert told(caseload, "problem", "set_aside") == [
        ("the file holds 1 NUL characters; they were left out", False)
    ]


def test_a_very_long_cell_is_a_cell(tmp_path):
    # 131072 characters are the csv module's own limit; the surplus cell has it read row by row.
    students = (
        "student_id,program_id,enrollment_start,name\n"
        f"s1,p1,2025-09-01,{'x' * 131_073}\ns2,p1,2025-09-01,,surplus\n"
    )
    assert list(read(place(tmp_path, students)).students["student_name"].str.len()) == [131_073]


def test_a_separator_inside_quotes_does_not_mislead(tmp_path):
    students = 'student_id;program_id;enrollment_start;name\ns1;p1;2025-09-01;"a, b; c"\n'
    assert list(read(place(tmp_path, students)).students["student_name"]) == ["a, b; c"]


def test_blank_rows_are_skipped_and_counted(tmp_path):
    # Row 1 is the header, rows 2 and 4 are blank, row 5 only looks filled.
    students = STUDENTS.replace("start\n", "start\n\n").replace("s2", "\n , ,\ns2")
    assert list(read(place(tmp_path, students)).students["row"]) == [3, 6]


def test_a_quoted_cell_may_hold_lines_and_is_one_row(tmp_path):
    students = (
        "student_id,program_id,enrollment_start,name\n"
        's1,p1,2025-09-01,"one\ntwo"\ns2,p1,2025-09-01,three\n'
    )
    caseload = read(place(tmp_path, students))
    assert list(caseload.students["student_name"]) == ["one\ntwo", "three"]
    assert list(caseload.students["row"]) == [2, 3]


def test_a_row_with_too_many_cells_is_a_problem_and_the_others_stay(tmp_path):
    students = STUDENTS.replace("2025-09-01", "2025-09-01,surplus")
    caseload = read(place(tmp_path, students))
    assert ids(caseload) == ["s2"]
    assert told(caseload, "row", "value", "set_aside") == [(2, "s1,p1,2025-09-01,surplus", True)]


def test_rows_keep_their_numbers_beside_a_ragged_one(tmp_path):
    students = "Our students\n\n" + STUDENTS.replace("s2", "x,p1,2025-09-01,surplus\n\ns2")
    caseload = read(place(tmp_path, students))
    assert list(caseload.students["row"]) == [4, 7]
    assert told(caseload, "row") == [(5,)]


def test_a_quotation_mark_that_is_never_closed_is_named(tmp_path):
    students = STUDENTS.replace("s2", '"s2')
    with pytest.raises(ReadError, match=r"students.csv: .* row 3 is never closed"):
        read(place(tmp_path, students))


@pytest.mark.parametrize("text", ["=1+1", "<script>alert(1)</script>", "+61 8", "NA", "None"])
def test_text_is_text_whatever_it_looks_like(tmp_path, text):
    students = f"student_id,program_id,enrollment_start,name\ns1,p1,2025-09-01,{text}\n"
    assert list(read(place(tmp_path, students)).students["student_name"]) == [text]


def test_a_header_may_stand_below_titles(tmp_path):
    students = "Students of the programme,,\nas of,2 March 2026,\n\n" + STUDENTS
    caseload = read(place(tmp_path, students))
    assert list(caseload.students["row"]) == [5, 6]


def test_a_file_that_is_a_workbook_under_another_name_is_refused(tmp_path):
    with pytest.raises(ReadError, match=r"students.csv is not text"):
        read(place(tmp_path, b"PK\x03\x04rest"))


# Headers


def test_an_unknown_column_is_kept_out_and_noted(tmp_path):
    students = STUDENTS.replace("start\n", "start,enrolment_ends\n")
    assert told(read(place(tmp_path, students)), "column", "fix", "set_aside") == [
        ("enrolment_ends", "did you mean enrollment_end?", False)
    ]


def test_of_two_columns_for_one_the_contracts_own_is_used_and_the_difference_told(tmp_path):
    students = (
        "student_id,program_id,enrollment_start,SID\ns1,p1,2025-09-01,s1\ns2,p1,2025-09-01,s7\n"
    )
    caseload = read(place(tmp_path, students))
    assert ids(caseload) == ["s1", "s2"]
    assert told(caseload, "column", "problem", "set_aside") == [
        (
            "SID",
            "student_id and SID are both read as student_id; student_id is used, "
            "though they differ in 1 rows",
            False,
        )
    ]


def test_a_columns_own_name_wins_over_an_alias_that_stands_before_it(tmp_path):
    students = "start_date,student_id,program_id,enrollment_start\n2024-01-01,s1,p1,2025-09-01\n"
    caseload = read(place(tmp_path, students))
    assert list(caseload.students["enrollment_start"]) == [pd.Timestamp("2025-09-01")]
    assert told(caseload, "column", "set_aside") == [("start_date", False)]


@pytest.mark.parametrize("header", ["notes", "type"])
def test_a_column_of_free_text_is_no_column_of_the_contract(tmp_path, header):
    contacts = f"student_id,occurred_at,{header}\ns1,2026-03-02,called the mother\n"
    caseload = read(place(tmp_path, contacts=contacts))
    assert len(caseload.contacts) == 1
    assert told(caseload, "column", "set_aside") == [(header, False)]


def test_a_missing_required_column_names_what_is_there_and_what_would_do(tmp_path):
    students = STUDENTS.replace("enrollment_start", "joined")
    with pytest.raises(ReadError) as error:
        read(place(tmp_path, students))
    said = str(error.value)
    assert "students.csv: the table students needs the column enrollment_start" in said
    assert "its header has: student_id, program_id, joined" in said
    assert "\n" not in said


# Files


def test_an_empty_file_of_a_required_table_is_an_error(tmp_path):
    with pytest.raises(ReadError, match=r"students.csv is empty; .* student_id, program_id"):
        read(place(tmp_path, b""))


def test_an_empty_file_of_an_optional_table_is_a_note(tmp_path):
    caseload = read(place(tmp_path, contacts=b"\n"))
    assert told(caseload, "table", "file", "set_aside") == [("contacts", "contacts.csv", False)]
    assert "contacts" not in caseload.given


def test_a_file_that_is_no_table_is_a_note(tmp_path):
    assert told(read(place(tmp_path, budget="a,b\n")), "file", "set_aside") == [
        ("budget.csv", False)
    ]


def test_csv_and_parquet_of_one_table_are_refused(tmp_path):
    folder = place(tmp_path)
    pd.DataFrame({"student_id": ["s1"]}).to_parquet(folder / "students.parquet")
    with pytest.raises(ReadError, match=r"students.csv and students.parquet"):
        read(folder)


@pytest.mark.parametrize("missing", ["programs", "students"])
def test_a_required_table_that_is_not_there_is_named(tmp_path, missing):
    folder = place(tmp_path)
    (folder / f"{missing}.csv").unlink()
    with pytest.raises(ReadError, match=f"the table {missing} is not there; found: "):
        read(folder)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["users.csv", "orgs.csv"], "casekit import oneroster"),
        (["Student.csv", "School.csv"], "casekit import sds"),
        (["users.csv", "orgs.csv", "relationships.csv"], "casekit import sds"),
        (["Student.xml"], "casekit import edfi"),
        (["budget.csv"], "holds no table of a caseload"),
        ([], "is empty"),
    ],
)
def test_a_folder_of_another_kind_is_told_its_own_way_in(tmp_path, names, said):
    for name in names:
        (tmp_path / name).write_text("a,b\n1,2\n")
    with pytest.raises(ReadError, match=said):
        read(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.zip", None, "does not exist"),
        ("a.csv", b"a,b\n", "cannot be read as a caseload"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "save it as .xlsx"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0", "has a password"),
        ("a.xlsx", b"no workbook", "not a readable zip"),
        ("a.xlsx", b"", "is empty"),
        ("a.zip", b"", "is empty"),
        ("a.zip", b"no zip at all", "not a readable zip"),
    ],
)
def test_a_path_that_cannot_be_read_says_why_in_one_line(tmp_path, name, content, said):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ReadError, match=said) as error:
        read(tmp_path / name)
    assert "\n" not in str(error.value)


def test_a_character_that_nothing_can_show_is_a_space(tmp_path: Path) -> None:
    # A vertical tab is what some programs leave for a line break inside a cell.
    programs = "program_id,program_name,calendar_id\np1,Oak\x0bHouse\x1b,c1\n"
    (tmp_path / "programs.csv").write_text(programs, encoding="utf-8")
    (tmp_path / "students.csv").write_text(
        "student_id,program_id,enrollment_start\ns1,p1,2026-01-05\n", encoding="utf-8"
    )
    assert read(tmp_path).programs["program_name"].to_list() == ["Oak House"]
