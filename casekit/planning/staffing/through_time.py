"""Staffing through time: every open day against the limit, what breaks it, and the room left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK, Days
from casekit.caseload import days as days_of
from casekit.kinds.rows import no_calendar
from casekit.phrases import count, date, listing, number
from casekit.planning.limits import Limits
from casekit.planning.outlook import Outlook
from casekit.planning.staffing.by_day import room, staffing_by_day
from casekit.planning.staffing.case_managers import (
    case_managers_by_day,
    each_case_manager,
    untold_staff,
)
from casekit.planning.staffing.why import why_over

NEVER = np.datetime64("NaT", "D")
FORTNIGHT = 2 * WEEK


@dataclass(frozen=True)
class Run:
    """Open days that follow one another: the first, the last, how many."""

    first: Days
    last: Days
    days: int


@dataclass(frozen=True)
class Break:
    """The next open day on which a limit is passed on what is already known, and why."""

    day: Days
    why: str


@dataclass(frozen=True)
class ThroughTime:
    """One program's staffing on every open day from since to the horizon.

    days      day, students (heads), time (Fraction of full-time case management; None where
              somebody's is not recorded), fte (the same as a number), ratio (inf without time, NaN
              without students), largest (most students of one case manager), capacity (students
              that the limit allows), headroom (capacity - students), status (met, not_met,
              cannot_tell; not_applicable without a limit), ahead (after as_of), assumed (of a
              calendar carried on).
    worst     the first day of the highest ratio; under a limit on heads, of the largest caseload.
    longest   the longest run of open days over; None without one.
    steps     until_day, more, binds: so many students can enrol the day after as_of and stay to
              until_day, if they may go to any case manager; `binds` is the day that allows no more.
              It ends before the first day that cannot be told.
    people    see each_case_manager.
    """

    program: str
    limits: Limits
    days: pd.DataFrame
    over_so_far: int
    over_ahead: int
    worst: Days
    longest: Run | None
    breaks: Break | None
    steps: pd.DataFrame
    people: pd.DataFrame
    said: tuple[str, ...]
    settings_used: tuple[str, ...]


def through_time(outlook: Outlook) -> ThroughTime:
    """The staffing of one program through time (see ThroughTime); exact, nothing is drawn."""
    by_day = case_managers_by_day(outlook)
    daily = staffing_by_day(outlook, by_day)
    over = (daily["status"] == "not_met").to_numpy()
    found = ThroughTime(
        outlook.program,
        outlook.limits,
        daily,
        over_so_far=int((over & ~daily["ahead"]).sum()),
        over_ahead=int((over & daily["ahead"]).sum()),
        worst=_worst(outlook.limits, daily),
        longest=_longest(daily, over),
        breaks=_next_break(outlook, daily, by_day),
        steps=room(daily),
        people=each_case_manager(outlook, by_day),
        said=(),
        settings_used=() if outlook.limits.rules else ("per_staff", "at_most"),
    )
    return replace(found, said=_said(outlook, found))


def _worst(limits: Limits, daily: pd.DataFrame) -> Days:
    heads_alone = limits.per_staff is None and limits.at_most is not None
    by = daily["largest"] if heads_alone else daily["ratio"]
    by = by[daily["students"] > 0].dropna()
    return (
        daily["day"].loc[by.idxmax()].to_datetime64().astype("datetime64[D]") if len(by) else NEVER
    )


def _longest(daily: pd.DataFrame, over: np.ndarray) -> Run | None:
    """The first of the longest runs of open days over."""
    if not over.any():
        return None
    edges = np.flatnonzero(np.diff(np.concatenate([[False], over, [False]]).astype(int)))
    begin, past = edges[::2], edges[1::2]
    place = int(np.argmax(past - begin))
    days = days_of(daily["day"])
    first, after = begin[place], past[place]
    return Run(days[first], days[after - 1], int(after - first))


def _next_break(outlook: Outlook, daily: pd.DataFrame, by_day: pd.DataFrame) -> Break | None:
    over = np.flatnonzero(((daily["status"] == "not_met") & daily["ahead"]).to_numpy())
    if not len(over):
        return None
    place = int(over[0])
    return Break(days_of(daily["day"])[place], why_over(outlook, daily, by_day, place))


def _said(outlook: Outlook, found: ThroughTime) -> tuple[str, ...]:
    """The result in sentences."""
    name, daily = outlook.program, found.days
    if reason := no_calendar(outlook.span):
        return (f"{name}: {reason}, so no day can be judged. Add them to the calendar table.",)
    if daily.empty:
        since, until = date(outlook.span.since), date(outlook.span.until)
        return (f"{name}: there is no open day from {since} to {until}.",)
    said = [f"{name} is held to {found.limits.words}."]
    if not found.limits:
        said[0] = (
            f"{name} is held to no limit on staffing, so nothing can break: its students and its"
            " time are shown as they are. To plan with a limit of your own, give the setting"
            " per_staff (students to one full-time case manager) or at_most (students of one)."
        )
    else:
        said += [*_over_said(found), *_break_said(found), *_room_said(outlook, found)]
        said += _untold_said(outlook, daily)
    said += _worst_said(found)
    said += _people_said(found)
    last = daily["day"].iloc[-1]
    if not daily["ahead"].any():
        said.append(f"No open day lies ahead, after {date(outlook.span.as_of)}.")
    elif outlook.span.until - days_of(daily["day"])[-1] > FORTNIGHT:
        said.append(
            f"The last open day looked at is {date(last)}: the calendar names none from then to"
            f" {date(outlook.span.until)}."
        )
    return (*said, f"{outlook.note}.") if outlook.note else tuple(said)


def _over_said(found: ThroughTime) -> list[str]:
    ahead = int(found.days["ahead"].sum())
    sofar = len(found.days) - ahead
    said = [f"Over on {found.over_so_far} of {count(sofar, 'open day')} so far"]
    if ahead:
        said.append(f"and on {found.over_ahead} of {count(ahead, 'open day')} ahead")
    sentence = f"{' '.join(said)}."
    run = found.longest
    if run is None:
        return [sentence]
    return [
        f"{sentence} The longest run over is {count(run.days, 'open day')}:"
        f" {date(run.first)} to {date(run.last)}."
    ]


def _break_said(found: ThroughTime) -> list[str]:
    if found.breaks is None:
        return []
    return [f"The next open day over is {date(found.breaks.day)}: {found.breaks.why}."]


def _room_said(outlook: Outlook, found: ThroughTime) -> list[str]:
    """How many more students can come, until when."""
    start = date(outlook.span.as_of + DAY)
    if found.steps.empty:
        ahead = found.days["ahead"].any()
        return ["How many more students it can take cannot be told."] if ahead else []
    free = ", if they may go to any case manager" if found.limits.at_most is not None else ""
    first, *later = found.steps.itertuples(index=False)
    said = [
        f"From {start} it can take {_more(first.more)} who {_stay(first.more)} up to"
        f" {date(first.until_day)}{free}."
    ]
    if later:
        said.append(f"{_deepest(found.steps)}{_lowest(later[-1])}")
    return said


def _deepest(steps: pd.DataFrame) -> str:
    """The step at which most room is lost, where that is not the last one."""
    lost = steps["more"].shift(1) - steps["more"]
    at = int(lost.iloc[1:].idxmax())
    if at == len(steps) - 1:
        return ""
    was, now, day = steps["more"][at - 1], steps["more"][at], steps["binds"][at]
    return f"The largest drop is on {date(day)}, from {number(was)} to {number(now)}. "


def _lowest(last: Any) -> str:
    """The least room there is, and the first day that has no more."""
    return (
        f"The room is lowest on {date(last.binds)}: it can take {_more(last.more)} who"
        f" {_stay(last.more)} to that day or later."
    )


def _more(students: int) -> str:
    return count(students, "more student") if students else "no more students"


def _stay(students: int) -> str:
    return "stays" if students == 1 else "stay"


def _untold_said(outlook: Outlook, daily: pd.DataFrame) -> list[str]:
    """Which days cannot be told, and who is the cause."""
    untold = daily[daily["status"] == "cannot_tell"]
    if untold.empty:
        return []
    days = days_of(untold["day"])
    reason = outlook.caseload.lacks("staff") or (
        outlook.limits.at_most is not None and outlook.caseload.lacks("assignments")
    )
    people = untold_staff(outlook, days)
    why = reason or f"the FTE or share of {listing(people, 5)} is not recorded"
    return [
        f"On {count(len(days), 'open day')}, {date(days[0])} to {date(days[-1])}, it cannot be"
        f" told: {why}. Those days are left out of account."
    ]


def _worst_said(found: ThroughTime) -> list[str]:
    if np.isnat(found.worst):
        return ["There is no student on any open day that can be told."]
    row = found.days.iloc[int(np.flatnonzero(days_of(found.days["day"]) == found.worst)[0])]
    if found.limits.per_staff is None and found.limits.at_most is not None:
        return [
            f"The largest caseload is {count(row['largest'], 'student')}, first on"
            f" {date(row['day'])}."
        ]
    if not row["fte"]:
        return [
            f"The worst open day is {date(row['day'])}: {count(row['students'], 'student')}, and"
            " nobody with case-management time."
        ]
    room = "" if pd.isna(row["capacity"]) else f", which allows {row['capacity']}"
    return [
        f"The worst open day is {date(row['day'])}: {count(row['students'], 'student')} to"
        f" {number(row['fte'], 4)} FTE of case-management time{room}."
    ]


def _people_said(found: ThroughTime) -> list[str]:
    """The case managers of a limit on heads who pass it ahead, and who would have nobody."""
    if found.limits.at_most is None:
        return []
    over = found.people[found.people["over"].fillna(0) > 0]
    said = [
        f"{row.staff_id} has more than {count(row.limit, 'student')} on"
        f" {count(row.over, 'open day')} ahead, from {date(row.next_break)}."
        for row in over.itertuples(index=False)
    ]
    short = found.days[found.days["ahead"] & (found.days["headroom"] < 0).fillna(False)]
    if len(short):
        first = short.iloc[0]
        said.append(
            f"On {count(len(short), 'open day')} ahead there are more students than places, first"
            f" on {date(first['day'])}: {count(first['students'], 'student')} and"
            f" {count(first['capacity'], 'place')}."
        )
    return said
