"""How many people some programs need together: each its own, one pool, or people who split."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from casekit.calendars import Days
from casekit.caseload import FAR
from casekit.caseload import days as days_of
from casekit.kinds.staffing import exact
from casekit.phrases import count, date, listing, number
from casekit.planning.outlook import Outlook
from casekit.planning.settings import PlanningError
from casekit.planning.staffing.needs import NEVER, days_needed, nothing_needed, time_said


@dataclass(frozen=True)
class Together:
    """What programs with one sort of limit need, in three ways.

    own      each for itself, summed: full-time case management, or whole case managers.
    pool     one pool whose shares may change from day to day: the most that a day asks for;
             `pool_day` is the first such day (NaT where nothing is asked).
    people   the fewest whole people, each split among the programs for good.
    apart    the fewest whole people, if nobody is split.
    splits   person (1, 2, ...), program, part: FTE of case management (Fraction), or the students
             whom the person may have there.
    """

    programs: tuple[str, ...]
    own: Fraction
    pool: Fraction
    pool_day: Days
    people: int
    apart: int
    splits: pd.DataFrame


@dataclass(frozen=True)
class JointNeed:
    """What some programs need together; None: none of them has a limit of that sort.

    time     of the programs held to a ratio of students to time.
    heads    of the programs held to a number of students of one case manager. A program held to
             both counts in both: as many people are needed as the larger of the two says.
    shared   staff_id, program: who is employed ahead in more than one of the programs.
    """

    programs: tuple[str, ...]
    time: Together | None
    heads: Together | None
    shared: pd.DataFrame
    said: tuple[str, ...]
    settings_used: tuple[str, ...]


def sharing(outlooks: Mapping[str, Outlook]) -> list[tuple[str, ...]]:
    """The groups of programs that share staff, now or ahead, directly or through another."""
    groups: list[set[str]] = []
    for _, programs in shared_staff(list(outlooks.values())).groupby("staff_id")["program"]:
        touching = [group for group in groups if group & set(programs)]
        groups = [group for group in groups if group not in touching]
        groups.append(set(programs).union(*touching))
    return sorted(tuple(sorted(group)) for group in groups)


def shared_staff(outlooks: Sequence[Outlook]) -> pd.DataFrame:
    """Who is employed in more than one of some programs, after as_of: staff_id, program."""
    rows = sorted(
        {
            (str(person), look.program)
            for look in outlooks
            for person, start, end in zip(
                look.staff["staff_id"],
                days_of(look.staff["start"]),
                days_of(look.staff["end"], FAR),
                strict=True,
            )
            if end > look.span.as_of and start <= look.span.until
        }
    )
    frame = pd.DataFrame(rows, columns=["staff_id", "program"])
    return frame[frame["staff_id"].duplicated(keep=False)].reset_index(drop=True)


def least_staff_together(outlooks: Sequence[Outlook], *, whole_span: bool = False) -> JointNeed:
    """The least staff that keeps every one of some programs within its limits on every open day.

    Raises PlanningError where no program is given, or no share could be.
    """
    if not outlooks:
        raise PlanningError("no program is given: name two or more that share staff")
    looks = sorted(outlooks, key=lambda look: look.program)
    settings = looks[0].settings
    needs = {look.program: days_needed(look, whole_span=whole_span) for look in looks}
    of_time = {p: d for p, d in needs.items() if d["needed"].notna().any()}
    of_heads = {p: d for p, d in needs.items() if d["managers"].notna().any()}
    limits = {look.program: look.limits.at_most or 0 for look in looks}
    time = _time_together(of_time, settings.fte_step, settings.most_share) if of_time else None
    heads = _heads_together(of_heads, limits) if of_heads else None
    shared = shared_staff(looks)
    said = [_shared_said(looks, shared), *_said(time, heads, settings.fte_step)]
    said += _left_out(looks, needs)
    own = any(not look.limits.rules for look in looks)
    used = (
        *(("per_staff", "at_most") if own else ()),
        *(("fte_step", "most_share") if time else ()),
    )
    return JointNeed(tuple(needs), time, heads, shared, tuple(said), used)


def _time_together(
    daily: Mapping[str, pd.DataFrame], fte_step: float, most_share: float
) -> Together:
    """Programs held to a ratio: each person's parts are whole steps, and sum to most_share."""
    step = exact(fte_step)
    parts = math.floor(exact(most_share) / step)
    if not parts:
        raise PlanningError(
            f"most_share {most_share:g} is less than one fte_step of {fte_step:g}: nobody could be"
            " given any time; make fte_step smaller"
        )
    own = {program: max(frame["needed"]) for program, frame in daily.items()}
    sums = {day: sum(by.values(), Fraction(0)) for day, by in _by_day(daily, "needed").items()}
    splits = shared_out([(p, math.ceil(need / step), parts) for p, need in own.items()])
    splits["part"] = pd.Series([n * step for n in splits["part"].tolist()], dtype=object)
    apart = sum(math.ceil(math.ceil(need / step) / parts) for need in own.values())
    return _together(own, sums, apart, splits)


def _heads_together(daily: Mapping[str, pd.DataFrame], limits: Mapping[str, int]) -> Together:
    """Programs held to a number of students of one case manager.

    A student of two programs counts in each, as each may have a case manager of its own.
    """
    most = {program: int(frame["students"].max()) for program, frame in daily.items()}
    own = {program: max(frame["managers"]) for program, frame in daily.items()}
    sums = {
        day: Fraction(people_of(shared_out([(p, int(n), limits[p]) for p, n in by.items()])))
        for day, by in _by_day(daily, "students").items()
    }
    splits = shared_out([(p, n, limits[p]) for p, n in most.items()])
    return _together(own, sums, int(sum(own.values())), splits)


def _by_day(daily: Mapping[str, pd.DataFrame], column: str) -> dict[Days, dict[str, Fraction]]:
    """What each program asks for on each day, the days in order; a closed program asks for none."""
    found: dict[Days, dict[str, Fraction]] = {}
    for program, frame in daily.items():
        for day, value in zip(days_of(frame["day"]), frame[column].tolist(), strict=True):
            found.setdefault(day, {})[program] = value
    return dict(sorted(found.items()))


def _together(
    own: Mapping[str, Fraction], sums: Mapping[Days, Fraction], apart: int, splits: pd.DataFrame
) -> Together:
    pool = max(sums.values())
    day = next(day for day, asked in sums.items() if asked == pool) if pool else NEVER
    total = sum(own.values(), Fraction(0))
    return Together(tuple(own), total, pool, day, people_of(splits), apart, splits)


def people_of(splits: pd.DataFrame) -> int:
    """How many people there are in some splits."""
    return int(splits["person"].max()) if len(splits) else 0


def shared_out(asked: Sequence[tuple[str, int, int]]) -> pd.DataFrame:
    """The fewest people for programs that ask for so many parts, of people with so many at most.

    asked: program, parts asked for, most parts of one person who works there (in all programs).
    Columns: person, program, part. The strictest program is served first, and what is left of its
    last person goes on to the next: whoever works there can have no more parts elsewhere either,
    so no other way takes fewer people.
    """
    rows, person, left = [], 0, 0
    for program, parts, most in sorted(asked, key=lambda each: (each[2], each[0])):
        while parts:
            if not left:
                person, left = person + 1, most
            given = min(parts, left)
            rows.append((person, program, given))
            parts, left = parts - given, left - given
    return pd.DataFrame(rows, columns=["person", "program", "part"])


def _left_out(looks: Sequence[Outlook], needs: Mapping[str, pd.DataFrame]) -> list[str]:
    """The programs of which nothing can be asked, and why."""
    free = [look.program for look in looks if not look.limits]
    said = [f"Left out, as held to no limit on staffing: {listing(free, 12)}."] if free else []
    limited = (look for look in looks if look.limits)
    return said + [why for look in limited if (why := nothing_needed(look, needs[look.program]))]


def _shared_said(looks: Sequence[Outlook], shared: pd.DataFrame) -> str:
    names = listing([look.program for look in looks], 12)
    if len(looks) == 1:
        return f"Only {names} is given, so there is nothing to share."
    if shared.empty:
        return f"Nobody is employed in two of {names}: what follows is what sharing would do."
    people = [
        f"{person} works in {listing(list(rows['program']), 5)}"
        for person, rows in shared.groupby("staff_id", sort=True)
    ]
    return f"Of {names}: {listing(people, 6)}."


def _said(time: Together | None, heads: Together | None, fte_step: float) -> list[str]:
    """What each number means, in sentences."""
    said = []
    if time is not None:
        said += [
            f"{listing(time.programs, 12)} need {time_said(time.own)} of case management, each for"
            " itself, where everybody's shares stay as they are.",
            f"One pool whose shares may change from day to day needs {time_said(time.pool)}"
            f"{_on(time.pool_day)}.",
            f"Whole people whose time is split for good, in steps of {number(fte_step, 4)}:"
            f" {count(time.people, 'person', 'people')}; {number(time.apart)} if nobody is split.",
        ]
    if heads is not None:
        said += [
            f"{listing(heads.programs, 12)} need {count(int(heads.own), 'case manager')}, each for"
            " itself.",
            f"One pool whose students may change from day to day needs"
            f" {count(int(heads.pool), 'case manager')}{_on(heads.pool_day)}.",
            "Case managers whose places are split among the programs for good:"
            f" {count(heads.people, 'case manager')}.",
        ]
    if time is not None and heads is not None:
        said.append(
            "Time and numbers of students cannot be added up: the two sorts are counted apart."
        )
    return said


def _on(day: Days) -> str:
    return "" if np.isnat(day) else f" (the most is asked on {date(day)})"
