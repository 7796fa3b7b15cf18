"""Slow loops over the steps of a case (see oracle.py)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from oracle import FAR, Fact, Row, Verdict, World, all_of, any_of, day_of, days, status_of
from oracle_contacts import referrals
from oracle_meetings import every_party, in_span, needs
from oracle_plans import events

WORST = ("not_met", "cannot_tell", "due", "met")


def same_value(one: Row, other: Row, column: str) -> Fact:
    """Whether two events speak of the same; an empty cell on either side may be the same."""
    if not column:
        return True
    if one.get(column) is None or other.get(column) is None:
        return None
    return str(one[column]).lower() == str(other[column]).lower()


def openings(world: World, program: str, student: str, kinds: Sequence[str]) -> list[Row]:
    """The events of these types that lie in the span, of a student enrolled on a day of it."""
    known = any(world.enrolled(student, day, program) for day in days(world.since, world.as_of))
    return [
        row
        for kind in kinds
        for row in events(world, program, student, kind)
        if known and in_span(world, day_of(row["occurred_at"]))
    ]


# The events of a referral


def closed(world: World, referral: Row) -> date | None:
    """The day a case was closed, if it was by as_of."""
    day = referral.get("closed_on")
    return day if day is not None and day <= world.as_of else None


def belongs(world: World, event: Row, referral: Row) -> bool:
    """By its referral_id, else to the student's last referral to the program by then."""
    if event.get("referral_id") is not None:
        return event["referral_id"] == referral["referral_id"]
    student, program = referral["student_id"], referral["program_id"]
    if event["student_id"] != student or event["program_id"] not in (None, program):
        return False
    others = world.rows("referrals", student_id=student, program_id=program)
    others.sort(key=lambda row: day_of(row["received_at"]))
    before = [r for r in others if day_of(r["received_at"]) <= day_of(event["occurred_at"])]
    return (before[-1] if before else others[0]) is referral


def case_events(world: World, referral: Row, *kinds: str) -> list[Row]:
    """The events of a referral by as_of, and those that its closing makes."""
    found = [
        row
        for row in world.rows("events")
        if row["event_type"] in kinds
        and day_of(row["occurred_at"]) <= world.as_of
        and belongs(world, row, referral)
    ]
    day, reason = closed(world, referral), referral.get("closure_reason")
    for kind in ("referral_closed", f"closed_{reason}"):
        if day is not None and kind in kinds:
            found.append({"event_type": kind, "occurred_at": day, "party": None})
    return found


def case_verdict(row: Row, status: str, end: date | None = None, **more: object) -> Verdict:
    start = day_of(row["received_at"])
    return Verdict("referral", row["referral_id"], row["program_id"], start, end, status, **more)


# One event asks for another


def followed_by(world: World, program: str, each: str = "student", **settings) -> Iterator[Verdict]:
    one = {"student": student_followed, "referral": referral_followed}[each]
    yield from one(world, program, **settings)


@needs("events")
def student_followed(
    world: World,
    program: str,
    step: str,
    event: str,
    same: str = "",
    later: Sequence[str] = (),
    one_each: bool = False,
) -> Iterator[Verdict]:
    for student in world.students(program):
        found, used = [], set()
        begun = openings(world, program, student, [event])
        for opening in sorted(begun, key=lambda row: day_of(row["occurred_at"])):
            start = day_of(opening["occurred_at"])

            def from_there(kind: str, start: date = start, who: str = student) -> list[Row]:
                rows = events(world, program, who, kind)
                return [row for row in rows if day_of(row["occurred_at"]) >= start]

            mine = [row for row in from_there(step) if not one_each or id(row) not in used]
            status = status_of(any_of(same_value(opening, row, same) for row in mine))
            if one_each and status == "met":
                used.add(id(min(mine, key=lambda row: day_of(row["occurred_at"]))))
            passed = any(
                same_value(opening, row, same) and day_of(row["occurred_at"]) > start
                for k in later
                for row in from_there(k)
            )
            if status == "not_met" and not passed and world.enrolled(student, world.as_of, program):
                status = "due"
            found.append(status)
        if found:
            worst = min(found, key=WORST.index)
            yield Verdict(
                *("student", student, program, world.since, None, worst),
                observed=Fraction(found.count("met")),
                limit=len(found),
            )


@needs("events", "referrals")
def referral_followed(
    world: World,
    program: str,
    step: str,
    event: str = "",
    later: Sequence[str] = (),
    parties: Sequence[str] = (),
    ended_by: Sequence[str] = (),
    implied_by: Sequence[str] = (),
) -> Iterator[Verdict]:
    for referral in referrals(world, program):
        start = date.min
        if event:
            first = [day_of(row["occurred_at"]) for row in case_events(world, referral, event)]
            if not first and case_events(world, referral, *implied_by):
                first = [date.min]  # so far it came, whatever was recorded
            if not first:
                yield case_verdict(referral, "not_applicable")
                continue
            start = min(first)

        def from_there(*kinds: str, case: Row = referral, start: date = start) -> list[Row]:
            rows = case_events(world, case, *kinds)
            return [row for row in rows if day_of(row["occurred_at"]) >= start]

        steps = from_there(step)
        if parties:
            there, fact = every_party(steps, parties)
        else:
            there, fact = int(bool(steps)), bool(steps)
        status = status_of(fact)
        if status == "not_met":
            ends = [day_of(row["occurred_at"]) for row in from_there(*ended_by)]
            if any(day_of(row["occurred_at"]) > start for row in from_there(*later)):
                status = "not_met"
            elif any(end <= (closed(world, referral) or FAR) for end in ends):
                status = "not_applicable"
            elif closed(world, referral) is None:
                status = "due"
        yield case_verdict(referral, status, observed=Fraction(there), limit=len(parties) or 1)


def preceded_by(world: World, program: str, each: str = "student", **settings) -> Iterator[Verdict]:
    one = {"student": student_preceded, "referral": referral_preceded}[each]
    yield from one(world, program, **settings)


@needs("events")
def student_preceded(
    world: World, program: str, events: Sequence[str], steps: Sequence[str], same: str = ""
) -> Iterator[Verdict]:
    for student in world.students(program):
        facts = []
        for opening in openings(world, program, student, events):
            day = day_of(opening["occurred_at"])
            needed = []
            for step in steps:
                known = [
                    row
                    for row in before_as_of(world, program, student, step)
                    if day_of(row["occurred_at"]) <= day <= (row.get("valid_until") or FAR)
                ]
                needed.append(any_of(same_value(opening, row, same) for row in known))
            facts.append(all_of(*needed))
        if facts:
            yield Verdict(
                *("student", student, program, world.since, world.as_of),
                status=status_of(all_of(*facts)),
                observed=Fraction(facts.count(True)),
                limit=len(facts),
            )


before_as_of = events  # `events` is also the name of a setting


@needs("events", "referrals")
def referral_preceded(
    world: World, program: str, events: Sequence[str], steps: Sequence[str]
) -> Iterator[Verdict]:
    for referral in referrals(world, program):
        days = [day_of(row["occurred_at"]) for row in case_events(world, referral, *events)]
        if not days:
            yield case_verdict(referral, "not_applicable")
            continue
        done = all(
            any(
                day_of(row["occurred_at"]) <= min(days) <= (row.get("valid_until") or FAR)
                for row in case_events(world, referral, step)
            )
            for step in steps
        )
        yield case_verdict(referral, status_of(done))


@needs("events", "referrals")
def on_weekday(world: World, program: str, event: str, weekday: str) -> Iterator[Verdict]:
    wanted = ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(weekday)
    for referral in referrals(world, program):
        rows = case_events(world, referral, event)
        right = all(day_of(row["occurred_at"]).weekday() == wanted for row in rows)
        yield case_verdict(referral, status_of(right) if rows else "not_applicable")


@needs("events")
def by_announced_date(
    world: World, program: str, request: str, consulted: str, submitted: str, announced: str
) -> Iterator[Verdict]:
    for student in world.students(program):
        dates = sorted(
            row.get("valid_until") or day_of(row["occurred_at"])
            for row in world.rows("events", event_type=announced)
            if row["program_id"] in (None, program)
            and row["student_id"] in (None, student)
            and (day_of(row["occurred_at"]) <= world.as_of or row.get("valid_until") is None)
        )
        talks = [day_of(r["occurred_at"]) for r in events(world, program, student, consulted)]
        sent = [day_of(r["occurred_at"]) for r in events(world, program, student, submitted)]
        found = []
        asked = {day_of(r["occurred_at"]) for r in openings(world, program, student, [request])}
        asked = {day for day in asked if world.enrolled(student, day, program)}
        for start in sorted(asked):  # of two as bad, the first one's deadline stands
            deadline = next((day for day in dates if day >= start), None)
            if deadline is None:
                found.append(("cannot_tell", None))
            elif any(start <= d <= deadline and any(t <= d for t in talks) for d in sent):
                found.append(("met", deadline))
            else:
                found.append(("due" if world.as_of <= deadline else "not_met", deadline))
        if found:
            status, deadline = min(found, key=lambda one: WORST.index(one[0]))
            yield Verdict("student", student, program, world.since, deadline, status)


# How a case ends


@needs("referrals")
def monitored_period(
    world: World, program: str, excused: Sequence[str] = (), closed_as: Sequence[str] = ()
) -> Iterator[Verdict]:
    periods = sorted(
        (row["start_date"], row["end_date"])
        for row in world.rows("calendar", kind="grading_period")
    )
    for referral in referrals(world, program):
        received, day = day_of(referral["received_at"]), closed(world, referral)
        reason = referral.get("closure_reason") if day else None
        end = next((last for first, last in periods if first >= received), None)
        if closed_as and (day is None or (reason is not None and reason not in closed_as)):
            status = "not_applicable"
        elif end is None or (closed_as and reason is None):
            status = "cannot_tell"
        elif (day or world.as_of) >= end:
            status = "met"
        elif day is None:
            status = "due"
        elif reason is None:
            status = "cannot_tell"
        else:
            status = "not_applicable" if reason in excused else "not_met"
        yield case_verdict(referral, status, end)


@needs("referrals")
def closure_reason(world: World, program: str, allowed: Sequence[str]) -> Iterator[Verdict]:
    for referral in referrals(world, program):
        reason = referral.get("closure_reason")
        if closed(world, referral) is None:
            status = "not_applicable"
        else:
            status = status_of(None if reason is None else reason in allowed)
        yield case_verdict(referral, status)
