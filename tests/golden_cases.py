"""The golden cases: what a standard's text says must be so, as TOML, read for the tests."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pytest
from conftest import caseload_of

from casekit.catalog import Standard, load
from casekit.evaluate import Plan, carry_out, spans_of
from casekit.findings import Evaluation

GOLDEN = Path(__file__).parent / "golden"

# "s{1..75}" in a row makes 75 rows of it: s1, s2, ... s75.
REPEATED = re.compile(r"\{(\d+)\.\.(\d+)\}")


@dataclass(frozen=True)
class Case:
    """One golden case, with the file's own days and tables where it gives none.

    expect     the status of the finding, for the one program of the case.
    observed   what the verdicts of that status show, where the case says so.
    rows       all verdict rows of the requirement, as far as the case tells their columns.
    boundary   whether the case stands exactly on the line, or one step off it.
    """

    requirement: str
    name: str
    why: str
    expect: str
    tables: dict[str, str]
    as_of: str
    since: str | None = None
    observed: float | None = None
    boundary: bool = False
    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def param(self) -> Any:
        """The case as a parameter of a test; one process takes all tests of a requirement."""
        group = pytest.mark.xdist_group(self.requirement)
        return pytest.param(self, id=f"{self.requirement}: {self.name}", marks=group)

    @cached_property
    def evaluation(self) -> Evaluation:
        return self.evaluated()

    def evaluated(self, **tables: str) -> Evaluation:
        """The case's requirement judged, with some of its tables put in place of its own."""
        texts = {name: spelt_out(text) for name, text in {**self.tables, **tables}.items()}
        caseload = caseload_of(**texts)
        assert caseload.problems.empty, caseload.problems.to_string()
        spans, _ = spans_of(caseload, ["p1"], self.as_of, self.since)
        standard = only(self.requirement)
        plan = Plan({standard.id: standard}, {"p1": (standard.id,)}, spans)
        return Evaluation(caseload, plan, carry_out(plan, caseload), spans["p1"].as_of)


@cache
def only(requirement_id: str) -> Standard:
    """The shipped standard of a requirement, with that requirement alone: quick to evaluate."""
    standard = load(requirement_id.split(".")[0])
    return replace(standard, requirements={requirement_id: standard.requirements[requirement_id]})


def spelt_out(text: str) -> str:
    """CSV text in which each row with a "{1..75}" is written out 75 times."""
    lines = []
    for line in text.strip().splitlines():
        found = REPEATED.search(line)
        numbers = range(int(found[1]), int(found[2]) + 1) if found else [0]
        lines += [REPEATED.sub(str(number), line) for number in numbers]
    return "\n".join(lines) + "\n"


def read_cases(path: Path) -> list[Case]:
    """The cases of one file."""
    text = tomllib.loads(path.read_text(encoding="utf-8"))
    cases = []
    for entry in text["case"]:
        tables = {**text["tables"], **entry.pop("tables", {})}
        cases.append(Case(**{"as_of": text["as_of"], **entry, "tables": tables}))
    return cases


CASES = [case for path in sorted(GOLDEN.glob("*.toml")) for case in read_cases(path)]
