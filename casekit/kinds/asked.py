"""Of whom a requirement is asked: the verdicts of other students are not_applicable."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from casekit.caseload import Caseload, days
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
            cells = _age(students["birth_date"].iloc[at], days(rows["period_start"]))
            empty, held = cells.isna().to_numpy(), _holds(cells, wanted)
            untold = "the day of birth is not recorded"
        else:
            cells = students[column]
            empty, held = cells.isna().to_numpy()[at], _holds(cells, wanted)[at]
            untold = f"{column} is not recorded"
        if column in EMPTY_SAYS_NONE and caseload.has("students", column):
            empty = np.zeros(len(rows), dtype=bool)
        other = ~empty & ~held
        why = np.where(other & ~out, f"not asked of a student with this {_said(column)}", why)
        why = np.where(empty & ~out & ~other & ~unknown, untold, why)
        out, unknown = out | other, unknown | empty
    mine = known & rows["subject_type"].isin(["student", "goal", "referral"]).to_numpy()
    out, unknown = out & mine, unknown & ~out & mine
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
    """The place in `students` of each verdict's student, the latest begun by as_of; -1 for none."""
    students = caseload.tables["students"]
    begun = days(students["enrollment_start"]) <= span.as_of
    last = students.assign(place=np.arange(len(students)))[begun]
    last = last.sort_values("enrollment_start", kind="stable").drop_duplicates(KEYS, keep="last")
    places = {
        (str(program), str(student)): place
        for program, student, place in zip(*(last[[*KEYS, "place"]].T.to_numpy()), strict=True)
    }
    names = ["program_id", "subject_type", "subject_id"]
    subjects = rows[names].astype("object")
    number = subjects.groupby(names, sort=False, dropna=False).ngroup().to_numpy()
    referred = _students_by(caseload, "referrals", "referral_id")
    aimed = _students_by(caseload, "goals", "goal_id")
    found = []
    for program, kind, subject in subjects.drop_duplicates().itertuples(index=False):
        student = {"referral": referred, "goal": aimed}.get(kind, {}).get(str(subject), subject)
        if kind == "goal" and student == subject:
            student = str(subject).partition("/")[0]
        found.append(places.get((str(program), str(student)), -1))
    return np.array(found, dtype=int)[number]


def _students_by(caseload: Caseload, table: str, key: str) -> dict[str, str]:
    """The student of each referral, or of each goal."""
    rows = caseload.tables[table]
    return dict(zip(rows[key].astype(str), rows["student_id"].astype(str), strict=True))


def _said(column: str) -> str:
    return column.replace("_", " ")


def _age(born: pd.Series, on: np.ndarray) -> pd.Series:
    """Whole years of age on each day; born on 29 February, a year older on 1 March."""
    born = born.reset_index(drop=True)
    day = pd.Series(on.astype("datetime64[s]"))
    before = (day.dt.month * 100 + day.dt.day) < (born.dt.month * 100 + born.dt.day)
    return day.dt.year - born.dt.year - before.where(born.notna(), False).astype(int)


def _holds(cells: pd.Series, wanted: object) -> np.ndarray:
    """Whether each cell is the value, one of the values, or within the bounds."""
    if isinstance(wanted, Mapping):
        numbers = pd.to_numeric(cells.astype("str").str.extract(r"(-?\d+\.?\d*)")[0]).to_numpy()
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


def _plain(text: str) -> str:
    """A value as it is compared: "Grade 07" and "7.0" are 7; letters in capitals."""
    number = re.fullmatch(r"(?:grade|year)?\s*0*(\d+)(?:\.0+)?", text.strip(), re.IGNORECASE)
    return number[1] if number else text.strip().upper()
