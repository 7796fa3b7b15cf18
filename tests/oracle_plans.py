"""Slow loops over events, and over what staff bring (see oracle.py)."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
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
    manages_cases,
    monday,
    status_of,
)


def stretches(world: World, program: str, student: str) -> list[tuple[date, date, list[Row]]]:
    """A student's enrolments begun by as_of; rows that touch or overlap are one.

    Each as (first day, last day, its rows).
    """
    rows = sorted(
        world.rows("students", program_id=program, student_id=student),
        key=lambda row: row["enrollment_start"],
    )
    rows = [row for row in rows if row["enrollment_start"] <= world.as_of]
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
        for _, _, rows in stretches(world, program, student):
            # The row that the enrolment ends with says when the student leaves.
            final = max(rows, key=lambda r: (r["enrollment_end"] or FAR, r["enrollment_start"]))
            leaving = final["planned_exit_date"] or final["enrollment_end"]
            if leaving is None or leaving < world.since:
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
            known = min(deadline, world.as_of)
            if following and following[0] <= deadline:
                status = "met"
            elif not world.enrolled(student, known, program):
                status = "not_applicable"
            else:
                status = "due" if world.as_of <= deadline else "not_met"
            yield Verdict("student", student, program, meeting, deadline, status)


def due_dates(
    world: World, program: str, student: str, meetings: list[date], due: str
) -> dict[date, date]:
    """The recorded due date of each meeting; of several, the one recorded last holds."""
    found: dict[date, date] = {}
    rows = [
        row
        for row in world.rows("events", event_type=due, student_id=student)
        if row["program_id"] in (None, program)
        # A plan moves a due date to its own day only.
        and (day_of(row["occurred_at"]) <= world.as_of or row.get("valid_until") is None)
    ]
    for row in sorted(rows, key=lambda row: day_of(row["occurred_at"])):
        own = day_of(row["occurred_at"])
        falls = row.get("valid_until") or own
        before = [meeting for meeting in meetings if meeting <= own]
        if not before:
            continue
        found[before[-1]] = falls
    return found


# What is reviewed and reported


def fortnights(world: World, frames: Sequence | None = None) -> Iterator[tuple[date, date]]:
    """Two weeks each, from the Monday of each term's first week, that lie in the span whole."""
    years = [(r["start_date"], r["end_date"]) for r in world.rows("calendar", kind="school_year")]
    for first, last in frames or terms(world) or years:
        start = monday(first)
        while start <= last:
            end = start + 2 * WEEK - DAY
            if world.since <= start and end <= world.as_of:
                yield start, end
            start += 2 * WEEK


def untold(world: World, program: str) -> Iterator[Verdict]:
    """One row for a program with students, where a whole column or kind of event is not there."""
    if any(world.heads(program, day) for day in days(world.since, world.as_of)):
        yield Verdict("program", program, program, world.since, world.as_of, "cannot_tell")


def fortnightly_report(world: World, program: str, event: str) -> Iterator[Verdict]:
    if world.blank("students", "school_id"):
        yield from untold(world, program)
        return
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


def school_of(world: World, program: str, student: str) -> str | None:
    """The school that the student's latest row names."""
    rows = world.rows("students", program_id=program, student_id=student)
    named = [row for row in rows if row["school_id"] is not None]
    return max(named, key=lambda r: r["enrollment_start"])["school_id"] if named else None


def reports_for(world: World, program: str, student: str, row: Row) -> Fact:
    """Whether a report was for a student: to their school, about them or about nobody by name."""
    if row["program_id"] not in (None, program) or row["student_id"] not in (None, student):
        return False
    school = school_of(world, program, student)
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
        first, last = touching[-1]
        start = max(first, world.since)
        seen = any(
            day_of(row["occurred_at"]) >= start for row in events(world, program, student, event)
        )
        # A term is whole for who is there from its first open day.
        years = [
            (r["start_date"], r["end_date"]) for r in world.rows("calendar", kind="school_year")
        ]
        whole = terms(world) or sorted(years)
        opens = [(min(world.opened(*term), default=term[0]), term[1]) for term in whole]
        deadline = next((end for opening, end in opens if opening >= start), None)
        if seen:
            status = "met"
        elif last < min(deadline or FAR, world.as_of):
            status = "not_applicable"
        else:
            status = "due" if world.as_of <= (deadline or FAR) else "not_met"
        yield Verdict("student", student, program, world.since, deadline, status)


def forwarded_by_due(world: World, program: str, due: str, forwarded: str) -> Iterator[Verdict]:
    """One row per due date of the student's school; a report counts for the next date only."""
    asked = any(
        reports_for(world, p, student, row)
        for p in world.programs
        for student in world.students(p)
        for row in world.rows("events", event_type=due)
        if any(last >= world.since for _, last, _ in stretches(world, p, student))
    )
    if world.blank("students", "school_id") or not asked:
        yield from untold(world, program)
        return
    for student in world.students(program):
        touching = [s for s in stretches(world, program, student) if s[1] >= world.since]
        if not touching:
            continue
        first, last, _ = touching[-1]

        def told(kind: str, who: str = student) -> list[tuple[date, Fact]]:
            rows = world.rows("events", event_type=kind)
            facts = [(day_of(r["occurred_at"]), reports_for(world, program, who, r)) for r in rows]
            return [(when, fact) for when, fact in facts if fact is not False]

        dates = sorted({when for when, fact in told(due) if fact})
        for before, when in zip([date.min, *dates], dates, strict=False):
            if not max(first, world.since) <= when <= last:
                continue
            sent = [f for day, f in told(forwarded) if before < day <= min(when, world.as_of)]
            status = status_of(any_of(sent))
            if status == "not_met" and world.as_of <= when:
                status = "due"
            yield Verdict("student", student, program, world.since, when, status)


# What staff bring

DEGREES = ("none", "certificate", "diploma", "associate", "bachelor", "master", "doctorate")


def case_managers(world: World, program: str) -> Iterator[tuple[str, list[Row], Fact]]:
    """Case-management staff of the span with their rows, and whether they surely are."""
    for staff in sorted({row["staff_id"] for row in world.rows("staff", program_id=program)}):
        rows = [
            row
            for row in world.rows("staff", program_id=program, staff_id=staff)
            if row["start_date"] <= world.as_of and (row["end_date"] or FAR) >= world.since
        ]
        facts = [manages_cases(world, row) for row in rows]
        rows = [row for row, fact in zip(rows, facts, strict=True) if fact is not False]
        if rows:
            yield staff, rows, any_of(facts)


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

    def shown(row: Row) -> Fact:
        day = min(world.as_of, row["end_date"] or FAR)
        ways: list[Fact] = []
        if degree:
            level = row["degree_level"]
            high = None if level is None else DEGREES.index(level) >= DEGREES.index(degree)
            ways.append(all_of(high, holds(row["degree_field"], degree_fields)))
        if years:
            # Years grow while the person is employed, so not before start_date.
            counted = max(row["experience_on"] or row["start_date"], row["start_date"])
            told = row["experience_years"]
            enough = None if told is None else told + whole_years(counted, day) >= years
            ways.append(all_of(enough, holds(row["experience_kind"], experience)))
        if certificates:
            ways.append(holds(row["certificates"], certificates))
        return any_of(ways)

    for staff, rows, surely in case_managers(world, program):
        fact = any_of(shown(row) for row in rows)
        status = status_of(fact if surely or fact else None)
        yield Verdict("staff", staff, program, world.since, world.as_of, status)


def based_on_site(world: World, program: str) -> Iterator[Verdict]:
    """More than half of the time, day by day, at a site where the program teaches."""
    if world.rows("staff") and world.blank("staff", "site_id"):
        yield from untold(world, program)
        return
    sites = world.rows("programs", program_id=program)[0]["instructional_sites"].split(";")
    for staff, rows, surely in case_managers(world, program):
        here = whole = Fraction(0)
        facts = {None if r["site_id"] is None else r["site_id"] in sites for r in rows}
        for day in days(world.since, world.as_of):
            for row in rows:
                if row["start_date"] <= day <= (row["end_date"] or FAR):
                    time = case_management(row)
                    whole += time or 0
                    here += (time or 0) if row["site_id"] in sites else 0
        times = [case_management(row) for row in rows]
        if len(facts) == 1:
            fact = facts.pop()  # all at one kind of place, whatever the time
        elif None in facts or None in times or not whole:
            fact = None
        else:
            fact = here > whole / 2
        status = status_of(fact if surely else None)
        yield Verdict("staff", staff, program, world.since, world.as_of, status)
