"""The crosswalk: every topic speaks of requirements that exist, and of more than one standard."""

from __future__ import annotations

from pathlib import Path

import pytest
import textstat
from own_standard import writer

from casekit import cli
from casekit.catalog import StandardError, load, shipped_standards
from casekit.crosswalk import Topic, crosswalk_sentences, topics

TOPICS = topics()
ASKED = {name: load(name).requirements for name in shipped_standards()}

each = pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.title)


@each
def test_a_topic_names_requirements_that_exist(topic: Topic) -> None:
    lost = [name for name in topic.requirements if name not in ASKED[name.split(".")[0]]]
    assert lost == []


@each
def test_a_topic_spans_at_least_two_standards(topic: Topic) -> None:
    assert len(topic.standards) >= 2


@each
def test_a_topic_names_each_requirement_once(topic: Topic) -> None:
    assert len(set(topic.requirements)) == len(topic.requirements)


@each
def test_the_stricter_one_is_one_of_the_topic_s_own(topic: Topic) -> None:
    assert topic.stricter in ("", *topic.requirements)


@each
def test_a_topic_says_what_it_is_about_and_how_they_differ(topic: Topic) -> None:
    assert topic.about.endswith(".") and topic.why.endswith(".")


@each
def test_a_topic_reads_at_grade_nine_or_lower(topic: Topic) -> None:
    assert textstat.flesch_kincaid_grade(f"{topic.title}. {topic.about} {topic.why}") <= 9


def test_every_shipped_standard_is_in_the_crosswalk() -> None:
    assert {name for topic in TOPICS for name in topic.standards} == set(shipped_standards())


def test_no_two_topics_have_one_title() -> None:
    titles = [topic.title for topic in TOPICS]
    assert len(set(titles)) == len(titles)


def test_asking_for_a_standard_leaves_the_topics_that_speak_of_it() -> None:
    found = topics(["wa_open_doors"])
    assert found == [topic for topic in TOPICS if "wa_open_doors" in topic.standards] != TOPICS


def test_an_unknown_standard_is_refused() -> None:
    with pytest.raises(StandardError, match=r"did you mean sa_flo\?"):
        topics(["sa_fl"])


def test_a_topic_is_told_with_who_asks_the_most() -> None:
    (topic,) = [topic for topic in TOPICS if topic.title == "Contacts written down"]
    assert crosswalk_sentences([topic]).splitlines() == [
        "Contacts written down: What must be on paper after a contact.",
        "- fl_dspc.face_sheet_contacts: Each contact stands on the face sheet. Computed: each"
        " contact is on the face sheet.",
        "- sa_flo.case_notes (functioning): Contacts with students have case notes. Computed: each"
        " contact in which the student took part has notes or says what it was about.",
        "- bc_sd42.support_records: Facts on the student's support are written down and filed."
        " Attested.",
        "  fl_dspc.face_sheet_contacts asks the most. " + topic.why,
    ]


def test_guidance_is_told_from_a_rule() -> None:
    assert "- wa_open_doors.staff_available (guidance): A case" in crosswalk_sentences(TOPICS)


def test_where_none_asks_the_most_it_is_said() -> None:
    unranked = [topic for topic in TOPICS if not topic.stricter]
    assert crosswalk_sentences(unranked).count("They cannot be ranked.") == len(unranked) > 0


# The commands that are about several standards.


def test_the_crosswalk_is_printed(capsys: pytest.CaptureFixture) -> None:
    assert cli.main(["standards", "crosswalk", "fl_dspc"]) == 0
    said = capsys.readouterr().out
    assert "First contact: How soon" in said
    assert "Staff are trained" not in said  # of which fl_dspc does not speak


def test_an_unknown_standard_is_wrong_use(capsys: pytest.CaptureFixture) -> None:
    assert cli.main(["standards", "crosswalk", "fl_dpsc"]) == 2
    assert "did you mean fl_dspc?" in capsys.readouterr().err


def test_an_option_where_there_is_none_is_told_so(capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit):
        cli.main(["standards", "crosswalk", "--on", "2026-01-01"])
    said = "casekit standards crosswalk: '--on' is one word too many: there are no options\n"
    assert capsys.readouterr().err == said


def test_the_list_counts_what_is_computed_and_attested(capsys: pytest.CaptureFixture) -> None:
    cli.main(["standards", "list"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["id", "computed", "attested", "title"]
    assert lines[-1].split()[:3] == ["wa_open_doors", "17", "3"]
    assert len(lines) == 1 + len(shipped_standards())


def test_a_standard_without_editions_is_the_same_on_every_day(
    capsys: pytest.CaptureFixture,
) -> None:
    cli.main(["standards", "show", "sa_flo"])
    always = capsys.readouterr().out
    cli.main(["standards", "show", "sa_flo", "--on", "2020-01-01"])
    assert capsys.readouterr().out == always


# A district's own standard.

CEDAR = """
[standard]
id = "cedar"
title = "Cedar"
extends = "sa_flo"

[[requirement]]
id = "sa_flo.caseload"
title = "At most 20"
with = { at_most = 20 }

[[edition]]
name = "E"
from = 2026-01-01
why = "W."
drops = ["sa_flo.transition_plan"]
"""


@pytest.fixture
def cedar(tmp_path: Path) -> str:
    """The path of a district's standard."""
    path = tmp_path / "cedar.toml"
    path.write_text(CEDAR)
    return str(path)


def test_a_district_is_told_the_topics_of_what_it_extends(cedar: str) -> None:
    told = [topic.title for topic in topics([cedar])]
    # Of the next move it speaks no more: it drops what its base asks of it.
    assert told == [t.title for t in topics(["sa_flo"]) if t.title != "Planning the next move"]


def test_what_a_district_asks_instead_stands_below_the_published_text(cedar: str) -> None:
    lines = crosswalk_sentences(topics([cedar]), [cedar]).splitlines()
    published = lines.index(
        "- sa_flo.caseload (functioning): At most 25 students per case manager. Computed: no case"
        " manager has more than 25 students on any open day."
    )
    assert lines[published + 1] == (
        "  cedar asks instead (functioning): At most 20. Computed: no case manager has more than"
        " 20 students on any open day."
    )


def test_what_a_district_drops_is_told(cedar: str) -> None:
    lines = crosswalk_sentences(TOPICS, [cedar]).splitlines()
    dropped = lines.index("  cedar drops it.")
    assert lines[dropped - 1].startswith("- sa_flo.transition_plan ")
    assert lines.count("  cedar drops it.") == 1


def test_the_crosswalk_of_a_district_s_file_is_printed(
    cedar: str, capsys: pytest.CaptureFixture
) -> None:
    assert cli.main(["standards", "crosswalk", cedar]) == 0
    assert "cedar asks instead" in capsys.readouterr().out


def test_a_standard_that_shares_nothing_is_told_so(tmp_path: Path) -> None:
    path = writer(tmp_path)()
    assert crosswalk_sentences(topics([str(path)])).startswith("The crosswalk has no topic")
