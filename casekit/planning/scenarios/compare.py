"""Scenarios side by side: which findings change, in which direction, and at what cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from casekit.calendars import DAY, Days
from casekit.caseload import Caseload
from casekit.evaluate import Plan
from casekit.kinds import PROJECTED
from casekit.phrases import count, listing
from casekit.planning.costs.cost import Cost, cost_of, money, posts_of
from casekit.planning.limits import days_before_due, limits_of
from casekit.planning.outlook import Outlook, plan_ahead
from casekit.planning.scenarios.apply import Applied, applied, held_under
from casekit.planning.scenarios.reevaluate import Judged, judge_all
from casekit.planning.scenarios.scenario import BASELINE, Scenario

COMPARISON_COLUMNS = (
    "scenario",
    "program_id",
    "standard_id",
    "requirement_id",
    "title",
    "window",
    "status_before",
    "status_after",
    "direction",
    "rate_before",
    "rate_after",
    "worst_before",
    "worst_after",
    "limit_before",
    "limit_after",
    "days_over_before",
    "days_over_after",
    "cost_before",
    "cost_after",
    "money",
)
# From the worst to the best.
_RANK = {"not_met": 0, "cannot_tell": 1, "due": 2, "met": 3}
_VERBS = {
    "better": ("gets better", "get better"),
    "worse": ("gets worse", "get worse"),
    "changed": ("changes", "change"),
}
_KEYS = ["program_id", "standard_id", "requirement_id"]


@dataclass(frozen=True)
class Tried:
    """One scenario put into effect and judged.

    span: the whole span of the evaluation, to the horizon; ahead: the days after as_of alone, of
    the requirements that are projected. outlooks: each program as it then is; costs: of each, and
    what the baseline costs with the same settings.
    """

    scenario: Scenario
    applied: Applied
    span: Judged
    ahead: Judged
    outlooks: Mapping[str, Outlook]
    costs: Mapping[str, Cost]
    costs_before: Mapping[str, Cost]


@dataclass(frozen=True)
class Comparison:
    """Scenarios against the baseline.

    frame   COMPARISON_COLUMNS: a row per scenario, program, requirement and window (`span`, as an
            evaluation judges it, and `ahead`, the days after as_of). `direction` is better, worse,
            same or changed. worst and limit are in the requirement's unit.
    levels  scenario, standard_id, program_id, gate, level_before, level_after.
    """

    baseline: Tried
    tried: tuple[Tried, ...]
    frame: pd.DataFrame
    levels: pd.DataFrame
    said: tuple[str, ...]


def baseline_of(caseload: Caseload, plan: Plan, scenario: Scenario = BASELINE) -> Tried:
    """The caseload as it is, judged once, so that scenarios are judged quickly against it.

    The settings of `scenario` hold for it; its changes do not.
    """
    longer, plan, assumed = plan_ahead(caseload, plan)
    nothing = Applied(longer, frozenset(), frozenset(), ())
    return _tried(replace(scenario, changes=()), nothing, plan, assumed, None)


def try_scenario(base: Tried, scenario: Scenario) -> Tried:
    """A scenario on the baseline's caseload: only what it touches is judged anew.

    Raises PlanningError where a change cannot be made.
    """
    plan = base.span.plan
    until = max(span.until for span in plan.spans.values())
    since = min(span.since for span in plan.spans.values())
    as_of = next(iter(plan.spans.values())).as_of
    made = applied(base.applied.caseload, scenario, as_of, until, since)
    assumed = {o.span.calendar.calendar_id: o.assumed for o in base.outlooks.values()}
    return _tried(scenario, made, held_under(plan, scenario), assumed, base)


def _tried(
    scenario: Scenario, made: Applied, plan: Plan, assumed: Mapping[str, Days], base: Tried | None
) -> Tried:
    span = judge_all(
        made.caseload, plan, None if base is None else base.span, made.touched, made.planned
    )
    ahead = judge_all(
        made.caseload,
        _ahead(plan),
        None if base is None else base.ahead,
        made.touched,
        made.planned,
    )
    standards = {p: [plan.standards[name] for name in plan.held[p]] for p in plan.spans}
    outlooks = {
        program: Outlook(
            program,
            made.caseload,
            each,
            limits_of(standards[program], scenario.settings),
            scenario.settings,
            assumed.get(each.calendar.calendar_id, np.datetime64("NaT", "D")),
            days_before_due(standards[program]),
        )
        for program, each in plan.spans.items()
    }
    before = {
        p: replace(o, settings=scenario.settings)
        for p, o in (base.outlooks if base else outlooks).items()
    }
    present = {p: set(o.staff["staff_id"].astype(str)) for p, o in before.items()}
    costs = {p: cost_of(o, posts_of(before[p]), present[p]) for p, o in outlooks.items()}
    was = {p: cost_of(o, posts_of(o), present[p]) for p, o in before.items()} if base else costs
    return Tried(scenario, made, span, ahead, outlooks, costs, was)


def _ahead(plan: Plan) -> Plan:
    """The same plan for the days after as_of alone, and for what is projected to them."""
    spans = {p: replace(span, since=span.as_of + DAY) for p, span in plan.spans.items()}
    standards = {
        name: replace(
            standard,
            requirements={i: r for i, r in standard.requirements.items() if r.kind in PROJECTED},
        )
        for name, standard in plan.standards.items()
    }
    return replace(plan, spans=spans, standards=standards)


def compare(base: Tried, scenarios: Sequence[Scenario]) -> Comparison:
    """Scenarios against the baseline, in the order given. Raises PlanningError (see `apply`)."""
    tried = tuple(try_scenario(base, scenario) for scenario in scenarios)
    frames = [_rows(base, each) for each in tried]
    frame = pd.concat(frames, ignore_index=True) if frames else _no_rows()
    levels = [_levels(base, each) for each in tried]
    return Comparison(
        base,
        tried,
        frame,
        pd.concat(levels, ignore_index=True) if levels else _levels(base, base).iloc[:0],
        tuple(text for each in tried for text in _said(base, each, frame)),
    )


def _rows(base: Tried, after: Tried) -> pd.DataFrame:
    found = []
    for window in ("span", "ahead"):
        was, now = _measured(getattr(base, window)), _measured(getattr(after, window))
        both = was.join(now, suffixes=("_before", "_after"), how="outer")
        both["window"] = window
        found.append(both.reset_index())
    table = pd.concat(found, ignore_index=True)
    table["scenario"] = after.scenario.name
    titles = {**_titles(base.span), **_titles(after.span)}
    table["title"] = table["requirement_id"].map(titles)
    table["direction"] = [_direction(row) for row in table.to_dict("records")]
    for when, each in (("before", after.costs_before), ("after", after.costs)):
        costs = {program: round(cost.total, 2) for program, cost in each.items()}
        table[f"cost_{when}"] = table["program_id"].map(costs)
    table["money"] = after.scenario.settings.money
    return table[list(COMPARISON_COLUMNS)]


def _no_rows() -> pd.DataFrame:
    return pd.DataFrame(columns=list(COMPARISON_COLUMNS))


def _titles(judged: Judged) -> dict[str, str]:
    return {r.id: r.title for s in judged.plan.standards.values() for r in s.requirements.values()}


def _measured(judged: Judged) -> pd.DataFrame:
    """The findings with their worst observed value, limit and days over, by _KEYS."""
    rows = []
    for (standard, requirement, _), part in judged.parts.items():
        frame = part.rows
        if frame["observed"].isna().all():
            continue
        for program, mine in frame.groupby(frame["program_id"].astype(str), sort=True):
            rows.append(
                (
                    *(program, standard, requirement),
                    _worst(mine),
                    mine["limit"].max(),
                    mine["days_over"].sum(min_count=1),
                )
            )
    measured = pd.DataFrame(rows, columns=[*_KEYS, "worst", "limit", "days_over"])
    findings = judged.findings.set_index(_KEYS)[["status", "rate"]]
    return findings.join(measured.set_index(_KEYS))


def _worst(rows: pd.DataFrame) -> float:
    """The observed value furthest on the wrong side of the limit: the least where more is asked."""
    missed = rows[rows["status"] == "not_met"]
    if len(missed):
        less = (missed["observed"] < missed["limit"]).any()
    else:
        less = (rows["observed"] > rows["limit"]).any()
    return rows["observed"].min() if less else rows["observed"].max()


def _direction(row: Mapping) -> str:
    """Better, worse, same, or changed where the two cannot be set one above the other."""
    before, after = row["status_before"], row["status_after"]
    if before != after:
        if before in _RANK and after in _RANK:
            return "better" if _RANK[after] > _RANK[before] else "worse"
        return "changed"
    for name, sign in (("days_over", -1), ("rate", 1)):
        one, two = row[f"{name}_before"], row[f"{name}_after"]
        if pd.notna(one) and pd.notna(two) and abs(two - one) > 1e-9:
            return "better" if (two - one) * sign > 0 else "worse"
    return "same"


def _levels(base: Tried, after: Tried) -> pd.DataFrame:
    names = ["standard_id", "program_id", "gate"]
    was, now = (
        each.span.levels[(each.span.levels["area"] == "") & (each.span.levels["element"] == "")]
        for each in (base, after)
    )
    both = was[[*names, "level"]].merge(
        now[[*names, "level"]], on=names, how="outer", suffixes=("_before", "_after")
    )
    both.insert(0, "scenario", after.scenario.name)
    return both


def _moved(before: str, now: str) -> str:
    return "" if before == now else f" (from {before} to {now})".replace("_", " ")


def _said(base: Tried, after: Tried, frame: pd.DataFrame) -> list[str]:
    """What a scenario does, in sentences: what gets better, what worse, what it costs."""
    name = after.scenario.name
    mine = frame[(frame["scenario"] == name) & (frame["direction"] != "same")]
    said = []
    for window, when in (("ahead", "in the days ahead"), ("span", "over the whole span")):
        for direction in ("better", "worse", "changed"):
            rows = mine[(mine["window"] == window) & (mine["direction"] == direction)]
            if len(rows):
                named = [
                    f"{program}: {requirement}" + _moved(before, now)
                    for program, requirement, before, now in zip(
                        rows["program_id"],
                        rows["title"],
                        rows["status_before"],
                        rows["status_after"],
                        strict=True,
                    )
                ]
                verb = {"better": "get better", "worse": "get worse", "changed": "change"}[
                    direction
                ]
                if len(rows) == 1:
                    verb = verb.replace("get", "gets") if " " in verb else "changes"
                said.append(
                    f"{name}: {count(len(rows), 'finding')} {verb} {when}: {listing(named, 6)}."
                )
    if mine.empty:
        said.append(f"{name}: no finding changes.")
    unit = after.scenario.settings.money
    was = sum(cost.total for cost in after.costs_before.values())
    now = sum(cost.total for cost in after.costs.values())
    more = "more" if now >= was else "less"
    said.append(
        f"{name}: costs {money(abs(now - was), unit)} {more} than the baseline by the horizon."
    )
    return said + [f"{name}: {note}." for note in after.applied.notes]
