"""The recovery plan: the cheapest changes that bring a program back within its rules, as steps.

Staffing is mended first by moving students, then by larger shares, then by hiring; each step costs
no less than the one before. What the records lack is listed with who has to act. What has been
missed already stays in the span, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from casekit.caseload import FAR
from casekit.catalog import Requirement, Standard
from casekit.kinds import PROJECTED
from casekit.phrases import count
from casekit.planning.costs.cost import money
from casekit.planning.outlook import Outlook
from casekit.planning.recovery.lacking import record_steps, stays_missed
from casekit.planning.recovery.mending import Step, mend
from casekit.planning.scenarios.compare import Tried, try_scenario
from casekit.planning.scenarios.scenario import Scenario

STEP_COLUMNS = ("order", "on", "kind", "who", "step", "cost", "requirement_id")
STAY_COLUMNS = ("requirement_id", "title", "missed", "free_from", "of_students")
USED = ("most_share", "fte_step", "hiring_weeks", "salary", "on_cost", "hire_cost", "money")


@dataclass(frozen=True)
class Recovery:
    """What a program does to pass what it fails now.

    aim        the level that comes next, or "every requirement" where the standard has no levels.
    steps      STEP_COLUMNS, in order of doing: `kind` is reassign, share, hire, cover, record,
               answer or wait; `on` is the day it is done by (NaT: no rule gives one); `cost` to the
               horizon, in settings.money; `who` are staff, or the program.
    scenario   the changes of staffing among the steps: what `casekit plan` can try.
    moves      who moves to whom, as in Reassignment.moves: it names students.
    staffing   whether every staffing rule holds in the days ahead with them, judged by the rules.
    attained   whether nothing would then stand in the way.
    stays      STAY_COLUMNS: what was missed and cannot be mended in this span, and the first day
               from which a span is free of it; `of_students` says whom it is about.
    """

    program: str
    standard_id: str
    aim: str
    steps: pd.DataFrame
    scenario: Scenario
    moves: pd.DataFrame
    staffing: bool
    attained: bool
    stays: pd.DataFrame
    said: tuple[str, ...]
    settings_used: tuple[str, ...] = USED


def recover(tried: Tried, program: str, standard_id: str) -> Recovery:
    """The steps for one program and standard, from what was judged."""
    outlook = tried.outlooks[program]
    standard = tried.span.plan.standards[standard_id]
    aim, asked = _asked(tried, program, standard)
    failing = _failing(tried, program, standard, asked)
    ahead = [
        r for r in failing if r.kind in PROJECTED and _status(tried, r, program, True) == "not_met"
    ]
    mended = mend(tried, outlook, standard, ahead)
    scenario = Scenario(
        f"Recovery of {program}", tuple(mended.changes), f"to attain {aim}", outlook.settings
    )
    after = try_scenario(tried, scenario) if mended.changes else tried
    held = [_status(after, r, program, True) in ("met", "not_applicable") for r in ahead]
    steps = list(mended.steps)
    for requirement in failing:
        steps += record_steps(tried, outlook, requirement)
    missed = [stays_missed(tried, outlook, requirement) for requirement in failing]
    stays = pd.DataFrame([row for row in missed if row], columns=list(STAY_COLUMNS))
    stays = stays.astype({"free_from": "datetime64[s]", "of_students": bool})
    table = _table(steps)
    attained = all(held) and stays.empty
    made = Recovery(
        *(program, standard_id, aim, table, scenario, mended.moves),
        *(all(held), attained, stays, ()),
    )
    return replace(made, said=_said(made, outlook, failing, ahead))


def _asked(tried: Tried, program: str, standard: Standard) -> tuple[str, list[str]]:
    """What is aimed at, and the requirements that stand in the way of it."""
    if standard.levels:
        rows = tried.span.levels
        mine = rows[
            (rows["standard_id"] == standard.id)
            & (rows["program_id"] == program)
            & (rows["gate"] == standard.gate)
            & (rows["area"] == "")
            & (rows["element"] == "")
        ].iloc[0]
        at = standard.levels.index(mine["level"]) + 1 if mine["level"] else 0
        if at == len(standard.levels):
            return f"{standard.levels[-1]} (held already)", []
        names = [*mine["blocking"].split(";"), *mine["unshown"].split(";")]
        return standard.levels[at], [name for name in names if name]
    return "every requirement", list(standard.requirements)


def _failing(
    tried: Tried, program: str, standard: Standard, asked: Iterable[str]
) -> list[Requirement]:
    """The requirements asked that do not pass, now or in the days ahead."""
    found = []
    for name in asked:
        requirement = standard.requirements[name]
        now = _status(tried, requirement, program, False)
        later = _status(tried, requirement, program, True)
        passes = ("met", "not_applicable", "")
        if now not in passes or later not in passes:
            found.append(requirement)
    return found


def _status(tried: Tried, requirement: Requirement, program: str, ahead: bool) -> str:
    """The finding's status; empty where the requirement is not judged for the days ahead."""
    findings = (tried.ahead if ahead else tried.span).findings
    mine = findings[
        (findings["requirement_id"] == requirement.id) & (findings["program_id"] == program)
    ]
    return str(mine["status"].iloc[0]) if len(mine) else ""


def _table(steps: list[Step]) -> pd.DataFrame:
    """The steps in order: of staffing first, then by day; what is only waited for last."""
    # A move to somebody new comes after the hire: the day says so.
    order = {"share": 0, "hire": 1, "cover": 2, "reassign": 3, "record": 4, "answer": 4, "wait": 5}

    def place_of(step: Step) -> tuple:
        on, kind = step[:2]
        return max(order[kind], 3), FAR if np.isnat(on) else on, order[kind]

    ordered = sorted(steps, key=place_of)
    rows = [
        (place, pd.Timestamp(on), kind, who, text, round(cost, 2), requirement)
        for place, (on, kind, who, text, cost, requirement) in enumerate(ordered, 1)
    ]
    return pd.DataFrame(rows, columns=list(STEP_COLUMNS))


def _said(
    made: Recovery, outlook: Outlook, failing: list[Requirement], ahead: list[Requirement]
) -> tuple[str, ...]:
    name = f"{made.program} ({made.standard_id})"
    if not failing:
        return (f"{name}: nothing stands in the way of {made.aim}: no step is needed.",)
    total = made.steps["cost"].sum()
    said = [
        f"{name}: {count(len(failing), 'requirement')} stand{'s' if len(failing) == 1 else ''} in"
        f" the way of {made.aim}; {count(len(made.steps), 'step')},"
        f" {money(total, outlook.settings.money)} to the horizon."
    ]
    if ahead:
        told = "holds" if made.staffing else "still does not hold"
        said.append(
            f"{name}: with the steps on staffing, every staffing rule {told} in the days ahead, as"
            " the rules judge the changed caseload."
        )
    if len(made.stays):
        said.append(
            f"{name}: {count(len(made.stays), 'requirement')} cannot be mended in this span, as"
            " what was missed stays missed; a span that starts later can attain it."
        )
    return tuple(said)
