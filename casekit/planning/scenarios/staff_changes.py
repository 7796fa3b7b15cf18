"""What changes of staff do to the tables: hires, leave, resignations, shares."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK, Days
from casekit.caseload import FAR, days
from casekit.phrases import date
from casekit.planning.scenarios.changes import Hire, Leave, Resign, Share
from casekit.planning.scenarios.draft import Draft
from casekit.planning.settings import PlanningError

_OF_A_PERSON = (
    *("role", "site_id", "work_days", "degree_level", "degree_field", "experience_years"),
    *("experience_kind", "experience_on", "certificates"),
)


def hire(draft: Draft, change: Hire) -> None:
    """Somebody new: a staff row, or one for each week of the ramp and one for what follows."""
    draft.program(change.program)
    first = draft.day(change.on)
    if change.fte * change.share == 0:
        draft.notes.append(
            f"the hire for {change.program} brings no case-management time: its fte or share is 0"
        )
    like = {}
    if change.like:
        row = _last_row(draft, change.like)
        like = {name: row[name] for name in _OF_A_PERSON if pd.notna(row[name])}
        # Years without a day were counted on the start of that row.
        if "experience_years" in like and "experience_on" not in like:
            like["experience_on"] = row["start_date"]
    name = new_id(draft, change.staff, f"hire-{change.program}")
    about = {"staff_id": name, "program_id": change.program, "staff_name": "New hire", **like}
    if change.site:
        about["site_id"] = change.site
    last = None if change.until is None else np.datetime64(change.until, "D")
    if last is not None and last < first:
        raise PlanningError(f"the hire ends on {date(last)}, before it begins on {date(first)}")
    for start, end, share in _ramp(first, last, change.share, change.ramp_weeks):
        draft.add(
            "staff",
            {
                **about,
                "fte": change.fte,
                "case_management_share": share,
                "start_date": start,
                "end_date": end,
            },
        )


def new_id(draft: Draft, asked: str, stem: str) -> str:
    """An id for somebody new. Raises PlanningError where the one asked for is taken."""
    taken = set(draft.look("staff")["staff_id"].astype(str))
    if asked:
        if asked in taken:
            raise PlanningError(f"staff {asked!r} is there already: give the hire another id")
        return asked
    number = 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def _ramp(
    first: Days, last: Days | None, share: float, weeks: int
) -> list[tuple[Days, Days | None, float]]:
    """(first day, last day, share) of each step up to the whole share."""
    steps = []
    for step in range(weeks):
        # Rounded down: what is not there yet is not counted.
        part = math.floor(share * step / weeks * 10_000) / 10_000
        steps.append((first + step * WEEK, first + (step + 1) * WEEK - DAY, part))
    steps.append((first + weeks * WEEK, last, share))
    if last is None:
        return steps
    return [(s, last if e is None or e > last else e, p) for s, e, p in steps if s <= last]


def leave(draft: Draft, change: Leave) -> None:
    """Somebody is away: a row of leave. Leave lowers no fte; others must stand in."""
    draft.known("staff", "staff_id", change.staff, "staff")
    if change.covered_by:
        draft.known("staff", "staff_id", change.covered_by, "covered_by")
    first = draft.day(change.on)
    if not _works_on(draft, change.staff, first):
        raise PlanningError(f"{change.staff} does not work here on {date(first)}: no leave to take")
    last = np.datetime64(change.until, "D")
    if last < first:
        raise PlanningError(f"the leave of {change.staff} ends before it begins, on {date(first)}")
    rows = draft.look("leave")
    same = (rows["staff_id"] == change.staff) & (days(rows["start_date"]) == first)
    if same.any():
        raise PlanningError(
            f"{change.staff} has leave from {date(first)} already: give another day"
        )
    draft.add(
        "leave",
        {
            "staff_id": change.staff,
            "start_date": first,
            "end_date": last,
            "reason": "scenario",
            "covered_by": change.covered_by,
        },
    )


def resign(draft: Draft, change: Resign) -> None:
    """The person's rows end with the day; what was to begin later is dropped."""
    last = draft.day(change.on)
    mine = _rows_of(draft, change.staff, change.program)
    start, end = days(mine["start_date"]), days(mine["end_date"], FAR)
    if not (end > last).any():
        raise PlanningError(
            f"{change.staff} is no longer there after {date(last)}: nobody can leave twice"
        )
    if not (start <= last).any():
        raise PlanningError(
            f"{change.staff} starts only after {date(last)}: give a later day, or drop the change"
        )
    gone = mine[(start <= last) & (end > last)]
    draft.put("staff", gone.index, "end_date", last)
    later = mine.index[start > last]
    if len(later):
        draft.keep("staff", ~draft.rows("staff").index.isin(later))
    if change.replaced_in_weeks is not None:
        _replace(draft, change, gone, last)


def _replace(draft: Draft, change: Resign, gone: pd.DataFrame, last: Days) -> None:
    """Somebody like the one who left starts, on the same fte and share, and takes their cases."""
    weeks = change.replaced_in_weeks or 0
    first = last + DAY + weeks * WEEK
    name = new_id(draft, "", f"after-{change.staff}")
    for _, row in gone.iterrows():
        like = {key: row[key] for key in _OF_A_PERSON if pd.notna(row[key])}
        if "experience_years" in like and "experience_on" not in like:
            like["experience_on"] = row["start_date"]
        work = {key: row[key] for key in ("program_id", "fte", "case_management_share")}
        about = {"staff_id": name, "staff_name": "New hire", "start_date": first}
        draft.add("staff", {**like, **work, **about})
    rows, students = draft.look("assignments"), draft.look("students")
    # Of somebody who works in several programs, only the students of those that are left.
    here = students["program_id"].isin(set(gone["program_id"]))
    theirs = rows["student_id"].isin(set(students.loc[here, "student_id"]))
    held = theirs & (rows["staff_id"] == change.staff) & (days(rows["end_date"], FAR) > last)
    for _, row in rows[held].iterrows():
        begin = max(first, np.datetime64(row["start_date"], "D"))
        if pd.isna(row["end_date"]) or np.datetime64(row["end_date"], "D") >= begin:
            draft.add(
                "assignments",
                {
                    "student_id": row["student_id"],
                    "staff_id": name,
                    "start_date": begin,
                    "end_date": row["end_date"],
                },
            )


def share(draft: Draft, change: Share) -> None:
    """Rows that hold on the day are parted there; from it on the new share, or fte, holds."""
    first = draft.day(change.on)
    last = FAR if change.until is None else np.datetime64(change.until, "D")
    mine = _rows_of(draft, change.staff, change.program)
    if not (days(mine["end_date"], FAR) >= first).any():
        raise PlanningError(
            f"{change.staff} is no longer there on {date(first)}: no share to change"
        )
    if last < first:
        raise PlanningError(f"the share of {change.staff} ends before it begins, on {date(first)}")
    new = {"case_management_share": change.share, "fte": change.fte}
    new = {name: value for name, value in new.items() if value is not None}
    _part(draft, change, first)
    if last < FAR:
        _part(draft, change, last + DAY)
    mine = _rows_of(draft, change.staff, change.program)
    start = days(mine["start_date"])
    for name, value in new.items():
        draft.put("staff", mine.index[(start >= first) & (start <= last)], name, value)


def _part(draft: Draft, change: Share, on: Days) -> None:
    """Part a person's rows on a day: what holds before it ends, and goes on from it the same."""
    mine = _rows_of(draft, change.staff, change.program)
    start, end = days(mine["start_date"]), days(mine["end_date"], FAR)
    for index, row in mine[(start < on) & (end >= on)].iterrows():
        later = {name: row[name] for name in row.index if name not in ("row", "file")}
        later = {name: value for name, value in later.items() if pd.notna(value)}
        if "experience_years" in later and "experience_on" not in later:
            later["experience_on"] = row["start_date"]
        draft.put("staff", pd.Index([index]), "end_date", on - DAY)
        draft.add("staff", {**later, "start_date": on})


def _rows_of(draft: Draft, staff: str, program: str) -> pd.DataFrame:
    """A person's rows, in one program where it is named. Raises PlanningError: there is none."""
    draft.known("staff", "staff_id", staff, "staff")
    rows = draft.look("staff")
    mine = rows[rows["staff_id"] == staff]
    if not program:
        return mine
    draft.program(program)
    here = mine[mine["program_id"] == program]
    if here.empty:
        others = ", ".join(sorted(set(mine["program_id"].astype(str))))
        raise PlanningError(f"{staff} does not work in {program}: give {others}")
    return here


def _last_row(draft: Draft, staff: str) -> pd.Series:
    mine = _rows_of(draft, staff, "")
    return mine.iloc[int(np.argmax(days(mine["start_date"])))]


def _works_on(draft: Draft, staff: str, day: Days) -> bool:
    mine = _rows_of(draft, staff, "")
    return bool(((days(mine["start_date"]) <= day) & (days(mine["end_date"], FAR) >= day)).any())
