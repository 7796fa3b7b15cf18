"""JupyterLab on our notebooks: on this computer only, with a token, and asking nobody for news."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def lab_words(folder: Path) -> list[str]:
    """The command that opens JupyterLab on a folder; Jupyter makes the token."""
    # A caseload is open in there: nobody but this computer may ask for it.
    return [
        *(sys.executable, "-m", "jupyterlab"),
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.root_dir={folder}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]


def lab_environment() -> dict[str, str]:
    """The environment it runs in: this one, with our settings (`labconfig`) before its own."""
    paths = [str(Path(__file__).parent), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    return {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, paths))}
