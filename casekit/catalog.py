"""Standards and requirements as data: reading the TOML, checking it, saying it as sentences."""

from __future__ import annotations

import difflib
import inspect
import re
import tomllib
import typing
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from casekit.kinds import ATTESTATION, KINDS

STANDARDS = Path(__file__).parent / "standards"
AUTHORITIES = ("rule", "guidance", "ours")
GATES = ("literal", "cumulative")

_STANDARD_KEYS = ("id", "title", "issuer", "source", "edition", "levels", "gate")
_REQUIREMENT_KEYS = (
    "id",
    "title",
    "citation",
    "statements",
    "kind",
    "area",
    "element",
    "level",
    "authority",
    "target",
    "with",
    "question",
    "evidence",
    "advice",
)


class StandardError(ValueError):
    """A standard cannot be used. One line a mistake: where, what is wrong, what is allowed."""


@dataclass(frozen=True)
class Requirement:
    """One requirement of a standard, as its TOML says it."""

    id: str
    title: str
    citation: str
    statements: tuple[str, ...]
    kind: str
    area: str = ""
    element: str = ""
    level: str = ""
    authority: str = "rule"
    target: float = 1.0
    settings: typing.Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    question: str = ""
    evidence: str = ""
    advice: str = ""

    @property
    def attested(self) -> bool:
        """Whether only the attestations table can answer it."""
        return self.kind == ATTESTATION


@dataclass(frozen=True)
class Standard:
    """A published standard: who says it, its requirements in order, its levels if it has any."""

    id: str
    title: str
    issuer: str
    source: str
    edition: str
    requirements: typing.Mapping[str, Requirement]
    levels: tuple[str, ...] = ()
    gate: str = "literal"
    asks_nothing: typing.Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def shipped_standards() -> list[str]:
    """The ids of the standards that come with casekit, in alphabetical order."""
    return sorted(path.stem for path in STANDARDS.glob("*.toml"))


def load(standard: str | Path) -> Standard:
    """A shipped standard by its id, or one of your own by the path of its TOML file.

    Raises StandardError: an unknown id, a file that is not there, or every mistake in the file.
    """
    path = Path(standard)
    if path.suffix != ".toml":
        name = str(standard)
        if name not in shipped_standards():
            near = difflib.get_close_matches(name, shipped_standards(), 1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            raise StandardError(
                f"there is no standard {name!r}{hint}: use {', '.join(shipped_standards())},"
                " or the path of a .toml file"
            )
        path = STANDARDS / f"{name}.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StandardError(f"{path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StandardError(f"{path}: is not TOML: {error}") from None
    mistakes = _mistakes(data)
    if mistakes:
        raise StandardError("\n".join(f"{path.name}: {mistake}" for mistake in mistakes))
    return _standard(data)


def _standard(data: dict) -> Standard:
    head = data["standard"]
    requirements = {}
    for row in data["requirement"]:
        fields = {key: value for key, value in row.items() if key != "with"}
        settings = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in row.get("with", {}).items()
        }
        fields["statements"] = tuple(row["statements"])
        requirements[row["id"]] = Requirement(**fields, settings=MappingProxyType(settings))
    return Standard(
        **{**head, "levels": tuple(head.get("levels", ()))},
        requirements=MappingProxyType(requirements),
        asks_nothing=MappingProxyType(
            {row["statement"]: row["reason"] for row in data.get("asks_nothing", [])}
        ),
    )


def _mistakes(data: dict) -> list[str]:
    """Everything wrong with a standard's data, in the order of the file."""
    found = _unknown("the file", data, ("standard", "requirement", "asks_nothing"))
    found += _wrong_shape(data)
    if found:
        return found
    head = data.get("standard", {})
    found += _unknown("[standard]", head, _STANDARD_KEYS)
    found += _lacking("[standard]", head, ("id", "title", "issuer", "source", "edition"))
    if head.get("gate", "literal") not in GATES:
        found.append(f"[standard] gate is {head['gate']!r}: use {' or '.join(GATES)}")
    seen: set[str] = set()
    if not data.get("requirement"):
        found.append("there is no [[requirement]]: a standard has at least one")
    for number, row in enumerate(data.get("requirement", []), 1):
        where = f"requirement {row.get('id', f'number {number}')}"
        found += _requirement_mistakes(where, row, head)
        if row.get("id") in seen:
            found.append(f"{where}: the id stands twice: give each requirement its own")
        seen.add(row.get("id", ""))
    for row in data.get("asks_nothing", []):
        found += _unknown("[[asks_nothing]]", row, ("statement", "reason"))
        found += _lacking("[[asks_nothing]]", row, ("statement", "reason"))
    return found


def _wrong_shape(data: dict) -> list[str]:
    """Parts and fields that are not of the sort the format asks."""
    found = []
    if not isinstance(data.get("standard", {}), dict):
        found.append("standard is not a table: write [standard]")
    for part in ("requirement", "asks_nothing"):
        rows = data.get(part, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            found.append(f"{part} is not a list of tables: write [[{part}]]")
    if found:
        return found
    for row in [
        data.get("standard", {}),
        *data.get("requirement", []),
        *data.get("asks_nothing", []),
    ]:
        for key, value in row.items():
            sort, words = _SHAPES.get(key, (str, "text"))
            good = isinstance(value, sort)
            if good and sort is list:
                good = all(isinstance(part, str) for part in value)
            if not good:
                found.append(f"{row.get('id', 'the file')}: {key} = {value!r}: give {words}")
    return found


_SHAPES: dict[str, tuple[typing.Any, str]] = {
    "levels": (list, "a list of texts"),
    "statements": (list, "a list of texts"),
    "with": (dict, "a table such as { at_most = 25 }"),
    "target": ((int, float), "a number"),
}


def _requirement_mistakes(where: str, row: dict, head: dict) -> list[str]:
    found = _unknown(where, row, _REQUIREMENT_KEYS)
    found += _lacking(where, row, ("id", "title", "citation", "statements", "kind"))
    if found:
        return found
    slug = rf"{re.escape(str(head.get('id', '')))}\.[a-z0-9_]+"
    if not re.fullmatch(slug, str(row["id"])):
        found.append(f"{where}: the id is {head.get('id')}.NAME, with a-z, 0-9 and _ in NAME")
    levels = head.get("levels", [])
    if row.get("level", "") not in ["", *levels]:
        allowed = ", ".join(levels) or "none: the standard names no levels"
        found.append(f"{where}: level {row['level']!r} is not one of the standard's: {allowed}")
    if row.get("authority", "rule") not in AUTHORITIES:
        found.append(f"{where}: authority {row['authority']!r}: use {', '.join(AUTHORITIES)}")
    target = row.get("target", 1.0)
    if not isinstance(target, int | float) or not 0 < target <= 1:
        found.append(f"{where}: target {target!r}: give a part above 0 and up to 1")
    if row["kind"] == ATTESTATION:
        found += _lacking(where, row, ("question", "evidence"))
        found += _unknown(f"{where} with", row.get("with", {}), ())
    elif row["kind"] not in KINDS:
        found.append(f"{where}: kind {row['kind']!r} {_not_among(row['kind'], KINDS)}")
    else:
        found += _setting_mistakes(where, row["kind"], row.get("with", {}))
    return found


def settings_of(kind: str) -> dict[str, inspect.Parameter]:
    """The settings that a computed kind takes: its keyword-only parameters."""
    parameters = inspect.signature(KINDS[kind], eval_str=True).parameters.values()
    return {p.name: p for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY}


_FORMS: dict[type, tuple[typing.Any, str]] = {
    int: (int, "a whole number"),
    float: ((int, float), "a number"),
    str: (str, "text"),
    bool: (bool, "true or false"),
}


def _setting_mistakes(where: str, kind: str, given: dict) -> list[str]:
    """Settings against the kind's own signature: unknown, missing, or of the wrong sort."""
    wanted = settings_of(kind)
    found = _unknown(f"{where} with (kind {kind})", given, tuple(wanted))
    needed = [n for n, p in wanted.items() if p.default is inspect.Parameter.empty]
    found += _lacking(f"{where} with (kind {kind})", given, tuple(needed))
    for name in given.keys() & wanted.keys():
        value, form = given[name], wanted[name].annotation
        if typing.get_origin(form) is tuple:
            good = isinstance(value, list) and all(isinstance(v, str) for v in value)
            words = "a list of texts"
        else:
            sort, words = _FORMS[form]
            good = isinstance(value, sort) and (form is bool or not isinstance(value, bool))
        if not good:
            found.append(f"{where}: {name} = {value!r}: give {words}")
    return found


def _not_among(name: str, allowed: typing.Iterable[str]) -> str:
    near = difflib.get_close_matches(str(name), list(allowed), 1)
    hint = f"did you mean {near[0]}? " if near else ""
    return f"is not known: {hint}allowed: {', '.join(allowed) or 'nothing'}"


def _unknown(where: str, row: dict, allowed: tuple[str, ...]) -> list[str]:
    return [f"{where}: {key!r} {_not_among(key, allowed)}" for key in row if key not in allowed]


def _lacking(where: str, row: dict, needed: tuple[str, ...]) -> list[str]:
    absent = [key for key in needed if row.get(key) in (None, "")]
    return [f"{where}: {key} is missing: every one needs {', '.join(needed)}" for key in absent]


def sentences(standard: Standard) -> str:
    """A standard as sentences, for people who do not read TOML."""
    lines = [
        standard.title,
        f"Issued by {standard.issuer}. Source: {standard.source}. Edition: {standard.edition}",
    ]
    if standard.levels:
        lines.append(f"Levels, from the lowest: {', '.join(standard.levels)}.")
    heading = None
    for requirement in standard.requirements.values():
        part = " / ".join(p for p in (requirement.area, requirement.element) if p)
        if part != heading:
            heading = part
            lines += ["", part or "The standard as a whole"]
        lines.append(_sentence(requirement))
    if standard.asks_nothing:
        lines += ["", "Statements that ask nothing by themselves"]
        lines += [f"- {key}: {why}" for key, why in standard.asks_nothing.items()]
    return "\n".join(lines)


def _sentence(requirement: Requirement) -> str:
    covers = f" [{', '.join(requirement.statements)}]" if requirement.statements else ""
    level = f" ({requirement.level})" if requirement.level else ""
    shown = (
        f"Attested: {requirement.question} Evidence: {requirement.evidence}"
        if requirement.attested
        else f"Computed by {requirement.kind}"
        + "".join(f", {name} {_plain(value)}" for name, value in requirement.settings.items())
        + "."
    )
    authority = "" if requirement.authority == "rule" else f" ({requirement.authority})"
    return (
        f"- {requirement.title}{level}{covers}\n"
        f"  {requirement.id}{authority}. {requirement.citation}\n  {shown}"
    )


def _plain(value: object) -> str:
    return " or ".join(map(str, value)) if isinstance(value, tuple) else str(value)
