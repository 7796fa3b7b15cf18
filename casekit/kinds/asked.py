"""Of whom a requirement is asked: the verdicts of other students are not_applicable."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from casekit.caseload import FAR, Caseload, days
from casekit.kinds.rows import CANNOT_TELL, NOT_APPLICABLE, STATUS_TYPE, Span

KEYS = ["program_id", "student_id"]
# Columns in which an empty cell says that there is none, where the column is there.
EMPTY_SAYS_NONE = ("designation",)


def narrowed(
    caseload: Caseload, span: Span, rows: pd.DataFrame, applies_to: Mapping[str, object]
) -> pd.DataFrame:
    """The verdicts of a kind, for a requirement that is asked of some students only.

    `applies_to`: columns of `students` (or `age`, on the row's first day), all of which must hold:
    a value, some values, or bounds (`min`, `max`, `over`). Rows of students of whom it is not asked
    become not_applicable; where that is not recorded, cannot_tell. Rows about a program stay.
    """
    place = _student_row(caseload, span, rows)
    known, at = place >= 0, np.maximum(place, 0)
    students = caseload.tables["students"]
    out, unknown, why = ~known, np.zeros(len(rows), dtype=bool), np.full(len(rows), "", object)
    for column, wanted in applies_to.items():
        if column == "age":
            cells = _age(_born(students).iloc[at], days(rows["period_start"]))
            empty, held = cells.isna().to_numpy(), _holds(cells, wanted)
            untold = "the day of birth is not recorded"
        else:
            cells = students[column]
            empty, held = _unread(cells, wanted)[at], _holds(cells, wanted)[at]
            untold = f"{_said(column)} is not recorded, or is no number"
            untold = untold if isinstance(wanted, Mapping) else f"{_said(column)} is not recorded"
        if column in EMPTY_SAYS_NONE and caseload.has("students", column):
            empty = np.zeros(len(rows), dtype=bool)
        other = ~empty & ~held
        why = np.where(other & ~out, f"not asked of a student with this {_said(column)}", why)
        why = np.where(empty & ~out & ~other & ~unknown, untold, why)
        out, unknown = out | other, unknown | empty
    mine = rows["subject_type"].isin(["student", "goal", "referral"]).to_numpy()
    out, unknown = out & mine & known, mine & (~known | (unknown & ~out))
    why = np.where(known, why, "the student has no enrolment in the program")
    codes = rows["status"].cat.codes.to_numpy(copy=True)
    codes[out], codes[unknown] = NOT_APPLICABLE, CANNOT_TELL
    bare = out | unknown
    return rows.assign(
        status=pd.Categorical.from_codes(codes, dtype=STATUS_TYPE),
        reason=np.where(bare, why, rows["reason"]),
        unit=np.where(bare, "", rows["unit"]),
        **{name: rows[name].mask(bare) for name in ("observed", "limit", "days_over")},
    )


def _student_row(caseload: Caseload, span: Span, rows: pd.DataFrame) -> np.ndarray:
    """The place in `students` of each verdict's student: the row in force on its last day.

    That is the latest one begun by the period's last day (the meeting's, or as_of where that comes
    first), else the student's first; -1 where the program has none begun by as_of.
    """
    last = np.minimum(days(rows["period_end"], FAR), span.as_of)
    last = np.maximum(last, np.minimum(days(rows["period_start"]), span.as_of))
    asked = pd.DataFrame(
        {
            "program_id": rows["program_id"].astype("str").to_numpy(),
            "student_id": students_of(caseload, rows).astype("str"),
            "day": last.astype("datetime64[s]"),
            "row": np.arange(len(rows)),
        }
    )
    students = caseload.tables["students"]
    own = students[KEYS].astype("str").assign(place=np.arange(len(students)))
    own = own.assign(day=days(students["enrollment_start"]).astype("datetime64[s]"))
    own = own[days(own["day"]) <= span.as_of].sort_values("day", kind="stable")
    found = pd.merge_asof(asked.sort_values("day", kind="stable"), own, on="day", by=KEYS)
    first = asked[[*KEYS, "row"]].merge(own.drop_duplicates(KEYS), on=KEYS, how="left")
    place = found.set_index("row")["place"].reindex(asked["row"])
    return place.fillna(first.set_index("row")["place"]).fillna(-1).to_numpy().astype(int)


def students_of(caseload: Caseload, rows: pd.DataFrame) -> np.ndarray:
    """The student that each verdict is about: of a referral or a goal, whose it is; else empty."""
    subject, kind = rows["subject_id"].astype("object"), rows["subject_type"].astype("str")
    referred = subject.map(_students_by(caseload, "referrals", "referral_id")).astype("object")
    aimed = subject.map(_students_by(caseload, "goals", "goal_id"))
    aimed = aimed.astype("object").fillna(subject.astype("str").str.split("/").str[0])
    of = [kind == "student", kind == "referral", kind == "goal"]
    return np.select(of, [subject, referred.fillna(""), aimed], "")


def _students_by(caseload: Caseload, table: str, key: str) -> dict[str, str]:
    """The student of each referral, or of each goal."""
    rows = caseload.tables[table]
    return dict(zip(rows[key].astype(str), rows["student_id"].astype(str), strict=True))


def _said(column: str) -> str:
    return column.replace("_", " ")


def _born(students: pd.DataFrame) -> pd.Series:
    """Each row's day of birth, from any row of the student that tells it."""
    return students["birth_date"].fillna(
        students.groupby("student_id", observed=True)["birth_date"].transform("first")
    )


def _age(born: pd.Series, on: np.ndarray) -> pd.Series:
    """Whole years of age on each day; born on 29 February, a year older on 1 March."""
    born = born.reset_index(drop=True)
    day = pd.Series(on.astype("datetime64[s]"))
    before = (day.dt.month * 100 + day.dt.day) < (born.dt.month * 100 + born.dt.day)
    return day.dt.year - born.dt.year - before.where(born.notna(), False).astype(int)


def _holds(cells: pd.Series, wanted: object) -> np.ndarray:
    """Whether each cell is the value, one of the values, or within the bounds."""
    if isinstance(wanted, Mapping):
        numbers = _numbers(cells)
        low, high, over = (wanted.get(name) for name in ("min", "max", "over"))
        held = ~np.isnan(numbers)
        for bound, inside in (
            (low, lambda b: numbers >= b),
            (high, lambda b: numbers <= b),
            (over, lambda b: numbers > b),
        ):
            held &= True if bound is None else inside(bound)
        return held
    values = wanted if isinstance(wanted, tuple) else (wanted,)
    if any(isinstance(value, bool) for value in values):
        return cells.isin(values).fillna(False).to_numpy(dtype=bool)
    texts = {_plain(str(value)) for value in values}
    held = {cell: _plain(str(cell)) in texts for cell in cells.dropna().unique()}
    return cells.astype("object").map(held).eq(True).to_numpy(dtype=bool)


def _numbers(cells: pd.Series) -> np.ndarray:
    """The number in each cell, NaN where there is none; kindergarten is grade 0, before it -1."""
    text = cells.astype("str").str.strip()
    early = text.str.match(r"(?i)p")
    found = pd.to_numeric(text.str.extract(r"(-?\d+\.?\d*)")[0]).to_numpy(dtype=float)
    young = np.where(early, -1.0, np.where(text.str.match(r"(?i)k"), 0.0, np.nan))
    return np.where(np.isnan(found), young, found)


def _unread(cells: pd.Series, wanted: object) -> np.ndarray:
    """Cells that are empty, or hold no number where one is compared."""
    if isinstance(wanted, Mapping):
        return np.isnan(_numbers(cells)) | cells.isna().to_numpy()
    return cells.isna().to_numpy()


def _plain(text: str) -> str:
    """A value as it is compared: "Grade 07" and "7.0" are 7; letters in capitals."""
    number = re.fullmatch(r"(?:grade|year)?\s*0*(\d+)(?:\.0+)?", text.strip(), re.IGNORECASE)
    return number[1] if number else text.strip().upper()
