"""Figures by week: students whom leave keeps from contact, and meetings as they are levelled."""

from __future__ import annotations

import altair as alt
import pandas as pd

from casekit.figures.axes import day_axis
from casekit.figures.figure import Figure, drawn, nothing
from casekit.figures.planning.forecast import chance
from casekit.figures.theme import LIGHT, WIDTH
from casekit.phrases import count, date, number

_WEEK = pd.Timedelta(days=7)
_LEAVE = [
    "Week of",
    "Students",
    "By planned leave",
    "Expected in all",
    "Chance that anybody has none",
]
_MEETINGS = ["Week of", "As they fall due", "As planned here", "Room for", "Too many for somebody"]


def _axis(weeks: pd.Series) -> alt.X:
    return day_axis("week", weeks.min(), weeks.max() + _WEEK)


def weeks_without_contact(weeks: pd.DataFrame, program: str) -> Figure:
    """Students without contact in each week, because their case manager is away on all of it.

    `weeks` has a row per open week: week (Monday), students (with a case manager), planned (without
    contact by planned leave alone), expected (mean of the simulated futures, planned and unplanned
    leave), chance (that it is anybody).
    """
    key, title = "leave", f"Students whom leave keeps from contact: {program}"
    caption = f"Students without contact in each week, by leave: {program}"
    if weeks.empty:
        return nothing(key, title, "No whole week with an open day lies ahead.", _LEAVE, caption)
    weeks = weeks.sort_values("week", ignore_index=True)
    top = weeks.loc[weeks["expected"].idxmax()]
    bare = weeks[weeks["planned"] > 0]
    sentence = (
        f"Planned leave leaves students without contact in {len(bare)} of"
        f" {count(len(weeks), 'open week')}. With unplanned leave, most are expected in the week of"
        f" {date(top['week'])}: {number(top['expected'])} of {count(top['students'], 'student')}."
        " Bars: planned leave alone. Line: planned and unplanned together, on average."
    )
    columns = (
        *(weeks["week"].map(date), weeks["students"].astype(int), weeks["planned"].astype(int)),
        *(weeks["expected"].map(number), weeks["chance"].map(chance)),
    )
    table = pd.DataFrame(dict(zip(_LEAVE, columns, strict=True)))
    return Figure(key, title, sentence, drawn(_leave_chart(weeks), sentence), table, caption)


def _leave_chart(weeks: pd.DataFrame) -> alt.TopLevelMixin:
    x = _axis(weeks["week"])
    top = 1.2 * max(weeks["expected"].max(), weeks["planned"].max(), 1)
    y = alt.Y(
        "students:Q",
        title="Students without contact",
        scale=alt.Scale(domain=[0, top], nice=False),
    )
    bars = _bars(weeks[["week", "planned"]].rename(columns={"planned": "students"}), "students")
    line = weeks[["week", "expected"]].rename(columns={"expected": "students"})
    # A holiday parts the line, so that it never runs over weeks that are not judged.
    line["stretch"] = (line["week"].diff() > _WEEK).cumsum()
    ends = line.groupby("stretch").tail(1)
    line = pd.concat([line, ends.assign(week=ends["week"] + _WEEK)]).sort_values("week")
    return alt.layer(
        bars.mark_rect(color=LIGHT["not_met"]).encode(x=x, x2="end:T", y=y, y2=alt.YDatum(0)),
        alt.Chart(line)
        .mark_line(interpolate="step-after", strokeDash=[5, 2])
        .encode(x=x, y=y, detail="stretch:N"),
    ).properties(width=WIDTH, height=180)


def _bars(weeks: pd.DataFrame, value: str) -> alt.Chart:
    """A bar for each week with anything in it, six days wide."""
    bars = weeks[weeks[value] > 0]
    return alt.Chart(bars.assign(end=bars["week"] + pd.Timedelta(days=6)))


def meetings_by_week(weeks: pd.DataFrame, program: str) -> Figure:
    """Meetings in each week as they fall due and as planned, against the room there is.

    `weeks` has a row per week and case manager: week (Monday), staff_id, before, after, capacity
    (meetings).
    """
    key, title = "meetings", f"IEP meetings, week by week: {program}"
    caption = f"IEP meetings in each week, as they fall due and as planned here: {program}"
    if weeks.empty:
        return nothing(key, title, "There is no IEP meeting to plan.", _MEETINGS, caption)
    sums = _summed(weeks)
    full = {name: int((sums[f"{name}_over"] > 0).sum()) for name in ("before", "after")}
    sentence = (
        f"As they fall due, {_full(full['before'], len(sums))} meetings than somebody can hold;"
        f" the fullest week has {sums['before'].max()} in all. As planned here,"
        f" {_full(full['after'], len(sums))} than that; the fullest has {sums['after'].max()}."
        " The dashed line is the room of all case managers together; ✗ marks a week too full for"
        " one of them."
    )
    shown = sums[(sums[["before", "after"]] > 0).any(axis=1)]
    columns = (
        *(shown["week"].map(date), shown["before"], shown["after"], shown["capacity"]),
        shown["before_over"].map(lambda n: f"{n} as they fall due" if n else ""),
    )
    table = pd.DataFrame(dict(zip(_MEETINGS, columns, strict=True))).reset_index(drop=True)
    chart = alt.vconcat(
        *(
            _meetings_chart(sums, name, words)
            for name, words in (("before", "As they fall due"), ("after", "As planned here"))
        ),
        spacing=20,
    )
    return Figure(key, title, sentence, drawn(chart, sentence), table, caption)


def _full(weeks: int, of: int) -> str:
    told = f"{weeks} of {count(of, 'week')}" if weeks else "no week"
    return f"{told} {'has' if weeks <= 1 else 'have'} more"


def _summed(weeks: pd.DataFrame) -> pd.DataFrame:
    """A row per week: before, after, capacity, and for how many case managers it is too full."""
    numbers = weeks.astype({"before": int, "after": int, "capacity": int})
    over = {
        f"{name}_over": (numbers[name] > numbers["capacity"]).astype(int)
        for name in ("before", "after")
    }
    told = ["before", "after", "capacity", *over]
    return numbers.assign(**over).groupby("week", as_index=False)[told].sum()


def _meetings_chart(sums: pd.DataFrame, name: str, words: str) -> alt.LayerChart | alt.FacetChart:
    x = _axis(sums["week"])
    top = 1.25 * max(sums[["before", "after", "capacity"]].max().max(), 1)
    y = alt.Y(
        "meetings:Q",
        title=words,
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(tickMinStep=1, tickCount=4),
    )
    mine = sums.rename(columns={name: "meetings"})
    full = mine.loc[mine[f"{name}_over"] > 0, ["week", "meetings"]]
    full = full.assign(week=full["week"] + _WEEK / 2)
    room = sums[["week", "capacity"]].rename(columns={"capacity": "meetings"})
    room = pd.concat([room, room.tail(1).assign(week=room["week"].iloc[-1] + _WEEK)])
    return alt.layer(
        _bars(mine[["week", "meetings"]], "meetings")
        .mark_rect(color=LIGHT["accent"])
        .encode(x=x, x2="end:T", y=y, y2=alt.YDatum(0)),
        alt.Chart(room)
        .mark_line(interpolate="step-after", strokeDash=[6, 3], color=LIGHT["ink"], strokeWidth=1.5)
        .encode(x=x, y=y),
        alt.Chart(full)
        .mark_text(text="✗", dy=-8, fontWeight="bold", color=LIGHT["not_met"])
        .encode(x=x, y=y),
    ).properties(width=WIDTH, height=110)
