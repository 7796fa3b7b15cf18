"""Breaches of Open Doors case management: each edits the draft, and says what it planted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.calendars import DAY, month_end, month_of
from casekit.synth.breach import Breach, staff_edited, whole_span
from casekit.synth.draft import Draft, KeyRow


def never_about(topic: str) -> Breach:
    """No contact of the program is about a topic."""

    def breach(draft: Draft, program: str) -> list[KeyRow]:
        about = draft.tables["contacts"]["topics"] == topic
        draft.edit("contacts", draft.contacts_of(program) & about, topics="other")
        why = f"no contact has the topic {topic}"
        return [whole_span(draft, f"wa_open_doors.{topic}", program, program, why)]

    return breach


def never_online(draft: Draft, program: str) -> list[KeyRow]:
    online = draft.tables["contacts"]["setting"] == "online"
    draft.edit("contacts", draft.contacts_of(program) & online, setting="site")
    why = "every contact is written down as on site or in the community, none as online"
    return [whole_span(draft, "wa_open_doors.on_site_and_online", program, program, why)]


unqualified = staff_edited(
    "wa_open_doors.qualification",
    "an associate degree, and one year of experience counted in May 2026",
    degree_level="associate",
    experience_years="1",
    experience_on="2026-05-01",
)
qualification_unknown = staff_edited(
    "wa_open_doors.qualification",
    "neither degree nor experience is written down",
    status="cannot_tell",
    degree_level=None,
    degree_field=None,
    experience_years=None,
    experience_kind=None,
)
based_elsewhere = staff_edited(
    "wa_open_doors.based_on_site",
    "based at the district office, where nothing is taught",
    site_id="Office",
)


def split_staff(
    draft: Draft, people: list[str], first: np.datetime64, last: np.datetime64, share: str | None
) -> None:
    """From first to last, people have another case-management share; None: they are not there."""
    rows = draft.tables["staff"]
    there = (rows["start_date"] < str(first)) & ~(rows["end_date"] <= str(last))
    mine = rows["staff_id"].isin(people) & there
    # Experience is counted from the day on which it was counted before.
    known = rows[mine].assign(experience_on=rows["experience_on"].fillna(rows["start_date"]))
    draft.edit("staff", mine, end_date=str(first - DAY))
    if share is not None:
        during = {"start_date": str(first), "end_date": str(last)}
        draft.add("staff", known.assign(**during, case_management_share=share))
    draft.add("staff", known.assign(start_date=str(last + DAY)))


def too_little_time(draft: Draft, program: str) -> list[KeyRow]:
    """Two case managers teach for a month: too many students for those who are left."""
    opened, people = draft.take_month(program), draft.managers(program)[:2]
    if opened is None or len(people) < 2:
        return []
    month = month_of(opened[0])
    split_staff(draft, people, month, month_end(month), "0.0")
    why = f"{people[0]} and {people[1]} gave no time to case management in this month"
    return [KeyRow("wa_open_doors.staff_ratio", program, program, str(month), "not_met", why)]


def share_unknown(draft: Draft, program: str) -> list[KeyRow]:
    """A relief worker is employed for a month, and nobody wrote down the share."""
    opened, people = draft.take_month(program), draft.managers(program)
    if opened is None or not people:
        return []
    rows = draft.tables["staff"]
    relief = f"{people[0].rpartition('-')[0]}-relief"
    month = str(month_of(opened[0]))
    row = rows[rows["staff_id"] == people[-1]].tail(1)
    draft.add(
        "staff",
        row.assign(
            staff_id=relief,
            staff_name="Sample Relief Worker",
            case_management_share=None,
            start_date=str(opened[0]),
            end_date=str(opened[-1]),
            degree_level="master",
            degree_field="social_work",
            site_id=row["site_id"].str.slice(0, -1) + "A",
        ),
    )
    why = f"the case-management share of {relief} is not written down"
    return [
        KeyRow("wa_open_doors.staff_ratio", program, program, month, "cannot_tell", why),
        whole_span(draft, "wa_open_doors.based_on_site", program, relief, why, "cannot_tell"),
    ]


def no_case_manager(draft: Draft, program: str) -> list[KeyRow]:
    """All contracts end, and the new ones start some days later."""
    opened, people = draft.take_month(program), draft.case_managers(program)["staff_id"]
    if opened is None:
        return []
    first, last = opened[2], opened[5]
    split_staff(draft, people.unique().tolist(), first, last, None)
    why = f"nobody was employed as case manager from {first} to {last}"
    month = str(month_of(first))
    return [
        KeyRow(f"wa_open_doors.{rule}", program, program, month, "not_met", why)
        for rule in ("continuous_staffing", "staff_available", "staff_ratio")
    ]


def everyone_away(draft: Draft, program: str) -> list[KeyRow]:
    """All case managers are at the same training, and nobody stands in."""
    opened = draft.take_month(program)
    if opened is None:
        return []
    first, last = str(opened[2]), str(opened[3])
    away = {"start_date": first, "end_date": last, "reason": "training"}
    people = draft.case_managers(program)["staff_id"].unique()
    draft.add("leave", [{**away, "staff_id": one} for one in people])
    why = f"all case managers were away from {first} to {last} without cover"
    month = str(month_of(opened[2]))
    return [KeyRow("wa_open_doors.staff_available", program, program, month, "not_met", why)]


def _week_edited(why: str, status: str = "not_met", **values: object) -> Breach:
    """One week of one student, without a meeting in it, holds no contact that surely counts."""

    def breach(draft: Draft, program: str) -> list[KeyRow]:
        student = draft.take(draft.stays(program), "student")
        if student is None:
            return []
        contacts = draft.tables["contacts"]
        met = (contacts["student_id"] == student) & (contacts["mode"] == "in_person")
        full = set(pd.to_datetime(contacts.loc[met, "occurred_at"]).dt.to_period("W").dt.start_time)
        weeks = [w for w in draft.whole_weeks(program, 3) if pd.Timestamp(w) not in full]
        if not weeks:
            return []
        week = str(draft.rng.choice(weeks))
        chosen = draft.contacts_in([student], week)
        if values:
            draft.edit("contacts", chosen, **values)
        else:
            draft.drop("contacts", chosen)
        return [KeyRow("wa_open_doors.weekly_contact", program, student, week, status, why)]

    return breach


week_without_contact = _week_edited("no contact in this week")
week_of_attempts = _week_edited("only attempts in this week", outcome="attempted")
week_with_a_parent = _week_edited("only a parent was reached in this week", participants="parent")
week_in_doubt = _week_edited(
    "the outcome of this week's contact is empty", status="cannot_tell", outcome=None
)


def _month_edited(why: str, status: str, minutes: str | None) -> Breach:
    """The meetings of one student in one month have another length."""

    def breach(draft: Draft, program: str) -> list[KeyRow]:
        student = draft.take(draft.stays(program), "student")
        opened = draft.calendars[program].open_in(draft.since, draft.as_of)
        months = np.unique(month_of(opened))
        whole = months[(months >= draft.since) & (month_end(months) <= draft.as_of)]
        if student is None or not len(whole):
            return []
        month = draft.rng.choice(whole)
        days = int((month_end(month) - month).astype(int)) + 1
        chosen = draft.contacts_in([student], month, days)
        chosen &= draft.tables["contacts"]["mode"] == "in_person"
        draft.edit("contacts", chosen, duration_minutes=minutes)
        rule = "wa_open_doors.monthly_two_hours"
        return [KeyRow(rule, program, student, str(month), status, why)]

    return breach


short_of_two_hours = _month_edited("two meetings of 55 minutes in this month", "not_met", "55")
minutes_unknown = _month_edited("the minutes of the meetings are empty", "cannot_tell", None)

OPEN_DOORS_BREACHES: tuple[Breach, ...] = (
    week_without_contact,
    too_little_time,
    no_case_manager,
    everyone_away,
    share_unknown,
    week_of_attempts,
    week_with_a_parent,
    week_in_doubt,
    short_of_two_hours,
    minutes_unknown,
    unqualified,
    qualification_unknown,
    based_elsewhere,
    never_online,
    never_about("academic_advising"),
    never_about("assessment"),
    never_about("career_guidance"),
    never_about("employment"),
    never_about("social_health_referral"),
    never_about("attendance_check"),
    never_about("schedule_update"),
    never_about("career_coordination"),
    never_about("transportation"),
)
