"""Evidence for the kinds about contacts and about the first contact after a referral."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.caseload import Caseload
from casekit.kinds.contacts import by_mode, completed, program_contacts
from casekit.kinds.evidence.shown import (
    Evidence,
    columns,
    count,
    date,
    day,
    moment,
    number,
    of_student,
)
from casekit.kinds.referrals import HOUR, read_referral
from casekit.kinds.rows import Span

_CONTACT = ("student_id", "occurred_at", "mode", "direction", "outcome", "duration_minutes")


def _contacts(caseload: Caseload, verdict: pd.Series) -> pd.DataFrame:
    first, last = day(verdict["period_start"]), day(verdict["period_end"])
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
    rows = _contacts(caseload, verdict)
    told = by_mode(caseload, modes, two_way)
    sure, maybe = told.sure[rows.index].sum(), told.maybe[rows.index].sum()
    first, last = day(verdict["period_start"]), day(verdict["period_end"])
    opened = int(span.calendar.open_between(first, last))
    wanted = "a completed two-way contact" if two_way else "a completed contact"
    wanted += f" ({' or '.join(m.replace('_', ' ') for m in modes)})" if modes else ""
    change = {
        "not_met": f"{wanted[0].upper()}{wanted[1:]} in the week.",
        "cannot_tell": "Record the outcome, direction and mode of these contacts.",
        "met": f"Without {count(int(sure), 'contact')} it would not be met.",
    }.get(str(verdict["status"]), "")
    return Evidence(
        columns(rows, *_CONTACT),
        f"In the week from {date(first)} ({count(opened, 'open day')}) {sure} of"
        f" {count(len(rows), 'contact')} on record surely counted and {maybe - sure} may have; one"
        " is asked.",
        change,
    )


def monthly_minutes(
    caseload: Caseload, span: Span, verdict: pd.Series, *, at_least: int, modes: tuple[str, ...]
) -> Evidence:
    """The month's face-to-face contacts with the student, added up."""
    rows = _contacts(caseload, verdict)
    rows = rows[by_mode(caseload, modes, two_way=False).maybe[rows.index]]
    total = float(verdict["observed"])
    terms = " + ".join(number(m) for m in rows["duration_minutes"].dropna()) or "0"
    short = at_least - total
    change = f"{number(short)} minutes more." if short > 0 else f"{number(1 - short)} minutes less."
    return Evidence(
        columns(rows, *_CONTACT), f"{terms} = {number(total)} minutes of {at_least} asked.", change
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
        found[value] = cells.map(lambda cell, value=value: value in str(cell).split(";")).sum()
    rows = pd.DataFrame({"asked": list(found), "contacts": list(found.values())})
    told = ", ".join(f"{value.replace('_', ' ')}: {n}" for value, n in found.items())
    missing = [value.replace("_", " ") for value, n in found.items() if not n]
    change = ""
    if verdict["status"] != "met":
        join = " and one each with " if each else " or "
        change = f"One completed contact with {join.join(missing)}."
    return Evidence(
        rows, f"Of {count(len(done), 'completed contact')} in the span: {told}.", change
    )


def contacts_documented(caseload: Caseload, span: Span, verdict: pd.Series) -> Evidence:
    """The student's completed contacts of the span without notes or topics."""
    rows = _contacts(caseload, verdict)
    rows = rows[completed(caseload).maybe[rows.index]]
    noted = rows["has_notes"].fillna(False).to_numpy(dtype=bool) | rows["topics"].notna()
    bare = rows[~noted]
    return Evidence(
        columns(bare, "student_id", "occurred_at", "has_notes", "topics"),
        f"{len(bare)} of {count(len(rows), 'completed contact')} have neither notes nor topics.",
        f"Notes on {count(len(bare), 'contact')}." if len(bare) else "",
    )


def weekly_delivery(caseload: Caseload, span: Span, verdict: pd.Series) -> Evidence:
    """The week's open days and contacts of the program."""
    first, last = day(verdict["period_start"]), day(verdict["period_end"])
    opened = span.calendar.open_in(first, last)
    mine = program_contacts(caseload, span)
    here = (mine["program_id"] == verdict["program_id"]) & (mine["day"] >= first)
    where = mine.loc[here & (mine["day"] <= last), "contact"].to_numpy()
    done = int(completed(caseload).sure[where].sum())
    return Evidence(
        pd.DataFrame({"open_day": opened}),
        f"The week from {date(first)} had {count(len(opened), 'open day')} and"
        f" {count(done, 'completed contact')}.",
        "" if verdict["status"] == "met" else "One open day, or one completed contact.",
    )


def first_contact(
    caseload: Caseload, span: Span, verdict: pd.Series, *, hours: float = 0, days: int = 0
) -> Evidence:
    """The referral, and the student's contacts from the day before it on."""
    referrals = caseload.tables["referrals"]
    row = referrals[referrals["referral_id"] == verdict["subject_id"]].iloc[0]
    referral = read_referral(caseload, row, span, completed(caseload))
    received = moment(row["received_at"], bool(row["received_at.timed"]))
    rows = of_student(
        caseload, "contacts", row["student_id"], "occurred_at", referral.day, span.as_of
    ).head(5)
    after = np.flatnonzero(referral.surely_after())
    limit = (
        f"within {number(hours)} hours of it" if hours else f"by {date(day(verdict['period_end']))}"
    )
    if not len(after):
        told = f"Received on {received}; no completed contact surely after it is on record."
    else:
        first = after[referral.first[after].argmin()]
        when = np.datetime64(int(referral.first[first]), "s")
        told = f"Received on {received}; first contact {moment(when, bool(referral.timed[first]))}"
        waited = (referral.first[first] - referral.received) / HOUR
        exact = referral.exact and referral.timed[first]
        told += f", {number(waited)} hours later." if exact else "."
    status = str(verdict["status"])
    change = {
        "not_met": f"A completed contact {limit} of it."
        if hours
        else f"A completed contact {limit}.",
        "due": f"A completed contact {limit}, else it will not be met.",
        "cannot_tell": "Record the time of the referral and of the contact, and its outcome.",
    }.get(status, "")
    return Evidence(columns(rows, *_CONTACT), f"{told} Asked: contact {limit}.", change)
