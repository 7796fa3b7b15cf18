"""View: what was found about one program, as far as the readers of its report may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from casekit.caseload import Caseload
from casekit.catalog import Requirement, Standard
from casekit.findings import SMALL, Evaluation, withhold
from casekit.reports import asked
from casekit.summaries import requirements_of_kind, waiver_sentence, wholly_waived
from casekit.wording import finding_sentence


@dataclass(frozen=True)
class View:
    """What was found about one program, as far as the audience may see it."""

    evaluation: Evaluation
    program: str
    audience: str

    @cached_property
    def name(self) -> str:
        """The program's name, or its id where it has none."""
        return program_names(self.evaluation)[self.program]

    @property
    def as_of(self) -> date:
        """The last day known."""
        return self.evaluation.spans[self.program].as_of.astype(date)

    @property
    def standards(self) -> list[Standard]:
        """The standards that the program is held to."""
        return [self.evaluation.standards[s] for s in self.evaluation.plan.held[self.program]]

    @cached_property
    def findings(self) -> pd.DataFrame:
        """The program's findings; for the public, without small cells."""
        findings = self.evaluation.findings
        mine = findings[findings["program_id"] == self.program]
        if self.audience != "public":
            return mine
        return withhold(mine, self.verdicts, ["standard_id", "requirement_id"])

    @cached_property
    def verdicts(self) -> pd.DataFrame:
        """The program's verdicts: a row may speak of one person."""
        verdicts = self.evaluation.verdicts
        return verdicts[verdicts["program_id"] == self.program]

    @cached_property
    def requirements(self) -> list[Requirement]:
        """What the program is held to, standard by standard."""
        return [r for standard in self.standards for r in standard.requirements.values()]

    def rules(self, rows: pd.DataFrame) -> list[Requirement]:
        """The requirement of each row of findings or verdicts."""
        names = zip(rows["standard_id"], rows["requirement_id"], strict=True)
        return [self.evaluation.standards[s].requirements[r] for s, r in names]

    def of_kind(self, *kinds: str) -> list[Requirement]:
        """The requirements of some kinds that the program is held to."""
        return requirements_of_kind(self.evaluation, self.program, *kinds)

    def standard(self, requirement: Requirement) -> Standard:
        """The standard that asks a requirement."""
        return self.evaluation.standards[requirement.standard]

    def whose(self, name: str) -> str:
        """A standard's title, to stand before what it asks; empty where there is only one."""
        return self.evaluation.standards[name].title if len(self.standards) > 1 else ""

    def title(self, requirement: Requirement) -> str:
        """A requirement's title, with what was changed where the words are still the old ones."""
        return asked.title(self.standard(requirement), requirement, self.as_of)

    def waiver(self, requirement: Requirement) -> str:
        """That it is waived, until when and why; empty where it is not."""
        return waiver_sentence(self.evaluation, self.program, requirement)

    def wholly_waived(self, requirement: Requirement) -> bool:
        """Whether it was not asked at all, because it was waived."""
        return wholly_waived(self.evaluation, self.program, requirement)

    @property
    def small(self) -> int:
        """Counts below this are withheld; 0 withholds none."""
        return SMALL if self.audience == "public" else 0

    def rungs(self, standard: Standard, gate: str) -> pd.DataFrame:
        """The program's rows of `levels` for one standard and one gate."""
        levels = self.evaluation.levels
        mine = (levels["standard_id"] == standard.id) & (levels["program_id"] == self.program)
        return levels[mine & (levels["gate"] == gate)]

    def said(self, findings: pd.DataFrame) -> list[str]:
        """A sentence for each finding, with the waiver where there is one."""
        rows = (row for _, row in findings.iterrows())
        return [self._said(r, row) for r, row in zip(self.rules(findings), rows, strict=True)]

    def _said(self, requirement: Requirement, finding: pd.Series) -> str:
        if self.wholly_waived(requirement):
            return self.waiver(requirement)
        return f"{finding_sentence(requirement, finding)} {self.waiver(requirement)}".rstrip()


def program_names(evaluation: Evaluation) -> dict[str, str]:
    """Each program's name by its id; the id where it has none."""
    return program_names_in(evaluation.caseload)


def program_names_in(caseload: Caseload) -> dict[str, str]:
    """Each program's name by its id, of a whole caseload."""
    rows = caseload.tables["programs"]
    names = rows["program_name"].fillna("").astype(str).str.strip()
    ids = rows["program_id"].astype(str)
    return {program: name or program for program, name in zip(ids, names, strict=True)}
