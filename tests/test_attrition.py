"""How many case managers leave, by a program's own staff; the forecast against what came."""

from __future__ import annotations

from test_forecast import BASE, STAFF, STEADY, TWO, of, planned, replace_as_of, sentence
from test_history import day

from casekit.planning.forecast.backtest import backtest
from casekit.planning.forecast.places import places_of
from casekit.planning.settings import Settings


def test_how_many_leave_is_told_from_the_programs_own_staff() -> None:
    # t1 left once; t2 went on with another share and did not.
    staff = (
        STAFF
        + "t1,p1,2025-09-01,2025-10-01,1,1\n"
        + "t2,p1,2025-09-01,2025-10-01,1,1\nt2,p1,2025-10-02,,1,0.5\n"
    )
    assert sentence(of(planned(staff=staff, settings=Settings(runs=100))), "1 case manager left")


def left(*rows: str, **tables: str) -> str:
    """What is said of who left, as of 30 November 2025, of staff rows of full-time people."""
    staff = STAFF + "".join(f"{row},1,1\n" for row in rows)
    outlook = planned(staff=staff, settings=Settings(runs=100), **tables)
    return places_of(outlook, outlook.weeks_ahead, day("2024-01-01")).said[-1]


def test_who_begins_again_within_26_weeks_did_not_leave() -> None:
    # Exactly 26 weeks after the last day.
    words = left("t1,p1,2024-09-01,2025-03-31", "t1,p1,2025-09-29,")
    assert "0 case managers left" in words
    assert "1 time somebody came back within 26 weeks" in words


def test_who_begins_again_after_more_than_26_weeks_had_left() -> None:
    assert "1 case manager left" in left("t1,p1,2024-09-01,2025-03-31", "t1,p1,2025-09-30,")


def test_who_comes_back_and_leaves_again_left_once() -> None:
    rows = ("t1,p1,2024-09-01,2025-03-01", "t1,p1,2025-03-08,2025-10-31")
    assert "1 case manager left" in left(*rows)


def test_who_goes_on_in_another_program_did_not_leave() -> None:
    rows = ("t1,p1,2024-09-01,2025-03-31", "t1,p2,2025-04-01,")
    assert "0 case managers left" in left(*rows, programs=TWO)


def test_a_last_day_on_as_of_is_leaving_and_one_ahead_is_not_yet() -> None:
    rows = ("t1,p1,2024-09-01,2025-11-30", "t2,p1,2024-09-01,2025-12-01")
    assert "1 case manager left" in left(*rows)


def test_the_time_between_two_rows_is_no_service() -> None:
    # 2024, and eleven months of 2025 less the quarter in between.
    words = left("t1,p1,2024-01-01,2024-12-31", "t1,p1,2025-04-01,")
    assert "in 1.7 years of service" in words


# The past, forecast.


def test_a_backtest_sees_nothing_that_came_after_its_day() -> None:
    # From mid-October forty enter in one week: no forecast from before can hold it.
    crowd = "".join(f"x{n},p1,2025-11-10,\n" for n in range(40))
    found = backtest(planned(BASE + STEADY + crowd), origins=1)
    late = found.rows[found.rows["week"] >= "2025-11-10"]
    assert len(late) and not late["inside"].any()


def test_a_backtest_compares_with_what_came() -> None:
    found = backtest(planned(), origins=2)
    assert list(found.rows["actual"][:2]) == [23, 23]


def test_a_backtest_of_ten_weeks_is_refused() -> None:
    found = backtest(replace_as_of(planned(), "2025-11-09"))
    assert "10 whole weeks" in found.refused
