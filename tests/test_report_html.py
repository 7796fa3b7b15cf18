"""HTML: blocks as fragments, fragments as one page that needs nothing from outside."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from casekit.figures.theme import DARK, LIGHT
from casekit.reports.document import (
    Block,
    Bullets,
    Document,
    FigureBlock,
    Heading,
    Notice,
    TableBlock,
    Text,
)
from casekit.reports.html import Shown, document_page, fragment

HOSTILE = "<script>alert(1)</script>"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"
FRAME = pd.DataFrame({"Program": [HOSTILE], "Status": ["not_met"], "Students": [65]})


def table(**changes: object) -> TableBlock:
    return TableBlock("Programs", FRAME, **{"statuses": ("Status",), **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "block",
    [
        Heading(2, HOSTILE),
        Text(HOSTILE),
        Bullets((HOSTILE,)),
        Notice("note", HOSTILE),
        TableBlock(HOSTILE, FRAME.rename(columns={"Students": HOSTILE}), note=HOSTILE),
        FigureBlock(HOSTILE, HOSTILE, "", TableBlock(HOSTILE, FRAME)),
    ],
    ids=lambda block: type(block).__name__,
)
def test_text_is_shown_as_the_text_it_is(block: Block) -> None:
    shown = fragment([block])
    assert "<script" not in shown
    assert ESCAPED in shown


def test_marks_that_turn_the_direction_of_text_are_left_out_of_drawings_too() -> None:
    turned = "a" + "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])) + "b"
    figure = FigureBlock(turned, turned, f"<svg>{turned}</svg>", table())
    shown = document_page(Document(turned, turned, (figure,)))
    assert [c for c in turned[1:-1] if c in shown] == []


def test_a_link_cannot_leave_its_attribute() -> None:
    assert '"x" onclick' not in fragment([table(links=('"x" onclick="y"',))])


def test_a_cell_that_begins_like_a_formula_stays_as_it_is() -> None:
    frame = pd.DataFrame({"Note": ["=1+1"]})
    assert ">=1+1<" in fragment([TableBlock("Notes", frame)])


def test_a_status_is_told_by_glyph_and_word_beside_its_colour() -> None:
    shown = re.sub(r"<[^>]+>", "", fragment([table()]))
    assert "✗ not met" in shown


def test_a_status_in_a_column_of_plain_text_is_left_alone() -> None:
    assert "ck-status" not in fragment([table(statuses=())])


def test_a_table_names_its_rows_and_columns_and_sets_numbers_right() -> None:
    shown = fragment([table()])
    wanted = [
        "<caption><span>Programs</span></caption>",
        '<th scope="col">Program</th>',
        '<th scope="col" class="ck-number">Students</th>',
        f'<th scope="row">{ESCAPED}</th>',
        '<td class="ck-number">65</td>',
    ]
    assert [part for part in wanted if part not in shown] == []


def test_what_is_missing_is_a_dash_and_a_number_has_two_decimals_at_most() -> None:
    frame = pd.DataFrame({"Month": ["May", "June", "July"], "Ratio": [81.256, None, 75.0]})
    cells = re.findall(r'<td class="ck-number">(.*?)</td>', fragment([TableBlock("r", frame)]))
    assert cells == ["81.26", "—", "75"]


def test_the_numbers_behind_a_figure_can_be_opened() -> None:
    figure = FigureBlock("Ratio", "It is 70.", "<svg></svg>", table())
    shown = fragment([figure])
    assert re.search(
        r"<svg></svg>.*<figcaption>It is 70\.</figcaption>.*<details>.*<table>", shown, re.DOTALL
    )


def test_a_figure_without_a_drawing_is_its_sentence() -> None:
    nothing = TableBlock("none", pd.DataFrame(columns=["Month"]))
    shown = fragment([FigureBlock("Ratio", "There is no staff table.", "", nothing)])
    assert "ck-drawing" not in shown and "<details>" not in shown


def whole_page() -> str:
    blocks = (Heading(2, "Summary"), Text("All is well."), table())
    return document_page(Document(HOSTILE, "as of 2 March 2026", blocks))


def test_a_page_has_one_first_heading_which_is_the_title() -> None:
    assert re.findall(r"<h1>.*?</h1>", whole_page()) == [f"<h1>{ESCAPED}</h1>"]


def test_a_page_asks_for_nothing_from_outside() -> None:
    addresses = re.findall(r"""(?:src|href|url\()=?["']?([^"'\s>)]+)""", whole_page())
    assert [a for a in addresses if not a.startswith(("#", "data:"))] == []


def test_a_page_forbids_itself_scripts_and_requests() -> None:
    assert (
        "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"" in whole_page()
    )


def test_a_page_links_to_its_sections() -> None:
    page = whole_page()
    assert '<a href="#section-summary">Summary</a>' in page
    assert '<h2 id="section-summary">Summary</h2>' in page


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_a_page_declares_every_colour_of_the_theme(palette: dict[str, str]) -> None:
    page = whole_page()
    assert [n for n, c in palette.items() if f"--ck-{n}: {c};" not in page] == []


def test_a_notebook_cell_shows_html_and_plain_text() -> None:
    assert Shown((Text("a < b"),))._repr_mimebundle_() == {
        "text/html": "<p>a &lt; b</p>",
        "text/plain": "a < b",
    }
