"""The clean caseload of Wyandotte case managers: IEP meetings and their steps, goals, reports."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.calendars import DAY, Calendar
from casekit.synth.contacts import one_a_week
from casekit.synth.draft import Draft

YEAR = np.timedelta64(345, "D")
# Steps before a meeting, and the days that they come before it; parties and details.
BEFORE: tuple[tuple[str, int, dict[str, str]], ...] = (
    ("iep_draft_started", 38, {}),
    ("meeting_invite", 24, {"party": "lea"}),
    ("meeting_invite", 24, {"party": "general_education"}),
    ("parents_contacted", 22, {"detail": "phone"}),
    ("iep_created_in_system", 19, {}),
    ("parents_contacted", 17, {"detail": "letter"}),
    ("student_invited", 12, {}),
    ("written_notice", 11, {"party": "parent_1"}),
    ("written_notice", 11, {"party": "parent_2"}),
    ("draft_shared", 5, {"party": "lea"}),
    ("draft_shared", 5, {"party": "parent"}),
    ("iep_meeting", 0, {}),
)
SUBMITTED, SIGNED, AMENDED = 4, 6, 15

Rows = list[dict[str, object]]


def add_ieps(draft: Draft, program: str) -> None:
    """Each student's meetings of last year and this one, with every step; goals, and reports."""
    calendar = draft.calendars[program]
    students = draft.of(program, "students")
    rows: Rows = []
    goals: Rows = []
    held = calendar.open_in(draft.as_of - 340 * DAY, draft.as_of)
    people = list(students.groupby("student_id"))
    signers = draft.managers(program)[:2]
    turns = draft.rng.permutation(len(people)).tolist()
    for turn, (student, stretches) in zip(turns, people, strict=True):
        who = {"student_id": student, "program_id": program}
        this = held[int((turn + 0.5) / len(people) * len(held))]
        last = calendar.open_days[np.searchsorted(calendar.open_days, this - YEAR)]
        left = stretches["enrollment_end"].iloc[-1]
        until = draft.as_of if pd.isna(left) else np.datetime64(left)
        due = {"event_type": "iep_due", "valid_until": last + 30 * DAY}
        rows.append({**who, **due, "occurred_at": last - 60 * DAY})
        meetings = [day for day in (last, this) if day <= until]
        for day in meetings:
            rows += _meeting(draft, calendar, who, day, signers)
        if pd.isna(left):
            rows += _planned(draft, calendar, who, this)
        if turn % 6 == 1:
            rows += _amended(calendar, who, this, until)
        rows += _reports(draft, calendar, who, stretches)
        goals += _goals(student, stretches, meetings)
    draft.add("events", sorted(rows, key=lambda row: str(row["occurred_at"])))
    draft.add("goals", goals)
    _measure(draft, program, pd.DataFrame(goals))


def _back(calendar: Calendar, day: np.datetime64) -> np.datetime64:
    """The last open day up to a day."""
    return calendar.open_days[np.searchsorted(calendar.open_days, day + DAY) - 1]


def _meeting(
    draft: Draft,
    calendar: Calendar,
    who: dict[str, object],
    day: np.datetime64,
    signers: list[str],
) -> Rows:
    """A meeting with the steps that lead up to it and follow it; of one long ago, just itself."""
    if day < draft.since:
        return [{**who, "event_type": "iep_meeting", "occurred_at": day}]
    rows: Rows = [
        {
            **who,
            "event_type": name,
            "occurred_at": _back(calendar, day - ahead * DAY) if ahead else day,
            **more,
        }
        for name, ahead, more in BEFORE
    ]
    submitted, signed = (calendar.school_days_after(day, n) for n in (SUBMITTED, SIGNED))
    rows.append({**who, "event_type": "iep_paperwork_submitted", "occurred_at": submitted})
    for signer in signers:
        named = {**who, "staff_id": signer}
        rows.append({**named, "event_type": "iep_signer_named", "occurred_at": day})
        rows.append({**named, "event_type": "iep_received_signed", "occurred_at": signed})
    return [row for row in rows if str(row["occurred_at"]) <= str(draft.as_of)]


def _planned(draft: Draft, calendar: Calendar, who: dict[str, object], this: np.datetime64) -> Rows:
    """The next meeting, where it is set for the weeks to come."""
    day = _back(calendar, this + YEAR)
    soon = draft.as_of < day <= draft.as_of + 120 * DAY
    return [{**who, "event_type": "iep_meeting", "occurred_at": day}] if soon else []


def _amended(
    calendar: Calendar, who: dict[str, object], this: np.datetime64, until: np.datetime64
) -> Rows:
    """Some weeks after the meeting the plan is to be changed, and the team meets again."""
    asked = calendar.school_days_after(this, AMENDED)
    steps = [("amendment_requested", 0), ("amendment_meeting", 4)]
    days = [asked if not n else calendar.school_days_after(asked, n) for _, n in steps]
    if days[-1] > until:
        return []
    return [
        {**who, "event_type": name, "occurred_at": day}
        for (name, _), day in zip(steps, days, strict=True)
    ]


def _reports(
    draft: Draft, calendar: Calendar, who: dict[str, object], stretches: pd.DataFrame
) -> Rows:
    """A progress report at the end of each grading period that the student is in."""
    days = [_back(calendar, last - 2 * DAY) for _, last in calendar.grading_periods]
    there = zip(
        stretches["enrollment_start"], stretches["enrollment_end"].fillna("9999"), strict=True
    )
    enrolled = [(day, first <= str(day) <= last) for first, last in there for day in days]
    return [
        {**who, "event_type": "progress_report", "occurred_at": day}
        for day, inside in enrolled
        if inside and draft.since <= day <= draft.as_of
    ]


def _goals(student: str, stretches: pd.DataFrame, meetings: list[np.datetime64]) -> Rows:
    """One goal from the first day on; for some, another from this year's meeting on."""
    name = f"G-{student.removeprefix('S-')}"
    first, left = stretches["enrollment_start"].iloc[0], stretches["enrollment_end"].iloc[-1]
    row = {"student_id": student, "end_date": None if pd.isna(left) else left}
    rows = [{**row, "goal_id": f"{name}-1", "start_date": first}]
    begun = [str(day) for day in meetings if str(day) > first]
    if begun and int(student[-1]) % 3 == 0:
        rows.append({**row, "goal_id": f"{name}-2", "start_date": begun[-1]})
    return rows


def _measure(draft: Draft, program: str, goals: pd.DataFrame) -> None:
    """Every goal is measured on a day of every week of school."""
    both = goals.merge(draft.of(program, "students"), on="student_id")
    first = both[["start_date", "enrollment_start"]].max(axis=1)
    measured = one_a_week(draft, program, first, both["enrollment_end"])
    value = draft.rng.integers(3, 11, len(measured))
    rows = both.iloc[measured["place"]][["student_id", "goal_id"]].reset_index(drop=True)
    rows = rows.assign(
        measured_on=measured["day"].astype("str").to_numpy(),
        value=[f"{number} of 10" for number in value],
    )
    draft.add("progress", rows.sort_values(["measured_on", "goal_id"], kind="stable"))
