"""Export: an executed notebook to a page, by wrapping what its cells show; input is never shown."""

from __future__ import annotations

from collections.abc import Iterator

import nbformat

from casekit.reports.document import MIME, Document
from casekit.reports.html import page, section_headings

# What papermill notes of a run: the clock, and paths of this machine.
_OF_THE_RUN = ("start_time", "end_time", "duration", "input_path", "output_path", "version")


def stored_document(notebook: nbformat.NotebookNode) -> Document:
    """The document that the notebook's last cell stored.

    Raises ValueError where no cell did.
    """
    for data in _shown(notebook):
        if MIME in data:
            return Document.from_json(data[MIME])
    raise ValueError("the notebook stored no document: end it with a cell that says report.store()")


def to_html(notebook: nbformat.NotebookNode) -> str:
    """The page of an executed report notebook."""
    document = stored_document(notebook)
    return page(
        document.title,
        document.subtitle,
        [data["text/html"] for data in _shown(notebook) if "text/html" in data],
        contents=section_headings(document.blocks),
        footer=document.meta.get("made_with", ""),
    )


def tidied(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook without what changes from run to run, so that the same data gives the same file.

    Its parameters stay (no person and no key is among them).
    """
    for name in _OF_THE_RUN:
        notebook.metadata.papermill.pop(name, None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"
    return notebook


def _shown(notebook: nbformat.NotebookNode) -> Iterator[dict]:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "data" in output:
                yield output["data"]
