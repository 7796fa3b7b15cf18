"""Writing: every output is made beside itself and moved into place, so no half file is left."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; moved over `path` when the block ends without an error.

    A link stays one: what it leads to is replaced. A file that is there keeps its permissions.
    Raises PermissionError where it may not be written.
    """
    path = path.resolve() if path.is_symlink() else path
    there = path.exists()
    if there and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    beside = Path(name)
    try:
        yield beside
        # mkstemp makes files private; a new output takes the permissions any new file would have.
        mask = os.umask(0)
        os.umask(mask)
        beside.chmod(stat.S_IMODE(path.stat().st_mode) if there else 0o666 & ~mask)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text, all of it or nothing."""
    with replacing(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")


def write_bytes(path: Path, data: bytes) -> None:
    """Write bytes, all of them or nothing."""
    with replacing(path) as beside:
        beside.write_bytes(data)
