"""The year's IEP meetings, spread over weeks: no due date slips, and no week holds too many."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from casekit import upcoming
from casekit.calendars import DAY, WEEK, Days, monday
from casekit.caseload import days
from casekit.phrases import date
from casekit.planning.due_meetings import DueMeetings, due_meetings
from casekit.planning.levelling_said import also_said, due_said, level_said, unplaced_said
from casekit.planning.meeting_weeks import Group, Placed, Room, overfull, place, smallest
from casekit.planning.outlook import Outlook
from casekit.planning.presence import Ahead, ahead_of, all_through, cases, tomorrow
from casekit.planning.settings import KNOWN

MEETINGS = ("student_id", "staff_id", "due_on", "week", "day", "days_early")
UNPLACED = ("student_id", "staff_id", "due_on", "why")
BY_WEEK = ("week", "staff_id", "before", "after", "capacity")
SETTINGS = ("early_weeks", "meetings_per_week", "meetings_per_week_all")
MOST_EARLY = int(KNOWN["early_weeks"].metadata["high"])

NOBODY = "no case manager who is at work ahead"
TOO_LATE = "no open day is left on which it could be held in time"
AWAY = "its case manager is at work on no day on which it could be held in time"
OUTSIDE = "its case manager is at work on none of the days so few weeks before it is due"
FULL = "the weeks in which it could be held are full"


@dataclass(frozen=True)
class Levelling:
    """A week and a day for each IEP meeting that is due up to the horizon.

    meetings      a row per meeting, MEETINGS: `week` its Monday; `days_early` before the due date,
                  below 0 only where it was overdue on as_of.
    unplaced      the meetings without a week, UNPLACED.
    by_week       meetings of each case manager in each week, BY_WEEK: `before`, if each were held
                  in the week it is due (overdue: the first one); `after`; `capacity`, 0 in weeks in
                  which they are not at work.
    early_weeks, meetings_per_week  the smallest of each with which all would fit, where some do not
                  fit and that alone would do; else None.
    """

    program: str
    meetings: pd.DataFrame
    unplaced: pd.DataFrame
    by_week: pd.DataFrame
    early_weeks: int | None
    meetings_per_week: int | None
    said: tuple[str, ...]
    settings_used: tuple[str, ...] = SETTINGS


@dataclass(frozen=True)
class _Year:
    """The weeks that have an open day ahead, and who is at work on each of these days."""

    ahead: Ahead
    mondays: np.ndarray
    present: dict[str, np.ndarray]

    def last_in_time(self, due: Days) -> int:
        """The place of the last week with an open day on or before a day; -1: there is none."""
        last = int(np.searchsorted(self.ahead.on, due, side="right")) - 1
        return -1 if last < 0 else int(np.searchsorted(self.mondays, monday(self.ahead.on[last])))

    def days_for(self, who: str, due: Days, overdue: bool) -> np.ndarray:
        """The days on which somebody can hold a meeting that is due on a day."""
        fit = self.present[who] & (overdue | (self.ahead.on <= due))
        return self.ahead.on[fit]


def level_meetings(outlook: Outlook) -> Levelling:
    """Weeks for the meetings that are due up to the horizon, then a day of each week.

    A meeting is held on or before its due date, at most settings.early_weeks before it (before the
    last open week, where it falls due in a holiday), on a day on which the case manager is at work.
    One that was overdue on as_of is held as early as there is room. Raises PlanningError where no
    open day or no case manager lies ahead.
    """
    due = due_meetings(outlook, outlook.span.until)
    if due.frame.empty:
        return _nothing(outlook, due)
    ahead = ahead_of(outlook)
    present = {who: works & ~ahead.off[who] for who, works in ahead.works.items()}
    year = _Year(ahead, np.unique(monday(ahead.on)), present)
    rows = due.frame.assign(staff_id=_holders(outlook, ahead, due.frame))
    rows["why"] = [_hopeless(year, row) for row in rows.itertuples(index=False)]
    asked = rows[rows["why"] == ""].sort_values(["staff_id", "due_on", "student_id"])
    settings = outlook.settings
    gaps = (year.mondays - year.mondays[0]) // WEEK
    every = settings.meetings_per_week_all
    room = Room(settings.meetings_per_week, every, tuple(map(int, gaps)))
    groups = _groups(year, asked, settings.early_weeks)
    placed = place(groups, room)
    meetings, full = _dated(year, asked, groups, placed)
    unplaced = pd.concat([rows[rows["why"] != ""], full])
    unplaced = unplaced.sort_values(["due_on", "student_id"]).reset_index(drop=True)
    by_week = _by_week(year, rows, meetings, room.each)
    would_do = _would_do(year, asked, room, settings.early_weeks) if len(full) else None
    said = (
        *due_said(outlook, year.mondays, due),
        *level_said(meetings, by_week),
        *unplaced_said(year.mondays, unplaced, overfull(groups, room), would_do),
        *also_said(outlook, due, meetings),
    )
    return Levelling(
        outlook.program,
        meetings,
        unplaced[list(UNPLACED)],
        by_week,
        *(would_do or (None, None)),
        said,
    )


def _nothing(outlook: Outlook, due: DueMeetings) -> Levelling:
    until = date(outlook.span.until)
    why = due.reason or f"none falls due up to {until}"
    said = [f"No IEP meeting of {outlook.program} is to be planned: {why}."]
    said += [] if due.reason else also_said(outlook, due, None)
    meetings, unplaced, by_week = map(_no_rows, (MEETINGS, UNPLACED, BY_WEEK))
    return Levelling(outlook.program, meetings, unplaced, by_week, None, None, tuple(said))


def _no_rows(names: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=object) for name in names})


def _holders(outlook: Outlook, ahead: Ahead, rows: pd.DataFrame) -> list[str]:
    """Who has each student on the day after as_of; of several the one who came last, else ""."""
    first = tomorrow(outlook)
    held = all_through(cases(outlook, ahead.works), first, first)
    held = held.sort_values(["start", "staff_id"], ascending=[False, True])
    held = held.drop_duplicates("student_id").set_index("student_id")["staff_id"]
    return [str(held.get(student, "")) for student in rows["student_id"]]


def _hopeless(year: _Year, row: Any) -> str:
    """Why a meeting cannot be held in time, however early; empty where it can."""
    who, due, overdue = row.staff_id, np.datetime64(row.due_on, "D"), row.overdue
    if not who:
        return NOBODY
    if not overdue and year.last_in_time(due) < 0:
        return TOO_LATE
    return "" if len(year.days_for(who, due, overdue)) else AWAY


def _groups(year: _Year, rows: pd.DataFrame, early_weeks: int) -> list[Group]:
    """The meetings of one case manager and due date, in the order of the rows."""
    found = []
    for (who, due_on), mine in rows.groupby(["staff_id", "due_on"]):
        overdue, due = bool(mine["overdue"].iloc[0]), np.datetime64(due_on, "D")
        last = 0 if overdue else year.last_in_time(due)
        open_weeks = np.unique(monday(year.days_for(who, due, overdue)))
        if not overdue:
            open_weeks = open_weeks[open_weeks >= year.mondays[last] - early_weeks * WEEK]
        weeks = tuple(map(int, np.searchsorted(year.mondays, open_weeks)))
        found.append(Group(str(who), len(mine), weeks, last, overdue))
    return found


def _dated(
    year: _Year, rows: pd.DataFrame, groups: list[Group], placed: Placed
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The meetings with their week and day, and those that have none, with why.

    Of one group, the students take the weeks in order of their ids. In a week, the meeting that is
    due first chooses first: the day with the fewest meetings of the case manager, then the first.
    """
    weeks: list[int] = []
    why: list[str] = []
    for group, held, left in zip(groups, placed.held, placed.left, strict=True):
        weeks += [int(w) for w in np.repeat(np.arange(len(held)), held)] + [-1] * int(left)
        why += [FULL if group.weeks else OUTSIDE] * group.number
    rows = rows.assign(place=weeks, why=why)
    taken: dict[tuple[str, Days], int] = {}
    found = []
    for row in rows[rows["place"] >= 0].sort_values(["due_on", "student_id"]).itertuples():
        due, week = np.datetime64(row.due_on, "D"), year.mondays[row.place]
        fit = year.days_for(row.staff_id, due, row.overdue)
        fit = fit[monday(fit) == week]
        day = min(fit, key=lambda one, who=row.staff_id: (taken.get((who, one), 0), one))  # type: ignore[misc]
        taken[row.staff_id, day] = taken.get((row.staff_id, day), 0) + 1
        early = int((due - day) // DAY)
        found.append((row.student_id, row.staff_id, row.due_on, week, day, early))
    dates = dict.fromkeys(("due_on", "week", "day"), "datetime64[s]")
    meetings = pd.DataFrame(found, columns=list(MEETINGS)).astype(dates)
    return meetings, rows[rows["place"] < 0]


def _by_week(year: _Year, rows: pd.DataFrame, meetings: pd.DataFrame, each: int) -> pd.DataFrame:
    """The rows of Levelling.by_week, for those case managers who have a meeting to hold."""
    rows = rows[rows["staff_id"] != ""]
    due = np.where(rows["overdue"], year.mondays[0], monday(days(rows["due_on"])))
    before = rows.groupby([due.astype("M8[s]"), rows["staff_id"].to_numpy()]).size()
    after = meetings.groupby(["week", "staff_id"]).size()
    people = sorted(set(rows["staff_id"]))
    weeks = np.union1d(year.mondays, due.astype("M8[D]"))
    index = pd.MultiIndex.from_product([weeks.astype("M8[s]"), people], names=["week", "staff_id"])
    frame = pd.DataFrame(index=index)
    frame["before"] = before.reindex(index, fill_value=0)
    frame["after"] = after.reindex(index, fill_value=0)
    there = {who: set(monday(year.ahead.on[year.present[who]])) for who in people}
    frame["capacity"] = [each * (np.datetime64(w, "D") in there[who]) for w, who in index]
    return frame.reset_index()[list(BY_WEEK)]


def _would_do(
    year: _Year, rows: pd.DataFrame, room: Room, early_weeks: int
) -> tuple[int | None, int | None]:
    """The smallest early_weeks, and the smallest meetings_per_week, with which every one fits."""

    def fits(early: int, each: int) -> bool:
        return not place(_groups(year, rows, early), replace(room, each=each)).left.any()

    return (
        smallest(lambda early: fits(early, room.each), early_weeks + 1, MOST_EARLY),
        smallest(lambda each: fits(early_weeks, each), room.each + 1, len(rows)),
    )


def calendar_of(levelling: Levelling, as_of: Days) -> bytes:
    """The meetings as an iCalendar file, with ids and no names: it stays with the program.

    The uid rests on program, student and due date, so that a later plan replaces the entry.
    """
    return upcoming.calendar_of(
        [_entry(levelling.program, row) for row in levelling.meetings.itertuples(index=False)],
        as_of,
    )


def _entry(program: str, row: Any) -> upcoming.Entry:
    student, staff, due = row.student_id, row.staff_id, row.due_on.date()
    key = json.dumps(["iep_meeting", program, student, str(due)])
    return upcoming.Entry(
        f"{hashlib.sha256(key.encode()).hexdigest()[:32]}@casekit",
        row.day.date(),
        _printable(f"IEP meeting, student {student}"),
        _printable(f"Program {program}, case manager {staff}. Due by {date(due)}."),
    )


def _printable(text: str) -> str:
    """The text with a mark for each character that a calendar cannot hold."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
