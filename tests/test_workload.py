"""Hours that students need in a week, and hours that are there."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outlook_rows import given_to, outlook_of, students, worker

from casekit.planning.hours.workload import workload
from casekit.planning.settings import PlanningError

# Contacts of 30 minutes once a week, no notes: a student needs half an hour a week.
PLAIN = {"contact_minutes": 30.0, "paperwork_minutes": 0.0, "travel_minutes": 60.0}


def shown(name: str, who: str = "a", **given: object):
    """One number of one case manager's row."""
    frame = workload(outlook_of(**given)).frame.set_index("staff_id")
    return frame.loc[who, name]


def test_a_student_needs_contact_travel_and_notes():
    # 30 minutes of contact and 60 of travel to another site, twice a week, and 20 of notes.
    needed = shown(
        "needed",
        staff=worker("a", site="n"),
        students=students("s1", site="m"),
        assignments=given_to("a", "s1"),
        settings={**PLAIN, "contacts_per_week": 2.0, "paperwork_minutes": 20.0},
    )
    assert needed == pytest.approx((2 * 90 + 20) / 60)


@pytest.mark.parametrize(
    ("base", "site", "distances", "hours"),
    [
        ("n", "n", {}, 0),  # at the same site
        ("n", "m", {}, 1),  # at another: an hour, as travel_minutes says
        ("n", "m", {"m|n": 15.0}, 0.25),  # a distance of one's own, in either direction
        ("", "m", {}, 0),  # nobody knows where the case manager is based
    ],
)
def test_travel_is_for_contacts_at_another_site(base, site, distances, hours):
    found = shown(
        "travel_hours",
        staff=worker("a", site=base),
        students=students("s1", site=site),
        assignments=given_to("a", "s1"),
        settings={**PLAIN, "distances": distances},
    )
    assert found == hours


@pytest.mark.parametrize(
    ("designation", "concern", "times"),
    [
        ("", "no", 1),
        ("deaf", "no", 2),  # as need_weights say
        ("", "yes", 1.5),  # of concern
        ("deaf", "yes", 3),  # both
        ("", "", 1),  # not known: as others
    ],
)
def test_a_student_of_greater_need_takes_more_hours(designation, concern, times):
    found = shown(
        "needed",
        staff=worker("a"),
        students=students("s1", designation=designation, concern=concern),
        assignments=given_to("a", "s1"),
        settings={**PLAIN, "need_weights": {"deaf": 2.0}},
    )
    assert found == times / 2


def test_a_setting_cannot_make_a_student_of_concern_count_for_less():
    found = shown(
        "needed",
        staff=worker("a"),
        students=students("s1", concern="yes"),
        assignments=given_to("a", "s1"),
        settings={**PLAIN, "concern_weight": 0.2},
    )
    assert found == 0.5


def test_25_light_and_25_heavy_cases_are_not_called_equal():
    light, heavy = [f"l{n}" for n in range(25)], [f"h{n}" for n in range(25)]
    found = workload(
        outlook_of(
            staff=worker("a") + worker("b"),
            students=students(*light) + students(*heavy, concern="yes"),
            assignments=given_to("a", *light) + given_to("b", *heavy),
            settings=PLAIN,
        )
    )
    assert "b and a both have 25 students, and need 18.8 and 12.5 hours a week." in found.said


def test_the_time_there_is_fte_times_share_of_a_week_without_other_time():
    staff = worker("a", fte="0.5", share="0.4")  # 0.2 x 40 hours, a tenth of them for other things
    found = shown(
        "available", staff=staff, students="", settings={"week_hours": 40.0, "other_time": 0.1}
    )
    assert found == pytest.approx(7.2)


def test_an_unknown_share_is_named_and_not_taken_for_nothing():
    given = {"staff": worker("a", share=""), "students": students("s1")}
    given["assignments"] = given_to("a", "s1")
    found = workload(outlook_of(**given))
    assert found.frame["used"].isna().all()
    assert any(s.startswith("The hours of a cannot be told") for s in found.said)


def test_someone_without_time_who_has_students_is_used_without_end():
    given = {"staff": worker("a", share="0"), "students": students("s1")}
    assert shown("used", assignments=given_to("a", "s1"), **given) == float("inf")


@pytest.mark.parametrize(("number", "minutes", "recorded"), [(19, 30, False), (20, 50, True)])
def test_the_programs_own_contacts_say_how_long_one_lasts_where_enough_do(
    number, minutes, recorded
):
    # Of so many completed contacts, the median is 50; attempts and blanks are not asked.
    contacts = "".join(f"s1,2026-02-{1 + n:02},completed,50\n" for n in range(number))
    contacts += "s1,2026-02-01,attempted,5\ns1,2026-02-02,completed,\n"
    found = workload(
        outlook_of(
            staff=worker("a"),
            students=students("s1"),
            assignments=given_to("a", "s1"),
            contacts=contacts,
        )
    )
    assert (found.contact_minutes, found.recorded) == (minutes, recorded)


def test_contacts_after_as_of_say_nothing():
    contacts = "".join(f"s1,2026-03-{2 + n:02},completed,50\n" for n in range(25))
    given = {"staff": worker("a"), "students": students("s1"), "contacts": contacts}
    assert not workload(outlook_of(**given)).recorded


def test_meetings_due_within_a_year_are_spread_over_its_open_weeks():
    # Last met on 20 May: due on 20 May 2026. 17 open weeks to 26 June; the school year is taken to
    # come again from 4 January 2027, and eight of its weeks lie within 52 weeks of 1 March 2026.
    found = shown(
        "meeting_hours",
        staff=worker("a"),
        students=students("s1", "s2"),
        assignments=given_to("a", "s1", "s2"),
        events="iep_meeting,2025-05-20,s1,\n",
        settings={"meeting_hours": 5.0},
    )
    assert found == 5 / 25


def test_a_student_without_a_case_manager_is_counted_aloud():
    found = workload(outlook_of(staff=worker("a"), students=students("s1")))
    assert any("1 student of p1 has no case manager employed then" in s for s in found.said)


def test_students_who_left_by_the_day_are_not_there():
    left = "s1,p1,2025-01-01,2026-03-01,,,no\n"  # the last day is as_of; the plan starts after it
    found = shown("students", staff=worker("a"), students=left, assignments=given_to("a", "s1"))
    assert found == 0


def test_a_program_without_case_managers_has_no_workload():
    with pytest.raises(PlanningError, match="p1: no case manager is employed on 2026-03-02"):
        workload(outlook_of(staff=worker("a", end="2026-01-31"), students=students("s1")))


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("ab"), st.sampled_from("nm"), st.sampled_from(["", "x", "y"]),
            st.sampled_from(["yes", "no", ""]),
        ),
        max_size=6,
    ),
    st.sampled_from([0.0, 0.5, 1.0, 2.0]),
)  # fmt: skip
def test_needed_is_what_a_plain_loop_over_the_students_gives(rows, often):
    weights = {"x": 2.5}
    given = [(f"s{n}", *row) for n, row in enumerate(rows)]
    found = workload(
        outlook_of(
            staff=worker("a", site="n") + worker("b", site="m"),
            students="".join(
                students(s, site=t, designation=d, concern=c) for s, _, t, d, c in given
            ),
            assignments="".join(given_to(w, s) for s, w, *_ in given),
            settings={"contacts_per_week": often, "need_weights": weights},
        )
    ).frame.set_index("staff_id")["needed"]
    hours = {"a": Fraction(0), "b": Fraction(0)}
    for _, who, site, designation, concern in given:
        travel = 0 if site == {"a": "n", "b": "m"}[who] else 20
        weight = Fraction(weights.get(designation, 1)) * (Fraction(3, 2) if concern == "yes" else 1)
        hours[who] += weight * (Fraction(often) * (30 + travel) + 20) / 60
    assert found.to_dict() == {who: float(need) for who, need in hours.items()}
