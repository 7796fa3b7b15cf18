"""Keys and checks: what the rows of a caseload say of one another.

Every check reports all it finds; none stops at the first.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from casekit.readers.cells import empty_cells
from casekit.readers.drafts import Draft, share_categories, stack
from casekit.tables import TABLES, Column, Table

# First day and last day of a stretch, in every table that has one.
STRETCHES = (
    ("start_date", "end_date"),
    ("enrollment_start", "enrollment_end"),
    ("received_at", "closed_on"),
)
# A table is checked after those that its keys point to.
ORDER = (
    *("calendar", "programs", "staff", "students", "leave", "assignments", "referrals"),
    *("goals", "contacts", "events", "progress", "attestations", "gap_plan"),
)


def check(drafts: dict[str, Draft]) -> None:
    """Mark and report rows that lack, repeat, reverse, or point nowhere. Changes the drafts."""
    for draft in drafts.values():
        _missing(draft)
        _reversed(draft)
        _repeated(draft)
    for name in ORDER:
        if name in drafts:
            for column in TABLES[name].columns:
                if column.refers_to in drafts:
                    _dangling(drafts[name], column, drafts[column.refers_to])
    if "calendar" in drafts:
        _unknown_calendars(drafts["programs"], drafts["calendar"])
    if "goals" in drafts and "progress" in drafts:
        _unknown_goals(drafts["progress"], drafts["goals"])
    _shorthand(drafts)


def _missing(draft: Draft) -> None:
    for column in draft.table.columns:
        empty = draft.frame[column.name].isna().to_numpy()
        if column.required and empty.any():
            empty = empty & ~_faulty(draft, column.name)
            draft.report(empty, column.name, f"{column.name} is empty", "fill it in")


def _faulty(draft: Draft, column: str) -> np.ndarray:
    """Rows of which it was already said that the column cannot be read."""
    said = [
        found.loc[(found["column"] == column) & found["set_aside"].astype(bool), ["file", "row"]]
        for found in draft.problems
    ]
    if not said:
        return np.zeros(len(draft.frame), dtype=bool)
    known = pd.MultiIndex.from_frame(pd.concat(said).astype(object))
    where = draft.origin.get(column, draft.frame[["file", "row"]])
    return pd.MultiIndex.from_frame(where.astype(object)).isin(known)


def _reversed(draft: Draft) -> None:
    for first, last in STRETCHES:
        if first in draft.frame and last in draft.frame:
            start = draft.frame[first].to_numpy().astype("datetime64[D]")
            end = draft.frame[last].to_numpy().astype("datetime64[D]")
            draft.report(
                end < start,
                last,
                f"{last} lies before {first}",
                f"mend one of the two ({last} is the last day, included)",
            )


def _repeated(draft: Draft) -> None:
    """The first row of a key stays; each later one is a problem."""
    key = list(draft.table.key)
    if not key or draft.frame.empty:
        return
    whole = draft.frame[key].notna().all(axis=1).to_numpy() & ~draft.bad
    parts = {name: _codes(draft.frame[name]) for name in key}
    again = pd.DataFrame(parts)[whole].duplicated().to_numpy()
    rows = np.zeros(len(whole), dtype=bool)
    rows[np.flatnonzero(whole)[again]] = True
    draft.report(
        rows,
        key[0],
        f"the same {' + '.join(key)} as an earlier row; the first is used",
        "remove one of the rows, or mend its key",
    )


def _codes(column: pd.Series) -> np.ndarray:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy()
    return column.to_numpy()


def _dangling(draft: Draft, column: Column, target: Draft) -> None:
    """Rows whose key is in no row of the table that it refers to."""
    key = target.table.key[0]
    cells = draft.frame[column.name]
    ids = cells.cat.categories
    kept = ids.isin(_used(target.good[key]))
    dropped = ids.isin(_used(target.frame.loc[target.bad, key])) & ~kept
    codes = cells.cat.codes.to_numpy()
    nowhere = np.append(~kept & ~dropped, False)[codes]
    gone = np.append(dropped, False)[codes]
    # A shorthand does not cost the student: only the assignment is left out.
    spare = column.name == "case_manager_id"
    end = "; the student stays, the assignment is left out" if spare else ""
    table = target.table.name
    draft.report(
        nowhere,
        column.name,
        f"no row of {table} has {key} {{value}}{end}",
        f"add {{value}} to {table}, or mend it here",
        set_aside=not spare,
    )
    draft.report(
        gone,
        column.name,
        f"the row of {table} with {key} {{value}} was set aside{end}",
        f"mend that row of {table}",
        set_aside=not spare,
    )
    if spare:
        draft.frame[column.name] = cells.mask(nowhere | gone)


def _used(column: pd.Series) -> pd.Index:
    """The categories that some row has."""
    return column.cat.categories[np.unique(column.cat.codes[column.notna()])]


def _unknown_calendars(programs: Draft, calendar: Draft) -> None:
    known = calendar.good["calendar_id"].dropna().astype(str)
    ids = programs.frame["calendar_id"]
    unknown = ids.notna() & ~ids.astype(str).isin(known) & ~programs.bad
    programs.report(
        unknown.to_numpy(),
        "calendar_id",
        "the table calendar has no row of {value}; what needs its days cannot be told",
        "add {value} to the table calendar, or mend it here",
        set_aside=False,
    )


def _unknown_goals(progress: Draft, goals: Draft) -> None:
    pair = ["student_id", "goal_id"]
    known = pd.MultiIndex.from_frame(goals.good[pair].astype(object))
    theirs = pd.MultiIndex.from_frame(progress.frame[pair].astype(object))
    unknown = ~theirs.isin(known) & progress.frame[pair].notna().all(axis=1).to_numpy()
    progress.report(
        unknown & ~progress.bad,
        "goal_id",
        "this student has no goal {value} in the table goals",
        "add the goal to goals, or mend it here",
    )


def _shorthand(drafts: dict[str, Draft]) -> None:
    """`students.case_manager_id` is an assignment over the enrolment, if not there already."""
    students = drafts["students"]
    if "case_manager_id" not in students.given:
        return
    where = students.origin.get("case_manager_id", students.frame[["file", "row"]])
    named = students.frame.assign(row=where["row"], file=where["file"])[~students.bad]
    named = named[named["case_manager_id"].notna()]
    named = named.sort_values("enrollment_end", kind="stable", na_position="last")
    table = TABLES["assignments"]
    frame = pd.DataFrame(
        {
            "student_id": named["student_id"],
            "staff_id": named["case_manager_id"],
            "start_date": named["enrollment_start"],
            "end_date": named["enrollment_end"],
            "row": named["row"],
            "file": named["file"],
        }
    )
    # One assignment where two programs enrol a student on one day: the one that lasts longest.
    frame = frame[~frame.duplicated(list(table.key), keep="last")].sort_index()
    frame = frame.reset_index(drop=True)
    made = Draft(table, frame, frozenset(table.names), np.zeros(len(frame), dtype=bool))
    if "assignments" not in drafts:
        drafts["assignments"] = made
        return
    told = drafts["assignments"]
    told.frame, made.frame = share_categories([told.frame, made.frame])
    key = list(table.key)
    known = pd.MultiIndex.from_frame(told.good[key].astype(object))
    fresh = ~pd.MultiIndex.from_frame(made.frame[key].astype(object)).isin(known)
    made.frame, made.bad = made.frame[fresh].reset_index(drop=True), made.bad[fresh]
    drafts["assignments"] = stack(table, [told, made])


def finished(drafts: dict[str, Draft]) -> dict[str, pd.DataFrame]:
    """Every table of the contract without the rows set aside; people and programs coded alike."""
    frames = {
        name: _kept(drafts[name]) if name in drafts else _empty(table).copy()
        for name, table in TABLES.items()
    }
    for people in ("students", "staff", "programs"):
        _share(frames, people)
    return frames


@cache
def _empty(table: Table) -> pd.DataFrame:
    """A table without rows, with every column."""
    columns: dict[str, pd.Series] = {}
    for column in table.columns:
        columns |= empty_cells(column, 0)
    return pd.DataFrame(columns).assign(
        row=np.zeros(0, "int64"), file=pd.Categorical([], categories=[])
    )


def _kept(draft: Draft) -> pd.DataFrame:
    frame = draft.good.reset_index(drop=True)
    coded = [column.name for column in draft.table.columns if column.type in ("id", "list")]
    for name in (*coded, "file"):
        frame[name] = frame[name].cat.remove_unused_categories()
    return frame


def _share(frames: dict[str, pd.DataFrame], people: str) -> None:
    """Give every column that names students (staff, programs) the same categories, in order."""
    columns = [
        (table.name, column.name)
        for table in TABLES.values()
        for column in table.columns
        if column.refers_to == people
        or (table.name == people and column.name == TABLES[people].key[0])
    ]
    used: set[str] = set()
    for table, column in columns:
        used.update(_used(frames[table][column]))
    every = pd.Index(sorted(used), dtype="str")
    for table, column in columns:
        # Not astype: to pandas, unordered types of the same names in another order are equal.
        frames[table][column] = frames[table][column].cat.set_categories(every)
