"""Sentences for findings and verdicts, made when they are shown."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import pandas as pd

from casekit.catalog import Requirement
from casekit.evaluate import UsageError, answers
from casekit.findings import Evaluation
from casekit.kinds.evidence import EVIDENCE, Evidence
from casekit.phrases import count, date, percent

STATUS_WORDS = {
    "met": "met",
    "not_met": "not met",
    "due": "due",
    "not_applicable": "not applicable",
    "cannot_tell": "cannot tell",
}

# What a finding counts: one word for each kind's subjects and periods.
_COUNTED = {
    "annual_meeting": "annual meetings",
    "assigned_at_new_site": "moves",
    "based_on_site": "case managers",
    "by_announced_date": "requests",
    "case_manager_assigned": "students",
    "caseload": "months of a case manager",
    "closure_reason": "closed cases",
    "contacts_documented": "students",
    "documented": "students",
    "each_period": "student periods",
    "first_contact": "referrals",
    "followed_by": "cases",
    "forwarded_by_due": "reports",
    "goals_measured": "goal periods",
    "leave_covered": "case managers on leave",
    "meeting_before_due": "meetings",
    "meeting_step": "meetings",
    "monitored_period": "referrals",
    "monthly_minutes": "student months",
    "on_file": "students",
    "on_weekday": "referrals",
    "plan_before_exit": "exits",
    "preceded_by": "cases",
    "qualification": "case managers",
    "seen_in_contacts": "programs",
    "staff_present": "months",
    "staff_ratio": "months",
    "weekly_contact": "student weeks",
    "weekly_delivery": "weeks",
}


def status_word(status: str) -> str:
    """A status as people say it."""
    return STATUS_WORDS[status]


def finding_sentence(requirement: Requirement, finding: pd.Series) -> str:
    """What one finding says, with what is not known, and where an answer and the data disagree."""
    status = str(finding["status"])
    if requirement.attested:
        return _attested_sentence(status, str(finding["attested"]))
    parts = [_counted_sentence(requirement, finding)]
    rest = {"due": "not due yet", "cannot_tell": "cannot be told", "not_applicable": "do not apply"}
    for column, words in rest.items():
        if pd.isna(finding[column]):
            parts.append(f"Some {words}: how many is withheld.")
        elif finding[column] > 0 and parts != ["It cannot be told."]:
            said = words if finding[column] > 1 else words.replace("do not apply", "does not apply")
            parts.append(f"{int(finding[column])} {said}.")
    return " ".join([*parts, disagreement(requirement, finding)]).strip()


def _counted_sentence(requirement: Requirement, finding: pd.Series) -> str:
    counted = _COUNTED[requirement.kind]
    if pd.isna(finding["denominator"]):
        return "The counts are withheld, because they speak of few people."
    judged, met = int(finding["denominator"]), int(finding["numerator"])
    rest = finding[["cannot_tell", "not_applicable"]]
    if not judged and rest.notna().all() and rest.tolist() == [1, 0]:
        return "It cannot be told."
    if not judged:
        return f"No {counted} could be judged."
    if requirement.kind == "seen_in_contacts":
        return "Seen in contacts." if met else "Not seen in any contact of the span."
    if pd.isna(finding["rate"]):
        return "The counts are withheld, because they speak of few people."
    return f"Met for {met} of {judged} {counted} ({percent(met, judged)})."


# Kinds whose deadline comes from the calendar: without one there is no sum to show.
_BY_CALENDAR = ("plan_before_exit", "first_contact")

_ANSWERS = {"yes": "yes", "partly": "partly", "no": "no", "not_applicable": "not applicable"}


def _attested_sentence(status: str, answer: str) -> str:
    if not answer:
        return "Not attested yet."
    return f"Attested: {_ANSWERS.get(answer, answer)}."


def disagreement(requirement: Requirement, finding: pd.Series) -> str:
    """Where the attested answer and the data differ, in words; empty where they do not."""
    answer, status = str(finding["attested"]), str(finding["status"])
    differs = {
        "yes": ("not_met",),
        "partly": ("met",),
        "no": ("met",),
        "not_applicable": ("met", "not_met"),
    }
    if requirement.attested or status not in differs.get(answer, ()):
        return ""
    judged, met = finding["denominator"], finding["numerator"]
    shown = status_word(status)
    if pd.notna(finding["rate"]) and judged:
        shown = percent(int(met), int(judged))
    return f"Attested {_ANSWERS[answer]}, the data says {shown}."


@dataclass(frozen=True)
class Explanation:
    """One verdict explained: it names people, so it stays with the program."""

    sentence: str
    citation: str
    evidence: Evidence


def explain(evaluation: Evaluation, verdict: pd.Series) -> Explanation:
    """Why a verdict (a row of `evaluation.verdicts`) is what it is, and what would flip it."""
    standard = evaluation.standards[verdict["standard_id"]]
    requirement = standard.requirements[verdict["requirement_id"]]
    span = evaluation.spans[verdict["program_id"]]
    # A row without a unit says that nothing could be judged: there is no sum to show.
    settled = verdict["status"] == "not_applicable" or not verdict["unit"]
    if requirement.attested:
        evidence = _attestation(evaluation, requirement, verdict)
    elif settled or (
        requirement.kind in _BY_CALENDAR and pd.isna(verdict["period_end"]) and verdict["reason"]
    ):
        evidence = Evidence(pd.DataFrame(), *_settled(verdict))
    else:
        judge = EVIDENCE[requirement.kind]
        evidence = judge(evaluation.caseload, span, verdict, **requirement.settings)
    return Explanation(verdict_sentence(requirement, verdict), _cited(requirement), evidence)


def _attestation(evaluation: Evaluation, requirement: Requirement, verdict: pd.Series) -> Evidence:
    """The latest answer to a requirement that only people can answer."""
    span = evaluation.spans[verdict["program_id"]]
    given = answers(requirement, evaluation.caseload, span.as_of).get(verdict["program_id"])
    change = (
        ""
        if verdict["status"] in ("met", "not_applicable")
        else f"An answer of yes to: {requirement.question}"
    )
    if given is None:
        return Evidence(pd.DataFrame(), "Nobody has answered it yet.", change)
    told = f"Answered {_ANSWERS[given.answer]} on {date(given.assessed_on)}."
    return Evidence(pd.DataFrame([given]).drop(columns="order"), told, change)


def _settled(verdict: pd.Series) -> tuple[str, str]:
    """Why no sum decides a verdict, and what would settle it."""
    if verdict["status"] == "not_applicable":
        return f"It does not apply: {verdict['reason']}.", ""
    return f"It cannot be told: {verdict['reason']}.", "Record what is missing."


def _cited(requirement: Requirement) -> str:
    covers = f" [{', '.join(requirement.statements)}]" if requirement.statements else ""
    return f"{requirement.citation}{covers}"


def verdict_sentence(requirement: Requirement, verdict: pd.Series) -> str:
    """A verdict in one sentence: what, who, when, and the status with its reason."""
    start, end = verdict["period_start"], verdict["period_end"]
    when = f"from {date(start)}" if pd.isna(end) else f"{date(start)} to {date(end)}"
    if end < start:
        when = f"asked by {date(end)}"
    why = f" ({verdict['reason']})" if verdict["reason"] else ""
    status = status_word(str(verdict["status"]))
    who = "staff member" if verdict["subject_type"] == "staff" else verdict["subject_type"]
    return f"{requirement.title}: {status} for {who} {verdict['subject_id']}, {when}{why}."


def _named(evaluation: Evaluation, name: str) -> str:
    """The one requirement that a statement's id, or the last part of its own id, stands for."""
    found = [
        r
        for standard in evaluation.standards.values()
        for r in standard.requirements.values()
        if name in r.statements or r.id.endswith(f".{name}")
    ]
    names = dict.fromkeys(r.id for r in [r for r in found if not r.attested] or found)
    if len(names) > 1:
        raise UsageError(
            f"{name} is asked by {len(names)} requirements: name one of {', '.join(names)}"
        )
    return next(iter(names), name)


def explain_text(
    evaluation: Evaluation,
    requirement_id: str,
    program: str | None = None,
    subject: str | None = None,
    period: str | None = None,
) -> str:
    """The explanation of a requirement's first verdict that fits, not_met ones first, as text.

    Raises UsageError, naming what there is, where nothing fits.
    """
    frame = evaluation.verdicts
    known = frame["requirement_id"].unique().tolist()
    requirement_id = _named(evaluation, requirement_id)
    if requirement_id not in known:
        near = difflib.get_close_matches(requirement_id, known, 3) or known[:3]
        raise UsageError(f"no verdict of {requirement_id!r}: perhaps {', '.join(near)}")
    rows = frame[frame["requirement_id"] == requirement_id]
    for column, value in (("program_id", program), ("subject_id", subject)):
        rows = rows if value is None else rows[rows[column] == value]
    if period is not None:
        rows = rows[rows["period_start"].dt.strftime("%Y-%m-%d").str.startswith(period)]
    if rows.empty:
        raise UsageError(
            f"no verdict of {requirement_id} for program {program or 'any'}, subject"
            f" {subject or 'any'}, period {period or 'any'}: leave one of them out"
        )
    order = ["not_met", "cannot_tell", "due", "met", "not_applicable"]
    first = rows.assign(rank=rows["status"].astype(str).map(order.index))
    verdict = first.sort_values("rank", kind="stable").iloc[0]
    told = explain(evaluation, verdict)
    lines = [told.sentence, f"Source: {told.citation}", told.evidence.arithmetic]
    if told.evidence.change:
        lines.append(f"Smallest change: {told.evidence.change}")
    if len(told.evidence.rows):
        lines += ["", told.evidence.rows.astype(object).fillna("").to_string(index=False)]
    more = len(rows) - 1
    rest = f"{count(more, 'more verdict')} {'fits' if more == 1 else 'fit'}."
    return "\n".join([*lines, "", rest] if more else lines)
