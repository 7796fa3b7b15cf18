"""The facts of a try-it as a small caseload: the tables, and the span (since, as_of) to judge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

Facts = Mapping[str, Any]
Rows = list[dict[str, object]]
World = tuple[dict[str, Rows], date, date]

DAY = timedelta(days=1)
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
STUDENT = {"student_id": "s1", "enrollment_start": "2000-01-01"}
STAFF = {"staff_id": "m1", "start_date": "2000-01-01", "fte": 1, "case_management_share": 1}


def calendar(*rows: tuple[str, object, object]) -> Rows:
    """Rows of the calendar: kind, first day, last day."""
    return [
        {"calendar_id": "c1", "kind": k, "name": f"{k} {n}", "start_date": a, "end_date": b}
        for n, (k, a, b) in enumerate(rows)
    ]


def event(kind: str, on: date, **facts: object) -> dict[str, object]:
    return {"event_type": kind, "occurred_at": on, "student_id": "s1", **facts}


def day(facts: Facts, name: str) -> date:
    return date.fromisoformat(facts[name])


# Plenty of days around all that is tried.
YEARS = ("school_year", date(2019, 1, 1), date(2032, 12, 31))
# A span that holds all of them, for what is settled by its end.
LONG_AGO, AT_LAST = date(2019, 1, 1), date(2032, 12, 31)


def students_of(facts: Facts) -> Rows:
    return [{**STUDENT, "student_id": f"s{n}"} for n in range(1, int(facts["students"]) + 1)]


# Counts. -----------------------------------------------------------------------------------------


def staff_ratio(_: Facts, facts: Facts) -> World:
    people = [
        {**STAFF, "staff_id": f"m{n}", "fte": facts[f"fte_{n}"]}
        | {"case_management_share": facts[f"share_{n}"]}
        for n in (1, 2, 3)
    ]
    students = students_of(facts)
    tables = {"students": students or [{**STUDENT, "enrollment_end": "2001-01-01"}]}
    tables |= {"staff": people, "calendar": calendar(YEARS)}
    return tables, date(2026, 1, 5), date(2026, 1, 16)


def caseload(_: Facts, facts: Facts) -> World:
    students = students_of(facts)
    assigned = [
        {"student_id": row["student_id"], "staff_id": "m1", "start_date": "2001-01-01"}
        for row in students
    ]
    other = {"student_id": "x", "enrollment_start": "2000-01-01"}
    past = {"student_id": "x", "staff_id": "m1", "start_date": "2000-01-01"}
    tables = {
        "students": [*students, other],
        "assignments": [*assigned, {**past, "end_date": "2000-02-01"}],
        "staff": [STAFF],
        "calendar": calendar(YEARS),
    }
    return tables, date(2026, 1, 5), date(2026, 1, 16)


def contact(on: object, **facts: object) -> dict[str, object]:
    return {"student_id": "s1", "occurred_at": on, "outcome": "completed", **facts}


def weekly_contact(_: Facts, facts: Facts) -> World:
    monday = date(2026, 3, 2)
    opened = [monday + n * DAY for n in range(int(facts["open"]))]
    how = {"mode": facts["mode"], "direction": facts["direction"]}
    held = [contact(monday + n * DAY, **how) for n, name in enumerate(WEEK) if facts[name]]
    tables = {
        "contacts": [*held, contact(monday - 30 * DAY, **how)],
        "calendar": calendar(*(("open_day", d, d) for d in [*opened, monday + 60 * DAY])),
    }
    return tables, monday, monday + 6 * DAY


def monthly_minutes(_: Facts, facts: Facts) -> World:
    how = {"mode": facts["mode"], "duration_minutes": facts["minutes"]}
    held = [contact(date(2026, 2, 1 + n), **how) for n in range(int(facts["meetings"]))]
    tables = {
        "contacts": [*held, contact("2026-01-10", mode=facts["mode"], duration_minutes=500)],
        "calendar": calendar(YEARS),
    }
    return tables, date(2026, 2, 1), date(2026, 2, 28)


def case_manager_assigned(_: Facts, facts: Facts) -> World:
    since = date(2026, 1, 1)
    opened = [since + n * DAY for n in range(int(facts["open"]))]
    held = [
        {"student_id": "s1", "staff_id": "m1", "start_date": since}
        | {"end_date": since + (int(facts["held"]) - 1) * DAY}
    ]
    past = {"student_id": "s1", "staff_id": "m1", "start_date": "2001-01-01"}
    tables = {
        "staff": [STAFF],
        "assignments": [*held[: int(facts["held"])], {**past, "end_date": "2001-02-01"}],
        "calendar": calendar(*(("open_day", d, d) for d in [since - 90 * DAY, *opened])),
    }
    return tables, since, date(2026, 12, 31)


def based_on_site(_: Facts, facts: Facts) -> World:
    there = {**STAFF, "fte": int(facts["here"]) / 40, "site_id": "north"}
    # A second post of the same person, begun on another day.
    elsewhere = {
        **STAFF,
        "start_date": "2000-01-02",
        "fte": int(facts["elsewhere"]) / 40,
        "site_id": "south",
    }
    tables = {
        "staff": [there, elsewhere],
        "calendar": calendar(YEARS),
    }
    return tables, date(2026, 1, 5), date(2026, 1, 16)


def qualification(settings: Facts, facts: Facts) -> World:
    papers = [name for name in settings["certificates"] if facts[name]]
    person = {
        **STAFF,
        "degree_level": facts.get("degree", "none"),
        "degree_field": facts.get("field", "other"),
        "experience_years": facts.get("years", 0),
        "experience_kind": facts.get("work", "other"),
        "experience_on": "2026-01-16",
        "certificates": ";".join(papers) or "none",
    }
    tables = {"staff": [person], "calendar": calendar(YEARS)}
    return tables, date(2026, 1, 5), date(2026, 1, 16)


def goals_measured(_: Facts, facts: Facts) -> World:
    first = date(2026, 3, 2)
    measured = [first + (7 * n - 5) * DAY for n in range(1, 5) if facts[f"week_{n}"]]
    rows = [
        {"student_id": "s1", "goal_id": "g1", "measured_on": d, "value": 1}
        for d in [first - 40 * DAY, *measured]
    ]
    tables = {
        "goals": [{"student_id": "s1", "goal_id": "g1", "start_date": "2001-01-01"}],
        "progress": rows,
        "calendar": calendar(("school_year", first, first + 27 * DAY)),
    }
    return tables, first, first + 27 * DAY


# Deadlines. --------------------------------------------------------------------------------------


def first_contact(settings: Facts, facts: Facts) -> World:
    unit, reached = settings["unit"], facts["reached"] == "yes"
    late = facts.get("late", False)
    received = datetime(2026, 5, 4, 8, 30) if late else datetime(2025, 10, 6, 8, 30)
    ends = datetime(2026, 12, 31)
    if unit == "hours":
        met = received + timedelta(minutes=round(float(facts["waited"]) * 60))
        if not reached:  # this moment is the end of the day as_of
            received, met = ends + DAY - (met - received), ends + DAY
    elif unit == "days":
        met = received + int(facts["waited"]) * DAY
    else:
        met = datetime(2026, 9, 1, 8, 30) - int(facts["ahead"]) * DAY
    as_of = ends if reached or unit == "hours" else met
    contacts = [contact("2001-01-01T10:00:00"), contact(met.isoformat())][: 1 + reached]
    tables = {
        "referrals": [
            {"referral_id": "r1", "student_id": "s1", "received_at": received.isoformat()}
        ],
        "contacts": contacts,
        "calendar": calendar(
            ("school_year", "2025-09-01", "2026-06-30"),
            ("term", "2025-09-01", "2025-12-19"),
            ("term", "2026-01-05", "2026-06-30"),
            ("school_year", "2026-09-01", "2027-06-30"),
            ("term", "2026-09-01", "2027-06-30"),
        ),
    }
    return tables, date(2025, 9, 1), as_of.date()


def annual_meeting(settings: Facts, facts: Facts) -> World:
    first = day(facts, "meeting")
    following = first + int(facts["after"]) * DAY
    held = [first, following][: 1 + (facts["held"] == "yes")]
    tables = {"events": [event(settings["event"], d) for d in held]}
    as_of = AT_LAST if len(held) > 1 else following
    return {**tables, "calendar": calendar(YEARS)}, LONG_AGO, as_of


def meeting_before_due(settings: Facts, facts: Facts) -> World:
    due = day(facts, "due")
    held = due - int(facts["before"]) * DAY
    told = due - 400 * DAY
    events = [event(settings["due"], told, valid_until=due), event(settings["meeting"], held)]
    return {"events": events, "calendar": calendar(YEARS)}, LONG_AGO, AT_LAST


def meeting_step(settings: Facts, facts: Facts) -> World:
    held, apart = day(facts, "meeting"), int(facts["apart"]) * DAY
    done = held + apart if settings["school_days_after"] else held - apart
    facts_of = [{"party": party} for party in settings["parties"] if facts[party]]
    if settings["ways"]:
        facts_of = [{"detail": f"way {n}"} for n in range(int(facts["ways"]))]
    elif not settings["parties"]:
        facts_of = [{}]
    events = [event(settings["step"], done, **more) for more in facts_of]
    tables = {"events": [event(settings["meeting"], held), *events]}
    return {**tables, "calendar": calendar(YEARS)}, LONG_AGO, AT_LAST


def each_period(settings: Facts, facts: Facts) -> World:
    first, period = day(facts, "first"), settings["period"]
    if period == "fortnight":
        first -= first.weekday() * DAY
    last = first + 13 * DAY if period == "fortnight" else day(facts, "last")
    done = first + int(facts["after"]) * DAY
    rows = {
        "fortnight": [("school_year", first, last), ("term", first, last)],
        "grading_period": [YEARS, ("grading_period", first, last)],
        "school_year": [("school_year", first, last)],
    }[period]
    tables = {
        "students": [{**STUDENT, "school_id": "north"}],
        "events": [event(settings["event"], done, party="north")],
        "calendar": calendar(*rows),
    }
    return tables, LONG_AGO, AT_LAST


def plan_before_exit(settings: Facts, facts: Facts) -> World:
    terms = [day(facts, name) for name in ("before_first", "before_last", "term_first")]
    last = day(facts, "term_last")
    leaves = terms[2] + int(facts["leaves"]) * DAY
    plan = terms[0] + int(facts["plan"]) * DAY
    tables = {
        "students": [{**STUDENT, "planned_exit_date": leaves}],
        "events": [event(settings["event"], plan)],
        "calendar": calendar(
            ("school_year", terms[0], last), ("term", *terms[:2]), ("term", terms[2], last)
        ),
    }
    return tables, LONG_AGO, AT_LAST


def on_weekday(settings: Facts, facts: Facts) -> World:
    held = day(facts, "held")
    tables = _referral(held - 30 * DAY)
    tables["events"] = [event(settings["event"], held, referral_id="r1")]
    return tables, LONG_AGO, AT_LAST


# Cases. ------------------------------------------------------------------------------------------


def _referral(received: date, closed: object = "", reason: str = "") -> dict[str, Rows]:
    row = {"referral_id": "r1", "student_id": "s1", "received_at": received}
    row |= {"closed_on": closed, "closure_reason": reason}
    return {"referrals": [row], "calendar": calendar(YEARS)}


def followed_by(settings: Facts, facts: Facts) -> World:
    begun, since = date(2026, 3, 2), date(2026, 1, 1)
    same = settings["same"]
    mine = {"referral_id": "r1"} if settings["each"] == "referral" else {}
    named = {**mine, **({same: "m1"} if same else {})}
    found = [event(settings["event"], begun, **named)] if settings["event"] else []
    if facts["taken"] == "yes":
        taken = begun + int(facts.get("after", 0)) * DAY
        theirs = {**named, **({same: "m2"} if same and not facts["same"] else {})}
        parties = [{"party": p} for p in settings["parties"] if facts[p]]
        for more in parties if settings["parties"] else [{}]:
            found.append(event(settings["step"], taken, **{**theirs, **more}))
    if facts.get("later") and not settings["later"][0].startswith("referral_"):
        found.append(event(settings["later"][0], begun + 5 * DAY, **named))
    if facts.get("ended"):
        found.append(event(settings["ended_by"][0], begun + DAY, **mine))
    shut = facts["closed"] or (facts.get("later") and settings["later"][0] == "referral_closed")
    tables = _referral(date(2026, 2, 1), begun + 40 * DAY if shut else "", "other" if shut else "")
    if settings["each"] == "student":
        tables["students"] = [{**STUDENT, "enrollment_end": begun + 80 * DAY if shut else ""}]
    noise = event("year_end_review", date(2025, 6, 1))
    tables |= {"events": [*found, noise], "staff": [STAFF, {**STAFF, "staff_id": "m2"}]}
    return tables, since, date(2026, 6, 30)


def preceded_by(settings: Facts, facts: Facts) -> World:
    done, same = date(2026, 3, 2), settings["same"]
    mine = {"referral_id": "r1"} if settings["each"] == "referral" else {}
    found = []
    for number, step in enumerate(settings["steps"], 1):
        if facts[f"done_{number}"]:
            on = done - int(facts[f"before_{number}"]) * DAY
            more = {same: "a" if facts["same"] else "b"} if same else {}
            ends = "" if facts[f"holds_{number}"] else done - DAY
            found.append(event(step, on, valid_until=ends, **mine, **more))
    first = settings["events"][0]
    closing = first.removeprefix("closed_")
    if closing != first:
        tables = _referral(date(2026, 1, 5), done, closing)
    else:
        tables = _referral(date(2026, 1, 5))
        found.append(event(first, done, **mine, **({same: "a"} if same else {})))
    tables["events"] = [*found, event("year_end_review", date(2025, 6, 1))]
    return tables, date(2026, 1, 1), date(2026, 6, 30)


def monitored_period(_: Facts, facts: Facts) -> World:
    received = date(2026, 1, 5)
    begins = received + int(facts["wait"]) * DAY
    ends = begins + (int(facts["length"]) - 1) * DAY
    kept = received + int(facts["kept"]) * DAY
    closed = facts["closed"]
    tables = _referral(received, kept if closed else "", closed)
    tables["calendar"] = calendar(YEARS, ("grading_period", begins, ends))
    return tables, LONG_AGO, AT_LAST if closed else kept


def closure_reason(_: Facts, facts: Facts) -> World:
    closed = facts["closed"]
    tables = _referral(date(2026, 1, 5), "2026-02-02" if closed else "", closed)
    return tables, date(2026, 1, 1), date(2026, 6, 30)


WORLDS: dict[str, Callable[[Facts, Facts], World]] = {
    world.__name__: world
    for world in (
        *(staff_ratio, caseload, weekly_contact, monthly_minutes, case_manager_assigned),
        *(based_on_site, qualification, goals_measured, first_contact, annual_meeting),
        *(meeting_before_due, meeting_step, each_period, plan_before_exit, on_weekday),
        *(followed_by, preceded_by, monitored_period, closure_reason),
    )
}
