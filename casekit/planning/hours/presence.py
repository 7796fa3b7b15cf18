"""Which case managers of a program work on which day, and which students are theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from casekit.calendars import DAY, Days, monday, weekday
from casekit.caseload import days, merge_stretches
from casekit.kinds.cover import case_managers, uncovered_days
from casekit.kinds.rows import no_calendar
from casekit.kinds.staffing import cases_of
from casekit.planning.outlook import Outlook
from casekit.planning.settings import PlanningError
from casekit.tables import WEEKDAYS


def employed(outlook: Outlook, first: Days, last: Days) -> pd.DataFrame:
    """The case managers' staff rows that touch a stretch of days (see kinds.cover.case_managers).

    Raises PlanningError where there is none: nothing can be planned for nobody.
    """
    rows = case_managers(outlook.caseload, outlook.span, outlook.program, planned=True)
    rows = rows[((rows["start"] <= last) & (rows["end"] >= first)).to_numpy()]
    if rows.empty:
        when = f"on {first}" if first == last else f"between {first} and {last}"
        raise PlanningError(
            f"{outlook.program}: no case manager is employed {when}: add staff with a"
            " case_management_share above 0, or students assigned to them"
        )
    return rows


def open_days_ahead(outlook: Outlook) -> np.ndarray:
    """The open days after as_of, up to the horizon; PlanningError where there is none."""
    if reason := no_calendar(outlook.span):
        raise PlanningError(f"{outlook.program}: {reason}: add them to the table calendar")
    if not len(outlook.days_ahead):
        span = outlook.span
        raise PlanningError(
            f"{outlook.program}: no open day lies after {span.as_of} and up to {span.until}: give"
            " a later horizon (until)"
        )
    return outlook.days_ahead


def days_worked(rows: pd.DataFrame, on: np.ndarray) -> dict[str, np.ndarray]:
    """Whether each person of some staff rows works on each day: employed, and a weekday of theirs.

    Leave is not looked at. A row with fte 0 is nobody's time.
    """
    found: dict[str, np.ndarray] = {}
    for row in rows.sort_values(["staff_id", "start"], kind="stable").itertuples(index=False):
        there = (on >= np.datetime64(row.start, "D")) & (on <= np.datetime64(row.end, "D"))
        there &= row.fte != 0
        if not pd.isna(row.work_days):
            there &= np.isin(weekday(on), [WEEKDAYS.index(d) for d in row.work_days.split(";")])
        person = str(row.staff_id)
        found[person] = found.get(person, np.zeros(len(on), dtype=bool)) | there
    return found


def cases(outlook: Outlook, people: Iterable[str]) -> pd.DataFrame:
    """The stretches in which some case managers have students of this program.

    Columns: staff_id, student_id (text), start, end (datetime64[D], both included). A student whom
    two share stands in the rows of both.
    """
    found = [cases_of(outlook.caseload, person) for person in people]
    rows = pd.concat(found, ignore_index=True) if found else cases_of(outlook.caseload, "")
    rows = rows[(rows["program_id"] == outlook.program).to_numpy()]
    merged = merge_stretches(rows, ["staff_id", "student_id"])
    merged = merged.astype({"staff_id": "object", "student_id": "object"})
    return merged.sort_values(["staff_id", "student_id", "start"]).reset_index(drop=True)


def all_through(rows: pd.DataFrame, first: Days, last: Days) -> pd.DataFrame:
    """Those of some stretches (start, end) that hold all days from first to last."""
    inside = (days(rows["start"]) <= first) & (days(rows["end"]) >= last)
    return rows[inside].reset_index(drop=True)


def enrolled(outlook: Outlook, on: Days) -> pd.DataFrame:
    """The program's students on a day: student_id (text), and `end` of the enrolment."""
    rows = outlook.caseload.enrolments([outlook.program])
    rows = rows[((rows["start"] <= on) & (rows["end"] >= on)).to_numpy()]
    return rows[["student_id", "end"]].astype({"student_id": "object"}).reset_index(drop=True)


def tomorrow(outlook: Outlook) -> Days:
    """The first day that is planned: the one after as_of."""
    return outlook.span.as_of + DAY


@dataclass(frozen=True)
class Ahead:
    """The open days ahead; who works on them, and who is on leave: person -> bool for each day.

    works, off, bare   they would work; of these days they are on leave; and nobody stands in.
    weeks, week_of   the Mondays that begin after as_of and have an open day; the place of each
                     day's week among them, -1 before the first.
    """

    on: np.ndarray
    weeks: np.ndarray
    week_of: np.ndarray
    works: dict[str, np.ndarray]
    off: dict[str, np.ndarray]
    bare: dict[str, np.ndarray]


def ahead_of(outlook: Outlook) -> Ahead:
    """The days ahead of a program's case managers, in order of their ids.

    Raises PlanningError where no open day lies ahead, or nobody works on one.
    """
    on = open_days_ahead(outlook)
    staff = employed(outlook, on[0], on[-1])
    # Of whom no share is recorded and who has no students may be no case manager.
    works = days_worked(staff[~staff["maybe"].to_numpy(dtype=bool)], on)
    works = {who: worked for who, worked in works.items() if worked.any()}
    if not works:
        raise PlanningError(
            f"{outlook.program}: no case manager works on any open day from {on[0]} to {on[-1]}:"
            " look at fte, work_days and case_management_share in the table staff"
        )
    mondays = monday(on)
    weeks = np.unique(mondays[mondays > outlook.span.as_of])
    place = np.where(mondays > outlook.span.as_of, np.searchsorted(weeks, mondays), -1)
    leave = uncovered_days(outlook.caseload, outlook.span, outlook.program)
    who, day = leave["staff_id"].astype(str), days(leave["day"].astype("datetime64[s]"))
    alone = ~leave["covered"].astype(bool)
    off = {one: worked & np.isin(on, day[who == one]) for one, worked in works.items()}
    bare = {one: worked & np.isin(on, day[(who == one) & alone]) for one, worked in works.items()}
    return Ahead(on, weeks, place, works, off, bare)


def shared_by_week(outlook: Outlook, ahead: Ahead) -> list[dict[frozenset[str], int]]:
    """How many students each set of case managers has all through the open days of each week.

    Only case managers who would work on some day of it: the others' absence is no leave.
    """
    rows = cases(outlook, ahead.works)
    found = []
    for week in range(len(ahead.weeks)):
        inside = ahead.week_of == week
        there = {who for who, works in ahead.works.items() if works[inside].any()}
        theirs: dict[str, set[str]] = {}
        held = all_through(rows, *ahead.on[inside][[0, -1]])
        for who, student in zip(held["staff_id"], held["student_id"], strict=True):
            if who in there:
                theirs.setdefault(student, set()).add(who)
        found.append(dict(Counter(map(frozenset, theirs.values()))))
    return found
