"""A report and the index in a real browser: offline, by keyboard, on a phone, read aloud."""

from __future__ import annotations

import pytest
from browsers import axe, browser, sync_api
from report_data import write_data

from casekit.reports.batch import write_reports

pytestmark = pytest.mark.browser
__all__ = ["browser"]  # the fixture

PAGES = ("index", "north", "south")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Addresses of the index and of two reports: one with a ratio, one with levels."""
    folder = tmp_path_factory.mktemp("pages")
    data = write_data(folder / "data")
    result = write_reports(data, as_of="2026-02-03", out=folder / "out", jobs=2, progress=False)
    assert not result.failed
    paths = {"index": result.index, **result.written}
    return {name.removeprefix("../"): path.as_uri() for name, path in paths.items()}


def opened(browser: sync_api.Browser, address: str, **settings: object) -> sync_api.Page:
    page = browser.new_context(offline=True, **settings).new_page()
    page.goto(address)
    return page


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_for_nothing_and_complains_of_nothing(
    browser: sync_api.Browser, pages: dict[str, str], name: str
) -> None:
    page = browser.new_context(offline=True).new_page()
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.goto(pages[name])
    page.wait_for_load_state("networkidle")
    assert [s for s in seen if s not in (pages[name], "data:,")] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(
    browser: sync_api.Browser, pages: dict[str, str], name: str, scheme: str
) -> None:
    # The page's own policy forbids scripts, axe's too: it is lifted for this run.
    page = opened(browser, pages[name], color_scheme=scheme, bypass_csp=True)
    for summary in page.locator("summary").all():
        summary.click()
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_one_first_heading(
    browser: sync_api.Browser, pages: dict[str, str], name: str
) -> None:
    assert opened(browser, pages[name]).locator("h1").count() == 1


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_need_not_scroll_sideways(
    browser: sync_api.Browser, pages: dict[str, str], name: str
) -> None:
    page = opened(browser, pages[name], viewport={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_wide_table_scrolls_in_a_region_that_the_keyboard_reaches(
    browser: sync_api.Browser, pages: dict[str, str]
) -> None:
    page = opened(browser, pages["south"], viewport={"width": 320, "height": 640})
    region = page.get_by_role("region", name="FLO case management standards: Case management")
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert region.evaluate("element => element.scrollLeft") > 0


def test_the_first_tab_offers_to_skip_to_the_content(
    browser: sync_api.Browser, pages: dict[str, str]
) -> None:
    page = opened(browser, pages["south"])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_figure_is_one_image_whose_name_is_its_sentence(
    browser: sync_api.Browser, pages: dict[str, str]
) -> None:
    page = opened(browser, pages["north"])
    figure = page.locator("figure").first
    name = figure.get_by_role("img").get_attribute("aria-label")
    assert name == figure.locator("figcaption").inner_text()


def test_a_figure_follows_a_dark_page(browser: sync_api.Browser, pages: dict[str, str]) -> None:
    def inks(scheme: str) -> str:
        page = opened(browser, pages["north"], color_scheme=scheme)
        return page.locator("figure svg text").first.evaluate("e => getComputedStyle(e).fill")

    assert inks("light") != inks("dark")


def test_a_program_named_as_a_script_runs_nothing_even_where_scripts_may_run(
    browser: sync_api.Browser, pages: dict[str, str]
) -> None:
    page = browser.new_context(offline=True, bypass_csp=True).new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(pages["north"])
    assert dialogs == []


def test_the_index_opens_a_report(browser: sync_api.Browser, pages: dict[str, str]) -> None:
    page = opened(browser, pages["index"])
    page.get_by_role("link", name="South").first.click()
    assert page.locator("h1").inner_text() == "South"
