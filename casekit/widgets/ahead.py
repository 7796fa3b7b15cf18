"""What lies ahead of one program, found once, and the words for whom it concerns.

It names students, so it is shown within the program only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from casekit.back_plan import meetings_ahead, plans_meetings
from casekit.cases import staff_names, student_names
from casekit.findings import Evaluation
from casekit.open_cases import monitored, period_rules, step_rules, steps_of_open
from casekit.phrases import count, listing
from casekit.upcoming import case_managers, upcoming
from casekit.widgets.roster import Roster

LONGEST = 180  # days


@dataclass(frozen=True)
class Ahead:
    """The program of a roster that looks LONGEST days ahead; each table is made when asked for."""

    roster: Roster

    @property
    def program(self) -> str:
        """The program looked at."""
        return self.roster.program

    @property
    def evaluation(self) -> Evaluation | None:
        """The program judged with the roster's horizon; None where the form has a mistake."""
        return self.roster.evaluation

    @cached_property
    def due(self) -> pd.DataFrame:
        """What falls due, as `upcoming` lists it."""
        return upcoming(self._judged, LONGEST)

    @cached_property
    def meetings(self) -> pd.DataFrame:
        """The next meeting of each student."""
        return self._managed(meetings_ahead(self._judged, self.program))

    @cached_property
    def steps(self) -> pd.DataFrame:
        """The steps of every open referral."""
        return self._managed(steps_of_open(self._judged, self.program))

    @cached_property
    def periods(self) -> pd.DataFrame:
        """The grading period of every open referral."""
        return self._managed(monitored(self._judged, self.program))

    @property
    def speaks_of_meetings(self) -> bool:
        """Whether a standard of the program sets steps towards a meeting."""
        return self.evaluation is not None and plans_meetings(self.evaluation, self.program)

    @property
    def speaks_of_referrals(self) -> bool:
        """Whether a standard of the program sets steps for a referral."""
        return self.evaluation is not None and bool(step_rules(self.evaluation, self.program))

    @property
    def speaks_of_periods(self) -> bool:
        """Whether a standard of the program asks that a case be kept through a grading period."""
        return self.evaluation is not None and bool(period_rules(self.evaluation, self.program))

    @cached_property
    def students(self) -> Mapping[str, str]:
        """Names of students by id."""
        return student_names(self._judged.caseload)

    @cached_property
    def staff(self) -> Mapping[str, str]:
        """Names of staff by id."""
        return staff_names(self._judged.caseload)

    def student(self, who: str) -> str:
        """`Ada Byron (s1)`, or the id alone."""
        name = self.students.get(who, "")
        return f"{name} ({who})" if name and name != who else who

    def whom(self, row: pd.Series) -> str:
        """Whom a row of `due` is about, with the referral or the goal it is about."""
        who = self.student(row["student_id"]) if row["student_id"] else ""
        if row["subject_type"] == "student" or row["subject_id"] == self.program:
            return who or "The program"
        subject = str(row["subject_id"]).removeprefix(f"{row['student_id']}/")
        return ", ".join(filter(None, [who, f"{row['subject_type']} {subject}"]))

    def managers(self, cells: pd.Series) -> str:
        """The case managers of some rows by name, or how many they are."""
        there = sorted({one for cell in cells for one in cell.split(";") if one})
        if len(there) > 3:
            return count(len(there), "case manager")
        return listing([self.staff.get(one, one) for one in there]) or "nobody"

    @property
    def _judged(self) -> Evaluation:
        if self.evaluation is None:
            raise ValueError("nothing was judged: mend what the form says is wrong")
        return self.evaluation

    def _managed(self, rows: pd.DataFrame) -> pd.DataFrame:
        judged = self._judged
        return rows.assign(case_manager=case_managers(judged.caseload, judged.as_of, rows))
