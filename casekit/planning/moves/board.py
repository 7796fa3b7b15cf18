"""Who has whom, and how many places each case manager has: what moves and placings are made on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from casekit.calendars import DAY, Days
from casekit.caseload import Caseload, merge_stretches
from casekit.kinds.staffing import cases_of, heads
from casekit.phrases import date
from casekit.planning.moves.employed import NOBODY, UNKNOWN, employment, managers, rows_of
from casekit.planning.moves.pairs import codes, enrolled, held_by_day, pairs_of
from casekit.planning.outlook import Outlook
from casekit.planning.settings import PlanningError, Settings


@dataclass(frozen=True)
class Board:
    """Students and case managers of one program, from a day to the horizon, as arrays.

    Only moments count: the open days on which students start, places become fewer, or somebody
    comes or goes. Between two of them no load rises and no place is lost.

    moments    the open days that count (datetime64[D]).
    students   a row per stretch of enrolment: student_id, site, need (codes), first, past (the
               moments from first to before past are theirs), present (their case manager's row
               in `staff`, NOBODY), pinned (the same).
    staff      a row per case manager, in order of id: staff_id, site, leaves (their last day, FAR:
               none known).
    has        staff x needs: who has the certificate or the field that is needed.
    employed   staff x moments.
    limit      staff x moments: heads allowed, UNKNOWN where it cannot be told.
    elsewhere  staff x moments: heads that they have through other programs.
    heads      staff x moments: heads, in any program, if everybody stayed where they are.
    doubled    students with two case managers on the first moment.
    """

    moments: np.ndarray
    students: pd.DataFrame
    staff: pd.DataFrame
    sites: list[str]
    needs: list[str]
    has: np.ndarray
    employed: np.ndarray
    limit: np.ndarray
    elsewhere: np.ndarray
    heads: np.ndarray
    doubled: int
    unused_pins: int
    settings: Settings

    @cached_property
    def places(self) -> np.ndarray:
        """Staff x moments: heads of this program that each may have; UNKNOWN as in `limit`."""
        left = np.maximum(self.limit - self.elsewhere, 0)
        return np.where(self.limit == UNKNOWN, UNKNOWN, left)

    def there(self, first: np.ndarray, past: np.ndarray) -> np.ndarray:
        """Staff x windows: employed on every moment of each window."""
        return _every(self.employed, first, past)

    def may(
        self, site: np.ndarray, need: np.ndarray, first: np.ndarray, past: np.ndarray
    ) -> np.ndarray:
        """Staff x kinds of student: who may receive a student of this kind, places apart."""
        able = self.there(first, past) & _every(self.limit != UNKNOWN, first, past)
        able &= np.c_[self.has, np.ones(len(self.staff), dtype=bool)][:, need]
        if self.settings.same_site:
            own = self.staff["site"].to_numpy()[:, None]
            able &= (own == site) | (own == NOBODY) | (site == NOBODY)
        return able

    def travel(self, site: np.ndarray, who: np.ndarray) -> np.ndarray:
        """Minutes from case managers to sites, pair by pair; 0 at one site or an unknown one."""
        return self._minutes[site, self.staff["site"].to_numpy()[who]]

    @cached_property
    def _minutes(self) -> np.ndarray:
        """Site x site, the last of them unknown."""
        table = np.full((len(self.sites) + 1,) * 2, float(self.settings.travel_minutes))
        place = {name: n for n, name in enumerate(self.sites)}
        for pair, minutes in self.settings.distances.items():
            a, _, b = pair.partition("|")
            if a.strip() in place and b.strip() in place:
                one, other = place[a.strip()], place[b.strip()]
                table[one, other] = table[other, one] = float(minutes)
        np.fill_diagonal(table, 0)
        table[-1, :] = table[:, -1] = 0
        return table


def _every(facts: np.ndarray, first: np.ndarray, past: np.ndarray) -> np.ndarray:
    """Rows x windows: whether a fact (rows x moments) holds on every moment of each window."""
    sums = np.c_[np.zeros(len(facts), dtype=int), np.cumsum(facts, axis=1)]
    return sums[:, past] - sums[:, first] == past - first


def board(outlook: Outlook, on: Days | None = None) -> Board:
    """The board of a program from a day (the day after as_of) to the outlook's horizon.

    Raises PlanningError where no open day lies between, and for pins that cannot be.
    """
    first = outlook.span.as_of + DAY if on is None else np.datetime64(on, "D")
    open_days = outlook.span.calendar.open_in(first, outlook.span.until)
    if not len(open_days):
        raise PlanningError(
            f"{outlook.program}: no open day lies between {date(first)} and the horizon"
            f" {date(outlook.span.until)}: give a later horizon, or a calendar that reaches it"
        )
    caseload, settings = outlook.caseload, outlook.settings
    students = enrolled(caseload, outlook.program, open_days)
    rows = rows_of(caseload, outlook.program)
    pairs = pairs_of(caseload, students, *rows.seen_on(open_days[0]), open_days)
    staff, place = managers(caseload, rows, pairs.staff, open_days)
    people = len(staff["staff_id"])
    present = np.full(len(students.row), NOBODY)
    present[pairs.row[pairs.theirs]] = place[pairs.staff[pairs.theirs]]
    employed, limit = employment(outlook.limits, rows, place, open_days, people)
    elsewhere = _elsewhere(caseload, outlook.program, place, open_days, people)
    table = caseload.tables["students"]
    needs, need, has = _skills(settings, table["designation"], staff)
    site = table["site_id"].to_numpy(dtype=object)[students.row]
    sites, at = _codes(site, staff["site_id"])
    names = table["student_id"].cat.categories.to_numpy(dtype=object)[students.student]
    pinned, unused = _pins(outlook, names, staff["staff_id"])
    places = np.where(limit == UNKNOWN, -1, limit - elsewhere)
    moments = _moments(students.begin, employed, places)
    held = held_by_day(pairs, place, people, len(open_days))
    made = Board(
        open_days[moments],
        pd.DataFrame(
            {
                "student_id": names,
                "site": at[: len(site)],
                "need": need[students.row],
                "first": np.searchsorted(moments, students.begin),
                "past": np.searchsorted(moments, students.end),
                "present": present,
                "pinned": pinned,
            }
        ),
        pd.DataFrame(
            {"staff_id": staff["staff_id"], "site": at[len(site) :], "leaves": staff["leaves"]}
        ),
        sites,
        needs,
        has,
        employed[:, moments],
        limit[:, moments],
        elsewhere[:, moments],
        (held + elsewhere)[:, moments],
        pairs.doubled,
        unused,
        settings,
    )
    _check_pins(outlook.program, made)
    return made


def _elsewhere(
    caseload: Caseload, program: str, place: np.ndarray, open_days: np.ndarray, people: int
) -> np.ndarray:
    """Staff x open days: students of each who are enrolled in other programs and not in this."""
    found = np.zeros((people, len(open_days)), dtype=int)
    students, assigned = caseload.tables["students"], caseload.tables["assignments"]
    away = np.flatnonzero(students["program_id"] != program)
    if not len(away):
        return found
    other = np.zeros(len(students["student_id"].cat.categories) + 1, dtype=bool)
    other[codes(students["student_id"])[away]] = True
    who = codes(assigned["staff_id"])[other[codes(assigned["student_id"])]]
    names = assigned["staff_id"].cat.categories
    for person in np.unique(who[place[who] != NOBODY]).tolist():
        cases = cases_of(caseload, names[person])
        here = merge_stretches(cases[cases["program_id"] == program], ["student_id"])
        everywhere = merge_stretches(cases, ["student_id"])
        found[place[person]] = heads(everywhere, open_days) - heads(here, open_days)
    return found


def _skills(
    settings: Settings, designation: pd.Series, staff: dict[str, np.ndarray]
) -> tuple[list[str], np.ndarray, np.ndarray]:
    """The certificates and fields that are needed, which of them each designation needs (NOBODY:
    none), and who has them (staff x needs)."""
    needs = sorted(set(settings.skills.values()))
    code, names = pd.factorize(designation)
    asked = [settings.skills.get(name) for name in names]
    need = np.array([needs.index(one) if one else NOBODY for one in asked] + [NOBODY])[code]
    has = np.zeros((len(staff["staff_id"]), len(needs)), dtype=bool)
    columns = zip(staff["certificates"], staff["degree_field"], strict=True)
    for row, (certificates, field) in enumerate(columns):
        own = set() if pd.isna(certificates) else {c.strip() for c in str(certificates).split(";")}
        has[row] = [one in own or one == field for one in needs]
    return needs, need, has


def _codes(*columns: np.ndarray) -> tuple[list[str], np.ndarray]:
    """One code for each site in order of name, -1 where it is empty."""
    found, names = pd.factorize(np.concatenate(columns), sort=True)
    return [str(name) for name in names], found


def _moments(begin: np.ndarray, employed: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The open days on which a load may rise, places become fewer, or somebody comes or goes."""
    fewer = (np.diff(places, axis=1) < 0) | (employed[:, 1:] != employed[:, :-1])
    # To know nothing of a time and then to know it, or the reverse, is a change as well.
    fewer |= (places[:, 1:] < 0) != (places[:, :-1] < 0)
    falls = np.flatnonzero(fewer.any(axis=0)) + 1
    return np.unique(np.concatenate([[0], begin, falls]).astype(int))


def _pins(outlook: Outlook, students: np.ndarray, staff: np.ndarray) -> tuple[np.ndarray, int]:
    """The person whom each student is pinned to, and how many pins are about nobody here."""
    pins, tables = outlook.settings.pinned, outlook.caseload.tables
    pinned = np.full(len(students), NOBODY)
    if not pins:
        return pinned, 0
    pupils = set(tables["students"]["student_id"].astype(str))
    people = set(tables["staff"]["staff_id"].astype(str))
    place = {name: row for row, name in enumerate(staff)}
    unused, seen = 0, dict[str, str]()
    for number, (student, person) in enumerate(pins, 1):
        where = f"{outlook.program}: pin {number} of {len(pins)} (to {person})"
        if student not in pupils or person not in people:
            what = f"staff_id {person}" if person not in people else "its student_id"
            raise PlanningError(f"{where}: {what} is not in the data: mend it, or take the pin out")
        if seen.setdefault(student, person) != person:
            raise PlanningError(f"{where}: its student is pinned to two people: keep one pin")
        mine = students == student
        unused += not mine.any()
        if mine.any() and person not in place:
            raise PlanningError(_not_there(where))
        pinned[mine] = place.get(person, NOBODY)
    return pinned, unused


def _not_there(where: str) -> str:
    return (
        f"{where}: that person is not a case manager here on every open day of the student's"
        " time: pin somebody who is, or take the pin out"
    )


def _check_pins(program: str, made: Board) -> None:
    rows = made.students
    pinned, first, past = (rows[name].to_numpy() for name in ("pinned", "first", "past"))
    who = np.flatnonzero(pinned != NOBODY)
    if not len(who):
        return
    there = made.there(first[who], past[who])[pinned[who], np.arange(len(who))]
    for person in pinned[who][~there][:1]:
        raise PlanningError(_not_there(f"{program}: a pin to {made.staff['staff_id'][person]}"))


def names_of(board: Board, which: Sequence[int] | np.ndarray) -> list[str]:
    """The staff ids of some rows of `staff`, in order."""
    return [str(board.staff["staff_id"][n]) for n in which]
