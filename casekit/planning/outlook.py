"""What a program is planned on: its caseload, the days ahead of it, and its limits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK, Days, monday
from casekit.caseload import FAR, Caseload, days, with_tables
from casekit.evaluate import Plan
from casekit.kinds.rows import Span
from casekit.phrases import date
from casekit.planning.limits import Limits, days_before_due, limits_of
from casekit.planning.settings import PlanningError, Settings

# A school year is taken to come again after so many whole weeks, so that weekdays stay.
YEAR = 52 * WEEK
MOST_YEARS = 5


@dataclass(frozen=True)
class Outlook:
    """One program as it is planned.

    span       its calendar, and since, as_of and until (the horizon) of the plan.
    meeting_days_before  an IEP meeting must be held so many days before it is due, or earlier.
    assumed    the first day for which the calendar is not the user's own but last year's come
               again; NaT where the user's own reaches the horizon.
    """

    program: str
    caseload: Caseload
    span: Span
    limits: Limits
    settings: Settings
    assumed: Days
    meeting_days_before: int = 0

    @property
    def days_ahead(self) -> np.ndarray:
        """The open days after as_of, up to the horizon."""
        return self.span.calendar.open_in(self.span.as_of + DAY, self.span.until)

    @property
    def weeks_ahead(self) -> np.ndarray:
        """The Mondays of the weeks that begin after as_of, up to the horizon."""
        first = monday(self.span.as_of) + WEEK
        return np.arange(first, self.span.until + DAY, WEEK)

    @property
    def staff(self) -> pd.DataFrame:
        """The program's staff rows, with `start` and `end` (datetime64[D]; FAR: no end)."""
        rows = self.caseload.tables["staff"]
        rows = rows[rows["program_id"] == self.program]
        return rows.assign(
            start=days(rows["start_date"]).astype("datetime64[s]"),
            end=days(rows["end_date"], FAR).astype("datetime64[s]"),
        )

    @property
    def note(self) -> str:
        """What was assumed of the calendar, in a sentence; empty where nothing was."""
        if np.isnat(self.assumed):
            return ""
        return (
            f"{self.program}: its calendar {self.span.calendar.calendar_id} ends before"
            f" {date(self.assumed)}; from then on the school year before is taken to come again,"
            " 52 weeks later"
        )


def carried_on(caseload: Caseload, until: Days) -> tuple[Caseload, dict[str, Days]]:
    """The caseload with each calendar carried on to a day; and the first day that is assumed.

    A calendar whose last school year (last term, where it names no year) ends before `until` is
    repeated, 52 weeks later each time. A calendar that names neither is left as it is. The first
    assumed day is NaT where nothing was added.
    """
    rows = caseload.tables["calendar"]
    added, assumed = [], {}
    for name, mine in rows.groupby(rows["calendar_id"].astype(str), sort=True):
        last = _last_year(mine)
        assumed[name] = np.datetime64("NaT", "D")
        if last is None or last[1] >= until:
            continue
        first, end = last
        if until - end > MOST_YEARS * YEAR:
            raise PlanningError(
                f"the calendar {name} ends on {date(end)}, more than {MOST_YEARS} years before the"
                f" horizon, {date(until)}: add school years to it, or give an earlier --until"
            )
        assumed[name] = end + DAY
        begin, past = days(mine["start_date"]), days(mine["end_date"])
        year = mine[(begin >= first) & (past <= end)]
        for turn in range(1, int((until - end) // YEAR) + 2):
            moved = pd.to_timedelta(turn * YEAR)
            copy = year.assign(
                start_date=year["start_date"] + moved, end_date=year["end_date"] + moved
            )
            # What is known stands: a year of 53 weeks would reach into the next.
            copy = copy[days(copy["start_date"]) > end]
            known = (mine["kind"] == "school_year") & (days(mine["start_date"]) > end)
            if known.any():
                copy = copy[copy["kind"] != "school_year"]
            added.append(copy)
    if not added:
        return caseload, assumed
    calendar = pd.concat([rows, *added], ignore_index=True).astype(rows.dtypes.to_dict())
    return with_tables(caseload, calendar=calendar), assumed


def _last_year(rows: pd.DataFrame) -> tuple[Days, Days] | None:
    """First and last day of the last school year of which the open days are known.

    Where terms are named, that is the last one with a term in it; without a school year, the 52
    weeks up to the last term's end.
    """
    years, terms = (rows[rows["kind"] == kind] for kind in ("school_year", "term"))
    first, end = days(years["start_date"]), days(years["end_date"])
    if len(terms):
        last_term = days(terms["end_date"]).max()
        if not len(years):
            return last_term - YEAR + DAY, last_term
        with_term = first <= last_term
        first, end = first[with_term], end[with_term]
    if not len(first):
        return None
    last = int(np.argmax(end))
    return first[last], end[last]


def plan_ahead(caseload: Caseload, plan: Plan) -> tuple[Caseload, Plan, dict[str, Days]]:
    """The caseload and the plan with calendars that reach the horizon (see `carried_on`)."""
    until = max((span.until for span in plan.spans.values()), default=np.datetime64("NaT", "D"))
    longer, assumed = carried_on(caseload, until)
    spans = {
        program: replace(span, calendar=longer.calendars[span.calendar.calendar_id])
        for program, span in plan.spans.items()
    }
    return longer, replace(plan, spans=spans), assumed


def outlooks(caseload: Caseload, plan: Plan, settings: Settings) -> dict[str, Outlook]:
    """Each program of an evaluation's plan, as it is planned; the calendars carried on."""
    longer, plan, assumed = plan_ahead(caseload, plan)
    standards = {p: [plan.standards[name] for name in plan.held[p]] for p in plan.spans}
    return {
        program: Outlook(
            program,
            longer,
            span,
            limits_of(standards[program], settings),
            settings,
            assumed.get(span.calendar.calendar_id, np.datetime64("NaT", "D")),
            days_before_due(standards[program]),
        )
        for program, span in plan.spans.items()
    }
