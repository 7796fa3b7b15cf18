"""A small plan of three programs, with two scenarios: everything that its page can show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

from conftest import caseload_of

from casekit.caseload import Caseload
from casekit.evaluate import plan_of
from casekit.planning.plan import WholePlan, make_plan
from casekit.planning.scenarios.changes import Hire, Resign
from casekit.planning.scenarios.scenario import Scenario
from casekit.planning.settings import Settings

ATTACK = "<script>alert(1)</script>"
NAME = "Ottoline Quill"  # a student; the page may not hold this

# p1 has 80 students and 1.0 FTE: five over 75, on every open day. p2 holds 25 heads, and shares w1.
# p3 is held to no standard with a limit, and nobody works there.
STUDENTS = {"p1": 80, "p2": 22, "p3": 4}
TABLES = {
    "programs": "program_id,program_name,standard_ids,calendar_id\n"
    f"p1,{ATTACK},wa_open_doors,c1\np2,South,sa_flo,c1\np3,,ks_wyandotte,c1\n",
    "calendar": "calendar_id,kind,name,start_date,end_date\n"
    "c1,school_year,2026,2025-09-01,2026-06-19\n",
    "staff": "staff_id,program_id,site_id,fte,case_management_share,start_date,end_date\n"
    "w1,p1,north,0.5,1,2025-09-01,\n"
    "w1,p2,north,0.5,1,2025-09-01,\n"
    "w2,p1,south,0.5,1,2025-09-01,\n",
    "leave": "staff_id,start_date,end_date,covered_by\nw1,2026-03-16,2026-03-20,\n",
}


def caseload() -> Caseload:
    """Students come one after another, so that there is a history; meetings were held in p2."""
    students = ["student_id,program_id,student_name,enrollment_start"]
    assignments = ["student_id,staff_id,start_date"]
    events = ["event_type,student_id,occurred_at"]
    for program, number in STUDENTS.items():
        for n in range(number):
            name = f"stu-{program}-{n}"
            start = f"2025-{9 + n % 4:02}-{1 + n % 27:02}"
            students.append(f"{name},{program},{NAME} {n},{start}")
            if program != "p3":
                assignments.append(f"{name},{'w2' if n % 2 and program == 'p1' else 'w1'},{start}")
            if program == "p2":
                events.append(f"iep_meeting,{name},2025-0{3 + n % 3}-{11 + n % 8}")
    rows = {"students": students, "assignments": assignments, "events": events}
    return caseload_of(**TABLES, **{name: "\n".join(text) + "\n" for name, text in rows.items()})


@cache
def whole_plan() -> WholePlan:
    """As of 6 March 2026, up to 11 September: by then the calendar is last year's come again.

    In one scenario somebody is hired, in the other somebody goes. A pin names a student.
    """
    cases = caseload()
    plan = plan_of(cases, as_of="2026-03-06", since="2025-12-01", until="2026-09-11")
    settings = Settings(runs=100, money="US dollars", salary=60_000, pinned=(("stu-p1-3", "w2"),))
    hire = Scenario(
        "Hire", (Hire("p1", fte=0.5, on=date(2026, 3, 16)),), f"{ATTACK} half a post", settings
    )
    gone = Scenario("Gone", (Resign("w2", on=date(2026, 4, 3)),), "", replace(settings, sure=0.8))
    return make_plan(cases, plan, (hire, gone), seed=7)
