"""The words that a setting of a kind may hold, as types: a standard's file is checked against them.

`Annotated[str, (...)]` names what is allowed; the catalogue reads it from the kind's signature.
"""

from __future__ import annotations

from typing import Annotated, Literal

from casekit.tables import ALL_EVENT_TYPES, TABLES, TOPICS, WEEKDAYS


def _allowed(table: str, column: str) -> tuple[str, ...]:
    return TABLES[table].column(column).allowed


REASONS = _allowed("referrals", "closure_reason")
# A referral's closing is an event as well, for the rules about what came before or after it.
CLOSING = ("referral_closed", *(f"closed_{reason}" for reason in REASONS))

EventType = Annotated[str, (*ALL_EVENT_TYPES, *CLOSING)]
NoEventType = Annotated[str, ("", *ALL_EVENT_TYPES, *CLOSING)]
Topic = Annotated[str, TOPICS]
Mode = Annotated[str, _allowed("contacts", "mode")]
Setting = Annotated[str, _allowed("contacts", "setting")]
Reason = Annotated[str, REASONS]
Weekday = Annotated[str, WEEKDAYS]
Degree = Annotated[str, _allowed("staff", "degree_level")]
DegreeField = Annotated[str, _allowed("staff", "degree_field")]
Experience = Annotated[str, _allowed("staff", "experience_kind")]

DocumentedBy = Literal["has_notes", "topics", "on_face_sheet"]
SameValue = Literal["", "item_id", "staff_id", "party"]
Subject = Literal["student", "referral"]
Period = Literal["fortnight", "grading_period", "school_year"]
Unit = Literal["hours", "days", "school_year"]
Validity = Literal["unless_expired", "must_be_dated", "any"]
