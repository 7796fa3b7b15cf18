"""Headers: which column of the contract each column of a user's file is, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence

from casekit.tables import TABLES, Table

# Title rows may stand above the header, but not more than this.
TITLE_ROWS = 20


def fold(text: object) -> str:
    """A name without case, spaces, underscores and other marks: "Student_ID*" is "studentid"."""
    return re.sub(r"[\W_]+", "", str(text or "").lower())


TABLE_NAMES = {fold(name): name for name in TABLES}
COLUMN_NAMES = {
    table.name: {
        fold(name): column.name
        for column in reversed(table.columns)
        # A column's own name stands above any other column's alias.
        for name in (*column.aliases, column.name)
    }
    | {fold(column.name): column.name for column in table.columns}
    for table in TABLES.values()
}


def table_named(name: str) -> str | None:
    """The table of the contract that a file or a sheet of this name is, if any."""
    return TABLE_NAMES.get(fold(name))


def recognise(table: str, headers: Sequence[object]) -> list[str | None]:
    """The contract's column for each header, None where it is none of the table's.

    Beside a column under its own name, an alias of it is none: `start_date` next to
    `enrollment_start` is an extra, in whatever order they stand.
    """
    folded = [fold(header) for header in headers]
    names = [COLUMN_NAMES[table].get(header) for header in folded]
    own = set(folded)
    return [
        None if name and header != fold(name) and fold(name) in own else name
        for header, name in zip(folded, names, strict=True)
    ]


def find_header(table: Table, top: Sequence[Sequence[object]]) -> tuple[int, list[str]]:
    """The header's place among a file's first rows, and its names.

    It is the first row with every required column, else the one with the most known columns. An
    empty cell takes the cell above it, which is where a merged header's text stands.
    """
    required = {column.name for column in table.columns if column.required}
    best, best_known, names = 0, -1, [""]
    above: Sequence[object] = ()
    for place, row in enumerate(top[:TITLE_ROWS]):
        titles = [
            str(cell or (above[i] if i < len(above) else "") or "").strip()
            for i, cell in enumerate(row)
        ]
        known = {name for name in recognise(table.name, titles) if name}
        if required <= known:
            return place, titles
        if len(known) > best_known and any(titles):
            best, best_known, names = place, len(known), titles
        above = row
    return best, names
