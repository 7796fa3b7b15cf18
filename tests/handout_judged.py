"""What the judges say of the facts of a try-it: `evaluate` on the caseload that they describe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from conftest import caseload_of
from handout_worlds import STUDENT, WORLDS, Facts, Rows, day

from casekit.catalog import Requirement, Standard, load
from casekit.evaluate import evaluate
from casekit.handout.tries import TryIt
from casekit.tables import TABLES

IDS = ("student_id", "staff_id", "referral_id", "goal_id")
WORST = ("not_met", "cannot_tell", "due", "met", "not_applicable")


def judged(it: TryIt, many: Sequence[Facts]) -> list[str]:
    """What `evaluate` says of a try-it's requirement on the caseload that each facts describe.

    All are read as one caseload, a program each, since reading is what takes long.
    """
    tables: dict[str, Rows] = {}
    spans: dict[tuple[date, date], list[str]] = {}
    calendars: dict[str, str] = {}
    for number, facts in enumerate(many):
        own, since, as_of = WORLDS[it.requirement.kind](it.settings, facts)
        spans.setdefault((since, as_of), []).append(f"p{number}")
        rows = _csv("calendar", own.pop("calendar"))
        own["programs"] = [
            {"program_name": "One", "instructional_sites": "north"}
            | {"calendar_id": calendars.setdefault(rows, f"c{len(calendars)}")}
        ]
        people = own.get("students", [STUDENT])
        own["students"] = [{**row, **_who(it, facts)} for row in people]
        for table, each in own.items():
            tables.setdefault(table, []).extend(_of_program(number, row) for row in each)
    texts = {name: _csv(name, rows) for name, rows in tables.items()}
    texts["calendar"] = "".join(
        rows.replace("c1,", f"{name},") if not n else _body(rows).replace("c1,", f"{name},")
        for n, (rows, name) in enumerate(calendars.items())
    )
    caseload = caseload_of(**texts)
    found: dict[str, str] = {}
    for (since, as_of), programs in spans.items():
        standard = _alone(it.requirement)
        frame = evaluate(standard, caseload, as_of, since, programs=programs).frame
        if it.requirement.kind == "annual_meeting":  # the next meeting opens a row of its own
            frame = frame.sort_values("period_start").drop_duplicates("program_id")
        status = frame["status"].astype(str).groupby(frame["program_id"].astype(str))
        found |= status.agg(lambda each: min(each, key=WORST.index)).to_dict()
    return [found.get(f"p{number}", "not_applicable") for number in range(len(many))]


def _alone(requirement: Requirement) -> Standard:
    standard = load(requirement.standard)
    return replace(standard, requirements={requirement.id: requirement}, waivers={})


def _who(it: TryIt, facts: Facts) -> dict[str, object]:
    """The columns of a student by which a requirement is asked; of texts, the first that is."""
    applies = it.requirement.applies_to.items()
    who = {column: v[0] if isinstance(v, tuple) else v for column, v in applies}
    who |= {column: facts[column] for column in it.settings["who"]}
    if "age" in who:
        who["birth_date"] = date(day(facts, "meeting").year - int(who.pop("age")), 1, 1)
    return who


def _of_program(number: int, row: dict[str, object]) -> dict[str, object]:
    """A row with its people under names of their own, in a program of its own."""
    own = {name: f"{number}.{row[name]}" for name in IDS if row.get(name)}
    return {"program_id": f"p{number}", **row, **own}


def _csv(table: str, rows: Rows) -> str:
    known = {column.name for column in TABLES[table].columns}
    names = [n for n in dict.fromkeys(name for row in rows for name in row) if n in known]
    lines = [",".join(str(row.get(name, "")) for name in names) for row in rows]
    return "\n".join([",".join(names), *lines]) + "\n"


def _body(text: str) -> str:
    return text.partition("\n")[2]
