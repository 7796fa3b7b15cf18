"""Ed-Fi interchange files, streamed: of every kind of element that casekit uses, what it uses.

Files of any Ed-Fi version are read, as namespaces are not asked for. A document type, an entity or
an outside reference is refused, and one element at a time is held.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from xml.etree.ElementTree import Element

import pandas as pd
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from casekit.readers.exports import open_export
from casekit.readers.raw import RawTable, ReadError

STUDENT = "{*}StudentReference//{*}StudentUniqueId"
STAFF = "{*}StaffReference//{*}StaffUniqueId"
ORGANIZATION = "{*}EducationOrganizationReference//{*}EducationOrganizationId"
SCHOOL = "{*}SchoolReference//{*}SchoolId"
NAME = "{*}NameOfInstitution"
SPAN = {"begin": "{*}BeginDate", "end": "{*}EndDate"}
PERSON = {"first": "{*}Name/{*}FirstName", "last": "{*}Name/{*}LastSurname"}
DAYS = {"days": "{*}TotalInstructionalDays"}

SPECIAL_EDUCATION = "StudentSpecialEducationProgramAssociation"
EMPLOYMENT = "StaffEducationOrganizationEmploymentAssociation"
ASSIGNMENT = "StaffEducationOrganizationAssignmentAssociation"
ATTENDANCE = "StudentSchoolAttendanceEvent"

# Our name for what is read of each kind of element, and where it stands. Nothing else is kept.
KINDS: dict[str, dict[str, str]] = {
    SPECIAL_EDUCATION: {
        "student": STUDENT,
        "organization": "{*}ProgramReference//{*}EducationOrganizationId",
        "program": "{*}ProgramReference//{*}ProgramName",
        **SPAN,
        "exit": "{*}SpecialEducationExitDate",
        "reviewed": "{*}IEPReviewDate",
        "hours": "{*}SpecialEducationHoursPerWeek",
        "school_hours": "{*}SchoolHoursPerWeek",
    },
    "Student": {"student": "{*}StudentUniqueId", **PERSON, "born": ".//{*}BirthDate"},
    "Staff": {"staff": "{*}StaffUniqueId", **PERSON},
    EMPLOYMENT: {
        "staff": STAFF,
        "organization": ORGANIZATION,
        "begin": "{*}EmploymentPeriod/{*}HireDate",
        "end": "{*}EmploymentPeriod/{*}EndDate",
        "fte": "{*}FullTimeEquivalency",
    },
    ASSIGNMENT: {
        "staff": STAFF,
        "organization": ORGANIZATION,
        **SPAN,
        "fte": "{*}FullTimeEquivalency",
        "role": "{*}StaffClassification",
    },
    "StaffLeave": {
        "staff": STAFF,
        **SPAN,
        "reason": "{*}Reason",
        "category": "{*}StaffLeaveEventCategory",
    },
    "LocalEducationAgency": {"id": "{*}LocalEducationAgencyId", "name": NAME, "label": "@id"},
    "School": {
        "id": "{*}SchoolId",
        "name": NAME,
        "parent": "{*}LocalEducationAgencyReference//{*}LocalEducationAgencyId",
        # Or, in place of the district's id, the label of its element in the same file.
        "parent_label": "{*}LocalEducationAgencyReference/@ref",
    },
    "Session": {
        "school": SCHOOL,
        "name": "{*}SessionName",
        "year": "{*}SchoolYear",
        **SPAN,
        **DAYS,
    },
    "GradingPeriod": {
        "school": SCHOOL,
        "name": "{*}GradingPeriodName",
        "descriptor": "{*}GradingPeriod",
        **SPAN,
        **DAYS,
    },
    "CalendarDate": {
        "school": "{*}CalendarReference//{*}SchoolId",
        "day": "{*}Date",
        "events": "{*}CalendarEvent",
    },
    ATTENDANCE: {"student": STUDENT, "school": SCHOOL, "day": ".//{*}EventDate"},
}


def read_elements(source: Path) -> dict[str, pd.DataFrame]:
    """The elements of each of KINDS: its columns as text (several joined by `;`), `file`, `row`.

    `row` is the element's place among its kind in its file, from 1. Raises ReadError where a file
    is not whole, or not safe to read.
    """
    records: dict[str, list[tuple]] = {kind: [] for kind in KINDS}
    for file, data in open_export(source, ".xml").items():
        _stream(file, data, records)
    found = {
        kind: pd.DataFrame(rows, columns=[*KINDS[kind], "file", "row"], dtype=object)
        for kind, rows in records.items()
    }
    schools, districts = found["School"], found["LocalEducationAgency"]
    labelled = districts.drop_duplicates(["file", "label"]).set_index(["file", "label"])["id"]
    labels = pd.MultiIndex.from_frame(schools[["file", "parent_label"]])
    by_label = pd.Series(labelled.reindex(labels).to_numpy(), index=schools.index)
    found["School"] = schools.assign(parent=schools["parent"].fillna(by_label))
    return found


def _stream(file: str, data: bytes, records: dict[str, list[tuple]]) -> None:
    """Add one file's elements to `records`."""
    counts = dict.fromkeys(KINDS, 0)
    above = []
    try:
        for event, element in iterparse(io.BytesIO(data), ("start", "end"), forbid_dtd=True):
            if event == "start":
                above.append(element)
                continue
            above.pop()
            kind = element.tag.rpartition("}")[2]
            if len(above) != 1:
                continue
            if kind in KINDS:
                counts[kind] += 1
                texts = [_text(element, path) for path in KINDS[kind].values()]
                records[kind].append((*texts, file, counts[kind]))
            above[0].clear()
    except DefusedXmlException as refused:
        raise ReadError(
            f"{file} declares a document type or entities, which is not safe to read"
            f" ({type(refused).__name__}): export it again without them"
        ) from None
    except (ParseError, LookupError, ValueError) as broken:
        raise ReadError(f"{file} is not whole XML ({broken}): export or copy it again") from None


def _text(element: Element, path: str) -> str | None:
    """The texts, or after an @ the attributes, at a path; each distinct one once."""
    place, _, attribute = path.partition("@")
    texts = [
        ((found.get(attribute) if attribute else found.text) or "").strip()
        for found in element.iterfind(place.rstrip("/") or ".")
    ]
    # Most texts repeat: one copy of each is kept.
    return sys.intern(";".join(dict.fromkeys(filter(None, texts)))) or None


def descriptor(cells: pd.Series) -> pd.Series:
    """The last part of descriptors such as uri://ed-fi.org/TermDescriptor#Fall Semester."""
    return cells.map(lambda text: text.rpartition("#")[2], na_action="ignore")


def raw(table: str, rows: pd.DataFrame) -> list[RawTable]:
    """A table of the contract, one piece for each file in which its rows stand."""
    cells = rows.astype(object).where(rows.notna(), None)
    return [
        RawTable(
            table,
            str(file),
            part.drop(columns=["file", "row"]).reset_index(drop=True),
            part["row"].to_numpy(dtype="int64"),
        )
        for file, part in cells.groupby("file", sort=False)
    ]
