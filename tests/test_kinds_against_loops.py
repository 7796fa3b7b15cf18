"""Every kind of requirement against a slow, obvious loop, on random caseloads."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable

import oracle
import oracle_contacts
import oracle_plans
import pandas as pd
import pytest
from conftest import caseload_of
from hypothesis import given, settings
from oracle import Verdict, World
from random_worlds import frames, known, texts, without, worlds

from casekit.calendars import day
from casekit.kinds import KINDS
from casekit.kinds.rows import Span

EXAMPLES = int(os.environ.get("EXAMPLES", "40"))
few = settings(max_examples=EXAMPLES, deadline=None)


def found(world: World, caseload, kind: str, options: dict) -> dict[tuple, tuple]:
    """casekit's rows: (subject, program, period) -> (status, observed, days over)."""
    since, as_of = day(world.since), day(world.as_of)
    span = Span(caseload.calendars["c1"], tuple(world.programs), since, as_of, as_of)
    rows: dict[tuple, tuple] = {}
    for r in KINDS[kind](caseload, span, **options).itertuples():
        end = None if pd.isna(r.period_end) else r.period_end.date()
        key = (r.subject_type, r.subject_id, r.program_id, r.period_start.date(), end)
        assert key not in rows, f"two rows for {key}"
        rows[key] = (str(r.status), r.observed, r.days_over)
    return rows


def close(told: object, value: float) -> bool:
    return told is None or math.isclose(float(told), value, abs_tol=1e-9)


def compare(world: World, cases: list[tuple]) -> None:
    """Each (kind, settings, loop, its settings) gives the same rows in casekit and by the loop."""
    caseload = caseload_of(**texts(world))
    assert caseload.problems.empty, caseload.problems.to_string()
    for kind, options, loop, told in cases:
        mine = found(world, caseload, kind, options)
        theirs = {v[:5]: v for p in world.programs for v in loop(world, p, **told)}
        statuses = {key: row[0] for key, row in mine.items()}
        assert statuses == {key: v.status for key, v in theirs.items()}, kind
        for key, (_, observed, over) in mine.items():
            verdict = theirs[key]
            assert close(verdict.observed, observed), (kind, key, verdict, observed)
            assert close(verdict.days_over, over), (kind, key, verdict, over)


def case(kind: str, loop: Callable[..., Iterable[Verdict]], renamed: dict | None = None, **options):
    """A kind with its settings, and the loop with the same ones under its own names."""
    names = renamed or {}
    return kind, options, loop, {names.get(k, k): v for k, v in options.items()}


STAFFING = [
    case("staff_ratio", oracle.staff_ratio, per_staff=2),
    case("caseload", oracle.caseload, at_most=1),
    case("continuous_staffing", oracle.continuous_staffing),
    case("staff_available", oracle.staff_available),
    case("leave_covered", oracle.leave_covered),
]


FACE_TO_FACE = ("in_person", "home_visit")
way = {"two_way": "both_ways"}
CONTACTS = [
    case("weekly_contact", oracle_contacts.weekly_contact, open_days=3),
    case(
        "weekly_contact",
        oracle_contacts.weekly_contact,
        way,
        open_days=1,
        modes=FACE_TO_FACE,
        two_way=True,
    ),
    case("monthly_minutes", oracle_contacts.monthly_minutes, at_least=120, modes=FACE_TO_FACE),
    case("seen_in_contacts", oracle_contacts.seen_in_contacts, topics=("employment",)),
    case(
        "seen_in_contacts", oracle_contacts.seen_in_contacts, settings=("site", "online"), each=True
    ),
    case(
        "seen_in_contacts",
        oracle_contacts.seen_in_contacts,
        settings=("community", "home"),
        modes=("home_visit",),
    ),
    case("contacts_documented", oracle_contacts.contacts_documented),
    case("weekly_delivery", oracle_contacts.weekly_delivery),
]


REFERRALS = [
    case("first_contact_hours", oracle_contacts.first_contact_hours, hours=72),
    case("first_contact_hours", oracle_contacts.first_contact_hours, hours=48),
    case("first_contact_days", oracle_contacts.first_contact_days, {"days": "limit"}, days=7),
    case("first_contact_before_year", oracle_contacts.first_contact_before_year),
]
THREE = ("student", "family", "school")
PLANS = [
    case("plan_before_exit", oracle_plans.plan_before_exit, event="transition_plan"),
    case("annual_meeting", oracle_plans.annual_meeting, event="iep_meeting", due="iep_due"),
    case("provided_to", oracle_plans.provided_to, event="timetable_provided", parties=THREE),
    case("fortnightly_report", oracle_plans.fortnightly_report, event="communication_report"),
    case("documented", oracle_plans.documented, event="progress_review"),
    case(
        "forwarded_by_due",
        oracle_plans.forwarded_by_due,
        due="term_report_due",
        forwarded="term_report_forwarded",
    ),
]
SOCIAL = ("social_work", "counseling", "education", "related")
PEOPLE = [
    case(
        "qualification",
        oracle_plans.qualification,
        degree="bachelor",
        degree_fields=SOCIAL,
        years=2,
        experience=("case_management", "direct_service"),
    ),
    case("qualification", oracle_plans.qualification, certificates=("cert_iv_youth_work",)),
    case("based_on_site", oracle_plans.based_on_site),
]

EVENTS = {
    "PLANS": {
        "transition_plan": 3,
        "iep_meeting": 4,
        "iep_due": 2,
        "timetable_provided": 6,
        "communication_report": 4,
        "progress_review": 3,
        "term_report_due": 3,
        "term_report_forwarded": 3,
    }
}
WORLDS = {
    "STAFFING": worlds(staff=5, assignments=6, leave=3).map(known),
    "CONTACTS": worlds(contacts=10).map(known),
    "REFERRALS": worlds(contacts=6, referrals=3).map(known),
    "PLANS": worlds(EVENTS["PLANS"]).map(known),
    "PEOPLE": worlds(staff=5, assignments=2).map(known),
}
