"""A scenario: a small, named, frozen list of changes and assumptions, read from TOML or JSON."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomli_w

from casekit.files import write_text
from casekit.planning.scenarios.changes import CHANGES, Change
from casekit.planning.scenarios.form import field_mistakes, given_values, made_of, not_among
from casekit.planning.settings import PlanningError, Settings


@dataclass(frozen=True)
class Scenario:
    """What is tried: a name, why, the changes in the order they are made, the assumptions."""

    name: str
    changes: tuple[Change, ...] = ()
    why: str = ""
    settings: Settings = field(default_factory=Settings)


BASELINE = Scenario("Baseline", why="nothing changes but what the data already say")


def read_scenario(path: Path) -> Scenario:
    """The scenario of a .toml or .json file. Raises PlanningError: a line for each mistake."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
        data = json.loads(text) if Path(path).suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise PlanningError(f"{path}: {error.strerror}: give a scenario's file") from None
    except (ValueError, RecursionError) as error:
        kind = "JSON" if Path(path).suffix == ".json" else "TOML"
        raise PlanningError(f"{path} is not {kind}: {str(error).splitlines()[0]}") from None
    return scenario_from(data, str(path))


def scenario_from(data: object, where: str = "the scenario") -> Scenario:
    """A scenario from the values of its file. Raises PlanningError: a line for each mistake."""
    mistakes = list(_mistakes(data))
    if mistakes:
        raise PlanningError("\n".join(f"{where}: {what}" for what in mistakes))
    rows: Mapping[str, Any] = data  # type: ignore[assignment]
    return Scenario(
        rows["name"],
        tuple(_change(row) for row in rows.get("change", [])),
        rows.get("why", ""),
        made_of(Settings, rows.get("settings", {})),
    )


def _change(row: Mapping[str, Any]) -> Change:
    return made_of(CHANGES[row["do"]], {name: v for name, v in row.items() if name != "do"})


def scenario_data(scenario: Scenario) -> dict[str, Any]:
    """The scenario as the values of its file: what stands as usual is left out."""
    names = {kind: name for name, kind in CHANGES.items()}
    data: dict[str, Any] = {"name": scenario.name}
    if scenario.why:
        data["why"] = scenario.why
    if own := given_values(scenario.settings):
        data["settings"] = own
    if scenario.changes:
        data["change"] = [{"do": names[type(c)], **given_values(c)} for c in scenario.changes]
    return data


def write_scenario(scenario: Scenario, path: Path) -> None:
    """Write a scenario as TOML, or as JSON where the file is called so; it reads back the same."""
    data = scenario_data(scenario)
    if path.suffix == ".json":
        write_text(path, json.dumps(data, indent=2, default=str, ensure_ascii=False) + "\n")
    else:
        write_text(path, tomli_w.dumps(data))


def _mistakes(data: object) -> Iterator[str]:
    if not isinstance(data, dict):
        yield 'give a name, and a [[change]] for each change, such as do = "hire"'
        return
    for name in data:
        if name not in ("name", "why", "settings", "change"):
            yield f"{name!r} {not_among(name, ('name', 'why', 'settings', 'change'))}"
    if not isinstance(data.get("name"), str) or not data["name"].strip():
        yield 'name is missing: give one, such as name = "Two leave"'
    if not isinstance(data.get("why", ""), str):
        yield "why is not text"
    settings = data.get("settings", {})
    if isinstance(settings, dict):
        yield from field_mistakes("[settings]", Settings, settings)
    else:
        yield "settings is not a table: write [settings]"
    rows = data.get("change", [])
    if not isinstance(rows, list):
        yield "change is not a list: write [[change]] before each"
        return
    for place, row in enumerate(rows, 1):
        yield from _change_mistakes(f"change {place}", row)


def _change_mistakes(where: str, row: object) -> Iterator[str]:
    if not isinstance(row, dict) or str(row.get("do")) not in CHANGES:
        said = row.get("do") if isinstance(row, dict) else row
        told = "says no do" if said is None else f"do = {said!r} {not_among(said, CHANGES)}"
        yield f"{where} {told}" + (f": give one of {', '.join(CHANGES)}" if said is None else "")
        return
    kind = CHANGES[row["do"]]
    where = f"{where} ({row['do']})"
    given = {name: value for name, value in row.items() if name != "do"}
    # What does not go together comes first: it says best what to write instead.
    if wrong := _together(row["do"], given):
        yield f"{where}: {wrong}"
    yield from field_mistakes(where, kind, given)


def _together(do: str, given: Mapping[str, Any]) -> str:
    """What does not go together in one change; empty where all does."""
    first, last = given.get("on"), given.get("until")
    if first is not None and last is not None and str(last) < str(first):
        return f"until {last} lies before on {first}"
    if do == "intake":
        growth = given.get("growth")
        if isinstance(growth, int | float) and growth < 0:
            return 'a program that shrinks is written as do = "exits" with a_month'
        if ("a_month" in given) == ("growth" in given):
            return "give a_month or growth, one of them"
    if do == "exits" and ("a_month" in given) == bool(given.get("students")):
        return "give a_month or students, one of them"
    if do == "share" and not {"share", "fte"} & set(given):
        return "give share or fte, or both"
    if do == "leave" and "until" not in given:
        return "until is missing: give the last day away"
    return ""
