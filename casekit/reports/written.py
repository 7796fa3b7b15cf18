"""The reports that lie in a folder: which there are, to be read in another page, or to be taken."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

INDEX, REPORT = "index.html", "report.html"
_HEAD = 4_000  # characters of a page within which its title stands


@dataclass(frozen=True)
class Written:
    """One page of a batch: its title, and its path below the folder (`south/report.html`)."""

    title: str
    path: str


def written_in(folder: Path) -> list[Written]:
    """The pages that a batch wrote into a folder: the index, then the reports by their titles.

    Other people's pages are left out; empty where there is no such folder.
    """
    try:
        there = [folder / INDEX, *sorted(folder.glob(f"*/{REPORT}"))]
        found = [_written(folder, place) for place in there if place.is_file()]
    except OSError:
        return []
    index, *_ = ours = [page for page in found if page.title] or [Written("", "")]
    if index.path != INDEX:
        return []
    return [index, *sorted(ours[1:], key=lambda page: (page.title.casefold(), page.path))]


def _written(folder: Path, place: Path) -> Written:
    with place.open(encoding="utf-8", errors="replace") as file:
        head = file.read(_HEAD)
    title = re.search(r"<title>(.*?)</title>", head, re.DOTALL)
    ours = title and '<meta name="generator" content="casekit ' in head
    path = place.relative_to(folder).as_posix()
    return Written(unescape(title[1]).strip() if title and ours else "", path)


# What leads from a page to another place, or to a place on it: shown inside another page, a link
# would be taken as one of that page's own.
_AWAY = re.compile(r'<a class="ck-skip".*?</a>|<nav aria-label="Sections">.*?</nav>', re.DOTALL)
_LINK = re.compile(r"<a [^>]*>(.*?)</a>", re.DOTALL)


def page_in(folder: Path, path: str) -> str:
    """One page as it can be shown inside another: without its links.

    Raises FileNotFoundError where it is not, or is not one of those that were written.
    """
    if path not in [page.path for page in written_in(folder)]:
        raise FileNotFoundError(f"{path} is no longer in {folder}: write the reports again")
    text = (folder / path).read_text(encoding="utf-8")
    return _LINK.sub(r"\1", _AWAY.sub("", text))


def all_in_one(folder: Path) -> bytes:
    """Every page that was written, as one zip: unpacked, its index leads to the others."""
    held = io.BytesIO()
    with ZipFile(held, "w") as archive:
        for page in written_in(folder):
            name = ZipInfo(f"{folder.name}/{page.path}")  # without the time of writing
            archive.writestr(name, (folder / page.path).read_bytes(), ZIP_DEFLATED)
    return held.getvalue()
