"""A small standard, and a standard of one's own over it, written for a test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

# A standard of three requirements: two computed, one attested.
BASE = """
[standard]
id = "base"
title = "The base"
issuer = "A state"
source = "A text"
edition = "First"
levels = ["low", "high"]

[[requirement]]
id = "base.caseload"
title = "At most 25"
citation = "Section 1"
statements = ["B-1"]
kind = "caseload"
level = "low"
with = { at_most = 25 }

[[requirement]]
id = "base.weekly"
title = "Seen each week"
citation = "Section 2"
kind = "weekly_contact"
with = { open_days = 1, modes = ["in_person"] }

[[requirement]]
id = "base.asked"
title = "Someone asks"
citation = "Section 3"
kind = "attestation"
question = "Does someone ask?"
evidence = "Notes."
"""
OWN = """[standard]
id = "own"
title = "Our own"
extends = "base.toml"
"""
NEW = """
[[requirement]]
id = "own.extra"
title = "One more"
citation = "Our board"
kind = "attestation"
question = "Is it so?"
evidence = "A list."
"""
WAIVER = '[[waiver]]\nrequirement = "base.weekly"\nreason = "No room"\nuntil = 2026-06-30\n'

Write = Callable[..., Path]


def writer(folder: Path) -> Write:
    """Writes base.toml and a file of one's own, own.toml; the path of the latter."""

    def write(own: str = "", base: str = BASE) -> Path:
        (folder / "base.toml").write_text(base, encoding="utf-8")
        (folder / "own.toml").write_text(OWN + own, encoding="utf-8")
        return folder / "own.toml"

    return write
