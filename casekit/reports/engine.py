"""The papermill engine `casekit`: a notebook's cells run in this process, by an IPython shell.

A kernel for each of 300 reports would cost seconds apiece; a shell in a process that has
everything imported costs hundredths. Each notebook gets an empty namespace. The shell is the
process's own (IPython makes it `__main__`), so notebooks run in worker processes: see `batch`.
"""

from __future__ import annotations

import traceback
from functools import cache
from pathlib import Path

import nbformat
from IPython.core.displayhook import CapturingDisplayHook
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from traitlets.config import Config

from casekit.shipped import PACKAGE

NAME = "casekit"


class InProcessEngine(Engine):
    """Runs every code cell in turn and stops at the first that fails."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **_: object
    ) -> None:
        """Fill in each cell's outputs; a failing cell's is an `error` output, as papermill asks."""
        shell = _shell()
        shell.reset(new_session=True)
        for index, cell in enumerate(nb_man.nb.cells):
            if cell.cell_type != "code":
                continue
            nb_man.cell_start(cell, index)
            cell.outputs, worked = _run(shell, cell.source)
            cell.execution_count = index + 1
            if not worked:
                nb_man.cell_exception(cell, index)
            nb_man.cell_complete(cell, index)
            if not worked:
                return


def register() -> str:
    """Make the engine known to papermill; returns the name to call it by."""
    papermill_engines.register(NAME, InProcessEngine)
    return NAME


@cache
def _shell() -> InteractiveShell:
    settings = Config()
    settings.HistoryManager.enabled = False
    return InteractiveShell.instance(config=settings)


def _run(shell: InteractiveShell, source: str) -> tuple[list[nbformat.NotebookNode], bool]:
    """One cell's outputs in nbformat's terms, and whether it ran through."""
    shell.display_pub = CapturingDisplayPublisher()
    shown = shell.display_pub.outputs
    shell.display_trap.hook = CapturingDisplayHook(shell=shell, outputs=shown)
    with capture_output(display=False) as printed:
        result = shell.run_cell(source, store_history=False)
    if not result.success:
        error = result.error_before_exec or result.error_in_exec
        return [_error_output(error)], False
    outputs = [nbformat.v4.new_output("stream", name="stdout", text=printed.stdout)]
    outputs = outputs if printed.stdout else []
    for bundle in shown:
        if bundle["data"]:
            outputs.append(
                nbformat.v4.new_output(
                    "display_data", data=bundle["data"], metadata=bundle["metadata"]
                )
            )
    return outputs, True


def reason(error: BaseException) -> str:
    """Why something failed, in one line.

    Our own errors are written to be shown. Any other message may quote the data, a student's name
    among it, so of that only its kind and its place are told.
    """
    frames = traceback.extract_tb(error.__traceback__)
    place = Path(frames[-1].filename) if frames else PACKAGE
    if isinstance(error, ValueError | FileNotFoundError) and place.is_relative_to(PACKAGE):
        return " ".join(str(error).split())
    ours = [f for f in frames if Path(f.filename).is_relative_to(PACKAGE)]
    where = f" at {Path(ours[-1].filename).name}, line {ours[-1].lineno}" if ours else ""
    return f"casekit itself failed ({type(error).__name__}{where}): please report this line"


def _error_output(error: BaseException) -> nbformat.NotebookNode:
    """What went wrong, in one line; a traceback would show values of the data."""
    return nbformat.v4.new_output(
        "error", ename=type(error).__name__, evalue=reason(error), traceback=[]
    )
