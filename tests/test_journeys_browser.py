"""What each notebook is for, done by keyboard alone: in JupyterLab and as a web page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import browser, quiet, sync_api  # noqa: F401 (`browser` is a fixture)
from notebook_pages import (
    PATIENCE,
    Home,
    home,
    named,
    picture,
    reach,
    settled,
    write,
)

pytestmark = pytest.mark.browser
expect = sync_api.expect
expect.set_options(timeout=PATIENCE)

# One FLO program; of the element Support and supervision one of four is answered already.
ROSTER = {
    "programs": "program_id,program_name,calendar_id,standard_ids\np1,Riverside,c1,sa_flo\n",
    # The second row has reversed dates: it is named and set aside, and the others are judged.
    "students": "student_id,program_id,enrollment_start,enrollment_end\n"
    "s1,p1,2026-02-09,\ns2,p1,2026-03-02,2026-02-02\ns3,p1,2026-02-09,\n",
    "contacts": "student_id,occurred_at,mode\ns1,2026-02-10,in_person\n",
    "calendar": "calendar_id,kind,start_date,end_date\nc1,school_year,2026-02-09,2026-12-11\n",
    "attestations": "program_id,requirement_id,answer,assessed_on\n"
    "p1,sa_flo.line_management,yes,2026-02-12\n",
}
ELEMENT = ("practice_supervision", "supervisor_skills", "case_conferences")


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("lab", marks=pytest.mark.xdist_group("lab")),
        pytest.param("app", marks=pytest.mark.xdist_group("app")),
    ],
)
def place(request: pytest.FixtureRequest, tmp_path_factory) -> Iterator[Home]:
    with home(request.param, tmp_path_factory.mktemp(request.param)) as found:
        yield found


@pytest.fixture
def page(browser: sync_api.Browser, place: Home) -> Iterator[sync_api.Page]:  # noqa: F811
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    heard = quiet(page)
    yield page
    assert not heard.all
    context.close()


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    for name, text in ROSTER.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def said(page: sync_api.Page, text: str) -> None:
    """Wait until the panel has said something."""
    expect(page.locator(".ck [role=status]").last).to_contain_text(text)


def day(page: sync_api.Page, name: str, month: str, number: str, year: str) -> None:
    """Type a date, part by part, as an American keyboard has it, and leave the field."""
    reach(page, named(name))
    page.keyboard.type(month + number + year)
    page.keyboard.press("Tab")


def pressed(page: sync_api.Page, key: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(key)
    settled(page)


def choose(page: sync_api.Page, name: str, words: str) -> None:
    """Reach a list, and go down it to what begins with some words."""
    reach(page, named(name))
    for _ in range(40):
        if page.evaluate("document.activeElement.selectedOptions[0].text").startswith(words):
            return settled(page)
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{words} is not in the list {name}")


def test_a_bad_row_is_named_and_another_day_is_judged(
    page: sync_api.Page, place: Home, roster: Path
) -> None:
    place.open(page, "1_caseload")
    write(page, "data", str(roster))
    said(page, "1 row set aside")
    problems = page.get_by_role("region", name="Problems, by row of your own files")
    expect(problems.locator("tbody tr")).to_have_count(1)
    expect(problems).to_contain_text("students.csv")
    expect(problems).to_contain_text("3")
    day(page, "as_of", "02", "22", "2026")
    # Two whole weeks of two students, of which one was met once.
    missed = page.locator(named("open", "sa_flo|sa_flo.weekly_session|not_met"))
    expect(missed).to_contain_text("3")
    reach(page, named("open", "sa_flo|sa_flo.weekly_session|not_met"))
    pressed(page, "Enter")
    expect(page.get_by_role("rowheader", name="s3").first).to_be_visible()


def test_three_answers_raise_the_level_and_outlive_the_kernel(
    page: sync_api.Page, place: Home, roster: Path
) -> None:
    place.open(page, "2_self_assessment")
    choose_element(page, roster)
    for name in ELEMENT:
        reach(page, asked(name))
        pressed(page, "ArrowDown")  # from "no answer" round to "yes"
    said(page, "Support and supervision is now functioning.")
    picture(page, f"journey-self-assessment-{place.name}")
    place.restart(page)
    choose_element(page, roster)
    for name in ELEMENT:
        expect(page.locator(asked(name) + "[value=yes]")).to_be_checked()
    assert (roster / "attestations.csv").read_text().count("yes") == 4


def asked(name: str) -> str:
    """The answers to a requirement; their name ends with what tells the sheet apart."""
    return f'.ck [name^="answer:sa_flo.{name}:"]'


def choose_element(page: sync_api.Page, roster: Path) -> None:
    write(page, "data", str(roster))
    said(page, "1 row set aside")
    choose(page, "section", "Human resources: Support")
    expect(page.locator(asked("practice_supervision")).first).to_be_visible()


def test_half_a_post_more_and_the_breach_goes(page: sync_api.Page, place: Home) -> None:
    place.open(page, "4_staffing", '.ck [name="fte"]')
    chart = page.locator('[data-region="chart"]')
    expect(chart).to_contain_text("open days are over 75")
    reach(page, named("fte"))
    pressed(page, "ArrowRight", 5)
    expect(chart).to_contain_text("no open day ahead is over 75")
    assert page.evaluate("document.activeElement.name") == "fte"
    picture(page, f"journey-staffing-{place.name}")


def test_two_reports_are_written_and_read(page: sync_api.Page, place: Home) -> None:
    place.open(page, "5_reports", '.ck [name="write"]')
    reach(page, named("untick"))
    pressed(page, "Enter")
    for program in ("P-01", "P-02"):
        reach(page, named(f"program|{program}"))
        pressed(page, "Space")
    reach(page, named("write"))
    page.keyboard.press("Enter")
    said(page, "2 reports written")
    reach(page, named("read", "P-02/report.html"))
    pressed(page, "Enter")
    report = page.frame_locator(".ck iframe")
    expect(report.get_by_role("heading", level=1)).to_contain_text("Sample FLO 02")
    picture(page, f"journey-reports-{place.name}")


def test_what_falls_due_follows_the_slider(page: sync_api.Page, place: Home) -> None:
    place.open(page, "3_deadlines", '.ck [name="days"]')
    before = page.locator('.ck [data-region="figure"]').inner_text()
    reach(page, named("days"))
    pressed(page, "End")
    expect(page.locator('.ck [data-region="figure"]')).not_to_have_text(before)


def test_the_quiz_is_taken(page: sync_api.Page, place: Home) -> None:
    place.open(page, "6_workshop", '.ck [name="activity"]')
    reach(page, named("activity"))
    while page.evaluate("document.activeElement.value") != "quiz":
        pressed(page, "ArrowDown")
    for question in range(3):
        reach(page, named(f"quiz-{question}"))
        pressed(page, "Space")
    reach(page, named("mark"))
    pressed(page, "Enter")
    said(page, "right")


def test_a_level_of_a_standard_is_shown(page: sync_api.Page, place: Home) -> None:
    place.open(page, "0_standards", '.ck [name="level"]')
    choose(page, "level", "embedded")
    expect(page.get_by_role("region", name="at level “embedded”")).to_be_visible()
