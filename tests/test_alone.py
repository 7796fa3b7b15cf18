"""Students who are left with nobody when their case manager goes."""

from __future__ import annotations

from planned import of_p1

from casekit.planning.staffing.alone import left_alone

# Ten open days from Monday 2 to Friday 13 March; it is Tuesday 3 March.
STUDENTS = "s1,p1,2026-01-05,\ns2,p1,2026-01-05,2026-03-06\ns3,p1,2026-01-05,\n"
STAFF = "w1,p1,1,1,2025-01-06,2026-03-05\nw2,p1,1,1,2025-01-06,\n"


def told(assignments: str, staff: str = STAFF) -> list[tuple]:
    rows = left_alone(of_p1(staff, STUDENTS, assignments))
    return [
        (r.staff_id, r.students, f"{r.first:%m-%d}", f"{r.last:%m-%d}")
        for r in rows.itertuples(index=False)
    ]


def test_who_has_nobody_after_their_case_manager_left_is_counted() -> None:
    # w1 goes on the 5th: s1 has nobody to the end, s2 only on Friday, their own last day.
    held = "s1,w1,2026-01-05,\ns2,w1,2026-01-05,\ns3,w2,2026-01-05,\n"
    assert told(held) == [("w1", 2, "03-06", "03-13")]


def test_who_is_taken_over_is_not_alone() -> None:
    held = "s1,w1,2026-01-05,\ns1,w2,2026-03-06,\n"
    assert told(held) == []


def test_who_had_them_last_is_the_one_who_left_them() -> None:
    staff = STAFF + "w0,p1,1,1,2025-01-06,2026-02-13\n"
    held = "s1,w0,2026-01-05,2026-02-13\ns1,w1,2026-02-16,\n"
    assert told(held, staff) == [("w1", 1, "03-06", "03-13")]


def test_who_never_had_anybody_is_left_by_nobody() -> None:
    assert told("s1,w2,2026-03-11,\n") == []


def test_a_gap_until_somebody_takes_over_is_counted() -> None:
    held = "s1,w1,2026-01-05,\ns1,w2,2026-03-11,\n"
    assert told(held) == [("w1", 1, "03-06", "03-10")]


def test_nobody_who_stays_leaves_anybody_alone() -> None:
    assert told("s1,w2,2026-01-05,\n") == []


def test_without_assignments_nothing_is_told() -> None:
    assert left_alone(of_p1(STAFF, STUDENTS)).empty
