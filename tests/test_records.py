"""An evaluation written down."""

from __future__ import annotations

import json

import pandas as pd
import pyarrow.parquet as pq
import pytest

from casekit.evaluate import KEYS
from casekit.findings import FINDING_COLUMNS, LEVEL_COLUMNS, evaluate_programs
from casekit.kinds.rows import VERDICT_COLUMNS
from casekit.records import write_evaluation, write_problems

FILES = ["findings.csv", "levels.csv", "problems.csv", "run.json", "verdicts.parquet"]
STUDENTS = "student_id,program_id,enrollment_start\ns1,p1,2025-09-01\n=1+1,p9,2025-09-01\n"
CALENDAR = "calendar_id,kind,start_date,end_date\nc1,school_year,2025-09-01,2026-06-30\n"


@pytest.fixture
def caseload(make_caseload):
    # The second student points at no program: a problem, whose cells a spreadsheet would run.
    return make_caseload(students=STUDENTS, calendar=CALENDAR)


@pytest.fixture
def written(caseload, tmp_path):
    write_evaluation(evaluate_programs(caseload, as_of="2025-12-01"), tmp_path, data="mine")
    return tmp_path


def test_the_files_of_the_contract_are_there_and_no_other(written):
    assert sorted(path.name for path in written.iterdir()) == FILES


def test_the_columns_are_those_of_the_contract(written):
    verdicts = pq.read_schema(written / "verdicts.parquet").names
    tables = [pd.read_csv(written / name) for name in ("findings.csv", "levels.csv")]
    assert verdicts == [*KEYS, *VERDICT_COLUMNS]
    assert [list(table) for table in tables] == [list(FINDING_COLUMNS), list(LEVEL_COLUMNS)]


def test_both_gates_stand_in_the_levels(written):
    assert set(pd.read_csv(written / "levels.csv")["gate"]) == {"literal", "cumulative"}


def test_the_same_data_and_day_give_the_same_bytes(caseload, written, tmp_path_factory):
    again = tmp_path_factory.mktemp("again")
    write_evaluation(evaluate_programs(caseload, as_of="2025-12-01"), again, data="mine")
    assert all((written / n).read_bytes() == (again / n).read_bytes() for n in FILES)


def test_the_run_says_what_was_evaluated_and_how_many_rows_were_set_aside(written):
    run = json.loads((written / "run.json").read_text())
    assert (run["as_of"], run["programs"]["p1"]["since"], run["set_aside"]) == (
        "2025-12-01",
        "2025-09-01",
        1,
    )


def test_a_quoted_cell_cannot_run_in_a_spreadsheet(make_caseload, tmp_path):
    students = "student_id,program_id,enrollment_start\ns1,p1,2025-09-01\ns2,=1+1,2025-09-01\n"
    write_problems(make_caseload(students=students), tmp_path / "problems.csv")
    assert pd.read_csv(tmp_path / "problems.csv")["value"].tolist() == ["'=1+1"]
