"""Evidence for the kinds about cases: steps, closings, requests, and who has a case manager."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from casekit.caseload import Caseload, days
from casekit.kinds.assigned import held_assignments
from casekit.kinds.evidence.shown import Evidence, columns, listed, of_events, said
from casekit.kinds.rows import Span
from casekit.phrases import capital, count, date


def _case(caseload: Caseload, verdict: pd.Series) -> pd.Series:
    """The referral that a verdict is about."""
    rows = caseload.tables["referrals"]
    return rows[rows["referral_id"] == verdict["subject_id"]].iloc[0]


def _closed(row: pd.Series, span: Span) -> str:
    """Whether a referral's case is closed on as_of, in words."""
    if pd.isna(row["closed_on"]) or row["closed_on"] > pd.Timestamp(span.as_of):
        return "the case is open"
    why = "no reason on record" if pd.isna(row["closure_reason"]) else said(row["closure_reason"])
    return f"the case was closed on {date(row['closed_on'])} ({why})"


def followed_by(
    caseload: Caseload,
    span: Span,
    verdict: pd.Series,
    *,
    step: str,
    event: str = "",
    same: str = "",
    later: tuple[str, ...] = (),
    parties: tuple[str, ...] = (),
    ended_by: tuple[str, ...] = (),
    implied_by: tuple[str, ...] = (),
    one_each: bool = False,
    each: str = "student",
) -> Evidence:
    """What was begun, the steps on record, and what came later."""
    rows = of_events(caseload, verdict, *filter(None, (event, step, *later)))
    name, link = said(step), f" with the same {said(same)}" if same else ""
    begun = f"each {said(event)}" if event else "the referral"
    if event and each == "referral":
        begun = f"the {said(event)}"
    whom = f" for {_the(parties)}" if parties else ""
    told = (
        f"After {begun}, this is asked: {name}{whom}{link}. {int(verdict['observed'])} of"
        f" {int(verdict['limit'])} on record."
    )
    if each == "referral":
        told = f"{told} {capital(_closed(_case(caseload, verdict), span))}."
    having = set(rows.loc[rows["event_type"] == step].get("party", ()))
    missing = [party for party in parties if party not in having] or parties
    whom = f" for {_the(missing)}" if missing else ""
    change = "" if verdict["status"] == "met" else f"Still asked: {name}{whom}{link}."
    if verdict["status"] == "cannot_tell":
        change = f"Record {f'the {said(same)}' if same else 'for whom it was'}: {name}."
    return Evidence(rows, told, change)


def _the(parties: Iterable[str]) -> str:
    return listed([f"the {said(party)}" for party in parties], "and")


def preceded_by(
    caseload: Caseload,
    span: Span,
    verdict: pd.Series,
    *,
    events: tuple[str, ...],
    steps: tuple[str, ...],
    same: str = "",
    each: str = "student",
) -> Evidence:
    """What was done, and the steps before it."""
    rows = of_events(caseload, verdict, *events, *steps)
    link = f" with the same {said(same)}" if same else ""
    what = listed(steps, "and")
    told = (
        f"Before {listed(events)}, this is asked: {what}{link}. {int(verdict['observed'])} of"
        f" {int(verdict['limit'])} on record in time."
    )
    missing = steps
    if each == "referral":
        told = f"{told} {capital(_closed(_case(caseload, verdict), span))}."
        missing = tuple(s for s in steps if s not in set(rows["event_type"])) or steps
    change = {
        "not_met": f"Still asked: {listed(missing, 'and')}{link}, valid and in time.",
        "cannot_tell": f"Record {f'the {said(same)}' if same else 'for whom it was'}: {what}.",
    }.get(str(verdict["status"]), "")
    return Evidence(rows, told, change)


def monitored_period(
    caseload: Caseload,
    span: Span,
    verdict: pd.Series,
    *,
    excused: tuple[str, ...] = (),
    closed_as: tuple[str, ...] = (),
) -> Evidence:
    """The referral, the grading period after it, and how long the case was kept."""
    row = _case(caseload, verdict)
    periods = caseload.tables["calendar"]
    mine = periods["calendar_id"].astype(str) == span.calendar.calendar_id
    periods = periods[mine & (periods["kind"] == "grading_period")].sort_values("start_date")
    told = f"Received on {date(row['received_at'])}. {capital(_closed(row, span))}."
    if pd.notna(verdict["period_end"]):
        end = date(verdict["period_end"])
        told = f"{told} The first whole grading period after it ends on {end}."
        change = f"A case kept to {end}, {count(verdict['limit'], 'day')} from the referral."
    else:
        change = "Add the grading periods to the calendar."
    if verdict["status"] == "cannot_tell" and pd.notna(verdict["period_end"]):
        change = "Record why the case was closed."
    change = "" if verdict["status"] == "met" else change
    return Evidence(columns(periods, "name", "start_date", "end_date"), told, change)


def closure_reason(
    caseload: Caseload, span: Span, verdict: pd.Series, *, allowed: tuple[str, ...]
) -> Evidence:
    """Why the case was closed, and the reasons that are allowed."""
    row = _case(caseload, verdict)
    told = f"{capital(_closed(row, span))}. Allowed: {listed(allowed)}."
    change = {
        "not_met": f"A case closed as {listed(allowed)}, or kept open.",
        "cannot_tell": "Record why the case was closed.",
    }.get(str(verdict["status"]), "")
    return Evidence(_referral_row(row), told, change)


def _referral_row(row: pd.Series) -> pd.DataFrame:
    names = ("referral_id", "student_id", "received_at", "closed_on", "closure_reason")
    return columns(row.to_frame().T, *names)


def on_weekday(
    caseload: Caseload, span: Span, verdict: pd.Series, *, event: str, weekday: str
) -> Evidence:
    """The events and their weekdays."""
    rows = of_events(caseload, verdict, event)
    rows = rows.assign(weekday=rows["occurred_at"].dt.day_name())
    name = pd.Timestamp("2024-01-01") + pd.Timedelta(days=_DAYS.index(weekday))
    good, held = int(verdict["observed"]), int(verdict["limit"])
    told = f"{capital(said(event))}: {good} of {held} on a {name:%A}."
    change = "" if verdict["status"] == "met" else f"Every {said(event)} on a {name:%A}."
    return Evidence(rows, told, change)


_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def by_announced_date(
    caseload: Caseload,
    span: Span,
    verdict: pd.Series,
    *,
    request: str,
    consulted: str,
    submitted: str,
    announced: str,
) -> Evidence:
    """The request, what was done about it, and the date that was announced."""
    rows = of_events(caseload, verdict, request, consulted, submitted, announced)
    if pd.isna(verdict["period_end"]):
        told = f"No {said(announced)} after the {said(request)} is on record."
        return Evidence(rows, told, f"Record the {said(announced)}.")
    deadline = date(verdict["period_end"])
    told = (
        f"After the {said(request)}, this is asked by {deadline}: {said(submitted)}, with a"
        f" {said(consulted)} before it. {int(verdict['observed'])} of 1 in time."
    )
    change = f"Still asked by {deadline}: {said(submitted)}, after a {said(consulted)}."
    return Evidence(rows, told, "" if verdict["status"] == "met" else change)


def case_manager_assigned(caseload: Caseload, span: Span, verdict: pd.Series) -> Evidence:
    """The student's assignments, and the open days without one."""
    rows = caseload.tables["assignments"]
    rows = rows[rows["student_id"] == verdict["subject_id"]]
    bare = count(verdict["observed"], "open day")
    told = f"From {date(span.since)} to {date(span.as_of)}: {bare} without a case manager; 0 asked."
    change = "" if verdict["status"] == "met" else f"A case manager on {bare} more."
    return Evidence(columns(rows, "student_id", "staff_id", "start_date", "end_date"), told, change)


def assigned_at_new_site(caseload: Caseload, span: Span, verdict: pd.Series) -> Evidence:
    """The student's enrolments by site, and the case managers with theirs."""
    rows = caseload.tables["students"]
    rows = rows.sort_values("enrollment_start", kind="stable")
    mine = (rows["student_id"] == verdict["subject_id"]) & rows["site_id"].notna()
    mine &= (rows["program_id"] == verdict["program_id"]) & (
        days(rows["enrollment_start"]) <= span.as_of
    )
    moves = columns(rows[mine], "student_id", "enrollment_start", "enrollment_end", "site_id")
    held = held_assignments(caseload)
    left = moves["enrollment_end"].iloc[-1]
    last = span.as_of if pd.isna(left) else min(span.as_of, np.datetime64(left, "D"))
    held = held[(held["student_id"] == verdict["subject_id"]) & (held["end"] >= last)]
    held = held[held["start"] <= last]
    sites = held["site_id"].astype("object").fillna("a site not recorded")
    people = [f"{who} at {where}" for who, where in zip(held["staff_id"], sites, strict=True)]
    new = moves["site_id"].iloc[-1]
    told = f"The student was last at {new}; assigned to: {listed(people or ['nobody'], 'and')}."
    change = "" if verdict["status"] == "met" else f"A case manager who is based at {new}."
    return Evidence(moves, told, change)
