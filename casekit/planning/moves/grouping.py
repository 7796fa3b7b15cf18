"""Reassignment as a flow: alike students as one number, from where they are to where they may be.

Students who are alike for every case manager (site, need, time) share a pool; those of a pool who
have the same case manager today are a group. A group's students stay, or go through their pool to
somebody who may take them. So the problem grows with the groups and not with the students.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from casekit.planning.moves.board import NOBODY, UNKNOWN, Board
from casekit.planning.moves.solver import Problem, Solution, lexicographic


@dataclass(frozen=True)
class Groups:
    """The students of a board, counted.

    group      each student's group; `size` the students of each group.
    pool       each group's pool; `kinds` the pools' site, need, first and past (columns).
    present    each group's case manager today, NOBODY where there is none.
    stays      each group's case manager where it does not go through its pool: the one of today,
               where that can last, or the one it is pinned to; NOBODY where neither is.
    pinned     groups that must go there.
    """

    group: np.ndarray
    size: np.ndarray
    pool: np.ndarray
    kinds: np.ndarray
    present: np.ndarray
    stays: np.ndarray
    pinned: np.ndarray

    @classmethod
    def of(cls, board: Board) -> Groups:
        names = ["site", "need", "first", "past", "present", "pinned"]
        rows = np.column_stack([board.students[name].to_numpy() for name in names])
        kinds, pool = alike(rows[:, :4])
        groups, group = alike(np.c_[pool, rows[:, 4:]])
        mine, present, pin = groups.T
        lasts = present != NOBODY
        there = board.there(kinds[:, 2], kinds[:, 3])
        lasts[lasts] = there[present[lasts], mine[lasts]]
        stays = np.where(pin != NOBODY, pin, np.where(lasts, present, NOBODY))
        size = np.bincount(group, minlength=len(groups))
        return cls(group, size, mine, kinds, present, stays, pin != NOBODY)

    @property
    def windows(self) -> tuple[np.ndarray, np.ndarray]:
        """The first moment of each group, and the one past its last."""
        return self.kinds[self.pool, 2], self.kinds[self.pool, 3]


def alike(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows that differ, in order, and which of them each row is."""
    key = np.zeros(len(rows), dtype=np.int64)
    for column in rows.T:
        _, code = np.unique(column, return_inverse=True)
        _, key = np.unique(key * (int(code.max(initial=0)) + 1) + code, return_inverse=True)
    first = np.zeros(int(key.max(initial=-1)) + 1, dtype=np.int64)
    first[key[::-1]] = np.arange(len(rows))[::-1]
    return rows[first], key


@dataclass(frozen=True)
class Network:
    """The columns of the flow, in three parts that follow each other, and its rows.

    stay    groups that have somebody to stay with (or are pinned): how many do.
    take    pairs of a pool and a case manager who may receive from it: how many go.
    step    the heads of each case manager on the first moment, one by one: the cost of being
            uneven rises with each.
    """

    board: Board
    groups: Groups
    moments: np.ndarray

    @cached_property
    def stay(self) -> np.ndarray:
        return np.flatnonzero(self.groups.stays != NOBODY)

    @cached_property
    def take(self) -> tuple[np.ndarray, np.ndarray]:
        """Pool and case manager of each pair, in order."""
        may = self.board.may(*self.groups.kinds.T)
        may &= (self.free > 0)[None, :]
        person, pool = np.nonzero(may)
        order = np.lexsort((person, pool))
        return pool[order], person[order]

    @cached_property
    def free(self) -> np.ndarray:
        """How many students each pool holds who are not pinned."""
        sizes = np.where(self.groups.pinned, 0, self.groups.size)
        return np.bincount(self.groups.pool, sizes, minlength=len(self.groups.kinds)).astype(
            np.int64
        )

    @cached_property
    def arcs(self) -> tuple[np.ndarray, np.ndarray]:
        """Pool and case manager of the columns stay and take together."""
        pool, person = self.take
        mine = self.groups.pool[self.stay], self.groups.stays[self.stay]
        return np.concatenate([mine[0], pool]), np.concatenate([mine[1], person])

    @cached_property
    def step(self) -> tuple[np.ndarray, np.ndarray]:
        """Case manager and heads of each step: at most the places, or all who may come."""
        pool, person = self.arcs
        upper = self.bounds[1]
        active = self.groups.kinds[pool, 2] == 0
        most = np.bincount(person[active], upper[active], minlength=len(self.board.staff))
        places = np.where(self.board.limit[:, 0] > 0, self.board.places[:, 0], 0)
        number = np.minimum(places, most.astype(np.int64))
        who = np.repeat(np.arange(len(number)), number)
        nth = np.arange(len(who)) - np.repeat(np.cumsum(number) - number, number) + 1
        return who, nth + self.board.elsewhere[who, 0]

    @cached_property
    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Least and most of the columns stay and take."""
        size = self.groups.size[self.stay]
        least = np.where(self.groups.pinned[self.stay], size, 0)
        none = np.zeros(len(self.take[0]), dtype=np.int64)
        return np.concatenate([least, none]), np.concatenate([size, self.free[self.take[0]]])

    @property
    def costs(self) -> list[np.ndarray]:
        """What each stage counts: students who do not stay (so: minus those who do), minutes of
        travel, and heads x heads / limit on the first moment."""
        pool, person = self.arcs
        who, nth = self.step
        none = np.zeros(len(who))
        same = self.groups.stays[self.stay] == self.groups.present[self.stay]
        moves = np.concatenate([-same.astype(float), np.zeros(len(self.take[0]))])
        travel = self.board.travel(self.groups.kinds[pool, 0], person)
        uneven = (2 * nth - 1) / self.board.limit[who, 0]
        zero = np.zeros(len(pool))
        return [np.r_[moves, none], np.r_[travel, none], np.r_[zero, uneven]]

    def pooled(self) -> tuple[np.ndarray, np.ndarray]:
        """Row (pool) and column of all who leave a pool by staying or being taken."""
        loose = ~self.groups.pinned[self.stay]
        columns = np.concatenate(
            [np.flatnonzero(loose), len(self.stay) + np.arange(len(self.take[0]))]
        )
        return self.arcs[0][columns], columns

    def loads(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Row and column of the heads of each case manager on each moment, and the rows' places.

        A row is there only where somebody could be over.
        """
        pool, person = self.arcs
        upper = self.bounds[1]
        first, past = self.groups.kinds[pool, 2], self.groups.kinds[pool, 3]
        places = self.board.places
        rows, columns, most = [], [], []
        count = 0
        for moment in self.moments:
            active = np.flatnonzero((first <= moment) & (past > moment))
            could = np.bincount(person[active], upper[active], minlength=len(places))
            tight = (places[:, moment] != UNKNOWN) & (could > places[:, moment])
            number = np.cumsum(tight) - 1 + count
            active = active[tight[person[active]]]
            rows.append(number[person[active]])
            columns.append(active)
            most.append(places[tight, moment])
            count += int(tight.sum())
        return np.concatenate(rows), np.concatenate(columns), np.concatenate(most)

    def problem(self) -> Problem:
        """Every pool leaves, nobody has more than their places; the steps add up to the heads."""
        pool, person = self.arcs
        who, _ = self.step
        pools, arcs = len(self.free), len(pool)
        left, leaver = self.pooled()
        load, taken, most = self.loads()
        counted, step = np.unique(who, return_inverse=True)
        today = np.flatnonzero((self.groups.kinds[pool, 2] == 0) & np.isin(person, counted))
        base = pools + len(most)
        rows = [left, pools + load, base + np.searchsorted(counted, person[today]), base + step]
        columns = [leaver, taken, today, arcs + np.arange(len(who))]
        values = np.ones(sum(map(len, rows)))
        values[len(values) - len(who) :] = -1
        (lower, upper), zero = self.bounds, np.zeros(len(counted))
        return Problem.of(
            (np.r_[lower, np.zeros(len(who))], np.r_[upper, np.ones(len(who))]),
            np.concatenate(rows),
            np.concatenate(columns),
            values,
            (np.r_[self.free, np.full(len(most), -np.inf), zero], np.r_[self.free, most, zero]),
        )

    def solve(self) -> Solution:
        return lexicographic(self.problem(), self.costs, whole=True)

    def spread(self, x: np.ndarray) -> np.ndarray:
        """Each student's case manager: of a group the first by id stay, the others go in order."""
        groups = self.groups
        stay = np.zeros(len(groups.size), dtype=np.int64)
        stay[self.stay] = x[: len(self.stay)]
        student = self.board.students["student_id"].to_numpy().astype(str)
        order = np.lexsort((student, groups.group))
        mine = groups.group[order]
        nth = np.arange(len(order)) - np.searchsorted(mine, mine)
        stays = nth < stay[mine]
        found = np.full(len(order), NOBODY)
        found[order[stays]] = groups.stays[mine[stays]]
        goes = order[~stays]
        goes = goes[np.lexsort((student[goes], groups.pool[groups.group[goes]]))]
        taken = x[len(self.stay) : len(self.stay) + len(self.take[0])]
        found[goes] = np.repeat(self.take[1], taken)
        return found


def network(board: Board) -> Network:
    """The whole flow of a board."""
    return Network(board, Groups.of(board), np.arange(len(board.moments)))
