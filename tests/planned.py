"""A program as it is planned, from a few literal rows, and random ones."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st
from oracle import World
from random_worlds import frames, known, worlds

from casekit.calendars import day
from casekit.catalog import load
from casekit.evaluate import Plan, spans_of
from casekit.kinds.rows import Span
from casekit.planning.limits import Limits
from casekit.planning.outlook import Outlook, outlooks
from casekit.planning.settings import Settings

# Two weeks of school, Monday 2 to Friday 13 March: ten open days.
CALENDAR = "calendar_id,kind,start_date,end_date\nc1,school_year,2026-03-02,2026-03-13\n"
PROGRAMS = "program_id,calendar_id\n"
STAFF = "staff_id,program_id,fte,case_management_share,start_date,end_date\n"
STUDENTS = "student_id,program_id,enrollment_start,enrollment_end\n"
ASSIGNMENTS = "student_id,staff_id,start_date,end_date\n"


def planned(
    staff: str = "",
    students: str = "",
    assignments: str | None = None,
    *,
    programs: str = "p1",
    standard: str | None = None,
    calendar: str = CALENDAR,
    until: str = "2026-03-13",
    **settings: object,
) -> dict[str, Outlook]:
    """The programs as they are planned on Tuesday 3 March, up to 13 March.

    Rows are those of STAFF, STUDENTS and ASSIGNMENTS. Without a standard there is no limit on
    staffing but that of the settings (per_staff, at_most), which may be a small one.
    """
    names = programs.split()
    texts = {
        "programs": PROGRAMS + "".join(f"{name},c1\n" for name in names),
        "calendar": calendar,
        "staff": STAFF + staff,
        "students": STUDENTS + students,
    }
    if assignments is not None:
        texts["assignments"] = ASSIGNMENTS + assignments
    caseload = frames(world_of(texts))
    standards = {standard: load(standard)} if standard else {}
    spans, _ = spans_of(caseload, names, "2026-03-03", "2026-03-02", until)
    plan = Plan(standards, dict.fromkeys(names, tuple(standards)), spans)
    return outlooks(caseload, plan, Settings(**settings))


def world_of(texts: dict[str, str]) -> World:
    """Tables of CSV text as plain rows: much quicker than reading them as a user's files."""
    tables = {
        name: [
            {column: _cell(column, cell) for column, cell in row.items()}
            for row in csv.DictReader(text.splitlines())
        ]
        for name, text in texts.items()
    }
    columns = {name: text.splitlines()[0].split(",") for name, text in texts.items()}
    return World(columns, tables, date(2026, 3, 2), date(2026, 3, 3))


def _cell(column: str, cell: str) -> object:
    dated = column.endswith(("_date", "_start", "_end"))
    return None if not cell else date.fromisoformat(cell) if dated else cell


def of_p1(*rows: str, **given: object) -> Outlook:
    """The outlook of the program p1."""
    return planned(*rows, **given)["p1"]


def students(number: int, start: str = "2026-01-05", end: str = "", program: str = "p1") -> str:
    """So many students of a program, whose enrolments start and end on the same days."""
    return "".join(f"s{start}-{end}-{n},{program},{start},{end}\n" for n in range(number))


def text(day: object) -> str:
    """A day as 2026-03-05."""
    return str(np.datetime64(day, "D"))


@st.composite
def random_outlooks(
    draw: st.DrawFn, *, ratio: bool = False, heads: bool = False
) -> tuple[World, dict[str, Outlook]]:
    """A small random caseload with a horizon, random limits of a sort; its programs as planned."""
    world = known(draw(worlds(staff=(0, 5), **({"assignments": (0, 6)} if heads else {}))))
    caseload = frames(world)
    until = day(world.as_of + timedelta(days=draw(st.integers(0, 30))))
    limits = Limits(
        Fraction(draw(st.sampled_from([1, 2, 5]))) if ratio else None,
        draw(st.sampled_from([1, 2])) if heads else None,
    )
    calendar, never = caseload.calendars["c1"], np.datetime64("NaT", "D")
    spans = {
        program: Span(calendar, (program,), day(world.since), day(world.as_of), until)
        for program in world.programs
    }
    return world, {
        program: Outlook(program, caseload, span, limits, Settings(), never)
        for program, span in spans.items()
    }


def open_days(world: World, outlook: Outlook) -> list[date]:
    """The open days from since to the horizon, by the calendar's own rows."""
    until = outlook.span.until.astype(date)
    return [d for d in world.open_days if world.since <= d <= until]
