"""What levelling meetings says in words: how many there are, what moves, and what does not fit."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from casekit.calendars import WEEK, monday
from casekit.caseload import days
from casekit.phrases import count, date
from casekit.planning.hours.due_meetings import DueMeetings
from casekit.planning.outlook import Outlook


def due_said(
    outlook: Outlook, mondays: np.ndarray, rows: pd.DataFrame, fixed: pd.DataFrame
) -> Iterable[str]:
    """How many meetings there are, on record or not, and which have no ordinary last day."""
    until, margin = date(outlook.span.until), outlook.meeting_days_before
    meetings = count(len(rows) + len(fixed), "IEP meeting")
    yield f"{meetings} of {outlook.program} to be held up to {until}."
    if margin:
        yield (
            f"The standard asks for each {count(margin, 'day')} before the IEP is due, or earlier."
            " Weeks early are counted from that day."
        )
    yield from _fixed_said(fixed)
    if late := int(rows["overdue"].sum()):
        yield (
            f"{late} of them {'was' if late == 1 else 'were'} due on or before"
            f" {date(outlook.span.as_of)}, and not held: planned as early as there is room."
        )
    hurried = int((rows["late"] & ~rows["overdue"] & (rows["why"] == "")).sum())
    if hurried:
        yield (
            f"For {hurried} of them no day is left {count(margin, 'day')} before the IEP is due:"
            " planned before it is due, as early as there is room."
        )
    ahead = rows.loc[~rows["late"], "latest"]
    closed = (~np.isin(monday(days(ahead)), mondays)).sum()
    if closed:
        yield (
            f"For {closed} of them the last day allowed is in a week without an open day: to be"
            " held before it, and weeks early are counted from the last open week."
        )
    if after := int(rows["day"].notna().sum()):
        yield (
            f"For {count(after, 'student')} the meeting on record comes after the IEP is due: it is"
            " given a day here all the same."
        )


def _fixed_said(fixed: pd.DataFrame) -> Iterable[str]:
    """The meetings that are on record, and whether the rules allow their days."""
    if fixed.empty:
        return
    yield (
        f"{len(fixed)} of them {'is' if len(fixed) == 1 else 'are'} on record already, and"
        f" {'stays on its' if len(fixed) == 1 else 'stay on their own'} day."
    )
    if late := int((fixed["days_early"] < 0).sum()):
        yield (
            f"{late} of those on record {'is' if late == 1 else 'are'} later than the standard"
            " allows, though before the IEP is due: look for an earlier day."
        )


def level_said(meetings: pd.DataFrame, by_week: pd.DataFrame) -> Iterable[str]:
    """What levelling does to the busiest weeks, and how early meetings are held for it."""
    if meetings.empty:
        return
    closed = int(by_week.loc[by_week["capacity"] == 0, "before"].sum())
    bare = f", and {count(closed, 'meeting')} in weeks in which nobody is there" if closed else ""
    yield (
        "If each were held in the last week allowed, one case manager would have up to"
        f" {count(by_week['before'].max(), 'meeting')} in a week{bare}. As planned here, it is at"
        f" most {by_week['after'].max()}."
    )
    in_time = meetings[(meetings["days_early"] >= 0) & ~meetings["on_record"].astype(bool)]
    weeks = (monday(days(in_time["latest"])) - days(in_time["week"])) // WEEK
    moved = weeks[weeks > 0]
    if not len(moved):
        yield "No meeting has to be held in an earlier week than the last one allowed."
        return
    yield (
        f"{len(moved)} of {count(len(in_time), 'meeting')} given a day in time"
        f" {'is' if len(moved) == 1 else 'are'} in an earlier week than the last one allowed, by"
        f" {count(float(moved.mean().round(1)), 'week')} on average and {moved.max()} at most."
    )
    yield (
        "A meeting held early makes the next one due early as well: a year runs from the day on"
        " which it was held."
    )


def unplaced_said(
    mondays: np.ndarray,
    unplaced: pd.DataFrame,
    full: list[tuple[str, int, int, int, int]],
    would_do: tuple[int | None, int | None] | None,
) -> Iterable[str]:
    """What does not fit, why, and what would make it fit."""
    for why, rows in unplaced.groupby("why", sort=True):
        yield f"{count(len(rows), 'meeting')} not planned: {why}."
    for who, first, last, asked, left in full:
        yield (
            f"{who or 'All case managers together'}: {count(asked, 'meeting')} must be held from"
            f" the week of {date(mondays[first])} to the week of {date(mondays[last])},"
            f" and there is room for {left}."
        )
    if would_do is None:
        return
    early, each = would_do
    ways = []
    if early is not None:
        ways.append(f"meetings held up to {count(early, 'week')} early (early_weeks)")
    if each is not None:
        ways.append(f"{each} meetings of one case manager in a week (meetings_per_week)")
    if ways:
        yield f"Every meeting that has a day in time would fit with {', or with '.join(ways)}."
    else:
        yield "Neither more weeks early nor more meetings a week alone would make them all fit."


def also_said(due: DueMeetings) -> Iterable[str]:
    """Who is not in the plan."""
    if due.leaving:
        yield f"Left out: {count(due.leaving, 'student')} who will have left when it is due."
    if due.unknown:
        yield (
            f"Left out: {count(due.unknown, 'student')} with no meeting on record, so that no due"
            " date is known."
        )
