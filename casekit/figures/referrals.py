"""The first contact figure: how soon after a referral it came."""

from __future__ import annotations

import altair as alt
import pandas as pd

from casekit.figures.figure import Figure, drawn, nothing
from casekit.figures.theme import LIGHT, STATUS, WIDTH
from casekit.phrases import count, listing, percent

_BUCKET_COLUMNS = ["First contact", "Referrals", "Share"]


def first_contact(buckets: pd.DataFrame, whom: str = "") -> Figure:
    """How soon after a referral the first contact came.

    `buckets` has a row per bucket, in order: bucket (str), status (met: a limit, and the contact
    within it; not_met, due, cannot_tell: one bucket each), referrals (int), why (what cannot be
    told, in words); each referral is in one bucket only, the soonest that holds it. `whom` is a
    sentence: of which students it is asked, if not of all.
    """
    key, title = "first_contact", "First contact after a referral"
    caption = "Referrals by the time to the first contact"
    total = int(buckets["referrals"].sum())
    if not total:
        sentence = (
            f"{whom} None of them was referred in the time that is looked at."
            if whom
            else "No referral was received in the time that is looked at."
        ) + " Referrals are read from the referrals table."
        return nothing(key, title, sentence, _BUCKET_COLUMNS, caption)
    sentence = f"{whom} {_bucket_sentence(buckets, total)}".lstrip()
    table = pd.DataFrame(
        {
            "First contact": buckets["bucket"],
            "Referrals": buckets["referrals"],
            "Share": buckets["referrals"].map(lambda n: percent(n, total)),
        }
    ).reset_index(drop=True)
    return Figure(key, title, sentence, drawn(_bucket_chart(buckets), sentence), table, caption)


def _bucket_sentence(buckets: pd.DataFrame, total: int) -> str:
    there = buckets[buckets["referrals"] > 0]
    came = [
        f"{row.bucket} for {row.referrals:,}"
        for row in there[there["status"].isin(["met", "not_met"])].itertuples()
    ]
    open_, unknown = (
        int(there.loc[there["status"] == status, "referrals"].sum())
        for status in ("due", "cannot_tell")
    )
    said = []
    if came:
        said.append(f"Of {count(total, 'referral')}, the first contact came {listing(came, 9)}.")
    if open_:
        has = "has no contact yet and still has" if open_ == 1 else "have no contact yet, but have"
        said.append(f"{count(open_, 'referral')} {has} time.")
    if unknown:
        why = "".join(there["why"]) or "a needed fact is missing"
        said.append(f"For {count(unknown, 'referral')} it cannot be told: {why}.")
    return " ".join(said)


def _bucket_chart(buckets: pd.DataFrame) -> alt.TopLevelMixin:
    status = buckets["status"].map(STATUS)
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
