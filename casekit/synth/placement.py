"""The clean caseload of case management after a placement committee's decision.

The committee meets on Wednesdays. Each student it sends is one referral, in one of the WAYS; what
lies after the last day of the records is still to come.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK, Calendar, weekday
from casekit.synth.draft import Draft

# How cases go, in turn: kept for a grading period and closed, sent back to the committee (some
# with an appeal), still open, ended by the parents' refusal or by a move.
WAYS = (
    *("satisfactory", "referred_back", "open", "refused", "satisfactory", "appealed"),
    *("open", "withdrawn", "satisfactory", "referred_back", "open", "satisfactory"),
)
# Steps and the open days that they take place after the referral; parties where there are any.
BEGUN = (
    ("committee_recommendation", 0),
    ("dspc_notified", 0),
    ("face_sheet_completed", 1),
    ("face_sheet_sent", 2),
    ("parent_notified", 3),
    ("administrator_consulted", 4),
)
REFUSED = (
    ("parent_refused", 5),
    ("placement_specialist_notified", 6),
    ("dspc_worker_notified", 6),
)
SERVED = (
    ("services_meeting student", 7),
    ("services_meeting parent", 7),
    ("student_contract", 8),
    ("parent_contract", 8),
)
SENT_BACK = (
    ("violation", 25),
    ("administrator_consulted", 25),
    ("referral_back_discussed", 27),
    ("referral_back_approved", 29),
    ("parents_informed", 30),
    ("packet_completed", 33),
    ("hearing_scheduled", 34),
    ("parents_told_of_result_route", 34),
)
APPEALED = (("appeal_requested", 46), ("appeal_scheduled", 47))
STEPS = {
    "open": (*BEGUN, *SERVED),
    "satisfactory": (*BEGUN, *SERVED),
    "withdrawn": (*BEGUN, *SERVED),
    "refused": (*BEGUN, *REFUSED),
    "referred_back": (*BEGUN, *SERVED, *SENT_BACK),
    "appealed": (*BEGUN, *SERVED, *SENT_BACK, *APPEALED),
}
CLOSED_AFTER = {"refused": 7, "withdrawn": 40, "referred_back": 48, "appealed": 52}
HEARD_AFTER, MOVED_AFTER = 38, 20


@dataclass(frozen=True)
class Case:
    """A referral that goes one of the WAYS: the Wednesday it came in, and its open days."""

    way: str
    received: np.datetime64
    calendar: Calendar

    def after(self, count: int) -> np.datetime64:
        """The count-th open day after the referral."""
        return self.calendar.school_days_after(self.received, count) if count else self.received

    @property
    def closed(self) -> np.datetime64:
        """The day the case is closed; NaT while nothing is said of that."""
        if self.way in CLOSED_AFTER:
            return self.after(CLOSED_AFTER[self.way])
        periods = self.calendar.grading_periods
        whole = periods[periods[:, 0] >= self.received]
        return whole[0, 1] if self.way == "satisfactory" else np.datetime64("NaT", "D")

    @property
    def reason(self) -> str:
        return "referred_back" if self.way == "appealed" else self.way

    def steps(self) -> list[tuple[str, np.datetime64]]:
        """Each step, with its party where it has one, and its day."""
        told = [(name, self.after(count)) for name, count in STEPS[self.way]]
        if self.way in ("referred_back", "appealed"):
            opened = self.calendar.open_days[self.calendar.open_days >= self.after(HEARD_AFTER)]
            told.append(("hearing", opened[weekday(opened) == 2][0]))
        return told


Rows = list[dict[str, object]]


def add_placements(draft: Draft, program: str, size: int) -> None:
    """The students of a program, their referrals, and every step that was taken by now."""
    calendar = draft.calendars[program]
    opened = calendar.open_in(draft.since - 3 * WEEK, draft.as_of)
    wednesdays = opened[weekday(opened) == 2]
    received = wednesdays[np.linspace(0, len(wednesdays) - 1, size).astype(int)]
    earlier = len(draft.tables["referrals"])
    students: Rows = []
    referrals: Rows = []
    events: Rows = []
    for index, day in enumerate(received):
        case = Case(WAYS[index % len(WAYS)], day, calendar)
        ended: dict[str, Any] = {"closed_on": None, "closure_reason": None}
        if case.closed <= draft.as_of:
            ended = {"closed_on": case.closed, "closure_reason": case.reason}
        student = _student(draft, program, index)
        students += _enrolments(draft, case, student, index, **ended)
        who = {"student_id": student["student_id"], "program_id": program}
        who["referral_id"] = f"R-{earlier + index + 1:03d}"
        known = {"received_at": day, "source": "placement committee"}
        referrals.append({**who, **known, **ended})
        events += [{**who, **step} for step in _taken(case, draft.as_of)]
    draft.add("students", students)
    draft.add("referrals", referrals)
    draft.add("events", events)


def _student(draft: Draft, program: str, index: int) -> dict[str, object]:
    number = program.removeprefix("P-")
    return {
        "student_id": f"S-{number}-{index + 1:03d}",
        "program_id": program,
        "student_name": f"Sample Student {number}-{index + 1:03d}",
        "birth_date": draft.since - int(draft.rng.integers(12 * 365, 18 * 365)) * DAY,
        "grade_level": str(6 + index % 7),
        "site_id": f"Site-{number}-{'AB'[index % 2]}",
        "school_id": f"School-{number}-{'AB'[index % 2]}",
        "exceptional_or_504": "yes" if index % 4 == 1 else "no",
        "parents": 1 if index % 5 == 0 else 2,
    }


def _enrolments(
    draft: Draft,
    case: Case,
    student: dict[str, object],
    index: int,
    closed_on: np.datetime64 | None,
    closure_reason: str | None,
) -> Rows:
    """Enrolled from the referral until the case is closed; some move to the other site."""
    row = {**student, "enrollment_start": case.received, "enrollment_end": closed_on}
    row["exit_reason"] = closure_reason
    moved = case.after(MOVED_AFTER)
    if index % 8 != 4 or moved >= (draft.as_of if closed_on is None else closed_on):
        return [row]
    other = f"{str(row['site_id'])[:-1]}{'BA'[index % 2]}"
    return [
        {**row, "enrollment_end": moved - DAY, "exit_reason": "moved"},
        {**row, "enrollment_start": moved, "site_id": other},
    ]


def _taken(case: Case, as_of: np.datetime64) -> Rows:
    """The steps of a case that were taken by now, in order of day."""
    rows: Rows = []
    for step, day in sorted(case.steps(), key=lambda step: step[1]):
        name, _, party = step.partition(" ")
        said = {"party": party or None, "detail": "level 3" if name == "violation" else None}
        rows += [{"event_type": name, "occurred_at": day, **said}] if day <= as_of else []
    return rows


def add_site_assignments(draft: Draft, program: str) -> None:
    """Each student is with a social worker of the site, at the new one too after a move."""
    staff = draft.case_managers(program)
    staff = staff[staff["staff_id"].isin(draft.managers(program))]
    at = {site: rows["staff_id"].tolist() for site, rows in staff.groupby("site_id")}
    rows = []
    for turn, row in enumerate(draft.of(program, "students").itertuples(index=False)):
        workers = at[row.site_id]
        edges = {"start_date": row.enrollment_start, "end_date": row.enrollment_end}
        who = {"student_id": row.student_id, "staff_id": workers[turn % len(workers)]}
        rows.append({**who, **edges})
    draft.add("assignments", rows)


CONTACTS = (
    ("in_person", "two_way", "site", "student"),
    ("phone", "two_way", "online", "parent"),
    ("in_person", "two_way", "site", "student;teacher"),
    ("email", "one_way", "online", "teacher"),
)
STYLE = ("mode", "direction", "setting", "participants")


def add_face_sheet_contacts(draft: Draft, program: str) -> None:
    """A contact every other week while a case is open, each on the face sheet."""
    assigned = draft.tables["assignments"].merge(draft.of(program, "students")[["student_id"]])
    rows = []
    for row in assigned.drop_duplicates().itertuples(index=False):
        last = str(draft.as_of) if pd.isna(row.end_date) else row.end_date
        days = draft.open_days(program)
        days = days[(days > np.datetime64(row.start_date)) & (days <= np.datetime64(last))][2::10]
        for turn, day in enumerate(days):
            style = dict(zip(STYLE, CONTACTS[turn % len(CONTACTS)], strict=True))
            who = {"student_id": row.student_id, "staff_id": row.staff_id, "occurred_at": day}
            rows.append({**who, **style, "duration_minutes": 15 + 5 * (turn % 4)})
    shown = {"outcome": "completed", "has_notes": "yes", "on_face_sheet": "yes"}
    rows.sort(key=lambda row: (row["occurred_at"], row["student_id"]))
    draft.add("contacts", [{**row, **shown} for row in rows])
