"""Small tables as text, for the tests of reading."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from casekit.caseload import Caseload
from casekit.readers import assemble
from casekit.readers.delimited import read_delimited

PROGRAMS = "program_id,calendar_id\np1,c1\n"
STUDENTS = "student_id,program_id,enrollment_start\ns1,p1,2025-09-01\ns2,p1,2025-09-01\n"
STAFF = "staff_id,program_id,start_date\nw1,p1,2025-09-01\nw2,p1,2025-09-01\n"


MANAGED = (
    "student_id,program_id,enrollment_start,enrollment_end,case_manager_id\n"
    "s1,p1,2025-09-01,2026-01-30,w1\ns2,p1,2025-09-01,,\n"
)


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
