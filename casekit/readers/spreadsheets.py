"""Spreadsheets: the sheets of an .xlsx workbook and Parquet files, as raw tables of text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl.utils.datetime import from_excel

from casekit.readers.dates import SERIALS
from casekit.readers.headers import TITLE_ROWS, find_header, recognise, table_named
from casekit.readers.raw import RawTable, ReadError, notice, problem
from casekit.readers.zips import members
from casekit.tables import TABLES

# The first bytes of an old .xls, and of an .xlsx that has a password.
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
FORMULA = re.compile(rb"<f[ >/]")
DATES = ("date", "moment")


def read_workbook(file: str, data: bytes) -> list[RawTable]:
    """One raw table per sheet that is a table, a note per other sheet. Raises ReadError."""
    if data.startswith(OLD_OFFICE):
        raise ReadError(
            f"{file} has a password or is an old .xls; save it as .xlsx without a password"
        )
    parts = members(file, data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        tables = {sheet.title: table_named(sheet.title) for sheet in book.worksheets}
        sheets = {title: _rows(book[title]) for title, name in tables.items() if name}
        unsaved = _unsaved_formulas(data, parts, list(sheets))
    except Exception as error:  # openpyxl raises many kinds for a damaged file
        said = str(error).splitlines()[0][:100] if str(error) else type(error).__name__
        raise ReadError(f"{file} cannot be read as a workbook ({said}); save it again") from None
    read = [
        _sheet(name, f"{file}:{title}", sheets[title], unsaved.get(title, set()), book.epoch)
        if name
        else _other_sheet(f"{file}:{title}")
        for title, name in tables.items()
    ]
    names = [name for name in tables.values() if name]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ReadError(f"{file} has more than one sheet for the table {twice[0]}; keep one")
    if not names:
        raise ReadError(
            f"{file} has no sheet named as a table (it has {', '.join(tables)}); "
            f"tables are {', '.join(TABLES)}"
        )
    return read


def _rows(sheet: Any) -> list[tuple[object, ...]]:
    # Some programs write a wrong extent, which would cut the sheet short.
    sheet.reset_dimensions()
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


def _unsaved_formulas(
    data: bytes, parts: dict[str, bytes], titles: list[str]
) -> dict[str, set[tuple[int, int]]]:
    """Per sheet, the places (from 0) of formulas whose result was never saved."""
    sheets = [part for name, part in parts.items() if name.startswith("xl/worksheets/")]
    if not any(FORMULA.search(part) for part in sheets):
        return {}
    formulas = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    results = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    places: dict[str, set[tuple[int, int]]] = {}
    for title in titles:
        formulas[title].reset_dimensions()
        results[title].reset_dimensions()
        both = zip(formulas[title].iter_rows(), results[title].iter_rows(), strict=True)
        places[title] = {
            (r, c)
            for r, (written, saved) in enumerate(both)
            for c, (one, other) in enumerate(zip(written, saved, strict=True))
            # "str" is the saved result "", which is an empty cell like any other.
            if one.value is not None and other.value is None and other.data_type != "str"
        }
    return places


def _other_sheet(file: str) -> RawTable:
    what = "this sheet is no table of a caseload; it is kept out"
    return notice(file, what, f"tables are {', '.join(TABLES)}")


def _sheet(
    name: str,
    file: str,
    rows: Sequence[tuple[object, ...]],
    unsaved: set[tuple[int, int]],
    epoch: datetime,
) -> RawTable:
    table = TABLES[name]
    if not any(cell not in (None, "") for row in rows for cell in row):
        if table.required:
            needed = ", ".join(c.name for c in table.columns if c.required)
            raise ReadError(f"{file} is empty; the table {name} needs a header with {needed}")
        what = "the sheet is empty; it is read as a table that is not there"
        return notice(file, what, "remove it, or give it a header row", name)
    place, titles = find_header(table, rows[:TITLE_ROWS])
    known = recognise(name, titles)
    problems, kept, numbers = [], [], []
    for r in range(place + 1, len(rows)):
        row = rows[r]
        gaps = [c for c in range(len(row)) if (r, c) in unsaved and c < len(known) and known[c]]
        if any(cell is not None and str(cell).strip() for cell in row[len(titles) :]):
            what = f"the row has cells beyond the header's {len(titles)}"
            fix = "give every column a header, or clear the cells"
            problems.append(problem(name, file, r + 1, "", "", what, fix))
        elif gaps:
            what = "a formula stands here whose result was not saved"
            fix = "open the workbook in a spreadsheet program and save it"
            problems += [problem(name, file, r + 1, str(known[c]), "", what, fix) for c in gaps]
        elif any(cell is not None and str(cell).strip() for cell in row):
            kept.append((*row, *[None] * (len(titles) - len(row)))[: len(titles)])
            numbers.append(r + 1)
    columns = {}
    for c, column in enumerate(known):
        values: list[object] = [row[c] for row in kept]
        if column and table.column(column).type in DATES:
            values = [_serial(value, epoch) for value in values]
        columns[c] = pd.Series(texts(values), dtype="str")
    cells = pd.DataFrame(columns, index=pd.RangeIndex(len(kept)))
    cells.columns = pd.Index(titles, dtype="str")
    return RawTable(name, file, cells, np.array(numbers, "int64"), problems=problems)


def _serial(value: object, epoch: datetime) -> object:
    """A number in a column of dates is a count of days since the workbook's epoch."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if number and SERIALS[0] <= float(str(value)) <= SERIALS[1]:
        return from_excel(value, epoch)
    return value


def texts(values: Iterable[object]) -> list[str | None]:
    """Cells of one column as text. Midnight, where no cell has another time, is a date."""
    cells = list(values)
    stamps = [cell for cell in cells if isinstance(cell, datetime) and cell is not pd.NaT]
    only_days = all(cell.time() == time() and cell.tzinfo is None for cell in stamps)
    return [_text(cell, only_days) for cell in cells]


def _text(cell: object, only_days: bool) -> str | None:
    if isinstance(cell, (list, tuple, np.ndarray)):
        return ";".join(_text(item, only_days) or "" for item in cell)
    if cell is None or cell is pd.NaT or cell is pd.NA or cell != cell:
        return None
    if isinstance(cell, datetime):
        return cell.date().isoformat() if only_days else cell.isoformat(timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, (bool, np.bool_)):
        return "true" if cell else "false"
    if isinstance(cell, (float, np.floating)):
        # 15 digits are what a cell shows: 0.7 * 0.8 is 0.56, not 0.5599999999999999.
        number = float(f"{cell:.15g}")
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else str(number)
    return str(cell).replace("\0", "") or None


def read_parquet(name: str, file: str, data: bytes) -> RawTable:
    """One table from the bytes of a Parquet file; its first record is row 1. Raises ReadError."""
    try:
        frame = pq.read_table(io.BytesIO(data)).to_pandas(
            ignore_metadata=True, integer_object_nulls=True
        )
    except (pa.ArrowException, OSError, ValueError) as error:
        said = str(error).splitlines()[0][:100]
        raise ReadError(f"{file} cannot be read as Parquet ({said}); write it again") from None
    columns = {c: _column_texts(frame.iloc[:, c]) for c in range(frame.shape[1])}
    cells = pd.DataFrame(columns, index=pd.RangeIndex(len(frame)))
    cells.columns = pd.Index([str(column) for column in frame.columns], dtype="str")
    filled = cells.notna().any(axis=1).to_numpy()
    rows = np.arange(1, len(frame) + 1)[filled]
    return RawTable(name, file, cells[filled].reset_index(drop=True), rows)


def _column_texts(column: pd.Series) -> pd.Series:
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.cat.categories.dtype)
    if column.dtype == "float32":  # as written: 0.1, not the double nearest to that single
        column = column.astype("str").astype("float64")
    try:
        codes, distinct = pd.factorize(column)
    except TypeError:  # lists cannot be compared
        return pd.Series(texts(column), dtype="str")
    written = pd.Series(texts(distinct), dtype="str")
    return written.reindex(codes).reset_index(drop=True)
