"""What falls due in the days to come: each row by its day, and the calendar made of them."""

from __future__ import annotations

import csv
import tomllib
from datetime import date
from pathlib import Path

import icalendar
import numpy as np
import pandas as pd
import pytest
from own_standard import BASE, WAIVER, writer

from casekit import cli
from casekit import upcoming as module
from casekit.evaluate import UsageError
from casekit.findings import evaluate_programs
from casekit.upcoming import calendar_of, entries, read_back, upcoming, write_calendar
from casekit.upcoming import write_upcoming as write

CALENDAR = """calendar_id,kind,name,start_date,end_date
c1,school_year,2025-26,2025-09-01,2026-06-19
c1,term,Term 1,2025-09-01,2025-12-19
c1,term,Term 2,2026-01-05,2026-03-27
c1,term,Term 3,2026-04-06,2026-06-19
"""
STUDENTS = "student_id,program_id,enrollment_start,student_name\ns1,p1,2025-09-01,Ada Byron\n"
STAFF = "staff_id,program_id,start_date\nw1,p1,2025-01-01\nw2,p1,2025-01-01\n"
MONDAY = "2026-03-02"


@pytest.fixture
def evaluated(make_caseload):
    def evaluate(standard: object, days: int = 30, as_of: str = MONDAY, **tables: str):
        caseload = make_caseload(**{"calendar": CALENDAR, "students": STUDENTS, **tables})
        assert caseload.problems.empty, caseload.problems.to_string()
        until = str(np.datetime64(as_of) + days)
        return evaluate_programs(caseload, as_of=as_of, until=until, standards=[standard])

    return evaluate


@pytest.fixture
def listed(evaluated):
    """The rows of one requirement (or all of a standard) in the next 30 days from a Monday."""

    def rows(name: str, days: int = 30, **tables: str) -> pd.DataFrame:
        found = upcoming(evaluated(name.partition(".")[0], days, **tables), days)
        return found[found["requirement_id"].str.startswith(name)].reset_index(drop=True)

    return rows


def events(*rows: str) -> str:
    return "\n".join(["event_type,occurred_at,student_id", *rows]) + "\n"


def dues(rows: pd.DataFrame) -> list[str]:
    return rows["due_on"].dt.strftime("%Y-%m-%d").tolist()


# What is listed


def test_a_meeting_in_five_weeks_asks_for_work_on_it_to_begin_this_week(listed):
    # A month before 6 April is 6 March.
    rows = listed(
        "ks_wyandotte.draft_begun_month_before", events=events("iep_meeting,2026-04-06,s1")
    )
    assert rows[["due_on", "overdue", "subject_id", "what"]].to_numpy().tolist() == [
        [
            pd.Timestamp("2026-03-06"),
            False,
            "s1",
            "Student s1: start on the IEP, dated 6 March 2026 or earlier.",
        ]
    ]


def test_work_that_has_begun_is_not_listed(listed):
    held = events("iep_meeting,2026-04-06,s1", "iep_draft_started,2026-02-27,s1")
    assert listed("ks_wyandotte.draft_begun_month_before", events=held).empty


def test_a_step_of_a_planned_meeting_whose_day_has_passed_is_overdue(listed):
    # The meeting of 16 March asked for a draft by 16 February.
    rows = listed(
        "ks_wyandotte.draft_begun_month_before", events=events("iep_meeting,2026-03-16,s1")
    )
    assert (dues(rows), rows["overdue"].tolist()) == (["2026-02-16"], [True])


@pytest.mark.parametrize(
    ("last", "due"),
    [
        ("2025-03-02", ["2026-03-02"]),  # the day it is, which is still in time
        ("2025-04-01", ["2026-04-01"]),  # 30 days from it
        ("2025-04-02", []),  # 31 days from it
    ],
)
def test_an_annual_meeting_is_listed_from_today_to_the_last_day_asked_for(listed, last, due):
    rows = listed("ks_wyandotte.annual_meeting", events=events(f"iep_meeting,{last},s1"))
    assert (dues(rows), rows["overdue"].any()) == (due, False)


def test_a_first_contact_names_the_referral_its_student_and_the_case_managers(listed):
    rows = listed(
        "sa_flo.contact_within_week",
        referrals="referral_id,program_id,student_id,received_at\nr1,p1,s1,2026-02-27\n",
        contacts="student_id,occurred_at\n",
        staff=STAFF,
        assignments="student_id,staff_id,start_date,end_date\n"
        "s1,w2,2026-01-05,\n"
        "s1,w1,2026-01-05,2026-03-02\n",  # the last day is included
    )
    told = rows[["subject_type", "subject_id", "student_id", "case_manager", "what"]]
    assert told.to_numpy().tolist() == [
        [
            "referral",
            "r1",
            "s1",
            "w1;w2",
            "Referral r1 of student s1: a completed contact by 6 March 2026.",
        ]
    ]


def test_a_week_with_its_contact_already_made_is_not_listed(listed):
    contacts = "student_id,occurred_at\ns1,2026-03-02\n"
    assert dues(listed("wa_open_doors.weekly_contact", 14, contacts=contacts)) == ["2026-03-15"]


def test_a_contact_that_is_only_planned_leaves_the_week_due(listed):
    contacts = "student_id,occurred_at\ns1,2026-03-03\n"
    rows = listed("wa_open_doors.weekly_contact", 7, contacts=contacts)
    assert rows["what"].tolist() == [
        "Student s1, by 8 March 2026: Each student has a contact each week."
    ]


def test_minutes_are_told_with_what_they_are_for(listed):
    contacts = (
        "student_id,occurred_at,mode,outcome,duration_minutes\n"
        "s1,2026-03-02,in_person,completed,30\n"
    )
    rows = listed("wa_open_doors.monthly_two_hours", contacts=contacts)
    assert rows["what"].tolist() == [
        "Student s1, by 31 March 2026:"
        " Each student has two hours face to face each month (90 minutes more)."
    ]


GOALS = "student_id,goal_id,start_date,end_date\ns1,g1,2025-09-01,\ns2,g1,2025-09-01,\n"


def test_a_goal_of_the_same_number_is_told_apart_by_its_student(listed):
    both = STUDENTS + "s2,p1,2025-09-01,\n"
    progress = "student_id,goal_id,measured_on\n"
    rows = listed("ks_wyandotte", 7, students=both, goals=GOALS, progress=progress)
    goals = rows[rows["subject_type"] == "goal"]
    assert set(zip(goals["subject_id"], goals["student_id"], strict=True)) == {
        ("s1/g1", "s1"),
        ("s2/g1", "s2"),
    }


def test_a_request_is_due_by_the_date_that_was_announced(listed):
    head = "event_type,occurred_at,student_id,valid_until\n"
    asked = "designation_requested,2026-02-20,s1,\ndesignation_deadline,2026-02-23,,2026-03-20\n"
    rows = listed("bc_sd42.designation_in_time", events=head + asked)
    assert rows["what"].tolist() == [
        "Student s1, by 20 March 2026: sending of the request, after a talk with the psychologist."
    ]


def test_what_no_rule_gives_a_day_is_listed_last(listed):
    asked = events("amendment_requested,2026-02-20,s1", "iep_meeting,2025-03-20,s1")
    rows = listed("ks_wyandotte", events=asked)
    assert rows["due_on"].isna().tolist() == [False] * (len(rows) - 1) + [True]
    assert rows["what"].iloc[-1] == "Student s1: amendment meeting."


def test_no_row_is_there_twice(listed):
    # Two stretches of enrolment that name the same exit ask for one plan.
    twice = "student_id,program_id,enrollment_start,enrollment_end,planned_exit_date\n"
    twice += "s1,p1,2025-09-01,2025-11-28,2026-06-10\ns1,p1,2026-01-05,,2026-06-10\n"
    rows = listed("sa_flo.transition_plan", students=twice, events=events())
    assert dues(rows) == ["2026-03-11"]


def test_rows_stand_by_day_and_then_by_student(listed):
    both = STUDENTS + "s2,p1,2025-09-01,\n"
    rows = listed("wa_open_doors.weekly_contact", 14, students=both, contacts=CONTACTS)
    first, second = "2026-03-08", "2026-03-15"
    assert dues(rows) == [first, first, second, second]
    assert rows["subject_id"].tolist() == ["s1", "s2", "s1", "s2"]


@pytest.fixture
def weekly_of_base(evaluated, tmp_path):
    """The days on which the weekly contact of the base is listed, under a waiver."""

    def found(waiver: str) -> list[str]:
        path = writer(tmp_path)(waiver, BASE)
        rows = upcoming(evaluated(path, contacts="student_id,occurred_at,mode\n"), 30)
        return dues(rows[rows["requirement_id"] == "base.weekly"])

    return found


def test_without_a_waiver_the_weeks_are_listed(weekly_of_base):
    # Those of term: the week of 30 March lies between the terms.
    assert weekly_of_base("") == ["2026-03-08", "2026-03-15", "2026-03-22", "2026-03-29"]


def test_what_is_waived_is_never_listed(weekly_of_base):
    assert weekly_of_base(WAIVER) == []


def test_what_will_be_waived_when_it_falls_due_is_not_listed(weekly_of_base):
    later = WAIVER + "from = 2026-03-15\n"
    assert weekly_of_base(later) == ["2026-03-08"]


def test_an_evaluation_that_does_not_look_so_far_ahead_is_refused(evaluated):
    with pytest.raises(UsageError, match="until=2026-04-02"):
        upcoming(evaluated("ks_wyandotte", 30, events=events()), 31)


# The table


def test_a_cell_cannot_run_as_a_formula_in_a_spreadsheet(listed, tmp_path):
    signs = ["=1+1", "+1", "-1", "@x"]
    students = STUDENTS + "".join(f"{sign},p1,2025-09-01,\n" for sign in signs)
    rows = listed("wa_open_doors.weekly_contact", 7, students=students, contacts=CONTACTS)
    write(rows, tmp_path / "due.csv")
    with (tmp_path / "due.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert {row["student_id"] for row in written} == {"s1", *(f"'{sign}" for sign in signs)}
    assert not [cell for row in written for cell in row.values() if cell[:1] in "=+-@" and cell]


def test_the_table_of_nothing_has_its_columns(listed, tmp_path):
    write(listed("wa_open_doors.weekly_contact", 1, contacts=CONTACTS), tmp_path / "due.csv")
    assert (tmp_path / "due.csv").read_text() == ",".join(module.COLUMNS) + "\n"


# The calendar

CONTACTS = "student_id,occurred_at\n"
SECOND = "s0,p1,2025-09-01,Charles Babbage\n"
AS_OF = np.datetime64(MONDAY)
ODD = ["a,b", "c;d", "e\\n", "f\ng", "\N{GRINNING FACE}", "h" * 90, 'i"j:k']


@pytest.fixture
def week(listed):
    """The weekly contacts of one week, of students with ids that a calendar has to escape."""
    quoted = "".join(
        '"{}",p1,2025-09-01,\n'.format(text.replace('"', '""').replace("\n", " ")) for text in ODD
    )
    rows = listed("wa_open_doors.weekly_contact", 7, students=STUDENTS + quoted, contacts=CONTACTS)
    back = {text.replace("\n", " "): text for text in ODD}
    return rows.assign(subject_id=rows["subject_id"].replace(back), student_id="")


def test_a_week_of_many_students_is_one_entry_on_its_last_day(week):
    (entry,) = entries(week)
    assert entry.day == date(2026, 3, 8)
    assert entry.summary == "Each student has a contact each week: 8 students, program p1"


def test_an_entry_lists_its_subjects_and_says_by_which_rule(week):
    lines = entries(week)[0].description.splitlines()
    marked = [text.replace("\n", "\N{REPLACEMENT CHARACTER}") for text in ODD]
    assert lines[0] == "Program p1, by 8 March 2026, 8 students:"
    assert sorted(lines[1:-1]) == sorted(f"student {text}" for text in ["s1", *marked])
    assert lines[-1].startswith("Asked by wa_open_doors.weekly_contact (rule): Newsletter of OSPI")


def test_the_calendar_reads_back_as_it_was_written(week):
    assert read_back(calendar_of(entries(week), AS_OF)) == entries(week)


def test_no_line_of_the_calendar_is_longer_than_75_octets(week):
    lines = calendar_of(entries(week), AS_OF).split(b"\r\n")
    assert max(map(len, lines)) == 75


def test_an_entry_is_all_day_private_and_stamped_with_as_of(week):
    (event,) = icalendar.Calendar.from_ical(calendar_of(entries(week), AS_OF)).events
    assert event["dtstart"].params["value"] == "DATE"
    assert event["dtstamp"].to_ical() == b"20260302T000000Z"
    assert (event["class"], event["transp"]) == ("PRIVATE", "TRANSPARENT")


def test_the_same_tables_in_another_order_give_the_same_bytes(listed, tmp_path):
    head, first = STUDENTS.splitlines(keepends=True)
    written = set()
    for students in (head + first + SECOND, head + SECOND + first):
        rows = listed("wa_open_doors.weekly_contact", 7, students=students, contacts=CONTACTS)
        write(rows, tmp_path / "due.csv")
        write_calendar(rows, AS_OF, tmp_path / "due.ics")
        written.add(tuple(path.read_bytes() for path in sorted(tmp_path.iterdir())))
    assert len(written) == 1


def test_an_entry_keeps_its_name_when_other_students_are_due(week):
    assert entries(week.head(2))[0].uid == entries(week)[0].uid
    assert entries(week.assign(program_id="p2"))[0].uid != entries(week)[0].uid


def test_what_is_overdue_says_so_and_what_has_no_day_has_no_entry(week):
    rows = pd.concat([week.head(1).assign(overdue=True), week.head(1).assign(due_on=pd.NaT)])
    assert [entry.summary[:9] for entry in entries(rows)] == ["Overdue: "]


def test_neither_file_holds_a_name(listed, tmp_path):
    rows = listed("wa_open_doors.weekly_contact", 7, contacts=CONTACTS)
    write(rows, tmp_path / "due.csv")
    write_calendar(rows, AS_OF, tmp_path / "due.ics")
    text = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())
    assert "s1" in text
    assert "Ada" not in text


def test_a_calendar_that_does_not_read_back_is_not_moved_into_place(week, tmp_path, monkeypatch):
    place = tmp_path / "due.ics"
    place.write_text("the one before")
    lost = [replace_summary(entry) for entry in entries(week)]
    monkeypatch.setattr(module, "read_back", lambda _: lost)
    with pytest.raises(ValueError, match="would not read back"):
        write_calendar(week, AS_OF, place)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["the one before"]


def replace_summary(entry):
    return entry._replace(summary=entry.summary.partition(",")[0])


# The command

SAMPLE = Path(__file__).parents[1] / "data" / "sample"


def test_the_command_lists_the_sample_from_its_own_day(tmp_path, capsys):
    about = tomllib.loads((SAMPLE / "sample.toml").read_text(encoding="utf-8"))
    program = pd.read_csv(SAMPLE / "programs.csv")["program_id"].iloc[0]
    out, ics = tmp_path / "due.csv", tmp_path / "due.ics"
    span = ("--as-of", about["as_of"], "--since", about["since"], "--days", "40")
    words = ["due", str(SAMPLE), *span, "--program", program, "--out", str(out), "--ics", str(ics)]
    assert cli.main(words) == 0
    rows = pd.read_csv(out, dtype=str)
    assert set(rows["program_id"]) == {program}
    said = capsys.readouterr().out
    assert said.startswith(f"{len(rows)} rows due by ")
    assert str(out) in said
    days = rows["due_on"].dropna()
    assert len(read_back(ics.read_bytes())) == len(
        rows.loc[days.index].drop_duplicates(["due_on", "standard_id", "requirement_id"])
    )


def test_the_command_says_what_is_not_listed_because_it_is_waived(tmp_path, capsys):
    program = pd.read_csv(SAMPLE / "programs.csv")["program_id"].iloc[0]
    path = writer(tmp_path)(WAIVER, BASE)
    out = str(tmp_path / "due.csv")
    words = ["due", str(SAMPLE), "--as-of", "2026-05-04", "--standard", str(path)]
    assert cli.main([*words, "--program", program, "--out", out]) == 0
    assert "Note: base.weekly is not listed: waived until 30 June 2026" in capsys.readouterr().out


@pytest.mark.parametrize("days", ["0", "3661", "-1", "a week", "²"])
def test_days_are_a_number_from_1_to_3660(capsys, days):
    with pytest.raises(SystemExit) as left:
        cli.main(["due", "data", "--as-of", MONDAY, "--out", "due.csv", "--days", days])
    assert left.value.code == 2
    assert "from 1 to 3660" in capsys.readouterr().err


def test_the_table_and_the_calendar_are_two_files(capsys):
    words = ["due", str(SAMPLE), "--as-of", MONDAY, "--out", "due", "--ics", "./due"]
    assert cli.main(words) == 2
    assert "give two files" in capsys.readouterr().err
