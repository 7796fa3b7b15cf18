"""Slow loops over events and what staff bring, findings and levels (see oracle.py)."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from oracle import (
    DAY,
    FAR,
    WEEK,
    Fact,
    Row,
    Verdict,
    World,
    all_of,
    any_of,
    case_management,
    day_of,
    days,
    monday,
    status_of,
)


def stretches(world: World, program: str, student: str) -> list[tuple[date, date, list[Row]]]:
    """A student's enrolments; rows that touch or overlap are one: (first, last, its rows)."""
    rows = sorted(
        world.rows("students", program_id=program, student_id=student),
        key=lambda row: row["enrollment_start"],
    )
    found: list[tuple[date, date, list[Row]]] = []
    for row in rows:
        first, last = row["enrollment_start"], row["enrollment_end"] or FAR
        if found and first <= found[-1][1] + DAY:
            start, end, before = found.pop()
            found.append((start, max(end, last), [*before, row]))
        else:
            found.append((first, last, [row]))
    return found


def events(world: World, program: str, student: str, kind: str) -> list[Row]:
    """The events of a student, or of the student's program alone, known at as_of."""
    return [
        row
        for row in world.rows("events", event_type=kind)
        if row["student_id"] == student
        and row["program_id"] in (None, program)
        and day_of(row["occurred_at"]) <= world.as_of
    ]


def terms(world: World) -> list[tuple[date, date]]:
    rows = world.rows("calendar", kind="term")
    return sorted((row["start_date"], row["end_date"]) for row in rows)


# Plans before leaving


def one_term_before(world: World, leaving: date) -> date | None:
    """The same week of term and weekday in the term before, or that term's last day."""
    begun = [term for term in terms(world) if term[0] <= leaving]
    if len(begun) < 2:
        return None
    (before, before_end), (start, end) = begun[-2:]
    leaving = min(leaving, end)
    week_of_term = (monday(leaving) - monday(start)) // WEEK
    return min(monday(before) + week_of_term * WEEK + leaving.weekday() * DAY, before_end)


def plan_before_exit(world: World, program: str, event: str) -> Iterator[Verdict]:
    for student in world.students(program):
        for first, last, rows in stretches(world, program, student):
            leaving = rows[-1].get("planned_exit_date") or (None if last == FAR else last)
            if leaving is None or leaving < world.since or first > world.as_of:
                continue
            deadline = one_term_before(world, leaving)
            plans = events(world, program, student, event)
            if deadline is None:
                status = "cannot_tell"
            elif any(day_of(plan["occurred_at"]) <= deadline for plan in plans):
                status = "met"
            else:
                status = "due" if world.as_of <= deadline else "not_met"
            yield Verdict("student", student, program, world.since, deadline, status)


# Yearly meetings


def year_later(day: date) -> date:
    last = calendar.monthrange(day.year + 1, day.month)[1]
    return day.replace(year=day.year + 1, day=min(day.day, last))


def annual_meeting(world: World, program: str, event: str, due: str) -> Iterator[Verdict]:
    for student in world.students(program):
        meetings = sorted(
            {day_of(e["occurred_at"]) for e in events(world, program, student, event)}
        )
        dues = due_dates(world, program, student, meetings, due)
        for number, meeting in enumerate(meetings):
            deadline = dues.get(meeting, year_later(meeting))
            if deadline < world.since:
                continue
            following = meetings[number + 1 : number + 2]
            ends = [
                last
                for first, last, _ in stretches(world, program, student)
                if first <= meeting <= last
            ]
            if following and following[0] <= deadline:
                status = "met"
            elif ends and ends[0] < deadline:
                status = "not_applicable"
            else:
                status = "due" if world.as_of <= deadline else "not_met"
            yield Verdict("student", student, program, meeting, deadline, status)


def due_dates(
    world: World, program: str, student: str, meetings: list[date], due: str
) -> dict[date, date]:
    """The recorded due date of each meeting; of several, the latest event holds."""
    found: dict[date, date] = {}
    rows = [
        row
        for row in world.rows("events", event_type=due, student_id=student)
        if row["program_id"] in (None, program)
    ]
    for row in sorted(rows, key=lambda row: day_of(row["occurred_at"])):
        own = day_of(row["occurred_at"])
        falls = row.get("valid_until") or own
        before = [meeting for meeting in meetings if meeting <= own]
        if not before:
            continue
        belongs = before[-1]
        if len(before) > 1 and falls <= year_later(before[-2]):
            belongs = before[-2]
        found[belongs] = falls
    return found


# What is given, reviewed and reported


def provided_to(
    world: World, program: str, event: str, parties: Sequence[str]
) -> Iterator[Verdict]:
    for student in world.students(program):
        touching = [
            (first, last)
            for first, last, _ in stretches(world, program, student)
            if first <= world.as_of and last >= world.since
        ]
        if not touching:
            continue
        first, last = touching[-1]
        known = [
            row
            for row in events(world, program, student, event)
            if first <= day_of(row["occurred_at"]) <= last
            and (row.get("valid_until") or FAR) >= min(last, world.as_of)
        ]
        facts = [
            any_of(None if row["party"] is None else row["party"] == party for row in known)
            for party in parties
        ]
        status = status_of(all_of(*facts))
        yield Verdict("student", student, program, world.since, world.as_of, status)


def fortnights(world: World) -> Iterator[tuple[date, date]]:
    """Two weeks each, from the Monday of each term's first week, that lie in the span whole."""
    for first, last in terms(world):
        start = monday(first)
        while start <= last:
            end = start + 2 * WEEK - DAY
            if world.since <= start and end <= world.as_of:
                yield start, end
            start += 2 * WEEK


def fortnightly_report(world: World, program: str, event: str) -> Iterator[Verdict]:
    for start, end in fortnights(world):
        opened = world.opened(start, end)
        for student in world.students(program):
            enrolled = [world.enrolled(student, day, program) for day in opened]
            if not any(enrolled):
                continue
            facts = [
                reports_for(world, program, student, row)
                for row in world.rows("events", event_type=event)
                if start <= day_of(row["occurred_at"]) <= end
            ]
            status = status_of(any_of(facts)) if all(enrolled) else "not_applicable"
            yield Verdict("student", student, program, start, end, status)


def school_of(world: World, program: str, student: str, day: date) -> str | None:
    rows = world.rows("students", program_id=program, student_id=student)
    begun = [r for r in rows if r["enrollment_start"] <= day] or rows
    return max(begun, key=lambda row: row["enrollment_start"])["school_id"]


def reports_for(world: World, program: str, student: str, row: Row) -> Fact:
    """Whether a report to a school speaks for a student: names the student, or the school."""
    if row["program_id"] not in (None, program):
        return False
    if row["student_id"] is not None:
        return row["student_id"] == student
    school = school_of(world, program, student, day_of(row["occurred_at"]))
    if row["party"] is None or school is None:
        return None
    return row["party"] == school


def documented(world: World, program: str, event: str) -> Iterator[Verdict]:
    for student in world.students(program):
        touching = [
            (first, last)
            for first, last, _ in stretches(world, program, student)
            if first <= world.as_of and last >= world.since
        ]
        if not touching:
            continue
        seen = any(
            day_of(row["occurred_at"]) >= world.since
            for row in events(world, program, student, event)
        )
        # The first whole term from where the span or the enrolment starts.
        first, last = touching[-1]
        whole = [term for term in terms(world) if term[0] >= max(first, world.since)]
        deadline = whole[0][1] if whole else None
        if seen:
            status = "met"
        elif deadline is None:
            status = "due"
        elif last < deadline:
            status = "not_applicable"
        else:
            status = "due" if world.as_of <= deadline else "not_met"
        yield Verdict("student", student, program, world.since, deadline, status)


# What staff bring

DEGREES = ("none", "certificate", "diploma", "associate", "bachelor", "master", "doctorate")


def last_day(world: World, program: str, staff: str) -> tuple[date, Row] | None:
    """The last day of the span on which a person was employed, and the row that held then."""
    for day in reversed(days(world.since, world.as_of)):
        for row in world.employed(program, day):
            if row["staff_id"] == staff:
                return day, row
    return None


def whole_years(first: date, last: date) -> int:
    years = 0
    while first <= last:
        first, years = year_later(first), years + 1
    return years - 1


def qualification(
    world: World,
    program: str,
    degree: str = "",
    degree_fields: Sequence[str] = (),
    years: int = 0,
    experience: Sequence[str] = (),
    certificates: Sequence[str] = (),
) -> Iterator[Verdict]:
    def holds(cell: str | None, wanted: Sequence[str]) -> Fact:
        return None if cell is None else any(part in wanted for part in cell.split(";"))

    for staff in sorted({row["staff_id"] for row in world.rows("staff", program_id=program)}):
        found = last_day(world, program, staff)
        if found is None:
            continue
        day, row = found
        ways: list[Fact] = []
        if degree:
            level = row["degree_level"]
            high = None if level is None else DEGREES.index(level) >= DEGREES.index(degree)
            ways.append(all_of(high, holds(row["degree_field"], degree_fields)))
        if years:
            counted = row["experience_on"] or row["start_date"]
            told = row["experience_years"]
            enough = None if told is None else told + whole_years(counted, day) >= years
            ways.append(all_of(enough, holds(row["experience_kind"], experience)))
        if certificates:
            ways.append(holds(row["certificates"], certificates))
        status = status_of(any_of(ways))
        yield Verdict("staff", staff, program, world.since, world.as_of, status)


def based_on_site(world: World, program: str) -> Iterator[Verdict]:
    sites = world.rows("programs", program_id=program)[0]["instructional_sites"].split(";")
    for staff in sorted({row["staff_id"] for row in world.rows("staff", program_id=program)}):
        found = last_day(world, program, staff)
        if found is None:
            continue
        rows = [r for r in world.employed(program, found[0]) if r["staff_id"] == staff]
        times = [case_management(row) for row in rows]
        places = [row["site_id"] for row in rows]
        if None in times or None in places:
            continue
        here = sum(t for t, place in zip(times, places, strict=True) if place in sites)
        whole = sum(times, Fraction(0))
        if whole:
            status = "met" if here > whole / 2 else "not_met"
            yield Verdict("staff", staff, program, world.since, world.as_of, status)


# Findings and levels


def finding(statuses: Sequence[str], target: Fraction) -> str:
    """The status of a finding, from the statuses of its rows."""
    count = {name: statuses.count(name) for name in ("met", "not_met", "cannot_tell", "due")}
    judged = count["met"] + count["not_met"]
    if target == 1:
        for status in ("not_met", "cannot_tell", "met", "due"):
            if count[status]:
                return status
        return "not_applicable"
    if judged + count["cannot_tell"] == 0:
        return "due" if count["due"] else "not_applicable"
    whole = judged + count["cannot_tell"]
    if Fraction(count["met"], whole) >= target:
        return "met"
    if Fraction(count["met"] + count["cannot_tell"], whole) < target:
        return "not_met"
    return "cannot_tell"


LEVELS = ("functioning", "strategic", "embedded")


def level(
    requirements: Mapping[str, tuple[str, str, str]],
    status: Mapping[str, str],
    area: str,
    element: str,
    gate: str,
) -> str:
    """The highest level that an element attains; requirements: id -> (area, element, level)."""

    def passes(*wanted: tuple[str, str | None, str]) -> bool:
        return all(
            status[name] in ("met", "not_applicable")
            for name, (a, e, at) in requirements.items()
            for area_, element_, level_ in wanted
            if a == area_ and element_ in (None, e) and at == level_
        )

    def has(at: str) -> bool:
        return (area, element, at) in requirements.values()

    functioning = passes((area, element, "functioning"))
    base = (area, None, "functioning")
    strategic = functioning
    if has("strategic"):
        strategic = passes(base, (area, element, "strategic"))
    embedded = strategic
    if has("embedded"):
        embedded = passes(base, (area, element, "embedded"))
        if gate == "cumulative":
            embedded = embedded and strategic
    reached = [
        name for name, ok in zip(LEVELS, (functioning, strategic, embedded), strict=True) if ok
    ]
    return reached[-1] if reached else ""
