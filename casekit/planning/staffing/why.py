"""Why a limit is passed on a day: what changed since the open day before, in words."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd

from casekit.calendars import Days
from casekit.kinds.staffing import cases_of
from casekit.phrases import count, date, listing, number
from casekit.planning.outlook import Outlook


def why_over(outlook: Outlook, daily: pd.DataFrame, by_day: pd.DataFrame, place: int) -> str:
    """Why the open day at a place of `daily` is over: who left, how many started, who has whom."""
    row = daily.iloc[place]
    limits = outlook.limits
    parts = []
    if limits.per_staff is not None and row["time"] is not None:
        allowed = row["students"] <= limits.per_staff * row["time"]
        if not allowed:
            there = f"to {number(row['fte'], 4)} FTE of" if row["fte"] else "and nobody with"
            parts.append(f"{count(row['students'], 'student')} {there} case-management time")
    today = by_day[by_day["day"] == row["day"]]
    over = today[today["over"].astype(bool)]
    parts += [
        f"{person} has {count(heads, 'student')}, over {limits.at_most}"
        for person, heads in zip(over["staff_id"], over["heads"], strict=True)
    ]
    said = listing(parts, 5)
    if place == 0:
        return said
    before = daily["day"].iloc[place - 1]
    if daily["status"].iloc[place - 1] == "not_met":
        since = _begun(daily, place)
        return f"{said}; it has been over since {date(since)}"
    changes = [
        *_staff_changes(outlook, by_day, before, row["day"]),
        *_student_changes(outlook, before, row["day"]),
        *_case_changes(outlook, list(over["staff_id"]), before, row["day"]),
    ]
    if not changes:
        return said
    return f"{said}; new since the open day before ({date(before)}): {listing(changes, 6)}"


def _begun(daily: pd.DataFrame, place: int) -> Days:
    """The first day of the run of days over that holds a place."""
    fine = np.flatnonzero((daily["status"] != "not_met").to_numpy()[:place])
    return daily["day"].iloc[fine[-1] + 1 if len(fine) else 0]


def _staff_changes(outlook: Outlook, by_day: pd.DataFrame, before: Days, day: Days) -> list[str]:
    """Whose case-management time is not what it was on the day before: less of it comes first."""
    rows = outlook.staff
    there = {
        on: {r.staff_id: r.time for r in by_day[by_day["day"] == on].itertuples()}
        for on in (before, day)
    }
    lost, won = [], []
    for person in sorted({*there[before], *there[day]}):
        was = there[before].get(person, Fraction(0))
        now = there[day].get(person, Fraction(0))
        if was is None or now is None or was == now:
            continue
        if person not in there[day]:
            mine = rows[rows["staff_id"] == person]
            last = mine.loc[mine["end"] < day, "end"].max()
            lost.append(f"{person} left after {date(last)} ({number(float(was), 4)} FTE)")
        elif now < was:
            lost.append(
                f"{person} went from {number(float(was), 4)} to {number(float(now), 4)} FTE"
            )
        else:
            won.append(f"{person} gave {number(float(now - was), 4)} FTE more")
    return lost + won


def _student_changes(outlook: Outlook, before: Days, day: Days) -> list[str]:
    """How many students started and left between two open days."""
    rows = outlook.caseload.enrolments([outlook.program])
    begun = int(((rows["start"] > before) & (rows["start"] <= day)).sum())
    left = int(((rows["end"] >= before) & (rows["end"] < day)).sum())
    said = [f"{count(begun, 'student')} started"] if begun else []
    return said + ([f"{count(left, 'student')} left"] if left else [])


def _case_changes(outlook: Outlook, people: list[str], before: Days, day: Days) -> list[str]:
    """How many students came to some case managers between two open days."""
    said = []
    for person in people:
        cases = cases_of(outlook.caseload, person)
        held = [
            set(cases.loc[(cases["start"] <= on) & (cases["end"] >= on), "student_id"])
            for on in (before, day)
        ]
        if came := len(held[1] - held[0]):
            said.append(f"{count(came, 'student')} came to {person}")
    return said
