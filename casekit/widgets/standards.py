"""The standards panel: what a standard asks, and where the standards ask the same thing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import ipywidgets as widgets
import pandas as pd

from casekit.catalog import Requirement, Standard, load, shipped_standards
from casekit.catalog.words import enough, of_whom, shown_by, waived
from casekit.crosswalk import topics
from casekit.phrases import capital, count, date, quoted
from casekit.reports.document import Block, Bullets, Heading, Notice, TableBlock, Text
from casekit.reports.html import fragment

OWN_FILE = "a file of your own"

REQUIREMENT_COLUMNS = (
    *("Requirement", "What it asks", "Computed or attested", "Statements", "Citation"),
    *("Authority", "Area", "Level", "Id"),
)
READING = (
    "Computed: judged from the tables. Attested: a person answers the question, and names the"
    " evidence. Authority: a rule is what the text asks, guidance what it advises; ours is what"
    " the writer of the file adds."
)
CROSSWALK_COLUMNS = ("Topic", "What each standard asks", "Asks the most", "How they differ")
AS_SHIPPED = (
    "The standards are compared as they are shipped: what your file changes in them is not weighed."
)

# A wide table scrolls within its own region; the lines of a cell are kept as lines.
STYLE = """<style>
.ck-panel .widget-html-content { min-width: 0; }
.ck-panel .ck-table { overflow-x: auto; }
.ck-panel table { border-collapse: collapse; }
.ck-panel caption { text-align: left; font-weight: bold; }
.ck-panel th, .ck-panel td { border: 1px solid #767676; padding: 0.3em 0.6em; text-align: left;
  vertical-align: top; line-height: 1.4; white-space: pre-line; }
.ck-panel tbody th { min-width: 10em; }
.ck-panel th + td { min-width: 20em; }
</style>
"""


@dataclass(frozen=True)
class OpenedStandard:
    """A standard that was read, or the mistakes that say why it cannot be, a line each."""

    standard: Standard | None
    mistakes: tuple[str, ...] = ()


def open_standard(which: str) -> OpenedStandard:
    """Read a shipped standard by its id, or one of your own by the path of its TOML file.

    Nothing is raised for a bad file: `mistakes` has each one as `FILE:LINE: what is wrong`.
    """
    if not which.strip():
        return OpenedStandard(None, ("No file is named: give the path of a .toml file.",))
    try:
        return OpenedStandard(load(Path(which.strip()).expanduser()))
    except (ValueError, RuntimeError) as error:  # the latter: the home of a user who is unknown
        return OpenedStandard(None, tuple(str(error).splitlines()))


def areas(standard: Standard) -> list[str]:
    """The areas of a standard, each once, in its own order."""
    return [a for a in dict.fromkeys(r.area for r in standard.requirements.values()) if a]


def requirements_table(standard: Standard, area: str = "", level: str = "") -> pd.DataFrame:
    """A row for each requirement in an area and at a level (empty: all), REQUIREMENT_COLUMNS."""
    rows = [
        (
            requirement.title,
            asks(requirement, standard),
            "attested" if requirement.attested else "computed",
            ", ".join(requirement.statements),
            requirement.citation,
            requirement.authority,
            " / ".join(filter(None, [requirement.area, requirement.element])),
            requirement.level,
            requirement.id,
        )
        for requirement in standard.requirements.values()
        if area in ("", requirement.area) and level in ("", requirement.level)
    ]
    return pd.DataFrame(rows, columns=list(REQUIREMENT_COLUMNS), dtype="str")


def asks(requirement: Requirement, standard: Standard) -> str:
    """What a requirement asks, of whom, how much of it is enough, and whether it is waived."""
    # Which of the two it is stands in a column of its own.
    said = shown_by(requirement).removeprefix("Attested: ").removeprefix("Computed: ")
    waiver = standard.waivers.get(requirement.id)
    parts = [
        capital(said),
        of_whom(requirement) if requirement.applies_to else "",
        enough(requirement.target) if requirement.target != 1 else "",
        f"Waived {waived(waiver)}" if waiver else "",
    ]
    return " ".join(filter(None, parts))


def asks_nothing_table(standard: Standard) -> pd.DataFrame:
    """A row for each statement that asks nothing by itself: Statement, Why."""
    rows = list(standard.asks_nothing.items())
    return pd.DataFrame(rows, columns=["Statement", "Why"], dtype="str")


def crosswalk_table(standard: Standard | None = None) -> pd.DataFrame:
    """A row for each topic that a standard speaks of, or for all: CROSSWALK_COLUMNS.

    What each standard asks is a line for each requirement, `standard_id: title`.
    """
    shipped = {name: each for s in shipped_standards() for name, each in _said(load(s)).items()}
    wanted = standard.requirements if standard else shipped
    rows = [
        (
            topic.title,
            "\n".join(shipped[name] for name in topic.requirements),
            shipped[topic.stricter] if topic.stricter else "They cannot be ranked",
            topic.why,
        )
        for topic in topics()
        if any(name in wanted for name in topic.requirements)
    ]
    return pd.DataFrame(rows, columns=list(CROSSWALK_COLUMNS), dtype="str")


def _said(standard: Standard) -> dict[str, str]:
    """The title of each requirement, after the standard that asks it."""
    return {name: f"{standard.id}: {r.title}" for name, r in standard.requirements.items()}


def standard_html(standard: Standard, area: str = "", level: str = "") -> str:
    """A standard as HTML: its edition and waivers, its requirements, what asks nothing."""
    blocks = [Heading(2, standard.title), *_edition(standard), Heading(3, "Requirements")]
    where = " ".join(
        [f"in {quoted([area])}" if area else "", f"at level {quoted([level])}" if level else ""]
    ).strip()
    table = requirements_table(standard, area, level)
    if table.empty:
        blocks.append(Notice("note", f"There is no requirement {where}: choose all."))
    else:
        number = count(len(table), "requirement")
        caption = " ".join(filter(None, [number, "of", standard.title, where]))
        blocks.append(TableBlock(caption, table, note=READING))
    blocks.append(Heading(3, "Statements that ask nothing by themselves"))
    silent = asks_nothing_table(standard)
    if silent.empty:
        blocks.append(Text("None is listed."))
    else:
        blocks.append(TableBlock(f"Statements of {standard.title} that ask nothing", silent))
    return fragment(blocks)


def _edition(standard: Standard) -> list[Block]:
    head = f"Issued by {standard.issuer}. Source: {standard.source}. Edition: {standard.edition}"
    built = f"Built on {standard.extends}." if standard.extends else ""
    blocks: list[Block] = [Text(text) for text in (head, built) if text]
    blocks.append(Heading(3, "Editions and waivers"))
    changed = [f"Edition {e.name}, from {date(e.since)}: {e.why}" for e in standard.editions]
    put_off = [
        f"Waived: {standard.requirements[name].title} ({name}), {waived(waiver)}"
        for name, waiver in standard.waivers.items()
    ]
    if changed or put_off:
        return [*blocks, Bullets((*changed, *put_off))]
    return [*blocks, Text("No dated edition changes it, and nothing is waived.")]


def crosswalk_html(standard: Standard | None = None) -> str:
    """The crosswalk as HTML, of the topics that a standard speaks of or of all."""
    table = crosswalk_table(standard)
    of = f" that {standard.title} speaks of" if standard else ""
    blocks: list[Block] = [Heading(2, "Where standards ask the same thing")]
    if table.empty:
        blocks.append(Notice("note", f"There is no topic{of}: choose all standards."))
    else:
        own = standard is not None and standard.id not in shipped_standards()
        caption = f"{count(len(table), 'topic')}{of}, and what each standard asks"
        blocks.append(TableBlock(caption, table, note=AS_SHIPPED if own else ""))
    return fragment(blocks)


def status_html(opened: OpenedStandard) -> str:
    """What was read, or every mistake in a list, for the form's status line."""
    if opened.standard is None:
        wrong = count(len(opened.mistakes), "mistake")
        said: list[Block] = [Notice("warning", f"It cannot be used: {wrong}.")]
        said.append(Bullets(opened.mistakes))
    else:
        requirements = opened.standard.requirements.values()
        attested = sum(requirement.attested for requirement in requirements)
        number = count(len(requirements), "requirement")
        said = [Text(f"{number}: {len(requirements) - attested} computed, {attested} attested.")]
    return f'<div role="status">{fragment(said)}</div>'


class StandardsPanel(widgets.VBox):
    """A form for a standard, an area and a level, and what is asked there."""

    def __init__(self, standard: str, own: str = "") -> None:
        style = {"description_width": "9em"}
        wide = {"layout": widgets.Layout(width="100%", max_width="40em"), "style": style}
        options = [*shipped_standards(), OWN_FILE]
        self.standard = widgets.Dropdown(
            options=options, value=standard, description="Standard", **wide
        )
        self.own = widgets.Text(
            own, description="File (path)", continuous_update=False, disabled=True, **wide
        )
        self.again = widgets.Button(description="Read again", button_style="primary")
        self.status = widgets.HTML()
        self.area = widgets.Dropdown(description="Area", **wide)
        self.level = widgets.Dropdown(description="Level", **wide)
        self.compare = widgets.Dropdown(
            options=["this standard's topics", "all topics"], description="Crosswalk", **wide
        )
        self.shown, self.crosswalk = widgets.HTML(), widgets.HTML()
        form = [self.standard, self.own, self.again, self.status, self.area, self.level]
        super().__init__([widgets.HTML(STYLE), *form, self.shown, self.compare, self.crosswalk])
        self.add_class("ck-panel")
        self.read()
        self.again.on_click(lambda _: self.read())
        for control in (self.standard, self.own):
            control.observe(lambda _: self.read(), names="value")
        for control in (self.area, self.level, self.compare):
            control.observe(lambda _: self.draw(), names="value")

    def read(self) -> None:
        """Read the standard that the form names; all areas and levels of it are shown."""
        own = self.standard.value == OWN_FILE
        self.own.disabled = not own
        self.opened = open_standard(self.own.value if own else self.standard.value)
        self.status.value = status_html(self.opened)
        standard = self.opened.standard
        _offer(self.area, "all areas", areas(standard) if standard else [])
        _offer(self.level, "all levels", list(standard.levels) if standard else [])
        self.draw()

    def draw(self) -> None:
        """Show the chosen part of the standard, and the crosswalk."""
        standard = self.opened.standard
        if standard is None:
            self.shown.value = self.crosswalk.value = ""
            return
        self.shown.value = standard_html(standard, self.area.value, self.level.value)
        every = self.compare.value == "all topics"
        self.crosswalk.value = crosswalk_html(None if every else standard)


def _offer(choice: widgets.Dropdown, every: str, names: list[str]) -> None:
    """The names that may be chosen, after the choice of all of them."""
    choice.options = [(every, ""), *((name, name) for name in names)]
    choice.value = ""
    choice.disabled = not names
