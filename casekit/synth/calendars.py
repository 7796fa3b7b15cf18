"""The calendars of the sample: a Washington-like school year, and South Australian terms."""

from __future__ import annotations

from io import StringIO

import pandas as pd

# Synthetic, on the model of a Washington district. Thanksgiving leaves a week of two open days.
_WASHINGTON = """kind,name,start_date,end_date
school_year,2025-26,2025-09-01,2026-08-31
term,Semester 1,2025-09-03,2026-01-30
term,Semester 2,2026-02-02,2026-06-17
closure,Veterans Day,2025-11-11,2025-11-11
closure,Thanksgiving break,2025-11-26,2025-11-28
closure,Winter break,2025-12-22,2026-01-02
closure,Martin Luther King Jr. Day,2026-01-19,2026-01-19
closure,Mid-winter break,2026-02-16,2026-02-20
closure,Spring break,2026-04-06,2026-04-10
closure,Memorial Day,2026-05-25,2026-05-25
"""
# On the coast a storm takes three days of a week: two are left.
_STORM = "closure,Storm,2026-01-14,2026-01-16\n"

# Term dates as published for government schools; public copies disagree on the ends of terms 1
# and 2 of 2026. The school year 2027 is assumed.
_SOUTH_AUSTRALIA = """kind,name,start_date,end_date
school_year,2025,2025-01-28,2025-12-12
school_year,2026,2026-01-27,2026-12-11
school_year,2027 (assumed),2027-01-27,2027-12-10
term,Term 1 2025,2025-01-28,2025-04-11
term,Term 2 2025,2025-04-28,2025-07-04
term,Term 3 2025,2025-07-21,2025-09-26
term,Term 4 2025,2025-10-13,2025-12-12
term,Term 1 2026,2026-01-27,2026-04-10
term,Term 2 2026,2026-04-27,2026-07-03
term,Term 3 2026,2026-07-20,2026-09-25
term,Term 4 2026,2026-10-12,2026-12-11
closure,King's Birthday,2025-06-09,2025-06-09
closure,Adelaide Cup,2026-03-09,2026-03-09
closure,Good Friday,2026-04-03,2026-04-03
closure,Easter Monday,2026-04-06,2026-04-06
closure,King's Birthday,2026-06-08,2026-06-08
"""

CALENDARS = {
    "wa-valley": _WASHINGTON,
    "wa-coast": _WASHINGTON + _STORM,
    "sa-schools": _SOUTH_AUSTRALIA,
}


def calendar_table() -> pd.DataFrame:
    """The `calendar` table, every cell text."""
    found = [
        pd.read_csv(StringIO(text), dtype="str").assign(calendar_id=name)
        for name, text in CALENDARS.items()
    ]
    columns = ["calendar_id", "kind", "name", "start_date", "end_date"]
    return pd.concat(found, ignore_index=True)[columns]
