"""Cases and the steps taken in them: what follows what, and what has to come before.

A case is a student of a program, or a referral. The steps are its events; a referral's closing is
an event as well (see `words.CLOSING`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from casekit.caseload import Caseload, days
from casekit.kinds.plans import KEYS, NO_DAY, last_stretch
from casekit.kinds.rows import (
    CANNOT_TELL,
    DUE,
    EVENT_FACTS,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    Span,
    clock_of,
    day_of,
    each_party,
    enrolled_in_span,
    nobody,
    student_events,
    untold,
    verdicts,
)
from casekit.kinds.words import CLOSING, EventType, NoEventType, SameValue, Subject

# From the best to the worst: of a student's several cases, the worst is the verdict.
BY_WEIGHT = np.array([NOT_APPLICABLE, MET, DUE, CANNOT_TELL, NOT_MET])


def referrals_in_span(caseload: Caseload, span: Span) -> pd.DataFrame:
    """The referrals of the span's programs received in the span, numbered in `case`.

    Columns: case, program_id, student_id, subject_id, start (the day received), closed (the day,
    NaT while open on as_of), reason (as recorded, None where it is not), open.
    """
    rows = caseload.tables["referrals"]
    received, closed = days(rows["received_at"]), days(rows["closed_on"])
    closed = np.where(closed <= span.as_of, closed, NO_DAY)
    frame = pd.DataFrame(
        {
            "program_id": rows["program_id"],
            "student_id": rows["student_id"],
            "subject_id": rows["referral_id"],
            "start": received,
            "closed": closed,
            "reason": rows["closure_reason"].astype("object").where(~np.isnat(closed), None),
            "open": np.isnat(closed),
        }
    )
    mine = rows["program_id"].isin(span.programs) & (received >= span.since)
    frame = frame[(mine & (received <= span.as_of)).to_numpy()].reset_index(drop=True)
    return frame.assign(case=np.arange(len(frame)))


def cases_of(caseload: Caseload, span: Span, each: str) -> pd.DataFrame:
    """The cases of the span: its referrals, or its students in their last enrolment.

    Columns: case, program_id, student_id, subject_id, start, open (on as_of), closed (a day).
    """

    def find() -> pd.DataFrame:
        if each == "referral":
            return referrals_in_span(caseload, span)
        people = last_stretch(enrolled_in_span(caseload, span)).rename(columns={"row": "case"})
        still = (people["end"] >= span.as_of).to_numpy()
        return people.assign(subject_id=people["student_id"], open=still, closed=NO_DAY)

    return caseload.once(("cases", span.key, each), find)


def case_events(caseload: Caseload, span: Span, each: str, *types: str) -> pd.DataFrame:
    """The events of some types up to as_of that belong to each case.

    Columns: case, event_type, day, valid_until, EVENT_FACTS. An event that names no referral
    belongs to the student's last one received by its day; one before all of them, to the first.
    """
    return caseload.once(
        ("case_events", span.key, each, types), lambda: _case_events(caseload, span, each, types)
    )


def _case_events(caseload: Caseload, span: Span, each: str, types: tuple[str, ...]) -> pd.DataFrame:
    cases = cases_of(caseload, span, each)
    if each == "student":
        return cases[[*KEYS, "case"]].merge(student_events(caseload, span, *types), on=KEYS)
    every = caseload.tables["events"]
    every = every[every["event_type"].isin(types)]
    every = every.assign(
        day=day_of(every, "occurred_at"),
        valid_until=days(every["valid_until"]),
        clock=clock_of(every),
    )
    known = every[(every["day"] <= span.as_of).to_numpy()]
    facts = ["event_type", "day", "valid_until", *EVENT_FACTS]
    texts = dict.fromkeys(["event_type", *KEYS, *EVENT_FACTS], "object")
    known = each_party(known[[*facts, *KEYS]].astype(texts))
    named = known["referral_id"].notna()
    belonging = [known[named], _with_referral(caseload, known[~named])]
    return cases[["case", "subject_id"]].merge(
        pd.concat([*(rows[facts] for rows in belonging), _closings(cases, types)]),
        left_on="subject_id",
        right_on="referral_id",
    )


def _with_referral(caseload: Caseload, events: pd.DataFrame) -> pd.DataFrame:
    """Events that name no referral, once for each program, with the one they belong to by day."""
    rows = caseload.tables["referrals"]
    own = rows[[*KEYS, "referral_id"]].astype("object").rename(columns={"program_id": "program"})
    own = own.assign(received=days(rows["received_at"])).sort_values("received", kind="stable")
    both = events.drop(columns="referral_id").assign(place=np.arange(len(events)))
    both = both.merge(own, on="student_id")
    both = both[both["program_id"].isna() | (both["program_id"] == both["program"])]
    place = ["place", "program"]
    begun = both[both["received"] <= both["day"]].drop_duplicates(place, keep="last")
    rest = both.merge(begun[place], on=place, how="left", indicator=True)
    first = rest[rest["_merge"] == "left_only"].drop_duplicates(place)
    return pd.concat([begun, first])


def _closings(cases: pd.DataFrame, types: tuple[str, ...]) -> pd.DataFrame:
    """The closing of each referral as an event, by its own name and by its reason's."""
    closed = cases[~cases["open"]]
    reasons = ("closed_" + closed["reason"].fillna("")).to_numpy()
    found = [
        pd.DataFrame(
            {"referral_id": closed["subject_id"], "event_type": name, "day": closed["closed"]}
        )[(name == "referral_closed") | (reasons == name)]
        for name in CLOSING
        if name in types
    ]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def same_value(both: pd.DataFrame, same: str) -> tuple[pd.Series, pd.Series]:
    """Whether the two events of each row surely, and perhaps, name the same (empty `same`: yes).

    The second event's columns end in `_step`.
    """
    if not same:
        yes = pd.Series(True, index=both.index)
        return yes, yes
    mine, theirs = (both[name].str.lower() for name in (same, f"{same}_step"))
    sure = mine.notna() & (mine == theirs)
    return sure, sure | mine.isna() | theirs.isna()


def openings(
    caseload: Caseload, span: Span, cases: pd.DataFrame, each: str, *types: str
) -> pd.DataFrame:
    """What opens the question in each case, numbered in `opening`.

    Of a student: every such event in the span. Of a referral: the first.
    """
    events = case_events(caseload, span, each, *types)
    if each == "referral":
        events = events.sort_values("day", kind="stable").drop_duplicates("case")
    else:
        events = events[(events["day"] >= span.since).to_numpy()]
    events = events.merge(cases[["case", "open", "closed"]], on="case").reset_index(drop=True)
    return events.assign(opening=np.arange(len(events)))


def followed_by(
    caseload: Caseload,
    span: Span,
    *,
    step: EventType,
    event: NoEventType = "",
    same: SameValue = "",
    later: tuple[EventType, ...] = (),
    parties: tuple[str, ...] = (),
    ended_by: tuple[EventType, ...] = (),
    implied_by: tuple[EventType, ...] = (),
    one_each: bool = False,
    each: Subject = "student",
) -> pd.DataFrame:
    """What was begun is followed by its step, in time or before any later one.

    The steps of a placement committee's cases (B, D), amendments, signatures and filed papers. No
    text gives these steps a day: one is due while the case is open and no `later` step was taken
    on a later day, then not met. `ended_by` names what ends the case before it comes to them;
    `implied_by`, what shows that a referral's case came so far although the event itself was not
    recorded. `one_each`: a step answers one event and no more. One row per referral, or per
    student (the worst of what was begun).
    """
    if reason := caseload.lacks("events") or (each == "referral" and caseload.lacks("referrals")):
        return untold(caseload, span, str(reason))
    cases = cases_of(caseload, span, each)
    begun = _whole_cases(cases)
    if event:
        begun = openings(caseload, span, cases, each, event)
    if implied_by:
        shown = case_events(caseload, span, each, *implied_by)["case"]
        alone = cases[cases["case"].isin(shown) & ~cases["case"].isin(begun["case"])]
        begun = pd.concat([begun, _whole_cases(alone)], ignore_index=True)
        begun["opening"] = np.arange(len(begun))
    asked = max(len(parties), 1)
    taken = _after(caseload, span, each, begun, step)
    sure, perhaps = same_value(taken, same)
    unsure = perhaps & ~sure
    if one_each:
        sure = sure & taken.index.isin(_one_each(taken[sure]))
    if parties:
        named = taken["party_step"]
        reached = taken[sure & named.isin(parties)].groupby("opening")["party_step"].nunique()
        maybe = taken[perhaps & (named.isna() | (named.isin(parties) & unsure))]
    else:
        reached = taken[sure].groupby("opening").size().clip(upper=1)
        maybe = taken[unsure]
    reached = reached.reindex(begun["opening"], fill_value=0).to_numpy()
    most = reached + maybe.groupby("opening").size().reindex(begun["opening"], fill_value=0)
    further = _after(caseload, span, each, begun, *later)
    further = further[(further["day_step"] > further["day"]) & same_value(further, same)[0]]
    passed = begun["opening"].isin(further["opening"])
    ends = _after(caseload, span, each, begun, *ended_by)
    ended = begun["opening"].isin(ends.loc[~(ends["day_step"] > ends["closed"]), "opening"])
    status = np.select(
        [reached >= asked, most >= asked, passed, ended, begun["open"]],
        [MET, CANNOT_TELL, NOT_MET, NOT_APPLICABLE, DUE],
        NOT_MET,
    )
    counted = begun.assign(status=status, reached=reached)
    if each == "student":
        return _by_student(cases, span, counted.assign(reached=status == MET))
    return _by_referral(cases, counted, asked, event)


def _whole_cases(cases: pd.DataFrame) -> pd.DataFrame:
    """Cases that open the question themselves: any day of theirs is late enough for a step."""
    begun = cases.assign(opening=cases["case"], day=np.datetime64("0001-01-01", "s"))
    return begun.assign(**dict.fromkeys(EVENT_FACTS))


def _after(
    caseload: Caseload, span: Span, each: str, begun: pd.DataFrame, *types: str
) -> pd.DataFrame:
    """The events of some types in the case of each opening, on or after its day (`..._step`)."""
    both = _beside(caseload, span, each, begun, *types)
    return both[both["day_step"] >= both["day"]].reset_index(drop=True)


def _beside(
    caseload: Caseload, span: Span, each: str, begun: pd.DataFrame, *types: str
) -> pd.DataFrame:
    """Each opening with each event of some types in its case, whose columns end in `_step`."""
    events = case_events(caseload, span, each, *types)
    columns = ["case", "event_type", "day", "valid_until", *EVENT_FACTS]
    events = events.reindex(columns=columns).assign(number=np.arange(len(events)))
    events = events.rename(columns={name: f"{name}_step" for name in [*columns[1:], "number"]})
    return begun[["opening", "case", "day", "closed", *EVENT_FACTS]].merge(events, on="case")


def _one_each(taken: pd.DataFrame) -> list[int]:
    """Rows of `_after` such that each step answers one opening, the earliest that waits for it."""
    answered: set[int] = set()
    used: set[tuple] = set()
    found = []
    for row in taken.sort_values(["day_step", "day"], kind="stable").itertuples():
        step = (row.case, row.day_step, row.number_step)
        if row.opening not in answered and step not in used:
            answered.add(row.opening)
            used.add(step)
            found.append(row.Index)
    return found


def _by_student(cases: pd.DataFrame, span: Span, counted: pd.DataFrame) -> pd.DataFrame:
    """A row for each student with an opening: the worst of its statuses, and how many are met."""
    weight = np.argsort(BY_WEIGHT)[counted["status"].to_numpy()]
    each = counted.assign(weight=weight).groupby("case")
    told = each.agg(weight=("weight", "max"), reached=("reached", "sum"), begun=("day", "size"))
    people = cases.set_index("case").loc[told.index]
    status = BY_WEIGHT[told["weight"]]
    return verdicts(
        "student",
        program_id=people["program_id"].array,
        subject_id=people["student_id"].array,
        period_start=span.since,
        period_end=NO_DAY,
        status=status,
        reason=np.where(status == CANNOT_TELL, "which of them belong together is not recorded", ""),
        observed=told["reached"],
        limit=told["begun"],
        unit="steps taken",
    )


def _by_referral(
    cases: pd.DataFrame, counted: pd.DataFrame, asked: int, event: str
) -> pd.DataFrame:
    """A row for each referral; one without the event that opens the question asks nothing."""
    told = counted.set_index("case")
    status = told["status"].reindex(cases["case"], fill_value=NOT_APPLICABLE).to_numpy()
    begun = cases["case"].isin(told.index)
    name = event.replace("_", " ")
    why = np.where(begun, "the case ended before it", f"no {name} is on record")
    unsaid = np.where(status == CANNOT_TELL, "for whom it was is not recorded", "")
    return verdicts(
        "referral",
        program_id=cases["program_id"].array,
        subject_id=cases["subject_id"].array,
        period_start=days(cases["start"]),
        period_end=NO_DAY,
        status=status,
        reason=np.where(status == NOT_APPLICABLE, why, unsaid),
        observed=told["reached"].reindex(cases["case"], fill_value=0),
        limit=asked,
        unit="steps taken",
    )


def preceded_by(
    caseload: Caseload,
    span: Span,
    *,
    events: tuple[EventType, ...],
    steps: tuple[EventType, ...],
    same: SameValue = "",
    each: Subject = "student",
) -> pd.DataFrame:
    """What was done had every step before it, on the same day or earlier, and still valid.

    SD42, consent before information is exchanged or a referral is sent; the order of a placement
    committee's referral back. One row per referral, or per student with such events.
    """
    if reason := caseload.lacks("events") or (each == "referral" and caseload.lacks("referrals")):
        return untold(caseload, span, str(reason))
    cases = cases_of(caseload, span, each)
    begun = openings(caseload, span, cases, each, *events)
    both = _beside(caseload, span, each, begun, *steps)
    holds = (both["day_step"] <= both["day"]) & ~(both["valid_until_step"] < both["day"])
    holds &= ~(pd.to_datetime(both["clock_step"]) > pd.to_datetime(both["clock"]))
    sure, perhaps = same_value(both, same)
    counts = [
        both[holds & told].groupby("opening")["event_type_step"].nunique()
        for told in (sure, perhaps)
    ]
    covered, most = (c.reindex(begun["opening"], fill_value=0).to_numpy() for c in counts)
    asked = len(set(steps))
    status = np.select([covered >= asked, most >= asked], [MET, CANNOT_TELL], NOT_MET)
    counted = begun.assign(status=status, reached=covered)
    if each == "referral":
        return _by_referral(cases, counted, asked, " or ".join(events))
    if begun.empty:
        return nobody()
    told = _by_student(cases, span, counted.assign(reached=status == MET))
    return told.assign(period_end=span.as_of.astype("datetime64[s]"))
