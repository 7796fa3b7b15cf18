"""Examples of the kinds about meetings of a team: each year, in time, with their steps.

One function a kind, with the settings of the judge of that name.
"""

from __future__ import annotations

import pandas as pd

from casekit.kinds.evidence.shown import said
from casekit.phrases import capital
from casekit.workshop.controls import Choice, Control, Example, Rows, Slider
from casekit.workshop.examples.rows import happened, on, roster, school_day, student

Texts = tuple[str, ...]
_YEAR = {"as_of": "2026-06-12", "since": "2025-08-25"}
_WAYS = ("phone", "email", "letter", "text", "video", "home visit", "note", "app", "post", "visit")


def annual_meeting(event: str, due: str) -> Example:
    def rows(days: int) -> Rows:
        first = "2025-03-03"
        return roster(events=[happened(event, first), happened(event, on(first, days))])

    label = f"Days from one {said(event)} to the next"
    return Example((Slider("days", label, 300, 430, 365, 366),), rows, **_YEAR)


def meeting_before_due(meeting: str, due: str, days_before: int) -> Example:
    def rows(days: int) -> Rows:
        known = happened(due, "2025-09-01", valid_until="2026-04-15")
        return roster(events=[known, happened(meeting, on("2026-04-15", -days))])

    label = f"Days from the {said(meeting)} to the {said(due)}, 15 April"
    top = max(2 * days_before, 30)
    controls = (Slider("days", label, -10, top, days_before, days_before - 1),)
    return Example(controls, rows, **_YEAR)


def meeting_step(
    meeting: str,
    step: str,
    days_before: int = 0,
    months_before: int = 0,
    school_days_after: int = 0,
    parties: Texts = (),
    ways: int = 0,
) -> Example:
    after = school_days_after > 0
    held = "2026-02-04" if after else "2026-03-18"
    limit = school_days_after if after else _days_back(held, months_before, days_before)

    def rows(days: int, party: str = "", number: int = 1) -> Rows:
        day = school_day(held, days) if after else on(held, -days)
        cells: list[dict[str, object]] = [{"party": party.replace("+", ";")}] if parties else [{}]
        if ways:
            cells = [{"detail": way} for way in _WAYS[:number]]
        return roster(
            student(birth_date="2008-05-04"),
            events=[happened(meeting, held), *(happened(step, day, **each) for each in cells)],
        )

    return Example(_step_controls(meeting, step, limit, after, parties, ways), rows, **_YEAR)


def _step_controls(
    meeting: str, step: str, limit: int, after: bool, parties: Texts, ways: int
) -> tuple[Control, ...]:
    noun, low, high = said(step), -5 if not after else 1, max(2 * limit, 14)
    if after:
        label = f"School days from the {said(meeting)} to the {noun}"
        days = Slider("days", label, low, high, limit, limit + 1)
    else:
        label = f"Days from the {noun} to the {said(meeting)}"
        # With a number of ways, it is the ways that may be missed.
        days = Slider("days", label, low, high, max(limit, 1), max(limit, 1) if ways else limit - 1)
    controls: list[Control] = [days]
    if parties:
        whole = "+".join(parties)
        options = {whole: "everyone asked", **{one: f"{said(one)} only" for one in parties}}
        controls.append(Choice("party", f"{capital(noun)} for", options, whole, whole))
    if ways:
        label = "In how many ways"
        controls.append(Slider("number", label, 0, len(_WAYS), ways, ways - 1))
    return tuple(controls)


def _days_back(held: str, months: int, days: int) -> int:
    """Days from a day so many months and days before up to it."""
    until = pd.Timestamp(held)
    return (until - (until - pd.DateOffset(months=months))).days + days
