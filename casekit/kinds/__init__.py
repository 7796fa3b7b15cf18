"""The kinds of requirement: one small pure judge each, named as the standards' data names them."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from casekit.kinds import contacts, cover, delivery, people, plans, referrals, schools, staffing

# The kind of a requirement that no table can show: the `attestations` table answers it.
ATTESTATION = "attestation"

# A judge takes (caseload, span, *, settings...) and gives verdict rows (casekit.kinds.rows).
KINDS: dict[str, Callable[..., pd.DataFrame]] = {
    "annual_meeting": plans.annual_meeting,
    "based_on_site": people.based_on_site,
    "caseload": staffing.caseload_size,
    "contacts_documented": delivery.contacts_documented,
    "continuous_staffing": cover.continuous_staffing,
    "documented": plans.documented,
    "first_contact_before_year": referrals.first_contact_before_year,
    "first_contact_days": referrals.first_contact_days,
    "first_contact_hours": referrals.first_contact_hours,
    "fortnightly_report": schools.fortnightly_report,
    "forwarded_by_due": schools.forwarded_by_due,
    "leave_covered": cover.leave_covered,
    "monthly_minutes": contacts.monthly_minutes,
    "plan_before_exit": plans.plan_before_exit,
    "provided_to": plans.provided_to,
    "qualification": people.qualification,
    "seen_in_contacts": delivery.seen_in_contacts,
    "staff_available": cover.staff_available,
    "staff_ratio": staffing.staff_ratio,
    "weekly_contact": contacts.weekly_contact,
    "weekly_delivery": delivery.weekly_delivery,
}
