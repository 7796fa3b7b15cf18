"""A program's plan at a glance: a row of the page's first table, and a few short sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from casekit.figures.planning.forecast import chance
from casekit.phrases import count, date, number
from casekit.planning.cost import money
from casekit.planning.needs import time_said
from casekit.planning.plan import ProgramPlan

COLUMNS = (
    *("Program", "Next day over the limit", "Room for", "More staff needed"),
    *("Chance of passing the limit", "Steps to take"),
)
_UNTOLD = "? cannot be told"


def row(name: str, plan: ProgramPlan) -> tuple[str, ...]:
    """The cells of COLUMNS."""
    if not plan.outlook.limits:
        return (name, *["– no limit"] * 4, _steps(plan))
    found = plan.through_time
    if found is None or found.days.empty:
        over = room = _UNTOLD
    else:
        untold = (found.days["ahead"] & (found.days["status"] == "cannot_tell")).any()
        none = "? some days cannot be told" if untold else "✓ none that is known"
        over = f"✗ {date(found.breaks.day)}" if found.breaks else none
        room = _UNTOLD if found.steps.empty else count(found.steps["more"].iloc[-1], "student")
    return (name, over, room, _extra(plan), _chance(plan), _steps(plan))


def _extra(plan: ProgramPlan) -> str:
    need = plan.need
    if need is None:
        return _UNTOLD
    parts = []
    if need.extra_time is not None:
        parts.append(time_said(need.extra_time.amount) if need.extra_time.amount else "")
    if need.extra_managers is not None:
        more = int(need.extra_managers.amount)
        parts.append(count(more, "case manager") if more else "")
    if not parts:
        return _UNTOLD
    return " and ".join(filter(None, parts)) or "✓ none"


def _chance(plan: ProgramPlan) -> str:
    ahead = plan.forecast
    return _UNTOLD if ahead is None or np.isnan(ahead.p_any) else chance(ahead.p_any)


def _steps(plan: ProgramPlan) -> str:
    if not plan.recoveries:
        return _UNTOLD if "recovery" in plan.refused else "no standard"
    return number(sum(len(recovery.steps) for recovery in plan.recoveries)) or "none"


def sentences(plan: ProgramPlan) -> Iterator[str]:
    """When it breaks, the room there is, the least staff, how likely it is, what to do."""
    outlook, found = plan.outlook, plan.through_time
    limited = bool(outlook.limits)
    if not limited:
        yield f"{outlook.program} is held to no limit on staffing, so none can be passed."
    if limited and found is not None and len(found.days):
        if found.breaks:
            yield f"The limit is next passed on {date(found.breaks.day)}: {found.breaks.why}."
        elif found.days["ahead"].any():
            yield f"No open day up to {date(outlook.span.until)} is known to pass the limit."
        if len(found.steps):
            more, until = found.steps.iloc[-1][["more", "until_day"]]
            yield f"There is room for {count(more, 'more student')} up to {date(until)}."
    if limited and (extra := _extra(plan)) != _UNTOLD:
        if extra == "✓ none":
            yield "Those employed day by day are enough for the students who are known."
        else:
            yield f"On top of those employed day by day it needs {extra} more."
    if (told := _chance(plan)) != _UNTOLD:
        yield (
            f"In {told} of {count(outlook.settings.runs, 'simulated future')} the limit is passed"
            " in some week."
        )
    for recovery in plan.recoveries:
        cost = money(float(recovery.steps["cost"].sum()), outlook.settings.money)
        steps = count(len(recovery.steps), "step")
        told = f"{steps}, at {cost}" if len(recovery.steps) else "no step is needed"
        yield f"Toward {recovery.aim} ({recovery.standard_id}): {told}."
