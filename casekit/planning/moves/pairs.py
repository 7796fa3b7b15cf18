"""Who is enrolled from a day on, and who has whom, on a run of open days.

Everybody is a code here: the place of an id among the categories of its column.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from casekit.caseload import FAR, Caseload, days


@dataclass(frozen=True)
class Enrolled:
    """Stretches of enrolment with an open day ahead, in order of `student` (a code).

    begin, end   places in the open days; the end is not included.
    row          the row of `students` that is in force at the beginning.
    """

    student: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    row: np.ndarray


def enrolled(caseload: Caseload, program: str, open_days: np.ndarray) -> Enrolled:
    """A program's students from the first of these days to the last."""
    found = caseload.enrolments([program])
    begin = np.searchsorted(open_days, days(found["start"]))
    end = np.searchsorted(open_days, days(found["end"]), side="right")
    code = codes(found["student_id"])
    kept = begin < end
    begin, end, code = begin[kept], end[kept], code[kept]
    rows = caseload.tables["students"]
    here = np.flatnonzero(rows["program_id"] == program)
    # The last row that began by then: one key of person and day, in order.
    far = int(FAR.astype(np.int64)) + 1
    own = codes(rows["student_id"])[here] * far
    own += days(rows["enrollment_start"])[here].astype(np.int64)
    order = np.argsort(own, kind="stable")
    asked = code * far + open_days[begin].astype(int)
    last = order[np.searchsorted(own[order], asked, side="right") - 1]
    return Enrolled(code, begin, end, here[last])


def codes(column: pd.Series) -> np.ndarray:
    """Each row's place among the column's categories; -1 where it is empty."""
    return column.cat.codes.to_numpy().astype(np.int64)


def in_order(column: pd.Series) -> np.ndarray:
    """Each category's place in the order of names; one more, -1, for an empty cell."""
    place = np.empty(len(column.cat.categories) + 1, dtype=np.int64)
    place[np.argsort(column.cat.categories.to_numpy(dtype=object))] = np.arange(len(place) - 1)
    place[-1] = -1
    return place


@dataclass(frozen=True)
class Pairs:
    """Students with their case managers, in order of student; the one who is theirs comes first.

    row     of the student in Enrolled; `staff` the case manager's code.
    begin, end   as the student's; `to` is where the assignment ends.
    when    0: on the first open day, 1: when the student starts, 2: later.
    doubled   how many students have two case managers on the first day, or when they start.
    """

    row: np.ndarray
    staff: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    to: np.ndarray
    when: np.ndarray
    doubled: int

    @property
    def theirs(self) -> np.ndarray:
        """Which pairs are the students' own: the first of each student."""
        return np.diff(self.row, prepend=-1) != 0


def pairs_of(
    caseload: Caseload, students: Enrolled, staff: np.ndarray, here: np.ndarray, on: np.ndarray
) -> Pairs:
    """The pairs of these students on some open days.

    Only people who have a row in the program's staff table (`staff`: whether, for each code) can be
    somebody's; who is not employed on the first day (`here`) only where nobody else is.
    """
    table = caseload.tables["assignments"]
    first, past = days(table["start_date"]), days(table["end_date"], FAR)
    since, who, whom = first.astype(np.int64), codes(table["staff_id"]), codes(table["student_id"])
    begins = np.searchsorted(on, first)
    ends = np.searchsorted(on, past, side="right")
    kept = np.flatnonzero(staff[who] & (begins < ends))
    # An assignment counts in each stretch of its student's.
    low = np.searchsorted(students.student, whom[kept])
    times = np.searchsorted(students.student, whom[kept], side="right") - low
    line = np.repeat(kept, times)
    row = np.arange(len(line)) + np.repeat(low - np.cumsum(times) + times, times)
    both = (begins[line] < students.end[row]) & (ends[line] > students.begin[row])
    line, row = line[both], row[both]
    begin = students.begin[row]
    there = begins[line] <= begin
    when = np.where(there, np.where(begin == 0, 0, 1), 2)
    left = ~here[who[line]]
    # The latest of those that stand on the day; else the first that is to come.
    latest = np.where(there, -since[line], since[line])
    name = in_order(table["staff_id"])[who[line]]
    order = np.lexsort((name, latest, left, when, row))
    line, row, when = line[order], row[order], when[order]
    now = (when < 2) & ~left[order]
    doubled = _distinct(row[now], who[line][now], len(staff))
    number = np.bincount(row[now][doubled])
    return Pairs(
        row,
        who[line],
        students.begin[row],
        students.end[row],
        ends[line],
        when,
        int((number > 1).sum()),
    )


def _distinct(row: np.ndarray, staff: np.ndarray, people: int) -> np.ndarray:
    """Where each student and case manager come together first."""
    return np.unique(row * people + staff, return_index=True)[1]


def held_by_day(pairs: Pairs, place: np.ndarray, people: int, length: int) -> np.ndarray:
    """Staff x open days: the students of the program with each; a second pair while it stands.

    `place` is the row of each code, of so many people.
    """
    theirs = pairs.theirs
    past = np.where(theirs, pairs.end, np.minimum(pairs.end, pairs.to))
    kept = np.flatnonzero(theirs | (pairs.when < 2))
    kept = kept[_distinct(pairs.row[kept], pairs.staff[kept], len(place))]
    line = place[pairs.staff[kept]] * (length + 1)
    change = np.bincount(line + pairs.begin[kept], minlength=people * (length + 1))
    change -= np.bincount(line + past[kept], minlength=people * (length + 1))
    return np.cumsum(change.reshape(people, length + 1), axis=1)[:, :-1]
