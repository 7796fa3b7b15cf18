"""HTML: a block to a fragment, and fragments to one self-contained page.

The page asks nothing of the network, and runs no script but one that it is given whole; its style
sheet follows the reader's light or dark setting, prints, and stays readable on a phone. A
notebook's cells show the same fragments.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

import jinja2

from casekit import __version__
from casekit.figures.theme import DARK, LIGHT, STATUS, Status
from casekit.reports.document import (
    Block,
    Bullets,
    Document,
    FigureBlock,
    Heading,
    Notice,
    TableBlock,
    Text,
    plain,
)

_MACROS: dict[type, str] = {
    Heading: "heading",
    Text: "text",
    Bullets: "bullets",
    Notice: "notice",
    TableBlock: "table",
    FigureBlock: "figure",
}


# Marks that turn the direction of text: with them a name could make a line read otherwise.
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


@dataclass(frozen=True)
class Shown:
    """Blocks that a notebook cell shows: as HTML where it can, as plain text where it cannot."""

    blocks: tuple[Block, ...]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict:
        if not self.blocks:
            return {}
        return {"text/html": fragment(self.blocks), "text/plain": _written(plain(self.blocks))}


@dataclass(frozen=True)
class Cell:
    """One cell of a table as it is set."""

    text: str
    number: bool = False
    status: Status | None = None
    link: str = ""


def fragment(blocks: Iterable[Block]) -> str:
    """The blocks as HTML, each text escaped."""
    macros = _environment().get_template("blocks.html.j2").module
    shown = (str(getattr(macros, _MACROS[type(block)])(block)) for block in blocks)
    return _written("\n".join(shown))


def page(
    title: str,
    subtitle: str,
    fragments: Sequence[str],
    *,
    contents: Sequence[str] = (),
    footer: str = "",
    added_style: str = "",
    script: str = "",
) -> str:
    """One whole page around fragments; `contents` are the section headings to jump to.

    `script` is the one script that may run on it, named to the browser by its hash; without it,
    none may. `added_style` follows the page's own style.
    """
    return _written(
        _environment()
        .get_template("page.html.j2")
        .render(
            title=title,
            subtitle=subtitle,
            fragments=fragments,
            contents=[(anchor(text), text) for text in contents],
            footer=footer,
            version=__version__,
            colours=colours(),
            style=style("blocks") + style("page") + added_style,
            script=script,
            script_hash=_hash(script),
        )
    )


def document_page(document: Document, *, footer: str = "") -> str:
    """A document as one whole page."""
    return page(
        document.title,
        document.subtitle,
        [fragment(document.blocks)],
        contents=section_headings(document.blocks),
        footer=footer,
    )


def section_headings(blocks: Iterable[Block]) -> list[str]:
    """The headings that open a section."""
    return [block.text for block in blocks if isinstance(block, Heading) and block.level == 2]


def anchor(text: str) -> str:
    """The id of a section's heading."""
    return "section-" + (re.sub(r"\W+", "-", text.lower()).strip("-") or "untitled")


def _written(text: str) -> str:
    """The text as it is written: without marks that turn its direction, in drawings too."""
    return text.translate(_TURNS)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("casekit.reports", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals.update(anchor=anchor, cells=_cells, numeric=_numeric)
    return environment


def _hash(script: str) -> str:
    """A script as a page's policy names it: the hash of all that stands between its tags."""
    return b64encode(sha256(script.encode()).digest()).decode()


def style(name: str) -> str:
    """A style sheet: `blocks` for what a document says, `page` for the page around it."""
    return files(__package__).joinpath(f"{name}.css").read_text(encoding="utf-8")


def declared(palette: Mapping[str, str]) -> str:
    """A palette's colours as variables of a style sheet."""
    return " ".join(f"--ck-{name}: {colour};" for name, colour in palette.items())


def colours() -> str:
    """The theme's colours as variables, for light, dark and paper."""
    return (
        f":root {{ {declared(LIGHT)} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {declared(DARK)} }} }}"
    )


def _numeric(block: TableBlock) -> set[str]:
    """The columns that hold numbers, and nothing else."""
    columns = zip(block.frame.columns, zip(*block.rows(), strict=True), strict=False)
    return {
        name
        for name, values in columns
        if any(v is not None for v in values) and not any(isinstance(v, str) for v in values)
    }


def _cells(block: TableBlock, numbers: set[str]) -> list[list[Cell]]:
    names = list(block.frame.columns)
    links = block.links or ("",) * len(block.frame)
    return [
        [
            Cell(
                _shown(value),
                name in numbers,
                STATUS.get(str(value)) if name in block.statuses else None,
                link if first else "",
            )
            for first, name, value in zip([True] + [False] * len(names), names, row, strict=False)
        ]
        for row, link in zip(block.rows(), links, strict=True)
    ]


def _shown(value: str | int | float | None) -> str:
    if value is None:
        return "—"
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
