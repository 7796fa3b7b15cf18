"""What a program's case management costs over the days ahead: pay, vacancy, hiring, travel."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from casekit.calendars import DAY, Days
from casekit.caseload import days
from casekit.kinds.staffing import cases_of, exact
from casekit.phrases import number
from casekit.planning.outlook import Outlook

YEAR_DAYS = 365
USED = ("money", "salary", "on_cost", "vacancy_cost", "hire_cost", "travel_cost")


@dataclass(frozen=True)
class Cost:
    """The cost of one program from the day after as_of to the horizon, in settings.money.

    pay: case-management time (fte x share) at the yearly pay and what comes on top of it;
    vacancy: posts that stand empty; hiring: people who are new; travel: visits to other sites.
    fte_years: case-management time, in full-time years. unknown: staff whose time is not recorded,
    who are left out.
    """

    pay: float
    vacancy: float
    hiring: float
    travel: float
    fte_years: float
    unknown: tuple[str, ...] = ()

    @property
    def total(self) -> float:
        return self.pay + self.vacancy + self.hiring + self.travel


def posts_of(outlook: Outlook) -> Fraction:
    """The case-management time that is there on as_of: what falls short of it later is vacant."""
    return _time(outlook, [outlook.span.as_of])[0]


def cost_of(
    outlook: Outlook, posts: Fraction | None = None, present: Collection[str] | None = None
) -> Cost:
    """The cost of a program's days ahead.

    posts     case-management time below which a post is vacant; left out, that of as_of.
    present   the people who are there already; the others are hires. Left out, nobody is one.
    """
    settings, span = outlook.settings, outlook.span
    every = np.arange(span.as_of + DAY, span.until + DAY)
    time = _time(outlook, every)
    wanted = posts_of(outlook) if posts is None else posts
    years = sum(time, Fraction(0)) / YEAR_DAYS
    empty = sum((max(wanted - t, Fraction(0)) for t in time), Fraction(0)) / YEAR_DAYS
    yearly = exact(settings.salary) * (1 + exact(settings.on_cost))
    names = set(outlook.staff["staff_id"].astype(str))
    hires = 0 if present is None else len(names - set(present))
    return Cost(
        float(years * yearly),
        float(empty * yearly * exact(settings.vacancy_cost)),
        float(hires * exact(settings.hire_cost)),
        _travel(outlook),
        float(years),
        tuple(sorted(set(_unknown(outlook)))),
    )


def _time(outlook: Outlook, on: object) -> list[Fraction]:
    """Case-management time on each day, staff whose time is not recorded left out."""
    every = np.asarray(on, dtype="datetime64[D]")
    change = [Fraction(0)] * (len(every) + 1)
    staff = outlook.staff
    rows = zip(
        staff["fte"],
        staff["case_management_share"],
        np.searchsorted(every, days(staff["start"])),
        np.searchsorted(every, days(staff["end"]), side="right"),
        strict=True,
    )
    for fte, share, first, past in rows:
        if past > first and not (np.isnan(fte) or np.isnan(share)):
            given = exact(fte) * exact(share)
            change[first] += given
            change[past] -= given
    found, level = [], Fraction(0)
    for step in change[:-1]:
        level += step
        found.append(level)
    return found


def _unknown(outlook: Outlook) -> list[str]:
    staff = outlook.staff
    ahead = days(staff["end"]) > outlook.span.as_of
    blank = staff["fte"].isna() | staff["case_management_share"].isna()
    return staff.loc[ahead & blank, "staff_id"].astype(str).tolist()


def _travel(outlook: Outlook) -> float:
    """Visits to students at another site than their case manager's, at travel_cost each."""
    settings = outlook.settings
    if not settings.travel_cost:
        return 0.0
    first: Days = outlook.span.as_of + DAY
    staff = outlook.staff[days(outlook.staff["end"]) >= first]
    site_of = dict(zip(staff["staff_id"].astype(str), staff["site_id"].astype(object), strict=True))
    students = outlook.caseload.tables["students"]
    students = students[students["program_id"] == outlook.program]
    at = dict(zip(students["student_id"], students["site_id"].astype(object), strict=True))
    away = 0
    for person, base in sorted(site_of.items()):
        cases = cases_of(outlook.caseload, person)
        cases = cases[(cases["start"] <= first) & (cases["end"] >= first)]
        cases = cases[cases["program_id"] == outlook.program]
        sites = [at.get(student) for student in dict.fromkeys(cases["student_id"])]
        away += sum(isinstance(s, str) and isinstance(base, str) and s != base for s in sites)
    weeks = sum(
        bool(outlook.span.calendar.open_between(week, week + 6 * DAY))
        for week in outlook.weeks_ahead
    )
    return float(away * weeks * exact(settings.contacts_per_week) * exact(settings.travel_cost))


def money(amount: float, unit: str) -> str:
    """`124,000 US dollars`; small amounts with two decimals."""
    return f"{number(round(amount), 0) if abs(amount) >= 1000 else number(amount)} {unit}"
