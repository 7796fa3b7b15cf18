"""The deadlines panel: what falls due, the way back from a meeting, the next step of each case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from casekit.back_plan import plan_entries
from casekit.figures import due_by_week
from casekit.phrases import capital, count, date
from casekit.reports.document import Block, FigureBlock, Heading, Notice, Text
from casekit.upcoming import about, by_week, calendar_of, entries, table_of, weeks_of, within
from casekit.widgets import next_steps
from casekit.widgets.ahead import LONGEST, Ahead
from casekit.widgets.pages import PAGE, next_button, turned, turning
from casekit.widgets.panel import Download
from casekit.widgets.parts import (
    Button,
    Choice,
    Entry,
    Grid,
    Part,
    Region,
    Row,
    Slider,
)
from casekit.widgets.roster import Roster, RosterPanel, WithRoster, form, loaded

SHOWN = 200  # lines of the list
NONE_BUT_TABLE = "Save the table (CSV) to see all of them."


@dataclass(frozen=True)
class Deadlines(WithRoster):
    """What the deadlines panel looks at.

    ahead    what was found; days: how far it is looked ahead
    who, manager, rule  a part of a student's name or id, a staff_id, a requirement; empty: all
    opened   the line of the list whose rows are shown: its day, standard and requirement
    page     which PAGE of them
    student  whose meeting is planned back from (`student|meeting`), and on which day (empty: the
             one planned, or the last on which it may be held)
    referral whose steps are shown (`standard|referral`)
    """

    ahead: Ahead
    days: str = "30"
    who: str = ""
    manager: str = ""
    rule: str = ""
    opened: str = ""
    page: int = 0
    student: str = ""
    day: str = ""
    referral: str = ""

    @property
    def chosen(self) -> tuple[object, ...]:
        """What every list is made from."""
        return (self.ahead, self.who, self.manager)

    def of_chosen(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows of the chosen students."""
        return about(rows, self.ahead.students, self.who, self.manager)

    @property
    def due(self) -> pd.DataFrame:
        """What falls due of what was chosen; nothing where the form has a mistake."""
        rows = self.of_chosen(
            within(self.ahead.due, np.datetime64(self.roster.as_of), self.ahead_days)
        )
        return rows[rows["requirement_id"] == self.rule] if self.rule else rows

    @property
    def rows(self) -> pd.DataFrame:
        """The rows behind the line that was chosen."""
        day, standard, requirement = self.opened.split("|", 2)
        rows = self.due
        mine = (rows["standard_id"] == standard) & (rows["requirement_id"] == requirement)
        return rows[mine & (rows["due_on"].dt.strftime("%Y-%m-%d").fillna("") == day)]

    @property
    def ahead_days(self) -> int:
        """How many days ahead."""
        return min(max(int(float(self.days)), 1), LONGEST)


def filters(state: Deadlines) -> Iterator[Part]:
    """How far ahead, whose, and which sort of deadline."""
    ahead = state.ahead
    if ahead.evaluation is None:
        return
    yield Heading(2, "What falls due")
    managers = sorted({m for cell in ahead.due["case_manager"] for m in cell.split(";") if m})
    rules = ahead.due.drop_duplicates("requirement_id")
    sorts = sorted(zip(rules["requirement_id"], rules["title"], strict=True), key=lambda r: r[1])
    named = sorted(((m, ahead.staff.get(m, m)) for m in managers), key=lambda m: m[1])
    days = str(state.ahead_days)
    fields = (
        Slider("days", "Days to look ahead", days, low=1, high=LONGEST, unit="days"),
        Entry("who", "Student", state.who, help="A part of the name or of the id.", live=True),
        Choice("manager", "Case manager", state.manager, options=(("", "All"), *named)),
        Choice("rule", "Sort of deadline", state.rule, options=(("", "All"), *sorts)),
    )
    yield Row(fields)


def figure(state: Deadlines) -> Iterator[Block]:
    """How many fall due in each week: a figure that speaks of nobody."""
    if state.ahead.evaluation is None:
        return
    weeks = by_week(state.due, state.ahead.evaluation.as_of, state.ahead_days)
    yield FigureBlock.of(due_by_week(weeks))


def listed(state: Deadlines) -> Iterator[Part]:
    """What falls due, overdue first and then by week; one line for each day and requirement."""
    if state.ahead.evaluation is None:
        return
    rows = state.due
    until = date(state.ahead.evaluation.as_of + np.timedelta64(state.ahead_days, "D"))
    if rows.empty:
        yield Notice("note", f"Nothing falls due up to {until} for whom you chose.")
        return
    rows = rows.assign(week=weeks_of(rows), lasting=rows["due_on"].isna())
    rows = rows.sort_values(["lasting", "overdue", "due_on"], ascending=[True, False, True])
    lines = list(rows.groupby(_LINE, sort=False, dropna=False))
    weeks: dict[str, list[tuple]] = {}
    for _, part in lines[:SHOWN]:
        weeks.setdefault(_week(part.iloc[0], state), []).append(_line(state.ahead, part))
    for caption, cells in weeks.items():
        yield Grid(caption, ("What is asked", "Last day", "For whom", "Case manager"), tuple(cells))
    if len(lines) > SHOWN:
        yield Text(f"The first {SHOWN} of {len(lines)} lines. {NONE_BUT_TABLE}")
    yield Notice("warning", "These files name students by their ids: keep them in the program.")
    yield Row(
        (
            Button("calendar", "Save as a calendar (.ics)", primary=True),
            Button("table", "Save as a table (CSV)"),
        )
    )


_LINE = ["due_on", "standard_id", "requirement_id"]


def _week(row: pd.Series, state: Deadlines) -> str:
    """The heading under which a row stands."""
    if row["overdue"]:
        return "Overdue"
    if pd.isna(row["due_on"]):
        return "No day is set: while the case is open"
    sunday = date(row["week"] + pd.Timedelta(days=6))
    this = row["week"] <= pd.Timestamp(state.roster.as_of)
    return f"This week, to {sunday}" if this else f"Week from {date(row['week'])} to {sunday}"


def _line(ahead: Ahead, part: pd.DataFrame) -> tuple:
    """One line of the list: what is asked, by when, of whom."""
    row = part.iloc[0]
    day = "" if pd.isna(row["due_on"]) else date(row["due_on"])
    whom: str | Button = ahead.whom(row)
    if len(part) > 1:
        value = "|".join((str(row["due_on"].date()) if day else "", *row[_LINE[1:]]))
        told = f"{row['title']}, {day}"
        whom = Button("open", count(len(part), row["subject_type"]), value, about=told)
    return row["title"], day or "—", whom, ahead.managers(part["case_manager"])


def rows_behind(state: Deadlines) -> Iterator[Part]:
    """Whom one line of the list is about."""
    if state.ahead.evaluation is None or not state.opened:
        return
    day = state.opened.split("|", 1)[0]
    rows = state.rows
    if rows.empty:
        return
    page = turned(state.page, "", len(rows))  # fewer are there once fewer are chosen
    shown = rows.iloc[page * PAGE :][:PAGE]
    by = f", by {date(day)}" if day else ""
    yield Heading(3, f"{rows['title'].iloc[0]}{by}")
    yield Row((Button("close", "Close these rows"),))
    cells = tuple(
        (state.ahead.whom(row), capital(row["asked"]), state.ahead.managers(pd.Series([held])))
        for held, (_, row) in zip(shown["case_manager"], shown.iterrows(), strict=True)
    )
    yield Grid(count(len(rows), "row"), ("For whom", "What is asked", "Case manager"), cells)
    if len(rows) > PAGE:
        yield turning(page, len(rows))


class DeadlinesPanel(RosterPanel[Deadlines]):
    """A form for a roster, a day and a program, and what has to be done by when."""

    def __init__(self, data: str, as_of: str) -> None:
        roster = loaded(Roster(data, as_of, ahead=LONGEST))
        super().__init__(Deadlines(roster, Ahead(roster)))
        self.said = roster.said

    def regions(self, state: Deadlines) -> Iterator[Region]:
        chosen = state.chosen
        due = (*chosen, state.rule, state.ahead_days)
        yield Region("form", (state.roster,), partial(form, state.roster))
        yield Region("filters", due, partial(filters, state))
        yield Region("figure", due, partial(figure, state))
        yield Region("listed", due, partial(listed, state), settled=True)
        yield Region("rows", (*due, state.opened, state.page), partial(rows_behind, state))
        yield from next_steps.regions(state)

    def pressed(self, state: Deadlines, name: str, value: str) -> Deadlines:
        match name:
            case "open":
                self.said = "The rows are shown below the list."
                return self._at(replace(state, opened=value, page=0), "close")
            case "earlier" | "further" if state.ahead.evaluation and state.opened:
                rows = len(state.rows)
                page = turned(state.page, name, rows)
                return self._at(replace(state, page=page), next_button(page, name, rows))
            case "close":
                self.said = ""
                return self._at(replace(state, opened="", page=0), f"open-{state.opened}")
            case "steps":
                return replace(state, referral="" if value == state.referral else value)
            case "calendar" | "table" | "plan":
                self._save(state, name)
                return state
        return super().pressed(state, name, value)

    def changed(self, state: Deadlines, name: str, value: str) -> Deadlines:
        if name == "student":
            return replace(state, student=value, day="")
        return super().changed(state, name, value)

    def settled(self, state: Deadlines) -> Deadlines:
        # What was chosen in one program means nothing in another.
        return Deadlines(state.roster, Ahead(state.roster), state.days)

    def judged_anew(self, state: Deadlines) -> Deadlines:
        chosen = (state.days, state.who, state.manager, state.rule)
        fresh = Deadlines(state.roster, Ahead(state.roster), *chosen)
        if fresh.ahead.evaluation is None:
            return fresh
        due = fresh.ahead.due
        held = ";".join(due["case_manager"]).split(";")
        return replace(
            fresh,
            manager=state.manager if state.manager in held else "",
            rule=state.rule if state.rule in set(due["requirement_id"]) else "",
        )

    def _save(self, state: Deadlines, name: str) -> None:
        """Hand over what is shown as a file."""
        as_of = np.datetime64(state.roster.as_of, "D")
        if name == "table":
            self.hand(Download("due.csv", "text/csv", table_of(state.due).encode()))
        elif name == "calendar":
            planned = entries(state.due)
            self.hand(Download("due.ics", "text/calendar", calendar_of(planned, as_of)))
        elif plan := next_steps.planned(state):
            planned = plan_entries(plan, state.roster.program)
            self.hand(Download("plan.ics", "text/calendar", calendar_of(planned, as_of)))
        self.said = "The file was handed to your browser. Keep it in the program: it holds ids."
