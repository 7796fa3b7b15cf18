"""What explains a verdict: it says why, and its smallest change is the smallest that flips it."""

from __future__ import annotations

import re

import pandas as pd
import pytest
import textstat
from golden_cases import CASES, Case, only

from casekit.kinds import KINDS
from casekit.wording import Explanation, explain


def told(case: Case) -> Explanation:
    """The explanation of the case's first verdict with the expected status."""
    return explain(case.evaluation, verdict_of(case))


def verdict_of(case: Case) -> pd.Series:
    rows = case.evaluation.verdicts
    return rows[rows["status"] == case.expect].iloc[0]


def explained(*statuses: str, requirement: str = "") -> list:
    """Cases whose finding rests on a verdict row, with one of the statuses where some are named."""
    return [
        case.param
        for case in CASES
        if case.expect in (statuses or ("met", "not_met", "due", "cannot_tell"))
        and requirement in case.requirement
    ]


# No "1 minutes", no raw value, nothing said twice.
ODD = r"\b1 (students|minutes|days|contacts|hours)\b|cert_iv|youth_at_risk|of it of|nan|NaT"


@pytest.mark.parametrize("case", explained())
def test_an_explanation_has_a_sentence_a_source_the_arithmetic_and_what_would_flip_it(case: Case):
    given = told(case)
    sum_, change = given.evidence.arithmetic, given.evidence.change
    assert all(re.fullmatch(r"[A-Z0-9].*[.]", text) for text in (given.sentence, sum_))
    assert given.citation
    assert not re.search(ODD, f"{sum_} {change}")
    # What is not met, or not known, says the smallest change.
    assert case.expect not in ("not_met", "cannot_tell") or change.endswith(".")


def kind_of(case: Case) -> str:
    return only(case.requirement).requirements[case.requirement].kind


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_a_kind_explains_reads_at_grade_nine_or_lower(kind: str) -> None:
    mine = [case for case in CASES if kind_of(case) == kind and case.expect != "not_applicable"]
    first = {case.expect: case for case in reversed(mine)}
    said = [told(case).evidence for case in first.values()]
    reasons = [f"It is so, as {verdict_of(case)['reason']}." for case in first.values()]
    text = " ".join([*(f"{each.arithmetic} {each.change}" for each in said), *reasons])
    assert textstat.flesch_kincaid_grade(text) <= 9


# The smallest change, carried out on the data


def status_with(case: Case, **tables: str) -> str:
    """The status of the case's own verdict (its subject and period) with other tables."""
    before, rows = verdict_of(case), case.evaluated(**tables).verdicts
    same = rows["subject_id"] == before["subject_id"]
    same &= rows["period_start"] == before["period_start"]
    return str(rows[same]["status"].iloc[0]) if same.any() else "nobody"


def amount(case: Case, pattern: str) -> float:
    """The number in the smallest change, where the pattern has its group."""
    change = told(case).evidence.change
    found = re.search(pattern, change)
    assert found, f"{pattern} is not in {change!r}"
    return float(found[1])


def moment(case: Case, pattern: str) -> pd.Timestamp:
    """The day, with its time if there is one, in the smallest change."""
    change = told(case).evidence.change
    found = re.search(pattern + r" (\d+ \w+ \d{4}(?: at \d\d:\d\d)?)", change)
    assert found, f"{pattern} is not in {change!r}"
    return pd.Timestamp(found[1].replace(" at", ""))


def plus(text: str, **cells: object) -> str:
    """CSV text with one more row, which has these cells as far as there are columns for them."""
    names = text.strip().splitlines()[0].split(",")
    return text.strip() + "\n" + ",".join(str(cells.get(name, "")) for name in names) + "\n"


def fewer(text: str, count: int) -> str:
    """CSV text whose first "{1..90}" is smaller by `count`."""
    return re.sub(r"\.\.(\d+)\}", lambda found: f"..{int(found[1]) - count}}}", text, count=1)


RATIO = "wa_open_doors.staff_ratio"
CASELOAD = "sa_flo.caseload"
MINUTES = "wa_open_doors.monthly_two_hours"


@pytest.mark.parametrize("case", explained("not_met", requirement=RATIO))
def test_so_many_students_fewer_meet_the_ratio_and_one_less_does_not(case: Case) -> None:
    count = int(amount(case, r"^(\d+) students? fewer"))
    students = case.tables["students"]
    after = [status_with(case, students=fewer(students, n)) for n in (count, count - 1)]
    assert after in (["met", "not_met"], ["nobody", "not_met"])


@pytest.mark.parametrize("case", explained("not_met", requirement=RATIO))
def test_so_much_more_time_meets_the_ratio_and_a_hundredth_less_does_not(case: Case) -> None:
    fte = amount(case, r"or ([\d.]+) more FTE")
    new = {"staff_id": "new", "program_id": "p1", "case_management_share": 1}
    new["start_date"] = "2024-08-15"
    staff = [plus(case.tables["staff"], fte=round(f, 2), **new) for f in (fte, fte - 0.01)]
    assert [status_with(case, staff=text) for text in staff] == ["met", "not_met"]


@pytest.mark.parametrize("case", explained("met", requirement=RATIO))
def test_so_many_more_students_break_the_ratio_and_one_less_does_not(case: Case) -> None:
    count = int(amount(case, r"With (\d+) more students?"))
    students = [
        plus(case.tables["students"], student_id=f"x{{1..{n}}}", **COMING)
        for n in (count, count - 1)
    ]
    assert [status_with(case, students=text) for text in students] == ["not_met", "met"]


COMING = {"program_id": "p1", "enrollment_start": "2025-01-28"}


@pytest.mark.parametrize("case", explained("not_met", requirement=CASELOAD))
def test_so_many_fewer_bring_a_caseload_down_and_one_less_does_not(case: Case) -> None:
    count = int(amount(case, r"^(\d+) students? fewer"))
    cases = case.tables["assignments"]
    after = [status_with(case, assignments=fewer(cases, n)) for n in (count, count - 1)]
    assert after == ["met", "not_met"]


@pytest.mark.parametrize("case", explained("met", requirement=CASELOAD))
def test_so_many_more_break_a_caseload_and_one_less_does_not(case: Case) -> None:
    count = int(amount(case, r"With (\d+) more students?"))
    after = []
    for n in (count, count - 1):
        who = {"student_id": f"x{{1..{n}}}", "staff_id": "m1", "start_date": "2025-01-28"}
        students = plus(case.tables["students"], **who, **COMING)
        assignments = plus(case.tables["assignments"], **who)
        after.append(status_with(case, students=students, assignments=assignments))
    assert after == ["not_met", "met"]


TALK = {"student_id": "s1", "mode": "in_person", "direction": "two_way", "outcome": "completed"}


@pytest.mark.parametrize("case", explained("not_met", "due", "cannot_tell", requirement=MINUTES))
def test_so_many_more_minutes_meet_the_month_and_one_less_does_not(case: Case) -> None:
    count = int(amount(case, r"^(\d+) minutes? more"))
    after = []
    for n in (count, count - 1):
        talk = {**TALK, "occurred_at": "2025-10-08", "duration_minutes": n}
        after.append(status_with(case, contacts=plus(case.tables["contacts"], **talk)))
    assert after == ["met", case.expect]


@pytest.mark.parametrize("case", explained("met", requirement=MINUTES))
def test_so_many_minutes_less_break_the_month_and_one_less_does_not(case: Case) -> None:
    count = int(amount(case, r"With (\d+) minutes? less"))
    text, minutes = case.tables["contacts"].strip().rsplit(",", 1)
    after = [status_with(case, contacts=f"{text},{int(minutes) - n}\n") for n in (count, count - 1)]
    assert after == ["not_met", "met"]


@pytest.mark.parametrize(
    "case",
    explained("not_met", requirement="weekly_contact")
    + explained("not_met", requirement="weekly_session"),
)
def test_one_contact_in_the_week_meets_it_and_one_a_day_later_does_not(case: Case) -> None:
    assert "in the week" in told(case).evidence.change
    sunday = verdict_of(case)["period_end"]
    after = [
        status_with(case, contacts=plus(case.tables["contacts"], **TALK, occurred_at=f"{day:%F}"))
        for day in (sunday, sunday + pd.Timedelta(days=1))
    ]
    assert after == ["met", "not_met"]


REFERRED = [
    case
    for name in ("within_week", "before_year", "72_hours", "48_hours")
    for case in explained("not_met", requirement=f"sa_flo.contact_{name}")
]


@pytest.mark.parametrize("case", REFERRED)
def test_a_first_contact_by_the_limit_meets_it_and_a_later_one_does_not(case: Case) -> None:
    change, received = told(case).evidence.change, verdict_of(case)["period_start"]
    if within := re.search(r"within (\d+) hours", change):
        # Neither has a time: only two days less than the hours are in time whatever the times.
        limit, step = received + pd.Timedelta(hours=int(within[1]) - 24), pd.Timedelta(days=1)
    else:
        limit = moment(case, "by")
        step = pd.Timedelta(minutes=1) if " at " in change else pd.Timedelta(days=1)
    written = "%FT%H:%M" if " at " in change else "%F"
    after = []
    for when in (limit, limit + step):
        talk = {**TALK, "occurred_at": when.strftime(written)}
        after.append(status_with(case, contacts=plus(case.tables["contacts"], **talk)))
    assert after[0] == "met"
    assert after[1] != "met"


ANNUAL = explained("not_met", requirement="annual_meeting")


@pytest.mark.parametrize("case", ANNUAL)
def test_a_meeting_by_the_deadline_meets_it_and_a_day_later_does_not(case: Case) -> None:
    events = case.tables["events"]
    late = re.search(r"^That meeting (\d+) days? sooner", told(case).evidence.change)
    if late:
        text, date, rest = re.split(r"(\d{4}-\d\d-\d\d)(?!.*\d{4})", events, flags=re.DOTALL)
        days = [pd.Timestamp(date) - pd.Timedelta(days=int(late[1]) - n) for n in (0, 1)]
        moved = [f"{text}{day:%F}{rest}" for day in days]
    else:
        limit = moment(case, "on or before")
        meeting = {"event_type": "iep_meeting", "student_id": "s1"}
        days = [limit, limit + pd.Timedelta(days=1)]
        moved = [plus(events, **meeting, occurred_at=f"{day:%F}") for day in days]
    assert [status_with(case, events=text) for text in moved] == ["met", "not_met"]


@pytest.mark.parametrize("case", explained("not_met", requirement="transition_plan"))
def test_a_plan_by_the_deadline_meets_it_and_a_day_later_does_not(case: Case) -> None:
    limit = moment(case, "A plan dated")
    plan = {"event_type": "transition_plan", "student_id": "s1"}
    # The plans on record are taken out: each is too late.
    events = case.tables["events"].splitlines()[0] + "\n"
    after = [
        status_with(case, events=plus(events, **plan, occurred_at=f"{day:%F}"))
        for day in (limit, limit + pd.Timedelta(days=1))
    ]
    assert after == ["met", "not_met"]
