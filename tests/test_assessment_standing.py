"""What the data says and what people say, side by side, and the levels that follow from both."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casekit.assessment.answers import CHOICES, Answer, save_answer, take_back
from casekit.assessment.place import Place, opened, place_of
from casekit.assessment.standing import Assessment, assess
from casekit.catalog import load
from casekit.findings import evaluate_programs
from casekit.shipped import sample
from tests.conftest import PROGRAMS

DATA, AS_OF = sample()
FLO = "P-02"  # the sample's program under the FLO standards
TOPIC = "wa_open_doors.academic_advising"  # computed: met if any contact shows the topic


@pytest.fixture(scope="module")
def flo() -> Assessment:
    return assess(opened(place_of(DATA)), program=FLO, standard="sa_flo", as_of=AS_OF)


@pytest.fixture
def place(tmp_path) -> Place:
    return Place(place_of(DATA).data, tmp_path, beside=False)


@pytest.fixture
def open_doors(make_caseload) -> Assessment:
    contacts = "student_id,occurred_at,outcome,topics\ns1,2026-02-02,completed,other\n"
    caseload = make_caseload(
        students="student_id,program_id,enrollment_start\ns1,p1,2026-01-05\n", contacts=contacts
    )
    return assess(caseload, program="p1", standard="wa_open_doors", as_of="2026-03-02")


def answered(assessment: Assessment, place: Place, name: str, answer: str, **more) -> Assessment:
    """The assessment after one answer was saved."""
    day = str(assessment.span.as_of)
    given = Answer(assessment.program, name, answer, day, **more)
    return assessment.answered(save_answer(assessment.caseload, place, given), name)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("yes", "Attested yes, the data says 0%."),  # no contact shows the topic: not met
        ("no", ""),
        ("partly", ""),
        ("not_applicable", "Attested not applicable, the data says 0%."),
    ],
)
def test_an_answer_that_the_data_contradicts_is_said(
    answer: str, said: str, open_doors: Assessment, place: Place
) -> None:
    assert answered(open_doors, place, TOPIC, answer).standing(TOPIC).differs == said


def test_what_the_data_says_does_not_repeat_the_disagreement(
    open_doors: Assessment, place: Place
) -> None:
    standing = answered(open_doors, place, TOPIC, "yes").standing(TOPIC)
    assert standing.data == "Not seen in any contact of the span."


def test_an_answer_never_changes_what_the_data_says(open_doors: Assessment, place: Place) -> None:
    after = answered(open_doors, place, TOPIC, "yes")
    assert after.standing(TOPIC).status == open_doors.standing(TOPIC).status == "not_met"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, ("No evidence is named for this yes.",)),
        ({"evidence": "Folder 3"}, ()),
        ({"evidence_link": "https://example.org"}, ()),
        ({"evidence_file": "folder/minutes.pdf"}, ()),
        # The last day on which it holds is 2 March itself.
        ({"evidence": "Folder 3", "expires_on": "2026-03-02"}, ()),
        (
            {"evidence": "Folder 3", "expires_on": "2026-03-01"},
            ("The evidence held until 1 March 2026: renew it.",),
        ),
    ],
)
def test_evidence_that_is_missing_or_has_expired_is_said(
    more: dict, said: tuple, open_doors: Assessment, place: Place
) -> None:
    assert answered(open_doors, place, TOPIC, "yes", **more).standing(TOPIC).remarks == said


def test_a_no_needs_no_evidence(open_doors: Assessment, place: Place) -> None:
    assert answered(open_doors, place, TOPIC, "no").standing(TOPIC).remarks == ()


def test_the_answer_in_force_is_the_latest_on_or_before_the_day(make_caseload) -> None:
    rows = ["no,2026-02-01", "yes,2026-03-02", "partly,2026-03-03"]  # the last is still to come
    caseload = make_caseload(
        students="student_id,program_id,enrollment_start\ns1,p1,2026-01-05\n",
        attestations="answer,assessed_on,program_id,requirement_id\n"
        + "".join(f"{row},p1,{TOPIC}\n" for row in rows),
    )
    found = assess(caseload, program="p1", standard="wa_open_doors", as_of="2026-03-02")
    given = found.standing(TOPIC).answer
    assert (given.answer, given.assessed_on) == ("yes", "2026-03-02")


def test_an_answer_to_a_statement_counts_for_the_requirement_that_covers_it(make_caseload) -> None:
    caseload = make_caseload(
        students="student_id,program_id,enrollment_start\ns1,p1,2026-01-05\n",
        attestations="program_id,requirement_id,answer,assessed_on\np1,OD-02,partly,2026-02-01\n",
    )
    found = assess(caseload, program="p1", standard="wa_open_doors", as_of="2026-03-02")
    assert found.standing(TOPIC).answer.answer == "partly"


def test_an_answer_taken_back_leaves_the_one_before_in_force(
    open_doors: Assessment, place: Place
) -> None:
    name = "wa_open_doors.integrated_services"
    first = Answer("p1", name, "no", "2026-02-01")
    before = save_answer(open_doors.caseload, place, first)
    second = Answer("p1", name, "yes", "2026-03-02")
    requirement = open_doors.standard.requirements[name]
    after = take_back(save_answer(before, place, second), place, second, requirement)
    assert open_doors.answered(after, name).standing(name).answer == first


def test_the_level_rises_when_the_last_thing_that_blocks_it_is_answered_yes(
    flo: Assessment, place: Place
) -> None:
    element = next(r for r in flo.rungs if r.element == "Support and supervision")
    assert element.level == "" and element.following == "functioning"
    after = flo
    for requirement in (*element.blocking, *element.unshown):
        after = answered(after, place, requirement.id, "yes", evidence="Minutes")
    assert next(r for r in after.rungs if r.element == element.element).level != ""


def test_progress_counts_the_requirements_that_have_an_answer(
    open_doors: Assessment, place: Place
) -> None:
    whole = len(open_doors.standard.requirements)
    assert open_doors.progress == (0, whole)
    assert answered(open_doors, place, TOPIC, "no").progress == (1, whole)


def test_a_standard_without_levels_has_no_rungs(open_doors: Assessment) -> None:
    assert open_doors.rungs == ()


ASKED = [name for name, r in load("sa_flo").requirements.items() if r.attested]
ROWS = {
    "students": "student_id,program_id,enrollment_start\ns1,p1,2026-01-05\n",
    "programs": PROGRAMS,
}


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(ASKED), st.sampled_from(list(CHOICES))), max_size=8))
def test_what_follows_from_answers_is_what_judging_all_of_it_again_gives(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("roster")
    for name, text in ROWS.items():
        (folder / f"{name}.csv").write_text(text)
    place = place_of(folder)
    after = assess(opened(place), program="p1", standard="sa_flo", as_of="2026-03-02")
    for name, answer in told:
        after = answered(after, place, name, answer)
    again = evaluate_programs(opened(place), as_of="2026-03-02", standards=["sa_flo"])
    pd.testing.assert_frame_equal(after.findings.reset_index(drop=True), again.findings)


def test_a_waived_requirement_stays_waived_whatever_is_answered(
    make_caseload, tmp_path, place: Place
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[standard]\nid = "own"\ntitle = "Own"\nextends = "wa_open_doors"\n'
        '[[waiver]]\nrequirement = "wa_open_doors.integrated_services"\n'
        'reason = "New site"\nuntil = 2026-06-30\n'
    )
    caseload = make_caseload(students="student_id,program_id,enrollment_start\ns1,p1,2026-01-05\n")
    found = assess(caseload, program="p1", standard=str(own), as_of="2026-03-02")
    name = "wa_open_doors.integrated_services"
    assert answered(found, place, name, "no").standing(name).status == "not_applicable"


def test_the_day_of_the_assessment_is_the_one_asked_for(flo: Assessment) -> None:
    assert flo.span.as_of == np.datetime64(AS_OF)
