"""The clean caseload's contacts: every week, two hours a month, every topic, all noted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK, monday
from casekit.synth.draft import FLO, OPEN_DOORS, Draft
from casekit.tables import TOPICS

# Mode, direction and setting of contacts, in turn. Open Doors meets twice a month and writes or
# calls in the other weeks; FLO meets every week. What comes on top has an outcome and a party too.
MEETINGS = {
    OPEN_DOORS: [("in_person", "two_way", "site"), ("in_person", "two_way", "community")],
    FLO: [
        ("in_person", "two_way", "site"),
        ("home_visit", "two_way", "home"),
        ("in_person", "two_way", "site"),
        ("in_person", "two_way", "community"),
    ],
}
MESSAGES = [
    ("phone", "two_way", "online"),
    ("text", "one_way", "online"),
    ("video", "two_way", "online"),
    ("email", "one_way", "online"),
]
EXTRAS = [
    ("group", "two_way", "site", "completed", None),
    ("phone", "two_way", "online", "attempted", None),
    ("phone", "two_way", "online", "completed", "parent"),
    ("text", "one_way", "online", "completed", None),
]
STYLE = ["mode", "direction", "setting"]


def add_contacts(draft: Draft, standard: str, program: str) -> None:
    """The contacts of one program, in order of day and student."""
    weekly = _weekly(draft, program)
    extra = weekly[draft.rng.random(len(weekly)) < 0.4]
    weekly = _in_style(weekly, standard)
    extra = _turns(extra[["student_id", "day"]], EXTRAS, [*STYLE, "outcome", "participants"])
    extra["duration_minutes"] = "15"
    parts = [weekly, extra] if standard == OPEN_DOORS else [weekly, extra, _calls(draft, program)]
    rows = pd.concat(parts)
    rows = rows.sort_values(["day", "student_id"], kind="stable").reset_index(drop=True)
    rows["outcome"] = rows["outcome"].fillna("completed")
    rows["has_notes"] = "yes"
    topics = TOPICS[:-1]
    turn = (np.arange(len(rows)) + draft.rng.integers(len(topics))) % len(topics)
    rows["topics"] = np.array(topics, dtype=object)[turn]
    rows["staff_id"] = _case_managers(draft, rows, f"T-{program.removeprefix('P-')}-1")
    rows["occurred_at"] = _moments(draft, standard, rows)
    draft.add("contacts", rows.drop(columns="day"))


def _weekly(draft: Draft, program: str) -> pd.DataFrame:
    """A day for each student and week of the enrolment. Columns: student_id, day."""
    rows = draft.of(program, "students")
    found = one_a_week(draft, program, rows["enrollment_start"], rows["enrollment_end"])
    found["student_id"] = rows["student_id"].to_numpy()[found.pop("place")]
    return found.sort_values(["student_id", "day"], kind="stable").reset_index(drop=True)


def one_a_week(draft: Draft, program: str, first: pd.Series, last: pd.Series) -> pd.DataFrame:
    """For each of some stretches an open day of every week of the records that it reaches into.

    Columns: place (of the stretch), day. An empty last day is still to come.
    """
    start = first.to_numpy().astype("datetime64[D]")[:, None]
    end = last.fillna("2200-01-01").to_numpy().astype("datetime64[D]")[:, None]
    opened = draft.open_days(program)
    mondays = np.arange(monday(draft.since), draft.as_of + DAY, WEEK)[None, :]
    low = np.searchsorted(opened, np.maximum(start, mondays))
    high = np.searchsorted(opened, np.minimum(end + DAY, mondays + WEEK))
    who, week = np.nonzero(high > low)
    count = (high - low)[who, week]
    chosen = low[who, week] + np.floor(draft.rng.random(len(who)) * count).astype(int)
    return pd.DataFrame({"place": who, "day": opened[chosen]})


def _in_style(weekly: pd.DataFrame, standard: str) -> pd.DataFrame:
    """Meetings, and in Open Doors messages too, once the month's two hours are full."""
    meetings = _turns(weekly, MEETINGS[standard], STYLE)
    minutes = 60 + 5 * (np.arange(len(weekly)) % 4)
    meetings["duration_minutes"] = minutes.astype(str)
    if standard == FLO:
        return meetings
    month = weekly["day"].dt.to_period("M")
    later = weekly.groupby(["student_id", month]).cumcount() >= 2
    messages = _turns(weekly[later], MESSAGES, STYLE).assign(duration_minutes="10")
    return pd.concat([meetings[~later], messages])


def _turns(rows: pd.DataFrame, styles: list[tuple], names: list[str]) -> pd.DataFrame:
    """The rows with columns from a list of styles, each in its turn."""
    turn = np.arange(len(rows)) % len(styles)
    columns = {n: [styles[i][at] for i in turn] for at, n in enumerate(names)}
    return rows.assign(**columns)


def _calls(draft: Draft, program: str) -> pd.DataFrame:
    """FLO's calls in the weeks without school, and the one that answers each referral.

    `occurred_at` is filled where the time of day matters: 22 hours after the referral.
    """
    closed = np.array(draft.closed_weeks(program), dtype="datetime64[D]")
    stays = draft.stays(program)
    greeted = [stays[i % len(stays)] for i in range(3 * len(closed))]
    midweek = np.repeat(closed + np.timedelta64(2, "D"), 3)
    referrals = draft.of(program, "referrals")
    # What came in on the last day but one is not answered yet.
    answered = referrals[referrals["received_at"] < str(draft.as_of - DAY)]
    called = answered["received_at"].to_numpy().astype("datetime64[m]") + np.timedelta64(22, "h")
    mode, direction, setting = MESSAGES[0]
    return pd.DataFrame(
        {
            "student_id": [*greeted, *answered["student_id"]],
            "day": np.concatenate([midweek, called.astype("datetime64[D]")]),
            "occurred_at": [*[None] * len(midweek), *called.astype(str)],
            "mode": mode,
            "direction": direction,
            "setting": setting,
            "duration_minutes": "20",
        }
    )


def _moments(draft: Draft, standard: str, rows: pd.DataFrame) -> pd.Series:
    """When each contact took place: Open Doors writes down the day, FLO the time of day too."""
    days = pd.Series(rows["day"].to_numpy().astype("datetime64[D]").astype(str))
    if standard == OPEN_DOORS:
        return days
    quarters = draft.rng.integers(9 * 4, 15 * 4, len(rows)).tolist()
    clock = [f"T{quarter // 4:02d}:{quarter % 4 * 15:02d}" for quarter in quarters]
    return rows["occurred_at"].fillna(days + clock)


def _case_managers(draft: Draft, rows: pd.DataFrame, otherwise: str) -> np.ndarray:
    """Who had the student on the day of each contact; `otherwise` before the enrolment."""
    assigned = draft.tables["assignments"]
    contacts = pd.DataFrame({"student_id": rows["student_id"], "day": rows["day"].astype("str")})
    both = contacts.reset_index().merge(assigned, on="student_id")
    until = both["end_date"].fillna("9999")
    both = both[(both["day"] >= both["start_date"]) & (both["day"] <= until)]
    who = both.drop_duplicates("index").set_index("index")["staff_id"]
    return who.reindex(rows.index).fillna(otherwise).to_numpy()
