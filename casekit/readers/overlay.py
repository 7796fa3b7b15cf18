"""Overlays: tables that fill what another source leaves empty, and add what it does not have.

A row whose key exists fills that row's empty columns; any other row is added. Key columns that an
overlay row leaves out are not asked of it, as long as the rest of the key is found: a staff row
with only staff_id and case_management_share fills every row of that person.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.readers.drafts import Draft, share_categories, stack


def overlaid(base: Draft, over: Draft) -> Draft:
    """The base with the overlay's rows filled in and added; each cell remembers its file."""
    key = list(base.table.key)
    if not key:
        return stack(base.table, [base, over])
    base.frame, over.frame = share_categories([base.frame, over.frame])
    used = np.zeros(len(over.frame), dtype=bool)
    there = over.frame[key].notna().to_numpy()
    for pattern in np.unique(there, axis=0):
        columns = [name for name, filled in zip(key, pattern, strict=True) if filled]
        if key[0] in columns:
            rows = (there == pattern).all(axis=1)
            used |= _fill(base, over, columns, rows)
    base.given |= over.given
    rest = over.frame[~used].reset_index(drop=True)
    added = Draft(over.table, rest, over.given, over.bad[~used], over.problems)
    return stack(base.table, [base, added])


def _fill(base: Draft, over: Draft, key: list[str], rows: np.ndarray) -> np.ndarray:
    """Fill empty cells of the base from these overlay rows; which of the rows found their match."""
    mine = pd.MultiIndex.from_frame(base.frame[key].astype(object))
    theirs = pd.MultiIndex.from_frame(over.frame.loc[rows, key].astype(object))
    twice = theirs.duplicated()
    again = np.zeros(len(rows), dtype=bool)
    again[np.flatnonzero(rows)[twice]] = True
    places = np.flatnonzero(rows)[~twice]
    found = theirs[~twice].get_indexer(mine)
    matched = np.zeros(len(rows), dtype=bool)
    matched[places[found[found >= 0]]] = True
    # A second overlay row for what the first has filled is a row with the same key twice.
    repeats = theirs.isin(theirs[theirs.isin(mine)]) & twice
    matched[np.flatnonzero(rows)[repeats]] = True
    over.report(
        again & matched,
        key[0],
        f"{' + '.join(key)} stands in the overlay twice; the first row is used",
        "keep one of the rows",
    )
    source = np.where(found >= 0, places[np.maximum(found, 0)] if len(places) else -1, -1)
    source = np.where((source >= 0) & ~over.bad[source], source, -1)
    for column in base.table.names:
        if column in over.given and column not in key:
            _fill_column(base, over, column, source)
    return matched


def _fill_column(base: Draft, over: Draft, column: str, source: np.ndarray) -> None:
    """Where the base's cell is empty and its overlay row (-1: none) has one, take that."""
    taken = over.frame.iloc[np.maximum(source, 0)].reset_index(drop=True)
    fill = base.frame[column].isna() & taken[column].notna() & (source >= 0)
    if not fill.any():
        return
    for name in (column, f"{column}.timed", f"{column}.offset"):
        if name in base.frame:
            base.frame[name] = base.frame[name].where(~fill, taken[name])
    where = base.origin.get(column, base.frame[["file", "row"]])
    base.origin[column] = pd.DataFrame(
        {name: where[name].where(~fill, taken[name]) for name in ("file", "row")}
    )
