"""Hours: what each case manager's students need in a week, and what time there is for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from casekit.calendars import Days, monday
from casekit.caseload import FAR, days
from casekit.evaluate import day_given
from casekit.kinds.rows import enrolled_on, is_one_of
from casekit.kinds.staffing import exact
from casekit.phrases import count, date, listing, number
from casekit.planning.hours.due_meetings import due_meetings
from casekit.planning.hours.presence import all_through, cases, employed, enrolled, tomorrow
from casekit.planning.outlook import YEAR, Outlook, carried_on
from casekit.planning.staffing.case_managers import time_by_day

# So many contacts must say how long they lasted before their median is taken.
ENOUGH = 20
PARTS = ("contact_hours", "travel_hours", "paperwork_hours", "meeting_hours")
COLUMNS = ("staff_id", "students", *PARTS, "needed", "available", "left", "used")
SETTINGS = (
    *("contact_minutes", "contacts_per_week", "travel_minutes", "distances", "paperwork_minutes"),
    *("need_weights", "concern_weight", "meeting_hours", "week_hours", "other_time"),
)


@dataclass(frozen=True)
class Workload:
    """The hours that each case manager's students need in a week, on one day.

    frame            a row per case manager, COLUMNS: hours a week; available, left and used (needed
                     to available; inf where there is no time) are NaN where fte or share is not
                     recorded. The parts are already weighted by need.
    contact_minutes  how long a contact is taken to last; `recorded` says whether the program's own
                     contacts say so, or the settings.
    """

    program: str
    on: Days
    frame: pd.DataFrame
    contact_minutes: float
    recorded: bool
    said: tuple[str, ...]
    settings_used: tuple[str, ...] = SETTINGS


def workload(outlook: Outlook, on: object = None) -> Workload:
    """The hours needed and the hours there on a day; the day after as_of where none is given.

    Raises PlanningError where no case manager is employed on that day.
    """
    day = tomorrow(outlook) if on is None else day_given(on, "on")
    rows = employed(outlook, day, day)
    minutes, recorded = contact_minutes(outlook)
    people = sorted(set(rows["staff_id"].astype(str)))
    held = _students(outlook, all_through(cases(outlook, people), day, day), day)
    held["travel"] = _travel(outlook, held, rows)
    meetings, weeks, about = _meetings(outlook)
    frame = pd.DataFrame(
        [_person(outlook, day, who, held, rows, minutes, meetings, weeks) for who in people],
        columns=list(COLUMNS),
    )
    told = (
        *_hours_said(outlook, frame, day),
        _minutes_said(outlook, minutes, recorded),
        *about,
        *_unknown_said(outlook, held, rows, day),
    )
    return Workload(outlook.program, day, frame, float(minutes), recorded, told)


def contact_minutes(outlook: Outlook) -> tuple[Fraction, bool]:
    """How long a contact lasts: the median of the span's completed ones, where ENOUGH say so."""
    contacts = outlook.caseload.tables["contacts"]
    day = days(contacts["occurred_at"])
    sure = is_one_of(outlook.caseload, "contacts", "outcome", ["completed"], absent=True).sure
    known = sure & contacts["duration_minutes"].notna().to_numpy()
    known = known & (day >= outlook.span.since) & (day <= outlook.span.as_of)
    rows = contacts.loc[known, ["student_id", "duration_minutes"]].assign(day=day[known])
    mine = enrolled_on(outlook.caseload, outlook.span, rows.assign(program_id=_same(outlook, rows)))
    lasted = rows.loc[mine, "duration_minutes"]
    if len(lasted) < ENOUGH:
        return exact(outlook.settings.contact_minutes), False
    return exact(float(lasted.median())), True


def _same(outlook: Outlook, rows: pd.DataFrame) -> pd.Categorical:
    """This program, in every row, in the type in which tables hold it."""
    known = outlook.caseload.tables["programs"]["program_id"].cat.categories
    return pd.Categorical([outlook.program] * len(rows), categories=known)


def _students(outlook: Outlook, held: pd.DataFrame, day: Days) -> pd.DataFrame:
    """The cases with what the students table says of each on that day, and its need weight."""
    rows = outlook.caseload.tables["students"]
    there = (days(rows["enrollment_start"]) <= day) & (days(rows["enrollment_end"], FAR) >= day)
    here = (rows["program_id"] == outlook.program).to_numpy()
    facts = rows[here & there].sort_values("enrollment_start", kind="stable")
    facts = facts[["student_id", "site_id", "designation", "of_concern"]]
    facts = facts.astype({"student_id": "object", "site_id": "object", "designation": "object"})
    found = held.merge(facts.drop_duplicates("student_id", keep="last"), on="student_id")
    weights, concern = outlook.settings.need_weights, exact(outlook.settings.concern_weight)
    told = zip(found["designation"], found["of_concern"], strict=True)
    found["weight"] = pd.Series(
        [
            # Who is of concern by the table never counts for less than others.
            exact(weights.get(kind, 1)) * (max(concern, Fraction(1)) if worried is True else 1)
            for kind, worried in ((k, False if pd.isna(w) else bool(w)) for k, w in told)
        ],
        dtype=object,
    )
    return found


def _travel(outlook: Outlook, held: pd.DataFrame, staff: pd.DataFrame) -> list[Fraction]:
    """Minutes of travel for a contact with each student; 0 where a site is not recorded."""
    based = staff.drop_duplicates("staff_id", keep="last").set_index("staff_id")["site_id"]
    own = {str(who): None if pd.isna(site) else str(site) for who, site in based.items()}
    settings = outlook.settings
    found = []
    for who, site in zip(held["staff_id"], held["site_id"], strict=True):
        base = own[who]
        if base is None or pd.isna(site) or base == site:
            found.append(Fraction(0))
            continue
        away = settings.distances.get(f"{base}|{site}", settings.distances.get(f"{site}|{base}"))
        found.append(exact(settings.travel_minutes if away is None else away))
    return found


def _meetings(outlook: Outlook) -> tuple[set[str], int, list[str]]:
    """Whose IEP meeting is due in the next 52 weeks, how many of these are open, and sentences."""
    first, last = tomorrow(outlook), outlook.span.as_of + YEAR
    longer, _ = carried_on(outlook.caseload, last)
    calendar = longer.calendars[outlook.span.calendar.calendar_id]
    weeks = len(np.unique(monday(calendar.open_in(first, last))))
    due = due_meetings(outlook, last)
    if due.reason:
        return set(), weeks, [f"IEP meetings are not counted: {due.reason}."]
    if not weeks:
        name = calendar.calendar_id
        return set(), 0, [f"IEP meetings are not counted: the calendar {name} has no open week."]
    said = [
        f"{count(len(due.frame), 'IEP meeting')} due or overdue up to {date(last)}"
        f" {'is' if len(due.frame) == 1 else 'are'} spread evenly over {count(weeks, 'open week')}."
    ]
    if due.unknown:
        said.append(
            f"Not counted: the meetings of {count(due.unknown, 'student')} with no meeting on"
            " record."
        )
    return set(due.frame["student_id"]), weeks, said


def _person(
    outlook: Outlook,
    day: Days,
    who: str,
    held: pd.DataFrame,
    staff: pd.DataFrame,
    minutes: Fraction,
    meetings: set[str],
    weeks: int,
) -> tuple:
    """One row of the frame. All sums are exact; hours become floats at the end."""
    settings = outlook.settings
    mine = held[held["staff_id"] == who]
    weight = sum(mine["weight"], Fraction(0))
    often = exact(settings.contacts_per_week)
    contact = weight * often * minutes / 60
    trips = (w * t for w, t in zip(mine["weight"], mine["travel"], strict=True))
    travel = often * sum(trips, Fraction(0)) / 60
    paperwork = weight * exact(settings.paperwork_minutes) / 60
    due = sum(student in meetings for student in mine["student_id"])
    meeting = due * exact(settings.meeting_hours) / weeks if weeks else Fraction(0)
    needed = contact + travel + paperwork + meeting
    time = time_by_day(staff[staff["staff_id"] == who], np.array([day]))[0]
    hours = map(float, (contact, travel, paperwork, meeting, needed))
    if time is None:
        return (who, len(mine), *hours, np.nan, np.nan, np.nan)
    there = time * exact(settings.week_hours) * (1 - exact(settings.other_time))
    used = float(needed / there) if there else np.inf if needed else 0.0
    return (who, len(mine), *hours, float(there), float(there - needed), used)


def _hours_said(outlook: Outlook, frame: pd.DataFrame, day: Days) -> Iterable[str]:
    """Who needs how much, first two who look alike by heads and are not."""
    told = frame[frame["available"].notna()]
    if len(told):
        yield (
            f"{outlook.program} on {date(day)}: the students of"
            f" {count(len(told), 'case manager')} need {_hours(told['needed'].sum())} a week, and"
            f" {_hours(told['available'].sum())} are there for them."
        )
    if pair := _alike(frame):
        (one, heads, less), (other, _, more) = pair
        yield (
            f"{one} and {other} both have {count(heads, 'student')}, and need {number(less, 1)} and"
            f" {number(more, 1)} hours a week."
        )
    for row in told[told["left"] < 0].itertuples(index=False):
        yield (
            f"{row.staff_id} needs {_hours(row.needed)} a week and has"
            f" {number(row.available, 1)}: {number(-row.left, 1)} too few."
        )
    if not len(frame) or not frame["students"].sum():
        yield f"No student of {outlook.program} has a case manager on {date(day)}."


def _alike(frame: pd.DataFrame) -> list[tuple[str, int, float]]:
    """Two with the same number of students whose hours differ most, shown to a tenth; else none."""
    best: list[tuple[str, int, float]] = []
    for _, rows in frame[frame["students"] > 0].groupby("students"):
        rows = rows.sort_values(["needed", "staff_id"], ascending=[False, True])
        ends = rows.iloc[[0, -1]][["staff_id", "students", "needed"]]
        pair = list(ends.itertuples(index=False, name=None))
        gap = pair[0][2] - pair[1][2]
        if gap >= 0.1 and (not best or gap > best[0][2] - best[1][2]):
            best = pair
    return best


def _hours(value: float) -> str:
    return count(float(round(value, 1)), "hour") if value < 10_000 else f"{number(value, 0)} hours"


def _minutes_said(outlook: Outlook, minutes: Fraction, recorded: bool) -> str:
    if recorded:
        return (
            f"A contact is taken to last {number(float(minutes), 1)} minutes: the median of the"
            " program's own completed contacts."
        )
    return (
        f"A contact is taken to last {number(float(minutes), 1)} minutes, as the settings say:"
        f" fewer than {ENOUGH} of the program's own contacts say how long they lasted."
    )


def _unknown_said(
    outlook: Outlook, held: pd.DataFrame, staff: pd.DataFrame, day: Days
) -> Iterable[str]:
    """What the tables do not say, and what was left out for that."""
    blank = staff[["fte", "case_management_share"]].isna().any(axis=1)
    if who := sorted(set(staff.loc[blank, "staff_id"].astype(str))):
        yield (
            f"The hours of {listing(who)} cannot be told: the FTE or share is not recorded. They"
            " are not in the sum."
        )
    alone = len(enrolled(outlook, day)) - held["student_id"].nunique()
    if alone:
        have = "has" if alone == 1 else "have"
        yield (
            f"{count(alone, 'student')} of {outlook.program} {have} no case manager employed then:"
            " no hours are counted for them."
        )
    shared = len(held) - held["student_id"].nunique()
    if shared:
        are = count(shared, "student is", "students are")
        yield f"{are} counted with more than one case manager."
    unsure = held.drop_duplicates("student_id")["of_concern"].isna().sum()
    if unsure:
        yield (
            f"Whether they are of concern is not recorded for {count(unsure, 'student')}: they"
            " count as others do."
        )
    based = staff.set_index(staff["staff_id"].astype(str))["site_id"].isna()
    nowhere = held["site_id"].isna() | held["staff_id"].isin(based[based].index)
    if nowhere.any():
        yield (
            f"No travel is counted for {count(int(nowhere.sum()), 'student')}: a site is not"
            " recorded."
        )
