"""The fullest case manager of each open day, all case managers at once.

The same numbers as `case_managers_by_day` summed up by day, which also says who it is: this is for
a chart that follows a slider, in a program with many case managers.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.caseload import FAR, days, merge_stretches
from casekit.kinds.staffing import PERSON, all_cases, heads_by_day
from casekit.planning.outlook import Outlook

COLUMNS = ("day", "heads", "places", "over")


def fullest_by_day(outlook: Outlook) -> pd.DataFrame:
    """A row per open day, as `staffing_by_day` takes it; none without a limit on heads.

    Columns COLUMNS: heads (of the fullest case manager), places (students whom the limit on heads
    leaves room for, all case managers together), over (somebody passes it).
    """
    most = outlook.limits.at_most
    if most is None:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})
    on = outlook.span.projected_days()
    staff = outlook.caseload.tables["staff"]
    staff = staff[staff["program_id"] == outlook.program]
    work = staff[PERSON].assign(start=days(staff["start_date"]), end=days(staff["end_date"], FAR))
    people = work[PERSON].drop_duplicates()
    people["row"] = np.arange(len(people))
    cases = all_cases(outlook.caseload)
    cases = cases[cases["staff_id"].isin(people["staff_id"].unique())]
    everywhere = merge_stretches(cases, ["staff_id", "student_id"])
    held = heads_by_day(everywhere.merge(people, on="staff_id"), on, len(people))
    here = heads_by_day(cases.merge(people, on=PERSON), on, len(people))
    time = staff["fte"] * staff["case_management_share"]
    there, gives, blank = (
        heads_by_day(work[rows].merge(people, on=PERSON), on, len(people)) > 0
        for rows in (time.notna() | True, time > 0, time.isna())
    )
    has_cases = people["staff_id"].isin(cases["staff_id"].unique()).to_numpy()[:, None]
    takes = np.where(blank, has_cases, gives) & there
    places = np.where(takes, np.maximum(most - (held - here), 0), 0)
    over = there & (held > most) & _judged(here * there, on)
    return pd.DataFrame(
        {
            "day": on.astype("datetime64[s]"),
            "heads": (held * there).max(axis=0, initial=0),
            "places": places.sum(axis=0),
            "over": over.any(axis=0),
        }
    )


def _judged(here: np.ndarray, on: np.ndarray) -> np.ndarray:
    """Whether each person has anybody of the program in the month of each day: people x days."""
    if not here.size:
        return np.zeros(here.shape, dtype=bool)
    _, month = np.unique(on.astype("datetime64[M]"), return_inverse=True)
    first = np.flatnonzero(np.diff(month, prepend=-1))
    return (np.maximum.reduceat(here, first, axis=1) > 0)[:, month]
