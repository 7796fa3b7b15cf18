"""A caseload evaluated once, so that a scenario's caseload is evaluated anew only where it differs.

While a requirement is judged for the first time, the tables it looks at are noted. A scenario
touches some tables; a requirement that looked at none of them, and is asked as before, is answered
as before. Nothing is guessed from a kind's name: what a kind reads decides.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from casekit.caseload import Caseload
from casekit.catalog import Requirement, Waiver
from casekit.evaluate import Plan, judge, named_rows, spans_grouped, waived
from casekit.findings import findings_from, levels_of, status_counts
from casekit.kinds import PROJECTED
from casekit.kinds.rows import Span


class _Noting(dict):
    """A mapping that notes which of its keys were asked for."""

    def __init__(self, held: Mapping[str, Any], noted: set[str]) -> None:
        super().__init__(held)
        self._noted = noted

    def __getitem__(self, key: str) -> Any:
        self._noted.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self._noted.add(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self._noted.add(str(key))
        return super().__contains__(key)


class _Watched(Caseload):
    """A caseload that notes in `noted` which tables are looked at, also through what it remembers.

    What was made once was made of some tables: whoever asks for it again looks at them too.
    """

    noted: set[str]

    @classmethod
    def over(cls, caseload: Caseload) -> _Watched:
        noted: set[str] = set()
        tables, given = _Noting(caseload.tables, noted), _Noting(caseload.given, noted)
        made = cls(tables, given, caseload.problems, caseload.sources)
        object.__setattr__(made, "noted", noted)
        return made

    def once(self, key: Hashable, make: Callable[[], Any]) -> Any:
        if key not in self._made:
            outside = set(self.noted)
            self.noted.clear()
            value = make()
            self._made[key] = value, frozenset(self.noted)
            self.noted.update(outside)
        value, looked_at = self._made[key]
        self.noted.update(looked_at)
        return value


def remembering(caseload: Caseload, before: Caseload, changed: Collection[str]) -> Caseload:
    """The caseload with what `before` remembers of tables that were not changed.

    `before` is one that came from here, or any other: of that, nothing is known.
    """
    watched = _Watched.over(caseload)
    if isinstance(before, _Watched):
        watched._made.update(_kept(before._made, changed))
    return watched


def _kept(
    made: Mapping[Hashable, tuple[Any, frozenset[str]]], changed: Collection[str]
) -> dict[Hashable, tuple[Any, frozenset[str]]]:
    return {key: each for key, each in made.items() if each[1].isdisjoint(changed)}


@dataclass(frozen=True)
class Part:
    """One requirement judged for the programs of one span: how it was asked, and what came out.

    rows: its verdicts; counts: their statuses by program; reads: the tables looked at.
    """

    requirement: Requirement
    waiver: Waiver | None
    span: Span
    rows: pd.DataFrame
    counts: Mapping[str, tuple[int, ...]]
    reads: frozenset[str]


@dataclass(frozen=True)
class Judged:
    """A caseload held against a plan's standards, in parts; findings and levels made of them.

    made: what the caseload remembered on the way, and which tables that was made of.
    """

    caseload: Caseload
    plan: Plan
    parts: Mapping[tuple[str, str, tuple[str, ...]], Part]
    findings: pd.DataFrame
    levels: pd.DataFrame
    made: Mapping[Hashable, tuple[Any, frozenset[str]]] = field(default_factory=dict, repr=False)

    def of(self, requirement: str) -> pd.DataFrame:
        """The verdicts of one requirement, for all its programs."""
        found = [part.rows for key, part in self.parts.items() if key[1] == requirement]
        return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def judge_all(
    caseload: Caseload,
    plan: Plan,
    before: Judged | None = None,
    touched: Collection[str] = (),
    planned: Collection[str] = (),
) -> Judged:
    """Every requirement of a plan judged.

    With `before`, of the caseload that this one was made from, only what looks at a table that was
    `touched`, or is asked otherwise than before. Of the tables `planned` only days after as_of
    were changed: those matter to kinds that are projected, and to no other.
    """
    parts = {}
    watched = _Watched.over(caseload)
    if before:
        watched._made.update(_kept(before.made, {*touched, *planned}))
    for standard in plan.standards.values():
        spans = spans_grouped([s for p, s in plan.spans.items() if standard.id in plan.held[p]])
        for span in spans:
            for requirement in standard.requirements.values():
                key = (standard.id, requirement.id, span.programs)
                known = before.parts.get(key) if before else None
                waiver = standard.waivers.get(requirement.id)
                if known and _stands(known, requirement, waiver, span, touched, planned):
                    parts[key] = known
                else:
                    parts[key] = _part(standard.id, requirement, waiver, watched, span)
    counted = {
        (standard, requirement, program): counts
        for (standard, requirement, _), part in parts.items()
        for program, counts in part.counts.items()
    }
    findings = findings_from(counted, plan, caseload)
    return Judged(caseload, plan, parts, findings, levels_of(findings, plan), watched._made)


def _stands(
    part: Part,
    requirement: Requirement,
    waiver: Waiver | None,
    span: Span,
    touched: Collection[str],
    planned: Collection[str],
) -> bool:
    return (
        part.reads.isdisjoint(touched)
        and (requirement.kind not in PROJECTED or part.reads.isdisjoint(planned))
        and part.requirement == requirement
        and part.waiver == waiver
        and part.span.key == span.key
    )


def _part(
    standard: str,
    requirement: Requirement,
    waiver: Waiver | None,
    caseload: _Watched,
    span: Span,
) -> Part:
    caseload.noted.clear()
    rows = waived(judge(requirement, caseload, span), waiver, span.as_of)
    rows = named_rows(rows, standard, requirement.id)
    reads = frozenset(caseload.noted)
    return Part(requirement, waiver, span, rows, status_counts(rows), reads)
