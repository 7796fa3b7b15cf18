"""The crosswalk: what the shipped standards ask about the same thing, and which asks more."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from casekit.catalog import Requirement, StandardError, load, shipped_standards
from casekit.catalog.settings import not_among
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
    """All topics, or those which at least one of some shipped standards speaks of.

    Raises StandardError for a standard that is not shipped.
    """
    shipped = shipped_standards()
    for name in standards:
        if name not in shipped:
            raise StandardError(f"the standard {name!r} {not_among(name, shipped)}")
    rows = tomllib.loads(CROSSWALK.read_text(encoding="utf-8"))["topic"]
    found = [Topic(**{**row, "requirements": tuple(row["requirements"])}) for row in rows]
    wanted = set(standards or shipped)
    return [topic for topic in found if wanted & set(topic.standards)]


def crosswalk_sentences(found: Sequence[Topic]) -> str:
    """Topics as text: what each standard asks, and which asks the most."""
    asked = {
        name: requirement
        for standard in sorted({s for topic in found for s in topic.standards})
        for name, requirement in load(standard).requirements.items()
    }
    parts = []
    for topic in found:
        lines = [f"{topic.title}: {topic.about}"]
        lines += [f"- {name}: {_asked(asked[name])}" for name in topic.requirements]
        most = f"{topic.stricter} asks the most." if topic.stricter else "They cannot be ranked."
        parts.append("\n".join([*lines, f"  {most} {topic.why}"]))
    return "\n\n".join(parts)


def _asked(requirement: Requirement) -> str:
    shown = "Attested." if requirement.attested else shown_by(requirement)
    whom = of_whom(requirement) if requirement.applies_to else ""
    return " ".join(filter(None, [f"{requirement.title}.", shown, whom]))
