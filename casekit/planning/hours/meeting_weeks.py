"""Weeks for meetings: within each one's window and the room there is, as little early as can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from casekit.planning.moves.solver import Problem, lexicographic


@dataclass(frozen=True)
class Group:
    """Meetings of one case manager that are due on one day: any of them may take any one's place.

    weeks  the places of the weeks in which they may be held, in order.
    due    the place of the week from which earliness is counted, the last open one in time.
    late   they are overdue: each week counts from the first one ahead instead.
    """

    staff_id: str
    number: int
    weeks: tuple[int, ...]
    due: int
    late: bool = False


@dataclass(frozen=True)
class Room:
    """How many meetings a case manager holds in one week, and all of them (None: no such limit).

    mondays  the calendar week of each place, counted from any first one: gaps are holidays.
    taken    the meetings that a case manager (staff_id) holds in a week (its place) already.
    """

    each: int
    every: int | None
    mondays: tuple[int, ...]
    taken: Mapping[tuple[str, int], int] = field(default_factory=dict)

    def of(self, who: str, week: int) -> int:
        """How many more one case manager can hold in a week."""
        return max(self.each - self.taken.get((who, week), 0), 0)

    def of_all(self, week: int) -> int | None:
        """How many more all of them can hold in a week."""
        if self.every is None:
            return None
        return max(self.every - sum(n for (_, w), n in self.taken.items() if w == week), 0)


@dataclass(frozen=True)
class Placed:
    """held[group, week]: meetings of a group in a week; left[group]: those that do not fit."""

    held: np.ndarray
    left: np.ndarray


def place(groups: Sequence[Group], room: Room) -> Placed:
    """The best weeks, in this order of what counts.

    As many meetings fit as can; those overdue are held as early as can be; the others are early by
    the fewest weeks in all; the meetings of each case manager are most even (least sum of squares
    over weeks). The program is a transport problem, so its corners are whole.
    """
    if not groups:
        return Placed(np.zeros((0, len(room.mondays)), dtype=int), np.zeros(0, dtype=int))
    x = [(g, w) for g, group in enumerate(groups) for w in group.weeks]
    busy = sorted({(groups[g].staff_id, w) for g, w in x})
    seats = [
        (cell, k)
        for cell, place in enumerate(busy)
        for k in range(room.taken.get(place, 0) + 1, room.each + 1)
    ]
    cell_of = {place: cell for cell, place in enumerate(busy)}
    number = np.array([group.number for group in groups])
    first_left, first_seat = len(x), len(x) + len(groups)
    columns = first_seat + len(seats)
    entries = [(g, column, 1.0) for column, (g, _) in enumerate(x)]
    entries += [(g, first_left + g, 1.0) for g in range(len(groups))]
    row = len(groups)
    entries += [
        (row + cell_of[groups[g].staff_id, w], column, 1.0) for column, (g, w) in enumerate(x)
    ]
    entries += [(row + cell, first_seat + n, -1.0) for n, (cell, _) in enumerate(seats)]
    low = np.concatenate([number, np.zeros(len(busy))])
    high = low.copy()
    if room.every is not None:
        weeks = sorted({w for _, w in busy})
        row += len(busy)
        entries += [
            (row + weeks.index(busy[cell][1]), first_seat + n, 1.0)
            for n, (cell, _) in enumerate(seats)
        ]
        low = np.concatenate([low, np.zeros(len(weeks))])
        high = np.concatenate([high, [room.of_all(w) for w in weeks]])
    upper = np.concatenate([[groups[g].number for g, _ in x], number, np.ones(len(seats))])
    rows, cols, values = (np.array(part) for part in zip(*entries, strict=True))
    problem = Problem.of((np.zeros(columns), upper), rows, cols, values, (low, high))
    found = lexicographic(problem, _costs(groups, room, x, seats, columns), whole=True)
    held = np.zeros((len(groups), len(room.mondays)), dtype=int)
    for (g, w), meetings in zip(x, found.x[:first_left], strict=True):
        held[g, w] = meetings
    return Placed(held, found.x[first_left:first_seat].astype(int))


def _costs(
    groups: Sequence[Group],
    room: Room,
    x: list[tuple[int, int]],
    seats: list[tuple[int, int]],
    columns: int,
) -> list[np.ndarray]:
    """What counts, first things first: left over, late, early, uneven."""
    left, late, early, uneven = (np.zeros(columns) for _ in range(4))
    left[len(x) : len(x) + len(groups)] = 1
    for column, (g, w) in enumerate(x):
        group = groups[g]
        if group.late:
            late[column] = room.mondays[w] - room.mondays[0]
        else:
            early[column] = room.mondays[group.due] - room.mondays[w]
    # The k-th meeting of a week adds 2k - 1 to the square of their number.
    uneven[len(x) + len(groups) :] = [2 * k - 1 for _, k in seats]
    return [left, late, early, uneven]


def overfull(groups: Sequence[Group], room: Room) -> list[tuple[str, int, int, int, int]]:
    """Whose meetings do not fit into which weeks: staff_id, first and last place, meetings, room.

    The stretch of weeks in which most too many meetings must be held, for each case manager, and
    with staff_id "" for all together. Windows are stretches of the weeks at work, so where meetings
    of one case manager do not fit, such a stretch shows it (Hall's theorem).
    """
    found = []
    people = sorted({group.staff_id for group in groups})
    at_work = {
        who: sorted({w for group in groups if group.staff_id == who for w in group.weeks})
        for who in people
    }
    for who in people:
        mine = [group for group in groups if group.staff_id == who and group.weeks]
        found += _worst(who, mine, lambda w, who=who: room.of(who, w) * (w in at_work[who]))  # type: ignore[misc]
    if room.every is not None:
        held = [group for group in groups if group.weeks]
        found += _worst(
            "",
            held,
            lambda w: min(
                room.of_all(w) or 0, sum(room.of(who, w) for who in people if w in at_work[who])
            ),
        )
    return found


def _worst(
    who: str, groups: Sequence[Group], room_in: Callable[[int], int]
) -> list[tuple[str, int, int, int, int]]:
    """The stretch of weeks with most meetings beyond its room; empty where none is beyond."""
    best: list[tuple[str, int, int, int, int]] = []
    for first in sorted({group.weeks[0] for group in groups}):
        for last in sorted({group.weeks[-1] for group in groups}):
            inside = [g for g in groups if g.weeks[0] >= first and g.weeks[-1] <= last]
            asked, room = sum(g.number for g in inside), sum(map(room_in, range(first, last + 1)))
            if asked > room and (not best or asked - room > best[0][3] - best[0][4]):
                best = [(who, first, last, asked, room)]
    return best


def smallest(fits: Callable[[int], bool], low: int, high: int) -> int | None:
    """The smallest number from low to high for which it fits, if it fits for all above it too."""
    if low > high or not fits(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(middle) else (middle + 1, high)
    return low
