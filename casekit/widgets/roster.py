"""The roster form that the notebooks share: which data, as of which day, against which standards.

A roster is read by its path, or from files handed over, which are read and dropped. Each program
is evaluated when it is looked at. Nothing is raised for bad input: the field that is at fault has
the one line that says what is wrong.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

from casekit.caseload import Caseload
from casekit.catalog import StandardError, load, shipped_standards
from casekit.evaluate import UsageError, day_given
from casekit.findings import Evaluation, evaluate_programs
from casekit.phrases import count
from casekit.readers import ReadError, read
from casekit.reports.view import program_names_in
from casekit.widgets.panel import Panel
from casekit.widgets.parts import Button, Choice, Entry, Folded, Group, Part, Row, Upload

OWN = "own"
OWN_FILE = "file"
HANDED_OVER = "files that you chose"
LONGEST_NAME = 255  # bytes, on every disk

Held = TypeVar("Held", bound="WithRoster")


@dataclass(frozen=True)
class Roster:
    """What the form says, and what came of it.

    data      the path of a folder, a workbook or a zip; HANDED_OVER where files were chosen
    as_of     the last day judged, ISO; since the first one, empty: the school year's
    standard  OWN (those that each program names), a shipped id, or OWN_FILE with its path in `file`
    overlay   a folder of tables that fill empty cells and add rows; empty: none
    dates     dmy, mdy, or empty where dates are written as ISO
    program   the program looked at; caseload: what was read, None where it could not be
    ahead     how many days after as_of what lies ahead is told, as `due`
    mistakes  what is wrong, by the field at fault
    """

    data: str
    as_of: str
    since: str = ""
    standard: str = OWN
    file: str = ""
    overlay: str = ""
    dates: str = ""
    program: str = ""
    caseload: Caseload | None = None
    ahead: int = 0
    mistakes: Mapping[str, str] = field(default_factory=dict)

    @property
    def programs(self) -> dict[str, str]:
        """The name of each program by its id."""
        return {} if self.caseload is None else program_names_in(self.caseload)

    @property
    def over(self) -> Path | None:
        """The folder of additions, where one is named."""
        return _place(self.overlay) if self.overlay.strip() else None

    @property
    def standards(self) -> list[str] | None:
        """The standards asked for, as `evaluate_programs` takes them."""
        if self.standard == OWN:
            return None
        return [str(_place(self.file))] if self.standard == OWN_FILE else [self.standard]

    def evaluate(self, programs: list[str] | None = None, **more: Any) -> Evaluation:
        """Some programs held against the standards; raises as `evaluate_programs` does."""
        if self.caseload is None:
            raise UsageError("no roster is loaded: give the path of one")
        asked = {"as_of": self.as_of, "since": self.since or None, "standards": self.standards}
        if self.ahead:
            asked["until"] = str(day_given(self.as_of, "the date") + self.ahead)
        return evaluate_programs(self.caseload, programs=programs, **asked, **more)

    @cached_property
    def _judged(self) -> tuple[Evaluation | None, Mapping[str, str]]:
        if self.caseload is None or not self.program:
            return None, {}
        try:
            day_given(self.as_of, "the date")
        except UsageError:
            return None, {"as_of": "Give a date such as 2026-03-31."}
        try:
            if self.standard == OWN_FILE:
                load(_place(self.file))
        except (StandardError, OSError) as error:
            return None, {"file": _one_line(error)}
        try:
            return self.evaluate([self.program]), {}
        except UsageError as error:
            # By the names that the form has for them.
            told = _one_line(error).replace("since ", "From ").replace("as_of", "As of")
            return None, {"since" if self.since else "standard": told}
        except StandardError as error:
            return None, {"standard": _one_line(error)}

    @property
    def evaluation(self) -> Evaluation | None:
        """The chosen program held against its standards; None where that cannot be."""
        return self._judged[0]

    @property
    def wrong(self) -> Mapping[str, str]:
        """Everything that is wrong, by the field at fault."""
        return {**self._judged[1], **self.mistakes}

    @property
    def said(self) -> str:
        """In a line, what was read and what came of it."""
        if self.wrong:
            return next(iter(self.wrong.values()))
        if self.caseload is None:
            return ""
        aside = int(self.caseload.problems["set_aside"].sum())
        rows = f"{count(aside, 'row')} set aside" if aside else "no row set aside"
        return f"{count(len(self.programs), 'program')} read, {rows}."


def loaded(roster: Roster) -> Roster:
    """Read the tables from the path; a program that is still there stays chosen."""
    if roster.data == HANDED_OVER:
        return roster if roster.caseload else _failed(roster, "Choose the files again, or a path.")
    try:
        if not roster.data.strip():
            raise ReadError("Give the path of a folder, an .xlsx workbook or a .zip.")
        caseload = read(_place(roster.data), overlay=roster.over, dates=roster.dates or None)
    except (ReadError, OSError) as error:
        return _failed(roster, _one_line(error))
    return _with(roster, caseload)


def _by_name(given: Mapping[str, bytes]) -> dict[str, bytes]:
    """Files by their own names. Raises ReadError for a name that no file can have, or for two.

    A name is what the browser says it is: of a path in it, only the last part counts.
    """
    files: dict[str, bytes] = {}
    for path, data in given.items():
        name = Path(path.encode(errors="replace").decode().replace("\\", "/")).name
        if name in ("", "..") or "\0" in name or len(name.encode()) > LONGEST_NAME:
            raise ReadError(f"{path[:40]!r} is no name of a file. Give one such as students.csv.")
        if name.casefold() in {other.casefold() for other in files}:
            raise ReadError(f"Two of the files are named {name}: choose one of them.")
        files[name] = data
    return files


def handed_over(roster: Roster, given: Mapping[str, bytes]) -> Roster:
    """Read files by name from their bytes: tables as CSV, or one workbook or zip. None is kept."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            files = _by_name(given)
            for name, data in files.items():
                (Path(folder) / name).write_bytes(data)
            whole = [name for name in files if Path(name).suffix.lower() in (".xlsx", ".zip")]
            tables = Path(folder, *whole) if len(files) == 1 else Path(folder)
            caseload = read(tables, overlay=roster.over, dates=roster.dates or None)
        except (ReadError, OSError) as error:
            told = _one_line(error).replace(folder, HANDED_OVER)
            return _failed(roster, told.replace(Path(folder).name, HANDED_OVER))
    return _with(replace(roster, data=HANDED_OVER), caseload)


def _with(roster: Roster, caseload: Caseload) -> Roster:
    there = program_names_in(caseload)
    program = roster.program if roster.program in there else next(iter(there), "")
    return replace(roster, caseload=caseload, program=program, mistakes={})


def _failed(roster: Roster, why: str) -> Roster:
    return replace(roster, caseload=None, mistakes={"data": why})


def _place(path: str) -> Path:
    """The path as it was typed, with `~` for the home folder where there is one."""
    try:
        return Path(path.strip()).expanduser()
    except RuntimeError:
        return Path(path.strip())


def _one_line(error: Exception) -> str:
    first, *more = str(error).splitlines() or [""]
    return f"{first} (and {len(more)} more)" if more else first


STANDARDS = ((OWN, "Those that each program names"),)
DATES = (
    ("", "Year first (2026-03-02)"),
    ("dmy", "Day first (02/03/2026)"),
    ("mdy", "Month first (03/02/2026)"),
)


def standard_options() -> tuple[tuple[str, str], ...]:
    """Each standard that may be chosen: its id, its title."""
    shipped = tuple((name, load(name).title) for name in shipped_standards())
    return (*STANDARDS, *shipped, (OWN_FILE, "A file of your own"))


def form(roster: Roster, one: bool = True) -> list[Part]:
    """The form: the data, the day and (with `one`) the program; the rest is folded.

    What is folded is open while anything in it is set or wrong, so that no mistake is hidden.
    """
    wrong = roster.wrong
    shown: list[Part] = [
        Entry(
            "data",
            "Path of your roster",
            "" if roster.data == HANDED_OVER else roster.data,
            help="A folder of tables, a workbook (.xlsx) or a .zip.",
            error=wrong.get("data", ""),
        ),
        Entry(
            "as_of",
            "As of",
            roster.as_of,
            help="The last day that is judged.",
            error=wrong.get("as_of", ""),
            kind="date",
        ),
    ]
    if one:
        options = tuple(roster.programs.items()) or (("", "No roster is loaded"),)
        off = not roster.programs
        shown.append(Choice("program", "Program", roster.program, options=options, disabled=off))
    folded = (_files(roster), _judged_by(roster))
    return [Group("Your roster", (Row(tuple(shown)), Row((*folded, Button("load", READ_AGAIN)))))]


READ_AGAIN = "Read the roster again"


def _files(roster: Roster) -> Folded:
    """Files instead of a path, and how they are to be read."""
    parts = (
        Upload(
            "files",
            "Files of your roster",
            help="CSV tables such as students.csv, or one workbook or zip, up to 8 MB."
            " They are read and not kept.",
        ),
        Choice("dates", "How dates are written", roster.dates, options=DATES),
        Entry(
            "overlay",
            "Folder of additions",
            roster.overlay,
            help="Optional: tables that fill empty cells and add rows.",
            error=roster.wrong.get("overlay", ""),
        ),
    )
    set_ = bool(roster.dates or roster.overlay or roster.data == HANDED_OVER)
    opened = set_ or "overlay" in roster.wrong
    return Folded("Choose files instead, or say how they are written", (Row(parts),), opened)


def _judged_by(roster: Roster) -> Folded:
    """The standards, and the first day."""
    wrong = roster.wrong
    parts: list[Part] = [
        Choice(
            "standard",
            "Standards",
            roster.standard,
            error=wrong.get("standard", ""),
            options=standard_options(),
        ),
        Entry(
            "since",
            "From",
            roster.since,
            help="The first day that is judged. Empty: the school year's.",
            error=wrong.get("since", ""),
            kind="date",
        ),
    ]
    if roster.standard == OWN_FILE:
        label = "Path of the standard's TOML file"
        parts.insert(1, Entry("file", label, roster.file, error=wrong.get("file", "")))
    set_ = roster.standard != OWN or bool(roster.since)
    opened = set_ or bool({"standard", "since", "file"} & set(wrong))
    return Folded("Other standards, or another first day", (Row(tuple(parts)),), opened)


@dataclass(frozen=True)
class WithRoster:
    """A panel's state that has a roster."""

    roster: Roster


_OWN_FIELDS = ("data", "as_of", "since", "standard", "file", "overlay", "dates", "program")
_READ_ANEW = ("data", "overlay", "dates")


class RosterPanel(Panel[Held], Generic[Held]):
    """A panel over a roster: what the roster form can do, for every notebook that has one."""

    def changed(self, state: Held, name: str, value: str) -> Held:
        if name not in _OWN_FIELDS:
            return super().changed(state, name, value)
        told: dict[str, Any] = {name: value}
        roster = replace(state.roster, **told)
        return self._over(state, self.read(roster) if name in _READ_ANEW else roster)

    def pressed(self, state: Held, name: str, value: str) -> Held:
        if name == "load":
            return self._over(state, self.read(state.roster))
        return super().pressed(state, name, value)

    def uploaded(self, state: Held, name: str, given: Mapping[str, bytes]) -> Held:
        return self._over(state, self.read(state.roster, given))

    def read(self, roster: Roster, given: Mapping[str, bytes] | None = None) -> Roster:
        """The roster with its tables read, from its path or from files handed over."""
        return loaded(roster) if given is None else handed_over(roster, given)

    def settled(self, state: Held) -> Held:
        """The state once the roster has changed; what was chosen in the old one may go."""
        return state

    def judged_anew(self, state: Held) -> Held:
        """The state once the same program is judged on another day, or otherwise."""
        return self.settled(state)

    def _at(self, state: Held, name: str) -> Held:
        """The state, shown already, with the keyboard on one of its controls."""
        self.state = state
        self.show()
        self.focus(name)
        return state

    def _over(self, state: Held, roster: Roster) -> Held:
        self.said = roster.said
        old, state = state.roster, replace(state, roster=roster)
        same = roster.caseload is old.caseload and roster.program == old.program
        return self.judged_anew(state) if same else self.settled(state)
