"""The plan's page in a real browser: read aloud, in light and dark, on a phone, offline."""

from __future__ import annotations

from pathlib import Path

import pytest
from browsers import axe, browser, sync_api
from plan_data import whole_plan
from test_report_browser import opened

from casekit.reports.html import document_page
from casekit.reports.planning import plan_document

pytestmark = pytest.mark.browser
__all__ = ["browser"]  # the fixture


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("plan") / "plan.html"
    document = plan_document(whole_plan())
    path.write_text(document_page(document, footer=document.meta["made_with"]), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: sync_api.Browser, address: str, scheme: str) -> None:
    # The page's own policy forbids scripts, axe's too: it is lifted for this run.
    page = opened(browser, address, color_scheme=scheme, bypass_csp=True)
    for summary in page.locator("summary").all():
        summary.click()
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_phone_need_not_scroll_sideways(browser: sync_api.Browser, address: str) -> None:
    page = opened(browser, address, viewport={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_page_asks_for_nothing_and_complains_of_nothing(
    browser: sync_api.Browser, address: str
) -> None:
    page = browser.new_context(offline=True).new_page()
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert [s for s in seen if s not in (address, "data:,")] == []


def test_the_first_table_leads_to_a_programs_section(
    browser: sync_api.Browser, address: str
) -> None:
    page = opened(browser, address)
    page.get_by_role("region", name="Each program in a row").get_by_role(
        "link", name="South"
    ).click()
    assert page.evaluate("location.hash") == "#section-south-p2"
    assert page.locator("#section-south-p2").is_visible()
