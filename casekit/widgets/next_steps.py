"""The parts of the deadlines panel about one student's meeting and about open referrals.

Each is there only where a standard of the program speaks of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from casekit.back_plan import BackPlan, back_plan, last_day_for
from casekit.evaluate import UsageError, day_given
from casekit.kinds.evidence.shown import said
from casekit.open_cases import next_steps
from casekit.phrases import capital, count, date
from casekit.reports.document import Heading, Notice, Text
from casekit.widgets.parts import Button, Chip, Choice, Entry, Grid, Part, Region, Row

if TYPE_CHECKING:
    from casekit.widgets.deadlines import Deadlines

MOST = 300  # students to choose from
# How the state of a step is shown: as which status, by which word.
STATES = {
    "done": ("met", "done"),
    "open": ("due", "open"),
    "overdue": ("not_met", "overdue"),
    "missed": ("not_met", "missed"),
    "unknown": ("cannot_tell", "cannot tell"),
    "not asked": ("not_applicable", "not asked"),
    "running": ("due", "still to be watched"),
    "over": ("met", "period is over"),
}


def regions(state: Deadlines) -> Iterator[Region]:
    """What is shown of the meetings, the referrals and the grading periods."""
    planned = (*state.chosen, state.student, state.day)
    yield Region("meetings", planned, partial(meetings, state), settled=True)
    yield Region("plan", planned, partial(plan, state), settled=True)
    referrals = (*state.chosen, state.referral)
    yield Region("referrals", referrals, partial(cases, state), settled=True)
    yield Region("case", referrals, partial(case, state), settled=True)
    yield Region("periods", state.chosen, partial(periods, state), settled=True)


def _chip(state: str) -> Chip:
    return Chip(*STATES[state])


def _meeting(state: Deadlines) -> pd.Series | None:
    """The meeting that is planned back from: the one chosen, else the one due first."""
    rows = state.of_chosen(state.ahead.meetings)
    if rows.empty:
        return None
    chosen = (rows["student_id"] + "|" + rows["meeting"]) == state.student
    return (rows[chosen] if chosen.any() else rows).iloc[0]


def _day(state: Deadlines, meeting: pd.Series) -> np.datetime64:
    """The day on which the meeting is to be. Raises UsageError where it is none, or is past."""
    as_of = np.datetime64(state.roster.as_of, "D")
    if not state.day:
        return last_day_for(meeting, as_of)
    day = day_given(state.day, "the day of the meeting")
    if day < as_of:
        raise UsageError(f"Give a day from {date(as_of)} on.")
    return day


def planned(state: Deadlines) -> BackPlan | None:
    """The plan that is shown; None where there is no meeting to plan, or no day for it."""
    evaluation = state.ahead.evaluation
    if evaluation is None or (row := _meeting(state)) is None:
        return None
    try:
        day = _day(state, row)
    except UsageError:
        return None
    return back_plan(evaluation, state.ahead.program, row["student_id"], row["meeting"], day)


def meetings(state: Deadlines) -> Iterator[Part]:
    """The choice of a student, and the days of the student's next meeting."""
    ahead = state.ahead
    if not ahead.speaks_of_meetings:
        return
    yield Heading(2, "The way back from a meeting")
    row = _meeting(state)
    if row is None:
        yield Notice("note", "No meeting lies ahead for any student whom you chose.")
        return
    rows = state.of_chosen(ahead.meetings)
    options = tuple(
        (f"{who}|{meeting}", f"{ahead.student(who)}: {said(meeting)} due by {date(due)}")
        if pd.notna(due)
        else (f"{who}|{meeting}", f"{ahead.student(who)}: {said(meeting)}")
        for who, meeting, due in zip(*(rows[c] for c in rows.columns[[0, 1, 3]]), strict=True)
    )
    more = f" The first {MOST} of {len(rows)}: type a name above." if len(rows) > MOST else ""
    try:
        day, wrong = str(_day(state, row)), ""
    except UsageError as error:
        day, wrong = state.day, str(error)
    yield Row(
        (
            Choice(
                "student",
                "Student",
                f"{row['student_id']}|{row['meeting']}",
                help=f"The one whose meeting is due first stands on top.{more}",
                options=options[:MOST],
            ),
            Entry(
                "day",
                "Day of the meeting",
                day,
                help="Try another day: the steps follow.",
                error=wrong,
                kind="date",
            ),
        )
    )
    yield Text(_meeting_sentence(ahead.student(row["student_id"]), row))


def _meeting_sentence(who: str, row: pd.Series) -> str:
    """By when the next meeting is asked, and whether it is planned."""
    told = [f"{who}, {said(row['meeting'])}:"]
    told += [f"the last was on {date(row['held'])}, and"] if pd.notna(row["held"]) else []
    if pd.notna(row["due_on"]):
        told.append(f"the next is due by {date(row['due_on'])}")
        sooner = row["hold_by"] < row["due_on"]
        told.append(f"and asked to be held by {date(row['hold_by'])}." if sooner else ".")
    planned = row["planned"]
    told.append(
        f"It is planned for {date(planned)}." if pd.notna(planned) else "No day is planned."
    )
    return " ".join(told).replace(" .", ".").replace("and It", "it")


def plan(state: Deadlines) -> Iterator[Part]:
    """The steps towards the meeting, and after it, by their last day."""
    shown = planned(state) if state.ahead.speaks_of_meetings else None
    if shown is None:
        return
    steps, as_of = shown.steps, pd.Timestamp(state.roster.as_of)
    if steps.empty:
        yield Notice(
            "note",
            f"No step is asked for a meeting on {date(shown.day)}: is the student"
            " still enrolled then?",
        )
        return
    cells = tuple(
        (
            row.title,
            date(row.last_day) if pd.notna(row.last_day) else "not in the calendar",
            _chip(row.state),
            capital(row.told.removeprefix("Still asked: ")),
        )
        for row in steps.itertuples()
    )
    late = int((steps["state"] == "overdue").sum())
    done = int((steps["state"] == "done").sum())
    asked = int((steps["state"] != "not asked").sum())
    caption = f"For a meeting on {date(shown.day)}: {done} of {count(asked, 'step')} done"
    caption += f", {late} overdue" if late else ""
    yield Grid(caption, ("Step", "Last day", "State", "Still to do, or why not"), cells)
    yield Text(f"Done is what is on record up to {date(as_of)}.")
    yield Row((Button("plan", "Save the open steps as a calendar (.ics)"),))


def cases(state: Deadlines) -> Iterator[Part]:
    """Each open referral with its next step."""
    ahead = state.ahead
    if not ahead.speaks_of_referrals:
        return
    yield Heading(2, "Referrals and their next step")
    rows = next_steps(state.of_chosen(ahead.steps))
    if rows.empty:
        yield Notice("note", "No referral of whom you chose is open.")
        return
    cells = tuple(
        (
            f"{ahead.student(row.student_id)}, referral {row.referral_id}",
            date(row.received_on),
            row.next or "No step is open",
            row.by_when or "—",
            f"{row.done} of {row.asked}",
            row.missed,
            Button(
                "steps",
                "Steps",
                f"{row.standard_id}|{row.referral_id}",
                about=f"of referral {row.referral_id}",
                pressed=state.referral == f"{row.standard_id}|{row.referral_id}",
            ),
        )
        for row in rows.itertuples()
    )
    waiting = int((rows["next"] != "").sum())
    yield Grid(
        f"{count(len(rows), 'open referral')}, {waiting} with a step to take",
        ("Student", "Received", "Next step", "By when", "Done", "Missed", "All steps"),
        cells,
        note="Missed: a later step was taken first, or its day has passed. Where the standard"
        " sets no day for a step, the step that comes after it is named.",
        numbers=("Missed",),
    )


def case(state: Deadlines) -> Iterator[Part]:
    """All steps of one referral."""
    ahead = state.ahead
    if not ahead.speaks_of_referrals or not state.referral:
        return
    standard, referral = state.referral.split("|", 1)
    rows = state.of_chosen(ahead.steps)
    rows = rows[(rows["standard_id"] == standard) & (rows["referral_id"] == referral)]
    if rows.empty:
        return
    cells = tuple(
        (row.title, _chip(row.state), capital(row.by_when) if row.state == "open" else "—")
        for row in rows.itertuples()
    )
    who = ahead.student(rows["student_id"].iloc[0])
    yield Grid(f"Steps of referral {referral}, {who}", ("Step", "State", "By when"), cells)


def periods(state: Deadlines) -> Iterator[Part]:
    """The grading period that each open case has to be watched through."""
    ahead = state.ahead
    if not ahead.speaks_of_periods:
        return
    yield Heading(2, "Grading periods to be watched")
    rows = state.of_chosen(ahead.periods)
    if rows.empty:
        yield Notice("note", "No case of whom you chose is open.")
        return
    cells = tuple(
        (
            f"{ahead.student(row.student_id)}, referral {row.referral_id}",
            date(row.received_on),
            row.period or "—",
            date(row.last_day) if pd.notna(row.last_day) else capital(row.reason),
            _chip(row.state),
        )
        for row in rows.itertuples()
    )
    left = int((rows["state"] == "running").sum())
    yield Grid(
        f"{count(len(rows), 'open case')}, {left} in a period that has to be finished",
        ("Student", "Received", "Grading period", "Its last day", "State"),
        cells,
        note="The period is the first that begins on the day of the referral or after it. Keep the"
        " case open to its last day.",
    )
