"""Synthetic caseloads, the same for the same seed, with planted breaches and an answer key.

A clean caseload is made first, by rules under which nothing is missed. Each breach then edits it
and says which verdicts it planted: the answer key comes from that plan, not from an evaluation.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from casekit.calendars import DAY, WEEK
from casekit.evaluate import UsageError
from casekit.files import write_text
from casekit.synth.contacts import add_contacts
from casekit.synth.designations import add_designation_papers
from casekit.synth.draft import DSPC, FLO, OPEN_DOORS, SD42, STANDARDS, WYANDOTTE, Draft, KeyRow
from casekit.synth.dspc import DSPC_BREACHES
from casekit.synth.flo import FLO_BREACHES
from casekit.synth.iep import add_ieps
from casekit.synth.open_doors import OPEN_DOORS_BREACHES
from casekit.synth.papers import add_attestations, add_events, mix_answers
from casekit.synth.periods import periods_not_begun
from casekit.synth.placement import (
    add_face_sheet_contacts,
    add_placements,
    add_site_assignments,
)
from casekit.synth.programs import add_programs
from casekit.synth.sd42 import SD42_BREACHES
from casekit.synth.staff import add_assignments, add_staff
from casekit.synth.students import add_students
from casekit.synth.wyandotte import WYANDOTTE_BREACHES
from casekit.tables import TABLES

AS_OF = np.datetime64("2026-06-07")
KEY_COLUMNS = ("standard_id", *KeyRow._fields)
BREACHES = {
    OPEN_DOORS: OPEN_DOORS_BREACHES,
    FLO: FLO_BREACHES,
    DSPC: DSPC_BREACHES,
    SD42: SD42_BREACHES,
    WYANDOTTE: WYANDOTTE_BREACHES,
}
PAPERS = {FLO: add_events, SD42: add_designation_papers, WYANDOTTE: add_ieps}
# The papers of these three are a long story about each student: they have half as many.
HALF = (DSPC, SD42, WYANDOTTE)
LIMITS = {"programs": (1, 999), "students": (5, 20_000), "weeks": (8, 52)}


def make_sample(
    *,
    seed: int,
    programs: int = 12,
    students: int = 75,
    weeks: int = 40,
    breaches: bool = True,
    standards: Sequence[str] = STANDARDS,
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """The tables of a synthetic caseload, and its answer key.

    programs  of each of the standards in turn: of all five, five programs hold one of each
    students  per program, about: their number differs from program to program, and those of
              fl_dspc, bc_sd42 and ks_wyandotte have half as many
    weeks     of records, up to AS_OF
    breaches  whether to plant any; without them every computed requirement is kept (but what is
              asked of each school year or grading period cannot be told where none begins)

    Every cell is text, empty ones missing. The key has KEY_COLUMNS: every not_met and cannot_tell
    of a computed requirement, when the span is from the first day of the records to AS_OF.
    The last program of each standard stays clean where there are two or more.

    Raises UsageError where that is too little to make a caseload of, or more than the sample's
    calendars hold.
    """
    for name, number in (("programs", programs), ("students", students), ("weeks", weeks)):
        low, high = LIMITS[name]
        if not low <= number <= high:
            raise UsageError(f"{name} is {number}: a sample has {low} to {high}")
    draft = Draft(since_of(weeks), AS_OF, np.random.default_rng(seed))
    add_programs(draft, programs, standards)
    for standard in STANDARDS:
        for program in draft.held_to(standard):
            _add_program(draft, standard, program, _size(draft, standard, program, students))
    add_attestations(draft)
    key = _planted(draft) if breaches else []
    frame = pd.DataFrame(key, columns=list(KeyRow._fields))
    frame["standard_id"] = [row.requirement_id.partition(".")[0] for row in key]
    tables = {name: _filled(name, table) for name, table in draft.tables.items()}
    return tables, frame[list(KEY_COLUMNS)]


def _filled(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """The table with the columns that it needs or fills."""
    columns = [c.name for c in TABLES[name].columns if c.required or table[c.name].notna().any()]
    return table[columns]


def since_of(weeks: int) -> np.datetime64:
    """The first day of so many weeks of records, a Monday."""
    return AS_OF + DAY - weeks * WEEK


def _size(draft: Draft, standard: str, program: str, students: int) -> int:
    """How many students a program has."""
    students = max(students // 2, LIMITS["students"][0]) if standard in HALF else students
    spread = students // 8
    size = students + int(draft.rng.integers(-spread, spread + 1))
    # The last of several is smaller: there everything goes well.
    last = program in draft.held_to(standard)[1:][-1:]
    return students * 2 // 3 if last else size


def _add_program(draft: Draft, standard: str, program: str, size: int) -> None:
    """The people of one program, their contacts and papers, all as it should be."""
    if standard == DSPC:
        add_placements(draft, program, size)
        add_staff(draft, standard, program, size)
        add_site_assignments(draft, program)
        add_face_sheet_contacts(draft, program)
        return
    add_students(draft, standard, program, size)
    add_staff(draft, standard, program, size)
    add_assignments(draft, program)
    if standard in (OPEN_DOORS, FLO):
        add_contacts(draft, standard, program)
    if standard in PAPERS:
        PAPERS[standard](draft, program)


def _planted(draft: Draft) -> list[KeyRow]:
    """Every breach, in one program after another of its standard but the last."""
    key = periods_not_begun(draft)
    for standard, breaches in BREACHES.items():
        held = draft.held_to(standard)
        programs = held[:-1] or held
        if not programs:
            continue
        for index, breach in enumerate(breaches):
            key += breach(draft, programs[index % len(programs)])
        mix_answers(draft, standard, programs)
    return sorted(key)


def write_sample(
    out: Path,
    *,
    seed: int,
    programs: int = 12,
    students: int = 75,
    weeks: int = 40,
    breaches: bool = True,
) -> None:
    """Write a sample as a folder of CSV, with README.md, sample.toml and, if any, the answer key.

    The same arguments give the same bytes. See make_sample for them and for what is raised.
    """
    tables, key = make_sample(
        seed=seed, programs=programs, students=students, weeks=weeks, breaches=breaches
    )
    for name, table in tables.items():
        write_text(out / f"{name}.csv", table.to_csv(index=False, lineterminator="\n"))
    (out / "answer_key.csv").unlink(missing_ok=True)
    if breaches:
        write_text(out / "answer_key.csv", key.to_csv(index=False, lineterminator="\n"))
    since = since_of(weeks)
    write_text(out / "sample.toml", _ABOUT.format(as_of=AS_OF, since=since, seed=seed))
    write_text(out / "README.md", _README.format(as_of=AS_OF, since=since))


_ABOUT = """# This data is synthetic: no student, worker, school or program in it exists.
as_of = "{as_of}"
since = "{since}"
seed = {seed}
"""

_README = """# A synthetic caseload

Nothing here is real: every student, worker, school and program was made up by a seeded program.

The records run from {since} to {as_of}. Evaluate them with

    casekit evaluate FOLDER --as-of {as_of} --since {since} --out RESULTS

`sample.toml` holds these days and the seed. `answer_key.csv`, where it is there, names every
planted breach: each verdict of a computed requirement that is `not_met`, or `cannot_tell` because
a fact is missing, with why. `period_start` is that of the verdict, for the span above. All other
verdicts of computed requirements are `met`, `due` or `not_applicable`.
"""
