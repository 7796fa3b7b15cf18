"""Figures: each a chart, the sentence that says what it shows, and the table behind it.

Every function takes a small frame that is already grouped: no figure ever holds a student's row,
and a chart embeds only the columns that it plots.
"""

from casekit.figures.caseloads import caseload_per_manager
from casekit.figures.contacts import weekly_contact
from casekit.figures.deadlines import due_by_week
from casekit.figures.figure import Figure
from casekit.figures.levels import level_ladder
from casekit.figures.ratio import ratio_through_time
from casekit.figures.referrals import first_contact
from casekit.figures.requirements import requirements_by_program
from casekit.figures.standards import computed_and_attested
from casekit.figures.theme import DARK, LIGHT, STATUS

__all__ = [
    "DARK",
    "LIGHT",
    "STATUS",
    "Figure",
    "caseload_per_manager",
    "computed_and_attested",
    "due_by_week",
    "first_contact",
    "level_ladder",
    "ratio_through_time",
    "requirements_by_program",
    "weekly_contact",
]
