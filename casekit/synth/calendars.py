"""The calendars of the sample, each like that of a place whose standard it is for."""

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

# On the models of a Florida, a British Columbia and a Kansas district: semesters, grading periods,
# days without school. The year before is there for what was due from it, the year after (assumed)
# for what is counted in school days past the end of this one.
_FLORIDA = """kind,name,start_date,end_date
school_year,2024-25,2024-08-12,2025-05-30
school_year,2025-26,2025-08-11,2026-05-29
school_year,2026-27 (assumed),2026-08-10,2027-05-28
term,Semester 1 2024,2024-08-12,2024-12-20
term,Semester 2 2025,2025-01-07,2025-05-30
term,Semester 1 2025,2025-08-11,2025-12-19
term,Semester 2 2026,2026-01-06,2026-05-29
term,Semester 1 2026,2026-08-10,2026-12-18
term,Semester 2 2027,2027-01-05,2027-05-28
grading_period,Quarter 1 2025,2025-08-11,2025-10-10
grading_period,Quarter 2 2025,2025-10-14,2025-12-19
grading_period,Quarter 3 2026,2026-01-06,2026-03-13
grading_period,Quarter 4 2026,2026-03-23,2026-05-29
grading_period,Quarter 1 2026,2026-08-10,2026-10-09
grading_period,Quarter 2 2026,2026-10-13,2026-12-18
closure,Spring break,2025-03-17,2025-03-21
closure,Labor Day,2025-09-01,2025-09-01
closure,Teacher planning day,2025-10-13,2025-10-13
closure,Veterans Day,2025-11-11,2025-11-11
closure,Thanksgiving break,2025-11-24,2025-11-28
closure,Martin Luther King Jr. Day,2026-01-19,2026-01-19
closure,Presidents' Day,2026-02-16,2026-02-16
closure,Spring break,2026-03-16,2026-03-20
closure,Good Friday,2026-04-03,2026-04-03
closure,Memorial Day,2026-05-25,2026-05-25
closure,Labor Day,2026-09-07,2026-09-07
"""

_BRITISH_COLUMBIA = """kind,name,start_date,end_date
school_year,2024-25,2024-09-03,2025-06-27
school_year,2025-26,2025-09-02,2026-06-26
school_year,2026-27 (assumed),2026-09-08,2027-06-25
term,Semester 1 2024,2024-09-03,2025-01-30
term,Semester 2 2025,2025-02-03,2025-06-27
term,Semester 1 2025,2025-09-02,2026-01-29
term,Semester 2 2026,2026-02-02,2026-06-26
term,Semester 1 2026,2026-09-08,2027-01-28
term,Semester 2 2027,2027-02-01,2027-06-25
grading_period,Reporting period 1,2025-09-02,2025-11-14
grading_period,Reporting period 2,2025-11-17,2026-01-29
grading_period,Reporting period 3,2026-02-02,2026-04-17
grading_period,Reporting period 4,2026-04-20,2026-06-26
closure,Truth and Reconciliation Day,2025-09-30,2025-09-30
closure,Thanksgiving,2025-10-13,2025-10-13
closure,Professional development day,2025-10-24,2025-10-24
closure,Remembrance Day,2025-11-11,2025-11-11
closure,Winter break,2025-12-22,2026-01-02
closure,Family Day,2026-02-16,2026-02-16
closure,Spring break,2026-03-16,2026-03-27
closure,Good Friday,2026-04-03,2026-04-03
closure,Easter Monday,2026-04-06,2026-04-06
closure,Victoria Day,2026-05-18,2026-05-18
"""

_KANSAS = """kind,name,start_date,end_date
school_year,2024-25,2024-08-14,2025-05-22
school_year,2025-26,2025-08-13,2026-05-21
school_year,2026-27 (assumed),2026-08-12,2027-05-20
term,Semester 1 2024,2024-08-14,2024-12-20
term,Semester 2 2025,2025-01-06,2025-05-22
term,Semester 1 2025,2025-08-13,2025-12-19
term,Semester 2 2026,2026-01-06,2026-05-21
term,Semester 1 2026,2026-08-12,2026-12-18
term,Semester 2 2027,2027-01-05,2027-05-20
grading_period,Quarter 1 2025,2025-08-13,2025-10-10
grading_period,Quarter 2 2025,2025-10-14,2025-12-19
grading_period,Quarter 3 2026,2026-01-06,2026-03-13
grading_period,Quarter 4 2026,2026-03-23,2026-05-21
grading_period,Quarter 1 2026,2026-08-12,2026-10-09
grading_period,Quarter 2 2026,2026-10-13,2026-12-18
closure,Labor Day,2024-09-02,2024-09-02
closure,Thanksgiving break,2024-11-27,2024-11-29
closure,Spring break,2025-03-17,2025-03-21
closure,Labor Day,2025-09-01,2025-09-01
closure,Teacher work day,2025-10-13,2025-10-13
closure,Thanksgiving break,2025-11-26,2025-11-28
closure,Martin Luther King Jr. Day,2026-01-19,2026-01-19
closure,Presidents' Day,2026-02-16,2026-02-16
closure,Spring break,2026-03-16,2026-03-20
closure,Easter break,2026-04-03,2026-04-06
closure,Labor Day,2026-09-07,2026-09-07
"""

CALENDARS = {
    "wa-valley": _WASHINGTON,
    "wa-coast": _WASHINGTON + _STORM,
    "sa-schools": _SOUTH_AUSTRALIA,
    "fl-schools": _FLORIDA,
    "bc-schools": _BRITISH_COLUMBIA,
    "ks-schools": _KANSAS,
}


def calendar_table() -> pd.DataFrame:
    """The `calendar` table, every cell text."""
    found = [
        pd.read_csv(StringIO(text), dtype="str").assign(calendar_id=name)
        for name, text in CALENDARS.items()
    ]
    columns = ["calendar_id", "kind", "name", "start_date", "end_date"]
    return pd.concat(found, ignore_index=True)[columns]
