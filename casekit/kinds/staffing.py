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
    untold,
    verdicts,
)

PERSON = ["program_id", "staff_id"]


def exact(number: float) -> Fraction:
    """A number as the decimal that was written, so that 0.4 x 0.25 is a tenth."""
    return Fraction(str(number))


def heads(rows: pd.DataFrame, on: np.ndarray) -> np.ndarray:
    """How many stretches (start, end included) hold each day; `on` is sorted or not."""
    begun = np.searchsorted(np.sort(rows["start"].to_numpy()), on, side="right")
    ended = np.searchsorted(np.sort(rows["end"].to_numpy()), on, side="left")
    return begun - ended


def heads_through(caseload: Caseload, span: Span, program: str) -> np.ndarray:
    """Students enrolled in a program on each of the span's projected days, in their order."""

    def count() -> np.ndarray:
        return heads(caseload.enrolments([program]), span.projected_days())

    return caseload.once(("heads through", program, span.key), count)


def _plus(held: Fraction, more: Fraction) -> Fraction:
    # Most days change nothing, and adding a Fraction costs far more than asking.
    return held + more if more else held


def ratio_by_day(caseload: Caseload, span: Span, program: str) -> pd.DataFrame:
    """Students, case-management time and their ratio on every open day of one program.

    Columns: day, students (heads), time (Fraction of full-time case management),
    unknown (staff on that day whose fte or share is not recorded), ratio (float; inf where there
    are students and no time, NaN without students).
    """
    on = span.projected_days()
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
    students = heads_through(caseload, span, program)
    time = list(accumulate(change, _plus))[: len(on)]
    ratio = [
        np.nan if not n else n * t.denominator / t.numerator if t else np.inf
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


def each_month(subject: np.ndarray, on: np.ndarray) -> np.ndarray:
    """Where each month of each subject begins, in days ordered by subject and day."""
    month = on.astype("datetime64[M]")
    fresh = np.ones(len(on), dtype=bool)
    fresh[1:] = (subject[1:] != subject[:-1]) | (month[1:] != month[:-1])
    return np.flatnonzero(fresh)


def staff_ratio(caseload: Caseload, span: Span, *, per_staff: float) -> pd.DataFrame:
    """Students to one full-time case manager, worst day of each month, against `per_staff`.

    WAC 392-700-085: heads enrolled on the day (claimed or not) against the sum of fte x
    case_management_share of staff employed that day; equality passes; leave lowers nothing.
    """
    if reason := no_calendar(span):
        return untold(caseload, span, reason)
    lacks = caseload.lacks("staff", "fte", "case_management_share")
    cap = exact(per_staff)
    by_program = [ratio_by_day(caseload, span, program) for program in span.programs]
    daily = pd.concat(by_program, ignore_index=True)
    program = np.repeat(np.array(span.programs, dtype=object), [len(d) for d in by_program])
    asked = (daily["students"] > 0).to_numpy()
    daily, program = daily[asked], program[asked]
    on = daily["day"].to_numpy()
    # Whole numbers on both sides: exact, and quicker than a Fraction for each day.
    over = [
        n * t.denominator * cap.denominator > t.numerator * cap.numerator
        for n, t in zip(daily["students"].tolist(), daily["time"], strict=True)
    ]
    first = each_month(program, on)
    days_over = np.add.reduceat(np.array(over, dtype=int), first)
    unknown = np.maximum.reduceat(daily["unknown"].to_numpy(), first) > 0
    return verdicts(
        "program",
        program_id=program[first],
        period_start=month_of(on[first]),
        period_end=month_end(on[first]),
        status=np.where(unknown, CANNOT_TELL, np.where(days_over > 0, NOT_MET, MET)),
        reason=np.where(
            unknown, lacks or "fte or case_management_share of someone is not recorded", ""
        ),
        observed=np.where(unknown, np.nan, np.maximum.reduceat(daily["ratio"].to_numpy(), first)),
        limit=per_staff,
        unit="students per 1.0 FTE",
        days_over=np.where(unknown, np.nan, days_over),
    )


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
    every = all_cases(caseload)
    return every[every["staff_id"] == staff_id]


def all_cases(caseload: Caseload) -> pd.DataFrame:
    """The stretches of cases_of, of every case manager."""

    def find() -> pd.DataFrame:
        rows = caseload.tables["assignments"]
        assigned = rows[["staff_id", "student_id"]].assign(
            assigned=days(rows["start_date"]), released=days(rows["end_date"], FAR)
        )
        programs = list(caseload.tables["programs"]["program_id"])
        both = assigned.merge(caseload.enrolments(programs), on="student_id")
        both["start"] = np.maximum(both["start"], both["assigned"])
        both["end"] = np.minimum(both["end"], both["released"])
        names = ["staff_id", "student_id", "program_id", "start", "end"]
        return both.loc[both["start"] <= both["end"], names]

    return caseload.once("cases", find)


def caseload_size(caseload: Caseload, span: Span, *, at_most: int) -> pd.DataFrame:
    """Heads assigned to one case manager, worst day of each month, against `at_most`.

    FLO standards, functioning: every open day on which the case manager is employed counts.
    """
    if reason := no_calendar(span) or caseload.lacks("assignments") or caseload.lacks("staff"):
        return untold(caseload, span, reason)
    on = span.projected_days()
    assigned = caseload.tables["assignments"]["staff_id"].unique()
    staff = caseload.tables["staff"]
    staff = staff[staff["program_id"].isin(span.programs) & staff["staff_id"].isin(assigned)]
    work = staff[PERSON].assign(start=days(staff["start_date"]), end=days(staff["end_date"], FAR))
    people = work[PERSON].drop_duplicates()
    people["row"] = np.arange(len(people))
    cases = all_cases(caseload)
    cases = cases[cases["staff_id"].isin(people["staff_id"].unique())]
    everywhere = merge_stretches(cases, ["staff_id", "student_id"])
    held = heads_by_day(everywhere.merge(people, on="staff_id"), on, len(people))
    here = heads_by_day(cases.merge(people, on=PERSON), on, len(people))
    person, at = np.nonzero(heads_by_day(work.merge(people, on=PERSON), on, len(people)))
    first = each_month(person, on[at])
    judged = np.maximum.reduceat(here[person, at], first) > 0
    most = np.maximum.reduceat(held[person, at], first)[judged]
    days_over = np.add.reduceat((held[person, at] > at_most).astype(int), first)[judged]
    first = first[judged]
    months = on[at[first]]
    who = people.iloc[person[first]]
    return verdicts(
        "staff",
        program_id=who["program_id"].astype(object),
        subject_id=who["staff_id"].astype(object),
        period_start=month_of(months),
        period_end=month_end(months),
        status=np.where(days_over > 0, NOT_MET, MET),
        observed=most,
        limit=at_most,
        unit="students",
        days_over=days_over,
    )


def heads_by_day(rows: pd.DataFrame, on: np.ndarray, people: int) -> np.ndarray:
    """How many stretches (start, end) of each person (`row`) hold each day: people x days."""
    step = np.zeros((people, len(on) + 1), dtype=np.int32)
    np.add.at(step, (rows["row"], np.searchsorted(on, days(rows["start"]))), 1)
    np.add.at(step, (rows["row"], np.searchsorted(on, days(rows["end"]), side="right")), -1)
    return step.cumsum(axis=1, dtype=np.int32)[:, :-1]
