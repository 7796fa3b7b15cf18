"""Answers to requirements: what people say, with what shows it; kept in `attestations.csv`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

import pandas as pd

from casekit.assessment.kept import SavingError, put, withdraw
from casekit.assessment.place import Place
from casekit.calendars import Days
from casekit.caseload import Caseload
from casekit.catalog import Requirement
from casekit.evaluate import answers
from casekit.phrases import date as long_date

CHOICES = {"yes": "yes", "partly": "partly", "no": "no", "not_applicable": "not applicable"}

# One answer a day: a second one takes the first one's place.
KEY = ("program_id", "requirement_id", "assessed_on")


@dataclass(frozen=True)
class Answer:
    """One program's answer to one requirement on one day: a row of `attestations`.

    `answer` is one of CHOICES. Days are ISO text, as they are written; empty: none.
    """

    program_id: str
    requirement_id: str
    answer: str
    assessed_on: str
    assessor: str = ""
    evidence: str = ""
    evidence_link: str = ""
    evidence_file: str = ""
    owner: str = ""
    expires_on: str = ""

    @property
    def shown_by(self) -> bool:
        """Whether anything shows it: words, a link or a file."""
        return any((self.evidence, self.evidence_link, self.evidence_file))

    def expired(self, as_of: Days) -> bool:
        """Whether its evidence no longer holds on a day."""
        return bool(self.expires_on) and date.fromisoformat(self.expires_on) < as_of.item()

    def remarks(self, as_of: Days) -> tuple[str, ...]:
        """What its evidence lacks on a day, in sentences."""
        said = []
        if self.answer == "yes" and not self.shown_by:
            said.append("No evidence is named for this yes.")
        if self.expired(as_of):
            said.append(f"The evidence held until {long_date(self.expires_on)}: renew it.")
        return tuple(said)


def in_force(
    requirement: Requirement, caseload: Caseload, program: str, as_of: Days
) -> Answer | None:
    """A program's latest answer to a requirement on or before a day; None without one."""
    given = answers(requirement, caseload, as_of).get(program)
    if given is None:
        return None
    row = caseload.tables["attestations"].iloc[given.order]
    return Answer(**{f.name: cell_text(row[f.name]) for f in fields(Answer)})


def cell_text(cell: object) -> str:
    """A cell of a typed table as it is written; empty where it is missing."""
    if isinstance(cell, pd.Timestamp):
        return f"{cell:%Y-%m-%d}"
    return "" if pd.isna(cell) else str(cell)


def save_answer(caseload: Caseload, place: Place, answer: Answer) -> Caseload:
    """Save an answer at once, on the disk; the caseload with it.

    Raises casekit.assessment.kept.SavingError, in one line: then nothing has changed.
    """
    row = {f.name: getattr(answer, f.name) for f in fields(answer)}
    return put(caseload, place.folder, "attestations", KEY, row)


def take_back(
    caseload: Caseload, place: Place, answer: Answer, requirement: Requirement
) -> Caseload:
    """Take an answer to a requirement back: the one before it, if any, is in force again.

    Raises SavingError, also where it was given for a statement: others may rest on it as well.
    """
    if answer.requirement_id != requirement.id:
        raise SavingError(
            f"Not taken back: it was given for {answer.requirement_id}, on which other requirements"
            " may rest too. Give this one an answer of its own instead."
        )
    row = {f.name: getattr(answer, f.name) for f in fields(answer)}
    return withdraw(caseload, place.folder, "attestations", KEY, row)
