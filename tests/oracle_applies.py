"""Of whom a requirement is asked, as a slow loop (see oracle.py)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from oracle import Fact, Row, Verdict, World, all_of


def age(birth: date, day: date) -> int:
    """Whole years; who was born on 29 February is a year older on 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def within(number: float, limits: Mapping[str, float]) -> bool:
    low, high, over = (limits.get(name) for name in ("min", "max", "over"))
    return (
        (low is None or number >= low)
        and (high is None or number <= high)
        and (over is None or number > over)
    )


def asked(world: World, row: Row, column: str, wanted: object, on: date) -> Fact:
    """Whether one condition holds for a student, by a row of theirs, on a day."""
    cell = row.get("birth_date" if column == "age" else column)
    if cell is None:
        return False if column == "designation" and world.has("students", column) else None
    if column == "age":
        cell = age(cell, on)
    if column == "grade_level":
        cell = int(re.search(r"\d+", cell)[0])
        wanted = wanted if isinstance(wanted, Mapping) else tuple(int(one) for one in wanted)
    if isinstance(wanted, Mapping):
        return within(cell, wanted)
    return cell in wanted if isinstance(wanted, tuple) else cell == wanted


def applies_to(
    world: World, rows: Iterable[Verdict], conditions: Mapping[str, object]
) -> Iterator[Verdict]:
    """The same rows, where those of others are not applicable, or cannot be told."""
    people = {row["referral_id"]: row["student_id"] for row in world.rows("referrals")}
    for row in world.rows("goals"):
        student, goal = row["student_id"], row["goal_id"]
        people |= {goal: student, f"{student}/{goal}": student}
    for verdict in rows:
        if verdict.subject_type == "program":
            yield verdict
            continue
        student = people.get(verdict.subject_id, verdict.subject_id)
        begun = [
            row
            for row in world.rows("students", student_id=student, program_id=verdict.program_id)
            if row["enrollment_start"] <= world.as_of
        ]
        fact: Fact = None
        if begun:
            begun.sort(key=lambda row: row["enrollment_start"])
            day = verdict.period_start
            last = max(min(verdict.period_end or world.as_of, world.as_of), day)
            in_force = [row for row in begun if row["enrollment_start"] <= last]
            row = dict((in_force or begun[:1])[-1])
            births = [r["birth_date"] for r in world.rows("students", student_id=student)]
            births = [row["birth_date"], *births]
            row["birth_date"] = next((birth for birth in births if birth), None)
            fact = all_of(*(asked(world, row, name, w, day) for name, w in conditions.items()))
        status = {True: verdict.status, False: "not_applicable", None: "cannot_tell"}[fact]
        yield verdict._replace(status=status)
