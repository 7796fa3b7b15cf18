"""The whole plan: every analysis of every program, with what was refused and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import pandas as pd

from casekit.calendars import WEEK, Days
from casekit.caseload import Caseload, with_tables
from casekit.evaluate import Plan
from casekit.phrases import count, date
from casekit.planning.costs.cost import USED
from casekit.planning.costs.frontier import Frontier, frontier
from casekit.planning.forecast.forecast import Forecast, forecast_one
from casekit.planning.hours.leave_cover import LeaveCover, leave_cover
from casekit.planning.hours.levelling import Levelling, level_meetings
from casekit.planning.hours.workload import Workload, workload
from casekit.planning.moves.reassignment import Reassignment, reassign
from casekit.planning.outlook import Outlook
from casekit.planning.recovery.recovery import Recovery, recover
from casekit.planning.scenarios.changes import Intake
from casekit.planning.scenarios.compare import Comparison, Tried, baseline_of, compare
from casekit.planning.scenarios.draft import invented
from casekit.planning.scenarios.scenario import BASELINE, Scenario
from casekit.planning.settings import KNOWN, PlanningError
from casekit.planning.staffing.alone import left_alone
from casekit.planning.staffing.needs import Need, least_staff
from casekit.planning.staffing.sharing import JointNeed, least_staff_together, sharing
from casekit.planning.staffing.through_time import ThroughTime, through_time

Made = TypeVar("Made")


@dataclass(frozen=True)
class ProgramPlan:
    """Every analysis of one program; one that cannot be made is None, and `refused` says why.

    recoveries  one for each standard that the program is held to.
    alone       students whose case manager goes and who have nobody then (see left_alone).
    """

    outlook: Outlook
    through_time: ThroughTime | None
    need: Need | None
    forecast: Forecast | None
    workload: Workload | None
    leave: LeaveCover | None
    reassignment: Reassignment | None
    levelling: Levelling | None
    frontier: Frontier | None
    recoveries: tuple[Recovery, ...]
    alone: pd.DataFrame
    refused: Mapping[str, str]


@dataclass(frozen=True)
class WholePlan:
    """The plan of all programs: with the first scenario that was given, or as things stand.

    scenario    the one whose changes are in the programs' analyses.
    comparison  every scenario given against the baseline; None where none was.
    together    the programs that share staff, group by group.
    notes       what was assumed, or left out, in sentences.
    """

    as_of: Days
    until: Days
    seed: int
    scenario: Scenario
    programs: Mapping[str, ProgramPlan]
    comparison: Comparison | None
    together: tuple[JointNeed, ...]
    notes: tuple[str, ...]


def make_plan(
    caseload: Caseload, plan: Plan, scenarios: Sequence[Scenario] = (), *, seed: int = 0
) -> WholePlan:
    """The plan of a caseload. The same inputs give the same plan.

    Raises PlanningError where a scenario cannot be put into effect, or two have one name.
    """
    names = [BASELINE.name, *(each.name for each in scenarios)]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise PlanningError(f"two scenarios are called {twice!r}: give each a name of its own")
    first = scenarios[0] if scenarios else BASELINE
    base = baseline_of(caseload, plan, replace(BASELINE, settings=first.settings))
    comparison = compare(base, scenarios) if scenarios else None
    now = comparison.tried[0] if comparison else base
    futures = _without_intake(now)
    programs = {name: _program(now, futures, name, seed) for name in now.outlooks}
    return WholePlan(
        as_of=next(iter(plan.spans.values())).as_of,
        until=max(span.until for span in plan.spans.values()),
        seed=seed,
        scenario=first,
        programs=programs,
        comparison=comparison,
        together=_together(now),
        notes=tuple(dict.fromkeys(_notes(plan, now))),
    )


def _without_intake(now: Tried) -> Mapping[str, Outlook]:
    """The outlooks that a forecast starts from: it has comings of its own.

    The students whom the scenario brings would be counted beside those that the history foretells.
    """
    caseload = now.applied.caseload
    brought = invented(caseload)
    if not brought:
        return now.outlooks
    kept = {
        name: caseload.tables[name][~caseload.tables[name]["student_id"].isin(brought)]
        for name in ("students", "assignments")
    }
    fewer = with_tables(caseload, **kept)
    return {name: replace(outlook, caseload=fewer) for name, outlook in now.outlooks.items()}


def _program(tried: Tried, futures: Mapping[str, Outlook], program: str, seed: int) -> ProgramPlan:
    outlook = tried.outlooks[program]
    refused: dict[str, str] = {}

    def made(name: str, make: Callable[[], Made]) -> Made | None:
        try:
            return make()
        except PlanningError as error:
            refused[name] = str(error)
            return None

    ahead = made("forecast", lambda: forecast_one(futures[program], seed))
    standards = tried.span.plan.held[program]
    recoveries = [made("recovery", lambda s=s: recover(tried, program, s)) for s in standards]  # type: ignore[misc]
    return ProgramPlan(
        outlook=outlook,
        through_time=made("through_time", lambda: through_time(outlook)),
        need=made("need", lambda: least_staff(outlook)),
        forecast=ahead,
        workload=made("workload", lambda: workload(outlook)),
        leave=made("leave", lambda: leave_cover(outlook, seed)),
        reassignment=made("reassignment", lambda: reassign(outlook)),
        levelling=made("levelling", lambda: level_meetings(outlook)),
        frontier=None
        if ahead is None
        else made("frontier", lambda: frontier(futures[program], ahead, seed)),
        recoveries=tuple(each for each in recoveries if each is not None),
        alone=left_alone(outlook),
        refused=refused,
    )


def _together(tried: Tried) -> tuple[JointNeed, ...]:
    groups = sharing(tried.outlooks)
    return tuple(least_staff_together([tried.outlooks[name] for name in group]) for group in groups)


def _notes(plan: Plan, tried: Tried) -> list[str]:
    notes = list(plan.notes)
    notes += [outlook.note for outlook in tried.outlooks.values() if outlook.note]
    notes += [
        f"{program}: the time of {', '.join(cost.unknown)} is not recorded and is left out of costs"
        for program, cost in tried.costs.items()
        if cost.unknown
    ]
    until = max(span.until for span in plan.spans.values())
    weeks = tried.scenario.settings.weeks
    reached = next(iter(plan.spans.values())).as_of + weeks * WEEK
    if reached < until:
        notes.append(
            f"the forecast reaches {count(weeks, 'week')}, to {date(reached)}, and not the horizon,"
            f" {date(until)}: set weeks in [settings] for more"
        )
    if any(isinstance(c, Intake) for c in tried.scenario.changes):
        notes.append(
            f"{tried.scenario.name}: its intake is in the ratio, the moves and the least staff, and"
            " not in the forecast, which has comings of its own"
        )
    return notes


def settings_used(whole: WholePlan) -> tuple[str, ...]:
    """The settings that any part of the plan used, in their order."""

    used: set[str] = set(USED)
    parts: list[Any] = [*whole.together]
    for program in whole.programs.values():
        parts += [
            *(program.through_time, program.need, program.forecast, program.workload),
            *(program.leave, program.reassignment, program.levelling, program.frontier),
            *program.recoveries,
        ]
    for part in parts:
        used.update(part.settings_used if part is not None else ())
    return tuple(name for name in KNOWN if name in used)
