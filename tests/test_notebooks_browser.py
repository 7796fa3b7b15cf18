"""Every notebook in JupyterLab and as a web page: opens, is painted, is quiet, axe is content."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import axe_clean, browser, quiet, sync_api  # noqa: F401 (`browser` is a fixture)
from notebook_pages import NOTEBOOKS, PAINTED, Home, home, picture

# These are forms and tables: a report is drawn once it is written, and an example is no chart.
BEGUN = {
    "5_reports": '.ck [name="write"]',
    "6_workshop": ".ck .ck-status",
}
NAMES = [path.stem for path in NOTEBOOKS]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def in_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with home("lab", tmp_path_factory.mktemp("lab")) as found:
        yield found


@pytest.fixture(scope="module")
def in_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with home("app", tmp_path_factory.mktemp("app")) as found:
        yield found


@pytest.mark.xdist_group("lab")
@pytest.mark.parametrize("notebook", NAMES)
def test_a_notebook_runs_in_lab(browser, in_lab: Home, notebook: str) -> None:  # noqa: F811
    page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    heard = quiet(page)
    in_lab.open(page, notebook, BEGUN.get(notebook, PAINTED))
    picture(page, f"{notebook}-lab")
    assert not heard.all
    axe_clean(page, ".ck")
    page.context.close()


@pytest.mark.xdist_group("app")
@pytest.mark.parametrize("notebook", NAMES)
def test_a_notebook_is_a_web_page(browser, in_app: Home, notebook: str) -> None:  # noqa: F811
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    heard = quiet(page)
    in_app.open(page, notebook, BEGUN.get(notebook, PAINTED))
    picture(page, f"{notebook}-light")
    axe_clean(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    picture(page, f"{notebook}-dark")
    axe_clean(page)
    page.set_viewport_size({"width": 320, "height": 640})
    picture(page, f"{notebook}-narrow")
    assert sideways(page) == 0
    assert not heard.all
    page.context.close()


def sideways(page: sync_api.Page) -> int:
    """By how many px the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


def test_every_notebook_is_tried() -> None:
    assert len(NAMES) == 7 and all(Path(path).is_file() for path in NOTEBOOKS)
