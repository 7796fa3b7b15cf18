"""Scenarios in a folder: those that are there, and one more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from casekit.planning.scenarios.scenario import Scenario, read_scenario, write_scenario
from casekit.planning.settings import PlanningError
from casekit.reports.batch import folder_names


@dataclass(frozen=True)
class Saved:
    """One scenario's file: the scenario, or why it cannot be read."""

    path: Path
    scenario: Scenario | None = None
    mistake: str = ""

    @property
    def file(self) -> str:
        return self.path.name


def saved_in(folder: Path) -> tuple[Saved, ...]:
    """The scenarios of a folder by name of their file; one that cannot be read says why."""
    if not folder.is_dir():
        return ()
    return tuple(_read(path) for path in sorted(folder.glob("*.toml")))


def _read(path: Path) -> Saved:
    try:
        return Saved(path, read_scenario(path))
    except PlanningError as error:
        first = str(error).splitlines()[0]
        return Saved(path, mistake=first.replace(str(path), path.name))


def save(scenario: Scenario, folder: Path) -> Path:
    """Write a scenario into the folder, over the one of its name where there is one.

    The file's name is safe on every disk, and no other's. Raises PlanningError where the folder
    cannot be written to.
    """
    there = saved_in(folder)
    same = [each.path for each in there if each.scenario and each.scenario.name == scenario.name]
    path = same[0] if same else folder / _file(scenario.name, [each.path.stem for each in there])
    try:
        write_scenario(scenario, path)
    except OSError as error:
        raise PlanningError(f"{folder}: {error.strerror}: give another folder") from None
    return path


def _file(name: str, others: Sequence[str]) -> str:
    # A name that is another file's, in any case, gets a hash.
    return f"{folder_names([*others, name])[name]}.toml" if name not in others else _hashed(name)


def _hashed(name: str) -> str:
    return f"{folder_names([name, name.swapcase()])[name]}.toml"
