"""The year's IEP meetings, spread over weeks: none is later than the rules allow, if it can be."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from casekit import upcoming
from casekit.calendars import DAY, WEEK, Days, monday
from casekit.caseload import FAR, days
from casekit.phrases import date
from casekit.planning.hours.due_meetings import DueMeetings, due_meetings, on_record
from casekit.planning.hours.levelling_said import also_said, due_said, level_said, unplaced_said
from casekit.planning.hours.meeting_weeks import Group, Placed, Room, overfull, place, smallest
from casekit.planning.hours.presence import Ahead, ahead_of, all_through, cases, tomorrow
from casekit.planning.outlook import Outlook
from casekit.planning.settings import KNOWN

MEETINGS = ("student_id", "staff_id", "due_on", "latest", "week", "day", "days_early", "on_record")
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

    meetings      a row per meeting, MEETINGS: `latest`, the last day that the rules allow; `week`
                  its Monday; `days_early` before `latest`, below 0 where that could not be kept;
                  `on_record`, the records hold the meeting on this day already.
    unplaced      the meetings without a week, UNPLACED.
    by_week       meetings of each case manager in each week, BY_WEEK: `before`, if each were held
                  in the last week allowed (that is past: in the first one); `after`; `capacity`, 0
                  in weeks in which they are not at work.
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

    def days_for(self, who: str, last: Days) -> np.ndarray:
        """The days up to some day on which somebody can hold a meeting; nobody: none."""
        return self.ahead.on[self.present.get(who, False) & (self.ahead.on <= last)]


def level_meetings(outlook: Outlook) -> Levelling:
    """Weeks for the meetings that are due up to the horizon, then a day of each week.

    A meeting is held on or before the last day that the rules allow, `latest`: the due date, less
    outlook.meeting_days_before. It is at most settings.early_weeks before that (before the last
    open week, where that day falls in a holiday), on a day on which the case manager is at work.
    Where there is no such day any more, it is held as early as there is room: before it is due, or
    overdue. A meeting that the records hold already, by its due date, stays on its day. Raises
    PlanningError where no open day or no case manager lies ahead.
    """
    margin = outlook.meeting_days_before * DAY
    due = due_meetings(outlook, outlook.span.until + margin)
    if due.frame.empty:
        return _nothing(outlook, due)
    ahead = ahead_of(outlook)
    present = {who: works & ~ahead.off[who] for who, works in ahead.works.items()}
    year = _Year(ahead, np.unique(monday(ahead.on)), present)
    rows = due.frame.assign(
        staff_id=_holders(outlook, ahead, due.frame),
        latest=due.frame["due_on"] - pd.Timedelta(margin),
        day=on_record(outlook).reindex(due.frame["student_id"]).to_numpy(),
    )
    kept = (rows["day"] <= rows["due_on"]).to_numpy()
    fixed = _on_their_day(rows[kept])
    rows = _with_windows(year, rows[~kept], outlook.span.as_of)
    asked = rows[rows["why"] == ""].sort_values(["staff_id", "due_on", "student_id"])
    settings = outlook.settings
    gaps = (year.mondays - year.mondays[0]) // WEEK
    every = settings.meetings_per_week_all
    taken = _taken(year, fixed)
    room = Room(settings.meetings_per_week, every, tuple(map(int, gaps)), taken)
    groups = _groups(year, asked, settings.early_weeks)
    placed = place(groups, room)
    dated, full = _dated(year, asked, groups, placed, fixed)
    meetings = pd.concat([fixed, dated]).sort_values(["due_on", "student_id"], ignore_index=True)
    unplaced = pd.concat([rows[rows["why"] != ""], full])
    unplaced = unplaced.sort_values(["due_on", "student_id"]).reset_index(drop=True)
    before = pd.concat([rows, fixed.assign(last_week=fixed["week"])])
    by_week = _by_week(year, before, meetings, room.each)
    would_do = _would_do(year, asked, room, settings.early_weeks) if len(full) else None
    said = (
        *due_said(outlook, year.mondays, rows, fixed),
        *level_said(meetings, by_week),
        *unplaced_said(year.mondays, unplaced, overfull(groups, room), would_do),
        *also_said(due),
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
    said += [] if due.reason else also_said(due)
    meetings, unplaced, by_week = map(_no_rows, (MEETINGS, UNPLACED, BY_WEEK))
    return Levelling(outlook.program, meetings, unplaced, by_week, None, None, tuple(said))


def _no_rows(names: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=object) for name in names})


def _holders(outlook: Outlook, ahead: Ahead, rows: pd.DataFrame) -> list[str]:
    """Who has each student on the day after as_of; of several the one who came last, else ""."""
    held = all_through(cases(outlook, ahead.works), *[tomorrow(outlook)] * 2)
    held = held.sort_values(["start", "staff_id"], ascending=[False, True])
    held = held.drop_duplicates("student_id").set_index("student_id")["staff_id"]
    return [str(held.get(student, "")) for student in rows["student_id"]]


def _on_their_day(rows: pd.DataFrame) -> pd.DataFrame:
    """The meetings that are on record, as rows of MEETINGS."""
    early = (rows["latest"] - rows["day"]).dt.days
    week = monday(days(rows["day"])).astype("datetime64[s]")
    return rows.assign(week=week, days_early=early, on_record=True)[list(MEETINGS)]


def _taken(year: _Year, fixed: pd.DataFrame) -> dict[tuple[str, int], int]:
    """How many meetings of each case manager are on record in a week, by its place."""
    weeks = days(fixed["week"])
    places = np.searchsorted(year.mondays, weeks)
    known = np.isin(weeks, year.mondays)
    return Counter(zip(fixed.loc[known, "staff_id"], map(int, places[known]), strict=True))


def _with_windows(year: _Year, rows: pd.DataFrame, as_of: Days) -> pd.DataFrame:
    """The rows with the last day on which each can be held, and why there is none.

    late       `latest` cannot be kept any more; `by` is then the due date, or FAR if it is overdue.
    last_week  the Monday of `latest`, or the first one ahead if that is past.
    """
    latest, due = days(rows["latest"]), days(rows["due_on"])
    pairs = zip(rows["staff_id"], latest, strict=True)
    late = rows["overdue"].to_numpy(dtype=bool, copy=True)
    late |= np.array([not len(year.days_for(who, day)) for who, day in pairs], dtype=bool)
    by = np.where(rows["overdue"], FAR, np.where(late, due, latest))
    week = np.where(latest <= as_of, year.mondays[0], monday(latest))
    moment = {"by": by.astype("M8[s]"), "last_week": week.astype("M8[s]")}
    rows = rows.assign(late=late, **moment)
    return rows.assign(why=[_hopeless(year, row) for row in rows.itertuples(index=False)])


def _hopeless(year: _Year, row: Any) -> str:
    """Why a meeting cannot be held in time, however early; empty where it can."""
    by = np.datetime64(row.by, "D")
    if not row.staff_id:
        return NOBODY
    if year.last_in_time(by) < 0:
        return TOO_LATE
    return "" if len(year.days_for(row.staff_id, by)) else AWAY


def _groups(year: _Year, rows: pd.DataFrame, early_weeks: int) -> list[Group]:
    """The meetings of one case manager and due date, in the order of the rows."""
    found = []
    for (who, _), mine in rows.groupby(["staff_id", "due_on"]):
        late, by = bool(mine["late"].iloc[0]), days(mine["by"])[0]
        last = 0 if late else year.last_in_time(by)
        open_weeks = np.unique(monday(year.days_for(str(who), by)))
        if not late:
            open_weeks = open_weeks[open_weeks >= year.mondays[last] - early_weeks * WEEK]
        weeks = tuple(map(int, np.searchsorted(year.mondays, open_weeks)))
        found.append(Group(str(who), len(mine), weeks, last, late))
    return found


def _dated(
    year: _Year, rows: pd.DataFrame, groups: list[Group], placed: Placed, fixed: pd.DataFrame
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
    taken = Counter(zip(fixed["staff_id"], days(fixed["day"]), strict=True))
    found = []
    for row in rows[rows["place"] >= 0].sort_values(["due_on", "student_id"]).itertuples():
        week = year.mondays[row.place]
        fit = year.days_for(row.staff_id, np.datetime64(row.by, "D"))
        fit = fit[monday(fit) == week]
        day = min(fit, key=lambda one, who=row.staff_id: (taken[who, one], one))  # type: ignore[misc]
        taken[row.staff_id, day] += 1
        early = int((np.datetime64(row.latest, "D") - day) // DAY)
        dated = (row.due_on, row.latest, week, day)
        found.append((row.student_id, row.staff_id, *dated, early, False))
    dates = dict.fromkeys(("due_on", "latest", "week", "day"), "datetime64[s]")
    meetings = pd.DataFrame(found, columns=list(MEETINGS)).astype(dates)
    return meetings, rows[rows["place"] < 0]


def _by_week(year: _Year, rows: pd.DataFrame, meetings: pd.DataFrame, each: int) -> pd.DataFrame:
    """The rows of Levelling.by_week, for those case managers who have a meeting to hold."""
    rows = rows[rows["staff_id"] != ""]
    before = rows.groupby(["last_week", "staff_id"]).size()
    after = meetings.groupby(["week", "staff_id"]).size()
    people = sorted(set(rows["staff_id"]))
    weeks = np.union1d(year.mondays, days(rows["last_week"]))
    index = pd.MultiIndex.from_product([weeks.astype("M8[s]"), people], names=["week", "staff_id"])
    frame = pd.DataFrame(index=index)
    frame["before"] = before.reindex(index, fill_value=0)
    frame["after"] = after.reindex(index, fill_value=0)
    there = {who: set(monday(year.days_for(who, FAR))) for who in people}
    frame["capacity"] = [each * (np.datetime64(w, "D") in there[who]) for w, who in index]
    return frame.reset_index()[list(BY_WEEK)]


def _would_do(
    year: _Year, rows: pd.DataFrame, room: Room, early_weeks: int
) -> tuple[int | None, int | None]:
    """The smallest early_weeks, and the smallest meetings_per_week, with which every one fits."""

    most = len(rows) + max(room.taken.values(), default=0)

    def fits(early: int, each: int) -> bool:
        return not place(_groups(year, rows, early), replace(room, each=each)).left.any()

    return (
        smallest(lambda early: fits(early, room.each), early_weeks + 1, MOST_EARLY),
        smallest(lambda each: fits(early_weeks, each), room.each + 1, most),
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
    student, due = row.student_id, row.due_on.date()
    who = f"case manager {row.staff_id}" if row.staff_id else NOBODY
    key = json.dumps(["iep_meeting", program, student, str(due)])
    return upcoming.Entry(
        f"{hashlib.sha256(key.encode()).hexdigest()[:32]}@casekit",
        row.day.date(),
        _printable(f"IEP meeting, student {student}"),
        _printable(f"Program {program}, {who}. Due by {date(due)}."),
    )


def _printable(text: str) -> str:
    """The text with a mark for each character that a calendar cannot hold."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
