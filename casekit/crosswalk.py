"""The crosswalk: what the shipped standards ask about the same thing, and which asks more."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from casekit.catalog import Requirement, Standard, load, shipped_standards
from casekit.catalog.words import of_whom, shown_by

CROSSWALK = Path(__file__).parent / "crosswalk.toml"


@dataclass(frozen=True)
class Topic:
    """Something that several standards speak of: the ids of the requirements that do.

    `stricter` is the one that asks the most, empty where they cannot be ranked; `why` says how
    they differ.
    """

    title: str
    about: str
    requirements: tuple[str, ...]
    why: str
    stricter: str = ""

    @property
    def standards(self) -> tuple[str, ...]:
        """The ids of the standards that it spans, each once."""
        return tuple(dict.fromkeys(name.partition(".")[0] for name in self.requirements))


def topics(standards: Sequence[str] = ()) -> list[Topic]:
    """All topics, or those which at least one of some standards speaks of.

    A standard of one's own, by the path of its file, speaks of what it has from a shipped one.
    Raises StandardError for a standard that is not known, or cannot be used.
    """
    rows = tomllib.loads(CROSSWALK.read_text(encoding="utf-8"))["topic"]
    found = [Topic(**{**row, "requirements": tuple(row["requirements"])}) for row in rows]
    asked = {name for standard in standards for name in load(standard).requirements}
    return [topic for topic in found if not standards or asked & set(topic.requirements)]


def crosswalk_sentences(found: Sequence[Topic], standards: Sequence[str] = ()) -> str:
    """Topics as text: what each shipped standard asks, and which asks the most.

    Of the `standards` given, those of one's own are told where they ask something else.
    """
    shipped = shipped_standards()
    asked = {name: row for each in shipped for name, row in load(each).requirements.items()}
    own = [load(name) for name in standards if name not in shipped]
    parts = []
    for topic in found:
        lines = [f"{topic.title}: {topic.about}"]
        for name in topic.requirements:
            lines.append(f"- {name}{_asked(asked[name])}")
            lines += [line for each in own if (line := _instead(each, asked[name]))]
        most = f"{topic.stricter} asks the most." if topic.stricter else "They cannot be ranked."
        parts.append("\n".join([*lines, f"  {most} {topic.why}"]))
    return "\n\n".join(parts) or "The crosswalk has no topic of which this standard speaks."


def _instead(own: Standard, published: Requirement) -> str:
    """What a standard of one's own asks in place of a published requirement, if it does."""
    if not _on(own, published.standard):
        return ""
    mine = own.requirements.get(published.id)
    if mine is None:
        return f"  {own.id} drops it."
    return "" if mine == published else f"  {own.id} asks instead{_asked(mine)}"


def _on(own: Standard, published: str) -> bool:
    """Whether a standard is built on a published one: it has some of its requirements."""
    return any(name.startswith(f"{published}.") for name in own.requirements)


def _asked(requirement: Requirement) -> str:
    """` (level, guidance): title. What shows it. Whom it is asked of.`"""
    marks = [requirement.level, "" if requirement.authority == "rule" else requirement.authority]
    marked = ", ".join(filter(None, marks))
    shown = "Attested." if requirement.attested else shown_by(requirement)
    whom = of_whom(requirement) if requirement.applies_to else ""
    said = " ".join(filter(None, [f"{requirement.title.rstrip('.')}.", shown, whom]))
    return f"{f' ({marked})' if marked else ''}: {said}"
