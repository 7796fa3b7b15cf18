"""The programs of the sample, each standard's in turn, and their calendars."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from casekit.calendars import Calendar
from casekit.synth.calendars import calendar_table
from casekit.synth.draft import DSPC, FLO, OPEN_DOORS, SD42, STANDARDS, WYANDOTTE, Draft

# Of each standard: what its programs are called, who runs them, where, and their calendars in turn.
KNOWN_AS = {
    OPEN_DOORS: ("Open Doors", "District", "Washington", ("wa-valley", "wa-coast")),
    FLO: ("FLO", "Provider", "South Australia", ("sa-schools",)),
    DSPC: ("Case Management", "District", "Florida", ("fl-schools",)),
    SD42: ("Secondary", "School District", "British Columbia", ("bc-schools",)),
    WYANDOTTE: ("Special Education", "Cooperative", "Kansas", ("ks-schools",)),
}


def add_programs(draft: Draft, count: int, standards: Sequence[str] = STANDARDS) -> None:
    """One program of each standard after the other, then the next of each."""
    draft.add("calendar", calendar_table())
    rows = []
    for index in range(count):
        number = f"{index + 1:02d}"
        standard = standards[index % len(standards)]
        name, runs_it, region, calendars = KNOWN_AS[standard]
        rows.append(
            {
                "program_id": f"P-{number}",
                "program_name": f"Sample {name} {number}",
                "standard_ids": standard,
                "calendar_id": calendars[index // len(standards) % len(calendars)],
                "organization": f"Sample {runs_it} {number}",
                "region": region,
                "instructional_sites": f"Site-{number}-A;Site-{number}-B",
            }
        )
    draft.add("programs", rows)
    calendar_rows = draft.tables["calendar"].assign(
        start_date=lambda t: pd.to_datetime(t["start_date"]),
        end_date=lambda t: pd.to_datetime(t["end_date"]),
    )
    for row in rows:
        calendar = row["calendar_id"]
        mine = calendar_rows[calendar_rows["calendar_id"] == calendar]
        draft.calendars[row["program_id"]] = Calendar.of(calendar, mine)
