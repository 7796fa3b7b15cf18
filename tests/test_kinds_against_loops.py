"""Every kind of requirement against a slow, obvious loop, on random caseloads."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction

import oracle
import oracle_cases
import oracle_contacts
import oracle_meetings
import oracle_people
import oracle_plans
import pandas as pd
import pytest
from case_settings import APPLIES, GROUPS
from conftest import caseload_of
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from oracle import Verdict, World
from oracle_applies import applies_to
from oracle_findings import LEVELS, finding, level
from random_cases import case_world
from random_worlds import frames, known, texts, without, worlds

from casekit.calendars import day
from casekit.caseload import Caseload
from casekit.catalog import Requirement, load
from casekit.evaluate import Plan, judge
from casekit.findings import levels_of, status_of
from casekit.kinds import KINDS
from casekit.kinds.rows import Span
from casekit.tables import ALL_EVENT_TYPES

EXAMPLES = int(os.environ.get("EXAMPLES", "30"))
few = settings(max_examples=EXAMPLES, deadline=None)


def span_of(world: World, caseload: Caseload) -> Span:
    since, as_of = day(world.since), day(world.as_of)
    return Span(caseload.calendars["c1"], tuple(world.programs), since, as_of, as_of)


def found(world: World, caseload: Caseload, kind: str, options: dict) -> list[tuple]:
    """casekit's rows, in order, as plain values: those of a Verdict."""
    return plain(KINDS[kind](caseload, span_of(world, caseload), **options))


def plain(verdicts: pd.DataFrame) -> list[tuple]:
    rows = []
    for r in verdicts.itertuples():
        end = None if pd.isna(r.period_end) else r.period_end.date()
        key = (r.subject_type, r.subject_id, r.program_id, r.period_start.date(), end)
        rows.append((*key, str(r.status), r.observed, r.days_over, r.limit))
    return sorted(rows, key=lambda row: str(row[:6]))


def differences(world: World, caseload: Caseload, one: tuple) -> list[tuple]:
    """Where casekit and the loop differ: pairs of rows; a row of one alone beside None."""
    kind, options, loop, told = one
    mine = found(world, caseload, kind, options)
    theirs = [tuple(v) for p in world.programs for v in loop(world, p, **told)]
    theirs.sort(key=lambda row: str(row[:6]))
    alone = [(row, None) for row in mine if row[:6] not in [t[:6] for t in theirs]]
    alone += [(None, row) for row in theirs if row[:6] not in [m[:6] for m in mine]]
    if alone or len(mine) != len(theirs):
        return alone or [(mine, theirs)]
    return [
        pair
        for pair in zip(mine, theirs, strict=True)
        for value, wanted in zip(pair[0][6:], pair[1][6:], strict=True)
        if wanted is not None and not math.isclose(value, wanted, abs_tol=1e-9)
    ]


def compare(world: World, cases: list[tuple]) -> None:
    """Each (kind, settings, loop, its settings) gives the same rows in casekit and by the loop."""
    caseload = frames(world)
    for one in cases:
        assert differences(world, caseload, one) == [], one[0]


def case(kind: str, loop: Callable[..., Iterable[Verdict]], renamed: dict | None = None, **options):
    """A kind with its settings, and the loop with the same ones under its own names."""
    names = renamed or {}
    return kind, options, loop, {names.get(k, k): v for k, v in options.items()}


STAFFING = [
    case("staff_ratio", oracle.staff_ratio, per_staff=2),
    case("caseload", oracle.caseload, at_most=1),
    (*case("staff_present", oracle.continuous_staffing, at_work=False)[:3], {}),
    (*case("staff_present", oracle.staff_available, at_work=True)[:3], {}),
    case("leave_covered", oracle.leave_covered),
]


FACE_TO_FACE = ("in_person", "home_visit")
way = {"two_way": "both_ways"}
CONTACTS = [
    case("weekly_contact", oracle_contacts.weekly_contact, open_days=3),
    case(
        "weekly_contact",
        oracle_contacts.weekly_contact,
        way,
        open_days=1,
        modes=FACE_TO_FACE,
        two_way=True,
    ),
    case("monthly_minutes", oracle_contacts.monthly_minutes, at_least=120, modes=FACE_TO_FACE),
    case("seen_in_contacts", oracle_contacts.seen_in_contacts, topics=("employment",)),
    case(
        "seen_in_contacts", oracle_contacts.seen_in_contacts, settings=("site", "online"), each=True
    ),
    case(
        "seen_in_contacts",
        oracle_contacts.seen_in_contacts,
        settings=("community", "home"),
        modes=("home_visit",),
    ),
    case("contacts_documented", oracle_contacts.contacts_documented),
    case(
        "contacts_documented",
        oracle_contacts.contacts_documented,
        {"with_student": "student_only"},
        shown_by=("on_face_sheet",),
        with_student=False,
    ),
    case("weekly_delivery", oracle_contacts.weekly_delivery),
]


def first_contact(loop: Callable[..., Iterable[Verdict]], unit: str, within: int, **told: int):
    """The kind with its unit, and the loop of that unit."""
    return "first_contact", {"unit": unit, "within": within}, loop, told


REFERRALS = [
    first_contact(oracle_contacts.first_contact_hours, "hours", 72, hours=72),
    first_contact(oracle_contacts.first_contact_hours, "hours", 48, hours=48),
    first_contact(oracle_contacts.first_contact_days, "days", 7, limit=7),
    first_contact(oracle_contacts.first_contact_before_year, "school_year", 0),
]
THREE = ("student", "family", "school")
PLANS = [
    case("plan_before_exit", oracle_plans.plan_before_exit, event="transition_plan"),
    case("annual_meeting", oracle_plans.annual_meeting, event="iep_meeting", due="iep_due"),
    case("on_file", oracle_people.on_file, event="timetable_provided", parties=THREE),
    case(
        "each_period",
        oracle_meetings.each_period,
        event="communication_report",
        period="fortnight",
        to_school=True,
    ),
    case("documented", oracle_plans.documented, event="progress_review"),
    case(
        "forwarded_by_due",
        oracle_plans.forwarded_by_due,
        due="term_report_due",
        forwarded="term_report_forwarded",
    ),
]
SOCIAL = ("social_work", "counseling", "education", "related")
PEOPLE = [
    case(
        "qualification",
        oracle_plans.qualification,
        degree="bachelor",
        degree_fields=SOCIAL,
        years=2,
        experience=("case_management", "direct_service"),
    ),
    case("qualification", oracle_plans.qualification, certificates=("cert_iv_youth_work",)),
    case("based_on_site", oracle_plans.based_on_site),
]

EVENTS = {
    "transition_plan": 3,
    "iep_meeting": 4,
    "iep_due": 2,
    "timetable_provided": 6,
    "communication_report": 4,
    "progress_review": 3,
    "term_report_due": 3,
    "term_report_forwarded": 3,
}
SOMETIMES = st.sets(st.sampled_from(["outcome", "direction", "mode", "participants", "topics"]))
NO_COLUMNS = st.just(frozenset())


def lacking(world: World, table: str, columns: set[str]) -> World:
    """The world without some columns of a table."""
    return without(world, table, *columns)


WORLDS = {
    "STAFFING": worlds(staff=(2, 5), assignments=(3, 7), leave=(1, 3)).map(known),
    "CONTACTS": st.builds(
        lacking, worlds(contacts=(6, 14)).map(known), st.just("contacts"), NO_COLUMNS | SOMETIMES
    ),
    "REFERRALS": st.builds(
        lacking,
        worlds(contacts=(4, 8), referrals=(2, 4)).map(known),
        st.just("contacts"),
        NO_COLUMNS | SOMETIMES,
    ),
    "PLANS": st.builds(
        lacking,
        worlds(EVENTS).map(known),
        st.just("events"),
        st.sampled_from([set(), set(), {"party"}, {"valid_until"}]),
    ),
    "PEOPLE": worlds(staff=(3, 6), assignments=(0, 2)).map(known),
}


@few
@given(world=WORLDS["STAFFING"])
def test_who_is_there(world: World) -> None:
    compare(world, STAFFING)


@few
@given(world=WORLDS["CONTACTS"])
def test_contacts(world: World) -> None:
    compare(world, CONTACTS)


@few
@given(world=WORLDS["REFERRALS"])
def test_first_contact(world: World) -> None:
    compare(world, REFERRALS)


@few
@given(world=WORLDS["PLANS"])
def test_plans_papers_and_reports(world: World) -> None:
    compare(world, PLANS)


@few
@given(world=WORLDS["PEOPLE"])
def test_what_staff_bring(world: World) -> None:
    compare(world, PEOPLE)


def named_events(cases: list[tuple[str, dict]]) -> tuple[str, ...]:
    """The event types that some settings name."""
    values = [v for _, options in cases for v in options.values()]
    names = {name for v in values for name in (v if isinstance(v, tuple) else (v,))}
    return tuple(name for name in ALL_EVENT_TYPES if name in names)


def asked(kind: str, options: dict) -> tuple:
    """A kind with its settings beside the loop of the same name."""
    rooms = (oracle_meetings, oracle_cases, oracle_people)
    loop = next(getattr(room, kind) for room in rooms if kind in vars(room))
    return case(kind, loop, **options)


@pytest.mark.parametrize("group", GROUPS)
@settings(max_examples=max(3, EXAMPLES // 5), deadline=None, phases=[Phase.generate])
@given(seed=st.integers(0, 2**32))
def test_meetings_steps_and_papers(group: str, seed: int) -> None:
    tables, cases = GROUPS[group]
    world = case_world(seed, named_events(cases), tables)
    compare(world, [asked(*one) for one in cases])


@pytest.mark.parametrize("group", GROUPS)
@settings(max_examples=1, deadline=None, phases=[Phase.generate])
@given(seed=st.integers(0, 2**32))
def test_a_table_that_is_not_there(group: str, seed: int) -> None:
    tables, cases = GROUPS[group]
    whole = case_world(seed, named_events(cases), tables)
    for absent in ("events", *(name for name in tables if name != "staff")):
        columns = {name: names for name, names in whole.columns.items() if name != absent}
        rest = {name: rows for name, rows in whole.tables.items() if name != absent}
        compare(replace(whole, columns=columns, tables=rest), [asked(*one) for one in cases])


UNNAMED = {"id": "x.y", "title": "", "citation": "", "statements": ()}


@pytest.mark.parametrize("number", range(len(APPLIES)))
@settings(max_examples=max(3, EXAMPLES // 5), deadline=None, phases=[Phase.generate])
@given(seed=st.integers(0, 2**32), lacks=st.booleans())
def test_whom_it_is_asked_of(number: int, seed: int, lacks: bool) -> None:
    conditions, (kind, options) = APPLIES[number]
    tables = ("staff", "assignments", "goals", "progress", "referrals")
    world = case_world(seed, named_events([(kind, options)]), tables)
    if lacks and (column := next(iter(conditions))) in world.columns["students"]:
        world = without(world, "students", column)
    caseload = frames(world)
    rule = Requirement(**UNNAMED, kind=kind, settings=options, applies_to=conditions)
    mine = [row[:6] for row in plain(judge(rule, caseload, span_of(world, caseload)))]
    _, _, loop, told = asked(kind, options)
    rows = [row for p in world.programs for row in loop(world, p, **told)]
    theirs = [tuple(row)[:6] for row in applies_to(world, rows, conditions)]
    assert mine == sorted(theirs, key=str)


@settings(max_examples=5, deadline=None)
@given(
    world=worlds(
        EVENTS, staff=(1, 4), assignments=(1, 4), leave=(1, 3), contacts=(1, 6), referrals=(1, 3)
    ).map(known)
)
def test_the_frames_made_here_are_those_that_reading_gives(world: World) -> None:
    same_frames(world)


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_so_are_those_of_dense_caseloads(seed: int) -> None:
    kinds = ("iep_meeting", "written_notice", "parent_refused", "designation_deadline")
    tables = ("staff", "assignments", "referrals", "goals", "progress")
    same_frames(case_world(seed, kinds, tables))


def same_frames(world: World) -> None:
    read, made = caseload_of(**texts(world)), frames(world)
    assert read.problems.empty
    assert read.given == made.given
    for name, table in read.tables.items():
        theirs = made.tables[name]
        pd.testing.assert_frame_equal(
            table[theirs.columns], theirs, check_dtype=False, check_categorical=False
        )


COUNT = st.integers(0, 4)


@settings(max_examples=300, deadline=None)
@given(
    counts=st.tuples(COUNT, COUNT, COUNT, COUNT, COUNT),
    target=st.sampled_from(["1.0", "0.9", "0.75", "0.5", "0.3"]),
)
def test_the_status_of_a_finding(counts: tuple, target: str) -> None:
    names = ("met", "not_met", "due", "not_applicable", "cannot_tell")
    statuses = [name for name, count in zip(names, counts, strict=True) for _ in range(count)]
    met, not_met, due, not_applicable, cannot_tell = counts
    row = pd.DataFrame(
        {
            "denominator": [met + not_met],
            "numerator": [met],
            "due": [due],
            "not_applicable": [not_applicable],
            "cannot_tell": [cannot_tell],
        }
    )
    assert status_of(row, pd.Series([float(target)]))[0] == finding(statuses, Fraction(target))


FLO = load("sa_flo")
PLACED = {r.id: (r.area, r.element, r.level) for r in FLO.requirements.values() if r.element}


@settings(max_examples=60, deadline=None)
@given(
    failing=st.dictionaries(
        st.sampled_from(sorted(PLACED)),
        st.sampled_from(["not_met", "due", "cannot_tell", "not_applicable"]),
        max_size=12,
    )
)
def test_levels_under_both_gates(failing: dict[str, str]) -> None:
    status = {name: failing.get(name, "met") for name in FLO.requirements}
    table = pd.DataFrame(status.items(), columns=["requirement_id", "status"])
    table = table.assign(standard_id=FLO.id, program_id="p1")
    rows = levels_of(table, Plan({FLO.id: FLO}, {}, {}))
    mine = {(r.gate, r.area, r.element): r.level for r in rows.itertuples()}
    height = {name: number for number, name in enumerate(["", *LEVELS])}
    theirs: dict[tuple, str] = {}
    for gate in ("literal", "cumulative"):
        for area, element, _ in PLACED.values():
            theirs[gate, area, element] = level(PLACED, status, area, element, gate)
        for area in {area for area, _, _ in PLACED.values()}:
            inside = [v for k, v in theirs.items() if k[:2] == (gate, area)]
            theirs[gate, area, ""] = min(inside, key=height.__getitem__)
        whole = [v for k, v in theirs.items() if k[0] == gate]
        theirs[gate, "", ""] = min(whole, key=height.__getitem__)
    assert mine == theirs
