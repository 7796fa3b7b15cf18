"""What the breaches of every standard share: their form, and the simplest of them."""

from __future__ import annotations

from collections.abc import Callable

from casekit.synth.draft import Draft, KeyRow

# A breach edits one program of the draft and says which verdicts it planted; it gives no row where
# the sample is too small or too short to hold it.
Breach = Callable[[Draft, str], list[KeyRow]]


def whole_span(
    draft: Draft, requirement: str, program: str, subject: str, why: str, status: str = "not_met"
) -> KeyRow:
    """A key row about everything from the first day of the records to the last."""
    return KeyRow(requirement, program, subject, str(draft.since), status, why)


def staff_edited(requirement: str, why: str, status: str = "not_met", **values: object) -> Breach:
    """One case manager's record says something else."""

    def breach(draft: Draft, program: str) -> list[KeyRow]:
        person = draft.take(draft.managers(program), requirement)
        if person is None:
            return []
        draft.edit("staff", draft.tables["staff"]["staff_id"] == person, **values)
        return [whole_span(draft, requirement, program, person, why, status)]

    return breach
