"""Numbers, days and lists as figures say them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd


def count(number: float, one: str, many: str = "") -> str:
    """`1 student`, `1,204 students`; `many` where the plural is not `one` and an s."""
    return f"{number:,.0f} {one if number == 1 else many or one + 's'}"


def on_day(day: pd.Timestamp) -> str:
    """`14 March 2026`."""
    return f"{day.day} {day:%B %Y}"


def listing(items: Sequence[str], most: int = 3) -> str:
    """`a`, `a and b`, `a, b and c`, `a, b, c and 4 more`."""
    shown = list(items[:most])
    if len(items) > most:
        shown.append(f"{len(items) - most} more")
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1] if shown else ""]))


def percent(part: float, whole: float) -> str:
    """A share in whole percent; 0% and 100% are kept for none and for all."""
    if not whole:
        return "–"
    share = round(100 * part / whole)
    if 0 < part < whole:
        share = min(max(share, 1), 99)
    return f"{share}%"


def capital(text: str) -> str:
    """The same text, its first letter large."""
    return text[:1].upper() + text[1:]


def quoted(names: Sequence[str]) -> str:
    """The names in quotation marks, as a listing."""
    return listing([f"“{name}”" for name in names])
