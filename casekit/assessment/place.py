"""Where answers are saved: beside the user's tables, or in a folder that is read over a roster."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path

from casekit.assessment.kept import file_of
from casekit.caseload import Caseload
from casekit.readers import read
from casekit.shipped import shipped

ANSWERS = "casekit-answers"
TABLES_KEPT = ("attestations", "gap_plan")


@dataclass(frozen=True)
class Place:
    """The folder in which the answers about a roster are kept.

    `beside` says that it is the roster's own folder of CSV tables. Any other folder is an overlay:
    `read(data, overlay=folder)` and `casekit evaluate DATA --overlay FOLDER` see the answers.
    """

    data: Path
    folder: Path
    beside: bool

    @property
    def overlay(self) -> Path | None:
        """The folder to read over the roster; None where there is none, or nothing in it yet."""
        kept = any(file_of(self.folder, table).exists() for table in TABLES_KEPT)
        return self.folder if kept and not self.beside else None

    def as_kept(self) -> tuple[int, ...]:
        """What tells whether anything was saved here since: the age of each file, 0 without one."""
        files = [file_of(self.folder, table) for table in TABLES_KEPT]
        return tuple(file.stat().st_mtime_ns if file.exists() else 0 for file in files)

    @property
    def said(self) -> str:
        """Where it is, in words."""
        if self.beside:
            return f"Answers are saved at once, in attestations.csv in the folder {self.data}."
        return f"Answers are saved at once, in the folder {self.folder}."


def place_of(
    data: str | Path, overlay: Path | None = None, uploaded: Mapping[str, str] | None = None
) -> Place:
    """Where the answers about a roster belong.

    A folder of additions (`overlay`) keeps them, and else a folder of CSV tables itself. For a
    workbook, a zip or tables of parquet a folder beside it does, `NAME-answers`. What cannot be
    written to, what was uploaded and the sample leave them in `casekit-answers` in the current
    folder, a folder for each: rosters of one file name, and the uploads of two districts, are kept
    apart. Of an upload its programs are known (`uploaded`, their names by id).
    """
    path = _expanded(data)
    if overlay is not None:
        return Place(path, overlay, beside=False)
    if uploaded is not None:
        told = _told_apart("uploaded", *chain.from_iterable(sorted(uploaded.items())))
        return Place(path, Path(ANSWERS) / told, beside=False)
    name = path.resolve().stem
    if _is_shipped(path):
        return Place(path, Path(ANSWERS) / name, beside=False)
    away = Place(path, Path(ANSWERS) / _told_apart(name, str(path.resolve())), beside=False)
    if path.is_dir() and not (path / "attestations.parquet").exists():
        return Place(path, path, beside=True) if os.access(path, os.W_OK) else away
    writable = os.access(path.resolve().parent, os.W_OK)
    return Place(path, path.with_name(f"{name}-answers"), beside=False) if writable else away


def opened(place: Place, dates: str | None = None) -> Caseload:
    """The roster with the answers kept about it. Raises casekit.readers.ReadError."""
    return read(place.data, overlay=place.overlay, dates=dates)


def _told_apart(name: str, *by: str) -> str:
    """A name with a few signs after it that only these words give."""
    return f"{name}-{sha256(chr(0).join(by).encode()).hexdigest()[:8]}"


def _expanded(data: str | Path) -> Path:
    """The path as it was typed, with `~` for the home folder where there is one."""
    try:
        return Path(data).expanduser()
    except RuntimeError:
        return Path(data)


def _is_shipped(path: Path) -> bool:
    return shipped("data").resolve() in path.resolve().parents
