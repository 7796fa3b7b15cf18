"""Rows kept in a CSV of the user's own, one change at a time, so that nothing else in it is lost.

Whoever changed the file in between, their rows stay: it is read and merged under a lock, each time.
What casekit does not know or had set aside (other columns, rows that are no good) stays as it
stands, letter by letter.
"""

from __future__ import annotations

import codecs
import csv
import errno
import io
import re
from collections.abc import Iterable, Mapping, Sequence
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
MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "cp1252": b"",
}


class SavingError(ValueError):
    """A row was not saved. One line: what is wrong, where, and what to do."""


def put(caseload: Caseload, folder: Path, table: str, key: Key, row: Row) -> Caseload:
    """Save a row in the folder's CSV of a table; the caseload with it.

    It takes the place of the row in force with the same key, and stands last. Raises SavingError
    where a cell cannot be read, or the file cannot be written: then nothing has changed.
    """
    typed = _typed(table, row)
    row = _texts(table, typed).iloc[0].to_dict()
    replaced = _save(folder, table, key, row)
    return _changed(caseload, table, key, typed, row, replaced)


def withdraw(caseload: Caseload, folder: Path, table: str, key: Key, row: Row) -> Caseload:
    """Take the row in force with this row's key out of the folder's CSV; the caseload without it.

    Raises SavingError as `put` does, and where the file has no such row.
    """
    typed = _typed(table, row)
    named = _texts(table, typed)[list(key)].iloc[0].to_dict()
    if not _save(folder, table, key, named):
        raise SavingError(
            f"Not taken back: {file_of(folder, table)} has no such row, or has it written in"
            " another way. Take it out where it stands, and read the roster again."
        )
    return _changed(caseload, table, key, typed.iloc[:0], named, True)


def file_of(folder: Path, table: str) -> Path:
    """The CSV of a table in a folder, under the name that it has there."""
    there = folder.glob("*") if folder.is_dir() else ()
    named = (p for p in there if p.suffix.lower() == ".csv" and table_named(p.stem) == table)
    return next(named, folder / f"{table}.csv")


def merged(table: str, file: str, data: bytes, key: Key, row: Row) -> tuple[bytes, bool]:
    """The bytes of a CSV with a row in the place of the one with its key; whether there was one.

    That is the last good row with the key: a row that was set aside stays. A row of the key alone
    only takes it out. The separator, the columns and all other rows stay; a column that is not
    there yet and is needed comes last. Raises ReadError where it is no CSV of the table.
    """
    adding = set(row) > set(key)
    text, _ = decode(table, file, data)
    if not text.strip():
        fresh = "".join(_line(cells, ",", "\n") for cells in (row.keys(), row.values()))
        return (fresh.encode() if adding else data), False
    if not _faithful(text, data):
        raise ReadError(f"{file} holds letters of no known encoding; save it as CSV in UTF-8")
    read_delimited(table, file, data)  # raises where a quotation mark is never closed
    separator, place, titles = layout(table, text)
    names = recognise(table, titles)
    if not set(key) <= set(names):
        raise ReadError(f"{file} has no column {' or '.join(sorted(set(key) - set(names)))}")
    ending = "\r\n" if "\r\n" in text else "\n"
    lines, cells = _records(text, separator)
    found = _in_force(table, file, titles, cells, place + 1, key, row)
    replaced = [] if found is None else cells[found]
    if found is not None:
        del lines[found], cells[found]
    if adding:
        more = [name for name in row if name not in names and row[name]]
        if more:
            wide = [_widened(each, len(titles), [""] * len(more)) for each in cells[place + 1 :]]
            header = _widened(cells[place], len(titles), more)
            lines[place:] = [_line(each, separator, ending) for each in (header, *wide)]
        replaced = _widened(replaced, len(titles), [""] * len(more))
        if not lines[-1].endswith(("\n", "\r")):
            lines[-1] += ending
        lines.append(_line(_filled(replaced, [*names, *more], row), separator, ending))
    whole = "".join(lines).encode()
    # A spreadsheet knows UTF-8 by its mark: what had one, or was in another encoding, has one.
    return (whole if text.encode() == data else codecs.BOM_UTF8 + whole), found is not None


def _faithful(text: str, data: bytes) -> bool:
    """Whether the text is all that the bytes hold: none of it was left out or guessed."""
    return any(
        text.encode(encoding, "replace") == data.removeprefix(mark)
        for encoding, mark in MARKS.items()
    )


def _records(text: str, separator: str) -> tuple[list[str], list[list[str]]]:
    """The records of a CSV text: each as it stands, its line end with it, and as cells."""
    reader, written = records(text, separator), io.StringIO(text, newline="").readlines()
    lines, cells, start = [], [], 0
    for each in reader:
        lines.append("".join(written[start : reader.line_num]))
        cells.append(each)
        start = reader.line_num
    return lines, cells


def _in_force(
    table: str, file: str, titles: list[str], cells: list[list[str]], first: int, key: Key, row: Row
) -> int | None:
    """The place of the last good record, from `first` on, whose cells read as the row's key."""
    width = len(titles)
    fit = [i for i in range(first, len(cells)) if any(cells[i]) and not any(cells[i][width:])]
    texts = [[cell or None for cell in (cells[i] + [""] * width)[:width]] for i in fit]
    frame = pd.DataFrame(texts, columns=pd.Index(titles), dtype="str")
    made = draft(TABLES[table], RawTable(table, file, frame, np.array(fit, "int64")), None)
    written = _texts(table, made.frame)
    filled = [written[c.name] != "" for c in TABLES[table].columns if c.required]
    equal = [written[name] == row[name] for name in key]
    same = np.logical_and.reduce([~made.bad, *filled, *equal])
    return fit[np.flatnonzero(same)[-1]] if same.any() else None


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


def _texts(table: str, typed: pd.DataFrame) -> pd.DataFrame:
    """Typed rows as the text that reads back as them, which no spreadsheet runs."""
    written = {c: as_text(typed, c).fillna("") for c in TABLES[table].columns}
    told = {c.name: t.map(inert) if c.type == "text" else t for c, t in written.items()}
    return pd.DataFrame(told)


def inert(text: str) -> str:
    """A text led by an apostrophe where a spreadsheet would run it; the reader takes it off."""
    return f"'{text}" if re.match(r"'*[=+\-@]", text) else text


def _changed(
    caseload: Caseload, table: str, key: Key, typed: pd.DataFrame, row: Row, replaced: bool
) -> Caseload:
    """The caseload with the row last, and (where it replaced one) without the one it replaced."""
    old = caseload.tables[table]
    texts = _texts(table, old)
    same = np.logical_and.reduce([texts[name] == row[name] for name in key])
    gone = np.flatnonzero(same)[-1:] if replaced else np.zeros(0, "int64")
    frames = share_categories([old.drop(index=old.index[gone]), typed])
    frame = pd.concat(frames, ignore_index=True) if len(typed) else frames[0]
    given = {**caseload.given, table: caseload.given.get(table, frozenset()) | set(row)}
    tables = {**caseload.tables, table: frame.reset_index(drop=True)}
    return Caseload(tables, given, caseload.problems, caseload.sources)


def _save(folder: Path, table: str, key: Key, row: Row) -> bool:
    """Write the file with the row put in, or taken out; whether there was one with its key."""
    path = file_of(folder, table)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f".{table}.lock", timeout=PATIENCE):
            before = path.read_bytes() if path.exists() else b""
            after, replaced = merged(table, path.name, before, key, row)
            if after != before:
                write_bytes(path, after)
    except Timeout:
        raise SavingError(
            f"Not saved: another program is writing {path.name}. Wait a moment, and try again."
        ) from None
    except (ReadError, csv.Error) as error:
        raise SavingError(f"Not saved: {error}. Mend the file, and try again.") from None
    except NotImplementedError:
        raise SavingError(
            f"Not saved: the drive of {folder} cannot hold a file for one program at a time. Copy"
            " your roster to a drive of this computer, and give its path."
        ) from None
    except OSError as error:
        raise SavingError(f"Not saved: {path} cannot be written ({advice(error)}") from None
    return replaced


def advice(error: OSError) -> str:
    """Why a file could not be written and what to do, from inside a bracket to the end."""
    if error.errno == errno.ENOSPC:
        return f"{error.strerror}). Make room on the drive, and try again."
    return (
        f"{error.strerror}). Close it in other programs, or ask for the right to write there, and"
        " try again."
    )


def _widened(line: list[str], width: int, more: Sequence[str]) -> list[str]:
    """A record with cells put in after the header's last column; an empty one stays empty.

    What stood beyond it stays beyond it: a line that was too long is not taken for a good one.
    """
    if not line:
        return line
    wide = line + [""] * (width - len(line))
    return [*wide[:width], *more, *wide[width:]] if more else line


def _filled(line: list[str], names: Sequence[str | None], row: Row) -> list[str]:
    """A line with the row's cells in their columns; the other columns keep what they hold."""
    wide = line + [""] * (len(names) - len(line))
    known = [row.get(name or "", cell) for name, cell in zip(names, wide, strict=False)]
    return known + wide[len(names) :]


def _line(cells: Iterable[str], separator: str, ending: str) -> str:
    """A record as text. A cell with a line break of either kind in it is quoted."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerow(cells)
    return text.getvalue().removesuffix("\r\n") + ending
