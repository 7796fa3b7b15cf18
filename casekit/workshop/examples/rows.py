"""The literal rows that examples share: one program, one student, one plain calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from casekit.calendars import Calendar
from casekit.workshop.controls import Rows

PROGRAM, STUDENT, SCHOOL = "P-1", "S-1", "H-1"
MANAGER, COLLEAGUE = "M-1", "M-2"

# A plain school year of four terms without closures; each term is a grading period as well.
_STRETCHES = (
    ("school_year", "2024-25", "2024-08-26", "2025-06-13"),
    ("school_year", "2025-26", "2025-08-25", "2026-06-12"),
    ("school_year", "2026-27", "2026-08-24", "2027-06-11"),
)
_TERMS = (
    ("2024-08-26", "2025-06-13"),
    ("2025-08-25", "2025-10-24"),
    ("2025-10-27", "2025-12-18"),
    ("2026-01-05", "2026-04-02"),
    ("2026-04-13", "2026-06-12"),
    ("2026-08-24", "2026-12-18"),
)
TERM_3, TERM_3_END = _TERMS[3]
_COLUMNS = ("kind", "name", "start_date", "end_date")
CALENDAR_ROWS = [
    {"calendar_id": "C-1", **dict(zip(_COLUMNS, row, strict=True))}
    for row in (
        *_STRETCHES,
        *(("term", f"term from {first}", first, last) for first, last in _TERMS),
        *(("grading_period", f"period from {first}", first, last) for first, last in _TERMS),
    )
]
CALENDAR = Calendar.of(
    "C-1",
    pd.DataFrame(CALENDAR_ROWS).astype(
        {"start_date": "datetime64[s]", "end_date": "datetime64[s]"}
    ),
)


def on(day: str, later: int = 0) -> str:
    """An ISO day so many days later."""
    return str(np.datetime64(day, "D") + later)


def school_day(day: str, later: int) -> str:
    """The so-manyth school day after a day; so many calendar days before it where below nothing."""
    if later <= 0:
        return on(day, later)
    return str(CALENDAR.school_days_after(np.datetime64(day, "D"), later))


def roster(*students: Mapping[str, object], **tables: Sequence[Mapping[str, object]]) -> Rows:
    """A whole roster: the program, its calendar, one student unless others are given, and more."""
    program = {"program_id": PROGRAM, "calendar_id": "C-1", "instructional_sites": "school"}
    return {
        "programs": [program],
        "calendar": CALENDAR_ROWS,
        "students": students or [student()],
        **tables,
    }


def student(number: int = 1, start: str = "2024-08-26", **cells: object) -> dict[str, object]:
    """A student who is enrolled from a day on."""
    key = {"student_id": f"S-{number}", "program_id": PROGRAM, "enrollment_start": start}
    return {**key, **cells}


def manager(staff_id: str = MANAGER, /, **cells: object) -> dict[str, object]:
    """A full-time case manager, unless the cells say otherwise."""
    key = {"staff_id": staff_id, "program_id": PROGRAM, "start_date": "2024-08-26"}
    return {**key, "fte": 1, "case_management_share": 1, **cells}


def happened(event_type: str, day: str, **cells: object) -> dict[str, object]:
    """A step about the student."""
    return {"event_type": event_type, "occurred_at": day, "student_id": STUDENT, **cells}


def contact(day: str, **cells: object) -> dict[str, object]:
    """A completed contact with the student, both speaking."""
    key = {"student_id": STUDENT, "occurred_at": day, "outcome": "completed"}
    return {**key, "direction": "two_way", **cells}
