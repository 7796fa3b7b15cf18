"""A plan written down: plan.json, moves.csv, comparison.csv, and the meetings with their calendar.

moves.csv and the meetings name students: they stay with the program. plan.json names none.
"""

from __future__ import annotations

import json
import math
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from casekit import __version__
from casekit.caseload import Caseload
from casekit.files import write_bytes, write_text
from casekit.planning.hours.levelling import calendar_of
from casekit.planning.plan import ProgramPlan, WholePlan, settings_used
from casekit.planning.scenarios.compare import COMPARISON_COLUMNS
from casekit.planning.scenarios.draft import invented
from casekit.planning.scenarios.scenario import scenario_data
from casekit.planning.settings import settings_table
from casekit.records import write_quoted

MOVES = "moves.csv"
MOVE_COLUMNS = (
    *("program_id", "student_id", "from_staff", "to_staff", "from_day", "reason"),
    *("travel_before", "travel_after"),
)
MEETING_COLUMNS = (
    *("program_id", "student_id", "staff_id", "due_on", "latest", "week", "day", "days_early"),
    "on_record",
)
# Frames with a row for a student, and what is not for reading: plan.json leaves them out.
_OF_STUDENTS = (
    "moves",
    "meetings",
    "unplaced",
    "outlook",
    "needed",
    "history",
    "limits",
    "scenario",
)


def write_plan(whole: WholePlan, out: Path) -> list[Path]:
    """The files of a plan but for its page, each complete or not there; which were written."""
    comparison = pd.DataFrame(columns=list(COMPARISON_COLUMNS))
    if whole.comparison is not None:
        comparison = whole.comparison.frame
    write_text(out / "plan.json", json.dumps(plan_data(whole), indent=1, allow_nan=False) + "\n")
    write_quoted(moves_of(whole), out / MOVES)
    write_quoted(comparison, out / "comparison.csv")
    written = [out / "plan.json", out / MOVES, out / "comparison.csv"]
    meetings = meetings_of(whole)
    if len(meetings):
        write_quoted(meetings, out / "meetings.csv")
        written.append(out / "meetings.csv")
        for name, program in whole.programs.items():
            if program.levelling is not None and len(program.levelling.meetings):
                path = out / f"meetings-{_file_name(name)}.ics"
                write_bytes(path, calendar_of(program.levelling, whole.as_of))
                written.append(path)
    return written


def _file_name(program: str) -> str:
    """The program's id as part of a file's name; what may not stand there by its number."""
    return "".join(c if c.isalnum() or c == "-" else f"_{ord(c):x}_" for c in program)


def moves_of(whole: WholePlan) -> pd.DataFrame:
    """Who moves to whom in all programs: MOVE_COLUMNS. Where a recovery hires first, with those.

    Students whom the scenario alone brings are nobody's yet, so they are not moved.
    """
    found = [
        program.reassignment.moves.assign(program_id=name)
        for name, program in whole.programs.items()
        if program.reassignment is not None and len(program.reassignment.moves)
    ]
    found += [
        recovery.moves.assign(program_id=name)
        for name, program in whole.programs.items()
        for recovery in program.recoveries
        if (program.reassignment is None or not len(program.reassignment.moves))
        and len(recovery.moves)
    ]
    if not found:
        return pd.DataFrame(columns=list(MOVE_COLUMNS))
    every = pd.concat(found, ignore_index=True)[list(MOVE_COLUMNS)]
    # A program held to two standards has a recovery for each, with the same moves.
    every = every.drop_duplicates(["program_id", "student_id"])
    return every[~every["student_id"].astype(str).isin(invented(_caseload(whole)))].reset_index(
        drop=True
    )


def _caseload(whole: WholePlan) -> Caseload:
    return next(iter(whole.programs.values())).outlook.caseload


def meetings_of(whole: WholePlan) -> pd.DataFrame:
    """When every meeting of the year ahead is held, in all programs: MEETING_COLUMNS."""
    found = [
        program.levelling.meetings.assign(program_id=name)
        for name, program in whole.programs.items()
        if program.levelling is not None and len(program.levelling.meetings)
    ]
    if not found:
        return pd.DataFrame(columns=list(MEETING_COLUMNS))
    return pd.concat(found, ignore_index=True)[list(MEETING_COLUMNS)]


def plan_data(whole: WholePlan) -> dict[str, Any]:
    """The plan as JSON values: numbers, days and sentences, and no student."""
    used = settings_used(whole)
    data: dict[str, Any] = {
        "casekit": __version__,
        "as_of": str(whole.as_of),
        "until": str(whole.until),
        "seed": whole.seed,
        "scenario": _without_students(scenario_data(whole.scenario)),
        "settings": _plain(settings_table(whole.scenario.settings, used)),
        "notes": list(whole.notes),
        "programs": {name: _program(each) for name, each in whole.programs.items()},
        "together": [_plain(each) for each in whole.together],
        "comparison": None,
    }
    if whole.comparison is not None:
        data["comparison"] = {
            "said": list(whole.comparison.said),
            "changed": _plain(_changed(whole.comparison.frame)),
            "levels": _plain(whole.comparison.levels),
            "costs": {
                each.scenario.name: {
                    program: {**_plain(cost), "total": round(cost.total, 2)}
                    for program, cost in each.costs.items()
                }
                for each in whole.comparison.tried
            },
        }
    return data


def _changed(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["direction"] != "same"].reset_index(drop=True)


def _without_students(data: dict[str, Any]) -> dict[str, Any]:
    """A scenario's values with students counted, not named."""
    changes = [
        {k: f"{len(v)} students" if k == "students" else v for k, v in change.items()}
        for change in data.get("change", [])
    ]
    settings = {k: v for k, v in data.get("settings", {}).items() if k != "pinned"}
    kept = {k: v for k, v in data.items() if k not in ("change", "settings")}
    return _plain({**kept, "settings": settings, "change": changes})


def _program(program: ProgramPlan) -> dict[str, Any]:
    parts = {
        f.name: _plain(getattr(program, f.name)) for f in fields(program) if f.name != "outlook"
    }
    return {"limits": program.outlook.limits.words, **parts}


def _plain(value: Any) -> Any:
    """A value as JSON has it: frames as rows, days as text, Fractions as decimals, NaN as null."""
    if isinstance(value, pd.DataFrame):
        return [{k: _plain(v) for k, v in row.items()} for row in value.to_dict("records")]
    if isinstance(value, pd.Series):
        return {str(k): _plain(v) for k, v in value.to_dict().items()}
    if is_dataclass(value) and not isinstance(value, type):
        names = [f.name for f in fields(value) if f.name not in _OF_STUDENTS]
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, dict) or hasattr(value, "items"):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain(part) for part in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, Fraction):
        return round(float(value), 6)
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp | np.datetime64 | date):
        return None if pd.isna(value) else str(pd.Timestamp(value).date())
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return "endless" if math.isinf(value) else round(value, 6)
    return value if isinstance(value, str | int | bool) else str(value)
