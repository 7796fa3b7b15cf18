"""Standards and requirements as data: reading the TOML, checking it, saying it as sentences."""

from __future__ import annotations

import difflib
from datetime import date
from pathlib import Path

from casekit.catalog.layers import Draft, laid_over, standard_of
from casekit.catalog.mistakes import mistakes_in
from casekit.catalog.settings import settings_of
from casekit.catalog.source import Mistake, Source, read_source
from casekit.catalog.standard import (
    GATES,
    Edition,
    Requirement,
    Standard,
    StandardError,
    Waiver,
)
from casekit.catalog.words import sentences
from casekit.kinds import ATTESTATION

__all__ = [
    "ATTESTATION",
    "GATES",
    "STANDARDS",
    "Edition",
    "Requirement",
    "Standard",
    "StandardError",
    "Waiver",
    "load",
    "sentences",
    "settings_of",
    "shipped_standards",
]

STANDARDS = Path(__file__).parents[1] / "standards"


def shipped_standards() -> list[str]:
    """The ids of the standards that come with casekit, in alphabetical order."""
    return sorted(path.stem for path in STANDARDS.glob("*.toml"))


def load(standard: str | Path, on: date | None = None) -> Standard:
    """A shipped standard by its id, or one of your own by the path of its TOML file.

    `on` is a day: only the editions begun by it are in force; without it, all of them are.
    Raises StandardError: an unknown id, a file that is not there, or every mistake in the file,
    one line each, `FILE:LINE: what is wrong: what is allowed`.
    """
    return standard_of(_draft(_path(standard), on))


def _path(standard: str | Path, beside: Path | None = None) -> Path:
    """Where a standard's TOML lies: a shipped id, or a path (`beside` a file that names it)."""
    path = Path(standard)
    if path.suffix == ".toml":
        return path if beside is None else beside.parent / path
    name = str(standard)
    if path.suffix and path.stem:
        raise StandardError(f"{name!r} is no .toml file: name it {path.with_suffix('.toml')}")
    if name not in shipped_standards():
        near = difflib.get_close_matches(name, shipped_standards(), 1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise StandardError(
            f"there is no standard {name!r}{hint}: use {', '.join(shipped_standards())},"
            " or the path of a .toml file"
        )
    return STANDARDS / f"{name}.toml"


def _draft(path: Path, on: date | None, within: tuple[Path, ...] = ()) -> Draft:
    """The rows of a standard over those of its base; `within` are the files that extend it."""
    source = read_source(path)
    within = (*within, path.resolve())
    # The file is held against all editions of its base, whichever are in force on the day.
    whole, troubles = _base(source, None, within)
    taken = () if path.resolve().parent == STANDARDS.resolve() else shipped_standards()
    found = source.told([*troubles[:1], *mistakes_in(source.data, whole, taken)])
    if found or whole is None:
        raise StandardError("\n".join([*found, *(what for _, what in troubles[1:])]))
    base = whole if on is None else _base(source, on, within)[0]
    return laid_over(base or whole, source.data, on)


def _extends(source: Source) -> str:
    head = source.data.get("standard")
    extends = head.get("extends", "") if isinstance(head, dict) else ""
    return extends if isinstance(extends, str) else ""


def _base(
    source: Source, on: date | None, within: tuple[Path, ...]
) -> tuple[Draft | None, list[Mistake]]:
    """The standard that a file extends, if it does; or none, and what is wrong with it."""
    extends = _extends(source)
    if not extends:
        return Draft(), []
    place = ("standard", "extends")
    try:
        path = _path(extends, beside=source.path)
        if path.resolve() in within:
            names = [each.name for each in (*within, path)]
            raise StandardError(f"that goes in a circle ({' -> '.join(names)}): take one out")
        return _draft(path, on, within), []
    except StandardError as error:
        first, *more = str(error).splitlines()
        what = f"[standard] extends {extends!r}, which cannot be used: {first}"
        return None, [Mistake(place, what), *(Mistake(place, line) for line in more)]
