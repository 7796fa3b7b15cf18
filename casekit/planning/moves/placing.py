"""One new student: which case managers could take them, in order, and why the others cannot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from casekit.calendars import Days
from casekit.phrases import count, date, listing, number
from casekit.planning.moves.board import NOBODY, UNKNOWN, Board, board
from casekit.planning.moves.reassignment_said import notes
from casekit.planning.outlook import Outlook
from casekit.planning.settings import PlanningError

PLACE_COLUMNS = ("place", "staff_id", "site", "places", "travel", "load", "why")


@dataclass(frozen=True)
class Ranking:
    """The case managers of a program for one new student, the first choice first.

    ranked   PLACE_COLUMNS: place (NA: cannot), staff_id, site, places (left on the fullest day up
             to the horizon; NA: no limit, or not known), travel (minutes for a contact), load
             (heads in relation to the limit on the first day), why (in words).
    """

    program: str
    on: Days
    ranked: pd.DataFrame
    said: tuple[str, ...]
    settings_used: tuple[str, ...]


def rank(
    outlook: Outlook,
    site: str | None = None,
    designation: str | None = None,
    on: Days | None = None,
) -> Ranking:
    """Who could take a new student of a site and a designation from a day to the horizon.

    In order: at the site, most places left on the fullest day, least travel, least load, staff_id.
    Raises PlanningError where no open day lies ahead, or nobody and nothing is at the site.
    """
    lacking = outlook.caseload.lacks("staff")
    if lacking:
        raise PlanningError(f"{outlook.program}: {lacking}: nobody can be ranked; give it")
    made = board(outlook, on)
    if site is not None and site not in made.sites:
        raise PlanningError(
            f"{outlook.program}: no student or case manager is at {site!r}: the sites are"
            f" {listing(made.sites, 8) or 'not recorded'}"
        )
    need = outlook.settings.skills.get(designation or "")
    code = NOBODY if site is None else made.sites.index(site)
    rows = [_row(made, person, code, need, bool(outlook.limits)) for person in _here(made)]
    names = ("barred", "away", *PLACE_COLUMNS[1:])
    frame = pd.DataFrame(rows, columns=list(names))
    frame["places"] = frame["places"].astype("Int64")
    # Nobody knows of fewer places than none; where nothing limits, all have the same.
    frame["least"] = -frame["places"].fillna(0)
    order = ["barred", "away", "least", "travel", "load", "staff_id"]
    frame = frame.sort_values(order, ignore_index=True)
    able = int((~frame["barred"].astype(bool)).sum())
    place = pd.array([n + 1 if n < able else pd.NA for n in range(len(frame))], dtype="Int64")
    ranked = frame.assign(place=place)[list(PLACE_COLUMNS)]
    used = ("same_site", "skills", "travel_minutes", "distances")
    own = () if outlook.limits.rules else ("per_staff", "at_most")
    said = (*_said(outlook, made, ranked, able, need), *notes(outlook, made))
    return Ranking(outlook.program, made.moments[0], ranked, said, (*own, *used))


def _here(made: Board) -> list[int]:
    """Who is a case manager here at some time ahead."""
    return np.flatnonzero(made.employed.any(axis=1)).tolist()


def _row(made: Board, person: int, site: int, need: str | None, limited: bool) -> tuple:
    """One case manager: whether barred, whether at another site, and the columns from staff_id."""
    limit, heads = made.limit[person], made.heads[person]
    own = int(made.staff["site"][person])
    travel = float(made.travel(np.array([site]), np.array([person]))[0])
    known = bool((limit != UNKNOWN).all())
    left = np.where(limit == UNKNOWN, 0, limit - heads)
    worst = int(np.argmin(left))
    places = int(left[worst]) if known else None
    load = float(heads[0] / limit[0]) if limit[0] > 0 else float(heads[0])
    barred = _barred(made, person, site, need, limited)
    where = "their site is not recorded"
    if own != NOBODY:
        where = f"at {made.sites[own]}"
    reasons = [where if site != NOBODY else ""]
    if need:
        reasons.append(f"has {need}")
    if known:
        reasons.append(
            f"{count(places or 0, 'place')} left on the fullest day, {date(made.moments[worst])}"
            f" ({int(heads[worst])} of {int(limit[worst])} taken)"
        )
    else:
        reasons.append(f"has {count(int(heads[0]), 'student')}")
    if travel:
        reasons.append(f"{number(travel, 1)} minutes of travel")
    why = barred or "; ".join(filter(None, reasons))
    away = own != site and site != NOBODY
    name = made.sites[own] if own != NOBODY else ""
    return bool(barred), away, str(made.staff["staff_id"][person]), name, places, travel, load, why


def _barred(made: Board, person: int, site: int, need: str | None, limited: bool) -> str:
    """Why somebody cannot take the student; empty where they can."""
    limit, own = made.limit[person], int(made.staff["site"][person])
    gone = np.flatnonzero(~made.employed[person])
    if len(gone):
        last, first = made.staff["leaves"][person], made.moments[gone[0]]
        if last <= made.moments[-1]:
            return f"leaves on {date(last)}"
        return f"is not employed here on {date(first)}"
    if need and not _has(made, person, need):
        return f"does not have {need}"
    if made.settings.same_site and NOBODY not in (own, site) and own != site:
        return f"is at {made.sites[own]}"
    if not limited:
        return ""
    if (limit == UNKNOWN).any():
        return "fte or case_management_share is not recorded"
    if (limit == 0).any():
        return "has no case-management time"
    full = np.flatnonzero(made.heads[person] >= limit)
    if len(full):
        day, most = date(made.moments[full[0]]), int(limit[full[0]])
        return f"has no place left on {day}: {int(made.heads[person, full[0]])} of {most} are taken"
    return ""


def _has(made: Board, person: int, need: str) -> bool:
    return bool(made.has[person, made.needs.index(need)])


def _said(
    outlook: Outlook, made: Board, ranked: pd.DataFrame, able: int, need: str | None
) -> tuple[str, ...]:
    """Who comes first, or that nobody can."""
    until = f"from {date(made.moments[0])} to {date(outlook.span.until)}"
    who = f"a new student{f' who needs {need}' if need else ''}"
    if not len(ranked):
        return (f"{outlook.program} has no case manager {until}: nobody can take {who}",)
    if not able:
        return (
            f"Nobody in {outlook.program} can take {who} {until}: a reassignment may make room,"
            " or another case manager is needed",
        )
    first = ranked.iloc[0]
    rest = able - 1
    said = [
        f"{first['staff_id']} is the first choice for {who} in {outlook.program}: {first['why']}",
        f"{count(rest, 'other')} could take them too" if rest else "Nobody else can take them",
    ]
    if not outlook.limits:
        said.append(f"{outlook.program} has no limit on staffing in its standard")
    waiting = int((made.students["present"] == NOBODY).sum())
    if waiting:
        said.append(f"{count(waiting, 'student')} whom nobody has could take these places first")
    return tuple(said)
