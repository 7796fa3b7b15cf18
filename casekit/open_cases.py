"""Open referrals: which steps are done, which is next and by when, and the periods being watched.

The steps are those of the standard's own requirements. Rows name referrals and students, so they
stay with the program.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from casekit.caseload import FAR, days
from casekit.catalog import Requirement
from casekit.findings import Evaluation
from casekit.kinds.asked import students_of
from casekit.kinds.evidence.shown import said
from casekit.phrases import capital, date
from casekit.summaries import requirements_of_kind

STEP_COLUMNS = (
    *("standard_id", "referral_id", "student_id", "received_on", "requirement_id", "title"),
    *("state", "last_day", "by_when"),
)
CASE_COLUMNS = (
    *("standard_id", "referral_id", "student_id", "received_on", "done", "asked", "next"),
    *("by_when", "missed"),
)
PERIOD_COLUMNS = (
    *("referral_id", "student_id", "received_on", "period", "last_day", "state", "reason"),
)
# What a verdict says of a step of a case that is still open.
STATES = {"met": "done", "due": "open", "not_met": "missed", "cannot_tell": "unknown"}


def _is_step(requirement: Requirement) -> bool:
    about = requirement.settings.get("each")
    return requirement.kind == "first_contact" or about == "referral"


def step_rules(evaluation: Evaluation, program: str) -> list[Requirement]:
    """The requirements that are steps of a referral's case, in the standards' order."""
    asked = requirements_of_kind(evaluation, program, "first_contact", "followed_by")
    return [requirement for requirement in asked if _is_step(requirement)]


def period_rules(evaluation: Evaluation, program: str) -> list[Requirement]:
    """The requirements that ask a case to be kept open through a grading period."""
    asked = requirements_of_kind(evaluation, program, "monitored_period")
    return [requirement for requirement in asked if not requirement.settings.get("closed_as")]


def steps_of_open(evaluation: Evaluation, program: str) -> pd.DataFrame:
    """Every step that is asked of the referrals open on as_of: a row a step, in order.

    Columns STEP_COLUMNS: state (a word of STATES), last_day (NaT where the standard gives none),
    by_when (in words: the day, or else before which other step). Steps that do not apply are left
    out. In the order of the days received, and within a case of the standard.
    """
    return _open_rows(evaluation, program, step_rules(evaluation, program), _step, STEP_COLUMNS)


def _step(requirement: Requirement, verdict: pd.Series) -> dict[str, object]:
    last_day = verdict["period_end"]
    if pd.notna(last_day):
        by_when = date(last_day)
    elif later := requirement.settings.get("later"):
        by_when = f"before: {said(next(iter(later)))}"  # type: ignore[call-overload]
    else:
        by_when = "while the case is open"
    state = STATES[str(verdict["status"])]
    return {"title": requirement.title, "state": state, "by_when": by_when}


def next_steps(steps: pd.DataFrame) -> pd.DataFrame:
    """A row for each open referral from its steps: how many are done, and the one that is next.

    Columns CASE_COLUMNS: next (a title; empty where no step is open), by_when (capitalised),
    missed (steps that another overtook, or whose day has passed). Of steps with a day the earliest
    is next; else the first in the standard's order. Cases with a step to take stand first.
    """
    found = []
    for (standard, referral), rows in steps.groupby(["standard_id", "referral_id"], sort=False):
        waiting = rows[rows["state"] == "open"].sort_values("last_day", kind="stable")
        first = None if waiting.empty else waiting.iloc[0]
        found.append(
            (
                *(standard, referral, rows["student_id"].iloc[0], rows["received_on"].iloc[0]),
                *(int((rows["state"] == "done").sum()), len(rows)),
                "" if first is None else first["title"],
                "" if first is None else capital(first["by_when"]),
                int((rows["state"] == "missed").sum()),
            )
        )
    cases = pd.DataFrame(found, columns=list(CASE_COLUMNS))
    return cases.sort_values("next", key=lambda titles: titles == "", kind="stable")


def monitored(evaluation: Evaluation, program: str) -> pd.DataFrame:
    """The grading period that each referral open on as_of has to be kept through.

    Columns PERIOD_COLUMNS: period (its name in the calendar), last_day (its own), state (running,
    unknown, over, in this order), reason (why it is unknown). What ends first stands first.
    """
    rules = period_rules(evaluation, program)
    rows = _open_rows(evaluation, program, rules, _period, PERIOD_COLUMNS)
    calendar = evaluation.caseload.tables["calendar"]
    mine = evaluation.spans[program].calendar.calendar_id
    own = (calendar["calendar_id"].astype(str) == mine).to_numpy()
    periods = calendar[own & (calendar["kind"] == "grading_period").to_numpy()]
    names = dict(zip(days(periods["end_date"]).astype(str), periods["name"], strict=True))
    ends = [str(np.datetime64(day, "D")) if pd.notna(day) else "" for day in rows["last_day"]]
    rows["period"] = [str(names.get(day) or "") for day in ends]
    rows = rows.sort_values(["last_day", "received_on"], kind="stable")
    return rows.sort_values("state", key=_running_first, kind="stable").reset_index(drop=True)


def _running_first(states: pd.Series) -> pd.Series:
    return states.map(["running", "unknown", "over"].index)


def _period(requirement: Requirement, verdict: pd.Series) -> dict[str, object]:
    states = {"due": "running", "met": "over"}
    state = states.get(str(verdict["status"]), "unknown")
    return {"state": state}


def _open_rows(
    evaluation: Evaluation,
    program: str,
    rules: list[Requirement],
    told: Callable[[Requirement, pd.Series], dict[str, object]],
    columns: tuple[str, ...],
) -> pd.DataFrame:
    """What is told of each verdict that some rules give on the program's open referrals."""
    place = {(rule.standard, rule.id): number for number, rule in enumerate(rules)}
    received = _received(evaluation)
    rows = evaluation.verdicts
    rows = rows[(rows["program_id"] == program) & (rows["subject_type"] == "referral")]
    rows = rows[rows["subject_id"].isin(received) & (rows["status"] != "not_applicable")]
    keys = zip(rows["standard_id"], rows["requirement_id"], strict=True)
    number = pd.Series([place.get(key, -1) for key in keys], rows.index, dtype=int)
    rows = rows[number >= 0].assign(number=number[number >= 0])
    rows["received_on"] = pd.to_datetime(rows["subject_id"].map(received)).astype("datetime64[s]")
    rows["student_id"] = students_of(evaluation.caseload, rows)
    order = ["received_on", "subject_id", "standard_id", "number"]
    rows = rows.sort_values(order, kind="stable").reset_index(drop=True)
    more = [told(rules[row["number"]], row) for _, row in rows.iterrows()]
    named = rows.rename(columns={"subject_id": "referral_id", "period_end": "last_day"})
    words = pd.DataFrame(more, index=named.index)
    named = named.drop(columns=[name for name in words if name in named])
    return pd.concat([named, words], axis=1).reindex(columns=list(columns))


def _received(evaluation: Evaluation) -> dict[str, pd.Timestamp]:
    """The day on which each referral came that is open on as_of."""
    rows = evaluation.caseload.tables["referrals"]
    rows = rows[days(rows["closed_on"], FAR) > evaluation.as_of]
    came = pd.to_datetime(days(rows["received_at"]))
    return dict(zip(rows["referral_id"].astype(str), came, strict=True))
