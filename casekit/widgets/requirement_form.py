"""One requirement as a form: what it asks, what the data says, the answer, and the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from casekit.assessment.answers import CHOICES, Answer
from casekit.assessment.standing import Standing
from casekit.phrases import date
from casekit.reports.document import Notice, Text
from casekit.widgets.parts import Chip, Choice, Entry, Folded, Group, Part, Row

# The fields of an answer that the form asks for; a control is named FIELD:REQUIREMENT.
ASKED = ("answer", "evidence", "evidence_link", "evidence_file", "owner", "expires_on")
NO_ANSWER = ("", "no answer")


def requirement(standing: Standing, unsaved: Mapping[str, str], today: str) -> Iterator[Part]:
    """One requirement: what it asks, what the data says, what you say, and the evidence."""
    asked = standing.requirement
    told = [Text(asked.question)] if asked.question else []
    data = standing.data if asked.attested else f"The data says: {standing.data}"
    says: list[Part] = [Chip(standing.status), Text(data)]
    differs = [Notice("warning", f"≠ They differ. {standing.differs}")] if standing.differs else []
    remarks = [Notice("note", remark) for remark in standing.remarks]
    parts = (*told, *says, *differs, *_fields(standing, unsaved, today), *remarks)
    level = f"Level: {asked.level}. " if asked.level else ""
    yield Group(asked.title, parts, help=f"{level}{asked.citation}")


def _fields(standing: Standing, unsaved: Mapping[str, str], today: str) -> Iterator[Part]:
    name, given = standing.requirement.id, standing.answer
    values = {each: getattr(given, each) if given else "" for each in ASKED}
    wrong = {each: unsaved.get(f"{each}:{name}", "") for each in ASKED}
    # An answer of another day is not taken back: it was given then. A new one stands above it.
    of_today = given is None or given.assessed_on == today
    yield Choice(
        f"answer:{name}",
        "Your answer",
        values["answer"],
        help=_when(given),
        error=wrong["answer"],
        options=(*CHOICES.items(), *([NO_ANSWER] if of_today else [])),
        buttons=True,
    )

    def entry(each: str, label: str, told: str = "", **more) -> Entry:
        off = given is None
        return Entry(f"{each}:{name}", label, values[each], told, wrong[each], disabled=off, **more)

    advised = standing.requirement.evidence
    suggested = f"Such as: {advised}" if advised else ""
    first = "" if given else "Answer first; then say what shows it."
    yield entry("evidence", "Evidence", first or suggested, lines=2)
    more = (
        entry("evidence_link", "Link to the evidence"),
        entry("evidence_file", "File or folder", "Its path, or where the paper lies."),
        entry("owner", "Who keeps it up to date"),
        entry("expires_on", "Holds until", "The last day. Empty: it does not expire.", kind="date"),
    )
    set_ = sum(bool(values[each]) for each in ASKED[2:])
    yield Folded(f"Link, file, owner and expiry ({set_ or 'none'} filled in)", (Row(more),))


def _when(given: Answer | None) -> str:
    if given is None:
        return ""
    by = f" by {given.assessor}" if given.assessor else ""
    return f"Answered{by} on {date(given.assessed_on)}."
