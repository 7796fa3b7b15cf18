"""A hunt: a seeded roster with planted breaches, marked by the same rules that make the reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from casekit.catalog import Requirement
from casekit.evaluate import UsageError
from casekit.findings import Evaluation, evaluate_programs
from casekit.readers import RawTable, assemble
from casekit.synth import AS_OF, STANDARDS, make_sample, since_of
from casekit.wording import explain
from casekit.workshop.arithmetic import deciding

WEEKS = 16
# More than a room could look through.
MOST = {"programs": 20, "students": 60}
# A program and a requirement that it is held to.
Pair = tuple[str, str]
MARK_COLUMNS = ("program_id", "requirement_id", "title", "mark", "status", "why", "planted")
FOUND, MISSED, FALSE_ALARM = "found", "missed", "false alarm"


@dataclass(frozen=True)
class Hunt:
    """A roster to be hunted through.

    tables      the roster as text, a frame for each table: it is synthetic, nobody in it exists
    planted     (program_id, requirement_id) -> why, from the plan of the breaches
    evaluation  what the rules say of it
    """

    tables: Mapping[str, pd.DataFrame]
    planted: Mapping[Pair, str]
    evaluation: Evaluation

    @property
    def programs(self) -> dict[str, str]:
        """program_id -> its name."""
        rows = self.tables["programs"]
        return dict(zip(rows["program_id"], rows["program_name"], strict=True))

    def roster(self, program: str) -> dict[str, pd.DataFrame]:
        """The tables of one program, with the columns that it fills."""
        tables = _rows_of(self.tables, [program])
        return {name: rows.dropna(axis="columns", how="all") for name, rows in tables.items()}

    def asked(self, program: str) -> list[Requirement]:
        """The computed requirements that a program is held to: those that can be hunted."""
        held = [self.evaluation.standards[name] for name in self.evaluation.plan.held[program]]
        every = [each for standard in held for each in standard.requirements.values()]
        return [each for each in every if not each.attested]

    @cached_property
    def breached(self) -> frozenset[Pair]:
        """What the rules find not met."""
        rows = self.evaluation.findings
        computed = {each.id for program in self.programs for each in self.asked(program)}
        rows = rows[(rows["status"] == "not_met") & rows["requirement_id"].isin(computed)]
        return frozenset(zip(rows["program_id"], rows["requirement_id"], strict=True))

    @property
    def disputed(self) -> frozenset[Pair]:
        """What was planted and the rules do not find, or they find and nobody planted: none."""
        return self.breached ^ frozenset(self.planted)


def prepare(
    seed: int, standard: str = "wa_open_doors", programs: int = 3, students: int = 10
) -> Hunt:
    """The roster of a seed: so many programs held to a shipped standard, and their students.

    Of several programs the last is clean, and the breaches are dealt out among the others: with
    one or two programs, nearly everything is breached in the first. The same arguments give the
    same roster. Raises casekit.evaluate.UsageError where there would be too few, or too many.
    """
    if standard not in STANDARDS:
        raise UsageError(f"{standard!r} cannot be hunted: choose one of {', '.join(STANDARDS)}")
    for name, number in (("programs", programs), ("students", students)):
        if number > MOST[name]:
            raise UsageError(f"{name} is {number}: a hunt has at most {MOST[name]}")
    every, key = make_sample(
        seed=seed, programs=programs, students=students, weeks=WEEKS, standards=[standard]
    )
    tables = _rows_of(every, every["programs"]["program_id"])
    raw = [
        RawTable(name, name, table.astype("object").where(table.notna(), None), _numbers(table))
        for name, table in tables.items()
    ]
    evaluation = evaluate_programs(assemble(raw), as_of=AS_OF, since=since_of(WEEKS))
    key = key[key["status"] == "not_met"]
    pairs = zip(key["program_id"], key["requirement_id"], strict=True)
    return Hunt(tables, dict(zip(pairs, key["why"], strict=True)), evaluation)


def _rows_of(
    tables: Mapping[str, pd.DataFrame], programs: Iterable[str]
) -> dict[str, pd.DataFrame]:
    """The rows that are about some programs and their people; answers of people are left out."""
    known = {"program_id": set(programs)}
    for name, table in (
        ("calendar_id", "programs"),
        ("student_id", "students"),
        ("staff_id", "staff"),
    ):
        rows = tables[table]
        known[name] = set(rows.loc[rows["program_id"].isin(known["program_id"]), name])
    found = {}
    for name, rows in tables.items():
        for column in known.keys() & set(rows.columns):
            rows = rows[rows[column].isin(known[column]) | rows[column].isna()]
        if len(rows) and name != "attestations":
            found[name] = rows.reset_index(drop=True)
    return found


def _numbers(table: pd.DataFrame) -> np.ndarray:
    """The row numbers of a table, as a spreadsheet would count them."""
    return np.arange(len(table)) + 2


def mark(hunt: Hunt, marks: Iterable[Pair]) -> pd.DataFrame:
    """A row for each breach that was found or missed, and each false alarm: MARK_COLUMNS.

    Those missed come first, then false alarms, then what was found. A mark of what is not asked
    in this roster is left out. `why` is the sum behind the first verdict that decides it.
    """
    asked = {(p, each.id): each for p in hunt.programs for each in hunt.asked(p)}
    given = set(marks) & set(asked)
    order = {
        MISSED: sorted(hunt.breached - given),
        FALSE_ALARM: sorted(given - hunt.breached),
        FOUND: sorted(given & hunt.breached),
    }
    rows = [
        (*pair, asked[pair].title, name, *why(hunt, pair), hunt.planted.get(pair, ""))
        for name, pairs in order.items()
        for pair in pairs
    ]
    return pd.DataFrame(rows, columns=list(MARK_COLUMNS), dtype="str")


def why(hunt: Hunt, pair: Pair) -> tuple[str, str]:
    """The status of a requirement of a program, and the sum behind the verdict that decides it."""
    program, requirement = pair
    about = [
        rows[(rows["program_id"] == program) & (rows["requirement_id"] == requirement)]
        for rows in (hunt.evaluation.findings, hunt.evaluation.verdicts)
    ]
    status = str(about[0]["status"].iloc[0])
    if about[1].empty:
        return status, "There is nobody to judge."
    told = explain(hunt.evaluation, deciding(about[1], status))
    return status, f"{told.sentence} {told.evidence.arithmetic}"


def score(marked: pd.DataFrame) -> str:
    """The marks in one sentence: how many were found, missed, and called without need."""
    counts = marked["mark"].value_counts()
    found, missed, false = (int(counts.get(name, 0)) for name in (FOUND, MISSED, FALSE_ALARM))
    alarms = "1 false alarm" if false == 1 else f"{false} false alarms"
    return f"{found} of {found + missed} breaches found, {missed} missed, {alarms}."
