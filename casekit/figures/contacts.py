"""The weekly contact figure: the share of students contacted, week by week."""

from __future__ import annotations

import altair as alt
import pandas as pd

from casekit.figures.axes import day_axis
from casekit.figures.figure import HATCH, Figure, drawn, nothing
from casekit.figures.theme import LIGHT, WIDTH
from casekit.phrases import capital, count, date, listing, percent

_WEEK_COLUMNS = [
    "Week of",
    "Open days",
    "Students judged",
    "Contacted",
    "Share",
    "Cannot tell",
    "Not applicable",
    "Note",
]

CONTACTED, MISSED, UNKNOWN = "✓ contacted", "✗ not contacted", "? cannot tell"
NOT_JUDGED, WITHHELD = "▨ week not judged", "▨ week withheld"
_PARTS = {
    CONTACTED: LIGHT["met"],
    MISSED: LIGHT["not_met"],
    UNKNOWN: LIGHT["cannot_tell"],
    NOT_JUDGED: LIGHT["line"],
    WITHHELD: LIGHT["line"],
}
FEW = "withheld: few people"  # the note of a week whose counts are not shown
_COUNTS = ["denominator", "numerator", "cannot_tell", "not_applicable"]
_HEIGHT = 240  # px


def weekly_contact(weeks: pd.DataFrame, what: str, whom: str = "") -> Figure:
    """The share of students contacted, week by week, and the weeks that were not judged.

    `weeks` has a row per week: week (its Monday, datetime64), open_days, note (why it was not
    judged, or what was special), denominator, numerator, cannot_tell, not_applicable (students),
    rate (float, NaN none), why (what cannot be told, in words). A week whose note is FEW, or one
    of whose counts is missing, is withheld. `what` names the contact, as in "status check";
    `whom` is a sentence: of which students it is asked, if not of all.
    """
    key, title = "weekly", f"{capital(what)}, week by week"
    caption = f"{capital(what)}: students judged and contacted in each week"
    if weeks.empty:
        sentence = (
            "There is no whole week to judge. A week counts when its Monday and its Sunday both "
            "lie in the time that is looked at."
        )
        return nothing(key, title, sentence, _WEEK_COLUMNS, caption)
    weeks = _with_states(weeks.sort_values("week", ignore_index=True))
    who = "every one of these" if whom else "every student"
    sentence = f"{whom} {_weekly_sentence(weeks, what, who)}".lstrip()
    chart = drawn(_weekly_chart(weeks), sentence)
    table = pd.DataFrame(
        {
            "Week of": weeks["week"].map(date),
            "Open days": weeks["open_days"],
            "Students judged": weeks["denominator"],
            "Contacted": weeks["numerator"],
            "Share": [
                percent(n, d) for n, d in zip(weeks["numerator"], weeks["denominator"], strict=True)
            ],
            "Cannot tell": weeks["cannot_tell"],
            "Not applicable": weeks["not_applicable"],
            "Note": _notes(weeks),
        }
    )
    told = ["Students judged", "Contacted", "Share", "Cannot tell", "Not applicable"]
    table[told] = table[told].astype(object)
    table.loc[weeks["few"], told] = "withheld"
    return Figure(key, title, sentence, chart, table, caption)


def _with_states(weeks: pd.DataFrame) -> pd.DataFrame:
    """The weeks with few (whether withheld) and heads (students asked about, 0 if not shown)."""
    few = (weeks["note"] == FEW) | weeks[_COUNTS].isna().any(axis=1)
    weeks = weeks.assign(few=few, note=weeks["note"].mask(few, FEW))
    weeks.loc[few, _COUNTS] = 0
    weeks[_COUNTS] = weeks[_COUNTS].astype("int64")
    return weeks.assign(heads=weeks["denominator"] + weeks["cannot_tell"])


def _notes(weeks: pd.DataFrame) -> pd.Series:
    """The week's note; where a week without one was not judged, why."""
    nobody = (weeks["heads"] == 0) & (weeks["note"] == "")
    return weeks["note"].mask(nobody, "no student to judge")


def _weekly_sentence(weeks: pd.DataFrame, what: str, who: str) -> str:
    judged = weeks[weeks["heads"] > 0]
    withheld = int(weeks["few"].sum())
    unjudged = len(weeks) - len(judged) - withheld
    if unjudged == len(weeks):
        none = f"None of the {len(weeks)} weeks was" if len(weeks) > 1 else "The one week was not"
        return f"{none} judged: {listing(list(_notes(weeks).unique()))}."
    said = _judged_sentences(judged, what, who) if len(judged) else []
    if withheld:
        weeks_are = count(withheld, "week is", "weeks are")
        said.append(f"{weeks_are} withheld, because few people were asked about.")
    if unjudged:
        said.append(f"{count(unjudged, 'week was', 'weeks were')} not judged.")
    return " ".join(said)


def _judged_sentences(judged: pd.DataFrame, what: str, who: str) -> list[str]:
    """Weeks in full, weeks with a student missed, weeks not told of all: each said apart."""
    unknown = judged["cannot_tell"] > 0
    why = listing([reason for reason in judged.loc[unknown, "why"].unique() if reason])
    if not judged["denominator"].any():
        return [
            f"The {what} cannot be told in {count(len(judged), 'week')}:"
            f" {why or 'a needed fact is missing'}."
        ]
    missed = judged[judged["numerator"] < judged["denominator"]]
    full = int((~unknown & (judged["numerator"] == judged["denominator"])).sum())
    said = [_in_full(full, len(judged), what, who)]
    if len(missed):
        share = missed["numerator"] / missed["denominator"]
        low = missed.iloc[int(share.to_numpy().argmin())]
        said.append(
            f"In {count(len(missed), 'week')} at least one student was missed: the lowest was the"
            f" week of {date(low['week'])}, with {low['numerator']:,} of"
            f" {count(low['denominator'], 'student')}"
            f" ({percent(low['numerator'], low['denominator'])})."
        )
    if unknown.any():
        because = f": {why}" if why else ""
        said.append(
            f"In {count(unknown.sum(), 'week')} it cannot be told for some students{because}."
        )
    return said


def _in_full(full: int, judged: int, what: str, who: str) -> str:
    if full == judged:
        which = "the one week" if full == 1 else f"all {full} weeks"
    else:
        which = f"{full} of {count(judged, 'week')}"
    were = "was" if judged == 1 else "were"
    return f"In {which} that {were} judged {who} had the {what}."


def _weekly_chart(weeks: pd.DataFrame) -> alt.TopLevelMixin:
    first, after = weeks["week"].iloc[0], weeks["week"].iloc[-1] + pd.Timedelta(days=7)
    x = day_axis("week", first, after)
    y = alt.Y(
        "low:Q",
        title="Share of students",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", tickCount=5),
    )
    parts, bands = _parts(weeks), _bands(weeks)
    present = {*parts["part"], *bands["part"]}
    shown = [part for part in _PARTS if part in present]
    colour = alt.Color(
        "part:N", scale=alt.Scale(domain=shown, range=[_PARTS[part] for part in shown])
    )
    layers: list[alt.Chart] = []
    if len(bands):
        layers.extend(_band_layers(bands, x, colour, WIDTH / len(weeks)))
    if len(parts):
        box = alt.Chart(parts[["week", "end", "low", "high", "part"]])
        layers.append(box.mark_rect().encode(x=x, x2="end:T", y=y, y2="high:Q", color=colour))
        layers.append(_signs(parts, WIDTH / len(weeks)).encode(x=x, y=y))
    return alt.layer(*layers).properties(width=WIDTH, height=_HEIGHT)


def _parts(weeks: pd.DataFrame) -> pd.DataFrame:
    """The boxes of each judged week, from the bottom: contacted, not contacted, cannot tell."""
    judged = weeks[weeks["heads"] > 0]
    counts = {
        CONTACTED: judged["numerator"],
        MISSED: judged["denominator"] - judged["numerator"],
        UNKNOWN: judged["cannot_tell"],
    }
    low, boxes = judged["heads"] * 0.0, []
    for part, students in counts.items():
        high = low + students / judged["heads"]
        boxes.append(
            pd.DataFrame(
                {
                    "week": judged["week"] + pd.Timedelta(hours=10),
                    "end": judged["week"] + pd.Timedelta(days=6, hours=14),
                    "low": low,
                    "high": high,
                    "part": part,
                }
            )
        )
        low = high
    every = pd.concat(boxes, ignore_index=True)
    return every[every["high"] > every["low"]]


def _signs(parts: pd.DataFrame, week_width: float) -> alt.Chart:
    """A glyph in each box that has the room; what is missed or unknown is told by more than hue."""
    wide = (parts["high"] - parts["low"]) * _HEIGHT >= 16
    roomy = parts[wide & (week_width >= 12)]
    signs = pd.DataFrame(
        {
            "week": roomy["week"] + (roomy["end"] - roomy["week"]) / 2,
            "low": (roomy["low"] + roomy["high"]) / 2,
            "glyph": roomy["part"].str[:1],
        }
    )
    return (
        alt.Chart(signs).mark_text(color=LIGHT["surface"], fontWeight="bold").encode(text="glyph:N")
    )


def _bands(weeks: pd.DataFrame) -> pd.DataFrame:
    """Stretches of weeks not shown for the same reason: week, end, note, part."""
    missing = weeks.assign(note=_notes(weeks))[weeks["heads"] == 0]
    apart = (missing["week"].diff() != pd.Timedelta(days=7)) | (
        missing["note"] != missing["note"].shift()
    )
    bands = missing.groupby(apart.cumsum()).agg(
        week=("week", "first"), end=("week", "last"), note=("note", "first")
    )
    bands["end"] += pd.Timedelta(days=7)
    return bands.assign(part=bands["note"].map(lambda n: WITHHELD if n == FEW else NOT_JUDGED))


def _band_layers(
    bands: pd.DataFrame, x: alt.X, colour: alt.Color, week_width: float
) -> list[alt.Chart]:
    """Hatched bands, and the reason written up along each that has the room."""
    areas = alt.Chart(bands[["week", "end", "part"]])
    middle = bands["week"] + (bands["end"] - bands["week"]) / 2
    roomy = (bands["end"] - bands["week"]).dt.days / 7 * week_width >= 13
    notes = pd.DataFrame({"week": middle, "note": bands["note"]})[roomy]
    whole = {"y": alt.value(0), "y2": alt.value(_HEIGHT)}
    return [
        areas.mark_rect().encode(x=x, x2="end:T", color=colour, **whole),
        areas.mark_rect(opacity=0.4, color=LIGHT["line"])
        .encode(x=x, x2="end:T", **whole)
        .properties(name=HATCH),
        alt.Chart(notes)
        .mark_text(angle=270, align="left", limit=_HEIGHT - 12)
        .encode(x=x, y=alt.value(_HEIGHT - 6), text="note:N"),
    ]
