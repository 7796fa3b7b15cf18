"""OneRoster 1.1 and 1.2: a zip of CSV files, or the folder of them.

Schools become programs, their students and staff the rows of each; academic sessions become the
calendar `oneroster`, which all programs share, as a session belongs to no school. An enrolment's
`endDate` in 1.2 is the first day that no longer counts: the day before it is the last one included.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from casekit.readers.raw import RawTable
from casekit.readers.roster import contract_tables, memberships
from casekit.readers.roster_csv import (
    Roster,
    check_found,
    last_day_included,
    layout,
    open_roster,
    split_list,
    without_deleted,
)

CALENDAR = "oneroster"

LAYOUT = layout(
    manifest="propertyName|value",
    orgs="sourcedId*|status|name|type|parentSourcedId",
    users="sourcedId*|status|role|orgSourcedIds|givenName|familyName|grades",
    roles="sourcedId|status|userSourcedId*|role*|beginDate|endDate|orgSourcedId*",
    enrollments="sourcedId|status|classSourcedId|schoolSourcedId|userSourcedId*|role|beginDate"
    "|endDate",
    classes="sourcedId*|status|title|schoolSourcedId|termSourcedIds",
    academicSessions="sourcedId*|status|title|type*|startDate*|endDate*|schoolYear",
    demographics="sourcedId*|status|birthDate",
)


def tables(source: Path, *, dates: str | None = None) -> list[RawTable]:
    """The tables of a OneRoster export; `dates` settles what 1/05/2023 means.

    Staff get no fte and no case_management_share: OneRoster knows neither.
    Raises ReadError where orgs, users, or both enrollments and roles are missing.
    """
    roster = open_roster(source, LAYOUT, dates)
    check_found(roster, ("orgs", "users"), source, "OneRoster")
    if "roles" not in roster.names:
        check_found(roster, ("enrollments",), source, "OneRoster")
    exclusive = version(roster) == "1.2"
    without_deleted(roster)
    files = roster.files
    if "roles" not in roster.names:
        roster.names["roles"] = roster.names["users"]
        files["roles"] = _roles_of_users(files["users"])
    if exclusive:
        ends = last_day_included(files["enrollments"]["endDate"], dates)
        files["enrollments"] = files["enrollments"].assign(endDate=ends)
    files["academicSessions"] = files["academicSessions"].assign(calendar_id=CALENDAR)
    members = memberships(roster)
    return contract_tables(roster, members, schools(files["orgs"], members), dates)


def version(roster: Roster) -> str:
    """1.1 or 1.2, as the manifest says; where it does not, 1.2 if there is a file of roles."""
    manifest = roster.files["manifest"]
    of_name = manifest["propertyName"].astype("string").str.casefold() == "oneroster.version"
    said = "".join(manifest.loc[of_name, "value"].dropna().astype(str))
    stated = re.search(r"1\.[12]", said)
    if stated:
        return stated.group()
    by_files = "1.2" if "roles" in roster.names else "1.1"
    what = f"oneroster.version is not 1.1 or 1.2; the files are those of {by_files}"
    if "manifest" in roster.names:
        roster.note("manifest", what, "state oneroster.version in manifest.csv", value=said)
    return by_files


def schools(orgs: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """The organisations of type school; where there is none, those that people belong to."""
    are_schools = orgs["type"].astype("string").str.strip().str.casefold() == "school"
    if not are_schools.any():
        are_schools = orgs["sourcedId"].isin(members["org"])
    return orgs[are_schools].assign(calendar_id=CALENDAR)


def _roles_of_users(users: pd.DataFrame) -> pd.DataFrame:
    """1.1 keeps a person's one role and organisations in users: as 1.2's roles, without dates."""
    orgs = split_list(users["orgSourcedIds"])
    without = users.index.difference(orgs.index)
    orgs = pd.concat([orgs, pd.Series(None, index=without, dtype=object)])
    people = users.loc[orgs.index]
    return pd.DataFrame(
        {
            "userSourcedId": people["sourcedId"],
            "role": people["role"],
            "orgSourcedId": orgs,
            "beginDate": None,
            "endDate": None,
        },
        dtype=object,
    )
