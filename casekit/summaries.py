"""Grouped tables for figures and reports, each one call away from an Evaluation.

None holds a row about one student. Case managers are numbered unless the program itself asks.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK, Days, monday
from casekit.caseload import days
from casekit.catalog import Requirement
from casekit.findings import Evaluation, summarize
from casekit.kinds import staffing
from casekit.kinds.referrals import last_term_limit
from casekit.kinds.rows import Span


def requirements_of_kind(evaluation: Evaluation, program: str, *kinds: str) -> list[Requirement]:
    """The requirements of some kinds that a program is held to, in the standards' order."""
    return [
        requirement
        for standard in evaluation.plan.held[program]
        for requirement in evaluation.standards[standard].requirements.values()
        if requirement.kind in kinds
    ]


def _verdicts(evaluation: Evaluation, program: str, requirement: Requirement) -> pd.DataFrame:
    frame = evaluation.verdicts
    frame = frame[(frame["program_id"] == program) & (frame["requirement_id"] == requirement.id)]
    return frame[frame["standard_id"] == requirement.standard]


def ratio_by_day(evaluation: Evaluation, program: str, requirement: Requirement) -> pd.DataFrame:
    """Students, time and ratio on each open day with students.

    Columns: day, students, fte (full-time case management; NaN where not recorded), ratio (inf
    where there is none), status (met, not_met, cannot_tell).
    """
    span = evaluation.spans[program]
    daily = staffing.ratio_by_day(evaluation.caseload, span, program)
    daily = daily[daily["students"] > 0]
    unknown = (daily["unknown"] > 0).to_numpy()
    cap = staffing.exact(requirement.settings["per_staff"])  # type: ignore[arg-type]
    over = [n > cap * t for n, t in zip(daily["students"].tolist(), daily["time"], strict=True)]
    return pd.DataFrame(
        {
            "day": daily["day"].to_numpy(),
            "students": daily["students"].to_numpy(),
            "fte": np.where(unknown, np.nan, daily["time"].astype(float).to_numpy()),
            "ratio": np.where(unknown, np.nan, daily["ratio"].to_numpy()),
            "status": np.where(unknown, "cannot_tell", np.where(over, "not_met", "met")),
        }
    )


def caseload_by_month(
    evaluation: Evaluation, program: str, requirement: Requirement, *, names: bool = False
) -> pd.DataFrame:
    """Each case manager's worst day of each month.

    Columns: manager, month, observed, limit, status, days_over. Managers are numbered in the order
    of their ids; with `names` (the program's own eyes only) they carry their name or id.
    """
    rows = _verdicts(evaluation, program, requirement)
    rows = rows[rows["subject_type"] == "staff"]
    people = sorted(rows["subject_id"].unique())
    labels = {person: f"Case manager {number}" for number, person in enumerate(people, 1)}
    if names:
        labels = {person: _staff_name(evaluation, person) for person in people}
    return pd.DataFrame(
        {
            "manager": rows["subject_id"].map(labels),
            "month": rows["period_start"],
            "observed": rows["observed"],
            "limit": rows["limit"],
            "status": rows["status"].astype(str),
            "days_over": rows["days_over"],
        }
    ).reset_index(drop=True)


def _staff_name(evaluation: Evaluation, staff_id: str) -> str:
    staff = evaluation.caseload.tables["staff"]
    names = staff.loc[staff["staff_id"] == staff_id, "staff_name"].dropna()
    return str(names.iloc[0]) if len(names) else staff_id


def contact_by_week(
    evaluation: Evaluation, program: str, requirement: Requirement, *, small: int = 0
) -> pd.DataFrame:
    """Students contacted in every week that the span touches, with weeks that were not judged.

    Columns: week, open_days, note ("" or why the week is not judged), denominator, numerator,
    cannot_tell, not_applicable, rate. Counts below `small` are withheld.
    """
    span = evaluation.spans[program]
    counted = summarize(_verdicts(evaluation, program, requirement), ["week"], small=small)
    last = span.as_of
    mondays = np.arange(monday(span.since), last + DAY, WEEK)
    sundays = mondays + WEEK - DAY
    opened = span.calendar.open_between(mondays, sundays)
    asked = int(requirement.settings.get("open_days", 1))  # type: ignore[call-overload]
    notes = [
        _week_note(evaluation, span, first, int(count), asked)
        for first, count in zip(mondays, opened, strict=True)
    ]
    weeks = pd.DataFrame(
        {"week": mondays.astype("datetime64[s]"), "open_days": opened, "note": notes}
    )
    counts = ["denominator", "numerator", "cannot_tell", "not_applicable"]
    table = counted.frame[["week", *counts, "rate"]]
    found = weeks.merge(table.astype({"week": "datetime64[s]"}), on="week", how="left")
    there = weeks["week"].isin(table["week"])
    found.loc[~there, counts] = 0
    return found


def _week_note(evaluation: Evaluation, span: Span, first: Days, opened: int, asked: int) -> str:
    last = first + WEEK - DAY
    if first < span.since or last > span.as_of:
        return "part week"
    rows = evaluation.caseload.tables["calendar"]
    rows = rows[rows["calendar_id"].astype(str) == span.calendar.calendar_id]
    closed = rows[(rows["kind"] == "closure") & (rows["start_date"] <= last)]
    closed = closed[closed["end_date"] >= first]
    names = ", ".join(dict.fromkeys(closed["name"].dropna()))
    if names and opened < 5:
        return f"closure: {names}"
    if not opened:
        return "no open day"
    return "too few open days" if opened < asked else ""


BUCKETS = (
    "within 48 hours",
    "within 72 hours",
    "within 7 days",
    "before the next school year",
    "not yet, still in time",
    "cannot tell",
    "later",
)
_BUCKET_OF = {
    ("hours", 48): "within 48 hours",
    ("hours", 72): "within 72 hours",
    ("days", 7): "within 7 days",
    ("school_year", 0): "before the next school year",
}


def first_contact_buckets(evaluation: Evaluation, program: str, *, small: int = 0) -> pd.DataFrame:
    """How many referrals were first met within which limit.

    Columns: bucket (in the order of BUCKETS), referrals (missing where withheld). A referral
    counts once, under the first of BUCKETS that one of its verdicts says.
    """
    open_ = {"due": "not yet, still in time", "cannot_tell": "cannot tell", "not_met": "later"}
    found: dict[str, int] = {}
    for requirement in requirements_of_kind(evaluation, program, "first_contact"):
        limit = (requirement.settings["unit"], requirement.settings.get("within", 0))
        name = _BUCKET_OF.get(limit)  # type: ignore[arg-type]
        rows = _verdicts(evaluation, program, requirement)
        for referral, status in zip(rows["subject_id"], rows["status"], strict=True):
            bucket = name if status == "met" else open_.get(status)
            if bucket:
                place = BUCKETS.index(bucket)
                found[referral] = min(found.get(referral, place), place)
    counts = np.bincount(np.array(list(found.values()), dtype=int), minlength=len(BUCKETS))
    referrals = pd.Series(counts, dtype="Int64")
    if small:
        referrals = referrals.mask((referrals > 0) & (referrals < small))
    return pd.DataFrame({"bucket": list(BUCKETS), "referrals": referrals})


def referrals_before(evaluation: Evaluation, program: str) -> int:
    """Referrals of the last term before the span, whose limit is the school year it starts with.

    They were received before `since`, so they are not judged; a reader should know of them.
    """
    span, rows = evaluation.spans[program], evaluation.caseload.tables["referrals"]
    received = days(rows.loc[rows["program_id"] == program, "received_at"])
    found = 0
    for day in received[received < span.since]:
        try:
            late, next_year = last_term_limit(span.calendar, day)
        except LookupError:
            continue
        found += late and next_year >= span.since
    return int(found)
