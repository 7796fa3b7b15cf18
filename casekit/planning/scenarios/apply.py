"""A scenario put into effect: a caseload in, a caseload out, and the standards that then hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from casekit import catalog
from casekit.calendars import Calendar, Days
from casekit.caseload import Caseload
from casekit.catalog import Requirement, Standard, StandardError
from casekit.catalog.settings import setting_mistakes
from casekit.evaluate import Plan, day_given
from casekit.phrases import date
from casekit.planning.outlook import carried_on
from casekit.planning.scenarios.changes import (
    Change,
    CloseSite,
    Exits,
    Hire,
    Hold,
    Intake,
    Leave,
    Limit,
    Move,
    Resign,
    Share,
)
from casekit.planning.scenarios.draft import Draft
from casekit.planning.scenarios.form import not_among
from casekit.planning.scenarios.scenario import Scenario
from casekit.planning.scenarios.staff_changes import hire, leave, resign, share
from casekit.planning.scenarios.student_changes import close_site, exits, intake, move
from casekit.planning.settings import PlanningError

# How far ahead an intake reaches that names no last day: 52 weeks.
AHEAD = np.timedelta64(364, "D")

_ALONE: dict[type, Callable[..., None]] = {
    Hire: hire,
    Leave: leave,
    Resign: resign,
    Share: share,
    Move: move,
    CloseSite: close_site,
}
_THROUGH_TIME: dict[type, Callable[..., None]] = {Intake: intake, Exits: exits}


@dataclass(frozen=True)
class Applied:
    """A caseload with a scenario's changes in it; which tables they touched; what to know.

    Of the tables `planned`, only days after as_of were changed.
    """

    caseload: Caseload
    touched: frozenset[str]
    planned: frozenset[str]
    notes: tuple[str, ...]


def apply(caseload: Caseload, scenario: Scenario, as_of: object) -> Caseload:
    """The caseload as it would be with the scenario's changes, made in their order.

    Pure: the caseload given stays as it is. Raises PlanningError where a change cannot be made:
    who or what it names is not there, or not on that day.
    """
    return applied(caseload, scenario, as_of).caseload


def applied(
    caseload: Caseload,
    scenario: Scenario,
    as_of: object,
    until: Days | None = None,
    since: Days | None = None,
) -> Applied:
    """`apply`, with what it touched. Intake and exits go on to `until` (else 52 weeks).

    With `since`, a change dated before it is refused: nothing before the span is looked at.
    """
    last = day_given(as_of, "as_of")
    horizon = last + AHEAD if until is None else until
    draft = Draft(caseload, last)
    calendars: Mapping[str, Calendar] = MappingProxyType({})
    for place, change in enumerate(scenario.changes, 1):
        where = f"{scenario.name}, change {place}"
        try:
            if since is not None:
                _in_span(change, since)
            if type(change) in _ALONE:
                _ALONE[type(change)](draft, change)
            elif type(change) in _THROUGH_TIME:
                calendars = calendars or carried_on(caseload, horizon)[0].calendars
                calendar = _calendar_of(draft, calendars, change)
                _THROUGH_TIME[type(change)](draft, change, calendar, horizon)
            elif isinstance(change, Hold):
                _hold(draft, change)
        except PlanningError as error:
            raise PlanningError(f"{where}: {error}") from None
    return Applied(draft.caseload(), draft.touched, draft.planned, tuple(draft.notes))


def _in_span(change: Change, since: Days) -> None:
    on = getattr(change, "on", None)
    if on is not None and np.datetime64(on, "D") < since:
        raise PlanningError(
            f"on = {on} lies before the span, which starts on {date(since)}: nothing before it is"
            " judged; give a later day, or start the span earlier (--since)"
        )


def _calendar_of(draft: Draft, calendars: Mapping[str, Calendar], change: Any) -> Calendar:
    draft.program(change.program)
    rows = draft.look("programs")
    name = str(rows.loc[rows["program_id"] == change.program, "calendar_id"].iloc[0])
    return calendars[name]


def _hold(draft: Draft, change: Hold) -> None:
    draft.program(change.program)
    if not change.standards:
        raise PlanningError("standards is empty: give at least one standard's id")
    rows = draft.rows("programs")
    where = rows.index[rows["program_id"] == change.program]
    draft.put("programs", where, "standard_ids", ";".join(change.standards))


def held_under(plan: Plan, scenario: Scenario) -> Plan:
    """The standards as the scenario would have them: other ones for a program, other limits.

    Raises PlanningError where a requirement, a program or a setting is not there.
    """
    standards, held = dict(plan.standards), dict(plan.held)
    for place, change in enumerate(scenario.changes, 1):
        try:
            if isinstance(change, Hold) and change.program in held:
                for name in change.standards:
                    loaded = catalog.load(name)
                    standards.setdefault(loaded.id, loaded)
                held[change.program] = tuple(
                    dict.fromkeys(catalog.load(name).id for name in change.standards)
                )
            elif isinstance(change, Limit):
                standards = _limited(standards, change)
        except (PlanningError, StandardError) as error:
            raise PlanningError(f"{scenario.name}, change {place}: {error}") from None
    used = {name for names in held.values() for name in names}
    kept = {name: standard for name, standard in standards.items() if name in used}
    return replace(plan, standards=kept, held=held)


def _limited(standards: Mapping[str, Standard], change: Limit) -> dict[str, Standard]:
    """The standards with the requirement's settings changed, wherever it stands."""
    names = [r for s in standards.values() for r in s.requirements]
    if change.requirement not in names:
        raise PlanningError(
            f"requirement {change.requirement!r} {not_among(change.requirement, names)}"
        )
    found = {}
    for name, standard in standards.items():
        rows = dict(standard.requirements)
        if change.requirement in rows:
            rows[change.requirement] = _with(rows[change.requirement], change)
        found[name] = replace(standard, requirements=MappingProxyType(rows))
    return found


def _with(requirement: Requirement, change: Limit) -> Requirement:
    if requirement.attested:
        raise PlanningError(f"{requirement.id} is attested: it has no setting to change")
    settings = {**requirement.settings, **change.settings}
    listed = {n: list(v) if isinstance(v, tuple) else v for n, v in settings.items()}
    wrong = setting_mistakes(requirement.id, (), requirement.kind, listed)
    if wrong:
        raise PlanningError(wrong[0].what)
    made = {n: tuple(v) if isinstance(v, list) else v for n, v in settings.items()}
    return replace(requirement, settings=MappingProxyType(made))
