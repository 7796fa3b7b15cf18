"""The rows behind the counts: whom a finding is about. For the program's own audience only.

Findings say how many; here is who, when and why. Nothing of it goes into a shared report.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from casekit.caseload import FAR, Caseload, days
from casekit.findings import Evaluation
from casekit.kinds.asked import students_of

COLUMNS = ("who", "name", "first", "last", "observed", "limit", "unit", "reason")


@dataclass(frozen=True)
class Whom:
    """Which part of a program is looked at; empty means all of it."""

    site: str = ""
    manager: str = ""
    designation: str = ""

    @property
    def everybody(self) -> bool:
        return self == EVERYBODY


EVERYBODY = Whom()


def offered(evaluation: Evaluation, program: str) -> dict[str, list[str]]:
    """What there is to choose from in a program, by the field of Whom."""
    people = _people(evaluation.caseload, program, evaluation.as_of)
    staff = evaluation.caseload.tables["staff"]
    sites = [people["site"], staff.loc[staff["program_id"] == program, "site_id"]]
    found = {
        "site": pd.concat(sites),
        "manager": people["manager"].explode(),
        "designation": people["designation"],
    }
    return {
        name: sorted({str(v) for v in values.dropna()} - {""}) for name, values in found.items()
    }


def narrowed(evaluation: Evaluation, program: str, whom: Whom) -> Evaluation:
    """The evaluation with the verdicts about some students and case managers alone.

    A student belongs to the site and designation of their latest enrolment begun by as_of, and to
    the case managers of that day. Verdicts about the program as a whole stay: they have no part.
    """
    if whom.everybody:
        return evaluation
    rows = evaluation.verdicts
    people = _people(evaluation.caseload, program, evaluation.as_of)
    chosen = np.ones(len(people), dtype=bool)
    for name in ("site", "designation"):
        if wanted := getattr(whom, name):
            chosen &= (people[name].astype("object") == wanted).to_numpy()
    if whom.manager:
        chosen &= np.array([whom.manager in held for held in people["manager"]], dtype=bool)
    student = pd.Series(students_of(evaluation.caseload, rows), index=rows.index)
    kept = (rows["subject_type"] == "program") | student.isin(people.index[chosen])
    kept |= (rows["subject_type"] == "staff") & rows["subject_id"].isin(
        _staff(evaluation.caseload, program, whom)
    )
    results = replace(evaluation.results, frame=rows[kept].reset_index(drop=True))
    return replace(evaluation, results=results)


def behind(evaluation: Evaluation, standard: str, requirement: str, status: str) -> pd.DataFrame:
    """The verdicts behind a count, worst first: COLUMNS, indexed as in `evaluation.verdicts`."""
    rows = evaluation.verdicts
    rows = rows[(rows["standard_id"] == standard) & (rows["requirement_id"] == requirement)]
    rows = rows[rows["status"].astype(str) == status]
    rows = rows.sort_values(["days_over", "period_start"], ascending=[False, True], kind="stable")
    names = _names(evaluation.caseload)
    student = students_of(evaluation.caseload, rows)
    kinds, subjects = rows["subject_type"].astype(str), rows["subject_id"].astype(str)
    named = [
        names.get(("staff", subject) if kind == "staff" else ("student", whose), "")
        for kind, subject, whose in zip(kinds, subjects, student, strict=True)
    ]
    return pd.DataFrame(
        {
            "who": subjects,
            "name": named,
            "first": rows["period_start"],
            "last": rows["period_end"],
            **{name: rows[name] for name in COLUMNS[4:]},
        },
        index=rows.index,
    )


def _people(caseload: Caseload, program: str, as_of: np.datetime64) -> pd.DataFrame:
    """Each student of a program: site, designation, and the set of their case managers."""

    def make() -> pd.DataFrame:
        rows = caseload.tables["students"]
        rows = rows[rows["program_id"] == program]
        begun = rows[days(rows["enrollment_start"]) <= as_of]
        last = begun.sort_values("enrollment_start", kind="stable").drop_duplicates(
            "student_id", keep="last"
        )
        last = last.set_index(last["student_id"].astype(str))
        held = caseload.tables["assignments"]
        on = (days(held["start_date"]) <= as_of) & (days(held["end_date"], FAR) >= as_of)
        managers: dict[str, set[str]] = {}
        pairs = held.loc[on, ["student_id", "staff_id"]].astype(str).to_numpy()
        mine = _of_program(caseload, program)
        for student, staff in pairs:
            if staff in mine:
                managers.setdefault(student, set()).add(staff)
        return pd.DataFrame(
            {
                "site": last["site_id"],
                "designation": last["designation"],
                "manager": [frozenset(managers.get(student, ())) for student in last.index],
            },
            index=last.index,
        )

    return caseload.once(("cases", program, str(as_of)), make)


def _of_program(caseload: Caseload, program: str) -> set[str]:
    staff = caseload.tables["staff"]
    return set(staff.loc[staff["program_id"] == program, "staff_id"].astype(str))


def _staff(caseload: Caseload, program: str, whom: Whom) -> set[str]:
    """The staff of a program that belong to what is looked at; a designation names none."""
    staff = caseload.tables["staff"]
    mine = staff[staff["program_id"] == program]
    if whom.designation:
        return set()
    if whom.site:
        mine = mine[mine["site_id"].astype("object") == whom.site]
    if whom.manager:
        mine = mine[mine["staff_id"].astype(str) == whom.manager]
    return set(mine["staff_id"].astype(str))


def _names(caseload: Caseload) -> dict[tuple[str, str], str]:
    """The names of students and staff, by what they are and their id."""

    def make() -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for kind, table in (("student", "students"), ("staff", "staff")):
            rows = caseload.tables[table][[f"{kind}_id", f"{kind}_name"]].dropna()
            found |= {(kind, str(who)): str(name) for who, name in rows.to_numpy()}
        return found

    return caseload.once("names", make)


def student_names(caseload: Caseload) -> dict[str, str]:
    """The name of each student by id, where there is one."""
    return {who: name for (kind, who), name in _names(caseload).items() if kind == "student"}


def staff_names(caseload: Caseload) -> dict[str, str]:
    """The name of each staff member by id, where there is one."""
    return {who: name for (kind, who), name in _names(caseload).items() if kind == "staff"}
