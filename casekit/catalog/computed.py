"""What each kind asks, as a sentence over its settings: what `Computed:` is followed by.

One function a kind, with the settings of the judge of that name: also those that ask nothing more
and only say how the records are read. A kind without one is said by its name and its settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from inspect import signature
from typing import Any

from casekit.kinds.evidence.shown import listed, said
from casekit.phrases import count, number

Texts = tuple[str, ...]

_DAYS = {
    **{"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday"},
    **{"fri": "Friday", "sat": "Saturday", "sun": "Sunday"},
}
_MODES = {
    **{"in_person": "in person", "home_visit": "on a home visit", "group": "in a group"},
    **{name: f"by {name}" for name in ("video", "phone", "text", "email", "letter")},
}
_DOCUMENTED = {
    "has_notes": "has notes",
    "topics": "says what it was about",
    "on_face_sheet": "is on the face sheet",
}
_SAME = {
    "item_id": ", about the same item",
    "staff_id": ", by the same person",
    "party": ", for the same party",
}
_PERIODS = {
    "fortnight": "every two weeks of term",
    "grading_period": "each grading period",
    "school_year": "each school year",
}
# The first words of nouns that stand with "the", and with nothing.
_THE = ("approval", "closing", "due", "filing", "handing", "sending", "sharing")
_BARE = ("consent", "word")


def computed(kind: str, settings: Mapping[str, Any]) -> str:
    """What a requirement of this kind asks, without a full stop; empty where the kind has none."""
    say = SENTENCES.get(kind)
    if say is None or not settings.keys() <= signature(say).parameters.keys():
        return ""
    return say(**settings)


def _a(event: str) -> str:
    """A type of event with its article: a face sheet, an IEP meeting, the filing of the IEP."""
    noun = said(event)
    first = noun.partition(" ")[0]
    if first in _BARE:
        return noun
    article = "the" if first in _THE else "an" if noun[0].lower() in "aeiou" else "a"
    return f"{article} {noun}"


def _all(parts: Iterable[str], last: str = "and") -> str:
    *most, end = parts
    return f"{', '.join(most)} {last} {end}" if most else end


def _for(parties: Texts) -> str:
    return f" for {listed(parties, 'and')}" if parties else ""


def _by_mode(modes: Texts) -> str:
    return f" {_all((_MODES.get(mode, mode) for mode in modes), 'or')}" if modes else ""


def annual_meeting(event: str, due: str) -> str:
    return f"each {said(event)} is followed by another within a year, or by the {said(due)}"


def assigned_at_new_site() -> str:
    return "a student who moves to another site has a case manager who is based there"


def based_on_site() -> str:
    return "each case manager works more than half of the time at a site where the program teaches"


def by_announced_date(request: str, consulted: str, submitted: str, announced: str) -> str:
    steps = f"{_a(consulted)} and then {_a(submitted)}"
    return f"after each {said(request)} there is {steps}, by the first {said(announced)}"


def case_manager_assigned() -> str:
    return "each student has a case manager on every open day on which they are enrolled"


def caseload(at_most: int) -> str:
    return f"no case manager has more than {count(at_most, 'student')} on any open day"


def closure_reason(allowed: Texts) -> str:
    return f"a case that was closed was closed as {listed(allowed)}"


def contacts_documented(
    shown_by: Texts = ("has_notes", "topics"), with_student: bool = True
) -> str:
    which = "each contact in which the student took part" if with_student else "each contact"
    return f"{which} {_all((_DOCUMENTED[name] for name in shown_by), 'or')}"


def documented(event: str) -> str:
    return f"by the end of a student's first term there is {_a(event)}"


def each_period(
    event: str,
    period: str,
    school_days_after: int = 0,
    whole: bool = True,
    to_school: bool = False,
) -> str:
    who = "the school of each student" if to_school else "each student"
    enrolled = "who was there all the time" if whole else "who is enrolled at its end"
    after = (
        f", or up to {count(school_days_after, 'school day')} later" if school_days_after else ""
    )
    return f"in {_PERIODS[period]}{after} there is {_a(event)} for {who} {enrolled}"


def first_contact(unit: str, within: float = 0) -> str:
    if unit == "school_year":
        return "a student referred in the last term is reached before the next school year"
    late = "" if unit == "hours" else ", but for referrals of the last term"
    return f"a student is reached within {count(within, unit[:-1])} of the referral{late}"


def followed_by(
    step: str,
    event: str = "",
    same: str = "",
    later: Texts = (),
    parties: Texts = (),
    ended_by: Texts = (),
    implied_by: Texts = (),
    one_each: bool = False,
    each: str = "student",
) -> str:
    begun = said(event) if event else "referral" if each == "referral" else "enrolment"
    there = f"there is {_a(step)}{', one for each' if one_each else ''}"
    before = ", before any later step" if later else ""
    ends = f", unless {_all(map(_a, ended_by), 'or')} comes first" if ended_by else ""
    return f"after each {begun} {there}{_for(parties)}{_SAME.get(same, '')}{before}{ends}"


def forwarded_by_due(due: str, forwarded: str) -> str:
    return "each report that a student's school expects is sent on by the day it is due"


def goals_measured(weeks: int) -> str:
    return f"each goal is measured in every {'two weeks' if weeks == 2 else 'week'} of school"


def leave_covered() -> str:
    return "on every open day of a case manager's leave someone stands in"


def meeting_before_due(meeting: str, due: str, days_before: int) -> str:
    ahead = f"at least {count(days_before, 'day')} before" if days_before else "by"
    return f"each {said(meeting)} is held {ahead} the {said(due)}"


def meeting_step(
    meeting: str,
    step: str,
    days_before: int = 0,
    months_before: int = 0,
    school_days_after: int = 0,
    parties: Texts = (),
    ways: int = 0,
) -> str:
    different = f", in at least {number(ways)} ways" if ways else ""
    if school_days_after:
        when = f"within {count(school_days_after, 'school day')} after"
    else:
        ahead = [(months_before, "month"), (days_before, "day")]
        long = " and ".join(count(many, unit) for many, unit in ahead if many)
        when = f"at least {long} before" if long else "before"
    return f"there is {_a(step)}{_for(parties)} {when} each {said(meeting)}{different}"


def monitored_period(excused: Texts = (), closed_as: Texts = ()) -> str:
    which = f"a case closed as {listed(closed_as)}" if closed_as else "a case"
    but = f", unless it is closed as {listed(excused)}" if excused else ""
    return f"{which} is kept until a whole grading period after the referral is over{but}"


def monthly_minutes(at_least: int, modes: Texts) -> str:
    much = count(at_least, "minute")
    return f"in each whole month each student has at least {much} of contact{_by_mode(modes)}"


def on_file(
    event: str, parties: Texts = (), any_time: bool = False, validity: str = "unless_expired"
) -> str:
    since = "" if any_time else ", from this enrolment"
    good = {
        "unless_expired": ", not past its last day",
        "must_be_dated": ", with a last day that has not passed",
    }
    return f"each student has {_a(event)} on record{_for(parties)}{since}{good.get(validity, '')}"


def on_weekday(event: str, weekday: str) -> str:
    return f"each {said(event)} is on a {_DAYS[weekday]}"


def plan_before_exit(event: str) -> str:
    return f"a student who leaves has {_a(event)} at least one term before the exit"


def preceded_by(events: Texts, steps: Texts, same: str = "", each: str = "student") -> str:
    whose = " of the same case" if each == "referral" else " that still holds"
    needed = f"{_all(map(_a, steps))}{whose}{_SAME.get(same, '')}"
    return f"before {_all(map(_a, events), 'or')} there is {needed}"


def qualification(
    degree: str = "",
    degree_fields: Texts = (),
    years: float = 0,
    experience: Texts = (),
    certificates: Texts = (),
) -> str:
    ways = []
    if degree:
        field = f" in {listed(degree_fields)}" if degree_fields else ""
        article = "an" if degree[0] in "aeiou" else "a"
        ways.append(f"{article} {said(degree)} degree or a higher one{field}")
    if years:
        work = f" of {listed(experience)}" if experience else " of work"
        ways.append(f"at least {count(years, 'year')}{work}")
    if certificates:
        ways.append(f"a {listed(certificates)}")
    return f"each case manager has {', or '.join(ways)}"


def seen_in_contacts(
    topics: Texts = (), settings: Texts = (), modes: Texts = (), each: bool = False
) -> str:
    shown = [
        *(f"about {said(topic)}" for topic in topics),
        *(_SETTINGS.get(setting, f"at the {setting}") for setting in settings),
        *(_MODES.get(mode, mode) for mode in modes),
    ]
    if each:
        return f"the program has contacts {_all(shown)}, of each sort at least one"
    return f"the program has contacts {_all(shown, 'or')}"


_SETTINGS = {
    **{"home": "at home", "community": "in the community"},
    **{"site": "on site", "online": "online"},
}


def staff_present(at_work: bool) -> str:
    there = "at work" if at_work else "employed"
    return f"on every open day with students, staff for case management are {there}"


def staff_ratio(per_staff: float) -> str:
    return f"on each day there are at most {number(per_staff)} students to a full-time case manager"


def weekly_contact(open_days: int, modes: Texts = (), two_way: bool = False) -> str:
    both = ", in which both sides speak" if two_way else ""
    weeks = f"week with at least {count(open_days, 'open day')}"
    return f"in each {weeks} each student has a contact{_by_mode(modes)}{both}"


def weekly_delivery() -> str:
    return "each week in which the program has students has an open day or a contact"


SENTENCES: dict[str, Callable[..., str]] = {
    say.__name__: say
    for say in (
        *(annual_meeting, assigned_at_new_site, based_on_site, by_announced_date),
        *(case_manager_assigned, caseload, closure_reason, contacts_documented, documented),
        *(each_period, first_contact, followed_by, forwarded_by_due, goals_measured),
        *(leave_covered, meeting_before_due, meeting_step, monitored_period, monthly_minutes),
        *(on_file, on_weekday, plan_before_exit, preceded_by, qualification, seen_in_contacts),
        *(staff_present, staff_ratio, weekly_contact, weekly_delivery),
    )
}
