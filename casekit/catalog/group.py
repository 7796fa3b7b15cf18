"""`applies_to`: the students a requirement is asked of, held against the table `students`."""

from __future__ import annotations

from collections.abc import Iterator

from casekit.catalog.limits import NOT_OF_STUDENTS
from casekit.catalog.settings import shown, unknown
from casekit.catalog.source import Mistake, Place
from casekit.kinds import ATTESTATION
from casekit.tables import TABLES

# What a requirement may ask of a student, and of what type it is; `age` is made of birth_date.
TYPES = {column.name: column.type for column in TABLES["students"].columns} | {"age": "number"}
BOUNDS = ("min", "max", "over")
# A text that holds a number as well: bounds may be set to it.
NUMBERED = ("grade_level",)

_BOUNDED = "numbers: { min = 10, max = 12 } or { over = 25 }"
_TAKES = {
    "number": f"a number, or {_BOUNDED}",
    "yes_no": "true or false, without quotation marks",
    "text": 'text, or a list of texts such as ["D", "H"]',
}


def group_mistakes(where: str, place: Place, given: dict) -> list[Mistake]:
    """What is wrong with applies_to: columns of `students`, and what they are compared with."""
    found = unknown(f"{where} applies_to", place, given, TYPES)
    for column, value in given.items():
        for what in _wrong(column, value) if column in TYPES else ():
            found.append(Mistake((*place, column), f"{where}: applies_to {column}{what}"))
        if isinstance(value, dict):
            here = (*place, column)
            found += unknown(f"{where} applies_to {column}", here, value, BOUNDS)
    return found


def subject_mistakes(where: str, place: Place, kind: str, group: object) -> list[Mistake]:
    """applies_to on a kind that judges no students."""
    if not group or kind not in (*NOT_OF_STUDENTS, ATTESTATION):
        return []
    who = "is answered for a whole program" if kind == ATTESTATION else "judges no single students"
    what = f"{where}: the kind {kind} {who}: leave applies_to out"
    return [Mistake((*place, "applies_to"), what)]


def _wrong(column: str, value: object) -> Iterator[str]:
    """What is wrong with one condition, against the type of its column."""
    sort = TYPES[column]
    if sort == "date":
        yield " is a day, and days cannot be asked for: use age, or another column"
        return
    numbered = sort == "number" or column in NUMBERED
    if isinstance(value, dict) and numbered:
        numbers = [value[name] for name in BOUNDS if name in value]
        if not value or not all(map(_is_number, numbers)):
            yield f" = {shown(value)}: give {_BOUNDED}"
        elif _empty(value):
            yield f" = {shown(value)}: no number is within these bounds: put the lower one first"
    elif not _fits(value, sort, numbered):
        more = f", a number, or {_BOUNDED}" if numbered and sort != "number" else ""
        yield f" = {shown(value)}: give {_TAKES.get(sort, _TAKES['text'])}{more}"


def _fits(value: object, sort: str, numbered: bool) -> bool:
    if sort == "yes_no":
        return isinstance(value, bool)
    if numbered and _is_number(value):
        return True
    texts = value if isinstance(value, list) else [value]
    return sort != "number" and bool(texts) and all(isinstance(text, str) for text in texts)


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and abs(value) < 1e9  # type: ignore[arg-type]


def _empty(bounds: dict) -> bool:
    low, high, over = bounds.get("min"), bounds.get("max"), bounds.get("over")
    if high is None:
        return False
    return (low is not None and low > high) or (over is not None and over >= high)
