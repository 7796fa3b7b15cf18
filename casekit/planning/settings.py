"""What a plan assumes: every number that no table holds, with its unit and what is allowed.

None of these numbers comes from a standard. They are ours, or the user's own once a scenario's
`[settings]` gives them, and every plan shows those that it used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

import pandas as pd

from casekit.phrases import number


class PlanningError(ValueError):
    """A plan cannot be made of this. One line: what, where, what is allowed, what next."""


def _set(default: Any, meaning: str, unit: str = "", low: float = 0, high: float = 1e9) -> Any:
    about = {"meaning": meaning, "unit": unit, "low": low, "high": high}
    if isinstance(default, Mapping):
        return field(default_factory=lambda: MappingProxyType(dict(default)), metadata=about)
    return field(default=default, metadata=about)


# fmt: off
@dataclass(frozen=True)
class Settings:
    """The assumptions of a plan; None means that the program's own data say it, or nobody does."""

    # Limits, for programs whose standard names none.
    per_staff: float | None = _set(None, "students to one full-time case manager, where no standard says", "students", 1, 10_000)
    at_most: int | None = _set(None, "students of one case manager, where no standard says", "students", 1, 10_000)
    # Who may take whom.
    same_site: bool = _set(True, "a student moves only to someone at the student's site")
    skills: Mapping[str, str] = _set({}, "designation -> the certificate or degree field that its case manager needs")
    pinned: tuple[tuple[str, str], ...] = _set((), "pairs of student_id and staff_id that stay, or come, together")
    travel_minutes: float = _set(20.0, "minutes of travel for a contact at another site", "minutes", 0, 1_440)
    distances: Mapping[str, float] = _set({}, "'site|site' -> minutes of travel between them, instead of travel_minutes", "minutes", 0, 1_440)
    # Hours needed and hours there.
    week_hours: float = _set(38.0, "hours in a full-time week", "hours", 1, 80)
    other_time: float = _set(0.15, "part of case-management time that goes to none of the work below", "part", 0, 0.95)
    contact_minutes: float = _set(30.0, "minutes of a contact", "minutes", 0, 1_440)
    contacts_per_week: float = _set(1.0, "contacts a student is given in a week", "contacts", 0, 50)
    paperwork_minutes: float = _set(20.0, "minutes of notes and forms for a student in a week", "minutes", 0, 2_400)
    meeting_hours: float = _set(3.0, "hours that an IEP meeting takes, with its preparation", "hours", 0, 100)
    need_weights: Mapping[str, float] = _set({}, "designation -> how much more than others such a student needs (1 = the same)", "times", 0, 100)
    concern_weight: float = _set(1.5, "how much more a student of concern needs", "times", 0, 100)
    # What may come.
    runs: int = _set(10_000, "simulated futures", "runs", 100, 100_000)
    weeks: int = _set(52, "weeks that are forecast", "weeks", 1, 156)
    interval: float = _set(0.8, "part of the futures that an interval holds", "part", 0.5, 0.99)
    attrition_per_year: float | None = _set(None, "part of case managers who leave in a year; none given: from the staff table", "part", 0, 0.95)
    hiring_weeks: int = _set(8, "weeks from a resignation, or a decision, to the new person's first day", "weeks", 0, 156)
    ramp_weeks: int = _set(0, "weeks in which a new person's time grows from none to whole", "weeks", 0, 52)
    absence_rate: float = _set(0.03, "part of working days lost to leave that nobody planned", "part", 0, 0.9)
    absence_days: float = _set(3.0, "working days that such an absence lasts, on average", "days", 1, 250)
    sure: float = _set(0.9, "the probability of staying within the rules that is aimed at", "part", 0.5, 0.999)
    # What it costs.
    money: str = _set("full-time salaries", "the unit of all costs")
    salary: float = _set(1.0, "a full-time case manager's yearly pay", "money", 0, 1e9)
    on_cost: float = _set(0.0, "on top of pay (pension, insurance), as part of it", "part", 0, 5)
    hire_cost: float = _set(0.0, "to find and start one new person", "money", 0, 1e9)
    travel_cost: float = _set(0.0, "of a visit to another site", "money", 0, 1e6)
    vacancy_cost: float = _set(0.0, "of a vacant full-time post, as part of its pay (agency, overtime)", "part", 0, 10)
    fte_step: float = _set(0.1, "the smallest part of a post that is hired", "FTE", 0.01, 1)
    most_share: float = _set(1.0, "the largest share of a person's time that may go to case management", "part", 0.01, 1)
    # When meetings are held.
    early_weeks: int = _set(6, "weeks that a meeting may be held before the last day that is allowed", "weeks", 0, 26)
    meetings_per_week: int = _set(3, "meetings that one case manager holds in a week", "meetings", 1, 100)
    meetings_per_week_all: int | None = _set(None, "meetings that all of them hold in a week", "meetings", 1, 10_000)
# fmt: on


KNOWN = {each.name: each for each in fields(Settings)}


def settings_table(settings: Settings, names: tuple[str, ...] = ()) -> pd.DataFrame:
    """The settings as they are shown: Setting, Value, Unit, Meaning, Whose (ours or yours)."""
    rows = []
    for name in names or tuple(KNOWN):
        about, value = KNOWN[name].metadata, getattr(settings, name)
        unit = settings.money if about["unit"] == "money" else about["unit"]
        usual = value == getattr(Settings(), name)
        rows.append((name, _shown(value), unit, about["meaning"], "ours" if usual else "yours"))
    return pd.DataFrame(rows, columns=["Setting", "Value", "Unit", "Meaning", "Whose"])


def _shown(value: object) -> str:
    if value is None:
        return "not given"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number(value, 4)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {part}" for key, part in value.items()) or "none"
    if isinstance(value, tuple):
        return ", ".join(" with ".join(pair) for pair in value) or "none"
    return str(value)
