"""What changes of students do to the tables: intake, exits, moves, a site that closes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count as count_up

import numpy as np
import pandas as pd

from casekit.calendars import DAY, Calendar, Days, month_end, month_of
from casekit.caseload import FAR, days
from casekit.phrases import count, date, listing
from casekit.planning.scenarios.changes import CloseSite, Exits, Intake, Move
from casekit.planning.scenarios.draft import Draft
from casekit.planning.settings import PlanningError

# More new students than this are no plan but a slip of the pen.
MOST = 10_000


def intake(draft: Draft, change: Intake, calendar: Calendar, until: Days) -> None:
    """New students, spread over each month's open days; they stay. `until` is the horizon."""
    draft.program(change.program)
    first = draft.day(change.on)
    last = until if change.until is None else min(np.datetime64(change.until, "D"), until)
    heads = float(len(_enrolled(draft, change.program, first)))
    coming = []
    for opened, part in _months(calendar, first, last):
        more = ((change.a_month or 0.0) + heads * (change.growth or 0.0)) * part
        heads += more
        coming.append((opened, more))
    arrivals = list(_spread(coming, f"the intake of {change.program}"))
    if not arrivals:
        draft.notes.append(f"the intake of {change.program} brings nobody: no open day to come on")
    taken = set(draft.look("students")["student_id"].astype(str))
    free = (f"new-{change.program}-{number:03}" for number in count_up(1))
    names = (name for name in free if name not in taken)
    places = _Places(draft, change.program) if change.assign else None
    for name, start in zip(names, arrivals, strict=False):
        about = {"student_id": name, "student_name": "New student", "site_id": change.site}
        draft.add("students", {**about, "program_id": change.program, "enrollment_start": start})
        if places is not None and (who := places.least_full(start)):
            draft.add("assignments", {"student_id": name, "staff_id": who, "start_date": start})


def _spread(months: Iterable[tuple[np.ndarray, float]], what: str) -> Iterator[Days]:
    """The days of so many comings or goings a month, apart from one another in each month.

    Parts of one are carried into the next month. Raises PlanningError where they are too many.
    """
    due, number = 0.0, 0
    for opened, more in months:
        due += more
        whole = int(due + 1e-9)
        due, number = due - whole, number + whole
        if number > MOST:
            raise PlanningError(
                f"{what} comes to more than {count(MOST, 'student')}: give fewer a month, or a"
                " smaller growth"
            )
        for place in range(whole):
            yield opened[(2 * place + 1) * len(opened) // (2 * whole)]


def _months(calendar: Calendar, first: Days, last: Days) -> Iterator[tuple[np.ndarray, float]]:
    """Each month's open days in a stretch, and what part of all its open days they are."""
    month = month_of(first)
    while month <= last:
        whole = calendar.open_in(month, month_end(month))
        opened = whole[(whole >= first) & (whole <= last)]
        if len(opened):
            yield opened, len(opened) / len(whole)
        month = month_end(month) + DAY


class _Places:
    """Who of a program's case managers has the fewest students for their time, day by day."""

    def __init__(self, draft: Draft, program: str) -> None:
        staff = draft.look("staff")
        mine = staff[(staff["program_id"] == program) & (staff["case_management_share"] != 0)]
        mine = mine[mine["fte"] != 0]
        time = mine["fte"] * mine["case_management_share"]
        # Somebody whose time is not recorded is given nobody, unless that is so of them all.
        mine = mine[time.notna() | time.isna().all()]
        self.names = mine["staff_id"].astype(str).to_numpy()
        self.start, self.end = days(mine["start_date"]), days(mine["end_date"], FAR)
        self.time = time[mine.index].fillna(1.0).to_numpy()
        rows = draft.look("assignments")
        held = pd.DataFrame(
            {
                "staff_id": rows["staff_id"].astype(str),
                "student_id": rows["student_id"].astype(str),
                "start": days(rows["start_date"]).astype("datetime64[s]"),
                "end": days(rows["end_date"], FAR).astype("datetime64[s]"),
            }
        )
        students = draft.look("students")
        there = pd.DataFrame(
            {
                "student_id": students["student_id"].astype(str),
                "enrolled": days(students["enrollment_start"]).astype("datetime64[s]"),
                "left": days(students["enrollment_end"], FAR).astype("datetime64[s]"),
            }
        )
        both = held[held["staff_id"].isin(set(self.names))].merge(there, on="student_id")
        self.cases = {
            name: (
                np.maximum(days(part["start"]), days(part["enrolled"])),
                np.minimum(days(part["end"]), days(part["left"])),
            )
            for name, part in both.groupby("staff_id")
        }
        self.given: dict[str, int] = {}

    def least_full(self, day: Days) -> str:
        """The id of the least full one who is employed that day; empty where nobody is."""
        best, least = "", np.inf
        order = np.argsort(self.names, kind="stable")
        for place in order[(self.start[order] <= day) & (self.end[order] >= day)]:
            name = self.names[place]
            start, end = self.cases.get(name, (np.array([]), np.array([])))
            heads = int(((start <= day) & (end >= day)).sum()) if len(start) else 0
            full = (heads + self.given.get(name, 0)) / self.time[place]
            if full < least:
                best, least = name, full
        if best:
            self.given[best] = self.given.get(best, 0) + 1
        return best


def exits(draft: Draft, change: Exits, calendar: Calendar, until: Days) -> None:
    """Students leave: `on` is the last day of those named, or the first on which any leaves."""
    draft.program(change.program)
    first = draft.day(change.on)
    if change.students:
        for name in change.students:
            draft.known("students", "student_id", name, "student")
        here = _enrolled(draft, change.program, first)
        gone = here[here["student_id"].isin(change.students)]
        absent = sorted(set(change.students) - set(gone["student_id"].astype(str)))
        if absent:
            raise PlanningError(
                f"{listing(absent)} not enrolled in {change.program} on {date(first)}:"
                " give students who are"
            )
        _end(draft, gone.index, first)
        return
    last = until if change.until is None else min(np.datetime64(change.until, "D"), until)
    months = (
        (opened, (change.a_month or 0.0) * part) for opened, part in _months(calendar, first, last)
    )
    going = list(_spread(months, f"the exits of {change.program}"))
    if not going:
        draft.notes.append(f"the exits of {change.program} take nobody: no open day to leave on")
    rows = draft.rows("students")
    order = rows[rows["program_id"] == change.program]
    order = order.sort_values(["enrollment_start", "student_id"], kind="stable")
    begin, end = days(order["enrollment_start"]), days(order["enrollment_end"], FAR)
    for day in going:
        staying = np.flatnonzero((begin <= day) & (end > day))
        if not len(staying):
            draft.notes.append(f"{change.program} is empty from {date(day)}: nobody can leave")
            return
        end[staying[0]] = day
        _end(draft, order.index[staying[:1]], day)


def _end(draft: Draft, where: pd.Index, last: Days) -> None:
    draft.put("students", where, "enrollment_end", last)


def _enrolled(draft: Draft, program: str, day: Days) -> pd.DataFrame:
    rows = draft.rows("students")
    start, end = days(rows["enrollment_start"]), days(rows["enrollment_end"], FAR)
    return rows[(rows["program_id"] == program) & (start <= day) & (end >= day)]


def move(draft: Draft, change: Move) -> None:
    """Assignments that hold on the day end before it; the new one lasts as long as they would."""
    draft.known("staff", "staff_id", change.to, "to")
    first = draft.day(change.on)
    staff = draft.look("staff")
    mine = staff[staff["staff_id"] == change.to]
    if not (days(mine["end_date"], FAR) >= first).any():
        raise PlanningError(
            f"{change.to} is no longer there on {date(first)}: move to somebody else"
        )
    if not (days(mine["start_date"]) <= first).any():
        starts = date(days(mine["start_date"]).min())
        raise PlanningError(f"{change.to} starts only on {starts}: move to them from that day on")
    for name in change.students:
        draft.known("students", "student_id", name, "student")
    _split_assignments(draft, set(change.students), change.to, first)


def _split_assignments(draft: Draft, students: set[str], to: str, first: Days) -> None:
    rows = draft.rows("assignments")
    start, end = days(rows["start_date"]), days(rows["end_date"], FAR)
    staff = draft.look("staff")
    places = set(staff.loc[staff["staff_id"] == to, "program_id"])
    # Somebody who has the student in another program keeps them there.
    elsewhere = set(staff["staff_id"]) - set(
        staff.loc[staff["program_id"].isin(places), "staff_id"]
    )
    mine = rows["student_id"].isin(students) & ~rows["staff_id"].isin(elsewhere)
    held = mine.to_numpy() & (end >= first)
    lasts = dict.fromkeys(sorted(students), FAR)
    for name, last in zip(rows.loc[held, "student_id"], end[held], strict=True):
        lasts[name] = last if lasts[name] == FAR else max(lasts[name], last)
    draft.put("assignments", rows.index[held & (start < first)], "end_date", first - DAY)
    draft.keep("assignments", ~(held & (start >= first)))
    for name, last in lasts.items():
        end_date = None if last >= FAR else last
        row = {"student_id": name, "staff_id": to, "start_date": first, "end_date": end_date}
        draft.add("assignments", row)


def close_site(draft: Draft, change: CloseSite) -> None:
    """From the day on, students and staff of the site are at the other one; or students leave."""
    draft.program(change.program)
    first = draft.day(change.on)
    rows = draft.rows("students")
    here = (rows["program_id"] == change.program) & (rows["site_id"] == change.site)
    staff = draft.look("staff")
    based = (staff["program_id"] == change.program) & (staff["site_id"] == change.site)
    if not here.any() and not based.any():
        sites = rows.loc[rows["program_id"] == change.program, "site_id"].dropna().unique()
        shown = f"it has {listing(sorted(map(str, sites)), 10)}" if len(sites) else "it names none"
        raise PlanningError(f"{change.program} has no site {change.site!r}: {shown}")
    if change.to_site == change.site:
        raise PlanningError(f"{change.site} cannot close and take its own students: give to_site")
    for table, begin, finish in (
        ("students", "enrollment_start", "enrollment_end"),
        ("staff", "start_date", "end_date"),
    ):
        if change.to_site or table == "students":
            _leave_site(draft, table, change, first, begin, finish)
    names = draft.rows("programs")
    at = names.index[names["program_id"] == change.program]
    sites = str(names.loc[at[0], "instructional_sites"] or "").split(";")
    left = [site for site in sites if site not in ("", "nan", change.site)]
    if change.to_site and left and change.to_site not in left:
        left.append(change.to_site)
    if left:
        draft.put("programs", at, "instructional_sites", ";".join(left))


def _leave_site(
    draft: Draft, table: str, change: CloseSite, first: Days, begin: str, finish: str
) -> None:
    """Rows of the site that last into the day end before it, and go on at the other, if any."""
    rows = draft.rows(table)
    start, end = days(rows[begin]), days(rows[finish], FAR)
    mine = (rows["program_id"] == change.program) & (rows["site_id"] == change.site)
    mine = mine.to_numpy() & (end >= first)
    for _, row in rows[mine & (start < first)].iterrows() if change.to_site else ():
        later = {n: row[n] for n in row.index if n not in ("row", "file") and pd.notna(row[n])}
        if "experience_years" in later and "experience_on" not in later:
            later["experience_on"] = row[begin]
        draft.add(table, {**later, begin: first, "site_id": change.to_site})
    draft.put(table, rows.index[mine & (start < first)], finish, first - DAY)
    later_rows = rows.index[mine & (start >= first)]
    if change.to_site:
        draft.put(table, later_rows, "site_id", change.to_site)
    elif len(later_rows):
        frame = draft.rows(table)
        draft.keep(table, ~frame.index.isin(later_rows))
