"""Draft: a sample in the making, which the clean caseload fills and each breach edits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK, Calendar, month_end, month_of
from casekit.tables import TABLES

OPEN_DOORS, FLO = "wa_open_doors", "sa_flo"


class KeyRow(NamedTuple):
    """One verdict that a breach plants: not_met or cannot_tell, and why in words."""

    requirement_id: str
    program_id: str
    subject_id: str
    period_start: str
    status: str
    why: str


@dataclass
class Draft:
    """Tables of text (ISO days, empty cells missing), and what the breaches have used of them.

    since, as_of  the first day of the records and the last
    calendars     program_id -> its calendar
    used          (use, id) of everyone whom a breach has taken for a use
    """

    since: np.datetime64
    as_of: np.datetime64
    rng: np.random.Generator
    calendars: dict[str, Calendar] = field(default_factory=dict)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)

    def add(self, table: str, rows: Iterable[dict[str, object]] | pd.DataFrame) -> None:
        """Add rows to a table; columns in the contract's order, every cell text."""
        more = pd.DataFrame(rows).astype("str").reindex(columns=list(TABLES[table].names))
        parts = [self.tables[table], more.astype("str")] if table in self.tables else [more]
        self.tables[table] = pd.concat(parts, ignore_index=True).astype("str")

    def edit(self, table: str, where: pd.Series, **values: object) -> None:
        """Write the same values into some rows of a table; None empties a cell."""
        for column, value in values.items():
            self.tables[table].loc[where, column] = value

    def drop(self, table: str, where: pd.Series) -> None:
        self.tables[table] = self.tables[table][~where].reset_index(drop=True)

    def held_to(self, standard: str) -> list[str]:
        """The programs held to a standard."""
        rows = self.tables["programs"]
        return rows.loc[rows["standard_ids"] == standard, "program_id"].tolist()

    def stays(self, program: str) -> list[str]:
        """Students enrolled on every day of the records, in one row."""
        rows = self.tables["students"]
        rows = rows[rows["program_id"] == program]
        rows = rows[~rows["student_id"].duplicated(keep=False)]
        whole = (rows["enrollment_start"] <= str(self.since)) & rows["enrollment_end"].isna()
        return rows.loc[whole, "student_id"].tolist()

    def managers(self, program: str) -> list[str]:
        """Case managers employed from the first day of the records to the last."""
        rows = self.tables["staff"]
        rows = rows[(rows["program_id"] == program) & (rows["role"] == "case manager")]
        early = set(rows.loc[rows["start_date"] <= str(self.since), "staff_id"])
        lasting = rows.loc[rows["end_date"].isna(), "staff_id"]
        return [one for one in dict.fromkeys(lasting) if one in early]

    def take(self, ids: Iterable[str], use: str) -> str | None:
        """The first of some ids that has not been taken for this use; None where none is left."""
        for one in ids:
            if (use, one) not in self.used:
                self.used.add((use, one))
                return one
        return None

    def take_month(self, program: str) -> np.ndarray | None:
        """The open days of a whole month that no breach of the program has taken yet.

        Never the first month of the records, in which the clean sample has its own leave.
        """
        opened = self.calendars[program].open_in(self.since, self.as_of)
        months = np.unique(month_of(opened))[1:]
        whole = [m for m in months.tolist() if month_end(np.datetime64(m)) <= self.as_of]
        long = [m for m in whole if (month_of(opened) == np.datetime64(m)).sum() >= 8]
        month = self.take([f"{program} {m}" for m in long], "month")
        if month is None:
            return None
        return opened[month_of(opened) == np.datetime64(month.split(" ")[1])]

    def whole_weeks(self, program: str, open_days: int) -> list[str]:
        """The Mondays of the whole weeks with at least so many open days."""
        calendar = self.calendars[program]
        mondays = calendar.weeks(self.since, self.as_of)
        opened = calendar.open_between(mondays, mondays + WEEK - DAY)
        return mondays[opened >= open_days].astype(str).tolist()

    def closed_weeks(self, program: str) -> list[str]:
        """The Mondays of the whole weeks without an open day."""
        every, asked = (self.whole_weeks(program, n) for n in (0, 1))
        return [monday for monday in every if monday not in asked]

    def contacts_in(self, ids: Iterable[str], first: object, days: int = 7) -> pd.Series:
        """Which contacts some students have in the days from `first` on."""
        rows = self.tables["contacts"]
        last = np.datetime64(str(first), "D") + np.timedelta64(days - 1, "D")
        when = rows["occurred_at"].str[:10]
        return rows["student_id"].isin(list(ids)) & (when >= str(first)) & (when <= str(last))

    def students_of(self, program: str) -> list[str]:
        rows = self.tables["students"]
        return rows.loc[rows["program_id"] == program, "student_id"].tolist()
