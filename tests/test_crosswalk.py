"""The crosswalk: every topic speaks of requirements that exist, and of more than one standard."""

from __future__ import annotations

import pytest
import textstat

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
    (topic,) = [topic for topic in TOPICS if topic.title == "Students to a case manager"]
    assert crosswalk_sentences([topic]).splitlines()[:4] == [
        "Students to a case manager: How many students one person may look after.",
        "- sa_flo.caseload: At most 25 students per case manager. Computed by caseload:"
        " at_most 25.",
        "- wa_open_doors.staff_ratio: At most 75 students to each full-time case manager."
        " Computed by staff_ratio: per_staff 75.",
        "  sa_flo.caseload asks the most. " + topic.why,
    ]


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
