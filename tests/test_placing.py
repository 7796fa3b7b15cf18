"""One new student: who could take them, in which order, and why the others cannot."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from reassigned import DAYS, Small, outlook_of, smalls

from casekit.planning.moves.placing import Ranking, rank
from casekit.planning.settings import PlanningError

# Everybody has long been here; a has the certificate.
A = "a,p1,n,1,1,2025-09-01,,cert\n"
B = "b,p1,n,1,1,2025-09-01,,none\n"
X = "x,p1,x,1,1,2025-09-01,,cert\n"
PUPILS = "s0,p1,n,,2025-09-01,\ns1,p1,n,,2025-09-01,\n"
ONE_WITH_A = "s0,a,2025-09-01,\n"


def order(found: Ranking) -> list[tuple[str, object]]:
    """Each case manager with their place; None: they cannot."""
    rows = zip(found.ranked["staff_id"], found.ranked["place"].astype(object), strict=True)
    return [(name, place if isinstance(place, int) else None) for name, place in rows]


def why(found: Ranking, person: str) -> str:
    return found.ranked.set_index("staff_id")["why"][person]


def test_most_places_on_the_fullest_day_come_first() -> None:
    found = rank(outlook_of(A + B, PUPILS, ONE_WITH_A, at_most=3), "n")
    assert order(found) == [("b", 1), ("a", 2)]


def test_a_place_that_is_needed_later_does_not_count() -> None:
    # s1 starts with b on 16 March: b has two places until then and one from then on.
    students = "s0,p1,n,,2025-09-01,\ns1,p1,n,,2026-03-16,\ns2,p1,n,,2026-03-16,\n"
    assigned = ONE_WITH_A + "s1,b,2026-03-16,\ns2,b,2026-03-16,\n"
    found = rank(outlook_of(A + B, students, assigned, at_most=3), "n")
    assert (order(found), why(found, "b")) == (
        [("a", 1), ("b", 2)],
        "at n; 1 place left on the fullest day, 16 March 2026 (2 of 3 taken)",
    )


def test_the_own_site_comes_before_more_places() -> None:
    outlook = outlook_of(A + X, PUPILS, ONE_WITH_A, at_most=3, same_site=False)
    assert order(rank(outlook, "n")) == [("a", 1), ("x", 2)]


def test_of_the_same_places_the_nearer_comes_first() -> None:
    outlook = outlook_of(
        A + X, "s0,p1,m,,2025-09-01,\n", at_most=3, same_site=False, distances={"x|m": 5}
    )
    assert order(rank(outlook, "m")) == [("x", 1), ("a", 2)]


@pytest.mark.parametrize(
    ("staff", "reason"),
    [
        (X, "is at x"),
        (B.replace("b,", "x,"), "does not have cert"),
        (A.replace("a,", "x,").replace("01,,", "01,2026-03-13,"), "leaves on 13 March 2026"),
        (
            A.replace("a,", "x,").replace("2025-09-01", "2026-03-09"),
            "is not employed here on 4 March 2026",
        ),
        (A.replace("a,", "x,").replace("1,1,", "1,0,"), None),
    ],
)
def test_who_cannot_is_told_why(staff: str, reason: str | None) -> None:
    outlook = outlook_of(A + staff, PUPILS, ONE_WITH_A, at_most=3, skills={"D": "cert"})
    found = rank(outlook, "n", "D")
    # Somebody without case-management time and without cases is no case manager at all.
    assert order(found) == [("a", 1), *([("x", None)] if reason else [])]
    assert reason is None or why(found, "x") == reason


def test_a_full_caseload_cannot_take_more() -> None:
    found = rank(outlook_of(A + B, PUPILS, ONE_WITH_A, at_most=1), "n")
    assert why(found, "a") == "has no place left on 4 March 2026: 1 of 1 are taken"


def test_unknown_time_is_no_place() -> None:
    found = rank(outlook_of(A + "b,p1,n,,1,2025-09-01,,\n", PUPILS, ONE_WITH_A, per_staff=9), "n")
    assert why(found, "b") == "fte or case_management_share is not recorded"


def test_without_a_limit_the_smallest_caseload_comes_first() -> None:
    found = rank(outlook_of(A + B, PUPILS, ONE_WITH_A), "n")
    assert order(found) == [("b", 1), ("a", 2)]


def test_nobody_can_is_said() -> None:
    found = rank(outlook_of(A, PUPILS, ONE_WITH_A, at_most=1), "n")
    assert found.said[0] == (
        "Nobody in p1 can take a new student from 4 March 2026 to 27 March 2026: a reassignment may"
        " make room, or another case manager is needed"
    )


def test_nobody_there_is_said() -> None:
    assert rank(outlook_of("", PUPILS)).said[0].startswith("p1 has no case manager from")


def test_an_unknown_site_is_told() -> None:
    with pytest.raises(PlanningError, match="the sites are n"):
        rank(outlook_of(A, PUPILS), "<b>")


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(smalls(pupils=6))
def test_a_place_is_given_to_who_may_take_one_more_on_every_day(small: Small) -> None:
    small.settings.pop("pinned", None)
    new = {"student_id": "new", "site_id": "n", "designation": "D"}
    new |= {"enrollment_start": "2026-03-04", "enrollment_end": ""}
    assume(any(row.get("site_id") == "n" for row in (*small.staff, *small.pupils())))
    able = [p for p in small.people if small.may(new, p) and room(small, p)]
    assert sorted(name for name, n in order(rank(small.outlook, "n", "D")) if n) == able


def room(small: Small, person: str) -> bool:
    """Whether a person has a place left on every day, with everybody where they are."""
    mine = [small.window(s) for s in small.students if small.present(s) == person]
    held = [sum(d in window for window in mine) for d in DAYS]
    return all(n < most[person] for n, most in zip(held, small.most, strict=True))
