"""The CSV files of a roster (OneRoster, School Data Sync), as they come from real exporters.

File and header names are met whatever their case, spaces and underscores, and a misspelt one by its
nearest neighbour, with a note. A column whose header speaks of a password is never read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pandas as pd

from casekit.readers.dates import SAY_ORDER, read_moments
from casekit.readers.delimited import SEPARATORS, decode
from casekit.readers.exports import open_export
from casekit.readers.headers import fold
from casekit.readers.raw import RawTable, ReadError, problem

# Below this likeness (difflib's ratio) a name is another word rather than the same one misspelt:
# sourcedId and orgSourcedId are 0.86 alike.
LIKE = 0.87

Layout = Mapping[str, Sequence[str]]

# The contract's table that a file is chiefly about, where that is not students: for problems.
FEEDS = {
    "manifest": "programs",
    "orgs": "programs",
    "School": "programs",
    "academicSessions": "calendar",
    "Section": "calendar",
    "Teacher": "staff",
    "TeacherRoster": "staff",
}


@dataclass
class Roster:
    """The files of one roster.

    files  the format's name of a file -> its cells: the format's columns, text, None where empty
           or absent; the index is the row number in the user's file.
    names  the format's name of a file -> its name as the user knows it.
    notes  what was met on the way, as `problem(...)` rows.
    """

    files: dict[str, pd.DataFrame] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    notes: list[dict[str, object]] = field(default_factory=list)

    def note(
        self,
        name: str,
        what: str,
        fix: str,
        *,
        row: int | None = None,
        column: str = "",
        value: object = None,
        set_aside: bool = False,
        table: str = "",
    ) -> None:
        """Remember something about one of the files; `set_aside` where it cost a row."""
        table = table or FEEDS.get(name, "students")
        file = self.names[name]
        self.notes.append(problem(table, file, row, column, value, what, fix, set_aside))

    def table(self, name: str, origin: str, cells: pd.DataFrame) -> RawTable:
        """A table of the contract whose rows stand in the roster's file `origin`."""
        texts = cells.astype(object).where(cells.notna(), None)
        rows = cells.index.to_numpy(dtype="int64")
        return RawTable(name, self.names[origin], texts.reset_index(drop=True), rows)


def layout(**files: str) -> Layout:
    """The files of a format and their columns, `|` between; a `*` marks what a file must have."""
    return {name: tuple(columns.split("|")) for name, columns in files.items()}


def open_roster(source: Path, files: Layout, dates: str | None) -> Roster:
    """Read those of a format's files that are in a folder or a zip.

    A file that is not there is an empty frame. Raises ReadError where `source` cannot be opened,
    or a file lacks a column without which it says nothing.
    """
    roster = Roster()
    contents = open_export(source, ".csv")
    for file, name in _met({file: Path(file).stem for file in contents}, files).items():
        roster.names[name] = file
        if fold(Path(file).stem) != fold(name):
            what = f"this file is taken to be {name}.csv"
            roster.note(name, what, "correct the file's name", value=file)
        text, remarks = decode(FEEDS.get(name, "students"), file, contents[file])
        roster.notes += remarks
        roster.files[name] = _read(roster, name, text, files[name])
    for name, columns in files.items():
        empty = pd.DataFrame(columns=[column.rstrip("*") for column in columns], dtype=object)
        roster.files.setdefault(name, empty)
    for name in roster.names:
        _note_unclear_dates(roster, name, dates)
    return roster


def settled_order(roster: Roster) -> tuple[str, str, str] | None:
    """The order in which one system wrote its dates, if they settle it: (order, value, file).

    A date such as 6/30/2018 can be read in one order only. Where some can be read in one order
    and none in the other alone, the export's dates have that order; else None.
    """
    found: dict[str, tuple[str, str, str]] = {}
    for name, frame in roster.files.items():
        for column in filter(lambda column: fold(column).endswith("date"), frame.columns):
            texts = frame[column].dropna().drop_duplicates()
            read = {order: days_of(texts, order).notna() for order in ("dmy", "mdy")}
            for order, other in (("dmy", "mdy"), ("mdy", "dmy")):
                alone = texts[read[order] & ~read[other]]
                if len(alone):
                    found.setdefault(order, (order, str(alone.iloc[0]), roster.names[name]))
    return next(iter(found.values())) if len(found) == 1 else None


def _note_unclear_dates(roster: Roster, name: str, dates: str | None) -> None:
    """Where the text stands that the contract's tables will report as no date."""
    frame = roster.files[name]
    for column in frame.columns:
        if not fold(column).endswith("date"):
            continue
        unclear = frame[frame[column].notna() & days_of(frame[column], dates).isna()]
        if len(unclear):
            row = int(unclear.index[0])
            what = f"{len(unclear)} cells of this column are no clear date; this is the first"
            value = unclear[column].iloc[0]
            roster.note(name, what, SAY_ORDER, row=row, column=column, value=value)


def _met(found: Mapping[str, str], known: Iterable[str]) -> dict[str, str]:
    """Which thing found is which name known, by what it is called: the same, else nearly so."""
    plain = {fold(name): name for name in known}
    met: dict[str, str] = {}
    for thing, called in found.items():
        same = plain.get(fold(called))
        if same is not None and same not in met.values():
            met[thing] = same
    pairs = [
        (SequenceMatcher(None, fold(called), folded).ratio(), thing, name)
        for thing, called in found.items()
        for folded, name in plain.items()
        if thing not in met and name not in met.values()
    ]
    for likeness, thing, name in sorted(pairs, reverse=True):
        if likeness >= LIKE and thing not in met and name not in met.values():
            met[thing] = name
    return met


def _is_secret(header: str) -> bool:
    return "password" in fold(header)


def _read(roster: Roster, name: str, text: str, marked: Sequence[str]) -> pd.DataFrame:
    """One file's cells.

    A row that does not line up with its header is set aside unread where it could bring a cell of
    a password under another header; elsewhere what it lacks at its end is empty.
    """
    file = roster.names[name]
    columns = [column.rstrip("*") for column in marked]
    records = _records(file, text, columns)
    _, header = next(records, (1, []))
    secret = any(_is_secret(called) for called in header)
    met = _met({h: h for h in header if h and not _is_secret(h)}, columns)
    for called, column in met.items():
        if fold(called) != fold(column):
            what = f"this header is taken to be {column}"
            roster.note(name, what, "correct the header", row=1, column=called, value=called)
    missing = [
        c.rstrip("*") for c in marked if c.endswith("*") and c.rstrip("*") not in met.values()
    ]
    if missing and header:
        there = ", ".join(h for h in header if h and not _is_secret(h)) or "nothing"
        raise ReadError(f"{file} needs the column {', '.join(missing)}; its header has: {there}")
    places = {column: header.index(called) for called, column in met.items()}
    rows, kept = [], []
    for row, cells in records:
        cells, beyond = cells[: len(header)], cells[len(header) :]
        if any(cell.strip() for cell in beyond) or (secret and len(cells) < len(header)):
            what = f"the row has {len(cells) + len(beyond)} cells and the header {len(header)}"
            fix = "put quotation marks around a cell that holds the separator"
            roster.note(name, what, fix, row=row, set_aside=True)
            continue
        cells += [""] * (len(header) - len(cells))
        rows.append(row)
        kept.append([cells[place].strip() or None for place in places.values()])
    frame = pd.DataFrame(kept, columns=list(places), index=np.array(rows, "int64"), dtype=object)
    return frame.reindex(columns=columns).astype(object).where(lambda f: f.notna(), None)


def _records(file: str, text: str, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, with their numbers, split where most columns are recognised.

    Raises ReadError where a quotation mark is never closed.
    """
    first = text.split("\n", 1)[0]
    wanted = {fold(column) for column in columns}

    def recognised(separator: str) -> int:
        return len(wanted & {fold(cell) for cell in first.split(separator)})

    separator = max(SEPARATORS, key=recognised)
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            taken.append(line)
            yield line

    number = 0
    try:
        for number, cells in enumerate(csv.reader(lines(), delimiter=separator), start=1):
            last = taken.copy()
            taken.clear()
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error as error:
        raise ReadError(f"{file} cannot be read as CSV near row {number + 1}: {error}") from None
    if number and _never_closed(last, separator):
        raise ReadError(
            f"{file}: the quotation mark opened in row {number} is never closed; close it"
        )


def _never_closed(lines: list[str], separator: str) -> bool:
    """Whether a file's last row runs on because of a quotation mark."""
    try:
        list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def without_deleted(roster: Roster) -> None:
    """Leave out rows marked `tobedeleted`, with a note of how many in each file."""
    for name, frame in roster.files.items():
        if "status" not in frame:
            continue
        marked = frame["status"].astype("string").str.casefold().isin(["tobedeleted", "deleted"])
        if marked.any():
            what = f"{int(marked.sum())} rows are marked to be deleted and are left out"
            roster.note(name, what, "nothing, if that is meant", column="status")
            roster.files[name] = frame[~marked]


def spans(stretches: pd.DataFrame, dates: str | None) -> pd.DataFrame:
    """The earliest begin and the latest end of each person at each organisation.

    `stretches` has user, org, begin, end (text, None where empty). The result is indexed by user
    and org and has begin and end as text: ISO days; None where there is none, and for an end where
    any stretch that has begun is still open. A text that is no clear date is handed on as it is,
    so that it is reported and not lost.
    """
    dated = stretches[stretches["begin"].notna() | stretches["end"].notna()]
    keys = [dated["user"], dated["org"]]
    still_open = (dated["begin"].notna() & dated["end"].isna()).groupby(keys).any()
    begin = _furthest(dated["begin"], keys, "min", dates)
    end = _furthest(dated["end"], keys, "max", dates)
    return pd.DataFrame({"begin": begin, "end": end.mask(still_open, None)}, dtype=object)


def _furthest(texts: pd.Series, keys: list[pd.Series], which: str, dates: str | None) -> pd.Series:
    days = days_of(texts, dates)
    unclear = texts.where(texts.notna() & days.isna()).groupby(keys).first()
    iso = days.groupby(keys).agg(which).dt.strftime("%Y-%m-%d").astype(object)
    iso = iso.where(iso.notna(), None)
    return unclear.where(unclear.notna(), iso).astype(object)


def days_of(texts: pd.Series, dates: str | None) -> pd.Series:
    """The days of a column of text; NaT where it is empty, or is no clear date."""
    codes, distinct = pd.factorize(texts.astype("str").str.strip())
    wall = read_moments(pd.Index(distinct, dtype="str"), dates).wall.astype("datetime64[D]")
    days = np.append(wall, np.datetime64("NaT", "D"))[codes].astype("datetime64[s]")
    return pd.Series(days, index=texts.index)


def last_day_included(ends: pd.Series, dates: str | None) -> pd.Series:
    """The day before each end, for formats whose end is the first day that no longer counts."""
    before = (days_of(ends, dates) - pd.Timedelta(days=1)).dt.strftime("%Y-%m-%d")
    return before.where(before.notna(), ends).astype(object)


def split_list(cells: pd.Series) -> pd.Series:
    """The entries of cells that hold several, comma-separated, one a row; the index repeats."""
    entries = cells.dropna().astype(str).str.split(",").explode().str.strip()
    return entries[entries != ""].astype(object)


def full_name(given: pd.Series, family: pd.Series) -> pd.Series:
    """Given and family name as one text; None where both are empty."""
    text = (given.fillna("") + " " + family.fillna("")).str.strip().astype(object)
    return text.where(text != "", None)


def check_found(roster: Roster, needed: Sequence[str], source: Path, format_name: str) -> None:
    """Raise ReadError, naming what is missing and what is there, unless all files were found."""
    missing = [f"{name}.csv" for name in needed if name not in roster.names]
    if missing:
        there = ", ".join(sorted(roster.names.values())) or "none of its files"
        raise ReadError(
            f"{source} is not a roster in the format {format_name}: {', '.join(missing)} not found"
            f" (found: {there}); needed are {', '.join(f'{n}.csv' for n in needed)}"
        )
