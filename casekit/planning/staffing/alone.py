"""Students who are left with nobody: their case manager has gone, and no other is named."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.calendars import DAY
from casekit.caseload import FAR, days
from casekit.kinds.assigned import held_assignments
from casekit.planning.outlook import Outlook

ALONE_COLUMNS = ("staff_id", "students", "first", "last")


def left_alone(outlook: Outlook) -> pd.DataFrame:
    """Students of the program who lose their case manager in the days ahead: ALONE_COLUMNS.

    A row per case manager who goes: how many of their students have nobody employed in their place
    on some open day after that, and the first and last such day. Empty where the table
    assignments is not there.
    """
    ahead = outlook.days_ahead
    nobody = pd.DataFrame({name: pd.Series(dtype=object) for name in ALONE_COLUMNS})
    if outlook.caseload.lacks("assignments") or not len(ahead):
        return nobody
    students = outlook.caseload.enrolments([outlook.program])
    held = held_assignments(outlook.caseload)
    held = held[held["student_id"].isin(students["student_id"])]
    codes = students["student_id"].astype(object)
    place = {name: n for n, name in enumerate(dict.fromkeys(codes))}
    there = _on_days(place, codes, students["start"], students["end"], ahead)
    cared = _on_days(place, held["student_id"].astype(object), held["start"], held["end"], ahead)
    bare = there & ~cared
    ends = pd.DataFrame(
        {
            "who": [place[name] for name in held["student_id"]],
            "staff_id": held["staff_id"].astype(str),
            "end": days(held["end"], FAR),
        }
    )
    left_by: dict[str, list[int]] = {}
    for who in np.flatnonzero(bare.any(axis=1)):
        gap = ahead[bare[who]][0]
        # Who had the student last before the gap is the one who left them.
        before = ends[(ends["who"] == who) & (ends["end"] < pd.Timestamp(gap))]
        if len(before):
            last = before.sort_values(["end", "staff_id"]).iloc[-1]
            left_by.setdefault(last["staff_id"], []).append(int(who))
    rows = []
    for person, left in sorted(left_by.items()):
        on = ahead[bare[left].any(axis=0)]
        rows.append((person, len(left), on[0], on[-1]))
    if not rows:
        return nobody
    found = pd.DataFrame(rows, columns=list(ALONE_COLUMNS))
    return found.astype({"first": "datetime64[s]", "last": "datetime64[s]"})


def _on_days(
    place: dict, names: pd.Series, start: pd.Series, end: pd.Series, on: np.ndarray
) -> np.ndarray:
    """On which days each student has a stretch: students x days."""
    step = np.zeros((len(place), len(on) + 1), dtype=np.int32)
    who = np.array([place[name] for name in names], dtype=int)
    np.add.at(step, (who, np.searchsorted(on, days(start))), 1)
    np.add.at(step, (who, np.searchsorted(on, days(end, FAR) + DAY)), -1)
    return step.cumsum(axis=1)[:, :-1] > 0
