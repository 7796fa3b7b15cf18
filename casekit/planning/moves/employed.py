"""Who works in a program from a day on: its case managers, and the heads that each may have."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise

import numpy as np

from casekit.calendars import Days
from casekit.caseload import FAR, Caseload, days
from casekit.kinds.staffing import exact
from casekit.planning.limits import Limits
from casekit.planning.moves.pairs import codes, in_order

NOBODY = -1
UNKNOWN = -1  # places of somebody whose time is not recorded


@dataclass(frozen=True)
class Rows:
    """The rows of a program's staff table: who (a code), first and last day, time, and where the
    row is in the table. `people`: how many codes there are."""

    staff: np.ndarray
    start: np.ndarray
    end: np.ndarray
    fte: np.ndarray
    share: np.ndarray
    row: np.ndarray
    people: int

    def seen_on(self, day: Days) -> tuple[np.ndarray, np.ndarray]:
        """Of each code whether it has a row here, and whether it is employed on a day; one more,
        False, for an empty cell."""
        own, here = (np.zeros(self.people + 1, dtype=bool) for _ in range(2))
        own[self.staff] = True
        here[self.staff[(self.start <= day) & (self.end >= day)]] = True
        own[-1] = here[-1] = False
        return own, here


def rows_of(caseload: Caseload, program: str) -> Rows:
    table = caseload.tables["staff"]
    row = np.flatnonzero(table["program_id"] == program)
    return Rows(
        codes(table["staff_id"])[row],
        days(table["start_date"])[row],
        days(table["end_date"], FAR)[row],
        table["fte"].to_numpy()[row],
        table["case_management_share"].to_numpy()[row],
        row,
        len(table["staff_id"].cat.categories),
    )


def managers(
    caseload: Caseload, rows: Rows, theirs: np.ndarray, open_days: np.ndarray
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Case managers in order of id: staff_id, site_id, certificates, degree_field as they are in
    force on the first open day (when they start, where that is later), and `leaves`, their last
    day. And the place of each code among them, NOBODY where there is none."""
    ahead = (rows.start <= open_days[-1]) & (rows.end >= open_days[0])
    mine = np.flatnonzero(ahead & (rows.share != 0) | np.isin(rows.staff, theirs))
    table = caseload.tables["staff"]
    start = rows.start[mine]
    begun, since = start <= open_days[0], start.astype(np.int64)
    name = in_order(table["staff_id"])[rows.staff[mine]]
    mine = mine[np.lexsort((np.where(begun, -since, since), ~begun, name))]
    first = np.flatnonzero(np.diff(rows.staff[mine], prepend=-1))
    who, row = rows.staff[mine][first], rows.row[mine][first]
    ends = np.maximum.reduceat(rows.end[mine], first) if len(first) else rows.end[:0]
    found = {
        column: table[column].to_numpy(dtype=object)[row]
        for column in ("site_id", "certificates", "degree_field")
    }
    found["staff_id"] = table["staff_id"].cat.categories.to_numpy(dtype=object)[who]
    found["leaves"] = ends.astype("datetime64[s]")
    place = np.full(rows.people + 1, NOBODY)
    place[who] = np.arange(len(who))
    return found, place


def employment(
    limits: Limits, rows: Rows, place: np.ndarray, open_days: np.ndarray, people: int
) -> tuple[np.ndarray, np.ndarray]:
    """Staff x open days: employed or not, and the heads that the limits allow (UNKNOWN)."""
    employed = np.zeros((people, len(open_days)), dtype=bool)
    limit = np.zeros((people, len(open_days)), dtype=int)
    first = np.searchsorted(open_days, rows.start)
    past = np.searchsorted(open_days, rows.end, side="right")
    most_of, time_of = cache(limits.of_person), cache(_time)
    stretches: dict[int, list[tuple[int, int, Fraction | None]]] = {}
    columns = (rows.fte, rows.share, place[rows.staff], first, past)
    for fte, share, person, begin, end in zip(*(c.tolist() for c in columns), strict=True):
        if person >= 0 and begin < end:
            stretches.setdefault(person, []).append((begin, end, time_of(fte, share)))
    for person, mine in stretches.items():
        edges = sorted({edge for begin, end, _ in mine for edge in (begin, end)})
        for begin, end in pairwise(edges):
            times = [time for low, high, time in mine if low <= begin and high >= end]
            if times:
                whole = None if None in times else sum(filter(None, times), Fraction(0))
                most = most_of(whole)
                employed[person, begin:end] = True
                limit[person, begin:end] = UNKNOWN if most is None else most
    return employed, limit


def _time(fte: float, share: float) -> Fraction | None:
    """Case-management time in full-time posts; None where it is not recorded."""
    if fte == 0 or share == 0:
        # Nothing of an unknown time is nothing.
        return Fraction(0)
    return None if np.isnan(fte) or np.isnan(share) else exact(fte) * exact(share)
