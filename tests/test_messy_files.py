"""Zips, workbooks and parquet as people hand them in: read, noted, or refused in one line."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from messy_text import PROGRAMS, STUDENTS, ids, place, told
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from casekit.readers import ReadError, read, zips

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


def test_a_number_in_a_sheet_has_the_digits_that_a_cell_shows(tmp_path):
    header = ["staff_id", "program_id", "start_date", "fte"]
    staff = [header, ["w1", "p1", "2025-09-01", 0.7 * 0.8]]
    path, _ = workbook(tmp_path, [HEADER, ["s1", "p1", date(2025, 9, 1)]], staff=staff)
    assert list(read(path).staff["fte"]) == [0.56]


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


def test_a_number_from_parquet_has_the_digits_that_were_meant(tmp_path):
    folder = place(tmp_path)
    staff = {"staff_id": ["w1", "w2"], "program_id": "p1", "start_date": "2025-09-01"}
    share = np.array([0.1, np.nan], "float32")
    frame = pd.DataFrame({**staff, "fte": [0.7 * 0.8, 0.3], "case_management_share": share})
    frame.to_parquet(folder / "staff.parquet")
    read_back = read(folder).staff[["fte", "case_management_share"]]
    assert read_back.fillna(-1).to_numpy().tolist() == [[0.56, 0.1], [0.3, -1]]


def test_parquet_that_is_damaged_is_refused(tmp_path):
    folder = place(tmp_path)
    (folder / "contacts.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(ReadError, match=r"contacts.parquet cannot be read as Parquet"):
        read(folder)
