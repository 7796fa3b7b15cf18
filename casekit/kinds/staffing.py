"""Kinds about how many students there are to case managers: staff ratio, caseload."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate

import numpy as np
import pandas as pd

from casekit.calendars import month_end, month_of
from casekit.caseload import FAR, Caseload, days, merge_stretches
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


def exact(number: float) -> Fraction:
    """A number as the decimal that was written, so that 0.4 x 0.25 is a tenth."""
    return Fraction(str(number))


def heads(rows: pd.DataFrame, on: np.ndarray) -> np.ndarray:
    """How many stretches (start, end included) hold each day; `on` is sorted or not."""
    begun = np.searchsorted(np.sort(rows["start"].to_numpy()), on, side="right")
    ended = np.searchsorted(np.sort(rows["end"].to_numpy()), on, side="left")
    return begun - ended


def ratio_by_day(caseload: Caseload, span: Span, program: str) -> pd.DataFrame:
    """Students, case-management time and their ratio on every open day of one program.

    Columns: day, students (heads), time (Fraction of full-time case management),
    unknown (staff on that day whose fte or share is not recorded), ratio (float; inf where there
    are students and no time, NaN without students).
    """
    on = span.projected_days()
    enrolled = caseload.enrolments([program])
    staff = caseload.tables["staff"]
    staff = staff[staff["program_id"] == program]
    first = np.searchsorted(on, days(staff["start_date"]))
    past = np.searchsorted(on, days(staff["end_date"], FAR), side="right")
    change = [Fraction(0)] * (len(on) + 1)
    unknown = np.zeros(len(on) + 1, dtype=int)
    shares = zip(staff["fte"], staff["case_management_share"], first, past, strict=True)
    for fte, share, begin, end in shares:
        if end <= begin:
            continue
        if np.isnan(fte) or np.isnan(share):
            unknown[begin] += 1
            unknown[end] -= 1
        else:
            given = exact(fte) * exact(share)
            change[begin] += given
            change[end] -= given
    students = heads(enrolled, on)
    time = list(accumulate(change))[: len(on)]
    ratio = [
        np.nan if not n else float(n / t) if t else np.inf
        for n, t in zip(students.tolist(), time, strict=True)
    ]
    return pd.DataFrame(
        {
            "day": on,
            "students": students,
            "time": pd.Series(time, dtype=object),
            "unknown": np.cumsum(unknown)[: len(on)] + bool(caseload.lacks("staff")),
            "ratio": np.array(ratio, dtype=float),
        }
    )


def staff_ratio(caseload: Caseload, span: Span, *, per_staff: float) -> pd.DataFrame:
    """Students to one full-time case manager, worst day of each month, against `per_staff`.

    WAC 392-700-085: heads enrolled on the day (claimed or not) against the sum of fte x
    case_management_share of staff employed that day; equality passes; leave lowers nothing.
    """
    if reason := no_calendar(span):
        return untold(caseload, span, reason)
    lacks = caseload.lacks("staff", "fte", "case_management_share")
    cap = exact(per_staff)
    found = []
    for program in span.programs:
        daily = ratio_by_day(caseload, span, program)
        daily = daily[daily["students"] > 0]
        daily["over"] = [
            n > cap * t for n, t in zip(daily["students"].tolist(), daily["time"], strict=True)
        ]
        daily["month"] = month_of(daily["day"].to_numpy())
        monthly = daily.groupby("month").agg(
            observed=("ratio", "max"), days_over=("over", "sum"), unknown=("unknown", "max")
        )
        months = monthly.index.to_numpy().astype("datetime64[D]")
        unknown = (monthly["unknown"] > 0).to_numpy()
        over = (monthly["days_over"] > 0).to_numpy()
        found.append(
            verdicts(
                "program",
                program_id=program,
                period_start=months,
                period_end=month_end(months),
                status=np.where(unknown, CANNOT_TELL, np.where(over, NOT_MET, MET)),
                reason=np.where(
                    unknown, lacks or "fte or case_management_share of someone is not recorded", ""
                ),
                observed=np.where(unknown, np.nan, monthly["observed"].to_numpy()),
                limit=per_staff,
                unit="students per 1.0 FTE",
                days_over=np.where(unknown, np.nan, monthly["days_over"].to_numpy()),
            )
        )
    return pd.concat(found, ignore_index=True) if found else nobody()


def cases_by_day(caseload: Caseload, span: Span, program: str, staff_id: str) -> pd.DataFrame:
    """A case manager's heads on every open day on which they are employed in the program.

    Columns: day, heads (students assigned and enrolled that day, in any program), here (those
    of them enrolled in this program).
    """
    staff = caseload.tables["staff"]
    mine = staff[(staff["program_id"] == program) & (staff["staff_id"] == staff_id)]
    on = span.projected_days()
    employed = np.zeros(len(on), dtype=bool)
    for start, end in zip(days(mine["start_date"]), days(mine["end_date"], FAR), strict=True):
        employed |= (on >= start) & (on <= end)
    on = on[employed]
    cases = cases_of(caseload, staff_id)
    everywhere = merge_stretches(cases, ["student_id"])
    here = merge_stretches(cases[cases["program_id"] == program], ["student_id"])
    return pd.DataFrame(
        {
            "day": on,
            "heads": heads(everywhere, on),
            "here": heads(here, on),
        }
    )


def cases_of(caseload: Caseload, staff_id: str) -> pd.DataFrame:
    """The stretches in which a student is both assigned to a case manager and enrolled.

    Columns: staff_id, student_id, program_id, start, end.
    """

    def find() -> pd.DataFrame:
        rows = caseload.tables["assignments"]
        assigned = rows[["staff_id", "student_id"]].assign(
            assigned=days(rows["start_date"]), released=days(rows["end_date"], FAR)
        )
        programs = list(caseload.tables["programs"]["program_id"])
        both = assigned.merge(caseload.enrolments(programs), on="student_id")
        both["start"] = both[["start", "assigned"]].max(axis=1)
        both["end"] = both[["end", "released"]].min(axis=1)
        names = ["staff_id", "student_id", "program_id", "start", "end"]
        return both.loc[both["start"] <= both["end"], names]

    every = caseload.once("cases", find)
    return every[every["staff_id"] == staff_id]


def caseload_size(caseload: Caseload, span: Span, *, at_most: int) -> pd.DataFrame:
    """Heads assigned to one case manager, worst day of each month, against `at_most`.

    FLO standards, functioning: every open day on which the case manager is employed counts.
    """
    if reason := no_calendar(span) or caseload.lacks("assignments") or caseload.lacks("staff"):
        return untold(caseload, span, reason)
    assigned = set(caseload.tables["assignments"]["staff_id"])
    staff = caseload.tables["staff"]
    staff = staff[staff["program_id"].isin(span.programs) & staff["staff_id"].isin(assigned)]
    found = []
    people = staff[["program_id", "staff_id"]].astype(str).drop_duplicates()
    for program, person in people.itertuples(index=False):
        daily = cases_by_day(caseload, span, program, person)
        daily["over"] = daily["heads"] > at_most
        monthly = daily.groupby(month_of(daily["day"].to_numpy())).agg(
            observed=("heads", "max"), days_over=("over", "sum"), here=("here", "max")
        )
        monthly = monthly[monthly["here"] > 0]
        months = monthly.index.to_numpy().astype("datetime64[D]")
        found.append(
            verdicts(
                "staff",
                program_id=program,
                subject_id=person,
                period_start=months,
                period_end=month_end(months),
                status=np.where(monthly["days_over"] > 0, NOT_MET, MET),
                observed=monthly["observed"].to_numpy(),
                limit=at_most,
                unit="students",
                days_over=monthly["days_over"].to_numpy(),
            )
        )
    return pd.concat(found, ignore_index=True) if found else nobody()
