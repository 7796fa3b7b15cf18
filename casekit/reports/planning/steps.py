"""What is to be done: the steps on staffing, those on records, and who is left with nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pandas as pd

from casekit.figures.planning.frontier import price
from casekit.phrases import count, date
from casekit.planning.plan import ProgramPlan
from casekit.planning.recovery.recovery import Recovery
from casekit.reports.document import Block, Heading, TableBlock, Text

STAFFING = ("reassign", "share", "hire", "cover")
RECORDS = ("record", "answer")
FEW = 5  # counts of students below this are not shown where a requirement is named
_DO = {
    "reassign": "move students",
    "share": "give more time",
    "hire": "hire",
    "cover": "stand in",
    "record": "record",
    "answer": "answer",
    "wait": "wait",
}
_COUNTED = re.compile(rf"\b[1-{FEW - 1}] (case|student|record|meeting)s?\b")
_OF_A_PERSON = re.compile(r"\((\d+)(?: students?)?\)")


def what_to_do_first(plans: Mapping[str, ProgramPlan]) -> Iterator[Block]:
    """The staffing steps of all programs, by name, in one table by day."""
    yield Heading(2, "What to do first")
    rows = {
        (row.on, name, row.step, row.who): price(row.cost)
        for name, plan in plans.items()
        for recovery in plan.recoveries
        for row in of_kinds(recovery, STAFFING).itertuples(index=False)
    }
    if not rows:
        yield Text("No step on staffing is needed, or none is known. Steps on records stand below.")
        return
    ordered = sorted(rows, key=lambda row: (pd.isna(row[0]), row[0], row[1]))
    units = {plan.outlook.settings.money for plan in plans.values()}
    frame = pd.DataFrame(
        [(name, _day(on), who, step, rows[on, name, step, who]) for on, name, step, who in ordered],
        columns=["Program", "By", "Who", "Step", f"Cost ({', '.join(sorted(units))})"],
    )
    yield TableBlock(
        "Steps on staffing of all programs, by day",
        frame,
        "Each step is explained in its program's part. Costs are up to the last day of this plan.",
    )


def of_kinds(recovery: Recovery, kinds: tuple[str, ...]) -> pd.DataFrame:
    """The steps of some kinds, in their order."""
    return recovery.steps[recovery.steps["kind"].isin(kinds)]


def recovery_tables(recovery: Recovery, money: str) -> Iterator[Block]:
    """The steps of one recovery: first those on staffing, then those on records and answers."""
    of = f"{recovery.program}, {recovery.standard_id}"
    staffing = of_kinds(recovery, (*STAFFING, "wait"))
    if len(staffing):
        frame = _named(staffing).assign(**{f"Cost ({money})": staffing["cost"].map(price)})
        yield TableBlock(
            f"Staffing: {of}",
            frame,
            "Who moves is in moves.csv, which names students and stays with those who need it.",
        )
    records = of_kinds(recovery, RECORDS)
    if len(records):
        yield TableBlock(
            f"Records and answers: {of}",
            _named(records),
            "A step without a day has none that a rule gives. These cost nothing here.",
        )


def _named(steps: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Step": steps["step"].map(few),
            "By": steps["on"].map(_day),
            "Who": steps["who"].map(_people),
            "What": steps["kind"].map(lambda kind: _DO.get(kind, kind)),
            "Rule": steps["requirement_id"],
        }
    )


def few(text: str) -> str:
    """The text of a step; a count of students so small that it could point at one is not told."""
    if text.startswith(("move ", "hire ")):
        return text
    return _COUNTED.sub(lambda found: f"fewer than {FEW} {found[1]}s", text)


def _people(who: str) -> str:
    """`T-01-1 (24 students)`: what a number after a person counts is said."""
    return _OF_A_PERSON.sub(
        lambda found: f"({few(count(int(found[1]), 'student'))})",
        who,
    )


def _day(day: object) -> str:
    return "" if pd.isna(day) else date(day)


def stays_table(recovery: Recovery) -> Iterator[Block]:
    """What was missed and cannot be mended."""
    if not len(recovery.stays):
        return
    stays = recovery.stays.sort_values(["free_from", "requirement_id"], kind="stable")
    missed = [
        f"fewer than {FEW}" if about and number < FEW else str(number)
        for number, about in zip(stays["missed"], stays["of_students"], strict=True)
    ]
    yield TableBlock(
        f"What was missed and cannot be mended: {recovery.program}, {recovery.standard_id}",
        pd.DataFrame(
            {
                "What is asked": stays["title"],
                "Missed": missed,
                "Free of it from": stays["free_from"].map(_day),
                "Rule": stays["requirement_id"],
            }
        ),
        "A report over days that start on “free of it from”, or later, is free of it.",
    )


def alone_said(plan: ProgramPlan) -> Iterator[str]:
    """`18 students have no case manager from 28 September 2026: T-02-2 has left by then`."""
    for row in plan.alone.itertuples(index=False):
        have = count(row.students, "student has", "students have")
        yield (
            f"{have} no case manager from {date(row.first)} to {date(row.last)}:"
            f" {row.staff_id} has left by then, and nobody is named in their place."
        )


def alone_table(plan: ProgramPlan) -> Iterator[Block]:
    """Whose students are left with nobody, and when."""
    alone = plan.alone
    if len(alone):
        frame = pd.DataFrame(
            {
                "Case manager who has left": alone["staff_id"],
                "Students with nobody": alone["students"],
                "From": alone["first"].map(_day),
                "To": alone["last"].map(_day),
            }
        )
        yield TableBlock(f"Students without a case manager: {plan.outlook.program}", frame)
