"""Evidence for the kinds about plans, papers and reports."""

from __future__ import annotations

import pandas as pd

from casekit.caseload import Caseload
from casekit.kinds.evidence.shown import Evidence, columns, count, date, day
from casekit.kinds.rows import Span


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
    first = "No plan is on record."
    if len(plans):
        first = f"The first plan is of {date(plans['occurred_at'].iloc[0])}."
    return Evidence(
        plans,
        f"The plan was due by {deadline}, one term before the exit. {first}",
        "" if verdict["status"] == "met" else f"A plan dated {deadline} or earlier.",
    )


def annual_meeting(
    caseload: Caseload, span: Span, verdict: pd.Series, *, event: str, due: str
) -> Evidence:
    """The student's meetings and due dates, and the days between."""
    start, deadline = date(verdict["period_start"]), date(verdict["period_end"])
    over = int((day(span.as_of) - day(verdict["period_end"])).astype(int))
    late = int(verdict["observed"] - verdict["limit"])
    change = {
        "not_met": f"A meeting {count(late, 'day')} sooner.",
        "due": f"A meeting by {deadline}, {count(-over, 'day')} from now.",
    }.get(str(verdict["status"]), "")
    return Evidence(
        _events(caseload, verdict, event, due),
        f"The meeting of {start} asks for another by {deadline}; {int(verdict['observed'])} days"
        f" had gone by of {int(verdict['limit'])}.",
        change,
    )


def provided_to(
    caseload: Caseload, span: Span, verdict: pd.Series, *, event: str, parties: tuple[str, ...]
) -> Evidence:
    """To whom the paper was given."""
    rows = _events(caseload, verdict, event)
    given = set(rows["party"].dropna())
    missing = [party for party in parties if party not in given]
    done = verdict["status"] == "met"
    return Evidence(
        rows,
        f"Given to {int(verdict['observed'])} of {len(parties)}: {', '.join(parties)}.",
        "" if done else f"Give a current one to {', '.join(missing or parties)}.",
    )


def fortnightly_report(
    caseload: Caseload, span: Span, verdict: pd.Series, *, event: str
) -> Evidence:
    """The reports of the fortnight."""
    rows = _events(caseload, verdict, event)
    inside = (rows["occurred_at"] >= verdict["period_start"]) & (
        rows["occurred_at"] < verdict["period_end"] + pd.Timedelta(days=1)
    )
    rows = rows[inside].reset_index(drop=True)
    asked = "A report to the student's school in these two weeks."
    return Evidence(
        rows,
        f"From {date(verdict['period_start'])} to {date(verdict['period_end'])}:"
        f" {count(len(rows), 'report')} on record; one to the student's school is asked.",
        "" if verdict["status"] == "met" else asked,
    )


def documented(caseload: Caseload, span: Span, verdict: pd.Series, *, event: str) -> Evidence:
    """The events on file."""
    name = event.replace("_", " ")
    return Evidence(
        _events(caseload, verdict, event),
        f"{count(int(verdict['observed']), name)} on file in the span; one is asked by"
        f" {date(verdict['period_end'])}.",
        "" if verdict["status"] == "met" else f"One {name} on file.",
    )


def forwarded_by_due(
    caseload: Caseload, span: Span, verdict: pd.Series, *, due: str, forwarded: str
) -> Evidence:
    """The due dates and the reports forwarded."""
    deadline = date(verdict["period_end"])
    done = "was" if verdict["status"] == "met" else "was not"
    return Evidence(
        _events(caseload, verdict, due, forwarded),
        f"A report was due by {deadline}; one {done} forwarded to the school by then.",
        "" if verdict["status"] == "met" else f"A report forwarded by {deadline}.",
    )
