"""Ed-Fi sessions, grading periods and holidays -> the calendar of every school and district.

A school's calendar carries the school's id. A district has the calendar that its schools share; if
they differ, it has none, and a note says so.
"""

from __future__ import annotations

import pandas as pd

from casekit.readers.edfi_xml import descriptor
from casekit.readers.raw import problem

Found = dict[str, pd.DataFrame]
Notes = list[dict[str, object]]

WHERE = ["file", "row"]
STRETCH = ["kind", "start_date", "end_date"]
HOLIDAY, TEACHING = "Holiday", "Instructional day"


def calendars(organizations: list[str], found: Found) -> tuple[pd.DataFrame, Notes]:
    """Rows of the calendar table, with `file` and `row`, and what is worth knowing of them.

    `organizations` are those that run a program: schools, or districts.
    """
    closures, notes = _closures(found["CalendarDate"])
    years = _school_years(found["Session"])
    terms = _stretches(found["Session"], "term")
    periods = _stretches(found["GradingPeriod"], "grading_period")
    schools = pd.concat([years, terms, periods, closures])
    notes += _day_counts(found)
    every = [schools]
    parents = found["School"].set_index("id")["parent"]
    for organization in organizations:
        if organization in parents.index:
            continue
        inside = schools[schools["calendar_id"].isin(parents.index[parents == organization])]
        shared, said = _shared(organization, inside)
        every.append(shared)
        notes += said
    return pd.concat(every), notes


def _stretches(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    name = rows["name"]
    if "descriptor" in rows:
        name = name.fillna(descriptor(rows["descriptor"]))
    return pd.DataFrame(
        {
            "calendar_id": rows["school"],
            "kind": kind,
            "name": name,
            "start_date": rows["begin"],
            "end_date": rows["end"],
            **rows[WHERE],
        }
    )


def _school_years(sessions: pd.DataFrame) -> pd.DataFrame:
    """From the first to the last session of each school's school year."""
    whole = sessions.dropna(subset=["school", "year", "begin", "end"])
    keys = [whole["school"], whole["year"]]
    years = whole.assign(
        name=whole["year"],
        begin=whole["begin"].groupby(keys).transform("min"),
        end=whole["end"].groupby(keys).transform("max"),
    )
    return _stretches(years.drop_duplicates(["school", "year"]), "school_year")


def _closures(dates: pd.DataFrame) -> tuple[pd.DataFrame, Notes]:
    """Holidays; a note counts the days that are neither a holiday nor a day of instruction."""
    events = dates["events"].str.split(";").explode()
    events = descriptor(events.dropna())
    holidays = dates.loc[dates.index.isin(events.index[events == HOLIDAY])]
    rows = _stretches(
        holidays.assign(name=HOLIDAY, begin=holidays["day"], end=holidays["day"]), "closure"
    )
    others = events[~events.isin([HOLIDAY, TEACHING])]
    notes = []
    if len(others):
        first = dates.loc[others.index[0]]
        what = f"{len(others)} calendar days are neither a holiday nor a day of instruction"
        fix = "where students did not attend, add a closure in the overlay's calendar table"
        notes.append(_note(first, "events", "; ".join(sorted(set(others))), what, fix))
    return rows, notes


def _day_counts(found: Found) -> Notes:
    """Sessions whose count of instructional days is not that of their grading periods."""
    periods = found["GradingPeriod"]
    counts = pd.to_numeric(periods["days"], errors="coerce")
    notes = []
    for _, session in found["Session"].iterrows():
        inside = (periods["school"] == session["school"]) & periods["begin"].ge(session["begin"])
        inside &= periods["end"].le(session["end"])
        days = counts[inside].sum()
        if session["days"] is not None and inside.any() and f"{days:.0f}" != session["days"]:
            what = (
                f"{session['name']} at school {session['school']} says {session['days']}"
                f" instructional days, and its grading periods add up to {days:.0f}"
            )
            fix = "nothing here: open days are counted from the terms and the closures"
            notes.append(_note(session, "TotalInstructionalDays", session["days"], what, fix))
    return notes


def _shared(district: str, schools: pd.DataFrame) -> tuple[pd.DataFrame, Notes]:
    """The calendar that every school of a district has; a closure counts if all have it."""
    planned = schools[schools["kind"] != "closure"]
    of_school = {
        school: frozenset(rows[STRETCH].itertuples(index=False, name=None))
        for school, rows in planned.groupby("calendar_id")
    }
    if len(set(of_school.values())) != 1:
        what = f"the schools of {district} have no sessions, so it has no calendar"
        if of_school:
            what = f"the schools of {district} have different sessions, so it has no calendar"
        fix = f"give the rows of calendar {district} in the overlay's calendar table"
        where = {"file": "", "row": None}
        return schools.iloc[:0], [_note(where, "calendar_id", district, what, fix)]
    stretches = schools[schools["calendar_id"].isin(list(of_school))]
    stretches = stretches.drop_duplicates(["calendar_id", *STRETCH])
    counted = stretches.groupby(STRETCH)["calendar_id"].transform("nunique")
    everywhere = stretches[counted == len(of_school)].drop_duplicates(STRETCH)
    notes = []
    if (counted < len(of_school)).any():
        first = stretches[counted < len(of_school)].iloc[0]
        what = f"{int((counted < len(of_school)).sum())} closures are not those of every school"
        fix = f"add those that hold for the whole program to calendar {district} in the overlay"
        notes.append(_note(first, "start_date", first["start_date"], what, fix))
    return everywhere.assign(calendar_id=district), notes


def _note(where, column: str, value: str, what: str, fix: str) -> dict[str, object]:
    return problem(
        "calendar", where["file"], where["row"], column, value, what, fix, set_aside=False
    )
