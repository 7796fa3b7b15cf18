"""The gap plan as a table that is filled in: who sees to each gap, by when, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from casekit.assessment.gap_plan import STATUSES, Gap
from casekit.phrases import count
from casekit.reports.document import Heading, Text
from casekit.widgets.parts import Button, Cell, Choice, Entry, Grid, Part, Row


def gap_plan(plan: Sequence[Gap], leveled: bool, unsaved: Mapping[str, str]) -> Iterator[Part]:
    """The plan, a row per gap, and the buttons that make it a workbook.

    `unsaved` says of a control, by its name, why what was given could not be saved.
    """
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
    rows = tuple(_row(gap, leveled, unsaved) for gap in plan)
    yield Grid("What is missing, and who sees to it", columns, rows)
    yield Row(
        (
            Button("write", "Write gap plan (XLSX)", primary=True),
            Button("download", "Download gap plan (XLSX)"),
        )
    )


def _row(gap: Gap, leveled: bool, unsaved: Mapping[str, str]) -> tuple[Cell, ...]:
    asked, step = gap.standing.requirement, gap.step

    def entry(name: str, label: str, value: str, told: str = "", **more) -> Entry:
        control = f"gap_{name}:{asked.id}"
        label = f"{label}: {asked.title}"
        return Entry(control, label, value, told, unsaved.get(control, ""), hidden=True, **more)

    return (
        asked.title,
        *([gap.toward] if leveled else []),
        gap.why,
        entry("owner", "Owner", step.owner),
        entry("due_on", "Due", step.due_on, kind="date"),
        entry("step", "Next step", step.step, asked.advice, lines=2),
        Choice(
            f"gap_status:{asked.id}",
            f"Status: {asked.title}",
            step.status,
            error=unsaved.get(f"gap_status:{asked.id}", ""),
            hidden=True,
            options=tuple(STATUSES.items()),
        ),
    )
