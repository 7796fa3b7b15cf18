"""Numbers, days and lists as people say them. Anything in casekit may use them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd


def number(value: float, decimals: int = 2) -> str:
    """`75`, `0.8`, `1,204`: no needless zeros, at most so many decimals."""
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def count(value: float, one: str, many: str = "") -> str:
    """`1 student`, `1,204 students`; `many` where the plural is not `one` and an s."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def date(value: Any) -> str:
    """`14 March 2026`, from a timestamp or a numpy day."""
    stamp = pd.Timestamp(value)
    return "an unknown day" if pd.isna(stamp) else f"{stamp.day} {stamp:%B %Y}"


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


def quoted(names: Sequence[str], most: int = 3) -> str:
    """The names in quotation marks, as a listing."""
    return listing([f"“{name}”" for name in names], most)
