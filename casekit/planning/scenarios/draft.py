"""A caseload being changed: rows are edited and added, and a new caseload is made of it at the end.

The caseload it starts from stays as it is. Only tables that are touched are copied.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from casekit.calendars import Days
from casekit.caseload import FAR, Caseload, days
from casekit.phrases import listing
from casekit.planning.scenarios.form import not_among
from casekit.planning.settings import PlanningError
from casekit.tables import TABLES

# The ids that all tables share, and the columns that hold them.
SHARED = {
    "student_id": ("student_id",),
    "staff_id": ("staff_id", "covered_by", "case_manager_id"),
    "program_id": ("program_id",),
}
FILE = "scenario"
# The column with a row's first day; those with a last day that no record is judged by beforehand
# (an enrolment's last day is: what is asked before an exit is due by then).
BEGIN = {
    "students": "enrollment_start",
    **dict.fromkeys(("staff", "assignments", "leave"), "start_date"),
}
ENDS = ("end_date",)


class Draft:
    """The tables of a caseload, to be edited; `caseload()` gives the changed one."""

    def __init__(self, caseload: Caseload, as_of: Days) -> None:
        self.before = caseload
        self.as_of = as_of
        self._tables: dict[str, pd.DataFrame] = {}
        self._new: dict[str, list[dict[str, Any]]] = {}
        self._facts: set[str] = set()
        self.notes: list[str] = []

    @property
    def touched(self) -> frozenset[str]:
        """The tables of which something was changed that holds on or before as_of."""
        return frozenset(self._facts)

    @property
    def planned(self) -> frozenset[str]:
        """The tables of which only days after as_of were changed: rows that begin, or end, then."""
        return frozenset(set(self._tables) - self._facts)

    def rows(self, table: str) -> pd.DataFrame:
        """A table as it now stands, for looking; what is looked at through this may be edited."""
        if table not in self._tables:
            self._tables[table] = self.before.tables[table].reset_index(drop=True)
        if self._new.get(table):
            self._settle(table)
        return self._tables[table]

    def look(self, table: str) -> pd.DataFrame:
        """A table as it now stands, for looking only."""
        if table in self._tables:
            return self.rows(table)
        return self.before.tables[table].reset_index(drop=True)

    def put(self, table: str, where: pd.Index, column: str, value: object) -> None:
        """Write a value (a day, a number, a text or None) into a column of some rows."""
        if not len(where):
            return
        frame = self.rows(table).copy()
        was = days(frame.loc[where, column], FAR) if column in ENDS else None
        ends_later = was is not None and not pd.isna(value) and (was >= self.as_of).all()
        if not ends_later or np.datetime64(value, "D") < self.as_of:  # type: ignore[call-overload]
            self._facts.add(table)
        frame[column] = _widened(frame[column], {value})
        frame.loc[where, column] = _cell(value)
        self._tables[table] = frame

    def keep(self, table: str, where: np.ndarray) -> None:
        """Keep only some rows of a table."""
        self._facts.add(table)
        self._tables[table] = self.rows(table)[where].reset_index(drop=True)

    def add(self, table: str, row: Mapping[str, Any]) -> None:
        """Add a row; columns that are not named are empty."""
        if table not in self._tables:
            self._tables[table] = self.before.tables[table].reset_index(drop=True)
        if np.datetime64(row[BEGIN[table]], "D") <= self.as_of:
            self._facts.add(table)
        self._new.setdefault(table, []).append({name: _cell(v) for name, v in row.items()})

    def _settle(self, table: str) -> None:
        """The rows that were added, put into the table in one piece."""
        frame, rows = self._tables[table], self._new.pop(table)
        for place, row in enumerate(rows, 1):
            row |= {"row": place, "file": FILE}
        named = [name for name in dict.fromkeys(n for row in rows for n in row) if name in frame]
        wider = {name: _widened(frame[name], {row.get(name) for row in rows}) for name in named}
        frame = _with(frame, wider)
        # Rows without anything in them, in the table's own types, and then what is given.
        empty = frame.iloc[:0].reindex(range(len(rows)))
        cells = {n: pd.Series([row.get(n) for row in rows], dtype=frame[n].dtype) for n in named}
        added = _with(empty, cells)
        self._tables[table] = pd.concat([frame, added], ignore_index=True)

    def caseload(self) -> Caseload:
        """The changed caseload: its ids coded as before, new ids behind them, in all tables."""
        tables = {name: self.rows(name) for name in self._tables}
        every = {**self.before.tables, **tables}
        for name, columns in SHARED.items():
            dtype = self._shared(name, tables)
            for table, frame in every.items():
                mine = [c for c in columns if c in frame and frame[c].dtype is not dtype]
                if mine and table in tables:
                    every[table] = _with(frame, {c: frame[c].astype(dtype) for c in mine})
                elif mine and dtype is not self._was(name):
                    # New ids stand behind the old: the codes stay as they are.
                    recoded = {c: _recoded(frame[c], dtype) for c in mine}
                    every[table] = _with(frame, recoded)
        given = dict(self.before.given)
        for table in tables:
            known = given.get(table, frozenset())
            others = [c.name for c in TABLES[table].columns if c.name not in known]
            filled = {name for name in others if every[table][name].notna().any()}
            if filled:
                given[table] = known | filled
        return replace(self.before, tables=every, given=given)

    def _was(self, name: str) -> pd.CategoricalDtype:
        home = {"student_id": "students", "staff_id": "staff", "program_id": "programs"}
        return self.before.tables[home[name]][name].dtype

    def _shared(self, name: str, tables: Mapping[str, pd.DataFrame]) -> pd.CategoricalDtype:
        """The dtype of a shared id with the new ids in it, sorted behind the old."""
        was = self._was(name)
        new: set[str] = set()
        for frame in tables.values():
            for column in SHARED[name]:
                if column in frame and len(frame[column].cat.categories) != len(was.categories):
                    new.update(frame[column].cat.categories)
        extra = sorted(new.difference(was.categories)) if new else []
        return pd.CategoricalDtype([*was.categories, *extra]) if extra else was

    def known(self, table: str, column: str, value: str, what: str) -> str:
        """The value, if a row of the table has it. Raises PlanningError with the nearest one."""
        frame = self.look(table)
        names = list(dict.fromkeys(frame[column].dropna().astype(str)))
        if value not in names:
            shown = not_among(value, names) if len(names) <= 40 else _near(value, names)
            raise PlanningError(f"{what} {value!r} {shown}")
        return value

    def program(self, program: str) -> str:
        return self.known("programs", "program_id", program, "program")

    def day(self, given: date | None) -> Days:
        """The day a change holds from: the one given, else the day after as_of."""
        return self.as_of + np.timedelta64(1, "D") if given is None else np.datetime64(given, "D")


def _with(frame: pd.DataFrame, columns: Mapping[str, Any]) -> pd.DataFrame:
    """The frame with some columns put in place of its own; what stays is not copied."""
    frame = frame.copy(deep=False)
    for name, cells in columns.items():
        frame[name] = cells
    return frame


def _recoded(cells: pd.Series, dtype: pd.CategoricalDtype) -> pd.Categorical:
    return pd.Categorical.from_codes(cells.array.codes, dtype=dtype, validate=False)


def invented(caseload: Caseload) -> set[str]:
    """The students whom a scenario brings, and who are in no row of the user's own."""
    rows = caseload.tables["students"]
    made = rows["file"].astype(str) == FILE if "file" in rows else pd.Series(False, rows.index)
    ids = rows["student_id"].astype(str)
    return set(ids[made]) - set(ids[~made])


def _widened(cells: pd.Series, values: Iterable[object]) -> pd.Series:
    """A column whose categories have the values too; any other column as it is."""
    if not isinstance(cells.dtype, pd.CategoricalDtype):
        return cells
    texts = {value for value in values if isinstance(value, str) and value}
    extra = sorted(texts.difference(cells.cat.categories))
    return cells.cat.add_categories(extra) if extra else cells


def _near(value: str, names: Iterable[str]) -> str:
    said = not_among(value, names)
    guess = said.partition("allowed:")[0]
    return guess.rstrip("; ") + f"; there are {listing(list(names))}"


def _cell(value: object) -> object:
    if isinstance(value, np.datetime64 | date):
        return pd.Timestamp(value).as_unit("s")
    return value or None if isinstance(value, str) else value
