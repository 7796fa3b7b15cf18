"""Document: what a report says, as plain blocks that every writer (HTML, JSON, ...) can set.

A document has one title, which is the page's only first-level heading, and blocks in order.
Nothing here is markup: every text is shown as the text it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from casekit.figures import Figure

MIME = "application/vnd.casekit.document+json"


@dataclass(frozen=True)
class Heading:
    """A heading; level 2 opens a section, 3 and 4 divide it (1 is the document's title)."""

    level: Literal[2, 3, 4]
    text: str


@dataclass(frozen=True)
class Text:
    """A paragraph; with `link`, the address on the page that it leads to."""

    text: str
    link: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Notice:
    """A sentence that must not be missed."""

    kind: Literal["note", "warning"]
    text: str


@dataclass(frozen=True)
class TableBlock:
    """A table; its first column names the row.

    statuses  the columns whose cells are statuses (`met`, `not_met`, ...), shown by glyph and word.
    links     a relative address for each row's first cell, empty where it has none.
    """

    caption: str
    frame: pd.DataFrame
    note: str = ""
    statuses: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    def rows(self) -> list[list[str | int | float | None]]:
        """The cells as plain values: text, numbers, and None where one is missing."""
        return [[_plain(cell) for cell in row] for row in self.frame.itertuples(index=False)]


@dataclass(frozen=True)
class FigureBlock:
    """A figure as it is shown: its drawing, the sentence it says, the table behind it."""

    title: str
    sentence: str
    svg: str
    table: TableBlock

    @classmethod
    def of(cls, figure: Figure, standard: str = "") -> FigureBlock:
        """Draws the figure (see `Figure.svg`).

        `standard` goes into the table's caption where a figure of each standard stands on a page.
        """
        caption = f"{figure.caption} ({standard})" if standard else figure.caption
        table = TableBlock(caption, figure.table)
        return cls(figure.title, figure.sentence, figure.svg(), table)

    @property
    def light_svg(self) -> str:
        """The drawing in the light colours, for paper: no variables of a page in it."""
        return re.sub(r"var\(--ck-\w+, *(#[0-9a-fA-F]+)\)", r"\1", self.svg)


Block = Heading | Text | Bullets | Notice | TableBlock | FigureBlock


@dataclass(frozen=True)
class Document:
    """A report: title, subtitle, blocks, and what it was made from (`meta`, text to text)."""

    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    meta: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict:
        """The document as JSON values; a figure is its drawing, its sentence and its table."""
        return {
            "title": self.title,
            "subtitle": self.subtitle,
            "meta": dict(self.meta),
            "blocks": [_block_to_json(block) for block in self.blocks],
        }

    @classmethod
    def from_json(cls, stored: Mapping) -> Document:
        """The document that `to_json` stored. Raises ValueError on a block of unknown kind."""
        blocks = tuple(_block_from_json(block) for block in stored["blocks"])
        return cls(stored["title"], stored["subtitle"], blocks, dict(stored["meta"]))


def plain(blocks: Iterable[Block]) -> str:
    """The blocks as plain text, for a console that shows no HTML; of a table, its caption."""
    return "\n".join(_lines(block) for block in blocks)


def _lines(block: Block) -> str:
    if isinstance(block, TableBlock):
        return f"[{block.caption}: {len(block.frame)} rows]"
    if isinstance(block, FigureBlock):
        return f"{block.title}: {block.sentence}"
    if isinstance(block, Bullets):
        return "\n".join(f"- {item}" for item in block.items)
    return block.text


def _plain(cell: object) -> str | int | float | None:
    if isinstance(cell, str):
        return cell
    if cell is None or pd.isna(cell):
        return None
    if isinstance(cell, pd.Timestamp):
        return str(cell.date())
    if hasattr(cell, "item"):  # a numpy number
        cell = cell.item()
    return cell if isinstance(cell, int | float) and not isinstance(cell, bool) else str(cell)


def _block_to_json(block: Block) -> dict:
    match block:
        case Heading(level, text):
            return {"block": "heading", "level": level, "text": text}
        case Text(text, link):
            return {"block": "text", "text": text, **({"link": link} if link else {})}
        case Bullets(items):
            return {"block": "bullets", "items": list(items)}
        case Notice(kind, text):
            return {"block": "notice", "kind": kind, "text": text}
        case FigureBlock(title, sentence, svg, table):
            stored = {"title": title, "sentence": sentence, "svg": svg}
            return {"block": "figure", **stored, "table": _block_to_json(table)}
        case TableBlock():
            return {
                "block": "table",
                "caption": block.caption,
                "columns": [str(name) for name in block.frame.columns],
                "rows": block.rows(),
                "note": block.note,
                "statuses": list(block.statuses),
                "links": list(block.links),
            }


def _block_from_json(stored: Mapping) -> Block:
    match stored["block"]:
        case "heading":
            return Heading(stored["level"], stored["text"])
        case "text":
            return Text(stored["text"], stored.get("link", ""))
        case "bullets":
            return Bullets(tuple(stored["items"]))
        case "notice":
            return Notice(stored["kind"], stored["text"])
        case "figure":
            table = _table_from_json(stored["table"])
            return FigureBlock(stored["title"], stored["sentence"], stored["svg"], table)
        case "table":
            return _table_from_json(stored)
    raise ValueError(
        f"a stored document has a block {stored['block']!r}; known are heading, text, bullets,"
        " notice, table and figure: write the report again with this version of casekit"
    )


def _table_from_json(stored: Mapping) -> TableBlock:
    frame = pd.DataFrame(stored["rows"], columns=stored["columns"], dtype="object")
    return TableBlock(
        stored["caption"],
        frame,
        stored["note"],
        tuple(stored["statuses"]),
        tuple(stored["links"]),
    )
