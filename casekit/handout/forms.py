"""What can be tried of each kind: its controls, made from a requirement's own settings.

One function a kind, with the settings of the judge of that name. Days are examples: no clock is
read. A kind without a form shows no sum that two or three controls could move.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor

from casekit.handout.fields import (
    Field,
    choice,
    day,
    happened,
    share,
    slider,
    tenths,
    tick,
    ticks,
    words_of,
)
from casekit.kinds.evidence.shown import said
from casekit.kinds.words import REASONS
from casekit.phrases import capital
from casekit.tables import TABLES

Texts = tuple[str, ...]
Form = list[Field]

_WEEK = (
    *(("mon", "Monday"), ("tue", "Tuesday"), ("wed", "Wednesday"), ("thu", "Thursday")),
    *(("fri", "Friday"), ("sat", "Saturday"), ("sun", "Sunday")),
)
_MODES = TABLES["contacts"].column("mode").allowed
_OPEN_WEEK = "Monday to Friday count as open days here; closures are left out."


def staff_ratio(per_staff: float) -> Form:
    # 0.4 x 0.25 + 0.8 x 0.25 + 1 x 0.5 is 0.8 full-time: with these students, just on the line.
    people = [("First", "0.4", "0.25"), ("Second", "0.8", "0.25"), ("Third", "1", "0.5")]
    fields = [slider("students", "Students enrolled", floor(per_staff * 0.8), ceil(per_staff * 2))]
    for number, (name, fte, part) in enumerate(people, 1):
        group = f"{name} person"
        fields += [
            share(f"fte_{number}", "Employed, as a part of full-time (FTE)", fte, group),
            share(f"share_{number}", "Share of that time for case management", part, group),
        ]
    return fields


def caseload(at_most: int) -> Form:
    return [slider("students", "Students assigned to one case manager", at_most, at_most * 2)]


def weekly_contact(open_days: int, modes: Texts, two_way: bool) -> Form:
    ways = [("two_way", "Both sides spoke"), ("one_way", "One side only")]
    return [
        slider("open", "Open days in the week", max(open_days, 3), 7),
        *ticks(_WEEK, "Days with a contact", on=["tue"]),
        choice("mode", "How the contacts were made", words_of(_MODES), (modes or _MODES)[0]),
        choice("direction", "Who spoke", ways),
    ]


def first_contact(unit: str, within: float) -> Form:
    reached = happened(
        "reached", "Has the student been reached?", "Reached then", "Not reached yet"
    )
    if unit == "hours":
        label = "Hours from the referral to the contact, or to this moment"
        return [tenths("waited", label, str(int(within)), ceil(within * 2)), reached]
    late = "The referral came in the last term of the school year, or after it"
    if unit == "days":
        label = "Days from the referral to the contact, or to this day"
        return [
            slider("waited", label, int(within), int(within) * 2),
            reached,
            tick("late", late),
        ]
    label = "Days before the next school year begins"
    note = "0 is the first day of that year; below 0 the year has begun."
    return [slider("ahead", label, 1, 60, low=-30, note=note), reached, tick("late", late, on=True)]


def monthly_minutes(at_least: int, modes: Texts) -> Form:
    each = max(at_least // 4, 1)
    return [
        slider("meetings", "Contacts in the month", 4, 20),
        slider("minutes", "Minutes of each", each, max(each * 4, 60)),
        choice("mode", "How the contacts were made", words_of(_MODES), (modes or _MODES)[0]),
    ]


def case_manager_assigned() -> Form:
    return [
        slider("open", "Open days on which the student is enrolled", 90, 190),
        slider("held", "Of these, days with a case manager", 90, 190),
    ]


def based_on_site() -> Form:
    week = "Hours a week of case management"
    return [
        slider("here", f"{week} at a teaching site", 20, 40),
        slider("elsewhere", f"{week} elsewhere", 19, 40),
    ]


def qualification(
    degree: str, degree_fields: Texts, years: float, experience: Texts, certificates: Texts
) -> Form:
    fields: Form = []
    if degree:
        levels = words_of(TABLES["staff"].column("degree_level").allowed)
        fields += [choice("degree", "Highest degree", levels, "associate")]
    if degree_fields:
        kinds = words_of(TABLES["staff"].column("degree_field").allowed)
        fields += [choice("field", "Field of the degree", kinds, degree_fields[0])]
    if years:
        fields += [tenths("years", "Years of work", str(years), int(years * 3) + 1)]
    if experience:
        works = words_of(TABLES["staff"].column("experience_kind").allowed)
        fields += [choice("work", "Kind of that work", works, experience[0])]
    return [*fields, *ticks(words_of(certificates), "Papers held")] if certificates else fields


def annual_meeting(event: str, due: str) -> Form:
    meeting = said(event)
    return [
        day("meeting", f"Day of the {meeting}", "2024-02-29"),
        slider("after", "Days from it to the next one, or to this day", 365, 430, low=1),
        happened("held", f"Has the next {meeting} been held?", "Held then", "Not held yet"),
    ]


def meeting_before_due(meeting: str, due: str, days_before: int) -> Form:
    label = f"Days before it on which the {said(meeting)} is held"
    note = "Below 0: after it."
    high = days_before * 2 + 14
    return [
        day("due", capital(said(due)), "2026-03-14"),
        slider("before", label, days_before, high, low=-14, note=note),
    ]


def meeting_step(
    meeting: str,
    step: str,
    days_before: int,
    months_before: int,
    school_days_after: int,
    parties: Texts,
    ways: int,
) -> Form:
    asked = school_days_after * 7 // 5 or months_before * 31 + days_before
    side = "after" if school_days_after else "before"
    fields = [
        day("meeting", f"Day of the {said(meeting)}", "2026-03-31"),
        slider(
            "apart",
            f"Days {side} it: {said(step)}",
            asked,
            asked * 2 + 14,
            note=_OPEN_WEEK if school_days_after else "",
        ),
    ]
    if parties:
        return [*fields, *ticks(words_of(parties), "For whom", on=parties)]
    return [*fields, slider("ways", "Different ways", ways, ways + 3)] if ways else fields


def each_period(
    event: str, period: str, school_days_after: int, whole: bool, to_school: bool
) -> Form:
    first, last, length = {
        "fortnight": ("2026-02-02", "", 14),
        "grading_period": ("2026-01-12", "2026-03-20", 68),
        "school_year": ("2025-09-02", "2026-06-25", 297),
    }[period]
    name = period.replace("_", " ")
    # A fortnight has its own last day.
    end = [day("last", f"Last day of the {name}", last)] if last else []
    label = f"Days after its first day: {said(event)}"
    note = "Below 0: before it." + (f" {_OPEN_WEEK}" if school_days_after else "")
    return [
        day("first", f"First day of the {name}", first),
        *end,
        slider("after", label, length - 1, length + 30, low=-14, note=note),
    ]


def goals_measured(weeks: int) -> Form:
    names = [(f"week_{n}", f"Week {n}") for n in range(1, 5)]
    return ticks(names, "Weeks in which the goal was measured", on=["week_1", "week_3"])


def plan_before_exit(event: str) -> Form:
    plan = said(event)
    return [
        day("before_first", "First day of the term before", "2026-01-27"),
        day("before_last", "Last day of the term before", "2026-04-10"),
        day("term_first", "First day of the term in which the student leaves", "2026-04-27"),
        day("term_last", "Last day of that term", "2026-07-03"),
        slider("leaves", "Days after that term's first day: the student leaves", 39, 80),
        slider("plan", f"Days after the first day of the term before: {plan}", 38, 150),
    ]


def followed_by(
    step: str, event: str, same: str, later: Texts, parties: Texts, ended_by: Texts, each: str
) -> Form:
    begun = said(event) if event else "referral" if each == "referral" else "enrolment"
    noun = said(step)
    fields = [happened("taken", f"{capital(noun)}: on record?", "Yes", "No")]
    if event:
        note = "Below 0: before it, which does not count."
        fields += [slider("after", f"Days after the {begun}", 3, 30, low=-10, note=note)]
    if parties:
        fields += ticks(words_of(parties), "For whom", on=parties)
    if same:
        fields += [tick("same", "Both name the same one", on=True)]
    if later:
        fields += [tick("later", f"A later step was taken, such as: {said(later[0])}")]
    if ended_by:
        fields += [tick("ended", f"The case came to an end: {said(ended_by[0])}")]
    left = "The case is closed" if each == "referral" else "The student has left"
    return [*fields, tick("closed", left)]


def preceded_by(events: Texts, steps: Texts, same: str) -> Form:
    fields: Form = []
    for number, step in enumerate(steps, 1):
        label = f"Days before the {said(events[0])}"
        note = "0 is the same day; below 0: after it."
        group = capital(said(step))
        fields += [
            tick(f"done_{number}", "It is on record", on=True, group=group),
            slider(f"before_{number}", label, 7, 60, low=-10, note=note, group=group),
            tick(f"holds_{number}", "It still held on that day", on=True, group=group),
        ]
    return [*fields, tick("same", "They name the same one", on=True)] if same else fields


def monitored_period(excused: Texts, closed_as: Texts) -> Form:
    ends = [("", "It is open"), *((reason, f"Closed as {said(reason)}") for reason in REASONS)]
    return [
        slider("wait", "Days from the referral to the next grading period", 20, 63),
        slider("length", "Days in that period", 63, 90, low=1),
        slider("kept", "Days from the referral to the closing, or to this day", 82, 180),
        choice("closed", "The case", ends, closed_as[0] if closed_as else "satisfactory"),
    ]


def closure_reason(allowed: Texts) -> Form:
    ends = [("", "It is open"), *((reason, f"Closed as {said(reason)}") for reason in REASONS)]
    return [choice("closed", "The case", ends, allowed[0])]


def on_weekday(event: str, weekday: str) -> Form:
    return [day("held", f"Day of the {said(event)}", "2026-03-04")]


FORMS: dict[str, Callable[..., Form]] = {
    form.__name__: form
    for form in (
        *(staff_ratio, caseload, weekly_contact, monthly_minutes, first_contact),
        *(case_manager_assigned, annual_meeting, meeting_before_due, meeting_step, each_period),
        *(goals_measured, plan_before_exit, followed_by, preceded_by, monitored_period),
        *(closure_reason, on_weekday, based_on_site, qualification),
    )
}
