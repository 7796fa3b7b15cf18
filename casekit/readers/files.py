"""Files: a folder, a workbook or a zip becomes raw tables of text, and a SHA-256 of each file."""

from __future__ import annotations

import hashlib
from pathlib import Path

from casekit.readers.delimited import read_delimited
from casekit.readers.headers import table_named
from casekit.readers.raw import RawTable, ReadError, notice
from casekit.readers.spreadsheets import read_parquet, read_workbook
from casekit.readers.zips import unpack
from casekit.tables import TABLES

ACCEPTED = "a folder of TABLE.csv or TABLE.parquet files, one .xlsx workbook, or a .zip of a folder"
WORKBOOKS = (".xlsx", ".xlsm")
# What casekit itself writes beside the tables.
OWN_FILES = ("answer_key.csv", "problems.csv")
# What a folder of another format holds, and the import that reads it.
OTHER_FORMATS = {
    "sds": [{"users.csv", "orgs.csv", "relationships.csv"}, {"student.csv", "school.csv"}],
    "oneroster": [{"users.csv", "orgs.csv"}],
}


def raw_tables(path: Path) -> tuple[list[RawTable], dict[str, str]]:
    """The tables at a path as text, and file name -> SHA-256. Raises ReadError in one line."""
    path = Path(path)
    if not path.exists():
        raise ReadError(f"{path} does not exist; give {ACCEPTED}")
    try:
        if path.is_dir():
            files = {p.name: p.read_bytes() for p in _in_folder(path)}
        elif path.suffix.lower() in (*WORKBOOKS, ".zip"):
            if path.stat().st_size == 0:
                raise ReadError(f"{path.name} is empty (0 bytes); give {ACCEPTED}")
            files = {path.name: path.read_bytes()}
        elif path.suffix.lower() in (".xls", ".xlsb", ".ods"):
            raise ReadError(f"{path.name} is a workbook of another kind; save it as .xlsx")
        else:
            raise ReadError(f"{path.name} cannot be read as a caseload; give {ACCEPTED}")
    except OSError as error:
        raise ReadError(f"{path} cannot be read ({error.strerror}); give {ACCEPTED}") from None
    sources = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    if path.suffix.lower() in WORKBOOKS and not path.is_dir():
        return read_workbook(path.name, files[path.name]), sources
    if not path.is_dir():
        files = unpack(path.name, files[path.name])
        sources |= {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    return _tables(path.name or str(path), files), sources


def _in_folder(folder: Path) -> list[Path]:
    return [p for p in folder.iterdir() if p.is_file() and not _hidden(p.name)]


def _hidden(name: str) -> bool:
    return name.startswith((".", "~$"))


def _tables(place: str, files: dict[str, bytes]) -> list[RawTable]:
    """Every file that is a table, read; a note for every other."""
    if not files:
        raise ReadError(f"{place} is empty; give {ACCEPTED}")
    found: dict[str, str] = {}
    read: list[RawTable] = []
    for file, data in sorted(files.items()):
        kind = Path(file).suffix.lower()
        known = kind in (".csv", ".parquet") and "/" not in file
        name = table_named(Path(file).stem) if known else None
        if name is None:
            if kind not in (".md", ".toml") and file not in OWN_FILES:
                read.append(_unknown_file(file))
            continue
        if name in found:
            raise ReadError(
                f"{place} holds {found[name]} and {file}, both the table {name}; keep one of them"
            )
        found[name] = file
        read.append(_table(name, file, data, kind))
    if not found:
        _suggest_import(place, set(files))
    return read


def _table(name: str, file: str, data: bytes, kind: str) -> RawTable:
    if not data.strip():
        if TABLES[name].required:
            needed = ", ".join(c.name for c in TABLES[name].columns if c.required)
            raise ReadError(f"{file} is empty; the table {name} needs a header with {needed}")
        what = "the file is empty; it is read as a table that is not there"
        return notice(file, what, "remove it, or give it a header row", name)
    if kind == ".parquet":
        return read_parquet(name, file, data)
    return read_delimited(name, file, data)


def _unknown_file(file: str) -> RawTable:
    tables = ", ".join(TABLES)
    return notice(file, "this is no table of a caseload; it is kept out", f"tables are {tables}")


def _suggest_import(place: str, names: set[str]) -> None:
    """Raise the ReadError for a place that holds no table of the contract."""
    folded = {name.lower() for name in names}
    for kind, signs in OTHER_FORMATS.items():
        if any(sign <= folded for sign in signs):
            raise ReadError(
                f"{place} looks like a {kind} roster; read it with: "
                f"casekit import {kind} SOURCE --out DIR"
            )
    if any(name.endswith(".xml") for name in folded):
        raise ReadError(
            f"{place} looks like Ed-Fi XML; read it with: casekit import edfi SOURCE --out DIR"
        )
    some = ", ".join(sorted(names)[:8])
    raise ReadError(f"{place} holds no table of a caseload (it has {some}); give {ACCEPTED}")
