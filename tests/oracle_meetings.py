"""Slow loops over meetings, what leads up to them, and what each period asks (see oracle.py)."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import wraps

from oracle import (
    DAY,
    FAR,
    Fact,
    Row,
    Verdict,
    World,
    day_of,
    status_of,
)
from oracle import weeks as whole_weeks
from oracle_plans import (
    due_dates,
    events,
    fortnightly_report,
    fortnights,
    stretches,
    terms,
    untold,
    year_later,
)

Loop = Callable[..., Iterator[Verdict]]


def needs(*tables: str) -> Callable[[Loop], Loop]:
    """Without one of these tables nothing can be told of a program's students."""

    def told(loop: Loop) -> Loop:
        @wraps(loop)
        def rows(world: World, program: str, **settings: object) -> Iterator[Verdict]:
            there = all(table in world.columns for table in tables)
            yield from loop(world, program, **settings) if there else untold(world, program)

        return rows

    return told


def in_span(world: World, day: date) -> bool:
    return world.since <= day <= world.as_of


def every_party(rows: list[Row], parties: Sequence[str]) -> tuple[int, Fact]:
    """How many of the parties surely have one of the events, and whether all have.

    An event without a party may be any one of those still without it.
    """
    missing = set(parties) - {row["party"] for row in rows}
    unnamed = sum(row["party"] is None for row in rows)
    fact = True if not missing else None if unnamed >= len(missing) else False
    return len(set(parties)) - len(missing), fact


def many_ways(rows: list[Row], ways: int) -> tuple[int, Fact]:
    """How many different details are named, and whether they are so many; an empty may be new."""
    named = {str(row["detail"]).lower() for row in rows if row["detail"] is not None}
    empty = sum(row["detail"] is None for row in rows)
    fact = True if len(named) >= ways else None if len(named) + empty >= ways else False
    return len(named), fact


# Meetings


def meetings_of(world: World, program: str, student: str, meeting: str) -> list[date]:
    return sorted({day_of(e["occurred_at"]) for e in events(world, program, student, meeting)})


def judged_meetings(
    world: World, program: str, meeting: str
) -> Iterator[tuple[str, date, date | None, date | None]]:
    """Each student's meetings in the span and an enrolment, with the one before and the next."""
    for student in world.students(program):
        held = meetings_of(world, program, student, meeting)
        for before, this, after in zip([None, *held], held, [*held[1:], None], strict=False):
            if in_span(world, this) and world.enrolled(student, this, program):
                yield student, this, before, after


def months_earlier(day: date, months: int) -> date:
    """The same day so many months before, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def school_day_after(world: World, day: date, count: int) -> date | None:
    """The count-th open day after a day; None where the calendar does not reach so far."""
    later = [d for d in world.open_days if d > day]
    return later[count - 1] if len(later) >= count else None


def asked_of(world: World, program: str, student: str, on: date, parties: Sequence[str]) -> list:
    """The parties without parent_2, where the student has one parent to be told."""
    rows = world.rows("students", program_id=program, student_id=student)
    begun = [row for row in rows if row["enrollment_start"] <= on]
    latest = max(begun, key=lambda row: row["enrollment_start"])
    return [p for p in parties if p != "parent_2" or latest.get("parents") != 1]


@needs("events")
def meeting_step(
    world: World,
    program: str,
    meeting: str,
    step: str,
    days_before: int = 0,
    months_before: int = 0,
    school_days_after: int = 0,
    parties: Sequence[str] = (),
    ways: int = 0,
) -> Iterator[Verdict]:
    for student, held, before, after in judged_meetings(world, program, meeting):
        if school_days_after:
            deadline = school_day_after(world, held, school_days_after)
            first, last = held, deadline or max(world.open_days)
            if after is not None:
                last = min(last, after - DAY)
        else:
            deadline = months_earlier(held, months_before) - days_before * DAY
            first, last = (before + DAY if before else date.min), deadline
        steps = [
            row
            for row in events(world, program, student, step)
            if first <= day_of(row["occurred_at"]) <= last
        ]
        if parties:
            asked = asked_of(world, program, student, held, parties)
            there, fact = every_party(steps, asked)
            limit = len(asked)
        elif ways:
            there, fact = many_ways(steps, ways)
            limit = ways
        else:
            there, fact, limit = int(bool(steps)), bool(steps), 1
        status = status_of(fact)
        if status == "not_met" and school_days_after:
            if world.as_of <= (deadline or max(world.open_days)):
                status = "due"
            elif deadline is None:
                status = "cannot_tell"
        yield Verdict(
            "student", student, program, held, deadline, status, Fraction(there), limit=limit
        )


@needs("events")
def meeting_before_due(
    world: World, program: str, meeting: str, due: str, days_before: int
) -> Iterator[Verdict]:
    for student, held, before, _ in judged_meetings(world, program, meeting):
        if before is not None:
            meetings = meetings_of(world, program, student, meeting)
            recorded = due_dates(world, program, student, meetings, due)
            falls = recorded.get(before, year_later(before))
        else:
            known = events(world, program, student, due)
            known = [e for e in known if day_of(e["occurred_at"]) <= held]
            known.sort(key=lambda e: day_of(e["occurred_at"]))
            last = known[-1] if known else None
            falls = last and (last["valid_until"] or day_of(last["occurred_at"]))
        if falls is None:
            yield Verdict("student", student, program, held, None, "cannot_tell")
            continue
        deadline = falls - days_before * DAY
        status = status_of(held <= deadline)
        ahead = Fraction((falls - held).days)
        yield Verdict("student", student, program, held, deadline, status, ahead)


# Once in each period


@needs("events")
def each_period(
    world: World,
    program: str,
    event: str,
    period: str,
    school_days_after: int = 0,
    whole: bool = True,
    to_school: bool = False,
) -> Iterator[Verdict]:
    if period == "fortnight" and to_school:
        yield from fortnightly_report(world, program, event)
        return
    periods = sorted(
        (row["start_date"], row["end_date"])
        for row in world.rows("calendar", kind=period)
        if in_span(world, row["start_date"])
    )
    if not periods or not world.open_days:
        yield from untold(world, program)
        return
    for first, last in periods:
        opened = world.opened(first, last)
        if not opened:
            continue
        deadline = school_day_after(world, last, school_days_after) if school_days_after else last
        reach = max(last, *world.open_days) if deadline is None else deadline
        for student in world.students(program):
            asked = all(world.enrolled(student, day, program) for day in opened)
            if not whole:
                asked = world.enrolled(student, min(opened[-1], world.as_of), program)
            begun = stretches(world, program, student)  # by as_of; a later one is a plan
            there = any(start <= day <= end for day in opened for start, end, _ in begun)
            if not there and not asked:
                continue
            seen = any(
                first <= day_of(row["occurred_at"]) <= reach
                for row in events(world, program, student, event)
            )
            if not asked:
                status = "not_applicable"
            elif seen:
                status = "met"
            elif world.as_of <= reach:
                status = "due"
            else:
                status = "cannot_tell" if deadline is None else "not_met"
            yield Verdict(
                *("student", student, program, first, deadline, status),
                observed=Fraction(seen) if asked else None,
                limit=1 if asked else None,
            )


@needs("goals")
def goals_measured(world: World, program: str, weeks: int) -> Iterator[Verdict]:
    if weeks == 1:
        periods = [(week[0], week[-1]) for week in whole_weeks(world)]
    else:
        years = [
            (r["start_date"], r["end_date"]) for r in world.rows("calendar", kind="school_year")
        ]
        periods = list(fortnights(world, terms(world) or years))
    for first, last in periods:
        opened = world.opened(first, last)
        for goal in world.rows("goals"):
            student, name = goal["student_id"], goal["goal_id"]
            runs = [
                goal["start_date"] <= day <= (goal["end_date"] or FAR)
                and world.enrolled(student, day, program)
                for day in opened
            ]
            if not any(runs):
                continue
            measured = any(
                first <= row["measured_on"] <= last
                for row in world.rows("progress", student_id=student, goal_id=name)
            )
            fact = measured if "progress" in world.columns else None
            status = status_of(fact) if all(runs) else "not_applicable"
            alike = len(world.rows("goals", goal_id=name)) > 1
            subject = f"{student}/{name}" if alike else name
            yield Verdict("goal", subject, program, first, last, status)
