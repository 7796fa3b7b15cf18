"""Figures of a plan: what is ahead, what may come, what it takes, and what scenarios change.

As every figure, each takes a small frame that is already grouped; none holds a student's row.
"""

from casekit.figures.planning.forecast import students_forecast
from casekit.figures.planning.frontier import cost_of_certainty, what_matters
from casekit.figures.planning.hours import hours_per_manager
from casekit.figures.planning.scenarios import findings_by_scenario
from casekit.figures.planning.staffing import staffing_ahead
from casekit.figures.planning.weeks import meetings_by_week, weeks_without_contact

__all__ = [
    "cost_of_certainty",
    "findings_by_scenario",
    "hours_per_manager",
    "meetings_by_week",
    "staffing_ahead",
    "students_forecast",
    "weeks_without_contact",
    "what_matters",
]
