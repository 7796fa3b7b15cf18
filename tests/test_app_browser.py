"""`casekit app` in a real browser: the page around a panel, and what is said when things end."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import nbformat
import psutil
import pytest
from browsers import Heard, axe_clean, browser, quiet, sync_api  # noqa: F401 (a fixture)
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from served import app, descendants, until

pytest.importorskip("voila", reason="voila is not installed")

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("app")]

HOUSE = Path(__file__).parents[1]
STANDARDS = HOUSE / "notebooks" / "0_standards.ipynb"
PATIENCE = 60_000  # ms

# A widget of the smallest kind: a button that counts in the kernel.
COUNTER = """
import anywidget, traitlets
class Counter(anywidget.AnyWidget):
    count = traitlets.Int(0).tag(sync=True)
    _esm = '''
    export default { render({ model, el }) {
      el.innerHTML = "<button type=button>Count</button> <output>0</output>";
      const [button, out] = el.children;
      button.onclick = () => model.send("more");
      model.on("change:count", () => { out.textContent = model.get("count"); });
    } }
    '''
    def __init__(self):
        super().__init__()
        self.on_msg(lambda *_: setattr(self, "count", self.count + 1))
Counter()
"""

# A panel that says when it was made, and what its file said when its page was opened.
LOOKED = """
from pathlib import Path
from casekit.reports.document import Text
from casekit.widgets.panel import Panel
from casekit.widgets.parts import Region
class Looked(Panel):
    came = "before"
    def regions(self, state):
        yield Region("made", (), lambda: [Text(f"made {self.came} its visitor came")])
        yield Region("read", (state,), lambda: [Text(f"the file says {state}")])
    def opened(self, state):
        self.came = "after"
        return Path("answers.csv").read_text()
Looked("nothing")
"""


def notebook(path: Path, title: str, *code: str) -> Path:
    hidden = new_markdown_cell("For those who write code.", metadata={"tags": ["code-only"]})
    told = new_markdown_cell(f"# {title}\n\nFor a **trainer**.")
    cells = [told, *map(new_code_cell, code), hidden]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    notebook(folder / "1_count.ipynb", "Count", COUNTER)
    notebook(folder / "2_broken.ipynb", "Broken", "raise ValueError('of a child')")
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with app(*sorted(folder.glob("*.ipynb")), STANDARDS) as address:
        yield address


@pytest.fixture
def page(browser: sync_api.Browser, address: str) -> Iterator[sync_api.Page]:  # noqa: F811
    """A page on the list, of a visitor who has opened the printed address."""
    page = browser.new_context().new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    yield page
    page.context.close()


def opened(page: sync_api.Page, name: str) -> sync_api.Page:
    """A notebook's page once it is prepared."""
    page.goto(urljoin(page.url, f"/{name}"))
    page.locator("#ck-preparing").wait_for(state="hidden", timeout=PATIENCE)
    return page


def test_the_list_opens_a_page_and_the_page_leads_to_the_others(page: sync_api.Page) -> None:
    page.get_by_role("link", name="Count").click()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Broken").wait_for()
    current = page.locator("nav [aria-current=page]").inner_text()
    assert (current, page.title()) == ("Count", "Count - casekit")


def test_a_page_is_quiet_while_it_opens_works_and_is_left(page: sync_api.Page) -> None:
    heard: Heard = quiet(page)
    opened(page, "1_count").get_by_role("button", name="Count").click()
    page.get_by_role("status").get_by_text("1").wait_for()
    opened(page, "0_standards")
    page.wait_for_load_state("networkidle")
    page.goto(urljoin(page.url, "/"))
    assert not heard.all


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["", "1_count", "2_broken", "0_standards", "nowhere"])
def test_axe_finds_nothing(page: sync_api.Page, name: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(urljoin(page.url, f"/{name}")) if name in ("", "nowhere") else opened(page, name)
    axe_clean(page)


def test_a_page_has_one_first_heading_and_hides_what_is_for_those_who_write_code(
    page: sync_api.Page,
) -> None:
    opened(page, "1_count")
    assert (page.locator("h1").count(), page.get_by_text("write code").count()) == (1, 0)


@pytest.mark.parametrize("name", ["", "1_count", "2_broken"])
def test_a_phone_need_not_scroll_sideways(page: sync_api.Page, name: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(urljoin(page.url, f"/{name}")) if not name else opened(page, name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_first_tab_offers_to_skip_to_the_content(page: sync_api.Page) -> None:
    opened(page, "1_count")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Count"


def test_a_visitor_sees_the_page_and_that_it_is_being_prepared(
    browser: sync_api.Browser,  # noqa: F811
    tmp_path: Path,
) -> None:
    slow = notebook(tmp_path / "slow.ipynb", "Slow", "import time; time.sleep(5); 'ready'")
    with app(slow, cold=True) as address:
        page = browser.new_context().new_page()
        page.goto(address)
        page.goto(urljoin(address, "/slow"), wait_until="commit")
        page.get_by_role("heading", name="Slow").wait_for(timeout=PATIENCE)
        preparing = page.get_by_role("status").inner_text()
        page.locator("#ck-preparing").wait_for(state="hidden", timeout=PATIENCE)
        assert (preparing, page.get_by_text("ready").count()) == ("Preparing the page …", 1)
        page.context.close()


def test_a_page_that_waited_is_made_already_and_reads_again_what_was_saved_since(
    browser: sync_api.Browser,  # noqa: F811
    tmp_path: Path,
) -> None:
    made = "Path('made').touch()"
    looked = notebook(tmp_path / "looked.ipynb", "Looked", LOOKED, made)
    with app(looked) as address:
        page = browser.new_context().new_page()
        page.goto(address)
        until((tmp_path / "made").exists)
        (tmp_path / "answers.csv").write_text("yes")
        opened(page, "looked").get_by_text("the file says yes").wait_for(timeout=PATIENCE)
        assert page.get_by_text("made before its visitor came").count() == 1
        page.context.close()


def test_a_notebook_that_fails_says_so_and_offers_to_open_it_anew(page: sync_api.Page) -> None:
    alert = opened(page, "2_broken").get_by_role("alert")
    assert "What you saved is safe" in alert.inner_text()
    alert.get_by_role("link", name="Open the page anew").click()
    page.get_by_role("alert").wait_for()


def kernel(page: sync_api.Page, address: str) -> psutil.Process:
    """The process of a page's kernel: the one whose command line names the page's kernel."""
    settings = "JSON.parse(document.getElementById('jupyter-config-data').textContent)"
    kernel_id = page.evaluate(f"{settings}.kernelId")
    ours = [p for p in descendants(server(address)) if kernel_id in " ".join(p.cmdline())]
    assert len(ours) == 1
    return ours[0]


def server(address: str) -> int:
    """The process that listens at an address."""
    port = urlsplit(address).port
    return next(
        c.pid for c in psutil.net_connections("tcp") if c.laddr.port == port and not c.raddr
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_kernel_that_dies_is_said_and_the_page_can_be_opened_anew(
    page: sync_api.Page, address: str, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)
    opened(page, "1_count").get_by_role("button", name="Count").click()
    page.get_by_role("status").get_by_text("1").wait_for()
    os.kill(kernel(page, address).pid, signal.SIGKILL)
    told = page.get_by_role("dialog", name="This page has lost its program")
    told.wait_for()
    assert "What you saved is safe" in told.inner_text()
    axe_clean(page)
    page.keyboard.press("Enter")  # the button has the keyboard
    told.wait_for(state="detached")
    page.get_by_role("button", name="Count").click()
    page.get_by_role("status").get_by_text("1").wait_for()


def test_a_page_that_is_opened_anew_gets_a_fresh_kernel_and_ends_the_old_one(
    page: sync_api.Page, address: str
) -> None:
    old = kernel(opened(page, "1_count"), address)
    opened(page, "1_count")
    until(lambda: not old.is_running())
    assert kernel(page, address).pid != old.pid


def test_a_kernel_that_dies_while_it_waits_is_not_handed_out(
    browser: sync_api.Browser,  # noqa: F811
    tmp_path: Path,
) -> None:
    made = "import os, pathlib; pathlib.Path(f'made-{os.getpid()}').touch()"
    with app(notebook(tmp_path / "count.ipynb", "Count", COUNTER, made)) as address:
        page = browser.new_context().new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(address)
        until(lambda: list(tmp_path.glob("made-*")))
        for process in descendants(server(address)):
            process.kill()
        opened(page, "count").get_by_role("button", name="Count").click()
        page.get_by_role("status").get_by_text("1").wait_for()
        page.context.close()


def test_a_server_that_has_stopped_is_said(
    browser: sync_api.Browser,  # noqa: F811
    folder: Path,
) -> None:
    with app(folder / "1_count.ipynb") as address:
        page = browser.new_context().new_page()
        page.goto(address)
        opened(page, "1_count")
    told = page.get_by_role("dialog", name="casekit app has stopped")
    told.wait_for(timeout=PATIENCE)
    assert "Start casekit app again" in told.inner_text()
    page.context.close()
