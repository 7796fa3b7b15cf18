"""The document: what a report says, stored as JSON and read back."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from casekit.reports.document import (
    Bullets,
    Document,
    FigureBlock,
    Heading,
    Notice,
    TableBlock,
    Text,
    plain,
)

TABLE = TableBlock(
    "Programs",
    pd.DataFrame({"Program": ["North", "South"], "Status": ["met", "not_met"]}),
    note="Two of them.",
    statuses=("Status",),
    links=("north/report.html", ""),
)
DOCUMENT = Document(
    "North",
    "as of 2 March 2026",
    (
        Heading(2, "Summary"),
        Text("All is <well>."),
        Bullets(("one", "two")),
        Notice("warning", "Look here."),
        TABLE,
        FigureBlock("Ratio", "It is 70.", '<svg fill="var(--ck-ink, #1f2328)"/>', TABLE),
    ),
    {"program": "p1"},
)


def test_a_document_stored_as_json_reads_back_as_it_was() -> None:
    stored = json.dumps(DOCUMENT.to_json())
    assert Document.from_json(json.loads(stored)).to_json() == DOCUMENT.to_json()


def test_a_stored_table_keeps_its_statuses_and_links() -> None:
    table = Document.from_json(DOCUMENT.to_json()).blocks[4]
    assert isinstance(table, TableBlock)
    assert (table.statuses, table.links) == (("Status",), ("north/report.html", ""))


def test_a_stored_table_holds_plain_values() -> None:
    frame = pd.DataFrame(
        {
            "Day": [pd.Timestamp("2026-03-02"), pd.NaT],
            "Students": np.array([65, 70]),
            "Rate": [0.5, np.nan],
            "Withheld": pd.array([7, pd.NA], dtype="Int64"),
        }
    )
    # A day is ISO text, a numpy number a number, and whatever is missing is null.
    assert TableBlock("t", frame).rows() == [["2026-03-02", 65, 0.5, 7], [None, 70, None, None]]


def test_a_block_of_unknown_kind_is_refused_by_name() -> None:
    stored = {"title": "", "subtitle": "", "meta": {}, "blocks": [{"block": "film"}]}
    with pytest.raises(ValueError, match="'film'; known are heading"):
        Document.from_json(stored)


def test_on_paper_a_drawing_has_the_light_colours_themselves() -> None:
    figure = DOCUMENT.blocks[5]
    assert isinstance(figure, FigureBlock)
    assert figure.light_svg == '<svg fill="#1f2328"/>'


def test_a_console_without_html_shows_sentences_and_captions() -> None:
    assert plain(DOCUMENT.blocks).splitlines() == [
        "Summary",
        "All is <well>.",
        "- one",
        "- two",
        "Look here.",
        "[Programs: 2 rows]",
        "Ratio: It is 70.",
    ]
