"""The settings of a kind, checked against its own signature."""

from __future__ import annotations

import difflib
import inspect
import typing
from collections.abc import Iterable

from casekit.catalog.limits import beyond, together
from casekit.catalog.source import Mistake, Place
from casekit.kinds import KINDS

# So many names, and one that is really near says more than all of them.
_MANY = 20
_REALLY_NEAR = 0.75


def settings_of(kind: str) -> dict[str, inspect.Parameter]:
    """The settings that a computed kind takes: its keyword-only parameters."""
    parameters = inspect.signature(KINDS[kind], eval_str=True).parameters.values()
    return {p.name: p for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY}


def not_among(name: object, allowed: Iterable[str]) -> str:
    """What to say of a name that is none of those allowed, with the nearest one."""
    names = list(allowed)
    many = len(names) > _MANY
    near = nearest(name, names, _REALLY_NEAR if many else 0.6)
    if near and many:
        return f"is not known: {near}"
    return f"is not known: {near} allowed: {', '.join(names) or 'nothing'}".replace("  ", " ")


def nearest(name: object, known: Iterable[str], least: float = 0.6) -> str:
    """`did you mean NAME?` with the nearest name, or nothing where none is so near."""
    near = difflib.get_close_matches(str(name), list(known), 1, least)
    return f"did you mean {near[0]}?" if near else ""


def shown(value: object) -> str:
    """A value as it stands in TOML, or near enough to be found there."""
    text = _written(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        parts = ", ".join(f"{name} = {_written(part)}" for name, part in value.items())
        return f"{{ {parts} }}" if parts else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def unknown(
    where: str, place: Place, given: Iterable[str], allowed: Iterable[str]
) -> list[Mistake]:
    """A mistake for each name given that is not allowed."""
    names = tuple(allowed)
    return [
        Mistake((*place, name), f"{where}: {name!r} {not_among(name, names)}")
        for name in given
        if name not in names
    ]


def lacking(
    where: str, place: Place, given: dict, needed: Iterable[str], slips: Iterable[Mistake] = ()
) -> list[Mistake]:
    """A mistake for each thing needed that is not given, or is given empty.

    `slips` are names that are not known: what one was meant to be is not missing as well.
    """
    needs = tuple(needed)
    absent = [name for name in needs if _empty(given.get(name))]
    meant = [nearest(wrong[-1], absent) for wrong, _ in slips if wrong[:-1] == place]
    return [
        Mistake(place, f"{where}: {name} is missing: every one needs {', '.join(needs)}")
        for name in absent
        if f"did you mean {name}?" not in meant
    ]


def _empty(value: object) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def setting_mistakes(where: str, place: Place, kind: str, given: dict) -> list[Mistake]:
    """Settings against the kind's signature: unknown, missing, or not what it takes."""
    wanted = settings_of(kind)
    named = f"{where} with (kind {kind})"
    needed = [n for n, p in wanted.items() if p.default is inspect.Parameter.empty]
    found = unknown(named, (*place, "with"), given, wanted)
    found += lacking(named, (*place, "with"), given, needed, found)
    for name in [name for name in given if name in wanted]:
        default = wanted[name].default
        if given[name] != "" or default != "":  # no text, where none is a choice
            wrong = _wrong(given[name], wanted[name].annotation)
            far = "" if wrong else beyond(name, given[name], default)
            wrong += [f"{shown(given[name])}: {far}"] if far else []
            for what in wrong:
                found.append(Mistake((*place, "with", name), f"{where}: {name} = {what}"))
    if not found:
        found += [Mistake((*place, "with"), f"{named}: {x}") for x in together(kind, wanted, given)]
    return found


_FORMS: dict[object, tuple[typing.Any, str]] = {
    int: (int, "a whole number"),
    float: ((int, float), "a number"),
    str: (str, "text"),
    bool: (bool, "true or false"),
}


def _wrong(value: object, form: typing.Any) -> list[str]:
    """What is wrong with a value for a parameter that is annotated so.

    `tuple[X, ...]` is a list of X; Literal["a", "b"] and Annotated[str, ("a", "b")] are texts
    that must be one of those.
    """
    if typing.get_origin(form) is tuple:
        if not isinstance(value, list):
            return [f"{shown(value)}: give a list of texts"]
        part = typing.get_args(form)[0]
        return [what for each in value for what in _wrong(each, part)]
    allowed = allowed_values(form)
    sort, words = _FORMS[str if allowed else form]
    if not isinstance(value, sort) or (form is not bool and isinstance(value, bool)):
        return [f"{shown(value)}: give {words}"]
    return [f"{value!r} {not_among(value, allowed)}"] if allowed and value not in allowed else []


def allowed_values(form: typing.Any) -> tuple[str, ...]:
    """The texts that an annotation allows; none where it does not name them."""
    if typing.get_origin(form) is typing.Literal:
        return typing.get_args(form)
    return tuple(form.__metadata__[0]) if typing.get_origin(form) is typing.Annotated else ()
