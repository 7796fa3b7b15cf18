"""Kinds about who has a case manager: always, and after a move to another site."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.calendars import DAY
from casekit.caseload import FAR, Caseload, days
from casekit.kinds.plans import KEYS, last_stretch, student_rows
from casekit.kinds.rows import (
    CANNOT_TELL,
    MET,
    NOT_MET,
    Span,
    enrolled_in_span,
    no_calendar,
    nobody,
    untold,
)


def held_assignments(caseload: Caseload) -> pd.DataFrame:
    """Stretches in which a student is assigned to someone who is employed.

    Columns: student_id, staff_id, start, end, site_id (the person's, None where not recorded).
    Without a staff table the assignment itself is taken for it.
    """
    rows = caseload.tables["assignments"]
    given = pd.DataFrame(
        {
            "student_id": rows["student_id"],
            "staff_id": rows["staff_id"].astype("object"),
            "start": days(rows["start_date"]),
            "end": days(rows["end_date"], FAR),
        }
    )
    if caseload.lacks("staff"):
        return given.assign(site_id=None)
    staff = caseload.tables["staff"]
    work = pd.DataFrame(
        {
            "staff_id": staff["staff_id"].astype("object"),
            "first": days(staff["start_date"]),
            "last": days(staff["end_date"], FAR),
            "site_id": staff["site_id"].astype("object"),
        }
    )
    both = given.merge(work, on="staff_id")
    both["start"] = both[["start", "first"]].max(axis=1)
    both["end"] = both[["end", "last"]].min(axis=1)
    return both[both["start"] <= both["end"]].drop(columns=["first", "last"])


def case_manager_assigned(caseload: Caseload, span: Span) -> pd.DataFrame:
    """Each student has a case manager on every open day on which they are enrolled.

    SD42, which students need a case manager. One row per student: open days without one.
    """
    if reason := no_calendar(span) or caseload.lacks("assignments"):
        return untold(caseload, span, reason)
    opened = span.open_days()
    enrolled = enrolled_in_span(caseload, span)
    people = last_stretch(enrolled)
    rows = enrolled.merge(people[[*KEYS, "row"]], on=KEYS)
    there = _on_days(rows, opened, len(people))
    cared = held_assignments(caseload).merge(people[["student_id", "row"]], on="student_id")
    bare = (there & ~_on_days(cared, opened, len(people))).sum(axis=1)
    seen = there.any(axis=1)
    return student_rows(
        people[seen],
        span,
        np.where(bare > 0, NOT_MET, MET)[seen],
        observed=bare[seen],
        limit=0,
        unit="open days without a case manager",
        days_over=bare[seen],
    )


def _on_days(rows: pd.DataFrame, opened: np.ndarray, people: int) -> np.ndarray:
    """On which days each person (`row`) has a stretch: people x days."""
    step = np.zeros((people, len(opened) + 1), dtype=np.int16)
    first = np.searchsorted(opened, days(rows["start"]))
    past = np.searchsorted(opened, days(rows["end"]) + DAY)
    np.add.at(step, (rows["row"].to_numpy(), first), 1)
    np.add.at(step, (rows["row"].to_numpy(), past), -1)
    return step.cumsum(axis=1)[:, :-1] > 0


def assigned_at_new_site(caseload: Caseload, span: Span) -> pd.DataFrame:
    """A student who moved to another site is assigned to someone who is based there.

    Case management services, A: who transfers goes to the social worker of the new school. Judged
    on the last day there, up to as_of; of several moves in the span, the worst stands.
    """
    if reason := caseload.lacks("assignments") or caseload.lacks("students", "site_id"):
        return untold(caseload, span, reason)
    rows = caseload.tables["students"]
    rows = rows[rows["program_id"].isin(span.programs)]
    rows = rows[rows["site_id"].notna()].sort_values("enrollment_start", kind="stable")
    site = rows["site_id"].astype("object")
    before = site.groupby([rows[key] for key in KEYS], observed=True).shift(1)
    start = days(rows["enrollment_start"])
    moved = rows[(before.notna() & (before != site) & (start >= span.since)).to_numpy()]
    moved = moved[days(moved["enrollment_start"]) <= span.as_of]
    if moved.empty:
        return nobody()
    people = moved[KEYS].assign(row=np.arange(len(moved)), new_site=site[moved.index])
    people["last"] = np.minimum(days(moved["enrollment_end"], FAR), span.as_of)
    both = people.merge(held_assignments(caseload), on="student_id")
    both = both[(both["start"] <= both["last"]) & (both["end"] >= both["last"])]
    people["here"] = people["row"].isin(both.loc[both["site_id"] == both["new_site"], "row"])
    perhaps = people["row"].isin(both.loc[both["site_id"].isna(), "row"])
    people["weight"] = np.select([people["here"], perhaps], [0, 1], 2)
    people = people.sort_values("weight", kind="stable").drop_duplicates(KEYS, keep="last")
    status = np.array([MET, CANNOT_TELL, NOT_MET])[people["weight"]]
    here = people["here"]
    return student_rows(
        people,
        span,
        status,
        reason=np.where(status == CANNOT_TELL, "the site of the case manager is not recorded", ""),
        observed=here.astype(float),
        limit=1,
        unit="case managers at the new site",
    )
