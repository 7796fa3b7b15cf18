"""Reassignment against the plain program of a yes or no for each student and case manager.

    python benchmarks/reassign.py

Both are solved by HiGHS, one thread, for the same three aims one after the other (moves, travel,
evenness), and must agree on all three. casekit is timed from the Outlook to the list of moves; the
peer, with the solver's usual options, from the same arrays, already coded, to its optimum; both in
processor time. Exits 1 where the optima differ, or the peer does not take 20 times as long for
2,000 students and 30 case managers, who may move within their own site only, or to any. The peer
is not tried further once a doubling would take it past 120 seconds.
"""

from __future__ import annotations

import statistics
import sys
import time
from fractions import Fraction

import highspy
import numpy as np
import pandas as pd

from casekit.calendars import Calendar
from casekit.caseload import Caseload
from casekit.kinds.rows import Span
from casekit.planning.limits import Limits
from casekit.planning.moves.board import Board, board
from casekit.planning.moves.reassignment import reassign
from casekit.planning.moves.solver import Problem
from casekit.planning.outlook import Outlook
from casekit.planning.settings import Settings
from casekit.tables import TABLES

AS_OF, UNTIL = np.datetime64("2026-03-01", "D"), np.datetime64("2026-06-26", "D")
SKILLS = {"A": "cert-a", "B": "cert-b", "C": "cert-c"}
PATIENCE = 120.0
AT_LEAST = 20.0


def made(students: int, staff: int, sites: int, same_site: bool = False, seed: int = 7) -> Outlook:
    """A random program: half of its case managers have half more than their part, half half less.

    Every tenth student needs each of three certificates; each case manager has two of them. One
    pair in ten works at two sites. Together there is a fifth more room than students.
    """
    draw = np.random.Generator(np.random.PCG64(seed))
    who, where = np.arange(staff), np.arange(staff) % sites
    site = np.arange(students) % sites
    # The case managers of a site, and among them the one of each student.
    team = staff // sites
    weight = np.where(np.arange(team) % 2 == 0, 1.5, 0.5)
    theirs = draw.choice(team, students, p=weight / weight.sum())
    present = theirs * sites + np.where(
        draw.random(students) < 0.1, draw.integers(0, sites, students), site
    )
    need = draw.choice(["A", "B", "C", None], students, p=[0.1, 0.1, 0.1, 0.7])
    two = np.array(["cert-a;cert-b", "cert-b;cert-c", "cert-a;cert-c"])[(who // sites) % 3]
    pupils = pd.CategoricalDtype([f"s{n:06}" for n in range(students)])
    people = pd.CategoricalDtype([f"t{n:04}" for n in range(staff)])
    begun = np.datetime64("2025-09-01", "s")
    program = pd.CategoricalDtype(["p1"])
    filled = {
        "programs": {"program_id": coded([0], program), "calendar_id": ["c1"]},
        "students": {
            "student_id": coded(np.arange(students), pupils),
            "program_id": coded(np.zeros(students, dtype=int), program),
            "enrollment_start": begun,
            "site_id": pd.Categorical([f"site-{n:03}" for n in site]),
            "designation": pd.array(need, dtype="str"),
        },
        "staff": {
            "staff_id": coded(who, people),
            "program_id": coded(np.zeros(staff, dtype=int), program),
            "start_date": begun,
            "site_id": pd.Categorical([f"site-{n:03}" for n in where]),
            "fte": 1.0,
            "case_management_share": 1.0,
            "certificates": pd.Categorical(two),
        },
        "assignments": {
            "student_id": coded(np.arange(students), pupils),
            "staff_id": coded(present, people),
            "start_date": begun,
        },
    }
    tables = {name: typed(name, filled.get(name, {})) for name in TABLES}
    given = {name: frozenset(columns) for name, columns in filled.items()}
    year = {"kind": ["school_year"], "start_date": [begun], "end_date": [UNTIL]}
    rows = pd.DataFrame(year).astype({"start_date": "datetime64[s]", "end_date": "datetime64[s]"})
    return Outlook(
        "p1",
        Caseload(tables, given, pd.DataFrame()),
        Span(Calendar.of("c1", rows), ("p1",), AS_OF, AS_OF, UNTIL),
        Limits(Fraction(-(-12 * students // (10 * staff)))),
        Settings(skills=SKILLS, same_site=same_site),
        np.datetime64("NaT", "D"),
    )


def coded(codes: object, people: pd.CategoricalDtype) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, dtype=people)


def typed(name: str, columns: dict[str, object]) -> pd.DataFrame:
    """A table with every column of the contract; those not given are empty."""
    dates = {c.name: "datetime64[s]" for c in TABLES[name].columns if c.type == "date"}
    return pd.DataFrame(columns).reindex(columns=list(TABLES[name].names)).astype(dates)


def plain(made: Board) -> tuple[float, ...]:
    """The same aims and limits, with a yes or no for each student and case manager who may."""
    rows = made.students
    site, need = rows["site"].to_numpy(), rows["need"].to_numpy()
    first, past, present = (rows[n].to_numpy() for n in ("first", "past", "present"))
    may = made.may(site, need, first, past)
    may[present, np.arange(len(rows))] = True
    person, student = np.nonzero(may)
    places = made.places[:, 0]
    held = np.bincount(person, minlength=len(places))
    number = np.minimum(places, held)
    who = np.repeat(np.arange(len(places)), number)
    nth = np.arange(len(who)) - np.repeat(np.cumsum(number) - number, number) + 1
    costs = np.zeros((3, len(person) + len(who)))
    costs[0, : len(person)] = present[student] != person
    costs[1, : len(person)] = made.travel(site[student], person)
    costs[2, len(person) :] = (2 * nth - 1) / places[who]
    ones, zero = np.ones(len(rows)), np.zeros(len(places))
    base = len(rows) + len(places)
    pair, step = np.arange(len(person)), len(person) + np.arange(len(who))
    problem = Problem.of(
        (np.zeros(costs.shape[1]), np.ones(costs.shape[1])),
        np.concatenate([student, len(rows) + person, base + person, base + who]),
        np.concatenate([pair, pair, pair, step]),
        np.concatenate([np.ones(3 * len(person)), -np.ones(len(who))]),
        (np.r_[ones, zero, zero], np.r_[ones, places, zero]),
    )
    return staged(problem, costs)


def staged(problem: Problem, costs: np.ndarray) -> tuple[float, ...]:
    """The least of each cost, one after the other, with whole columns asked of the solver."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(problem.lower), len(problem.row_lower)
    lp.col_cost_ = costs[0]
    lp.col_lower_, lp.col_upper_ = problem.lower, problem.upper
    lp.row_lower_, lp.row_upper_ = problem.row_lower, problem.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = problem.starts.astype(np.int32)
    lp.a_matrix_.index_ = problem.index.astype(np.int32)
    lp.a_matrix_.value_ = problem.values
    lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
    solver.passModel(lp)
    every = np.arange(lp.num_col_, dtype=np.int32)
    least = []
    for cost in costs:
        solver.changeColsCost(len(every), every, cost)
        solver.run()
        x = np.rint(solver.getSolution().col_value)
        least.append(float(cost @ x))
        used = np.flatnonzero(cost).astype(np.int32)
        solver.addRow(-np.inf, least[-1] + 1e-6, len(used), used, cost[used])
    return tuple(least)


def ours(outlook: Outlook) -> tuple[float, tuple[float, ...]]:
    """Processor seconds from the Outlook to the list of moves, and the optimum."""
    begin = time.process_time()
    found = reassign(outlook)
    took = time.process_time() - begin
    if found.status != "found":
        sys.exit(f"no reassignment was found: {found.said[0]}")
    return took, (found.moves_least, float(found.travel_least), float(found.uneven_least))


def peer(outlook: Outlook) -> tuple[float, tuple[float, ...]]:
    """Processor seconds from the coded arrays to the optimum, and the optimum."""
    made = board(outlook)
    begin = time.process_time()
    found = plain(made)
    return time.process_time() - begin, found


def beside(
    students: int, staff: int, sites: int, same_site: bool, turns: int = 1
) -> tuple[float, float]:
    """The seconds of both on one problem, in turns; they must find the same optimum.

    The medians of so many turns; in each, casekit's is the median of nine runs.
    """
    outlook = made(students, staff, sites, same_site)
    ours(outlook)
    mine, theirs = [], []
    for _ in range(turns):
        mine.append(sorted(ours(outlook) for _ in range(9))[4])
        theirs.append(peer(outlook))
        if not np.allclose(mine[-1][1], theirs[-1][1], rtol=1e-9, atol=1e-6):
            sys.exit(f"the two optima differ: {mine[-1][1]} and {theirs[-1][1]}")
    took, peers = (statistics.median(one for one, _ in side) for side in (mine, theirs))
    where = "own site" if same_site else "any site"
    print(
        f"{students:,} students x {staff:,} case managers, {where}:"
        f" casekit {took:.3f} s, plain program {peers:.2f} s, {peers / took:.0f} times as long",
        flush=True,
    )
    return took, peers


def whole_state(same_site: bool) -> None:
    """50,000 students and 1,000 case managers at 250 sites, by casekit alone."""
    took, optimum = ours(made(50_000, 1_000, 250, same_site))
    said = "moves {}, travel {:.0f} minutes, evenness {:.1f}".format(*optimum)
    where = "own site" if same_site else "any site"
    print(f"50,000 students x 1,000 case managers, {where}: casekit {took:.2f} s; {said}")


def main() -> int:
    ratios = []
    for same_site, turns in ((True, 5), (False, 1)):
        mine, theirs = beside(2_000, 30, 10, same_site, turns)
        ratios.append(theirs / mine)
    students, staff, sites, theirs = 3_125, 64, 16, 0.0
    # Each doubling takes the peer some four times as long.
    while 4 * theirs < PATIENCE and students < 50_000:
        _, theirs = beside(students, staff, sites, same_site=True)
        students, staff, sites = 2 * students, 2 * staff, 2 * sites
    whole_state(same_site=True)
    return int(min(ratios) < AT_LEAST)


if __name__ == "__main__":
    sys.exit(main())
