"""Contact figures: the weekly contact week by week, and how soon after referral the first came."""

from __future__ import annotations

import altair as alt
import pandas as pd

from casekit.figures.axes import day_axis
from casekit.figures.figure import HATCH, Figure, drawn, nothing
from casekit.figures.theme import LIGHT, STATUS, WIDTH
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
_BUCKET_COLUMNS = ["First contact", "Referrals", "Share"]

CONTACTED, MISSED, UNKNOWN = "✓ contacted", "✗ not contacted", "? cannot tell"
NOT_JUDGED = "▨ week not judged"
_PARTS = {
    CONTACTED: LIGHT["met"],
    MISSED: LIGHT["not_met"],
    UNKNOWN: LIGHT["cannot_tell"],
    NOT_JUDGED: LIGHT["line"],
}
_HEIGHT = 240  # px

# The buckets that are not simply in time; any other is.
_BUCKETS = {"later": "not_met", "not yet, still in time": "due", "cannot tell": "cannot_tell"}


def weekly_contact(weeks: pd.DataFrame, what: str) -> Figure:
    """The share of students contacted, week by week, and the weeks that were not judged.

    `weeks` has a row per week: week (its Monday, datetime64), open_days, note (why it was not
    judged, or what was special), denominator, numerator, cannot_tell, not_applicable (students),
    rate (float, NaN none). `what` names the contact, as in "status check".
    """
    key, title = "weekly", f"{capital(what)}, week by week"
    caption = f"{capital(what)}: students judged and contacted in each week"
    if weeks.empty:
        sentence = (
            "There is no whole week to judge. A week counts when its Monday and its Sunday both "
            "lie in the time that is looked at."
        )
        return nothing(key, title, sentence, _WEEK_COLUMNS, caption)
    weeks = weeks.sort_values("week", ignore_index=True)
    weeks = weeks.assign(heads=weeks["denominator"] + weeks["cannot_tell"])
    sentence = _weekly_sentence(weeks, what)
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
    return Figure(key, title, sentence, chart, table, caption)


def _notes(weeks: pd.DataFrame) -> pd.Series:
    """The week's note; where a week without one was not judged, why."""
    nobody = (weeks["heads"] == 0) & (weeks["note"] == "")
    return weeks["note"].mask(nobody, "no student to judge")


def _weekly_sentence(weeks: pd.DataFrame, what: str) -> str:
    judged = weeks[weeks["denominator"] > 0]
    unknown = int((weeks["cannot_tell"] > 0).sum())
    unjudged = int((weeks["heads"] == 0).sum())
    if unjudged == len(weeks):
        which = "The one week was" if len(weeks) == 1 else f"None of the {len(weeks)} weeks was"
        not_ = " not" if len(weeks) == 1 else ""
        return f"{which}{not_} judged: {listing(list(_notes(weeks).unique()))}."
    if judged.empty:
        return (
            f"The {what} cannot be told in {count(unknown, 'week')}: a needed column of the "
            "contacts table is empty or not there."
        )
    full = int((judged["numerator"] == judged["denominator"]).sum())
    said = _in_full(full, len(judged), what)
    if full < len(judged):
        share = judged["numerator"] / judged["denominator"]
        low = judged.iloc[int(share.to_numpy().argmin())]
        students = count(low["denominator"], "student")
        said += (
            f" The lowest was the week of {date(low['week'])}, with {low['numerator']:,} "
            f"of {students} ({percent(low['numerator'], low['denominator'])})."
        )
    if unknown:
        said += f" In {count(unknown, 'week')} it cannot be told for some students."
    if unjudged:
        said += f" {count(unjudged, 'week was', 'weeks were')} not judged."
    return said


def _in_full(full: int, judged: int, what: str) -> str:
    if full == judged:
        which = "In the one week" if full == 1 else f"In all {full} weeks"
    elif judged == 1:
        return f"In the one week that could be judged not every student had the {what}."
    else:
        which = f"In {full} of {judged} weeks"
    return f"{which} that could be judged every student had the {what}."


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
    present = {*parts["part"], *([NOT_JUDGED] if len(bands) else [])}
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
    """Stretches of weeks that were not judged for the same reason: week, end, note."""
    missing = weeks.assign(note=_notes(weeks))[weeks["heads"] == 0]
    apart = (missing["week"].diff() != pd.Timedelta(days=7)) | (
        missing["note"] != missing["note"].shift()
    )
    bands = missing.groupby(apart.cumsum()).agg(
        week=("week", "first"), end=("week", "last"), note=("note", "first")
    )
    bands["end"] += pd.Timedelta(days=7)
    return bands.assign(part=NOT_JUDGED)


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


def first_contact(buckets: pd.DataFrame) -> Figure:
    """How soon after a referral the first contact came.

    `buckets` has a row per bucket, in order: bucket (str), referrals (int); each referral is in
    one bucket only, the soonest that holds it.
    """
    key, title = "first_contact", "First contact after a referral"
    caption = "Referrals by the time to the first contact"
    total = int(buckets["referrals"].sum())
    if not total:
        sentence = (
            "No referral was received in the time that is looked at. Referrals are read from the "
            "referrals table."
        )
        return nothing(key, title, sentence, _BUCKET_COLUMNS, caption)
    sentence = _bucket_sentence(buckets, total)
    table = pd.DataFrame(
        {
            "First contact": buckets["bucket"],
            "Referrals": buckets["referrals"],
            "Share": buckets["referrals"].map(lambda n: percent(n, total)),
        }
    ).reset_index(drop=True)
    return Figure(key, title, sentence, drawn(_bucket_chart(buckets), sentence), table, caption)


def _bucket_sentence(buckets: pd.DataFrame, total: int) -> str:
    number = dict(zip(buckets["bucket"], buckets["referrals"].astype(int), strict=True))
    late, open_, unknown = (number.get(bucket, 0) for bucket in _BUCKETS)
    came = [f"{b} for {n:,}" for b, n in number.items() if n and b not in _BUCKETS]
    came += [f"later for {late:,}"] if late else []
    said = []
    if came:
        said.append(f"Of {count(total, 'referral')}, the first contact came {listing(came, 9)}.")
    if open_:
        has = "has no contact yet and still has" if open_ == 1 else "have no contact yet, but have"
        said.append(f"{count(open_, 'referral')} {has} time.")
    if unknown:
        said.append(
            f"For {count(unknown, 'referral')} it cannot be told: the times of day are not known."
        )
    return " ".join(said)


def _bucket_chart(buckets: pd.DataFrame) -> alt.TopLevelMixin:
    status = buckets["bucket"].map(lambda b: STATUS[_BUCKETS.get(b, "met")])
    bars = pd.DataFrame(
        {
            "bucket": buckets["bucket"],
            "referrals": buckets["referrals"],
            "colour": status.map(lambda s: LIGHT[s.colour]),
            "said": [f"{s.glyph} {n:,}" for s, n in zip(status, buckets["referrals"], strict=True)],
        }
    )
    most = bars["referrals"].max() * 1.15
    y = alt.Y("bucket:N", title=None, sort=list(bars["bucket"]), axis=alt.Axis(ticks=False))
    x = alt.X(
        "referrals:Q",
        title="Referrals",
        scale=alt.Scale(domain=[0, most], nice=False),
        axis=alt.Axis(tickMinStep=1, format=",d"),
    )
    base = alt.Chart(bars)
    return alt.layer(
        base.mark_bar(height={"band": 0.7}).encode(
            x=x, y=y, color=alt.Color("colour:N", scale=None)
        ),
        base.mark_text(align="left", dx=5).encode(x=x, y=y, text="said:N"),
    ).properties(width=WIDTH - 140, height=alt.Step(28))
