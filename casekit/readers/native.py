"""Native: a caseload written as the folder of CSV tables that it can be read from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from casekit.caseload import Caseload
from casekit.files import replacing
from casekit.readers.raw import ReadError
from casekit.tables import TABLES, Column


def write_folder(caseload: Caseload, out: Path) -> None:
    """Write every table that was given, with the columns that were given, as UTF-8 CSV.

    Days are ISO dates and moments ISO timestamps, so the folder reads back as the same caseload.
    Raises ReadError where the folder holds a table that the caseload has not: it would be read
    as part of it.
    """
    here = {name: [out / f"{name}.csv", out / f"{name}.parquet"] for name in TABLES}
    for name, paths in here.items():
        stale = [path.name for path in paths if path.exists()]
        if stale and (name not in caseload.given or f"{name}.parquet" in stale):
            raise ReadError(
                f"{out} already holds {stale[-1]} from elsewhere; choose another folder"
            )
    for name, given in caseload.given.items():
        frame = caseload.tables[name]
        columns = [column for column in TABLES[name].columns if column.name in given]
        written = pd.DataFrame({column.name: as_text(frame, column) for column in columns})
        with replacing(Path(out) / f"{name}.csv") as beside:
            written.to_csv(beside, index=False, lineterminator="\n", encoding="utf-8")


def as_text(frame: pd.DataFrame, column: Column) -> pd.Series:
    """One typed column as the text that reads back as it; missing where empty."""
    cells = frame[column.name]
    if column.type == "date":
        return cells.dt.strftime("%Y-%m-%d")
    if column.type == "moment":
        return _moments(cells, frame[f"{column.name}.timed"], frame[f"{column.name}.offset"])
    if column.type == "number":
        distinct, codes = np.unique(cells.to_numpy(), return_inverse=True)
        written = [None if np.isnan(value) else repr(float(value)) for value in distinct]
        shown = [text.removesuffix(".0") if text else None for text in written]
        return pd.Series(np.array(shown, dtype=object)[codes], dtype="str")
    if column.type == "yes_no":
        return cells.map({True: "true", False: "false"}, na_action="ignore").astype("str")
    return cells.astype("str")


def _moments(wall: pd.Series, timed: pd.Series, offset: pd.Series) -> pd.Series:
    days = wall.dt.strftime("%Y-%m-%d")
    stamps = wall.dt.strftime("%Y-%m-%dT%H:%M:%S")
    zones = offset.map(_zone, na_action="ignore").astype(object).where(offset.notna(), "")
    return (stamps + zones.astype("str")).where(timed, days)


def _zone(minutes: float) -> str:
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(int(minutes)), 60)
    return f"{sign}{hours:02}:{rest:02}"
