"""Slow loops over contacts and referrals (see oracle.py for the world that they read)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from oracle import (
    DAY,
    Fact,
    Row,
    Verdict,
    World,
    all_of,
    any_of,
    day_of,
    days,
    months,
    status_of,
    weeks,
)


def completed(world: World, contact: Row) -> Fact:
    """Whether it came about; so it reads where no `outcome` column is there."""
    if not world.has("contacts", "outcome"):
        return True
    return None if contact["outcome"] is None else contact["outcome"] == "completed"


def two_way(world: World, contact: Row) -> Fact:
    if not world.has("contacts", "direction"):
        return True
    return None if contact["direction"] is None else contact["direction"] == "two_way"


def in_mode(contact: Row, modes: Iterable[str]) -> Fact:
    return None if contact.get("mode") is None else contact["mode"] in modes


def with_student(contact: Row) -> bool:
    """An empty cell counts; people who are named without the student do not."""
    return contact.get("participants") is None or "student" in contact["participants"]


def contacts_within(world: World, student: str, first: date, last: date) -> list[Row]:
    """The contacts of a student in a stretch: a week or month asks no more of them."""
    return [
        contact
        for contact in world.rows("contacts", student_id=student)
        if first <= day_of(contact["occurred_at"]) <= min(last, world.as_of)
    ]


def contacts_in(world: World, program: str, student: str, first: date, last: date) -> list[Row]:
    """The contacts of a student on days of a stretch on which the program had the student."""
    return [
        contact
        for contact in contacts_within(world, student, first, last)
        if world.enrolled(student, day_of(contact["occurred_at"]), program)
    ]


def weekly_contact(
    world: World, program: str, open_days: int, modes: tuple = (), both_ways: bool = False
) -> Iterator[Verdict]:
    for week in weeks(world):
        opened = world.opened(week[0], week[-1])
        if len(opened) < open_days:
            continue
        for student in world.students(program):
            enrolled = [world.enrolled(student, day, program) for day in opened]
            if not any(enrolled):
                continue
            facts = [
                all_of(
                    completed(world, contact),
                    with_student(contact),
                    two_way(world, contact) if both_ways else True,
                    in_mode(contact, modes) if modes else True,
                )
                for contact in contacts_within(world, student, week[0], week[-1])
            ]
            status = status_of(any_of(facts)) if all(enrolled) else "not_applicable"
            yield Verdict("student", student, program, week[0], week[-1], status)


def enrolled_or_planned(world: World, program: str, student: str, day: date) -> bool:
    """Whether a student is enrolled on a day; past as_of: goes on from it, with no day between."""
    first = min(day, world.as_of)
    return all(world.enrolled(student, one, program) for one in days(first, day))


def monthly_minutes(world: World, program: str, at_least: int, modes: tuple) -> Iterator[Verdict]:
    for first, last in months(world):
        opened = world.opened(first, last)
        if not opened or not world.since <= opened[0] <= world.as_of:
            continue
        for student in world.students(program):
            enrolled = [enrolled_or_planned(world, program, student, day) for day in opened]
            if not any(enrolled):
                continue
            surely = perhaps = 0
            for contact in contacts_within(world, student, first, last):
                fact = all_of(
                    completed(world, contact), with_student(contact), in_mode(contact, modes)
                )
                minutes = contact.get("duration_minutes")
                surely += (minutes or 0) if fact else 0
                perhaps += (24 * 60 if minutes is None else minutes) if fact is not False else 0
            if not all(enrolled):
                status = "not_applicable"
            elif surely >= at_least:
                status = "met"
            elif opened[-1] > world.as_of:
                status = "due"
            else:
                status = "cannot_tell" if perhaps >= at_least else "not_met"
            yield Verdict("student", student, program, first, last, status)


def seen_in_contacts(
    world: World,
    program: str,
    topics: tuple = (),
    settings: tuple = (),
    modes: tuple = (),
    each: bool = False,
) -> Iterator[Verdict]:
    if not any(world.heads(program, day) for day in days(world.since, world.as_of)):
        return
    found: dict[tuple[str, str], list[Fact]] = {}
    for column, values in (("topics", topics), ("setting", settings), ("mode", modes)):
        for value in values:
            facts = found.setdefault((column, value), [])
            for student in world.students(program):
                for contact in contacts_in(world, program, student, world.since, world.as_of):
                    cell = contact.get(column)
                    holds = None if cell is None else value in cell.split(";")
                    done = all_of(completed(world, contact), with_student(contact))
                    facts.append(all_of(done, holds))
    wanted = [any_of(facts) for facts in found.values()]
    status = status_of(all_of(*wanted) if each else any_of(wanted))
    yield Verdict("program", program, program, world.since, world.as_of, status)


def contacts_documented(
    world: World,
    program: str,
    shown_by: tuple = ("has_notes", "topics"),
    student_only: bool = True,
) -> Iterator[Verdict]:
    """Each completed contact has notes, or says what it was about; or what else shows it."""
    for student in world.students(program):
        facts = []
        for contact in contacts_in(world, program, student, world.since, world.as_of):
            done = completed(world, contact)
            if done is False or (student_only and not with_student(contact)):
                continue
            cells = [(name, contact.get(name)) for name in shown_by]
            # An empty list names nothing; an empty yes or no is not known.
            shown = [cell is not None if name == "topics" else cell for name, cell in cells]
            facts.append(any_of([*shown, None if done is None else False]))
        if facts:
            status = status_of(all_of(*facts))
            yield Verdict("student", student, program, world.since, world.as_of, status)


def weekly_delivery(world: World, program: str) -> Iterator[Verdict]:
    for week in weeks(world):
        if not any(world.heads(program, day) for day in week):
            continue
        facts = [
            all_of(completed(world, contact), with_student(contact))
            for student in world.students(program)
            for contact in contacts_in(world, program, student, week[0], week[-1])
        ]
        opened = bool(world.opened(week[0], week[-1]))
        status = status_of(any_of([opened, *facts]))
        yield Verdict("program", program, program, week[0], week[-1], status)


# Referrals. A time that is not known is tried at every quarter of an hour of its day: the times of
# the random data are half hours, so what happens at a limit and on both sides of it is tried.

QUARTERS = [timedelta(minutes=15 * n) for n in range(96)]


def times_of(moment: date) -> list[datetime]:
    """The times at which it may have been: one, or many of its day."""
    if isinstance(moment, datetime):
        return [moment]
    return [datetime.combine(moment, time()) + part for part in QUARTERS]


def elapsed(start: datetime, end: datetime) -> timedelta:
    """Time between two moments; one without an offset is read in the other's."""
    if start.tzinfo is None or end.tzinfo is None:
        return end.replace(tzinfo=None) - start.replace(tzinfo=None)
    return end - start


def over_all_worlds(world: World, referral: Row, in_time: object, passed: object) -> str:
    """The status that holds whatever the unknown times and outcomes are, else cannot_tell.

    in_time(start, end) says whether a contact at `end` is within the limit of a referral at
    `start`; passed(start) whether the limit had passed at the end of as_of.
    """
    contacts = [
        contact
        for contact in world.rows("contacts", student_id=referral["student_id"])
        if day_of(contact["occurred_at"]) <= world.as_of and with_student(contact)
    ]
    possible = set()
    for start in times_of(referral["received_at"]):
        reached: list[Fact] = []
        for contact in contacts:
            answers = {
                elapsed(start, end) >= timedelta(0) and in_time(start, end)
                for end in times_of(contact["occurred_at"])
            }
            fact = answers.pop() if len(answers) == 1 else None
            reached.append(all_of(fact, completed(world, contact)))
        fact = any_of(reached)
        if fact is not False:
            possible.add("met")
        if fact is not True:
            possible.add("not_met" if passed(start) else "due")
    return possible.pop() if len(possible) == 1 else "cannot_tell"


def referrals(world: World, program: str) -> list[Row]:
    rows = world.rows("referrals", program_id=program)
    return [r for r in rows if world.since <= day_of(r["received_at"]) <= world.as_of]


def first_contact_hours(world: World, program: str, hours: int) -> Iterator[Verdict]:
    limit = timedelta(hours=hours)
    end_of_as_of = datetime.combine(world.as_of + DAY, time())
    for row in referrals(world, program):
        received = row["received_at"]
        status = over_all_worlds(
            world,
            row,
            in_time=lambda start, end: elapsed(start, end) <= limit,
            passed=lambda start: elapsed(start, end_of_as_of) > limit,
        )
        deadline = day_of(received + limit)
        yield Verdict("referral", row["referral_id"], program, day_of(received), deadline, status)


def by_day(world: World, row: Row, last: date) -> str:
    return over_all_worlds(
        world,
        row,
        in_time=lambda start, end: day_of(end) <= last,
        passed=lambda start: world.as_of > last,
    )


def last_term(world: World, received: date) -> tuple[Fact, date | None]:
    """Whether it came in its school year's last term or later, and when the next year starts."""
    years = sorted(
        (r["start_date"], r["end_date"]) for r in world.rows("calendar", kind="school_year")
    )
    begun = [year for year in years if year[0] <= received]
    later = [start for start, _ in years if start > received]
    if not begun:
        return None, None
    first, last = begun[-1]
    starts = [row["start_date"] for row in world.rows("calendar", kind="term")]
    starts = [start for start in starts if first <= start <= last]
    late = received >= max(starts) if starts else None
    return late, later[0] if later else None


def first_contact_days(world: World, program: str, limit: int) -> Iterator[Verdict]:
    for row in referrals(world, program):
        received = day_of(row["received_at"])
        last = received + limit * DAY
        late, _ = last_term(world, received)
        if late is None:
            status = "cannot_tell"
        else:
            status = "not_applicable" if late else by_day(world, row, last)
        yield Verdict("referral", row["referral_id"], program, received, last, status)


def first_contact_before_year(world: World, program: str) -> Iterator[Verdict]:
    for row in referrals(world, program):
        received = day_of(row["received_at"])
        late, next_year = last_term(world, received)
        last = None
        if late is None:
            status = "cannot_tell"
        elif not late:
            status = "not_applicable"
        elif next_year:
            last = next_year - DAY
            status = by_day(world, row, last)
        else:
            # The next year starts some day after this one's end.
            year = max(
                r["end_date"]
                for r in world.rows("calendar", kind="school_year")
                if r["start_date"] <= received
            )
            status = by_day(world, row, year)
            status = "cannot_tell" if status == "not_met" else status
        yield Verdict("referral", row["referral_id"], program, received, last, status)
