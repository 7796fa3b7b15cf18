"""The caseload panel: the form declares, the state computes, the report's sections draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path

import ipywidgets as widgets

from casekit.catalog import shipped_standards
from casekit.findings import Evaluation, evaluate_programs
from casekit.readers import read
from casekit.reports import measures, sections
from casekit.reports.document import Block, Heading
from casekit.reports.html import fragment
from casekit.reports.view import View, program_names

OWN = "the programs' own"

# What the panel shows of one program, in this order: problems with the data come first.
SECTIONS: dict[str, Callable] = {
    "Problems in the data": sections.problems,
    "Students per case manager": measures.ratio,
    "Caseload of each case manager": measures.caseload,
    "Weekly contact": measures.contact,
    "First contact after a referral": measures.first_contacts,
    "Levels": measures.levels,
}


def _place(data: str) -> Path:
    """The path as it was typed, with `~` for the home folder where there is one."""
    try:
        return Path(data).expanduser()
    except RuntimeError:
        return Path(data)


@dataclass(frozen=True)
class Opened:
    """A caseload that was read and evaluated, or the one line that says why it could not be."""

    evaluation: Evaluation | None
    message: str

    @property
    def programs(self) -> list[tuple[str, str]]:
        """(name as shown, program_id) of each program."""
        if self.evaluation is None:
            return []
        return [(name, program) for program, name in program_names(self.evaluation).items()]


def open_caseload(data: str, as_of: str, standard: str = OWN, dates: str | None = None) -> Opened:
    """Read a roster by its path and hold it against standards as of a day.

    Nothing is raised for bad input: `message` says in one line what is wrong and what to do.
    """
    try:
        caseload = read(_place(data), dates=dates)
        standards = None if standard == OWN else [standard]
        evaluation = evaluate_programs(caseload, as_of=as_of, standards=standards)
        judged = evaluation.findings["status"].value_counts()
    except ValueError as error:
        return Opened(None, str(error))
    aside = int(caseload.problems["set_aside"].sum())
    counts = ", ".join(f"{n} {str(s).replace('_', ' ')}" for s, n in judged.items())
    rows = "no row was set aside" if not aside else f"{aside} rows were set aside"
    return Opened(evaluation, f"{len(evaluation.programs)} programs; {rows}; findings: {counts}.")


def program_html(opened: Opened, program: str, audience: str = "reviewer") -> str:
    """The sections of one program as HTML: figures with their sentences and tables."""
    if opened.evaluation is None:
        return ""
    view = View(opened.evaluation, program, audience)
    blocks: list[Block] = []
    for title, section in SECTIONS.items():
        found = list(section(view))
        blocks += [Heading(3, title), *found] if found else []
    return fragment(blocks)


class CaseloadPanel(widgets.VBox):
    """A form for a roster, a day and a program, and what the standards say of it."""

    def __init__(self, data: str, as_of: str) -> None:
        wide = widgets.Layout(width="100%", max_width="40em")
        label = {"description_width": "9em"}
        self.data = widgets.Text(data, description="Roster (path)", layout=wide, style=label)
        self.as_of = widgets.Text(as_of, description="As of (date)", layout=wide, style=label)
        self.standard = widgets.Dropdown(
            options=[OWN, *shipped_standards()], description="Standards", layout=wide, style=label
        )
        self.load = widgets.Button(description="Load and check", button_style="primary")
        self.program = widgets.Dropdown(
            options=[], description="Program", layout=wide, style=label, disabled=True
        )
        self.status = widgets.HTML()
        self.shown = widgets.HTML()
        self.load.on_click(lambda _: self.read())
        self.program.observe(lambda _: self.draw(), names="value")
        form = [self.data, self.as_of, self.standard, self.load, self.status, self.program]
        super().__init__([*form, self.shown])
        self.opened = Opened(None, "")
        self.read()

    def read(self) -> None:
        """Read and evaluate what the form says; the first program is shown."""
        self.status.value = '<p role="status">Reading …</p>'
        self.opened = open_caseload(self.data.value, self.as_of.value, self.standard.value)
        self.status.value = f'<p role="status">{escape(self.opened.message)}</p>'
        self.program.disabled = self.opened.evaluation is None
        self.program.options = programs = self.opened.programs
        self.program.value = programs[0][1] if programs else None
        self.draw()

    def draw(self) -> None:
        """Show the chosen program."""
        chosen = self.program.value
        self.shown.value = program_html(self.opened, chosen) if chosen else ""
