"""The hand-out in a real browser: from a file, offline, by keyboard, on a phone, read aloud."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import axe_clean, browser, sync_api
from own_standard import BASE

from casekit.catalog import load, shipped_standards
from casekit.handout.page import handout_page

pytestmark = pytest.mark.browser
__all__ = ["browser"]  # the fixture

STANDARDS = shipped_standards()
RATIO = "At most 75 students to each full-time case manager"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The address of each standard's hand-out."""
    folder = tmp_path_factory.mktemp("handouts")
    for name in STANDARDS:
        (folder / f"{name}.html").write_text(handout_page(load(name)), encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in STANDARDS}


@pytest.fixture
def opened(browser: sync_api.Browser, pages: dict[str, str]) -> Iterator:
    """Open a standard's hand-out with the network off."""
    contexts = []

    def open_page(name: str, **settings: object) -> sync_api.Page:
        contexts.append(browser.new_context(offline=True, **settings))
        page = contexts[-1].new_page()
        page.goto(pages[name])
        return page

    yield open_page
    for context in contexts:
        context.close()


def block(page: sync_api.Page, title: str) -> sync_api.Locator:
    return page.get_by_role("region", name=title, exact=True)


def verdict(page: sync_api.Page, title: str) -> str:
    return block(page, title).get_by_role("status").inner_text()


@pytest.mark.parametrize("name", STANDARDS)
def test_it_asks_for_nothing_and_complains_of_nothing(
    browser: sync_api.Browser, pages: dict[str, str], name: str
) -> None:
    page = browser.new_context(offline=True).new_page()
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.goto(pages[name])
    for control in page.locator("main input[type=range]").all():
        control.press("ArrowRight")
    assert [s for s in seen if s not in (pages[name], "data:,")] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", STANDARDS)
def test_axe_finds_nothing(opened, name: str, scheme: str) -> None:
    # The page's own policy forbids other scripts, axe's too: it is lifted for this run.
    axe_clean(opened(name, color_scheme=scheme, bypass_csp=True))


@pytest.mark.parametrize("name", STANDARDS)
@pytest.mark.parametrize("width", [320, 640])  # a phone; a screen of 1280 at 200%
def test_nobody_need_scroll_sideways(opened, name: str, width: int) -> None:
    page = opened(name, viewport={"width": width, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", STANDARDS)
def test_every_try_it_says_something_from_the_start(opened, name: str) -> None:
    page = opened(name)
    said = page.locator(".ck-try [role=status]").all_inner_texts()
    assert [s for s in said if len(s.split()) < 4] == []


def test_one_more_student_by_the_arrow_key_breaks_the_ratio(opened) -> None:
    page = opened("wa_open_doors")
    before = verdict(page, RATIO)
    block(page, RATIO).get_by_label("Students enrolled", exact=True).press("ArrowRight")
    words = [said.split()[1] for said in (before, verdict(page, RATIO))]
    assert words == ["met", "not"]


def test_the_sum_and_the_drawing_follow_the_number_that_is_typed(opened) -> None:
    page = opened("wa_open_doors")
    held = block(page, RATIO)
    bar = held.locator("svg .ck-fill")
    before = float(bar.get_attribute("width"))
    held.get_by_label("Students enrolled, as a number").fill("30")
    told = (
        held.locator(".ck-sum").inner_text(),
        held.locator("input[type=range]").first.input_value(),
    )
    assert float(bar.get_attribute("width")) < before
    assert ("30 students ÷ 0.8 = 37.5 to one" in told[0], told[1]) == (True, "30")


def test_a_number_out_of_reach_is_answered_with_what_is_allowed(opened) -> None:
    page = opened("wa_open_doors")
    box = block(page, RATIO).get_by_label("Students enrolled, as a number")
    box.fill("1e9")
    assert "write a whole number from 0 to 150" in verdict(page, RATIO)
    assert box.get_attribute("aria-invalid") == "true"


def test_a_day_that_is_taken_out_is_asked_for(opened) -> None:
    page = opened("ks_wyandotte")
    title = "An IEP meeting is held at least once a year"
    block(page, title).get_by_label("Day of the IEP meeting").fill("")
    assert "choose a day" in verdict(page, title)


def test_a_tick_in_the_week_by_keyboard_meets_the_cadence(opened) -> None:
    page = opened("wa_open_doors")
    title = "Each student has a contact each week"
    for name in ("Tuesday", "Thursday"):
        block(page, title).get_by_label(name).press("Space")
    assert verdict(page, title).startswith("✓ met")


LEVELS = "Which level does an element reach?"


def test_ticking_what_the_next_level_asks_raises_it(opened) -> None:
    page = opened("sa_flo")
    held = block(page, LEVELS)
    before = verdict(page, LEVELS)
    for box in (
        held.get_by_role("group", name="Strategic: this element").get_by_role("checkbox").all()
    ):
        box.press("Space")
    assert [said.split()[1] for said in (before, verdict(page, LEVELS))] == [
        "functioning",
        "strategic",
    ]


def test_another_element_has_its_own_requirements_and_keeps_what_was_ticked(opened) -> None:
    page = opened("sa_flo")
    held = block(page, LEVELS)
    held.get_by_role("checkbox").first.press("Space")
    held.get_by_label("Element").select_option(index=1)
    others = held.get_by_role("group", name="Functioning: the other elements of Case management")
    assert not others.get_by_role("checkbox").first.is_checked()
    assert "At most 25 students per case manager" in held.locator(".ck-lacks").inner_text()


def test_nothing_jumps_while_a_slider_moves(opened) -> None:
    page = opened("wa_open_doors", viewport={"width": 1100, "height": 800})
    height = "document.documentElement.scrollHeight"
    before = page.evaluate(height)
    for _ in range(5):
        block(page, RATIO).get_by_label("Students enrolled", exact=True).press("PageUp")
    assert page.evaluate(height) == before


def test_on_paper_the_sentences_stay_and_the_controls_go(opened) -> None:
    page = opened("wa_open_doors")
    page.emulate_media(media="print")
    held = block(page, RATIO)
    shown = [held.locator(part).is_visible() for part in (".ck-sum", ".ck-result", ".ck-fields")]
    assert shown == [True, True, False]


def test_without_a_script_the_text_is_there_and_says_what_is_missing(opened) -> None:
    page = opened("wa_open_doors", java_script_enabled=False)
    assert page.get_by_text("The sliders need a browser").is_visible()
    assert page.get_by_text("WAC 392-700-085, ratio").last.is_visible()


def test_a_title_that_is_markup_runs_nothing_and_is_read_as_it_is_written(
    browser: sync_api.Browser, tmp_path: Path
) -> None:
    hostile = "<img src=x onerror=alert(1)></script>"
    own = tmp_path / "base.toml"
    text = BASE.replace('level = "low"', 'level = "low"\narea = "A"\nelement = "B"')
    own.write_text(text.replace("At most 25", hostile), encoding="utf-8")
    path = tmp_path / "page.html"
    path.write_text(handout_page(load(own)), encoding="utf-8")
    page = browser.new_context(offline=True, bypass_csp=True).new_page()
    page.goto(path.as_uri())
    assert page.locator("img").count() == 0
    assert page.get_by_role("checkbox", name=hostile).is_checked()
