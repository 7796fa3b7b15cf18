"""RawTable: one table as it stands in the user's files, every cell still text.

Readers of every format end here; `casekit.readers.assemble` types and checks what they found.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd


class ReadError(ValueError):
    """The data cannot be read at all. The message is one line: what, where, what is allowed."""


def problem(
    table: str,
    file: str,
    row: int | None,
    column: str,
    value: object,
    problem: str,
    fix: str,
    set_aside: bool = True,
) -> dict[str, object]:
    """One row of the frame of problems (`casekit.caseload.PROBLEM_COLUMNS`)."""
    return {
        "table": table,
        "file": file,
        "row": row,
        "column": column,
        "value": "" if value is None else str(value),
        "problem": problem,
        "fix": fix,
        "set_aside": set_aside,
    }


@dataclass(frozen=True)
class RawTable:
    """One table of text.

    name      the table of the contract (`casekit.tables.TABLES`) that it is.
    file      the file (and sheet) it stands in, as the user knows it.
    cells     one column per header, named as in the file; each cell a str, or None where empty.
    rows      the row number of each row in the user's own file (a header row is row 1).
    dates     the order of days and months, "dmy" or "mdy", where the format itself settles it.
    problems  what was already wrong on the way here, as `problem(...)` rows.
    """

    name: str
    file: str
    cells: pd.DataFrame
    rows: np.ndarray
    dates: str | None = None
    problems: list[dict[str, object]] = field(default_factory=list)


def notice(file: str, what: str, fix: str, table: str = "") -> RawTable:
    """No table, but a note about a file (or sheet) that gave none."""
    note = problem(table, file, None, "", None, what, fix, set_aside=False)
    return RawTable("", file, pd.DataFrame(), np.zeros(0, "int64"), problems=[note])
