"""Examples of the kinds about cases and their steps: what follows, what comes first, how it ends.

One function a kind, with the settings of the judge of that name.
"""

from __future__ import annotations

from collections.abc import Sequence

from casekit.kinds.evidence.shown import said
from casekit.kinds.words import CLOSING, REASONS
from casekit.phrases import capital
from casekit.tables import WEEKDAYS
from casekit.workshop.controls import Choice, Control, Example, Rows, Slider, yes_no
from casekit.workshop.examples.rows import (
    COLLEAGUE,
    MANAGER,
    PROGRAM,
    STUDENT,
    TERM_3,
    happened,
    manager,
    on,
    roster,
    student,
)

Texts = tuple[str, ...]
_NOTHING = "nothing more yet"


def _case(
    steps: Sequence[dict[str, object]], closed: str = "", reason: str = "", received: str = ""
) -> Rows:
    """A referral with its steps; a closing among them closes it."""
    for step in steps:
        name = str(step["event_type"])
        if name in CLOSING:
            closed, why = str(step["occurred_at"]), name.removeprefix("closed_")
            reason = "satisfactory" if why == "referral_closed" else why
    referral = {
        **{"referral_id": "R-1", "student_id": STUDENT, "program_id": PROGRAM},
        **{"received_at": received or "2026-03-02", "closed_on": closed},
        "closure_reason": reason if closed else "",
    }
    taken = [step for step in steps if step["event_type"] not in CLOSING]
    return roster(referrals=[referral], events=taken)


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
) -> Example:
    next_step = next((name for name in later if name not in CLOSING), "")
    about = _SAME.get(same, ("", ""))

    def rows(taken: str, then: str, party: str = "", which: str = "") -> Rows:
        first = {same: about[0]} if same else {}
        second = {same: about[which == "other"]} if same else {}
        second |= {"party": party.replace("+", ";")} if parties else {}
        steps = [happened(event, "2026-03-04", **first)] if event else []
        steps += [happened(step, "2026-03-10", **second)] if taken == "yes" else []
        steps += [happened(then, "2026-03-20", **first)] if then == next_step and then else []
        over = then == "over"
        if each == "referral":
            return _case(steps, "2026-03-25" if over else "", "satisfactory")
        people = [student(enrollment_end="2026-03-25" if over else "")]
        return roster(*people, staff=[manager(), manager(COLLEAGUE)], events=steps)

    ends = "the case is closed" if each == "referral" else "the student leaves"
    thens = {next_step: said(next_step)} if next_step else {}
    thens |= {} if step in CLOSING else {"over": ends}
    thens["nothing"] = _NOTHING
    controls: list[Control] = [
        yes_no("taken", f"{capital(said(step))}: on record?"),
        Choice("then", "And then", thens, "nothing", next(iter(thens))),
    ]
    controls += _whom("party", step, parties)
    controls += [_which(same)] if same else []
    return Example(tuple(controls), rows)


# Two values of what both events must name alike.
_SAME = {"item_id": ("D-1", "D-2"), "staff_id": (MANAGER, COLLEAGUE), "party": ("A", "B")}
_ALIKE = {"item_id": "document", "staff_id": "person", "party": "party"}


def _which(same: str) -> Choice:
    options = {"same": f"the same {_ALIKE[same]}", "other": f"another {_ALIKE[same]}"}
    return Choice("which", "It is about", options, "same", "same")


def _whom(name: str, step: str, parties: Texts) -> list[Control]:
    if not parties:
        return []
    whole = "+".join(parties)
    options = {whole: "everyone asked", **{one: f"{said(one)} only" for one in parties}}
    return [Choice(name, f"{capital(said(step))} for", options, whole, whole)]


def preceded_by(events: Texts, steps: Texts, same: str = "", each: str = "student") -> Example:
    about = _SAME.get(same, ("", ""))

    def rows(days: int, which: str = "") -> Rows:
        first = {same: about[0]} if same else {}
        second = {same: about[which == "other"]} if same else {}
        last, *others = reversed(steps)
        done = [happened(name, "2026-03-03", **second) for name in others]
        done += [happened(last, on("2026-03-16", -days), **second)]
        done += [happened(events[0], "2026-03-16", **first)]
        if each == "referral":
            return _case(done)
        return roster(staff=[manager(), manager(COLLEAGUE)], events=done)

    label = f"Days from the {said(steps[-1])} to the {said(events[0])}"
    controls: list[Control] = [Slider("days", label, -10, 12, 5, -1)]
    controls += [_which(same)] if same else []
    return Example(tuple(controls), rows)


def closure_reason(allowed: Texts) -> Example:
    def rows(reason: str) -> Rows:
        return _case([], "" if reason == "open" else "2026-03-25", reason)

    wrong = next((reason for reason in REASONS if reason not in allowed), allowed[0])
    options = {"open": "the case is open", **{one: said(one) for one in REASONS}}
    return Example((Choice("reason", "Closed as", options, allowed[0], wrong),), rows)


def monitored_period(excused: Texts = (), closed_as: Texts = ()) -> Example:
    def rows(days: int, reason: str) -> Rows:
        return _case([], on(TERM_3, days), reason, received=TERM_3)

    good = closed_as or tuple(reason for reason in REASONS if reason not in excused) or REASONS
    options = {one: said(one) for one in REASONS}
    # The grading period of the example has 88 days, its first and last included.
    label = "Days from the referral, 5 January, to the closing of the case"
    controls = (
        Slider("days", label, 0, 150, 87, 86),
        Choice("reason", "Closed as", options, good[0], good[0]),
    )
    return Example(controls, rows, as_of="2026-06-12", since=TERM_3)


def on_weekday(event: str, weekday: str) -> Example:
    def rows(day: str) -> Rows:
        return _case([happened(event, on("2026-03-09", WEEKDAYS.index(day)))])

    other = WEEKDAYS[(WEEKDAYS.index(weekday) + 1) % 7]
    label = f"Weekday of the {said(event)}"
    options = {day: _DAYS[day] for day in WEEKDAYS}
    return Example((Choice("day", label, options, weekday, other),), rows)


_DAYS = dict(
    zip(
        WEEKDAYS,
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True,
    )
)


def by_announced_date(request: str, consulted: str, submitted: str, announced: str) -> Example:
    def rows(talked: int, sent: int) -> Rows:
        deadline = {"event_type": announced, "occurred_at": "2026-03-16", "program_id": PROGRAM}
        asked = happened(request, "2026-03-02")
        steps = [
            happened(consulted, on("2026-03-02", talked)),
            happened(submitted, on("2026-03-02", sent)),
        ]
        return roster(events=[asked, *steps, deadline])

    since = f"Days from the {said(request)}, 2 March, to the"
    return Example(
        (
            Slider("talked", f"{since} {said(consulted)}", 0, 28, 3, 3),
            Slider("sent", f"{since} {said(submitted)} (announced: 14)", 0, 28, 14, 15),
        ),
        rows,
    )
