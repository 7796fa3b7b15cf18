"""Evidence for the kinds about plans, papers and reports."""

from __future__ import annotations

import pandas as pd

from casekit.caseload import Caseload, days
from casekit.kinds.evidence.shown import Evidence, columns, day, listed
from casekit.kinds.plans import held_by
from casekit.kinds.rows import Span
from casekit.phrases import count, date


def _events(caseload: Caseload, verdict: pd.Series, *types: str) -> pd.DataFrame:
    """Events of these types about the student, or about no student in particular."""
    rows = caseload.tables["events"]
    mine = (rows["student_id"] == verdict["subject_id"]) | rows["student_id"].isna()
    rows = rows[mine & rows["event_type"].isin(types)].sort_values("occurred_at", kind="stable")
    return columns(rows, "event_type", "occurred_at", "student_id", "party", "valid_until")


def plan_before_exit(caseload: Caseload, span: Span, verdict: pd.Series, *, event: str) -> Evidence:
    """The exit, its deadline one term before, and the plans on record."""
    deadline = date(verdict["period_end"])
    plans = _events(caseload, verdict, event)
    first = "no plan is on record"
    if len(plans):
        first = f"the first plan on record is of {date(plans['occurred_at'].iloc[0])}"
    return Evidence(
        plans,
        f"A plan is asked by {deadline}, one term before the exit; {first}.",
        "" if verdict["status"] == "met" else f"A plan dated {deadline} or earlier.",
    )


def annual_meeting(
    caseload: Caseload, span: Span, verdict: pd.Series, *, event: str, due: str
) -> Evidence:
    """The student's meetings and due dates, and the days between."""
    start, deadline = date(verdict["period_start"]), date(verdict["period_end"])
    rows = _events(caseload, verdict, event, due)
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


def provided_to(
    caseload: Caseload, span: Span, verdict: pd.Series, *, event: str, parties: tuple[str, ...]
) -> Evidence:
    """To whom the paper was given, and who holds one that is still good."""
    rows = _events(caseload, verdict, event)
    holding = held_by(caseload, span, event)
    mine = holding["program_id"] == verdict["program_id"]
    mine &= holding["student_id"] == verdict["subject_id"]
    having = set(holding.loc[mine, "party"].dropna())
    missing = [party for party in parties if party not in having]
    change = ""
    if missing:
        change = f"A current one for {listed([f'the {party}' for party in missing], 'and')}."
    if verdict["status"] == "cannot_tell":
        change = "Record to whom each of them was given."
    return Evidence(
        rows,
        f"Asked for {listed(parties, 'and')}; {len(parties) - len(missing)} of the {len(parties)}"
        " surely hold a current one.",
        change,
    )


def fortnightly_report(
    caseload: Caseload, span: Span, verdict: pd.Series, *, event: str
) -> Evidence:
    """The fortnight's reports to the student's school."""
    rows = _to_school(caseload, verdict, _events(caseload, verdict, event))
    first, last = day(verdict["period_start"]), day(verdict["period_end"])
    sent = days(rows["occurred_at"])
    rows = rows[(sent >= first) & (sent <= last)].reset_index(drop=True)
    change = {
        "not_met": "A report to the student's school in these two weeks.",
        "cannot_tell": "Record the student's school, and to which school each report went.",
    }.get(str(verdict["status"]), "")
    return Evidence(
        rows,
        f"From {date(first)} to {date(last)}: {count(len(rows), 'report')} to the student's school"
        " on record; one is asked.",
        change,
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
        _events(caseload, verdict, event),
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
        _to_school(caseload, verdict, _events(caseload, verdict, due, forwarded)),
        f"A report is asked by {deadline}; {sent}.",
        "" if verdict["status"] == "met" else f"A report to the school by {deadline}.",
    )
