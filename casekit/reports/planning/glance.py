"""A program's plan at a glance: a row of the page's first table, and a few short sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from casekit.figures.planning.forecast import chance
from casekit.phrases import count, date, number
from casekit.planning.costs.cost import money
from casekit.planning.outlook import Outlook
from casekit.planning.plan import ProgramPlan
from casekit.planning.recovery.recovery import Recovery
from casekit.planning.staffing.needs import time_said
from casekit.reports.planning.steps import RECORDS, STAFFING, alone_said, of_kinds

COLUMNS = (
    *("Program", "Next day over the limit", "Room for", "More staff needed"),
    *("Chance of passing the limit", "Steps to take"),
)
_UNTOLD = "? cannot be told"


def row(name: str, plan: ProgramPlan) -> tuple[str, ...]:
    """The cells of COLUMNS."""
    if not plan.outlook.limits:
        return (name, _alone(plan) or "– no limit", *["– no limit"] * 3, _steps(plan))
    found = plan.through_time
    if found is None or found.days.empty:
        over = room = _UNTOLD
    else:
        untold = (found.days["ahead"] & (found.days["status"] == "cannot_tell")).any()
        none = "? some days cannot be told" if untold else "✓ none that is known"
        over = f"✗ {date(found.breaks.day)}" if found.breaks else ""
        over = "; ".join(filter(None, [over, _alone(plan)])) or none
        room = _UNTOLD if found.steps.empty else _room(int(found.steps["more"].iloc[-1]))
    return (name, over, room, _extra(plan), _chance(plan), _steps(plan))


def _alone(plan: ProgramPlan) -> str:
    alone = plan.alone
    if alone.empty:
        return ""
    students = count(int(alone["students"].sum()), "student")
    return f"✗ {students} without a case manager from {date(alone['first'].min())}"


def _room(more: int) -> str:
    return count(more, "student") if more else "nobody"


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
    done = [
        f"{number(steps)} on {what}"
        for kinds, what in ((STAFFING, "staffing"), (RECORDS, "records"))
        if (steps := sum(len(of_kinds(recovery, kinds)) for recovery in plan.recoveries))
    ]
    return ", ".join(done) or "none"


def sentences(plan: ProgramPlan) -> Iterator[str]:
    """When it breaks, the room there is, the least staff, how likely it is, what to do."""
    outlook, found = plan.outlook, plan.through_time
    limited = bool(outlook.limits)
    if not limited:
        yield f"{outlook.program} is held to no limit on staffing, so none can be passed."
    yield from alone_said(plan)
    if limited and found is not None and len(found.days):
        if found.breaks:
            yield f"The limit is next passed on {date(found.breaks.day)}: {found.breaks.why}."
        elif found.days["ahead"].any():
            yield f"No open day up to {date(outlook.span.until)} is known to pass the limit."
        if len(found.steps):
            more, until = found.steps.iloc[-1][["more", "until_day"]]
            students = count(more, "more student") if more else "no more students"
            yield f"There is room for {students} up to {date(until)}."
    if limited and (extra := _extra(plan)) != _UNTOLD:
        if extra == "✓ none":
            yield "The staff of each day are enough for the students who are known."
        else:
            yield f"It needs {extra} more than are employed on each day."
    if (told := _chance(plan)) != _UNTOLD:
        yield (
            f"In {told} of {count(outlook.settings.runs, 'simulated future')} the limit is passed"
            " in some week."
        )
    for recovery in plan.recoveries:
        yield f"Toward {recovery.aim} ({recovery.standard_id}): {_toward(recovery, outlook)}."


def _toward(recovery: Recovery, outlook: Outlook) -> str:
    """`2 steps on staffing, at 59,411 US dollars, and 14 on records`."""
    staffing, records = (len(of_kinds(recovery, kinds)) for kinds in (STAFFING, RECORDS))
    spent = float(recovery.steps["cost"].sum())
    cost = f", at {money(spent, outlook.settings.money)}" if spent else ", at no cost"
    said = [f"{count(staffing, 'step')} on staffing{cost}"] if staffing else []
    if records:
        said.append(f"{count(records, 'step')} on records and answers")
    return ", and ".join(said) or "no step is needed"
