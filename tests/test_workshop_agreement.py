"""The room's agreement: Krippendorff's alpha for ordered levels, and words where there is none."""

from __future__ import annotations

import pytest

from casekit.catalog import load
from casekit.workshop.agreement import (
    BELOW,
    agreement,
    compared,
    elements,
    scale,
)

FLO = load("sa_flo")
ONE, TWO, THREE, *_ = elements(FLO)
FUNCTIONING, STRATEGIC, EMBEDDED = FLO.levels


def test_the_scale_starts_below_the_first_level() -> None:
    assert scale(FLO) == (BELOW, FUNCTIONING, STRATEGIC, EMBEDDED)


def test_a_standard_without_levels_has_nothing_to_rate() -> None:
    assert scale(load("wa_open_doors")) == ()
    assert elements(load("wa_open_doors")) == ()


def test_full_agreement_is_one() -> None:
    said = {ONE: FUNCTIONING, TWO: EMBEDDED}
    assert agreement(FLO, [said, said]).alpha == pytest.approx(1)


def test_alpha_is_that_of_the_published_formula_for_ordered_levels() -> None:
    # Two people: on ONE both say 0 (below), on TWO 1 and 2. Of the four values two are 0, one is 1
    # and one is 2. Ordinal distances, squared: 0 to 1 is (3 - 1.5)² = 2.25, 0 to 2 is
    # (4 - 1.5)² = 6.25, 1 to 2 is (2 - 1)² = 1. Observed: 2 x 1 / 4 = 0.5. Expected:
    # 2 x (2 x 2.25 + 2 x 6.25 + 1 x 1) / (4 x 3) = 3. Were the levels mere names, alpha would be
    # 1 - 0.5 / (10 / 12) = 0.4.
    ratings = [{ONE: BELOW, TWO: FUNCTIONING}, {ONE: BELOW, TWO: STRATEGIC}]
    assert agreement(FLO, ratings).alpha == pytest.approx(1 - 0.5 / 3)


def test_an_element_that_somebody_left_out_still_counts_for_the_others() -> None:
    found = agreement(FLO, [{ONE: BELOW, TWO: EMBEDDED}, {ONE: BELOW}, {ONE: BELOW, TWO: EMBEDDED}])
    assert found.alpha == pytest.approx(1)
    assert found.elements.set_index("element").loc[[ONE, TWO], "ratings"].tolist() == [3, 2]


@pytest.mark.parametrize(
    ("ratings", "said"),
    [
        ([], "Nobody has rated"),
        ([{}, {}], "Nobody has rated"),
        ([{ONE: BELOW}], "One person"),
        ([{ONE: BELOW}, {TWO: BELOW}], "No element was rated by two"),
        ([{ONE: BELOW, TWO: BELOW}, {ONE: BELOW, TWO: BELOW}], "not defined"),
        ([{ONE: "no such level"}, {ONE: BELOW}], "One person"),
    ],
)
def test_where_there_is_no_alpha_words_say_why(ratings: list, said: str) -> None:
    found = agreement(FLO, ratings)
    assert found.alpha is None
    assert said in found.sentence


def test_elements_on_which_the_room_differs_most_come_first() -> None:
    # ONE: all alike. TWO: three levels apart. THREE: one level apart.
    ratings = [
        {ONE: STRATEGIC, TWO: BELOW, THREE: FUNCTIONING},
        {ONE: STRATEGIC, TWO: EMBEDDED, THREE: STRATEGIC},
    ]
    table = agreement(FLO, ratings).elements
    assert table["element"].head(3).tolist() == [TWO, THREE, ONE]
    assert table["apart"].head(3).tolist() == [3, 1, 0]


def test_alone_and_together_stand_side_by_side() -> None:
    alone = agreement(FLO, [{ONE: BELOW}, {ONE: EMBEDDED}])
    together = agreement(FLO, [{ONE: STRATEGIC}, {ONE: STRATEGIC}])
    assert compared(alone, together).iloc[0].tolist() == [ONE, 3, 0]
