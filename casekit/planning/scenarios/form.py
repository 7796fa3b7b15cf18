"""A dataclass as the form of a file's table: what is wrong with the values given, and the made one.

A field's type says what a value must be: text, true or false, a number (with its limits where it is
`Annotated[float, (low, high)]`, or where the field's metadata name `low` and `high`), a day, a
tuple of texts or of pairs, a mapping of names.
"""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import date
from typing import Any

from casekit.phrases import listing, number


def usual(about: Any) -> Any:
    """A field's default; MISSING where it must be given."""
    return about.default_factory() if about.default_factory is not MISSING else about.default


def given_values(made: Any) -> dict[str, Any]:
    """The fields of a made one that are not as usual, as plain values of a file."""
    found = {}
    for about in fields(made):
        value = getattr(made, about.name)
        if value is not None and value != usual(about):
            found[about.name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def made_of(kind: type, given: Mapping[str, Any]) -> Any:
    """One of the class from values that have no mistake."""
    wanted = _types(kind)
    return kind(**{name: _made(wanted[name], value) for name, value in given.items()})


def field_mistakes(where: str, kind: type, given: Mapping[str, Any]) -> Iterator[str]:
    """A line for each value that the class's field does not take, and for each that is missing."""
    wanted = _types(kind)
    limits = {f.name: f.metadata for f in fields(kind)}
    for name, value in given.items():
        if name not in wanted:
            yield f"{where}: {name!r} {not_among(name, wanted)}"
            continue
        wrong = _wrong(wanted[name], value)
        for each in value.values() if isinstance(value, Mapping) else (value,):
            if not wrong and "low" in limits[name] and isinstance(each, int | float):
                wrong = _beyond(each, limits[name]["low"], limits[name]["high"])
        if wrong:
            yield f"{where}: {name} = {value!r}: {wrong}"
    for about in fields(kind):
        if usual(about) is MISSING and about.name not in given:
            yield f"{where}: {about.name} is missing"


def _types(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind, include_extras=True)


def _parts(form: Any) -> tuple[Any, tuple[float, float] | None]:
    """A field's type without None, and the limits of its numbers."""
    if typing.get_origin(form) in (typing.Union, types.UnionType):
        form = next(part for part in typing.get_args(form) if part is not type(None))
    if typing.get_origin(form) is typing.Annotated:
        bare, limits = typing.get_args(form)
        return bare, limits
    return form, None


_WORDS = {
    str: "give text in quotes",
    bool: "give true or false",
    int: "give a whole number",
    float: "give a number",
    date: "give a day, such as 2026-08-31",
}


def _wrong(form: Any, value: Any) -> str:
    """What is wrong with a value for a field of that type; empty where nothing is."""
    bare, limits = _parts(form)
    origin = typing.get_origin(bare) or bare
    if origin is tuple:
        part = typing.get_args(bare)[0]
        if not isinstance(value, list) or any(_wrong(part, each) for each in value):
            pairs = part is not str
            return "give a list of pairs in quotes" if pairs else "give a list of texts in quotes"
        return (
            "give two texts in each pair"
            if part is not str and any(len(each) != 2 for each in value)
            else ""
        )
    if isinstance(origin, type) and issubclass(origin, Mapping):
        part = typing.get_args(bare)[1]
        if not isinstance(value, dict) or (
            part is not Any and any(_wrong(part, v) for v in value.values())
        ):
            return (
                f"give names with values, such as {{ name = {'1.5' if part is float else '...'} }}"
            )
        return ""
    if origin is date:
        return "" if _day(value) else _WORDS[date]
    fits = {float: (int, float), int: (int,), bool: (bool,), str: (str,)}[origin]
    if not isinstance(value, fits) or (isinstance(value, bool) and origin is not bool):
        return _WORDS[origin]
    if value != value:  # nan
        return _WORDS[origin]
    return _beyond(value, *limits) if limits else ""  # type: ignore[arg-type]


def _beyond(value: float, low: float, high: float) -> str:
    if low <= value <= high:
        return ""
    return f"give {number(low, 4)} to {number(high, 4)}"


def _day(value: Any) -> date | None:
    if type(value) is date:
        found = value
    elif isinstance(value, str):
        try:
            found = date.fromisoformat(value)
        except ValueError:
            return None
    else:
        return None
    # Days that numpy and a calendar of 52 weeks a year still reach.
    return found if 1900 <= found.year <= 2190 else None


def _made(form: Any, value: Any) -> Any:
    """A checked value as the field holds it."""
    bare, _ = _parts(form)
    origin = typing.get_origin(bare) or bare
    if origin is tuple:
        return tuple(tuple(each) if isinstance(each, list) else each for each in value)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return types.MappingProxyType(dict(value))
    if origin is date:
        return _day(value)
    return float(value) if origin is float else value


def not_among(name: object, allowed: Iterable[str]) -> str:
    """What to say of a name that is none of those allowed, with the nearest one."""
    names = list(allowed)
    near = difflib.get_close_matches(str(name), names, 1)
    guess = f"did you mean {near[0]}? " if near else ""
    return f"is not known; {guess}allowed: {listing(names, 40)}"
