"""A standard walked through: each clause with a tiny roster, its sum and its verdict.

The room moves a control; the roster follows, and the same rules that make the reports judge it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from casekit.caseload import Caseload
from casekit.catalog import Requirement, Standard
from casekit.catalog.words import of_whom, shown_by
from casekit.evaluate import Plan, carry_out, spans_of
from casekit.findings import Evaluation
from casekit.phrases import capital
from casekit.readers import RawTable, assemble
from casekit.tables import TABLES
from casekit.wording import explain, status_word
from casekit.workshop.controls import Choice, Control, Example, Rows, Slider, Value, start
from casekit.workshop.examples import EXAMPLES
from casekit.workshop.examples.rows import PROGRAM, roster

WORST_FIRST = ("not_met", "cannot_tell", "due", "met", "not_applicable")
# Tables that are alike in every example: a room need not read them.
_THE_SAME = ("programs", "calendar")


@dataclass(frozen=True)
class Step:
    """One requirement of a standard, and the example that it is shown on."""

    standard: Standard
    requirement: Requirement
    example: Example

    @property
    def clause(self) -> str:
        """What it asks, in our words, and of whom; it follows the requirement's title."""
        whom = of_whom(self.requirement) if self.requirement.applies_to else ""
        return f"{shown_by(self.requirement)} {whom}".rstrip()

    @property
    def citation(self) -> str:
        """Where it stands, with the statements that it covers."""
        statements = ", ".join(self.requirement.statements)
        return self.requirement.citation + (f" [{statements}]" if statements else "")


@dataclass(frozen=True)
class Worked:
    """What the rules say of an example: the finding, the sum behind it, and what would flip it.

    roster is the tables that were judged, as text; each has the columns that the example fills.
    """

    status: str
    arithmetic: str
    change: str
    roster: Mapping[str, pd.DataFrame]

    @property
    def verdict(self) -> str:
        """The status as people say it."""
        return capital(status_word(self.status))


def walk(standard: Standard) -> list[Step]:
    """Every requirement of a standard as a step, in the standard's own order."""
    return [Step(standard, each, _example(each)) for each in standard.requirements.values()]


def work(step: Step, values: Mapping[str, Value] | None = None) -> Worked:
    """Judge a step's example; `values` of its controls, those that are left out stand at met."""
    at = {**start(step.example), **(values or {})}
    tables = {name: _frame(name, rows) for name, rows in step.example.rows(**at).items()}
    evaluation = _evaluated(step, tables)
    status = str(evaluation.findings["status"].iloc[0])
    shown = {n: table for n, table in tables.items() if n not in _THE_SAME and len(table)}
    verdicts = evaluation.verdicts
    if verdicts.empty:
        return Worked(status, "There is nobody to judge.", "", shown)
    told = explain(evaluation, deciding(verdicts, status)).evidence
    return Worked(status, told.arithmetic, told.change, shown)


def deciding(verdicts: pd.DataFrame, status: str) -> pd.Series:
    """Of a finding's verdicts the first that has its status, else the worst."""
    order = [status, *WORST_FIRST]
    rank = verdicts["status"].astype(str).map(order.index)
    return verdicts.assign(rank=rank).sort_values("rank", kind="stable").iloc[0]


def _example(requirement: Requirement) -> Example:
    """The example of a requirement, with controls for whom it is asked of."""
    if requirement.attested:
        return _answered(requirement)
    example = EXAMPLES[requirement.kind](**requirement.settings)
    if not requirement.applies_to:
        return example
    whom = [_asked_of(column, wanted) for column, wanted in requirement.applies_to.items()]
    names = [control.name for control in whom]

    def rows(**values: Value) -> Rows:
        asked = _cells({name: values.pop(name) for name in names})
        tables = example.rows(**values)
        return {**tables, "students": [{**row, **asked} for row in tables["students"]]}

    return replace(example, controls=(*example.controls, *whom), rows=rows)


def _answered(requirement: Requirement) -> Example:
    """What only people can answer: a question, and the answer that the room gives."""

    def rows(answer: str) -> Rows:
        key = {"program_id": PROGRAM, "requirement_id": requirement.id}
        given = {**key, "answer": answer, "assessed_on": "2026-03-31"}
        return roster(attestations=[] if answer == "none" else [given])

    options = {"yes": "yes", "partly": "partly", "no": "no", "none": "nobody has answered"}
    return Example((Choice("answer", requirement.question, options, "yes", "no"),), rows)


def _asked_of(column: str, wanted: object) -> Control:
    """A control of a column of the student, that starts where the requirement is asked."""
    label = f"The student's {column.replace('_', ' ')}"
    if isinstance(wanted, bool):
        yes = "yes" if wanted else "no"
        return Choice(column, label, {"yes": "yes", "no": "no"}, yes, yes)
    if isinstance(wanted, Mapping):
        low = wanted.get("min", int(wanted.get("over", -1)) + 1)
        inside = int(low if "min" in wanted or "over" in wanted else wanted["max"])
        return Slider(column, label, 0, max(2 * inside, 21), inside, inside)
    values = [str(v) for v in (wanted if isinstance(wanted, tuple) else (wanted,))]
    options = {**{value: value for value in values}, "other": "another, or none"}
    return Choice(column, label, options, values[0], values[0])


def _cells(values: Mapping[str, Value]) -> dict[str, object]:
    """Cells of the students table; an age becomes the day of birth that gives it in 2026."""
    cells: dict[str, object] = dict(values)
    if "age" in cells:
        cells["birth_date"] = f"{2026 - int(values['age'])}-01-01"
        del cells["age"]
    return cells


def _frame(name: str, rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Rows as a table of text; a cell that is empty is missing."""
    if not rows:
        return pd.DataFrame(columns=list(TABLES[name].names), dtype="object")
    table = pd.DataFrame(rows).astype("object")
    return table.map(lambda cell: None if pd.isna(cell) or cell == "" else str(cell))


def _evaluated(step: Step, tables: Mapping[str, pd.DataFrame]) -> Evaluation:
    """The one requirement, held against the example."""
    caseload = _caseload(tables)
    standard = replace(step.standard, requirements={step.requirement.id: step.requirement})
    spans, _ = spans_of(caseload, [PROGRAM], step.example.as_of, step.example.since)
    plan = Plan({standard.id: standard}, {PROGRAM: (standard.id,)}, spans)
    return Evaluation(caseload, plan, carry_out(plan, caseload), spans[PROGRAM].as_of)


def _caseload(tables: Mapping[str, pd.DataFrame]) -> Caseload:
    return assemble(
        [RawTable(name, name, table, np.arange(len(table)) + 2) for name, table in tables.items()]
    )
