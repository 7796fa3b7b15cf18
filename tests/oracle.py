"""The rules once more, as slow and obvious loops over plain rows: dicts of Python values.

Written from the text of docs/readings.md alone, so that a mistake in casekit and one here are two
different mistakes. A cell is None where it is empty; a moment is a date (no time known) or a
datetime. A fact is True, False, or None where it is not known.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
FAR = date(2199, 12, 31)
Row = dict[str, Any]
Fact = bool | None


class Verdict(NamedTuple):
    """One row; its numbers are None where the text does not settle them."""

    subject_type: str
    subject_id: str
    program_id: str
    period_start: date
    period_end: date | None
    status: str
    observed: Fraction | None = None
    days_over: int | None = None
    limit: int | None = None


@dataclass(frozen=True)
class World:
    """Tables of rows, with the columns that each table has, and the span that is judged."""

    columns: dict[str, list[str]]
    tables: dict[str, list[Row]]
    since: date
    as_of: date

    def rows(self, table: str, **same: object) -> list[Row]:
        """The rows of a table that hold all these values."""
        return [
            row
            for row in self.tables.get(table, [])
            if all(row.get(name) == value for name, value in same.items())
        ]

    def has(self, table: str, column: str) -> bool:
        return column in self.columns.get(table, [])

    def blank(self, table: str, column: str) -> bool:
        """Whether no row of the table tells it."""
        return all(row.get(column) is None for row in self.rows(table))

    @cached_property
    def programs(self) -> list[str]:
        return [row["program_id"] for row in self.rows("programs")]

    @cached_property
    def open_days(self) -> list[date]:
        """Monday to Friday in a term (else a school year), not in a closure; and single ones."""

        def within(day: date, kind: str) -> bool:
            rows = self.rows("calendar", kind=kind)
            return any(row["start_date"] <= day <= row["end_date"] for row in rows)

        frame = "term" if self.rows("calendar", kind="term") else "school_year"
        rows = self.rows("calendar")
        every = days(min(r["start_date"] for r in rows), max(r["end_date"] for r in rows))
        return [
            d
            for d in every
            if within(d, "open_day")
            or (d.weekday() < 5 and within(d, frame) and not within(d, "closure"))
        ]

    def opened(self, first: date, last: date) -> list[date]:
        return [d for d in self.open_days if first <= d <= last]

    def students(self, program: str) -> list[str]:
        return sorted({row["student_id"] for row in self.rows("students", program_id=program)})

    def enrolled(self, student: str, day: date, program: str | None = None) -> bool:
        return any(
            row["enrollment_start"] <= day <= (row["enrollment_end"] or FAR)
            for row in self.rows("students", student_id=student)
            if program in (None, row["program_id"])
        )

    def heads(self, program: str, day: date) -> int:
        return sum(self.enrolled(student, day, program) for student in self.students(program))

    def employed(self, program: str, day: date) -> list[Row]:
        rows = self.rows("staff", program_id=program)
        return [r for r in rows if r["start_date"] <= day <= (r["end_date"] or FAR)]

    def away(self, staff: str, day: date) -> list[Row]:
        rows = self.rows("leave", staff_id=staff)
        return [r for r in rows if r["start_date"] <= day <= r["end_date"]]


def days(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]


def day_of(moment: date) -> date:
    """The date as it was written."""
    return moment.date() if isinstance(moment, datetime) else moment


def monday(day: date) -> date:
    return day - day.weekday() * DAY


def any_of(facts: Iterable[Fact]) -> Fact:
    told = list(facts)
    return True if True in told else None if None in told else False


def all_of(*facts: Fact) -> Fact:
    return False if False in facts else None if None in facts else True


def status_of(fact: Fact) -> str:
    return {True: "met", False: "not_met", None: "cannot_tell"}[fact]


def weeks(world: World) -> Iterator[list[date]]:
    """The whole weeks of the span, each as its seven days."""
    for day in days(world.since, world.as_of):
        if day.weekday() == 0 and day + 6 * DAY <= world.as_of:
            yield days(day, day + 6 * DAY)


def months(world: World) -> list[tuple[date, date]]:
    """First and last day of each month that the span touches."""
    firsts = sorted({day.replace(day=1) for day in days(world.since, world.as_of)})
    return [(f, f.replace(day=calendar.monthrange(f.year, f.month)[1])) for f in firsts]


def judged_days(world: World, first: date, last: date) -> list[date]:
    """The open days of a month that lie in the span."""
    return [d for d in world.opened(first, last) if world.since <= d <= world.as_of]


# Staffing


def case_management(row: Row) -> Fraction | None:
    """The full-time equivalent that a person gives to case management; None where not known."""
    fte, share = row.get("fte"), row.get("case_management_share")
    return None if fte is None or share is None else Fraction(fte) * Fraction(share)


def staff_ratio(world: World, program: str, per_staff: int) -> Iterator[Verdict]:
    for first, last in months(world):
        known, ratios, over = True, [], 0
        for day in judged_days(world, first, last):
            heads = world.heads(program, day)
            if not heads:
                continue
            times = [case_management(row) for row in world.employed(program, day)]
            if None in times:
                known = False
                ratios.append(None)
                continue
            time = sum(times, Fraction(0))
            ratios.append(heads / time if time else None)
            over += heads > per_staff * time
        if ratios:
            status = "cannot_tell" if not known else "not_met" if over else "met"
            worst = None if None in ratios else max(ratios)
            counted = over if known else None
            yield Verdict("program", program, program, first, last, status, worst, counted)


def cases(world: World, staff: str, day: date) -> set[str]:
    """The students whom one person has on a day: assigned and enrolled."""
    assigned = {
        row["student_id"]
        for row in world.rows("assignments", staff_id=staff)
        if row["start_date"] <= day <= (row["end_date"] or FAR)
    }
    return {student for student in assigned if world.enrolled(student, day)}


def caseload(world: World, program: str, at_most: int) -> Iterator[Verdict]:
    for staff in sorted({row["staff_id"] for row in world.rows("staff", program_id=program)}):
        for first, last in months(world):
            counts = [
                len(cases(world, staff, day))
                for day in judged_days(world, first, last)
                if any(row["staff_id"] == staff for row in world.employed(program, day))
            ]
            here = [
                day
                for day in judged_days(world, first, last)
                if any(row["staff_id"] == staff for row in world.employed(program, day))
                and any(world.enrolled(s, day, program) for s in cases(world, staff, day))
            ]
            if here:
                over = sum(count > at_most for count in counts)
                status = "not_met" if over else "met"
                yield Verdict(
                    "staff", staff, program, first, last, status, Fraction(max(counts)), over
                )


def works_on(row: Row, day: date) -> bool:
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return not row["work_days"] or names[day.weekday()] in row["work_days"]


def manages_cases(world: World, row: Row) -> Fact:
    """Whether someone is case-management staff: has time for it, or cases."""
    if world.rows("assignments", staff_id=row["staff_id"]):
        return True
    share = row["case_management_share"]
    return None if share is None else Fraction(share) > 0


def stands_in(world: World, leave: Row, day: date) -> bool:
    """Whether the leave names another person, who is employed that day and not away."""
    other = leave.get("covered_by")
    if other is None or other == leave["staff_id"]:
        return False
    employed = any(r["staff_id"] == other for p in world.programs for r in world.employed(p, day))
    return employed and not world.away(other, day)


def staffed(world: World, program: str, there: bool) -> Iterator[Verdict]:
    """Case-management staff on each open day with students; `there`: and at work, or covered."""
    for first, last in months(world):
        facts = []
        for day in judged_days(world, first, last):
            if not world.heads(program, day):
                continue
            people = []
            for row in world.employed(program, day):
                away = world.away(row["staff_id"], day)
                at_work = works_on(row, day) and all(stands_in(world, one, day) for one in away)
                has_time = row["fte"] is None or Fraction(row["fte"]) > 0
                people.append(
                    all_of(manages_cases(world, row), has_time, at_work if there else True)
                )
            facts.append(any_of(people))
        if facts:
            gaps = facts.count(False)
            status = "not_met" if gaps else "cannot_tell" if None in facts else "met"
            yield Verdict("program", program, program, first, last, status, None, gaps)


def continuous_staffing(world: World, program: str) -> Iterator[Verdict]:
    return staffed(world, program, there=False)


def staff_available(world: World, program: str) -> Iterator[Verdict]:
    return staffed(world, program, there=True)


def leave_covered(world: World, program: str) -> Iterator[Verdict]:
    for staff in sorted({row["staff_id"] for row in world.rows("staff", program_id=program)}):
        absent = [
            day
            for day in world.opened(world.since, world.as_of)
            for row in world.employed(program, day)
            if row["staff_id"] == staff
            and manages_cases(world, row) is not False
            and works_on(row, day)
            and world.away(staff, day)
        ]
        bare = {
            day
            for day in absent
            if not any(stands_in(world, leave, day) for leave in world.away(staff, day))
        }
        if absent:
            status = "not_met" if bare else "met"
            yield Verdict(
                "staff", staff, program, world.since, world.as_of, status, None, len(bare)
            )
