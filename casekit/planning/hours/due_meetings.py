"""When each student's next IEP meeting is due, as the records of the last one say."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from casekit.calendars import DAY, Days
from casekit.caseload import FAR, days
from casekit.kinds.meetings import annual_meeting
from casekit.kinds.rows import student_events
from casekit.planning.hours.presence import enrolled, tomorrow
from casekit.planning.limits import MEETING
from casekit.planning.outlook import Outlook

DUE_DATE = "iep_due"
LONG_AGO = np.datetime64("1900-01-01", "D")


@dataclass(frozen=True)
class DueMeetings:
    """The next meeting of each student enrolled on the day after as_of.

    frame     student_id (text), due_on (datetime64[s]), overdue; sorted by both.
    leaving   students who leave before theirs is due, and are not in the frame.
    unknown   students without a meeting on record, so that no due date is known.
    reason    why nothing is known of any meeting; empty where something is.
    """

    frame: pd.DataFrame
    leaving: int
    unknown: int
    reason: str


def due_meetings(outlook: Outlook, last: Days) -> DueMeetings:
    """The meetings due on or before a day, or overdue: a year after the last one, or as recorded.

    The rule is that of kinds.meetings.annual_meeting, without its `since`: a student's last
    meeting counts however long ago it was.
    """
    here = enrolled(outlook, tomorrow(outlook))
    span = replace(outlook.span, since=LONG_AGO)
    lacks = outlook.caseload.lacks("events")
    rows = (
        annual_meeting(outlook.caseload, span, event=MEETING, due=DUE_DATE) if not lacks else None
    )
    if rows is None or rows.empty:
        reason = lacks or "no IEP meeting is on record"
        return DueMeetings(_frame(here.iloc[:0], outlook.span.as_of), 0, len(here), reason)
    rows = rows.assign(student_id=rows["subject_id"].astype("object"))
    rows = rows.sort_values("period_start").drop_duplicates("student_id", keep="last")
    rows = here.merge(rows, on="student_id")
    unknown = len(here) - len(rows)
    rows = rows[(rows["period_end"] <= pd.Timestamp(last)).to_numpy()]
    # An enrolment that ends later than as_of has not ended for the rule; the plan knows better.
    as_of = pd.Timestamp(outlook.span.as_of)
    leaving = ((rows["period_end"] > rows["end"]) & (rows["period_end"] > as_of)).to_numpy()
    return DueMeetings(_frame(rows[~leaving], outlook.span.as_of), int(leaving.sum()), unknown, "")


def _frame(rows: pd.DataFrame, as_of: Days) -> pd.DataFrame:
    due = rows["period_end"] if "period_end" in rows else rows["end"]
    frame = pd.DataFrame({"student_id": rows["student_id"], "due_on": due.astype("M8[s]")})
    frame["overdue"] = (frame["due_on"] < pd.Timestamp(as_of + DAY)).to_numpy()
    return frame.sort_values(["due_on", "student_id"]).reset_index(drop=True)


def on_record(outlook: Outlook) -> pd.Series:
    """The day (datetime64[s], by student_id) of each student's first meeting dated after as_of."""
    rows = student_events(outlook.caseload, outlook.span, MEETING, as_of=FAR)
    ahead = days(rows["day"]) > outlook.span.as_of
    students = rows.loc[ahead, "student_id"].astype(str)
    return rows.loc[ahead, "day"].astype("M8[s]").groupby(students).min()
