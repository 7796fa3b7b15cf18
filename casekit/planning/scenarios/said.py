"""A scenario's changes in short phrases, as a list or a sentence holds them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from casekit.phrases import count, date, listing, number
from casekit.planning.scenarios.changes import (
    Change,
    CloseSite,
    Exits,
    Hire,
    Hold,
    Intake,
    Leave,
    Limit,
    Move,
    Resign,
    Share,
)

WEEKS_A_MONTH = 52 / 12


def phrase(change: Change, names: Mapping[str, str], usual: datetime.date | None = None) -> str:
    """`0.5 FTE more from 8 June 2026`; `names` by staff id, `usual` the day where none is given."""
    on = getattr(change, "on", None) or usual
    day = "" if on is None else date(on)
    since = f" from {day}" if day else ""
    until = getattr(change, "until", None)
    up_to = f" up to {date(until)}" if until else ""
    match change:
        case Hire():
            part = "" if change.share == 1 else f", {_percent(change.share)} of it case management"
            return f"{number(change.fte)} FTE more{since}{up_to}{part}"
        case Leave():
            cover = f", {_name(change.covered_by, names)} standing in" if change.covered_by else ""
            return f"{_name(change.staff, names)} away{since}{up_to}{cover}"
        case Resign():
            weeks = change.replaced_in_weeks
            then = "" if weeks is None else f", replaced after {count(weeks, 'week')}"
            last = f" after {day}" if day else ""
            return f"{_name(change.staff, names)} leaving{last}{then}"
        case Share():
            now = [] if change.fte is None else [f"{number(change.fte)} FTE"]
            if change.share is not None:
                now.append(f"{_percent(change.share)} of the time for case management")
            return f"{_name(change.staff, names)} working {' with '.join(now)}{since}{up_to}"
        case Intake():
            if change.growth is not None:
                return f"{_percent(change.growth)} more students a month{since}{up_to}"
            return f"{_a_week(change.a_month, 'more student')}{since}{up_to}"
        case Exits():
            if change.students:
                return f"{count(len(change.students), 'student')} leaving{since}"
            return f"{_a_week(change.a_month, 'student')} leaving{since}{up_to}"
        case Move():
            students = count(len(change.students), "student")
            return f"{students} going to {_name(change.to, names)}{since}"
        case CloseSite():
            to = f", its students going to {change.to_site}" if change.to_site else ""
            return f"{change.site} closing{since}{to}"
        case Hold():
            return f"{change.program} held to {listing(change.standards, 5)}"
        case Limit():
            new = [f"{name} {value}" for name, value in change.settings.items()]
            return f"{change.requirement} judged with {listing(new, 5)}"


def _name(staff: str, names: Mapping[str, str]) -> str:
    return names.get(staff, staff)


def _percent(part: float) -> str:
    return f"{number(100 * part)}%"


def _a_week(a_month: float | None, one: str) -> str:
    """Students a week where that is told in halves, else a month."""
    week = (a_month or 0) / WEEKS_A_MONTH
    if abs(2 * week - round(2 * week)) < 0.001:
        return f"{count(round(2 * week) / 2, one)} a week"
    return f"{count(a_month or 0, one)} a month"
