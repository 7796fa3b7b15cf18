"""Microsoft School Data Sync: format 2.1, and the older one (School, Section, Student, Teacher).

2.1 is OneRoster's shape with days on the roles, flags (iep, 504) and relationships beside it. In
the older format a student is enrolled for the terms of the sections attended. Microsoft advises
ISO dates and fixes no other order, though its own samples are written 7/1/2017: such dates are
settled by `dates`, else by the export's own dates that can be read in one order only (6/30/2018),
where they agree; never guessed.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from casekit.readers.raw import RawTable
from casekit.readers.roster import contract_tables, memberships
from casekit.readers.roster_csv import (
    Roster,
    check_found,
    layout,
    open_roster,
    settled_order,
    without_deleted,
)

CALENDAR = "sds"
PARENTS = frozenset({"guardian", "parent"})
FLAGS = frozenset({"iep", "504"})


LAYOUT = layout(
    orgs="sourcedId*|name|type|parentSourcedId",
    users="sourcedId*|givenName|familyName",
    roles="userSourcedId*|orgSourcedId*|role*|sessionSourcedId|grade|roleStartDate|roleEndDate",
    enrollments="classSourcedId*|userSourcedId*|role*",
    classes="sourcedId*|orgSourcedId|title|sessionSourcedIds",
    academicSessions="sourcedId*|title|type*|schoolYear|startDate*|endDate*",
    demographics="userSourcedId*|birthDate",
    userFlags="userSourcedId*|flag*",
    relationships="userSourcedId*|relationshipUserSourcedId|relationshipRole*",
)

OLDER_LAYOUT = layout(
    School="SIS ID*|Name",
    Section="SIS ID*|School SIS ID*|Section Name|Term SIS ID|Term Name|Term StartDate|Term EndDate"
    "|Status",
    Student="SIS ID*|School SIS ID*|First Name|Last Name|Grade|Status|Birthdate",
    Teacher="SIS ID*|School SIS ID*|First Name|Last Name|Status|Title",
    StudentEnrollment="Section SIS ID*|SIS ID*",
    TeacherRoster="Section SIS ID*|SIS ID*",
)


def tables(source: Path, *, dates: str | None = None) -> list[RawTable]:
    """The tables of a School Data Sync folder or zip, of either format.

    Staff get no fte and no case_management_share: the format knows neither.
    Raises ReadError where it is neither format.
    """
    older = open_roster(source, OLDER_LAYOUT, dates)
    if {"School", "Student"} <= older.names.keys():
        settled = None if dates else settled_order(older)
        if settled is None:
            return _older(older, source, dates)
        order, value, file = settled
        older = open_roster(source, OLDER_LAYOUT, order)
        what = (
            f"dates of this export are read as {order}: {value} in {file} can be read no other way"
        )
        older.note("Student", what, "say --dates dmy or --dates mdy if that is wrong")
        return [replace(table, dates=order) for table in _older(older, source, order)]
    roster = open_roster(source, LAYOUT, dates)
    check_found(roster, ("orgs", "users", "roles"), source, "School Data Sync 2.1")
    return _current(roster, dates)


def _current(roster: Roster, dates: str | None) -> list[RawTable]:
    """Format 2.1, brought into OneRoster's columns; programs are what students belong to."""
    files = roster.files
    names = {"userSourcedId": "sourcedId"}
    files["roles"] = _dated_roles(files["roles"], files["academicSessions"])
    files["demographics"] = files["demographics"].rename(columns=names)
    files["classes"] = files["classes"].rename(
        columns={"orgSourcedId": "schoolSourcedId", "sessionSourcedIds": "termSourcedIds"}
    )
    files["enrollments"] = files["enrollments"].assign(
        schoolSourcedId=None, beginDate=None, endDate=None
    )
    files["academicSessions"] = files["academicSessions"].assign(calendar_id=CALENDAR)
    grades = files["roles"].dropna(subset="grade").drop_duplicates("userSourcedId")
    grades = grades.set_index("userSourcedId")["grade"]
    files["users"] = files["users"].assign(grades=files["users"]["sourcedId"].map(grades))
    members = memberships(roster)
    attended = members.loc[members["role"] == "student", "org"]
    orgs = files["orgs"][files["orgs"]["sourcedId"].isin(attended)].assign(calendar_id=CALENDAR)
    found = contract_tables(roster, members, orgs, dates)
    students = next(table for table in found if table.name == "students").cells
    if "userFlags" in roster.names:
        students["exceptional_or_504"] = _flagged(students["student_id"], files["userFlags"])
    if "relationships" in roster.names:
        students["parents"] = _parents(students["student_id"], files["relationships"])
    return found


def _dated_roles(roles: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """A role without days of its own has those of its session."""
    session = sessions.drop_duplicates("sourcedId").set_index("sourcedId")
    undated = roles["roleStartDate"].isna() & roles["roleEndDate"].isna()
    begin, end = (roles["sessionSourcedId"].map(session[d]) for d in ("startDate", "endDate"))
    return roles.assign(
        beginDate=roles["roleStartDate"].mask(undated, begin),
        endDate=roles["roleEndDate"].mask(undated, end),
    )


def _flagged(students: pd.Series, flags: pd.DataFrame) -> pd.Series:
    served = flags["flag"].astype("string").str.strip().str.casefold().isin(FLAGS)
    return students.isin(flags.loc[served, "userSourcedId"]).map({True: "true", False: "false"})


def _parents(students: pd.Series, relationships: pd.DataFrame) -> pd.Series:
    """How many parents or guardians are named, 1 or 2; None where none is."""
    roles = relationships["relationshipRole"].astype("string").str.strip().str.casefold()
    pairs = relationships[roles.isin(PARENTS)].drop_duplicates(
        ["userSourcedId", "relationshipUserSourcedId"]
    )
    counted = students.map(pairs["userSourcedId"].value_counts()).clip(upper=2)
    return counted.map(lambda n: str(int(n)), na_action="ignore").astype(object)


def _older(roster: Roster, source: Path, dates: str | None) -> list[RawTable]:
    """The older format, in OneRoster's columns; a school has the terms of its sections."""
    needed = ("School", "Section", "Student", "StudentEnrollment")
    check_found(roster, needed, source, "School Data Sync")
    given = {name: _renamed(frame) for name, frame in roster.files.items()}
    students, teachers = given["Student"].assign(role="student"), given["Teacher"]
    teachers = teachers.assign(role=teachers["Title"].fillna("teacher"))
    users = pd.concat([students, teachers])
    sections = given["Section"]
    section = sections.drop_duplicates("sourcedId").set_index("sourcedId")
    rosters = pd.concat(
        [
            given["StudentEnrollment"].assign(role="student"),
            given["TeacherRoster"].assign(role="teacher"),
        ]
    )
    terms = sections.assign(calendar_id=sections["schoolSourcedId"], type="term")
    roster.names |= {
        "users": f"{roster.names['Student']} and {roster.names.get('Teacher', 'Teacher.csv')}",
        "orgs": roster.names["School"],
        "roles": roster.names["Student"],
        "enrollments": roster.names["StudentEnrollment"],
        "academicSessions": roster.names["Section"],
    }
    roster.files |= {
        "users": users,
        "demographics": students,
        "orgs": given["School"].assign(parentSourcedId=None),
        "roles": users.assign(
            userSourcedId=users["sourcedId"],
            orgSourcedId=users["schoolSourcedId"],
            beginDate=None,
            endDate=None,
        ),
        "enrollments": rosters.assign(
            userSourcedId=rosters["sourcedId"],
            schoolSourcedId=rosters["classSourcedId"].map(section["schoolSourcedId"]),
            beginDate=rosters["classSourcedId"].map(section["startDate"]),
            endDate=rosters["classSourcedId"].map(section["endDate"]),
        ),
        "classes": sections.assign(termSourcedIds=None),
        "academicSessions": terms.drop_duplicates(
            ["calendar_id", "term", "title", "startDate", "endDate"]
        ),
    }
    without_deleted(roster)
    schools = roster.files["orgs"].assign(calendar_id=roster.files["orgs"]["sourcedId"])
    origins = {
        "programs": "School",
        "students": "Student",
        "staff": "Teacher",
        "calendar": "Section",
    }
    return contract_tables(roster, memberships(roster), schools, dates, origins)


OLDER_NAMES = {
    "SIS ID": "sourcedId",
    "School SIS ID": "schoolSourcedId",
    "Section SIS ID": "classSourcedId",
    "Name": "name",
    "First Name": "givenName",
    "Last Name": "familyName",
    "Grade": "grades",
    "Birthdate": "birthDate",
    "Status": "status",
    "Term SIS ID": "term",
    "Term Name": "title",
    "Term StartDate": "startDate",
    "Term EndDate": "endDate",
}


def _renamed(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.rename(columns=OLDER_NAMES)
