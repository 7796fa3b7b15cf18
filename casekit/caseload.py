"""Caseload: the tidy tables of one or more programs, and the problems found while reading them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from casekit.calendars import Calendar
from casekit.tables import TABLES

Made = TypeVar("Made")

PROBLEM_COLUMNS = ("table", "file", "row", "column", "value", "problem", "fix", "set_aside")


@dataclass(frozen=True)
class Caseload:
    """The tables of the contract, typed and checked.

    tables     every table of `casekit.tables.TABLES` with every column (empty where not given),
               typed as `casekit.tables` says, with `row` (the row in the user's own file) and
               `file` (its name) beside them.
    given      the columns that each table of the user's had; a table that was not there has no key.
    problems   one row per problem, columns PROBLEM_COLUMNS; `set_aside` says whether the row was
               left out (a problem that is only a note leaves its row in).
    sources    file name -> SHA-256 of what was read.

    `student_id`, `staff_id` and `program_id` are categoricals that share their categories through
    all tables, so a code means the same person everywhere.
    """

    tables: Mapping[str, pd.DataFrame]
    given: Mapping[str, frozenset[str]]
    problems: pd.DataFrame
    sources: Mapping[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> pd.DataFrame:
        """`caseload.students` is `caseload.tables["students"]`."""
        if name in TABLES:
            return self.tables[name]
        raise AttributeError(name)

    def lacks(self, table: str, *columns: str) -> str:
        """What of this is not recorded at all, in words; empty when everything is there."""
        if table not in self.given:
            return f"the table {table} is not there"
        absent = [c for c in columns if c not in self.given[table]]
        if absent:
            return f"{' and '.join(absent)} {_is(absent)} not recorded in {table}"
        blank = [
            c for c in columns if len(self.tables[table]) and self.tables[table][c].isna().all()
        ]
        if blank:
            return f"{' and '.join(blank)} {_is(blank)} empty in every row of {table}"
        return ""

    def has(self, table: str, column: str) -> bool:
        """Whether the user's table has the column, filled or not."""
        return column in self.given.get(table, frozenset())

    @property
    def calendars(self) -> dict[str, Calendar]:
        """A Calendar for every calendar_id that a program names; an unknown one has no open day."""
        return self.once("calendars", self._find_calendars)

    def _find_calendars(self) -> dict[str, Calendar]:
        rows = self.tables["calendar"]
        names = pd.unique(self.tables["programs"]["calendar_id"].dropna().astype(str))
        return {
            name: Calendar.of(name, rows[rows["calendar_id"].astype(str) == name]) for name in names
        }

    def _order_contacts(self) -> tuple[pd.DataFrame, np.ndarray]:
        rows = self.tables["contacts"]
        codes = rows["student_id"].cat.codes.to_numpy()
        order = np.lexsort((rows["occurred_at"].to_numpy(), codes))
        frame = rows.iloc[order].assign(position=order)
        return frame, codes[order]

    def contacts_of(self, student_id: str) -> pd.DataFrame:
        """One student's contacts in order of time; `position` is the row's place in contacts."""
        frame, codes = self.once("contacts in order", self._order_contacts)
        code = frame["student_id"].cat.categories.get_indexer([student_id])[0]
        low, high = np.searchsorted(codes, [code, code + 1]) if code >= 0 else (0, 0)
        return frame.iloc[low:high]

    def enrolments(self, programs: list[str]) -> pd.DataFrame:
        """The stretches in which each student is enrolled, rows that touch or overlap made one.

        Columns: program_id, student_id (categoricals), start, end (datetime64[D]; an enrolment
        without an end ends on the far future day FAR). Heads therefore count once a day.
        """
        rows = self.once("stretches", self._merge_enrolments)
        wanted = rows["program_id"].cat.categories.isin(programs)
        return rows[wanted[rows["program_id"].cat.codes]].reset_index(drop=True)

    def _merge_enrolments(self) -> pd.DataFrame:
        rows = self.tables["students"]
        stretches = {
            "program_id": rows["program_id"],
            "student_id": rows["student_id"],
            "start": days(rows["enrollment_start"]),
            "end": days(rows["enrollment_end"], FAR),
        }
        return merge_stretches(pd.DataFrame(stretches), ["program_id", "student_id"])

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` gives, made once: a caseload never changes, so neither does that."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    @cached_property
    def _made(self) -> dict[Hashable, Any]:
        return {}

    def __getstate__(self) -> dict[str, Any]:
        """Only the caseload itself travels to another process, not what was made of it."""
        return {f.name: self.__dict__[f.name] for f in fields(self)}


def _is(names: list[str]) -> str:
    return "is" if len(names) == 1 and not names[0].endswith("s") else "are"


FAR = np.datetime64("2200-01-01", "D")
NEVER = np.datetime64("NaT", "D")


def days(column: pd.Series, empty: np.datetime64 = NEVER) -> np.ndarray:
    """A date or moment column as datetime64[D] (the day as written), `empty` where missing.

    An end that systems write for "still open", such as 9999-12-31, is no later than FAR.
    """
    array = column.to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(array), empty, np.minimum(array, FAR))


def merge_stretches(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Stretches (`start`, `end`, both included) of each group that touch or overlap, made one.

    `by` names categorical columns. Sorted by their codes, then by start.
    """
    codes = {name: rows[name].cat.codes.to_numpy() for name in by}
    start, end = (days(rows[edge]).astype(np.int64) for edge in ("start", "end"))
    order = np.lexsort((start, *(codes[name] for name in reversed(by))))
    start, end = start[order], end[order]
    fresh = np.zeros(len(order), dtype=bool)
    fresh[:1] = True
    for name in by:
        fresh[1:] |= np.diff(codes[name][order]) != 0
    # Each group is moved so far on that the furthest end so far never reaches into the next.
    apart = np.cumsum(fresh) * (2 * int(FAR.astype(np.int64)))
    reach = np.maximum.accumulate(end + apart) if len(order) else end
    fresh[1:] |= (start + apart)[1:] > reach[:-1] + 1
    first = np.flatnonzero(fresh)
    last = np.maximum.reduceat(end, first) if len(first) else end
    merged = {
        name: pd.Categorical.from_codes(codes[name][order][first], dtype=rows[name].dtype)
        for name in by
    }
    edges = {"start": start[first], "end": last}
    return pd.DataFrame(
        {**merged, **{name: edge.astype("datetime64[D]") for name, edge in edges.items()}}
    )


def with_tables(caseload: Caseload, **tables: pd.DataFrame) -> Caseload:
    """The same caseload with some tables put in place of its own."""
    return Caseload(
        {**caseload.tables, **tables}, caseload.given, caseload.problems, caseload.sources
    )
