"""The staffing panel: scenarios built by sliders, seen at once, saved and compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from casekit.phrases import capital
from casekit.planning.scenarios.scenario import read_scenario
from casekit.planning.settings import PlanningError
from casekit.widgets.parts import Region
from casekit.widgets.roster import Roster, RosterPanel, form, loaded
from casekit.widgets.scenario_files import save, saved_in
from casekit.widgets.staffing_form import MOST_COMPARED, builder, changes, saved
from casekit.widgets.staffing_shown import (
    WORKED,
    chart,
    compared,
    need,
    people,
    rules,
    worked,
)
from casekit.widgets.staffing_state import (
    Staffing,
    emptied,
    fresh,
    from_scenario,
    opened,
    place,
    stacked,
    with_all_kept,
)
from casekit.widgets.staffing_tries import ASSUMED, NAMES, nothing_tried, time_of

_NUMBERS = ("fte", "fte_share", "intake", "exits", "who_fte", "who_share")


class StaffingPanel(RosterPanel[Staffing]):
    """A scenario form over a roster, and what each scenario does to a program.

    program   the program looked at first; empty: the roster's first
    scenario  the file of a scenario to begin with; empty: nothing is changed
    folder    where scenarios are saved and looked for
    """

    def __init__(
        self,
        data: str,
        as_of: str,
        program: str = "",
        scenario: str | Path = "",
        folder: str = "scenarios",
    ) -> None:
        roster = loaded(Roster(data, as_of, program=program))
        start = Staffing(roster, folder=folder, saved=saved_in(place(folder)))
        super().__init__(fresh(start))
        self.said = roster.said
        if scenario and self.state.ground is not None:
            self.state = self._loaded(self.state, Path(scenario))

    def regions(self, state: Staffing) -> Iterator[Region]:
        roster, ground = state.roster, state.ground
        shown = (ground, state.key) if ground is not None else (None, "")
        mistakes = tuple(state.mistakes.items())
        fields = (*vars(state.tries).values(), *state.given.items(), state.until)
        yield Region("form", (roster,), partial(form, roster))
        yield Region("builder", (roster, ground, fields, mistakes), partial(builder, state))
        yield Region("chart", (roster, *shown, state.misfit), partial(chart, state))
        said = (state.name, state.folder, state.misfit, mistakes, len(state.kept))
        yield Region("changes", (*shown, *said), partial(changes, state))
        yield Region("rules", shown, partial(rules, state), settled=True)
        yield Region("people", shown, partial(people, state), settled=True)
        yield Region("need", shown, partial(need, state), settled=True)
        for part in WORKED:
            asked = (part, state.key) in state.worked if ground is not None else False
            ever = any(name == part for name, _ in state.worked)
            of = (*shown, "yes") if asked else (ground, ever and "again", "")
            yield Region(part, of, partial(worked, state, part), settled=True)
        files = (state.saved, state.compared, state.folder)
        yield Region("saved", (ground, *files), partial(saved, state), settled=True)
        yield Region("compared", (ground, *files[:2]), partial(compared, state), settled=True)

    def opened(self, state: Staffing) -> Staffing:
        # A page may be made long before it is looked at, and scenarios be saved on another one.
        return replace(state, saved=saved_in(place(state.folder)))

    def changed(self, state: Staffing, name: str, value: str) -> Staffing:
        if name in NAMES:
            return self._tried(state, name, value)
        if name in ASSUMED:
            state = replace(state, given={**state.given, name: value})
            self.said = state.settings[1].get(name, "")
            return state
        if name == "until":
            return opened(replace(state, until=value))
        if name == "folder":
            there = saved_in(place(value))
            return replace(state, folder=value, saved=there, compared=frozenset(), wrong={})
        if name.startswith("compare|"):
            return self._ticked(state, name.partition("|")[2], bool(value))
        if name == "name":
            return replace(state, name=value, why="", wrong={})
        return super().changed(state, name, value)

    def _tried(self, state: Staffing, name: str, value: str) -> Staffing:
        if name in _NUMBERS:
            try:
                float(value)
            except ValueError:
                raise ValueError(f"{name} is {value!r}: give a number such as 0.5") from None
        tries = replace(state.tries, **{name: value})
        if name == "who" and state.ground is not None:
            tries = replace(tries, **time_of(state.ground.outlook, value))
        state = replace(state, tries=tries)
        self.said = next(iter(state.mistakes.values()), "")
        return state

    def _ticked(self, state: Staffing, file: str, ticked: bool) -> Staffing:
        others = state.compared - {file}
        if ticked and len(others) >= MOST_COMPARED:
            raise ValueError(f"{MOST_COMPARED} scenarios are compared at most: untick one first")
        return replace(state, compared=others | {file} if ticked else others)

    def pressed(self, state: Staffing, name: str, value: str) -> Staffing:
        match name:
            case "keep":
                if wrong := state.laid[2]:
                    raise PlanningError(next(iter(wrong.values())))
                self.said = "Kept. The sliders are free for more changes."
                return with_all_kept(state)
            case "clear":
                self.said = "Nothing is changed now."
                return emptied(state)
            case "remove":
                return self._removed(state, value)
            case "save":
                return self._saved(state)
            case "load_scenario":
                return self._loaded(state, place(state.folder) / Path(value).name)
            case "work":
                self.say("Working it out …")
                others = {each for each in state.worked if each[0] != value}
                self.said = "Worked out."
                return replace(state, worked=frozenset({*others, (value, state.key)}))
        return super().pressed(state, name, value)

    def _removed(self, state: Staffing, field: str) -> Staffing:
        kind, _, number = field.partition("|")
        self.said = "The change is taken out."
        if state.ground is None:
            return state
        if kind == "kept":
            at = int(number)
            return stacked(replace(state, kept=(*state.kept[:at], *state.kept[at + 1 :])))
        empty = nothing_tried(state.ground.outlook)
        what = {"fte_from": "fte", "who_from": "who", "gone_on": "gone"}.get(kind, kind)
        return replace(state, tries=replace(state.tries, **{what: getattr(empty, what)}))

    def _saved(self, state: Staffing) -> Staffing:
        if not state.name.strip():
            said = "Give the scenario a name, such as Two more in autumn."
            self.said = said
            return replace(state, wrong={"name": said})
        if not state.scenario.changes:
            said = "Nothing is changed yet: there is nothing to save."
            self.said = said
            return replace(state, wrong={"name": said})
        try:
            path = save(state.scenario, place(state.folder))
        except PlanningError as error:
            self.said = f"{capital(str(error))}."
            return replace(state, wrong={"folder": self.said})
        self.said = f"Saved as {path.name}."
        return replace(state, saved=saved_in(place(state.folder)), wrong={})

    def _loaded(self, state: Staffing, path: Path) -> Staffing:
        try:
            scenario = read_scenario(path)
        except PlanningError as error:
            self.said = str(error).splitlines()[0]
            return state
        self.said = f"{scenario.name} is loaded."
        return from_scenario(state, scenario)

    def settled(self, state: Staffing) -> Staffing:
        # What was tried in one program means nothing in another.
        ground, roster = state.ground, state.roster
        if ground is None or ground.caseload is not roster.caseload:
            return fresh(state)
        return opened(state) if ground.outlook.program == roster.program else fresh(state)
