"""Where a program stands in one standard: what the data says, what people say, and the levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from casekit.assessment.answers import Answer, in_force
from casekit.caseload import Caseload
from casekit.catalog import Requirement, Standard
from casekit.evaluate import Verdicts, attested, waived
from casekit.findings import (
    COUNTS,
    Evaluation,
    evaluate_programs,
    findings_from,
    levels_of,
    status_counts,
)
from casekit.kinds.rows import Span
from casekit.reports.view import program_names
from casekit.wording import disagreement, finding_sentence

Key = tuple[str, str, str]

ASKED_OF_PEOPLE = "The tables cannot show this: your answer decides."


@dataclass(frozen=True)
class Standing:
    """One requirement: its status, what the data says of it, and the answer in force.

    `differs` says where the two disagree, `remarks` what the evidence lacks; empty: nothing.
    """

    requirement: Requirement
    status: str
    data: str
    answer: Answer | None
    differs: str
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Rung:
    """How far an element, an area (no element) or the program (neither) has come.

    `level` is empty below the first, `following` is the next one, empty at the top. `blocking`
    are the requirements not met on the way there, `unshown` those not answered, due or unknown.
    """

    area: str
    element: str
    level: str
    following: str
    blocking: tuple[Requirement, ...]
    unshown: tuple[Requirement, ...]


@dataclass(frozen=True)
class Section:
    """The requirements that are answered together: an element, or an area without elements."""

    title: str
    area: str
    element: str
    requirements: tuple[str, ...]


def sections(standard: Standard) -> tuple[Section, ...]:
    """Every section of a standard, in its order; a requirement is in one."""
    found: dict[tuple[str, str], list[str]] = {}
    for requirement in standard.requirements.values():
        found.setdefault((requirement.area, requirement.element), []).append(requirement.id)
    nowhere = "Other requirements" if len(found) > 1 else "All requirements"
    return tuple(
        Section(": ".join(dict.fromkeys(filter(None, key))) or nowhere, *key, tuple(ids))
        for key, ids in found.items()
    )


@dataclass(frozen=True)
class Assessment:
    """One program held against one standard, with the answers given so far.

    An answer changes no verdict that the tables decide, so these are judged once (`evaluation`).
    The answers are those of `caseload`; `counted` is casekit.findings.COUNTS of each requirement.
    """

    evaluation: Evaluation
    caseload: Caseload
    counted: Mapping[Key, Sequence[int]]

    @property
    def program(self) -> str:
        return self.evaluation.programs[0]

    @property
    def program_name(self) -> str:
        """The program's name, or its id where it has none."""
        return program_names(self.evaluation)[self.program]

    @property
    def standard(self) -> Standard:
        return next(iter(self.evaluation.standards.values()))

    @property
    def span(self) -> Span:
        return self.evaluation.spans[self.program]

    def answered(self, caseload: Caseload, requirement_id: str) -> Assessment:
        """The same with another answer to one requirement; the caseload differs in nothing else."""
        requirement = self.standard.requirements[requirement_id]
        counted = dict(self.counted)
        if requirement.attested:
            rows = attested(requirement, caseload, self.span)
            rows = waived(rows, self.standard.waivers.get(requirement_id), self.span.as_of)
            counted[self._key(requirement_id)] = status_counts(rows)[self.program]
        return replace(self, caseload=caseload, counted=counted)

    def _key(self, requirement_id: str) -> Key:
        return self.standard.id, requirement_id, self.program

    @cached_property
    def findings(self) -> pd.DataFrame:
        """A row per requirement, as casekit.findings.FINDING_COLUMNS; the index is its id."""
        found = findings_from(self.counted, self.evaluation.plan, self.caseload)
        return found.set_index("requirement_id", drop=False)

    def standing(self, requirement_id: str) -> Standing:
        """Where one requirement stands."""
        requirement = self.standard.requirements[requirement_id]
        finding = self.findings.loc[requirement_id]
        as_of = self.span.as_of
        answer = in_force(requirement, self.caseload, self.program, as_of)
        differs = disagreement(requirement, finding)
        said = finding_sentence(requirement, finding).removesuffix(differs).rstrip()
        return Standing(
            requirement,
            str(finding["status"]),
            ASKED_OF_PEOPLE if requirement.attested else said,
            answer,
            differs,
            answer.remarks(as_of) if answer else (),
        )

    @cached_property
    def levels(self) -> pd.DataFrame:
        """The rows of `levels` under the standard's own gate; none without levels."""
        levels = levels_of(self.findings, self.evaluation.plan)
        return levels[levels["gate"] == self.standard.gate]

    @cached_property
    def rungs(self) -> tuple[Rung, ...]:
        """Each element, area and the program under the standard's own gate; none without levels."""
        mine = self.levels
        columns = ("area", "element", "level", "blocking", "unshown")
        return tuple(self._rung(*row) for row in zip(*(mine[c] for c in columns), strict=True))

    def _rung(self, area: str, element: str, level: str, blocking: str, unshown: str) -> Rung:
        names = self.standard.levels
        place = names.index(level) + 1 if level else 0
        following = names[place] if place < len(names) else ""
        asked = (self._named(ids) for ids in (blocking, unshown))
        return Rung(area, element, level, following, *asked)

    def _named(self, ids: str) -> tuple[Requirement, ...]:
        return tuple(self.standard.requirements[name] for name in ids.split(";") if name)

    def rung(self, area: str = "", element: str = "") -> Rung | None:
        """The rung of an element, an area or (with neither) the program; None without one."""
        wanted = (rung for rung in self.rungs if (rung.area, rung.element) == (area, element))
        return next(wanted, None)

    @cached_property
    def differing(self) -> tuple[Requirement, ...]:
        """The requirements of which the answer and the data say different things."""
        given = self.findings[self.findings["attested"] != ""]
        rows = ((self.standard.requirements[name], row) for name, row in given.iterrows())
        return tuple(asked for asked, row in rows if disagreement(asked, row))

    @property
    def progress(self) -> tuple[int, int]:
        """How many requirements have an answer, and how many there are."""
        given = self.findings["attested"] != ""
        return int(given.sum()), len(given)


def _counted(evaluation: Evaluation) -> dict[Key, Sequence[int]]:
    found = evaluation.findings
    names = zip(*(found[n] for n in ("standard_id", "requirement_id", "program_id")), strict=True)
    return dict(zip(names, found[list(COUNTS)].to_numpy().tolist(), strict=True))


def assess(caseload: Caseload, *, program: str, standard: str, as_of: object) -> Assessment:
    """Hold one program against one standard as of a day.

    Raises casekit.evaluate.UsageError and casekit.catalog.StandardError.
    """
    found = evaluate_programs(caseload, as_of=as_of, standards=[standard], programs=[program])
    return begun(found, program, next(iter(found.standards)))


def begun(evaluation: Evaluation, program: str, standard: str) -> Assessment:
    """The assessment of one program against one of the standards that it was evaluated against."""
    plan, rows = evaluation.plan, evaluation.verdicts
    mine = replace(
        plan,
        standards={standard: plan.standards[standard]},
        held={program: (standard,)},
        spans={program: plan.spans[program]},
    )
    rows = rows[(rows["program_id"] == program) & (rows["standard_id"] == standard)]
    one = replace(evaluation, plan=mine, results=Verdicts(rows))
    return Assessment(one, evaluation.caseload, _counted(one))
