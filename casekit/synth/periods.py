"""What a sample is too short for: requirements about periods of which none begins in it."""

from __future__ import annotations

from casekit.catalog import load
from casekit.synth.breach import whole_span
from casekit.synth.draft import STANDARDS, Draft, KeyRow


def periods_not_begun(draft: Draft) -> list[KeyRow]:
    """Verdicts that cannot be told, as no such grading period or school year begins."""
    key = []
    for standard in STANDARDS:
        for requirement in load(standard).requirements.values():
            period = requirement.settings.get("period")
            if period not in ("grading_period", "school_year"):
                continue
            why = f"no {str(period).replace('_', ' ')} begins in these weeks"
            key += [
                whole_span(draft, requirement.id, program, program, why, "cannot_tell")
                for program in draft.held_to(standard)
                if not _begins(draft, program, period)
            ]
    return key


def _begins(draft: Draft, program: str, period: str) -> bool:
    """Whether such a period begins in the records."""
    calendar = draft.calendars[program]
    every = calendar.years if period == "school_year" else calendar.grading_periods
    return bool(((every[:, 0] >= draft.since) & (every[:, 0] <= draft.as_of)).any())
