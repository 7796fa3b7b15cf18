"""What every kind of requirement takes and gives: a Span in, verdict rows out.

A kind is a pure function `judge(caseload, span, *, settings...) -> DataFrame` with the columns of
the `verdicts` contract from `program_id` on. Statuses and three-valued facts are declared here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from casekit.calendars import Calendar, Days
from casekit.caseload import Caseload, days

STATUSES = ("met", "not_met", "due", "not_applicable", "cannot_tell")
MET, NOT_MET, DUE, NOT_APPLICABLE, CANNOT_TELL = range(5)
STATUS_TYPE = pd.CategoricalDtype(STATUSES)

VERDICT_COLUMNS = (
    "program_id",
    "subject_type",
    "subject_id",
    "period_start",
    "period_end",
    "status",
    "reason",
    "observed",
    "limit",
    "unit",
    "days_over",
)


@dataclass(frozen=True)
class Span:
    """The programs that share a calendar and a span: first day, last day known, and horizon."""

    calendar: Calendar
    programs: tuple[str, ...]
    since: Days
    as_of: Days
    until: Days

    @property
    def key(self) -> tuple:
        """What tells this span from another of the same caseload."""
        days = (self.since, self.as_of, self.until)
        return self.calendar.calendar_id, self.programs, *map(str, days)

    def open_days(self) -> np.ndarray:
        """The open days from since to as_of."""
        return self.calendar.open_in(self.since, self.as_of)

    def projected_days(self) -> np.ndarray:
        """The open days from since to the horizon: staffing is projected past as_of."""
        return self.calendar.open_in(self.since, max(self.as_of, self.until))


def verdicts(subject_type: str, **columns: object) -> pd.DataFrame:
    """Verdict rows from columns; `status` in codes, what is left out is empty.

    A single value stands in every row. A program is its own subject.
    """
    codes = np.asarray(columns["status"]).astype("int8")
    defaults: dict[str, object] = {
        "subject_type": subject_type,
        "subject_id": columns["program_id"] if subject_type == "program" else None,
        "reason": "",
        "observed": np.nan,
        "limit": np.nan,
        "unit": "",
        "days_over": np.nan,
    }
    status = pd.Categorical.from_codes(codes, dtype=STATUS_TYPE)
    every = {**defaults, **columns, "status": status}
    return pd.DataFrame(
        {name: _column(name, every[name], len(codes)) for name in VERDICT_COLUMNS}, copy=False
    )


def _column(name: str, value: object, length: int) -> object:
    """One column of verdicts in its type; a single value is repeated."""
    if isinstance(value, pd.Series):
        value = value.array
    kind = _TYPES.get(name)
    if np.ndim(value) == 0:  # type: ignore[arg-type]
        return np.full(length, value, dtype=kind or object)
    return np.asarray(value).astype(kind) if kind else value


_TYPES = {
    "period_start": "datetime64[s]",
    "period_end": "datetime64[s]",
    "observed": "float64",
    "limit": "float64",
    "days_over": "float64",
}


def nobody() -> pd.DataFrame:
    """No verdicts: there is nobody to judge."""
    empty: dict[str, list] = {
        name: [] for name in ("program_id", "subject_id", "period_start", "period_end")
    }
    return verdicts("program", **empty, status=np.array([], dtype="int8"))


def untold(caseload: Caseload, span: Span, reason: str) -> pd.DataFrame:
    """One cannot_tell row, with its reason, for each program that has students in the span."""
    programs = with_students(caseload, span)
    return verdicts(
        "program",
        program_id=programs,
        period_start=span.since,
        period_end=span.as_of,
        status=np.full(len(programs), CANNOT_TELL, dtype="int8"),
        reason=reason,
    )


def with_students(caseload: Caseload, span: Span) -> list[str]:
    """The programs of the span in which a student was enrolled on some day of it."""
    enrolled = enrolled_in_span(caseload, span)
    return [p for p in span.programs if p in set(enrolled["program_id"])]


def enrolled_in_span(caseload: Caseload, span: Span) -> pd.DataFrame:
    """The merged enrolments that touch the span (see Caseload.enrolments)."""

    def find() -> pd.DataFrame:
        rows = caseload.enrolments(list(span.programs))
        touching = (rows["start"] <= span.as_of) & (rows["end"] >= span.since)
        return rows[touching].reset_index(drop=True)

    return caseload.once(("enrolled_in_span", span.key), find)


def no_calendar(span: Span) -> str:
    """Why open days cannot be told, in words; empty where they can."""
    if span.calendar.known:
        return ""
    return f"the calendar {span.calendar.calendar_id} names no term, school year or open day"


@dataclass(frozen=True)
class Told:
    """A fact about each row of a table, three-valued: `sure`ly so, or only `maybe` so.

    `maybe` holds for everything that is not surely otherwise, so sure implies maybe.
    """

    sure: np.ndarray
    maybe: np.ndarray

    def __and__(self, other: Told) -> Told:
        return Told(self.sure & other.sure, self.maybe & other.maybe)

    def __or__(self, other: Told) -> Told:
        return Told(self.sure | other.sure, self.maybe | other.maybe)


def is_one_of(
    caseload: Caseload, table: str, column: str, values: Sequence[str], absent: bool | None = None
) -> Told:
    """Whether a choice or list cell holds one of the values; an empty cell may.

    Where the user's table has no such column: `absent` says how it reads (None: it may be so).
    """
    cells = caseload.tables[table][column]
    if not caseload.has(table, column):
        return Told(
            np.full(len(cells), absent is True), np.full(len(cells), absent is None or absent)
        )
    kinds = cells.cat.categories
    wanted = set(values)
    holds = np.array([bool(wanted & set(str(kind).split(";"))) for kind in kinds], dtype=bool)
    codes = cells.cat.codes.to_numpy()
    sure = np.append(holds, False)[codes]
    return Told(sure, sure | (codes < 0))


def is_true(caseload: Caseload, table: str, column: str) -> Told:
    """Whether a yes_no cell says yes; an empty cell, or a column that is not there, may."""
    cells = caseload.tables[table][column]
    return Told(cells.fillna(False).to_numpy(dtype=bool), cells.fillna(True).to_numpy(dtype=bool))


def day_of(rows: pd.DataFrame, column: str) -> np.ndarray:
    """The day of a date or moment, as written."""
    return days(rows[column])


def student_events(
    caseload: Caseload, span: Span, *types: str, as_of: Days | None = None
) -> pd.DataFrame:
    """The events of some types of students of the span's programs, on or before as_of.

    Columns: program_id, student_id, event_type, day, valid_until, and EVENT_FACTS as they stand.
    An event without a program counts in every program that the student has an enrolment in.
    """
    events = caseload.tables["events"]
    last = span.as_of if as_of is None else as_of
    known = events["event_type"].isin(types) & (day_of(events, "occurred_at") <= last)
    events = events[known]
    frame = pd.DataFrame(
        {
            "student_id": events["student_id"],
            "named": events["program_id"].astype("object"),
            "event_type": events["event_type"].astype("object"),
            "day": day_of(events, "occurred_at"),
            "clock": clock_of(events),
            "valid_until": days(events["valid_until"]),
            **{fact: events[fact].astype("object") for fact in EVENT_FACTS if fact != "clock"},
        }
    )
    frame = each_party(frame)
    students = caseload.tables["students"][["program_id", "student_id"]]
    students = students[students["program_id"].isin(span.programs)].drop_duplicates()
    found = frame.merge(students, on="student_id")
    mine = found["named"].isna() | (found["named"] == found["program_id"].astype("object"))
    return found[mine].drop(columns="named").reset_index(drop=True)


# What an event says beside its day and its type.
EVENT_FACTS = ("party", "detail", "item_id", "staff_id", "referral_id", "clock")
# The parties that rules name; whoever writes them may use capitals.
PARTIES = (
    *("student", "family", "school", "parent", "parent_1", "parent_2", "teacher", "agency"),
    *("lea", "general_education"),
)


def clock_of(events: pd.DataFrame) -> pd.Series:
    """The moment of each event whose time is known; missing where only the day is."""
    return events["occurred_at"].where(events["occurred_at.timed"]).astype("object")


def each_party(events: pd.DataFrame) -> pd.DataFrame:
    """The events with a row for each of several parties ("student;parent"), in small letters.

    The name of a party that no rule knows, such as a school's, stays as it is written.
    """
    told = events["party"].notna()
    if not told.any():
        return events
    several = events["party"].where(told, "").astype("str").str.split(";")
    spread = events.assign(party=several).explode("party", ignore_index=True)
    party = spread["party"].astype("str").str.strip()
    folded = party.str.lower().str.replace(" ", "_")
    party = party.where(~folded.isin(PARTIES), folded).astype("object")
    return spread.assign(party=party.where(party != "", None))


def enrolled_on(caseload: Caseload, span: Span, rows: pd.DataFrame) -> np.ndarray:
    """Whether each row's student is enrolled in its program on its `day`."""
    stretches = caseload.enrolments(list(span.programs))
    keys = ["program_id", "student_id"]
    both = rows[[*keys, "day"]].assign(place=np.arange(len(rows))).merge(stretches, on=keys)
    inside = (both["day"] >= both["start"]) & (both["day"] <= both["end"])
    found = np.zeros(len(rows), dtype=bool)
    found[both.loc[inside, "place"]] = True
    return found
