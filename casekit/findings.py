"""Verdicts -> Findings: a row per requirement and program; levels; small cells withheld."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from casekit.calendars import Days
from casekit.caseload import Caseload
from casekit.catalog import GATES, Requirement, Standard
from casekit.evaluate import Plan, Verdicts, answers, carry_out, plan_of
from casekit.kinds.rows import STATUSES, Span

FINDING_COLUMNS = (
    "standard_id",
    "requirement_id",
    "program_id",
    "level",
    "area",
    "denominator",
    "numerator",
    "rate",
    "due",
    "not_applicable",
    "cannot_tell",
    "status",
    "attested",
)
LEVEL_COLUMNS = (
    "standard_id",
    "program_id",
    "area",
    "element",
    "level",
    "blocking",
    "unshown",
    "gate",
)
COUNTS = ("denominator", "numerator", "due", "not_applicable", "cannot_tell")
SMALL = 5


@dataclass(frozen=True)
class Findings:
    """A grouped table that may leave the program: no row speaks of one person.

    `by` names the grouping columns; `withheld` says whether small cells were taken out.
    """

    frame: pd.DataFrame
    by: tuple[str, ...]
    withheld: bool = False


def summarize(verdicts: Verdicts | pd.DataFrame, by: Sequence[str], *, small: int = 0) -> Findings:
    """Counts of statuses for each group, and the rate met.

    by     columns of the verdicts frame, or "week" (the period's Monday) or "month".
    small  counts that speak of fewer people are withheld (see `withhold`).
    """
    frame = verdicts.frame if isinstance(verdicts, Verdicts) else verdicts
    starts = frame["period_start"]
    frame = frame.assign(
        week=starts - pd.to_timedelta(starts.dt.day_of_week, unit="D"),
        month=starts.dt.to_period("M").dt.to_timestamp(),
    )
    counts = (
        frame.groupby([*by, "status"], observed=True, sort=True)
        .size()
        .unstack("status", fill_value=0)
        .reindex(columns=list(STATUSES), fill_value=0)
        .rename(columns={"met": "numerator"})
    )
    counts["denominator"] = counts["numerator"] + counts.pop("not_met")
    table = with_rate(counts.reset_index())
    if small:
        table = withhold(table, frame, by, small)
    return Findings(table, tuple(by), bool(small))


def with_rate(table: pd.DataFrame) -> pd.DataFrame:
    """The table with `rate` = numerator / denominator, NaN where nothing was judged."""
    judged = table["denominator"].where(table["denominator"] > 0)
    return table.assign(rate=table["numerator"] / judged)


def withhold(
    table: pd.DataFrame, verdicts: pd.DataFrame, by: Sequence[str], small: int = SMALL
) -> pd.DataFrame:
    """The counts of a table grouped `by`, without those that speak of few people.

    What is met and not met is withheld where fewer than `small` people were judged, or fewer than
    that had something not met, or fewer had nothing not met: any of them would tell of single
    people, however many weeks or months were counted. Other counts are withheld where they
    speak of few. Rows about the program itself speak of nobody.
    """
    people = verdicts[verdicts["subject_type"] != "program"]
    keys = [*by, "subject_id"]
    each = people.assign(one=True).pivot_table(
        index=keys, columns="status", values="one", aggfunc="any", observed=True, fill_value=False
    )
    each = each.reindex(columns=list(STATUSES), fill_value=False).astype(bool)
    judged = each["met"] | each["not_met"]
    parts = {"judged": judged, "missed": each["not_met"], "clear": judged & ~each["not_met"]}
    parts |= {name: each[name] for name in ("due", "not_applicable", "cannot_tell")}
    heads = pd.DataFrame(parts).groupby(level=list(by), observed=True).sum()
    heads = table[list(by)].merge(heads, left_on=list(by), right_index=True, how="left")
    little = {name: ((heads[name] > 0) & (heads[name] < small)).to_numpy() for name in parts}
    few = little["judged"] | little["missed"] | little["clear"]
    hidden = {"denominator": few, "numerator": few, **little}
    table = table.copy()
    for name in COUNTS:
        table[name] = table[name].astype("Float64").mask(hidden[name])
    table["rate"] = table["rate"].mask(few)
    return table


@dataclass(frozen=True)
class Evaluation:
    """One evaluation: the caseload, what it was held against, verdicts, findings and levels."""

    caseload: Caseload
    plan: Plan
    results: Verdicts
    as_of: Days

    @property
    def verdicts(self) -> pd.DataFrame:
        return self.results.frame

    @property
    def standards(self) -> Mapping[str, Standard]:
        return self.plan.standards

    @property
    def spans(self) -> Mapping[str, Span]:
        return self.plan.spans

    @property
    def programs(self) -> list[str]:
        return list(self.plan.spans)

    @cached_property
    def findings(self) -> pd.DataFrame:
        return findings_of(self.results, self.plan, self.caseload)

    @cached_property
    def levels(self) -> pd.DataFrame:
        return levels_of(self.findings, self.plan)


def evaluate_programs(
    caseload: Caseload,
    *,
    as_of: object,
    since: object = None,
    until: object = None,
    standards: Sequence[str | Path] | None = None,
    programs: Sequence[str] | None = None,
) -> Evaluation:
    """Hold each program against its own standards, or all of them against those named.

    With `until`, a day after as_of, what falls due by then is `due`. Raises
    casekit.evaluate.UsageError and casekit.catalog.StandardError.
    """
    plan = plan_of(
        caseload, as_of=as_of, since=since, until=until, standards=standards, programs=programs
    )
    results = carry_out(plan, caseload)
    last = next((span.as_of for span in plan.spans.values()), np.datetime64("NaT", "D"))
    return Evaluation(caseload, plan, results, last)


def findings_of(results: Verdicts, plan: Plan, caseload: Caseload) -> pd.DataFrame:
    """The findings: a row for every requirement of every standard that a program is held to.

    Columns FINDING_COLUMNS; counts are whole numbers, rate is NaN where nothing was judged.
    """
    keys = ["standard_id", "requirement_id", "program_id"]
    table = summarize(results, keys).frame
    counted = zip(*(table[name] for name in COUNTS), strict=True)
    names = zip(*(table[name] for name in keys), strict=True)
    return findings_from(dict(zip(names, counted, strict=True)), plan, caseload)


def status_counts(rows: pd.DataFrame) -> dict[str, tuple[int, ...]]:
    """How many verdicts of one requirement stand where, by program: COUNTS, in their order."""
    programs, place = np.unique(rows["program_id"].astype(str), return_inverse=True)
    cells = place * len(STATUSES) + rows["status"].cat.codes.to_numpy()
    counts = np.bincount(cells, minlength=len(programs) * len(STATUSES))
    found = {}
    for program, row in zip(programs, counts.reshape(-1, len(STATUSES)).tolist(), strict=True):
        met, not_met, *others = row
        found[str(program)] = (met + not_met, met, *others)
    return found


def findings_from(
    counted: Mapping[tuple[str, str, str], Sequence[int]], plan: Plan, caseload: Caseload
) -> pd.DataFrame:
    """The findings from the COUNTS of each (standard_id, requirement_id, program_id)."""
    keys, placed, targets, counts = [], [], [], []
    nothing = (0,) * len(COUNTS)
    for standard in plan.standards.values():
        programs = [p for p in plan.spans if standard.id in plan.held[p]]
        for requirement in standard.requirements.values():
            said = _latest_answers(requirement, plan, caseload, programs)
            for p in programs:
                keys.append((standard.id, requirement.id, p))
                placed.append((requirement.level, requirement.area, said[p]))
                counts.append(counted.get(keys[-1], nothing))
                targets.append(requirement.target)
    texts = [[*key, *place] for key, place in zip(keys, placed, strict=True)]
    names = ("standard_id", "requirement_id", "program_id", "level", "area", "attested")
    columns = dict(
        zip(names, map(list, zip(*texts, strict=True)) if texts else [[]] * 6, strict=True)
    )
    numbers = np.array(counts, dtype="int64").reshape(-1, len(COUNTS))
    table = dict(zip(COUNTS, numbers.T, strict=True))
    judged = table["denominator"]
    rate = np.divide(table["numerator"], judged, out=np.full(len(judged), np.nan), where=judged > 0)
    status = status_of(table, np.array(targets, dtype=float))
    frame = pd.DataFrame({**columns, **table, "rate": rate, "status": status})
    return frame[list(FINDING_COLUMNS)]


def _latest_answers(
    requirement: Requirement, plan: Plan, caseload: Caseload, programs: list[str]
) -> dict[str, str]:
    if not programs:
        return {}
    given = answers(requirement, caseload, plan.spans[programs[0]].as_of)
    return {p: given[p].answer if p in given else "" for p in programs}


def status_of(table: Mapping[str, np.ndarray], target: np.ndarray) -> np.ndarray:
    """The status of each finding from its counts and target (a part of those judged, 0 to 1)."""
    judged, met, unknown = table["denominator"], table["numerator"], table["cannot_tell"]
    anyone = judged + unknown
    strict = target >= 1
    # At the whole, one failure decides whatever is unknown; below it, the part has to be reached.
    reached = np.where(strict, (met == judged) & (unknown == 0), met >= target * anyone - 1e-9)
    missed = np.where(strict, met < judged, met + unknown < target * anyone - 1e-9)
    return np.select(
        [(anyone > 0) & missed, (anyone > 0) & reached, anyone > 0, table["due"] > 0],
        ["not_met", "met", "cannot_tell", "due"],
        "not_applicable",
    )


def levels_of(findings: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """The highest level attained by element, area and program, under each gate.

    Columns LEVEL_COLUMNS; `level` is empty below the first. `blocking` (not met) and `unshown`
    (due or cannot tell) are what stands between here and the next level, as requirement ids with
    `;` between. An area's row has no element, a program's neither area nor element.
    """
    rows = []
    for standard in plan.standards.values():
        if not standard.levels:
            continue
        mine = findings[findings["standard_id"] == standard.id]
        for program, part in mine.groupby("program_id", sort=False):
            status = dict(zip(part["requirement_id"], part["status"], strict=True))
            for gate in GATES:
                for row in _ladder(standard, status, gate):
                    rows.append((standard.id, program, *row, gate))
    return pd.DataFrame(rows, columns=list(LEVEL_COLUMNS))


Rung = tuple[str, str, str, str, str]


def _ladder(standard: Standard, status: Mapping[str, str], gate: str) -> list[Rung]:
    """(area, element, level, blocking, unshown) of each element, area, and the whole program."""
    placed = [r for r in standard.requirements.values() if r.element and r.level]
    elements = list(dict.fromkeys((r.area, r.element) for r in placed))
    rungs: list[Rung] = []
    found: dict[tuple[str, str], tuple[int, list[str]]] = {}
    for area, element in elements:
        found[area, element] = _attained(standard, placed, area, element, status, gate)
    for area in dict.fromkeys(area for area, _ in elements):
        inside = {key: value for key, value in found.items() if key[0] == area}
        rungs += [_rung(standard, *key, *value, status) for key, value in inside.items()]
        rungs.append(_rung(standard, area, "", *_lowest(inside.values()), status))
    rungs.append(_rung(standard, "", "", *_lowest(found.values()), status))
    return rungs


def _attained(
    standard: Standard,
    placed: list[Requirement],
    area: str,
    element: str,
    status: Mapping[str, str],
    gate: str,
) -> tuple[int, list[str]]:
    """How many levels up an element stands (0: below the first), and what the next one asks.

    Above the first, a level asks its own requirements and all first-level ones of the area; under
    the cumulative gate also those of the levels between. A level without requirements in the
    element passes or fails with the next lower.
    """
    first, *_ = standard.levels
    base = [r.id for r in placed if r.area == area and r.level == first]
    passed: list[bool] = []
    asked_by: list[list[str]] = []
    below: list[str] = []
    for index, level in enumerate(standard.levels):
        own = [r.id for r in placed if (r.area, r.element, r.level) == (area, element, level)]
        if index and not own:
            passed.append(passed[-1])
            asked_by.append(asked_by[-1])
            continue
        if not index:
            asked = own
        elif gate == "cumulative":
            asked = base + below + own
        else:
            asked = base + own
        below = below + own if index else below
        passed.append(all(status[r] in ("met", "not_applicable") for r in asked))
        asked_by.append(list(dict.fromkeys(asked)))
    height = max((i + 1 for i, ok in enumerate(passed) if ok), default=0)
    return height, asked_by[height] if height < len(asked_by) else []


def _lowest(found: object) -> tuple[int, list[str]]:
    """The lowest of some elements' levels, and what holds the lowest ones back."""
    pairs = list(found)  # type: ignore[call-overload]
    height = min((level for level, _ in pairs), default=0)
    asked = [r for level, ids in pairs if level == height for r in ids]
    return height, list(dict.fromkeys(asked))


def _rung(
    standard: Standard,
    area: str,
    element: str,
    height: int,
    asked: list[str],
    status: Mapping[str, str],
) -> Rung:
    level = standard.levels[height - 1] if height else ""
    blocking = [r for r in asked if status[r] == "not_met"]
    unshown = [r for r in asked if status[r] in ("due", "cannot_tell")]
    return area, element, level, ";".join(blocking), ";".join(unshown)
