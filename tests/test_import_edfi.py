"""Ed-Fi XML: a district's sample files, small ones made to be wrong, and files made to harm."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest
from roster_files import roster_folder

from casekit.caseload import Caseload
from casekit.readers import ReadError
from casekit.readers.imports import import_roster

SAMPLE = Path(__file__).parents[2] / "shared" / "real-data" / "edfi"
needs_sample = pytest.mark.skipif(
    not SAMPLE.exists(), reason="the Ed-Fi sample files are not beside this repository"
)


def interchange(name: str, *elements: str, version: str = "5.2.0") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Interchange{name}'
        f' xmlns="http://ed-fi.org/{version}">{"".join(elements)}</Interchange{name}>'
    )


def program_row(student: str, begin: str, *more: str, at: str = "1") -> str:
    return f"""<StudentSpecialEducationProgramAssociation>
      <StudentReference><StudentIdentity><StudentUniqueId>{student}</StudentUniqueId>
      </StudentIdentity></StudentReference>
      <ProgramReference><ProgramIdentity><EducationOrganizationReference>
      <EducationOrganizationIdentity><EducationOrganizationId>{at}</EducationOrganizationId>
      </EducationOrganizationIdentity></EducationOrganizationReference>
      <ProgramName>Special Education</ProgramName></ProgramIdentity></ProgramReference>
      <BeginDate>{begin}</BeginDate>{"".join(more)}
    </StudentSpecialEducationProgramAssociation>"""


def school(number: str) -> str:
    return f"""<School><NameOfInstitution>School {number}</NameOfInstitution>
      <LocalEducationAgencyReference><LocalEducationAgencyIdentity>
      <LocalEducationAgencyId>1</LocalEducationAgencyId></LocalEducationAgencyIdentity>
      </LocalEducationAgencyReference><SchoolId>{number}</SchoolId></School>"""


def session(at: str, end: str) -> str:
    return f"""<Session><SessionName>Fall</SessionName><SchoolYear>2021-2022</SchoolYear>
      <BeginDate>2021-08-23</BeginDate><EndDate>{end}</EndDate>
      <SchoolReference><SchoolIdentity><SchoolId>{at}</SchoolId></SchoolIdentity>
      </SchoolReference></Session>"""


def calendar_date(at: str, day: str, event: str) -> str:
    return f"""<CalendarDate><Date>{day}</Date>
      <CalendarEvent>uri://ed-fi.org/CalendarEventDescriptor#{event}</CalendarEvent>
      <CalendarReference><CalendarIdentity><CalendarCode>9</CalendarCode><SchoolReference>
      <SchoolIdentity><SchoolId>{at}</SchoolId></SchoolIdentity></SchoolReference>
      </CalendarIdentity></CalendarReference></CalendarDate>"""


def person(kind: str, number: str) -> str:
    return f"""<{kind}Reference><{kind}Identity><{kind}UniqueId>{number}</{kind}UniqueId>
      </{kind}Identity></{kind}Reference>"""


def at(organization: str) -> str:
    return f"""<EducationOrganizationReference><EducationOrganizationIdentity>
      <EducationOrganizationId>{organization}</EducationOrganizationId>
      </EducationOrganizationIdentity></EducationOrganizationReference>"""


DISTRICT = (
    "<LocalEducationAgency><NameOfInstitution>River ISD</NameOfInstitution>"
    "<LocalEducationAgencyId>1</LocalEducationAgencyId></LocalEducationAgency>"
)
FILES = {
    "StudentProgram": interchange("StudentProgram", program_row("a", "2021-08-30")),
    "EducationOrganization": interchange(
        "EducationOrganization", DISTRICT, school("11"), school("12")
    ),
}


@pytest.fixture
def imported(tmp_path: Path):
    """Import a folder of these interchange files."""

    def make(**files: str) -> Caseload:
        return import_roster("edfi", roster_folder(tmp_path / "in", FILES | files, ".xml"))

    return make


@pytest.fixture(scope="module")
def district() -> Caseload:
    if not SAMPLE.exists():
        pytest.skip("the Ed-Fi sample files are not beside this repository")
    return import_roster("edfi", SAMPLE, standards=["ks_wyandotte"])


def days(rows: pd.DataFrame, column: str) -> list[str | None]:
    return [None if pd.isna(day) else f"{day:%Y-%m-%d}" for day in rows[column]]


def problems(caseload: Caseload, text: str) -> pd.DataFrame:
    return caseload.problems[caseload.problems["problem"].str.contains(text, regex=False)]


# The district's sample files, with the answers counted apart from this project.


def test_each_special_education_association_is_a_student_row(district: Caseload) -> None:
    assert len(district.students) == 97


def test_45_students_are_enrolled_on_20_august_2022(district: Caseload) -> None:
    day, rows = pd.Timestamp("2022-08-20"), district.students
    ended = rows["enrollment_end"] < day
    assert int(((rows["enrollment_start"] <= day) & ~ended).sum()) == 45


def test_every_students_last_review_is_an_iep_meeting(district: Caseload) -> None:
    met = district.events[["event_type", "occurred_at"]].astype(str).drop_duplicates()
    assert met.to_numpy().tolist() == [["iep_meeting", "2021-08-27"]]
    assert set(district.events["student_id"]) == set(district.students["student_id"])


def test_the_program_is_named_for_its_district(district: Caseload) -> None:
    columns = ["program_id", "program_name", "calendar_id", "standard_ids"]
    assert district.programs[columns].astype(str).to_numpy().tolist() == [
        [
            "255901-special-education",
            "Special Education (Grand Bend ISD)",
            "255901",
            "ks_wyandotte",
        ]
    ]


def test_the_district_has_the_calendar_that_its_schools_share(district: Caseload) -> None:
    rows = district.calendar[district.calendar["calendar_id"] == "255901"]
    assert rows["kind"].astype(str).value_counts().to_dict() == {
        "grading_period": 6,
        "term": 2,
        "school_year": 1,
    }


def test_staff_of_the_schools_belong_to_the_districts_program(district: Caseload) -> None:
    assert len(district.staff) == 68
    assert set(district.staff["fte"]) == {1.0}
    assert "case_management_share" not in district.given["staff"]


def test_leave_that_has_no_end_is_set_aside_and_said(district: Caseload) -> None:
    bad = district.problems[district.problems["set_aside"]]
    assert set(zip(bad["table"], bad["column"], strict=True)) == {("leave", "end_date")}
    assert len(bad) == 37


@pytest.mark.parametrize(
    ("said", "times"),
    [
        ("says 88 instructional days, and its grading periods add up to 96", 3),
        ("20 rows have a SpecialEducationExitDate and no EndDate", 1),
        ("special-education hours exceed school hours in 6 of 7 rows", 1),
        ("3 attendance events fall on a weekend", 1),
    ],
)
def test_the_samples_known_defects_are_noted(district: Caseload, said: str, times: int) -> None:
    assert len(problems(district, said)) == times


def test_a_student_has_the_school_that_marked_the_attendance(district: Caseload) -> None:
    # 24 of the 97 have attendance events, each at one school.
    assert int(district.students["school_id"].notna().sum()) == 24


@needs_sample
def test_a_zip_of_the_files_gives_the_same_students(district: Caseload, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "edfi.zip", "w") as archive:
        for file in SAMPLE.glob("*.xml"):
            archive.write(file, f"export/{file.name}")
    zipped = import_roster("edfi", tmp_path / "edfi.zip")
    pd.testing.assert_frame_equal(zipped.students, district.students)


# Small files.


@pytest.mark.parametrize(
    ("more", "end"),
    [
        ("<EndDate>2021-12-17</EndDate>", "2021-12-17"),
        ("<SpecialEducationExitDate>2021-10-01</SpecialEducationExitDate>", "2021-10-01"),
        (
            "<EndDate>2021-12-17</EndDate>"
            "<SpecialEducationExitDate>2021-10-01</SpecialEducationExitDate>",
            "2021-10-01",
        ),
        ("", None),
    ],
)
def test_an_enrolment_ends_on_the_earlier_of_end_and_exit(imported, more: str, end) -> None:
    rows = interchange("StudentProgram", program_row("a", "2021-08-30", more))
    assert days(imported(StudentProgram=rows).students, "enrollment_end") == [end]


def test_an_older_edition_of_ed_fi_reads_the_same(imported) -> None:
    rows = interchange("StudentProgram", program_row("a", "2021-08-30"), version="3.1")
    assert len(imported(StudentProgram=rows).students) == 1


def test_the_same_student_program_and_begin_twice_is_a_problem_of_the_second(imported) -> None:
    row = program_row("a", "2021-08-30")
    caseload = imported(StudentProgram=interchange("StudentProgram", row, row))
    bad = caseload.problems[caseload.problems["set_aside"]]
    assert bad[["table", "file", "row"]].astype(str).to_numpy().tolist() == [
        ["students", "StudentProgram.xml", "2"]
    ]


def test_a_district_whose_schools_differ_has_no_calendar_and_a_note(imported) -> None:
    sessions = interchange(
        "EducationOrgCalendar", session("11", "2021-12-17"), session("12", "2021-12-16")
    )
    caseload = imported(EducationOrgCalendar=sessions)
    assert "1" not in set(caseload.calendar["calendar_id"])
    assert len(problems(caseload, "the schools of 1 have different sessions")) == 1


def test_a_holiday_of_every_school_closes_the_district_and_one_schools_own_does_not(
    imported,
) -> None:
    sessions = interchange(
        "EducationOrgCalendar",
        session("11", "2021-12-17"),
        session("12", "2021-12-17"),
        calendar_date("11", "2021-09-06", "Holiday"),
        calendar_date("12", "2021-09-06", "Holiday"),
        calendar_date("12", "2021-10-11", "Holiday"),
        calendar_date("12", "2021-10-12", "Instructional day"),
        calendar_date("12", "2021-10-13", "Weather day"),
    )
    caseload = imported(EducationOrgCalendar=sessions)
    closures = caseload.calendar[caseload.calendar["kind"] == "closure"]
    of_district = closures[closures["calendar_id"] == "1"]
    assert days(of_district, "start_date") == ["2021-09-06"]
    assert len(problems(caseload, "1 closures are not those of every school")) == 1
    # A weather day may or may not have been taught: the district says.
    assert len(problems(caseload, "1 calendar days are neither")) == 1


def test_fte_is_the_employments_and_the_role_the_assignments(imported) -> None:
    staff = interchange(
        "StaffAssociation",
        "<StaffEducationOrganizationEmploymentAssociation>",
        person("Staff", "t"),
        at("11"),
        "<EmploymentPeriod><HireDate>2018-02-09</HireDate><EndDate>2022-05-27</EndDate>"
        "</EmploymentPeriod><FullTimeEquivalency>0.6</FullTimeEquivalency>"
        "</StaffEducationOrganizationEmploymentAssociation>",
        "<StaffEducationOrganizationAssignmentAssociation>",
        person("Staff", "t"),
        at("11"),
        "<StaffClassification>uri://ed-fi.org/StaffClassificationDescriptor#Counselor"
        "</StaffClassification><BeginDate>2019-01-01</BeginDate>"
        "</StaffEducationOrganizationAssignmentAssociation>",
    )
    row = imported(StaffAssociation=staff).staff.iloc[0]
    assert (row["role"], row["fte"], f"{row['start_date']:%F}", f"{row['end_date']:%F}") == (
        "Counselor",
        0.6,
        "2018-02-09",
        "2022-05-27",
    )


def test_a_person_who_is_only_assigned_starts_with_the_assignment(imported) -> None:
    staff = interchange(
        "StaffAssociation",
        "<StaffEducationOrganizationAssignmentAssociation>",
        person("Staff", "t"),
        at("1"),
        "<BeginDate>2019-01-01</BeginDate></StaffEducationOrganizationAssignmentAssociation>",
    )
    assert days(imported(StaffAssociation=staff).staff, "start_date") == ["2019-01-01"]


# Files that cannot be read, or must not be.

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BILLION_LAUGHS = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><x>&l9;</x>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
ELSEWHERE = '<!DOCTYPE x SYSTEM "http://example.org/x.dtd"><x/>'


@pytest.mark.parametrize(
    "attack", [BILLION_LAUGHS, OUTSIDE, ELSEWHERE], ids=["laughs", "outside", "dtd"]
)
def test_a_file_with_a_document_type_or_entities_is_refused_by_name(imported, attack: str) -> None:
    with pytest.raises(ReadError, match=r"Student.xml declares a document type") as refused:
        imported(Student=attack)
    assert "root:" not in str(refused.value)


@pytest.mark.parametrize("broken", [FILES["StudentProgram"][:300], "", "not xml"])
def test_a_file_that_is_not_whole_is_refused_by_name(imported, broken: str) -> None:
    with pytest.raises(ReadError, match=r"StudentProgram.xml is not whole XML") as refused:
        imported(StudentProgram=broken)
    assert "\n" not in str(refused.value)


def test_files_without_special_education_are_refused_with_what_they_have(imported) -> None:
    with pytest.raises(ReadError, match="elements found: LocalEducationAgency, School"):
        imported(StudentProgram=interchange("StudentProgram"))


def test_a_folder_without_xml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"holds no \.xml file"):
        import_roster("edfi", tmp_path)
