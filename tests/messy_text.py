"""Tables with every mess, for the tests of reading."""

from __future__ import annotations

from pathlib import Path

from casekit.caseload import Caseload

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
