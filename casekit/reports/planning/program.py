"""A program's section of the plan's page: each part a figure, its sentences, and how it is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from casekit.figures import planning as figures
from casekit.phrases import capital, count, date, number
from casekit.planning.plan import ProgramPlan
from casekit.planning.staffing.through_time import ThroughTime
from casekit.reports.document import Block, Bullets, FigureBlock, Heading, Notice, TableBlock, Text
from casekit.reports.html import anchor
from casekit.reports.planning import glance
from casekit.reports.planning.steps import alone_table, recovery_tables, stays_table
from casekit.reports.planning.words import HOW_HEADING, PARTS

_HOW = f"#{anchor(HOW_HEADING)}"


def section(
    name: str, plan: ProgramPlan, lines: Mapping[str, pd.DataFrame], scenario: str = ""
) -> Iterator[Block]:
    """The blocks of one program. `lines`: its open days in each scenario (see staffing_ahead)."""
    yield Heading(2, name)
    yield Bullets(tuple(glance.sentences(plan)))
    yield from alone_table(plan)
    yield from _recoveries(plan)
    yield from _staffing(plan, lines, scenario)
    yield from _need(plan)
    yield from _reassignment(plan)
    yield from _forecast(plan)
    yield from _frontier(plan)
    yield from _workload(plan)
    yield from _leave(plan)
    yield from _levelling(plan)


def _refused(plan: ProgramPlan, part: str) -> Iterator[Block]:
    """Why a part is not there; a part that rests on another one says nothing of its own."""
    if why := plan.refused.get(part):
        yield Notice("note", _sentence(f"{PARTS[part]} is left out: {why}"))


def _told(plan: ProgramPlan, part: str, said: Iterable[str]) -> Iterator[Block]:
    """The sentences of a part, without the calendar's note, and the way to how they come about."""
    program, note = plan.outlook.program, _sentence(plan.outlook.note)
    told = [_sentence(each) for each in said]
    items = tuple(_without(each, program) for each in told if each != note)
    if items:
        yield Bullets(items)
    yield Text(f"How these numbers come about: {PARTS[part].lower()}", _HOW)


def _without(text: str, program: str) -> str:
    """The sentence without the program it is of; an id that then comes first stays as it is."""
    rest = text.removeprefix(f"{program}: ")
    return capital(rest) if rest != text and rest.split()[0].isalpha() else rest


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _recoveries(plan: ProgramPlan) -> Iterator[Block]:
    yield from _refused(plan, "recovery")
    for recovery in plan.recoveries:
        program, standard = recovery.program, recovery.standard_id
        yield Heading(3, f"What to do toward {recovery.aim}: {program}, {standard}")
        yield from recovery_tables(recovery, plan.outlook.settings.money)
        yield from stays_table(recovery)
        yield from _told(plan, "recovery", recovery.said)


def _day(day: object) -> str:
    return "" if pd.isna(day) else date(day)


def _staffing(
    plan: ProgramPlan, lines: Mapping[str, pd.DataFrame], scenario: str
) -> Iterator[Block]:
    found, outlook = plan.through_time, plan.outlook
    yield from _refused(plan, "through_time")
    if found is None:
        return
    figure = figures.staffing_ahead(
        lines, outlook.limits, found.program, outlook.span.as_of, scenario
    )
    yield FigureBlock.of(figure)
    yield from _told(plan, "through_time", found.said)
    if len(found.steps) > 1:
        yield _room(found)
    if len(found.people) and outlook.limits:
        yield from _room_of_each(found)


def _room(found: ThroughTime) -> Block:
    """How the room for students falls, step by step."""
    steps = found.steps
    frame = pd.DataFrame(
        {
            "If they stay up to": steps["until_day"].map(_day),
            "More students": steps["more"],
            "The fullest day until then": steps["binds"].map(_day),
        }
    )
    return TableBlock(f"Room for more students: {found.program}", frame)


def _room_of_each(found: ThroughTime) -> Iterator[Block]:
    """The room with each case manager, and why it is not the program's."""
    people, by_ratio = found.people, found.limits.per_staff is not None
    frame = pd.DataFrame(
        {
            "Case manager": people["staff_id"],
            "Limit": people["limit"].map(_heads),
            "Students now": people["heads"].map(_heads),
            "Room for": people["more"].map(_heads),
            "Up to": people["until_day"].map(_day),
            "Open days over ahead": people["over"].map(_heads),
        }
    )
    note = (
        "Under a ratio of students to time, a person's own limit is the ratio times their time,"
        " rounded down: our reading, which no rule asks for."
    )
    caption = f"The room with each case manager: {found.program}"
    yield TableBlock(caption, frame, note if by_ratio else "")
    each = int(people["more"].fillna(0).sum())
    if len(found.steps) and each != (room := int(found.steps["more"].iloc[-1])):
        counts = (
            "all its students and all its time, on its fullest day"
            if by_ratio
            else "all its students, also those whom nobody has, and all places, on its fullest day"
        )
        yield Text(
            f"The room of the program is {number(room)} and not the {number(each)} of the table"
            f" added up: the program's room counts {counts}. A person's room counts their own"
            " students only, while that person is there."
        )


def _heads(value: float) -> str:
    return "not known" if pd.isna(value) else number(float(value))


def _need(plan: ProgramPlan) -> Iterator[Block]:
    yield from _refused(plan, "need")
    if plan.need is not None:
        yield Heading(3, f"The least staff: {plan.need.program}")
        yield from _told(plan, "need", plan.need.said)


def _reassignment(plan: ProgramPlan) -> Iterator[Block]:
    found = plan.reassignment
    yield from _refused(plan, "reassignment")
    if found is None:
        return
    yield Heading(3, f"Who moves to whom: {found.program}")
    if len(found.moves):
        by = ["from_day", "from_staff", "to_staff", "reason"]
        moves = found.moves.groupby(by, sort=True, dropna=False).size().reset_index(name="n")
        frame = pd.DataFrame(
            {
                "From": moves["from_staff"].fillna("").replace("", "nobody"),
                "To": moves["to_staff"],
                "Students": moves["n"],
                "On": moves["from_day"].map(date),
                "Why": moves["reason"],
            }
        )
        yield TableBlock(f"Students who change case manager: {found.program}", frame)
    if found.status in ("found", "impossible") and len(found.loads):
        loads = found.loads
        frame = pd.DataFrame(
            {
                "Case manager": loads["staff_id"],
                "Limit": loads["limit"].map(_heads),
                "Students": loads["before"],
            }
        )
        if found.status == "found":
            frame = frame.rename(columns={"Students": "Students before"})
            frame["Students after"] = loads["after"]
        caption = f"Students of each case manager on {date(found.on)}: {found.program}"
        yield TableBlock(caption, frame)
    yield from _told(plan, "reassignment", found.said)


def _forecast(plan: ProgramPlan) -> Iterator[Block]:
    ahead, settings = plan.forecast, plan.outlook.settings
    yield from _refused(plan, "forecast")
    if ahead is None:
        return
    if ahead.refused:
        yield Notice("note", ahead.said[0])
        return
    columns = ["week", "open_days", "low", "median", "high", "capacity", "p_over", "p_any"]
    yield FigureBlock.of(
        figures.students_forecast(
            ahead.weeks[[*columns, "assumed"]],
            ahead.program,
            interval=settings.interval,
            runs=settings.runs,
            sure=settings.sure,
        )
    )
    yield from _told(plan, "forecast", ahead.said)


def _frontier(plan: ProgramPlan) -> Iterator[Block]:
    made, settings = plan.frontier, plan.outlook.settings
    yield from _refused(plan, "frontier")
    if made is None:
        return
    yield FigureBlock.of(
        figures.cost_of_certainty(
            made.steps, made.program, sure=settings.sure, unit=made.unit, money=settings.money
        )
    )
    yield FigureBlock.of(figures.what_matters(made.tornado, made.program, settings.money))
    yield from _told(plan, "frontier", made.said)


def _workload(plan: ProgramPlan) -> Iterator[Block]:
    yield from _refused(plan, "workload")
    if plan.workload is not None:
        yield FigureBlock.of(figures.hours_per_manager(plan.workload.frame, plan.workload.program))
        yield from _told(plan, "workload", plan.workload.said)


def _leave(plan: ProgramPlan) -> Iterator[Block]:
    leave = plan.leave
    yield from _refused(plan, "leave")
    if leave is None:
        return
    yield FigureBlock.of(figures.weeks_without_contact(leave.weekly, leave.program))
    if len(leave.plan):
        rows = leave.plan
        frame = pd.DataFrame(
            {
                "Floater": rows["floater"].map(lambda n: f"floater {n}"),
                "Stands in for": rows["staff_id"],
                "From": rows["first"].map(date),
                "To": rows["last"].map(date),
                "Open days": rows["days"],
                "Students": rows["students"],
                "Or a colleague with room": rows["colleague"],
            }
        )
        yield TableBlock(f"Who stands in for planned leave: {leave.program}", frame)
    yield from _told(plan, "leave", leave.said)


def _levelling(plan: ProgramPlan) -> Iterator[Block]:
    level = plan.levelling
    yield from _refused(plan, "levelling")
    if level is None:
        return
    if len(level.by_week):
        yield FigureBlock.of(figures.meetings_by_week(level.by_week, level.program))
    else:
        yield Heading(3, f"IEP meetings: {level.program}")
    if len(level.unplaced):
        left = count(len(level.unplaced), "meeting")
        yield Notice("warning", f"{left} could not be given a week: the reasons stand below.")
    yield from _told(plan, "levelling", level.said)
