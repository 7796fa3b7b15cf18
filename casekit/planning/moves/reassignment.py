"""Who moves to whom, so that nobody is over: the fewest moves, or why none can do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from casekit.calendars import Days
from casekit.kinds.staffing import exact
from casekit.phrases import date, listing
from casekit.planning.moves.board import NOBODY, UNKNOWN, Board, board, names_of
from casekit.planning.moves.grouping import Network, alike, network
from casekit.planning.moves.reassignment_said import found_said, missing_said, notes, settings_used
from casekit.planning.moves.shortage import Shortage, least_extra, overpinned
from casekit.planning.outlook import Outlook
from casekit.planning.settings import PlanningError

MOVE_COLUMNS = (
    "student_id",
    "from_staff",
    "to_staff",
    "from_day",
    "reason",
    "travel_before",
    "travel_after",
)
LOAD_COLUMNS = ("staff_id", "limit", "before", "after")


@dataclass(frozen=True)
class Reassignment:
    """The best reassignment of a program from one day on, or the proof that there is none.

    status        "none needed", "found", "impossible" or "no limit".
    moves         a row per student who changes or is placed (from_staff empty), MOVE_COLUMNS;
                  travel in minutes for one contact (travel_before NaN: nobody had them).
    loads         a row per case manager, LOAD_COLUMNS: heads on the first open day, in any program;
                  limit NA where it cannot be told.
    moves_least   fewest students who change; placed: students whom nobody had.
    travel_least  the least minutes for one contact with each student, after so few moves.
    uneven_least  the least sum of heads x heads / limit on the first day, after these.
    extra_heads   site -> places that are missing at least; extra_people: case managers, where the
                  limit is so many heads; extra_fte: case-management time, where it is a ratio.
    short         the sets of students with too few places that prove it.
    """

    program: str
    status: str
    on: Days
    moves: pd.DataFrame
    loads: pd.DataFrame
    moves_least: int | None = None
    placed: int | None = None
    travel_least: Fraction | None = None
    uneven_least: Fraction | None = None
    extra_heads: tuple[tuple[str, int], ...] = ()
    extra_people: int | None = None
    extra_fte: Fraction | None = None
    short: tuple[Shortage, ...] = ()
    said: tuple[str, ...] = ()
    settings_used: tuple[str, ...] = ()


def reassign(outlook: Outlook, on: Days | None = None) -> Reassignment:
    """The fewest moves after which nobody is over from a day (the day after as_of) to the horizon.

    Of those the least travel, of those the most even. Everybody enrolled then, or known to start
    later, has exactly one case manager who is employed for all of their time as far as it is
    known; someone who comes back later is looked at apart. Of two case managers of today the one
    assigned last is theirs. Raises PlanningError where no open day lies ahead, a table is not
    there, or a pin cannot be.
    """
    lacking = outlook.caseload.lacks("staff") or outlook.caseload.lacks("assignments")
    if lacking:
        raise PlanningError(f"{outlook.program}: {lacking}: who has whom cannot be told; give it")
    made = board(outlook, on)
    used = settings_used(outlook)
    day = made.moments[0]
    none = pd.DataFrame(columns=list(MOVE_COLUMNS))
    if not outlook.limits:
        unlimited = (
            f"{outlook.program} has no limit on staffing in its standard: set per_staff or"
            " at_most to plan with one"
        )
        loads = _loads(made, made.heads[:, 0])
        return Reassignment(
            outlook.program, "no limit", day, none, loads, said=(unlimited,), settings_used=used
        )
    over = overpinned(made)
    net = network(made)
    solution = None if over else net.solve()
    if not solution:
        return _impossible(outlook, made, net, over, used)
    found = net.spread(solution.x)
    moves = _moves(made, found)
    placed = int((made.students["present"] == NOBODY).sum())
    changed = len(moves) - placed
    loads = _loads(made, _heads(made, found))
    travel = _travelled(made, found)
    before = _travelled(made, made.students["present"].to_numpy())
    said = found_said(outlook, made, changed, placed, before, travel)
    return Reassignment(
        outlook.program,
        "found" if len(moves) else "none needed",
        day,
        moves,
        loads,
        changed,
        placed,
        travel,
        _uneven(made, found),
        said=(*said, *notes(outlook, made)),
        settings_used=used,
    )


def _heads(made: Board, found: np.ndarray) -> np.ndarray:
    """Heads of each case manager on the first moment, in any program."""
    today = found[(made.students["first"].to_numpy() == 0) & (found != NOBODY)]
    return np.bincount(today, minlength=len(made.staff)) + made.elsewhere[:, 0]


def _loads(made: Board, after: np.ndarray) -> pd.DataFrame:
    limit = pd.array(made.limit[:, 0], dtype="Int64")
    limit[made.limit[:, 0] == UNKNOWN] = pd.NA
    columns = (made.staff["staff_id"], limit, made.heads[:, 0], after)
    return pd.DataFrame(dict(zip(LOAD_COLUMNS, columns, strict=True)))


def _travelled(made: Board, found: np.ndarray) -> Fraction:
    """Minutes of all pairs, exactly."""
    known = found != NOBODY
    minutes = made.travel(made.students["site"].to_numpy()[known], found[known])
    amounts, times = np.unique(minutes, return_counts=True)
    pairs = zip(amounts.tolist(), times.tolist(), strict=True)
    return sum((exact(amount) * n for amount, n in pairs), Fraction(0))


def _uneven(made: Board, found: np.ndarray) -> Fraction:
    squares: Counter[int] = Counter()
    for n, most in zip(_heads(made, found).tolist(), made.limit[:, 0].tolist(), strict=True):
        squares[most] += n * n
    return sum((Fraction(n, most) for most, n in squares.items() if most > 0), Fraction(0))


def _moves(made: Board, found: np.ndarray) -> pd.DataFrame:
    """A row per student who is not with the person of today."""
    students = made.students
    who = np.flatnonzero(students["present"].to_numpy() != found)
    name = students["student_id"].to_numpy()
    who = who[np.lexsort((students["first"].to_numpy()[who], name[who].astype(str)))]
    names = ("site", "present", "pinned", "first", "past")
    site, present, *others = (students[column].to_numpy()[who] for column in names)
    before = np.where(present == NOBODY, np.nan, made.travel(site, present))
    # Students who are alike in these have one reason.
    causes, cause = alike(np.column_stack([present, *others]))
    reasons = np.array([*(_reason(made, *key) for key in causes.tolist()), ""], dtype=object)
    ids = np.append(made.staff["staff_id"].to_numpy(dtype=object), "")
    columns = (
        name[who],
        ids[present],
        ids[found[who]],
        made.moments[others[1]].astype("datetime64[s]"),
        reasons[cause],
        before,
        made.travel(site, found[who]),
    )
    return pd.DataFrame(dict(zip(MOVE_COLUMNS, columns, strict=True)))


def _reason(made: Board, present: int, pinned: int, first: int, past: int) -> str:
    """Why a student with these moments leaves the case manager of today."""
    if present == NOBODY:
        return "nobody has them"
    ids = made.staff["staff_id"]
    if pinned != NOBODY:
        return f"pinned to {ids[pinned]}"
    name = ids[present]
    gone = np.flatnonzero(~made.employed[present, first:past])
    if len(gone):
        day, last = made.moments[first + gone[0]], made.staff["leaves"][present]
        if pd.Timestamp(last) >= pd.Timestamp(day):
            return f"{name} is not employed here on {date(day)}"
        return f"{name} {'left' if last < made.moments[0] else 'leaves'} on {date(last)}"
    limit = made.limit[present]
    over = np.flatnonzero((limit != UNKNOWN) & (made.heads[present] > limit))
    if not len(over):
        return f"makes room with {name} for others"
    most = int(limit[over[0]])
    if most == 0:
        return f"{name} has no case-management time"
    since = "" if over[0] == 0 else f" from {date(made.moments[over[0]])}"
    return f"{name} is over {most}{since}"


def _impossible(
    outlook: Outlook, made: Board, net: Network, over: list[int], used: tuple[str, ...]
) -> Reassignment:
    """No reassignment passes: what is missing at least, and which limits bind."""
    limits = outlook.limits
    extra = None if over else least_extra(net, limits)
    if extra is None:
        said = [
            f"{outlook.program}: more students are pinned to {listing(names_of(made, over), 5)}"
            f" than {limits.words} allows: take some of these pins out"
        ]
    else:
        said = [missing_said(outlook, extra), *(one.said for one in extra.short)]
        if not extra.short:
            said.append(
                "On no day alone are there too few places: it is the same people being needed on"
                " several days that cannot be"
            )
    fte = (
        Fraction(sum(extra.heads.values())) / limits.per_staff
        if extra and limits.per_staff
        else None
    )
    return Reassignment(
        outlook.program,
        "impossible",
        made.moments[0],
        pd.DataFrame(columns=list(MOVE_COLUMNS)),
        _loads(made, made.heads[:, 0]),
        extra_heads=tuple(extra.heads.items()) if extra else (),
        extra_people=sum(extra.people.values()) if extra and extra.people else None,
        extra_fte=fte,
        short=extra.short if extra else (),
        said=(*said, *notes(outlook, made)),
        settings_used=used,
    )
