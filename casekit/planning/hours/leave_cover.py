"""Leave: who would be without contact, and how few floaters stand in for all of it.

FLO standards, organisational capacity, ask for a plan for all planned and unplanned leave. Planned
leave is in the leave table; unplanned leave is simulated.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK
from casekit.phrases import count, date, listing, number
from casekit.planning.hours.absences import Gaps, Shared, enough, simulated
from casekit.planning.hours.floaters import floater_plan
from casekit.planning.hours.presence import Ahead, ahead_of, employed, shared_by_week
from casekit.planning.outlook import Outlook

PLANNED = ("week", "staff_id", "students", "days_away", "days_at_work", "without_contact")
WEEKLY = ("week", "students", "planned", "expected", "chance")
SETTINGS = ("absence_rate", "absence_days", "runs", "sure")


@dataclass(frozen=True)
class LeaveCover:
    """What leave takes from students, and the smallest plan that stands in for it.

    planned           a row per week and case manager with planned leave that nobody covers:
                      PLANNED. `students` are theirs all through the week; `without_contact` those
                      of them with no case manager at work on any day of it.
    weekly            a row per open week: WEEKLY. `students` with a case manager, `planned` without
                      contact by planned leave alone, `expected` (mean) by unplanned leave too, and
                      the `chance` that it is anybody.
    plan              whom each floater stands in for on which stretch of open days, see
                      casekit.planning.hours.floaters.floater_plan.
    floaters_planned  the fewest floaters for every open day of planned leave; None: not known.
    floaters_sure     so many that, with probability `sure`, no student is without contact in any
                      week: as many as stand in for all planned leave, and in the same week for each
                      case manager who is away all of it unplanned.
    floater_days      open days of the plan; `floater_fte` is that part of the open days ahead.
    """

    program: str
    planned: pd.DataFrame
    weekly: pd.DataFrame
    plan: pd.DataFrame
    floaters_planned: int | None
    floaters_sure: int
    floater_days: int | None
    floater_fte: Fraction | None
    said: tuple[str, ...]
    settings_used: tuple[str, ...] = SETTINGS


def leave_cover(outlook: Outlook, seed: int) -> LeaveCover:
    """Planned leave from the leave table, unplanned leave simulated, up to the horizon.

    Raises PlanningError where there is no open day or no case manager ahead, or where the rate and
    length of absences cannot go together.
    """
    ahead = ahead_of(outlook)
    shared = shared_by_week(outlook, ahead)
    gaps = simulated(outlook.program, ahead, shared, outlook.settings, seed)
    planned, weekly = _planned(ahead, shared), _weekly(ahead, shared, gaps)
    plan = floater_plan(outlook, ahead)
    unknown = outlook.caseload.lacks("leave")
    fewest = int(plan["floater"].max()) if len(plan) else 0
    spent = int(plan["days"].sum())
    sure = max(fewest, enough(gaps.floaters, outlook.settings.sure))
    said = (
        *_planned_said(outlook, ahead, planned, plan, unknown),
        *_unplanned_said(outlook, weekly, sure),
        *_left_out(outlook, ahead),
    )
    return LeaveCover(
        program=outlook.program,
        planned=planned,
        weekly=weekly,
        plan=plan,
        floaters_planned=None if unknown else fewest,
        floaters_sure=sure,
        floater_days=None if unknown else spent,
        floater_fte=None if unknown else Fraction(spent, len(ahead.on)),
        said=said,
    )


def _planned(ahead: Ahead, shared: Shared) -> pd.DataFrame:
    """The rows of LeaveCover.planned."""
    found = []
    for week, monday_of in enumerate(ahead.weeks):
        inside = ahead.week_of == week
        gone = _gone(ahead, week)
        for who, days in ahead.works.items():
            away = int(ahead.bare[who][inside].sum())
            if not away:
                continue
            theirs = {s: n for s, n in shared[week].items() if who in s}
            without = sum(n for s, n in theirs.items() if s <= gone)
            left = int(days[inside].sum()) - away
            found.append((monday_of, who, sum(theirs.values()), away, left, without))
    return pd.DataFrame(found, columns=list(PLANNED)).astype({"week": "M8[s]"})


def _gone(ahead: Ahead, week: int) -> set[str]:
    """Who would work in a week and is away, with nobody standing in, on each of those days."""
    inside = ahead.week_of == week
    return {
        who
        for who, days in ahead.works.items()
        if days[inside].any() and not (days & ~ahead.bare[who])[inside].any()
    }


def _weekly(ahead: Ahead, shared: Shared, gaps: Gaps) -> pd.DataFrame:
    """The rows of LeaveCover.weekly."""
    planned = [
        sum(n for who, n in sets.items() if who <= _gone(ahead, week))
        for week, sets in enumerate(shared)
    ]
    students = [sum(sets.values()) for sets in shared]
    rows = (ahead.weeks.astype("M8[s]"), students, planned, gaps.expected, gaps.chance)
    return pd.DataFrame(dict(zip(WEEKLY, rows, strict=True)))


def _planned_said(
    outlook: Outlook, ahead: Ahead, planned: pd.DataFrame, plan: pd.DataFrame, unknown: str
) -> Iterable[str]:
    """How many floaters planned leave asks for, why no fewer, and what happens without them."""
    name = outlook.program
    if unknown:
        yield f"The planned leave of {name} is not known: {unknown}."
        return
    if plan.empty:
        yield f"{name} has no planned leave without cover up to {date(outlook.span.until)}."
        return
    fewest, spent = int(plan["floater"].max()), int(plan["days"].sum())
    away = np.sum(list(ahead.bare.values()), axis=0)
    day = date(ahead.on[int(np.argmax(away))])
    yield (
        f"{count(fewest, 'floater')} can stand in on every open day of planned leave, and fewer"
        f" cannot: {count(fewest, 'case manager')} {'is' if fewest == 1 else 'are'} away on {day}."
    )
    yield (
        f"That is {count(spent, 'day')} of standing in on {count(len(ahead.on), 'open day')}:"
        f" {number(spent / len(ahead.on), 2)} of a full-time post."
    )
    lent = plan[plan["colleague"] != ""]
    if len(lent):
        yield (
            f"Colleagues with room under the limit could stand in for {len(lent)} of"
            f" {count(len(plan), 'stretch', 'stretches')} instead."
        )
    yield from _bare_weeks(planned)


def _bare_weeks(planned: pd.DataFrame) -> Iterable[str]:
    """Each week in which planned leave leaves students without contact."""
    bare = planned[planned["without_contact"] > 0]
    for row in bare.itertuples(index=False):
        last = row.week + pd.Timedelta(WEEK - DAY)
        yield (
            f"{row.staff_id} is away all of the week from {date(row.week)} to {date(last)}:"
            f" {count(row.without_contact, 'student')} would have no contact."
        )
    if bare.empty:
        yield "Planned leave alone leaves no student without contact in any week."


def _unplanned_said(outlook: Outlook, weekly: pd.DataFrame, sure: int) -> Iterable[str]:
    """What is assumed of unplanned leave, what it does, and how many floaters make up for it."""
    settings = outlook.settings
    yield (
        f"Unplanned leave is simulated: {number(100 * settings.absence_rate, 1)}% of working days,"
        f" {count(settings.absence_days, 'day')} at a time on average, in"
        f" {count(settings.runs, 'simulated future')}."
    )
    if weekly.empty:
        yield f"No whole week with an open day lies ahead up to {date(outlook.span.until)}."
        return
    if not weekly["students"].any():
        yield "No student has a case manager in the weeks ahead."
        return
    worst = weekly.sort_values(["expected", "week"], ascending=[False, True]).iloc[0]
    yield (
        f"In an open week, {number(weekly['expected'].mean(), 2)} students on average have no"
        " contact, because their case manager is away on all days of it. Most are in the week from"
        f" {date(worst['week'])}: {number(worst['expected'], 2)} on average. In"
        f" {number(100 * worst['chance'], 1)}% of the simulated futures at least one student has"
        " no contact in that week."
    )
    yield (
        f"With {_floaters(sure)} for planned and unplanned leave, the chance is at least"
        f" {number(100 * settings.sure, 1)}% that no week up to {date(outlook.span.until)} leaves a"
        " student without contact."
    )


def _floaters(n: int) -> str:
    """`1 floater (somebody who stands in for whoever is away)`."""
    who = "somebody who stands in" if n == 1 else "people who stand in"
    return f"{count(n, 'floater')} ({who} for whoever is away)" if n else "no floater"


def _left_out(outlook: Outlook, ahead: Ahead) -> Iterable[str]:
    """Who may be a case manager, and is not taken for one."""
    staff = employed(outlook, ahead.on[0], ahead.on[-1])
    unsure = set(staff.loc[staff["maybe"].to_numpy(dtype=bool), "staff_id"].astype(str))
    if who := sorted(unsure - set(ahead.works)):
        yield (
            f"Left out: {listing(who)}; no share of case management is recorded, and"
            f" {'this person has' if len(who) == 1 else 'they have'} no students."
        )
