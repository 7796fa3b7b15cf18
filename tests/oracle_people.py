"""Slow loops over who has a case, and over the papers on file (see oracle.py)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from oracle import FAR, Fact, Row, Verdict, World, any_of, day_of, status_of
from oracle_cases import WORST
from oracle_meetings import in_span, needs
from oracle_plans import events, stretches

# Who has the case


def assignees(world: World, student: str, day: date) -> list[str]:
    return [
        row["staff_id"]
        for row in world.rows("assignments", student_id=student)
        if row["start_date"] <= day <= (row["end_date"] or FAR)
    ]


def employments(world: World, staff: str, day: date) -> list[Row]:
    rows = world.rows("staff", staff_id=staff)
    return [r for r in rows if r["start_date"] <= day <= (r["end_date"] or FAR)]


@needs("assignments")
def case_manager_assigned(world: World, program: str) -> Iterator[Verdict]:
    for student in world.students(program):
        enrolled = [
            day
            for day in world.opened(world.since, world.as_of)
            if world.enrolled(student, day, program)
        ]
        bare = [
            day
            for day in enrolled
            if not any(
                "staff" not in world.columns or employments(world, staff, day)
                for staff in assignees(world, student, day)
            )
        ]
        if enrolled:
            yield Verdict(
                *("student", student, program, world.since, world.as_of),
                status=status_of(not bare),
                observed=Fraction(len(bare)),
                days_over=len(bare),
                limit=0,
            )


@needs("assignments", "staff")
def assigned_at_new_site(world: World, program: str) -> Iterator[Verdict]:
    for student in world.students(program):
        rows = world.rows("students", program_id=program, student_id=student)
        rows.sort(key=lambda row: row["enrollment_start"])
        moves = [
            row
            for before, row in pairwise(rows)
            if in_span(world, row["enrollment_start"])
            and None not in (before["site_id"], row["site_id"])
            and before["site_id"] != row["site_id"]
        ]
        if not moves:
            continue
        found = []
        for move in moves:
            day = min(move["enrollment_end"] or FAR, world.as_of)
            facts = [
                None if job["site_id"] is None else job["site_id"] == move["site_id"]
                for staff in assignees(world, student, day)
                for job in employments(world, staff, day)
            ]
            found.append(status_of(any_of(facts)))
        worst = min(found, key=WORST.index)
        yield Verdict("student", student, program, world.since, world.as_of, worst)


# Papers


def still_good(paper: Row, day: date, validity: str) -> Fact:
    until = paper.get("valid_until")
    if validity == "any":
        return True
    if validity == "must_be_dated" and until is None:
        detail = paper.get("detail") or ""
        until = date.fromisoformat(detail) if re.fullmatch(r"\d{4}-\d\d-\d\d", detail) else None
        return None if until is None else until >= day
    return until is None or until >= day


@needs("events")
def on_file(
    world: World,
    program: str,
    event: str,
    parties: Sequence[str] = (),
    any_time: bool = False,
    validity: str = "unless_expired",
) -> Iterator[Verdict]:
    for student in world.students(program):
        touching = [s for s in stretches(world, program, student) if s[1] >= world.since]
        if not touching:
            continue
        first, last, _ = touching[-1]
        papers = [
            (row["party"], still_good(row, min(last, world.as_of), validity))
            for row in events(world, program, student, event)
            if (any_time or first <= day_of(row["occurred_at"]))
            and day_of(row["occurred_at"]) <= last
        ]
        if parties:
            missing = set(parties) - {party for party, good in papers if good}
            unshown = missing - {party for party, good in papers if good is None}
            unnamed = sum(party is None for party, good in papers if good is not False)
            fact = True if not missing else None if unnamed >= len(unshown) else False
        else:
            fact = any_of(good for _, good in papers)
        status = status_of(fact)
        yield Verdict("student", student, program, world.since, world.as_of, status)
