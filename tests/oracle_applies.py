"""Of whom a requirement is asked, as a slow loop (see oracle.py)."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from oracle import Fact, Row, Verdict, World, all_of


def age(birth: date, day: date) -> int:
    """Whole years; a 29 February comes on the 28th where there is none."""
    last = calendar.monthrange(day.year, birth.month)[1]
    birthday = date(day.year, birth.month, min(birth.day, last))
    return day.year - birth.year - (day < birthday)


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
    if isinstance(wanted, Mapping):
        number = re.search(r"\d+", cell) if isinstance(cell, str) else None
        return within(int(number[0]) if number else cell, wanted)
    return cell in wanted if isinstance(wanted, tuple) else cell == wanted


def applies_to(
    world: World, rows: Iterable[Verdict], conditions: Mapping[str, object]
) -> Iterator[Verdict]:
    """The same rows, where those of others are not applicable, or cannot be told."""
    referred = {row["referral_id"]: row["student_id"] for row in world.rows("referrals")}
    for verdict in rows:
        if verdict.subject_type == "program":
            yield verdict
            continue
        student = referred.get(verdict.subject_id, verdict.subject_id)
        begun = [
            row
            for row in world.rows("students", student_id=student, program_id=verdict.program_id)
            if row["enrollment_start"] <= world.as_of
        ]
        row = max(begun, key=lambda row: row["enrollment_start"], default={})
        day = verdict.period_start
        fact = all_of(*(asked(world, row, name, w, day) for name, w in conditions.items()))
        status = {True: verdict.status, False: "not_applicable", None: "cannot_tell"}[fact]
        yield verdict._replace(status=status)
