"""A program's section of the plan's page: each part a figure, its sentences, and how it is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from casekit.figures import planning as figures
from casekit.figures.planning.frontier import price
from casekit.phrases import count, date, number
from casekit.planning.outlook import Outlook
from casekit.planning.plan import ProgramPlan
from casekit.planning.recovery import Recovery
from casekit.reports.document import Block, Bullets, FigureBlock, Heading, Notice, TableBlock, Text
from casekit.reports.planning import glance
from casekit.reports.planning.words import PARTS, how

_DO = {
    "reassign": "move students",
    "share": "give more time",
    "hire": "hire",
    "cover": "stand in",
    "record": "record",
    "answer": "answer",
    "wait": "wait",
}


def section(
    name: str, plan: ProgramPlan, lines: Mapping[str, pd.DataFrame], seed: int
) -> Iterator[Block]:
    """The blocks of one program. `lines`: its open days in each scenario (see staffing_ahead)."""
    yield Heading(2, name)
    yield Bullets(tuple(glance.sentences(plan)))
    yield from _recoveries(plan, seed)
    yield from _staffing(plan, lines, seed)
    yield from _need(plan, seed)
    yield from _reassignment(plan, seed)
    yield from _forecast(plan, seed)
    yield from _frontier(plan, seed)
    yield from _workload(plan, seed)
    yield from _leave(plan, seed)
    yield from _levelling(plan, seed)


def _refused(plan: ProgramPlan, part: str) -> Iterator[Block]:
    """Why a part is not there; a part that rests on another one says nothing of its own."""
    if why := plan.refused.get(part):
        yield Notice("note", _sentence(f"{PARTS[part]} is left out: {why}"))


def _told(plan: ProgramPlan, part: str, said: Iterable[str], seed: int) -> Iterator[Block]:
    """The sentences of a part, without the calendar's note, and how its numbers come about."""
    note = _sentence(plan.outlook.note)
    items = tuple(text for each in said if (text := _sentence(each)) != note)
    if items:
        yield Bullets(items)
    yield Text(how(part, plan.outlook, seed))


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _recoveries(plan: ProgramPlan, seed: int) -> Iterator[Block]:
    yield from _refused(plan, "recovery")
    for recovery in plan.recoveries:
        program, standard = recovery.program, recovery.standard_id
        yield Heading(3, f"What to do toward {recovery.aim}: {program}, {standard}")
        if len(recovery.steps):
            yield TableBlock(
                f"Steps in the order of doing: {program}, {standard}",
                _steps(recovery, plan.outlook),
                "A step without a day has none that a rule gives. Moving students is in moves.csv,"
                " which names them and stays with those who need it.",
            )
        if len(recovery.stays):
            yield TableBlock(
                f"What was missed and cannot be mended: {program}, {standard}",
                _stays(recovery),
                "A report over a span that starts on the day, or later, is free of it.",
            )
        yield from _told(plan, "recovery", recovery.said, seed)


def _stays(recovery: Recovery) -> pd.DataFrame:
    stays = recovery.stays.sort_values(["free_from", "requirement_id"], kind="stable")
    return pd.DataFrame(
        {
            "What is asked": stays["title"],
            "Missed": stays["missed"],
            "Free of it from": stays["free_from"].map(_day),
            "Requirement": stays["requirement_id"],
        }
    )


def _steps(recovery: Recovery, outlook: Outlook) -> pd.DataFrame:
    steps = recovery.steps
    return pd.DataFrame(
        {
            "Order": steps["order"].astype(str),
            "By": steps["on"].map(_day),
            "Who": steps["who"],
            "What": steps["kind"].map(lambda kind: _DO.get(kind, kind)),
            "Step": steps["step"],
            f"Cost ({outlook.settings.money})": steps["cost"].map(price),
            "Requirement": steps["requirement_id"],
        }
    )


def _day(day: object) -> str:
    return "" if pd.isna(day) else date(day)


def _staffing(plan: ProgramPlan, lines: Mapping[str, pd.DataFrame], seed: int) -> Iterator[Block]:
    found, outlook = plan.through_time, plan.outlook
    yield from _refused(plan, "through_time")
    if found is None:
        return
    figure = figures.staffing_ahead(lines, outlook.limits, found.program, outlook.span.as_of)
    yield FigureBlock.of(figure)
    yield from _told(plan, "through_time", found.said, seed)
    people = found.people
    if len(people) and outlook.limits:
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
        by_ratio = outlook.limits.per_staff is not None
        caption = f"The room with each case manager: {found.program}"
        yield TableBlock(caption, frame, note if by_ratio else "")


def _heads(value: float) -> str:
    return "not known" if pd.isna(value) else number(float(value))


def _need(plan: ProgramPlan, seed: int) -> Iterator[Block]:
    yield from _refused(plan, "need")
    if plan.need is not None:
        yield Heading(3, f"The least staff: {plan.need.program}")
        yield from _told(plan, "need", plan.need.said, seed)


def _reassignment(plan: ProgramPlan, seed: int) -> Iterator[Block]:
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
                "Students before": loads["before"],
                "Students after": loads["after"],
            }
        )
        caption = f"Students of each case manager on {date(found.on)}: {found.program}"
        yield TableBlock(caption, frame)
    yield from _told(plan, "reassignment", found.said, seed)


def _forecast(plan: ProgramPlan, seed: int) -> Iterator[Block]:
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
    yield from _told(plan, "forecast", ahead.said, seed)


def _frontier(plan: ProgramPlan, seed: int) -> Iterator[Block]:
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
    yield from _told(plan, "frontier", made.said, seed)


def _workload(plan: ProgramPlan, seed: int) -> Iterator[Block]:
    yield from _refused(plan, "workload")
    if plan.workload is not None:
        yield FigureBlock.of(figures.hours_per_manager(plan.workload.frame, plan.workload.program))
        yield from _told(plan, "workload", plan.workload.said, seed)


def _leave(plan: ProgramPlan, seed: int) -> Iterator[Block]:
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
    yield from _told(plan, "leave", leave.said, seed)


def _levelling(plan: ProgramPlan, seed: int) -> Iterator[Block]:
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
    yield from _told(plan, "levelling", level.said, seed)
