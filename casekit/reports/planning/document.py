"""The whole plan as one document, from what is assumed to the words that are used."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from casekit import __version__
from casekit.figures import planning as figures
from casekit.figures.planning.frontier import price
from casekit.phrases import capital, count, date, listing, number
from casekit.planning.outlook import Outlook
from casekit.planning.plan import ProgramPlan, WholePlan, settings_used
from casekit.planning.scenarios.compare import Comparison
from casekit.planning.settings import Settings, settings_table
from casekit.planning.staffing.by_day import staffing_by_day
from casekit.planning.staffing.case_managers import case_managers_by_day
from casekit.planning.staffing.sharing import JointNeed, Together
from casekit.reports.document import (
    Block,
    Bullets,
    Document,
    FigureBlock,
    Heading,
    Notice,
    TableBlock,
    Text,
)
from casekit.reports.html import anchor
from casekit.reports.planning import glance
from casekit.reports.planning.program import section
from casekit.reports.planning.steps import what_to_do_first
from casekit.reports.planning.words import GLOSSARY, HOW_HEADING, PARTS, how


def plan_document(whole: WholePlan) -> Document:
    """The plan as a document for the program's leadership: staff by id, and no student at all."""
    names = {program: _name(plan) for program, plan in whole.programs.items()}
    blocks: list[Block] = [*_opening(whole, names), *_assumed(whole)]
    if whole.comparison is not None:
        blocks += _scenarios(whole.comparison)
    if whole.together:
        blocks += _together(whole.together)
    for program, plan in whole.programs.items():
        scenario = whole.scenario.name if whole.comparison is not None else ""
        blocks += section(names[program], plan, _lines(whole, program, plan), scenario)
    blocks += [*_how(whole), Heading(2, "What the words mean"), _glossary()]
    return Document(
        "Case management plan",
        f"As of {date(whole.as_of)}, up to {date(whole.until)}",
        tuple(blocks),
        {
            "as_of": str(whole.as_of),
            "until": str(whole.until),
            "seed": str(whole.seed),
            "scenario": whole.scenario.name,
            "made_with": f"Written by casekit {__version__} for the program's leadership.",
        },
    )


def _name(plan: ProgramPlan) -> str:
    """A program as the page calls it: its name with its id, or the id alone."""
    rows = plan.outlook.caseload.tables["programs"]
    program = plan.outlook.program
    given = rows.loc[rows["program_id"].astype(str) == program, "program_name"].dropna()
    name = str(given.iloc[0]).strip() if len(given) else ""
    return f"{name} ({program})" if name else program


def _opening(whole: WholePlan, names: dict[str, str]) -> Iterator[Block]:
    """What the page is and for whom, and every program in one table."""
    yield Notice(
        "warning",
        "This page names staff by their ids. It stays with the program's leadership. No student is"
        " named in it.",
    )
    yield Text(
        f"It shows what is ahead for {count(len(names), 'program')}, from what is recorded up to"
        f" {date(whole.as_of)}: when a limit on staffing is passed, how much room is left, how many"
        " people it takes, what may come, and what can be done. It foretells nothing about any one"
        " student or member of staff."
    )
    if whole.comparison is not None:
        yield Text(
            f"Everything below is with the scenario “{whole.scenario.name}” in effect, but for the"
            " lines and columns that are called Baseline or named after another scenario."
        )
    yield Heading(2, "At a glance")
    rows = [glance.row(names[program], plan) for program, plan in whole.programs.items()]
    yield TableBlock(
        "Each program in a row",
        pd.DataFrame(rows, columns=list(glance.COLUMNS)),
        "The next day over the limit, the room and the staff needed rest on what is known today."
        " The chance rests on simulated futures, in which students come and go and case managers"
        " leave. So a program with room today may still have a high chance.",
        links=tuple(f"#{anchor(name)}" for name in names.values()),
    )
    yield from what_to_do_first({names[program]: plan for program, plan in whole.programs.items()})


def _assumed(whole: WholePlan) -> Iterator[Block]:
    yield Heading(2, "What is assumed")
    if whole.notes:
        yield Bullets(tuple(capital(note) if note.endswith(".") else f"{capital(note)}."
                            for note in whole.notes))  # fmt: skip
    else:
        yield Text("Each calendar reaches the horizon, and no further note was needed.")
    yield TableBlock(
        "The settings that this plan uses",
        _settings(whole.scenario.settings, settings_used(whole)),
        "None of these numbers comes from a standard. Ours is what casekit takes where nobody says"
        " otherwise; yours was given in the scenario's settings.",
    )


def _settings(settings: Settings, names: tuple[str, ...]) -> pd.DataFrame:
    """The table of settings; of pins only how many there are, for each names a student."""
    frame = settings_table(settings, names)
    pins = frame["Setting"] == "pinned"
    frame.loc[pins, "Value"] = count(len(settings.pinned), "pair") if settings.pinned else "none"
    return frame


def _scenarios(comparison: Comparison) -> Iterator[Block]:
    """What each scenario is, what it changes, and what it costs."""
    yield Heading(2, "Scenarios side by side")
    names = [tried.scenario.name for tried in comparison.tried]
    yield TableBlock("The scenarios, and what each costs up to the horizon", _costs(comparison))
    frame = comparison.frame
    for window, when in (("ahead", "in the days ahead"), ("span", "over the whole span")):
        mine = frame[frame["window"] == window]
        yield FigureBlock.of(figures.findings_by_scenario(mine, names, when))
    levels = comparison.levels
    before, after = levels["level_before"].fillna(""), levels["level_after"].fillna("")
    if (moved := before != after).any():
        shown = levels[moved].assign(
            level_before=before.replace("", "below the first"),
            level_after=after.replace("", "below the first"),
        )
        shown.columns = pd.Index(["Scenario", "Standard", "Program", "Gate", "Baseline", "Then"])
        yield TableBlock("Levels that the scenarios change", shown)
    own = [
        settings_table(t.scenario.settings).assign(Scenario=t.scenario.name)
        for t in comparison.tried
    ]
    given = pd.concat(own)
    given = given[(given["Whose"] == "yours") & (given["Setting"] != "pinned")]
    if len(given):
        columns = ["Scenario", "Setting", "Value", "Unit", "Meaning"]
        yield TableBlock("Settings that the scenarios give", given[columns])
    yield Bullets(comparison.said)
    yield Text(
        "How these numbers come about: each scenario's changes are made in a copy of the tables,"
        " which is judged by the same rules as a report. Costs are pay, vacant posts, hiring and"
        " travel, from the day after this plan's day to the horizon. The baseline is priced with"
        " each scenario's own settings."
    )


def _costs(comparison: Comparison) -> pd.DataFrame:
    rows = []
    for tried in comparison.tried:
        was = sum(cost.total for cost in tried.costs_before.values())
        now = sum(cost.total for cost in tried.costs.values())
        scenario = tried.scenario
        changes, unit = len(scenario.changes), scenario.settings.money
        rows.append(
            (
                scenario.name,
                scenario.why,
                changes,
                price(was),
                price(now),
                price(now - was),
                unit,
            )
        )
    columns = ["Scenario", "Why", "Changes", "Baseline", "With it", "Difference", "In"]
    return pd.DataFrame(rows, columns=columns)


def _together(needs: tuple[JointNeed, ...]) -> Iterator[Block]:
    """Programs that share staff: what they need together, and one way to split people."""
    yield Heading(2, "Programs that share staff")
    for need in needs:
        programs = listing(list(need.programs), 12)
        yield Heading(3, f"Staff shared by {programs}")
        yield Bullets(need.said)
        for sort, found in (("Time", need.time), ("Students", need.heads)):
            if found is not None and len(found.splits):
                unit = "FTE of case management" if sort == "Time" else "Students"
                caption = f"{sort}: one way to split the fewest people among {programs}"
                yield TableBlock(caption, _splits(found, unit))
    yield Text(
        "How these numbers come about: each program's need on its worst open day is added up (each"
        " for itself); the need of all of them is added up day by day, and the worst day taken (one"
        " pool); and whole people are split among programs for good, with the fewest people."
    )


def _splits(found: Together, unit: str) -> pd.DataFrame:
    splits = found.splits
    parts = [number(float(part), 4) for part in splits["part"]]
    people = [f"Person {number(person)}" for person in splits["person"]]
    return pd.DataFrame({"Person": people, "Program": splits["program"], unit: parts})


def _lines(whole: WholePlan, program: str, plan: ProgramPlan) -> dict[str, pd.DataFrame]:
    """A program's open days in the baseline and, of the days ahead, in each scenario.

    A scenario that leaves these days as they are has no line of its own.
    """
    if plan.through_time is None:
        return {}
    if whole.comparison is None:
        return {whole.scenario.name: plan.through_time.days}
    base = whole.comparison.baseline
    days = _days(base.outlooks[program])
    lines = {base.scenario.name: days}
    for tried in whole.comparison.tried:
        name = tried.scenario.name
        mine = whole.scenario.name == name
        then = plan.through_time.days if mine else _days(tried.outlooks[program])
        if not then.equals(days):
            lines[name] = then[then["ahead"]]
    return lines


def _days(outlook: Outlook) -> pd.DataFrame:
    return staffing_by_day(outlook, case_managers_by_day(outlook))


def _how(whole: WholePlan) -> Iterator[Block]:
    """How the numbers of each kind of section come about, once for all programs."""
    yield Heading(2, HOW_HEADING)
    for part in PARTS:
        shown = [plan for plan in whole.programs.values() if _has(plan, part)]
        if not shown:
            continue
        yield Heading(3, PARTS[part])
        for text in how(part, [plan.outlook for plan in shown], whole.seed):
            yield Text(text)


def _has(plan: ProgramPlan, part: str) -> bool:
    return bool(plan.recoveries) if part == "recovery" else getattr(plan, part) is not None


def _glossary() -> TableBlock:
    frame = pd.DataFrame(GLOSSARY.items(), columns=["Word", "What it means"])
    return TableBlock("Words used on this page", frame)
