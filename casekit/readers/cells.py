"""Cells: the text of one column made values of the column's type.

Each distinct text is read once, then spread over the rows, so that a million contacts cost what
their different days, modes and ids cost.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd

from casekit.readers.dates import read_moments
from casekit.tables import Column

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
SPREADSHEET_ERRORS = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!")


@dataclass
class Cells:
    """One column read: the frame's columns it makes, and what is wrong in which rows.

    texts    the trimmed text of each row, for quoting (missing where empty).
    values   name -> values in row order; a moment makes three.
    wrong    (rows, problem, fix) where a value cannot be.
    notes    (rows, problem, fix) where a value was read in a way worth knowing.
    """

    texts: pd.Series
    values: dict[str, pd.Series]
    wrong: list[tuple[np.ndarray, str, str]] = field(default_factory=list)
    notes: list[tuple[np.ndarray, str, str]] = field(default_factory=list)


@dataclass
class _Read:
    """The values of distinct texts, which of them are wrong, and which are worth a note."""

    values: dict[str, pd.Series]
    wrong: dict[int, tuple[str, str]] = field(default_factory=dict)
    notes: dict[int, tuple[str, str]] = field(default_factory=dict)


UNSHOWN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f" + "\ufffe\uffff]"


def read_cells(column: Column, cells: pd.Series, dates: str | None = None) -> Cells:
    """Type one column's cells (str, or missing); `dates` is "dmy", "mdy" or None."""
    codes, written = pd.factorize(cells)
    # A vertical tab and its like stand for a line break inside a cell; nothing can show them.
    trimmed = pd.Series(written, dtype="str").str.replace(UNSHOWN, " ", regex=True).str.strip()
    trimmed = trimmed.str.replace("\r\n", "\n", regex=False).str.replace("\r", "\n", regex=False)
    failed = trimmed.isin(SPREADSHEET_ERRORS).to_numpy()
    trimmed = trimmed.mask((trimmed == "") | failed)
    again, distinct = pd.factorize(trimmed)
    spread = np.append(again, -1)[codes]

    read = READERS[column.type](column, pd.Index(distinct, dtype="str"), dates)
    texts = pd.Series(distinct, dtype="str").reindex(spread).reset_index(drop=True)
    values = {name: _take(value, spread) for name, value in read.values.items()}
    result = Cells(texts, values, _rows(read.wrong, spread))
    # Once for the column is enough: the first row of each note stands for the others.
    for rows, what, fix in _rows(read.notes, spread):
        result.notes.append((np.arange(len(rows)) == rows.argmax(), what, fix))
    in_error = np.append(failed, False)[codes]
    if in_error.any():
        result.notes.append(
            (in_error, "the spreadsheet shows an error here; read as empty", "mend the formula")
        )
    return result


def empty_cells(column: Column, length: int) -> dict[str, pd.Series]:
    """The frame's columns of a column that was not given, every row missing."""
    return {name: _take(none, np.full(length, -1)) for name, none in _nothing(column).items()}


@cache
def _nothing(column: Column) -> dict[str, pd.Series]:
    return READERS[column.type](column, pd.Index([], dtype="str"), None).values


def _take(values: pd.Series, spread: np.ndarray) -> pd.Series:
    """Each row's value; missing where its place is -1, and False for a flag."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes = np.append(values.cat.codes.to_numpy(), -1)[spread]
        return pd.Series(pd.Categorical.from_codes(codes, dtype=values.dtype))
    if values.dtype == bool:
        return pd.Series(np.append(values.to_numpy(), False)[spread])
    return values.reindex(spread).reset_index(drop=True)


def _rows(
    found: dict[int, tuple[str, str]], spread: np.ndarray
) -> list[tuple[np.ndarray, str, str]]:
    """Per problem and remedy, which rows hold a value that has it."""
    places: dict[tuple[str, str], list[int]] = {}
    for place, said in found.items():
        places.setdefault(said, []).append(place)
    return [(np.isin(spread, at), *said) for said, at in places.items()]


def _ids(column: Column, texts: pd.Index, dates: str | None) -> _Read:
    return _Read({column.name: pd.Series(pd.Categorical(texts, categories=texts))})


def _text(column: Column, texts: pd.Index, dates: str | None) -> _Read:
    # An apostrophe that keeps a spreadsheet from running a text is no part of the text.
    plain = pd.Series(texts, dtype="str").str.replace(r"^'(?='*[=+\-@])", "", regex=True)
    return _Read({column.name: plain})


def _moments(column: Column, texts: pd.Index, dates: str | None) -> _Read:
    moments = read_moments(texts, dates)
    read = _Read(
        {
            column.name: pd.Series(moments.wall),
            f"{column.name}.timed": pd.Series(moments.timed),
            f"{column.name}.offset": pd.Series(moments.offset),
        },
        moments.wrong,
    )
    said = (
        "numbers such as this one were read as a spreadsheet's count of days since 1900",
        "save the column as dates to be sure",
    )
    read.notes = dict.fromkeys(moments.serials, said)
    return read


def _dates(column: Column, texts: pd.Index, dates: str | None) -> _Read:
    read = _moments(column, texts, dates)
    wall = read.values[column.name].to_numpy().astype("datetime64[D]")
    read.values = {column.name: pd.Series(wall.astype("datetime64[s]"))}
    return read


def _numbers(column: Column, texts: pd.Index, dates: str | None) -> _Read:
    read = _Read({})
    values = np.full(len(texts), np.nan)
    low = -np.inf if column.low is None else column.low
    high = np.inf if column.high is None else column.high
    between = f"write a number from {low:g} to {high:g}"
    for i, text in enumerate(texts):
        if not NUMBER.fullmatch(text):
            read.wrong[i] = ("this is not a number", between)
        elif not low <= float(text) <= high:
            read.wrong[i] = (f"{column.name} must be from {low:g} to {high:g}", between)
        else:
            values[i] = float(text)
    read.values[column.name] = pd.Series(values)
    return read


def _yes_no(column: Column, texts: pd.Index, dates: str | None) -> _Read:
    answers = [YES_NO.get(text.lower()) for text in texts]
    read = _Read({column.name: pd.Series(answers, dtype="boolean")})
    for i, answer in enumerate(answers):
        if answer is None:
            read.wrong[i] = ("this is neither yes nor no", "write yes or no, true or false, 1 or 0")
    return read


def choice(text: str) -> str:
    """A choice as the contract writes it: "In Person" and "in-person" are in_person."""
    return re.sub(r"[\s_-]+", "_", text.strip().lower())


def _choices(column: Column, texts: pd.Index, dates: str | None) -> _Read:
    read = _Read({})
    chosen = [choice(text) for text in texts]
    for i, name in enumerate(chosen):
        if name not in column.allowed:
            read.wrong[i] = unknown(column, texts[i])
    values = pd.Categorical(
        [name if name in column.allowed else None for name in chosen], categories=column.allowed
    )
    read.values[column.name] = pd.Series(values)
    return read


def _lists(column: Column, texts: pd.Index, dates: str | None) -> _Read:
    read = _Read({})
    joined: list[str | None] = []
    for i, text in enumerate(texts):
        items = [item.strip() for item in text.split(";") if item.strip()]
        if column.allowed:
            strange = [item for item in items if choice(item) not in column.allowed]
            if strange:
                read.wrong[i] = unknown(column, strange[0])
            items = [choice(item) for item in items]
        joined.append(";".join(dict.fromkeys(items)) or None)
    names = pd.Series(joined, dtype="str")
    read.values[column.name] = pd.Series(
        pd.Categorical(names, categories=pd.unique(names.dropna()))
    )
    return read


def unknown(column: Column, name: str) -> tuple[str, str]:
    """What to say of a value that is not among a column's choices."""
    near = difflib.get_close_matches(choice(name), column.allowed, n=1, cutoff=0.6)
    what = f"{name} is not a known {column.name}"
    if near:
        return what, f"did you mean {near[0]}?"
    some = ", ".join(column.allowed[:12]) + (", ..." if len(column.allowed) > 12 else "")
    return what, f"write one of {some}"


READERS: dict[str, Callable[[Column, pd.Index, str | None], _Read]] = {
    "id": _ids,
    "text": _text,
    "date": _dates,
    "moment": _moments,
    "number": _numbers,
    "yes_no": _yes_no,
    "choice": _choices,
    "list": _lists,
}
