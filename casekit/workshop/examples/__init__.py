"""An example of each kind of requirement: a tiny roster that follows a few controls."""

from __future__ import annotations

from collections.abc import Callable

from casekit.workshop.controls import Example
from casekit.workshop.examples import cases, contacts, meetings, papers, staffing

# An example takes the settings of its kind, by their order in the judge's signature or by name.
EXAMPLES: dict[str, Callable[..., Example]] = {
    "annual_meeting": meetings.annual_meeting,
    "assigned_at_new_site": staffing.assigned_at_new_site,
    "based_on_site": staffing.based_on_site,
    "by_announced_date": cases.by_announced_date,
    "case_manager_assigned": staffing.case_manager_assigned,
    "caseload": staffing.caseload,
    "closure_reason": cases.closure_reason,
    "contacts_documented": contacts.contacts_documented,
    "documented": papers.documented,
    "each_period": papers.each_period,
    "first_contact": contacts.first_contact,
    "followed_by": cases.followed_by,
    "forwarded_by_due": papers.forwarded_by_due,
    "goals_measured": papers.goals_measured,
    "leave_covered": staffing.leave_covered,
    "meeting_before_due": meetings.meeting_before_due,
    "meeting_step": meetings.meeting_step,
    "monitored_period": cases.monitored_period,
    "monthly_minutes": contacts.monthly_minutes,
    "on_file": papers.on_file,
    "on_weekday": cases.on_weekday,
    "plan_before_exit": papers.plan_before_exit,
    "preceded_by": cases.preceded_by,
    "qualification": staffing.qualification,
    "seen_in_contacts": contacts.seen_in_contacts,
    "staff_present": staffing.staff_present,
    "staff_ratio": staffing.staff_ratio,
    "weekly_contact": contacts.weekly_contact,
    "weekly_delivery": contacts.weekly_delivery,
}
