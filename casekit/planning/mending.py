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
from casekit.catalog import Requirement
from casekit.kinds.staffing import exact
from casekit.phrases import count, date, listing, number
from casekit.planning.changes import Change, Hire, Move, Share
from casekit.planning.compare import Tried, try_scenario
from casekit.planning.cost import YEAR_DAYS
from casekit.planning.frontier import spare_time, usual_time
from casekit.planning.leave_cover import leave_cover
from casekit.planning.needs import least_staff, rounded_up
from casekit.planning.outlook import Outlook
from casekit.planning.reassignment import reassign
from casekit.planning.scenario import Scenario
from casekit.planning.shortage import ANYWHERE

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


def mend(tried: Tried, outlook: Outlook, failing: list[Requirement]) -> Mending:
    """What mends the staffing rules that fail in the days ahead."""
    made = Mending()
    kinds = {r.kind: r for r in failing}
    if rule := kinds.get("staff_ratio"):
        _more_time(outlook, rule, made)
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
    """Larger shares of the people who are there, the largest spare first; then a hire."""
    need = least_staff(outlook).extra_time
    if need is None or not need.amount:
        return
    first = outlook.span.as_of + DAY
    missing = need.amount
    spare = spare_time(outlook)
    for person in sorted(spare, key=lambda name: (-spare[name], name)):
        if missing <= 0:
            break
        given = min(spare[person], missing)
        change, share_now = _share(outlook, person, given, first)
        if change is None:
            continue
        missing -= given
        cost = _pay(outlook, given, first)
        text = (
            f"raise the case-management share of {person} from {number(share_now, 4)} to"
            f" {number(change.share or 0, 4)}"
        )
        made.do((first, "share", person, text, cost, rule.id), change)
    if missing > 0 and _first_hire(outlook) > outlook.span.until:
        text = "nobody new can start before the horizon: plan for longer, or hire sooner"
        made.do((first, "wait", "the program", text, 0.0, rule.id))
    elif missing > 0:
        _hires(outlook, rule, missing, made)


def _share(outlook: Outlook, person: str, given: Fraction, on: Days) -> tuple[Share | None, float]:
    """The change of a person's share that gives so much more time, and the share until then."""
    staff = outlook.staff
    rows = staff[(staff["staff_id"] == person) & (staff["start"] <= on) & (staff["end"] >= on)]
    if len(rows) != 1 or not rows["fte"].iloc[0]:
        return None, 0.0
    now, fte = exact(rows["case_management_share"].iloc[0]), exact(rows["fte"].iloc[0])
    # Rounded up to a hundredth, so that what is asked is surely given.
    share = min(
        Fraction(math.ceil((now + given / fte) * 100), 100), exact(outlook.settings.most_share)
    )
    return Share(person, outlook.program, share=float(share), on=_date(on)), float(now)


def _hires(outlook: Outlook, rule: Requirement, missing: Fraction, made: Mending) -> None:
    settings = outlook.settings
    on = _first_hire(outlook)
    left = rounded_up(missing, exact(settings.fte_step))
    most = exact(settings.most_share)
    while left > 0:
        time = min(left, most)
        left -= time
        change = Hire(outlook.program, fte=float(time / most), share=float(most), on=_date(on))
        text = f"hire {number(float(time / most), 4)} FTE with a share of {number(float(most), 4)}"
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
    first = outlook.span.as_of + DAY
    found = reassign(_with(tried, outlook, made))
    short = found.status == "impossible" and outlook.limits.at_most is not None
    if short and found.extra_heads and _first_hire(outlook) <= outlook.days_ahead[-1]:
        hires = _new_managers(outlook, rule, found.extra_heads, made)
        first = np.datetime64(hires[0].on, "D")
        found = reassign(_with(tried, outlook, made), first)
    if found.status != "found":
        if short:
            text = "no reassignment passes, and nobody new can start in time: see what binds"
            made.do((first, "wait", "the program", text, 0.0, rule))
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
    time = usual_time(outlook)
    most = min(exact(settings.most_share), Fraction(1))
    each = outlook.limits.of_person(time) or 1
    hires: list[Hire] = []
    for named, heads in missing:
        site = "" if named == ANYWHERE else named
        for _ in range(math.ceil(heads / each)):
            hire = Hire(
                outlook.program,
                fte=float(min(time / most, Fraction(1))),
                share=float(most),
                on=_date(on),
                site=site,
                staff=f"recovery-{outlook.program}-{len(hires) + 1}",
            )
            hires.append(hire)
            text = f"hire a case manager of {number(float(time), 4)} FTE" + (
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


def _first_hire(outlook: Outlook) -> Days:
    """The first day on which somebody who is looked for from now on can be there."""
    return outlook.span.as_of + DAY + outlook.settings.hiring_weeks * WEEK


def _pay(outlook: Outlook, time: Fraction, on: Days) -> float:
    settings = outlook.settings
    held = max(int((outlook.span.until - on).astype(int)) + 1, 0)
    yearly = exact(settings.salary) * (1 + exact(settings.on_cost))
    return float(time * Fraction(held, YEAR_DAYS) * yearly)


def _date(day: Days) -> day_of:
    return day.item()
