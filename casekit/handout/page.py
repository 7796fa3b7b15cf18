"""A standard's hand-out as one HTML file: what it asks, and try-its that need but a browser."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any

import jinja2

from casekit.catalog import Requirement, Standard
from casekit.catalog.standard import GATES
from casekit.figures.theme import STATUS
from casekit.handout.fields import Field
from casekit.handout.tries import tries
from casekit.phrases import count
from casekit.reports.document import Heading, Notice, TableBlock, Text
from casekit.reports.html import fragment, page
from casekit.reports.standards import asks, asks_nothing_table, edition

# The script's parts, in the order in which they lean on each other.
SCRIPT = ("sums", "counts", "deadlines", "cases", "judge", "page")
AUTHORITY = {"rule": "a rule", "guidance": "guidance", "ours": "added by the writer of the file"}

SOURCE, TRY, ASKS, SILENT = (
    "Where it comes from",
    "Try it",
    "What it asks",
    "Statements that ask nothing by themselves",
)
HOW = (
    "Move a slider: the sum, the verdict and the drawing follow at once. The rules are those by"
    " which casekit judges a program's own data; the people and days here are made up. Nothing is"
    " sent anywhere, and nothing is kept."
)
READING = (
    "Computed: judged from a program's tables. Attested: a person answers the question, and names"
    " the evidence. A rule is what the text asks; guidance is what it advises."
)
NO_SCRIPT = "The sliders need a browser that runs the script of this page; the text does not."
NOTHING_TO_TRY = "This standard asks for no sum that can be tried here."


def handout_page(standard: Standard) -> str:
    """A standard's hand-out: one page that asks nothing of the network.

    It has a try-it for each sort of sum that the standard asks for, the levels where it has any,
    and every requirement as sentences. Its policy lets the page's own script run, and no other.
    """
    macros = _environment().get_template("tries.html.j2").module
    offered = tries(standard)
    shown = [str(macros.try_it(it, number)) for number, it in enumerate(offered, 1)]  # type: ignore[attr-defined]
    if about := levels_about(standard):
        shown.insert(0, str(macros.levels(about)))  # type: ignore[attr-defined]
    statuses = json.dumps({name: asdict(status) for name, status in STATUS.items()})
    holder = jinja2.filters.do_forceescape(statuses)
    silent = asks_nothing_table(standard)
    fragments = [
        fragment([Heading(2, SOURCE), *edition(standard)]),
        fragment([Heading(2, TRY), Text(HOW if shown else NOTHING_TO_TRY)]),
        f'<div class="ck-no-script">{fragment([Notice("note", NO_SCRIPT)])}</div>',
        f'<div data-statuses="{holder}">',
        *shown,
        "</div>",
        fragment([Heading(2, ASKS), Text(READING)]),
        str(macros.requirements(parts_of(standard))),  # type: ignore[attr-defined]
    ]
    if not silent.empty:
        fragments.append(
            fragment([Heading(2, SILENT), TableBlock("Statement by statement", silent)])
        )
    return page(
        standard.title,
        f"A hand-out. {count(len(standard.requirements), 'requirement')};"
        f" {count(len(shown), 'part')} to try.",
        fragments,
        contents=[TRY, ASKS, *([] if silent.empty else [SILENT])],
        footer="Made with casekit. The text of the standard itself is what holds.",
        added_style=_read("handout.css"),
        script="\n".join(_read("script", f"{name}.js") for name in SCRIPT),
    )


def levels_about(standard: Standard) -> dict[str, Any]:
    """What the levels' try-it needs to know; empty for a standard without levels.

    levels, from the lowest; gates, the standard's own first; and of each requirement that stands in
    an element and at a level: id, title, area, element, level.
    """
    placed = [r for r in standard.requirements.values() if r.element and r.level]
    if not placed:
        return {}
    names = ("id", "title", "area", "element", "level")
    return {
        "levels": list(standard.levels),
        "gates": sorted(GATES, key=lambda gate: gate != standard.gate),
        "requirements": [{name: getattr(r, name) for name in names} for r in placed],
    }


def parts_of(standard: Standard) -> list[tuple[str, list[tuple[Requirement, str]]]]:
    """The requirements under the area and element that they stand in, each with what it asks."""
    parts: dict[str, list[tuple[Requirement, str]]] = {}
    for requirement in standard.requirements.values():
        names = dict.fromkeys([requirement.area, requirement.element])
        heading = ": ".join(filter(None, names)) or "The standard as a whole"
        parts.setdefault(heading, []).append((requirement, asks(requirement, standard)))
    return list(parts.items())


def _groups(fields: Iterable[Field]) -> list[tuple[str, list[Field]]]:
    """Neighbours of one group, under its heading."""
    return [(group, list(each)) for group, each in groupby(fields, lambda field: field.group)]


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("casekit.handout", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals.update(AUTHORITY=AUTHORITY)
    environment.filters.update(groups=_groups, json=json.dumps)
    return environment


def _read(*name: str) -> str:
    return files(__package__).joinpath(*name).read_text(encoding="utf-8")
