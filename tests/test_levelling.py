"""IEP meetings spread over weeks: none late, no week too full, as little early as can be."""

from __future__ import annotations

from datetime import date

import icalendar
import pytest
from outlook_rows import given_to, outlook_of, students, worker

from casekit.calendars import day
from casekit.catalog import load
from casekit.planning.hours.levelling import Levelling, calendar_of, level_meetings
from casekit.planning.limits import days_before_due
from casekit.planning.settings import PlanningError


def levelled(*due: str, **given: object) -> Levelling:
    """The plan for students s1, s2, ... of case manager a, whose meetings are due on these days.

    Each met a year before: `due` is the day a year after that.
    """
    names = [f"s{n}" for n in range(1, len(due) + 1)]
    last = [date.fromisoformat(d).replace(year=int(d[:4]) - 1) for d in due]
    usual = {
        "until": "2026-06-26",
        "staff": worker("a"),
        "students": students(*names),
        "assignments": given_to("a", *names),
        "events": "".join(f"iep_meeting,{d},{s},\n" for d, s in zip(last, names, strict=True)),
    }
    return level_meetings(outlook_of(**{**usual, **given}))  # type: ignore[arg-type]


def weeks(found: Levelling) -> dict[str, str]:
    """The week of each student's meeting, by its Monday."""
    return found.meetings.set_index("student_id")["week"].dt.strftime("%m-%d").to_dict()


def one_a_week(**more: object) -> dict[str, object]:
    return {"meetings_per_week": 1, **more}


def test_a_meeting_that_fits_is_held_in_the_week_it_is_due():
    assert weeks(levelled("2026-03-18")) == {"s1": "03-16"}


def test_a_week_takes_no_more_than_its_room_and_the_rest_are_early():
    found = levelled("2026-03-18", "2026-03-18", "2026-03-18", settings=one_a_week())
    assert sorted(weeks(found).values()) == ["03-02", "03-09", "03-16"]


def test_the_fewest_weeks_early_come_first():
    # s1 is due a week before s2; both cannot stay, and s2 moving one week pushes s1 out of its own.
    found = levelled("2026-03-11", "2026-03-18", "2026-03-18", settings=one_a_week())
    early = (found.meetings["due_on"] - found.meetings["week"]).dt.days // 7
    assert early.sum() == 2


def test_of_two_who_could_move_a_meeting_the_one_with_the_fuller_week_does():
    # Two of three may be held in that week. If b's one moved, a would still hold two in it.
    given = {
        "staff": worker("a") + worker("b"),
        "assignments": given_to("a", "s1", "s2") + given_to("b", "s3"),
        "settings": {"meetings_per_week_all": 2},
    }
    found = levelled("2026-03-18", "2026-03-18", "2026-03-18", **given).meetings
    early = found[found["week"] == "2026-03-09"]
    assert early["staff_id"].tolist() == ["a"]


def test_everybody_together_hold_no_more_than_the_room_of_all():
    given = {
        "staff": worker("a") + worker("b"),
        "assignments": given_to("a", "s1") + given_to("b", "s2"),
        "settings": {"meetings_per_week_all": 1},
    }
    assert sorted(weeks(levelled("2026-03-18", "2026-03-18", **given)).values()) == [
        "03-09",
        "03-16",
    ]


def test_a_due_date_in_a_holiday_is_met_before_it():
    closed = "c1,school_year,2026-01-05,2026-06-26\nc1,closure,2026-03-16,2026-03-20\n"
    assert weeks(levelled("2026-03-18", calendar=closed)) == {"s1": "03-09"}


def test_weeks_early_are_counted_from_the_last_open_week_of_a_long_holiday():
    # School is closed for eight weeks; no meeting of those weeks may be six weeks early otherwise.
    closed = "c1,school_year,2026-01-05,2026-06-26\nc1,closure,2026-03-23,2026-05-15\n"
    found = levelled("2026-05-13", "2026-05-13", calendar=closed, settings=one_a_week())
    assert sorted(weeks(found).values()) == ["03-09", "03-16"]


def test_a_monday_due_date_leaves_only_the_monday_of_its_week():
    # The case manager does not work on Mondays, so the week before has to do.
    assert weeks(levelled("2026-03-16", staff=worker("a", days="tue;wed"))) == {"s1": "03-09"}


def test_a_meeting_is_not_held_on_leave():
    leave = "a,2026-03-16,2026-03-17,\n"
    found = levelled("2026-03-18", leave=leave).meetings["day"]
    assert found.dt.day.tolist() == [18]


def test_the_meetings_of_a_week_are_spread_over_its_days():
    found = levelled("2026-03-20", "2026-03-20", "2026-03-20").meetings["day"]
    assert found.dt.day.tolist() == [16, 17, 18]


def days_of(found: Levelling) -> dict[str, str]:
    """The day of each student's meeting."""
    return found.meetings.set_index("student_id")["day"].dt.strftime("%m-%d").to_dict()


def test_where_the_standard_asks_for_two_weeks_before_the_due_date_that_is_the_last_day():
    # Due on Wednesday 1 April: by Wednesday 18 March, in whose week it is held.
    found = levelled("2026-04-01", meeting_days_before=14).meetings
    told = found[["due_on", "latest", "week"]].apply(lambda column: column.dt.strftime("%m-%d"))
    assert told.iloc[0].tolist() == ["04-01", "03-18", "03-16"]


def test_weeks_early_are_counted_from_the_last_day_that_the_standard_allows():
    # One week early of 18 March is that of 9 March: the third has none.
    given = {"meeting_days_before": 14, "settings": one_a_week(early_weeks=1)}
    found = levelled("2026-04-01", "2026-04-01", "2026-04-01", **given)
    assert (sorted(weeks(found).values()), len(found.unplaced)) == (["03-09", "03-16"], 1)


def test_a_last_day_that_is_past_leaves_the_first_day_before_the_due_date():
    # Due on 11 March: two weeks before it was 25 February. School opens on Monday 2 March.
    found = levelled("2026-03-11", meeting_days_before=14)
    assert days_of(found) == {"s1": "03-02"}
    assert any(s.startswith("For 1 of them no day is left 14 days before") for s in found.said)


def test_a_last_day_that_is_past_does_not_let_the_due_date_slip():
    # Due on 4 March, and the case manager is on leave up to 6 March.
    found = levelled("2026-03-04", meeting_days_before=14, leave="a,2026-03-02,2026-03-06,\n")
    assert found.unplaced["why"].str.startswith("its case manager is at work on no day").all()


def test_a_meeting_due_after_the_horizon_is_planned_where_its_last_day_lies_within():
    given = {"meeting_days_before": 14, "until": "2026-03-20"}
    assert weeks(levelled("2026-04-01", **given)) == {"s1": "03-16"}


def test_the_days_before_are_the_most_that_a_standard_of_the_program_asks_of_an_iep_meeting():
    assert days_before_due([load("ks_wyandotte")]) == 14


# Meetings on record.


def recorded(*days: str) -> str:
    """s1 and s2 met on 18 March 2025, so both are due on 18 March; meetings of s1 on more days."""
    held = "iep_meeting,2025-03-18,s1,\niep_meeting,2025-03-18,s2,\n"
    return held + "".join(f"iep_meeting,{day},s1,\n" for day in days)


def test_a_meeting_on_record_stays_on_its_day():
    found = levelled("2026-03-18", "2026-03-18", events=recorded("2026-03-05"))
    assert found.meetings["on_record"].tolist() == [True, False]
    assert days_of(found) == {"s1": "03-05", "s2": "03-16"}


def test_a_meeting_on_record_takes_the_room_of_its_week():
    # s1's is in the week in which both are due: s2's has to be a week early.
    given = {"events": recorded("2026-03-17"), "settings": one_a_week()}
    found = levelled("2026-03-18", "2026-03-18", **given)
    assert weeks(found) == {"s1": "03-16", "s2": "03-09"}


def test_a_meeting_on_record_takes_the_room_of_all():
    given = {
        "staff": worker("a") + worker("b"),
        "assignments": given_to("a", "s1") + given_to("b", "s2"),
        "events": recorded("2026-03-17"),
        "settings": {"meetings_per_week_all": 1},
    }
    assert weeks(levelled("2026-03-18", "2026-03-18", **given)) == {"s1": "03-16", "s2": "03-09"}


def test_of_the_days_of_a_week_that_of_a_meeting_on_record_is_taken_last():
    found = levelled("2026-03-18", "2026-03-18", events=recorded("2026-03-16"))
    assert days_of(found) == {"s1": "03-16", "s2": "03-17"}


def test_a_meeting_on_record_for_a_day_after_the_due_date_is_given_another():
    found = levelled("2026-03-18", "2026-03-18", events=recorded("2026-03-20"))
    assert days_of(found)["s1"] == "03-16"
    assert any("the meeting on record comes after the IEP is due" in s for s in found.said)


def test_a_meeting_on_record_later_than_the_standard_allows_stays_and_is_said():
    found = levelled("2026-03-18", events=recorded("2026-03-17"), meeting_days_before=14)
    assert found.meetings["days_early"].tolist() == [-13]
    assert any("1 of those on record is later than the standard allows" in s for s in found.said)


def test_a_meeting_on_record_stays_where_the_student_has_no_case_manager():
    found = levelled("2026-03-18", events=recorded("2026-03-17"), assignments="")
    assert (days_of(found), len(found.unplaced)) == ({"s1": "03-17"}, 0)


def test_29_february_is_due_on_28_february():
    # Met on a leap day: a year later it is the 28th, a Friday in 2025.
    given = {"events": "iep_meeting,2024-02-29,s1,\n", "as_of": "2025-02-02"}
    school = "c1,school_year,2024-08-05,2025-06-27\n"
    found = levelled("2026-03-18", until="2025-03-30", calendar=school, students=EARLIER, **given)
    assert found.meetings["due_on"].dt.strftime("%Y-%m-%d").tolist() == ["2025-02-28"]


EARLIER = "s1,p1,2024-01-01,,,,no\n"


def test_the_due_date_on_record_counts_before_the_year():
    events = "iep_meeting,2025-03-18,s1,\niep_due,2025-03-18,s1,2026-03-04\n"
    assert weeks(levelled("2026-03-18", events=events)) == {"s1": "03-02"}


def test_what_is_overdue_comes_first_and_pushes_nobody_out():
    # s1 was due in January. It takes the first week; s2, due in that week, is more urgent.
    found = levelled("2026-01-14", "2026-03-04", settings=one_a_week())
    assert weeks(found) == {"s1": "03-09", "s2": "03-02"}


def test_what_does_not_fit_is_counted_and_what_would_make_it_fit_is_said():
    # Three are due in the second week ahead: one a week, so one of them has no week in time.
    found = levelled(*["2026-03-10"] * 3, settings=one_a_week(early_weeks=0))
    assert len(found.unplaced) == 2
    # With any more weeks early there are two weeks for three; with three a week there is room.
    assert (found.early_weeks, found.meetings_per_week) == (None, 3)
    assert (
        "a: 3 meetings must be held from the week of 9 March 2026 to the week of 9 March 2026, and"
        " there is room for 1." in found.said
    )


def test_the_smallest_number_of_weeks_early_that_would_do():
    found = levelled(*["2026-03-24"] * 3, settings=one_a_week(early_weeks=0))
    assert found.early_weeks == 2


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"assignments": ""}, "no case manager who is at work ahead"),
        ({"calendar": "c1,school_year,2026-03-25,2026-06-26\n"}, "no open day is left"),
        ({"leave": "a,2026-03-02,2026-03-18,\n"}, "its case manager is at work on no day"),
        (
            {"leave": "a,2026-03-09,2026-03-18,\n", "settings": {"early_weeks": 1}},
            "its case manager is at work on none of the days so few weeks",
        ),
    ],
)
def test_why_a_meeting_has_no_week(given, why):
    assert levelled("2026-03-18", **given).unplaced["why"].iloc[0].startswith(why)


def test_without_case_managers_ahead_there_is_nobody_to_plan_for():
    with pytest.raises(PlanningError, match="no case manager is employed between"):
        levelled("2026-03-18", staff=worker("a", end="2026-02-20"))


def test_a_student_who_leaves_before_the_due_date_is_left_out():
    found = levelled("2026-03-18", students="s1,p1,2025-01-01,2026-03-10,,,no\n")
    assert found.said == (
        "No IEP meeting of p1 is to be planned: none falls due up to 26 June 2026.",
        "Left out: 1 student who will have left when it is due.",
    )


def test_a_student_without_a_meeting_on_record_is_said():
    found = levelled("2026-03-18", students=students("s1", "s2"))
    assert any(s.startswith("Left out: 1 student with no meeting on record") for s in found.said)


def test_a_program_without_meetings_has_nothing_to_level():
    found = levelled("2026-03-18", events="")
    assert found.said == ("No IEP meeting of p1 is to be planned: no IEP meeting is on record.",)


def test_held_early_the_next_year_ends_early_and_that_is_said():
    found = levelled("2026-03-18", "2026-03-18", settings=one_a_week())
    assert any("makes the next one due early" in s for s in found.said)


def test_before_and_after_are_shown_for_each_week_with_its_room():
    found = levelled("2026-03-11", "2026-03-11", settings=one_a_week()).by_week
    told = found[["before", "after", "capacity"]].head(3)
    assert told.to_numpy().tolist() == [[0, 1, 1], [2, 1, 1], [0, 0, 1]]


def test_the_calendar_holds_a_day_for_each_meeting_and_no_name():
    found = levelled("2026-03-18")
    (event,) = icalendar.Calendar.from_ical(calendar_of(found, day("2026-03-01"))).events
    assert (event.start, str(event.summary)) == (date(2026, 3, 16), "IEP meeting, student s1")


def test_the_calendar_is_the_same_to_the_byte():
    one, two = (calendar_of(levelled("2026-03-18"), day("2026-03-01")) for _ in range(2))
    assert one == two
