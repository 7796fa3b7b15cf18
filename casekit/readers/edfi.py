"""Ed-Fi XML: a folder, or a zip, of interchange files, of any Ed-Fi version.

A StudentSpecialEducationProgramAssociation is a row of students: it ends on the earlier of EndDate
and SpecialEducationExitDate, and its IEPReviewDate, the day of the last review, is an iep_meeting.
A row's number is the element's place among its kind in its file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from casekit.readers.edfi_calendar import WHERE, Found, Notes, calendars
from casekit.readers.edfi_xml import (
    ASSIGNMENT,
    ATTENDANCE,
    EMPLOYMENT,
    SPECIAL_EDUCATION,
    descriptor,
    raw,
    read_elements,
)
from casekit.readers.raw import RawTable, ReadError, problem
from casekit.readers.roster_csv import days_of, full_name

ISO = re.compile(r"\d{4}-\d\d-\d\d")


def tables(source: Path, *, dates: str | None = None) -> list[RawTable]:
    """The tables of an Ed-Fi export. Its dates are ISO by schema: `dates` is for strays.

    Staff get their fte and no case_management_share: Ed-Fi does not know it.
    Raises ReadError where a file cannot be read safely, or nobody is in special education.
    """
    found = read_elements(source)
    rows = found[SPECIAL_EDUCATION]
    if rows.empty:
        there = ", ".join(kind for kind, some in found.items() if len(some)) or "none that is known"
        raise ReadError(
            f"{source} has no {SPECIAL_EDUCATION}, the element that becomes a student"
            f" (elements found: {there}); add the StudentProgram interchange"
        )
    slug = rows["program"].fillna("").str.lower().str.replace(r"[^a-z0-9]+", "-", regex=True)
    rows = rows.assign(program_id=rows["organization"].str.cat(slug.str.strip("-"), sep="-"))
    programs = _programs(rows, found)
    calendar, notes = calendars(list(dict.fromkeys(programs["calendar_id"].dropna())), found)
    staff, said = _staff(programs, found)
    notes += said + _row_notes(rows) + _weekend_notes(found[ATTENDANCE])
    result = [
        *raw("programs", programs),
        *raw("students", _students(rows, found)),
        *raw("staff", staff),
        *raw("leave", _leave(found["StaffLeave"], staff)),
        *raw("events", _meetings(rows)),
        *raw("calendar", calendar),
    ]
    result[0].problems.extend(notes)
    return result


def _programs(rows: pd.DataFrame, found: Found) -> pd.DataFrame:
    """One program per organisation and program name; its calendar is the organisation's."""
    first = rows.drop_duplicates("program_id")
    named = pd.concat([found["LocalEducationAgency"], found["School"]]).drop_duplicates("id")
    name = first["organization"].map(named.set_index("id")["name"])
    shown = first["program"].fillna("") + " (" + name.fillna(first["organization"]).fillna("") + ")"
    return pd.DataFrame(
        {
            "program_id": first["program_id"],
            "program_name": shown,
            "calendar_id": first["organization"],
            "organization": name,
            **first[WHERE],
        }
    )


def _students(rows: pd.DataFrame, found: Found) -> pd.DataFrame:
    people = found["Student"].drop_duplicates("student").set_index("student")
    names = full_name(people["first"], people["last"])
    # A student whom two schools have marked is at neither for certain.
    schools = found[ATTENDANCE].dropna(subset=["student", "school"])
    schools = schools.drop_duplicates(["student", "school"]).drop_duplicates("student", keep=False)
    return pd.DataFrame(
        {
            "student_id": rows["student"],
            "program_id": rows["program_id"],
            "enrollment_start": rows["begin"],
            "enrollment_end": [
                _earliest(pair) for pair in zip(rows["end"], rows["exit"], strict=True)
            ],
            "student_name": rows["student"].map(names),
            "birth_date": rows["student"].map(people["born"]),
            "school_id": rows["student"].map(schools.set_index("student")["school"]),
            **rows[WHERE],
        }
    )


def _earliest(texts: Iterable[str | None]) -> str | None:
    """The earliest ISO day; a text that is none comes first, so that it is reported."""
    known = [text for text in texts if text]
    return min(known, key=lambda text: (ISO.fullmatch(text) is not None, text), default=None)


def _meetings(rows: pd.DataFrame) -> pd.DataFrame:
    met = rows[rows["reviewed"].notna()]
    return pd.DataFrame(
        {
            "event_type": "iep_meeting",
            "occurred_at": met["reviewed"],
            "student_id": met["student"],
            "program_id": met["program_id"],
            **met[WHERE],
        }
    )


def _staff(programs: pd.DataFrame, found: Found) -> tuple[pd.DataFrame, Notes]:
    """A row per employment and program of the employer, or of the district it belongs to.

    The role is that of the assignments; who is only assigned is taken from the assignment.
    """
    assigned = found[ASSIGNMENT]
    assigned = assigned.assign(role=descriptor(assigned["role"]))
    employed = found[EMPLOYMENT]
    here = _per(assigned, ["staff", "organization"]).reindex(
        pd.MultiIndex.from_frame(employed[["staff", "organization"]])
    )
    anywhere = _per(assigned, ["staff"]).reindex(employed["staff"])
    employed = employed.assign(
        role=here["role"].fillna(anywhere["role"].set_axis(here.index)).to_numpy(),
        begin=employed["begin"].fillna(pd.Series(here["begin"].to_numpy(), employed.index)),
    )
    every = pd.concat([employed, assigned[~assigned["staff"].isin(employed["staff"])]])
    people = found["Staff"].drop_duplicates("staff").set_index("staff")
    rows = every.merge(_reach(programs, found["School"]), on="organization")
    staff = pd.DataFrame(
        {
            "staff_id": rows["staff"],
            "program_id": rows["program_id"],
            "staff_name": rows["staff"].map(full_name(people["first"], people["last"])),
            "role": rows["role"],
            "fte": rows["fte"],
            "start_date": rows["begin"],
            "end_date": rows["end"],
            **rows[WHERE],
        }
    )
    lost = every[~every["staff"].isin(rows["staff"])]
    if lost.empty:
        return staff, []
    what = f"{lost['staff'].nunique()} staff are employed where no program is, and are left out"
    return staff, [_note("staff", lost.iloc[0], "", "", what, "nothing, if that is so")]


def _per(assigned: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Every role, and the first begin, of the assignments of each person (at each place)."""
    return assigned.groupby(keys, sort=False).agg(
        role=("role", lambda roles: "; ".join(dict.fromkeys(roles.dropna())) or None),
        begin=("begin", _earliest),
    )


def _reach(programs: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Which organisations' staff belong to each program: its own, and a district's schools."""
    own = programs[["calendar_id", "program_id"]].rename(columns={"calendar_id": "organization"})
    inside = schools[["id", "parent"]].merge(own, left_on="parent", right_on="organization")
    inside = inside[["id", "program_id"]].rename(columns={"id": "organization"})
    return pd.concat([own, inside]).drop_duplicates()


def _leave(rows: pd.DataFrame, staff: pd.DataFrame) -> pd.DataFrame:
    mine = rows[rows["staff"].isna() | rows["staff"].isin(staff["staff_id"])]
    return pd.DataFrame(
        {
            "staff_id": mine["staff"],
            "start_date": mine["begin"],
            "end_date": mine["end"],
            "reason": mine["reason"].fillna(descriptor(mine["category"])),
            **mine[WHERE],
        }
    )


def _row_notes(rows: pd.DataFrame) -> Notes:
    """What the special-education rows say that does not go together."""
    notes = []
    left = rows[rows["exit"].notna() & rows["end"].isna()]
    if len(left):
        what = f"{len(left)} rows have a SpecialEducationExitDate and no EndDate"
        fix = "nothing: the exit date ends the enrolment"
        notes.append(
            _note(
                "students",
                left.iloc[0],
                "SpecialEducationExitDate",
                left["exit"].iloc[0],
                what,
                fix,
            )
        )
    hours, school = (pd.to_numeric(rows[c], errors="coerce") for c in ("hours", "school_hours"))
    more = rows[hours > school]
    if len(more):
        both = int((hours.notna() & school.notna()).sum())
        what = f"special-education hours exceed school hours in {len(more)} of {both} rows"
        fix = "correct the hours where they were entered; they are not used here"
        notes.append(
            _note(
                "students",
                more.iloc[0],
                "SpecialEducationHoursPerWeek",
                more["hours"].iloc[0],
                what,
                fix,
            )
        )
    return notes


def _weekend_notes(events: pd.DataFrame) -> Notes:
    late = events[days_of(events["day"], None).dt.day_of_week > 4]
    if late.empty:
        return []
    what = f"{len(late)} attendance events fall on a weekend"
    fix = "correct the dates where they were entered; attendance is not used here"
    return [_note("students", late.iloc[0], "EventDate", late["day"].iloc[0], what, fix)]


def _note(
    table: str, where: pd.Series, column: str, value: str, what: str, fix: str
) -> dict[str, object]:
    return problem(table, where["file"], where["row"], column, value, what, fix, set_aside=False)
