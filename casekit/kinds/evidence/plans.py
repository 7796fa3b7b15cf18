"""Evidence for the kinds about plans, papers and reports."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.caseload import Caseload, days
from casekit.kinds.evidence.shown import Evidence, columns, day, listed, of_events, said
from casekit.kinds.plans import held_by
from casekit.kinds.rows import Span
from casekit.phrases import capital, count, date


def plan_before_exit(caseload: Caseload, span: Span, verdict: pd.Series, *, event: str) -> Evidence:
    """The exit, its deadline one term before, and the plans on record."""
    deadline = date(verdict["period_end"])
    plans = of_events(caseload, verdict, event)
    first = "no plan is on record"
    if len(plans):
        first = f"the first plan on record is of {date(plans['occurred_at'].iloc[0])}"
    return Evidence(
        plans,
        f"A plan is asked by {deadline}, one term before the exit; {first}.",
        "" if verdict["status"] == "met" else f"A plan dated {deadline} or earlier.",
    )


def on_file(
    caseload: Caseload,
    span: Span,
    verdict: pd.Series,
    *,
    event: str,
    parties: tuple[str, ...] = (),
    any_time: bool = False,
    validity: str = "unless_expired",
) -> Evidence:
    """The papers on file, for whom, and which of them still hold."""
    rows = of_events(caseload, verdict, event)
    papers = held_by(caseload, span, event, any_time, validity)
    mine = papers["program_id"] == verdict["program_id"]
    mine &= (papers["student_id"] == verdict["subject_id"]) & papers["good"]
    change = ""
    if parties:
        having = set(papers.loc[mine, "party"].dropna())
        missing = [party for party in parties if party not in having]
        told = (
            f"Asked for {listed(parties, 'and')}; {len(parties) - len(missing)} of the"
            f" {len(parties)} surely hold a current one."
        )
        if missing:
            change = f"A current one for {listed([f'the {party}' for party in missing], 'and')}."
    else:
        told = f"One that {_HOLDS[validity]} is asked: {said(event)}. {int(mine.sum())} on record."
        if verdict["status"] != "met":
            change = f"Still asked: {said(event)} that {_HOLDS[validity]}."
    if verdict["status"] == "cannot_tell":
        change = "Record to whom each of them was given."
        if validity == "must_be_dated":
            change = "Record until when each of them holds."
    return Evidence(rows, told, change)


_HOLDS = {"unless_expired": "still holds", "must_be_dated": "still holds", "any": "is filed"}


def each_period(
    caseload: Caseload,
    span: Span,
    verdict: pd.Series,
    *,
    event: str,
    period: str,
    school_days_after: int = 0,
    whole: bool = True,
    to_school: bool = False,
) -> Evidence:
    """The period's events of the student, or of the student's school."""
    rows = of_events(caseload, verdict, event)
    if to_school:
        rows = _to_school(caseload, verdict, rows)
    first, last = day(verdict["period_start"]), day(verdict["period_end"])
    sent = days(rows["occurred_at"])
    rows = rows[(sent >= first) & (sent <= span.as_of)].reset_index(drop=True)
    found = int((~(days(rows["occurred_at"]) > last)).sum())
    name, whose = said(event), " to the student's school" if to_school else ""
    one = f"Still asked: {name}{whose}"
    change = {
        "not_met": f"{one}, from {date(first)} to {date(last)}.",
        "due": f"{one}, by {date(last)}.",
        "cannot_tell": "Record the student's school, and to which school each report went.",
    }.get(str(verdict["status"]), "")
    if np.isnat(last):
        change = "Add the days after it to the calendar."
    until = f" to {date(last)}" if not np.isnat(last) else ""
    return Evidence(
        rows,
        f"From {date(first)}{until} one is asked: {name}{whose}. {found} on record.",
        "" if verdict["status"] == "met" else change,
    )


def goals_measured(caseload: Caseload, span: Span, verdict: pd.Series, *, weeks: int) -> Evidence:
    """The goal's measurements in the period."""
    rows = caseload.tables["progress"]
    student, _, goal = str(verdict["subject_id"]).rpartition("/")
    named = rows["goal_id"].astype("object")
    mine = named == verdict["subject_id"]
    mine |= (named == goal) & (rows["student_id"].astype("object") == student)
    first, last = day(verdict["period_start"]), day(verdict["period_end"])
    when = days(rows["measured_on"])
    rows = rows[mine.to_numpy() & (when >= first) & (when <= min(last, span.as_of))]
    asked = f"from {date(first)} to {date(last)}"
    return Evidence(
        columns(rows, "student_id", "goal_id", "measured_on", "value"),
        f"{capital(count(len(rows), 'measurement'))} of the goal {asked}; one is asked.",
        "" if verdict["status"] == "met" else f"One measurement {asked}.",
    )


def _to_school(caseload: Caseload, verdict: pd.Series, rows: pd.DataFrame) -> pd.DataFrame:
    """The events whose party is the student's school."""
    students = caseload.tables["students"]
    mine = students["student_id"] == verdict["subject_id"]
    return rows[rows["party"].isin(set(students.loc[mine, "school_id"].dropna()))]


def documented(caseload: Caseload, span: Span, verdict: pd.Series, *, event: str) -> Evidence:
    """The events on file."""
    name = event.replace("_", " ")
    found = int(verdict["observed"])
    on_file = f"{count(found, name)} on file" if found else f"No {name} is on file"
    by = "" if pd.isna(verdict["period_end"]) else f" by {date(verdict['period_end'])}"
    return Evidence(
        of_events(caseload, verdict, event),
        f"{on_file} in the span; one is asked{by}.",
        "" if verdict["status"] == "met" else f"One {name} on file.",
    )


def forwarded_by_due(
    caseload: Caseload, span: Span, verdict: pd.Series, *, due: str, forwarded: str
) -> Evidence:
    """The due dates of the student's school, and the reports forwarded to it."""
    deadline = date(verdict["period_end"])
    sent = {
        "met": "one was sent to the school by then",
        "due": "none has been sent to the school yet",
    }.get(str(verdict["status"]), "none was sent to the school by then")
    return Evidence(
        _to_school(caseload, verdict, of_events(caseload, verdict, due, forwarded)),
        f"A report is asked by {deadline}; {sent}.",
        "" if verdict["status"] == "met" else f"A report to the school by {deadline}.",
    )
