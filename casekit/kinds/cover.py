"""Kinds about whether case managers are there: continuity, availability, cover of leave."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from casekit.calendars import DAY, Days, month_end, month_of, weekday
from casekit.caseload import FAR, Caseload, days
from casekit.kinds.rows import (
    CANNOT_TELL,
    MET,
    NOT_MET,
    Span,
    no_calendar,
    untold,
    verdicts,
)
from casekit.kinds.staffing import each_month, heads_through
from casekit.tables import WEEKDAYS

# What tells on which days someone works.
WORK = ["staff_id", "fte", "work_days", "start", "end", "maybe"]


def case_managers(
    caseload: Caseload, span: Span, program: str, *, planned: bool = False
) -> pd.DataFrame:
    """The program's staff rows of the span that are case-management staff, or may be.

    A row is one where its share is above nothing or its person has cases; `maybe` is True where
    the share is not recorded and nobody is assigned, so that it cannot be told. With `planned`,
    rows that start between as_of and the horizon are among them.
    """
    last = max(span.as_of, span.until) if planned else span.as_of

    def find() -> pd.DataFrame:
        staff = caseload.tables["staff"]
        start, end = days(staff["start_date"]), days(staff["end_date"], FAR)
        here = (staff["program_id"] == program).to_numpy() & (start <= last) & (end >= span.since)
        share = staff["case_management_share"].to_numpy()
        assigned = _with_cases(caseload, staff["staff_id"])
        rows = here & ((share > 0) | np.isnan(share) | assigned)
        found = staff[rows]
        edges = {"start": start, "end": end, "maybe": np.isnan(share) & ~assigned}
        for name, cells in edges.items():
            found[name] = cells[rows]
        return found

    # A shallow copy: what its reader writes into it does not reach the next one's.
    return caseload.once(("case managers", program, span.since, last), find).copy(deep=False)


def _with_cases(caseload: Caseload, people: pd.Series) -> np.ndarray:
    """Which of these people have ever had a student; ids are coded alike in all tables."""
    held = np.zeros(len(people.cat.categories) + 1, dtype=bool)
    held[caseload.tables["assignments"]["staff_id"].cat.codes] = True
    held[-1] = False  # an empty cell
    return held[people.cat.codes]


def _within(on: np.ndarray, start: object, end: object) -> np.ndarray:
    last = FAR if pd.isna(end) else np.datetime64(end, "D")  # type: ignore[call-overload]
    return (on >= np.datetime64(start, "D")) & (on < last + DAY)  # type: ignore[call-overload]


def _leave_of(caseload: Caseload) -> dict[str, list[Any]]:
    """The rows of leave of each person."""

    def find() -> dict[str, list[Any]]:
        rows = caseload.tables["leave"][["staff_id", "start_date", "end_date", "covered_by"]]
        found: dict[str, list[Any]] = {}
        for away in rows.itertuples(index=False):
            found.setdefault(away.staff_id, []).append(away)
        return found

    return caseload.once("leave of people", find)


def _works(row: Any, on: np.ndarray) -> np.ndarray:
    """On which days someone is employed, on a weekday they work (empty: on every one)."""
    there = _within(on, row.start, row.end)
    if pd.isna(row.work_days):
        return there
    return there & np.isin(weekday(on), [WEEKDAYS.index(d) for d in row.work_days.split(";")])


def staffed_by_day(caseload: Caseload, span: Span, program: str, *, at_work: bool) -> pd.DataFrame:
    """On every open day with students, whether case-management staff were there.

    Columns: day, sure, maybe (see casekit.kinds.rows.Told). With `at_work`, someone counts only
    on the weekdays they work and while not on leave, unless a person stands in.
    """
    on = span.projected_days()
    on = on[heads_through(caseload, span, program) > 0]
    sure, maybe = np.zeros(len(on), dtype=bool), np.zeros(len(on), dtype=bool)
    rows = case_managers(caseload, span, program, planned=True)
    leave = _leave_of(caseload) if at_work else {}
    for row in rows[WORK].itertuples(index=False):
        there = _works(row, on) if at_work else _within(on, row.start, row.end)
        there &= row.fte != 0
        for away in leave.get(row.staff_id, ()):
            off = _within(on, away.start_date, away.end_date)
            there &= ~off | stood_in(caseload, away, on)
        maybe |= there
        if not row.maybe:
            sure |= there
    return pd.DataFrame({"day": on, "sure": sure, "maybe": maybe})


def _staffed(caseload: Caseload, span: Span, at_work: bool, lacks: str) -> pd.DataFrame:
    """Months of `staffed_by_day`: not_met with a day surely bare, cannot_tell with one maybe so."""
    if reason := no_calendar(span) or caseload.lacks("staff"):
        return untold(caseload, span, reason)
    by_program = [staffed_by_day(caseload, span, p, at_work=at_work) for p in span.programs]
    program = np.repeat(np.array(span.programs, dtype=object), [len(d) for d in by_program])
    daily = pd.concat(by_program, ignore_index=True)
    on = daily["day"].to_numpy()
    first = each_month(program, on)
    bare = np.add.reduceat((~daily["maybe"]).to_numpy(dtype=int), first)
    doubt = np.logical_or.reduceat(~daily["sure"].to_numpy(), first) | bool(lacks)
    status = np.where(bare > 0, NOT_MET, np.where(doubt, CANNOT_TELL, MET))
    return verdicts(
        "program",
        program_id=program[first],
        period_start=month_of(on[first]),
        period_end=month_end(on[first]),
        status=status,
        reason=np.where(
            status == CANNOT_TELL, lacks or "case_management_share is not recorded", ""
        ),
        observed=bare,
        limit=0,
        unit="open days without case-management staff",
        days_over=bare,
    )


def staff_present(caseload: Caseload, span: Span, *, at_work: bool) -> pd.DataFrame:
    """Case-management staff are employed, or `at_work`, on every open day with students.

    WAC 392-700-085, continuous basis: leave does not interrupt it, an employment that ended does.
    Open Doors newsletter (guidance), available each day: work days and leave count; leave that a
    named person covers does not take anybody away. One row per program and month.
    """
    lacks = caseload.lacks("leave") if at_work else ""
    return _staffed(caseload, span, at_work=at_work, lacks=lacks)


def stood_in(caseload: Caseload, leave: Any, on: np.ndarray) -> np.ndarray:
    """On which days someone stands in for a row of the leave table.

    The leave names another person, who is employed that day, in any program, and not away.
    """
    covered = np.zeros(len(on), dtype=bool)
    if pd.isna(leave.covered_by) or leave.covered_by == leave.staff_id:
        return covered
    for table, there in (("staff", True), ("leave", False)):
        for first, last in _stretches_of(caseload, table).get(leave.covered_by, ()):
            covered[_within(on, first, last)] = there
    return covered


def _stretches_of(caseload: Caseload, table: str) -> dict[str, list[tuple[Days, Days]]]:
    """First and last day of each person's rows of `staff` or `leave`."""

    def find() -> dict[str, list[tuple[Days, Days]]]:
        rows = caseload.tables[table]
        found: dict[str, list[tuple[Days, Days]]] = {}
        stretches = zip(days(rows["start_date"]), days(rows["end_date"], FAR), strict=True)
        for person, stretch in zip(rows["staff_id"], stretches, strict=True):
            found.setdefault(person, []).append(stretch)
        return found

    return caseload.once(("stretches of people", table), find)


def uncovered_days(caseload: Caseload, span: Span, program: str) -> pd.DataFrame:
    """The open days that each case manager of the program was on leave, and whether covered.

    Columns: staff_id, day, covered (see stood_in).
    """
    on = span.projected_days()
    rows = case_managers(caseload, span, program, planned=True)
    leave = _leave_of(caseload)
    found = []
    for row in rows[WORK].itertuples(index=False):
        for away in leave.get(row.staff_id, ()):
            off = on[_works(row, on) & _within(on, away.start_date, away.end_date)]
            found.append((row.staff_id, off, stood_in(caseload, away, off)))
    if not found:
        return pd.DataFrame({"staff_id": [], "day": [], "covered": []})
    people, off, covered = zip(*found, strict=True)
    every = pd.DataFrame(
        {
            "staff_id": np.repeat(people, [len(part) for part in off]),
            "day": np.concatenate(off),
            "covered": np.concatenate(covered),
        }
    )
    return every.groupby(["staff_id", "day"], as_index=False)["covered"].max()


def leave_covered(caseload: Caseload, span: Span) -> pd.DataFrame:
    """Every open day on which a case manager is on leave has someone who stands in.

    FLO standards, organisational capacity: one row per case manager who was on leave.
    """
    reason = no_calendar(span) or caseload.lacks("staff") or caseload.lacks("leave")
    if reason:
        return untold(caseload, span, reason)
    by_program = [uncovered_days(caseload, span, program) for program in span.programs]
    program = np.repeat(np.array(span.programs, dtype=object), [len(d) for d in by_program])
    daily = pd.concat(by_program, ignore_index=True)
    bare = ~daily["covered"].astype(bool)
    people = bare.groupby([program, daily["staff_id"]], sort=False).sum()
    return verdicts(
        "staff",
        program_id=people.index.get_level_values(0).to_numpy(dtype=object),
        subject_id=people.index.get_level_values(1).astype(str),
        period_start=span.since,
        period_end=max(span.as_of, span.until),
        status=np.where(people.to_numpy() > 0, NOT_MET, MET),
        observed=people.to_numpy(),
        limit=0,
        unit="open days of leave without cover",
        days_over=people.to_numpy(),
    )
