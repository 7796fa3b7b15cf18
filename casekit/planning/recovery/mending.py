"""How staffing is mended: students move first, then shares grow, then people are hired."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date as day_of
from fractions import Fraction

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK, Days
from casekit.caseload import days
from casekit.catalog import Requirement, Standard
from casekit.kinds.staffing import exact
from casekit.phrases import count, date, listing, number
from casekit.planning.costs.cost import YEAR_DAYS
from casekit.planning.costs.extra import spare_time, usual_time
from casekit.planning.hours.leave_cover import leave_cover
from casekit.planning.moves.reassignment import reassign
from casekit.planning.moves.shortage import ANYWHERE
from casekit.planning.outlook import Outlook
from casekit.planning.scenarios.changes import Change, Hire, Move, Share
from casekit.planning.scenarios.compare import Tried, try_scenario
from casekit.planning.scenarios.scenario import Scenario
from casekit.planning.settings import PlanningError
from casekit.planning.staffing.alone import left_alone
from casekit.planning.staffing.needs import least_staff, rounded_up

# On which day, of which kind, by whom, what is done, at what cost, for which requirement.
Step = tuple[Days, str, str, str, float, str]


@dataclass
class Mending:
    """What is done about staffing: the steps, the same as changes, and who moves to whom."""

    steps: list[Step] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    moves: pd.DataFrame = field(default_factory=pd.DataFrame)

    def do(self, step: Step, change: Change | None = None) -> None:
        self.steps.append(step)
        if change is not None:
            self.changes.append(change)


def mend(tried: Tried, outlook: Outlook, standard: Standard, failing: list[Requirement]) -> Mending:
    """What mends the staffing rules of a standard that fail in the days ahead."""
    made = Mending()
    kinds = {r.kind: r for r in failing}
    if rule := kinds.get("staff_ratio"):
        _more_time(outlook, rule, made)
    kind = "staff_ratio" if outlook.limits.at_most is None else "caseload"
    if any(r.kind == kind for r in standard.requirements.values()):
        _everybody_with_somebody(tried, outlook, made)
    if rule := kinds.get("leave_covered"):
        _cover(outlook, rule, made)
    present = kinds.get("staff_present")
    if present and not any(isinstance(change, Hire) for change in made.changes):
        first = outlook.span.as_of + DAY
        text = "name somebody who is there on the open days without case-management staff"
        made.do((first, "cover", "the program", text, 0.0, present.id))
    return made


def _more_time(outlook: Outlook, rule: Requirement, made: Mending) -> None:
    """Larger shares of the people who are there, the largest spare first; then a hire.

    A share is larger only from the first to the last day that is short of time.
    """
    need = least_staff(outlook)
    if need.extra_time is None or not need.extra_time.amount:
        return
    short = [
        needed is not None and there is not None and needed > there
        for needed, there in zip(need.days["needed"], need.days["time"], strict=True)
    ]
    on = days(need.days["day"])[short]
    first, last = on[0], on[-1]
    missing = need.extra_time.amount
    spare = spare_time(outlook)
    for person in sorted(spare, key=lambda name: (-spare[name], name)):
        if missing <= 0:
            break
        change, now, given = _share(outlook, person, min(spare[person], missing), first, last)
        if change is None:
            continue
        missing -= given
        until = f" to {date(last)}" if change.until else ""
        text = (
            f"raise the case-management share of {person} from {number(now, 4)} to"
            f" {number(change.share or 0, 4)}, from {date(first)}{until}"
        )
        cost = _pay(outlook, given, first, last if change.until else None)
        made.do((first, "share", person, text, cost, rule.id), change)
    if missing > 0 and _first_hire(outlook) > last:
        text = f"nobody new can start before {date(last)}, the last day that is short: hire sooner"
        made.do((first, "wait", "the program", text, 0.0, rule.id))
    elif missing > 0:
        _hires(outlook, rule, missing, first, made)


def _share(
    outlook: Outlook, person: str, wanted: Fraction, first: Days, last: Days
) -> tuple[Share | None, float, Fraction]:
    """The change of a person's share that gives the time wanted, the share now, the time given."""
    staff = outlook.staff
    mine = staff["staff_id"] == person
    rows = staff[mine & (staff["start"] <= first) & (staff["end"] >= first)]
    if len(rows) != 1 or not rows["fte"].iloc[0]:
        return None, 0.0, Fraction(0)
    now, fte = exact(rows["case_management_share"].iloc[0]), exact(rows["fte"].iloc[0])
    # Rounded up to a hundredth, so that what is asked is surely given.
    share = min(
        Fraction(math.ceil((now + wanted / fte) * 100), 100), exact(outlook.settings.most_share)
    )
    until = None if last >= outlook.days_ahead[-1] else _date(last)
    change = Share(person, outlook.program, share=float(share), on=_date(first), until=until)
    return change, float(now), (share - now) * fte


def _hires(
    outlook: Outlook, rule: Requirement, missing: Fraction, first: Days, made: Mending
) -> None:
    settings = outlook.settings
    on = max(_first_hire(outlook), first)
    left = rounded_up(missing, exact(settings.fte_step))
    most = exact(settings.most_share)
    while left > 0:
        time = min(left, most)
        left -= time
        fte = _post(time, most)
        change = Hire(outlook.program, fte=fte, share=float(most), on=_date(on))
        text = f"hire {number(fte, 4)} FTE with a share of {number(float(most), 4)}"
        cost = _pay(outlook, time, on) + settings.hire_cost
        made.do((on, "hire", "the program", text, cost, rule.id), change)


def _everybody_with_somebody(tried: Tried, outlook: Outlook, made: Mending) -> None:
    """Moves after which everybody has a case manager within the limit; hires where none is enough.

    Nobody is hired for a ratio of the whole program: that each person keeps to it is our reading.
    """
    lacking = outlook.caseload.lacks("staff") or outlook.caseload.lacks("assignments")
    if lacking or not outlook.limits:
        return
    rule = outlook.limits.rules[0].id if outlook.limits.rules else ""
    hired = [np.datetime64(c.on, "D") for c in made.changes if isinstance(c, Hire) and c.on]
    # Nobody moves to somebody new before they are there.
    first = max([outlook.span.as_of + DAY, *hired])
    try:
        found = reassign(_with(tried, outlook, made), first)
    except PlanningError:
        return  # why nobody can be moved is said where the moves stand
    short = found.status == "impossible" and outlook.limits.at_most is not None
    if short and found.extra_heads and _first_hire(outlook) <= outlook.days_ahead[-1]:
        hires = _new_managers(outlook, rule, found.extra_heads, made)
        first = np.datetime64(hires[0].on, "D")
        found = reassign(_with(tried, outlook, made), first)
    if found.status != "found":
        if short:
            text = "no reassignment passes, and nobody new can start in time: see what binds"
            made.do((first, "wait", "the program", text, 0.0, rule))
        _name_somebody(_with(tried, outlook, made), rule, made)
        return
    made.moves = moves = found.moves
    for to, rows in moves.groupby(moves["to_staff"].astype(str), sort=True):
        ids = tuple(sorted(rows["student_id"].astype(str)))
        gone = sorted({str(f) for f in rows["from_staff"] if pd.notna(f) and str(f)})
        origin = f" from {listing(gone)}" if gone else ""
        text = f"move {count(len(ids), 'student')}{origin} to {to} (moves.csv names them)"
        change = Move(ids, str(to), _date(found.on))
        made.do((found.on, "reassign", str(to), text, 0.0, rule), change)


def _with(tried: Tried, outlook: Outlook, made: Mending) -> Outlook:
    """The program with the changes made so far."""
    if not made.changes:
        return outlook
    sofar = Scenario("so far", tuple(made.changes), settings=outlook.settings)
    return try_scenario(tried, sofar).outlooks[outlook.program]


def _new_managers(
    outlook: Outlook, rule: str, missing: Iterable[tuple[str, int]], made: Mending
) -> list[Hire]:
    """Whole people at each site with too few places, who give the time that is usual there."""
    settings = outlook.settings
    on = _first_hire(outlook)
    most = exact(settings.most_share)
    time = min(usual_time(outlook), most)
    each = outlook.limits.of_person(time) or 1
    hires: list[Hire] = []
    for named, heads in missing:
        site = "" if named == ANYWHERE else named
        for _ in range(math.ceil(heads / each)):
            hire = Hire(
                outlook.program,
                fte=_post(time, most),
                share=float(most),
                on=_date(on),
                site=site,
                staff=f"recovery-{outlook.program}-{len(hires) + 1}",
            )
            hires.append(hire)
            text = f"hire a case manager who gives {number(float(time), 4)} FTE to it" + (
                f" at {site}" if site else ""
            )
            cost = _pay(outlook, time, on) + settings.hire_cost
            made.do((on, "hire", "the program", text, cost, rule), hire)
    return hires


def _cover(outlook: Outlook, rule: Requirement, made: Mending) -> None:
    """Leave that nobody covers: somebody who is there then stands in."""
    plan = leave_cover(outlook, 0).plan
    for row in plan.itertuples(index=False):
        who = str(row.colleague) if pd.notna(row.colleague) and row.colleague else "a floater"
        first = np.datetime64(row.first, "D")
        text = f"{who} stands in for {row.staff_id} from {date(row.first)} to {date(row.last)}"
        made.do((first, "cover", who, text, 0.0, rule.id))


def _post(time: Fraction, share: Fraction) -> float:
    """The fte that gives so much time at a share, rounded up so that it is surely given."""
    return min(math.ceil(time / share * 10_000) / 10_000, 1.0)


def _first_hire(outlook: Outlook) -> Days:
    """The first day on which somebody who is looked for from now on can be there."""
    return outlook.span.as_of + DAY + outlook.settings.hiring_weeks * WEEK


def _name_somebody(outlook: Outlook, rule: str, made: Mending) -> None:
    """Students whom a case manager leaves behind, where no move keeps within the limit."""
    for row in left_alone(outlook).itertuples(index=False):
        on, until = np.datetime64(row.first, "D"), date(row.last)
        text = (
            f"name somebody for {count(row.students, 'student')} of {row.staff_id}, who are left"
            f" with nobody from {date(row.first)} to {until}"
        )
        made.do((on, "cover", "the program", text, 0.0, rule))


def _pay(outlook: Outlook, time: Fraction, on: Days, last: Days | None = None) -> float:
    settings = outlook.settings
    end = outlook.span.until if last is None else last
    held = max(int((end - on).astype(int)) + 1, 0)
    yearly = exact(settings.salary) * (1 + exact(settings.on_cost))
    return float(time * Fraction(held, YEAR_DAYS) * yearly)


def _date(day: Days) -> day_of:
    return day.item()
