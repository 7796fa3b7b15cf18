"""Schools, people, roles and enrolments of a roster -> tables of the contract.

OneRoster 1.1, School Data Sync 2.1 and its older format all come here in the shape and with the
column names of OneRoster 1.2. A roster knows no case manager, case-management share, fte, IEP or
contact: those columns are not given, and come from an overlay.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casekit.readers.raw import RawTable, ReadError
from casekit.readers.roster_csv import Roster, days_of, full_name, spans, split_list

# Who is neither a student nor employed.
FAMILY = frozenset({"guardian", "parent", "relative"})

SESSION_KINDS = {
    "schoolyear": "school_year",
    "term": "term",
    "semester": "term",
    "gradingperiod": "grading_period",
}

# The roster's file in which the rows of each table of the contract stand.
ORIGINS = {
    "programs": "orgs",
    "students": "users",
    "staff": "users",
    "calendar": "academicSessions",
}


def contract_tables(
    roster: Roster,
    memberships: pd.DataFrame,
    orgs: pd.DataFrame,
    dates: str | None,
    origins: Mapping[str, str] = ORIGINS,
) -> list[RawTable]:
    """programs, students, staff and calendar of a roster; its notes travel with `programs`.

    `orgs` are the organisations that are programs, with their calendar_id; `memberships` is what
    `memberships` of this module gives. `dates` is "dmy" or "mdy" where the user has said so.
    Raises ReadError where there is no program.
    """
    if orgs.empty:
        raise ReadError(
            f"{roster.names['orgs']} holds no school that people belong to; a program is an"
            " organisation of type school, or one that users, roles or enrolments name"
        )
    inside = _at_programs(roster, memberships, orgs)
    cells = {
        "programs": _programs(roster, orgs),
        "students": _students(roster, inside, dates),
        "staff": _staff(roster, inside, dates),
        "calendar": _calendar(roster),
    }
    found = [
        roster.table(name, origins[name], frame)
        for name, frame in cells.items()
        if len(frame) or name in ("programs", "students")
    ]
    found[0].problems.extend(roster.notes)
    return found


def memberships(roster: Roster) -> pd.DataFrame:
    """Who belongs to which organisation as what, and when: user, org, role, begin, end, source.

    One row per role ("role"), per enrolment in a class ("enrollment"), and per session of an
    enrolled class ("term"). Rows about a person who is not in the users' file are set aside.
    """
    roles, enrollments = _of_users(roster, "roles"), _of_users(roster, "enrollments")
    classes = roster.files["classes"].drop_duplicates("sourcedId").set_index("sourcedId")
    school = enrollments["schoolSourcedId"].fillna(
        enrollments["classSourcedId"].map(classes["schoolSourcedId"])
    )
    enrollments = enrollments.assign(orgSourcedId=school)
    nowhere = ~enrollments["classSourcedId"].isin(classes.index)
    if nowhere.any():
        what = f"{int(nowhere.sum())} enrolments name a class that is not in the file of classes"
        fix = "add the classes, or the days of an enrolment cannot be taken from their terms"
        roster.note("enrollments", what, fix, column="classSourcedId")
    sessions = roster.files["academicSessions"].drop_duplicates("sourcedId")
    terms = (
        split_list(classes["termSourcedIds"])
        .rename("term")
        .reset_index()
        .merge(sessions, left_on="term", right_on="sourcedId", suffixes=("_class", ""))
    )[["sourcedId_class", "startDate", "endDate"]]
    terms = enrollments.drop(columns=["beginDate", "endDate"]).merge(
        terms.rename(columns={"startDate": "beginDate"}),
        left_on="classSourcedId",
        right_on="sourcedId_class",
    )
    parts = {"role": roles, "enrollment": enrollments, "term": terms}
    every = pd.concat([_stretches(part).assign(source=source) for source, part in parts.items()])
    return every.reset_index(drop=True)


def _stretches(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "user": rows["userSourcedId"],
            "org": rows["orgSourcedId"],
            "role": rows["role"].fillna("").astype(str).str.strip().str.casefold(),
            "begin": rows["beginDate"],
            "end": rows["endDate"],
        },
        dtype=object,
    )


def _of_users(roster: Roster, name: str) -> pd.DataFrame:
    rows = roster.files[name]
    person = rows["userSourcedId"]
    known = person.notna() & person.isin(roster.files["users"]["sourcedId"])
    what = f"this person is not in {roster.names['users']}, or is marked there to be deleted"
    fix = f"add the person there, or take the row out of {roster.names.get(name, '')}"
    for row, value in person[~known].items():
        place = {"row": int(str(row)), "column": "userSourcedId", "value": value}
        roster.note(name, what, fix, **place, set_aside=True)
    return rows[known]


def _at_programs(roster: Roster, members: pd.DataFrame, orgs: pd.DataFrame) -> pd.DataFrame:
    """Memberships of programs, and of organisations that nothing is known of (to be reported).

    A department's people belong to the program above it. People of nothing but a district or the
    like are left out, with a note of how many.
    """
    nearest = _nearest_programs(roster.files["orgs"], set(orgs["sourcedId"]))
    members = members.assign(org=members["org"].map(lambda org: nearest.get(org, org)))
    inside = members[members["org"].notna()]
    ours = members[~members["role"].isin(FAMILY)]
    lost = ours.loc[~ours["user"].isin(inside["user"]), "user"].nunique()
    if lost:
        what = f"{lost} people belong to no school that became a program, and are left out"
        roster.note("users", what, "nothing, if they are not the programs' own")
    return inside


def _nearest_programs(orgs: pd.DataFrame, programs: set[str]) -> dict[str, str | None]:
    """For each organisation the program that it is, or lies in; None where it is in none."""
    above = dict(zip(orgs["sourcedId"], orgs["parentSourcedId"], strict=True))
    nearest: dict[str, str | None] = {}
    for org in above:
        place, passed = org, set()
        while place in above and place not in programs and place not in passed:
            passed.add(place)
            place = above[place]
        nearest[org] = place if place in programs else None
    return nearest


def _programs(roster: Roster, orgs: pd.DataFrame) -> pd.DataFrame:
    every = roster.files["orgs"].drop_duplicates("sourcedId").set_index("sourcedId")["name"]
    return pd.DataFrame(
        {
            "program_id": orgs["sourcedId"],
            "program_name": orgs["name"],
            "calendar_id": orgs["calendar_id"],
            "organization": orgs["parentSourcedId"].map(every),
        }
    )


def _students(roster: Roster, members: pd.DataFrame, dates: str | None) -> pd.DataFrame:
    """A row per student and school, dated by the enrolments, else the role, else the terms."""
    mine = members[members["role"] == "student"]
    rows = _people(roster, mine)
    known = _first_known([mine[mine["source"] == s] for s in ("enrollment", "role", "term")], dates)
    known = known.reindex(pd.MultiIndex.from_frame(rows[["sourcedId", "org"]]))
    births = roster.files["demographics"].drop_duplicates("sourcedId").set_index("sourcedId")
    return pd.DataFrame(
        {
            "student_id": rows["sourcedId"],
            "program_id": rows["org"],
            "enrollment_start": known["begin"].to_numpy(),
            "enrollment_end": known["end"].to_numpy(),
            "student_name": full_name(rows["givenName"], rows["familyName"]),
            "birth_date": rows["sourcedId"].map(births["birthDate"]),
            "grade_level": rows["grades"],
            "school_id": rows["org"],
        }
    )


def _people(roster: Roster, members: pd.DataFrame) -> pd.DataFrame:
    """The users' rows, once per organisation; the index is the row in the users' file."""
    users = roster.files["users"]
    pairs = members[["user", "org"]].drop_duplicates()
    numbered = users.assign(row=users.index)
    return numbered.merge(pairs, left_on="sourcedId", right_on="user").set_index("row")


def _first_known(sources: list[pd.DataFrame], dates: str | None) -> pd.DataFrame:
    """begin and end by user and org, each from the first source that tells of it.

    An end is asked of the next source only where the one before knew neither day: a begin without
    an end is an enrolment that is still open.
    """
    found = spans(sources[0], dates)
    for source in sources[1:]:
        more = spans(source, dates)
        every = found.index.union(more.index)
        found, more = found.reindex(every), more.reindex(every)
        dated = found["begin"].notna() | found["end"].notna()
        found["end"] = found["end"].where(dated, more["end"])
        found["begin"] = found["begin"].where(found["begin"].notna(), more["begin"])
    return found


def _staff(roster: Roster, members: pd.DataFrame, dates: str | None) -> pd.DataFrame:
    """A row per person employed at a school.

    It starts with the earliest role or class, else with the latest school year (with a note). It
    ends with the roles, not with a class.
    """
    mine = members[~members["role"].isin(FAMILY | {"student", ""})]
    rows = _people(roster, mine)
    pairs = pd.MultiIndex.from_frame(rows[["sourcedId", "org"]])
    roles = spans(mine[mine["source"] == "role"], dates).reindex(pairs)
    begun = spans(mine[mine["source"] != "term"].assign(end=None), dates).reindex(pairs)["begin"]
    named = mine.groupby(["user", "org"], sort=False)["role"].agg(
        lambda roles: "; ".join(dict.fromkeys(roles))
    )
    year = _latest_school_year(roster, dates)
    if year is not None and begun.isna().any():
        what = f"{int(begun.isna().sum())} staff rows have no start, and are taken to start with"
        what += f" the latest school year, {year}"
        fix = "give the staff table in the overlay, with start_date"
        roster.note("users", what, fix, table="staff")
        begun = begun.fillna(year)
    return pd.DataFrame(
        {
            "staff_id": rows["sourcedId"],
            "program_id": rows["org"],
            "staff_name": full_name(rows["givenName"], rows["familyName"]),
            "role": named.reindex(pairs).to_numpy(),
            "start_date": begun.to_numpy(),
            "end_date": roles["end"].to_numpy(),
        }
    )


def _latest_school_year(roster: Roster, dates: str | None) -> str | None:
    sessions = roster.files["academicSessions"]
    starts = days_of(sessions.loc[_kinds(sessions) == "school_year", "startDate"], dates)
    return None if starts.isna().all() else f"{starts.max():%Y-%m-%d}"


def _kinds(sessions: pd.DataFrame) -> pd.Series:
    return sessions["type"].fillna("").astype(str).str.strip().str.casefold().map(SESSION_KINDS)


def _calendar(roster: Roster) -> pd.DataFrame:
    sessions = roster.files["academicSessions"]
    kinds = _kinds(sessions)
    for row, other in sessions.loc[kinds.isna(), "type"].items():
        what = "this type of session is not known, and the session is left out"
        fix = "allowed are schoolYear, term, semester and gradingPeriod"
        place = {"row": int(str(row)), "column": "type", "value": other}
        roster.note("academicSessions", what, fix, **place, set_aside=True)
    rows = sessions[kinds.notna()]
    return pd.DataFrame(
        {
            "calendar_id": rows["calendar_id"],
            "kind": kinds[kinds.notna()],
            "name": rows["title"],
            "start_date": rows["startDate"],
            "end_date": rows["endDate"],
        }
    )
