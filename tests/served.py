"""`casekit app` for tests: started as a user starts it, and ended with all that it started."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

PATIENCE = 120  # seconds


@contextmanager
def app(*notebooks: str | Path, cwd: str | Path | None = None, **options: object) -> Iterator[str]:
    """The address, token and all, of an app that serves these notebooks (none: all of ours).

    Options are those of the command line: `app(cold=True, port=8000)`.
    """
    asked = [f"--{name.replace('_', '-')}" for name, value in options.items() if value is True]
    asked += [
        f"--{name.replace('_', '-')}={value}"
        for name, value in options.items()
        if not isinstance(value, bool)
    ]
    words = [sys.executable, "-m", "casekit", "app", "--no-browser", "--allow-root", *asked]
    running = subprocess.Popen(
        [*words, *map(str, notebooks)],
        cwd=cwd,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield _address(running)
    finally:
        running.send_signal(signal.SIGINT)
        try:
            running.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            raise


def descendants(server: int) -> list[psutil.Process]:
    """The processes that a server has started: its kernels."""
    return psutil.Process(server).children(recursive=True)


def until(found: Callable[[], Any]) -> Any:
    """What is found, once there is something; fails after a while."""
    last = time.monotonic() + PATIENCE
    while not (what := found()):
        assert time.monotonic() < last, "it never came"
        time.sleep(0.1)
    return what


def _address(running: subprocess.Popen) -> str:
    assert running.stdout
    assert select.select([running.stdout], [], [], PATIENCE)[0], "it says nothing"
    line = running.stdout.readline()
    words = [word for word in line.split() if word.startswith("http")]
    assert words, f"no address in {line!r}; status {running.poll()}"
    return words[0]


@contextmanager
def lab(folder: Path) -> Iterator[str]:
    """The address, token and all, of JupyterLab as `casekit lab` starts it, on a folder of ours."""
    from casekit.app.lab import lab_environment, lab_words

    home = folder / ".home"  # nobody's settings but ours
    home.mkdir()
    running = subprocess.Popen(
        [*lab_words(folder), "--no-browser", "--allow-root"],
        cwd=folder,
        env={**lab_environment(), "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield _lab_address(running)
    finally:
        running.terminate()
        try:
            running.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            raise


def _lab_address(running: subprocess.Popen) -> str:
    """What it says on its way; reading on, so that it never waits for a reader."""
    assert running.stderr
    address: list[str] = []
    found = threading.Event()

    def read() -> None:
        for line in running.stderr or ():
            words = [word for word in line.split() if word.startswith("http://127.0.0.1")]
            if words and "token=" in words[0]:
                address.extend(words)
                found.set()

    threading.Thread(target=read, daemon=True).start()
    assert found.wait(PATIENCE), f"it names no address; status {running.poll()}"
    return address[0]
