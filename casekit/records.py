"""Writing an evaluation down: verdicts, findings, levels, problems, and how it was run."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from casekit import __version__
from casekit.caseload import Caseload
from casekit.files import replacing, write_text
from casekit.findings import Evaluation

_REPEATED = ("standard_id", "requirement_id", "program_id", "subject_type", "subject_id")


def write_evaluation(evaluation: Evaluation, out: Path, data: str = "") -> None:
    """The files of an evaluation, each complete or not there. `data` names where it was read.

    The same caseload, standards and days give the same bytes: no file holds the time of writing.
    """
    write_verdicts(evaluation.verdicts, out / "verdicts.parquet")
    write_csv(evaluation.findings, out / "findings.csv")
    write_csv(evaluation.levels, out / "levels.csv")
    write_problems(evaluation.caseload, out / "problems.csv")
    write_text(out / "run.json", json.dumps(run_of(evaluation, data), indent=2) + "\n")


def write_verdicts(verdicts: pd.DataFrame, path: Path) -> None:
    """Verdicts as parquet: words dictionary-encoded, days as dates."""
    encoded = verdicts.astype(dict.fromkeys([*_REPEATED, "status", "reason", "unit"], "category"))
    table = pa.Table.from_pandas(encoded, preserve_index=False)
    for name in ("period_start", "period_end"):
        place = table.schema.get_field_index(name)
        table = table.set_column(place, name, table[name].cast(pa.date32()))
    with replacing(path) as beside:
        pq.write_table(table.replace_schema_metadata(None), beside)


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """A frame as UTF-8 CSV."""
    write_text(path, frame.to_csv(index=False, lineterminator="\n"))


def write_problems(caseload: Caseload, path: Path) -> None:
    """The problems found in the data, as CSV: it quotes cells, so it stays with the program."""
    write_quoted(caseload.problems, path)


def write_quoted(frame: pd.DataFrame, path: Path) -> None:
    """A frame that quotes cells of the data, as CSV.

    A quoted cell that a spreadsheet would run as a formula is led by an apostrophe.
    """
    write_csv(inert(frame), path)


def inert(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with an apostrophe before each cell that a spreadsheet would run as a formula."""
    texts = frame.select_dtypes(exclude="number").columns
    quoted = frame[texts].map(_inert) if len(frame) else frame[texts]
    return frame.assign(**{name: quoted[name] for name in texts})


def _inert(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t") else cell


def run_of(evaluation: Evaluation, data: str) -> dict[str, object]:
    """What was evaluated, with what: enough to do it again and see the same."""
    return {
        "casekit": __version__,
        "data": data,
        "sources": dict(sorted(evaluation.caseload.sources.items())),
        "as_of": str(evaluation.as_of),
        "standards": {s.id: s.edition for s in evaluation.standards.values()},
        "programs": {
            program: {
                "standards": list(evaluation.plan.held[program]),
                "since": str(span.since),
                "calendar_id": span.calendar.calendar_id,
            }
            for program, span in evaluation.spans.items()
        },
        "rows": {name: len(table) for name, table in evaluation.caseload.tables.items()},
        "set_aside": int(evaluation.caseload.problems["set_aside"].sum()),
        "notes": list(evaluation.plan.notes),
    }
