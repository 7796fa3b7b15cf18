"""The student x period grid behind the weekly and monthly kinds, in small arrays."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.calendars import DAY, Calendar
from casekit.caseload import Caseload
from casekit.kinds.rows import (
    CANNOT_TELL,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    Span,
    enrolled_in_span,
    verdicts,
)

NO_ROW = -1
# Contacts are taken so many at a time that what is made on the way stays in the cache.
BLOCK = 1 << 18


def period_of(days: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Which period (first to last day, in order and apart) each day lies in; -1: none."""
    if not len(first):
        return np.full(len(days), -1)
    # A table with a place for every day beats a search for every contact.
    place = np.full((last[-1] - first[0]).astype(int) + 2, -1, dtype=np.int32)
    for period, (begin, end) in enumerate(zip(first - first[0], last - first[0], strict=True)):
        place[begin.astype(int) : end.astype(int) + 1] = period
    offset = (days - first[0]).astype(np.int64)
    offset[(offset < 0) | (offset >= len(place))] = len(place) - 1
    return place[offset]


def contact_grid(
    contacts: pd.DataFrame, kept: np.ndarray, first: np.ndarray, last: np.ndarray
) -> np.ndarray:
    """A student x period array: whether a contact that is `kept` falls in the period.

    A row for each category of contacts' student_id; periods as in `period_of`.
    """
    who = contacts["student_id"].cat.codes.to_numpy()
    when = contacts["occurred_at"].to_numpy()
    shape = (len(contacts["student_id"].cat.categories), len(first))
    cells = shape[0] * shape[1]
    code = np.int32 if cells < np.iinfo(np.int32).max else np.int64
    grid = np.zeros(cells + 1, dtype=bool)
    for start in range(0, len(who), BLOCK):
        block = slice(start, start + BLOCK)
        period = period_of(when[block].astype("datetime64[D]"), first, last)
        cell = who[block].astype(code) * shape[1] + period.astype(code)
        # What does not count goes to a cell behind the last: cheaper than leaving it out.
        cell[~kept[block] | (period < 0)] = cells
        # In order, so that a large grid is walked through and not jumped about in.
        cell.sort()
        grid[cell] = True
    return grid[:-1].reshape(shape)


def enrolled_days(
    calendar: Calendar, start: np.ndarray, end: np.ndarray, first: np.ndarray, last: np.ndarray
) -> np.ndarray:
    """Open days of each stretch (start, end) in each period (first, last): stretches x periods."""
    begin, past = (np.searchsorted(calendar.open_days, d) for d in (start, end + DAY))
    low, high = (np.searchsorted(calendar.open_days, d) for d in (first, last + DAY))
    kind = np.int16 if len(calendar.open_days) < np.iinfo(np.int16).max else np.int32
    overlap = np.minimum(past.astype(kind)[:, None], high.astype(kind)[None, :])
    overlap -= np.maximum(begin.astype(kind)[:, None], low.astype(kind)[None, :])
    return np.maximum(overlap, 0, out=overlap)


def grid_status(
    enrolled: np.ndarray, open_days: np.ndarray, sure: np.ndarray, doubt: np.ndarray
) -> np.ndarray:
    """The status of every student and period, as int8 codes; NO_ROW where nobody was enrolled.

    enrolled   open days enrolled, students x periods; open_days: of each period.
    sure       cells with what is asked; doubt: cells in which it may have been.
    """
    status = np.full(enrolled.shape, NOT_MET, dtype=np.int8)
    np.copyto(status, CANNOT_TELL, where=doubt)
    np.copyto(status, MET, where=sure)
    np.copyto(status, NOT_APPLICABLE, where=enrolled < open_days.astype(enrolled.dtype))
    np.copyto(status, NO_ROW, where=enrolled == 0)
    return status


def pairs_of(
    caseload: Caseload, span: Span, first: np.ndarray, last: np.ndarray
) -> tuple[pd.DataFrame, np.ndarray]:
    """Each student of each program once, and their enrolled open days in each period."""
    rows = enrolled_in_span(caseload, span)
    enrolled = enrolled_days(
        span.calendar, rows["start"].to_numpy(), rows["end"].to_numpy(), first, last
    )
    keys = rows[["program_id", "student_id"]]
    head = ~keys.duplicated()
    if not head.all():
        # Stretches of one student stand together: enrolments come sorted by program and student.
        enrolled = np.add.reduceat(enrolled, np.flatnonzero(head), axis=0)
    return keys[head].reset_index(drop=True), enrolled


def grid_verdicts(
    pairs: pd.DataFrame,
    first: np.ndarray,
    last: np.ndarray,
    status: np.ndarray,
    reasons: dict[int, str],
    **more: object,
) -> pd.DataFrame:
    """The rows of a status grid; `more` holds scalars, or arrays shaped like the grid."""
    pair, period = np.nonzero(status != NO_ROW)
    cells = status[pair, period]
    reason = np.full(len(cells), "", dtype=object)
    for code, text in reasons.items():
        reason[cells == code] = text
    columns = {
        name: value[pair, period] if isinstance(value, np.ndarray) else value
        for name, value in more.items()
    }
    return verdicts(
        "student",
        program_id=pairs["program_id"].array.take(pair),
        subject_id=pairs["student_id"].array.take(pair),
        period_start=first[period],
        period_end=last[period],
        status=cells,
        reason=reason,
        **columns,
    )
