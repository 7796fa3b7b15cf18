"""Reading what people really hand in: every mess is read, noted, or refused in one line."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from casekit.caseload import Caseload
from casekit.readers import ReadError, read, zips

PROGRAMS = "program_id,calendar_id\np1,c1\n"
STUDENTS = "student_id,program_id,enrollment_start\ns1,p1,2025-09-01\ns2,p1,2025-09-02\n"


def place(tmp_path: Path, students: bytes | str = STUDENTS, **tables: bytes | str) -> Path:
    """A folder of CSV files, p1 among them."""
    for name, content in {"programs": PROGRAMS, "students": students, **tables}.items():
        data = content.encode() if isinstance(content, str) else content
        (tmp_path / f"{name}.csv").write_bytes(data)
    return tmp_path


def ids(caseload: Caseload) -> list[str]:
    return list(caseload.students["student_id"])


def told(caseload: Caseload, *columns: str) -> list[tuple[object, ...]]:
    return list(caseload.problems[list(columns)].itertuples(index=False, name=None))


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


def test_of_two_columns_for_one_the_first_is_used_and_the_difference_told(tmp_path):
    students = (
        "student_id,program_id,enrollment_start,SID\ns1,p1,2025-09-01,s1\ns2,p1,2025-09-01,s7\n"
    )
    caseload = read(place(tmp_path, students))
    assert ids(caseload) == ["s1", "s2"]
    assert told(caseload, "column", "problem", "set_aside") == [
        (
            "SID",
            "student_id and SID are both read as student_id; the first is used, "
            "though they differ in 1 rows",
            False,
        )
    ]


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


# Zips


def packed(tmp_path: Path, files: dict[str, str | bytes]) -> Path:
    path = tmp_path / "caseload.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("top", ["", "spring/"])
def test_a_zip_may_be_flat_or_hold_one_folder(tmp_path, top):
    files = {
        f"{top}programs.csv": PROGRAMS,
        f"{top}students.csv": STUDENTS,
        # What a Mac adds is nobody's table.
        "__MACOSX/._students.csv": "x",
        f"{top}.DS_Store": "x",
    }
    caseload = read(packed(tmp_path, files))
    assert ids(caseload) == ["s1", "s2"]
    assert caseload.problems.empty
    assert set(caseload.sources) == {"caseload.zip", "programs.csv", "students.csv"}


@pytest.mark.parametrize("name", ["../students.csv", "/etc/students.csv", "a\\b.csv", "C:/x.csv"])
def test_a_zip_that_points_outside_of_itself_is_refused_by_name(tmp_path, name):
    with pytest.raises(ReadError, match=r"points outside of it"):
        read(packed(tmp_path, {"programs.csv": PROGRAMS, name: STUDENTS}))


def test_an_encrypted_zip_is_refused(tmp_path):
    path = packed(tmp_path, {"students.csv": STUDENTS})
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1  # the flag that says: encrypted
    path.write_bytes(data)
    with pytest.raises(ReadError, match="pack it without a password"):
        read(path)


def test_a_zip_that_blows_up_is_refused_with_the_limit(tmp_path):
    bomb = packed(tmp_path, {"students.csv": b"0" * 12_000_000})
    with pytest.raises(ReadError, match=r"more than 200 times its size \(beyond 10 MB\)"):
        read(bomb)


@pytest.mark.parametrize(
    ("limit", "value", "said"),
    [
        ("MAX_FILE", 40, "unpacks to more than"),
        ("MAX_TOTAL", 60, "unpacks to more than"),
        ("MAX_FILES", 1, "holds 2 files; at most 1 are read"),
    ],
)
def test_each_limit_of_a_zip_holds(tmp_path, monkeypatch, limit, value, said):
    monkeypatch.setattr(zips, limit, value)
    with pytest.raises(ReadError, match=said):
        read(packed(tmp_path, {"programs.csv": PROGRAMS, "students.csv": STUDENTS}))


def test_a_zip_that_lies_about_a_size_is_refused(tmp_path):
    path = packed(tmp_path, {"students.csv": STUDENTS * 50})
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (5).to_bytes(4, "little")  # uncompressed size
    path.write_bytes(data)
    with pytest.raises(ReadError, match="not a readable zip"):
        read(path)


def test_a_damaged_zip_is_refused(tmp_path):
    path = packed(tmp_path, {"students.csv": STUDENTS * 50})
    data = bytearray(path.read_bytes())
    data[50:60] = b"\xff" * 10
    path.write_bytes(data)
    with pytest.raises(ReadError, match=r"caseload.zip"):
        read(path)


# Workbooks

Cells = list[list[object]]
HEADER: list[object] = ["student_id", "program_id", "enrollment_start"]


def workbook(
    tmp_path: Path, students: Cells, mac: bool = False, **more: Cells
) -> tuple[Path, openpyxl.Workbook]:
    book = openpyxl.Workbook()
    if mac:
        book.epoch = CALENDAR_MAC_1904
    book.active.title = "Programs"
    sheets = {"Students": students, **more}
    for row in [["program_id", "calendar_id"], ["p1", "c1"]]:
        book["Programs"].append(row)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = tmp_path / "caseload.xlsx"
    book.save(path)
    return path, book


def test_a_workbook_has_a_sheet_for_each_table(tmp_path):
    path, _ = workbook(tmp_path, [HEADER, ["s1", "p1", date(2025, 9, 1)]])
    caseload = read(path)
    assert caseload.problems.empty
    assert caseload.students[["row", "file"]].values.tolist() == [[2, "caseload.xlsx:Students"]]


def test_a_number_in_a_column_of_ids_is_its_text(tmp_path):
    path, _ = workbook(
        tmp_path, [HEADER, [12.0, "p1", date(2025, 9, 1)], ["007", "p1", date(2025, 9, 1)]]
    )
    assert ids(read(path)) == ["12", "007"]


def test_midnight_in_a_column_without_other_times_is_a_day(tmp_path):
    stamps: Cells = [["student_id", "occurred_at"], ["s1", datetime(2026, 3, 2)]]
    path, _ = workbook(tmp_path, [HEADER, ["s1", "p1", date(2025, 9, 1)]], contacts=stamps)
    assert list(read(path).contacts["occurred_at.timed"]) == [False]


def test_midnight_in_a_column_with_other_times_is_a_time(tmp_path):
    stamps: Cells = [
        ["student_id", "occurred_at"],
        ["s1", datetime(2026, 3, 2)],
        ["s1", datetime(2026, 3, 2, 14, 5)],
    ]
    path, _ = workbook(tmp_path, [HEADER, ["s1", "p1", date(2025, 9, 1)]], contacts=stamps)
    assert list(read(path).contacts["occurred_at.timed"]) == [True, True]


@pytest.mark.parametrize(("mac", "day"), [(False, "2023-03-15"), (True, "2027-03-16")])
def test_a_count_of_days_follows_the_workbooks_own_epoch(tmp_path, mac, day):
    path, _ = workbook(tmp_path, [HEADER, ["s1", "p1", 45000]], mac=mac)
    assert list(read(path).students["enrollment_start"]) == [pd.Timestamp(day)]


def test_a_header_may_be_merged_and_stand_below_titles(tmp_path):
    path, book = workbook(
        tmp_path,
        [
            ["Our students", None, None],
            ["student_id", "Enrolment", None],
            [None, "program_id", "enrollment_start"],
            ["s1", "p1", date(2025, 9, 1)],
        ],
    )
    sheet = book["Students"]
    for area in ("A1:C1", "A2:A3", "B2:C2"):
        sheet.merge_cells(area)
    book.save(path)
    caseload = read(path)
    assert caseload.problems.empty
    assert list(caseload.students["row"]) == [4]


def test_a_formula_whose_result_was_not_saved_is_a_problem_of_its_row(tmp_path):
    rows: Cells = [HEADER, ['="s"&1', "p1", date(2025, 9, 1)], ["s2", "p1", date(2025, 9, 1)]]
    path, _ = workbook(tmp_path, rows)
    caseload = read(path)
    assert ids(caseload) == ["s2"]
    assert told(caseload, "row", "column", "set_aside") == [(2, "student_id", True)]


def saved_formula(path: Path, cell: bytes) -> None:
    """Rewrite the formula cells of the second sheet as a spreadsheet program saves them."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet2.xml"]
    start = sheet.index(b'<c r="D2"')
    end = sheet.index(b"</c>", start) + 4
    parts["xl/worksheets/sheet2.xml"] = sheet[:start] + cell + sheet[end:]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    path.write_bytes(buffer.getvalue())


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        (b'<c r="D2" t="str"><f>"A"&amp;"n"</f><v>An</v></c>', ["An"]),
        # The saved result is the empty text: an empty cell, and nothing wrong.
        (b'<c r="D2" t="str"><f>""</f><v></v></c>', [""]),
    ],
)
def test_a_formula_has_its_saved_result(tmp_path, cell, name):
    rows: Cells = [[*HEADER, "student_name"], ["s1", "p1", date(2025, 9, 1), '="An"']]
    path, _ = workbook(tmp_path, rows)
    saved_formula(path, cell)
    caseload = read(path)
    assert caseload.problems.empty
    assert list(caseload.students["student_name"].fillna("")) == name


def test_an_error_in_a_cell_is_an_empty_cell_and_a_note(tmp_path):
    rows: Cells = [[*HEADER, "student_name"], ["s1", "p1", date(2025, 9, 1), "#REF!"]]
    path, _ = workbook(tmp_path, rows)
    caseload = read(path)
    assert caseload.students["student_name"].isna().all()
    assert told(caseload, "row", "column", "set_aside") == [(2, "student_name", False)]


def test_a_sheet_that_is_no_table_is_a_note(tmp_path):
    path, _ = workbook(tmp_path, [HEADER, ["s1", "p1", date(2025, 9, 1)]], Notes=[["hello"]])
    assert told(read(path), "file", "set_aside") == [("caseload.xlsx:Notes", False)]


def test_an_empty_sheet_of_an_optional_table_is_a_note(tmp_path):
    path, _ = workbook(tmp_path, [HEADER, ["s1", "p1", date(2025, 9, 1)]], contacts=[])
    caseload = read(path)
    assert told(caseload, "table", "set_aside") == [("contacts", False)]


def test_a_workbook_without_a_table_says_what_sheets_it_has(tmp_path):
    book = openpyxl.Workbook()
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(ReadError, match=r"no sheet named as a table \(it has Sheet\)"):
        read(tmp_path / "a.xlsx")


# Parquet


def test_parquet_is_read_with_its_own_types(tmp_path):
    folder = place(tmp_path)
    pd.DataFrame(
        {
            "student_id": ["s1", "s2"],
            "occurred_at": pd.to_datetime(["2026-03-02", "2026-03-03"]),
            "contact_id": [1.0, 2.0],
            "has_notes": [True, None],
            "topics": [["other", "assessment"], None],
        }
    ).to_parquet(folder / "contacts.parquet")
    caseload = read(folder)
    assert caseload.problems.empty
    row = caseload.contacts.iloc[0]
    assert list(row[["row", "contact_id", "has_notes", "topics", "occurred_at.timed"]]) == [
        1,
        "1",
        True,
        "other;assessment",
        False,
    ]


def test_parquet_that_is_damaged_is_refused(tmp_path):
    folder = place(tmp_path)
    (folder / "contacts.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(ReadError, match=r"contacts.parquet cannot be read as Parquet"):
        read(folder)
