"""Examples of the kinds about papers, plans and reports: on file, in time, in each period.

One function a kind, with the settings of the judge of that name.
"""

from __future__ import annotations

from casekit.kinds.evidence.shown import said
from casekit.phrases import capital
from casekit.workshop.controls import Choice, Control, Example, Rows, Slider, yes_no
from casekit.workshop.examples.contacts import WEEKS_OF_MARCH
from casekit.workshop.examples.rows import (
    PROGRAM,
    SCHOOL,
    STUDENT,
    TERM_3,
    TERM_3_END,
    happened,
    on,
    roster,
    school_day,
    student,
)

Texts = tuple[str, ...]


def documented(event: str) -> Example:
    def rows(filed: str) -> Rows:
        papers = [happened(event, "2026-03-10")] if filed == "yes" else []
        return roster(student(start=TERM_3), events=papers)

    controls = (yes_no("filed", f"{capital(said(event))} on file?"),)
    return Example(controls, rows, as_of="2026-06-12", since=TERM_3)


def on_file(
    event: str,
    parties: Texts = (),
    any_time: bool = False,
    validity: str = "unless_expired",
) -> Example:
    dated = validity != "any"

    def rows(filed: str, left: int = 0, party: str = "") -> Rows:
        cells = {"party": party.replace("+", ";"), "valid_until": ""}
        cells["valid_until"] = on("2026-03-31", left) if dated else ""
        papers = [happened(event, "2025-09-01", **cells)] if filed == "yes" else []
        return roster(events=papers)

    controls: list[Control] = [
        yes_no("filed", f"{capital(said(event))} on record?", "yes" if dated else "no")
    ]
    if dated:
        label = "Days from 31 March to the last day on which it holds"
        controls.append(Slider("left", label, -60, 120, 60, -1))
    if parties:
        whole = "+".join(parties)
        options = {whole: "everyone asked", **{one: f"{said(one)} only" for one in parties}}
        controls.append(Choice("party", "Given to", options, whole, whole))
    return Example(tuple(controls), rows)


def each_period(
    event: str,
    period: str,
    school_days_after: int = 0,
    whole: bool = True,
    to_school: bool = False,
) -> Example:
    cells = {"party": SCHOOL} if to_school else {}
    person = student(school_id=SCHOOL)
    if period == "fortnight":

        def fortnights(weeks: int) -> Rows:
            days = WEEKS_OF_MARCH[::2][:weeks]
            return roster(person, events=[happened(event, day, **cells) for day in days])

        label = f"Fortnights of March with {said(event)}, of 2"
        return Example((Slider("weeks", label, 0, 2, 2, 1),), fortnights)
    yearly = period == "school_year"
    first, last = ("2025-08-25", "2026-06-12") if yearly else (TERM_3, TERM_3_END)

    def rows(days: int) -> Rows:
        return roster(person, events=[happened(event, school_day(last, days), **cells)])

    late = school_days_after
    name = period.replace("_", " ")
    label = f"School days from the {name}'s end to the {said(event)} (below 0: before it)"
    controls = (Slider("days", label, -60, 30 + late, late, late + 1),)
    # Late enough for every deadline, and before the next one of the year after.
    return Example(controls, rows, as_of="2026-10-30" if yearly else "2026-06-11", since=first)


def goals_measured(weeks: int) -> Example:
    order = [0, 2, 1, 3] if weeks == 2 else [0, 1, 2, 3]

    def rows(measured: int) -> Rows:
        goal = {"student_id": STUDENT, "goal_id": "G-1"}
        found = [{**goal, "measured_on": WEEKS_OF_MARCH[n], "value": 1} for n in order[:measured]]
        return roster(goals=[{**goal, "start_date": "2025-09-01"}], progress=found)

    enough = 4 // weeks
    label = "Weeks of March in which the goal is measured, of 4"
    return Example((Slider("measured", label, 0, 4, enough, enough - 1),), rows)


def forwarded_by_due(due: str, forwarded: str) -> Example:
    def rows(days: int) -> Rows:
        asked = {"event_type": due, "occurred_at": "2026-03-16", "program_id": PROGRAM}
        sent = happened(forwarded, on("2026-03-16", days), party=SCHOOL)
        return roster(student(school_id=SCHOOL), events=[{**asked, "party": SCHOOL}, sent])

    label = "Days from the due date to the sending of the report (below 0: before it)"
    return Example((Slider("days", label, -14, 14, 0, 1),), rows)


def plan_before_exit(event: str) -> Example:
    def rows(days: int) -> Rows:
        person = student(planned_exit_date="2026-05-20")
        return roster(person, events=[happened(event, on("2026-05-20", -days))])

    # 20 May is the Wednesday of a sixth week of term; that of the term before is 98 days earlier.
    label = f"Days from the {said(event)} to the exit, 20 May"
    controls = (Slider("days", label, 0, 150, 98, 97),)
    return Example(controls, rows, as_of="2026-05-20", since=TERM_3)
