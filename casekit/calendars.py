"""Calendars: school years, terms, grading periods, open days and weeks of one calendar_id.

An open day is a Monday to Friday inside a term (inside a school year where the calendar names no
terms), not in a closure, plus every open_day. All days are numpy datetime64[D].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

# A numpy datetime64[D], or an array of them: numpy's own types tell the two apart too strictly.
Days = Any

DAY = np.timedelta64(1, "D")
WEEK = np.timedelta64(7, "D")


def day(value: object) -> Days:
    """A date, timestamp or ISO text as datetime64[D]."""
    return np.datetime64(pd.Timestamp(str(value)).date(), "D")


def monday(days: Days) -> Days:
    """The Monday of each day's week."""
    array = np.asarray(days, dtype="datetime64[D]")
    return array - ((array.astype("int64") + 3) % 7).astype("timedelta64[D]")


def weekday(days: Days) -> Days:
    """0 for Monday to 6 for Sunday."""
    return (np.asarray(days, dtype="datetime64[D]").astype("int64") + 3) % 7


def month_of(days: Days) -> Days:
    """The first day of each day's month."""
    return np.asarray(days, dtype="datetime64[M]").astype("datetime64[D]")


def month_end(firsts: Days) -> Days:
    """The last day of each month, given its days."""
    months = np.asarray(firsts, dtype="datetime64[M]")
    return (months + np.timedelta64(1, "M")).astype("datetime64[D]") - DAY


def year_later(days: Days, years: int = 1) -> Days:
    """The same date some years later; 29 February becomes 28 February where there is none."""
    array = np.asarray(days, dtype="datetime64[D]")
    months = array.astype("datetime64[M]")
    moved = months + np.timedelta64(12 * years, "M")
    same = moved.astype("datetime64[D]") + (array - months.astype("datetime64[D]"))
    return np.minimum(same, month_end(moved))


@dataclass(frozen=True)
class Calendar:
    """One calendar: stretches as arrays of (first day, last day), and its open days in order."""

    calendar_id: str
    years: np.ndarray
    terms: np.ndarray
    grading_periods: np.ndarray
    closures: np.ndarray
    open_days: np.ndarray

    @classmethod
    def of(cls, calendar_id: str, rows: pd.DataFrame) -> Calendar:
        """From the rows of the `calendar` table that carry this id."""

        def stretches(kind: str) -> np.ndarray:
            mine = rows[rows["kind"] == kind]
            pairs = mine[["start_date", "end_date"]].to_numpy().astype("datetime64[D]")
            pairs = pairs.reshape(-1, 2)
            return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]

        years, terms = stretches("school_year"), stretches("term")
        closures = stretches("closure")
        inside = _spread(terms if len(terms) else years)
        inside = inside[weekday(inside) < 5]
        inside = np.setdiff1d(inside, _spread(closures))
        open_days = np.union1d(inside, _spread(stretches("open_day")))
        return cls(calendar_id, years, terms, stretches("grading_period"), closures, open_days)

    @property
    def known(self) -> bool:
        """Whether the calendar table told of any open day."""
        return len(self.open_days) > 0

    def open_between(self, start: Days, end: Days) -> Days:
        """How many open days lie in each stretch, both ends included (0 where it is reversed)."""
        upto = np.searchsorted(self.open_days, np.asarray(end) + DAY)
        return np.maximum(upto - np.searchsorted(self.open_days, np.asarray(start)), 0)

    def open_in(self, start: Days, end: Days) -> np.ndarray:
        """The open days of a stretch, both ends included."""
        low, high = np.searchsorted(self.open_days, [start, end + DAY])
        return self.open_days[low:high]

    def school_days_after(self, days: Days, count: int) -> Days:
        """The count-th open day after each day; NaT where the calendar does not reach so far."""
        index = np.searchsorted(self.open_days, np.asarray(days) + DAY) + count - 1
        padded = np.append(self.open_days, np.datetime64("NaT", "D"))
        return padded[np.minimum(index, len(self.open_days))]

    def year_of(self, when: Days) -> tuple[Days, Days] | None:
        """The school year that holds the day, else the latest begun before it; None if none has."""
        begun = self.years[self.years[:, 0] <= when]
        if not len(begun):
            return None
        holding = begun[begun[:, 1] >= when]
        first, last = (holding if len(holding) else begun)[-1]
        return first, last

    def weeks(self, since: Days, as_of: Days) -> np.ndarray:
        """The Mondays of the whole weeks of a span: Monday on or after since, Sunday by as_of."""
        first = monday(since) + (WEEK if weekday(since) else np.timedelta64(0, "D"))
        last = monday(as_of + DAY) - WEEK
        return np.arange(first, last + DAY, WEEK)


def _spread(stretches: np.ndarray) -> np.ndarray:
    """Every day of some stretches, in order and once."""
    every = [np.arange(first, last + DAY) for first, last in stretches]
    return np.unique(np.concatenate(every)) if every else np.array([], dtype="datetime64[D]")
