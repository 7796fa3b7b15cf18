"""Where the data, notebooks and templates that travel with casekit are found."""

from __future__ import annotations

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
