"""What comes of a scenario: the limit through time, the rules, the people, the chance, the cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Literal

import pandas as pd

from casekit.calendars import DAY
from casekit.figures.planning import cost_of_certainty, staffing_ahead, students_forecast
from casekit.phrases import capital, count, date, listing, number
from casekit.planning.costs.cost import money
from casekit.planning.costs.frontier import frontier
from casekit.planning.forecast.forecast import forecast_one
from casekit.planning.moves.reassignment import reassign
from casekit.planning.outlook import Outlook
from casekit.planning.scenarios.changes import Intake
from casekit.planning.scenarios.compare import Comparison, Tried
from casekit.planning.scenarios.ground import Ground, laid
from casekit.planning.scenarios.scenario import Scenario
from casekit.planning.settings import PlanningError
from casekit.planning.staffing.alone import left_alone
from casekit.planning.staffing.case_managers import case_managers_by_day, each_case_manager
from casekit.planning.staffing.needs import least_staff
from casekit.reports.document import Block, Bullets, FigureBlock, Heading, Notice, TableBlock, Text
from casekit.widgets.parts import Button, Chip, Grid, Part, Row
from casekit.widgets.scenario_files import Saved
from casekit.widgets.staffing_state import Staffing

SEED = 0  # the same futures for every scenario, so that two can be compared
STANDS = "As things stand"


def chart(state: Staffing) -> Iterator[Part]:
    """The limit through time, as things stand and with the changes; in a sentence, and drawn."""
    if state.ground is None or state.backdrop is None:
        return
    yield Heading(2, "Day by day")
    now = state.after
    yield Notice(*verdict(state, state.ground))
    changed = now is not None and bool(state.scenario.changes)
    yield FigureBlock.of(state.backdrop.figure(now.days if changed and now else None))
    if note := state.ground.outlook.note:
        yield Text(f"{capital(note.removeprefix(state.ground.outlook.program + ': '))}.")


def verdict(state: Staffing, ground: Ground) -> tuple[Literal["note", "warning"], str]:
    """Whether the limit holds with the changes: how it is said, and the sentence."""
    now = state.after
    if now is None:
        return "warning", state.misfit
    limits = now.outlook.limits
    if not limits:
        return "note", (
            "This program's standards set no limit on staffing. Its students and its time are"
            " shown as they are."
        )
    days = now.days[now.days["ahead"]]
    if days.empty:
        return "warning", (
            f"No open day lies after {date(ground.outlook.span.as_of)}. Add the terms ahead to the"
            " calendar table, or look further ahead."
        )
    head = f"With {listing(state.phrases(), 3)}," if state.scenario.changes else f"{STANDS},"
    over = days[days["status"] == "not_met"]
    untold = days[days["status"] == "cannot_tell"]
    what = _limit(now.outlook)
    if len(over):
        first, last = date(over["day"].iloc[0]), date(over["day"].iloc[-1])
        when = f"on {first}" if len(over) == 1 else f"from {first} to {last}"
        said = f"{head} {count(len(over), 'open day is', 'open days are')} over {what}, {when}."
    elif len(untold):
        said = f"{head} no open day ahead is known to be over {what}."
    else:
        said = f"{head} no open day ahead is over {what}."
    if len(untold):
        days_said = count(len(untold), "open day", "open days")
        said += f" On {days_said} it cannot be told: somebody's FTE or share is not recorded."
    return ("warning" if len(over) or len(untold) else "note"), said


def _limit(outlook: Outlook) -> str:
    limits = outlook.limits
    said = []
    if limits.per_staff is not None:
        said.append(f"{number(float(limits.per_staff))} students to 1.0 FTE")
    if limits.at_most is not None:
        said.append(f"{limits.at_most} students of one case manager")
    return " or ".join(said)


def rules(state: Staffing) -> Iterator[Part]:
    """What the changes do to each rule, and what they cost."""
    if state.ground is None or state.after is None or not state.scenario.changes:
        return
    yield Heading(2, "What it does to the rules")
    comparison = state.ground.compare(state.scenario)
    yield from _changed(comparison)
    yield Text(_cost(comparison.tried[0]))


def _changed(comparison: Comparison) -> Iterator[Part]:
    frame = comparison.frame
    frame = frame[frame["direction"] != "same"]
    if frame.empty:
        yield Text("No rule is answered otherwise than as things stand.")
        return
    when = {"ahead": "The days ahead", "span": "The whole time"}
    several = len(comparison.tried) > 1
    rows = tuple(
        (
            row["title"],
            *([row["scenario"]] if several else []),
            when[row["window"]],
            _chip(row["status_before"]),
            _chip(row["status_after"]),
            _move(row),
            _days(row["days_over_before"]),
            _days(row["days_over_after"]),
        )
        for row in frame.head(60).to_dict("records")
    )
    over, then = "Days over now", "Days over then"
    names = ("Rule", *(["Scenario"] if several else []), "When", STANDS, "With the changes")
    yield Grid(
        "Rules that the changes touch",
        (*names, "What changes", over, then),
        rows,
        numbers=(over, then),
        note="The whole time counts what was missed already; the days ahead do not.",
    )


def _chip(status: object) -> Chip | str:
    return Chip(status) if isinstance(status, str) else "not asked"


def _move(row: dict) -> str:
    before, after = row["status_before"], row["status_after"]
    if before == "not_met" and after != "not_met":
        return "▲ the breach goes"
    if after == "not_met" and before != "not_met":
        return "▼ a breach comes"
    return {"better": "▲ better", "worse": "▼ worse"}.get(row["direction"], "◆ changed")


def _days(value: float) -> str:
    return "" if pd.isna(value) else number(value)


def _cost(tried: Tried) -> str:
    was = sum(cost.total for cost in tried.costs_before.values())
    now = sum(cost.total for cost in tried.costs.values())
    unit = tried.scenario.settings.money
    until = date(max(span.until for span in tried.span.plan.spans.values()))
    if abs(now - was) < 0.005:
        return f"It costs as much as things as they stand, up to {until}."
    more = "more" if now > was else "less"
    return (
        f"It costs {money(abs(now - was), unit)} {more} than things as they stand, up to {until}:"
        f" {money(now, unit)} and not {money(was, unit)}."
    )


def people(state: Staffing) -> Iterator[Part]:
    """Who is left with nobody, and how many students each has where a rule limits that."""
    now = state.after
    if now is None:
        return
    outlook = now.outlook
    for row in left_alone(outlook).itertuples(index=False):
        have = count(row.students, "student has", "students have")
        yield Notice(
            "warning",
            f"{have} no case manager from {date(row.first)}: nobody is named in place of"
            f" {state.names.get(row.staff_id, row.staff_id)}. Work out below who would move.",
        )
    if outlook.limits.at_most is None:
        return
    found = each_case_manager(outlook, case_managers_by_day(outlook))
    if found.empty:
        return
    yield Heading(2, "Each case manager, with the changes")
    frame = pd.DataFrame(
        {
            "Case manager": [state.names.get(who, who) for who in found["staff_id"]],
            "Students now": found["heads"],
            "Limit": found["limit"],
            "Room for": found["more"],
            "Open days over ahead": found["over"],
            "First of them": ["" if pd.isna(day) else date(day) for day in found["next_break"]],
        }
    )
    caption = f"Students of each case manager on {date(outlook.span.as_of)}"
    yield TableBlock(caption, frame.astype(object).where(frame.notna(), "not known"))


def need(state: Staffing) -> Iterator[Part]:
    """The fewest people that would do."""
    now = state.after
    if now is None or not now.outlook.limits:
        return
    yield Heading(2, "The smallest number of people that would do")
    yield _bullets(least_staff(now.outlook).said, now)


def _bullets(said: Iterable[str], ground: Ground) -> Bullets:
    """The sentences, but for the calendar's note, which stands under the chart."""
    note = ground.outlook.note
    kept = [each for each in said if not note or each.removesuffix(".") != note]
    return Bullets(tuple(_plain(each, ground) for each in kept))


def _plain(text: str, ground: Ground) -> str:
    """The sentence without the program that it is of, its rules by their titles."""
    program = ground.outlook.program
    for rule in ground.outlook.limits.rules:
        text = text.replace(rule.id, rule.title)
    return capital(text.removeprefix(f"{program}: ").replace(f"{program}, held", "Held", 1))


# What takes longer, and waits for a button: its name -> (heading, button).
WORKED = {
    "moves": ("Who would move", "Work out who would move"),
    "chance": ("The chance of passing the limit", "Work out the chance"),
    "costs": ("What it costs to be sure", "Work out what it costs to be sure"),
}


def worked(state: Staffing, part: str) -> Iterator[Part]:
    """A part that is worked out when it is asked for, and holds for the changes of then."""
    if state.after is None or state.ground is None or not state.after.outlook.limits:
        return
    heading, button = WORKED[part]
    yield Heading(2, heading)
    if (part, state.key) not in state.worked:
        if any(name == part for name, _ in state.worked):
            yield Text("The changes are not what they were: work it out again.")
        yield Row((Button("work", button, part),))
        return
    makers: dict[str, Callable[[Staffing, Ground], Iterable[Block]]] = {
        "moves": _moves,
        "chance": _chance,
        "costs": _frontier,
    }
    try:
        yield from makers[part](state, state.ground)
    except PlanningError as error:
        yield Notice("note", f"{capital(str(error))}.")


def _moves(state: Staffing, ground: Ground) -> Iterator[Block]:
    found = reassign(laid(ground, state.scenario).outlook)
    if len(found.moves):
        by = ["from_day", "from_staff", "to_staff", "reason"]
        moves = found.moves.groupby(by, sort=True, dropna=False).size().reset_index(name="n")
        nobody = moves["from_staff"].fillna("").astype(str).replace("", "nobody")
        frame = pd.DataFrame(
            {
                "From": [state.names.get(who, who) for who in nobody],
                "To": [state.names.get(who, who) for who in moves["to_staff"].astype(str)],
                "Students": moves["n"],
                "On": moves["from_day"].map(date),
                "Why": moves["reason"],
            }
        )
        yield TableBlock("Students who change case manager", frame)
    yield _bullets(found.said, ground)


def _without_intake(state: Staffing, ground: Ground) -> Outlook:
    """The program for a forecast, which has comings of its own."""
    kept = tuple(c for c in state.scenario.changes if not isinstance(c, Intake))
    return laid(ground, replace(state.scenario, changes=kept)).outlook


def _chance(state: Staffing, ground: Ground) -> Iterator[Block]:
    outlook = _without_intake(state, ground)
    ahead, settings = forecast_one(outlook, SEED), outlook.settings
    if ahead.refused:
        yield Notice("note", capital(ahead.said[0]))
        return
    if any(isinstance(change, Intake) for change in state.scenario.changes):
        yield Text("The students of your slider are left out: a forecast has comings of its own.")
    yield FigureBlock.of(
        students_forecast(
            ahead.weeks,
            _name(state),
            interval=settings.interval,
            runs=settings.runs,
            sure=settings.sure,
        )
    )
    yield _bullets(ahead.said, ground)


def _frontier(state: Staffing, ground: Ground) -> Iterator[Block]:
    outlook = _without_intake(state, ground)
    made, settings = frontier(outlook, forecast_one(outlook, SEED), SEED), outlook.settings
    yield FigureBlock.of(
        cost_of_certainty(
            made.steps, _name(state), sure=settings.sure, unit=made.unit, money=settings.money
        )
    )
    yield _bullets(made.said, ground)


def compared(state: Staffing) -> Iterator[Part]:
    """The ticked scenarios side by side: days over, cost, the chart, the rules they change."""
    ground = state.ground
    ticked = [s for s in state.saved if s.scenario and s.file in state.compared]
    if ground is None or not ticked:
        return
    yield Heading(2, "Scenarios side by side")
    chosen = []
    for scenario in _apart(ticked):
        try:
            laid(ground, scenario)
            chosen.append(scenario)
        except PlanningError as error:
            yield Notice("warning", f"{error}. It is left out here.")
    if not chosen:
        return
    comparison = ground.compare(*chosen)
    outlook = ground.outlook
    lines = {STANDS: ground.days}
    lines |= {each.name: laid(ground, each).days for each in chosen}
    rows = [_row(STANDS, ground.days, comparison.tried[0], before=True)]
    rows += [_row(t.scenario.name, lines[t.scenario.name], t) for t in comparison.tried]
    numbers = ("Days over ahead", "Highest ahead")
    columns = ("Scenario", *numbers, "First day over", "Cost")
    until = date(outlook.span.until)
    first = date(outlook.span.as_of + DAY)
    note = f"From {first} to {until}. The cost of things as they stand is with the first's prices."
    yield Grid("The scenarios, and things as they stand", columns, tuple(rows), note, numbers)
    ahead = {n: days if n == STANDS else days[days["ahead"]] for n, days in lines.items()}
    yield FigureBlock.of(staffing_ahead(ahead, outlook.limits, _name(state), outlook.span.as_of))
    yield from _changed(comparison)


def _apart(ticked: Iterable[Saved]) -> Iterator[Scenario]:
    """The scenarios, each by a name of its own."""
    taken = {STANDS}
    for each in ticked:
        if each.scenario is not None:
            name = each.scenario.name
            yield replace(each.scenario, name=f"{name} ({each.file})" if name in taken else name)
            taken.add(name)


def _name(state: Staffing) -> str:
    return state.roster.programs[state.roster.program]


def _row(name: str, days: pd.DataFrame, tried: Tried, *, before: bool = False) -> tuple:
    ahead = days[days["ahead"]]
    over = ahead[ahead["status"] == "not_met"]
    by = ahead["ratio"] if ahead["largest"].max() == 0 else ahead["largest"]
    costs = tried.costs_before if before else tried.costs
    return (
        name,
        len(over),
        number(by.max()) if len(by.dropna()) else "not known",
        date(over["day"].iloc[0]) if len(over) else "none",
        money(sum(cost.total for cost in costs.values()), tried.scenario.settings.money),
    )
