"""The explainer of each kind: the same rule run again on one subject, in words."""

from __future__ import annotations

from collections.abc import Callable

from casekit.kinds.evidence import contacts, plans, staffing
from casekit.kinds.evidence.shown import Evidence

__all__ = ["EVIDENCE", "Evidence"]

# An explainer takes (caseload, span, verdict row, *, settings...), with the settings of its kind.
EVIDENCE: dict[str, Callable[..., Evidence]] = {
    "annual_meeting": plans.annual_meeting,
    "based_on_site": staffing.based_on_site,
    "caseload": staffing.caseload_size,
    "contacts_documented": contacts.contacts_documented,
    "continuous_staffing": staffing.continuous_staffing,
    "documented": plans.documented,
    "first_contact_before_year": contacts.first_contact,
    "first_contact_days": contacts.first_contact,
    "first_contact_hours": contacts.first_contact,
    "fortnightly_report": plans.fortnightly_report,
    "forwarded_by_due": plans.forwarded_by_due,
    "leave_covered": staffing.leave_covered,
    "monthly_minutes": contacts.monthly_minutes,
    "plan_before_exit": plans.plan_before_exit,
    "provided_to": plans.provided_to,
    "qualification": staffing.qualification,
    "seen_in_contacts": contacts.seen_in_contacts,
    "staff_available": staffing.staff_available,
    "staff_ratio": staffing.staff_ratio,
    "weekly_contact": contacts.weekly_contact,
    "weekly_delivery": contacts.weekly_delivery,
}
