"""Examples of the kinds about contacts: how often, how long, how soon, about what, written down.

One function a kind, with the settings of the judge of that name.
"""

from __future__ import annotations

from collections.abc import Iterable

from casekit.kinds.evidence.shown import said
from casekit.tables import TABLES
from casekit.workshop.controls import Choice, Control, Example, Rows, Slider
from casekit.workshop.examples.rows import PROGRAM, STUDENT, contact, on, roster

Texts = tuple[str, ...]
_DIRECTIONS = {"two_way": "both spoke", "one_way": "one way only"}
WEEKS_OF_MARCH = ("2026-03-04", "2026-03-11", "2026-03-18", "2026-03-25")


def weekly_contact(open_days: int, modes: Texts = (), two_way: bool = False) -> Example:
    def rows(weeks: int, mode: str, direction: str = "two_way") -> Rows:
        days = WEEKS_OF_MARCH[:weeks]
        return roster(contacts=[contact(day, mode=mode, direction=direction) for day in days])

    controls: list[Control] = [
        Slider("weeks", "Weeks of March with a contact, of 4", 0, 4, 4, 3),
        _mode(modes),
    ]
    if two_way:
        way = Choice("direction", "In the contact", _DIRECTIONS, "two_way", "two_way")
        controls.append(way)
    return Example(tuple(controls), rows)


def _mode(modes: Texts) -> Choice:
    options = {mode: said(mode) for mode in TABLES["contacts"].column("mode").allowed}
    best = (modes or ("phone",))[0]
    return Choice("mode", "How the contact is made", options, best, best)


def monthly_minutes(at_least: int, modes: Texts) -> Example:
    def rows(meetings: int, minutes: int, mode: str) -> Rows:
        days = [on("2026-03-02", 3 * n) for n in range(meetings)]
        held = [contact(day, mode=mode, duration_minutes=minutes) for day in days]
        return roster(contacts=held)

    each = -(-at_least // 4)
    return Example(
        (
            Slider("meetings", "Meetings in March", 0, 8, 4, 4),
            Slider("minutes", "Minutes each", 0, 2 * each, each, each - 1),
            _mode(modes),
        ),
        rows,
    )


def first_contact(unit: str, within: float = 0) -> Example:
    if unit == "hours":
        return _within_hours(within)
    late = unit == "school_year"
    # The summer: a referral of the last term waits for the next year's first day, 24 August.
    received, limit = ("2026-06-01", 83) if late else ("2026-03-02", int(within))

    def rows(days: int) -> Rows:
        return roster(referrals=[_referral(received)], contacts=[contact(on(received, days))])

    label = "Days from the referral to the first contact"
    top = max(2 * limit, limit + 7)
    controls = (Slider("days", label, 1, top, limit, limit + 1),)
    return Example(controls, rows, as_of=on(received, top + 14), since=received)


def _within_hours(within: float) -> Example:
    def rows(hours: int) -> Rows:
        days, hour = divmod(9 + hours, 24)
        when = f"{on('2026-03-02', days)}T{hour:02d}:00"
        return roster(referrals=[_referral("2026-03-02T09:00")], contacts=[contact(when)])

    label, limit = "Hours from the referral to the first contact", int(within)
    controls = (Slider("hours", label, 0, 2 * limit, limit, limit + 1),)
    return Example(controls, rows, as_of=on("2026-03-31", limit // 12))


def _referral(received: str) -> dict[str, str]:
    key = {"referral_id": "R-1", "student_id": STUDENT, "program_id": PROGRAM}
    return {**key, "received_at": received}


def seen_in_contacts(
    topics: Texts = (), settings: Texts = (), modes: Texts = (), each: bool = False
) -> Example:
    looked_for = {"topics": topics, "setting": settings, "mode": modes}
    wanted = [(column, value) for column, values in looked_for.items() for value in values]
    # What a contact says where it does not say what is looked for.
    plain = {column: _other(column, values) for column, values in looked_for.items()}

    def rows(**seen: int) -> Rows:
        held = [contact("2026-03-03", **plain)]
        for column, value in wanted:
            number = seen[f"{column}_{value}"]
            held += [contact("2026-03-10", **{**plain, column: value}) for _ in range(number)]
        return roster(contacts=held)

    def control(number: int, column: str, value: str) -> Slider:
        met = 1 if each or not number else 0
        label = f"Contacts in March: {_WHAT[column]} {said(value)}"
        return Slider(f"{column}_{value}", label, 0, 5, met, 0)

    return Example(tuple(control(n, *pair) for n, pair in enumerate(wanted)), rows)


_WHAT = {"topics": "about", "setting": "held at", "mode": "made by"}


def _other(column: str, values: Iterable[str]) -> str:
    """A value of a column that is not looked for; empty where all are."""
    allowed = reversed(TABLES["contacts"].column(column).allowed)
    return next((value for value in allowed if value not in set(values)), "")


def contacts_documented(
    shown_by: Texts = ("has_notes", "topics"), with_student: bool = True
) -> Example:
    def rows(contacts: int, written: int) -> Rows:
        held = []
        for number in range(contacts):
            done = number < written
            cells = {column: _written(column, done) for column in shown_by}
            held.append(contact(on("2026-03-02", number), participants="student", **cells))
        return roster(contacts=held)

    return Example(
        (
            Slider("contacts", "Contacts in March", 1, 10, 4, 4),
            Slider("written", "Of them written down", 0, 10, 4, 3),
        ),
        rows,
    )


def _written(column: str, done: bool) -> str:
    if TABLES["contacts"].column(column).type == "yes_no":
        return "yes" if done else "no"
    return "other" if done else ""


def weekly_delivery() -> Example:
    def rows(contacts: int) -> Rows:
        held = [contact(on("2026-04-06", number)) for number in range(contacts)]
        return roster(contacts=held)

    label = "Contacts in the week of the break, 6 to 12 April"
    controls = (Slider("contacts", label, 0, 5, 1, 0),)
    return Example(controls, rows, as_of="2026-04-19", since="2026-03-30")
