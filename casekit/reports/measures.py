"""The sections with a figure: staffing, contact and levels, each with the rule that it shows.

A section that a program's standards do not speak of is empty, and is then not shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from casekit.catalog import Requirement, Standard
from casekit.figures import (
    Figure,
    caseload_per_manager,
    first_contact,
    level_ladder,
    ratio_through_time,
    weekly_contact,
)
from casekit.findings import SMALL
from casekit.phrases import count
from casekit.reports.asked import asked, whom
from casekit.reports.document import Block, FigureBlock, Notice, TableBlock, Text
from casekit.reports.view import View
from casekit.summaries import (
    caseload_by_month,
    contact_by_week,
    first_contact_buckets,
    ratio_by_day,
    referrals_before,
)

WITHHELD = f"Numbers of fewer than {SMALL} people are withheld."


def ratio(view: View) -> Iterator[Block]:
    """Students to one full-time case manager, day by day."""
    for requirement in view.of_kind("staff_ratio"):
        yield from _waivers(view, [requirement])
        if view.wholly_waived(requirement):
            continue
        daily = ratio_by_day(view.evaluation, view.program, requirement)
        if _has_few(daily["students"], view.small):
            yield _withheld(view, requirement)
            continue
        cap = float(requirement.settings["per_staff"])  # type: ignore[arg-type]
        yield from _figure(view, ratio_through_time(daily, cap, view.name), [requirement])


def caseload(view: View) -> Iterator[Block]:
    """The students of each case manager; named for the program itself only."""
    for requirement in view.of_kind("caseload"):
        yield from _waivers(view, [requirement])
        if view.wholly_waived(requirement):
            continue
        months = caseload_by_month(
            view.evaluation, view.program, requirement, names=view.audience == "program"
        )
        over = months.loc[months["status"] == "not_met", "manager"].nunique()
        people = pd.Series([months["manager"].nunique(), over])
        if _has_few(months["observed"], view.small) or _has_few(people, view.small):
            yield _withheld(view, requirement)
            continue
        cap = int(requirement.settings["at_most"])  # type: ignore[call-overload]
        yield from _figure(view, caseload_per_manager(months, cap), [requirement])


def contact(view: View) -> Iterator[Block]:
    """The share of students contacted, week by week."""
    for requirement in view.of_kind("weekly_contact"):
        yield from _waivers(view, [requirement])
        if view.wholly_waived(requirement):
            continue
        weeks = contact_by_week(view.evaluation, view.program, requirement, small=view.small)
        counts = ["denominator", "numerator", "cannot_tell", "not_applicable"]
        # One week withheld, and the totals less the other weeks would give it away.
        if weeks[counts].isna().any(axis=None):
            yield _withheld(view, requirement)
            continue
        figure = weekly_contact(weeks, "weekly contact", whom([requirement]))
        yield from _figure(view, figure, [requirement])


def first_contacts(view: View) -> Iterator[Block]:
    """How soon after a referral the first contact came: a figure for each standard."""
    every = view.of_kind("first_contact")
    earlier = referrals_before(view.evaluation, view.program) if every else 0
    if earlier and any(rule.settings["unit"] == "school_year" for rule in every):
        yield Notice(
            "note",
            f"Not judged here: {count(earlier, 'referral')} of the term before this span. Start the"
            " span earlier (--since) to see whether the students were met before the school year.",
        )
    for standard in view.standards:
        rules = [rule for rule in every if rule.standard == standard.id]
        yield from _waivers(view, rules)
        rules = [rule for rule in rules if not view.wholly_waived(rule)]
        if not rules:
            continue
        buckets = first_contact_buckets(view.evaluation, view.program, rules)
        if _has_few(buckets["referrals"], view.small):
            yield _withheld(view, rules[0])
        else:
            yield from _figure(view, first_contact(buckets, whom(rules)), rules)


def _waivers(view: View, rules: list[Requirement]) -> Iterator[Block]:
    """What was waived: in place of a figure, or before the figure of what was not."""
    for rule in rules:
        if waiver := view.waiver(rule):
            parts = [view.whose(rule.standard), view.title(rule), waiver]
            yield Notice("note", ": ".join(filter(None, parts)))


def _figure(view: View, figure: Figure, rules: list[Requirement]) -> Iterator[Block]:
    """A figure and the rules it shows; where there are several of its sort, which it is."""
    standard = view.standard(rules[0])
    alike = [rule for rule in view.of_kind(rules[0].kind) if rule.standard == standard.id]
    whose = view.whose(standard.id)
    which = view.title(rules[0]) if len(alike) > 1 and len(rules) == 1 else ""
    figure = replace(figure, title=": ".join(filter(None, [whose, figure.title, which])))
    yield FigureBlock.of(figure, ": ".join(filter(None, [whose, which])))
    yield Text(asked(standard, rules, view.as_of))


def _withheld(view: View, rule: Requirement) -> Text:
    return Text(": ".join(filter(None, [view.whose(rule.standard), WITHHELD])))


def _has_few(counts: pd.Series, small: int) -> bool:
    return bool(((counts > 0) & (counts < small)).any())


def levels(view: View) -> Iterator[Block]:
    """The levels attained, and what stands before the next one."""
    for standard in view.standards:
        if not standard.levels:
            continue
        rungs = view.rungs(standard, standard.gate)
        titles = {r.id: view.title(r) for r in standard.requirements.values()}
        figure = level_ladder(rungs, standard.title, list(standard.levels), titles)
        yield FigureBlock.of(figure)
        other = "cumulative" if standard.gate == "literal" else "literal"
        yield from _gates(rungs, view.rungs(standard, other), standard.gate, other)
        yield from _beside(view, standard)


def _gates(rungs: pd.DataFrame, others: pd.DataFrame, gate: str, other: str) -> Iterator[Block]:
    """Where the other reading of the gate between levels comes to something else."""
    table = pd.DataFrame(
        {
            "Area": rungs["area"].replace("", "The whole program").to_numpy(),
            "Element": rungs["element"].replace("", "all").to_numpy(),
            f"Level, {gate} gate": rungs["level"].replace("", "below the first").to_numpy(),
            f"Level, {other} gate": others["level"].replace("", "below the first").to_numpy(),
        }
    )
    differ = table.iloc[:, 2] != table.iloc[:, 3]
    if not differ.any():
        yield Text(f"Read by the {gate} gate. The {other} gate comes to the same levels.")
        return
    yield Text(f"Read by the {gate} gate. The {other} gate comes to other levels in places.")
    yield TableBlock("Where the two gates differ", table[differ])


def _beside(view: View, standard: Standard) -> Iterator[Block]:
    """What describes a level as a whole: shown beside the levels, and not asked by any gate."""
    whole = [r for r in standard.requirements.values() if r.level and not r.element]
    if not whole:
        return
    mine = view.findings[view.findings["standard_id"] == standard.id]
    status = mine.set_index("requirement_id")["status"].astype(str)
    yield TableBlock(
        "What describes a level as a whole, outside the gate",
        pd.DataFrame(
            {
                "Description": [view.title(r) for r in whole],
                "Level": [r.level for r in whole],
                "Status": [status[r.id] for r in whole],
            }
        ),
        statuses=("Status",),
    )
