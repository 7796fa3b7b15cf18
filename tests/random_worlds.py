"""Small random caseloads, dense in dates so that limits are hit often, with many empty cells."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from oracle import DAY, Row, World

from casekit.caseload import PROBLEM_COLUMNS, Caseload
from casekit.tables import TABLES, Column

FIRST = date(2026, 2, 23)  # A Monday; the weeks around it cross the ends of two months.
STUDENTS = ("s1", "s2", "s3", "s4")
STAFF = ("a", "b", "c")
KEYS = {"students": 3, "staff": 3, "leave": 2, "assignments": 3}

COLUMNS = {
    "programs": "program_id calendar_id instructional_sites",
    "calendar": "calendar_id kind start_date end_date",
    "students": "student_id program_id enrollment_start enrollment_end planned_exit_date school_id"
    " birth_date grade_level site_id designation support_hours of_concern parents",
    "staff": "staff_id program_id start_date end_date fte case_management_share work_days site_id"
    " degree_level degree_field experience_years experience_kind experience_on certificates",
    "leave": "staff_id start_date end_date covered_by",
    "assignments": "student_id staff_id start_date end_date",
    "contacts": "student_id occurred_at mode direction outcome setting duration_minutes"
    " participants topics has_notes on_face_sheet",
    "referrals": "referral_id student_id program_id received_at closed_on closure_reason",
    "events": "event_type occurred_at student_id program_id party valid_until"
    " referral_id staff_id item_id detail",
    "goals": "student_id goal_id start_date end_date",
    "progress": "student_id goal_id measured_on",
}


def day(low: int = -14, high: int = 42) -> st.SearchStrategy[date]:
    """A day some days from FIRST."""
    return st.integers(low, high).map(lambda n: FIRST + n * DAY)


def maybe(*values: object) -> st.SearchStrategy:
    """One of the values, or an empty cell."""
    return st.sampled_from([None, *values])


def rarely_empty(*values: object) -> st.SearchStrategy:
    return st.sampled_from([*values, *values, None])


def stretch(low: int = -14, high: int = 42, longest: int = 30) -> st.SearchStrategy:
    return st.tuples(day(low, high), st.integers(0, longest)).map(
        lambda pair: (pair[0], pair[0] + pair[1] * DAY)
    )


@st.composite
def lasting(draw: st.DrawFn) -> tuple[date, date | None]:
    """A first day, most often before the weeks that are judged, and a last day or none."""
    first = draw(st.one_of(day(-21, -7), day(-14, 42)))
    length = draw(st.sampled_from([None, None, *range(0, 60, 3)]))
    return first, None if length is None else first + length * DAY


@st.composite
def moments(draw: st.DrawFn, low: int = -7, high: int = 35) -> date:
    """A day, or a half hour of it with or without an offset."""
    when = draw(day(low, high))
    if draw(st.booleans()):
        return when
    minutes = draw(st.sampled_from([0, 30, 90, 540, 720, 1380, 1410]))
    zone = draw(st.sampled_from([None, 630, 570, -480, 0]))
    tz = None if zone is None else timezone(timedelta(minutes=zone))
    return datetime.combine(when, time(minutes // 60, minutes % 60), tz)


@st.composite
def calendars(draw: st.DrawFn) -> list[Row]:
    """A school year, or terms in it, with closures and single open days."""
    rows = list(SCHOOL_YEARS[: draw(st.integers(1, 2))])
    if draw(st.sampled_from([True, True, False])):
        rows.append(("term", FIRST - 56 * DAY, FIRST - draw(st.integers(27, 35)) * DAY))
        split = draw(st.integers(5, 25))
        gap = draw(st.integers(10, 14))  # no fortnight of one term reaches into the next
        rows.append(("term", FIRST - draw(st.integers(0, 10)) * DAY, FIRST + split * DAY))
        rows.append(("term", FIRST + (split + gap) * DAY, FIRST + draw(st.integers(38, 49)) * DAY))
    for first, last in draw(st.lists(stretch(-7, 35, 6), max_size=3)):
        rows.append(("closure", first, last))
    for when in draw(st.lists(day(), max_size=2)):
        rows.append(("open_day", when, when))
    names = ("kind", "start_date", "end_date")
    return [{"calendar_id": "c1", **dict(zip(names, row, strict=True))} for row in rows]


PROGRAMS = st.sampled_from(["p1", "p1", "p1", "p2"])
CELLS: dict[str, dict[str, st.SearchStrategy]] = {
    "students": {
        "student_id": st.sampled_from(STUDENTS),
        "program_id": PROGRAMS,
        "planned_exit_date": st.one_of(st.none(), st.none(), day(0, 45)),
        "school_id": rarely_empty("k1", "k1", "k2"),
    },
    "staff": {
        "staff_id": st.sampled_from(STAFF),
        "program_id": PROGRAMS,
        "fte": rarely_empty("1", "0.4", "0.8", "0.1", "0.5"),
        "case_management_share": rarely_empty("0", "0.25", "0.5", "1", "1"),
        "work_days": maybe(None, "mon;tue;wed", "thu;fri"),
        "site_id": rarely_empty("n", "n", "x", "x"),
        "degree_level": maybe("none", "diploma", "bachelor", "master"),
        "degree_field": maybe("education", "other"),
        "experience_years": maybe(0, 1, 2),
        "experience_kind": maybe("case_management", "other", "other;direct_service"),
        "experience_on": maybe(
            date(2024, 2, 29), date(2025, 3, 6), date(2025, 3, 10), date(2024, 3, 20)
        ),
        "certificates": maybe("none", "cert_iv_youth_work"),
    },
    "leave": {"staff_id": st.sampled_from(STAFF), "covered_by": maybe(*STAFF)},
    "assignments": {"student_id": st.sampled_from(STUDENTS), "staff_id": st.sampled_from(STAFF)},
    "contacts": {
        "student_id": st.sampled_from(STUDENTS),
        "occurred_at": moments(-7, 35) | moments(5, 12),
        "mode": rarely_empty("in_person", "in_person", "home_visit", "phone", "group"),
        "direction": rarely_empty("two_way", "two_way", "one_way"),
        "outcome": rarely_empty("completed", "completed", "attempted"),
        "setting": maybe("site", "online", "home"),
        "duration_minutes": rarely_empty(0, 30, 60, 60, 90, 120),
        "participants": maybe(None, "student", "parent", "student;parent"),
        "topics": maybe("employment", "assessment;other"),
        "has_notes": maybe(True, False),
        "on_face_sheet": rarely_empty(True, True, False),
    },
    "referrals": {
        "student_id": st.sampled_from(STUDENTS),
        "program_id": PROGRAMS,
        "received_at": moments(-7, 30) | moments(4, 9),
    },
}


SCHOOL_YEARS = (
    ("school_year", FIRST - 60 * DAY, FIRST + 49 * DAY),
    ("school_year", FIRST + 60 * DAY, FIRST + 300 * DAY),
)


@st.composite
def events(draw: st.DrawFn, kinds: dict[str, int]) -> list[Row]:
    """So many events of each type, with the party that the type speaks of."""
    parties = {"timetable_provided": ("student", "family", "school")}
    found = []
    for kind, most in kinds.items():
        for _ in range(draw(st.sampled_from([most, most - 1, 0]))):
            when = day()
            if kind in ("iep_meeting", "iep_due"):
                # Meetings a year apart, on leap days too, as well as in the span.
                when = st.one_of(day(), day(-372, -350), st.sampled_from(LEAP_DAYS))
            found.append(
                {
                    "event_type": kind,
                    "occurred_at": draw(when),
                    "student_id": draw(maybe(None, *STUDENTS) if "report" in kind else WHO),
                    "program_id": draw(maybe(None, "p1")),
                    "party": draw(rarely_empty(*parties.get(kind, ("k1", "k1", "k2")))),
                    "valid_until": draw(st.one_of(st.none(), st.none(), st.none(), day())),
                }
            )
    return found


WHO = st.sampled_from(STUDENTS)
LEAP_DAYS = (date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1))


@st.composite
def tables(draw: st.DrawFn, table: str, least: int, most: int) -> list[Row]:
    """The rows of one table, so many or fewer: no two have the same key."""
    rows = draw(st.lists(st.fixed_dictionaries(CELLS[table]), min_size=least, max_size=most))
    for number, row in enumerate(rows):
        if table == "students":
            row["enrollment_start"], row["enrollment_end"] = draw(lasting())
        elif table in ("staff", "assignments"):
            row["start_date"], row["end_date"] = draw(lasting())
        elif table == "leave":
            row["start_date"], row["end_date"] = draw(stretch(-7, 35, 8))
        elif table == "referrals":
            row["referral_id"] = f"r{number}"
    keys = COLUMNS[table].split()[: KEYS.get(table, 0)]
    alike = {tuple(row[k] for k in keys) if keys else n: row for n, row in enumerate(rows)}
    return list(alike.values())


@st.composite
def worlds(draw: st.DrawFn, kinds: dict[str, int] | None = None, **sizes: tuple[int, int]) -> World:
    """A caseload of programs, students, these tables (so many rows, from and to) and events."""
    made = {
        "programs": [
            {"program_id": p, "calendar_id": "c1", "instructional_sites": "n;m"}
            for p in ("p1", "p2")
        ],
        "calendar": draw(calendars()),
        "students": draw(tables("students", 3, 6)),
    }
    made |= {name: draw(tables(name, *size)) for name, size in sizes.items()}
    if kinds is not None:
        made["events"] = draw(events(kinds))
    since = draw(day(-10, 14))
    as_of = since + draw(st.sampled_from([*range(14, 40), *range(0, 14, 3)])) * DAY
    return World({name: COLUMNS[name].split() for name in made}, made, since, as_of)


def known(world: World) -> World:
    """Rows whose keys point somewhere, and what the contract asks of them, only."""
    there = {row["student_id"] for row in world.rows("students")}
    people = {row["staff_id"] for row in world.rows("staff")}
    kept = {
        name: [
            row
            for row in rows
            if (row.get("student_id") is None or row["student_id"] in there)
            and (row.get("staff_id") is None or row["staff_id"] in people)
            and (row.get("covered_by") is None or row["covered_by"] in people)
        ]
        for name, rows in world.tables.items()
    }
    return World(world.columns, kept, world.since, world.as_of)


def without(world: World, table: str, *columns: str) -> World:
    """The same world, where one table lacks some columns."""
    rows = [row | dict.fromkeys(columns) for row in world.rows(table)]
    left = [name for name in world.columns[table] if name not in columns]
    return World(
        {**world.columns, table: left}, {**world.tables, table: rows}, world.since, world.as_of
    )


def texts(world: World) -> dict[str, str]:
    """The tables as CSV text, as a program would hand them in."""

    def cell(value: object) -> str:
        return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)

    return {
        name: "\n".join(
            ",".join(cells)
            for cells in [
                world.columns[name],
                *([cell(row.get(c)) for c in world.columns[name]] for row in rows),
            ]
        )
        + "\n"
        for name, rows in world.tables.items()
    }


def frames(world: World) -> Caseload:
    """The caseload that reading `texts(world)` gives, made without reading: many a second."""
    names = {"covered_by": "staff_id", "case_manager_id": "staff_id"}
    ids: dict[str, set[str]] = {}
    for table in TABLES.values():
        for column in table.columns:
            cells = {row.get(column.name) for row in world.rows(table.name)} - {None}
            ids.setdefault(names.get(column.name, column.name), set()).update(map(str, cells))

    def typed(column: Column, cells: list) -> dict[str, object]:
        if column.type == "date":
            return {column.name: np.array(cells, "datetime64[s]")}
        if column.type == "moment":
            clocks = [c if isinstance(c, datetime) else None for c in cells]
            offsets = [
                c.utcoffset().total_seconds() / 60 if c and c.tzinfo else None for c in clocks
            ]
            walls = [c.replace(tzinfo=None) if isinstance(c, datetime) else c for c in cells]
            return {
                column.name: np.array(walls, "datetime64[s]"),
                f"{column.name}.timed": np.array([c is not None for c in clocks], bool),
                f"{column.name}.offset": np.array(offsets, float),
            }
        if column.type == "number":
            return {column.name: np.array(cells, float)}
        if column.type == "yes_no":
            return {column.name: pd.array(cells, "boolean")}
        if column.type == "text":
            return {column.name: pd.array(cells, "str")}
        known = (
            column.allowed
            if column.type == "choice"
            else sorted(ids[names.get(column.name, column.name)])
        )
        return {column.name: pd.Categorical(cells, categories=list(known))}

    made = {}
    for table in TABLES.values():
        rows = world.rows(table.name)
        columns: dict[str, object] = {}
        for column in table.columns:
            columns |= typed(column, [row.get(column.name) for row in rows])
        made[table.name] = pd.DataFrame(columns).assign(row=range(2, len(rows) + 2))
    given = {name: frozenset(columns) for name, columns in world.columns.items()}
    return Caseload(made, given, pd.DataFrame(columns=PROBLEM_COLUMNS))
