"""What is missing where no reassignment passes: the least extra case managers, and the proof."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from casekit.calendars import Days
from casekit.phrases import count, date, listing
from casekit.planning.limits import Limits
from casekit.planning.moves.board import NOBODY, UNKNOWN, Board, names_of
from casekit.planning.moves.grouping import Network
from casekit.planning.moves.solver import Problem, lexicographic

ANYWHERE = "any site"


@dataclass(frozen=True)
class Shortage:
    """Students who may go to nobody but these case managers, who have fewer places than that.

    Counting them is the proof: no reassignment can pass on that day.
    """

    day: Days
    students: int
    places: int
    staff: tuple[str, ...]
    sites: tuple[str, ...]
    needs: tuple[str, ...]

    @property
    def said(self) -> str:
        where = f" at {listing(self.sites)}" if self.sites else ""
        need = f" who need {listing(self.needs)}" if self.needs else ""
        whom = f"On {date(self.day)} the {count(self.students, 'student')}{where}{need}"
        if not self.staff:
            return f"{whom} can be with nobody"
        return (
            f"{whom} can be with {listing(self.staff, 5)} only,"
            f" who together have {count(self.places, 'place')} for them"
        )


@dataclass(frozen=True)
class Extra:
    """The least that has to be added, by site: heads; whole people where `at_most` limits."""

    heads: dict[str, int]
    people: dict[str, int]
    short: tuple[Shortage, ...]


@dataclass(frozen=True)
class _Filled:
    """A flow with extra case managers: the most heads of each, who is left to them, and x."""

    sites: np.ndarray
    heads: np.ndarray
    pool: np.ndarray
    left: np.ndarray
    x: np.ndarray


def overpinned(board: Board) -> list[int]:
    """The case managers to whom more students are pinned than they have places, on some moment."""
    names = ("pinned", "first", "past")
    pinned, first, past = (board.students[name].to_numpy() for name in names)
    over: set[int] = set()
    for moment in range(len(board.moments)):
        active = (pinned != NOBODY) & (first <= moment) & (past > moment)
        number = np.bincount(pinned[active], minlength=len(board.staff))
        places = board.places[:, moment]
        over |= set(np.flatnonzero((places != UNKNOWN) & (number > places)).tolist())
    return sorted(over)


def least_extra(net: Network, limits: Limits) -> Extra:
    """The least extra places (whole case managers where the limit is `at_most` heads), by site.

    An extra case manager has every skill and stays from the first day to the horizon; with
    `same_site` each takes students of one site only. The pins must fit (see `overpinned`).
    """
    # Where both limits hold, a full-time person takes as many as the stricter one allows.
    most = limits.of_person(Fraction(1)) if limits.at_most else None
    filled = _filled(net, most if limits.per_staff is None and most else 1)
    names = [net.board.sites[n] if n != NOBODY else ANYWHERE for n in filled.sites]
    heads = {name: int(n) for name, n in zip(names, filled.heads, strict=True) if n}
    people = {name: -(-n // most) for name, n in heads.items()} if most else {}
    kinds = net.groups.kinds[filled.pool]
    peaks = [int(filled.left[_on(kinds, m)].sum()) for m in net.moments]
    for moment in sorted(range(len(peaks)), key=lambda m: (-peaks[m], m)):
        short = _proofs(net, moment) if peaks[moment] else []
        if short:
            return Extra(heads, people, tuple(short))
    return Extra(heads, people, ())


def _on(kinds: np.ndarray, moment: int) -> np.ndarray:
    """Which kinds of student are there on a moment."""
    return (kinds[:, 2] <= moment) & (kinds[:, 3] > moment)


def _filled(net: Network, unit: int) -> _Filled:
    """The flow with extra case managers at the sites: the fewest, of so many heads each; then the
    fewest heads; then the fewest students with them."""
    site = net.groups.kinds[:, 0]
    own = np.unique(site[site != NOBODY]) if net.board.settings.same_site else site[:0]
    own = own if len(own) else np.array([NOBODY])
    loose = np.flatnonzero(net.free)
    fits = (site[loose][:, None] == own) | (site[loose] == NOBODY)[:, None] | (own == NOBODY)
    row, hire = np.nonzero(fits)
    pool = loose[row]
    known = net.problem()
    width, height, sites = len(known.lower), len(known.row_lower), len(own)
    left = width + np.arange(len(pool))
    heads = width + len(pool) + np.arange(sites)
    people = heads + sites
    # Each pool may leave some students to the extra ones; on no moment more than their heads.
    rows = [np.repeat(np.arange(height), np.diff(known.starts)), pool]
    columns = [known.index, left]
    values = [known.values, np.ones(len(pool))]
    for number, moment in enumerate(net.moments):
        there = _on(net.groups.kinds[pool], moment)
        rows += [height + number * sites + hire[there], height + number * sites + np.arange(sites)]
        columns += [left[there], heads]
        values += [np.ones(int(there.sum())), -np.ones(sites)]
    end = height + len(net.moments) * sites
    rows += [end + np.arange(sites)] * 2
    columns += [heads, people]
    values += [np.ones(sites), np.full(sites, -float(unit))]
    none, new = np.zeros(end + sites - height), len(pool) + 2 * sites
    problem = Problem.of(
        (
            np.r_[known.lower, np.zeros(new)],
            np.r_[known.upper, np.full(new, float(net.groups.size.sum()))],
        ),
        np.concatenate(rows),
        np.concatenate(columns),
        np.concatenate(values),
        (np.r_[known.row_lower, none - np.inf], np.r_[known.row_upper, none]),
    )
    costs = np.zeros((3, width + new))
    for stage, which in enumerate((people, heads, left)):
        costs[stage, which] = 1
    x = lexicographic(problem, list(costs), whole=True).x
    return _Filled(own, x[heads], pool, x[left], x[:width])


def _proofs(net: Network, moment: int) -> list[Shortage]:
    """Each set of students with too few places on one moment, found from those left over.

    Who is left over could be with some people, who are all full; whoever is with these could be
    with some others; and so on until nobody new is reached. All places of those reached are taken
    by students who were reached, and some are left: more students than places. It is counted here
    and not believed.
    """
    groups = net.groups
    there = _on(groups.kinds, moment)[groups.pool]
    today = Network(
        net.board, replace(groups, size=np.where(there, groups.size, 0)), np.array([moment])
    )
    filled = _filled(today, 1)
    places = net.board.places[:, moment]
    found: dict[tuple, Shortage] = {}
    for pool in np.unique(filled.pool[filled.left > 0]):
        reached, full = _reached(today, filled.x, int(pool))
        students, room = int(today.groups.size[reached].sum()), int(places[full].sum())
        counted = (places[full] != UNKNOWN).all() and _closed(today, reached, full)
        if counted and room < students:
            kinds = groups.kinds[groups.pool[reached & (today.groups.size > 0)]]
            sites = [net.board.sites[n] for n in np.unique(kinds[:, 0]) if n != NOBODY]
            needs = [net.board.needs[n] for n in np.unique(kinds[:, 1]) if n != NOBODY]
            needs = needs if (kinds[:, 1] != NOBODY).all() else []
            sites = sites if (kinds[:, 0] != NOBODY).all() else []
            staff = tuple(names_of(net.board, np.flatnonzero(full & (places > 0))))
            day = net.board.moments[moment]
            one = Shortage(day, students, room, staff, tuple(sites), tuple(needs))
            found[one.staff, one.sites, one.needs] = one
    return list(found.values())


def _closed(net: Network, reached: np.ndarray, full: np.ndarray) -> bool:
    """Whether none of these groups may be with anybody but these case managers."""
    groups = net.groups
    asked = np.unique(groups.pool[reached & ~groups.pinned])
    others = net.board.may(*groups.kinds[asked].T).any(axis=1) & ~full
    stays = groups.stays[reached]
    return not others.any() and bool(full[stays[stays != NOBODY]].all())


def _reached(net: Network, x: np.ndarray, start: int) -> tuple[np.ndarray, np.ndarray]:
    """The groups and case managers that are reached from a pool with somebody left over."""
    groups, (pool, person) = net.groups, net.take
    stayed, taken = x[: len(net.stay)], x[len(net.stay) : len(net.stay) + len(pool)]
    home, own = net.stay, groups.stays[net.stay]
    gone = ~groups.pinned & (groups.size > 0)
    gone[home] &= stayed < groups.size[home]
    pools = np.arange(len(net.free)) == start
    students = np.zeros(len(groups.size), dtype=bool)
    staff = np.zeros(len(net.board.staff), dtype=bool)
    before = -1
    while (now := int(pools.sum() + students.sum() + staff.sum())) != before:
        before = now
        students |= gone & pools[groups.pool]
        pools[groups.pool[students & ~groups.pinned]] = True
        staff[person[pools[pool]]] = True
        staff[own[students[home]]] = True
        students[home[(stayed > 0) & staff[own]]] = True
        pools[pool[(taken > 0) & staff[person]]] = True
    return students, staff
