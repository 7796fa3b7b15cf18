"""Breaches of what SD42 asks of case managers: each edits the draft, and says what it planted."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from casekit.calendars import DAY
from casekit.synth.breach import Breach, whole_span
from casekit.synth.designations import ANNOUNCED, OVER
from casekit.synth.draft import Draft, KeyRow

# Which students a breach may choose from.
Choice = Callable[[Draft, str], list[str]]


def _stays(
    coded: bool | None = None,
    over: bool | None = None,
    concern: bool | None = None,
    letters: str = "",
) -> Choice:
    """Students enrolled all the time, with or without a designation, many hours, or concern."""

    def choose(draft: Draft, program: str) -> list[str]:
        rows = draft.of(program, "students")
        rows = rows[rows["student_id"].isin(draft.stays(program))]
        facts = (
            (coded, rows["designation"].notna()),
            (over, rows["support_hours"].astype(float) > OVER),
            (concern, rows["of_concern"] == "yes"),
        )
        chosen = rows["designation"].isin(list(letters)) if letters else rows["grade_level"].notna()
        for wanted, there in facts:
            chosen &= True if wanted is None else there == wanted
        return rows.loc[chosen, "student_id"].tolist()

    return choose


def _left(draft: Draft, program: str) -> list[str]:
    """Students who are not enrolled any more: nothing of theirs is still to come."""
    rows = draft.of(program, "students").drop_duplicates("student_id", keep="last")
    return rows.loc[rows["enrollment_end"].notna(), "student_id"].tolist()


def _take(
    draft: Draft, program: str, choice: Choice, having: str = "", **equal: object
) -> str | None:
    """A student who has such an event, taken once for all breaches."""
    ids = choice(draft, program)
    if having:
        there = draft.tables["events"].loc[draft.events(having, **equal), "student_id"]
        ids = [one for one in ids if one in set(there)]
    return draft.take(ids, "student")


def paper(
    event_type: str,
    choice: Choice,
    rules: tuple[str, ...],
    why: str,
    status: str = "not_met",
    about: str = "",
    **values: object,
) -> Breach:
    """One student's papers of a type (about this, if given) are missing, or say otherwise."""
    equal = {"detail": about} if about else {}

    def breach(draft: Draft, program: str) -> list[KeyRow]:
        student = _take(draft, program, choice, event_type, **equal)
        if student is None:
            return []
        mine = draft.events(event_type, student_id=student, **equal)
        if values:
            draft.edit("events", mine, **values)
        else:
            draft.drop("events", mine)
        return [
            whole_span(draft, f"bc_sd42.{rule}", program, student, why, status) for rule in rules
        ]

    return breach


def _nobody_yet(rule: str, choice: Choice) -> Breach:
    """A student has no case manager until some days of school are over."""

    def breach(draft: Draft, program: str) -> list[KeyRow]:
        student = _take(draft, program, choice)
        if student is None:
            return []
        first = str(draft.open_days(program)[6])
        rows = draft.tables["assignments"]
        draft.drop("assignments", (rows["student_id"] == student) & (rows["end_date"] < first))
        rows = draft.tables["assignments"]
        begun = (rows["student_id"] == student) & (rows["start_date"] < first)
        draft.edit("assignments", begun, start_date=first)
        why = f"no case manager before {first}"
        return [whole_span(draft, f"bc_sd42.{rule}", program, student, why)]

    return breach


def _cell_empty(column: str, since: tuple[str, ...], yearly: tuple[str, ...]) -> Breach:
    """A cell that says whether something is asked is empty: rules of the span, and of the year."""

    def breach(draft: Draft, program: str) -> list[KeyRow]:
        years = draft.calendars[program].years[:, 0]
        begun = years[(years >= draft.since) & (years <= draft.as_of)]
        student = _take(draft, program, ANYBODY)
        if student is None:
            return []
        rows = draft.tables["students"]
        draft.edit("students", rows["student_id"] == student, **{column: None})
        why = f"{column} is empty"
        told = [(rule, draft.since) for rule in since]
        told += [(rule, first) for rule in yearly for first in begun]
        return [
            KeyRow(f"bc_sd42.{rule}", program, student, str(first), "cannot_tell", why)
            for rule, first in told
        ]

    return breach


def consent_lapsed(draft: Draft, program: str) -> list[KeyRow]:
    """The consent held for one day, and the referral was sent weeks later."""
    sent = {"detail": "referral_submitted"}
    student = _take(draft, program, ANYBODY, "consent_given", **sent)
    if student is None:
        return []
    mine = draft.events("consent_given", student_id=student, **sent)
    day = draft.tables["events"].loc[mine, "occurred_at"].iloc[0]
    draft.edit("events", mine, valid_until=day)
    why = f"the consent ended on {day}, before the referral was sent"
    return [whole_span(draft, "bc_sd42.consent_before_referral", program, student, why)]


def _announced(draft: Draft, student: str) -> str:
    """The date by which the student's new designation has to be in."""
    rows = draft.tables["events"]
    asked = rows.loc[draft.events("designation_requested", student_id=student), "occurred_at"]
    return min(until for _, until in ANNOUNCED if until >= asked.iloc[0])


def sent_too_late(draft: Draft, program: str) -> list[KeyRow]:
    """A new designation is sent ten days after the date that was announced."""
    student = _take(draft, program, ANYBODY, "designation_submitted")
    if student is None:
        return []
    late = str(np.datetime64(_announced(draft, student)) + 10 * DAY)
    if late > str(draft.as_of):
        return []
    draft.edit(
        "events", draft.events("designation_submitted", student_id=student), occurred_at=late
    )
    why = f"sent on {late}, ten days after the date announced"
    return [whole_span(draft, "bc_sd42.designation_in_time", program, student, why)]


def psychologist_not_asked(draft: Draft, program: str) -> list[KeyRow]:
    """A new designation is sent though nobody talked it over; while time is left, that can be."""
    student = _take(draft, program, ANYBODY, "designation_submitted")
    if student is None:
        return []
    draft.drop("events", draft.events("psychologist_consulted", student_id=student))
    missed = _announced(draft, student) < str(draft.as_of)
    rules = ("psychologist_consulted", "designation_in_time")[: 1 + missed]
    why = "sent without a word to the psychologist"
    return [whole_span(draft, f"bc_sd42.{rule}", program, student, why) for rule in rules]


CODED, ANYBODY = _stays(coded=True), _stays()
D_OR_H, OTHERS = _stays(letters="DH"), _stays(letters="ABCEFGKPQR")
PAPER, CONSENT, TOLD = "designation_document", "consent_given", "information_exchanged"
LAPSED = "2026-05-08"

SD42_BREACHES: tuple[Breach, ...] = (
    sent_too_late,
    psychologist_not_asked,
    _nobody_yet("case_manager_coded", _stays(coded=True, over=False, concern=False)),
    _nobody_yet("case_manager_over_25_hours", _stays(coded=False, over=True, concern=False)),
    _nobody_yet("case_manager_of_concern", _stays(coded=False, over=False, concern=True)),
    paper(
        PAPER,
        D_OR_H,
        ("papers_current_d_h",),
        f"the papers held until {LAPSED}",
        valid_until=LAPSED,
        detail=None,
    ),
    paper(
        PAPER,
        OTHERS,
        ("papers_current_others",),
        f"the papers held until {LAPSED}",
        valid_until=LAPSED,
        detail=None,
    ),
    paper(
        PAPER,
        OTHERS,
        ("papers_current_others",),
        "until when the papers hold is empty",
        "cannot_tell",
        valid_until=None,
        detail=None,
    ),
    paper(
        PAPER,
        OTHERS,
        ("designation_papers", "papers_current_others"),
        "no papers stand behind the designation",
    ),
    paper("permission_form_filed", CODED, ("permission_form",), "no permission form is on file"),
    paper(
        "confidential_report_filed",
        ANYBODY,
        ("reports_filed",),
        "a report was copied, and the report itself not filed",
    ),
    paper(
        "confidential_report_copied",
        _left,
        ("reports_copied",),
        "a report was never copied, and the student has left",
    ),
    paper("iep_shared", _left, ("iep_shared",), "left before the IEP was given to anybody"),
    paper("team_minutes_filed", _left, ("team_minutes",), "left, and the minutes were never filed"),
    paper(
        CONSENT,
        ANYBODY,
        ("consent_before_exchange",),
        "told to others without consent",
        about=TOLD,
    ),
    paper(
        CONSENT,
        ANYBODY,
        ("consent_before_exchange",),
        "for whom the consent was given is empty",
        "cannot_tell",
        TOLD,
        party=None,
    ),
    consent_lapsed,
    _cell_empty(
        "support_hours",
        ("case_manager_over_25_hours", "has_iep_over_25_hours"),
        ("iep_over_25_hours", "year_end_review_over_25_hours"),
    ),
    _cell_empty("grade_level", (), ("adjudication_considered", "transitions_planned")),
    paper(
        "iep_filed",
        _stays(coded=True, over=False),
        ("has_iep_coded",),
        "a designation, and no IEP on file",
    ),
    paper(
        "iep_filed",
        _stays(coded=False, over=True),
        ("has_iep_over_25_hours",),
        "many hours of support, and no IEP on file",
    ),
)
