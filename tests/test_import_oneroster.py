"""OneRoster 1.1 and 1.2: what becomes of a roster, and of one that was badly written."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from roster_files import V11, V12, roster_folder, roster_zip

from casekit.caseload import Caseload
from casekit.readers import ReadError
from casekit.readers.imports import import_roster
from casekit.readers.native import write_folder


@pytest.fixture
def imported(tmp_path: Path):
    """Import a roster of these files, as a zip."""

    def make(files: dict[str, str], **settings) -> Caseload:
        return import_roster("oneroster", roster_zip(tmp_path / "roster.zip", files), **settings)

    return make


@pytest.fixture(scope="module")
def v11(tmp_path_factory: pytest.TempPathFactory) -> Caseload:
    return import_roster("oneroster", roster_zip(tmp_path_factory.mktemp("v11") / "r.zip", V11))


@pytest.fixture(scope="module")
def v12(tmp_path_factory: pytest.TempPathFactory) -> Caseload:
    return import_roster("oneroster", roster_zip(tmp_path_factory.mktemp("v12") / "r.zip", V12))


def cells(rows: pd.DataFrame, *columns: str) -> list[tuple]:
    """Rows as tuples of text, days as ISO, None where empty."""
    texts = [rows[name].astype("str").str.removesuffix(" 00:00:00") for name in columns]
    shown = [
        t.astype(object).where(rows[n].notna(), None) for t, n in zip(texts, columns, strict=True)
    ]
    return list(zip(*shown, strict=True))


def notes(caseload: Caseload, text: str) -> pd.DataFrame:
    return caseload.problems[caseload.problems["problem"].str.contains(text, regex=False)]


def test_a_school_becomes_a_program_and_its_district_the_organization(v11: Caseload) -> None:
    programs = v11.programs
    columns = ("program_id", "program_name", "calendar_id", "organization")
    assert cells(programs, *columns) == [("s1", "North School", "oneroster", "River District")]


def test_every_program_is_held_to_the_standards_asked_for(imported) -> None:
    programs = imported(V11, standards=["sa_flo", "wa_open_doors"]).programs
    assert cells(programs, "standard_ids") == [("sa_flo;wa_open_doors",)]


def test_sessions_become_the_calendar(v11: Caseload) -> None:
    calendar = v11.calendar
    assert cells(calendar, "kind", "start_date", "end_date", "row") == [
        ("school_year", "2024-09-02", "2025-06-13", "2"),
        ("term", "2024-09-02", "2024-12-20", "3"),
        ("term", "2025-01-06", "2025-06-13", "4"),
        ("grading_period", "2024-09-02", "2024-11-01", "5"),
    ]


def test_a_student_is_enrolled_from_the_earliest_begin_to_the_latest_end(v11: Caseload) -> None:
    students = v11.students
    columns = ("student_id", "enrollment_start", "enrollment_end", "file", "row")
    assert cells(students, *columns) == [("sam", "2024-09-09", "2025-06-13", "users.csv", "2")]


def test_name_birth_date_grade_and_school_come_along(v11: Caseload) -> None:
    students = v11.students
    columns = ("student_name", "birth_date", "grade_level", "school_id")
    assert cells(students, *columns) == [("Sam Reed", "2010-05-04", "09", "s1")]


def test_the_end_of_a_1_2_enrolment_is_the_first_day_that_no_longer_counts(v12: Caseload) -> None:
    assert cells(v12.students, "enrollment_end") == [("2025-06-12",)]


def test_without_a_version_a_file_of_roles_tells_1_2(imported) -> None:
    caseload = imported({name: text for name, text in V12.items() if name != "manifest"})
    assert cells(caseload.students, "enrollment_end") == [("2025-06-12",)]


def test_an_enrolment_without_an_end_is_still_open(imported) -> None:
    open_end = V11["enrollments"].replace("2024-09-16,2025-06-13", "2024-09-16,")
    assert cells(imported(V11 | {"enrollments": open_end}).students, "enrollment_end") == [(None,)]


def undated(enrollments: str) -> str:
    """The same enrolments without their days."""
    header, *rows = enrollments.splitlines()
    return "\n".join([header, *(row.rsplit(",", 2)[0] + ",," for row in rows)])


def test_enrolments_without_days_take_those_of_the_role(imported) -> None:
    students = imported(V12 | {"enrollments": undated(V12["enrollments"])}).students
    assert cells(students, "enrollment_start", "enrollment_end") == [("2024-09-02", None)]


def test_without_days_on_roles_either_the_terms_of_the_classes_tell(imported) -> None:
    students = imported(V11 | {"enrollments": undated(V11["enrollments"])}).students
    # Maths is taught in t1, Music in t1 and t2.
    assert cells(students, "enrollment_start", "enrollment_end") == [("2024-09-02", "2025-06-13")]


def test_a_student_of_whom_no_day_is_known_is_a_problem_and_not_a_guess(imported) -> None:
    users = V11["users"] + "zoe,,true,s1,student,zoe,Zoe,Lake,09,hunter2\n"
    problems = imported(V11 | {"users": users}).problems
    bad = problems[problems["set_aside"]]
    assert cells(bad, "table", "file", "row", "column") == [
        ("students", "users.csv", "4", "enrollment_start")
    ]


def test_staff_start_with_their_first_class_and_have_no_fte_or_share(v11: Caseload) -> None:
    caseload = v11
    assert cells(caseload.staff, "staff_id", "program_id", "role", "start_date") == [
        ("tia", "s1", "teacher", "2024-09-02")
    ]
    assert not {"fte", "case_management_share"} & caseload.given["staff"]


def test_roles_of_one_person_are_one_row_that_ends_only_when_all_have(v12: Caseload) -> None:
    staff = v12.staff
    # The role of counselor has no end.
    assert cells(staff, "role", "start_date", "end_date") == [
        ("teacher; counselor", "2020-08-01", None)
    ]


def test_staff_without_any_day_start_with_the_latest_school_year_and_a_note(imported) -> None:
    enrollments = "\n".join(V11["enrollments"].splitlines()[:3])
    caseload = imported(V11 | {"enrollments": enrollments})
    assert cells(caseload.staff, "start_date") == [("2024-09-02",)]
    assert len(notes(caseload, "latest school year")) == 1


def test_parents_are_neither_students_nor_staff(imported) -> None:
    users = V11["users"] + "pat,,true,s1,parent,pat,Pat,Reed,,hunter2\n"
    assert "pat" not in set(imported(V11 | {"users": users}).staff["staff_id"])


def test_people_of_a_department_belong_to_its_school(imported) -> None:
    orgs = V11["orgs"] + "x1,,Counselling,department,s1\n"
    users = V11["users"] + "kim,,true,x1,counselor,kim,Kim,Hall,,hunter2\n"
    staff = imported(V11 | {"orgs": orgs, "users": users}).staff
    assert ("kim", "s1") in cells(staff, "staff_id", "program_id")


def test_people_of_no_school_are_counted_in_a_note(imported) -> None:
    users = V11["users"] + "kim,,true,d1,administrator,kim,Kim,Hall,,hunter2\n"
    assert len(notes(imported(V11 | {"users": users}), "1 people belong to no school")) == 1


def test_without_a_school_every_organisation_that_people_belong_to_is_a_program(imported) -> None:
    orgs = V11["orgs"].replace(",school,", ",department,")
    programs = imported(V11 | {"orgs": orgs}).programs
    assert cells(programs, "program_id") == [("d1",), ("s1",)]


def test_an_organisation_that_is_not_there_is_a_problem_with_its_row(imported) -> None:
    users = V11["users"] + "zoe,,true,s9,student,zoe,Zoe,Lake,09,hunter2\n"
    problems = imported(V11 | {"users": users}).problems
    assert ("users.csv", "4", "program_id", "s9") in cells(
        problems[problems["set_aside"]], "file", "row", "column", "value"
    )


def test_an_enrolment_of_a_person_who_is_not_there_is_a_problem_with_its_row(imported) -> None:
    enrollments = V11["enrollments"] + "e4,,c1,s1,nobody,student,2024-09-09,\n"
    problems = imported(V11 | {"enrollments": enrollments}).problems
    assert ("enrollments.csv", "5", "nobody") in cells(
        problems[problems["set_aside"]], "file", "row", "value"
    )


def test_rows_marked_to_be_deleted_are_left_out_and_counted(imported) -> None:
    enrollments = V11["enrollments"].replace("e2,,", "e2,tobedeleted,")
    caseload = imported(V11 | {"enrollments": enrollments})
    assert cells(caseload.students, "enrollment_end") == [("2024-12-20",)]
    assert cells(notes(caseload, "marked to be deleted"), "file", "set_aside") == [
        ("enrollments.csv", "False")
    ]


def test_misspelt_headers_and_files_are_met_by_their_nearest_name(imported) -> None:
    files = {name: text for name, text in V11.items() if name != "academicSessions"}
    files["acadmeicSessions"] = V11["academicSessions"].replace("schoolYear\n", "school year\n")
    files["users"] = (
        V11["users"].replace("sourcedId", "SourcedID").replace("givenName", "given nme")
    )
    caseload = imported(files)
    assert cells(caseload.students, "student_name") == [("Sam Reed",)]
    assert len(caseload.calendar) == 4
    assert set(notes(caseload, "taken to be")["value"]) == {"acadmeicSessions.csv", "given nme"}


def test_no_final_newline_a_byte_order_mark_and_semicolons_do_no_harm(imported) -> None:
    users = "\ufeff" + V11["users"].replace('"d1,s1"', "s1").replace(",", ";").rstrip("\n")
    assert cells(imported(V11 | {"users": users}).staff, "staff_name") == [("Tia Wood",)]


def slashed(enrollments: str) -> str:
    """The first enrolment's begin, 1 May 2024 or 5 January, as some systems write it."""
    return enrollments.replace("2024-09-09", "1/05/2024")


def test_a_day_that_could_be_a_month_is_reported_where_it_stands(imported) -> None:
    users = V11["users"] + "zoe,,true,s1,student,zoe,Zoe,Lake,09,hunter2\n"
    enrollments = slashed(V11["enrollments"]) + "e4,,c1,s1,zoe,student,2024-09-09,\n"
    caseload = imported(V11 | {"users": users, "enrollments": enrollments})
    problems = caseload.problems
    assert cells(problems[problems["set_aside"]], "file", "row", "column", "value") == [
        ("users.csv", "2", "enrollment_start", "1/05/2024")
    ]
    assert cells(notes(caseload, "no clear date"), "file", "row", "column", "value") == [
        ("enrollments.csv", "2", "beginDate", "1/05/2024")
    ]


@pytest.mark.parametrize(("order", "day"), [("dmy", "2024-05-01"), ("mdy", "2024-01-05")])
def test_the_order_of_dates_settles_it(imported, order: str, day: str) -> None:
    students = imported(V12 | {"enrollments": slashed(V12["enrollments"])}, dates=order).students
    assert cells(students, "enrollment_start") == [(day,)]


# Ann's row lacks the comma between her names: her password stands under the header of grades.
SHIFTED = V11 | {
    "users": V11["users"] + "ann,,true,s1,student,ann,Ann Lake,09,hunter2\n",
    "enrollments": V11["enrollments"] + "e4,,c1,s1,ann,student,2024-09-09,\n",
}


def test_a_password_reaches_no_table_no_problem_and_no_file(imported, tmp_path: Path) -> None:
    caseload = imported(SHIFTED)
    write_folder(caseload, tmp_path / "out")
    caseload.problems.to_csv(tmp_path / "out" / "problems.csv")
    written = "".join(path.read_text() for path in (tmp_path / "out").iterdir())
    assert "hunter2" not in written


def test_a_row_out_of_line_in_a_file_of_passwords_is_set_aside_by_its_number(imported) -> None:
    found = notes(imported(SHIFTED), "the row has 9 cells and the header 10")
    assert cells(found, "file", "row", "value", "set_aside") == [("users.csv", "4", "", "True")]


def test_an_overlay_gives_what_a_roster_does_not_know(imported, tmp_path: Path) -> None:
    overlay = roster_folder(
        tmp_path / "overlay",
        {"staff": "staff_id,fte,case_management_share\ntia,0.8,0.5\n"},
    )
    staff = imported(V11, overlay=overlay).staff
    assert cells(staff, "staff_id", "fte", "case_management_share") == [("tia", "0.8", "0.5")]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"users": V11["users"]}, "orgs.csv not found"),
        ({k: v for k, v in V11.items() if k != "enrollments"}, "enrollments.csv not found"),
        (V11 | {"users": "name\nSam\n"}, "users.csv needs the column sourcedId"),
        (V11 | {"orgs": V11["orgs"].splitlines()[0]}, "orgs.csv holds no school"),
        (V11 | {"users": V11["users"] + '"never closed\n'}, "never closed"),
    ],
)
def test_what_cannot_be_a_roster_is_refused_in_one_line(imported, files, said: str) -> None:
    with pytest.raises(ReadError, match=said) as refused:
        imported(files)
    assert "\n" not in str(refused.value)


def test_another_kind_of_roster_is_refused_with_those_that_are_read(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="oneroster, sds, edfi"):
        import_roster("clever", tmp_path)
