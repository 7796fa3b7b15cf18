"""Kinds about whether case managers are there: continuity, availability, cover of leave."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from casekit.calendars import DAY, month_end, month_of, weekday
from casekit.caseload import FAR, Caseload, days
from casekit.kinds.rows import (
    CANNOT_TELL,
    MET,
    NOT_MET,
    Span,
    no_calendar,
    nobody,
    untold,
    verdicts,
)
from casekit.kinds.staffing import heads
from casekit.tables import WEEKDAYS


def case_managers(
    caseload: Caseload, span: Span, program: str, *, planned: bool = False
) -> pd.DataFrame:
    """The program's staff rows of the span that are case-management staff, or may be.

    A row is one where its share is above nothing or its person has cases; `maybe` is True where
    the share is not recorded and nobody is assigned, so that it cannot be told. With `planned`,
    rows that start between as_of and the horizon are among them.
    """
    last = max(span.as_of, span.until) if planned else span.as_of
    staff = caseload.tables["staff"]
    start, end = days(staff["start_date"]), days(staff["end_date"], FAR)
    here = (staff["program_id"] == program) & (start <= last) & (end >= span.since)
    share = staff["case_management_share"]
    assigned = staff["staff_id"].isin(set(caseload.tables["assignments"]["staff_id"]))
    rows = staff[here & ((share > 0) | share.isna() | assigned)].copy()
    rows["maybe"] = (share.isna() & ~assigned)[rows.index]
    rows["start"], rows["end"] = days(rows["start_date"]), days(rows["end_date"], FAR)
    return rows


def staffed_by_day(caseload: Caseload, span: Span, program: str, *, at_work: bool) -> pd.DataFrame:
    """On every open day with students, whether case-management staff were there.

    Columns: day, sure, maybe (see casekit.kinds.rows.Told). With `at_work`, someone counts only
    on the weekdays they work and while not on leave, unless a person stands in.
    """
    on = span.projected_days()
    on = on[heads(caseload.enrolments([program]), on) > 0]
    sure, maybe = np.zeros(len(on), dtype=bool), np.zeros(len(on), dtype=bool)
    leave = caseload.tables["leave"]
    for row in case_managers(caseload, span, program, planned=True).itertuples(index=False):
        there = (on >= np.datetime64(row.start, "D")) & (on <= np.datetime64(row.end, "D"))
        there &= row.fte != 0
        if at_work:
            if not pd.isna(row.work_days):
                there &= np.isin(weekday(on), [WEEKDAYS.index(d) for d in row.work_days.split(";")])
            for away in leave[leave["staff_id"] == row.staff_id].itertuples(index=False):
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
    found = []
    for program in span.programs:
        daily = staffed_by_day(caseload, span, program, at_work=at_work)
        daily["bare"] = ~daily["maybe"]
        daily["doubt"] = ~daily["sure"] | bool(lacks)
        monthly = daily.groupby(month_of(daily["day"].to_numpy()))[["bare", "doubt"]].sum()
        months = monthly.index.to_numpy().astype("datetime64[D]")
        bare, doubt = (monthly["bare"] > 0).to_numpy(), (monthly["doubt"] > 0).to_numpy()
        status = np.where(bare, NOT_MET, np.where(doubt, CANNOT_TELL, MET))
        found.append(
            verdicts(
                "program",
                program_id=program,
                period_start=months,
                period_end=month_end(months),
                status=status,
                reason=np.where(
                    status == CANNOT_TELL, lacks or "case_management_share is not recorded", ""
                ),
                observed=monthly["bare"].to_numpy(),
                limit=0,
                unit="open days without case-management staff",
                days_over=monthly["bare"].to_numpy(),
            )
        )
    return pd.concat(found, ignore_index=True) if found else nobody()


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
        rows = caseload.tables[table]
        for row in rows[rows["staff_id"] == leave.covered_by].itertuples(index=False):
            covered[_within(on, row.start_date, row.end_date)] = there
    return covered


def uncovered_days(caseload: Caseload, span: Span, program: str) -> pd.DataFrame:
    """The open days that each case manager of the program was on leave, and whether covered.

    Columns: staff_id, day, covered (see stood_in).
    """
    on = span.projected_days()
    leave = caseload.tables["leave"]
    found = []
    for row in case_managers(caseload, span, program, planned=True).itertuples(index=False):
        works = (on >= np.datetime64(row.start, "D")) & (on <= np.datetime64(row.end, "D"))
        if not pd.isna(row.work_days):
            works &= np.isin(weekday(on), [WEEKDAYS.index(d) for d in row.work_days.split(";")])
        for away in leave[leave["staff_id"] == row.staff_id].itertuples(index=False):
            off = on[works & _within(on, away.start_date, away.end_date)]
            covered = stood_in(caseload, away, off)
            found.append(pd.DataFrame({"staff_id": row.staff_id, "day": off, "covered": covered}))
    if not found:
        return pd.DataFrame({"staff_id": [], "day": [], "covered": []})
    every = pd.concat(found, ignore_index=True)
    return every.groupby(["staff_id", "day"], as_index=False)["covered"].max()


def _within(on: np.ndarray, start: object, end: object) -> np.ndarray:
    last = FAR if pd.isna(end) else np.datetime64(end, "D")  # type: ignore[call-overload]
    return (on >= np.datetime64(start, "D")) & (on < last + DAY)  # type: ignore[call-overload]


def leave_covered(caseload: Caseload, span: Span) -> pd.DataFrame:
    """Every open day on which a case manager is on leave has someone who stands in.

    FLO standards, organisational capacity: one row per case manager who was on leave.
    """
    reason = no_calendar(span) or caseload.lacks("staff") or caseload.lacks("leave")
    if reason:
        return untold(caseload, span, reason)
    found = []
    for program in span.programs:
        daily = uncovered_days(caseload, span, program)
        daily["bare"] = ~daily["covered"].astype(bool)
        people = daily.groupby("staff_id")["bare"].sum()
        found.append(
            verdicts(
                "staff",
                program_id=program,
                subject_id=people.index.astype(str),
                period_start=span.since,
                period_end=max(span.as_of, span.until),
                status=np.where(people.to_numpy() > 0, NOT_MET, MET),
                observed=people.to_numpy(),
                limit=0,
                unit="open days of leave without cover",
                days_over=people.to_numpy(),
            )
        )
    return pd.concat(found, ignore_index=True) if found else nobody()
