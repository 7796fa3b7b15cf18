"""The caseload panel: what is wrong with the data, what the standards say, the rows behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial

import pandas as pd

from casekit.cases import EVERYBODY, Whom, behind, narrowed, offered, staff_names
from casekit.catalog import Requirement
from casekit.findings import Evaluation
from casekit.phrases import capital, count, date, listing
from casekit.reports import measures
from casekit.reports.document import Block, Bullets, Heading, Notice, TableBlock, Text
from casekit.reports.view import View
from casekit.widgets.pages import PAGE, next_button, turned, turning
from casekit.widgets.parts import Button, Chip, Choice, Grid, Part, Region, Row
from casekit.widgets.roster import Roster, RosterPanel, WithRoster, form, loaded
from casekit.wording import explain

# What is shown of a program with a figure, in this order.
FIGURES: dict[str, Callable[[View], Iterable[Block]]] = {
    "Students per case manager": measures.ratio,
    "Caseload of each case manager": measures.caseload,
    "Weekly contact": measures.contact,
    "First contact after a referral": measures.first_contacts,
    "Levels": measures.levels,
}
# A ratio is of the whole program, and so are levels: neither follows the choice of some students.
WHOLE = ("Students per case manager", "Levels")
COUNTED = {"met": "met", "not_met": "not met", "due": "due", "cannot_tell": "cannot tell"}
# The tables that many requirements are judged by: without one there is much that cannot be told.
JUDGED_BY = ("staff", "assignments", "calendar", "contacts")


@dataclass(frozen=True)
class Caseloads(WithRoster):
    """What the caseload panel looks at.

    whom    which part of the program; opened: (standard, requirement, status) whose rows are open,
    or empty; row: the row of those that is explained, or -1; page: which PAGE of them is shown
    """

    whom: Whom = EVERYBODY
    opened: tuple[str, ...] = ()
    row: int = -1
    page: int = 0

    @property
    def evaluation(self) -> Evaluation | None:
        """The chosen program, whole."""
        return self.roster.evaluation

    @cached_property
    def looked_at(self) -> Evaluation | None:
        """The chosen part of the program."""
        if self.evaluation is None:
            return None
        return narrowed(self.evaluation, self.roster.program, self.whom)

    def part(self) -> tuple[object, ...]:
        """What everything below the form is made from."""
        whom = self.whom
        return (self.evaluation, whom.site, whom.manager, whom.designation)


def problems(roster: Roster) -> Iterator[Part]:
    """Every problem in the data, with its row and how to mend it."""
    if roster.caseload is None:
        return
    rows = roster.caseload.problems
    yield Heading(2, "Problems in the data")
    if absent := [name for name in JUDGED_BY if roster.caseload.lacks(name)]:
        lacking = f"Not in your roster: {listing(absent, len(absent))}."
        yield Notice("note", f"{lacking} What rests on them is “cannot tell”, and no breach.")
    if rows.empty:
        yield Text("No problem was found in the data.")
        return
    aside = int(rows["set_aside"].sum())
    told = [count(len(rows), "problem"), f"{count(aside, 'row')} set aside and not judged"]
    yield Notice("warning" if aside else "note", ", ".join(told) + ". All other rows are judged.")
    blank = rows.astype(object).where(rows.notna(), "")
    frame = pd.DataFrame(
        {
            "Where": blank["file"].where(blank["file"] != "", blank["table"]),
            "Row": blank["row"],
            "Column": blank["column"],
            "Value": blank["value"].astype(str),
            "What is wrong": blank["problem"].map(lambda text: capital(str(text))),
            "How to mend it": blank["fix"].map(lambda text: capital(str(text))),
            "Set aside": ["yes" if each else "no" for each in rows["set_aside"]],
        }
    )
    shown = frame.head(200)
    more = f"The first 200 of {len(frame)}: mend these, and read the roster again."
    note = more if len(frame) > 200 else ""
    yield TableBlock("Problems, by row of your own files", shown, note)


def filters(state: Caseloads) -> Iterator[Part]:
    """What all below is about: the choice of a site, a case manager and a designation."""
    if state.evaluation is None:
        return
    there = offered(state.evaluation, state.roster.program)
    names = staff_names(state.evaluation.caseload)
    words = {"site": "Site", "manager": "Case manager", "designation": "Designation"}
    fields = tuple(
        Choice(
            name,
            label,
            getattr(state.whom, name),
            disabled=not there[name],
            help="" if there[name] else "None is recorded.",
            options=(("", "All"), *((value, names.get(value, value)) for value in there[name])),
        )
        for name, label in words.items()
    )
    yield Heading(2, "Requirements")
    yield Row(fields)


def requirements(state: Caseloads) -> Iterator[Part]:
    """The findings of the chosen part; each count opens the rows behind it."""
    evaluation = state.looked_at
    if evaluation is None:
        return
    if not state.whom.everybody:
        yield Notice(
            "note",
            "Only the chosen students and case managers are counted. What is asked of the whole"
            " program (its ratio, its staff) is still told of all of it.",
        )
    for standard in evaluation.standards.values():
        found = evaluation.findings[evaluation.findings["standard_id"] == standard.id]
        rows = [
            _counted(standard.requirements[str(finding["requirement_id"])], finding)
            for _, finding in found.iterrows()
            if not standard.requirements[str(finding["requirement_id"])].attested
        ]
        said = found["attested"] != ""
        attested = sum(r.attested for r in standard.requirements.values())
        yield Grid(
            f"What the data says of {standard.title}",
            ("Requirement", "Status", *(capital(word) for word in COUNTED.values())),
            tuple(rows),
            numbers=tuple(capital(word) for word in COUNTED.values()),
            note="Choose a count to see the rows behind it. They name people: keep them here."
            f" {count(attested, 'requirement')} more can only be answered by a person, and"
            f" {int(said.sum())} of all have an answer: see the self-assessment.",
        )


def _counted(requirement: Requirement, finding: pd.Series) -> tuple:
    numbers = {
        "met": finding["numerator"],
        "not_met": finding["denominator"] - finding["numerator"],
        "due": finding["due"],
        "cannot_tell": finding["cannot_tell"],
    }
    counts = tuple(
        Button(
            "open",
            f"{number:,}",
            f"{finding['standard_id']}|{requirement.id}|{status}",
            about=f"{COUNTED[status]}: {requirement.title}",
        )
        if number
        else 0
        for status, number in numbers.items()
    )
    return (requirement.title, Chip(str(finding["status"])), *counts)


def rows_behind(state: Caseloads) -> Iterator[Part]:
    """The rows behind the count that was chosen."""
    if state.looked_at is None or not state.opened:
        return
    standard, name, status = state.opened
    if name not in state.looked_at.standards[standard].requirements:
        return
    requirement = state.looked_at.standards[standard].requirements[name]
    rows = behind(state.looked_at, standard, name, status)
    yield Heading(2, f"{capital(COUNTED[status])}: {requirement.title}")
    yield Row((Button("close", "Close these rows"),))
    first = state.page * PAGE
    shown = rows.iloc[first : first + PAGE]
    days = [shown[name].map(date, na_action="ignore").fillna("") for name in ("first", "last")]
    cells = tuple(
        (
            who,
            name or "—",
            begins,
            ends,
            "" if pd.isna(observed) else f"{observed:g} {unit}".strip(),
            "" if pd.isna(limit) else f"{limit:g}",
            reason,
            Button("explain", "Why", str(index), about=f"{who} {begins}"),
        )
        for who, name, begins, ends, observed, limit, unit, reason, index in zip(
            *(shown["who"], shown["name"], *days, shown["observed"], shown["limit"]),
            *(shown["unit"], shown["reason"], shown.index),
            strict=True,
        )
    )
    columns = ("Who", "Name", "First day", "Last day", "Found", "Limit", "Reason", "Explain")
    which = f"{first + 1} to {first + len(shown)} of " if len(rows) > PAGE else ""
    yield Grid(f"{which}{count(len(rows), 'row')}, those furthest off first", columns, cells)
    if len(rows) > PAGE:
        yield turning(state.page, len(rows))


def why(state: Caseloads) -> Iterator[Part]:
    """How one verdict came about: sentence, source, sum, rows, smallest change."""
    if state.looked_at is None or state.row not in state.looked_at.verdicts.index:
        return
    if not state.opened:
        return
    told = explain(state.looked_at, state.looked_at.verdicts.loc[state.row])
    evidence = told.evidence
    yield Heading(3, "Why")
    yield Row((Button("close_why", "Back to the rows"),))
    yield Text(told.sentence)
    said = [f"Source: {told.citation}", evidence.arithmetic]
    said += [f"The smallest change that would do: {evidence.change}"] if evidence.change else []
    yield Bullets(tuple(filter(None, said)))
    if len(evidence.rows):
        yield TableBlock("The rows of data it rests on", evidence.rows.head(200))


def figure(state: Caseloads, title: str) -> Iterator[Block]:
    """One figure of the chosen part, or of the whole program where it has no parts."""
    evaluation = state.evaluation if title in WHOLE else state.looked_at
    if evaluation is None:
        return
    found = list(FIGURES[title](View(evaluation, state.roster.program, "program")))
    yield from [Heading(2, title), *found] if found else []


class CaseloadPanel(RosterPanel[Caseloads]):
    """A form for a roster, a day and a program, and what the standards say of it."""

    def __init__(self, data: str, as_of: str) -> None:
        roster = loaded(Roster(data, as_of))
        super().__init__(Caseloads(roster))
        self.said = roster.said

    def regions(self, state: Caseloads) -> Iterator[Region]:
        roster = state.roster
        part = state.part()
        yield Region("form", (roster,), partial(form, roster))
        yield Region("problems", (roster.caseload,), partial(problems, roster))
        yield Region("filters", part, partial(filters, state))
        yield Region("requirements", part, partial(requirements, state))
        yield Region("rows", (*part, state.opened, state.page), partial(rows_behind, state))
        yield Region("why", (*part, state.opened, state.row), partial(why, state))
        for number, title in enumerate(FIGURES):
            of = (state.evaluation,) if title in WHOLE else part
            yield Region(f"figure-{number}", of, partial(figure, state, title))

    def changed(self, state: Caseloads, name: str, value: str) -> Caseloads:
        if name in ("site", "manager", "designation"):
            whom = replace(state.whom, **{name: value})
            return replace(state, whom=whom, row=-1, page=0)
        return super().changed(state, name, value)

    def pressed(self, state: Caseloads, name: str, value: str) -> Caseloads:
        match name:
            case "open":
                opened = tuple(value.split("|"))
                self.said = "The rows are shown below the requirements."
                return self._at(replace(state, opened=opened, row=-1, page=0), "close")
            case "explain":
                return self._at(replace(state, row=int(value)), "close_why")
            case "earlier" | "further" if state.looked_at and state.opened:
                rows = len(behind(state.looked_at, *state.opened))
                page = turned(state.page, name, rows)
                return self._at(replace(state, page=page, row=-1), next_button(page, name, rows))
            case "close_why":
                return self._at(replace(state, row=-1), f"explain-{state.row}")
            case "close":
                back = f"open-{'|'.join(state.opened)}"
                self.said = ""
                return self._at(replace(state, opened=(), row=-1, page=0), back)
        return super().pressed(state, name, value)

    def settled(self, state: Caseloads) -> Caseloads:
        # What was chosen in one program means nothing in another.
        return Caseloads(state.roster)

    def judged_anew(self, state: Caseloads) -> Caseloads:
        if state.evaluation is None:
            return Caseloads(state.roster, state.whom)
        there = offered(state.evaluation, state.roster.program)
        chosen = {name: value for name, value in vars(state.whom).items() if value in there[name]}
        return Caseloads(state.roster, Whom(**chosen))
