"""The plan's page: what it shows, what it never shows, and what it says where a part is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from plan_data import ATTACK, NAME, STUDENTS, whole_plan

from casekit.phrases import date
from casekit.planning.plan import WholePlan
from casekit.reports.document import (
    Bullets,
    Document,
    FigureBlock,
    Heading,
    Notice,
    TableBlock,
    Text,
)
from casekit.reports.html import document_page, section_headings
from casekit.reports.planning import plan_document
from casekit.reports.planning.words import GLOSSARY, PARTS, how


@cache
def document() -> Document:
    return plan_document(whole_plan())


@cache
def html() -> str:
    return document_page(document(), footer=document().meta["made_with"])


def table(caption: str, made: Document | None = None) -> pd.DataFrame:
    blocks = (made or document()).blocks
    return next(b.frame for b in blocks if isinstance(b, TableBlock) and b.caption == caption)


def refused(whole: WholePlan, program: str, **parts: str) -> WholePlan:
    """The same plan, some parts of one program refused."""
    plan = whole.programs[program]
    gone = {part: None for part in parts if part != "recovery"}
    kept = () if "recovery" in parts else plan.recoveries
    without = replace(plan, **gone, recoveries=kept, refused=parts)
    return replace(whole, comparison=None, together=(), programs={program: without})


def test_no_student_is_on_the_page():
    ids = [f"stu-{program}-{n}" for program, number in STUDENTS.items() for n in range(number)]
    assert [i for i in ids if re.search(rf"{i}\b", html())] == []
    assert NAME not in html()


def test_the_page_says_that_it_names_staff_and_with_whom_it_stays():
    first = document().blocks[0]
    assert isinstance(first, Notice)
    assert "staff by their ids" in first.text
    assert "stays with the program's leadership" in first.text


def test_every_program_has_a_section_and_a_row_that_leads_to_it():
    names = [f"{ATTACK} (p1)", "South (p2)", "p3"]
    assert section_headings(document().blocks) == [
        "At a glance",
        "What to do first",
        "What is assumed",
        "Scenarios side by side",
        "Programs that share staff",
        *names,
        "How the numbers come about",
        "What the words mean",
    ]
    assert list(table("Each program in a row")["Program"]) == names
    assert '<th scope="row"><a href="#section-south-p2">' in html()
    assert '<h2 id="section-south-p2">' in html()


def test_the_glance_tells_where_there_is_no_limit_and_what_is_missing():
    rows = table("Each program in a row").set_index("Program")
    # With half a post more from 16 March, 80 students are within 75 to one from then on.
    assert rows.loc[f"{ATTACK} (p1)", "Next day over the limit"] == "✗ 9 March 2026"
    assert rows.loc["p3", "Room for"] == "– no limit"


def test_text_is_shown_as_text():
    assert "<script" not in html()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; half a post" in html()


def test_a_pin_is_counted_and_never_named():
    settings = table("The settings that this plan uses").set_index("Setting")
    assert settings.loc["pinned", "Value"] == "1 pair"


def test_only_settings_that_were_used_are_shown_and_whose_they_are():
    settings = table("The settings that this plan uses").set_index("Setting")
    assert (settings.loc["salary", "Whose"], settings.loc["sure", "Whose"]) == ("yours", "ours")
    assert list(settings.columns) == ["Value", "Unit", "Meaning", "Whose"]


def test_each_scenario_has_its_costs_and_settings():
    costs = table("The scenarios, and what each costs up to the horizon").set_index("Scenario")
    assert (costs.loc["Hire", "Changes"], costs.loc["Hire", "In"]) == (1, "US dollars")
    # Half a post from 16 March to 11 September: 180 of 365 days of half of 60,000.
    assert costs.loc["Hire", "Difference"] == "14,795"
    given = table("Settings that the scenarios give")
    assert set(given.loc[given["Scenario"] == "Gone", "Setting"]) >= {"sure", "money"}


def test_a_scenario_is_a_line_only_where_it_changes_something():
    figures = [b for b in document().blocks if isinstance(b, FigureBlock)]
    staffing = {
        b.title.rpartition(" ")[2]: b.table.frame for b in figures if "day by day" in b.title
    }
    assert set(staffing["p1"]["Scenario"]) == {"Baseline", "Hire", "Gone"}
    assert "Scenario" not in staffing["p3"]


def test_students_who_move_are_counted_between_two_people():
    whole = refused(whole_plan(), "p1")
    moves = pd.DataFrame(
        [
            ("stu-p1-1", "w1", "w2", pd.Timestamp("2026-03-09"), "w1 is over 37"),
            ("stu-p1-2", "w1", "w2", pd.Timestamp("2026-03-09"), "w1 is over 37"),
            ("stu-p1-4", "", "w2", pd.Timestamp("2026-03-09"), "nobody has them"),
        ],
        columns=["student_id", "from_staff", "to_staff", "from_day", "reason"],
    )
    plan = whole.programs["p1"]
    moved = replace(plan, reassignment=replace(plan.reassignment, moves=moves, status="found"))
    shown = table(
        "Students who change case manager: p1",
        plan_document(replace(whole, programs={"p1": moved})),
    )
    assert shown[["From", "To", "Students"]].to_numpy().tolist() == [
        ["nobody", "w2", 1],
        ["w1", "w2", 2],
    ]


def test_steps_on_staffing_and_on_records_stand_apart():
    whole = refused(whole_plan(), "p1")
    recovery = whole.programs["p1"].recoveries[0]
    steps = pd.DataFrame(
        [
            (1, pd.Timestamp("2026-03-16"), "hire", "the program", "hire 0.1 FTE", 900.0, "r.a"),
            (2, pd.NaT, "record", "w1 (7)", "5 cases not met: Notes", 0.0, "r.b"),
            (3, pd.NaT, "record", "w2 (1)", "1 case not met: Great concern", 0.0, "r.c"),
        ],
        columns=list(recovery.steps),
    )
    plan = replace(whole.programs["p1"], recoveries=(replace(recovery, steps=steps),))
    made = plan_document(replace(whole, programs={"p1": plan}))
    first = table("Steps on staffing of all programs, by day", made)
    records = table("Records and answers: p1, wa_open_doors", made)
    assert first[["By", "Step"]].to_numpy().tolist() == [["16 March 2026", "hire 0.1 FTE"]]
    # What a number counts is said, and a count that could point at one student is not.
    assert records[["Who", "Step"]].to_numpy().tolist() == [
        ["w1 (7 students)", "5 cases not met: Notes"],
        ["w2 (fewer than 5 students)", "fewer than 5 cases not met: Great concern"],
    ]
    glance = table("Each program in a row", made)
    assert glance["Steps to take"].tolist() == ["1 on staffing, 2 on records"]


def test_students_who_are_left_with_nobody_are_told_at_the_glance_and_first_in_their_part():
    whole = refused(whole_plan(), "p2")
    days = [pd.Timestamp("2026-04-06"), pd.Timestamp("2026-06-19")]
    alone = pd.DataFrame([["w2", 18, *days]], columns=["staff_id", "students", "first", "last"])
    plan = replace(whole.programs["p2"], alone=alone)
    made = plan_document(replace(whole, programs={"p2": plan}))
    told = table("Each program in a row", made)["Next day over the limit"].iloc[0]
    assert told == "✗ 9 March 2026; ✗ 18 students without a case manager from 6 April 2026"
    own = next(n for n, b in enumerate(made.blocks) if b == Heading(2, "South (p2)"))
    assert made.blocks[own + 1].items[0].startswith("18 students have no case manager from 6 April")
    assert table("Students without a case manager: p2", made).iloc[0].tolist() == [
        *("w2", 18, "6 April 2026", "19 June 2026")
    ]


def test_where_no_move_helps_nothing_is_said_of_after():
    whole = refused(whole_plan(), "p1")
    plan = whole.programs["p1"]
    assert plan.reassignment.status == "impossible"
    day = date(plan.reassignment.on)
    made = plan_document(whole)
    shown = table(f"Students of each case manager on {day}: p1", made)
    assert list(shown.columns) == ["Case manager", "Limit", "Students"]


def test_what_is_refused_says_why_in_its_place():
    # Nobody works in p3: hours and leave cannot be told, the rest can.
    notices = [b.text for b in document().blocks if isinstance(b, Notice)]
    assert any(text.startswith("Hours needed and hours there is left out: p3: no case manager is")
               for text in notices)  # fmt: skip


@pytest.mark.parametrize("part", list(PARTS))
def test_a_part_that_is_refused_leaves_a_note_and_the_rest(part):
    made = plan_document(refused(whole_plan(), "p3", **{part: "p3: there is none: add some"}))
    notes = [b.text for b in made.blocks if isinstance(b, Notice) and b.kind == "note"]
    assert notes == [f"{PARTS[part]} is left out: p3: there is none: add some."]


@pytest.mark.parametrize("part", list(PARTS))
def test_each_part_tells_how_its_numbers_come_about(part):
    told = list(how(part, [whole_plan().programs["p1"].outlook], 7))
    assert told and "{" not in told[0]


def test_how_the_numbers_come_about_stands_once_and_each_part_leads_to_it():
    texts = [b for b in document().blocks if isinstance(b, Text)]
    plain = [b.text for b in texts if not b.link]
    assert len(plain) == len(set(plain))
    assert {b.link for b in texts if b.link} == {"#section-how-the-numbers-come-about"}
    assert '<a href="#section-how-the-numbers-come-about">' in html()
    assert '<h2 id="section-how-the-numbers-come-about">' in html()


def test_the_forecast_tells_its_runs_and_its_seed():
    told = " ".join(how("forecast", [whole_plan().programs["p1"].outlook], 7))
    assert "Of 100 simulated futures" in told
    assert "The random seed is 7" in told


def test_the_calendars_note_stands_once():
    notes = [note for note in whole_plan().notes if "calendar" in note]
    assert len(notes) == 3  # one for each program
    plain = [item for b in document().blocks if isinstance(b, Bullets) for item in b.items]
    assert all(sum(note.lower() in item.lower() for item in plain) == 1 for note in notes)


def test_sentences_end():
    plain = [item for b in document().blocks if isinstance(b, Bullets) for item in b.items]
    assert [item for item in plain if not item.endswith((".", "?", "!"))] == []


def test_no_two_tables_have_one_name():
    captions = [b.caption for b in document().blocks if isinstance(b, TableBlock)]
    captions += [b.table.caption for b in document().blocks if isinstance(b, FigureBlock)]
    assert len(captions) == len(set(captions))


def test_headings_never_skip_a_level():
    levels = [b.level for b in document().blocks if isinstance(b, Heading)]
    assert all(after <= before + 1 for before, after in zip([1, *levels], levels, strict=False))


def test_the_glossary_stands_at_the_end():
    last = document().blocks[-1]
    assert isinstance(last, TableBlock)
    assert list(last.frame["Word"]) == list(GLOSSARY)


def test_a_stored_page_reads_back_the_same():
    stored = Document.from_json(document().to_json())
    assert document_page(stored, footer=stored.meta["made_with"]) == html()


def test_the_same_plan_makes_the_same_page():
    one, two = (
        plan_document(refused(whole_plan(), "p2", forecast="x", frontier="x")) for _ in range(2)
    )
    assert document_page(one) == document_page(two)
