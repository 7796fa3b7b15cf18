"""Standard x Caseload x as_of -> Verdicts, Findings and levels. Nothing here reads the clock."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from casekit import catalog
from casekit.calendars import DAY, Calendar, Days, year_later
from casekit.caseload import FAR, Caseload, days
from casekit.catalog import Requirement, Standard, Waiver
from casekit.kinds import KINDS
from casekit.kinds.asked import narrowed
from casekit.kinds.rows import (
    CANNOT_TELL,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    STATUS_TYPE,
    Span,
    nobody,
    verdicts,
)
from casekit.phrases import count
from casekit.phrases import date as long_date

KEYS = ("standard_id", "requirement_id")


class UsageError(ValueError):
    """What was asked for cannot be evaluated. One line: what, and what is allowed."""


@dataclass(frozen=True)
class Verdicts:
    """A row per student, staff member or referral: these stay with the program.

    frame: columns KEYS + VERDICT_COLUMNS; `status` categorical.
    """

    frame: pd.DataFrame


@dataclass(frozen=True)
class Plan:
    """Which standards each program is held against, and over which span."""

    standards: Mapping[str, Standard]
    held: Mapping[str, tuple[str, ...]]
    spans: Mapping[str, Span]
    notes: tuple[str, ...] = ()


def evaluate(
    standard: Standard,
    caseload: Caseload,
    as_of: object,
    since: object = None,
    until: object = None,
    programs: Sequence[str] | None = None,
) -> Verdicts:
    """Every computed and attested requirement of one standard, for each program.

    as_of is the last day known; since starts the span (by default with the school year that
    holds as_of); until is a horizon: staffing is projected to it, what lies ahead is `due`. Days
    are dates or ISO text.
    """
    chosen = _chosen(caseload, programs)
    spans, _ = spans_of(caseload, chosen, as_of, since, until)
    return Verdicts(_evaluate(standard, caseload, spans_grouped(spans.values())))


def _evaluate(standard: Standard, caseload: Caseload, spans: list[Span]) -> pd.DataFrame:
    found = []
    for span in spans:
        for requirement in standard.requirements.values():
            rows = judge(requirement, caseload, span)
            rows = waived(rows, standard.waivers.get(requirement.id), span.as_of)
            found.append(named_rows(rows, standard.id, requirement.id))
    if not found:
        return named_rows(nobody(), "", "")
    # Frames without a row would only blur the types of the others.
    filled = [rows for rows in found if len(rows)] or found[:1]
    texts = dict.fromkeys([*KEYS, "program_id", "subject_id", "reason"], "object")
    return pd.concat(filled, ignore_index=True).astype({**texts, "status": STATUS_TYPE})


def named_rows(rows: pd.DataFrame, standard_id: str, requirement_id: str) -> pd.DataFrame:
    """Verdict rows with the requirement that they are about in front."""
    rows.insert(0, "standard_id", standard_id)
    rows.insert(1, "requirement_id", requirement_id)
    return rows


def judge(requirement: Requirement, caseload: Caseload, span: Span) -> pd.DataFrame:
    """The verdict rows of one requirement for the programs of one span."""
    if requirement.attested:
        return attested(requirement, caseload, span)
    rows = KINDS[requirement.kind](caseload, span, **requirement.settings)
    if requirement.applies_to and len(rows):
        rows = narrowed(caseload, span, rows, requirement.applies_to)
    return rows


def waived(rows: pd.DataFrame, waiver: Waiver | None, as_of: Days) -> pd.DataFrame:
    """The verdicts of a requirement that may be waived: those it is waived for do not apply.

    A verdict is waived if its period's last day, or as_of where that comes first or there is none,
    lies in the waiver's days.
    """
    if waiver is None or rows.empty:
        return rows
    last = np.minimum(days(rows["period_end"], FAR), as_of)
    off = last <= np.datetime64(waiver.until)
    if waiver.since is not None:
        off &= last >= np.datetime64(waiver.since)
    codes = np.where(off, NOT_APPLICABLE, rows["status"].cat.codes)
    status = pd.Categorical.from_codes(codes, dtype=STATUS_TYPE)
    return rows.assign(status=status, reason=np.where(off, waiver_text(waiver), rows["reason"]))


def waiver_text(waiver: Waiver) -> str:
    """A waiver in words: from when, until when, and why."""
    begun = f"from {long_date(waiver.since)} " if waiver.since else ""
    return f"waived {begun}until {long_date(waiver.until)}: {waiver.reason.rstrip('.')}"


ANSWERS = {"yes": MET, "partly": NOT_MET, "no": NOT_MET, "not_applicable": NOT_APPLICABLE}


class Answer(NamedTuple):
    """One answer of the attestations table; a later one counts for more."""

    assessed_on: Days
    order: int
    answer: str
    evidence: object


def answers(requirement: Requirement, caseload: Caseload, as_of: Days) -> dict[str, Answer]:
    """The latest answer of each program to a requirement on or before as_of.

    An answer may name the requirement or a statement that it covers; of two on one day, the later
    row holds.
    """

    def read() -> dict[str, dict[str, Answer]]:
        rows = caseload.tables["attestations"]
        names = ["requirement_id", "program_id", "answer", "evidence"]
        told = zip(days(rows["assessed_on"]), *(rows[name] for name in names), strict=True)
        found: dict[str, dict[str, Answer]] = {}
        for order, (day, name, program, answer, evidence) in enumerate(told):
            if day <= as_of:
                by_program = found.setdefault(name, {})
                given = Answer(day, order, answer, evidence)
                by_program[program] = max(by_program.get(program, given), given, key=_latest)
        return found

    every = caseload.once(("answers", str(as_of)), read)
    latest: dict[str, Answer] = {}
    for name in (requirement.id, *requirement.statements):
        for program, given in every.get(name, {}).items():
            latest[program] = max(latest.get(program, given), given, key=_latest)
    return latest


def _latest(answer: Answer) -> tuple[Days, int]:
    return answer.assessed_on, answer.order


def attested(requirement: Requirement, caseload: Caseload, span: Span) -> pd.DataFrame:
    """One verdict per program from its latest answer; none is cannot_tell."""
    given = answers(requirement, caseload, span.as_of)
    status = [ANSWERS[given[p].answer] if p in given else CANNOT_TELL for p in span.programs]
    reason = {CANNOT_TELL: "not attested yet", NOT_APPLICABLE: "attested as not applicable"}
    return verdicts(
        "program",
        program_id=list(span.programs),
        period_start=span.since,
        period_end=span.as_of,
        status=status,
        reason=[reason.get(code, "") for code in status],
        unit="attested",
    )


def _chosen(caseload: Caseload, programs: Sequence[str] | None) -> list[str]:
    every = caseload.tables["programs"]["program_id"].astype(str).tolist()
    if not every:
        raise UsageError("the table programs has no row: add one for each program to be judged")
    for program in programs or []:
        if program not in every:
            near = difflib.get_close_matches(program, every, 1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            shown = ", ".join(every[:8]) + (", ..." if len(every) > 8 else "")
            raise UsageError(f"there is no program {program!r} in the data{hint}: it has {shown}")
    return [p for p in every if p in set(programs)] if programs else every


def day_given(value: object, name: str) -> Days:
    """A day from a date or ISO text; UsageError where it is neither."""
    try:
        text = value if isinstance(value, str) else str(value)[:10]
        return np.datetime64(date.fromisoformat(text), "D")
    except ValueError:
        raise UsageError(f"{name} is {value!r}: give a date such as 2026-03-31") from None


def spans_of(
    caseload: Caseload, programs: list[str], as_of: object, since: object, until: object = None
) -> tuple[dict[str, Span], tuple[str, ...]]:
    """Each program's span, and notes on spans that a calendar did not settle."""
    last = day_given(as_of, "as_of")
    horizon = last if until is None else day_given(until, "until")
    first = None if since is None else day_given(since, "since")
    if first is not None and first > last:
        raise UsageError(f"since {first} lies after as_of {last}: give an earlier one")
    names = caseload.tables["programs"].set_index("program_id")["calendar_id"].astype(str)
    spans, notes = {}, []
    for program in programs:
        calendar = caseload.calendars[names[program]]
        begin = first if first is not None else _year_start(calendar, last)
        if begin is None:
            begin = year_later(last, -1) + DAY
            notes.append(
                f"{program}: its calendar names no school year begun by {last}, so the span is the"
                f" year up to it, from {begin}; give --since for another"
            )
        spans[program] = Span(calendar, (program,), begin, last, horizon)
    return spans, tuple(notes)


def _year_start(calendar: Calendar, as_of: Days) -> Days | None:
    year = calendar.year_of(as_of)
    return None if year is None else year[0]


def spans_grouped(spans: Iterable[Span]) -> list[Span]:
    """Spans of programs that share a calendar, made one: kinds work on them all at once."""
    groups: dict[tuple[str, object], list[Span]] = {}
    for span in spans:
        groups.setdefault((span.calendar.calendar_id, span.since), []).append(span)
    return [
        replace(group[0], programs=tuple(p for span in group for p in span.programs))
        for group in groups.values()
    ]


def plan_of(
    caseload: Caseload,
    *,
    as_of: object,
    since: object = None,
    until: object = None,
    standards: Sequence[str | Path] | None = None,
    programs: Sequence[str] | None = None,
) -> Plan:
    """Which standards hold for each program (its own, or all those named), over which span.

    `until` is a horizon (see `evaluate`). Raises UsageError (no standard, unknown program, dates)
    and catalog.StandardError.
    """
    chosen = _chosen(caseload, programs)
    spans, notes = spans_of(caseload, chosen, as_of, since, until)
    # The editions in force on as_of judge the whole span.
    on = day_given(as_of, "as_of").astype(date)
    if standards:
        named = [catalog.load(s, on) for s in dict.fromkeys(map(str, standards))]
        loaded = {standard.id: standard for standard in named}
        if len(loaded) < len(named):
            raise UsageError("two of the standards given have the same id: give each its own")
        held = dict.fromkeys(chosen, tuple(loaded))
    else:
        held = _own_standards(caseload, chosen)
        names = dict.fromkeys(name for ids in held.values() for name in ids)
        loaded = {name: catalog.load(name, on) for name in names}
    earlier = tuple(
        note
        for program, ids in held.items()
        if any(r.kind in ABOUT_CASES for name in ids for r in loaded[name].requirements.values())
        and (note := earlier_cases(caseload, program, spans[program]))
    )
    return Plan(loaded, held, spans, notes + earlier + unasked_answers(caseload, loaded))


# Kinds that judge a referral's case as long as it is open, which may be longer than the span.
ABOUT_CASES = ("monitored_period", "closure_reason")


def earlier_cases(caseload: Caseload, program: str, span: Span) -> str:
    """A note on referrals that came before the span and were open in it; empty where none was."""
    rows = caseload.tables["referrals"]
    before = (rows["program_id"] == program) & (days(rows["received_at"]) < span.since)
    number = int((before & (days(rows["closed_on"], FAR) >= span.since)).sum())
    if not number:
        return ""
    return (
        f"{program}: not judged here: {count(number, 'referral')} from before"
        f" {long_date(span.since)}, with a case that was open then: start the span earlier"
        " (--since)"
    )


def unasked_answers(caseload: Caseload, held: Mapping[str, Standard]) -> tuple[str, ...]:
    """A note on attested answers that no standard, held here or shipped, asks for."""
    shipped = {name: catalog.load(name) for name in catalog.shipped_standards()}
    asked = [r for s in {**shipped, **held}.values() for r in s.requirements.values()]
    known = {name for r in asked for name in (r.id, *r.statements)}
    given = caseload.tables["attestations"]["requirement_id"].dropna().astype(str)
    unknown = [name for name in dict.fromkeys(given) if name not in known]
    if not unknown:
        return ()
    listed = ", ".join(unknown[:5]) + (" and others" if len(unknown) > 5 else "")
    return (f"attestations answer {listed}, which no standard asks: mend the ids",)


def carry_out(plan: Plan, caseload: Caseload) -> Verdicts:
    """The verdicts of every standard of a plan on the programs it holds for."""
    frames = [
        _evaluate(
            standard,
            caseload,
            spans_grouped([s for p, s in plan.spans.items() if standard.id in plan.held[p]]),
        )
        for standard in plan.standards.values()
    ]
    empty = named_rows(nobody(), "", "")
    return Verdicts(
        pd.concat(frames, ignore_index=True).astype({"status": STATUS_TYPE}) if frames else empty
    )


def _own_standards(caseload: Caseload, programs: list[str]) -> dict[str, tuple[str, ...]]:
    """The standards that each program's own row names."""
    cells = caseload.tables["programs"].set_index("program_id")["standard_ids"]
    own = {
        p: () if pd.isna(cells[p]) else tuple(dict.fromkeys(str(cells[p]).split(";")))
        for p in programs
    }
    without = [p for p, ids in own.items() if not ids]
    if without:
        raise UsageError(
            f"program {without[0]!r} names no standard in standard_ids"
            + (f" (nor do {len(without) - 1} others)" if len(without) > 1 else "")
            + f": give --standard, one of {', '.join(catalog.shipped_standards())}"
        )
    return own
