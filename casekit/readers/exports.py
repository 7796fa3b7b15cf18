"""Exports of other systems: the files of a folder or a zip, and what each was, by its SHA-256."""

from __future__ import annotations

import hashlib
from pathlib import Path

from casekit.readers.raw import ReadError
from casekit.readers.zips import unpack


def open_export(source: Path, suffix: str) -> dict[str, bytes]:
    """The files of an export that end in `suffix` (".csv"), by name, in order of name.

    Raises ReadError where the source is neither a folder nor a safe zip, or has no such file.
    """
    allowed = f"give a folder of {suffix} files, or a zip of one"
    try:
        if source.is_dir():
            files = {path.name: path.read_bytes() for path in _wanted(source, suffix)}
        elif source.is_file() and source.suffix.lower() == ".zip":
            files = unpack(source.name, source.read_bytes())
        else:
            what = "is neither a folder nor a zip" if source.exists() else "does not exist"
            raise ReadError(f"{source} {what}: {allowed}")
    except OSError as error:
        raise ReadError(f"{source} cannot be read ({error.strerror}): {allowed}") from None
    files = {name: files[name] for name in sorted(files) if name.lower().endswith(suffix)}
    if not files:
        raise ReadError(f"{source} holds no {suffix} file: {allowed}")
    return files


def fingerprints(source: Path, suffix: str) -> dict[str, str]:
    """File name -> SHA-256 of the zip, or of each file of the folder, that an export is."""
    paths = _wanted(source, suffix) if source.is_dir() else [source]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def _wanted(folder: Path, suffix: str) -> list[Path]:
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_file() and path.suffix.lower() == suffix and not path.name.startswith(".")
    )
