"""What falls due next, for whom: the `due` verdicts of an evaluation with a horizon, in words.

The table and the calendar made of it hold students' ids, so they stay with the program.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import icalendar
import numpy as np
import pandas as pd

from casekit.calendars import Days, monday
from casekit.caseload import FAR, Caseload
from casekit.caseload import days as days_of
from casekit.evaluate import UsageError
from casekit.files import replacing, write_text
from casekit.findings import Evaluation
from casekit.kinds.asked import students_of
from casekit.phrases import capital, count
from casekit.phrases import date as long_date
from casekit.records import inert
from casekit.wording import explain

COLUMNS = (
    "due_on",
    "overdue",
    "program_id",
    "standard_id",
    "requirement_id",
    "title",
    "authority",
    "citation",
    "subject_type",
    "subject_id",
    "student_id",
    "case_manager",
    "period_start",
    "what",
    "asked",
)
_SUBJECT = ["program_id", "standard_id", "requirement_id", "subject_type", "subject_id"]
_ORDER = ["period_end", *_SUBJECT, "period_start"]
# What these kinds say rests on a row's own days and numbers: it is the same for everybody.
_SAME_FOR_ALL = (
    *("annual_meeting", "documented", "each_period", "forwarded_by_due", "goals_measured"),
    *("meeting_before_due", "monthly_minutes", "plan_before_exit", "weekly_contact"),
)


def upcoming(evaluation: Evaluation, days: int) -> pd.DataFrame:
    """What falls due up to `days` days after as_of: a row per subject, requirement and period.

    Columns COLUMNS. `due_on` is the last day in time: NaT, and listed last, where no rule gives
    one. `overdue`: it lies before as_of, as of a step whose meeting is still planned.
    `case_manager`: the staff_ids assigned on as_of, with `;` between. `what`: a sentence of whom,
    by when and what; `asked`: what alone. What is waived is left out.
    Raises UsageError where the evaluation was not made to look so far ahead (its `until`).
    """
    last = evaluation.as_of + np.timedelta64(days, "D")
    if any(span.until < last for span in evaluation.spans.values()):
        raise UsageError(f"the evaluation does not reach {last}: evaluate with until={last}")
    rows = evaluation.verdicts
    rows = rows[(rows["status"] == "due") & ~(rows["period_end"] > pd.Timestamp(last))]
    rows = rows[~_waived(evaluation, rows)]
    rows = rows.astype(dict.fromkeys(_SUBJECT, "object")).drop_duplicates(_ORDER)
    rows = rows.sort_values(_ORDER, kind="stable").reset_index(drop=True)
    rules = [
        evaluation.standards[standard].requirements[requirement]
        for standard, requirement in zip(rows["standard_id"], rows["requirement_id"], strict=True)
    ]
    told = {name: [getattr(r, name) for r in rules] for name in ("title", "authority", "citation")}
    rows = rows.assign(
        **{name: pd.Series(texts, dtype=object) for name, texts in told.items()},
        due_on=rows["period_end"],
        overdue=rows["period_end"] < pd.Timestamp(evaluation.as_of),
        student_id=pd.Series(students_of(evaluation.caseload, rows), dtype=object),
    )
    rows["case_manager"] = case_managers(evaluation.caseload, evaluation.as_of, rows)
    rows["asked"] = _asked_of_each(evaluation, rows, [rule.kind for rule in rules])
    each = zip(_subjects(rows), rows["period_end"], rows["asked"], strict=True)
    rows["what"] = pd.Series([_sentence(*one) for one in each], dtype=object)
    return rows[list(COLUMNS)]


def within(rows: pd.DataFrame, as_of: Days, days: int) -> pd.DataFrame:
    """The rows of `upcoming` that fall due up to `days` days after as_of, or have no day."""
    return rows[~(rows["due_on"] > pd.Timestamp(as_of + np.timedelta64(days, "D")))]


def about(
    rows: pd.DataFrame, names: Mapping[str, str], who: str = "", manager: str = ""
) -> pd.DataFrame:
    """The rows (with student_id and case_manager) of some students; empty means of all.

    who      a part of the student's name (`names` has it by id) or id, in any case
    manager  a staff_id assigned to the student
    """
    kept = pd.Series(True, index=rows.index)
    if wanted := who.strip().casefold():
        told = [f"{names.get(s, '')}\n{s}".casefold() for s in rows["student_id"]]
        kept &= pd.Series([wanted in each for each in told], rows.index, dtype=bool)
    if manager:
        held = [manager in each.split(";") for each in rows["case_manager"]]
        kept &= pd.Series(held, rows.index, dtype=bool)
    return rows[kept]


def weeks_of(rows: pd.DataFrame) -> pd.Series:
    """The Monday of the week in which each row falls due; NaT where it is overdue or has no day."""
    begun = rows["due_on"] - pd.to_timedelta(rows["due_on"].dt.day_of_week, unit="D")
    return begun.mask(rows["overdue"].astype(bool))


def by_week(rows: pd.DataFrame, as_of: Days, days: int) -> pd.DataFrame:
    """How many rows fall due in each week up to `days` days after as_of: columns week, due.

    A Monday a row, weeks with none among them; the first row, without a week, is what is overdue.
    A count speaks of nobody in particular, so a figure may show it.
    """
    last = as_of + np.timedelta64(days, "D")
    weeks = pd.date_range(monday(as_of), last, freq="7D", unit="s")
    due = weeks_of(rows).value_counts().reindex(weeks, fill_value=0)
    overdue = int(rows["overdue"].sum())
    return pd.DataFrame({"week": [pd.NaT, *weeks], "due": [overdue, *due]})


def _waived(evaluation: Evaluation, rows: pd.DataFrame) -> pd.Series:
    """Rows of requirements that are waived on the day they fall due."""
    found = pd.Series(False, index=rows.index)
    for standard in evaluation.standards.values():
        for name, waiver in standard.waivers.items():
            mine = (rows["standard_id"] == standard.id) & (rows["requirement_id"] == name)
            begun = rows["period_end"] >= pd.Timestamp(waiver.since or date.min)
            found |= mine & begun & (rows["period_end"] <= pd.Timestamp(waiver.until))
    return found


def case_managers(caseload: Caseload, as_of: Days, rows: pd.DataFrame) -> pd.Series:
    """Who is assigned to the student of each row on as_of: staff_ids with `;` between."""
    given = caseload.tables["assignments"]
    begun = days_of(given["start_date"]) <= as_of
    held = given[begun & (days_of(given["end_date"], FAR) >= as_of)]
    managers: dict[str, set[str]] = {}
    for student, staff in zip(held["student_id"], held["staff_id"], strict=True):
        managers.setdefault(student, set()).add(staff)
    found = [";".join(sorted(managers.get(student, ()))) for student in rows["student_id"]]
    return pd.Series(found, rows.index, dtype=object)


def _asked_of_each(evaluation: Evaluation, rows: pd.DataFrame, kinds: list[str]) -> pd.Series:
    """What each row asks, in a few words."""
    own = ~np.isin(np.array(kinds, dtype=object), _SAME_FOR_ALL)
    alike = [*_SUBJECT[1:3], "period_start", "period_end", "observed", "limit"]
    # Explaining takes a while, so what is the same for everybody is asked for once.
    number = rows.assign(own=np.where(own, rows.index, -1)).groupby(
        [*alike, "own"], dropna=False, sort=False
    )
    number = number.ngroup().to_numpy()
    first = rows[~pd.Series(number, dtype=int).duplicated().to_numpy()]
    asked = [_asked(evaluation, row) for _, row in first.iterrows()]
    return pd.Series([asked[place] for place in number], dtype=object)


def _asked(evaluation: Evaluation, row: pd.Series) -> str:
    """What a row asks: the smallest change that meets it, or else the requirement's title."""
    title, change = str(row["title"]), explain(evaluation, row).evidence.change
    change = change.rstrip(".").removesuffix("; without one it will not be met")
    # What would mend the records would not do what is asked.
    if not change or change.startswith(("Add ", "Record ")):
        return title
    if change[0].isdigit():  # It says how much, and not of what.
        return f"{title} ({change})"
    change = re.sub("^Still asked( by [^:]+)?: ", "", change)
    return re.sub("^(A|One) ", lambda found: found[0].lower(), change)


def _sentence(who: str, due_on: pd.Timestamp, asked: str) -> str:
    """`Student s1, by 5 March 2026: a completed contact.`"""
    day = "" if pd.isna(due_on) else long_date(due_on)
    by = f", by {day}" if day and day not in asked else ""
    return f"{capital(who)}{by}: {asked}."


def _subjects(rows: pd.DataFrame) -> list[str]:
    """Whom each row is about: `student s1`, `referral r1 of student s1`."""
    named = rows[["subject_type", "subject_id", "student_id"]].itertuples(index=False, name=None)
    return [
        f"{kind} {subject}" + (f" of student {student}" if student not in ("", subject) else "")
        for kind, subject, student in named
    ]


class Entry(NamedTuple):
    """An all-day entry of a calendar: one requirement of one program, for all whom it asks."""

    uid: str
    day: date
    summary: str
    description: str


def entries(rows: pd.DataFrame) -> list[Entry]:
    """The entries of a calendar from rows of `upcoming`; what has no day has no entry.

    A uid rests on the day, the requirement and the program, so a later run replaces the entry.
    """
    by = ["due_on", "program_id", "standard_id", "requirement_id"]
    return [_entry(part) for _, part in rows.groupby(by, sort=True)]


def _entry(rows: pd.DataFrame) -> Entry:
    first, program = rows.iloc[0], rows["program_id"].iloc[0]
    day = first["due_on"].date()
    key = json.dumps([str(day), program, first["standard_id"], first["requirement_id"]])
    late = "Overdue: " if first["overdue"] else ""
    many = count(len(rows), first["subject_type"])
    lines = [
        f"Program {program}, by {long_date(day)}, {many}:",
        *_subjects(rows),
        f"Asked by {first['requirement_id']} ({first['authority']}): {first['citation']}",
    ]
    return Entry(
        f"{hashlib.sha256(key.encode()).hexdigest()[:32]}@casekit",
        day,
        _line(f"{late}{first['title']}: {many}, program {program}"),
        "\n".join(map(_line, lines)),
    )


def _line(text: str) -> str:
    """Text on one line, with a mark for each character that a calendar cannot hold."""
    unheld = ("Cc", "Cs", "Zl", "Zp")
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in unheld else c for c in text
    )


def calendar_of(planned: list[Entry], as_of: Days) -> bytes:
    """The entries as an iCalendar file (RFC 5545), stamped with as_of: nothing reads the clock."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//casekit//what falls due//EN")
    calendar.add("version", "2.0")
    stamp = datetime.combine(as_of.astype(date), datetime.min.time(), UTC)
    for entry in planned:
        event = icalendar.Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", stamp)
        event.add("dtstart", entry.day)
        event.add("summary", entry.summary)
        event.add("description", entry.description)
        # It takes nobody's time, and those who only see the calendar need not see who is meant.
        event.add("transp", "TRANSPARENT")
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    return calendar.to_ical()


def read_back(data: bytes) -> list[Entry]:
    """The entries of an iCalendar file."""
    events = icalendar.Calendar.from_ical(data).events
    return [Entry(e.uid, e.start, str(e.summary), str(e.description)) for e in events]


def table_of(rows: pd.DataFrame) -> str:
    """The rows of `upcoming` as CSV, days as 2026-03-05."""
    for name in ("due_on", "period_start"):
        rows = rows.assign(**{name: rows[name].dt.strftime("%Y-%m-%d")})
    return inert(rows[list(COLUMNS)]).to_csv(index=False, lineterminator="\n")


def write_upcoming(rows: pd.DataFrame, path: Path) -> None:
    """The table of rows of `upcoming`, all of it or nothing."""
    write_text(path, table_of(rows))


def write_calendar(rows: pd.DataFrame, as_of: Days, path: Path) -> None:
    """The calendar of rows of `upcoming`, read back before it is moved into place."""
    planned = entries(rows)
    with replacing(path) as beside:
        beside.write_bytes(calendar_of(planned, as_of))
        if read_back(beside.read_bytes()) != planned:
            raise ValueError(f"{path} would not read back as it was written")
