"""The gap plan: what is in it and why, who sees to it, and the workbook that it becomes."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from casekit.assessment.answers import Answer, save_answer
from casekit.assessment.gap_plan import Gap, Step, gap_table, gaps, save_step, workbook
from casekit.assessment.kept import SavingError
from casekit.assessment.place import Place, opened, place_of
from casekit.assessment.standing import Assessment, assess
from casekit.shipped import sample

DATA, AS_OF = sample()
PERSONS = "wa_open_doors.integrated_services"  # only people can answer it
TOPIC = "wa_open_doors.academic_advising"  # met if any contact shows the topic


@pytest.fixture(scope="module")
def flo() -> Assessment:
    return assess(opened(place_of(DATA)), program="P-02", standard="sa_flo", as_of=AS_OF)


@pytest.fixture
def place(tmp_path) -> Place:
    return Place(tmp_path, tmp_path, beside=False)


@pytest.fixture
def plain(make_caseload) -> Assessment:
    """A program under a standard without levels; its one contact shows no topic of those asked."""
    caseload = make_caseload(
        students="student_id,program_id,enrollment_start\ns1,p1,2026-01-05\n",
        contacts="student_id,occurred_at,outcome,topics\ns1,2026-02-02,completed,other\n",
    )
    return assess(caseload, program="p1", standard="wa_open_doors", as_of="2026-03-02")


def gap(assessment: Assessment, name: str) -> Gap | None:
    return next((g for g in gaps(assessment) if g.standing.requirement.id == name), None)


def with_step(assessment: Assessment, place: Place, name: str, **told: str) -> Assessment:
    step = Step(assessment.program, name, **told)
    return assessment.answered(save_step(assessment.caseload, place, step), name)


def test_with_levels_it_holds_what_blocks_the_next_level_of_each_element(flo: Assessment) -> None:
    asked = {r.id for rung in flo.rungs if rung.element for r in (*rung.blocking, *rung.unshown)}
    assert [g.standing.requirement.id for g in gaps(flo)] == [
        name for name in flo.standard.requirements if name in asked
    ]


def test_without_levels_it_holds_what_is_not_met_or_not_told(plain: Assessment) -> None:
    planned = {g.standing.requirement.id for g in gaps(plain)}
    status = plain.findings["status"]
    assert planned == set(status.index[status.isin(["not_met", "cannot_tell"])])
    assert {PERSONS, TOPIC} <= planned


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("", "Not answered yet."),
        ("no", "The answer is no."),
        ("partly", "The answer is partly."),
    ],
)
def test_it_says_why_a_requirement_is_in_it(
    answer: str, why: str, plain: Assessment, place: Place
) -> None:
    if answer:
        given = Answer("p1", PERSONS, answer, "2026-03-02")
        plain = plain.answered(save_answer(plain.caseload, place, given), PERSONS)
    assert gap(plain, PERSONS).why == why


def test_what_the_data_shows_is_told_in_its_own_words(plain: Assessment) -> None:
    assert gap(plain, TOPIC).why == "Not met. Not seen in any contact of the span."


def test_a_requirement_that_is_met_leaves_the_plan_and_its_step_stays_in_the_file(
    plain: Assessment, place: Place
) -> None:
    planned = with_step(plain, place, PERSONS, owner="Ann")
    given = Answer("p1", PERSONS, "yes", "2026-03-02", evidence="Folder 3")
    after = planned.answered(save_answer(planned.caseload, place, given), PERSONS)
    assert gap(after, PERSONS) is None
    assert "Ann" in (place.folder / "gap_plan.csv").read_text()


def test_a_step_is_kept_once_and_changed_in_its_place(plain: Assessment, place: Place) -> None:
    first = with_step(plain, place, PERSONS, owner="Ann", due_on="2026-04-01")
    second = with_step(first, place, PERSONS, owner="Bo", due_on="2026-05-01", status="under_way")
    expected = "program_id,requirement_id,owner,due_on,step,status\n"
    expected += f"p1,{PERSONS},Bo,2026-05-01,,under_way\n"
    assert (place.folder / "gap_plan.csv").read_text() == expected
    assert gap(second, PERSONS).step.owner == "Bo"


def test_a_due_day_that_is_none_is_said_and_not_saved(plain: Assessment, place: Place) -> None:
    with pytest.raises(SavingError, match="Not saved: due on 'soon'"):
        with_step(plain, place, PERSONS, due_on="soon")


def test_where_no_step_is_written_the_standards_advice_is_suggested(plain: Assessment) -> None:
    table = gap_table(plain).set_index("Requirement")
    asked = plain.standard.requirements[TOPIC]
    assert table.loc[asked.title, "Next step"] == f"Suggested: {asked.advice}"


def test_a_standard_without_levels_has_no_columns_of_levels(plain: Assessment) -> None:
    assert not {"For level", "Area", "Element"} & set(gap_table(plain).columns)


def book(assessment: Assessment) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(workbook(assessment)))


def test_the_workbook_has_the_plan_with_its_header_kept_in_view(flo: Assessment) -> None:
    sheet = book(flo)["Gap plan"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:4] == ("Requirement", "Why it is in the plan", "Owner", "Due")
    assert len(rows) == 1 + len(gaps(flo)) and sheet.freeze_panes == "B2"


def test_the_workbook_says_of_whom_it_is_and_as_of_when(flo: Assessment) -> None:
    told = dict(book(flo)["About"].iter_rows(values_only=True))
    assert (told["Standard"], told["As of"]) == (flo.standard.title, "7 June 2026")
    assert told["Program"] == flo.program_name


@pytest.mark.parametrize("text", ["=1+1", "+61 8", "-", "@Ann", '=HYPERLINK("https://e.org")'])
def test_what_looks_like_a_formula_is_text_in_the_workbook(
    text: str, plain: Assessment, place: Place
) -> None:
    sheet = book(with_step(plain, place, PERSONS, owner=text))["Gap plan"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == text]
    assert [(cell.data_type, bool(cell.quotePrefix)) for cell in cells] == [("s", True)]


def test_a_plan_with_nothing_in_it_is_a_workbook_all_the_same(make_caseload) -> None:
    caseload = make_caseload(students="student_id,program_id,enrollment_start\ns1,p1,2026-01-05\n")
    found = assess(caseload, program="p1", standard="wa_open_doors", as_of="2026-03-02")
    met = found.findings.assign(status="met")
    found.__dict__["findings"] = met  # as if all of it were met
    assert len(list(book(found)["Gap plan"].rows)) == 1
