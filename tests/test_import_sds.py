"""Microsoft School Data Sync: its two formats, on Microsoft's own samples and on small rosters."""

from __future__ import annotations

from pathlib import Path

import pytest
from roster_files import roster_folder

from casekit.caseload import Caseload
from casekit.readers import ReadError
from casekit.readers.imports import import_roster
from casekit.readers.native import write_folder

SAMPLES = Path(__file__).parents[2] / "shared" / "real-data" / "sds"
needs_samples = pytest.mark.skipif(
    not SAMPLES.exists(), reason="Microsoft's sample rosters are not beside this repository"
)

CURRENT = {
    "orgs": "sourcedId,name,type,parentSourcedId\ns1,North School,school,\n"
    "x1,Counselling,department,s1\n",
    "users": "sourcedId,username,givenName,familyName,password\nsam,s,Sam,Reed,hunter2\n"
    "ann,a,Ann,Hill,hunter2\ntia,t,Tia,Wood,hunter2\npat,p,Pat,Reed,hunter2\n",
    "roles": "userSourcedId,orgSourcedId,role,sessionSourcedId,grade,roleStartDate,roleEndDate\n"
    "sam,s1,student,y,09,2024-09-09,2025-06-13\nann,s1,student,y,10,,\n"
    "tia,x1,counselor,y,,2024-08-01,\n",
    "academicSessions": "sourcedId,title,type,schoolYear,startDate,endDate\n"
    "y,Year,schoolYear,2025,2024-09-02,2025-06-13\n",
    "userFlags": "userSourcedId,flag\nsam,iep\nann,freeLunch\n",
    "relationships": "userSourcedId,relationshipUserSourcedId,relationshipRole\n"
    "sam,pat,guardian\nsam,tia,parent\nsam,ann,relative\n",
}

OLDER = {
    "School": "SIS ID,Name\n10,North School\n",
    "Section": "SIS ID,School SIS ID,Section Name,Term SIS ID,Term Name,Term StartDate,"
    "Term EndDate\n"
    "m,10,Maths,t1,Autumn,2024-09-02,2024-12-20\nn,10,Music,t2,Spring,2025-01-06,2025-06-13\n",
    "Student": "SIS ID,School SIS ID,First Name,Last Name,Username,Password,Grade,Birthdate\n"
    "1,10,Sam,Reed,s,hunter2,9,2010-05-04\n2,10,Ann,Hill,a,hunter2,10,2009-05-04\n",
    "StudentEnrollment": "Section SIS ID,SIS ID\nm,1\nn,1\nn,2\n",
    "Teacher": "SIS ID,School SIS ID,First Name,Last Name,Username,Password\n"
    "7,10,Tia,Wood,t,hunter2\n",
    "TeacherRoster": "Section SIS ID,SIS ID\nn,7\n",
}


@pytest.fixture(scope="module")
def current(tmp_path_factory: pytest.TempPathFactory) -> Caseload:
    return import_roster("sds", roster_folder(tmp_path_factory.mktemp("current"), CURRENT))


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Caseload:
    return import_roster("sds", roster_folder(tmp_path_factory.mktemp("older"), OLDER))


def by_student(caseload: Caseload, column: str) -> dict[str, str]:
    students = caseload.students
    values = students[column].astype("str").fillna("")
    return dict(zip(students["student_id"].astype(str), values, strict=True))


def test_a_role_dates_the_enrolment_and_without_days_its_session_does(current: Caseload) -> None:
    assert by_student(current, "enrollment_start") == {"sam": "2024-09-09", "ann": "2024-09-02"}


def test_the_flags_iep_and_504_mark_a_student_as_exceptional(current: Caseload) -> None:
    assert by_student(current, "exceptional_or_504") == {"sam": "True", "ann": "False"}


def test_parents_and_guardians_are_counted_and_other_relatives_are_not(current: Caseload) -> None:
    # Nobody is named for Ann: not known, which is not the same as none.
    assert by_student(current, "parents") == {"sam": "2.0", "ann": ""}


def test_the_grade_comes_from_the_role(current: Caseload) -> None:
    assert by_student(current, "grade_level") == {"sam": "09", "ann": "10"}


def test_staff_of_a_department_belong_to_its_school(current: Caseload) -> None:
    assert current.staff[["staff_id", "program_id"]].astype(str).to_numpy().tolist() == [
        ["tia", "s1"]
    ]


def test_in_the_older_format_the_terms_of_the_sections_date_the_enrolment(older: Caseload) -> None:
    assert by_student(older, "enrollment_start") == {"1": "2024-09-02", "2": "2025-01-06"}
    assert by_student(older, "enrollment_end") == {"1": "2025-06-13", "2": "2025-06-13"}


def test_in_the_older_format_a_school_has_the_terms_of_its_sections(older: Caseload) -> None:
    calendar = older.calendar[["calendar_id", "kind", "name"]].astype(str)
    assert calendar.to_numpy().tolist() == [["10", "term", "Autumn"], ["10", "term", "Spring"]]


def test_in_the_older_format_rows_are_those_of_the_persons_own_file(older: Caseload) -> None:
    assert older.staff[["file", "row"]].astype(str).to_numpy().tolist() == [["Teacher.csv", "2"]]


@pytest.mark.parametrize("files", [CURRENT, OLDER], ids=["2.1", "older"])
def test_a_password_reaches_no_table_and_no_file(files: dict[str, str], tmp_path: Path) -> None:
    caseload = import_roster("sds", roster_folder(tmp_path / "in", files))
    write_folder(caseload, tmp_path / "out")
    caseload.problems.to_csv(tmp_path / "out" / "problems.csv")
    assert "hunter2" not in "".join(path.read_text() for path in (tmp_path / "out").iterdir())


def test_neither_format_is_refused_with_what_is_needed(tmp_path: Path) -> None:
    folder = roster_folder(tmp_path / "in", {"orgs": CURRENT["orgs"]})
    with pytest.raises(ReadError, match=r"users.csv, roles.csv not found"):
        import_roster("sds", folder)


@needs_samples
def test_microsofts_sample_of_2_1_has_four_students_in_two_organisations() -> None:
    caseload = import_roster("sds", SAMPLES / "SDS-v2.1")
    assert caseload.students["program_id"].astype(str).value_counts().to_dict() == {
        "110003": 3,
        "110001": 1,
    }


def test_dates_that_nothing_in_the_export_settles_are_refused(tmp_path: Path) -> None:
    # 9/2 and 6/3 may each be read either way.
    section = OLDER["Section"].replace("2024-09-02", "9/2/2024").replace("2025-06-13", "6/3/2025")
    files = {**OLDER, "Section": section.replace("2025-01-06", "1/6/2025")}
    with pytest.raises(ReadError, match="--dates dmy or --dates mdy"):
        import_roster("sds", roster_folder(tmp_path / "in", files))


def test_one_date_that_can_be_read_one_way_only_settles_the_export_and_is_named(
    tmp_path: Path,
) -> None:
    section = OLDER["Section"].replace("2024-09-02", "9/2/2024").replace("2025-06-13", "6/13/2025")
    files = {**OLDER, "Section": section.replace("2025-01-06", "1/6/2025")}
    caseload = import_roster("sds", roster_folder(tmp_path / "in", files))
    assert by_student(caseload, "enrollment_start") == {"1": "2024-09-02", "2": "2025-01-06"}
    assert caseload.problems["problem"].str.contains("6/13/2025 in Section.csv").any()


@needs_samples
def test_microsofts_older_sample_has_86_students_and_12_teachers_in_2_schools() -> None:
    caseload = import_roster("sds", SAMPLES / "SDS-Format_100-Users")
    sizes = [len(caseload.tables[name]) for name in ("programs", "students", "staff")]
    assert sizes == [2, 86, 12]
    assert not caseload.problems["set_aside"].any()
