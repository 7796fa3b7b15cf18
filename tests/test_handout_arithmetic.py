"""The hand-out's script judges as casekit does: the same facts, the same status.

The script runs in Chromium; the judges are asked through `evaluate` on a small caseload that says
the same. Random facts stand on a rule's line, or a step off it, far more often than chance would.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pandas as pd
import pytest
from browsers import browser, sync_api
from handout_judged import judged
from handout_worlds import WORLDS

from casekit.catalog import load, shipped_standards
from casekit.catalog.standard import GATES
from casekit.evaluate import Plan
from casekit.findings import levels_of
from casekit.handout.fields import Field
from casekit.handout.forms import FORMS
from casekit.handout.page import handout_page, levels_about
from casekit.handout.tries import TryIt, tries

pytestmark = pytest.mark.browser
__all__ = ["browser"]  # the fixture

CASES = 20  # of each try-it
TRIES = {it.requirement.id: it for name in shipped_standards() for it in tries(load(name))}
# Days on which a month or a year later has another length.
DAYS = ("2024-02-29", "2024-02-28", "2024-03-01", "2025-12-31", "2026-03-31", "2026-05-30")


@pytest.fixture(scope="module")
def page(browser: sync_api.Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    path = tmp_path_factory.mktemp("handout") / "handout.html"
    path.write_text(handout_page(load("sa_flo")), encoding="utf-8")
    page = browser.new_context(offline=True).new_page()
    page.goto(path.as_uri())
    yield page
    page.context.close()


def script_says(page: sync_api.Page, it: TryIt, facts: list[dict]) -> list[str]:
    settings = {**it.settings, "who": dict(it.settings["who"])}
    judge = "([kind, settings, many]) => many.map((f) => casekit.judge(kind, settings, f).status)"
    return page.evaluate(judge, [it.requirement.kind, settings, facts])


def a_value(field: Field, rng: Random) -> object:
    """A value that the control can hold: where it starts, one step off it, an end, or any."""
    if field.sort == "tick":
        return rng.random() < 0.5
    if field.sort == "choice":
        return rng.choice([field.value, *(value for value, _ in field.options)])
    if field.sort == "day":
        near = date.fromisoformat(field.value) + timedelta(days=rng.randrange(-9, 9))
        return rng.choice([*DAYS, field.value, str(near)])
    step, places = float(field.finest), len(field.finest.partition(".")[2])
    start = float(field.value)
    low, high = float(field.low), float(field.high)
    some = low + step * rng.randrange(round((high - low) / step) + 1)
    value = rng.choice([start, start, start - step, start + step, low, high, some, some])
    return f"{min(max(value, low), high):.{places}f}"


def sensible(facts: dict) -> bool:
    """Whether days follow each other: what cannot be told apart, the script asks to mend."""
    order = ["before_first", "before_last", "term_first", "term_last"]
    if "term_last" in facts:
        days = [facts[name] for name in order]
        return days == sorted(days) and len(set(days)) == 4
    if "last" in facts:
        # A school year of fewer than seven days may have no open day.
        return date.fromisoformat(facts["last"]) - date.fromisoformat(facts["first"]) >= timedelta(
            7
        )
    if facts.get("waited") == "0.0" and facts["reached"] == "no":
        return False  # received when the last day that is known was over
    return facts.get("here") != "0" or facts.get("elsewhere") != "0"


def some_facts(it: TryIt, cases: int, seed: int) -> list[dict]:
    rng = Random(f"{it.requirement.id} {seed}")
    found: list[dict] = []
    while len(found) < cases:
        facts = {field.name: a_value(field, rng) for field in it.fields}
        found += [facts] if sensible(facts) else []
    return found


@pytest.mark.parametrize("name", TRIES)
def test_the_script_judges_as_casekit_does(page: sync_api.Page, name: str) -> None:
    it = TRIES[name]
    facts = some_facts(it, CASES, seed=1)
    both = zip(facts, script_says(page, it, facts), judged(it, facts), strict=True)
    assert [(each, said, own) for each, said, own in both if said != own] == []


# Ratio: three people, as (fte, share) of each, and the students.
JUST = {"fte_1": "0.4", "share_1": "0.25", "fte_2": "0.8", "share_2": "0.25"}
JUST |= {"fte_3": "1", "share_3": "0.5", "students": "60"}


@pytest.mark.parametrize(
    ("name", "facts", "status"),
    [
        # 0.4 x 0.25 + 0.8 x 0.25 + 1 x 0.5 is 0.8 exactly, and 60 to it 75.0: floats fall short.
        ("wa_open_doors.staff_ratio", JUST, "met"),
        ("wa_open_doors.staff_ratio", {**JUST, "students": "61"}, "not_met"),
        ("wa_open_doors.staff_ratio", {**JUST, "share_3": "0.499"}, "not_met"),
        # Students and nobody's time: not a division by zero.
        ("wa_open_doors.staff_ratio", {**JUST, **{f"fte_{n}": "0" for n in (1, 2, 3)}}, "not_met"),
        ("wa_open_doors.staff_ratio", {**JUST, "students": "0"}, "not_applicable"),
        # The seventh day still counts, the eighth does not.
        ("sa_flo.contact_within_week", {"waited": "7", "reached": "yes", "late": False}, "met"),
        ("sa_flo.contact_within_week", {"waited": "8", "reached": "yes", "late": False}, "not_met"),
        # So do 72 hours to the minute.
        ("sa_flo.contact_72_hours", {"waited": "72", "reached": "yes"}, "met"),
        ("sa_flo.contact_72_hours", {"waited": "72.1", "reached": "yes"}, "not_met"),
        ("sa_flo.contact_72_hours", {"waited": "72", "reached": "no"}, "due"),
        # A year after 29 February 2024 is 28 February 2025: 365 days.
        *(
            (
                "ks_wyandotte.annual_meeting",
                {"meeting": "2024-02-29", "after": after, "held": "yes"},
                status,
            )
            for after, status in (("365", "met"), ("366", "not_met"))
        ),
        # A month before 31 March 2026 is 28 February: 31 days.
        *(
            (
                "ks_wyandotte.draft_begun_month_before",
                {"meeting": "2026-03-31", "apart": apart},
                status,
            )
            for apart, status in (("31", "met"), ("30", "not_met"))
        ),
    ],
)
def test_on_the_line_and_a_step_off_it(
    page: sync_api.Page, name: str, facts: dict, status: str
) -> None:
    it = TRIES[name]
    assert [*script_says(page, it, [facts]), *judged(it, [facts])] == [status, status]


@pytest.mark.parametrize("gate", GATES)
def test_levels_are_those_of_the_report(page: sync_api.Page, gate: str) -> None:
    standard = load("sa_flo")
    about, rng = levels_about(standard), Random(7)
    plan = Plan({"sa_flo": standard}, {}, {})
    for _ in range(30):
        # Most are met, so that the upper levels are reached as well.
        status = {r: rng.choice(["met"] * 12 + ["not_met"]) for r in standard.requirements}
        findings = pd.DataFrame(
            {"standard_id": "sa_flo", "program_id": "p1", "status": status}
        ).rename_axis("requirement_id")
        told = levels_of(findings.reset_index(), plan)
        told = told[(told["gate"] == gate) & (told["element"] != "")]
        own = list(zip(told["level"], told["blocking"], strict=True))
        script = """([about, rows, good, gate]) => rows.map(([area, element]) => {
          const told = casekit.attained(about, area, element, new Set(good), gate);
          return [told.level, told.lacks.join(";")];
        })"""
        rows = told[["area", "element"]].to_numpy().tolist()
        good = [r for r, s in status.items() if s == "met"]
        assert [tuple(each) for each in page.evaluate(script, [about, rows, good, gate])] == own


def test_every_kind_that_can_be_tried_is_held_against_its_judge() -> None:
    assert set(FORMS) == set(WORLDS) == {it.requirement.kind for it in TRIES.values()}
