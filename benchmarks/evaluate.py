"""Weekly-contact verdicts against DuckDB's SQL for the same student x week table, in one run.

    python benchmarks/evaluate.py

25,000 students, 1,000,000 contacts, 40 weeks, ids already coded, nothing written. Both sides
start from tables in memory and must agree on every student and week. Then ten times the rows:
the time may grow eleven-fold. Medians of several runs, taken in turns so that noise hits both.
Exits 1 where a limit is passed.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import duckdb
import numpy as np
import pandas as pd

from casekit.calendars import Calendar
from casekit.caseload import Caseload
from casekit.kinds.contacts import weekly_grid
from casekit.kinds.rows import MET, NOT_MET, Span
from casekit.tables import TABLES

FIRST = np.datetime64("2025-09-01", "D")
WEEKS = 40
SINCE, AS_OF = FIRST, FIRST + np.timedelta64(7 * WEEKS - 1, "D")

SQL = """
create or replace table met as
with asked as (
  select students.student, weeks.week
  from students, weeks
  where students.start <= weeks.monday and students.until >= weeks.friday
), seen as (
  select distinct student, date_diff('day', date '2025-09-01', day) // 7 as week
  from contacts
  where outcome = 0 and day between date '2025-09-01' and ?
)
select asked.student, asked.week, seen.student is not null as met
from asked left join seen using (student, week)
"""


def made(students: int, contacts: int) -> Caseload:
    """A caseload of random contacts; every tenth student leaves or joins on the way."""
    draw = np.random.default_rng(7)
    ids = pd.CategoricalDtype([f"s{n}" for n in range(students)])
    start = np.full(students, FIRST)
    end = np.full(students, np.datetime64("NaT", "D"))
    part = draw.random(students)
    start[part < 0.05] += np.timedelta64(7 * 10, "D")
    end[part > 0.95] = FIRST + np.timedelta64(7 * 30 - 3, "D")
    tables = {name: pd.DataFrame(columns=list(table.names)) for name, table in TABLES.items()}
    tables["students"] = pd.DataFrame(
        {
            "program_id": pd.Categorical(np.full(students, "p")),
            "student_id": pd.Categorical.from_codes(np.arange(students), dtype=ids),
            "enrollment_start": start.astype("datetime64[s]"),
            "enrollment_end": end.astype("datetime64[s]"),
        }
    )
    day = FIRST + draw.integers(0, 7 * WEEKS, contacts).astype("timedelta64[D]")
    outcome = pd.CategoricalDtype(["completed", "attempted"])
    tables["contacts"] = pd.DataFrame(
        {
            "student_id": pd.Categorical.from_codes(
                draw.integers(0, students, contacts), dtype=ids
            ),
            "occurred_at": day.astype("datetime64[s]"),
            "outcome": pd.Categorical.from_codes(
                (draw.random(contacts) < 0.1).astype(int), dtype=outcome
            ),
        }
    )
    for name in ("mode", "direction", "participants"):
        tables["contacts"][name] = pd.Categorical([None] * contacts)
    given = {
        "students": frozenset(tables["students"].columns),
        "contacts": frozenset(["student_id", "occurred_at", "outcome"]),
    }
    return Caseload(tables, given, pd.DataFrame())


def calendar() -> Calendar:
    """One school year without closures."""
    rows = pd.DataFrame(
        {"kind": ["school_year"], "start_date": [FIRST], "end_date": [AS_OF]}
    ).astype({"start_date": "datetime64[s]", "end_date": "datetime64[s]"})
    return Calendar.of("c", rows)


def peer(caseload: Caseload) -> duckdb.DuckDBPyConnection:
    """DuckDB with the same tables loaded: coded ids, days, outcomes as small integers."""
    database = duckdb.connect()
    rows, contacts = caseload.students, caseload.contacts
    frames = {
        "students": pd.DataFrame(
            {
                "student": rows["student_id"].cat.codes.to_numpy(),
                "start": rows["enrollment_start"],
                "until": rows["enrollment_end"].fillna(pd.Timestamp("2100-01-01")),
            }
        ),
        "contacts": pd.DataFrame(
            {
                "student": contacts["student_id"].cat.codes.to_numpy(),
                "day": contacts["occurred_at"],
                "outcome": contacts["outcome"].cat.codes.to_numpy(),
            }
        ),
        "weeks": pd.DataFrame(
            {
                "week": np.arange(WEEKS),
                "monday": (FIRST + 7 * np.arange(WEEKS)).astype("datetime64[s]"),
                "friday": (FIRST + 7 * np.arange(WEEKS) + 4).astype("datetime64[s]"),
            }
        ),
    }
    dates = {"students": ("start", "until"), "contacts": ("day",), "weeks": ("monday", "friday")}
    for name, frame in frames.items():
        database.register("frame", frame)
        casts = ", ".join(f"{column}::date as {column}" for column in dates[name])
        database.execute(f"create table {name} as select * replace ({casts}) from frame")
        database.unregister("frame")
    return database


def timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def in_turns(*works: Callable[[], object], runs: int) -> list[float]:
    """The median time of each, run in turns after a run that does not count."""
    for work in works:
        work()
    times = [[timed(work) for work in works] for _ in range(runs)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


def agree(caseload: Caseload, span: Span, database: duckdb.DuckDBPyConnection) -> None:
    """Both sides say the same of every student and week. Raises SystemExit where they do not."""
    pairs, _, status, _ = weekly_grid(caseload, span, 3, (), False)
    who = pairs["student_id"].cat.codes.to_numpy()
    row, week = np.nonzero((status == MET) | (status == NOT_MET))
    ours = {(s, w, m) for s, w, m in zip(who[row], week, status[row, week] == MET, strict=True)}
    rows = database.execute("select student, week, met from met").fetchnumpy()
    theirs = set(zip(rows["student"], rows["week"], rows["met"], strict=True))
    if ours != theirs:
        sys.exit(f"the two sides differ in {len(ours ^ theirs)} student weeks")


def main() -> int:
    span = Span(calendar(), ("p",), SINCE, AS_OF, AS_OF)
    until = [str(AS_OF)]
    small, large = made(25_000, 1_000_000), made(250_000, 10_000_000)
    database = peer(small)
    ours, sql = in_turns(
        lambda: weekly_grid(small, span, 3, (), False),
        lambda: database.execute(SQL, until),
        runs=9,
    )
    agree(small, span, database)
    one, ten = in_turns(
        lambda: weekly_grid(small, span, 3, (), False),
        lambda: weekly_grid(large, span, 3, (), False),
        runs=5,
    )
    print(f"25,000 students x {WEEKS} weeks, 1,000,000 contacts; medians")
    print(f"casekit {ours * 1000:.0f} ms, DuckDB {sql * 1000:.0f} ms: {ours / sql:.2f} of its time")
    print(f"ten times the rows: {ten / one:.1f} times the time")
    return int(ours > sql or ten > 11 * one)


if __name__ == "__main__":
    sys.exit(main())
