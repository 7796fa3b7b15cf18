"""One requirement as a form: what it asks, what the data says, the answer, and the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from casekit.assessment.answers import CHOICES, Answer
from casekit.assessment.standing import Standing
from casekit.phrases import date
from casekit.reports.document import Notice, Text
from casekit.widgets.parts import Chip, Choice, Entry, Folded, Group, Part, Row

# The fields of an answer that the form asks for.
ASKED = ("answer", "evidence", "evidence_link", "evidence_file", "owner", "expires_on")
NO_ANSWER = ("", "no answer")


@dataclass(frozen=True)
class Sheet:
    """The sheet that is filled in: one program, one standard, one day.

    day      the day of its answers, ISO
    of       a few signs that only this sheet has; each of its controls has them in its name
    unsaved  what was given and could not be saved, and why, by FIELD:REQUIREMENT
    """

    day: str
    of: str
    unsaved: Mapping[str, tuple[str, str]]

    def control(self, each: str, requirement_id: str) -> str:
        """A control's name: what is changed on another sheet, still in view, is not taken here."""
        return f"{each}:{requirement_id}:{self.of}"

    def lost(self, each: str, requirement_id: str) -> tuple[str, ...]:
        """What was given there and could not be saved, and why; nothing where all was saved."""
        return self.unsaved.get(f"{each}:{requirement_id}", ())

    def error(self, each: str, requirement_id: str) -> str:
        """Why it could not be saved; empty where all was saved."""
        return "".join(self.lost(each, requirement_id)[1:])


def requirement(standing: Standing, sheet: Sheet) -> Iterator[Part]:
    """One requirement: what it asks, what the data says, what you say, and the evidence."""
    asked = standing.requirement
    told = [Text(asked.question)] if asked.question else []
    data = standing.data if asked.attested else f"The data says: {standing.data}"
    says: list[Part] = [Row((Chip(standing.status), Text(data)))]
    differs = [Notice("warning", f"≠ They differ. {standing.differs}")] if standing.differs else []
    remarks = [Notice("note", remark) for remark in standing.remarks]
    parts = (*told, *says, *differs, *_fields(standing, sheet), *remarks)
    # Where a citation names the level, it is not said twice.
    level = "" if asked.level in asked.citation else f"Level: {asked.level}. "
    yield Group(asked.title, parts, help=f"{level}{asked.citation}")


def _fields(standing: Standing, sheet: Sheet) -> Iterator[Part]:
    name, given = standing.requirement.id, standing.answer
    values = {each: getattr(given, each) if given else "" for each in ASKED}
    # Not taken back are an answer of another day, which was given then, and one to a statement,
    # on which other requirements rest too. A new one stands above it.
    own = given is None or (given.requirement_id, given.assessed_on) == (name, sheet.day)
    answer = Choice(
        sheet.control("answer", name),
        "Your answer",
        values["answer"],
        help=_when(given, name),
        error=sheet.error("answer", name),
        options=(*CHOICES.items(), *([NO_ANSWER] if own else [])),
        buttons=True,
    )

    def entry(each: str, label: str, told: str = "", **more) -> Entry:
        off = given is None
        control, (value, *why) = (
            sheet.control(each, name),
            sheet.lost(each, name) or (values[each],),
        )
        return Entry(control, label, value, told, "".join(why), disabled=off, **more)

    advised = standing.requirement.evidence
    suggested = f"Such as: {advised}" if advised else ""
    first = "" if given else "Answer first; then say what shows it."
    yield Row((answer, entry("evidence", "Evidence", first or suggested, lines=2)))
    more = (
        entry("evidence_link", "Link to the evidence"),
        entry("evidence_file", "File or folder", "Its path, or where the paper lies."),
        entry("owner", "Who keeps it up to date"),
        entry("expires_on", "Holds until", "The last day. Empty: it does not expire.", kind="date"),
    )
    set_ = sum(bool(values[each]) for each in ASKED[2:])
    yield Folded(f"Link, file, owner and expiry ({set_ or 'none'} filled in)", (Row(more),))


def _when(given: Answer | None, name: str) -> str:
    if given is None:
        return ""
    by = f" by {given.assessor}" if given.assessor else ""
    of = "" if given.requirement_id == name else f" for all of {given.requirement_id}"
    return f"Answered{by} on {date(given.assessed_on)}{of}."
