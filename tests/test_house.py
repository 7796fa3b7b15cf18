"""The rules of the house: what may import what, what reads the clock, what a notebook may hold."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
PACKAGE = HOUSE / "casekit"

# A module imports only from those before it. The leaves may be imported by all.
ORDER = (
    *("tables", "calendars", "caseload", "readers", "kinds", "catalog", "crosswalk"),
    *("evaluate", "findings", "summaries", "records", "wording", "upcoming", "cases"),
    *("back_plan", "open_cases", "planning"),
    *("figures", "reports", "assessment", "synth", "workshop", "handout", "widgets", "app"),
    *("commands", "cli", "__main__"),
)
LEAVES = {"files", "phrases", "shipped", "__version__"}

MODULES = sorted(PACKAGE.rglob("*.py"))
NOTEBOOKS = sorted([*HOUSE.glob("notebooks/*.ipynb"), *HOUSE.glob("templates/*.ipynb")])


def named(paths: list[Path]) -> list:
    return [pytest.param(path, id=str(path.relative_to(HOUSE))) for path in paths]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def room(path: Path) -> str:
    """The module of the layout that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """The modules of casekit that a file imports, wherever in the file it does."""
    package = ["casekit", *path.relative_to(PACKAGE).parent.parts]
    for node in ast.walk(tree(path)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            whole = ".".join([*base, *([node.module] if node.module else [])])
            names = [f"{whole}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "casekit" and len(parts) > 1:
                yield node.lineno, parts[1]


@pytest.mark.parametrize("path", named(MODULES))
def test_a_module_imports_only_from_those_above_it(path: Path) -> None:
    here = room(path)
    if here == "__init__":
        allowed = set()
    elif here in LEAVES:
        allowed = LEAVES
    else:
        allowed = {*LEAVES, *ORDER[: ORDER.index(here) + 1]}
    wrong = [f"line {line}: {name}" for line, name in imported(path) if name not in allowed]
    assert not wrong


def clock_readings(code: ast.AST) -> list[int]:
    """The lines of code that would read the clock, or that import the module which does."""
    return [
        node.lineno
        for node in ast.walk(code)
        if (isinstance(node, ast.Attribute) and node.attr in ("now", "today", "utcnow"))
        or (isinstance(node, ast.Import) and any(alias.name == "time" for alias in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module == "time")
        or (isinstance(node, ast.Constant) and node.value in ("now", "today"))
    ]


@pytest.mark.parametrize("path", named(MODULES))
def test_nothing_reads_the_clock(path: Path) -> None:
    assert not clock_readings(tree(path))


@pytest.mark.parametrize(
    "code", ["date.today()", "pd.Timestamp.now()", "import time", "np.datetime64('today')"]
)
def test_a_reading_of_the_clock_is_seen(code: str) -> None:
    assert clock_readings(ast.parse(code)) == [1]


@pytest.mark.parametrize(
    "code", ["import casekit", "from casekit.cli import build; build()"], ids=["import", "help"]
)
def test_casekit_starts_light(code: str) -> None:
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    modules = {line.rpartition("|")[2].strip().partition(".")[0] for line in told.splitlines()}
    assert "casekit" in modules
    assert not modules & {"altair", "IPython", "jupyterlab", "jupyter_server", "numpy", "pandas"}


@cache
def tracked() -> list[Path]:
    """Every file that belongs to the project, whether or not it is already committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=HOUSE,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = [HOUSE / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def lines_with(pattern: str, paths: list[Path]) -> list[str]:
    find = re.compile(pattern)
    return [
        f"{path.relative_to(HOUSE)}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1)
        if find.search(line)
    ]


def test_no_file_names_a_package_registry() -> None:
    hosts = [
        "py" + r"pi\.",
        "python" + "hosted",
        "npm" + r"js\.",
        r"deb\." + "debian",
        "/sim" + "ple/",
    ]
    assert not lines_with(rf"https?://[^ \"']*({'|'.join(hosts)})", tracked())


def test_no_file_names_a_path_of_one_machine() -> None:
    assert not lines_with(r"(?<![\w.~-])/(work|root|tmp|home|Users)" + r"/\w", tracked())


def test_only_tests_know_what_lies_beside_the_checkout() -> None:
    others = [path for path in tracked() if HOUSE / "tests" not in path.parents]
    assert not lines_with(r"\.\./shared|[\"']shared[\"']", others)


def test_files_are_short_enough_to_be_read() -> None:
    long = {
        str(path.relative_to(HOUSE)): lines
        for path in tracked()
        if path.suffix == ".py" and (lines := len(path.read_text("utf-8").splitlines())) > 400
    }
    assert not long


def code_cells(path: Path) -> list[dict]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


LOGIC = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda),
    *(ast.For, ast.While, ast.Try, ast.comprehension),
)


def logic(source: str) -> list[str]:
    """What of a cell is logic; a line of IPython's own (`%matplotlib inline`) is none."""
    python = "\n".join(line for line in source.splitlines() if not line.startswith("%"))
    return [type(node).__name__ for node in ast.walk(ast.parse(python)) if isinstance(node, LOGIC)]


@pytest.mark.parametrize("path", named(NOTEBOOKS))
def test_a_notebook_is_nearly_logic_free(path: Path) -> None:
    assert not [found for cell in code_cells(path) for found in logic("".join(cell["source"]))]


def test_logic_in_a_notebook_is_seen() -> None:
    assert logic("%autoreload\nlevels = [row.level for row in rows]") == ["comprehension"]


@pytest.mark.parametrize("path", named(NOTEBOOKS))
def test_a_notebook_is_kept_without_its_outputs(path: Path) -> None:
    kept = [cell for cell in code_cells(path) if cell["outputs"] or cell["execution_count"]]
    assert not kept
