"""Kinds about case-management staff themselves: what they bring, and where they are based."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from casekit.calendars import Days, year_later
from casekit.caseload import Caseload
from casekit.kinds.cover import case_managers
from casekit.kinds.rows import CANNOT_TELL, MET, NOT_MET, Span, nobody, untold, verdicts
from casekit.kinds.staffing import exact
from casekit.kinds.words import Degree, DegreeField, Experience
from casekit.tables import DEGREES

# True, False, or None where the data cannot tell.
Answer = bool | None
# A staff row, by its columns.
Row = Any


def both(*answers: Answer) -> Answer:
    """All of them, three-valued."""
    if any(a is False for a in answers):
        return False
    return None if any(a is None for a in answers) else True


def either(*answers: Answer) -> Answer:
    """Any of them, three-valued."""
    if any(a is True for a in answers):
        return True
    return None if any(a is None for a in answers) else False


def _among(cell: object, wanted: Sequence[str]) -> Answer:
    """Whether a list or choice cell names one of those wanted; None where it is empty."""
    return None if pd.isna(cell) else bool(set(str(cell).split(";")) & set(wanted))


def years_between(first: Days, last: Days) -> Fraction:
    """Years from one day to another: whole ones by the date, the rest as a part of its year."""
    if last < first:
        return -years_between(last, first)
    whole = int((last.astype("datetime64[Y]") - first.astype("datetime64[Y]")).astype(int))
    whole -= int(year_later(first, whole) > last)
    begun, next_ = year_later(first, whole), year_later(first, whole + 1)
    return whole + Fraction(int((last - begun).astype(int)), int((next_ - begun).astype(int)))


def experience_on(row: Row, day: Days) -> Fraction | None:
    """A staff row's years of experience on a day; None where they are not recorded.

    Years counted on experience_on (the start of employment where that is empty) grow with the
    employment from then on, and are fewer before it.
    """
    if pd.isna(row["experience_years"]):
        return None
    counted = row["experience_on"] if pd.notna(row["experience_on"]) else row["start_date"]
    since = np.datetime64(counted, "D")
    if day > since:
        since = min(max(since, np.datetime64(row["start_date"], "D")), day)
    return exact(row["experience_years"]) + years_between(since, day)


def holds(
    row: Row,
    day: Days,
    *,
    degree: str = "",
    degree_fields: Sequence[str] = (),
    years: float = 0,
    experience: Sequence[str] = (),
    certificates: Sequence[str] = (),
) -> Answer:
    """Whether one staff row shows one of the ways to qualify that the settings name."""
    ways: list[Answer] = []
    if degree:
        level = row["degree_level"]
        high = None if pd.isna(level) else DEGREES.index(level) >= DEGREES.index(degree)
        field = _among(row["degree_field"], degree_fields) if degree_fields else True
        ways.append(both(high, field))
    if years:
        had = experience_on(row, day)
        enough = None if had is None else had >= exact(years)
        kind = _among(row["experience_kind"], experience) if experience else True
        ways.append(both(enough, kind))
    if certificates:
        ways.append(_among(row["certificates"], certificates))
    return either(*ways)


def _people(caseload: Caseload, span: Span, program: str) -> dict[str, list[Row]]:
    """The rows of each of the program's case managers (see case_managers)."""

    def find() -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in case_managers(caseload, span, program).to_dict("records"):
            found.setdefault(row["staff_id"], []).append(row)
        return found

    return caseload.once(("rows of case managers", program, span.since, span.as_of), find)


def qualification(
    caseload: Caseload,
    span: Span,
    *,
    degree: Degree = "",
    degree_fields: tuple[DegreeField, ...] = (),
    years: float = 0,
    experience: tuple[Experience, ...] = (),
    certificates: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Each case manager has the degree, or the years of experience, or one of the certificates.

    WAC 392-700-085 (degree or two years); FLO standards, skill sets and experience. Judged on the
    last day of the span on which the person was employed; a person with several rows needs one.
    """
    if reason := caseload.lacks("staff"):
        return untold(caseload, span, reason)
    ways = {
        "degree": degree,
        "degree_fields": degree_fields,
        "years": years,
        "experience": experience,
        "certificates": certificates,
    }
    asked = [*(("degree_level", "degree_field") if degree else ())]
    asked += [*(("experience_years", "experience_kind") if years else ())]
    asked += ["certificates"] if certificates else []
    found = []
    for program in span.programs:
        for person, rows in _people(caseload, span, program).items():
            answers = [
                holds(row, min(span.as_of, np.datetime64(row["end"], "D")), **ways)  # type: ignore[arg-type]
                for row in rows
            ]
            answer = either(*answers)
            reason = f"a record of {' or '.join(asked)} is missing" if answer is None else ""
            if all(row["maybe"] for row in rows) and answer is not True:
                answer, reason = None, "case_management_share is not recorded"
            found.append((program, person, answer, reason))
    return _person_verdicts(found, span, unit="ways shown", limit=1)


def _person_verdicts(
    found: list[tuple[str, str, Answer, str]],
    span: Span,
    *,
    unit: str,
    limit: float,
    observed: list[float] | None = None,
) -> pd.DataFrame:
    """A verdict per person from (program, person, answer, reason)."""
    if not found:
        return nobody()
    program, person, answers, reason = zip(*found, strict=True)
    status = [CANNOT_TELL if a is None else MET if a else NOT_MET for a in answers]
    return verdicts(
        "staff",
        program_id=list(program),
        subject_id=list(person),
        period_start=span.since,
        period_end=span.as_of,
        status=np.array(status, dtype="int8"),
        reason=list(reason),
        observed=[np.nan if a is None else float(a) for a in answers]
        if observed is None
        else observed,
        limit=limit,
        unit=unit,
    )


def based_on_site(caseload: Caseload, span: Span) -> pd.DataFrame:
    """Each case manager has more than half of their case-management days at an instructional site.

    WAC 392-700-085, primarily based at the instructional sites: days employed in the span, each
    weighed by fte x share, at a site that the program lists.
    """
    reason = caseload.lacks("staff", "site_id") or caseload.lacks("programs", "instructional_sites")
    if reason:
        return untold(caseload, span, reason)
    programs = caseload.tables["programs"].set_index("program_id")["instructional_sites"]
    found, observed = [], []
    for program in span.programs:
        sites = programs[program]
        for person, rows in _people(caseload, span, program).items():
            there = [_among(row["site_id"], str(sites).split(";")) for row in rows]
            if pd.isna(sites):
                there, why = [None], "the program's instructional_sites are not recorded"
            else:
                why = "site_id, fte or case_management_share is not recorded"
            share = _share_at(there, rows, span)
            if all(row["maybe"] for row in rows):
                share = None
            found.append((program, person, None if share is None else share > 0.5, why))
            observed.append(np.nan if share is None else float(share))
    found = [(p, s, a, why if a is None else "") for p, s, a, why in found]
    return _person_verdicts(
        found, span, unit="of case-management time on site", limit=0.5, observed=observed
    )


def _share_at(there: list[Answer], rows: list[Row], span: Span) -> float | None:
    """The part of a person's case-management time for which `there` is True; None: unknown."""
    if all(a is True for a in there):
        return 1.0
    if all(a is False for a in there):
        return 0.0
    starts = np.maximum(np.array([row["start"] for row in rows], "datetime64[D]"), span.since)
    ends = np.minimum(np.array([row["end"] for row in rows], "datetime64[D]"), span.as_of)
    time = np.array([row["fte"] * row["case_management_share"] for row in rows], dtype=float)
    time = time * ((ends - starts).astype(int) + 1)
    if None in there or np.isnan(time).any() or not time.sum():
        return None
    return float(time[np.array(there, dtype=bool)].sum() / time.sum())
