"""The way back from a student's next meeting: what has to be there by when, and what is open.

The steps and their days are those of the standard's own requirements (the kinds `meeting_step`,
`meeting_before_due` and `annual_meeting`). A plan names a student, so it stays with the program.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from casekit.calendars import Days
from casekit.caseload import FAR, NEVER, Caseload, days, with_tables
from casekit.catalog import Requirement
from casekit.evaluate import judge, waived
from casekit.findings import Evaluation
from casekit.kinds.evidence import EVIDENCE
from casekit.kinds.meetings import meetings
from casekit.kinds.rows import Span, enrolled_on
from casekit.phrases import date
from casekit.summaries import requirements_of_kind
from casekit.upcoming import Entry

YEARLY, AHEAD, STEP = "annual_meeting", "meeting_before_due", "meeting_step"
STUDENT_COLUMNS = ("student_id", "meeting", "held", "due_on", "hold_by", "planned")
STEP_COLUMNS = ("last_day", "title", "state", "told", "citation")


def plans_meetings(evaluation: Evaluation, program: str) -> bool:
    """Whether a standard of the program sets steps towards a meeting."""
    return bool(requirements_of_kind(evaluation, program, STEP, AHEAD, YEARLY))


def meetings_ahead(evaluation: Evaluation, program: str) -> pd.DataFrame:
    """The next meeting of each student who is enrolled on as_of, the one due first on top.

    Columns STUDENT_COLUMNS: meeting (the type of event), held (the last one), due_on (the last
    day by the yearly rule), hold_by (the day by which the standard wants it held), planned (the
    day of one that is planned). A day is NaT where there is none.
    """
    found = [_ahead(evaluation, program, kind) for kind in _meeting_types(evaluation, program)]
    rows = pd.concat(found) if found else pd.DataFrame(columns=list(STUDENT_COLUMNS))
    return rows.sort_values(["due_on", "student_id"], kind="stable").reset_index(drop=True)


def _meeting_types(evaluation: Evaluation, program: str) -> list[str]:
    """The types of meeting that the program's standards speak of."""
    asked = requirements_of_kind(evaluation, program, STEP, AHEAD, YEARLY)
    return list(dict.fromkeys(_meeting(requirement) for requirement in asked))


def _meeting(requirement: Requirement) -> str:
    name = "event" if requirement.kind == YEARLY else "meeting"
    return str(requirement.settings[name])


def _about(evaluation: Evaluation, program: str, meeting: str, kind: str) -> list[Requirement]:
    asked = requirements_of_kind(evaluation, program, kind)
    return [requirement for requirement in asked if _meeting(requirement) == meeting]


def _ahead(evaluation: Evaluation, program: str, meeting: str) -> pd.DataFrame:
    """The rows of `meetings_ahead` for one type of meeting."""
    caseload, span = evaluation.caseload, evaluation.spans[program]
    here = replace(span, programs=(program,), until=FAR)
    every = meetings(caseload, here, meeting)
    planned = every[every["planned"]].drop_duplicates("student_id").set_index("student_id")["day"]
    rules = [rule.id for rule in _about(evaluation, program, meeting, YEARLY)]
    rows = evaluation.verdicts
    rows = rows[(rows["program_id"] == program) & rows["requirement_id"].isin(rules)]
    rows = rows[rows["subject_type"] == "student"].sort_values("period_start", kind="stable")
    # Whose last meeting asks for another one: of an enrolment that is over it does not.
    last = rows.drop_duplicates("subject_id", keep="last").set_index("subject_id")
    last = last[last["status"].isin(["due", "not_met"])]
    students = sorted({*last.index.astype(str), *planned.index.astype(str)})
    due_on = last["period_end"].reindex(students)
    margins = [rule.settings["days_before"] for rule in _about(evaluation, program, meeting, AHEAD)]
    found = pd.DataFrame(
        {
            "student_id": students,
            "meeting": meeting,
            "held": last["period_start"].reindex(students).to_numpy(),
            "due_on": due_on.to_numpy(),
            "hold_by": (due_on - pd.Timedelta(days=max(margins, default=0))).to_numpy(),  # type: ignore[type-var]
            "planned": planned.reindex(students).to_numpy(),
        }
    )
    people = found.assign(program_id=program, day=np.datetime64(span.as_of, "s"))
    return found[enrolled_on(caseload, here, people)]


@dataclass(frozen=True)
class BackPlan:
    """The steps towards one meeting and after it.

    day    the day it is planned for, or else the last one on which it may be held
    steps  columns STEP_COLUMNS, in order of their days: last_day (NaT where the calendar does not
           reach it), title, state (done, open, overdue, unknown, not asked), told (what is still
           asked, or why it is not), citation
    """

    student: str
    meeting: str
    day: Days
    steps: pd.DataFrame


def last_day_for(row: pd.Series, as_of: Days) -> Days:
    """The day a meeting is planned for; else the last on which it may be held, as_of at least."""
    planned, *others = (
        NEVER if pd.isna(row[name]) else np.datetime64(row[name], "D")
        for name in ("planned", "hold_by", "due_on")
    )
    ahead = [day for day in others if day >= as_of]
    return next((day for day in [planned, *ahead] if not np.isnat(day)), as_of)


def back_plan(
    evaluation: Evaluation, program: str, student: str, meeting: str, day: Days
) -> BackPlan:
    """The plan of a student's meeting on a day.

    The requirements are judged as though that day had come with nothing more done than is on
    record up to as_of: what is met is done, what is not met is still open.
    """
    alone = _with_meeting(evaluation, program, student, meeting, day)
    span = evaluation.spans[program]
    there = replace(span, programs=(program,), as_of=day, until=day)
    found = []
    for rule in _about(evaluation, program, meeting, STEP):
        standard = evaluation.standards[rule.standard]
        rows = waived(judge(rule, alone, there), standard.waivers.get(rule.id), day)
        rows = rows[days(rows["period_start"]) == day]
        found += [_step(alone, there, rule, row, span.as_of) for _, row in rows.iterrows()]
    steps = pd.DataFrame(found, columns=list(STEP_COLUMNS))
    steps["last_day"] = pd.to_datetime(steps["last_day"])
    return BackPlan(student, meeting, day, steps.sort_values("last_day", kind="stable"))


def _with_meeting(
    evaluation: Evaluation, program: str, student: str, meeting: str, day: Days
) -> Caseload:
    """The caseload of one student, as on record, with the next meeting on a day."""
    tables, as_of = evaluation.caseload.tables, evaluation.spans[program].as_of
    events = tables["events"]
    events = events[(events["student_id"] == student).to_numpy()]
    next_one = events[(events["event_type"] == meeting).to_numpy()].tail(1)
    when = pd.Series([pd.Timestamp(day)], next_one.index).astype(events["occurred_at"].dtype)
    known = events[days(events["occurred_at"]) <= as_of]
    students = tables["students"]
    return with_tables(
        evaluation.caseload,
        students=students[(students["student_id"] == student).to_numpy()],
        events=pd.concat([known, next_one.assign(occurred_at=when)], ignore_index=True),
    )


def _step(alone: Caseload, span: Span, rule: Requirement, row: pd.Series, as_of: Days) -> tuple:
    """One row of a plan's steps."""
    last_day, status = row["period_end"], str(row["status"])
    late = pd.notna(last_day) and last_day < pd.Timestamp(as_of)
    states = {"met": "done", "not_applicable": "not asked", "cannot_tell": "unknown"}
    state = states.get(status, "overdue" if late else "open")
    told = str(row["reason"])
    if state in ("open", "overdue"):
        told = EVIDENCE[rule.kind](alone, span, row, **rule.settings).change
    return last_day, rule.title, state, told, rule.citation


def plan_entries(plan: BackPlan, program: str) -> list[Entry]:
    """The steps that are still open as entries of a calendar; of the student, only the id."""
    todo = plan.steps[
        plan.steps["state"].isin(["open", "overdue"]) & plan.steps["last_day"].notna()
    ]
    held = f"for the meeting of student {plan.student} on {date(plan.day)}"
    return [
        Entry(
            f"{hashlib.sha256(f'{program}|{plan.student}|{row.title}'.encode()).hexdigest()[:32]}"
            "@casekit",
            row.last_day.date(),
            f"{row.title} (student {plan.student})",
            f"{row.told} This is {held}. Asked by: {row.citation}",
        )
        for row in todo.itertuples()
    ]
