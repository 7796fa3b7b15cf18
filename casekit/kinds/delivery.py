"""Kinds about what contacts show: topics and settings, notes, every week of the year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK, monday
from casekit.caseload import Caseload
from casekit.kinds.contacts import came_about, completed
from casekit.kinds.rows import (
    CANNOT_TELL,
    MET,
    NOT_MET,
    Span,
    Told,
    day_of,
    enrolled_in_span,
    is_one_of,
    is_true,
    nobody,
    untold,
    verdicts,
)
from casekit.kinds.words import DocumentedBy, Mode, Setting, Topic
from casekit.tables import TABLES


def program_contacts(caseload: Caseload, span: Span) -> pd.DataFrame:
    """The contacts of the span on days when their student was enrolled in a program of it.

    Columns: program_id, student_id, day, contact (the position in the contacts table).
    """

    def find() -> pd.DataFrame:
        contacts = caseload.tables["contacts"]
        when = day_of(contacts, "occurred_at")
        inside = np.flatnonzero((when >= span.since) & (when <= span.as_of))
        who = contacts["student_id"].iloc[inside]
        frame = pd.DataFrame({"student_id": who, "day": when[inside], "contact": inside})
        both = frame.merge(enrolled_in_span(caseload, span), on="student_id")
        both = both[(both["day"] >= both["start"]) & (both["day"] <= both["end"])]
        return both[["program_id", "student_id", "day", "contact"]].reset_index(drop=True)

    return caseload.once(("program_contacts", span.key), find)


def seen_in_contacts(
    caseload: Caseload,
    span: Span,
    *,
    topics: tuple[Topic, ...] = (),
    settings: tuple[Setting, ...] = (),
    modes: tuple[Mode, ...] = (),
    each: bool = False,
) -> pd.DataFrame:
    """The program's completed contacts of the span show one of the topics, settings or modes.

    With `each`, every one that is named must be seen. One row per program.
    """
    if reason := caseload.lacks("contacts"):
        return untold(caseload, span, reason)
    wanted = [("topics", t) for t in topics]
    wanted += [("setting", s) for s in settings] + [("mode", m) for m in modes]
    mine = program_contacts(caseload, span)
    where = mine["contact"].to_numpy()
    done = completed(caseload)
    seen = [done & is_one_of(caseload, "contacts", column, [value]) for column, value in wanted]
    programs = list(dict.fromkeys(enrolled_in_span(caseload, span)["program_id"]))
    rows = []
    for program in programs:
        here = where[(mine["program_id"] == program).to_numpy()]
        sure = [bool(told.sure[here].any()) for told in seen]
        maybe = [bool(told.maybe[here].any()) for told in seen]
        asked = all if each else any
        code = MET if asked(sure) else CANNOT_TELL if asked(maybe) else NOT_MET
        rows.append((code, sum(sure)))
    status = np.array([code for code, _ in rows], dtype="int8")
    meanings = [TABLES["contacts"].column(column).meaning for column, _ in wanted]
    meanings = [*dict.fromkeys(meanings), "whether it came about"]
    unsaid = f"a contact does not say {' or '.join(meanings)}"
    return verdicts(
        "program",
        program_id=programs,
        period_start=span.since,
        period_end=span.as_of,
        status=status,
        reason=np.where(status == CANNOT_TELL, unsaid, ""),
        observed=np.array([count for _, count in rows], dtype=float),
        limit=len(wanted) if each else 1,
        unit="kinds of contact seen",
    )


def contacts_documented(
    caseload: Caseload,
    span: Span,
    *,
    shown_by: tuple[DocumentedBy, ...] = ("has_notes", "topics"),
    with_student: bool = True,
) -> pd.DataFrame:
    """Each of a student's completed contacts in the span is documented in one of these columns.

    FLO standards, data management (notes, or what it was about); case management services, B1c
    (the face sheet). `with_student`: only contacts in which the student took part. One row per
    student who had a contact.
    """
    if reason := caseload.lacks("contacts"):
        return untold(caseload, span, reason)
    shown = documented_contacts(caseload, shown_by)
    done = completed(caseload) if with_student else came_about(caseload)
    mine = program_contacts(caseload, span)
    where = mine["contact"].to_numpy()
    mine = mine.assign(
        bare=(done.sure & ~shown.maybe)[where], doubt=(done.maybe & ~shown.sure)[where]
    )[done.maybe[where]]
    people = mine.groupby(["program_id", "student_id"], observed=True)[["bare", "doubt"]].sum()
    people = people.reset_index()
    status = np.where(people["bare"] > 0, NOT_MET, np.where(people["doubt"] > 0, CANNOT_TELL, MET))
    unsaid = f"whether a contact came about, or {_MISSING[shown_by[0]]}, is not recorded"
    return verdicts(
        "student",
        program_id=people["program_id"],
        subject_id=people["student_id"],
        period_start=span.since,
        period_end=span.as_of,
        status=status,
        reason=np.where(status == CANNOT_TELL, unsaid, ""),
        observed=people["bare"],
        limit=0,
        unit=f"contacts without {_WITHOUT[shown_by[0]]}",
    )


_MISSING = {
    "has_notes": "has notes",
    "topics": "what it was about",
    "on_face_sheet": "stands on the face sheet",
}
_WITHOUT = {
    "has_notes": "notes",
    "topics": "topics",
    "on_face_sheet": "a line on the face sheet",
}


def documented_contacts(caseload: Caseload, shown_by: tuple[str, ...]) -> Told:
    """Whether each contact is documented in one of the columns.

    A yes_no cell that is empty may be a yes, and so may a column that is not there; a list that
    is empty is empty.
    """
    contacts = caseload.tables["contacts"]
    found = Told(np.zeros(len(contacts), dtype=bool), np.zeros(len(contacts), dtype=bool))
    for column in shown_by:
        if TABLES["contacts"].column(column).type == "yes_no":
            found = found | is_true(caseload, "contacts", column)
        else:
            said = contacts[column].notna().to_numpy()
            found = found | Told(said, said)
    return found


def weekly_delivery(caseload: Caseload, span: Span) -> pd.DataFrame:
    """Every week in which the program has students has an open day or a completed contact.

    FLO standards, organisational capacity: delivery in 52 weeks of the year, term breaks too.
    """
    mondays = span.calendar.weeks(span.since, span.as_of)
    sundays = mondays + WEEK - DAY
    opened = span.calendar.open_between(mondays, sundays)
    lacks = caseload.lacks("contacts")
    done = completed(caseload)
    mine = program_contacts(caseload, span)
    enrolled = enrolled_in_span(caseload, span)
    found = []
    for program in dict.fromkeys(enrolled["program_id"]):
        stretches = enrolled[enrolled["program_id"] == program]
        start, end = stretches["start"].to_numpy(), stretches["end"].to_numpy()
        there = ((start[:, None] <= sundays) & (end[:, None] >= mondays)).any(axis=0)
        rows = mine[(mine["program_id"] == program).to_numpy()]
        which = rows["contact"].to_numpy()
        week = monday(rows["day"].to_numpy())
        sure = (opened > 0) | np.isin(mondays, week[done.sure[which]])
        maybe = sure | np.isin(mondays, week[done.maybe[which]]) | bool(lacks)
        status = np.where(sure, MET, np.where(maybe, CANNOT_TELL, NOT_MET))[there]
        found.append(
            verdicts(
                "program",
                program_id=program,
                period_start=mondays[there],
                period_end=sundays[there],
                status=status,
                reason=np.where(
                    status == CANNOT_TELL, lacks or "the outcome of a contact is not recorded", ""
                ),
                observed=opened[there],
                unit="open days",
            )
        )
    return pd.concat(found, ignore_index=True) if found else nobody()
