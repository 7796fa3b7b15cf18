"""A long list of rows, a page at a time."""

from __future__ import annotations

from casekit.widgets.parts import Button, Row

PAGE = 50  # rows shown at once
EARLIER, FURTHER = "earlier", "further"


def turned(page: int, name: str, rows: int) -> int:
    """The page that a button leads to, of so many rows; never one that is not there."""
    step = {EARLIER: -1, FURTHER: 1}.get(name, 0)
    return max(0, min(page + step, (rows - 1) // PAGE))


def turning(page: int, rows: int) -> Row:
    """The buttons that turn the page. Their names stay, so that the keyboard stays on them."""
    first, last = page == 0, page == turned(page, FURTHER, rows)
    return Row(
        (
            Button(EARLIER, "Earlier rows", disabled=first),
            Button(FURTHER, "Further rows", disabled=last),
        )
    )


def next_button(page: int, name: str, rows: int) -> str:
    """The button that the keyboard is to be on: the one pressed, or at the end the other."""
    if turned(page, name, rows) != page:
        return name
    return EARLIER if name == FURTHER else FURTHER
