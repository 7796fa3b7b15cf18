"""What the records of a requirement lack: what is to be recorded or answered, what is missed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from casekit.calendars import DAY, Days
from casekit.caseload import FAR, days
from casekit.catalog import Requirement
from casekit.evaluate import judge
from casekit.kinds import PROJECTED
from casekit.phrases import count, date, listing
from casekit.planning.outlook import Outlook
from casekit.planning.recovery.mending import Step
from casekit.planning.scenarios.compare import Tried

# A requirement, its title, how many verdicts of it stay not met, the first day free of them, and
# whether they are about students.
Stay = tuple[str, str, int, Days, bool]
# Kinds whose rows can still be mended after their day: the record is added, and they are met.
MENDED = (
    *("on_file", "documented", "qualification", "based_on_site", "contacts_documented"),
    *("case_manager_assigned", "assigned_at_new_site"),
)


def record_steps(tried: Tried, outlook: Outlook, requirement: Requirement) -> Iterator[Step]:
    """What has to be recorded or answered of one requirement."""
    span, rows = outlook.span, _rows(tried, outlook, requirement)
    if requirement.attested:
        text = f"put in place and answer: {requirement.title.rstrip('.')}"
        yield (np.datetime64("NaT", "D"), "answer", "the program", text, 0.0, requirement.id)
        return
    if (rows["status"] == "cannot_tell").any():
        yield _fact(requirement, rows)
    if requirement.kind in PROJECTED:
        return
    missed = rows[rows["status"] == "not_met"]
    if len(missed) and requirement.kind in MENDED:
        who = _who(outlook, missed)
        text = f"{count(len(missed), 'case')} not met: {requirement.title.rstrip('.')}"
        yield (span.as_of + DAY, "record", who, text, 0.0, requirement.id)
    coming = rows[rows["status"] == "due"]
    if len(coming):
        ends = days(coming["period_end"], FAR)
        by = ends.min() if len(ends) and ends.min() < FAR else np.datetime64("NaT", "D")
        first = f", the first on {date(by)}" if not np.isnat(by) else ""
        text = f"keep up: {count(len(coming), 'case')} due by the horizon{first}:"
        text += f" {requirement.title.rstrip('.')}"
        yield (by, "record", _who(outlook, coming), text, 0.0, requirement.id)


def stays_missed(tried: Tried, outlook: Outlook, requirement: Requirement) -> Stay | None:
    """How many verdicts of one requirement cannot be mended, and from when a span is free of them.

    What was missed stays missed: from the day after its last period on, a span has none of it.
    """
    if requirement.attested or requirement.kind in MENDED:
        return None
    as_of, rows = outlook.span.as_of, _rows(tried, outlook, requirement)
    missed = rows[(rows["status"] == "not_met") & (days(rows["period_start"]) <= as_of)]
    if requirement.kind in PROJECTED:
        before = replace(outlook.span, until=as_of)
        missed = judge(requirement, outlook.caseload, before)
        missed = missed[missed["status"] == "not_met"]
    if missed.empty:
        return None
    free = np.minimum(days(missed["period_end"], FAR), as_of).max() + DAY
    of_students = bool(missed["subject_type"].isin(["student", "goal", "referral"]).any())
    return requirement.id, requirement.title.rstrip("."), len(missed), free, of_students


def _rows(tried: Tried, outlook: Outlook, requirement: Requirement) -> pd.DataFrame:
    rows = tried.span.of(requirement.id)
    return rows[rows["program_id"].astype(str) == outlook.program]


def _fact(requirement: Requirement, rows: pd.DataFrame) -> Step:
    unknown = rows[rows["status"] == "cannot_tell"]
    reasons = list(dict.fromkeys(unknown["reason"].astype(str)))
    text = f"record what is missing, so that {count(len(unknown), 'case')} can be told:"
    text += f" {listing(reasons)}"
    return np.datetime64("NaT", "D"), "record", "the program", text, 0.0, requirement.id


def _who(outlook: Outlook, rows: pd.DataFrame) -> str:
    """The case managers of the students whom rows are about, or the staff themselves."""
    kinds = set(rows["subject_type"].astype(str))
    if kinds == {"staff"}:
        return listing(sorted(set(rows["subject_id"].astype(str))), 5)
    students = set(rows.loc[rows["subject_type"] == "student", "subject_id"].astype(str))
    held = outlook.caseload.tables["assignments"]
    on = outlook.span.as_of
    now = (days(held["start_date"]) <= on) & (days(held["end_date"], FAR) >= on)
    mine = held[now & held["student_id"].isin(students).to_numpy()]
    names = mine["staff_id"].astype(str).value_counts()
    told = [f"{name} ({names[name]})" for name in sorted(names.index)]
    return listing(told, 8) if told else "the program"
