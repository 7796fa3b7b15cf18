"""The outlook of one program from a few literal rows, for plans that look at leave and meetings."""

from __future__ import annotations

from datetime import date

import numpy as np
from oracle import World
from random_worlds import frames

from casekit.calendars import day
from casekit.kinds.rows import Span
from casekit.planning.limits import Limits
from casekit.planning.outlook import Outlook
from casekit.planning.settings import Settings
from casekit.tables import TABLES

# School from 5 January to 26 June 2026, with no holidays; it is Sunday, 1 March.
AS_OF = "2026-03-01"
NO_LIMITS = Limits()
SCHOOL = "c1,school_year,2026-01-05,2026-06-26\n"
HEADS = {
    "programs": "program_id,calendar_id",
    "calendar": "calendar_id,kind,start_date,end_date",
    "staff": "staff_id,program_id,start_date,end_date,fte,case_management_share,work_days,site_id",
    "students": "student_id,program_id,enrollment_start,enrollment_end,site_id,designation,"
    "of_concern",
    "assignments": "student_id,staff_id,start_date,end_date",
    "leave": "staff_id,start_date,end_date,covered_by",
    "contacts": "student_id,occurred_at,outcome,duration_minutes",
    "events": "event_type,occurred_at,student_id,valid_until",
}


def outlook_of(
    *,
    until: str = "2026-03-29",
    as_of: str = AS_OF,
    limits: Limits = NO_LIMITS,
    settings: dict[str, object] | None = None,
    meeting_days_before: int = 0,
    **rows: str,
) -> Outlook:
    """The program p1 as it is planned; rows are CSV without their head, see HEADS.

    Made without reading files or standards, so that many can be made in a second.
    """
    given = {"programs": "p1,c1\n", "calendar": SCHOOL, **rows}
    tables = {name: _rows(name, text) for name, text in given.items()}
    heads = {name: HEADS[name].split(",") for name in given}
    caseload = frames(World(heads, tables, date(2026, 1, 5), date.fromisoformat(as_of)))
    span = Span(caseload.calendars["c1"], ("p1",), day("2026-01-05"), day(as_of), day(until))
    own = Settings(**(settings or {}))  # type: ignore[arg-type]
    assumed = np.datetime64("NaT", "D")
    return Outlook("p1", caseload, span, limits, own, assumed, meeting_days_before)


def _rows(table: str, text: str) -> list[dict[str, object]]:
    """The rows of one table, its cells as Python's own dates, numbers and so on."""
    read = {"date": date.fromisoformat, "moment": date.fromisoformat, "yes_no": "yes".__eq__}
    columns = [TABLES[table].column(name) for name in HEADS[table].split(",")]
    return [
        {
            c.name: read.get(c.type, str)(cell) if cell else None
            for c, cell in zip(columns, cells, strict=True)
        }
        for cells in (line.split(",") for line in text.splitlines())
    ]


def worker(name: str, **cells: str) -> str:
    """A staff row: full time on case management since 2025 unless other cells are given."""
    usual = {"start": "2025-01-01", "end": "", "fte": "1", "share": "1", "days": "", "site": ""}
    return f"{name},p1,{','.join({**usual, **cells}.values())}\n"


def students(*names: str, site: str = "", designation: str = "", concern: str = "no") -> str:
    """Student rows: enrolled since 2025, for good."""
    return "".join(f"{name},p1,2025-01-01,,{site},{designation},{concern}\n" for name in names)


def given_to(staff: str, *names: str) -> str:
    """Assignments of students to one case manager, since 2025."""
    return "".join(f"{name},{staff},2025-01-01,\n" for name in names)
