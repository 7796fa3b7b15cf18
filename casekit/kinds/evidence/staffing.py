"""Evidence for the kinds about staffing and people."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from casekit.calendars import month_of
from casekit.caseload import Caseload
from casekit.kinds.evidence.shown import Evidence, columns, count, date, day, number, on_day
from casekit.kinds.people import experience_on
from casekit.kinds.rows import Span
from casekit.kinds.staffing import (
    case_managers,
    cases_by_day,
    exact,
    ratio_by_day,
    staffed_by_day,
    uncovered_days,
)


def _of_month(daily: pd.DataFrame, verdict: pd.Series) -> pd.DataFrame:
    return daily[month_of(daily["day"].to_numpy()) == day(verdict["period_start"])]


def staff_ratio(
    caseload: Caseload, span: Span, verdict: pd.Series, *, per_staff: float
) -> Evidence:
    """The worst day of the month: its staff, the division, what would bring it to the cap."""
    program = verdict["program_id"]
    daily = _of_month(ratio_by_day(caseload, span, program), verdict)
    daily = daily[daily["students"] > 0]
    unknown = daily["unknown"].to_numpy() > 0
    worst = daily[unknown].iloc[0] if unknown.any() else daily.loc[daily["ratio"].idxmax()]
    staff = caseload.tables["staff"]
    there = on_day(staff[staff["program_id"] == program], day(worst["day"]))
    rows = columns(there, "staff_id", "fte", "case_management_share", "start_date", "end_date")
    students, time, cap = int(worst["students"]), worst["time"], exact(per_staff)
    when = date(worst["day"])
    if verdict["status"] == "cannot_tell":
        return Evidence(
            rows,
            f"On {when} there were {count(students, 'student')}, and the case-management time of"
            " some staff is not recorded, so the division cannot be made.",
            "Record fte and case_management_share for each of these staff rows.",
        )
    needed = students / cap
    if not time:
        return Evidence(
            rows,
            f"On {when} there were {count(students, 'student')} and no case-management time.",
            f"{number(math.ceil(float(needed) * 100) / 100)} more FTE.",
        )
    sign = "over" if students > cap * time else "at or under"
    arithmetic = (
        f"On {when}: {count(students, 'student')} / {number(float(time))} FTE of case management"
        f" = {number(students / float(time))}, {sign} {number(per_staff)}."
    )
    if students > cap * time:
        fewer = math.ceil(students - cap * time)
        more = math.ceil((needed - time) * 100) / 100
        return Evidence(
            rows, arithmetic, f"{count(fewer, 'student')} fewer, or {number(more)} more FTE."
        )
    room = math.floor(cap * time) - students + 1
    return Evidence(rows, arithmetic, f"{count(room, 'student')} more would break it.")


def caseload_size(caseload: Caseload, span: Span, verdict: pd.Series, *, at_most: int) -> Evidence:
    """The worst day of the month: who was assigned and enrolled."""
    person = verdict["subject_id"]
    daily = _of_month(cases_by_day(caseload, span, verdict["program_id"], person), verdict)
    worst = daily.loc[daily["heads"].idxmax()]
    rows = caseload.tables["assignments"]
    mine = on_day(rows[rows["staff_id"] == person], day(worst["day"]))
    students = caseload.tables["students"]
    enrolled = on_day(students, day(worst["day"]), "enrollment_start", "enrollment_end")
    mine = mine[mine["student_id"].isin(enrolled["student_id"])]
    heads = int(worst["heads"])
    fte = caseload.tables["staff"].set_index("staff_id")["fte"].get(person)
    share = f" Pro rata by fte it would be {_pro_rata(fte, at_most)}." if _pro_rata(fte, 1) else ""
    arithmetic = (
        f"On {date(worst['day'])}: {count(heads, 'student')} assigned and enrolled; the limit"
        f" is {at_most}.{share}"
    )
    change = (
        f"{count(heads - at_most, 'student')} fewer."
        if heads > at_most
        else f"{count(at_most - heads + 1, 'student')} more would break it."
    )
    return Evidence(columns(mine, "student_id", "start_date", "end_date"), arithmetic, change)


def _pro_rata(fte: object, limit: int) -> str:
    known = np.atleast_1d(np.asarray(fte, dtype=float))
    known = known[~np.isnan(known)]
    return number(float(known[0]) * limit) if len(known) and known[0] < 1 else ""


def _bare(caseload: Caseload, span: Span, verdict: pd.Series, *, at_work: bool) -> Evidence:
    program = verdict["program_id"]
    daily = _of_month(staffed_by_day(caseload, span, program, at_work=at_work), verdict)
    bare = daily.loc[~daily["maybe"], "day"]
    rows = columns(
        case_managers(caseload, span, program), "staff_id", "start_date", "end_date", "work_days"
    )
    if not len(bare):
        return Evidence(rows, f"Someone was there on each of {count(len(daily), 'open day')}.", "")
    listed = ", ".join(date(d) for d in bare.head(5)) + (" and more" if len(bare) > 5 else "")
    return Evidence(
        rows,
        f"Nobody was there on {len(bare)} of {count(len(daily), 'open day')}: {listed}.",
        f"One case manager on {'that day' if len(bare) == 1 else f'those {len(bare)} days'}.",
    )


def continuous_staffing(caseload: Caseload, span: Span, verdict: pd.Series) -> Evidence:
    """The month's open days on which no case manager was employed."""
    return _bare(caseload, span, verdict, at_work=False)


def staff_available(caseload: Caseload, span: Span, verdict: pd.Series) -> Evidence:
    """The month's open days on which no case manager was at work."""
    return _bare(caseload, span, verdict, at_work=True)


def leave_covered(caseload: Caseload, span: Span, verdict: pd.Series) -> Evidence:
    """The leave of one person, and its open days without cover."""
    daily = uncovered_days(caseload, span, verdict["program_id"])
    daily = daily[daily["staff_id"] == verdict["subject_id"]]
    bare = daily.loc[~daily["covered"].astype(bool), "day"]
    leave = caseload.tables["leave"]
    mine = leave[leave["staff_id"] == verdict["subject_id"]]
    rows = columns(mine, "staff_id", "start_date", "end_date", "covered_by")
    change = f"Name who stands in on {count(len(bare), 'open day')}." if len(bare) else ""
    return Evidence(
        rows, f"{len(bare)} of {count(len(daily), 'open day')} of leave had no cover.", change
    )


def qualification(caseload: Caseload, span: Span, verdict: pd.Series, **ways: object) -> Evidence:
    """What the person's staff rows show of the ways to qualify."""
    people = case_managers(caseload, span, verdict["program_id"])
    people = people[people["staff_id"] == verdict["subject_id"]]
    names = ["degree_level", "degree_field", "experience_years", "experience_kind"]
    rows = columns(people, "staff_id", *names, "experience_on", "certificates")
    row = people.iloc[-1]
    last = min(span.as_of, np.datetime64(row["end"], "D"))
    had = experience_on(row, last)
    parts = []
    if ways.get("degree"):
        parts.append(f"a {ways['degree']}'s degree or higher in {_any(ways['degree_fields'])}")
    if ways.get("years"):
        parts.append(f"{ways['years']} years of {_any(ways['experience'])}")
    if ways.get("certificates"):
        parts.append(f"one of the certificates {_any(ways['certificates'])}")
    asked = ", or ".join(parts)
    counted = (
        f" By {date(last)} the years on record come to {number(float(had))}."
        if had is not None and ways.get("years")
        else ""
    )
    change = "" if verdict["status"] == "met" else f"Evidence of {asked}."
    return Evidence(rows, f"Asked: {asked}.{counted}", change)


def _any(values: object) -> str:
    return " or ".join(str(v).replace("_", " ") for v in values)  # type: ignore[attr-defined]


def based_on_site(caseload: Caseload, span: Span, verdict: pd.Series) -> Evidence:
    """The sites of the person's staff rows beside the program's instructional sites."""
    people = case_managers(caseload, span, verdict["program_id"])
    people = people[people["staff_id"] == verdict["subject_id"]]
    programs = caseload.tables["programs"].set_index("program_id")["instructional_sites"]
    sites = programs[verdict["program_id"]]
    part = "unknown" if np.isnan(verdict["observed"]) else f"{verdict['observed']:.0%}"
    return Evidence(
        columns(people, "staff_id", "site_id", "fte", "case_management_share"),
        f"The instructional sites are {sites}; the time based at them is {part}, and more than"
        " half is asked.",
        "" if verdict["status"] == "met" else "More than half of the time at such a site.",
    )
