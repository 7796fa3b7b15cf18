"""Draft: a sample in the making, which the clean caseload fills and each breach edits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK, Calendar, month_end, month_of
from casekit.tables import TABLES

OPEN_DOORS, FLO, DSPC = "wa_open_doors", "sa_flo", "fl_dspc"
SD42, WYANDOTTE = "bc_sd42", "ks_wyandotte"
STANDARDS = (OPEN_DOORS, FLO, DSPC, SD42, WYANDOTTE)


class KeyRow(NamedTuple):
    """One verdict that a breach plants: not_met or cannot_tell, and why in words."""

    requirement_id: str
    program_id: str
    subject_id: str
    period_start: str
    status: str
    why: str


# A gap plan is what people make of their answers: none is made up.
_EMPTY = {
    name: pd.DataFrame(columns=list(table.names), dtype="str")
    for name, table in TABLES.items()
    if name != "gap_plan"
}


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
    tables: dict[str, pd.DataFrame] = field(default_factory=lambda: dict(_EMPTY))
    used: set[tuple[str, str]] = field(default_factory=set)

    def add(self, table: str, rows: Iterable[dict[str, object]] | pd.DataFrame) -> None:
        """Add rows to a table; columns in the contract's order, every cell text."""
        more = pd.DataFrame(rows).astype("str").reindex(columns=list(TABLES[table].names))
        both = [self.tables[table], more.astype("str")]
        self.tables[table] = pd.concat(both, ignore_index=True)

    def edit(self, table: str, where: pd.Series, **values: object) -> None:
        """Write the same values into some rows of a table; None empties a cell."""
        for column, value in values.items():
            self.tables[table].loc[where, column] = value

    def drop(self, table: str, where: pd.Series) -> None:
        self.tables[table] = self.tables[table][~where].reset_index(drop=True)

    def of(self, program: str, table: str) -> pd.DataFrame:
        """The rows of one program."""
        rows = self.tables[table]
        return rows[rows["program_id"] == program]

    def held_to(self, standard: str) -> list[str]:
        """The programs held to a standard."""
        rows = self.tables["programs"]
        return rows.loc[rows["standard_ids"] == standard, "program_id"].tolist()

    def stays(self, program: str) -> list[str]:
        """Students enrolled on every day of the records, in one row."""
        rows = self.of(program, "students")
        rows = rows[~rows["student_id"].duplicated(keep=False)]
        whole = (rows["enrollment_start"] <= str(self.since)) & rows["enrollment_end"].isna()
        return rows.loc[whole, "student_id"].tolist()

    def case_managers(self, program: str) -> pd.DataFrame:
        """The program's staff rows of case managers."""
        rows = self.of(program, "staff")
        return rows[rows["role"] == "case manager"]

    def managers(self, program: str) -> list[str]:
        """Case managers employed on the first day of the records and on the last."""
        rows = self.case_managers(program)
        early = set(rows.loc[rows["start_date"] <= str(self.since), "staff_id"])
        lasting = rows.loc[rows["end_date"].isna(), "staff_id"]
        return [one for one in dict.fromkeys(lasting) if one in early]

    def take(self, ids: Iterable[str], use: str) -> str | None:
        """One of some ids that has not been taken for this use; None where none is left."""
        free = [one for one in ids if (use, one) not in self.used]
        if not free:
            return None
        one = str(self.rng.choice(free))
        self.used.add((use, one))
        return one

    def take_month(self, program: str) -> np.ndarray | None:
        """The open days of a whole month that no breach of the program has taken yet.

        Never the first month of the records, in which the clean sample has its own leave.
        """
        opened = self.open_days(program)
        months, count = np.unique(month_of(opened), return_counts=True)
        long = (count >= 8) & (months > months[0]) & (month_end(months) <= self.as_of)
        month = self.take(months[long].astype(str), f"month of {program}")
        return None if month is None else opened[month_of(opened) == np.datetime64(month)]

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

    def events(self, event_type: str, **equal: object) -> pd.Series:
        """Which events are of a type and have these values."""
        rows = self.tables["events"]
        chosen = rows["event_type"] == event_type
        for column, value in equal.items():
            chosen &= rows[column] == value
        return chosen

    def open_days(self, program: str) -> np.ndarray:
        """The program's open days in the records."""
        return self.calendars[program].open_in(self.since, self.as_of)

    def contacts_in(self, ids: Iterable[str], first: object, days: int = 7) -> pd.Series:
        """Which contacts some students have in the days from `first` on."""
        rows = self.tables["contacts"]
        last = np.datetime64(str(first), "D") + np.timedelta64(days - 1, "D")
        when = rows["occurred_at"].str[:10]
        return rows["student_id"].isin(list(ids)) & (when >= str(first)) & (when <= str(last))

    def contacts_of(self, program: str) -> pd.Series:
        """Which contacts are with students of the program."""
        students = self.of(program, "students")["student_id"]
        return self.tables["contacts"]["student_id"].isin(students)
