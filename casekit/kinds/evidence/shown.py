"""Evidence: the rows, the arithmetic and the smallest change behind one verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from casekit.calendars import Days
from casekit.caseload import FAR, NEVER, Caseload, days
from casekit.phrases import date


@dataclass(frozen=True)
class Evidence:
    """What stands behind one verdict. It names people: it stays with the program.

    rows        the rows of data that decide it, with `file` and `row` where they were read.
    arithmetic  the sum, in words and numbers.
    change      the smallest change that would flip it; empty where nothing is to flip.
    """

    rows: pd.DataFrame
    arithmetic: str
    change: str


# Values of the tables that read badly with their underscores merely taken out.
_SAID = {
    "cert_iv_youth_work": "Certificate IV in Youth Work",
    "related": "a related field",
    "youth_at_risk_education": "work with young people at risk in a school setting",
    "lea": "LEA",
    "general_education": "general education",
    "parent_1": "first parent",
    "parent_2": "second parent",
}
# The types of event as nouns.
_EVENTS = {
    "administrator_consulted": "talk with the administrator",
    "adjudication_considered": "look at adjudication",
    "amendment_requested": "request to amend the IEP",
    "appeal_requested": "request to appeal",
    "appeal_scheduled": "appeal on the calendar",
    "confidential_report_copied": "copy of the report sent on",
    "confidential_report_filed": "filing of the report",
    "confidential_report_received": "new confidential report",
    "consent_given": "consent",
    "designation_deadline": "announced date",
    "designation_requested": "request for a designation",
    "designation_submitted": "sending of the request",
    "draft_shared": "draft shared",
    "dspc_notified": "notice to the DSPC",
    "dspc_worker_notified": "notice to the DSPC social worker",
    "face_sheet_completed": "completed face sheet",
    "face_sheet_sent": "sending of the face sheet",
    "hearing_scheduled": "hearing on the agenda",
    "iep_created_in_system": "IEP set up in the system",
    "iep_draft_started": "start on the IEP",
    "iep_due": "due date of the IEP",
    "iep_filed": "filing of the IEP",
    "iep_meeting": "IEP meeting",
    "iep_paperwork_submitted": "handing in of the IEP papers",
    "iep_received_signed": "signed receipt",
    "iep_shared": "sharing of the IEP",
    "iep_signer_named": "named signer",
    "information_exchanged": "exchange of facts",
    "meeting_invite": "meeting invitation",
    "packet_completed": "completed packet",
    "parent_notified": "contact with the parents about the services",
    "parent_refused": "refusal by the parents",
    "parents_contacted": "contact with the parents",
    "parents_informed": "word to the parents",
    "parents_told_of_result_route": "word on how the parents will hear the result",
    "permission_form_filed": "filing of the permission form",
    "placement_specialist_notified": "notice to the placement specialist",
    "psychologist_consulted": "talk with the psychologist",
    "referral_back_approved": "approval of the referral back",
    "referral_back_discussed": "talk about a referral back",
    "referral_closed": "closing of the case",
    "referral_submitted": "sending of a referral",
    "student_invited": "invitation of the student",
    "team_minutes_filed": "filing of the minutes",
    "timetable_provided": "timetable",
    "transition_planned": "plan for the move",
}


def said(value: str) -> str:
    """A value of a table, or a type of event, as people say it."""
    reason = value.removeprefix("closed_")
    if reason != value:
        return f"closing as {reason.replace('_', ' ')}"
    return _EVENTS.get(value) or _SAID.get(value) or value.replace("_", " ")


def listed(values: Iterable[str], last: str = "or") -> str:
    """Values in a row: "a", "a or b", "a, b or c"."""
    *most, end = [said(value) for value in values]
    return f"{', '.join(most)} {last} {end}" if most else end


def moment(value: object, timed: bool) -> str:
    """A day, with its time where it has one."""
    stamp = pd.Timestamp(value)
    return f"{date(stamp)} at {stamp:%H:%M}" if timed else date(stamp)


def columns(rows: pd.DataFrame, *names: str) -> pd.DataFrame:
    """Some columns of a table's rows, with the file and row they were read from."""
    return rows[[*names, "file", "row"]].reset_index(drop=True)


def on_day(rows: pd.DataFrame, day: Days, start: str = "start_date", end: str = "end_date"):
    """The rows whose stretch holds a day."""
    return rows[(days(rows[start]) <= day) & (days(rows[end], FAR) >= day)]


def of_student(
    caseload: Caseload, table: str, student: str, column: str, first: Days, last: Days
) -> pd.DataFrame:
    """A student's rows of a table dated from first to last."""
    rows = caseload.tables[table]
    when = days(rows[column])
    return rows[(rows["student_id"] == student) & (when >= first) & (when <= last)]


def day(value: Any) -> Days:
    """A verdict's timestamp as a day; NaT where it has none."""
    return NEVER if pd.isna(value) else np.datetime64(pd.Timestamp(value), "D")


def of_events(caseload: Caseload, verdict: pd.Series, *types: str) -> pd.DataFrame:
    """Events of these types about the verdict's student or referral, or about nobody in particular.

    In order of time, with the file and row they were read from.
    """
    rows = caseload.tables["events"]
    about = rows["student_id"].astype("object")
    subject = verdict["subject_id"]
    if verdict["subject_type"] == "referral":
        referrals = caseload.tables["referrals"].set_index("referral_id")["student_id"]
        named = rows["referral_id"].notna()
        mine = (rows["referral_id"] == subject) | (~named & (about == referrals[subject]))
    else:
        mine = (about == subject) | about.isna()
    rows = rows[(mine & rows["event_type"].isin(types)).to_numpy()]
    rows = rows.sort_values("occurred_at", kind="stable")
    shown = columns(rows, "event_type", "occurred_at", "student_id", *_TOLD)
    return shown.drop(columns=[name for name in _TOLD if shown[name].isna().all()])


# What an event may say beside its type, day and student: shown where one of the rows does.
_TOLD = ("referral_id", "staff_id", "party", "detail", "item_id", "valid_until")
