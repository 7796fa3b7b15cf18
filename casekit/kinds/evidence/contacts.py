"""Evidence for the kinds about contacts and about the first contact after a referral."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from casekit.caseload import Caseload
from casekit.kinds.contacts import by_mode, came_about, completed
from casekit.kinds.delivery import documented_contacts, program_contacts
from casekit.kinds.evidence.shown import Evidence, columns, day, listed, moment, of_student, said
from casekit.kinds.referrals import HOUR, Referral, read_referral
from casekit.kinds.rows import Span
from casekit.phrases import capital, count, date, number

_CONTACT = ("student_id", "occurred_at", "mode", "direction", "outcome", "duration_minutes")
_NAMED = {"topics": "the topic", "setting": "the setting", "mode": "the mode"}


def _contacts(caseload: Caseload, span: Span, verdict: pd.Series) -> pd.DataFrame:
    """The contacts with the student in the period, as far as as_of knows."""
    first, last = day(verdict["period_start"]), min(day(verdict["period_end"]), span.as_of)
    return of_student(caseload, "contacts", verdict["subject_id"], "occurred_at", first, last)


def weekly_contact(
    caseload: Caseload,
    span: Span,
    verdict: pd.Series,
    *,
    open_days: int,
    modes: tuple[str, ...] = (),
    two_way: bool = False,
) -> Evidence:
    """The week's contacts with the student, and which of them count."""
    rows = _contacts(caseload, span, verdict)
    told = by_mode(caseload, modes, two_way)
    sure, maybe = told.sure[rows.index].sum(), told.maybe[rows.index].sum()
    first, last = day(verdict["period_start"]), day(verdict["period_end"])
    opened = int(span.calendar.open_between(first, last))
    kind = "two-way contact" if two_way else "contact"
    wanted = f"a completed {kind}" + (f" ({listed(modes)})" if modes else "")
    counts = (
        f"{sure} of {count(len(rows), 'contact')} on record {'counts' if sure == 1 else 'count'}"
    )
    if not len(rows):
        counts = "no contact is on record"
    elif maybe > sure:
        counts += f" for sure, and {maybe - sure} more may"
    change = {
        "not_met": capital(f"{wanted} in the week."),
        "cannot_tell": "Record the outcome, direction and mode of these contacts.",
        "met": f"Without {'it' if sure == 1 else 'them'} the week would not be met.",
    }.get(str(verdict["status"]), "")
    return Evidence(
        columns(rows, *_CONTACT),
        f"In the week from {date(first)}, with {count(opened, 'open day')}, {counts}; {wanted}"
        " is asked.",
        change,
    )


def monthly_minutes(
    caseload: Caseload, span: Span, verdict: pd.Series, *, at_least: int, modes: tuple[str, ...]
) -> Evidence:
    """The month's face-to-face contacts with the student, added up."""
    told = by_mode(caseload, modes, two_way=False)
    rows = _contacts(caseload, span, verdict)
    total = float(verdict["observed"])
    lengths = rows.loc[told.sure[rows.index], "duration_minutes"]
    parts = [number(minutes) for minutes in lengths.dropna()]
    rows = rows[told.maybe[rows.index]]
    added = f"{' + '.join(parts)} = " if len(parts) > 1 else ""
    short = at_least - total
    change = f"{count(short, 'minute')} more."
    if short <= 0:
        change = f"With {count(math.floor(-short) + 1, 'minute')} less it would not be met."
    elif verdict["status"] == "cannot_tell":
        change = f"{change} Or record the outcome, mode and length of these contacts."
    return Evidence(
        columns(rows, *_CONTACT),
        f"{added}{count(total, 'minute')} face to face in the month; {at_least} are asked.",
        change,
    )


def seen_in_contacts(
    caseload: Caseload,
    span: Span,
    verdict: pd.Series,
    *,
    topics: tuple[str, ...] = (),
    settings: tuple[str, ...] = (),
    modes: tuple[str, ...] = (),
    each: bool = False,
) -> Evidence:
    """How many of the program's contacts showed each topic, setting or mode that is asked."""
    mine = program_contacts(caseload, span)
    mine = mine[(mine["program_id"] == verdict["program_id"]).to_numpy()]
    where = mine["contact"].to_numpy()
    done = caseload.tables["contacts"].iloc[where][completed(caseload).sure[where]]
    wanted = [("topics", t) for t in topics] + [("setting", s) for s in settings]
    wanted += [("mode", m) for m in modes]
    found = {}
    for column, value in wanted:
        cells = done[column].astype("object").fillna("")
        hits = cells.map(lambda cell, value=value: value in str(cell).split(";"))
        found[f"{_NAMED[column]} {said(value)}"] = int(hits.sum())
    rows = pd.DataFrame({"asked": list(found), "contacts": list(found.values())})
    told = listed([f"{n} with {name}" for name, n in found.items()], "and")
    missing = [name for name, n in found.items() if not n]
    change = ""
    if verdict["status"] != "met":
        join = " and one with " if each else " or "
        change = f"One completed contact with {join.join(missing)}."
    if verdict["status"] == "cannot_tell":
        change = f"{change} Or record what is empty in the contacts."
    return Evidence(
        rows, f"{capital(count(len(done), 'completed contact'))} in the span: {told}.", change
    )


def contacts_documented(
    caseload: Caseload,
    span: Span,
    verdict: pd.Series,
    *,
    shown_by: tuple[str, ...] = ("has_notes", "topics"),
    with_student: bool = True,
) -> Evidence:
    """The student's completed contacts of the span that are not documented."""
    done = completed(caseload) if with_student else came_about(caseload)
    mine = program_contacts(caseload, span)
    here = mine["program_id"] == verdict["program_id"]
    where = mine.loc[here & (mine["student_id"] == verdict["subject_id"]), "contact"]
    rows = caseload.tables["contacts"].iloc[where.to_numpy()]
    rows = rows[done.maybe[rows.index]]
    bare = rows[~documented_contacts(caseload, shown_by).sure[rows.index]]
    shown = columns(bare, "student_id", "occurred_at", "outcome", *shown_by)
    every = count(len(rows), "completed contact")
    lacking = listed([_RECORDED[column] for column in shown_by])
    if bare.empty:
        return Evidence(shown, f"Of {every}, none is without {lacking}.", "")
    change = f"Record {_RECORDED[shown_by[0]]} for {count(len(bare), 'contact')}."
    if verdict["status"] == "cannot_tell":
        change = f"Record the outcome of, and {lacking} for, {count(len(bare), 'contact')}."
    return Evidence(shown, f"Of {every}, {len(bare)} without {lacking} on record.", change)


_RECORDED = {
    "has_notes": "notes",
    "topics": "topics",
    "on_face_sheet": "its line on the face sheet",
}


def weekly_delivery(caseload: Caseload, span: Span, verdict: pd.Series) -> Evidence:
    """The week's open days and contacts of the program."""
    first, last = day(verdict["period_start"]), day(verdict["period_end"])
    open_days = span.calendar.open_in(first, last)
    mine = program_contacts(caseload, span)
    here = (mine["program_id"] == verdict["program_id"]) & (mine["day"] >= first)
    where = mine.loc[here & (mine["day"] <= last), "contact"].to_numpy()
    done = int(completed(caseload).sure[where].sum())
    return Evidence(
        pd.DataFrame({"open_day": open_days}),
        f"The week from {date(first)} had {count(len(open_days), 'open day')} and"
        f" {count(done, 'completed contact')}; one of either is asked.",
        ""
        if verdict["status"] == "met"
        else "One open day, or one completed contact, in that week.",
    )


def first_contact(
    caseload: Caseload, span: Span, verdict: pd.Series, *, unit: str, within: float = 0
) -> Evidence:
    """The referral, and the student's contacts from the day before it on."""
    referrals = caseload.tables["referrals"]
    row = referrals[referrals["referral_id"] == verdict["subject_id"]].iloc[0]
    referral = read_referral(caseload, row, span, completed(caseload))
    since = of_student(
        caseload, "contacts", row["student_id"], "occurred_at", referral.day, span.as_of
    )
    rows = since.sort_values("occurred_at", kind="stable").head(5)
    asked = f"a completed contact {_limit(row, verdict, within if unit == 'hours' else 0)}"
    change = {
        "not_met": capital(f"{asked}."),
        "due": capital(f"{asked}; without one it will not be met."),
        "cannot_tell": "Record the time of the referral and of the contacts, and their outcome.",
    }.get(str(verdict["status"]), "")
    told = f"Received on {moment(row['received_at'], bool(row['received_at.timed']))}; "
    return Evidence(columns(rows, *_CONTACT), f"{told}{_first(referral)}. Asked: {asked}.", change)


def _limit(row: pd.Series, verdict: pd.Series, hours: float) -> str:
    """Until when the contact is asked, in words."""
    if hours and row["received_at.timed"]:
        last = row["received_at"] + pd.Timedelta(hours=hours)
        return f"by {moment(last, True)}, {number(hours)} hours after the referral"
    if hours:
        return f"within {number(hours)} hours of the referral"
    if pd.isna(verdict["period_end"]):
        return "before the next school year"
    return f"by {date(day(verdict['period_end']))}"


def _first(referral: Referral) -> str:
    """The first contact that surely came after the referral, in words."""
    after = np.flatnonzero(referral.surely_after())
    if not len(after):
        return "no completed contact is on record that surely came after it"
    first = after[referral.first[after].argmin()]
    when = np.datetime64(int(referral.first[first]), "s")
    told = f"the first contact was on {moment(when, bool(referral.timed[first]))}"
    if not (referral.exact and referral.timed[first]):
        return told
    waited = (referral.first[first] - referral.received) / HOUR
    return f"{told}, {count(waited, 'hour')} later"
