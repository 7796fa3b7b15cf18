"""Reassignment the slow and obvious way: every assignment of every student, day by day."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import product

import numpy as np
from hypothesis import strategies as st
from oracle import World
from random_worlds import frames

from casekit.calendars import day
from casekit.kinds.rows import Span
from casekit.planning.limits import Limits
from casekit.planning.moves.solver import Problem, lexicographic
from casekit.planning.outlook import Outlook
from casekit.planning.settings import Settings

# Four weeks of school from Monday 2 March; planned on Tuesday 3 March, so from Wednesday the 4th.
STAFF = "staff_id program_id site_id fte case_management_share start_date end_date certificates"
STUDENTS = "student_id program_id site_id designation enrollment_start enrollment_end"
ASSIGNMENTS = "student_id staff_id start_date end_date"
FIRST, LAST = date(2026, 3, 4), date(2026, 3, 27)
DAYS = [d for n in range(24) if (d := FIRST + timedelta(days=n)).weekday() < 5]


@dataclass(frozen=True)
class Small:
    """A few students and case managers: rows as dicts of text, and settings."""

    staff: list[dict[str, str]]
    students: list[dict[str, str]]
    assignments: list[dict[str, str]]
    settings: dict
    others: tuple[str, ...] = ()

    @property
    def outlook(self) -> Outlook:
        """Made without reading: many a second."""
        programs = [{"program_id": name, "calendar_id": "c1"} for name in ("p1", *self.others)]
        year = {"kind": "school_year", "start_date": "2026-03-02", "end_date": "2026-03-27"}
        rows = {
            "programs": programs,
            "calendar": [{"calendar_id": "c1", **year}],
            "staff": [
                row | {name: float(row[name] or "nan") for name in ("fte", "case_management_share")}
                for row in self.staff
            ],
            "students": self.students,
            "assignments": self.assignments,
        }
        columns = {"staff": STAFF, "students": STUDENTS, "assignments": ASSIGNMENTS}
        filled = {
            name: [{key: cell for key, cell in row.items() if cell != ""} for row in table]
            for name, table in rows.items()
        }
        caseload = frames(
            World({name: text.split() for name, text in columns.items()}, filled, FIRST, FIRST)
        )
        as_of, until = day("2026-03-03"), day(LAST)
        settings = Settings(**self.settings)
        ratio = settings.per_staff
        return Outlook(
            "p1",
            caseload,
            Span(caseload.calendars["c1"], ("p1",), as_of, as_of, until),
            Limits(None if ratio is None else Fraction(ratio), settings.at_most),
            settings,
            np.datetime64("NaT", "D"),
        )

    @property
    def people(self) -> list[str]:
        return sorted({row["staff_id"] for row in self.staff})

    def pupils(self) -> list[dict[str, str]]:
        return [row for row in self.students if self.window(row)]

    def window(self, student: dict[str, str]) -> list[date]:
        """The open days that a student is there."""
        begin = date.fromisoformat(student["enrollment_start"])
        end = date.fromisoformat(student.get("enrollment_end") or "2099-01-01")
        return [d for d in DAYS if begin <= d <= end]

    def row(self, person: str, on: date) -> dict[str, str] | None:
        for row in self.staff:
            end = date.fromisoformat(row.get("end_date") or "2099-01-01")
            if row["staff_id"] == person and date.fromisoformat(row["start_date"]) <= on <= end:
                return row
        return None

    def limit(self, person: str, on: date) -> int | None:
        row = self.row(person, on)
        cells = [row["fte"], row["case_management_share"]]
        most, ratio = self.settings.get("at_most"), self.settings.get("per_staff")
        if "0" in cells:
            return 0
        if ratio is None:
            return most
        if "" in cells:
            return None
        own = math.floor(ratio * Fraction(cells[0]) * Fraction(cells[1]))
        return own if most is None else min(own, most)

    def present(self, student: dict[str, str]) -> str:
        for row in self.assignments:
            if row["student_id"] == student["student_id"]:
                return row["staff_id"]
        return ""

    def site(self, person: str) -> str:
        row = next((r for d in DAYS if (r := self.row(person, d))), None)
        return row.get("site_id", "") if row else ""

    def travel(self, student: dict[str, str], person: str) -> Fraction:
        pair = student.get("site_id", ""), self.site(person)
        if "" in pair or pair[0] == pair[1]:
            return Fraction(0)
        for key in ("|".join(pair), "|".join(reversed(pair))):
            if key in self.settings.get("distances", {}):
                return Fraction(str(self.settings["distances"][key]))
        return Fraction(20)

    def may(self, student: dict[str, str], person: str) -> bool:
        """Whether the pair may be, places apart."""
        window = self.window(student)
        if not all(self.row(person, d) for d in window):
            return False
        pinned = dict(self.settings.get("pinned", ())).get(student["student_id"])
        if pinned:
            return person == pinned
        if person == self.present(student):
            return True
        need = self.settings.get("skills", {}).get(student.get("designation", ""))
        if need and need not in self.row(person, window[0]).get("certificates", "").split(";"):
            return False
        if None in [self.limit(person, d) for d in window]:
            return False
        sites = {student.get("site_id", ""), self.site(person)}
        return "" in sites or len(sites) == 1 or not self.settings.get("same_site", True)

    @cached_property
    def there(self) -> list[list[int]]:
        """Of each open day the students who are there, by their place in pupils()."""
        windows = [self.window(s) for s in self.pupils()]
        return [[n for n, window in enumerate(windows) if d in window] for d in DAYS]

    @cached_property
    def most(self) -> list[dict[str, int]]:
        """Of each open day the limits that are known."""
        every = [{p: self.limit(p, d) for p in self.people if self.row(p, d)} for d in DAYS]
        return [{p: n for p, n in day.items() if n is not None} for day in every]

    def keeps(self, chosen: tuple[str, ...]) -> bool:
        """Whether nobody is over on any day."""
        for there, most in zip(self.there, self.most, strict=True):
            mine = [chosen[n] for n in there]
            if any(mine.count(person) > n for person, n in most.items()):
                return False
        return True

    def cost(self, chosen: tuple[str, ...]) -> tuple[int, Fraction, Fraction]:
        """Moves, travel, and how uneven the first day is."""
        pairs = list(zip(self.pupils(), chosen, strict=True))
        moves = sum(self.present(s) not in ("", p) for s, p in pairs)
        heads = Counter(chosen[n] for n in self.there[0])
        uneven = sum(
            (Fraction(heads[p] ** 2, most) for p, most in self.most[0].items() if most),
            Fraction(0),
        )
        return moves, sum((self.travel(s, p) for s, p in pairs), Fraction(0)), uneven

    def best(self) -> tuple[int, Fraction, Fraction] | None:
        """The least of all assignments that keep to the limits; None where none does."""
        options = [[p for p in self.people if self.may(s, p)] for s in self.pupils()]
        every = (chosen for chosen in product(*options) if self.keeps(chosen))
        return min(map(self.cost, every), default=None)

    def least_extra(self) -> int:
        """The fewest extra heads (people, where at_most limits), at sites if same_site."""
        pupils = self.pupils()
        sites = {s.get("site_id", "") for s in pupils} - {""}
        apart = self.settings.get("same_site", True) and sites
        pinned = dict(self.settings.get("pinned", ()))
        options = []
        for s in pupils:
            own = {s["site_id"]} if s.get("site_id") else sites
            new = [f"+{site}" for site in sorted(own)] if apart else ["+"]
            mine = [p for p in self.people if self.may(s, p)]
            options.append(mine if s["student_id"] in pinned else mine + new)
        return min(self.extra(chosen) for chosen in product(*options) if self.keeps(chosen))

    def extra(self, chosen: tuple[str, ...]) -> int:
        peaks: Counter[str] = Counter()
        for there in self.there:
            for new, n in Counter(chosen[n] for n in there).items():
                if new.startswith("+"):
                    peaks[new] = max(peaks[new], n)
        unit = self.settings.get("at_most") if "per_staff" not in self.settings else 1
        return sum(-(-n // unit) for n in peaks.values())

    def plain(self) -> tuple[float, ...] | None:
        """The least moves, travel and unevenness by a yes or no for each student and person."""
        pupils = self.pupils()
        pairs = [(i, p) for i, s in enumerate(pupils) for p in self.people if self.may(s, p)]
        rows = [
            ([n for n, (i, _) in enumerate(pairs) if i == one], 1, 1) for one in range(len(pupils))
        ]
        steps = []
        for person in self.people:
            for there, limits in zip(self.there, self.most, strict=True):
                mine = [n for n, (i, p) in enumerate(pairs) if p == person and i in there]
                most = limits.get(person)
                if mine and most is not None:
                    rows.append((mine, 0, most))
                if mine and there is self.there[0] and most:
                    first = len(pairs) + len(steps)
                    steps += [Fraction(2 * k - 1, most) for k in range(1, len(mine) + 1)]
                    rows.append((mine + [-n for n in range(first, len(pairs) + len(steps))], 0, 0))
        costs = np.zeros((3, len(pairs) + len(steps)))
        for n, (i, p) in enumerate(pairs):
            costs[0, n] = self.present(pupils[i]) not in ("", p)
            costs[1, n] = self.travel(pupils[i], p)
        costs[2, len(pairs) :] = [float(step) for step in steps]
        row = np.repeat(np.arange(len(rows)), [len(columns) for columns, _, _ in rows])
        column = np.array([c for columns, _, _ in rows for c in columns], dtype=int)
        problem = Problem.of(
            (np.zeros(costs.shape[1]), np.ones(costs.shape[1])),
            row,
            np.abs(column),
            np.where(column < 0, -1, 1),
            tuple(np.array([r[n] for r in rows], dtype=float) for n in (1, 2)),
        )
        found = lexicographic(problem, list(costs), whole=True, relax=False)
        return found.objectives if found else None


def outlook_of(
    staff: str, students: str, assignments: str = "", *, others: str = "", **settings: object
) -> Outlook:
    """Program p1 as it is planned on 3 March up to 27 March; rows as in STAFF and so on.

    Its standard has no limit on staffing: settings give small ones. `others`: more programs.
    """

    def rows(text: str, names: str) -> list[dict[str, str]]:
        cells = [line.split(",") for line in text.splitlines()]
        return [dict(zip(names.split(), row, strict=False)) for row in cells]

    tables = rows(staff, STAFF), rows(students, STUDENTS), rows(assignments, ASSIGNMENTS)
    return Small(*tables, settings, tuple(others.split())).outlook


SITES = st.sampled_from(["n", "n", "x", ""])
PAST = "2026-01-05"
LATER = st.sampled_from(["2026-03-04", "2026-03-09", "2026-03-16", "2026-03-21"])
ENDS = st.sampled_from(["", "", "", "2026-03-06", "2026-03-13", "2026-03-18", "2026-02-20"])


@st.composite
def smalls(draw: st.DrawFn, pupils: int = 8, people: int = 3) -> Small:
    """Up to so many students and people, dense in sites, skills, pins, starts and ends."""
    staff = [
        {
            "staff_id": f"t{n}",
            "program_id": "p1",
            "site_id": draw(SITES),
            "fte": draw(st.sampled_from(["1", "1", "0.5", "0.8", ""])),
            "case_management_share": draw(st.sampled_from(["1", "1", "0.5", "0"])),
            "start_date": draw(st.one_of(st.just(PAST), st.just(PAST), LATER)),
            "certificates": draw(st.sampled_from(["none", "cert", "other;cert"])),
        }
        for n in range(draw(st.integers(1, people)))
    ]
    for row in staff:
        row["end_date"] = draw(ENDS) if row["start_date"] == PAST else ""
    names = [row["staff_id"] for row in staff]
    students, assignments = [], []
    for n in range(draw(st.integers(1, pupils))):
        start = draw(st.one_of(st.just(PAST), st.just(PAST), LATER))
        end = draw(ENDS) if start == PAST else draw(st.sampled_from(["", "2026-03-25"]))
        students.append(
            {
                "student_id": f"s{n}",
                "program_id": "p1",
                "site_id": draw(SITES),
                "designation": draw(st.sampled_from(["", "", "D"])),
                "enrollment_start": start,
                "enrollment_end": end,
            }
        )
        whom = draw(st.sampled_from([*names, *names, None]))
        if whom:
            assignments.append({"student_id": f"s{n}", "staff_id": whom, "start_date": PAST})
    settings: dict = {"same_site": draw(st.booleans())}
    if draw(st.booleans()):
        settings["at_most"] = draw(st.integers(1, max(2, pupils // 2)))
    if draw(st.booleans()) or len(settings) == 1:
        settings["per_staff"] = draw(st.integers(1, max(2, pupils)))
    settings["skills"] = draw(st.sampled_from([{}, {"D": "cert"}]))
    settings["distances"] = draw(st.sampled_from([{}, {"x|n": 7.5}]))
    if draw(st.sampled_from([False, False, True])):
        settings["pinned"] = (("s0", draw(st.sampled_from(names))),)
    return Small(staff, students, assignments, settings)
