"""Rows kept in a user's own CSV: one is put in its place, and nothing else in the file is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from casekit.assessment import kept
from casekit.assessment.kept import SavingError, file_of, inert, merged, put, withdraw
from casekit.caseload import Caseload
from casekit.readers import ReadError, read
from casekit.readers.native import as_text
from casekit.tables import TABLES
from tests.conftest import PROGRAMS, caseload_of

KEY = ("program_id", "requirement_id", "assessed_on")
HEAD = "program_id,requirement_id,answer,evidence,assessed_on,assessor\n"
ROW = {"program_id": "p1", "requirement_id": "r1", "answer": "yes", "assessed_on": "2026-03-02"}
STUDENTS = "student_id,program_id,enrollment_start\ns1,p1,2026-01-05\n"


def after(before: str | bytes, **row: str) -> str:
    """The file after ROW, with some cells changed, was put into it."""
    data = before.encode() if isinstance(before, str) else before
    return merged("attestations", "attestations.csv", data, KEY, {**ROW, **row})[0].decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "programs.csv").write_text(PROGRAMS)
    (tmp_path / "students.csv").write_text(STUDENTS)
    return tmp_path


@pytest.fixture
def caseload() -> Caseload:
    return caseload_of(students=STUDENTS)


def told(caseload: Caseload) -> list[tuple[str, ...]]:
    """The attestations of a caseload as text, a tuple a row."""
    table = TABLES["attestations"]
    columns = [as_text(caseload.attestations, c).fillna("") for c in table.columns]
    return list(zip(*columns, strict=True))


def test_an_answer_of_the_same_program_requirement_and_day_takes_the_place_of_the_first() -> None:
    before = HEAD + "p1,r1,no,,2026-03-02,Ann\n"
    assert after(before, assessor="Bo") == HEAD + "p1,r1,yes,,2026-03-02,Bo\n"


@pytest.mark.parametrize(
    "other",
    [
        "p2,r1,no,,2026-03-02,Ann",  # another program
        "p1,r2,no,,2026-03-02,Ann",  # another requirement
        "p1,r1,no,,2026-03-01,Ann",  # another day
        "p1,r1,perhaps,,2026-03-01,",  # no answer at all: the reader sets it aside
        "p1,r1,no,a, b, c,2026-03-02,Ann",  # too many cells: set aside too
        "p1",  # too few
        "",
    ],
)
def test_every_other_row_stays_as_it_is(other: str) -> None:
    assert after(f"{HEAD}{other}\n", assessor="Bo") == f"{HEAD}{other}\np1,r1,yes,,2026-03-02,Bo\n"


def test_the_new_answer_stands_last_since_of_two_on_one_day_the_later_row_holds() -> None:
    # FL-01 is a statement that r1 may cover: its row must not outweigh the new answer.
    before = HEAD + "p1,r1,no,,2026-03-02,\np1,FL-01,no,,2026-03-02,\n"
    assert after(before).splitlines()[-1] == "p1,r1,yes,,2026-03-02,"


def test_columns_of_the_users_own_stay_and_keep_what_they_hold() -> None:
    before = "Note,Program ID,requirement_id,Answer,Date\nkeep me,p1,r1,no,2026-03-02\n"
    expected = "Note,Program ID,requirement_id,Answer,Date\nkeep me,p1,r1,yes,2026-03-02\n"
    assert after(before) == expected


def test_a_column_is_added_only_when_it_is_needed() -> None:
    assert after(HEAD, owner="Cy") == HEAD.strip() + ",owner\np1,r1,yes,,2026-03-02,,Cy\n"


def test_a_row_that_was_too_long_stays_too_long_when_a_column_is_added() -> None:
    # Were "b" moved into the new column, the row would look right and be read as something else.
    before = HEAD + "p1,r2,no,a,2026-03-02,Ann,b\n"
    assert after(before, owner="Cy").splitlines()[1] == "p1,r2,no,a,2026-03-02,Ann,,b"


def test_titles_above_the_header_and_the_separator_stay() -> None:
    before = "Answers 2026\n" + HEAD.replace(",", ";")
    expected = "Answers 2026\n" + HEAD.replace(",", ";") + "p1;r1;yes;;2026-03-02;\n"
    assert after(before) == expected


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_letters_of_any_encoding_are_kept_and_a_spreadsheet_will_know_them(encoding: str) -> None:
    before = HEAD + "p1,r2,no,Café,2026-03-02,Zoë\n"
    expected = "\ufeff" + before + "p1,r1,yes,,2026-03-02,\n"
    assert after(before.encode(encoding)) == expected


def test_a_file_whose_quotation_mark_is_never_closed_is_left_alone() -> None:
    with pytest.raises(ReadError, match="never closed"):
        after(HEAD + 'p1,r1,no,"open,2026-03-02,Ann\np2,r1,no,,2026-03-02,\n')


def test_a_row_of_the_key_alone_takes_the_answer_out() -> None:
    before = HEAD + "p1,r1,no,,2026-03-02,Ann\np2,r1,no,,2026-03-02,Ann\n"
    bare = {name: ROW[name] for name in KEY}
    out, _ = merged("attestations", "attestations.csv", before.encode(), KEY, bare)
    assert out.decode() == HEAD + "p2,r1,no,,2026-03-02,Ann\n"


@pytest.mark.parametrize("text", ["=1+1", "+61 8", "- a list", "@Ann", "'=1", "plain", "a\nb", "é"])
def test_text_is_written_so_that_no_spreadsheet_runs_it_and_reads_back_the_same(
    text: str, folder: Path, caseload: Caseload
) -> None:
    put(caseload, folder, "attestations", KEY, {**ROW, "evidence": text})
    assert read(folder).attestations["evidence"].tolist() == [text]
    assert (folder / "attestations.csv").read_text().splitlines()[1][10:11] not in "=+-@"


def test_only_what_a_spreadsheet_would_run_is_led_by_an_apostrophe() -> None:
    assert [inert(text) for text in ("=1", "'=1", "it's", "'90s")] == [
        "'=1",
        "''=1",
        "it's",
        "'90s",
    ]


def test_what_is_in_memory_is_what_the_file_reads_back_as(folder: Path, caseload: Caseload) -> None:
    more = {"evidence": " a folder ", "expires_on": "2026-12-31", "owner": "=Cy"}
    first = put(caseload, folder, "attestations", KEY, {**ROW, **more})
    second = put(first, folder, "attestations", KEY, {**ROW, "requirement_id": "r2"})
    third = put(second, folder, "attestations", KEY, {**ROW, "answer": "no"})
    assert told(third) == told(read(folder))


def test_an_answer_that_was_taken_back_is_gone_from_the_file_and_from_memory(
    folder: Path, caseload: Caseload
) -> None:
    given = put(caseload, folder, "attestations", KEY, ROW)
    assert told(withdraw(given, folder, "attestations", KEY, ROW)) == told(read(folder)) == []


def test_an_answer_that_someone_else_saved_in_between_is_not_lost(
    folder: Path, caseload: Caseload
) -> None:
    # Both began with the same caseload; neither has seen the other's answer.
    put(caseload, folder, "attestations", KEY, ROW)
    put(caseload, folder, "attestations", KEY, {**ROW, "requirement_id": "r2"})
    assert set(read(folder).attestations["requirement_id"]) == {"r1", "r2"}


def test_answers_that_many_give_at_the_same_moment_are_all_kept(
    folder: Path, caseload: Caseload
) -> None:
    rows = [{**ROW, "requirement_id": f"r{number}"} for number in range(24)]
    with ThreadPoolExecutor(8) as many:
        list(many.map(lambda row: put(caseload, folder, "attestations", KEY, row), rows))
    assert len(read(folder).attestations) == 24


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"answer": "perhaps"}, "Not saved: answer 'perhaps'"),
        ({"expires_on": "soon"}, "Not saved: expires on 'soon'"),
        ({"assessed_on": ""}, "Not saved: assessed on is empty"),
    ],
)
def test_what_cannot_be_read_back_is_not_saved_and_the_file_stays(
    cells: dict, said: str, folder: Path, caseload: Caseload
) -> None:
    with pytest.raises(SavingError, match=said) as wrong:
        put(caseload, folder, "attestations", KEY, {**ROW, **cells})
    assert "\n" not in str(wrong.value) and not (folder / "attestations.csv").exists()


def test_a_file_that_another_program_holds_is_said_and_not_written(
    folder: Path, caseload: Caseload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "PATIENCE", 0.05)
    with FileLock(folder / ".attestations.lock"), pytest.raises(SavingError, match="try again"):
        put(caseload, folder, "attestations", KEY, ROW)


def test_a_place_that_cannot_be_written_is_said_in_one_line(
    tmp_path: Path, caseload: Caseload
) -> None:
    (tmp_path / "a file").write_text("")
    with pytest.raises(SavingError, match="cannot be written"):
        put(caseload, tmp_path / "a file", "attestations", KEY, ROW)


def test_the_users_own_spelling_of_the_file_is_kept(folder: Path, caseload: Caseload) -> None:
    (folder / "Attestations.CSV").write_text(HEAD)
    put(caseload, folder, "attestations", KEY, ROW)
    assert file_of(folder, "attestations").name == "Attestations.CSV"
    assert len(read(folder).attestations) == 1


@pytest.mark.parametrize("answer", ["maybe", ""])
def test_a_row_that_was_set_aside_stays_with_its_note_when_its_day_is_answered(
    answer: str,
) -> None:
    before = f"{HEAD}p1,r1,{answer},my long note,2026-03-02,Ann\n"
    assert after(before) == before + "p1,r1,yes,,2026-03-02,\n"


def test_of_two_rows_of_one_day_only_the_one_in_force_is_replaced() -> None:
    first = HEAD + "p1,r1,no,the first,2026-03-02,Ann\n"
    assert after(first + "p1,r1,no,the second,2026-03-02,Ann\n") == (
        first + "p1,r1,yes,the second,2026-03-02,Ann\n"
    )


def test_a_day_that_is_written_with_a_time_is_taken_back(folder: Path) -> None:
    (folder / "attestations.csv").write_text(f"{HEAD}p1,r1,yes,,2026-03-02T10:00,Ann\n")
    after_ = withdraw(read(folder), folder, "attestations", KEY, ROW)
    assert told(after_) == told(read(folder)) == []


def test_a_row_that_stands_elsewhere_is_not_taken_back_and_it_is_said(
    folder: Path, caseload: Caseload
) -> None:
    with pytest.raises(SavingError, match="has no such row"):
        withdraw(caseload, folder, "attestations", KEY, ROW)


@pytest.mark.parametrize(
    "line",
    [
        'p2,r1,no,"one\rtwo",2026-03-02,Ann',  # a line end of another kind, inside a cell
        'p2,r1,no,5" pipe,2026-03-02,Ann',  # a quotation mark that quotes nothing
        'p2,"r1",no,,2026-03-02,Ann',  # one that was not needed
    ],
)
def test_other_rows_stay_letter_by_letter(line: str) -> None:
    assert after(f"{HEAD}{line}\n").startswith(f"{HEAD}{line}\n")


def test_a_cell_with_a_line_end_of_another_kind_stays_one_cell_when_a_column_is_added() -> None:
    line = 'p2,r1,no,"one\rtwo",2026-03-02,Ann'
    assert f"{line},\n" in after(f"{HEAD}{line}\n", owner="Cy")


@pytest.mark.parametrize("lost", [b"\x81", b"\0"])
def test_a_file_with_letters_that_cannot_be_read_is_left_alone(lost: bytes) -> None:
    line = b"p2,r1,no,Caf\xe9 " + lost + b",2026-03-02,Ann\n"
    with pytest.raises(ReadError, match="no known encoding"):
        after(HEAD.encode() + line)


def test_a_drive_that_cannot_lock_files_is_said_with_what_to_do(
    folder: Path, caseload: Caseload, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr("casekit.assessment.kept.FileLock", refused)
    with pytest.raises(SavingError, match="Copy your roster"):
        put(caseload, folder, "attestations", KEY, ROW)


def test_a_full_drive_is_said_with_what_to_do(
    folder: Path, caseload: Caseload, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("casekit.assessment.kept.write_bytes", full)
    with pytest.raises(SavingError, match="Make room on the drive"):
        put(caseload, folder, "attestations", KEY, ROW)


CELLS = st.text("ab,;\"'=\n é", max_size=6)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=6))
def test_whatever_stands_in_a_file_stays_in_it(cells: list[tuple[str, str]]) -> None:
    # Every line is of another program, so each must be there after the answer was put in.
    import csv
    import io

    out = io.StringIO(newline="")
    lines = [["p9", "r1", "no", one, "2026-03-02", other] for one, other in cells]
    csv.writer(out, lineterminator="\n").writerows([HEAD.strip().split(","), *lines])
    found = list(csv.reader(io.StringIO(after(out.getvalue()).removeprefix("\ufeff"), newline="")))
    assert found[1:] == [*lines, ["p1", "r1", "yes", "", "2026-03-02", ""]]
