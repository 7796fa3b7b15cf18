"""Delimited text: CSV files of any usual encoding and separator, ragged or not."""

from __future__ import annotations

import csv
import io
import re
from itertools import islice

import numpy as np
import pandas as pd

from casekit.readers.headers import TITLE_ROWS, find_header, recognise
from casekit.readers.raw import RawTable, ReadError, problem
from casekit.tables import TABLES

SEPARATORS = (",", ";", "\t", "|")
# The header is looked for in this many characters.
TOP = 200_000
# A long note is a cell like any other; by itself the csv module refuses 131,073 characters.
csv.field_size_limit(2**31 - 1)


def read_delimited(name: str, file: str, data: bytes) -> RawTable:
    """One table from the bytes of a CSV file. Raises ReadError where it is no text."""
    text, problems = decode(name, file, data)
    separator, place, titles = layout(name, text)
    try:
        cells, rows = _fast(text, separator, place, len(titles))
    except pd.errors.ParserError as error:
        if "EOF inside string" in str(error):
            raise ReadError(_unclosed(file, str(error), place)) from None
        cells, rows, ragged = _slow(name, file, text, separator, place, len(titles))
        problems += ragged
    cells.columns = pd.Index(titles)
    filled = cells.notna().any(axis=1).to_numpy()
    return RawTable(
        name, file, cells[filled].reset_index(drop=True), rows[filled], problems=problems
    )


def decode(name: str, file: str, data: bytes) -> tuple[str, list[dict[str, object]]]:
    """The text of a file, and a note where its encoding had to be guessed."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1")):
        raise ReadError(f"{file} is not text, whatever its name says; save it as CSV in UTF-8")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif data[:200].count(0) > len(data[:200]) / 10:
        # UTF-16 without a mark: the zero bytes of plain letters stand second or first. A stray
        # one does not make it so.
        little = data[1:200:2].count(0) > data[0:200:2].count(0)
        encoding = "utf-16-le" if little else "utf-16-be"
    else:
        encoding = "utf-8-sig"
    try:
        return _without_nul(name, file, data.decode(encoding), [])
    except UnicodeDecodeError:
        if encoding != "utf-8-sig":
            raise ReadError(f"{file} is not text; save it as CSV in UTF-8") from None
    what = "the file is not UTF-8; it was read as Windows-1252"
    fix = "save it as CSV UTF-8 if letters look wrong"
    note = problem(name, file, None, "", None, what, fix, set_aside=False)
    return _without_nul(name, file, data.decode("cp1252", errors="replace"), [note])


def _without_nul(
    name: str, file: str, text: str, notes: list[dict[str, object]]
) -> tuple[str, list[dict[str, object]]]:
    """The text without NUL characters, and a note where there were any."""
    if "\0" not in text:
        return text, notes
    what = f"the file holds {text.count(chr(0))} NUL characters; they were left out"
    fix = "save it again as CSV UTF-8"
    note = problem(name, file, None, "", None, what, fix, set_aside=False)
    return text.replace("\0", ""), [*notes, note]


def layout(name: str, text: str) -> tuple[str, int, list[str]]:
    """The separator under which most columns are known, the header's place, and its names."""
    best: tuple[int, str, int, list[str]] = (-1, ",", 0, [""])
    for separator in SEPARATORS:
        try:
            top = list(islice(records(text[:TOP], separator), TITLE_ROWS))
        except csv.Error:
            continue
        place, titles = find_header(TABLES[name], top)
        known = len({column for column in recognise(name, titles) if column})
        if known > best[0]:
            best = (known, separator, place, titles)
    _, separator, place, titles = best
    while len(titles) > 1 and not titles[-1]:
        titles = titles[:-1]
    return separator, place, titles


def records(text: str, separator: str) -> csv._reader:  # type: ignore[name-defined]
    """The records of a CSV text, each a list of cells; cells may hold line breaks."""
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _fast(text: str, separator: str, place: int, width: int) -> tuple[pd.DataFrame, np.ndarray]:
    """By pandas' own parser, which refuses a row with more cells than the header."""
    frame = pd.read_csv(
        io.StringIO(text, newline=""),
        sep=separator,
        header=None,
        skiprows=place,
        dtype="str",
        keep_default_na=False,
        na_values=[""],
        skip_blank_lines=False,
        engine="c",
        low_memory=False,
    )
    if frame.shape[1] != width:
        raise pd.errors.ParserError("the header's width differs")
    cells = frame.iloc[1:].reset_index(drop=True)
    return cells, np.arange(len(cells)) + place + 2


def _slow(
    name: str, file: str, text: str, separator: str, place: int, width: int
) -> tuple[pd.DataFrame, np.ndarray, list[dict[str, object]]]:
    """Row by row: one with too many cells is a problem, one with too few lacks the last."""
    kept, rows, problems = [], [], []
    try:
        for number, cells in enumerate(records(text, separator), 1):
            if number <= place + 1:
                continue
            if any(cell.strip() for cell in cells[width:]):
                what = f"the row has {len(cells)} cells and the header {width}"
                fix = "put quotation marks around a cell that holds the separator"
                problems.append(
                    problem(name, file, number, "", separator.join(cells)[:200], what, fix)
                )
                continue
            kept.append([cell or None for cell in cells[:width]] + [None] * (width - len(cells)))
            rows.append(number)
    except csv.Error as error:
        raise ReadError(f"{file} cannot be read as CSV near row {len(rows) + 1}: {error}") from None
    return pd.DataFrame(kept, columns=range(width), dtype="str"), np.array(rows, "int64"), problems


def _unclosed(file: str, error: str, place: int) -> str:
    found = re.search(r"starting at row (\d+)", error)
    row = f"row {int(found[1]) + place + 1}" if found else "some row"
    return f"{file}: the quotation mark opened in {row} is never closed; close it"
