"""Index: the page over all programs of a batch, with the ones that need attention first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from casekit.figures import requirements_by_program
from casekit.findings import Evaluation
from casekit.phrases import count, date, quoted
from casekit.reports.document import Block, Document, FigureBlock, Heading, TableBlock, Text
from casekit.reports.program import made_with
from casekit.reports.sections import worst_first
from casekit.reports.view import View, program_names

# What a standard as a whole comes to: the first of these that any requirement has.
_WORST_FIRST = ("not_met", "cannot_tell", "due", "met", "not_applicable")
MOST_NAMED = 3


def index_document(
    evaluation: Evaluation, folders: Mapping[str, str], failed: Mapping[str, str], audience: str
) -> Document:
    """Every program with its status, level and worst findings, and a link to its report.

    `folders` gives each program's folder beside the index, `failed` why a report is not there.
    """
    names = program_names(evaluation)
    views = [View(evaluation, p, audience) for p in evaluation.programs if p not in failed]
    blocks = [
        Text(_sentence(views, failed)),
        *_failures(failed, names),
        *_programs(views, folders),
        *_figure(evaluation, views, names),
    ]
    as_of = date(pd.Timestamp(evaluation.as_of))
    meta = {"audience": audience, "as_of": str(evaluation.as_of), "made_with": made_with(audience)}
    return Document("Case management reports", f"As of {as_of}", tuple(blocks), meta)


def _sentence(views: list[View], failed: Mapping[str, str]) -> str:
    missing = sum(bool((view.findings["status"] == "not_met").any()) for view in views)
    said = (
        f"{count(len(views), 'program')}: {missing or 'none'} with a requirement that is not met."
    )
    return said + (f" {count(len(failed), 'report')} could not be written." if failed else "")


def _failures(failed: Mapping[str, str], names: Mapping[str, str]) -> Iterator[Block]:
    if not failed:
        return
    yield Heading(2, "Reports that could not be written")
    frame = pd.DataFrame({"Program": [names[p] for p in failed], "Why": list(failed.values())})
    yield TableBlock("Programs without a report", frame)


def _programs(views: list[View], folders: Mapping[str, str]) -> Iterator[Block]:
    if not views:
        return
    yield Heading(2, "Programs")
    rows = [row for view in views for row in _rows(view, folders[view.program])]
    rows.sort(key=lambda row: -row["Not met"])  # a stable sort: else as in the data
    frame = pd.DataFrame(rows)
    links = tuple(frame.pop("link"))
    # A column that says nothing of any program is left out.
    frame = frame.drop(columns=[name for name in ("Level", "Waived") if not frame[name].any()])
    yield TableBlock(
        "Programs, most requirements not met first", frame, statuses=("Status",), links=links
    )


def _rows(view: View, folder: str) -> Iterator[dict]:
    """A row for each standard that the program is held to."""
    for standard in view.standards:
        mine = view.findings[view.findings["standard_id"] == standard.id]
        status = mine["status"].astype(str)
        rungs = view.rungs(standard, standard.gate)
        whole = rungs[rungs["area"] == ""]
        worst = view.rules(worst_first(view, mine[status == "not_met"]))
        waived = [rule for rule in view.rules(mine) if view.wholly_waived(rule)]
        yield {
            "Program": view.name,
            "Standard": standard.title,
            "Status": next((s for s in _WORST_FIRST if (status == s).any()), "not_applicable"),
            "Level": (whole["level"].iloc[0] or "below the first") if len(whole) else "",
            "Not met": int((status == "not_met").sum()),
            "Cannot tell": int((status == "cannot_tell").sum()),
            "Waived": len(waived),
            "Worst findings": quoted([view.title(rule) for rule in worst], MOST_NAMED),
            "link": f"{folder}/report.html",
        }


def _figure(evaluation: Evaluation, views: list[View], names: Mapping[str, str]) -> Iterator[Block]:
    """Requirement by program, a figure for each standard."""
    shown = {view.program for view in views}
    for standard in evaluation.standards.values():
        findings = evaluation.findings
        mine = findings[
            (findings["standard_id"] == standard.id) & findings["program_id"].isin(shown)
        ]
        if mine.empty:
            continue
        yield Heading(2, standard.title)
        titles = {r.id: views[0].title(r) for r in standard.requirements.values()}
        yield FigureBlock.of(requirements_by_program(mine, titles, dict(names)), standard.title)
