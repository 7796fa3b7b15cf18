"""The gap plan as a table that is filled in: who sees to each gap, by when, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casekit.assessment.gap_plan import STATUSES, Gap
from casekit.phrases import count
from casekit.reports.document import Heading, Text
from casekit.widgets.parts import Button, Cell, Choice, Entry, Grid, Part, Row
from casekit.widgets.requirement_form import Sheet


def gap_plan(plan: Sequence[Gap], leveled: bool, sheet: Sheet) -> Iterator[Part]:
    """The plan, a row per gap, and the buttons that make it a workbook."""
    yield Heading(2, "Gap plan")
    if not plan:
        yield Text("Nothing is missing: there is no gap to plan for.")
        return
    toward = " for the next level of each element" if leveled else ""
    yield Text(
        f"{count(len(plan), 'requirement')} to work on{toward}. Each change is saved at once, in"
        " gap_plan.csv beside your answers."
    )
    level = ["For level"] if leveled else []
    columns = ("Requirement", *level, "Why", "Owner", "Due", "Next step", "Status")
    rows = tuple(_row(gap, leveled, sheet) for gap in plan)
    yield Grid("What is missing, and who sees to it", columns, rows)
    yield Row(
        (
            Button("write", "Write gap plan (XLSX)", primary=True),
            Button("download", "Download gap plan (XLSX)"),
        )
    )


def _row(gap: Gap, leveled: bool, sheet: Sheet) -> tuple[Cell, ...]:
    asked, step = gap.standing.requirement, gap.step

    def entry(name: str, label: str, value: str, told: str = "", **more) -> Entry:
        control, label = sheet.control(f"gap_{name}", asked.id), f"{label}: {asked.title}"
        given, *why = sheet.lost(f"gap_{name}", asked.id) or (value,)
        return Entry(control, label, given, told, "".join(why), hidden=True, **more)

    return (
        asked.title,
        *([gap.toward] if leveled else []),
        gap.why,
        entry("owner", "Owner", step.owner),
        entry("due_on", "Due", step.due_on, kind="date"),
        entry("step", "Next step", step.step, asked.advice, lines=2),
        Choice(
            sheet.control("gap_status", asked.id),
            f"Status: {asked.title}",
            step.status,
            error=sheet.error("gap_status", asked.id),
            hidden=True,
            options=tuple(STATUSES.items()),
        ),
    )
