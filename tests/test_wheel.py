"""The wheel, installed away from the checkout, does what the README says."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]


def run(*words: object, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    build = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out)
    run(*build, HOUSE, cwd=out)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds this wheel, and borrows from this one what casekit stands on.

    A path file names this environment's packages; those that it adds by path files of its own, as
    an editable install adds the checkout, are not reached.
    """
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    pip = (sys.executable, "-m", "pip", "--python", home / "bin" / "python", "--isolated")
    run(*pip, "install", "--quiet", "--no-index", "--no-deps", wheel, cwd=home)
    (packages,) = home.glob("lib/*/site-packages")
    borrowed = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "borrowed.pth").write_text("\n".join(borrowed) + "\n")
    return home


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    files = [path for path in (HOUSE / "casekit").rglob("*") if path.is_file()]
    there = {path.relative_to(HOUSE).as_posix() for path in files if path.suffix != ".pyc"}
    assert not there - set(names)


@pytest.mark.parametrize("folder", ["data", "notebooks", "templates"])
def test_the_wheel_holds_what_people_open_and_nothing_that_they_saved(
    wheel: Path, folder: str
) -> None:
    within = f"casekit/_shipped/{folder}/"
    names = zipfile.ZipFile(wheel).namelist()
    # Answers and reports of whoever built the wheel may lie beside the notebooks.
    pattern = "**/*" if folder == "data" else "*.ipynb"
    kept = [path for path in (HOUSE / folder).glob(pattern) if path.is_file()]
    assert {name.removeprefix(within) for name in names if name.startswith(within)} == {
        path.relative_to(HOUSE / folder).as_posix() for path in kept
    }


def test_the_wheel_holds_nothing_of_the_workshop(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert not [name for name in names if name.startswith(("tests", ".ci", "docs", "benchmarks"))]


def test_an_installed_casekit_is_its_own_and_finds_its_data(
    installed: Path, tmp_path: Path
) -> None:
    code = (
        "import casekit; from casekit.shipped import shipped;"
        "print(casekit.__file__, shipped('data', 'sample'), shipped('notebooks'))"
    )
    places = run(installed / "bin" / "python", "-c", code, cwd=tmp_path).split()
    assert all(Path(place).is_relative_to(installed) for place in places)


def test_the_demo_runs_in_an_empty_folder_with_an_empty_home(
    installed: Path, tmp_path: Path
) -> None:
    home, here = tmp_path / "home", tmp_path / "here"
    home.mkdir()
    here.mkdir()
    said = run(installed / "bin" / "casekit", "demo", cwd=here, HOME=str(home))
    index = here / "casekit-demo" / "index.html"
    assert str(index) in said
    assert index.is_file()
    assert list(here.glob("casekit-demo/*/report.html"))
