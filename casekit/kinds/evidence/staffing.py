"""Evidence for the kinds about staffing and people."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd

from casekit.calendars import month_of
from casekit.caseload import Caseload
from casekit.kinds.cover import case_managers, staffed_by_day, uncovered_days
from casekit.kinds.evidence.shown import Evidence, columns, day, listed, on_day
from casekit.kinds.people import experience_on
from casekit.kinds.rows import Span
from casekit.kinds.staffing import cases_by_day, exact, ratio_by_day
from casekit.phrases import count, date, number


def _of_month(daily: pd.DataFrame, verdict: pd.Series) -> pd.DataFrame:
    return daily[month_of(daily["day"].to_numpy()) == day(verdict["period_start"])]


def staff_ratio(
    caseload: Caseload, span: Span, verdict: pd.Series, *, per_staff: float
) -> Evidence:
    """The worst day of the month: its staff, the division, and what would bring it to the cap."""
    program = verdict["program_id"]
    daily = _of_month(ratio_by_day(caseload, span, program), verdict)
    daily = daily[daily["students"] > 0]
    unknown = daily[daily["unknown"] > 0]
    worst = unknown.iloc[0] if len(unknown) else daily.loc[daily["ratio"].idxmax()]
    staff = caseload.tables["staff"]
    there = on_day(staff[staff["program_id"] == program], day(worst["day"]))
    rows = columns(there, "staff_id", "fte", "case_management_share", "start_date", "end_date")
    students, time = count(worst["students"], "student"), worst["time"]
    was = f"On {date(worst['day'])}: {students}"
    if verdict["status"] == "cannot_tell":
        return Evidence(
            rows,
            f"{was}, and the case-management time of some staff is not recorded.",
            "Record fte and case_management_share of each of these staff.",
        )
    if not time:
        told = f"{was} and no case-management time; at most {number(per_staff)} to 1 FTE are asked."
    else:
        over = "over" if verdict["status"] == "not_met" else "not over"
        told = (
            f"{was} / {number(float(time), 4)} FTE of case management = {number(worst['ratio'])},"
            f" {over} {number(per_staff)}."
        )
    return Evidence(rows, told, _to_the_cap(daily, exact(per_staff)))


def _to_the_cap(daily: pd.DataFrame, cap: Fraction) -> str:
    """How many students fewer, or how much more time, bring every day of a month to the cap.

    The day with the worst ratio need not be the one that asks for the most.
    """
    each = list(zip(daily["students"].tolist(), daily["time"], strict=True))
    over = max(math.ceil(students - cap * time) for students, time in each)
    if over <= 0:
        room = min(math.floor(cap * time) - students for students, time in each) + 1
        return f"With {count(room, 'more student', 'more students')} it would not be met."
    more = max(students / cap - time for students, time in each)
    return f"{count(over, 'student')} fewer, or {number(math.ceil(more * 100) / 100)} more FTE."


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
    share = _pro_rata(fte, at_most)
    return Evidence(
        columns(mine, "student_id", "start_date", "end_date"),
        f"On {date(worst['day'])}: {count(heads, 'student')} assigned and enrolled, of at most"
        f" {at_most}."
        + (f" Pro rata by fte it would be {share}; that is not judged." if share else ""),
        f"{count(heads - at_most, 'student')} fewer."
        if heads > at_most
        else f"With {count(at_most - heads + 1, 'more student')} it would not be met.",
    )


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
    opened = count(len(daily), "open day")
    if verdict["status"] == "cannot_tell":
        return Evidence(
            rows,
            f"{opened} with students; {verdict['reason']}.",
            "Record what is missing about these staff.",
        )
    if not len(bare):
        return Evidence(rows, f"Of {opened}, none was without case-management staff.", "")
    named = ", ".join(date(d) for d in bare.head(5)) + (" and more" if len(bare) > 5 else "")
    return Evidence(
        rows,
        f"Of {opened}, {len(bare)} had no case-management staff: {named}.",
        f"A case manager on {'that day' if len(bare) == 1 else f'those {len(bare)} days'}.",
    )


def staff_present(caseload: Caseload, span: Span, verdict: pd.Series, *, at_work: bool) -> Evidence:
    """The month's open days on which no case manager was employed, or at work."""
    return _bare(caseload, span, verdict, at_work=at_work)


def leave_covered(caseload: Caseload, span: Span, verdict: pd.Series) -> Evidence:
    """The leave of one person, and its open days without cover."""
    daily = uncovered_days(caseload, span, verdict["program_id"])
    daily = daily[daily["staff_id"] == verdict["subject_id"]]
    bare = daily.loc[~daily["covered"].astype(bool), "day"]
    leave = caseload.tables["leave"]
    mine = leave[leave["staff_id"] == verdict["subject_id"]]
    rows = columns(mine, "staff_id", "start_date", "end_date", "covered_by")
    opened = count(len(daily), "open day")
    if not len(bare):
        return Evidence(rows, f"Each of {opened} of leave had cover.", "")
    return Evidence(
        rows,
        f"Of {opened} of leave, {len(bare)} had no cover.",
        f"Name who stands in on {count(len(bare), 'open day')}.",
    )


def qualification(caseload: Caseload, span: Span, verdict: pd.Series, **ways: object) -> Evidence:
    """What the person's staff rows show of the ways to qualify."""
    people = case_managers(caseload, span, verdict["program_id"])
    people = people[people["staff_id"] == verdict["subject_id"]]
    names = ["degree_level", "degree_field", "experience_years", "experience_kind"]
    rows = columns(people, "staff_id", *names, "experience_on", "certificates")
    row = people.iloc[-1]
    last = min(span.as_of, np.datetime64(row["end"], "D"))
    parts = []
    if ways.get("degree"):
        fields = listed(ways["degree_fields"])  # type: ignore[arg-type]
        parts.append(f"a {ways['degree']}'s degree or higher in {fields}")
    if ways.get("years"):
        parts.append(f"{ways['years']} years of {listed(ways['experience'])}")  # type: ignore[arg-type]
    if ways.get("certificates"):
        parts.append(listed(ways["certificates"]))  # type: ignore[arg-type]
    asked = ", or ".join(parts)
    had = experience_on(row, last) if ways.get("years") else None
    counted = ""
    if had is not None:
        # Cut, not rounded: a day short of two years must not read as two.
        years = number(math.floor(had * 100) / 100)
        counted = f" By {date(last)} the years on record come to {years}, in work of any kind."
    change = "" if verdict["status"] == "met" else f"A record of {asked}."
    return Evidence(rows, f"Asked: {asked}.{counted}", change)


def based_on_site(caseload: Caseload, span: Span, verdict: pd.Series) -> Evidence:
    """The sites of the person's staff rows beside the program's instructional sites."""
    people = case_managers(caseload, span, verdict["program_id"])
    people = people[people["staff_id"] == verdict["subject_id"]]
    programs = caseload.tables["programs"].set_index("program_id")["instructional_sites"]
    sites = programs[verdict["program_id"]]
    change = {
        "not_met": "More than half of the time at one of them.",
        "cannot_tell": "Record the site, fte and case_management_share of this person.",
    }.get(str(verdict["status"]), "")
    known = not np.isnan(verdict["observed"])
    part = f"{number(100 * verdict['observed'], 1)}%" if known else "a part that is not known"
    there = "no site on record" if pd.isna(sites) else listed(str(sites).split(";"), "and")
    return Evidence(
        columns(people, "staff_id", "site_id", "fte", "case_management_share"),
        f"The program teaches at {there}. Of the person's case-management time, {part} is based"
        " there; more than half is asked.",
        change,
    )
