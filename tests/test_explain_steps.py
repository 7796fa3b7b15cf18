"""The smallest change of the kinds about steps, meetings and papers, carried out on the data."""

from __future__ import annotations

import pandas as pd
import pytest
from golden_cases import CASES, Case, only
from test_explain import plus, status_with, told, verdict_of

DAY = pd.Timedelta(days=1)


def settings_of(case: Case) -> dict:
    return dict(only(case.requirement).requirements[case.requirement].settings)


def of_kind(kind: str, *statuses: str, without: tuple[str, ...] = ()) -> list:
    """Cases of a kind whose verdict has one of the statuses, where no such setting is given."""
    return [
        case.param
        for case in CASES
        if case.expect in statuses
        and only(case.requirement).requirements[case.requirement].kind == kind
        and not any(settings_of(case).get(name) for name in without)
        and "events" in case.tables
    ]


def with_event(case: Case, step: str, day: pd.Timestamp, parties: tuple = ()) -> str:
    """The case's status with the step on a day, for every party (or one that differs in detail)."""
    verdict, text = verdict_of(case), case.tables["events"]
    head, *rows = text.strip().splitlines()
    names = head.split(",")
    more = [n for n in ("student_id", "referral_id", "party", "detail") if n not in names]
    lines = [head + "".join(f",{n}" for n in more), *(row + "," * len(more) for row in rows)]
    text = "\n".join(lines) + "\n"
    about = "referral_id" if verdict["subject_type"] == "referral" else "student_id"
    for number, party in enumerate(parties or ("", "")):
        cells = {about: verdict["subject_id"], "party": party, "detail": f"way {number}"}
        text = plus(text, event_type=step, occurred_at=f"{day:%F}", **cells)
    return status_with(case, events=text)


BEFORE = of_kind("meeting_step", "not_met", without=("school_days_after",))


@pytest.mark.parametrize("case", BEFORE)
def test_a_step_on_its_last_day_meets_the_meeting_and_a_day_later_does_not(case: Case) -> None:
    asked, last = settings_of(case), verdict_of(case)["period_end"]
    assert f"{last.day} {last:%B %Y}" in told(case).evidence.change
    found = [
        with_event(case, asked["step"], d, asked.get("parties", ())) for d in (last, last + DAY)
    ]
    assert found == ["met", "not_met"]


@pytest.mark.parametrize("case", of_kind("each_period", "not_met", without=("to_school",)))
def test_an_event_by_the_end_of_the_period_meets_it_and_a_day_later_does_not(case: Case) -> None:
    last = verdict_of(case)["period_end"]
    found = [with_event(case, settings_of(case)["event"], d) for d in (last, last + DAY)]
    assert found == ["met", "not_met"]


FOLLOWED = of_kind("followed_by", "not_met", "due", without=("same", "one_each"))


@pytest.mark.parametrize(
    "case", [p for p in FOLLOWED if settings_of(p.values[0])["step"] != "referral_closed"]
)
def test_the_step_that_is_still_asked_meets_the_case(case: Case) -> None:
    asked = settings_of(case)
    assert told(case).evidence.change.startswith("Still asked: ")
    known, later = pd.Timestamp(case.as_of), pd.Timestamp(case.as_of) + DAY
    found = [with_event(case, asked["step"], d, asked.get("parties", ())) for d in (known, later)]
    # What is planned for the day after is not taken yet.
    assert found == ["met", case.expect]


@pytest.mark.parametrize("case", of_kind("on_file", "not_met", without=("validity",)))
def test_a_paper_for_each_of_those_named_is_on_file(case: Case) -> None:
    asked = settings_of(case)
    assert with_event(case, asked["event"], pd.Timestamp(case.as_of), asked["parties"]) == "met"


UNMEASURED = [
    case.param
    for case in CASES
    if "goals_" in case.requirement and case.expect == "not_met" and "progress" in case.tables
]


@pytest.mark.parametrize("case", UNMEASURED)
def test_a_measurement_in_the_period_meets_the_goal(case: Case) -> None:
    verdict = verdict_of(case)
    goal = str(verdict["subject_id"]).rpartition("/")[2]
    asked = {"student_id": "s1", "goal_id": goal}
    found = [
        status_with(case, progress=plus(case.tables["progress"], **asked, measured_on=f"{day:%F}"))
        for day in (verdict["period_end"], verdict["period_end"] + DAY)
    ]
    assert found[0] == "met" and found[1] == "not_met"
