"""Breaches of the Wyandotte expectations: IEP meetings and their steps, goals, and reports."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK, monday
from casekit.synth.breach import Breach, whole_span
from casekit.synth.draft import Draft, KeyRow

AHEAD, BEHIND = np.timedelta64(60, "D"), np.timedelta64(25, "D")
HALF_A_YEAR = np.timedelta64(182, "D")
FOURTEEN = np.timedelta64(14 * 366, "D")


def _meeting(draft: Draft, program: str, rule: str) -> tuple[str, np.datetime64] | None:
    """A student taken for no other breach, and the day of a meeting all of whose steps are over."""
    rows = draft.tables["events"][draft.events("iep_meeting", program_id=program)]
    rows = rows[rows["student_id"].isin(_asked(draft, program, rule))]
    first, last = str(draft.since + AHEAD), str(draft.as_of - BEHIND)
    held = rows[(rows["occurred_at"] >= first) & (rows["occurred_at"] <= last)]
    student = draft.take(held["student_id"].unique(), "student")
    if student is None:
        return None
    return student, np.datetime64(held.loc[held["student_id"] == student, "occurred_at"].iloc[-1])


def _asked(draft: Draft, program: str, rule: str) -> list[str]:
    """Students enrolled all the time, of whom a rule asks everything it can ask."""
    rows = draft.of(program, "students")
    rows = rows[rows["student_id"].isin(draft.stays(program))]
    if rule == "written_notice":
        rows = rows[rows["parents"] == "2"]
    if rule == "student_invited":
        rows = rows[rows["birth_date"] <= str(draft.since - FOURTEEN)]
    return rows["student_id"].tolist()


def _leading_up(draft: Draft, day: np.datetime64) -> pd.Series:
    """Which events lie before a meeting, and after the one of the year before."""
    when = draft.tables["events"]["occurred_at"]
    return (when > str(day - HALF_A_YEAR)) & (when <= str(day))


def step(
    rule: str,
    event_type: str,
    why: str,
    *,
    days_before: int | None = None,
    status: str = "not_met",
    where: dict[str, str] | None = None,
    **values: object,
) -> Breach:
    """A step of one meeting is missing, comes so few days before it, or says something else."""

    def breach(draft: Draft, program: str) -> list[KeyRow]:
        found = _meeting(draft, program, rule)
        if found is None:
            return []
        student, day = found
        mine = draft.events(event_type, student_id=student, **(where or {}))
        mine &= _leading_up(draft, day)
        if days_before is not None:
            draft.edit("events", mine, occurred_at=str(day - days_before * DAY))
        elif values:
            draft.edit("events", mine, **values)
        else:
            draft.drop("events", mine)
        return [KeyRow(f"ks_wyandotte.{rule}", program, student, str(day), status, why)]

    return breach


def submitted_late(draft: Draft, program: str) -> list[KeyRow]:
    """The paperwork goes in on the 12th school day after the meeting."""
    found = _meeting(draft, program, "paperwork_submitted")
    if found is None:
        return []
    student, day = found
    late = draft.calendars[program].school_days_after(day, 12)
    if late > draft.as_of:
        return []
    mine = draft.events("iep_paperwork_submitted", student_id=student)
    mine &= draft.tables["events"]["occurred_at"] > str(day)
    draft.edit("events", mine, occurred_at=str(late))
    why = f"submitted on {late}, the 12th school day after the meeting"
    return [KeyRow("ks_wyandotte.paperwork_submitted", program, student, str(day), "not_met", why)]


def _due(days: int, rules: tuple[str, ...], why: str) -> Breach:
    """By the due date on record, the meeting was so many days early (or late, below 0)."""

    def breach(draft: Draft, program: str) -> list[KeyRow]:
        found = _meeting(draft, program, rules[0])
        if found is None:
            return []
        student, day = found
        rows = draft.tables["events"][draft.events("iep_meeting", student_id=student)]
        last = rows.loc[rows["occurred_at"] < str(day), "occurred_at"].iloc[-1]
        due = {"event_type": "iep_due", "occurred_at": last, "valid_until": day + days * DAY}
        draft.add("events", [{"student_id": student, "program_id": program, **due}])
        start = {"meeting_before_due": str(day), "annual_meeting": last}
        return [
            KeyRow(f"ks_wyandotte.{rule}", program, student, start[rule], "not_met", why)
            for rule in rules
        ]

    return breach


def amended_without_meeting(draft: Draft, program: str) -> list[KeyRow]:
    """A change was asked for, and the next yearly meeting came without one about it."""
    found = _meeting(draft, program, "amendment_meeting")
    if found is None:
        return []
    student, day = found
    begun = draft.events("iep_draft_started", student_id=student) & _leading_up(draft, day)
    draft_day = np.datetime64(draft.tables["events"].loc[begun, "occurred_at"].iloc[0])
    opened = draft.calendars[program].open_days
    asked = opened[np.searchsorted(opened, draft_day) - 3]
    if asked < draft.since:
        return []
    for step in ("amendment_requested", "amendment_meeting"):
        draft.drop("events", draft.events(step, student_id=student))
    request = {"event_type": "amendment_requested", "occurred_at": asked}
    draft.add("events", [{"student_id": student, "program_id": program, **request}])
    why = f"a change asked for on {asked} was never met about"
    return [whole_span(draft, "ks_wyandotte.amendment_meeting", program, student, why)]


def never_signed(draft: Draft, program: str) -> list[KeyRow]:
    """One of the signers of a student who has left since never sent the plan back."""
    rows = draft.tables["events"]
    signed = rows[draft.events("iep_received_signed", program_id=program)]
    people = draft.of(program, "students").drop_duplicates("student_id", keep="last")
    left = people.loc[people["enrollment_end"].notna(), "student_id"]
    student = draft.take(signed.loc[signed["student_id"].isin(left), "student_id"], "student")
    if student is None:
        return []
    signer = signed.loc[signed["student_id"] == student, "staff_id"].iloc[-1]
    draft.drop("events", draft.events("iep_received_signed", student_id=student, staff_id=signer))
    why = f"{signer} was to sign, and the student left before that"
    return [whole_span(draft, "ks_wyandotte.received_signed", program, student, why)]


def period_without_report(draft: Draft, program: str) -> list[KeyRow]:
    """One student has no progress report in a grading period that is over."""
    calendar = draft.calendars[program]
    over = [
        (first, calendar.school_days_after(last, 10))
        for first, last in calendar.grading_periods
        if first >= draft.since and calendar.school_days_after(last, 10) < draft.as_of
    ]
    student = draft.take(draft.stays(program), "student")
    if student is None or not over:
        return []
    first, last = over[int(draft.rng.integers(len(over)))]
    when = draft.tables["events"]["occurred_at"]
    sent = draft.events("progress_report", student_id=student)
    draft.drop("events", sent & (when >= str(first)) & (when <= str(last)))
    why = "no report in this grading period, or within 10 school days after it"
    return [KeyRow("ks_wyandotte.progress_reports", program, student, str(first), "not_met", why)]


def unmeasured(weeks: int) -> Breach:
    """A goal is not measured in the first week of a fortnight, or in both its weeks."""

    def breach(draft: Draft, program: str) -> list[KeyRow]:
        goals, stays = draft.tables["goals"], draft.stays(program)
        first = goals[goals["student_id"].isin(stays) & goals["goal_id"].str.endswith("-1")]
        goal = draft.take(first["goal_id"], "goal")
        starts = _fortnights(draft, program)
        if goal is None or not starts:
            return []
        start = starts[int(draft.rng.integers(len(starts)))]
        rows = draft.tables["progress"]
        late = str(start + weeks * WEEK)
        within = (rows["measured_on"] >= str(start)) & (rows["measured_on"] < late)
        draft.drop("progress", (rows["goal_id"] == goal) & within)
        told = [("goals_weekly", start + week * WEEK) for week in range(weeks)]
        told += [("goals_every_two_weeks", start)] if weeks == 2 else []
        why = "not measured in this week" if weeks == 1 else "not measured in these two weeks"
        return [
            KeyRow(f"ks_wyandotte.{rule}", program, goal, str(day), "not_met", why)
            for rule, day in told
        ]

    return breach


def _fortnights(draft: Draft, program: str) -> list[np.datetime64]:
    """The first days of whole fortnights, school in both weeks, that no other fortnight touches."""
    terms = draft.calendars[program].terms
    every = np.unique(np.concatenate([np.arange(monday(a), b + DAY, 2 * WEEK) for a, b in terms]))
    asked = draft.whole_weeks(program, 1)
    near = np.abs(every[:, None] - every[None, :]) < 2 * WEEK
    return [
        start
        for start in every[near.sum(axis=1) == 1]
        if {str(start), str(start + WEEK)} <= set(asked)
    ]


TWO_WEEKS = "less than two weeks before the meeting"
WYANDOTTE_BREACHES: tuple[Breach, ...] = (
    unmeasured(1),
    unmeasured(2),
    step(
        "draft_begun_month_before",
        "iep_draft_started",
        "begun 20 days before the meeting",
        days_before=20,
    ),
    step(
        "created_two_weeks_before",
        "iep_created_in_system",
        f"created {TWO_WEEKS}",
        days_before=9,
    ),
    step("parents_contacted", "parents_contacted", f"first contacted {TWO_WEEKS}", days_before=10),
    step("contacted_in_two_ways", "parents_contacted", "both contacts were calls", detail="phone"),
    step(
        "contacted_in_two_ways",
        "parents_contacted",
        "how the second contact was made is empty",
        status="cannot_tell",
        where={"detail": "letter"},
        detail=None,
    ),
    step(
        "written_notice",
        "written_notice",
        "one of two parents had no written notice",
        where={"party": "parent_2"},
    ),
    step("student_invited", "student_invited", "14 or older, and not invited"),
    step(
        "meeting_invite",
        "meeting_invite",
        "the general education teacher was not invited",
        where={"party": "general_education"},
    ),
    step(
        "draft_shared",
        "draft_shared",
        "the parents saw the draft the day before",
        days_before=1,
        where={"party": "parent"},
    ),
    submitted_late,
    _due(5, ("meeting_before_due",), "held 5 days before the due date on record"),
    _due(-7, ("annual_meeting", "meeting_before_due"), "held a week after the due date on record"),
    amended_without_meeting,
    never_signed,
    period_without_report,
)
