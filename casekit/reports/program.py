"""A program's report, opened by a template notebook: one call a section, one document at the end.

report = open_report(data=..., program=..., standards=..., as_of=..., since=..., audience=...)
report.summary()
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from casekit import __version__
from casekit.evaluate import UsageError
from casekit.findings import Evaluation, evaluate_programs
from casekit.phrases import date
from casekit.readers import read
from casekit.reports import measures, sections
from casekit.reports.document import MIME, Block, Document, Heading
from casekit.reports.html import Shown
from casekit.reports.view import View

AUDIENCES = ("program", "reviewer", "public")


@dataclass(frozen=True)
class Inputs:
    """What a report is made from, as it was given; of an absolute path only the name is kept."""

    data: str
    overlay: str | None
    dates: str | None
    standards: tuple[str, ...] | None
    as_of: str
    since: str | None

    @classmethod
    def of(
        cls,
        data: object,
        *,
        as_of: object,
        since: object = None,
        standards: Sequence[object] | None = None,
        overlay: object = None,
        dates: str | None = None,
    ) -> Inputs:
        """From the paths and days that a user gave."""
        return cls(
            _as_given(data),
            None if overlay is None else _as_given(overlay),
            dates,
            tuple(_as_given(s) for s in standards) if standards else None,
            str(as_of),
            None if since is None else str(since),
        )

    def parameters(self) -> dict:
        """As parameters of the template."""
        standards = list(self.standards) if self.standards else None
        return {**asdict(self), "standards": standards}


def _as_given(path: object) -> str:
    """A path of this machine is nobody's business: it would stand in every report."""
    given = Path(str(path))
    return given.name if given.is_absolute() else given.as_posix()


_READY: dict[Inputs, Evaluation] = {}


def hand_over(inputs: Inputs, evaluation: Evaluation) -> None:
    """Give this process what was evaluated, so that no report reads or evaluates it again."""
    _READY.clear()
    _READY[inputs] = evaluation
    gc.freeze()  # it stays: do not look through it again after every report


@dataclass(frozen=True)
class Stored:
    """What the template's last cell shows: the whole document, for writers of other formats."""

    document: Document

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict:
        return {MIME: self.document.to_json(), "text/plain": f"[{self.document.title}, stored]"}


def open_report(
    *,
    data: str,
    program: str,
    as_of: str,
    since: str | None = None,
    standards: Sequence[str] | None = None,
    audience: str = "reviewer",
    overlay: str | None = None,
    dates: str | None = None,
) -> ProgramReport:
    """Read, evaluate, and open the report of one program.

    Raises UsageError for an audience or a program that is not there, ReadError and StandardError
    as `casekit.readers.read` and `casekit.findings.evaluate_programs` do.
    """
    check_audience(audience)
    settings: dict[str, Any] = {"as_of": as_of, "since": since, "standards": standards}
    inputs = Inputs.of(data, **settings, overlay=overlay, dates=dates)
    evaluation = _READY.get(inputs)
    if evaluation is None:
        caseload = read(Path(data), overlay=Path(overlay) if overlay else None, dates=dates)
        evaluation = evaluate_programs(caseload, programs=[program], **settings)
    return ProgramReport(View(evaluation, program, audience))


def check_audience(audience: str) -> None:
    """Raises UsageError for an audience that no report is written for."""
    if audience not in AUDIENCES:
        raise UsageError(f"audience {audience!r} is not known; allowed: {', '.join(AUDIENCES)}")


class ProgramReport:
    """One program's report: each section is shown by its method, and kept for the document."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._sections: dict[str, tuple[Block, ...]] = {}

    def summary(self) -> Shown | None:
        return self._show("Summary", sections.summary)

    def ratio(self) -> Shown | None:
        return self._show("Students per case manager", measures.ratio)

    def caseload(self) -> Shown | None:
        return self._show("Caseload of each case manager", measures.caseload)

    def contact(self) -> Shown | None:
        return self._show("Weekly contact", measures.contact)

    def first_contact(self) -> Shown | None:
        return self._show("First contact after a referral", measures.first_contacts)

    def levels(self) -> Shown | None:
        return self._show("Levels", measures.levels)

    def requirements(self) -> Shown | None:
        return self._show("Requirements", sections.requirements)

    def attestations(self) -> Shown | None:
        return self._show("Answers by the program", sections.attestations)

    def unknowns(self) -> Shown | None:
        return self._show("What could not be told", sections.unknowns)

    def problems(self) -> Shown | None:
        return self._show("Problems in the data", sections.problems)

    def cases(self) -> Shown | None:
        return self._show("Cases", sections.cases)

    def signature(self) -> Shown | None:
        return self._show("Signature", sections.signature)

    def store(self) -> Stored:
        """The sections shown so far as one document."""
        return Stored(self.document())

    def document(self) -> Document:
        """The sections shown so far, in the order in which they were first shown."""
        span = self.view.evaluation.spans[self.view.program]
        since, as_of = (date(pd.Timestamp(day)) for day in (span.since, span.as_of))
        blocks = tuple(block for blocks in self._sections.values() for block in blocks)
        return Document(
            self.view.name,
            f"Case management report as of {as_of}, from {since}",
            blocks,
            {
                "program": self.view.program,
                "audience": self.view.audience,
                "as_of": str(span.as_of),
                "since": str(span.since),
                "standards": ";".join(standard.id for standard in self.view.standards),
                "made_with": made_with(self.view.audience),
            },
        )

    def _show(self, title: str, section: Callable[[View], Iterator[Block]]) -> Shown | None:
        blocks = tuple(section(self.view))
        if not blocks:
            return None
        self._sections[title] = (Heading(2, title), *blocks)
        return Shown(self._sections[title])


def made_with(audience: str) -> str:
    """The page's last line: what made it, and for whom."""
    readers = {"program": "the program itself", "reviewer": "a reviewer", "public": "the public"}
    return f"Written by casekit {__version__} for {readers[audience]}."
