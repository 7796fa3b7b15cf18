"""The kinds of requirement: one small pure judge each, named as the standards' data names them."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from casekit.kinds import (
    announced,
    assigned,
    cases,
    closings,
    contacts,
    cover,
    delivery,
    meetings,
    people,
    periods,
    plans,
    referrals,
    schools,
    staffing,
)

# The kind of a requirement that no table can show: the `attestations` table answers it.
ATTESTATION = "attestation"

# A judge takes (caseload, span, *, settings...) and gives verdict rows (casekit.kinds.rows).
KINDS: dict[str, Callable[..., pd.DataFrame]] = {
    "annual_meeting": meetings.annual_meeting,
    "assigned_at_new_site": assigned.assigned_at_new_site,
    "based_on_site": people.based_on_site,
    "by_announced_date": announced.by_announced_date,
    "case_manager_assigned": assigned.case_manager_assigned,
    "caseload": staffing.caseload_size,
    "closure_reason": closings.closure_reason,
    "contacts_documented": delivery.contacts_documented,
    "documented": plans.documented,
    "each_period": periods.each_period,
    "first_contact": referrals.first_contact,
    "followed_by": cases.followed_by,
    "forwarded_by_due": schools.forwarded_by_due,
    "goals_measured": periods.goals_measured,
    "leave_covered": cover.leave_covered,
    "meeting_before_due": meetings.meeting_before_due,
    "meeting_step": meetings.meeting_step,
    "monitored_period": closings.monitored_period,
    "monthly_minutes": contacts.monthly_minutes,
    "on_file": plans.on_file,
    "on_weekday": closings.on_weekday,
    "plan_before_exit": plans.plan_before_exit,
    "preceded_by": cases.preceded_by,
    "qualification": people.qualification,
    "seen_in_contacts": delivery.seen_in_contacts,
    "staff_present": cover.staff_present,
    "staff_ratio": staffing.staff_ratio,
    "weekly_contact": contacts.weekly_contact,
    "weekly_delivery": delivery.weekly_delivery,
}

# Kinds that look past as_of, to the horizon: staffing is projected, records are not.
PROJECTED = ("staff_ratio", "caseload", "staff_present", "leave_covered")
