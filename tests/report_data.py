"""A small caseload on disk for the tests of reports: three programs, one named as an attack."""

from __future__ import annotations

import os
from pathlib import Path

from casekit.reports.batch import Job

ATTACK = "<script>alert(1)</script>"
NAME = "Ottoline Quill"  # a student; no report but the program's own may hold this

STUDENTS = 12
WEEKS = ("2026-01-06", "2026-01-13", "2026-01-20", "2026-01-27")

PROGRAMS = f"""\
program_id,program_name,standard_ids,calendar_id
../north,{ATTACK},wa_open_doors,c1
south,South,sa_flo,c1
empty,,wa_open_doors,c1
"""

# Half a worker for 12 students is 24 to one; the open term has four whole weeks.
CALENDAR = """\
calendar_id,kind,name,start_date,end_date
c1,school_year,2026,2026-01-05,2026-06-19
c1,term,Term 1,2026-01-05,2026-04-10
c1,closure,Midwinter,2026-01-20,2026-01-23
"""

STAFF = """\
staff_id,program_id,staff_name,fte,case_management_share,start_date
w-7,../north,Edna Voss,0.5,1,2026-01-05
w-8,south,Abel Frost,,1,2026-01-05
"""

ATTESTATIONS = """\
program_id,requirement_id,answer,evidence,assessed_on
south,FL-05,yes,=1+1 <b>binder</b>,2026-01-08
"""


def write_data(folder: Path) -> Path:
    """The tables as CSV; one contact is of a student who is not there, and is set aside."""
    students = ["student_id,program_id,enrollment_start,student_name"]
    assignments = ["student_id,staff_id,start_date"]
    contacts = ["student_id,occurred_at,mode", "stranger,2026-01-06,phone"]
    for program, staff in (("../north", "w-7"), ("south", "w-8")):
        for number in range(STUDENTS):
            student = f"{staff}-stu-{number}"
            students.append(f"{student},{program},2026-01-05,{NAME} {number}")
            assignments.append(f"{student},{staff},2026-01-05")
            # The first student of each program is never contacted.
            contacts += [f"{student},{day},in_person" for day in WEEKS if number]
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "programs": PROGRAMS,
        "calendar": CALENDAR,
        "staff": STAFF,
        "attestations": ATTESTATIONS,
        "students": "\n".join(students) + "\n",
        "assignments": "\n".join(assignments) + "\n",
        "contacts": "\n".join(contacts) + "\n",
    }
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def die_of_south(job: Job) -> str:
    """In place of `write_report`: the worker that gets the program south ends at once."""
    if job.program == "south":
        os._exit(1)
    return ""
