"""What the staffing panel holds: the program as it stands, the changes, what comes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import tomli_w

from casekit.calendars import DAY, WEEK
from casekit.caseload import Caseload
from casekit.cases import staff_names
from casekit.catalog import StandardError
from casekit.evaluate import UsageError, day_given, plan_of
from casekit.figures.planning.backdrop import Backdrop
from casekit.phrases import capital
from casekit.planning.scenarios.changes import Change, Intake
from casekit.planning.scenarios.ground import Ground, culprit, ground_of, laid
from casekit.planning.scenarios.said import phrase
from casekit.planning.scenarios.scenario import Scenario, scenario_data
from casekit.planning.settings import PlanningError, Settings
from casekit.widgets.roster import WithRoster
from casekit.widgets.scenario_files import Saved
from casekit.widgets.staffing_tries import (
    ASSUMED,
    Tries,
    changes_of,
    nothing_tried,
    settings_of,
)

YEAR = 52 * WEEK
UNNAMED = "With the changes"


@dataclass(frozen=True)
class Staffing(WithRoster):
    """What the staffing panel holds.

    until     the last day looked at, ISO; empty: 52 weeks after the roster's day
    tries     what the form's sliders say now; kept: the changes that are in the list already
    name      of the scenario; why: what it is for
    base      the assumptions of the scenario that was loaded; given: those of the form, as text
    folder    where scenarios are saved; saved: those that are there; compared: files ticked
    worked    (part, key of the changes) that was asked for by a button
    ground    the program as it stands; None where it cannot be planned, and `unable` says why
    names     what each member of staff is called, by id
    stacked   the ground with what is kept; None where that cannot be, and `misfit` says why
    """

    until: str = ""
    tries: Tries = field(default_factory=Tries)
    kept: tuple[Change, ...] = ()
    name: str = ""
    why: str = ""
    base: Settings = field(default_factory=Settings)
    given: Mapping[str, str] = field(default_factory=dict)
    folder: str = "scenarios"
    saved: tuple[Saved, ...] = ()
    compared: frozenset[str] = frozenset()
    worked: frozenset[tuple[str, str]] = frozenset()
    wrong: Mapping[str, str] = field(default_factory=dict)
    ground: Ground | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    stacked: Ground | None = None
    backdrop: Backdrop | None = None
    unable: str = ""
    misfit: str = ""

    @cached_property
    def settings(self) -> tuple[Settings, dict[str, str]]:
        """The assumptions, and what is wrong with a field of them."""
        return settings_of(self.base, self.given)

    @cached_property
    def read(self) -> tuple[dict[str, Change], dict[str, str]]:
        """The form's changes by field, and what is wrong by field."""
        if self.ground is None:
            return {}, {}
        return changes_of(self.tries, self.ground.outlook)

    @cached_property
    def laid(self) -> tuple[Ground | None, dict[str, Change], dict[str, str]]:
        """The program with all changes, those of the form that can be made, what is wrong."""
        changes, wrong = self.read
        if self.stacked is None:
            return None, changes, wrong
        changes, wrong = dict(changes), dict(wrong)
        while changes:
            scenario = self._scenario(tuple(changes.values()))
            try:
                return laid(self.stacked, _quick(scenario, self.stacked)), changes, wrong
            except PlanningError:
                # The one that cannot be made is said at its field, and the others are made.
                place, why = culprit(self.stacked, scenario)
                at = list(changes)[place]
                wrong[at] = f"{capital(why)}."
                del changes[at]
        return laid(self.stacked, self._scenario(())), changes, wrong

    @property
    def after(self) -> Ground | None:
        """The program with all changes."""
        return self.laid[0]

    @property
    def mistakes(self) -> dict[str, str]:
        """What is wrong with the form, by field."""
        return {**self.laid[2], **self.settings[1], **self.wrong}

    @cached_property
    def scenario(self) -> Scenario:
        """All changes as one scenario."""
        return self._scenario((*self.kept, *self.laid[1].values()))

    def _scenario(self, changes: tuple[Change, ...]) -> Scenario:
        return Scenario(self.name.strip() or UNNAMED, changes, self.why, self.settings[0])

    @cached_property
    def key(self) -> str:
        """What tells these changes and assumptions from others, whatever they are called."""
        return tomli_w.dumps(scenario_data(replace(self.scenario, name="-", why="")))

    @property
    def kept_key(self) -> str:
        return tomli_w.dumps(scenario_data(Scenario("-", self.kept, "", self.base)))

    @property
    def first_day(self) -> date | None:
        """The day on which a change begins that names none."""
        if self.ground is None:
            return None
        return (self.ground.outlook.span.as_of + DAY).astype(date)

    def phrases(self) -> list[str]:
        """Each change in a few words."""
        return [phrase(each, self.names, self.first_day) for each in self.scenario.changes]


def _quick(scenario: Scenario, ground: Ground) -> Scenario:
    """The same for a chart: who gets a new student matters to a limit on heads alone."""
    if ground.outlook.limits.at_most is not None:
        return scenario
    changes = tuple(replace(c, assign=False) if isinstance(c, Intake) else c
                    for c in scenario.changes)  # fmt: skip
    return replace(scenario, changes=changes)


def names_of(caseload: Caseload) -> dict[str, str]:
    """`Sample Worker (T-01-1)` by id; the id alone where no name is recorded."""
    named = staff_names(caseload)
    ids = caseload.tables["staff"]["staff_id"].dropna().astype(str)
    return {who: f"{named[who]} ({who})" if named.get(who) else who for who in dict.fromkeys(ids)}


def opened(state: Staffing) -> Staffing:
    """The state with its program worked out as it stands, and nothing tried yet."""
    empty = replace(state, ground=None, stacked=None, backdrop=None, unable="", misfit="")
    roster = state.roster
    if roster.caseload is None or roster.evaluation is None:
        return empty
    wrong = {name: text for name, text in state.wrong.items() if name != "until"}
    try:
        until = day_given(state.until, "the last day") if state.until else None
        if until is None:
            until = day_given(roster.as_of, "the date") + YEAR
        elif until <= day_given(roster.as_of, "the date"):
            raise UsageError("this is no day ahead: give one after the day of the data")
        plan = plan_of(
            roster.caseload,
            as_of=roster.as_of,
            since=roster.since or None,
            until=until,
            standards=roster.standards,
            programs=[roster.program],
        )
        ground = ground_of(roster.caseload, plan)
    except (UsageError, PlanningError, StandardError) as error:
        said = str(error).splitlines()[0]
        if state.until:
            return replace(empty, wrong={**wrong, "until": f"{capital(said)}."})
        return replace(empty, unable=f"{capital(said)}.")
    outlook, program = ground.outlook, roster.programs[roster.program]
    drawn = Backdrop(ground.days, outlook.limits, program, outlook.span.as_of)
    return stacked(
        replace(empty, ground=ground, names=names_of(roster.caseload), backdrop=drawn, wrong=wrong)
    )


def fresh(state: Staffing) -> Staffing:
    """The same roster with an empty scenario."""
    clean = Staffing(
        state.roster,
        state.until,
        folder=state.folder,
        saved=state.saved,
        compared=state.compared,
    )
    return emptied(opened(clean))


def emptied(state: Staffing) -> Staffing:
    """The same program with an empty scenario."""
    if state.ground is None:
        return state
    return stacked(
        replace(
            state,
            tries=nothing_tried(state.ground.outlook),
            kept=(),
            name="",
            why="",
            base=Settings(),
            given={},
            wrong={},
        )
    )


def stacked(state: Staffing) -> Staffing:
    """The state with its kept changes put into the program."""
    if state.ground is None:
        return state
    scenario = Scenario(UNNAMED, state.kept, settings=state.base)
    try:
        return replace(state, stacked=laid(state.ground, _quick(scenario, state.ground)), misfit="")
    except PlanningError as error:
        place, why = culprit(state.ground, scenario)
        which = f"Change {place + 1} cannot be made: " if place >= 0 else ""
        said = f"{which}{why or error}."
        return replace(state, stacked=None, misfit=capital(said))


def with_all_kept(state: Staffing) -> Staffing:
    """The form's changes moved to the list, and the form as it opens."""
    if state.ground is None or state.stacked is None:
        return state
    tries = nothing_tried(state.ground.outlook)
    return stacked(replace(state, kept=state.scenario.changes, tries=tries))


def from_scenario(state: Staffing, scenario: Scenario) -> Staffing:
    """The state with a scenario's changes in the list, its name and its assumptions."""
    clean = emptied(state)
    given = {name: _text(getattr(scenario.settings, name)) for name in ASSUMED
             if getattr(scenario.settings, name) != getattr(Settings(), name)}  # fmt: skip
    return stacked(
        replace(
            clean,
            kept=scenario.changes,
            name=scenario.name,
            why=scenario.why,
            base=scenario.settings,
            given=given,
        )
    )


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) and value < 1e6 else str(value)


def place(folder: str) -> Path:
    """The folder as it was typed, `~` as the home folder."""
    try:
        return Path(folder.strip() or ".").expanduser()
    except RuntimeError:
        return Path(folder.strip())
