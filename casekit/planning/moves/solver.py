"""Linear programs with whole answers, solved by HiGHS to the proven optimum.

The same problem gives the same answer, to the last digit: one thread, a fixed seed, no time limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from casekit.planning.settings import PlanningError

# HiGHS works to a ten-millionth; costs that differ by less are taken as the same.
NEAR = 1e-6


@dataclass(frozen=True)
class Problem:
    """Columns within bounds, and rows of columns within bounds; np.inf where there is none.

    Row i is the sum of values[k] x column index[k] for k in starts[i] .. starts[i + 1] - 1.
    """

    lower: np.ndarray
    upper: np.ndarray
    starts: np.ndarray
    index: np.ndarray
    values: np.ndarray
    row_lower: np.ndarray
    row_upper: np.ndarray

    @classmethod
    def of(
        cls,
        columns: tuple[np.ndarray, np.ndarray],
        row: np.ndarray,
        column: np.ndarray,
        values: np.ndarray,
        rows: tuple[np.ndarray, np.ndarray],
    ) -> Problem:
        """From entries in any order (row, column, value), and the bounds of columns and rows."""
        row = np.asarray(row, dtype=np.int64)
        order = np.lexsort((column, row))
        starts = np.searchsorted(row[order], np.arange(len(rows[0]) + 1))
        entries = np.asarray(column, dtype=np.int64)[order], np.asarray(values, dtype=float)[order]
        lower, upper = (np.asarray(edge, dtype=float) for edge in columns)
        row_lower, row_upper = (np.asarray(edge, dtype=float) for edge in rows)
        return cls(lower, upper, starts, *entries, row_lower, row_upper)

    def sums(self, x: np.ndarray) -> np.ndarray:
        """What each row comes to."""
        total = np.append(0.0, np.cumsum(self.values * x[self.index]))
        return total[self.starts[1:]] - total[self.starts[:-1]]

    def holds(self, x: np.ndarray, off: float = 0) -> bool:
        """Whether x keeps within every bound; exact where the numbers of rows and x are whole."""
        sums = self.sums(x)
        return bool(
            np.all((x >= self.lower - off) & (x <= self.upper + off))
            and np.all((sums >= self.row_lower - off) & (sums <= self.row_upper + off))
        )


@dataclass(frozen=True)
class Solution:
    """The proven optimum, or that there is none.

    status      "optimal" or "infeasible".
    x           the columns; int64 where all of them had to be whole.
    objectives  the least cost of each stage.
    """

    status: str
    x: np.ndarray
    objectives: tuple[float, ...]

    def __bool__(self) -> bool:
        return self.status == "optimal"


def solve(problem: Problem, costs: np.ndarray, *, whole: bool | np.ndarray = False) -> Solution:
    """The least costs . x. `whole`: whether all columns (or which) take whole numbers only."""
    return lexicographic(problem, [costs], whole=whole)


def lexicographic(
    problem: Problem,
    stages: Sequence[np.ndarray],
    *,
    whole: bool | np.ndarray = False,
    relax: bool = True,
) -> Solution:
    """The least first cost; among those answers the least second cost, and so on.

    Where whole numbers are asked, the linear program without them is solved first: transport
    problems have whole corners, and a whole optimum of it is one of the harder problem too. Only
    where a corner is not whole (or without `relax`) branch and bound is needed. Raises
    PlanningError where the solver gives up, or a cost falls without end.
    """
    mask = np.broadcast_to(np.asarray(whole, dtype=bool), len(problem.lower))
    costs = [np.asarray(stage, dtype=float) for stage in stages]
    if not len(mask):
        none = np.zeros(0, dtype=np.int64)
        return Solution(
            "optimal" if problem.holds(none) else "infeasible", none, (0.0,) * len(costs)
        )
    relaxed = relax or not mask.any()
    x = _linear(problem, costs) if relaxed else _branched(problem, costs, mask)
    if relaxed and x is not None and np.any(np.abs(x - np.rint(x))[mask] > NEAR):
        x = _branched(problem, costs, mask)
    if x is None:
        return Solution("infeasible", np.zeros(0), ())
    x = np.where(mask, np.rint(x), x)
    if not problem.holds(x, 0 if mask.all() else NEAR * (1 + np.abs(x).max(initial=0))):
        raise PlanningError("the solver's answer does not keep to the limits: report this, please")
    objectives = tuple(float(cost @ x) for cost in costs)
    return Solution("optimal", x.astype(np.int64) if mask.all() else x, objectives)


def _linear(problem: Problem, costs: Sequence[np.ndarray]) -> np.ndarray | None:
    """A corner of the face on which every stage is least; None where nothing keeps to the rows."""
    solver = _solver(problem)
    columns = problem.lower.copy(), problem.upper.copy()
    rows = problem.row_lower.copy(), problem.row_upper.copy()
    every = np.arange(len(problem.lower), dtype=np.int32)
    x = np.zeros(0)
    for stage, cost in enumerate(costs, 1):
        solver.changeColsCost(len(every), every, cost)
        if not _run(solver):
            return None
        found = solver.getSolution()
        x = np.array(found.col_value)
        if stage == len(costs):
            break
        # What has a price is at its bound in every optimum: held there, the next stage stays on
        # the face of the optima, whose corners are corners of the whole.
        scale = NEAR * max(1.0, float(np.abs(cost).max(initial=0)))
        held = _held(*columns, x, np.array(found.col_dual), scale)
        solver.changeColsBounds(len(held), held, *(edge[held] for edge in columns))
        held = _held(*rows, np.array(found.row_value), np.array(found.row_dual), scale)
        if len(held):
            solver.changeRowsBounds(  # type: ignore[attr-defined]
                len(held), held, *(edge[held] for edge in rows)
            )
    return x


def _held(
    lower: np.ndarray, upper: np.ndarray, at: np.ndarray, price: np.ndarray, scale: float
) -> np.ndarray:
    """Puts both bounds of what has a price at the one that is reached, and gives which moved."""
    which = np.flatnonzero((np.abs(price) > scale) & (lower != upper))
    low = np.abs(at[which] - lower[which]) <= np.abs(at[which] - upper[which])
    lower[which] = upper[which] = np.where(low, lower[which], upper[which])
    return which.astype(np.int32)


def _branched(problem: Problem, costs: Sequence[np.ndarray], mask: np.ndarray) -> np.ndarray | None:
    """The same with whole columns asked of the solver; each least cost becomes a limit."""
    solver = _solver(problem)
    every = np.arange(len(mask), dtype=np.int32)
    kinds = [highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger]
    solver.changeColsIntegrality(len(every), every, np.array([kinds[int(one)] for one in mask]))
    x = np.zeros(0)
    for cost in costs:
        solver.changeColsCost(len(every), every, cost)
        if not _run(solver):
            return None
        x = np.array(solver.getSolution().col_value)
        x = np.where(mask, np.rint(x), x)
        used = np.flatnonzero(cost).astype(np.int32)
        least = float(cost @ x)
        solver.addRow(
            -np.inf, least + NEAR * max(1.0, abs(least)) / 10, len(used), used, cost[used]
        )
    return x


def _solver(problem: Problem) -> highspy.Highs:
    solver = highspy.Highs()
    for option, value in {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": NEAR / 10,
    }.items():
        solver.setOptionValue(option, value)
    # Arrays are taken whole; the fields of a HighsLp would be filled number by number.
    solver.passModel(
        len(problem.lower),
        len(problem.row_lower),
        len(problem.values),
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        np.zeros(len(problem.lower)),
        problem.lower,
        problem.upper,
        problem.row_lower,
        problem.row_upper,
        problem.starts.astype(np.int32),
        problem.index.astype(np.int32),
        problem.values,
        np.full(len(problem.lower), int(highspy.HighsVarType.kContinuous), dtype=np.int32),
    )
    return solver


def _run(solver: highspy.Highs) -> bool:
    """Whether an optimum was found and proven; False where nothing keeps to the rows."""
    solver.run()
    status = solver.getModelStatus()
    reached = highspy.HighsModelStatus
    if status == reached.kOptimal:
        return True
    if status == reached.kInfeasible:
        return False
    said = solver.modelStatusToString(status)
    raise PlanningError(f"the solver stopped without an answer ({said}): a smaller plan may do")
