"""Staffing on every open day as things stand, drawn once, and a scenario drawn over it.

A slider asks for a new chart many times a second. What does not move with it (axes, limit, the
line as things stand) is drawn once by Altair; the scenario's line and the days over are set into
that drawing, on the same scales.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import altair as alt
import numpy as np
import pandas as pd

from casekit.calendars import Days
from casekit.figures.axes import day_axis
from casekit.figures.figure import Figure, drawn, nothing
from casekit.figures.planning.marks import apart, first_assumed, named_days
from casekit.figures.ratio import BANDS, OVER, kind_of_day, step_line, stretches
from casekit.figures.theme import FONT, LIGHT, TEXT, WIDTH
from casekit.phrases import count, date, number
from casekit.planning.limits import Limits

HEIGHT = 260  # px
_ROOM = {"left": 8, "right": 130, "top": 34, "bottom": 8}  # px, for the names around the plot
_ALREADY = "as things stand"
_AFTER = "with the changes"
_WORDS = {**{kind: kind for kind in BANDS}, OVER: "▲ over the limit"}


@dataclass(frozen=True)
class Redrawn(Figure):
    """A figure whose drawing is already made."""

    drawing: str = ""

    def svg(self, *, variables: bool = True) -> str:
        return self.drawing


class Backdrop:
    """A program's staffing as things stand, for scenarios to be drawn over.

    `days` as for `staffing_ahead`: a row per open day, with day, students, fte, ratio, largest,
    status, ahead and assumed. Under a limit on heads alone the line is the fullest case manager,
    otherwise students to 1.0 FTE.
    """

    def __init__(self, days: pd.DataFrame, limits: Limits, program: str, as_of: Days) -> None:
        self.heads = limits.per_staff is None and limits.at_most is not None
        cap = limits.at_most if self.heads else limits.per_staff
        self.cap = None if cap is None else float(cap)
        self.what = "Students of the fullest case manager" if self.heads else "Students to 1.0 FTE"
        self.program, self.as_of = program, as_of
        self.days = self._measured(days)
        self._drawn: dict[float, str] = {}

    def _measured(self, days: pd.DataFrame) -> pd.DataFrame:
        days = days.reset_index(drop=True)
        return days.assign(ratio=days["largest"].astype(float)) if self.heads else days

    def figure(self, then: pd.DataFrame | None = None) -> Figure:
        """The figure, with the days of a scenario (the same open days) where there is one."""
        title = f"{self.what}, day by day: {self.program}"
        caption = f"{self.what}, month by month: {self.program}"
        if self.days.empty:
            said = (
                "There is no open day to show. The calendar table must show terms or open days in"
                " the time that is looked at."
            )
            return nothing("staffing", title, said, ["Month"], caption)
        after = None if then is None else self._measured(then)
        sentence = " ".join(self._said(after))
        drawing = self._drawing(self._top(after), sentence, after)
        return Redrawn("staffing", title, sentence, None, self._table(after), caption, drawing)

    def _said(self, after: pd.DataFrame | None) -> Iterator[str]:
        if self.cap is None:
            yield f"No limit on staffing is given: the line shows {_small(self.what)} as it is."
            return
        yield f"The limit is {number(self.cap)}."
        ahead = self.days["ahead"].to_numpy(dtype=bool)
        if ahead.any() and after is not None:
            yield f"With the changes {_passed(after, ahead)} ahead{_highest(after, ahead)}."
        if ahead.any():
            yield f"As things stand {_passed(self.days, ahead)} ahead{_highest(self.days, ahead)}."
        if not ahead.all():
            yield f"Up to {date(self.as_of)} {_passed(self.days, ~ahead)}."

    def _table(self, after: pd.DataFrame | None) -> pd.DataFrame:
        """A row per month: open days, and the highest and the days over of each line."""
        month = self.days["day"].to_numpy().astype("datetime64[M]")
        first = np.flatnonzero(month != np.roll(month, 1)) if len(set(month)) > 1 else np.array([0])
        columns: dict[str, object] = {
            "Month": [f"{pd.Timestamp(day):%B %Y}" for day in month[first]],
            "Open days": np.diff(np.append(first, len(month))),
        }
        for words, days in ((_ALREADY, self.days), (_AFTER, after)):
            if days is not None:
                ratio = np.fmax.reduceat(days["ratio"].to_numpy(dtype=float), first)
                over = (days["status"].to_numpy() == "not_met").astype(int)
                columns[f"Highest {words}"] = [_value(value) for value in ratio]
                columns[f"Days over {words}"] = np.add.reduceat(over, first)
        return pd.DataFrame(columns)

    def _top(self, after: pd.DataFrame | None) -> float:
        """Where the upright axis ends: it moves in large steps, so that a slider does not."""
        lines = [self.days] if after is None else [self.days, after]
        known = [days.loc[np.isfinite(days["ratio"]), "ratio"].max() for days in lines]
        most = np.nanmax([self.cap or 1, *known])
        top = 1.4 * np.nanmax([self.cap or 1, known[0]])
        while top < 1.05 * most:
            top *= 1.5
        return float(top)

    def _drawing(self, top: float, sentence: str, after: pd.DataFrame | None) -> str:
        if top not in self._drawn:
            self._drawn[top] = self._plain(top)
        head, tail = self._drawn[top].rsplit("</g></svg>", 1)
        named = head.replace('aria-label=""', f'aria-label="{escape(sentence)}"', 1)
        return f"{named}<g>{''.join(self._over(top, after))}</g></g></svg>{tail}"

    def _plain(self, top: float) -> str:
        """What stays as it is: axes, named days, the limit, the line as things stand."""
        first, last = self.days["day"].iloc[0], self.days["day"].iloc[-1]
        x = day_axis("day", first, last + pd.Timedelta(days=1))
        y = alt.Y("ratio:Q", title=self.what, scale=alt.Scale(domain=[0, top], nice=False))
        line = self.days.assign(stretch=stretches(self.days, pd.Series("", index=self.days.index)))
        line = line[np.isfinite(line["ratio"])]
        layers: list = [step_line(line).encode(x=x, y=y, detail="stretch:N")]
        if self.cap is not None:
            rule = alt.Chart(pd.DataFrame({"ratio": [self.cap]}))
            layers.append(rule.mark_rule(strokeDash=[6, 3], strokeWidth=1.5).encode(y=y))
        layers += named_days(self.as_of, first_assumed(self.days, "day"), x, (first, last))
        chart = alt.layer(*layers).properties(width=WIDTH, height=HEIGHT, padding=_ROOM)
        return Figure("staffing", self.program, "", drawn(chart, ""), pd.DataFrame(), "").svg()

    def _over(self, top: float, after: pd.DataFrame | None) -> Iterator[str]:
        """What moves: the days over, the scenario's line, the names at the right end."""
        yield from self._bands(self.days if after is None else after)
        ends = [] if self.cap is None else [(self.cap, f"limit {number(self.cap)}")]
        known = self.days.loc[np.isfinite(self.days["ratio"]), "ratio"]
        if len(known):
            ends.append((float(known.iloc[-1]), _ALREADY))
        if after is not None:
            apart_from = (after["ratio"] != self.days["ratio"]) & np.isfinite(after["ratio"])
            line = after[apart_from]
            if len(line):
                yield self._line(line, top)
                ends.append((float(line["ratio"].iloc[-1]), _AFTER))
        for value, text in apart(ends, 15 * top / HEIGHT, top):
            yield _text(WIDTH + 6, HEIGHT * (1 - value / top) + 4, text, "ink")

    @property
    def _reach(self) -> int:
        """The days along the width."""
        return (self.days["day"].iloc[-1] - self.days["day"].iloc[0]).days + 1

    def _x(self, days: pd.Series) -> np.ndarray:
        since = days.to_numpy().astype("datetime64[D]") - np.datetime64(
            self.days["day"].iloc[0], "D"
        )
        return (since.astype(int) * WIDTH / self._reach).round(1)

    def _line(self, line: pd.DataFrame, top: float) -> str:
        """The scenario's steps, parted where a closure, or a day alike, parts them."""
        x, wide = self._x(line["day"]), WIDTH / self._reach
        y = (HEIGHT * (1 - line["ratio"].to_numpy(dtype=float) / top)).round(1)
        fresh = stretches(line, pd.Series("", index=line.index)).diff().to_numpy() != 0
        path = [
            f"M{across},{up}" if begins else f"H{across}V{up}"
            for across, up, begins in zip(x, y, fresh, strict=True)
        ]
        return (
            f'<path d="{"".join(path)}h{wide:.1f}" fill="none" stroke-width="2.5"'
            f' stroke-dasharray="7,3" {_colour("stroke", "ink")}/>'
        )

    def _bands(self, days: pd.DataFrame) -> Iterator[str]:
        """A shaded band, with its glyph on top, for each stretch that is not in order."""
        kind = kind_of_day(days)
        odd = (kind != "").to_numpy()
        if not odd.any() or self.cap is None:
            return
        stretch = stretches(days, kind).to_numpy()
        x, kinds = self._x(days["day"]), kind.to_numpy()
        day = WIDTH / self._reach
        marked = -20.0
        for place in np.unique(stretch[odd]):
            mine = np.flatnonzero(stretch == place)
            left, past, name = x[mine[0]], x[mine[-1]] + day, kinds[mine[0]]
            yield (
                f'<rect x="{left}" y="0" width="{past - left:.1f}" height="{HEIGHT}"'
                f' opacity="0.22" {_colour("fill", BANDS[name])}/>'
            )
            if (middle := (left + past) / 2) - marked > 11:  # glyphs never run into one another
                marked = middle
                yield _text(middle, 12, name[0], BANDS[name], "middle", bold=True)
        shown = [name for name in BANDS if name in set(kinds)]
        for place, name in enumerate(shown):
            yield _text(190 * place, -38, _WORDS[name], BANDS[name], bold=True)


def _small(text: str) -> str:
    return text[0].lower() + text[1:]


def _passed(days: pd.DataFrame, which: np.ndarray) -> str:
    status = days["status"].to_numpy()[which]
    over, untold = int((status == "not_met").sum()), int((status == "cannot_tell").sum())
    said = f"it is passed on {over} of {count(len(status), 'open day')}"
    return f"{said}, and on {untold} it cannot be told" if untold else said


def _highest(days: pd.DataFrame, which: np.ndarray) -> str:
    ratio = np.where(which, days["ratio"].to_numpy(dtype=float), np.nan)
    ratio[np.isinf(ratio)] = np.nan
    if np.isnan(ratio).all():
        return ""
    top = int(np.nanargmax(ratio))
    return f"; the highest is {number(ratio[top])}, first on {date(days['day'].iloc[top])}"


def _value(ratio: float) -> str:
    if np.isnan(ratio):
        return "not known"
    return "no case-management time" if np.isinf(ratio) else number(ratio)


def _colour(what: str, name: str) -> str:
    """A colour of the theme that follows the page (see `Figure.svg`)."""
    return f'{what}="{LIGHT[name]}" style="{what}:var(--ck-{name}, {LIGHT[name]})"'


def _text(
    x: float, y: float, text: str, colour: str, anchor: str = "start", *, bold: bool = False
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-family="{escape(FONT)}"'
        f' font-size="{TEXT}px"{weight} {_colour("fill", colour)}>{escape(text)}</text>'
    )
