"""Small tables that figures are drawn of."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from casekit.figures import (
    Figure,
    caseload_per_manager,
    computed_and_attested,
    first_contact,
    level_ladder,
    ratio_through_time,
    requirements_by_program,
    weekly_contact,
)

NAN, INF = float("nan"), float("inf")


def daily(*rows: tuple) -> pd.DataFrame:
    """Rows of (day, students, fte, status); the ratio follows from them."""
    frame = pd.DataFrame(rows, columns=["day", "students", "fte", "status"])
    frame["fte"] = frame["fte"].astype(float)
    with np.errstate(divide="ignore"):
        frame["ratio"] = frame["students"].to_numpy() / frame["fte"].to_numpy()
    return frame.assign(day=pd.to_datetime(frame["day"]))


MIXED_DAYS = daily(
    ("2026-03-11", 60, 0.8, "met"),  # 75.0 exactly
    ("2026-03-12", 65, 0.8, "not_met"),  # 81.25
    ("2026-03-13", 61, 0.8, "not_met"),  # 76.25
    ("2026-03-16", 61, 0.0, "not_met"),  # students, and nobody's time
    ("2026-03-17", 61, NAN, "cannot_tell"),  # fte not known
)


def months(*rows: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["manager", "month", "observed", "status", "days_over"])
    return frame.assign(month=pd.to_datetime(frame["month"]), limit=25.0)


MIXED_MONTHS = months(
    ("Manager 1", "2026-02-01", 25.0, "met", 0),
    ("Manager 1", "2026-03-01", 27.0, "not_met", 4),  # the fullest
    ("Manager 2", "2026-03-01", 20.0, "met", 0),
    ("<script>", "2026-03-01", NAN, "cannot_tell", 0),  # a label is text, whatever it says
)


def weeks(*rows: tuple) -> pd.DataFrame:
    columns = ["week", "open_days", "note", "denominator", "numerator", "cannot_tell"]
    frame = pd.DataFrame(rows, columns=columns)
    rate = frame["numerator"] / frame["denominator"].replace(0, np.nan)
    return frame.assign(week=pd.to_datetime(frame["week"]), not_applicable=0, rate=rate, why="")


MIXED_WEEKS = weeks(
    ("2025-11-10", 5, "", 60, 60, 0),  # everyone
    ("2025-11-17", 5, "", 60, 41, 2),  # 19 missed, 2 not known
    ("2025-11-24", 2, "closure: Thanksgiving", 0, 0, 0),  # not judged
)

BUCKETS = pd.DataFrame(
    {
        "bucket": ["within 48 hours", "within 5 days", "later or not at all", "not yet", "unknown"],
        "status": ["met", "met", "not_met", "due", "cannot_tell"],
        "referrals": [25, 0, 3, 1, 2],
        "why": ["", "", "", "", "outcome is not recorded in contacts"],
    }
)

LADDER = pd.DataFrame(
    [
        ("", "", "Functioning", "r.a", "r.b"),
        ("Wellbeing", "", "Functioning", "r.a", "r.b"),
        ("Wellbeing", "Contact", "Functioning", "r.a", ""),  # blocked
        ("Wellbeing", "Records", "Functioning", "", "r.b"),  # not shown
        ("Wellbeing", "Plans", "Embedded", "", ""),  # at the top
    ],
    columns=["area", "element", "level", "blocking", "unshown"],
)
LEVELS = ["Functioning", "Strategic", "Embedded"]
TITLES = {"r.a": "Meets students each week", "r.b": "Keeps a record"}


def findings(programs: int) -> pd.DataFrame:
    """r.a is met by all but the first program; r.b cannot be told of any."""
    rows = [("r.a", f"p{i}", "met" if i else "not_met") for i in range(programs)]
    rows += [("r.b", f"p{i}", "cannot_tell") for i in range(programs)]
    return pd.DataFrame(rows, columns=["requirement_id", "program_id", "status"])


def ladder(frame: pd.DataFrame = LADDER) -> Figure:
    return level_ladder(frame, "FLO", LEVELS, TITLES)


BY_AREA = pd.DataFrame({"area": ["Staff", "Records"], "computed": [1, 0], "attested": [2, 5]})
FIGURES = {
    "standard": computed_and_attested(BY_AREA, "Our own"),
    "ratio": ratio_through_time(MIXED_DAYS, 75.0, "Riverside"),
    "one day": ratio_through_time(MIXED_DAYS.head(1), 75.0, "Riverside"),
    "caseload": caseload_per_manager(MIXED_MONTHS, 25),
    "weekly": weekly_contact(MIXED_WEEKS, "status check"),
    "first contact": first_contact(BUCKETS),
    "levels": ladder(),
    "three programs": requirements_by_program(findings(3), TITLES, {}),
    "many programs": requirements_by_program(findings(300), TITLES, {}),
}
each_figure = pytest.mark.parametrize("figure", FIGURES.values(), ids=list(FIGURES))


def cells_of(figure: Figure) -> set[tuple]:
    return {
        tuple(row.values()) for rows in figure.chart.to_dict()["datasets"].values() for row in rows
    }
