"""The programs of the sample, half of them Open Doors and half FLO, and their calendars."""

from __future__ import annotations

import pandas as pd

from casekit.calendars import Calendar
from casekit.synth.calendars import calendar_table
from casekit.synth.draft import FLO, OPEN_DOORS, Draft


def add_programs(draft: Draft, count: int) -> None:
    """The first half of the programs is Open Doors, the other FLO."""
    draft.add("calendar", calendar_table())
    rows = []
    for index in range(count):
        number = f"{index + 1:02d}"
        washington = index < (count + 1) // 2
        calendar = ("wa-valley", "wa-coast")[index % 2] if washington else "sa-schools"
        rows.append(
            {
                "program_id": f"P-{number}",
                "program_name": f"Sample {'Open Doors' if washington else 'FLO'} {number}",
                "standard_ids": OPEN_DOORS if washington else FLO,
                "calendar_id": calendar,
                "organization": f"Sample {'District' if washington else 'Provider'} {number}",
                "region": "Washington" if washington else "South Australia",
                "instructional_sites": f"Site-{number}-A;Site-{number}-B",
            }
        )
    draft.add("programs", rows)
    calendar_rows = draft.tables["calendar"].assign(
        start_date=lambda t: pd.to_datetime(t["start_date"]),
        end_date=lambda t: pd.to_datetime(t["end_date"]),
    )
    for row in rows:
        name = row["calendar_id"]
        mine = calendar_rows[calendar_rows["calendar_id"] == name]
        draft.calendars[row["program_id"]] = Calendar.of(name, mine)
