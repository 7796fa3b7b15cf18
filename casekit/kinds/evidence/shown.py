"""Evidence: the rows, the arithmetic and the smallest change behind one verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from casekit.calendars import Days
from casekit.caseload import FAR, Caseload, days
from casekit.phrases import date


@dataclass(frozen=True)
class Evidence:
    """What stands behind one verdict. It names people: it stays with the program.

    rows        the rows of data that decide it, with `file` and `row` where they were read.
    arithmetic  the sum, in words and numbers.
    change      the smallest change that would flip it; empty where nothing is to flip.
    """

    rows: pd.DataFrame
    arithmetic: str
    change: str


# Values of the tables that read badly with their underscores merely taken out.
_SAID = {
    "cert_iv_youth_work": "Certificate IV in Youth Work",
    "related": "a related field",
    "youth_at_risk_education": "work with young people at risk in a school setting",
}


def said(value: str) -> str:
    """A value of a table as people say it."""
    return _SAID.get(value, value.replace("_", " "))


def listed(values: Iterable[str], last: str = "or") -> str:
    """Values in a row: "a", "a or b", "a, b or c"."""
    *most, end = [said(value) for value in values]
    return f"{', '.join(most)} {last} {end}" if most else end


def moment(value: object, timed: bool) -> str:
    """A day, with its time where it has one."""
    stamp = pd.Timestamp(value)
    return f"{date(stamp)} at {stamp:%H:%M}" if timed else date(stamp)


def columns(rows: pd.DataFrame, *names: str) -> pd.DataFrame:
    """Some columns of a table's rows, with the file and row they were read from."""
    return rows[[*names, "file", "row"]].reset_index(drop=True)


def on_day(rows: pd.DataFrame, day: Days, start: str = "start_date", end: str = "end_date"):
    """The rows whose stretch holds a day."""
    return rows[(days(rows[start]) <= day) & (days(rows[end], FAR) >= day)]


def of_student(
    caseload: Caseload, table: str, student: str, column: str, first: Days, last: Days
) -> pd.DataFrame:
    """A student's rows of a table dated from first to last."""
    rows = caseload.tables[table]
    when = days(rows[column])
    return rows[(rows["student_id"] == student) & (when >= first) & (when <= last)]


def day(value: object) -> Days:
    """A verdict's timestamp as a day."""
    return np.datetime64(pd.Timestamp(value), "D")
