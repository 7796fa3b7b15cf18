"""Breaches of case management after a placement committee's decision."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.calendars import DAY
from casekit.synth.breach import Breach, whole_span
from casekit.synth.draft import Draft, KeyRow


def _referral(
    draft: Draft, program: str, reason: str | None, having: str, use: str = "referral"
) -> pd.Series | None:
    """A referral of the records, closed for a reason (None: still open), in which a step was taken.

    Each is taken once for each use.
    """
    rows = draft.of(program, "referrals")
    rows = rows[rows["received_at"] >= str(draft.since)]
    rows = rows[rows["closed_on"].isna() if reason is None else rows["closure_reason"] == reason]
    there = draft.tables["events"].loc[draft.events(having), "referral_id"]
    chosen = draft.take(rows.loc[rows["referral_id"].isin(there), "referral_id"], use)
    return None if chosen is None else rows[rows["referral_id"] == chosen].iloc[0]


def _rows(referral: pd.Series, *rules: str, why: str, status: str = "not_met") -> list[KeyRow]:
    about = referral["program_id"], referral["referral_id"], referral["received_at"]
    return [KeyRow(f"fl_dspc.{rule}", *about, status, why) for rule in rules]


def left_out(
    step: str, why: str, reason: str | None = None, rule: str = "", **equal: object
) -> Breach:
    """One case lacks a step, though later ones were taken, or it is closed."""

    def breach(draft: Draft, program: str) -> list[KeyRow]:
        having = "parent_contract" if reason is None else step
        referral = _referral(draft, program, reason, having)
        if referral is None:
            return []
        own = {"referral_id": referral["referral_id"]}
        draft.drop("events", draft.events(step, **own, **equal))
        return _rows(referral, rule or step, why=why)

    return breach


def refusal_told_to_nobody(draft: Draft, program: str) -> list[KeyRow]:
    referral = _referral(draft, program, "refused", "dspc_worker_notified")
    if referral is None:
        return []
    for step in ("placement_specialist_notified", "dspc_worker_notified"):
        draft.drop("events", draft.events(step, referral_id=referral["referral_id"]))
    why = "the parents refused, and nobody was told"
    return _rows(referral, "refusal_to_specialist", "refusal_to_dspc_worker", why=why)


def _ended(draft: Draft, referral: pd.Series, day: str | None, reason: str | None) -> None:
    """The case ends on another day, and the enrolment with it; None: it is open again."""
    mine = draft.tables["referrals"]["referral_id"] == referral["referral_id"]
    draft.edit("referrals", mine, closed_on=day, closure_reason=reason)
    for table, column in (("students", "enrollment_end"), ("assignments", "end_date")):
        rows = draft.tables[table]
        last = (rows["student_id"] == referral["student_id"]) & (
            rows[column] == referral["closed_on"]
        )
        draft.edit(table, last, **{column: day})
    contacts = draft.tables["contacts"]
    late = contacts["occurred_at"] > (day or "9999")
    draft.drop("contacts", (contacts["student_id"] == referral["student_id"]) & late)


def served_after_refusal(draft: Draft, program: str) -> list[KeyRow]:
    """The parents refused, and yet the student signed a contract and the case was kept open."""
    referral = _referral(draft, program, "refused", "dspc_worker_notified")
    if referral is None:
        return []
    who = {name: referral[name] for name in ("referral_id", "student_id", "program_id")}
    signed = {**who, "event_type": "student_contract", "occurred_at": referral["closed_on"]}
    draft.add("events", [signed])
    _ended(draft, referral, None, None)
    why = "a contract was signed after the parents had refused"
    return _rows(referral, "refusal_ends_case", "services_meeting", why=why)


def closed_too_soon(draft: Draft, program: str) -> list[KeyRow]:
    referral = _referral(draft, program, "satisfactory", "parent_contract")
    if referral is None:
        return []
    received = np.datetime64(referral["received_at"])
    day = draft.calendars[program].school_days_after(received, 24)
    _ended(draft, referral, str(day), "satisfactory")
    why = f"closed as satisfactory on {day}, before the end of a grading period"
    return _rows(referral, "monitored_period", "satisfactory_period", why=why)


def _reason_edited(
    reason: str, other: str | None, rules: tuple[str, ...], why: str, status: str = "not_met"
) -> Breach:
    """Another reason is recorded for the closing of a case."""

    def breach(draft: Draft, program: str) -> list[KeyRow]:
        referral = _referral(draft, program, reason, "parent_contract")
        if referral is None:
            return []
        mine = draft.tables["referrals"]["referral_id"] == referral["referral_id"]
        draft.edit("referrals", mine, closure_reason=other)
        return _rows(referral, *rules, why=why, status=status)

    return breach


def _moved(step: str, behind: str, days: int, rule: str, why: str, use: str) -> Breach:
    """In a case sent back, a step is taken some days after another one, `behind` which it is."""

    def breach(draft: Draft, program: str) -> list[KeyRow]:
        referral = _referral(draft, program, "referred_back", "hearing", use)
        if referral is None:
            return []
        own = {"referral_id": referral["referral_id"]}
        before = draft.tables["events"].loc[draft.events(behind, **own), "occurred_at"].iloc[0]
        day = str(np.datetime64(before) + days * DAY)
        draft.edit("events", draft.events(step, **own), occurred_at=day)
        return _rows(referral, rule, why=why.format(day=day))

    return breach


def _contact_edited(why: str, status: str, on_face_sheet: str | None) -> Breach:
    """One contact about a student is not surely on the face sheet."""

    def breach(draft: Draft, program: str) -> list[KeyRow]:
        contacts = draft.tables["contacts"]
        mine = contacts[draft.contacts_of(program)]
        student = draft.take(mine["student_id"].unique(), "contacts")
        if student is None:
            return []
        theirs = mine.index[mine["student_id"] == student]
        chosen = pd.Series(contacts.index == theirs[len(theirs) // 2])
        draft.edit("contacts", chosen, on_face_sheet=on_face_sheet)
        return [whole_span(draft, "fl_dspc.face_sheet_contacts", program, student, why, status)]

    return breach


def left_with_the_old_site(draft: Draft, program: str) -> list[KeyRow]:
    """A student moves to the other site, and stays with the social worker of the first."""
    rows = draft.of(program, "students")
    moved = rows[rows["student_id"].duplicated() & (rows["enrollment_start"] >= str(draft.since))]
    student = draft.take(moved["student_id"], "student")
    if student is None:
        return []
    assigned = draft.tables["assignments"]
    theirs = assigned.index[assigned["student_id"] == student]
    worker = assigned.loc[theirs[0], "staff_id"]
    draft.edit("assignments", pd.Series(assigned.index == theirs[-1]), staff_id=worker)
    why = f"still with {worker}, who works at the site before"
    return [whole_span(draft, "fl_dspc.new_site", program, student, why)]


def committee_silent(draft: Draft, program: str) -> list[KeyRow]:
    """The committee told nobody of its recommendation; the case has been closed since."""
    referral = _referral(draft, program, "satisfactory", "dspc_notified")
    if referral is None:
        return []
    draft.drop("events", draft.events("dspc_notified", referral_id=referral["referral_id"]))
    why = "the worker was not told of the committee's recommendation"
    about = program, referral["student_id"], why
    return [whole_span(draft, "fl_dspc.committee_tells_dspc", *about)]


BACK = "referred_back"
DSPC_BREACHES: tuple[Breach, ...] = (
    left_out("face_sheet_completed", "the face sheet was never filled in"),
    left_out("face_sheet_sent", "the face sheet was never sent"),
    left_out("parent_notified", "the services began, and the parents had not been told"),
    left_out("administrator_consulted", "the services began without a word to the administrator"),
    left_out(
        "services_meeting",
        "the contracts were signed; no parent was at the meeting",
        party="parent",
    ),
    left_out("student_contract", "closed without the student's contract", "satisfactory"),
    left_out("parent_contract", "closed without the parents' contract", "satisfactory"),
    committee_silent,
    refusal_told_to_nobody,
    served_after_refusal,
    closed_too_soon,
    _reason_edited("satisfactory", "other", ("closure_reason",), "closed for another reason"),
    _reason_edited(
        "satisfactory",
        None,
        ("closure_reason", "satisfactory_period"),
        "why it was closed is empty",
        "cannot_tell",
    ),
    _reason_edited(
        "withdrawn",
        BACK,
        ("closed_after_referral_back", "parents_informed", "packet_completed"),
        "closed as referred back, which had been discussed with nobody",
    ),
    left_out("appeal_scheduled", "the appeal was asked for, and no day was set", BACK),
    left_out("parents_informed", "the packet went in, and the parents were not told", BACK),
    left_out("packet_completed", "a hearing was held without a packet", BACK),
    left_out("hearing_scheduled", "a hearing was held that nobody had set", BACK),
    left_out(
        "parents_told_of_result_route",
        "the parents never learned how they would hear of it",
        BACK,
        "result_route_told",
    ),
    _moved(
        "hearing", "hearing", 1, "hearing_on_wednesday", "heard on {day}, a Thursday", "referral"
    ),
    _moved(
        "administrator_consulted",
        "referral_back_discussed",
        1,
        "consulted_before_referral_back",
        "the administrator was asked on {day} only, after it",
        "order",
    ),
    _moved(
        "referral_back_discussed",
        "hearing",
        0,
        "discussed_with_director",
        "discussed on {day} only, the day of the hearing",
        "order",
    ),
    _contact_edited("a contact is not on the face sheet", "not_met", "no"),
    _contact_edited("whether a contact is on the face sheet is empty", "cannot_tell", None),
    left_with_the_old_site,
)
