"""Reading: files of any accepted kind become a Caseload, with every problem found told at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from casekit.caseload import PROBLEM_COLUMNS, Caseload
from casekit.readers.drafts import Draft, draft, stack
from casekit.readers.files import raw_tables
from casekit.readers.keys import check, finished
from casekit.readers.overlay import overlaid
from casekit.readers.raw import RawTable, ReadError
from casekit.tables import TABLES

__all__ = ["RawTable", "ReadError", "assemble", "raw_tables", "read"]

ORDERS = ("dmy", "mdy")


def read(path: Path, *, overlay: Path | None = None, dates: str | None = None) -> Caseload:
    """A caseload from a folder of TABLE.csv or TABLE.parquet, an .xlsx, or a .zip of a folder.

    overlay  a second such place, which fills empty cells and adds rows.
    dates    "dmy" or "mdy", where dates are written with the day or the month first.

    Raises ReadError, in one line, where it cannot be read at all.
    """
    raw, sources = raw_tables(path)
    over: list[RawTable] = []
    if overlay is not None:
        over, more = raw_tables(overlay)
        sources |= {f"overlay/{name}" if name in sources else name: h for name, h in more.items()}
    return assemble(raw, overlay=over, dates=dates, sources=sources)


def assemble(
    raw: Sequence[RawTable],
    *,
    overlay: Sequence[RawTable] = (),
    dates: str | None = None,
    sources: Mapping[str, str] | None = None,
) -> Caseload:
    """Type, overlay and check raw tables. Raises ReadError where no caseload can come of them."""
    if dates is not None and dates not in ORDERS:
        raise ReadError(f"the order of dates is {dates!r}; it must be dmy or mdy")
    problems = [
        pd.DataFrame(table.problems)
        for table in (*raw, *overlay)
        if table.name not in TABLES and table.problems
    ]
    drafts = _drafts(raw, overlay, dates)
    for name, table in TABLES.items():
        if table.required and name not in drafts:
            there = ", ".join(sorted(drafts)) or "no table that casekit knows"
            raise ReadError(
                f"the table {name} is not there; found: {there}. A caseload needs programs and "
                f"students, and may have {', '.join(n for n in TABLES if not TABLES[n].required)}"
            )
    check(drafts)
    problems += [found for name in TABLES if name in drafts for found in drafts[name].problems]
    told = _in_order(problems)
    _require_rows(drafts, told)
    given = {name: drafts[name].given for name in TABLES if name in drafts}
    return Caseload(finished(drafts), given, told, dict(sources or {}))


def _drafts(
    raw: Sequence[RawTable], overlay: Sequence[RawTable], dates: str | None
) -> dict[str, Draft]:
    drafts = {}
    for name, table in TABLES.items():
        base = [draft(table, one, dates) for one in raw if one.name == name]
        over = [draft(table, one, dates, bool(base)) for one in overlay if one.name == name]
        if base and over:
            drafts[name] = overlaid(stack(table, base), stack(table, over))
        elif base or over:
            drafts[name] = stack(table, base or over)
    return drafts


def _in_order(problems: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All problems as one frame, table by table in the contract's order, then by file and row."""
    columns = list(PROBLEM_COLUMNS)
    if not problems:
        problems = [pd.DataFrame({name: pd.Series(dtype="str") for name in columns})]
    frame = pd.concat([p[columns].astype(object) for p in problems], ignore_index=True)
    frame["row"] = frame["row"].astype("Int64")
    frame["set_aside"] = frame["set_aside"].astype(bool)
    for name in columns:
        if name not in ("row", "set_aside"):
            frame[name] = frame[name].fillna("").astype("str")
    places = {name: place for place, name in enumerate(TABLES)}
    order = frame.assign(place=frame["table"].map(places).fillna(len(places)))
    order = order.sort_values(["place", "file", "row"], kind="stable", na_position="first")
    return frame.loc[order.index].reset_index(drop=True)


def _require_rows(drafts: Mapping[str, Draft], problems: pd.DataFrame) -> None:
    for name, table in TABLES.items():
        if table.required and len(drafts[name].frame) and drafts[name].bad.all():
            mine = problems[(problems["table"] == name) & problems["set_aside"]]
            first = mine.iloc[0]
            raise ReadError(
                f"no row of {name} is left: {len(mine)} problems, the first in {first['file']} "
                f"row {first['row']}, {first['column']} {first['value']!r}: {first['problem']}; "
                f"{first['fix']}"
            )
