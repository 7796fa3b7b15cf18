"""The fields of the scenario form: what they say, and the changes that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from casekit.calendars import DAY
from casekit.phrases import date as long_date
from casekit.planning.outlook import Outlook
from casekit.planning.scenarios.changes import Change, Exits, Hire, Intake, Leave, Resign, Share
from casekit.planning.scenarios.form import field_mistakes
from casekit.planning.scenarios.said import WEEKS_A_MONTH
from casekit.planning.settings import KNOWN, Settings

LEAVES, AWAY = "leaves", "away"
# The assumptions that a director changes, and what the form calls them.
ASSUMED = {
    "salary": "Yearly pay of a full-time case manager",
    "money": "Money is in",
    "on_cost": "On top of pay",
    "hire_cost": "To find and start one new person",
    "hiring_weeks": "Weeks to hire",
    "attrition_per_year": "Case managers who leave in a year",
    "sure": "How sure to be",
}


@dataclass(frozen=True)
class Tries:
    """What the form's sliders and fields say, as text. Shares are in percent, flows a week."""

    fte: str = "0"
    fte_share: str = "100"
    fte_from: str = ""
    fte_like: str = ""
    intake: str = "0"
    exits: str = "0"
    flow_from: str = ""
    who: str = ""
    who_fte: str = "1"
    who_share: str = "100"
    who_from: str = ""
    gone: str = ""
    gone_how: str = LEAVES
    gone_on: str = ""
    gone_until: str = ""
    gone_weeks: str = ""


NAMES = frozenset(field.name for field in fields(Tries))


def nothing_tried(outlook: Outlook) -> Tries:
    """The form as it opens: nothing is changed, and what is changed would be from tomorrow on."""
    day = str(outlook.span.as_of + DAY)
    return Tries(fte_from=day, flow_from=day, who_from=day, gone_on=day)


def time_of(outlook: Outlook, staff: str) -> dict[str, str]:
    """A person's FTE and share as the form's fields have them: those of their last row."""
    rows = outlook.staff[outlook.staff["staff_id"] == staff]
    if rows.empty:
        return {}
    last = rows.iloc[int(np.argmax(rows["start"].to_numpy()))]
    fte, share = last["fte"], last["case_management_share"]
    return {
        "who_fte": "1" if pd.isna(fte) else f"{fte:g}",
        "who_share": "100" if pd.isna(share) else f"{100 * share:g}",
    }


def changes_of(tries: Tries, outlook: Outlook) -> tuple[dict[str, Change], dict[str, str]]:
    """The changes that the form makes, by the field that each hangs on; what is wrong, by field."""
    form = _Form(tries, outlook)
    made: dict[str, Change | None] = {"fte_from": form.hire(), **form.flows()}
    made |= {"who_from": form.share(), "gone_on": form.gone()}
    return {field: change for field, change in made.items() if change is not None}, form.wrong


class _Form:
    """One reading of the fields; what is wrong is noted and left out."""

    def __init__(self, tries: Tries, outlook: Outlook) -> None:
        self.tries, self.outlook = tries, outlook
        self.wrong: dict[str, str] = {}

    def hire(self) -> Change | None:
        tries = self.tries
        if not (fte := float(tries.fte)):
            return None
        on = self.day("fte_from")
        share = float(tries.fte_share) / 100
        program = self.outlook.program
        return Hire(program, fte, share, on, like=tries.fte_like) if on else None

    def share(self) -> Change | None:
        tries = self.tries
        if not tries.who or not (on := self.day("who_from")):
            return None
        was = time_of(self.outlook, tries.who)
        moved = [name for name in ("who_fte", "who_share") if getattr(tries, name) != was.get(name)]
        if not moved:
            return None
        fte = float(tries.who_fte) if "who_fte" in moved else None
        share = float(tries.who_share) / 100 if "who_share" in moved else None
        return Share(tries.who, self.outlook.program, share, fte, on)

    def gone(self) -> Change | None:
        tries = self.tries
        if not tries.gone or not (on := self.day("gone_on")):
            return None
        if tries.gone_how == AWAY:
            if until := self.day("gone_until"):
                if until >= on:
                    return Leave(tries.gone, on=on, until=until)
                self.wrong["gone_until"] = f"This is before {long_date(on)}: give a later day."
            return None
        weeks = tries.gone_weeks.strip()
        if weeks and not (weeks.isdigit() and int(weeks) <= 156):
            self.wrong["gone_weeks"] = "Give a whole number of weeks, 0 to 156, or nothing."
            return None
        program = self.outlook.program
        return Resign(tries.gone, on, program, replaced_in_weeks=int(weeks) if weeks else None)

    def flows(self) -> dict[str, Change]:
        tries, program = self.tries, self.outlook.program
        flows = {"intake": (Intake, tries.intake), "exits": (Exits, tries.exits)}
        given = {name: (kind, float(text)) for name, (kind, text) in flows.items() if float(text)}
        on = self.day("flow_from") if given else None
        return {
            name: kind(program, a_month=week * WEEKS_A_MONTH, on=on)
            for name, (kind, week) in given.items()
            if on
        }

    def day(self, field: str) -> date | None:
        """The day in a field; what is wrong with it is noted."""
        span = self.outlook.span
        try:
            day = date.fromisoformat(getattr(self.tries, field))
        except ValueError:
            self.wrong[field] = "Give a date such as 2026-08-31."
            return None
        since, until = long_date(span.since), long_date(span.until)
        if not span.since <= np.datetime64(day) <= span.until:
            self.wrong[field] = f"Give a day from {since} to {until}: no other is looked at."
            return None
        return day


def settings_of(base: Settings, given: Mapping[str, str]) -> tuple[Settings, dict[str, str]]:
    """The assumptions with those of the form; what is wrong with a field, by its name."""
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, text in given.items():
        value = _value(name, text.strip())
        for mistake in field_mistakes("", Settings, {} if value is None else {name: value}):
            wrong[name] = mistake.rpartition(": ")[2].capitalize() + "."
        if name not in wrong:
            values[name] = value
    return Settings(**{**vars(base), **values}), wrong


def _value(name: str, text: str) -> Any:
    """A field's text as its setting; nothing stands for our own value."""
    if not text:
        return KNOWN[name].default
    if name == "money":
        return text
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        return text
    whole = name == "hiring_weeks" and number == int(number)
    return int(number) if whole else number
