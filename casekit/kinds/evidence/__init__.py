"""The explainer of each kind: the same rule run again on one subject, in words."""

from __future__ import annotations

from collections.abc import Callable

from casekit.kinds.evidence import cases, contacts, meetings, plans, staffing
from casekit.kinds.evidence.shown import Evidence

__all__ = ["EVIDENCE", "Evidence"]

# An explainer takes (caseload, span, verdict row, *, settings...), with the settings of its kind.
EVIDENCE: dict[str, Callable[..., Evidence]] = {
    "annual_meeting": meetings.annual_meeting,
    "assigned_at_new_site": cases.assigned_at_new_site,
    "based_on_site": staffing.based_on_site,
    "by_announced_date": cases.by_announced_date,
    "case_manager_assigned": cases.case_manager_assigned,
    "caseload": staffing.caseload_size,
    "closure_reason": cases.closure_reason,
    "contacts_documented": contacts.contacts_documented,
    "documented": plans.documented,
    "each_period": plans.each_period,
    "first_contact": contacts.first_contact,
    "followed_by": cases.followed_by,
    "forwarded_by_due": plans.forwarded_by_due,
    "goals_measured": plans.goals_measured,
    "leave_covered": staffing.leave_covered,
    "meeting_before_due": meetings.meeting_before_due,
    "meeting_step": meetings.meeting_step,
    "monitored_period": cases.monitored_period,
    "monthly_minutes": contacts.monthly_minutes,
    "on_file": plans.on_file,
    "on_weekday": cases.on_weekday,
    "plan_before_exit": plans.plan_before_exit,
    "preceded_by": cases.preceded_by,
    "qualification": staffing.qualification,
    "seen_in_contacts": contacts.seen_in_contacts,
    "staff_present": staffing.staff_present,
    "staff_ratio": staffing.staff_ratio,
    "weekly_contact": contacts.weekly_contact,
    "weekly_delivery": contacts.weekly_delivery,
}
