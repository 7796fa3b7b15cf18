"""Makes the lists in README.md and the pages of docs/ from what casekit says itself."""

from __future__ import annotations

import inspect
import tomllib
import typing
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from pathlib import Path

from casekit.catalog import Requirement, load, settings_of, shipped_standards
from casekit.catalog.limits import LIMITS
from casekit.catalog.settings import allowed_values, shown
from casekit.catalog.words import shown_by
from casekit.cli import build, syntax
from casekit.kinds import KINDS
from casekit.kinds.words import CLOSING, EventType, NoEventType
from casekit.phrases import number
from casekit.planning.scenarios.changes import CHANGES
from casekit.planning.scenarios.form import usual
from casekit.planning.settings import Settings
from casekit.planning.settings import settings_table as settings_of_plan
from casekit.tables import EVENT_TYPES, TABLES, Column
from casekit.workshop.answers import Session
from casekit.workshop.hunt import prepare
from casekit.workshop.quiz import make_quiz

DOCS = Path(__file__).parent
README = DOCS.parent / "README.md"
TABLES_PAGE = DOCS / "tables.md"
KINDS_PAGE = DOCS / "kinds.md"
PLANNING_PAGE = DOCS / "planning.md"
WORKSHOP_PAGE = DOCS / "workshop.md"
# What each setting says; of one that two kinds have, it holds for both.
MEANINGS: dict[str, str] = tomllib.loads((DOCS / "settings.toml").read_text(encoding="utf-8"))
HEAD = ("Column", "Type", "Meaning", "Other headings read")


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; a bar inside a cell is text."""
    lines = [list(head)]
    lines.append(["---"] * len(lines[0]))
    lines += [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def commands() -> str:
    _, known = build()
    return table(
        ["Command", "What it does"],
        [(f"`{syntax(command)}`", command.description) for command in known.values()],
    )


def standards() -> str:
    rows = []
    for standard in map(load, shipped_standards()):
        requirements = standard.requirements.values()
        attested = sum(requirement.attested for requirement in requirements)
        kinds = sorted({r.kind for r in requirements if not r.attested})
        counts = (len(requirements), len(requirements) - attested, attested)
        rows.append((f"`{standard.id}`", standard.title, *counts, ", ".join(kinds)))
    return table(["Id", "Standard", "Requirements", "Computed", "Attested", "Kinds used"], rows)


def kinds() -> str:
    rows = [
        (f"[`{name}`](docs/kinds.md#{name})", first_line(judge))
        for name, judge in sorted(KINDS.items())
    ]
    return table(["Kind", "What it judges"], rows)


def tables() -> str:
    """The whole page of tables: every table, column and event type that casekit reads."""
    parts: list[str] = [
        "# The tables that casekit reads",
        "A caseload is a folder of `TABLE.csv` or `TABLE.parquet`, one `.xlsx` workbook with a"
        " sheet per table, or a `.zip` of a folder. Only `programs` and `students` are needed. A"
        " column with * must be there when its table is. Every end day is the last day included;"
        " an empty one is still open. Lists are written with `;`. This page is made by `make"
        " docs` from `casekit/tables.py`.",
    ]
    for each in TABLES.values():
        rows = [
            (
                f"`{column.name}`" + "*" * column.required,
                column.type,
                meaning(column),
                ", ".join(column.aliases),
            )
            for column in each.columns
        ]
        parts += [f"## {each.name}", each.meaning, table(HEAD, rows)]
    parts.append("## Types of event")
    parts += [f"{source}: {code_list(names)}." for source, names in EVENT_TYPES.items()]
    return "\n\n".join(parts) + "\n"


def meaning(column: Column) -> str:
    """What a column means, and what may stand in it."""
    parts = [column.meaning]
    if column.allowed and column.name != "event_type":
        how = "any of" if column.type == "list" else "one of"
        parts.append(f"{how} {code_list(column.allowed)}")
    if column.refers_to:
        parts.append(f"found in `{column.refers_to}`")
    return "; ".join(parts)


def kinds_page() -> str:
    """The whole page of kinds: each with its settings and an example."""
    used = {
        requirement.kind: requirement
        for standard in map(load, reversed(shipped_standards()))
        for requirement in reversed(standard.requirements.values())
    }
    parts = [
        "# The kinds of requirement, and their settings",
        "A requirement of a [standard](add-a-standard.md) names one of these kinds, and gives its"
        " settings in `with`. A setting with * must be given. A *type of event* is one of those in"
        f" [the tables](tables.md#types-of-event), or the closing of a case: {code_list(CLOSING)}."
        " A question that no table can answer is an `attestation`: it takes a `question` and what"
        " `evidence` would show it, and no settings. This page is made by `make docs` from"
        " `casekit/kinds` and `docs/settings.toml`.",
    ]
    for name, judge in sorted(KINDS.items()):
        parts += [f"## {name}", inspect.getdoc(judge) or "", settings_table(name)]
        parts += example(used[name]) if name in used else []
    return "\n\n".join(filter(None, parts)) + "\n"


def settings_table(kind: str) -> str:
    """The settings of a kind: what each says, what it takes, and what holds without it."""
    rows = []
    for name, parameter in settings_of(kind).items():
        needed = parameter.default is inspect.Parameter.empty
        rows.append(
            (
                f"`{name}`" + "*" * needed,
                MEANINGS[name],
                takes(name, parameter.annotation),
                "" if needed else without(parameter.default),
            )
        )
    head = ("Setting", "What it says", "What it takes", "Without it")
    return table(head, rows) if rows else "It takes no settings."


def takes(name: str, form: typing.Any) -> str:
    """What a setting takes, in words."""
    if typing.get_origin(form) is tuple:
        part = typing.get_args(form)[0]
        return "a list of texts" if part is str else f"a list of: {takes(name, part)}"
    if form in (EventType, NoEventType):
        return "a type of event"
    if form in (int, float):
        low, high = map(number, LIMITS[name])
        return f"a {'whole number' if form is int else 'number'} from {low} to {high}"
    words = [word for word in allowed_values(form) if word]
    return code_list(words) or {bool: "`true` or `false`"}.get(form, "text")


def without(default: object) -> str:
    """The default of a setting, as TOML has it; nothing for an empty one."""
    if isinstance(default, tuple):
        return code_list(default)
    return "" if default == "" else f"`{shown(default)}`"


def example(requirement: Requirement) -> list[str]:
    """A requirement of a shipped standard: its lines of TOML, and what they say."""
    lines = [f'kind = "{requirement.kind}"']
    if requirement.settings:
        lines.append(f"with = {toml(requirement.settings)}")
    if requirement.applies_to:
        lines.append(f"applies_to = {toml(requirement.applies_to)}")
    said = f"`{requirement.id}`: {requirement.title}. {shown_by(requirement)}"
    return [said, "\n".join(["```toml", *lines, "```"])]


def toml(value: object) -> str:
    """A value as TOML has it, on one line."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{name} = {toml(part)}' for name, part in value.items())} }}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(toml, value))}]"
    return shown(value)


def code_list(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def changes() -> str:
    """Every kind of change of a scenario: what it does, and what it takes."""
    rows = []
    for name, kind in CHANGES.items():
        takes_these = [f"`{field.name}`{_else(usual(field))}" for field in fields(kind)]
        text = " ".join((inspect.getdoc(kind) or "").split())
        rows.append((f"`{name}`", text, ", ".join(takes_these)))
    return table(["`do`", "What it does", "What it takes"], rows)


def _else(default: object) -> str:
    """What holds where a field is left out: a star where it must be given."""
    if default is MISSING:
        return "*"
    return "" if default in (None, "", (), 0) or default == {} else f" (else {shown(default)})"


def plan_settings() -> str:
    """Every setting of a plan, with what holds where none is given."""
    shown_settings = settings_of_plan(Settings())
    rows = [
        (f"`{row['Setting']}`", row["Meaning"], row["Value"], row["Unit"])
        for row in shown_settings.to_dict("records")
    ]
    return table(["Setting", "Meaning", "Ours", "Unit"], rows)


def hunt_key() -> str:
    """The breaches of the guide's own roster, as the rules find them, and what was planted."""
    held = Session()
    hunt = prepare(held.seed, held.standard, held.programs, held.students)
    titles = {(p, each.id): each.title for p in hunt.programs for each in hunt.asked(p)}
    rows = [
        (hunt.programs[pair[0]], titles[pair], hunt.planted[pair]) for pair in sorted(hunt.breached)
    ]
    return table(["Program", "Not met", "What was planted"], rows)


def quiz_key() -> str:
    """The guide's own questions, with their answers and why."""
    held = Session()
    rows = [
        (number, each.text, each.right, f"{each.why} ({each.citation})")
        for number, each in enumerate(make_quiz(held.seed, held.standard, held.questions), 1)
    ]
    return table(["", "Question", "Answer", "Why"], rows)


LISTS = {"commands": commands, "standards": standards, "kinds": kinds}
PLANNING_LISTS = {"changes": changes, "settings": plan_settings}
WORKSHOP_LISTS = {"hunt": hunt_key, "quiz": quiz_key}


def filled(page: str, lists: Mapping[str, typing.Callable[[], str]] = LISTS) -> str:
    """A page, such as the README, with each list between its markers made anew."""
    for name, make in lists.items():
        start, end = f"<!-- {name}: made by `make docs` -->", f"<!-- end of {name} -->"
        before, found, rest = page.partition(start)
        _, closed, after = rest.partition(end)
        if not (found and closed):
            raise ValueError(f"the page has no {start} followed by {end}: put them back")
        page = f"{before}{start}\n\n{make()}\n\n{end}{after}"
    return page


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
    TABLES_PAGE.write_text(tables(), encoding="utf-8")
    KINDS_PAGE.write_text(kinds_page(), encoding="utf-8")
    planning = filled(PLANNING_PAGE.read_text(encoding="utf-8"), PLANNING_LISTS)
    PLANNING_PAGE.write_text(planning, encoding="utf-8")
    guide = filled(WORKSHOP_PAGE.read_text(encoding="utf-8"), WORKSHOP_LISTS)
    WORKSHOP_PAGE.write_text(guide, encoding="utf-8")
