"""Our notebooks in a browser, in both of their homes, and what a hand at the keyboard does."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from browsers import sync_api
from served import app, lab

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
PATIENCE = 60_000  # ms; a machine may be busy with other tests
PAINTED = ".ck figure svg"  # the first chart


@dataclass(frozen=True)
class Home:
    """Where notebooks are opened: `lab` or `app`, its address, and its folder of notebooks."""

    name: str
    address: str
    folder: Path

    def open(
        self, page: sync_api.Page, notebook: str, shown: str = ".ck input, .ck select"
    ) -> None:
        """Open a notebook, run all of it, and wait until something is shown."""
        if self.name == "lab":
            page.goto(self.address.replace("/lab?", f"/lab/tree/{notebook}.ipynb?reset&"))
            page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=PATIENCE)
            run_all(page)
        else:
            page.goto(self.address)
            page.locator(f"a[href*='{notebook}']").first.click()
        page.locator(shown).first.wait_for(timeout=PATIENCE)

    def restart(self, page: sync_api.Page, shown: str = ".ck input, .ck select") -> None:
        """End the notebook's kernel, and run all of it in a new one."""
        if self.name == "lab":
            page.get_by_role("menuitem", name="Kernel", exact=True).click()
            page.get_by_role("menuitem", name="Restart Kernel and Run All Cells…").click()
            page.get_by_role("button", name="Confirm Kernel Restart").click()
            page.locator(".ck").first.wait_for(state="detached", timeout=PATIENCE)
        else:
            page.reload()
        page.locator(shown).first.wait_for(timeout=PATIENCE)


@contextmanager
def home(name: str, folder: Path, *only: str) -> Iterator[Home]:
    """Our notebooks, copied into a folder, and what serves them from there."""
    for notebook in NOTEBOOKS:
        shutil.copy(notebook, folder)
    if name == "lab":
        with lab(folder) as address:
            yield Home(name, address, folder)
    else:
        wanted = [folder / f"{each}.ipynb" for each in only]
        with app(*(wanted or sorted(folder.glob("*.ipynb"))), cwd=folder, cold=True) as address:
            yield Home(name, address, folder)


def run_all(page: sync_api.Page) -> None:
    """Choose Run All Cells; again where Lab was not yet connected to its kernel."""
    prompt = page.locator(".jp-CodeCell .jp-InputPrompt").first
    for _ in range(5):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        try:
            return sync_api.expect(prompt).not_to_have_text("[ ]:", timeout=6000)
        except AssertionError:
            continue
    raise AssertionError("JupyterLab runs no cell")


def reach(page: sync_api.Page, selector: str, backwards: bool = False) -> None:
    """Press Tab until the keyboard is on a control; fails where it never comes there."""
    for _ in range(400):
        if page.evaluate("s => !!document.activeElement?.matches(s)", selector):
            return
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


def named(name: str, value: str = "") -> str:
    """The control of a name, and of a value where several have the name."""
    return f'.ck [name="{name}"]' + (f'[value="{value}"]' if value else "")


def write(page: sync_api.Page, name: str, text: str) -> None:
    """Reach a line of text, put a text in place of what it holds, and press Enter."""
    reach(page, named(name))
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def settled(page: sync_api.Page) -> None:
    """Wait until the panel has answered."""
    page.wait_for_timeout(350)
    page.locator(".ck:not([aria-busy])").first.wait_for(timeout=PATIENCE)


def picture(page: sync_api.Page, name: str) -> None:
    """Keep a picture of the page, to be looked at: in CI an artefact."""
    folder = Path(os.environ.get("CASEKIT_PICTURES", Path(__file__).parents[1] / "build/pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", full_page=True)
