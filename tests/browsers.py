"""What every test in a real browser needs: the browser, what a page must not do, axe.

from browsers import axe_clean, browser, quiet  # noqa: F401 (`browser` is a fixture)
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def browser_path() -> str | None:
    """Where the browser is, if there is one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    """Debian's Chromium; where there is none the test is skipped, but in CI it fails."""
    path = browser_path()
    if path is None:
        told = f"no browser: none of {', '.join(BROWSERS)} is installed"
        pytest.fail(told) if os.environ.get("CI") == "true" else pytest.skip(told)
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@dataclass
class Heard:
    """What a page did that it must not do; every list is empty for a quiet page."""

    errors: list[str] = field(default_factory=list)  # console errors, uncaught errors
    failed: list[str] = field(default_factory=list)  # requests that failed, or of status >= 400
    outside: list[str] = field(default_factory=list)  # requests that left this computer

    @property
    def all(self) -> list[str]:
        return [*self.errors, *self.failed, *self.outside]


def quiet(page: sync_api.Page) -> Heard:
    """Listen to a page from now on: `assert not quiet(page).all` at the end of its journey."""
    heard = Heard()

    def asked(address: str) -> None:
        place = urlsplit(address)
        if place.scheme not in ("data", "blob", "about") and place.hostname not in LOOPBACK:
            heard.outside.append(address)

    def ended(request: sync_api.Request) -> None:
        # A page that is left gives up what it was still asking for: that is no fault.
        if request.failure != "net::ERR_ABORTED":
            heard.failed.append(f"{request.failure} {request.url}")

    def answered(response: sync_api.Response) -> None:
        if response.status >= 400:
            heard.failed.append(f"{response.status} {response.url}")

    def said(message: sync_api.ConsoleMessage) -> None:
        if message.type == "error":
            heard.errors.append(message.text)

    page.on("request", lambda request: asked(request.url))
    page.on("websocket", lambda socket: asked(socket.url))
    page.on("requestfailed", ended)
    page.on("response", answered)
    page.on("console", said)
    page.on("pageerror", lambda error: heard.errors.append(str(error)))
    return heard


def axe_clean(page: sync_api.Page, include: str | None = None) -> None:
    """Fail with axe's report unless WCAG 2.2 AA holds in the page, or in what `include` selects."""
    only = {"runOnly": {"type": "tag", "values": WCAG}}
    found = axe.Axe().run(page, context=include, options=only)
    assert found.violations_count == 0, found.generate_report()
