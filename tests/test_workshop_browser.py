"""The workshop in a real browser: the quiz by keyboard alone, and answers that outlive a kernel."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import axe_clean, browser, quiet, sync_api  # noqa: F401 (a fixture)
from served import app

from casekit.shipped import shipped
from casekit.widgets.room import ACTIVITIES, quiz_of
from casekit.workshop.answers import Session

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("workshop")]
PATIENCE = 90_000  # ms


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    place: Path = tmp_path_factory.mktemp("workshop")
    shutil.copy(shipped("notebooks", "6_workshop.ipynb"), place)
    with app(place / "6_workshop.ipynb", cwd=place) as served:
        yield served


@pytest.fixture
def page(browser: sync_api.Browser, address: str) -> Iterator[sync_api.Page]:  # noqa: F811
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.heard = quiet(page)
    opened(page, address)
    yield page
    context.close()


def opened(page: sync_api.Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="Workshop").first.click()
    page.locator(".ck .ck-status").wait_for()


def at_rest(page: sync_api.Page) -> None:
    """Wait until the kernel has answered all that it was told."""
    page.wait_for_timeout(400)
    page.wait_for_function("!document.querySelector('.ck[aria-busy]')")


def tab_to(page: sync_api.Page, name: str) -> None:
    """Press Tab until a control of this name has the focus."""
    for _ in range(200):
        if page.evaluate("document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"no Tab leads to {name}")


def do(page: sync_api.Page, activity: str) -> None:
    """Choose an activity with the arrow keys."""
    tab_to(page, "activity")
    for _ in ACTIVITIES:
        if page.evaluate("document.activeElement.value") == activity:
            break
        page.keyboard.press("ArrowDown")
        at_rest(page)
    page.locator(f".ck-region:has([name^='{activity}-'])").first.wait_for()


def test_the_quiz_is_taken_by_keyboard_alone_and_outlives_the_kernel(
    page: sync_api.Page, address: str
) -> None:
    do(page, "quiz")
    first = quiz_of(Session())[0]
    tab_to(page, "quiz-0")
    page.keyboard.press("Space")
    for _ in range(first.options.index(first.right)):
        page.keyboard.press("ArrowDown")
    at_rest(page)
    tab_to(page, "mark")
    page.keyboard.press("Enter")
    page.locator(".ck [role=status]", has_text="1 of 10 right").wait_for()
    # A page that is opened again has a kernel of its own.
    opened(page, address)
    do(page, "quiz")
    assert page.get_by_role("radio", name=first.right, exact=True).first.is_checked()
    assert not page.heard.all


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_activity_is_clean_and_fits_a_narrow_page(page: sync_api.Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": 320, "height": 700})
    for activity in ACTIVITIES.values():
        page.get_by_label(activity).check()
        at_rest(page)
        axe_clean(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, activity
    assert not page.heard.all


def test_a_slider_moved_by_arrow_keys_turns_the_verdict(page: sync_api.Page) -> None:
    page.get_by_label("Requirement").select_option("wa_open_doors.staff_ratio")
    page.get_by_text("75 students / 1 FTE").wait_for()
    tab_to(page, "at-students")
    page.keyboard.press("ArrowRight")
    page.get_by_text("76 students / 1 FTE").wait_for()
    page.locator(".ck [role=status]", has_text="Not met").wait_for()
    assert page.evaluate("document.activeElement.name") == "at-students"
