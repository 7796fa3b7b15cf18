"""What came and went: a program's weekly entries, exits, heads and referrals, from its own rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK, Calendar, Days, monday
from casekit.caseload import FAR, days
from casekit.planning.outlook import Outlook

# The classes of a week. A year or two of history has one or two weeks of each number in a term,
# so weeks are told apart only by where entries and exits are known to gather.
SEASONS = (
    "ordinary weeks",
    "weeks without open days",
    "first two weeks of a term",
    "last week of a term",
    "first two weeks of a school year",
    "last week of a school year",
)
ORDINARY, CLOSED, TERM_BEGINS, TERM_ENDS, YEAR_BEGINS, YEAR_ENDS = range(6)


@dataclass(frozen=True)
class Stays:
    """When students were enrolled and referrals came in, as known on `as_of`.

    start, end   one stretch of enrolment each (days; end FAR where none is known).
    referred     the days on which referrals came in; None where no such table is there.
    first        the first day from which who came and who left are both on record.
    """

    start: np.ndarray
    end: np.ndarray
    referred: np.ndarray | None
    first: Days
    as_of: Days


@dataclass(frozen=True)
class History:
    """Whole weeks, Monday to Sunday, from the first day on record to as_of.

    weeks     Mondays; `season` their classes (an index into SEASONS).
    enrolled  students enrolled on at least one day of the week; never below its worst day.
    entries, exits, referrals   how many began, had their last day, came in, that week.
    """

    weeks: np.ndarray
    season: np.ndarray
    enrolled: np.ndarray
    entries: np.ndarray
    exits: np.ndarray
    referrals: np.ndarray | None

    @property
    def frame(self) -> pd.DataFrame:
        """A row per week: week, season, enrolled, entries, exits, referrals."""
        nobody = np.full(len(self.weeks), np.nan)
        return pd.DataFrame(
            {
                "week": self.weeks.astype("datetime64[s]"),
                "season": [SEASONS[code] for code in self.season],
                "enrolled": self.enrolled,
                "entries": self.entries,
                "exits": self.exits,
                "referrals": nobody if self.referrals is None else self.referrals,
            }
        )


def stays_of(outlook: Outlook) -> Stays:
    """A program's enrolments and referrals; where its records begin.

    A roster of today lists those who entered long ago and are still here, but not those who left
    before it was first kept. So its records begin with the plan's span, or with the first exit
    where that is earlier; but not before its first student and the week of its calendar's first
    open day.
    """
    rows = outlook.caseload.enrolments([outlook.program])
    span, start, end = outlook.span, days(rows["start"]), days(rows["end"])
    first = min([span.since, *end[end < FAR]])
    begun = [start.min()] if len(start) else []
    first = max([first, *begun, *monday(span.calendar.open_days[:1])])
    referred = None
    if not outlook.caseload.lacks("referrals"):
        every = outlook.caseload.tables["referrals"]
        referred = days(every.loc[every["program_id"] == outlook.program, "received_at"])
    return Stays(start, end, referred, first, span.as_of)


def known_on(stays: Stays, day: Days) -> Stays:
    """What had come to be known by a past day: no later start, no later end, no later referral."""
    begun = stays.start <= day
    end = stays.end[begun]
    referred = stays.referred
    return Stays(
        stays.start[begun],
        np.where(end <= day, end, FAR),
        None if referred is None else referred[referred <= day],
        stays.first,
        day,
    )


def history_of(stays: Stays, calendar: Calendar) -> History:
    """The whole weeks from the first day on record to as_of."""
    weeks = calendar.weeks(stays.first, stays.as_of)
    return History(weeks, seasons(calendar, weeks), *weekly(stays, weeks))


def weekly(stays: Stays, weeks: np.ndarray) -> tuple[np.ndarray, ...]:
    """Enrolled, entries, exits and referrals (or None) of consecutive weeks, from their Mondays."""
    start, end = np.sort(stays.start), np.sort(stays.end)
    edges = np.append(weeks, weeks[-1:] + WEEK)
    begun, gone = np.searchsorted(start, edges), np.searchsorted(end, edges)
    enrolled = begun[1:] - gone[:-1]
    referred = stays.referred
    came = None if referred is None else np.diff(np.searchsorted(np.sort(referred), edges))
    return enrolled, np.diff(begun), np.diff(gone), came  # type: ignore[return-value]


def seasons(calendar: Calendar, weeks: np.ndarray) -> np.ndarray:
    """The class of each week, an index into SEASONS: a school year's edges before a term's."""
    found = np.full(len(weeks), ORDINARY)
    found[calendar.open_between(weeks, weeks + WEEK - DAY) == 0] = CLOSED
    for stretches, begins, ends in (
        (calendar.terms, TERM_BEGINS, TERM_ENDS),
        (calendar.years, YEAR_BEGINS, YEAR_ENDS),
    ):
        for first, last in stretches:
            inside = np.unique(monday(calendar.open_in(first, last)))
            found[np.isin(weeks, inside[:2])] = begins
            found[np.isin(weeks, inside[-1:])] = ends
    return found
