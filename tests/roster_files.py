"""Small rosters for the tests of imports: files as text, in a folder or a zip."""

from __future__ import annotations

import zipfile
from pathlib import Path

MANIFEST = "propertyName,value\nmanifest.version,1.0\noneroster.version,{}\n"

# One school of one district; sam is a student there, tia teaches there.
SHARED = {
    "orgs": "sourcedId,status,name,type,parentSourcedId\nd1,,River District,district,\n"
    "s1,,North School,school,d1\n",
    "academicSessions": "sourcedId,status,title,type,startDate,endDate,parentSourcedId,schoolYear\n"
    "y,,Year,schoolYear,2024-09-02,2025-06-13,,2025\n"
    "t1,,Autumn,term,2024-09-02,2024-12-20,y,2025\n"
    "t2,,Spring,semester,2025-01-06,2025-06-13,y,2025\n"
    "g1,,First quarter,gradingPeriod,2024-09-02,2024-11-01,t1,2025\n",
    "classes": "sourcedId,status,title,schoolSourcedId,termSourcedIds\nc1,,Maths,s1,t1\n"
    'c2,,Music,s1,"t1,t2"\n',
    "demographics": "sourcedId,status,birthDate\nsam,,2010-05-04\n",
    "enrollments": "sourcedId,status,classSourcedId,schoolSourcedId,userSourcedId,role,beginDate,"
    "endDate\n"
    "e1,,c1,s1,sam,student,2024-09-09,2024-12-20\n"
    "e2,,c2,s1,sam,student,2024-09-16,2025-06-13\n"
    "e3,,c1,s1,tia,teacher,2024-09-02,2024-12-20\n",
}

V11 = SHARED | {
    "manifest": MANIFEST.format("1.1"),
    "users": "sourcedId,status,enabledUser,orgSourcedIds,role,username,givenName,familyName,grades,"
    "password\n"
    "sam,,true,s1,student,sam,Sam,Reed,09,hunter2\n"
    'tia,,true,"d1,s1",teacher,tia,Tia,Wood,,hunter2\n',
}

V12 = SHARED | {
    "manifest": MANIFEST.format("1.2"),
    "users": "sourcedId,status,enabledUser,username,givenName,familyName,grades,password\n"
    "sam,,true,sam,Sam,Reed,09,hunter2\n"
    "tia,,true,tia,Tia,Wood,,hunter2\n",
    "roles": "sourcedId,status,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId\n"
    "r1,,sam,primary,student,2024-09-02,,s1\n"
    "r2,,tia,primary,teacher,2020-08-01,2025-01-31,s1\n"
    "r3,,tia,secondary,counselor,2022-08-01,,s1\n",
}


def roster_zip(path: Path, files: dict[str, str]) -> Path:
    """A zip, without folders, of FILE.csv."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.csv", text)
    return path


def roster_folder(path: Path, files: dict[str, str], suffix: str = ".csv") -> Path:
    """A folder of FILE.csv (or another suffix)."""
    path.mkdir(exist_ok=True)
    for name, text in files.items():
        (path / f"{name}{suffix}").write_text(text, encoding="utf-8")
    return path
