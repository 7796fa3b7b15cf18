"""Where the data, notebooks and templates that travel with casekit are found."""

from __future__ import annotations

import tomllib
from pathlib import Path

PACKAGE = Path(__file__).parent


def shipped(*parts: str) -> Path:
    """A shipped file or folder, such as `shipped("data", "sample")`.

    In an installed wheel they lie inside the package; in a checkout, beside it.
    Raises FileNotFoundError with both places where neither has it.
    """
    places = [PACKAGE.joinpath("_shipped", *parts), PACKAGE.parent.joinpath(*parts)]
    for place in places:
        if place.exists():
            return place
    raise FileNotFoundError(
        f"{'/'.join(parts)} is not in this installation: install casekit again from its wheel"
    )


def sample() -> tuple[str, str]:
    """The sample caseload: its folder, and the day as of which it is meant to be looked at."""
    folder = shipped("data", "sample")
    settings = tomllib.loads((folder / "sample.toml").read_text(encoding="utf-8"))
    return str(folder), str(settings["as_of"])
