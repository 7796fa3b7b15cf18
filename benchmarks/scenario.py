"""A slider's change against reading and evaluating the caseload anew, in one run.

    python benchmarks/scenario.py

One program of about 500 students with 40 weeks of records, once Open Doors and once FLO. The slider
is the fte of a hire: the scenario is put into effect and every rule is judged, findings and levels
included, on a baseline judged before. The peer reads the folder and evaluates it.
Each change gives another fte, so nothing can be kept from the last. Medians, taken in turns: one
reading, then four values of the slider, as it is dragged. Exits 1
where the slider is not 20 times faster.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from casekit.caseload import Caseload, with_tables
from casekit.evaluate import plan_of
from casekit.findings import evaluate_programs
from casekit.planning.scenarios.apply import applied, held_under
from casekit.planning.scenarios.changes import Hire
from casekit.planning.scenarios.reevaluate import Judged, judge_all
from casekit.planning.scenarios.scenario import Scenario
from casekit.readers import read
from casekit.readers.native import write_folder
from casekit.synth import write_sample

AS_OF, SINCE, UNTIL = "2026-06-07", "2025-09-01", "2027-06-06"
LEAST = 20
TURNS = 5
DRAGGED = 4


def one_program(caseload: Caseload, program: str) -> Caseload:
    """The rows of one program's students and staff alone."""
    students = caseload.tables["students"]
    mine = set(students.loc[students["program_id"] == program, "student_id"])
    kept = {}
    for name, frame in caseload.tables.items():
        if "program_id" in frame and name != "events":
            kept[name] = frame[frame["program_id"] == program]
        elif "student_id" in frame:
            kept[name] = frame[frame["student_id"].isin(mine)]
    return with_tables(caseload, **kept)


def anew(folder: Path) -> pd.DataFrame:
    """The program read and evaluated: findings and levels."""
    evaluation = evaluate_programs(read(folder), as_of=AS_OF, since=SINCE, until=UNTIL)
    assert len(evaluation.levels) >= 0
    return evaluation.findings


def slid(base: Judged, program: str, fte: float) -> Judged:
    """The baseline with a hire of so much."""
    scenario = Scenario("slider", (Hire(program, fte=fte),))
    made = applied(base.caseload, scenario, AS_OF)
    plan = held_under(base.plan, scenario)
    return judge_all(made.caseload, plan, base, made.touched, made.planned)


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def ratio_for(program: str, whole: Caseload, folder: Path) -> float:
    """How many times faster the slider is; both ways must give the same findings."""
    write_folder(one_program(whole, program), folder)
    caseload = read(folder)
    base = judge_all(caseload, plan_of(caseload, as_of=AS_OF, since=SINCE, until=UNTIL))
    # What is judged in part must be what is judged whole.
    half = applied(caseload, Scenario("half", (Hire(program, fte=0.5),)), AS_OF).caseload
    whole_way = evaluate_programs(half, as_of=AS_OF, since=SINCE, until=UNTIL)
    pd.testing.assert_frame_equal(slid(base, program, 0.5).findings, whole_way.findings)
    pd.testing.assert_frame_equal(base.findings, anew(folder))
    slow, quick = [], []
    for turn in range(TURNS):
        slow.append(timed(lambda: anew(folder)))
        # A slider is dragged: several values follow one another.
        for place in range(DRAGGED):
            fte = (DRAGGED * turn + place + 1) / 100
            quick.append(timed(lambda fte=fte: slid(base, program, fte)))  # type: ignore[misc]
    peer, ours = statistics.median(slow), statistics.median(quick)
    standard = caseload.tables["programs"]["standard_ids"].iloc[0]
    number = len(caseload.tables["students"])
    print(
        f"{standard}, {number} enrolments: {ours * 1000:.0f} ms against {peer * 1000:.0f} ms:"
        f" {peer / ours:.0f} times faster"
    )
    return peer / ours


def main() -> int:
    with tempfile.TemporaryDirectory() as place:
        data = Path(place) / "data"
        write_sample(data, seed=5, programs=2, students=500, weeks=40, breaches=True)
        whole = read(data)
        ratios = [ratio_for(p, whole, Path(place) / p) for p in ("P-01", "P-02")]
    return int(min(ratios) < LEAST)


if __name__ == "__main__":
    sys.exit(main())
