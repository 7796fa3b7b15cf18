"""A report against a district's own standard, alone and beside the one it is built on."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from conftest import caseload_of

from casekit.findings import Evaluation, evaluate_programs
from casekit.reports import measures, sections
from casekit.reports.document import Block, Bullets, FigureBlock, Heading, Notice, TableBlock, Text
from casekit.reports.index import index_document
from casekit.reports.view import View
from casekit.summaries import (
    caseload_by_month,
    contact_by_week,
    first_contact_buckets,
    ratio_by_day,
    requirements_of_kind,
)

CASELOAD = {
    "calendar": (
        "calendar_id,kind,name,start_date,end_date\n"
        "c1,school_year,2026,2026-01-26,2026-12-11\n"
        "c1,term,Term 1,2026-01-26,2026-04-10\n"
        "c1,term,Term 2,2026-04-27,2026-07-03\n"
    ),
    "students": (
        "student_id,program_id,enrollment_start,birth_date\n"
        "s1,p1,2026-01-26,2010-05-01\n"  # 15 years old
        "s2,p1,2026-01-26,2008-05-01\n"  # 17 years old
        "s3,p1,2026-03-02,2008-05-01\n"
    ),
    "staff": "staff_id,program_id,start_date,fte,case_management_share\nw1,p1,2026-01-01,1,1\n",
    # Two students of one case manager in February, three in March.
    "assignments": (
        "student_id,staff_id,start_date\ns1,w1,2026-01-26\ns2,w1,2026-01-26\ns3,w1,2026-03-02\n"
    ),
    "referrals": (
        "referral_id,student_id,program_id,received_at\n"
        "r1,s1,p1,2026-02-02T09:00\n"  # met on the fourth day after
        "r2,s2,p1,2026-02-02T09:00\n"  # never met
    ),
    "contacts": "student_id,occurred_at,mode\ns1,2026-02-06T10:00,in_person\n",
}
HEAD = """[standard]
id = "maple"
title = "Maple Valley"
issuer = "Maple Board"
extends = "sa_flo"
"""
CAP = '[[requirement]]\nid = "sa_flo.caseload"\nwith = { at_most = 1 }\n'
RETITLED = '[[requirement]]\nid = "sa_flo.caseload"\ntitle = "One"\nwith = { at_most = 1 }\n'
FIVE_DAYS = '[[requirement]]\nid = "sa_flo.contact_within_week"\nwith = { within = 5 }\n'
QUESTION = '[[requirement]]\nid = "sa_flo.quality_framework"\nquestion = "Is it so?"\n'


def waiver(name: str, until: str) -> str:
    return f'[[waiver]]\nrequirement = "sa_flo.{name}"\nreason = "Bus strike."\nuntil = {until}\n'


def of_some(column: str, value: str) -> str:
    return (
        '[[requirement]]\nid = "maple.some"\ntitle = "Some are seen"\ncitation = "Our board"\n'
        'kind = "weekly_contact"\nwith = { open_days = 1 }\n'
        f"applies_to = {{ {column} = {value} }}\n"
    )


@pytest.fixture
def held(tmp_path: Path):
    """The program held against a district's standard of some pieces, and against others."""

    def hold(*pieces: str, beside: tuple[str, ...] = (), as_of: str = "2026-03-31") -> View:
        path = tmp_path / "maple.toml"
        path.write_text("\n".join([HEAD, *pieces]), encoding="utf-8")
        found = evaluate_programs(
            caseload_of(**CASELOAD), as_of=as_of, standards=[*beside, str(path)]
        )
        return View(found, "p1", "program")

    return hold


def of(kind: type, section, view: View) -> list:
    return [block for block in section(view) if isinstance(block, kind)]


def said(blocks: list[Block]) -> str:
    return "\n".join(block.text for block in blocks)


def row(view: View, name: str) -> pd.Series:
    """The row of the requirements table about what a requirement is called."""
    tables = of(TableBlock, sections.requirements, view)
    rows = pd.concat(table.frame for table in tables)
    return rows[rows["Requirement"].str.startswith(name)].iloc[0]


# The limits are those of the standard at hand


def buckets(view: View) -> dict[str, int]:
    rules = requirements_of_kind(view.evaluation, "p1", "first_contact")
    found = first_contact_buckets(view.evaluation, "p1", rules)
    return dict(zip(found["bucket"], found["referrals"], strict=True))


def test_a_limit_of_the_district_s_own_has_a_band_and_the_old_one_has_none(held):
    assert buckets(held(FIVE_DAYS)) == {
        "within 48 hours": 0,
        "within 72 hours": 0,
        "within 5 days": 1,
        "before the next school year": 0,
        "not yet, still in time": 0,
        "cannot tell": 0,
        "later or not at all": 1,
    }


@pytest.mark.parametrize(
    ("settings", "late"),
    [
        ('unit = "days", within = 4', 1),
        ('unit = "days", within = 3', 2),
        ('unit = "hours", within = 97', 1),  # met after 97 hours
        ('unit = "hours", within = 96', 2),
    ],
)
def test_a_referral_that_met_its_limit_is_never_drawn_as_later(held, settings, late):
    own = f'[[requirement]]\nid = "sa_flo.contact_within_week"\nwith = {{ {settings} }}\n'
    assert buckets(held(own))["later or not at all"] == late


def test_a_waived_limit_has_no_band(held):
    assert "within 48 hours" not in buckets(held(waiver("contact_48_hours", "2026-12-31")))


# With two standards, it is said whose rule it is


@pytest.fixture
def both(held) -> View:
    return held(CAP, FIVE_DAYS, QUESTION, beside=("sa_flo",))


TITLES = ["FLO case management standards", "Maple Valley"]


@pytest.mark.parametrize("section", [measures.first_contacts, measures.caseload, measures.contact])
def test_each_standard_has_its_own_figure_and_its_heading_says_whose(both, section):
    figures = of(FigureBlock, section, both)
    assert [figure.title.partition(":")[0] for figure in figures] == TITLES


def test_the_figure_of_one_standard_names_no_rule_of_the_other(both):
    flo, maple = of(Text, measures.first_contacts, both)
    assert ("within 7 -> 5" in flo.text, "within 7 -> 5" in maple.text) == (False, True)


def test_what_is_not_met_stands_under_its_standard(both):
    blocks = list(sections.summary(both))
    lists = [n for n, block in enumerate(blocks) if isinstance(block, Bullets)]
    assert [blocks[n - 1] for n in lists] == [Heading(4, title) for title in TITLES]


@pytest.mark.parametrize("section", [sections.cases, sections.unknowns])
def test_cases_and_what_could_not_be_told_name_the_standard(both, section):
    captions = [table.caption for table in of(TableBlock, section, both)]
    assert all(any(title in caption for title in TITLES) for caption in captions)
    assert all(any(title in caption for caption in captions) for title in TITLES)


def test_a_question_that_both_ask_word_for_word_stands_once(both):
    tables = of(TableBlock, sections.attestations, both)
    number = {table.caption.partition(":")[0]: len(table.frame) for table in tables}
    assert number.pop("FLO case management standards and Maple Valley") > 70
    # The one that the district asks otherwise stands with each.
    assert number == dict.fromkeys(TITLES, 1)


def test_unanswered_questions_are_counted_once(held, both):
    alone = said(of(Text, sections.attestations, held(QUESTION)))
    number = int(alone.partition(" ")[0])
    assert said(of(Text, sections.attestations, both)).startswith(f"{number + 1} requirements")


def test_one_standard_is_not_named_before_every_line(held):
    titles = [figure.title for figure in of(FigureBlock, measures.caseload, held(CAP))]
    assert titles == ["Students to each case manager"]


# What the district changed is not cited to the published text alone


def test_a_changed_number_is_said_where_it_is_cited(held):
    source = row(held(RETITLED), "One")["Source"]
    assert source.endswith("functioning; changed by Maple Board: at_most 25 -> 1")


def test_a_changed_number_is_said_beneath_its_figure(held):
    (asked,) = of(Text, measures.caseload, held(RETITLED))
    assert asked.text.startswith("Asked: One (changed by Maple Board: at_most 25 -> 1). Source: ")


def test_old_words_of_a_changed_rule_do_not_stand_alone(held):
    (missed,) = of(Bullets, sections.summary, held(CAP))
    assert any("per case manager (changed: at_most 25 -> 1). " in item for item in missed.items)


def test_a_change_made_somewhere_below_names_nobody_who_may_not_have_made_it(held, tmp_path):
    held(CAP)
    path = tmp_path / "elm.toml"
    path.write_text(HEAD.replace("maple", "elm").replace("sa_flo", "maple.toml"))
    found = evaluate_programs(caseload_of(**CASELOAD), as_of="2026-03-31", standards=[str(path)])
    source = row(View(found, "p1", "reviewer"), "At most")["Source"]
    assert source.endswith("; changed in Maple Valley: at_most 25 -> 1")


def test_another_question_is_marked_without_saying_it_twice(held):
    source = row(held(QUESTION), "Set ways to check quality")["Source"]
    assert source.endswith("; changed by Maple Board: the question")


def test_a_waiver_that_is_over_or_still_to_come_is_not_shown(held):
    assert not of(Notice, sections.requirements, held(waiver("case_notes", "2026-01-31")))


def test_what_the_district_left_alone_is_not_marked(held):
    assert "changed" not in row(held(CAP), "A newly referred")["Source"]


def test_the_head_says_what_it_is_built_on(held):
    told = said(of(Text, sections.requirements, held()))
    assert told.startswith("Issued by Maple Board, built on FLO case management standards (")


def test_what_has_no_area_is_not_called_all_requirements(held):
    captions = [table.caption for table in of(TableBlock, sections.requirements, held())]
    assert captions[-1] == "Maple Valley: Other requirements"


# A waived rule is said to be waived

WAIVED = "Waived until 31 December 2026: Bus strike."


@pytest.mark.parametrize(
    ("section", "name"), [(measures.contact, "weekly_session"), (measures.caseload, "caseload")]
)
def test_a_waived_rule_has_a_notice_in_place_of_its_figure(held, section, name):
    view = held(waiver(name, "2026-12-31"))
    assert [type(block) for block in section(view)] == [Notice]
    assert said(list(section(view))).endswith(WAIVED)


def test_a_waived_rule_is_said_so_in_what_was_found(held):
    view = held(waiver("weekly_session", "2026-12-31"))
    assert row(view, "Each student meets")["What was found"] == WAIVED


def test_a_rule_that_was_waived_for_a_time_is_said_so_beside_what_was_found(held):
    found = row(held(waiver("weekly_session", "2026-02-28")), "Each student meets")
    assert found["What was found"].endswith("In part waived until 28 February 2026: Bus strike.")


def programs_table(evaluation: Evaluation) -> pd.DataFrame:
    blocks = index_document(evaluation, {"p1": "p1"}, {}, "reviewer").blocks
    return next(block.frame for block in blocks if isinstance(block, TableBlock))


def test_the_index_counts_what_is_waived(held):
    found = programs_table(held(waiver("weekly_session", "2026-12-31")).evaluation)
    assert found["Waived"].tolist() == [1]


def test_the_index_has_no_column_of_waivers_where_nothing_is_waived(held):
    assert "Waived" not in programs_table(held().evaluation)


def rule(view: View, kind: str):
    return requirements_of_kind(view.evaluation, "p1", kind)[0]


def test_a_waived_week_is_not_a_week_without_students(held):
    view = held(waiver("weekly_session", "2026-02-28"))
    weeks = contact_by_week(view.evaluation, "p1", rule(view, "weekly_contact"))
    notes = dict(zip(weeks["week"].dt.strftime("%m-%d"), weeks["note"], strict=True))
    # The week of 23 February ends on 1 March, when it was no longer waived.
    assert (notes["02-16"], notes["02-23"]) == ("waived", "")


def test_a_waived_month_is_not_the_fullest_month(held):
    view = held(CAP, waiver("caseload", "2026-02-28"))
    months = caseload_by_month(view.evaluation, "p1", rule(view, "caseload"))
    assert months["month"].dt.strftime("%Y-%m").tolist() == ["2026-03"]


def test_a_day_of_a_waived_month_has_no_ratio(held):
    own = (
        '[[requirement]]\nid = "maple.ratio"\ntitle = "Ratio"\ncitation = "Our board"\n'
        'kind = "staff_ratio"\nwith = { per_staff = 1 }\n'
    )
    off = waiver("ratio", "2026-02-28").replace("sa_flo", "maple")
    view = held(own, off)
    days = ratio_by_day(view.evaluation, "p1", rule(view, "staff_ratio"))["day"]
    assert days.min() == pd.Timestamp("2026-03-02")


# Of whom it is asked, and what is missing to tell


def test_a_figure_of_a_rule_for_some_says_of_whom_it_is_asked(held):
    figure = of(FigureBlock, measures.contact, held(of_some("age", "15")))[-1]
    assert figure.sentence.startswith("Asked of students whose age is 15. In 1 of 9 weeks")
    assert "every student" not in figure.sentence


def test_two_rules_of_one_sort_are_told_apart_by_their_headings(held):
    titles = [f.title for f in of(FigureBlock, measures.contact, held(of_some("age", "15")))]
    assert titles[-1] == "Weekly contact, week by week: Some are seen"


def test_the_rule_beneath_a_figure_says_of_whom_it_is_asked(held):
    asked = of(Text, measures.contact, held(of_some("age", "15")))[-1]
    assert asked.text == (
        "Asked: Some are seen (asked of students whose age is 15). Source: Our board."
    )


def test_a_missing_column_of_students_is_not_blamed_on_the_contacts(held):
    view = held(of_some("of_concern", "true"))
    figure = of(FigureBlock, measures.contact, view)[-1]
    (reason,) = view.verdicts.loc[
        view.verdicts["requirement_id"] == "maple.some", "reason"
    ].unique()
    assert "concern" in reason
    assert figure.sentence.partition(" weeks: ")[2].startswith(f"{reason}.")
