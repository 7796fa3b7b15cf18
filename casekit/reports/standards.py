"""A standard as sentences and blocks: what each requirement asks, its editions, what is silent."""

from __future__ import annotations

import pandas as pd

from casekit.catalog import Requirement, Standard
from casekit.catalog.words import enough, of_whom, shown_by, waived
from casekit.phrases import capital, date
from casekit.reports.document import Block, Bullets, Heading, Text


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


def edition(standard: Standard) -> list[Block]:
    """Who issued it, what it is built on, its dated editions, and what is waived."""
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
