"""Floaters: who stands in for whom on planned leave, and what colleagues have room for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.planning.hours.presence import Ahead
from casekit.planning.outlook import Outlook
from casekit.planning.staffing.case_managers import case_managers_by_day

PLAN = ("floater", "staff_id", "first", "last", "days", "students", "colleague")


def floater_plan(outlook: Outlook, ahead: Ahead) -> pd.DataFrame:
    """A floater for each stretch of open days on which somebody is away and nobody stands in.

    Columns PLAN, by the first day. `students` is the most that the person has on a day of it;
    `colleague` a case manager who is at work on all of these days and has room for them under the
    limits: group case management instead of a floater. Empty where there is none, or none is known.
    """
    wanted = sorted((*edges, who) for who, away in ahead.bare.items() for edges in stretches(away))
    heads, room = _heads_and_room(outlook, ahead) if wanted else ({}, {})
    rows = []
    for floater, (first, last, who) in zip(share_out(wanted), wanted, strict=True):
        on = ahead.on[first : last + 1]
        students = int(heads[who][first : last + 1].max())
        colleague = _colleague(ahead, room, (first, last, who), students)
        if colleague:
            room[colleague][first : last + 1] -= students
        rows.append((floater, who, on[0], on[-1], len(on), students, colleague))
    return pd.DataFrame(rows, columns=list(PLAN)).astype({"first": "M8[s]", "last": "M8[s]"})


def stretches(away: np.ndarray) -> list[tuple[int, int]]:
    """The first and last place of each unbroken run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], away, [False]]).astype(int)))
    return [(int(first), int(past) - 1) for first, past in edges.reshape(-1, 2)]


def share_out(wanted: list[tuple[int, int, str]]) -> list[int]:
    """A floater (from 1) for each stretch (first, last, person), never two at once.

    Taken in order of their first day, each stretch gets the floater who stood in for that person
    last if that one is free, else the free one of the lowest number: no more floaters are used than
    stretches overlap on some day, and with fewer that day would stay bare.
    """
    free_from: list[int] = []
    stood: dict[str, int] = {}
    found = [0] * len(wanted)
    for place in sorted(range(len(wanted)), key=lambda n: wanted[n]):
        first, last, who = wanted[place]
        free = [n for n, day in enumerate(free_from) if day <= first]
        if not free:
            free_from.append(0)
            free = [len(free_from) - 1]
        mine = stood[who] if stood.get(who) in free else free[0]
        free_from[mine] = last + 1
        stood[who] = mine
        found[place] = mine + 1
    return found


def _heads_and_room(
    outlook: Outlook, ahead: Ahead
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Each person's students on each day, and how many more they may take; NaN: no limit known."""
    by_day = case_managers_by_day(outlook)
    heads, room = {}, {}
    for who in ahead.works:
        mine = by_day[by_day["staff_id"] == who].set_index("day").reindex(ahead.on)
        heads[who] = mine["heads"].fillna(0).to_numpy(dtype=int)
        room[who] = mine["limit"].astype(float).to_numpy() - heads[who]
    return heads, room


def _colleague(
    ahead: Ahead, room: dict[str, np.ndarray], wanted: tuple[int, int, str], asked: int
) -> str:
    """Who is at work all the time and has most room for the students; the first by id of equals."""
    first, last, who = wanted
    best, most = "", -1.0
    for other, works in ahead.works.items():
        there = (works & ~ahead.off[other])[first : last + 1].all()
        left = room[other][first : last + 1].min() - asked  # NaN where no limit is known
        if other != who and there and left > most:
            best, most = other, left
    return best
