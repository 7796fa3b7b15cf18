"""Drafts: a table on its way into a caseload, typed, with the rows to be set aside marked."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from casekit.caseload import PROBLEM_COLUMNS
from casekit.readers.cells import choice, empty_cells, read_cells
from casekit.readers.headers import COLUMN_NAMES, fold, recognise
from casekit.readers.raw import RawTable, ReadError, problem
from casekit.tables import Column, Table


@dataclass
class Draft:
    """One table while it is read.

    frame      the typed columns, and `row` and `file`; index 0, 1, 2, ...
    given      the contract's columns that the user's files had.
    bad        which rows will be set aside.
    problems   frames of problems, columns PROBLEM_COLUMNS.
    origin     column -> (file, row) of each row, where an overlay filled cells of the column.
    """

    table: Table
    frame: pd.DataFrame
    given: frozenset[str]
    bad: np.ndarray
    problems: list[pd.DataFrame] = field(default_factory=list)
    origin: dict[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def good(self) -> pd.DataFrame:
        return self.frame[~self.bad]

    def report(
        self,
        rows: np.ndarray,
        column: str,
        what: str,
        fix: str,
        values: pd.Series | None = None,
        set_aside: bool = True,
    ) -> None:
        """A problem in each of some rows (a mask), quoting the cell; marks them bad or only notes.

        `{value}` in `what` and `fix` stands for the cell's own text.
        """
        places = np.flatnonzero(rows)
        if not len(places):
            return
        cells = self.frame[column] if values is None else values
        shown = _shown(cells.iloc[places])
        where = self.origin.get(column, self.frame[["file", "row"]]).iloc[places]
        self.problems.append(
            pd.DataFrame(
                {
                    "table": self.table.name,
                    "file": where["file"].astype(str).to_numpy(),
                    "row": where["row"].to_numpy(),
                    "column": column,
                    "value": shown,
                    "problem": [what.replace("{value}", value) for value in shown],
                    "fix": [fix.replace("{value}", value) for value in shown],
                    "set_aside": set_aside,
                },
                columns=list(PROBLEM_COLUMNS),
            )
        )
        if set_aside:
            self.bad = self.bad | rows

    def note(self, column: str, what: str, fix: str, file: str, value: str = "") -> None:
        """A note about a whole column or file."""
        row = problem(self.table.name, file, None, column, value, what, fix, set_aside=False)
        self.problems.append(pd.DataFrame([row]))


def _shown(cells: pd.Series) -> list[str]:
    if pd.api.types.is_datetime64_dtype(cells):
        iso = cells.dt.strftime("%Y-%m-%dT%H:%M:%S").astype(object)
        cells = iso.str.removesuffix("T00:00:00")
    return ["" if pd.isna(cell) else str(cell) for cell in cells.astype(object)]


def draft(table: Table, raw: RawTable, dates: str | None, partial: bool = False) -> Draft:
    """Type one raw table; `partial` (an overlay) may lack required columns.

    Raises ReadError where a required column is missing.
    """
    columns = recognise(table.name, list(raw.cells.columns))
    length = len(raw.cells)
    made = Draft(
        table,
        pd.DataFrame(index=pd.RangeIndex(length)),
        frozenset(name for name in columns if name),
        np.zeros(length, dtype=bool),
    )
    if raw.problems:
        made.problems.append(pd.DataFrame(raw.problems))
    if not partial:
        _require_columns(table, raw, made.given)
    made.frame["row"] = np.asarray(raw.rows, dtype="int64")
    made.frame["file"] = pd.Categorical.from_codes(
        np.zeros(length, "int8"), dtype=pd.CategoricalDtype([raw.file])
    )

    places: dict[str, int] = {}
    for place, header in enumerate(str(title) for title in raw.cells.columns):
        name = COLUMN_NAMES[table.name].get(fold(header))
        if name is None:
            if header or raw.cells.iloc[:, place].notna().any():
                _note_unknown(made, raw.file, header or f"column {place + 1}")
        elif (used := columns.index(name)) != place:
            _note_twice(made, raw, name, used, place)
        else:
            places[name] = place
    typed: dict[str, pd.Series] = {}
    for column in table.columns:
        if column.name in places:
            typed |= _read_column(made, column, raw.cells.iloc[:, places[column.name]], raw, dates)
        else:
            typed |= empty_cells(column, length)
    made.frame = pd.DataFrame(
        {**typed, "row": made.frame["row"], "file": made.frame["file"]}, copy=False
    )
    return made


def _read_column(
    made: Draft, column: Column, cells: pd.Series, raw: RawTable, dates: str | None
) -> dict[str, pd.Series]:
    read = read_cells(column, cells.reset_index(drop=True), dates or raw.dates)
    for rows, what, fix in read.wrong:
        made.report(rows, column.name, what, fix, read.texts)
    for rows, what, fix in read.notes:
        made.report(rows, column.name, what, fix, read.texts, set_aside=False)
    return read.values


def _require_columns(table: Table, raw: RawTable, given: frozenset[str]) -> None:
    missing = [c for c in table.columns if c.required and c.name not in given]
    if missing:
        also = "; ".join(
            f"{c.name} (also read: {', '.join(c.aliases)})" if c.aliases else c.name
            for c in missing
        )
        there = ", ".join(str(name) for name in raw.cells.columns if str(name)) or "nothing"
        raise ReadError(
            f"{raw.file}: the table {table.name} needs the column {also}; its header has: {there}. "
            "Add the column or rename the one that holds it"
        )


def _note_unknown(made: Draft, file: str, header: str) -> None:
    near = difflib.get_close_matches(choice(header), made.table.names, n=1, cutoff=0.75)
    made.note(
        header,
        f"{made.table.name} has no column of this name; it is kept out",
        f"did you mean {near[0]}?" if near else "nothing to do, if it is meant to be left out",
        file,
    )


def _note_twice(made: Draft, raw: RawTable, name: str, first: int, again: int) -> None:
    one, two = (raw.cells.iloc[:, i].fillna("").astype(str).str.strip() for i in (first, again))
    differ = int(((one != "") & (two != "") & (one != two)).sum())
    headers = [str(raw.cells.columns[i]) for i in (first, again)]
    what = f"{headers[0]} and {headers[1]} are both read as {name}; {headers[0]} is used"
    if differ:
        what += f", though they differ in {differ} rows"
    made.note(headers[1], what, "keep one of the two columns", raw.file)


def stack(table: Table, drafts: Sequence[Draft]) -> Draft:
    """Several drafts of one table, one under the other."""
    if len(drafts) == 1:
        return drafts[0]
    frames = share_categories([d.frame for d in drafts])
    frame = pd.concat(frames, ignore_index=True)
    origin = {}
    for column in {name for d in drafts for name in d.origin}:
        origin[column] = pd.concat(
            [d.origin.get(column, d.frame[["file", "row"]]) for d in drafts], ignore_index=True
        )
    return Draft(
        table,
        frame,
        frozenset().union(*(d.given for d in drafts)),
        np.concatenate([d.bad for d in drafts]),
        [found for d in drafts for found in d.problems],
        origin,
    )


def share_categories(frames: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """The frames with one set of categories in each categorical column they have in common."""
    frames = [frame.copy(deep=False) for frame in frames]
    for column in frames[0].columns:
        if isinstance(frames[0][column].dtype, pd.CategoricalDtype):
            every = frames[0][column].cat.categories
            for frame in frames[1:]:
                every = every.union(frame[column].cat.categories, sort=False)
            for frame in frames:
                frame[column] = frame[column].cat.set_categories(every)
    return frames
