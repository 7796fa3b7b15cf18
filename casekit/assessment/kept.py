"""Rows kept in a CSV of the user's own, one change at a time, so that nothing else in it is lost.

Whoever changed the file in between, their rows stay: it is read, merged and written anew under a
lock, each time. What casekit does not know or had set aside (other columns, rows that are no good)
stays as it stands.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from filelock import FileLock, Timeout

from casekit.caseload import Caseload
from casekit.files import write_bytes
from casekit.readers import RawTable, ReadError
from casekit.readers.delimited import decode, layout, read_delimited, records
from casekit.readers.drafts import draft, share_categories
from casekit.readers.headers import recognise, table_named
from casekit.readers.native import as_text
from casekit.tables import TABLES

Row = Mapping[str, str]
Key = tuple[str, ...]

# How long another program may hold the file, in seconds.
PATIENCE = 10
BYTE_MARK = b"\xef\xbb\xbf"


class SavingError(ValueError):
    """A row was not saved. One line: what is wrong, where, and what to do."""


def put(caseload: Caseload, folder: Path, table: str, key: Key, row: Row) -> Caseload:
    """Save a row in the folder's CSV of a table; the caseload with it.

    It takes the place of the rows with the same key, and stands last. Raises SavingError where a
    cell cannot be read, or the file cannot be written: then nothing has changed.
    """
    typed = _typed(table, row)
    return _changed(caseload, folder, table, key, typed, _texts(table, typed))


def withdraw(caseload: Caseload, folder: Path, table: str, key: Key, row: Row) -> Caseload:
    """Take the rows with this row's key out of the folder's CSV; the caseload without them.

    Raises SavingError as `put` does.
    """
    typed = _typed(table, row)
    named = {name: text for name, text in _texts(table, typed).items() if name in key}
    return _changed(caseload, folder, table, key, typed.iloc[:0], named)


def file_of(folder: Path, table: str) -> Path:
    """The CSV of a table in a folder, under the name that it has there."""
    there = folder.glob("*") if folder.is_dir() else ()
    named = (p for p in there if p.suffix.lower() == ".csv" and table_named(p.stem) == table)
    return next(named, folder / f"{table}.csv")


def merged(table: str, file: str, data: bytes, key: Key, row: Row) -> bytes:
    """The bytes of a CSV with a row in the place of those with its key.

    A row of the key alone only takes them out. The separator, the columns and their order stay;
    a column that is not there yet and is needed comes last. Raises ReadError where it is no CSV
    of the table.
    """
    adding = set(row) > set(key)
    text, _ = decode(table, file, data)
    if not text.strip():
        return _written([list(row), list(row.values())], ",", "\n") if adding else data
    read_delimited(table, file, data)  # raises where a quotation mark is never closed
    separator, place, titles = layout(table, text)
    lines = list(records(text, separator))
    names = recognise(table, titles)
    if not set(key) <= set(names):
        raise ReadError(f"{file} has no column {' or '.join(sorted(set(key) - set(names)))}")
    head, rest = lines[: place + 1], lines[place + 1 :]
    places = [names.index(name) for name in key]
    same = [_has(line, places, [row[name] for name in key]) for line in rest]
    kept = [line for line, found in zip(rest, same, strict=True) if not found]
    if adding:
        replaced = [line for line, found in zip(rest, same, strict=True) if found]
        more = [name for name in row if name not in names and row[name]]
        head[-1:] = _widened(head[-1:], len(titles), more)
        kept = _widened(kept, len(titles), [""] * len(more))
        last = _widened(replaced[-1:] or [[]], len(titles), [""] * len(more))[0]
        kept.append(_filled(last, [*names, *more], row))
    whole = _written([*head, *kept], separator, "\r\n" if "\r\n" in text else "\n")
    # A spreadsheet knows UTF-8 by its mark: what had one, or was in another encoding, has one.
    return whole if text.encode() == data else BYTE_MARK + whole


def _typed(table: str, row: Row) -> pd.DataFrame:
    """The row as its table's reader reads it."""
    columns = TABLES[table].columns
    texts = {c.name: row.get(c.name, "").strip() for c in columns}
    texts |= {c.name: inert(texts[c.name]) for c in columns if c.type == "text"}
    empty = [c.name for c in columns if c.required and not texts[c.name]]
    if empty:
        raise SavingError(f"Not saved: {empty[0].replace('_', ' ')} is empty. Fill it in.")
    cells = pd.DataFrame({name: [text] for name, text in texts.items() if text}, dtype="str")
    raw = RawTable(table, f"{table}.csv", cells, np.zeros(1, "int64"))
    made = draft(TABLES[table], raw, None)
    if made.bad.any():
        said = made.problems[0].iloc[0]
        where = f"{said['column'].replace('_', ' ')} {said['value']!r}"
        raise SavingError(f"Not saved: {where}: {said['problem']}; {said['fix']}.")
    return made.frame


def _texts(table: str, typed: pd.DataFrame) -> dict[str, str]:
    """A typed row as the text that reads back as it, which no spreadsheet runs."""
    written = {c: as_text(typed, c).fillna("").iloc[0] for c in TABLES[table].columns}
    return {c.name: inert(t) if c.type == "text" else t for c, t in written.items()}


def inert(text: str) -> str:
    """A text led by an apostrophe where a spreadsheet would run it; the reader takes it off."""
    return f"'{text}" if re.match(r"'*[=+\-@]", text) else text


def _changed(
    caseload: Caseload, folder: Path, table: str, key: Key, typed: pd.DataFrame, row: Row
) -> Caseload:
    _save(folder, table, key, row)
    old = caseload.tables[table]
    same = np.logical_and.reduce([(old[name].astype("str") == row[name]) for name in key])
    frames = share_categories([old[~same], typed])
    frame = pd.concat(frames, ignore_index=True) if len(typed) else frames[0]
    given = {**caseload.given, table: caseload.given.get(table, frozenset()) | set(row)}
    tables = {**caseload.tables, table: frame.reset_index(drop=True)}
    return Caseload(tables, given, caseload.problems, caseload.sources)


def _save(folder: Path, table: str, key: Key, row: Row) -> None:
    path = file_of(folder, table)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f".{table}.lock", timeout=PATIENCE):
            before = path.read_bytes() if path.exists() else b""
            after = merged(table, path.name, before, key, row)
            if after != before:
                write_bytes(path, after)
    except Timeout:
        raise SavingError(
            f"Not saved: another program is writing {path.name}. Wait a moment, and try again."
        ) from None
    except (ReadError, csv.Error) as error:
        raise SavingError(f"Not saved: {error}. Mend the file, and try again.") from None
    except OSError as error:
        raise SavingError(
            f"Not saved: {path} cannot be written ({error.strerror}). Close it in other programs,"
            " or ask for the right to write there, and try again."
        ) from None


def _has(line: Sequence[str], places: Sequence[int], wanted: Sequence[str]) -> bool:
    return [line[i].strip() if i < len(line) else "" for i in places] == list(wanted)


def _widened(lines: Sequence[list[str]], width: int, more: Sequence[str]) -> list[list[str]]:
    """The lines with cells put in after the header's last column.

    What stood beyond it stays beyond it: a line that was too long is not taken for a good one.
    """
    if not more:
        return list(lines)
    whole = ((line, line + [""] * (width - len(line))) for line in lines)
    return [[*wide[:width], *more, *wide[width:]] if line else [] for line, wide in whole]


def _filled(line: list[str], names: Sequence[str | None], row: Row) -> list[str]:
    """A line with the row's cells in their columns; the other columns keep what they hold."""
    wide = line + [""] * (len(names) - len(line))
    known = [row.get(name or "", cell) for name, cell in zip(names, wide, strict=False)]
    return known + wide[len(names) :]


def _written(lines: Sequence[Sequence[str]], separator: str, ending: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator=ending).writerows(lines)
    return text.getvalue().encode()
