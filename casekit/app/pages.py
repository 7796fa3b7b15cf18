"""What the app serves: a page for each notebook, told by the notebook's own first words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat

from casekit.evaluate import UsageError


@dataclass(frozen=True)
class Page:
    """A notebook as a page: its name in the address, its heading, and whom it is for."""

    notebook: Path
    name: str
    title: str
    for_whom: str


def read_pages(notebooks: Iterable[Path]) -> list[Page]:
    """The page of each notebook, in the order given.

    Raises UsageError, in one line, for a file that is no notebook and for two of one name.
    """
    pages = [_page(Path(path).resolve()) for path in notebooks]
    names = [page.name for page in pages]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(f"two notebooks are called {twice[0]}.ipynb: give one of them at a time")
    if not pages:
        raise UsageError("there is no notebook to serve: name one, a file that ends with .ipynb")
    return pages


def _page(path: Path) -> Page:
    try:
        notebook = nbformat.read(path, as_version=4)
        cells = notebook.cells
    except FileNotFoundError:
        raise UsageError(f"{path}: there is no such notebook") from None
    except Exception:  # nbformat raises whatever it meets in a file that is none
        raise UsageError(f"{path}: this is not a notebook; name a file of JupyterLab's") from None
    told = next((cell.source for cell in cells if cell.cell_type == "markdown"), "")
    title, for_whom = first_words(told)
    return Page(path, path.stem, title or path.stem, for_whom)


def first_words(markdown: str) -> tuple[str, str]:
    """The heading of a notebook's first cell and the paragraph below it, as plain text."""
    heading, _, below = markdown.strip().partition("\n")
    if not heading.startswith("# "):
        return "", ""
    paragraph = re.split(r"\n\s*\n", below.strip(), maxsplit=1)[0]
    return _plain(heading.removeprefix("# ")), _plain(paragraph)


def _plain(markdown: str) -> str:
    return " ".join(re.sub(r"[*`]", "", markdown).split())
