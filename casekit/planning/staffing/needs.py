"""How many people a program needs: the least time, or case managers, that keep every day within."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pandas as pd

from casekit.calendars import DAY, Days
from casekit.caseload import days as days_of
from casekit.kinds.rows import no_calendar
from casekit.kinds.staffing import exact
from casekit.phrases import count, date, listing, number
from casekit.planning.limits import Limits
from casekit.planning.outlook import Outlook
from casekit.planning.staffing.by_day import staffing_by_day
from casekit.planning.staffing.case_managers import untold_staff
from casekit.planning.staffing.fullest import fullest_by_day

NEVER = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class Least:
    """The least amount that is enough on every day, and the days that ask for all of it.

    amount    exact: full-time case management, or whole case managers under a limit on heads.
    rounded   the same up to whole steps of settings.fte_step.
    people    the time of each of the fewest people who give it, largest first; empty under a limit
              on heads, where each counts as one.
    first, last, days   the days that ask for all of it; NaT and 0 where nothing is asked.
    """

    amount: Fraction
    rounded: Fraction
    people: tuple[Fraction, ...]
    first: Days
    last: Days
    days: int


@dataclass(frozen=True)
class Need:
    """What one program needs over some days; None: it has no such limit, or it cannot be told.

    days            day, students, time (there, Fraction; None: not recorded), needed (Fraction of
                    full-time case management under a ratio), managers (whole case managers under a
                    limit on heads), places (students whom those employed may have under it).
    time            the least constant full-time case management.
    extra_time      the least on top of what is employed day by day, the same on every day.
    managers        the least whole case managers under a limit on heads.
    extra_managers  the least whole case managers on top of those employed day by day.
    """

    program: str
    limits: Limits
    days: pd.DataFrame
    time: Least | None
    extra_time: Least | None
    managers: Least | None
    extra_managers: Least | None
    said: tuple[str, ...]
    settings_used: tuple[str, ...]


def least_staff(outlook: Outlook, *, whole_span: bool = False) -> Need:
    """The least staff that keeps a program within its limits on every open day ahead.

    With `whole_span`, on every open day from since to the horizon.
    """
    limits, shares = outlook.limits, shares_in_use(outlook)
    step = exact(outlook.settings.fte_step)
    daily = days_needed(outlook, whole_span=whole_span)
    short_time = [
        None if needed is None or there is None else needed - there
        for needed, there in zip(daily["needed"], daily["time"], strict=True)
    ]
    found = Need(
        outlook.program,
        limits,
        daily,
        time=_least(daily, daily["needed"], step, shares),
        extra_time=_least(daily, short_time, step, shares),
        managers=_least(daily, daily["managers"], Fraction(1)),
        extra_managers=_least(daily, _short_of_managers(outlook, daily), Fraction(1)),
        said=(),
        settings_used=_settings_used(outlook),
    )
    return replace(found, said=_said(outlook, found))


def days_needed(outlook: Outlook, *, whole_span: bool = False) -> pd.DataFrame:
    """The frame `days` of a Need: a row per open day ahead, or of the whole span."""
    limits = outlook.limits
    heads_alone = replace(outlook, limits=replace(limits, per_staff=None))
    daily = staffing_by_day(heads_alone, fullest_by_day(heads_alone))
    if not whole_span:
        daily = daily[daily["ahead"]].reset_index(drop=True)
    students = daily["students"].tolist()
    per, most = limits.per_staff, limits.at_most
    needed = [None if per is None else n / per for n in students]
    managers = [None if most is None else Fraction(math.ceil(Fraction(n, most))) for n in students]
    return pd.DataFrame(
        {
            "day": daily["day"],
            "students": daily["students"],
            "time": daily["time"],
            "needed": pd.Series(needed, dtype=object),
            "managers": pd.Series(managers, dtype=object),
            "places": daily["capacity"],
        }
    )


def _short_of_managers(outlook: Outlook, daily: pd.DataFrame) -> list[Fraction | None]:
    """How many more case managers each day asks for, than are there with room for students."""
    most = outlook.limits.at_most
    if most is None or outlook.caseload.lacks("staff"):
        return [None] * len(daily)
    pairs = zip(daily["students"].tolist(), daily["places"].tolist(), strict=True)
    return [Fraction(math.ceil(Fraction(students - places, most))) for students, places in pairs]


def _least(
    daily: pd.DataFrame,
    values: Sequence[Fraction | None] | pd.Series,
    step: Fraction,
    shares: Sequence[Fraction] = (),
) -> Least | None:
    """The largest of some days' values, none below 0; None where no day tells any."""
    told = [max(value, Fraction(0)) for value in values if value is not None]
    if not told:
        return None
    amount = max(told)
    days = days_of(daily["day"])[[v is not None and v == amount for v in values]]
    if not amount:
        days = days[:0]
    first, last = (days[0], days[-1]) if len(days) else (NEVER, NEVER)
    people = fewest(amount, shares) if shares else ()
    return Least(amount, rounded_up(amount, step), people, first, last, len(days))


def rounded_up(amount: Fraction, step: Fraction) -> Fraction:
    """The least whole number of steps that is no less."""
    return math.ceil(amount / step) * step


def fewest(amount: Fraction, shares: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """The times of the fewest people, each with one of some shares, that sum to an amount.

    As many of the largest share as it takes; the last may have the least share that still does.
    """
    if amount <= 0:
        return ()
    largest = max(shares)
    others = math.ceil(amount / largest) - 1
    last = min(share for share in shares if others * largest + share >= amount)
    return (*[largest] * others, last)


def shares_in_use(outlook: Outlook) -> tuple[Fraction, ...]:
    """The distinct fte x share, above 0, of the staff on the day after as_of, largest first.

    settings.most_share where nobody is employed then, or none of it is recorded.
    """
    rows, on = outlook.staff, outlook.span.as_of + DAY
    rows = rows[(rows["start"] <= on) & (rows["end"] >= on)]
    known = rows.dropna(subset=["fte", "case_management_share"])
    cells = zip(known["fte"], known["case_management_share"], strict=True)
    shares = {exact(fte) * exact(share) for fte, share in cells} - {Fraction(0)}
    return tuple(sorted(shares, reverse=True)) or (exact(outlook.settings.most_share),)


def _settings_used(outlook: Outlook) -> tuple[str, ...]:
    used = [] if outlook.limits.rules else ["per_staff", "at_most"]
    if outlook.limits.per_staff is not None:
        used.append("fte_step")
        if shares_in_use(outlook) == (exact(outlook.settings.most_share),):
            used.append("most_share")
    return tuple(used)


def time_said(time: Fraction) -> str:
    """`0.9734 FTE`: never less than it is, at most four decimals."""
    return f"{number(math.ceil(time * 10_000) / 10_000, 4)} FTE"


def binding_said(least: Least) -> str:
    """The days that ask for all of it: `1 September 2026, and 3 days more up to ...`."""
    if least.days == 1:
        return f"{date(least.first)} asks for it"
    return f"{count(least.days, 'open day')} ask for it, {date(least.first)} to {date(least.last)}"


def nothing_needed(outlook: Outlook, daily: pd.DataFrame) -> str:
    """Why no number of people can be given, in a sentence; empty where one can."""
    name = outlook.program
    if reason := no_calendar(outlook.span):
        return f"{name}: {reason}, so no need can be counted. Add them to the calendar table."
    if daily.empty:
        return (
            f"{name}: no open day lies after {date(outlook.span.as_of)} up to"
            f" {date(outlook.span.until)}. Give a later horizon (until)."
        )
    if not outlook.limits:
        return (
            f"{name} is held to no limit on staffing, so no number of people follows from its"
            " rules. To plan with a limit of your own, give the setting per_staff or at_most."
        )
    if not daily["students"].any():
        return f"{name} has no student on any of these open days, so its limit asks for nobody."
    return ""


def _said(outlook: Outlook, found: Need) -> tuple[str, ...]:
    """The result in sentences."""
    daily = found.days
    if nothing := nothing_needed(outlook, daily):
        return (nothing,)
    said = [
        f"{found.program}, held to {found.limits.words}, on {count(len(daily), 'open day')}:"
        f" {date(daily['day'].iloc[0])} to {date(daily['day'].iloc[-1])}."
    ]
    said += _time_said(outlook, found) + _managers_said(outlook, found)
    return (*said, f"{outlook.note}.") if outlook.note else tuple(said)


def _time_said(outlook: Outlook, found: Need) -> list[str]:
    need, extra = found.time, found.extra_time
    if need is None:
        return []
    step = number(outlook.settings.fte_step, 4)
    said = [
        f"It needs {time_said(need.amount)} of case management, the same on every day"
        f" ({binding_said(need)}); in steps of {step}: {time_said(need.rounded)}."
        f" The fewest people at such shares as now: {people_said(need.people)}."
    ]
    if extra is None:
        said.append("How much more that is than the staff give cannot be told.")
    elif not extra.amount:
        said.append("The staff of each day give enough.")
    else:
        said.append(
            f"It needs {time_said(extra.amount)} more than the staff of each day give"
            f" ({binding_said(extra)}); in steps of {step}: {time_said(extra.rounded)}."
            f" The fewest people: {people_said(extra.people)}."
        )
    unknown = found.days[[time is None for time in found.days["time"]]]
    if len(unknown):
        who = untold_staff(outlook, days_of(unknown["day"]))
        cause = f"the FTE or share of {listing(who, 5)}" if who else "staff"
        said.append(
            f"{count(len(unknown), 'day is', 'days are')} left out of what is needed on top:"
            f" {cause} is not recorded."
        )
    return said


def people_said(people: Sequence[Fraction]) -> str:
    """`3 people with 0.4, 0.4 and 0.392 FTE`."""
    if not people:
        return "nobody"
    each = [
        f"{people.count(time)} with {time_said(time)}" for time in sorted(set(people), reverse=True)
    ]
    return f"{len(people)} ({listing(each, 5)})"


def _managers_said(outlook: Outlook, found: Need) -> list[str]:
    need, extra = found.managers, found.extra_managers
    if need is None:
        return []
    said = [f"It needs {count(int(need.amount), 'case manager')} ({binding_said(need)})."]
    if extra is None:
        said.append("How many more that is than are employed cannot be told.")
    elif not extra.amount:
        said.append("Those employed day by day are enough, if students may go to any of them.")
    else:
        said.append(
            f"It needs {count(int(extra.amount), 'case manager')} more than are employed on each"
            f" day ({binding_said(extra)})."
        )
    return said + _maybe_said(outlook, found)


def _maybe_said(outlook: Outlook, found: Need) -> list[str]:
    """Who may or may not be a case manager."""
    on = days_of(found.days["day"])
    assigned = set(outlook.caseload.tables["assignments"]["staff_id"].astype(str))
    maybe = [person for person in untold_staff(outlook, on) if person not in assigned]
    if not maybe:
        return []
    return [
        "Not counted as case managers, since their FTE or share is not recorded and nobody is"
        f" assigned to them: {listing(maybe, 5)}."
    ]
