"""What a student's school is sent; the kind about reports by their due dates."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.caseload import FAR, Caseload, days
from casekit.kinds.plans import KEYS, last_stretch, student_rows
from casekit.kinds.rows import (
    CANNOT_TELL,
    DUE,
    MET,
    NOT_MET,
    Span,
    enrolled_in_span,
    student_events,
    untold,
)
from casekit.kinds.words import EventType

NO_SCHOOL = "the school of the student, or of a report, is not recorded"


def with_school(caseload: Caseload, people: pd.DataFrame) -> pd.DataFrame:
    """Each student's school, from the latest enrolment row that names one."""
    rows = caseload.tables["students"].sort_values("enrollment_start", kind="stable")
    rows = rows[rows["school_id"].notna()].drop_duplicates(KEYS, keep="last")
    schools = rows[KEYS].assign(school_id=rows["school_id"].astype("object"))
    return people.merge(schools, on=KEYS, how="left")


def school_events(caseload: Caseload, span: Span, event: str, people: pd.DataFrame) -> pd.DataFrame:
    """Events that went, or may have gone, to a student's school: about them, or about all of it.

    Columns: row (of `people`), day, sure (False where either school is not recorded). Events
    after as_of are in.
    """
    own = student_events(caseload, span, event, as_of=FAR).merge(people, on=KEYS)
    events = caseload.tables["events"]
    events = events[(events["event_type"] == event) & events["student_id"].isna()]
    general = pd.DataFrame(
        {
            "named": events["program_id"].astype("object"),
            "party": events["party"].astype("object"),
            "day": days(events["occurred_at"]),
        }
    )
    told, untold_ = general[general["party"].notna()], general[general["party"].isna()]
    shared = pd.concat(
        [
            told.merge(people, left_on="party", right_on="school_id"),
            told.merge(people[people["school_id"].isna()], how="cross"),
            untold_.merge(people, how="cross"),
        ]
    )
    here = shared["named"].isna() | (shared["named"] == shared["program_id"].astype("object"))
    found = pd.concat([own, shared[here]], ignore_index=True)
    found["sure"] = found["party"] == found["school_id"]
    maybe = found["party"].isna() | found["school_id"].isna()
    return found.loc[found["sure"] | maybe, ["row", "day", "sure"]]


def forwarded_by_due(
    caseload: Caseload, span: Span, *, due: EventType, forwarded: EventType
) -> pd.DataFrame:
    """Each report that a student's school expects is forwarded by the day it is due.

    FLO standards, school reports. One row per student and due date from since on; a report counts
    for the due date that it is the first to meet.
    """
    reason = caseload.lacks("events") or caseload.lacks("students", "school_id")
    if reason:
        return untold(caseload, span, reason)
    enrolled = enrolled_in_span(caseload, span)
    people = with_school(caseload, last_stretch(enrolled))
    asked = school_events(caseload, span, due, people)
    asked = asked.loc[asked["sure"].to_numpy(dtype=bool), ["row", "day"]].drop_duplicates()
    if asked.empty:
        return untold(caseload, span, f"no {due} event says when reports are due")
    asked = asked.sort_values(["row", "day"]).reset_index(drop=True)
    asked["after"] = asked.groupby("row")["day"].shift(1)
    sent = school_events(caseload, span, forwarded, people).rename(columns={"day": "sent"})
    sent = sent[(sent["sent"] <= span.as_of).to_numpy()]
    both = asked.reset_index().merge(sent, on="row")
    in_time = (both["sent"] <= both["day"]) & ~(both["sent"] <= both["after"])
    asked["met"] = asked.index.isin(both.loc[in_time & both["sure"], "index"])
    asked["maybe"] = asked.index.isin(both.loc[in_time, "index"])
    there = asked.merge(people, on="row")
    mine = (there["day"] >= span.since) & (there["day"] >= there["start"])
    there = there[(mine & (there["day"] <= there["end"])).to_numpy()].reset_index(drop=True)
    deadline = days(there["day"])
    status = np.select(
        [there["met"], there["maybe"], span.as_of <= deadline], [MET, CANNOT_TELL, DUE], NOT_MET
    )
    return student_rows(
        there,
        span,
        status,
        reason=np.where(status == CANNOT_TELL, NO_SCHOOL, ""),
        period_end=deadline,
        observed=there["met"].astype(float),
        limit=1,
        unit="reports by the due date",
    )
