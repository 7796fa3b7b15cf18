"""The clean caseload's students, and the referrals that brought some of them."""

from __future__ import annotations

from math import ceil

import numpy as np

from casekit.calendars import DAY, weekday
from casekit.synth.draft import FLO, SD42, WYANDOTTE, Draft

# A plan made half a year before an exit is made at least a term before it.
PLAN_AHEAD = np.timedelta64(26 * 7, "D")
FORTNIGHT = np.timedelta64(14, "D")


def add_students(draft: Draft, standard: str, program: str, size: int) -> None:
    """Most stay all year; some enter, leave, or leave and come back; one is waiting to start."""
    number = program.removeprefix("P-")
    few = size < 12
    counts = {
        "enters": 0 if few else ceil(size * 0.14),
        "leaves": 0 if few else ceil(size * 0.1),
        "returns": 0 if few else ceil(size * 0.03),
        "waits": 0 if few or standard != FLO else 1,
    }
    ways = [way for way, count in counts.items() for _ in range(count)]
    ways = [*ways, *["stays"] * (size - len(ways))]
    arrivals = _arrivals(draft, standard, program, counts["enters"])
    rows: list[dict[str, object]] = []
    for index, way in zip(draft.rng.permutation(size).tolist(), ways, strict=True):
        student = _student(draft, standard, number, index, way)
        stretches = _stretches(draft, program, way)
        # The one who waits was referred on a Saturday: the time to answer still runs.
        received = draft.as_of - DAY
        if way == "enters":
            received, first = arrivals.pop(0)
            stretches = [(first, None)]
        if standard == FLO and way in ("enters", "waits"):
            _refer(draft, program, student["student_id"], f"{received}T{9 + index % 6:02d}:15")
        for start, end in stretches:
            left = None if end is None else "moved" if index % 2 else "completed"
            more = {"enrollment_start": start, "enrollment_end": end, "exit_reason": left}
            rows.append({**student, "program_id": program, **more})
    rows.sort(key=lambda row: (row["student_id"], str(row["enrollment_start"])))
    draft.add("students", rows)


def _student(draft: Draft, standard: str, number: str, index: int, way: str) -> dict[str, object]:
    birthday = draft.since - np.timedelta64(int(draft.rng.integers(15 * 365, 20 * 365)), "D")
    leap = number == "01" and index == 0
    graduates = standard == FLO and way == "stays" and index % 6 == 0
    # Those who come back are at the largest school.
    school = "A" if way == "returns" else "AAAAABBBBC"[index % 10]
    return {
        "student_id": f"S-{number}-{index + 1:03d}",
        "student_name": f"Sample Student {number}-{index + 1:03d}",
        "birth_date": "2008-02-29" if leap else birthday,
        "grade_level": str(10 + index % 3),
        "planned_exit_date": "2026-12-11" if graduates else None,
        "site_id": f"Site-{number}-{'AB'[index % 2]}",
        "school_id": f"School-{number}-{school}",
        "designation": "support plan" if index % 7 == 0 else None,
        **_needs(draft, standard, index),
    }


# Every letter stands for a category of special need; most students have none.
LETTERS = "DHQKRGPHDABQ"


def _needs(draft: Draft, standard: str, index: int) -> dict[str, object]:
    """What SD42 and Wyandotte ask about a student: grade, age, and the support that is needed."""
    if standard not in (SD42, WYANDOTTE):
        return {}
    grade = 7 + index % 6
    days = (grade + 5) * 365 + int(draft.rng.integers(30, 330))
    known: dict[str, object] = {"grade_level": str(grade), "birth_date": draft.since - days * DAY}
    if standard == WYANDOTTE:
        # What the plan is written for, and how many parents are to be told.
        need = ("LD", "OHI", "AM", "ED")[index % 4]
        return {**known, "designation": need, "parents": 1 if index % 5 == 0 else 2}
    return {
        **known,
        "designation": LETTERS[index // 2 % len(LETTERS)] if index % 2 == 0 else None,
        "support_hours": (10, 30, 0, 25, 40, 5, 12, 26)[index % 8],
        "of_concern": "yes" if index % 5 == 3 else "no",
    }


def _refer(draft: Draft, program: str, student: object, received: str) -> None:
    so_far = len(draft.tables["referrals"])
    row = {"referral_id": f"R-{so_far + 1:03d}", "student_id": student, "program_id": program}
    source = ("school", "family", "student")[so_far % 3]
    draft.add("referrals", [{**row, "received_at": received, "source": source}])


Stretch = tuple[object, object]


def _stretches(draft: Draft, program: str, way: str) -> list[Stretch]:
    """The enrolments of one student: (first day, last day or None)."""
    before = draft.since - np.timedelta64(int(draft.rng.integers(20, 300)), "D")
    opened = draft.calendars[program].open_in(draft.since, draft.as_of)
    inside = opened[8:-8]
    if way == "waits":
        return [(draft.as_of + np.timedelta64(8, "D"), None)]
    if way == "stays" or not len(inside):
        return [(before, None)]
    if way == "returns":
        inside = inside[: len(inside) // 2 + 1]
    end = draft.rng.choice(inside)
    first = min(before, end - PLAN_AHEAD - np.timedelta64(20, "D"))
    again = opened[opened >= end + np.timedelta64(21, "D")]
    if way == "returns" and len(again):
        return [(first, end), (again[0], None)]
    return [(first, end)]


def _arrivals(
    draft: Draft, standard: str, program: str, count: int
) -> list[tuple[np.datetime64, np.datetime64]]:
    """(day referred, first day) of those who enter, spread over the records.

    Referrals come in from Monday to Thursday, two weeks or more before the first day; the first
    of them in the last weeks of a school year in South Australia.
    """
    opened = draft.calendars[program].open_in(draft.since, draft.as_of)
    early = opened[(opened <= draft.as_of - np.timedelta64(28, "D")) & (weekday(opened) < 4)]
    received = early[np.linspace(0, len(early) - 1, count).astype(int)]
    december = early[early.astype("datetime64[M]") == np.datetime64("2025-12")]
    if standard == FLO and len(december):
        received[:1] = december[0]
    first = opened[np.searchsorted(opened, received + FORTNIGHT)]
    return list(zip(received, first, strict=True))
