"""Fixtures that every test may use."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from hypothesis import settings

from casekit.caseload import Caseload
from casekit.readers import assemble
from casekit.readers.delimited import read_delimited

# CI takes the same examples every time; at one's desk each run looks further. How long an example
# takes on a busy machine says nothing.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")

PROGRAMS = (
    "program_id,program_name,standard_ids,calendar_id\np1,Program One,wa_open_doors;sa_flo,c1\n"
)


def caseload_of(**tables: str) -> Caseload:
    """A caseload of CSV text per table; without `programs` there is one, p1 on calendar c1."""
    texts = {"programs": PROGRAMS, **tables}
    return assemble(
        [read_delimited(name, f"{name}.csv", text.encode()) for name, text in texts.items()]
    )


@pytest.fixture
def make_caseload() -> Callable[..., Caseload]:
    return caseload_of
