"""Grouped tables for figures and reports, each one call away from an Evaluation.

None holds a row about one student. Case managers are numbered unless the program itself asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK, Days, monday
from casekit.caseload import days
from casekit.catalog import Requirement
from casekit.evaluate import waiver_text
from casekit.findings import Evaluation, summarize
from casekit.kinds import staffing
from casekit.kinds.referrals import last_term_limit
from casekit.kinds.rows import Span
from casekit.phrases import capital, count


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


def waived(evaluation: Evaluation, requirement: Requirement, rows: pd.DataFrame) -> pd.Series:
    """Whether each of a requirement's verdicts is not_applicable because it was waived then."""
    waiver = evaluation.standards[requirement.standard].waivers.get(requirement.id)
    if waiver is None:
        return pd.Series(False, index=rows.index)
    return (rows["status"] == "not_applicable") & (rows["reason"] == waiver_text(waiver))


def waiver_sentence(evaluation: Evaluation, program: str, requirement: Requirement) -> str:
    """`Waived until ...: why.`, `In part waived ...` where other verdicts stand; else empty."""
    waiver = evaluation.standards[requirement.standard].waivers.get(requirement.id)
    if waiver is None:
        return ""
    if wholly_waived(evaluation, program, requirement):
        return f"{capital(waiver_text(waiver))}."
    rows = _verdicts(evaluation, program, requirement)
    some = waived(evaluation, requirement, rows).any()
    return f"In part {waiver_text(waiver)}." if some else ""


def wholly_waived(evaluation: Evaluation, program: str, requirement: Requirement) -> bool:
    """Whether a program was not asked a requirement at all, because it was waived.

    Where there was nobody to judge, the day that counts is as_of.
    """
    waiver = evaluation.standards[requirement.standard].waivers.get(requirement.id)
    if waiver is None:
        return False
    rows = _verdicts(evaluation, program, requirement)
    if rows.empty:
        return waiver.holds(evaluation.as_of.astype(date))
    return bool(waived(evaluation, requirement, rows).all())


def _reason(rows: pd.DataFrame) -> str:
    """Why verdicts cannot be told: the reason that most of them give; empty where none does."""
    told = rows.loc[rows["status"] == "cannot_tell", "reason"]
    return next(iter(told[told != ""].mode()), "")


def ratio_by_day(evaluation: Evaluation, program: str, requirement: Requirement) -> pd.DataFrame:
    """Students, time and ratio on each open day with students.

    Columns: day, students, fte (full-time case management; NaN where not recorded), ratio (inf
    where there is none), status (met, not_met, cannot_tell). Days of a waived month are left out.
    """
    span = evaluation.spans[program]
    daily = staffing.ratio_by_day(evaluation.caseload, span, program)
    rows = _verdicts(evaluation, program, requirement)
    off = days(rows.loc[waived(evaluation, requirement, rows), "period_start"])
    months = daily["day"].to_numpy().astype("datetime64[M]")
    daily = daily[(daily["students"] > 0) & ~np.isin(months, off.astype("datetime64[M]"))]
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
    """Each case manager's worst day of each month in which the rule was not waived.

    Columns: manager, month, observed, limit, status, days_over. Managers are numbered in the order
    of their ids; with `names` (the program's own eyes only) they carry their name or id.
    """
    rows = _verdicts(evaluation, program, requirement)
    rows = rows[(rows["subject_type"] == "staff") & ~waived(evaluation, requirement, rows)]
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
    cannot_tell, not_applicable, rate, why (why it cannot be told of some, in words). Counts below
    `small` are withheld.
    """
    span = evaluation.spans[program]
    rows = _verdicts(evaluation, program, requirement)
    counted = summarize(rows, ["week"], small=small)
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
    off = monday(days(rows.loc[waived(evaluation, requirement, rows), "period_start"]))
    found.loc[found["week"].isin(off.astype("datetime64[s]")) & (found["note"] == ""), "note"] = (
        "waived"
    )
    unknown = rows.groupby(monday(days(rows["period_start"])).astype("datetime64[s]"))
    why = {week: _reason(part) for week, part in unknown}
    return found.assign(why=found["week"].map(why).fillna("").astype("object"))


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


STILL_TIME, UNTOLD, LATER = "not yet, still in time", "cannot tell", "later or not at all"
_OPEN = {"due": STILL_TIME, "cannot_tell": UNTOLD, "not_met": LATER}


def _band(requirement: Requirement) -> tuple[float, str]:
    """The hours that a first_contact requirement gives, and its limit in words."""
    unit, within = requirement.settings["unit"], requirement.settings.get("within", 0)
    if unit == "school_year":
        return np.inf, "before the next school year"
    hours = float(within) * (1 if unit == "hours" else 24)  # type: ignore[arg-type]
    return hours, f"within {count(within, str(unit).removesuffix('s'))}"  # type: ignore[arg-type]


def first_contact_buckets(
    evaluation: Evaluation, program: str, requirements: Sequence[Requirement], *, small: int = 0
) -> pd.DataFrame:
    """How many referrals were first met within which of the limits that a standard sets.

    `requirements` are the standard's own first_contact ones: each has a band, the shortest first,
    and those not met within any stand below. A referral counts once, under the first band that
    one of its verdicts says. Columns: bucket, status (of who is counted there), referrals
    (missing where withheld), why (why it cannot be told, in words; else empty).
    """
    asked = [r for r in requirements if not wholly_waived(evaluation, program, r)]
    limits = list(dict.fromkeys(name for _, name in sorted(map(_band, asked))))
    buckets = dict.fromkeys(limits, "met") | {name: status for status, name in _OPEN.items()}
    places = {name: place for place, name in enumerate(buckets)}
    found: dict[str, int] = {}
    rows = [_verdicts(evaluation, program, requirement) for requirement in asked]
    for requirement, mine in zip(asked, rows, strict=True):
        for referral, status in zip(mine["subject_id"], mine["status"], strict=True):
            bucket = _band(requirement)[1] if status == "met" else _OPEN.get(status)
            if bucket:
                place = places[bucket]
                found[referral] = min(found.get(referral, place), place)
    counts = np.bincount(np.array(list(found.values()), dtype=int), minlength=len(buckets))
    referrals = pd.Series(counts, dtype="Int64")
    if small:
        referrals = referrals.mask((referrals > 0) & (referrals < small))
    untold = [referral for referral, place in found.items() if place == places[UNTOLD]]
    why = _reason(pd.concat([r[r["subject_id"].isin(untold)] for r in rows])) if untold else ""
    return pd.DataFrame(
        {
            "bucket": list(buckets),
            "status": list(buckets.values()),
            "referrals": referrals,
            "why": [why if name == UNTOLD else "" for name in buckets],
        }
    )


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
