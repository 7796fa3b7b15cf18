"""How each number of a plan comes about, in plain words, and what the page's words mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casekit.phrases import capital, count, number
from casekit.planning.outlook import Outlook

HOW_HEADING = "How the numbers come about"

# The parts of a program's plan, by the names under which one may be refused.
PARTS = {
    "through_time": "Staffing, day by day",
    "need": "The least staff",
    "forecast": "What may come",
    "workload": "Hours needed and hours there",
    "leave": "Leave",
    "reassignment": "Who moves to whom",
    "levelling": "IEP meetings",
    "frontier": "What it costs to be sure",
    "recovery": "What to do",
}

GLOSSARY = {
    "Baseline": "What the data already say: nothing else changes.",
    "Answer": (
        "What the program itself says of a requirement that no record can show: whether it is in"
        " place, who says so, and since when."
    ),
    "Capacity": "Students allowed: the most that the limit allows with the staff who are there.",
    "Case": (
        "One thing that a requirement asks for, of one student, member of staff or stretch of time:"
        " it is met, not met, due, or cannot be told."
    ),
    "Case-management time": (
        "FTE times the share of it that goes to case management. A person of 0.8 FTE with a share"
        " of 0.5 gives 0.4."
    ),
    "Chance of passing the limit": (
        "In how many of the simulated futures more students are enrolled than are allowed; also"
        " called P(over)."
    ),
    "Floater": "Somebody who stands in for whichever case manager is away.",
    "FTE": "Full-time equivalent: 1 is one full-time post.",
    "Headroom": "Room: students allowed less students enrolled. Below 0, the limit is passed.",
    "Horizon": "The last day that this plan looks at.",
    "Interval": (
        "From low to high: a stated part of the simulated futures lies between the two. As many of"
        " the others lie below it as above."
    ),
    "Middle": "The median: half of the simulated futures have more, half have fewer.",
    "Open day": "A day on which the program is open, by the calendar table.",
    "Record": "A row of the program's own tables: a contact, a document, a date, a certificate.",
    "Rule": "A requirement by its short name: its standard, a dot, and what it asks.",
    "Scenario": "A named list of changes and assumptions that is tried against the baseline.",
    "T-01-1 (24 students)": (
        "A member of staff by id, and how many students in their care the step is about."
    ),
}

_HOW = {
    "ratio": (
        "on each open day, the students enrolled are divided by the case-management time of the"
        " staff employed that day (FTE times share, added up). Ahead, only"
        " what the tables already say counts: first and last days. Nothing is simulated, and"
        " nothing is rounded before it is judged."
    ),
    "heads": (
        "on each open day, the students of each case manager are counted, those of other programs"
        " too; the line shows whoever has most. Ahead, only what the tables"
        " already say counts: first and last days. Nothing is simulated."
    ),
    "need": (
        "the students of each open day ahead are divided by the limit. The day that asks"
        " for most decides. Time is rounded up to steps of {fte_step} FTE (fte_step), case managers"
        " to whole people."
    ),
    "reassignment": (
        "a solver for whole numbers weighs all ways of giving each student a case manager who is"
        " there all of their time and stays within the limit. It takes the fewest"
        " changes; of those the least travel; of those the most even caseloads. Where none can do,"
        " it proves so."
    ),
    "forecast": (
        "of {runs} simulated futures (runs), made from the program's own record of who came and who"
        " left. The random seed is {seed}: the same seed gives the same numbers. From low to high"
        " lie {interval_percent}% of them (interval). Case managers leave at the rate that each"
        " program's own part says, and are replaced {hiring_weeks} weeks later (hiring_weeks). The"
        " chance of a week is the part of the futures in which more students are enrolled than its"
        " worst open day allows."
    ),
    "frontier": (
        "each of {runs} simulated futures lacks so much in its worst week. What is enough in"
        " {sure_percent}% of them is what it takes to be so sure (sure). Its cost is that amount"
        " times the yearly pay (salary, on_cost) up to the horizon, and hire_cost for each new"
        " person who is hired, none where the staff who are there give more time. In the second"
        " figure each assumption is low, then high, one at a time: pay and prices a fifth lower"
        " and higher. Its costs are those of all staff: who is there, and who comes."
    ),
    "workload": (
        "each student needs {contacts} a week (contacts_per_week), the way there"
        " where it is another site, {paperwork_minutes} minutes of paperwork (paperwork_minutes),"
        " and IEP meetings of {meeting_hours} hours (meeting_hours) spread over the open weeks;"
        " students of concern need {concern_weight} times as much (concern_weight). There are FTE"
        " times share times {week_hours} hours (week_hours), less {other_time_percent}% for other"
        " work (other_time). No standard sets these hours."
    ),
    "leave": (
        "a student counts in a week when each of their case managers is away on all open days of it"
        " and nobody stands in. Planned leave is in the leave table. Unplanned leave is simulated:"
        " {absence_rate_percent}% of working days (absence_rate), {absence_days} days at a time on"
        " average (absence_days), in {runs} simulated futures (runs) with the seed {seed}."
    ),
    "levelling": (
        "each meeting is given a week, at most {early_weeks} weeks before it is due (early_weeks),"
        " on a day on which its case manager is at work. No case manager has more than"
        " {meetings_per_week} in a week (meetings_per_week). The fullest weeks are made as light as"
        " can be."
    ),
    "recovery": (
        "staffing is mended first by moving students, then by larger shares, then by hiring, each"
        " only where the one before is not enough. The changed caseload is then judged by the same"
        " rules as a report. Costs are up to the horizon, in {money}."
    ),
}
_PARTS_OF_ONE = ("interval", "sure", "other_time", "absence_rate")


def how(part: str, outlooks: Sequence[Outlook], seed: int) -> Iterator[str]:
    """How the numbers of one part come about, for programs that are planned with one settings.

    Staffing has a sentence for each kind of limit among them.
    """
    settings = outlooks[0].settings
    values = {
        name: number(value, 4) if isinstance(value, int | float) else value
        for name, value in vars(settings).items()
    }
    for name in _PARTS_OF_ONE:
        values[f"{name}_percent"] = number(100 * getattr(settings, name))
    values["contacts"] = count(settings.contacts_per_week, "contact")
    kinds = [part]
    if part == "through_time":
        heads = {o.limits.per_staff is None and o.limits.at_most is not None for o in outlooks}
        kinds = [
            name for name, is_heads in (("ratio", False), ("heads", True)) if is_heads in heads
        ]
    for kind in kinds:
        yield capital(_HOW[kind].format(**values, seed=seed))
