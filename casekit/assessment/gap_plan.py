"""The gap plan: what stands between a program and the next level, who sees to it, and by when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from io import BytesIO
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from casekit.assessment.answers import cell_text
from casekit.assessment.kept import SavingError, advice, put
from casekit.assessment.place import Place
from casekit.assessment.standing import Assessment, Standing
from casekit.caseload import Caseload
from casekit.files import write_bytes
from casekit.phrases import date
from casekit.wording import status_word

STATUSES = {"": "not planned", "open": "open", "under_way": "under way", "done": "done"}
KEY = ("program_id", "requirement_id")


@dataclass(frozen=True)
class Step:
    """What a program does about one requirement: a row of `gap_plan`.

    `due_on` is ISO text, `status` one of STATUSES; empty: not said yet.
    """

    program_id: str
    requirement_id: str
    owner: str = ""
    due_on: str = ""
    step: str = ""
    status: str = ""


@dataclass(frozen=True)
class Gap:
    """One requirement that is not shown to be met: towards which level, why, and its step."""

    standing: Standing
    toward: str
    why: str
    step: Step


def gaps(assessment: Assessment) -> tuple[Gap, ...]:
    """What blocks the next level of any element, or is not shown there, in the standard's order.

    In a standard without levels: every requirement that is not met, or cannot be told.
    """
    toward = dict(_next_levels(assessment)) if assessment.standard.levels else _unmet(assessment)
    steps = _steps(assessment)
    found = []
    for name in assessment.standard.requirements:
        if name in toward:
            standing = assessment.standing(name)
            step = steps.get(name, Step(assessment.program, name))
            found.append(Gap(standing, toward[name], _why(standing), step))
    return tuple(found)


def _next_levels(assessment: Assessment) -> Iterator[tuple[str, str]]:
    """Each requirement that an element still needs, with the highest of the levels it opens."""
    order = assessment.standard.levels.index
    rungs = (rung for rung in assessment.rungs if rung.element and rung.following)
    for rung in sorted(rungs, key=lambda rung: order(rung.following)):
        for requirement in (*rung.blocking, *rung.unshown):
            yield requirement.id, rung.following


def _unmet(assessment: Assessment) -> dict[str, str]:
    status = assessment.findings["status"]
    return dict.fromkeys(status.index[status.isin(["not_met", "cannot_tell"])], "")


def _steps(assessment: Assessment) -> dict[str, Step]:
    """The steps that the program has planned, by requirement; of two rows the later holds."""
    rows = assessment.caseload.tables["gap_plan"]
    mine = rows[rows["program_id"] == assessment.program]
    names = [f.name for f in fields(Step)]
    told = (Step(*map(cell_text, row)) for row in zip(*(mine[n] for n in names), strict=True))
    return {step.requirement_id: step for step in told}


def step_of(assessment: Assessment, requirement_id: str) -> Step:
    """What is planned for one requirement, empty where nothing is."""
    none = Step(assessment.program, requirement_id)
    return _steps(assessment).get(requirement_id, none)


def _why(standing: Standing) -> str:
    if standing.requirement.attested:
        said = standing.answer
        return f"The answer is {said.answer.replace('_', ' ')}." if said else "Not answered yet."
    return f"{status_word(standing.status).capitalize()}. {standing.data}"


def save_step(caseload: Caseload, place: Place, step: Step) -> Caseload:
    """Save a step at once, in gap_plan.csv beside the answers; the caseload with it.

    Raises casekit.assessment.kept.SavingError, in one line: then nothing has changed.
    """
    row = {f.name: getattr(step, f.name) for f in fields(step)}
    return put(caseload, place.folder, "gap_plan", KEY, row)


WIDTHS = {
    "Requirement": 44,
    "Why it is in the plan": 44,
    "Owner": 20,
    "Due": 14,
    "Next step": 50,
    "Status": 14,
    "For level": 16,
    "Area": 28,
    "Element": 28,
    "Source": 48,
}


def gap_table(assessment: Assessment) -> pd.DataFrame:
    """The plan as people read it: a row per gap, columns WIDTHS (without levels, no level)."""
    rows = [_row(gap) for gap in gaps(assessment)]
    table = pd.DataFrame(rows, columns=list(WIDTHS), dtype="str")
    unused = [c for c in ("For level", "Area", "Element") if (table[c] == "").all()]
    return table.drop(columns=unused if rows else [])


def _row(gap: Gap) -> tuple[str, ...]:
    asked, step = gap.standing.requirement, gap.step
    advised = f"Suggested: {asked.advice}" if asked.advice else ""
    due = date(step.due_on) if step.due_on else ""
    done = (step.owner, due, step.step or advised, STATUSES[step.status])
    return asked.title, gap.why, *done, gap.toward, asked.area, asked.element, asked.citation


def workbook(assessment: Assessment) -> bytes:
    """The gap plan as an XLSX file: the plan, and a sheet that says of whom and as of when."""
    book = Workbook()
    book.remove(book.worksheets[0])
    plan = book.create_sheet("Gap plan")
    table = gap_table(assessment)
    _fill(plan, [list(table.columns), *table.to_numpy().tolist()])
    for place, name in enumerate(table.columns, 1):
        plan.column_dimensions[get_column_letter(place)].width = WIDTHS[name]
    plan.freeze_panes = "B2"
    plan.auto_filter.ref = plan.dimensions
    about = book.create_sheet("About")
    _fill(about, [["About this plan", ""], *_about(assessment, len(table))])
    for column, width in (("A", 24), ("B", 80)):
        about.column_dimensions[column].width = width
    told = BytesIO()
    book.save(told)
    return told.getvalue()


def write_workbook(assessment: Assessment, folder: Path) -> Path:
    """Write the workbook into `gap_plans` in a folder; its path. Raises SavingError."""
    # The batch of reports brings much with it: only where a name is asked of it.
    from casekit.reports.batch import folder_names

    name = folder_names([assessment.program])[assessment.program]
    path = folder / "gap_plans" / f"{name}.xlsx"
    try:
        write_bytes(path, workbook(assessment))
    except OSError as error:
        raise SavingError(f"Not written: {path} ({advice(error)}") from None
    return path


def _about(assessment: Assessment, number: int) -> list[list[str]]:
    standard, program = assessment.standard, assessment.program_name
    answered, asked = assessment.progress
    return [
        ["Standard", standard.title],
        ["Edition", standard.edition],
        ["Issued by", standard.issuer],
        ["Program", program],
        ["As of", date(assessment.span.as_of)],
        ["Requirements", str(asked)],
        ["Answered by people", str(answered)],
        ["In this plan", str(number)],
    ]


def _fill(sheet: Worksheet, rows: list[list[str]]) -> None:
    """Rows of text, the first one bold: nothing in them is run as a formula."""
    for line, row in enumerate(rows, 1):
        sheet.append(row)
        for cell in sheet[line]:
            # A text that starts with = would be a formula; this way it is text, and stays it.
            cell.data_type, cell.number_format = "s", "@"
            cell.quotePrefix = str(cell.value)[:1] in ("=", "+", "-", "@")
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=line == 1)
