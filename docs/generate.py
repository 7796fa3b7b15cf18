"""Makes the lists in README.md and docs/tables.md from what casekit itself says: `make docs`."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from pathlib import Path

from casekit.catalog import load, shipped_standards
from casekit.cli import build, syntax
from casekit.kinds import KINDS
from casekit.tables import EVENT_TYPES, TABLES, Column

DOCS = Path(__file__).parent
README = DOCS.parent / "README.md"
TABLES_PAGE = DOCS / "tables.md"
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
    rows = [(f"`{name}`", first_line(judge)) for name, judge in sorted(KINDS.items())]
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


def code_list(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def filled(readme: str) -> str:
    """The README with each list between its markers made anew."""
    for name, make in {"commands": commands, "standards": standards, "kinds": kinds}.items():
        start, end = f"<!-- {name}: made by `make docs` -->", f"<!-- end of {name} -->"
        before, found, rest = readme.partition(start)
        _, closed, after = rest.partition(end)
        if not (found and closed):
            raise ValueError(f"README.md has no {start} followed by {end}: put them back")
        readme = f"{before}{start}\n\n{make()}\n\n{end}{after}"
    return readme


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
    TABLES_PAGE.write_text(tables(), encoding="utf-8")
