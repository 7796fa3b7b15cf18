"""The page against bare live charts, and warm against cold, in Chromium, each in one run.

    python benchmarks/page.py

The slider is the FTE to add in notebook 4, on one Open Doors program of 10,000 students: from the
key that moves it to the new chart painted. The peer is Altair's own live chart (JupyterChart, its
offline bundle) on a page of its own, whose slider changes between two prepared specs: the same
figure for two values of our slider. Both are served by `casekit app`, and are moved in turns.

Then the first chart of a page: `casekit app` with its kernels warm, and with `--cold`.

Exits 1 where ours takes more than 1.5 times the peer's median or 95th percentile, or a warm page
more than a quarter of the cold one's.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import altair as alt
import nbformat
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from browsers import QUIET, browser_path
from served import app

from casekit.figures.planning import staffing_ahead
from casekit.synth import write_sample
from casekit.widgets.staffing import StaffingPanel

AS_OF = "2026-06-07"
STUDENTS = 10_000
MOST, WARM = 1.5, 0.25
TURNS, MOVES = 8, 5
VISITS = 3
PATIENCE = 180_000  # ms

# From the key to the last change of the drawing, and the frame that shows it.
TIMED = """
([chart, key]) => new Promise((resolve) => {
  let begun = 0, last = 0, still = 0;
  const seen = new MutationObserver(() => {
    if (!begun) return;
    requestAnimationFrame(() => requestAnimationFrame(() => { last = performance.now(); }));
    clearTimeout(still);
    still = setTimeout(() => { seen.disconnect(); resolve(last - begun); }, 400);
  });
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  seen.observe(document.querySelector(chart), all);
  document.addEventListener("keydown", (event) => { begun = event.timeStamp; },
                            { capture: true, once: true });
  window.ready = true;
})
"""


def written(folder: Path, name: str, source: str) -> Path:
    """A notebook of one cell."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_markdown_cell(f"# {name}\n\nFor a benchmark."),
        nbformat.v4.new_code_cell(source),
    ]
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    path = folder / f"{name}.ipynb"
    nbformat.write(notebook, path)
    return path


def ours(folder: Path, data: Path) -> Path:
    source = "from casekit.widgets.staffing import StaffingPanel\n"
    return written(folder, "ours", source + f"StaffingPanel({str(data)!r}, {AS_OF!r})")


def bare(folder: Path, data: Path) -> Path:
    """A slider over two charts that are ready: those of two values of our slider, as Altair's."""
    panel = StaffingPanel(str(data), AS_OF)
    for place, fte in enumerate(("0.1", "0.2")):
        panel.change(live=True, fte=fte)
        state = panel.state
        lines = {"": state.ground.days, fte: state.after.days}
        outlook = state.after.outlook
        chart = staffing_ahead(lines, outlook.limits, "P-01", outlook.span.as_of, fte).chart
        spec = chart.to_dict()
        (folder / f"{place}.json").write_text(json.dumps(spec), encoding="utf-8")
    return written(
        folder,
        "bare",
        f"""import json
from pathlib import Path
import altair as alt
import ipywidgets as widgets

alt.JupyterChart.enable_offline()
folder = Path({str(folder)!r})
charts = [alt.Chart.from_json((folder / f"{{n}}.json").read_text()) for n in (0, 1)]
live = alt.JupyterChart(charts[0])
slider = widgets.IntSlider(min=0, max=1)
slider.observe(lambda change: setattr(live, "chart", charts[change.new]), names="value")
widgets.VBox([slider, live])""",
    )


def moved(page: Page, slider: str, chart: str, key: str) -> float:
    """Milliseconds from the key to the new chart."""
    page.locator(slider).first.focus()
    found = page.evaluate_handle(f"(given) => {{ window.timed = ({TIMED})(given); }}", [chart, key])
    found.dispose()
    page.keyboard.press(key)
    taken = page.evaluate("window.timed")
    page.wait_for_timeout(300)
    page.locator(".ck[aria-busy]").wait_for(state="detached", timeout=PATIENCE)
    return taken


def opened(browser: Browser, address: str, name: str, shown: str) -> tuple[Page, float]:
    """A page of the app, and the seconds until it showed something."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    begun = time.perf_counter()
    page.locator(f"a[href*='{name}']").first.click()
    page.locator(shown).first.wait_for(timeout=PATIENCE)
    return page, time.perf_counter() - begun


def told(name: str, times: list[float], unit: str) -> tuple[float, float]:
    middle = statistics.median(times)
    late = statistics.quantiles(times, n=20, method="inclusive")[-1]
    print(f"{name}: median {middle:.0f} {unit}, 95th percentile {late:.0f} {unit}")
    return middle, late


def slid(browser: Browser, folder: Path) -> bool:
    """Whether our slider keeps up with the bare chart."""
    data = folder / "data"
    write_sample(data, seed=5, programs=1, students=STUDENTS, weeks=40, breaches=False)
    with app(ours(folder, data), bare(folder, data), cold=True) as address:
        mine, _ = opened(browser, address, "ours", ".ck figure svg")
        peer, _ = opened(browser, address, "bare", "canvas, svg.marks")
        mine.wait_for_timeout(5000)
        here: list[float] = []
        there: list[float] = []
        for turn in range(TURNS):
            key = "ArrowLeft" if turn % 2 else "ArrowRight"
            for _ in range(MOVES):
                here.append(moved(mine, '.ck [name="fte"]', '[data-region="chart"]', key))
            for move in range(MOVES):
                other = ("ArrowRight", "ArrowLeft")[(turn * MOVES + move) % 2]
                there.append(moved(peer, "[role=slider]", ".vega-embed", other))
    mean, late = told("ours", here, "ms")
    peer_mean, peer_late = told("bare live chart", there, "ms")
    print(f"{mean / peer_mean:.2f} and {late / peer_late:.2f} times; at most {MOST}")
    return max(mean / peer_mean, late / peer_late) <= MOST


def warmed(browser: Browser) -> bool:
    """Whether a page of a warm app shows its first chart soon enough."""
    notebook = Path(__file__).parents[1] / "notebooks" / "1_caseload.ipynb"
    times: dict[bool, list[float]] = {True: [], False: []}
    with app(notebook) as warm, app(notebook, cold=True) as cold:
        for _ in range(VISITS):
            time.sleep(20)  # the warm one makes the next page ready
            for address in (cold, warm):
                page, taken = opened(browser, address, "1_caseload", ".ck figure svg")
                times[address == warm].append(taken * 1000)
                page.close()
    ready, _ = told("warm page", times[True], "ms")
    fresh, _ = told("cold page", times[False], "ms")
    print(f"{ready / fresh:.2f} of the time; at most {WARM}")
    return ready / fresh <= WARM


def main() -> int:
    alt.data_transformers.disable_max_rows()
    with tempfile.TemporaryDirectory() as place, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_path(), args=list(QUIET))
        good = [slid(browser, Path(place)), warmed(browser)]
        browser.close()
    return int(not all(good))


if __name__ == "__main__":
    sys.exit(main())
