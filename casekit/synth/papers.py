"""The clean caseload's papers: FLO's plans, timetables and reports, and every program's answers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK, monday
from casekit.catalog import load
from casekit.synth.draft import DSPC, FLO, OPEN_DOORS, SD42, STANDARDS, WYANDOTTE, Draft
from casekit.synth.students import PLAN_AHEAD

FAR = "9999-12-31"
PARTIES = ("student", "family", "school")


def add_events(draft: Draft, program: str) -> None:
    """Every event that FLO asks for, in time."""
    students = draft.of(program, "students")
    schools = sorted(students["school_id"].unique())
    rows = [*_student_events(draft, program, students), *_school_events(draft, program, schools)]
    draft.add("events", sorted(rows, key=lambda row: str(row["occurred_at"])))


def _student_events(draft: Draft, program: str, students: pd.DataFrame) -> list[dict[str, object]]:
    """A timetable on the first day, a review in each term, a plan half a year before an exit."""
    reviews = [end - np.timedelta64(8, "D") for _, end in draft.calendars[program].terms]
    reviews = [day for day in reviews if draft.since <= day <= draft.as_of]
    rows: list[dict[str, object]] = []
    for row in students.itertuples(index=False):
        start = row.enrollment_start
        end = FAR if pd.isna(row.enrollment_end) else row.enrollment_end
        who = {"student_id": row.student_id, "program_id": program}
        if start <= str(draft.as_of):
            given = {**who, "event_type": "timetable_provided", "occurred_at": start}
            rows += [{**given, "party": party} for party in PARTIES]
        held = [day for day in reviews if start <= str(day) <= end]
        rows += [{**who, "event_type": "progress_review", "occurred_at": day} for day in held]
        # Of those who plan to leave at the end of the year, some have a plan already.
        early = pd.notna(row.planned_exit_date) and int(row.student_id[-1]) % 2
        leaves = draft.as_of if early else np.datetime64(end)
        if early or end != FAR:
            made = leaves - PLAN_AHEAD
            rows.append({**who, "event_type": "transition_plan", "occurred_at": made})
    return rows


def _school_events(draft: Draft, program: str, schools: list[str]) -> list[dict[str, object]]:
    """A report to each school each fortnight, and one before the end of each term."""
    rows: list[dict[str, object]] = []
    for first, last in draft.calendars[program].terms:
        fortnights = np.arange(monday(first), last, 2 * WEEK) + np.timedelta64(3, "D")
        sent = [day for day in fortnights if draft.since <= day <= draft.as_of]
        due = last - WEEK
        for school in schools:
            to = {"program_id": program, "party": school}
            rows += [
                {**to, "event_type": "communication_report", "occurred_at": day} for day in sent
            ]
            if not draft.since <= due <= draft.as_of + 6 * WEEK:
                continue
            rows.append({**to, "event_type": "term_report_due", "occurred_at": due})
            forwarded = due - np.timedelta64(3, "D")
            if forwarded <= draft.as_of:
                rows.append({**to, "event_type": "term_report_forwarded", "occurred_at": forwarded})
    return rows


def add_attestations(draft: Draft) -> None:
    """A yes, with evidence, to every requirement that no table can show."""
    assessed = draft.as_of - np.timedelta64(30, "D")
    for standard in STANDARDS:
        asked = [r.id for r in load(standard).requirements.values() if r.attested]
        for program in draft.held_to(standard):
            draft.add(
                "attestations",
                [
                    {
                        "program_id": program,
                        "requirement_id": requirement,
                        "answer": "yes",
                        "evidence": f"Sample folder {number + 1}",
                        "assessed_on": assessed,
                        "assessor": "Sample Assessor",
                    }
                    for number, requirement in enumerate(asked)
                ],
            )


# What differs from yes: in how many of a hundred answers, and the evidence that is given.
OTHER_ANSWERS = [
    (8, "partly", "Begun, not yet finished"),
    (4, "no", None),
    (3, "not_applicable", "The program does not offer this"),
]
MISSING = 5
CONTRADICTED = {
    OPEN_DOORS: "weekly_contact",
    FLO: "case_notes",
    DSPC: "face_sheet_contacts",
    SD42: "consent_before_exchange",
    WYANDOTTE: "goals_weekly",
}


def mix_answers(draft: Draft, standard: str, programs: list[str]) -> None:
    """Some answers that are not yes, some missing, and one yes that the data speak against."""
    rows = draft.tables["attestations"]
    here = rows["program_id"].isin(programs).to_numpy()
    roll = draft.rng.integers(0, 100, len(rows))
    for share, answer, evidence in OTHER_ANSWERS:
        chosen = here & (roll >= 0) & (roll < share)
        draft.edit("attestations", pd.Series(chosen), answer=answer, evidence=evidence)
        roll = roll - share
    draft.drop("attestations", pd.Series(here & (roll >= 0) & (roll < MISSING)))
    contradicted = {
        "program_id": programs[0],
        "requirement_id": f"{standard}.{CONTRADICTED[standard]}",
        "answer": "yes",
        "evidence": "Said in the staff meeting",
        "assessed_on": draft.as_of - 30 * DAY,
        "assessor": "Sample Assessor",
    }
    draft.add("attestations", [contradicted])
