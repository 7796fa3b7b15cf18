"""A program to build scenarios on: what no change touches is worked out once.

    ground_of(caseload, plan) -> Ground        as things stand
    laid(ground, scenario) -> Ground           with the scenario's changes in it, nothing judged

A ground that changes were laid on is a ground again, so that more can be laid on it. It is for a
slider: `compare` judges a whole scenario, which takes longer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from casekit.caseload import Caseload
from casekit.evaluate import Plan
from casekit.planning.costs.cost import posts_of
from casekit.planning.limits import days_before_due, limits_of
from casekit.planning.outlook import Outlook, outlooks
from casekit.planning.scenarios.apply import applied, held_under
from casekit.planning.scenarios.compare import Comparison, Tried, baseline_of, compare
from casekit.planning.scenarios.reevaluate import remembering
from casekit.planning.scenarios.scenario import BASELINE, Scenario
from casekit.planning.settings import PlanningError
from casekit.planning.staffing.by_day import staffing_by_day
from casekit.planning.staffing.fullest import fullest_by_day


@dataclass(frozen=True)
class Ground:
    """One program as it is planned, with some changes in it or with none.

    caseload, plan   as they were given, without any change.
    outlook          the program with the changes in it.
    notes            what the changes say of themselves.
    """

    caseload: Caseload
    plan: Plan
    outlook: Outlook
    notes: tuple[str, ...] = ()

    @cached_property
    def days(self) -> pd.DataFrame:
        """The staffing of each open day (see `ThroughTime.days`).

        `largest` is 0 where no limit on heads asks for it.
        """
        return staffing_by_day(self.outlook, fullest_by_day(self.outlook))

    @cached_property
    def people(self) -> tuple[str, ...]:
        """The ids of the program's staff, in the order of their rows."""
        return tuple(dict.fromkeys(self.outlook.staff["staff_id"].astype(str)))

    @cached_property
    def enrolled(self) -> int:
        """Students enrolled on as_of."""
        rows, on = self.outlook.caseload.enrolments([self.outlook.program]), self.outlook.span.as_of
        return int(((rows["start"] <= on) & (rows["end"] >= on)).sum())

    @cached_property
    def posts(self) -> float:
        """Case-management time on as_of, in full-time posts; what is not recorded left out."""
        return float(posts_of(self.outlook))

    @cached_property
    def baseline(self) -> Tried:
        """The caseload as it was given, judged: what scenarios are compared with."""
        return baseline_of(self.caseload, self.plan)

    def compare(self, *scenarios: Scenario) -> Comparison:
        """Scenarios against the baseline. Raises PlanningError (see `apply`)."""
        return compare(self.baseline, scenarios)


def ground_of(caseload: Caseload, plan: Plan) -> Ground:
    """The one program of a plan as things stand; raises PlanningError (see `carried_on`)."""
    (outlook,) = outlooks(caseload, plan, BASELINE.settings).values()
    watched = remembering(outlook.caseload, outlook.caseload, ())
    return Ground(caseload, plan, replace(outlook, caseload=watched))


def laid(ground: Ground, scenario: Scenario) -> Ground:
    """The ground with a scenario's changes and settings; raises PlanningError (see `apply`)."""
    outlook = ground.outlook
    span = outlook.span
    made = applied(outlook.caseload, scenario, span.as_of, span.until, span.since)
    plan = held_under(ground.plan, scenario)
    standards = [plan.standards[name] for name in plan.held[outlook.program]]
    changed = {*made.touched, *made.planned}
    after = replace(
        outlook,
        caseload=remembering(made.caseload, outlook.caseload, changed),
        limits=limits_of(standards, scenario.settings),
        settings=scenario.settings,
        meeting_days_before=days_before_due(standards),
    )
    return replace(ground, plan=plan, outlook=after, notes=ground.notes + made.notes)


def culprit(ground: Ground, scenario: Scenario) -> tuple[int, str]:
    """Which of a scenario's changes cannot be made, and why; -1 and nothing where all can."""
    for place, change in enumerate(scenario.changes):
        try:
            ground = laid(ground, replace(scenario, changes=(change,)))
        except PlanningError as error:
            return place, str(error).partition(": ")[2]
    return -1, ""
