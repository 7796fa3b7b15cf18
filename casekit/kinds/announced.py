"""The kind about requests that have to be in by a date that is announced."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.caseload import Caseload, days
from casekit.kinds.plans import KEYS, NO_DAY
from casekit.kinds.rows import (
    CANNOT_TELL,
    DUE,
    MET,
    NOT_MET,
    Span,
    enrolled_on,
    nobody,
    student_events,
    untold,
    verdicts,
)
from casekit.kinds.words import EventType

# From the best to the worst: a student with several requests stands as the worst of them.
_WEIGHT = {MET: 0, DUE: 1, CANNOT_TELL: 2, NOT_MET: 3}


def by_announced_date(
    caseload: Caseload,
    span: Span,
    *,
    request: EventType,
    consulted: EventType,
    submitted: EventType,
    announced: EventType,
) -> pd.DataFrame:
    """A request is sent, after it was talked over, by the first date announced after it.

    SD42, the list of designations: new requests are discussed with the psychologist and sent by
    the date that is announced each year. One row per student with a request in the span.
    """
    if reason := caseload.lacks("events"):
        return untold(caseload, span, reason)
    asked = student_events(caseload, span, request)[[*KEYS, "day"]]
    inside = (asked["day"] >= span.since) & enrolled_on(caseload, span, asked)
    asked = asked[inside].drop_duplicates().reset_index(drop=True)
    if asked.empty:
        return nobody()
    asked["request"] = np.arange(len(asked))
    deadline = _announced(caseload, span, asked, announced)
    sent = asked.merge(student_events(caseload, span, submitted), on=KEYS, suffixes=("", "_sent"))
    talked = student_events(caseload, span, consulted).groupby(KEYS, observed=True)["day"].min()
    before = talked.rename("talked").reset_index()
    sent = sent.merge(before, on=KEYS)
    in_order = (sent["day_sent"] >= sent["day"]) & (sent["talked"] <= sent["day_sent"])
    by = days(sent["day_sent"]) <= deadline[sent["request"]]
    met = asked["request"].isin(sent.loc[in_order & by, "request"])
    status = np.select(
        [np.isnat(deadline), met, span.as_of <= deadline], [CANNOT_TELL, MET, DUE], NOT_MET
    )
    asked = asked.assign(status=status, deadline=deadline, weight=[_WEIGHT[s] for s in status])
    # Of requests that stand alike, the earliest.
    worst = asked.sort_values(["weight", "day"], ascending=[False, True]).drop_duplicates(KEYS)
    status = worst["status"].to_numpy()
    return verdicts(
        "student",
        program_id=worst["program_id"].array,
        subject_id=worst["student_id"].array,
        period_start=span.since,
        period_end=days(worst["deadline"]),
        status=status,
        reason=np.where(status == CANNOT_TELL, "no date has been announced for it", ""),
        observed=(status == MET).astype(float),
        limit=1,
        unit="requests sent in time",
    )


def _announced(caseload: Caseload, span: Span, asked: pd.DataFrame, event: str) -> np.ndarray:
    """The first date announced on or after each request, for its program and student or for all."""
    rows = caseload.tables["events"]
    # A date that is announced after as_of is not known yet; one that lies there is.
    known = (days(rows["occurred_at"]) <= span.as_of) | rows["valid_until"].isna().to_numpy()
    rows = rows[(rows["event_type"] == event) & known]
    dates = pd.DataFrame(
        {
            "program": rows["program_id"].astype("object"),
            "student": rows["student_id"].astype("object"),
            "date": days(rows["valid_until"].fillna(rows["occurred_at"])),
        }
    ).sort_values("date")
    both = asked.merge(dates, how="cross")
    mine = both["program"].isna() | (both["program"] == both["program_id"].astype("object"))
    mine &= both["student"].isna() | (both["student"] == both["student_id"].astype("object"))
    first = both[mine & (both["date"] >= both["day"])].drop_duplicates("request")
    found = np.full(len(asked), NO_DAY)
    found[first["request"]] = days(first["date"])
    return found
