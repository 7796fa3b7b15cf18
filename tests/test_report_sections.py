"""Sections: what comes first, what helps, and which headers a report repeats."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from report_data import write_data

from casekit.findings import evaluate_programs
from casekit.readers import read
from casekit.reports import measures, sections
from casekit.reports.document import TableBlock, Text
from casekit.reports.view import View


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory):
    data = write_data(tmp_path_factory.mktemp("sections"))
    staff = (data / "staff.csv").read_text().splitlines()
    staff = [line + ("," if n else ",Ottoline Quill") for n, line in enumerate(staff)]
    (data / "staff.csv").write_text("\n".join(staff) + "\n")  # a header that is a name
    return evaluate_programs(read(Path(data)), as_of="2026-02-06")


def tables(section, view: View) -> str:
    blocks = [b for b in section(view) if isinstance(b, TableBlock)]
    return "\n".join(block.frame.to_csv(index=False) for block in blocks)


@pytest.mark.parametrize("audience", ["reviewer", "public"])
def test_a_header_that_may_be_a_name_is_another_column(evaluation, audience):
    shown = tables(sections.problems, View(evaluation, "south", audience))
    assert ("another column" in shown, "Ottoline" in shown) == (True, False)


def test_the_program_itself_sees_its_own_headers(evaluation):
    assert "Ottoline Quill" in tables(sections.problems, View(evaluation, "south", "program"))


def test_what_a_person_answers_comes_after_what_is_computed_lowest_rate_first(evaluation):
    view = View(evaluation, "south", "program")
    computed = [r.id for r in view.requirements if not r.attested][:2]
    attested = next(r.id for r in view.requirements if r.attested)
    rows = pd.DataFrame(
        {"requirement_id": [attested, *computed], "rate": [0.0, 0.9, 0.2]},
    ).assign(standard_id=view.requirements[0].standard)
    order = sections.worst_first(view, rows)["requirement_id"].to_list()
    assert order == [computed[1], computed[0], attested]


@pytest.mark.parametrize(
    ("attested", "says"),
    [
        (False, "Record what is missing: see What could not be told."),
        (True, "Answer the question: see Answers by the program."),
    ],
)
def test_what_cannot_be_told_has_to_be_recorded_or_answered_first(evaluation, attested, says):
    view = View(evaluation, "south", "reviewer")
    rows = pd.concat(b.frame for b in sections.requirements(view) if isinstance(b, TableBlock))
    which = {r.title for r in view.requirements if r.attested is attested}
    unknown = rows[(rows["Status"] == "cannot_tell") & rows["Requirement"].isin(which)]
    assert set(unknown["What may help"]) == {says}


def test_one_withheld_week_withholds_the_weekly_figure_from_the_public(evaluation):
    # One of twelve students is missed each week: totals less the other weeks would tell it.
    blocks = list(measures.contact(View(evaluation, "south", "public")))
    assert blocks == [Text(measures.WITHHELD)]
