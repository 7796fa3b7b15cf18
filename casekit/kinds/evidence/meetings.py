"""Evidence for the kinds about meetings and the steps around them."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from casekit.caseload import Caseload, days
from casekit.kinds.evidence.shown import Evidence, day, listed, of_events, said
from casekit.kinds.meetings import meetings
from casekit.kinds.rows import Span
from casekit.phrases import count, date


def meeting_step(
    caseload: Caseload,
    span: Span,
    verdict: pd.Series,
    *,
    meeting: str,
    step: str,
    days_before: int = 0,
    months_before: int = 0,
    school_days_after: int = 0,
    parties: tuple[str, ...] = (),
    ways: int = 0,
) -> Evidence:
    """The meeting, its deadline, and the steps on record around it."""
    rows = of_events(caseload, verdict, meeting, step)
    held = meetings(caseload, span, meeting)
    mine = (held["student_id"] == verdict["subject_id"]) & (held["day"] == verdict["period_start"])
    around = held[mine].iloc[0]
    when = days(rows["occurred_at"])
    if school_days_after:
        near = (when >= day(around["day"])) & ~(when >= day(around["after"]))
        asked = f"within {count(school_days_after, 'school day')} after it"
    else:
        near = (when <= day(around["day"])) & ~(when <= day(around["before"]))
        lead = count(months_before, "month") if months_before else count(days_before, "day")
        asked = f"at least {lead} before it" if months_before or days_before else "by its day"
    deadline, by = verdict["period_end"], ""
    if pd.notna(deadline):
        by = f", by {date(deadline)}"
    rows, when = rows[near].reset_index(drop=True), when[near]
    in_time = (rows["event_type"] == step) & ~(when > day(deadline))
    steps, name = rows[in_time], said(step)
    what = f"{name} in {count(ways, 'different way')}" if ways else name
    asked_of = parties
    if verdict["limit"] < len(parties):
        asked_of = tuple(party for party in parties if party != "parent_2")
    what += f" for {_the(asked_of)}" if parties else ""
    told = (
        f"For the meeting of {date(verdict['period_start'])}, {what} is asked {asked}{by}:"
        f" {int(verdict['observed'])} of {int(verdict['limit'])} in time on record."
    )
    missing = [party for party in asked_of if party not in set(steps.get("party", ()))]
    still = f"{name} for {_the(missing)}" if missing else what
    late = f"dated {date(deadline)} or earlier" if pd.notna(deadline) else "in time"
    change = "" if verdict["status"] == "met" else f"Still asked: {still}, {late}."
    if verdict["status"] == "cannot_tell":
        change = f"Record for whom, or in which way, it was: {name}."
    if verdict["status"] == "cannot_tell" and pd.isna(deadline):
        change = "Add the days after it to the calendar."
    return Evidence(rows, told, change)


def _the(parties: Iterable[str]) -> str:
    return listed([f"the {said(party)}" for party in parties], "and")


def meeting_before_due(
    caseload: Caseload, span: Span, verdict: pd.Series, *, meeting: str, due: str, days_before: int
) -> Evidence:
    """The meeting, the date by which it was due, and the days between."""
    rows = of_events(caseload, verdict, meeting, due)
    asked = count(days_before, "day")
    deadline = date(verdict["period_end"])
    if verdict["status"] == "cannot_tell":
        told = f"It is asked {asked} before the due date, which is not on record."
        return Evidence(rows, told, f"Record the {said(due)}.")
    left = int(verdict["observed"])
    gap = f"{count(left, 'day')} before" if left >= 0 else f"{count(-left, 'day')} after"
    told = f"It was held {gap} the due date; {asked} before it, by {deadline}, is asked."
    if verdict["status"] == "due":
        told = f"The next meeting is asked by {deadline}, {asked} before its due date."
        return Evidence(rows, told, f"A meeting on or before {deadline}.")
    change = "" if verdict["status"] == "met" else f"That meeting on or before {deadline}."
    return Evidence(rows, told, change)


def annual_meeting(
    caseload: Caseload, span: Span, verdict: pd.Series, *, event: str, due: str
) -> Evidence:
    """The student's meetings and due dates, and the days between."""
    start, deadline = date(verdict["period_start"]), date(verdict["period_end"])
    rows = of_events(caseload, verdict, event, due)
    dated = days(rows["occurred_at"])
    held = rows["event_type"].eq(event) & (dated > day(verdict["period_start"]))
    gone = count(verdict["observed"], "day")
    late = count(verdict["observed"] - verdict["limit"], "day")
    if (held & (dated <= span.as_of)).any():
        told, change = f"it was held after {gone}", f"That meeting {late} sooner."
    else:
        told = f"none was held by {date(span.as_of)}, after {gone}"
        change = f"A meeting on or before {deadline}."
    if verdict["status"] == "met":
        change = ""
    elif verdict["status"] == "due":
        change = f"A meeting on or before {deadline}; without one it will not be met."
    return Evidence(
        rows,
        f"After the meeting of {start} the next is asked by {deadline}, within"
        f" {count(verdict['limit'], 'day')}; {told}.",
        change,
    )
