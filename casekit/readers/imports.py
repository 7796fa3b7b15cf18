"""Importing: a roster of another system, and an overlay of what it does not know -> Caseload."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from casekit.caseload import Caseload
from casekit.readers import assemble, edfi, oneroster, raw_tables, sds
from casekit.readers.exports import fingerprints
from casekit.readers.raw import ReadError

# Each kind's reader, and how its files end.
KINDS = {
    "oneroster": (oneroster.tables, ".csv"),
    "sds": (sds.tables, ".csv"),
    "edfi": (edfi.tables, ".xml"),
}


def import_roster(
    kind: str,
    source: Path,
    *,
    overlay: Path | None = None,
    standards: Sequence[str] = (),
    dates: str | None = None,
) -> Caseload:
    """A caseload from a roster of another system.

    kind       "oneroster" (1.1 and 1.2), "sds" (Microsoft School Data Sync, both formats) or
               "edfi" (XML).
    overlay    casekit's own tables, which fill empty cells and add rows: case managers, shares,
               contacts and whatever else a roster does not know.
    standards  the standards that every program is held to.
    dates      "dmy" or "mdy", where the files write 1/05/2023.

    Raises ReadError, in one line, where it cannot be read at all.
    """
    if kind not in KINDS:
        raise ReadError(f"there is no import of {kind!r}: choose one of {', '.join(KINDS)}")
    read, suffix = KINDS[kind]
    raw = read(Path(source), dates=dates)
    if standards:
        for table in raw:
            if table.name == "programs":
                table.cells["standard_ids"] = ";".join(standards)
    sources = fingerprints(Path(source), suffix)
    over, more = raw_tables(overlay) if overlay is not None else ([], {})
    sources |= {f"overlay/{name}": digest for name, digest in more.items()}
    return assemble(raw, overlay=over, dates=dates, sources=sources)
