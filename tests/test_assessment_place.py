"""Where answers are saved, and that every way of reading the roster sees them there."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from casekit.assessment.answers import Answer, save_answer
from casekit.assessment.gap_plan import Step, save_step
from casekit.assessment.place import Place, opened, place_of
from casekit.cli import main
from casekit.readers import read
from casekit.shipped import sample
from tests.conftest import PROGRAMS

TABLES = {
    "programs": PROGRAMS,
    "students": "student_id,program_id,enrollment_start\ns1,p1,2026-01-05\n",
}
ANSWER = Answer("p1", "wa_open_doors.integrated_services", "yes", "2026-03-02", "Ann")


def folder(at: Path, suffix: str = ".csv") -> Path:
    at.mkdir()
    for name, text in TABLES.items():
        (at / f"{name}{suffix}").write_text(text)
    return at


def workbook(at: Path) -> Path:
    book = openpyxl.Workbook()
    for name, text in TABLES.items():
        sheet = book.create_sheet(name)
        for line in text.splitlines():
            sheet.append(line.split(","))
    path = at / "roster.xlsx"
    book.save(path)
    return path


def zipped(at: Path) -> Path:
    path = at / "roster.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in TABLES.items():
            archive.writestr(f"{name}.csv", text)
    return path


def test_a_folder_of_csv_tables_keeps_its_own_answers(tmp_path: Path) -> None:
    data = folder(tmp_path / "mine")
    assert place_of(data) == Place(data, data, beside=True)


@pytest.mark.parametrize("made", [workbook, zipped])
def test_a_workbook_and_a_zip_have_a_folder_of_answers_beside_them(made, tmp_path: Path) -> None:
    data = made(tmp_path)
    assert place_of(data) == Place(data, tmp_path / "roster-answers", beside=False)


def test_tables_of_parquet_are_not_mixed_with_a_csv_of_the_same_table(tmp_path: Path) -> None:
    data = folder(tmp_path / "mine")
    (data / "attestations.parquet").write_bytes(b"PAR1")
    assert place_of(data).folder == tmp_path / "mine-answers"


def test_the_shipped_sample_is_never_written_to() -> None:
    data, _ = sample()
    assert place_of(data) == Place(Path(data), Path("casekit-answers/sample"), beside=False)


def test_an_upload_leaves_its_answers_in_the_current_folder_apart_from_other_districts() -> None:
    # Both call their program p1: told apart by its name.
    mine, other = (place_of("", uploaded={"p1": name}).folder for name in ("Riverside", "Hillside"))
    assert mine.parent == other.parent == Path("casekit-answers") and mine != other


def test_two_rosters_of_one_name_that_may_not_be_written_to_are_kept_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casekit.assessment.place.os.access", lambda *_: False)
    mine, other = (place_of(tmp_path / at / "roster.zip").folder for at in "ab")
    assert mine.parent == other.parent == Path("casekit-answers") and mine != other


def test_a_folder_of_additions_keeps_the_answers(tmp_path: Path) -> None:
    data, more = folder(tmp_path / "mine"), tmp_path / "more"
    assert place_of(data, overlay=more) == Place(data, more, beside=False)


def test_where_it_is_is_said(tmp_path: Path) -> None:
    beside, away = folder(tmp_path / "mine"), workbook(tmp_path)
    assert place_of(beside).said.endswith(f"in the folder {beside}.")
    assert place_of(away).said.endswith(f"in the folder {tmp_path / 'roster-answers'}.")


@pytest.mark.parametrize("made", [lambda at: folder(at / "mine"), workbook, zipped])
def test_answers_and_steps_are_there_again_when_the_roster_is_opened_anew(
    made, tmp_path: Path
) -> None:
    place = place_of(made(tmp_path))
    caseload = save_answer(opened(place), place, ANSWER)
    save_step(caseload, place, Step("p1", ANSWER.requirement_id, owner="Bo"))
    again = opened(place_of(place.data))
    assert again.attestations["answer"].tolist() == ["yes"]
    assert again.gap_plan["owner"].tolist() == ["Bo"]


def test_a_gap_plan_beside_the_tables_is_no_problem_in_the_data(tmp_path: Path) -> None:
    place = place_of(folder(tmp_path / "mine"))
    caseload = save_step(opened(place), place, Step("p1", ANSWER.requirement_id))
    assert caseload.problems.equals(read(place.data).problems)


def test_an_answer_in_the_overlay_stands_above_the_workbooks_own_of_the_same_day(
    tmp_path: Path,
) -> None:
    book = openpyxl.load_workbook(workbook(tmp_path))
    sheet = book.create_sheet("attestations")
    sheet.append(["program_id", "requirement_id", "answer", "assessed_on"])
    sheet.append(["p1", ANSWER.requirement_id, "no", "2026-03-02"])
    book.save(tmp_path / "roster.xlsx")
    place = place_of(tmp_path / "roster.xlsx")
    save_answer(opened(place), place, ANSWER)
    assert opened(place).attestations["answer"].tolist() == ["no", "yes"]


def test_the_command_line_sees_the_answers_with_overlay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = place_of(workbook(tmp_path))
    save_answer(opened(place), place, ANSWER)
    asked = ["--as-of", "2026-03-02", "--standard", "wa_open_doors", "--out", str(tmp_path / "out")]
    assert main(["evaluate", str(place.data), "--overlay", str(place.folder), *asked]) == 0
    findings = (tmp_path / "out" / "findings.csv").read_text().splitlines()
    mine = next(line for line in findings if ANSWER.requirement_id in line)
    assert mine.endswith("met,yes")
