"""Dates and timestamps as people write them.

The year-first forms are read in one vectorised pass. What is left is read one by one: days and
months in an order that is told or that the value itself settles, month names, spreadsheet serials.
Nothing is ever inferred from other rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

ISO = (
    r"^(?P<day>\d{4}(?:-\d{1,2}-|/\d{1,2}/)\d{1,2})"
    r"(?:[Tt ](?P<clock>\d{1,2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?"
    r"(?: ?(?P<zone>[Zz]|[+-]\d{2}(?::?\d{2})?))?)?$"
)
CLOCK = (
    r"(?:,?[ T]+(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?)?"
)
NUMERIC = re.compile(r"(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})(?P=sep)(?P<year>\d{2,4})" + CLOCK)
DAY_FIRST = re.compile(r"(?P<d>\d{1,2})[ -](?P<m>[A-Za-z]{3,9})\.?,?[ -](?P<year>\d{4})" + CLOCK)
MONTH_FIRST = re.compile(r"(?P<m>[A-Za-z]{3,9})\.? (?P<d>\d{1,2}),? (?P<year>\d{4})" + CLOCK)
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)

# A whole number in this range is a spreadsheet's count of days (1954 to 2119).
SERIALS = (20_000, 80_000)
EPOCH_1900 = date(1899, 12, 30)
FIRST_YEAR = 1900

WRITE_ISO = "write it as YYYY-MM-DD, such as 2026-03-02"
SAY_ORDER = "say --dates dmy or --dates mdy, or write it as YYYY-MM-DD"


class NotADateError(ValueError):
    """A value that is no date; `args` are what is wrong and how to mend it."""


@dataclass
class Moments:
    """Parsed values: wall time as written, whether a time was given, minutes east of UTC."""

    wall: np.ndarray
    timed: np.ndarray
    offset: np.ndarray
    wrong: dict[int, tuple[str, str]]
    serials: list[int]


def read_moments(texts: pd.Index, order: str | None) -> Moments:
    """Read trimmed, distinct texts; `order` is "dmy", "mdy" or None where nobody has said."""
    parts = pc.extract_regex(pa.array(texts, type=pa.string()), pattern=ISO)
    day, clock, zone = (
        pd.Series(pc.struct_field(parts, name).to_pandas(), dtype="str").fillna("")
        for name in ("day", "clock", "zone")
    )
    iso = (day != "").to_numpy()
    days = pd.to_datetime(
        day.str.replace("/", "-", regex=False), format="%Y-%m-%d", errors="coerce"
    ).to_numpy(dtype="datetime64[s]")
    seconds, good_clock = _seconds(clock)
    offset, good_zone = _offsets(zone)
    moments = Moments(
        wall=days + seconds.astype("timedelta64[s]"),
        timed=(clock != "").to_numpy(copy=True),
        offset=offset,
        wrong={},
        serials=[],
    )
    early = iso & (days < np.datetime64(f"{FIRST_YEAR}-01-01"))
    bad = iso & (np.isnat(days) | ~good_clock | ~good_zone | early)
    for i in np.flatnonzero(bad):
        moments.wrong[int(i)] = ("there is no such day or time", WRITE_ISO)
    for other in np.flatnonzero(~iso).tolist():
        _read_one(moments, other, str(texts[other]), order)
    moments.wall[list(moments.wrong)] = np.datetime64("NaT")
    return moments


def _seconds(clock: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Seconds after midnight of each H:MM or H:MM:SS ("" is midnight), and whether it exists."""
    codes, distinct = pd.factorize(clock)
    seconds, good = np.zeros(len(distinct), "int64"), np.ones(len(distinct), bool)
    for i, text in enumerate(distinct):
        if text:
            hour, minute, second = (*(int(part) for part in text.split(":")), 0)[:3]
            good[i] = hour < 24 and minute < 60 and second < 60
            seconds[i] = hour * 3600 + minute * 60 + second
    return seconds[codes], good[codes]


def _offsets(zone: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Minutes east of UTC of each Z, +hh:mm, -hhmm or +hh ("" is NaN), and whether it can be."""
    codes, distinct = pd.factorize(zone)
    minutes, good = np.full(len(distinct), np.nan), np.ones(len(distinct), bool)
    for i, text in enumerate(distinct):
        if text in ("Z", "z"):
            minutes[i] = 0
        elif text:
            hour, minute = int(text[1:3]), int(text[3:].lstrip(":") or 0)
            good[i] = hour <= 15 and minute < 60
            minutes[i] = (hour * 60 + minute) * (-1 if text[0] == "-" else 1)
    return minutes[codes], good[codes]


def _read_one(moments: Moments, i: int, text: str, order: str | None) -> None:
    try:
        if text.isascii() and text.isdigit() and SERIALS[0] <= int(text) <= SERIALS[1]:
            value, timed = datetime.combine(EPOCH_1900 + timedelta(int(text)), time()), False
            moments.serials.append(i)
        else:
            value, timed = read_text(text, order)
    except NotADateError as wrong:
        moments.wrong[i] = (wrong.args[0], wrong.args[1])
        return
    moments.wall[i] = np.datetime64(value, "s")
    moments.timed[i] = timed


def read_text(text: str, order: str | None) -> tuple[datetime, bool]:
    """A date that is not year-first, and whether it has a time. Raises NotADateError."""
    if found := NUMERIC.fullmatch(text):
        year, month, day = _in_order(found, order)
    elif found := DAY_FIRST.fullmatch(text) or MONTH_FIRST.fullmatch(text):
        year, month, day = int(found["year"]), _month(found["m"]), int(found["d"])
    else:
        raise NotADateError("this is not a date", WRITE_ISO)
    clock = found["clock"]
    try:
        return datetime.combine(date(year, month, day), _clock(clock, found["half"])), bool(clock)
    except ValueError:
        raise NotADateError("there is no such day or time", WRITE_ISO) from None


def _in_order(found: re.Match[str], order: str | None) -> tuple[int, int, int]:
    """Year, month and day of numbers such as 3/2/2026. Raises NotADateError."""
    if len(found["year"]) != 4:
        raise NotADateError("the year must have four digits", WRITE_ISO)
    a, b = int(found["a"]), int(found["b"])
    if order is None:
        if a <= 12 and b <= 12 and a != b:
            raise NotADateError("the day and the month cannot be told apart", SAY_ORDER)
        order = "dmy" if a > 12 else "mdy"
    day, month = (a, b) if order == "dmy" else (b, a)
    if month > 12:
        raise NotADateError(f"there is no month {month} (dates are read as {order})", WRITE_ISO)
    return int(found["year"]), month, day


def _month(name: str) -> int:
    for number, month in enumerate(MONTHS, 1):
        if month.startswith(name.lower()):
            return number
    raise NotADateError(f"there is no month {name}", WRITE_ISO)


def _clock(text: str | None, half: str | None) -> time:
    if not text:
        return time()
    hour, *rest = (int(part) for part in text.split(":"))
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(text)
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    return time(hour, rest[0], rest[1] if len(rest) > 1 else 0)
