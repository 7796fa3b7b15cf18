"""Random caseloads, each from one number, whose days all lie near each other.

So the lines of a rule are met: two weeks before, the day itself, the day after. They have too many
cells for hypothesis to draw one by one; `smallest` does what its shrinking would do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from itertools import pairwise
from random import Random

from oracle import DAY, Row, World
from random_worlds import COLUMNS, FIRST

# Days so far apart stand on the line of a rule, or a day off it.
APART = (-31, -30, -28, -16, -15, -14, -13, -2, -1, 0, 1, 2, 7, 13, 14, 15, 16)
STUDENTS = tuple(f"s{n}" for n in range(1, 10))
STAFF = ("a", "b", "c")
PARTIES = {
    "written_notice": ("parent_1", "parent_2"),
    "meeting_invite": ("lea", "general_education"),
    "draft_shared": ("lea", "parent"),
    "services_meeting": ("student", "parent"),
}
REASONS = ("satisfactory", "withdrawn", "refused", "referred_back", "other")
GRADES = ("7", "9", "12", "Grade 10", "09", "Year 12", None)
LATE = time(23, 30, tzinfo=timezone(timedelta(hours=-8)))


@dataclass
class Days:
    """A few days near each other, and what is drawn from them."""

    rng: Random
    near: list[date] = field(default_factory=list)

    def __post_init__(self) -> None:
        centre = FIRST + self.rng.randrange(22) * DAY
        self.near = [centre + n * DAY for n in self.rng.sample(APART, 7)]

    def one(self) -> date:
        return self.rng.choice(self.near)

    def lasting(self) -> tuple[date, date | None]:
        """Most often from long before, and without an end."""
        first = self.rng.choice([self.one() - 60 * DAY, self.one() - 60 * DAY, self.one()])
        return first, self.rng.choice([None, None, *[d for d in self.near if d >= first][:3]])


def _calendar(rng: Random, days: Days) -> list[Row]:
    """Two school years, with terms or without, and up to three grading periods."""
    ends = FIRST + rng.randrange(-10, 50) * DAY
    rows = [("school_year", FIRST - 60 * DAY, ends)]
    if rng.random() < 0.7:
        rows.append(("school_year", ends + rng.randrange(1, 12) * DAY, ends + 60 * DAY))
    if rng.random() < 0.6:
        ends = FIRST + rng.randrange(5, 25) * DAY
        rows.append(("term", FIRST - rng.randrange(56) * DAY, ends))
        rows.append(("term", ends + rng.randrange(14, 18) * DAY, FIRST + 60 * DAY))
    cuts = sorted(rng.sample(days.near, rng.randrange(1, 5)))
    rows += [("grading_period", a, b - DAY) for a, b in pairwise(cuts)]
    for _ in range(rng.randrange(3)):
        first = days.one()
        rows.append(("closure", first, first + rng.randrange(7) * DAY))
    rows.append(("open_day", *2 * [days.one()]))
    names = ("kind", "start_date", "end_date")
    return [{"calendar_id": "c1", **dict(zip(names, row, strict=True))} for row in rows]


def _students(rng: Random, days: Days) -> list[Row]:
    rows = []
    for student in (*STUDENTS, *rng.choices(STUDENTS, k=7)):
        first, last = days.lasting()
        turning = days.one()
        birth = [None, turning.replace(year=2012), turning.replace(year=2012), date(2012, 2, 29)]
        rows.append(
            {
                "student_id": student,
                "program_id": rng.choice(["p1", "p1", "p1", "p2"]),
                "enrollment_start": first,
                "enrollment_end": last,
                "birth_date": rng.choice(birth),
                "grade_level": rng.choice(GRADES),
                "site_id": rng.choice(["n", "n", "m", "m", None]),
                "designation": rng.choice([None, "D", "H", "Z"]),
                "support_hours": rng.choice([24, 25, 25.5, 26, None]),
                "of_concern": rng.choice([True, False, None]),
                "parents": rng.choice([1, 2, None]),
            }
        )
    return by_key(rows, "student_id", "program_id", "enrollment_start")


def by_key(rows: list[Row], *names: str) -> list[Row]:
    """No two rows of one key."""
    return list({tuple(row[name] for name in names): row for row in rows}.values())


def _dated(table: Callable[[Random], Row]) -> Callable[[Random, Days], list[Row]]:
    """Rows that last from a day to another or on."""

    def rows(rng: Random, days: Days) -> list[Row]:
        found = [
            {**table(rng), **dict(zip(("start_date", "end_date"), days.lasting(), strict=True))}
            for _ in range(rng.randrange(1, 20))
        ]
        keys = [name for name in found[0] if name.endswith("_id") and name != "site_id"]
        return by_key(found, *keys, *([] if "goal_id" in keys else ["start_date"]))

    return rows


def _referrals(rng: Random, days: Days) -> list[Row]:
    rows = []
    for number in range(rng.randrange(5, 16)):
        received = days.one()
        later = [day for day in days.near if day >= received]
        rows.append(
            {
                "referral_id": f"r{number}",
                "student_id": rng.choice(STUDENTS),
                "program_id": rng.choice(["p1", "p1", "p2"]),
                "received_at": received,
                "closed_on": rng.choice([None, *later]),
                "closure_reason": rng.choice([None, *REASONS]),
            }
        )
    return by_key(rows, "student_id", "program_id", "received_at")


def _progress(rng: Random, days: Days) -> list[Row]:
    return [
        {
            "student_id": rng.choice(STUDENTS),
            "goal_id": rng.choice("gh"),
            "measured_on": FIRST + rng.randrange(-7, 42) * DAY,
        }
        for _ in range(rng.randrange(90))
    ]


MAKERS: Mapping[str, Callable[[Random, Days], list[Row]]] = {
    "staff": _dated(
        lambda rng: {
            "staff_id": rng.choice(STAFF),
            "program_id": rng.choice(["p1", "p2"]),
            "site_id": rng.choice(["n", "m", "m", None]),
        }
    ),
    "assignments": _dated(
        lambda rng: {"student_id": rng.choice(STUDENTS), "staff_id": rng.choice(STAFF)}
    ),
    "goals": _dated(lambda rng: {"student_id": rng.choice(STUDENTS), "goal_id": rng.choice("gh")}),
    "referrals": _referrals,
    "progress": _progress,
}


def _event(rng: Random, days: Days, kind: str, world: World) -> Row:
    when = days.one()
    if kind in ("iep_meeting", "iep_due") and rng.random() < 0.3:
        when -= 365 * DAY
    case = rng.choice([None, None, *world.rows("referrals")])
    who = {"student_id": rng.choice(STUDENTS), "program_id": rng.choice([None, None, "p1", "p2"])}
    if case:  # whose case it is need not be told again
        who = {name: rng.choice([None, case[name]]) for name in who}
    elif kind == "designation_deadline":
        who["student_id"] = rng.choice([None, who["student_id"]])
    near = [day.isoformat() for day in days.near[:3]]
    staff = sorted({row["staff_id"] for row in world.rows("staff")})
    return {
        "event_type": kind,
        "occurred_at": rng.choice([when, when, datetime.combine(when, LATE)]),
        **who,
        "party": rng.choice([*2 * PARTIES.get(kind, ("k1", "k2")), None]),
        "valid_until": rng.choice([None, None, days.one()]),
        "referral_id": case and case["referral_id"],
        "staff_id": rng.choice([None, *staff, *staff]),
        "item_id": rng.choice(["i", "i", "j", "j", None]),
        "detail": rng.choice([None, "phone", "letter", *near]),
    }


def case_world(seed: int, kinds: tuple[str, ...], tables: tuple[str, ...] = ()) -> World:
    """A caseload with these tables and some events of each type; the same for the same seed."""
    rng = Random(seed)
    days = Days(rng)
    programs = [{"program_id": p, "calendar_id": "c1"} for p in ("p1", "p2")]
    made = {
        "programs": programs,
        "calendar": _calendar(rng, days),
        "students": _students(rng, days),
        **{name: MAKERS[name](rng, days) for name in tables},
    }
    if "assignments" in made and "staff" in made:
        there = {row["staff_id"] for row in made["staff"]}
        made["assignments"] = [r for r in made["assignments"] if r["staff_id"] in there]
    if "progress" in made:
        goals = {(row["student_id"], row["goal_id"]) for row in made["goals"]}
        made["progress"] = [
            row for row in made["progress"] if (row["student_id"], row["goal_id"]) in goals
        ]
    since = rng.choice([FIRST - 10 * DAY, FIRST, *sorted(days.near)[:3]])
    as_of = max(since, rng.choice([FIRST + 42 * DAY, *sorted(days.near)[2:]]))
    columns = {name: COLUMNS[name].split() for name in (*made, "events")}
    world = World(columns, made, since, as_of)
    counts = {kind: rng.choice([0, 9, 18, 27]) for kind in kinds}
    made["events"] = [_event(rng, days, k, world) for k, n in counts.items() for _ in range(n)]
    return world


def smallest(world: World, differs: Callable[[World], bool]) -> World:
    """The world without rows that a difference does not need; students and calendar stay."""
    for name in [n for n in world.tables if n not in ("programs", "students", "calendar")]:
        size = len(world.rows(name))
        while size:
            rows = world.rows(name)
            for start in range(0, len(rows), size):
                dropped = rows[start : start + size]
                left = [row for row in world.rows(name) if not any(row is d for d in dropped)]
                fewer = replace(world, tables={**world.tables, name: left})
                world = fewer if differs(fewer) else world
            size //= 2
    return world
