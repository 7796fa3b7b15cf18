"""Breaches of the FLO standards in contacts: sessions, notes, and the answer to a referral."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.synth.breach import Breach, whole_span
from casekit.synth.draft import Draft, KeyRow

LAST_TERM, NEXT_YEAR = "2025-10-13", "2026-01-27"


def _week_edited(why: str, status: str = "not_met", **values: object) -> Breach:
    """One week of one student holds no meeting that surely counts."""

    def breach(draft: Draft, program: str) -> list[KeyRow]:
        student = draft.take(draft.stays(program), "student")
        if student is None:
            return []
        week = str(draft.rng.choice(draft.whole_weeks(program, 1)))
        draft.edit("contacts", draft.contacts_in([student], week), **values)
        return [KeyRow("sa_flo.weekly_session", program, student, week, status, why)]

    return breach


week_by_phone = _week_edited("only calls in this week", mode="phone", setting="online")
week_of_attempts = _week_edited("nobody came to the meeting of this week", outcome="attempted")
week_in_doubt = _week_edited(
    "the direction of this week's contact is empty", status="cannot_tell", direction=None
)


def never_outside(draft: Draft, program: str) -> list[KeyRow]:
    contacts = draft.tables["contacts"]
    mine = draft.contacts_of(program)
    outside = contacts["setting"].isin(["home", "community"]) | (contacts["mode"] == "home_visit")
    draft.edit("contacts", mine & outside, mode="in_person", setting="site")
    why = "every meeting was at the site"
    return [whole_span(draft, "sa_flo.flexible_delivery", program, program, why)]


def never_in_groups(draft: Draft, program: str) -> list[KeyRow]:
    grouped = draft.tables["contacts"]["mode"] == "group"
    draft.edit("contacts", draft.contacts_of(program) & grouped, mode="in_person")
    return [whole_span(draft, "sa_flo.small_groups", program, program, "no contact was in a group")]


def _referral(draft: Draft, program: str, last_term: bool) -> pd.Series | None:
    """A referral answered in time; of the last term: one whose student started the next year."""
    rows = draft.of(program, "referrals").merge(draft.of(program, "students"), on="student_id")
    rows = rows[rows["enrollment_start"] <= str(draft.as_of)].assign(program_id=program)
    late = (rows["received_at"] >= LAST_TERM) & (rows["received_at"] < NEXT_YEAR)
    late &= rows["enrollment_start"] >= NEXT_YEAR if last_term else True
    rows = rows[late == last_term]
    chosen = draft.take(rows["referral_id"], "referral")
    return None if chosen is None else rows[rows["referral_id"] == chosen].iloc[0]


def _first_call(draft: Draft, referral: pd.Series) -> pd.Series:
    return draft.contacts_in([referral["student_id"]], referral["received_at"][:10], 3)


def _referral_rows(
    referral: pd.Series, rules: tuple[str, ...], why: str, status: str = "not_met"
) -> list[KeyRow]:
    about = referral["program_id"], referral["referral_id"], referral["received_at"][:10]
    return [KeyRow(f"sa_flo.{rule}", *about, status, why) for rule in rules]


def never_called(draft: Draft, program: str) -> list[KeyRow]:
    """The first contact after a referral is the first session, two weeks later."""
    referral = _referral(draft, program, last_term=False)
    if referral is None:
        return []
    draft.drop("contacts", _first_call(draft, referral))
    why = "no contact before the first session, two weeks or more after the referral"
    rules = ("contact_within_week", "contact_72_hours", "contact_48_hours")
    return _referral_rows(referral, rules, why)


def not_before_the_year(draft: Draft, program: str) -> list[KeyRow]:
    """Referred in December, and first met when the next school year had begun."""
    referral = _referral(draft, program, last_term=True)
    if referral is None:
        return []
    draft.drop("contacts", _first_call(draft, referral))
    why = "referred in the last term, first met in the next school year"
    rules = ("contact_before_year", "contact_72_hours", "contact_48_hours")
    return _referral_rows(referral, rules, why)


def called_after(hours: int, rules: tuple[str, ...]) -> Breach:
    """The first call comes so many hours after the referral."""

    def breach(draft: Draft, program: str) -> list[KeyRow]:
        referral = _referral(draft, program, last_term=False)
        if referral is None:
            return []
        called = np.datetime64(referral["received_at"]) + np.timedelta64(hours, "h")
        draft.edit("contacts", _first_call(draft, referral), occurred_at=str(called))
        return _referral_rows(referral, rules, f"the first call came {hours} hours later")

    return breach


def same_day_without_times(draft: Draft, program: str) -> list[KeyRow]:
    """Referral and call are of one day, neither with a time: the call may have come first."""
    referral = _referral(draft, program, last_term=False)
    if referral is None:
        return []
    day = referral["received_at"][:10]
    draft.edit("contacts", _first_call(draft, referral), occurred_at=day)
    mine = draft.tables["referrals"]["referral_id"] == referral["referral_id"]
    draft.edit("referrals", mine, received_at=day)
    why = "referral and call are of the same day, without times"
    rules = ("contact_within_week", "contact_72_hours", "contact_48_hours")
    return _referral_rows(referral, rules, why, "cannot_tell")


def closed_over_break(draft: Draft, program: str) -> list[KeyRow]:
    """In one week of a break nobody is in contact with anybody."""
    weeks = draft.closed_weeks(program)
    if not weeks:
        return []
    week = str(draft.rng.choice(weeks))
    draft.drop("contacts", draft.contacts_in(draft.of(program, "students")["student_id"], week))
    why = "a week of the break without any contact"
    return [KeyRow("sa_flo.all_year_delivery", program, program, week, "not_met", why)]


def _notes_edited(why: str, status: str, has_notes: str | None) -> Breach:
    """One contact of a student neither has notes nor says what it was about."""

    def breach(draft: Draft, program: str) -> list[KeyRow]:
        student = draft.take(draft.stays(program), "student")
        if student is None:
            return []
        contacts = draft.tables["contacts"]
        held = contacts["mode"].isin(["in_person", "home_visit"])
        mine = contacts.index[(contacts["student_id"] == student) & held]
        chosen = pd.Series(contacts.index == mine[len(mine) // 2])
        draft.edit("contacts", chosen, has_notes=has_notes, topics=None)
        return [whole_span(draft, "sa_flo.case_notes", program, student, why, status)]

    return breach


without_notes = _notes_edited("a meeting without notes or topic", "not_met", "no")
notes_unknown = _notes_edited("whether notes were written is empty", "cannot_tell", None)
