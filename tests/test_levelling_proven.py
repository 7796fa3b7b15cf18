"""Spreading meetings over the year is the best there is: against every way, on small cases."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from outlook_rows import worker
from test_levelling import levelled

from casekit.planning.hours.meeting_weeks import Group, Room, overfull, place, smallest


def squares(held: dict[tuple[str, int], int], room: Room) -> int:
    """The sum of squares over the weeks of each case manager, with what is taken already."""
    return sum(n * n for n in {**room.taken, **held}.values())


def scores(groups: list[Group], room: Room):
    """What counts, of every way to place the meetings one by one, or to leave some over."""
    single = [group for group in groups for _ in range(group.number)]
    for chosen in product(*([*group.weeks, None] for group in single)):
        held: dict[tuple[str, int], int] = {}
        late = early = 0
        for group, week in zip(single, chosen, strict=True):
            if week is None:
                continue
            held[group.staff_id, week] = held.get((group.staff_id, week), 0) + 1
            if group.late:
                late += room.mondays[week] - room.mondays[0]
            else:
                early += room.mondays[group.due] - room.mondays[week]
        together = [sum(n for (_, w), n in held.items() if w == week) for _, week in held]
        if any(n > room.of(*cell) for cell, n in held.items()):
            continue
        if room.every is not None and any(
            n > room.of_all(week) for n, (_, week) in zip(together, held, strict=True)
        ):
            continue
        whole = {cell: n + room.taken.get(cell, 0) for cell, n in held.items()}
        yield chosen.count(None), late, early, squares(whole, room)


@st.composite
def tiny(draw: st.DrawFn) -> tuple[list[Group], Room]:
    """Up to five meetings of two case managers in four weeks, with a holiday before some."""
    groups = []
    for _ in range(draw(st.integers(1, 3))):
        first, last = sorted(draw(st.tuples(st.integers(0, 3), st.integers(0, 3))))
        due, late = draw(st.integers(last, 3)), draw(st.sampled_from([False, False, True]))
        window = tuple(range(first, last + 1))
        groups.append(
            Group(draw(st.sampled_from("ab")), draw(st.integers(1, 2)), window, due, late)
        )
    gaps = (0, 1, draw(st.sampled_from([2, 5])), 6)
    taken = draw(st.sampled_from([{}, {("a", 1): 1}, {("a", 2): 1, ("b", 2): 2}]))
    every = draw(st.sampled_from([None, None, 1, 2]))
    return groups, Room(draw(st.integers(1, 2)), every, gaps, taken)


@settings(max_examples=80, deadline=None)
@given(tiny())
def test_no_way_to_place_the_meetings_is_better(case):
    groups, room = case
    found = place(groups, room)
    late = early = 0
    for group, row in zip(groups, found.held, strict=True):
        for week in np.flatnonzero(row):
            gap = room.mondays[group.due] - room.mondays[week]
            late += row[week] * room.mondays[week] if group.late else 0
            early += 0 if group.late else row[week] * gap
    held = {(who, w): room.taken.get((who, w), 0) for who in "ab" for w in range(4)}
    for group, row in zip(groups, found.held, strict=True):
        for week, meetings in enumerate(row):
            held[group.staff_id, week] += meetings
    assert (found.left.sum(), late, early, squares(held, room)) == min(scores(groups, room))


@settings(max_examples=80, deadline=None)
@given(tiny())
def test_where_one_persons_meetings_do_not_fit_a_stretch_of_weeks_shows_it(case):
    groups, room = case
    mine = [group for group in groups if group.staff_id == "a"]
    alone = Room(room.each, None, room.mondays, room.taken)
    most = min((left for left, *_ in scores(mine, alone)), default=0)
    # Weeks that only a window of another group opens are weeks at work all the same.
    assert bool(overfull(mine, alone)) == (most > 0)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 12))
def test_smallest_is_the_first_that_fits(low, high, needed):
    every = [n for n in range(low, high + 1) if n >= needed]
    assert smallest(lambda n: n >= needed, low, high) == min(every, default=None)


DUE = st.integers(-10, 70).map(lambda n: (date(2026, 3, 1) + timedelta(days=n)).isoformat())


@settings(max_examples=10, deadline=None)
@given(
    st.lists(DUE, min_size=1, max_size=9),
    st.integers(1, 2),
    st.integers(0, 3),
    st.sampled_from(["", "a,2026-03-09,2026-03-18,\n"]),
    st.sampled_from(["", "mon;thu"]),
    st.sampled_from([0, 14]),
)
def test_no_due_date_slips_no_week_is_too_full_and_no_meeting_is_lost(
    due, each, early, leave, days, margin
):
    closed = "c1,school_year,2026-01-05,2026-06-26\nc1,closure,2026-03-30,2026-04-10\n"
    found = levelled(
        *due,
        calendar=closed,
        leave=leave,
        staff=worker("a", days=days),
        settings={"meetings_per_week": each, "early_weeks": early},
        meeting_days_before=margin,
    )
    rows = found.meetings
    in_time = rows["due_on"] > "2026-03-01"
    off = rows["day"].between("2026-03-30", "2026-04-10") | (rows["day"].dt.day_of_week > 4)
    off |= rows["day"].between("2026-03-09", "2026-03-18") & bool(leave)
    off |= ~rows["day"].dt.day_of_week.isin([0, 3]) & bool(days)
    assert not (
        (rows["day"] > rows["due_on"])[in_time].any()
        or off.any()
        or (rows.groupby("week").size() > each).any()
        or len(rows) + len(found.unplaced) != len(due)
    )
