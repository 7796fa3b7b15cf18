"""The standards panel: what a standard asks, and where the standards ask the same thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd

from casekit.catalog import Standard, load, shipped_standards
from casekit.crosswalk import topics
from casekit.figures import computed_and_attested
from casekit.phrases import count, quoted
from casekit.reports.document import Block, Bullets, FigureBlock, Heading, Notice, TableBlock, Text
from casekit.reports.standards import asks, asks_nothing_table, edition
from casekit.widgets.panel import Panel
from casekit.widgets.parts import Button, Choice, Entry, Group, Part, Region, Row

REQUIREMENT_COLUMNS = (
    *("Requirement", "What it asks", "Computed or attested", "Statements", "Citation"),
    *("Authority", "Area", "Level", "Id"),
)
READING = (
    "Computed: judged from the tables. Attested: a person answers the question, and names the"
    " evidence. Guidance is what the text advises and does not ask; ours is what the writer of the"
    " file adds."
)
CROSSWALK_COLUMNS = ("Topic", "What each standard asks", "Asks the most", "How they differ")
AS_SHIPPED = (
    "The standards are compared as they are shipped: what your file changes in them is not weighed."
)


@dataclass(frozen=True)
class OpenedStandard:
    """A standard that was read, or the mistakes that say why it cannot be, a line each."""

    standard: Standard | None
    mistakes: tuple[str, ...] = ()


UNREAD = OpenedStandard(None)


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


def _to_read(table: pd.DataFrame, title: str) -> pd.DataFrame:
    """The requirements for a reader: with the citation, and no ids; a level where there is one."""
    shown = table[["Requirement", "What it asks", "Computed or attested", "Level", "Citation"]]
    more = table["Authority"].where(table["Authority"] != "rule", "")
    source = [text.removeprefix(f"{title}, ") for text in table["Citation"]]
    shown = shown.assign(Citation=source + (" (" + more + ")").where(more != "", ""))
    return shown if (table["Level"] != "").any() else shown.drop(columns="Level")


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


def area_counts(standard: Standard, area: str = "", level: str = "") -> pd.DataFrame:
    """How many requirements of each area are computed and attested: area, computed, attested."""
    table = requirements_table(standard, area, level)
    areas_of = table["Area"].str.partition(" / ")[0].replace("", "The whole standard")
    shown = pd.crosstab(areas_of, table["Computed or attested"])
    shown = shown.reindex(index=areas_of.unique(), columns=["computed", "attested"], fill_value=0)
    return shown.rename_axis("area").reset_index().rename_axis(columns=None)


def standard_blocks(standard: Standard, area: str = "", level: str = "") -> list[Block]:
    """A standard in words: its edition and waivers, its requirements, what asks nothing."""
    blocks = [Heading(2, standard.title), *edition(standard), Heading(3, "Requirements")]
    where = " ".join(
        [f"in {quoted([area])}" if area else "", f"at level {quoted([level])}" if level else ""]
    ).strip()
    table = requirements_table(standard, area, level)
    if table.empty:
        blocks.append(Notice("note", f"There is no requirement {where}: choose all."))
    else:
        number = count(len(table), "requirement")
        caption = " ".join(filter(None, [number, "of", standard.title, where]))
        figure = computed_and_attested(area_counts(standard, area, level), standard.title)
        blocks.append(FigureBlock.of(figure))
        blocks.append(TableBlock(caption, _to_read(table, standard.title), note=READING))
    blocks.append(Heading(3, "Statements that ask nothing by themselves"))
    silent = asks_nothing_table(standard)
    if silent.empty:
        blocks.append(Text("None is listed."))
    else:
        blocks.append(TableBlock(f"Statements of {standard.title} that ask nothing", silent))
    return blocks


def crosswalk_blocks(standard: Standard | None = None) -> list[Block]:
    """The crosswalk in words, of the topics that a standard speaks of or of all."""
    table = crosswalk_table(standard)
    of = f" that {standard.title} speaks of" if standard else ""
    blocks: list[Block] = [Heading(2, "Where standards ask the same thing")]
    if table.empty:
        blocks.append(Notice("note", f"There is no topic{of}: choose all standards."))
    else:
        own = standard is not None and standard.id not in shipped_standards()
        caption = f"{count(len(table), 'topic')}{of}, and what each standard asks"
        blocks.append(TableBlock(caption, table, note=AS_SHIPPED if own else ""))
    return blocks


def status_blocks(opened: OpenedStandard) -> list[Block]:
    """What was read, or every mistake in a list."""
    if opened.standard is None:
        wrong = count(len(opened.mistakes), "mistake")
        return [Notice("warning", f"It cannot be used: {wrong}."), Bullets(opened.mistakes)]
    requirements = opened.standard.requirements.values()
    attested = sum(requirement.attested for requirement in requirements)
    number = count(len(requirements), "requirement")
    return [Text(f"{number}: {len(requirements) - attested} computed, {attested} attested.")]


OWN_FILE = "file"
TOPICS = (("mine", "Topics that this standard speaks of"), ("all", "All topics"))


@dataclass(frozen=True)
class Chosen:
    """What the panel shows: a shipped standard's id or OWN_FILE with its path, and a part of it."""

    standard: str
    own: str = ""
    area: str = ""
    level: str = ""
    compare: str = "mine"
    opened: OpenedStandard = UNREAD

    def read(self) -> Chosen:
        """The standard read anew; all areas and levels of it are shown."""
        which = self.own if self.standard == OWN_FILE else self.standard
        return replace(self, opened=open_standard(which), area="", level="")


class StandardsPanel(Panel[Chosen]):
    """A form for a standard, an area and a level, and what is asked there."""

    def __init__(self, standard: str, own: str = "") -> None:
        super().__init__(Chosen(standard, own).read())

    def regions(self, state: Chosen) -> Iterator[Region]:
        opened, standard = state.opened, state.opened.standard
        part = (opened, state.area, state.level)
        yield Region("form", (opened, state.standard, state.own), partial(_form, state))
        yield Region("part", part, partial(_part, state))
        if standard is None:
            return
        yield Region("asked", part, lambda: standard_blocks(standard, state.area, state.level))
        yield Region("topics", (opened, state.compare), partial(_topics, standard, state.compare))

    def changed(self, state: Chosen, name: str, value: str) -> Chosen:
        state = super().changed(state, name, value)
        return self._read(state) if name in ("standard", "own") else state

    def pressed(self, state: Chosen, name: str, value: str) -> Chosen:
        return self._read(state) if name == "again" else super().pressed(state, name, value)

    def _read(self, state: Chosen) -> Chosen:
        state = state.read()
        wrong = len(state.opened.mistakes)
        self.said = f"It cannot be used: {count(wrong, 'mistake')}." if wrong else "Read."
        return state


def _form(state: Chosen) -> Iterator[Part]:
    shipped = [(name, load(name).title) for name in shipped_standards()]
    options = (*shipped, (OWN_FILE, "A file of your own"))
    fields: list[Part] = [Choice("standard", "Standard", state.standard, options=options)]
    if state.standard == OWN_FILE:
        fields += [
            Entry("own", "Path of its TOML file", state.own, help="Such as district.toml"),
            Row((Button("again", "Read it again"),)),
        ]
    yield Group("Which standard", (*fields, *status_blocks(state.opened)))


def _part(state: Chosen) -> Iterator[Part]:
    standard = state.opened.standard
    if standard is None:
        return
    there = {"area": areas(standard), "level": list(standard.levels)}
    yield Row(
        tuple(
            Choice(
                name,
                name.capitalize(),
                getattr(state, name),
                help="" if names else f"This standard has no {name}s.",
                disabled=not names,
                options=(("", f"All {name}s"), *((each, each) for each in names)),
            )
            for name, names in there.items()
        )
    )


def _topics(standard: Standard, compare: str) -> list[Part]:
    choice = Choice("compare", "Topics", compare, options=TOPICS)
    title, *rest = crosswalk_blocks(None if compare == "all" else standard)
    return [title, choice, *rest]
