"""How many students a program's case managers may have, week by week, as some of them leave."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from casekit.calendars import WEEK, Days, monday
from casekit.caseload import FAR, days, merge_stretches
from casekit.kinds.cover import case_managers
from casekit.kinds.staffing import exact
from casekit.phrases import count, listing, number
from casekit.planning.outlook import Outlook

# Places are whole numbers of billionths, so that sums of decimal shares are exact.
PLACE = 10**9
# What is believed of attrition before the program's own staff rows: so many years of service at
# this rate. Our own assumption; a plan's setting attrition_per_year stands in its place.
BELIEF_YEARS, BELIEF_RATE = 4.0, 0.15
# Who begins again so soon has not left. Ours too.
AWAY_WEEKS = 26


@dataclass(frozen=True)
class Places:
    """The places of each case manager in each week ahead, on the program's worst open day.

    people    staff ids; `most` has a row for each and a column for each week, in 1/PLACE of a
              student. It is 0 in weeks without open days.
    untold    weeks in which the places cannot be told: somebody's time is not recorded.
    attrition (shape, years of service) of the gamma of how many leave in a year; where the rate is
              given, (inf, that rate).
    """

    people: tuple[str, ...]
    most: np.ndarray
    untold: np.ndarray
    attrition: tuple[float, float]
    said: tuple[str, ...]

    @property
    def known(self) -> bool:
        return not self.untold.all()

    def lost(
        self, rng: np.random.Generator, runs: int, hiring_weeks: int, ramp_weeks: int
    ) -> np.ndarray:
        """Places that vacant posts and new people do not have (weeks x runs), in 1/PLACE.

        A post falls vacant, is filled after hiring_weeks, and is whole after ramp_weeks more. What
        the staff table does not give in a week cannot be lost in it.
        """
        weeks = self.most.shape[1]
        lost = np.zeros((weeks, runs), dtype=np.int64)
        vacant = hiring_weeks + ramp_weeks
        rate = self._rate(rng, runs) / 52
        for most in self.most if vacant else ():
            gone = np.floor(rng.standard_exponential(runs) / rate)
            run = np.flatnonzero(gone < weeks)
            gone = gone[run].astype(int)
            while len(run):
                for step in range(vacant):
                    here = gone + step < weeks
                    week = gone[here] + step
                    without = most[week]
                    if step >= hiring_weeks:
                        without = without * (vacant - step) // ramp_weeks
                    lost[week, run[here]] += without
                later = np.floor(rng.standard_exponential(len(run)) / rate[run])
                gone = gone + max(hiring_weeks, 1) + np.minimum(later, weeks).astype(int)
                run, gone = run[gone < weeks], gone[gone < weeks]
        return lost

    def _rate(self, rng: np.random.Generator, runs: int) -> np.ndarray:
        shape, years = self.attrition
        if np.isinf(shape):
            return np.full(runs, max(years, 1e-12))
        return np.maximum(rng.standard_gamma(shape, runs) / years, 1e-12)


def places_of(outlook: Outlook, weeks: np.ndarray, first: Days) -> Places:
    """The places ahead, from the dated staff rows; attrition from those since `first`, or given."""
    on = outlook.days_ahead
    on = on[np.isin(monday(on), weeks)]
    week: Days = np.searchsorted(weeks, monday(on))
    people, daily, doubt, unknown = _by_day(outlook, on)
    most: np.ndarray = np.zeros((len(people), len(weeks)), dtype=np.int64)
    untold = np.zeros(len(weeks), dtype=bool)
    if len(on):
        # The week's worst day: the one on which all together have the fewest places.
        order: np.ndarray = np.lexsort((daily.sum(axis=0), week))
        there = np.unique(week)
        most[:, there] = daily[:, order[np.searchsorted(week[order], there)]]
        untold[week[doubt]] = True
    said = []
    if lacks := outlook.caseload.lacks("staff"):
        untold[:] = True
        said.append(f"{outlook.program}: whether the limit is passed cannot be told: {lacks}.")
    elif unknown:
        said.append(
            f"{outlook.program}: fte or case_management_share of {listing(unknown, 6)} is not"
            " recorded: whether the limit is passed cannot be told while they are employed."
        )
    attrition, words = _attrition(outlook, first)
    return Places(tuple(people), most, untold, attrition, (*said, words))


def _by_day(
    outlook: Outlook, on: np.ndarray
) -> tuple[list[str], np.ndarray, np.ndarray, list[str]]:
    """Staff ids, their places on each day, the days that cannot be told, and who is unknown."""
    limits, unknown = outlook.limits, []
    doubt = np.zeros(len(on), dtype=bool)
    rows = outlook.staff if limits.per_staff is not None else _who_may(outlook)
    people, daily = [], []
    for person, mine in rows.groupby(rows["staff_id"].astype(str), sort=True):
        by_time = np.zeros(len(on), dtype=np.int64)
        heads = np.zeros(len(on), dtype=np.int64)
        for row in mine.itertuples(index=False):
            here = (on >= np.datetime64(row.start, "D")) & (on <= np.datetime64(row.end, "D"))
            blank = np.isnan(row.fte) or np.isnan(row.case_management_share)
            time = None if blank else exact(row.fte) * exact(row.case_management_share)
            if here.any() and (row.maybe if limits.per_staff is None else blank):
                doubt |= here
                unknown.append(str(person))
            if limits.per_staff is not None:
                by_time[here] += _places(limits.per_staff * (time or 0))
            heads[here] = np.maximum(heads[here], _places(limits.of_person(time) or 0))
        if limits.per_staff is not None:
            cap = by_time if limits.at_most is None else limits.at_most * PLACE
            heads = np.minimum(by_time, cap)
        people.append(str(person))
        daily.append(heads)
    return people, np.array(daily).reshape(len(people), len(on)), doubt, sorted(set(unknown))


def _who_may(outlook: Outlook) -> pd.DataFrame:
    """The staff rows of case managers, with `maybe` where it cannot be told."""
    if outlook.caseload.lacks("staff"):
        return outlook.staff.assign(maybe=True)
    return case_managers(outlook.caseload, outlook.span, outlook.program, planned=True)


def _places(students: Fraction | int) -> int:
    return int(students * PLACE // 1)


def _attrition(outlook: Outlook, first: Days) -> tuple[tuple[float, float], str]:
    """Leavers in a year of service, and how it was told."""
    given, name = outlook.settings.attrition_per_year, outlook.program
    if given is not None:
        rate = -np.log1p(-given)
        return (np.inf, float(rate)), (
            f"{name}: {number(100 * given)}% of case managers are taken to leave in a year"
            " (attrition_per_year)."
        )
    rows = outlook.staff
    rows = rows[~(rows["case_management_share"] == 0)]
    # A change of fte or share is a new row of the same person, and nobody's leaving.
    served = merge_stretches(rows, ["staff_id"]) if len(rows) else rows
    start, end = days(served["start"]), days(served["end"], FAR)
    as_of = outlook.span.as_of
    ended = served[(end >= first) & (end <= as_of)]
    back = _again(outlook, ended)
    left = len(ended) - back
    lengths = np.minimum(end, as_of) - np.maximum(start, first)
    years = float(np.maximum(lengths.astype("timedelta64[D]").astype(int), 0).sum()) / 365.25
    shape, service = left + BELIEF_YEARS * BELIEF_RATE, years + BELIEF_YEARS
    return (shape, service), (
        f"{name}: {count(left, 'case manager')} left in {number(years, 1)} years of service on"
        f" record{_back_said(back)}; with our own assumption"
        f" ({number(100 * BELIEF_RATE)}% a year, worth {number(BELIEF_YEARS)} years) about"
        f" {number(-100 * np.expm1(-shape / service), 0)}% are taken to leave in a year."
    )


def _again(outlook: Outlook, ended: pd.DataFrame) -> int:
    """After how many of some stretches of service their person works on, in whatever program."""
    rows = outlook.caseload.tables["staff"][["staff_id", "start_date", "end_date"]]
    pairs = ended.reset_index().merge(rows.astype({"staff_id": ended["staff_id"].dtype}))
    last, start = days(pairs["end"]), days(pairs["start_date"])
    later = (days(pairs["end_date"], FAR) > last) & (start <= last + AWAY_WEEKS * WEEK)
    return int(pairs.loc[later, "index"].nunique())


def _back_said(back: int) -> str:
    if not back:
        return ""
    times = f"{back} time{'s' if back > 1 else ''}"
    return (
        f"; {times} somebody came back within {AWAY_WEEKS} weeks, or worked on elsewhere, and did"
        " not leave"
    )
