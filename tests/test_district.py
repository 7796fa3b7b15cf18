"""A district's own standard: the page that says how, followed to the letter, and every slip."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from casekit import cli
from casekit.catalog import load

HOUSE = Path(__file__).parents[1]
PAGE = (HOUSE / "docs" / "add-a-standard.md").read_text(encoding="utf-8")

# Each block of code of the page: its language and its text.
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
CEDAR = "\n".join(text for language, text in BLOCKS if language == "toml")
# Each command of the page, with the lines that it is said to answer.
COMMANDS = [
    (text.strip(), answer.splitlines() if kind == "text" else [])
    for (language, text), (kind, answer) in zip(BLOCKS, [*BLOCKS[1:], ("", "")], strict=True)
    if language == "sh"
]

Ask = Callable[[str], tuple[int, str, str]]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Run a command line in a folder that holds the page's cedar.toml and the sample's data."""
    (tmp_path / "cedar.toml").write_text(CEDAR, encoding="utf-8")
    (tmp_path / "data").symlink_to(HOUSE / "data")
    monkeypatch.chdir(tmp_path)

    def run(line: str) -> tuple[int, str, str]:
        status = cli.main(line.split()[1:])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


@pytest.mark.parametrize(("line", "answer"), COMMANDS, ids=[line for line, _ in COMMANDS])
def test_each_command_of_the_page_does_what_the_page_says(
    ask: Ask, line: str, answer: list[str]
) -> None:
    status, out, err = ask(line)
    assert (status, err) == (0, "")
    assert [said for said in answer if said not in out.splitlines()] == []


def test_the_page_checks_shows_compares_and_evaluates() -> None:
    verbs = [re.sub(r" (cedar|data|sa_flo).*", "", line) for line, _ in COMMANDS]
    assert verbs == [
        "casekit standards check",
        "casekit standards diff",
        "casekit standards show",
        "casekit evaluate",
    ]


# Twenty-two students of one case manager, all year: too many for Cedar Valley, not for sa_flo.
DATA = {
    "programs": "program_id,calendar_id\np1,c1\n",
    "students": "student_id,program_id,enrollment_start,case_manager_id\n"
    + "".join(f"s{number},p1,2025-09-01,m1\n" for number in range(22)),
    "staff": "staff_id,program_id,start_date\nm1,p1,2025-09-01\n",
    "calendar": "calendar_id,kind,start_date,end_date\nc1,school_year,2025-09-01,2026-06-30\n",
}
EVALUATE = "casekit evaluate few --as-of 2026-03-31 --out out --standard cedar.toml"


@pytest.fixture
def few(ask: Ask) -> None:
    """The folder `few` with the 22 students, beside cedar.toml."""
    Path("few").mkdir()
    for name, text in DATA.items():
        Path(f"few/{name}.csv").write_text(text, encoding="utf-8")


@pytest.mark.usefixtures("few")
def test_the_caseload_is_judged_by_the_district_s_own_number(ask: Ask) -> None:
    assert ask(f"{EVALUATE} --standard sa_flo")[0] == 0
    rows = pd.read_csv("out/findings.csv").query("requirement_id == 'sa_flo.caseload'")
    assert dict(zip(rows["standard_id"], rows["status"], strict=True)) == {
        "cedar": "not_met",
        "sa_flo": "met",
    }


def test_the_page_s_own_example_of_a_mistake_is_what_is_said(ask: Ask) -> None:
    (example,) = [text.strip() for language, text in BLOCKS if language == "mistake"]
    Path("cedar.toml").write_text(CEDAR.replace("at_most", "at_mots"), encoding="utf-8")
    assert example in ask("casekit standards check cedar.toml")[2].splitlines()


# A slip of the pen each: what is written instead of what, the line that is told, and what is said.
# What is wrong stands on its own line; what is missing, on the line that opens its table.
SLIPS = {
    "an unknown key": (
        ('title = "Case management in', 'titel = "Case management in'),
        3,
        "[standard]: 'titel' is not known: did you mean title? allowed: id, title,",
    ),
    "a head without its id": (('id = "cedar"\n', ""), 1, "[standard]: id is missing"),
    "an id with a space": (('id = "cedar"\n', 'id = "ce dar"\n'), 2, "use a-z, 0-9 and _"),
    "the id of the base": (('id = "cedar"\n', 'id = "sa_flo"\n'), 2, "give one of your own"),
    "an unknown base": (
        ('extends = "sa_flo"', 'extends = "sa_fl"'),
        5,
        "there is no standard 'sa_fl' (did you mean sa_flo?): use bc_sd42,",
    ),
    "a base that is not there": (
        ('extends = "sa_flo"', 'extends = "state.toml"'),
        5,
        "state.toml: cannot be read (No such file or directory)",
    ),
    "a base that is itself": (
        ('extends = "sa_flo"', 'extends = "cedar.toml"'),
        5,
        "that goes in a circle (cedar.toml -> cedar.toml): take one out",
    ),
    "an unknown gate": (
        ('extends = "sa_flo"', 'extends = "sa_flo"\ngate = "open"'),
        6,
        "gate is 'open': use literal or cumulative",
    ),
    "levels without those in use": (
        ('extends = "sa_flo"', 'extends = "sa_flo"\nlevels = ["functioning", "embedded"]'),
        6,
        "levels lack 'strategic', at which inherited requirements stand: keep it",
    ),
    "an id that the base does not have": (
        ('id = "sa_flo.caseload"', 'id = "sa_flo.case_load"'),
        8,
        "requirement sa_flo.case_load is not known: did you mean sa_flo.caseload?",
    ),
    "an id of one's own with a wrong name": (
        ('id = "cedar.family_evening"', 'id = "cedar.Family"'),
        18,
        "requirement cedar.Family: the id is cedar.NAME, with a-z, 0-9 and _ in NAME",
    ),
    "a title taken away": (
        ('title = "At most 20 students per case manager"', 'title = ""'),
        7,
        "requirement sa_flo.caseload: title is missing",
    ),
    "a setting of another sort": (
        ("with = { at_most = 20 }", 'with = { at_most = "20" }'),
        10,
        'requirement sa_flo.caseload: at_most = "20": give a whole number',
    ),
    "a setting that is no table": (
        ("with = { at_most = 20 }", "with = 20"),
        10,
        "requirement sa_flo.caseload: with = 20: give a table such as",
    ),
    "an unknown kind": (
        ('kind = "attestation"', 'kind = "atestation"'),
        21,
        "kind 'atestation' is not known: did you mean attestation?",
    ),
    "no kind": (('kind = "attestation"\n', ""), 17, "kind is missing: every one needs id, title"),
    "no evidence": (
        ('evidence = "The dates, and how many came."', ""),
        17,
        "evidence is missing: every one needs question, evidence",
    ),
    "an unknown level": (
        ('level = "functioning"', 'level = "best"'),
        24,
        "level 'best' is not one of the standard's: functioning, strategic, embedded",
    ),
    "an unknown authority": (
        ('authority = "ours"', 'authority = "hours"'),
        25,
        "authority 'hours': use rule, guidance, ours",
    ),
    "a target in percent": (
        ('authority = "ours"', "target = 90"),
        25,
        "target 90: give a part above 0 and up to 1",
    ),
    "an unknown column": (
        ("with = { within = 5 }", "applies_to = { grade = 7 }"),
        38,
        "'grade' is not known: did you mean grade_level?",
    ),
    "the same id twice": (
        ('id = "cedar.family_evening"', 'id = "sa_flo.caseload"'),
        18,
        "requirement sa_flo.caseload: the id stands twice",
    ),
    "a waiver of what is not asked": (
        ('requirement = "sa_flo.youth_work_certificate"', 'requirement = "sa_flo.youth_work"'),
        13,
        "waiver: requirement 'sa_flo.youth_work' is not known: did you mean sa_flo.youth_work_c",
    ),
    "a waiver without an end": (("until = 2026-12-31", ""), 12, "until is missing"),
    "a waiver without a reason": (
        ('reason = "The college starts its next course in August."\n', ""),
        12,
        "reason is missing",
    ),
    "a day in quotation marks": (
        ("until = 2026-12-31", 'until = "2026-12-31"'),
        15,
        'until = "2026-12-31": give a day such as 2026-06-30, without quotation marks',
    ),
    "a day with a time": (
        ("until = 2026-12-31", "until = 2026-12-31T08:00:00"),
        15,
        "until = 2026-12-31 08:00:00: give a day such as 2026-06-30",
    ),
    "a waiver that ends before it begins": (
        ("until = 2026-12-31", "until = 2026-12-31\nfrom = 2027-01-01"),
        16,
        "from 2027-01-01 lies after until 2026-12-31: swap them",
    ),
    "an edition without a day": (
        ("from = 2026-02-01\n", ""),
        29,
        "edition Spring 2026: from is miss",
    ),
    "an edition that drops what is not there": (
        ('drops = ["sa_flo.regional_priority"]', 'drops = ["sa_flo.region_priority"]'),
        33,
        "drops 'sa_flo.region_priority', which is not known: did you mean sa_flo.regional_prior",
    ),
    "two editions on one day": (
        (
            "with = { within = 5 }\n",
            'with = { within = 5 }\n\n[[edition]]\nname = "B"\nfrom = 2026-02-01\nwhy = "W."\n'
            'drops = ["sa_flo.timetable"]\n',
        ),
        40,
        "edition from 2026-02-01 stands twice: give one",
    ),
    "two waivers of one requirement": (
        (
            "until = 2026-12-31\n",
            'until = 2026-12-31\n[[waiver]]\nrequirement = "sa_flo.youth_work_certificate"\n'
            'reason = "R."\nuntil = 2027-12-31\n',
        ),
        16,
        "waiver sa_flo.youth_work_certificate stands twice: give one",
    ),
    "a wrong setting in an edition": (
        ("with = { within = 5 }", "with = { withn = 5 }"),
        38,
        "with (kind first_contact): 'withn' is not known: did you mean within?",
    ),
    "a table where a list of them belongs": (
        ("[[edition.requirement]]", "[edition.requirement]"),
        35,
        "edition Spring 2026: requirement = {",
    ),
    "an unknown part": (
        ("[[waiver]]", "[[wavier]]"),
        12,
        "'wavier' is not known: did you mean waiver",
    ),
    "a part with one bracket too few": (
        ("[[waiver]]", "[waiver]"),
        12,
        "[waiver] needs two brackets on each side: [[waiver]]",
    ),
    "a head with one bracket too many": (
        ("[standard]", "[[standard]]"),
        1,
        "[[standard]] needs one bracket on each side: [standard]",
    ),
    "a head by another name": (("[standard]", "[Standard]"), 1, "did you mean standard?"),
    "a head that is forgotten": (("[standard]", ""), 1, "there is no [standard]"),
    "a slip in extends": (('extends = "sa', 'extend = "sa'), 5, "did you mean extends?"),
    "a slip in a key that is needed": (
        ('evidence = "The', 'evidnce = "The'),
        27,
        "'evidnce' is not known: did you mean evidence?",
    ),
    "an id that a shipped standard has": (
        ('id = "cedar"\n', 'id = "wa_open_doors"\n'),
        2,
        "id is 'wa_open_doors', which a shipped standard has: give one of your own",
    ),
    "an empty issuer": (
        ('issuer = "Board of the Cedar Valley district"', 'issuer = " "'),
        1,
        "[standard]: issuer is missing",
    ),
    "an empty reason": (
        ('reason = "The college starts its next course in August."', 'reason = "  "'),
        12,
        "reason is missing",
    ),
    "a waiver of a statement": (
        ('requirement = "sa_flo.youth_work_certificate"', 'requirement = "FL-01"'),
        13,
        "'FL-01' is a statement: it is covered by sa_flo.caseload",
    ),
    "a statement that asks nothing, and is covered": (
        ("[[waiver]]", '[[asks_nothing]]\nstatement = "FL-01"\nreason = "R."\n[[waiver]]'),
        13,
        "FL-01 is covered by sa_flo.caseload: leave it out",
    ),
    "a statement that asks nothing twice": (
        ("[[waiver]]", '[[asks_nothing]]\nstatement = "A"\nreason = "R."\n' * 2 + "[[waiver]]"),
        15,
        "asks_nothing A stands twice: give one",
    ),
    "an edition that changes nothing": (
        ("[[edition]]\n", '[[edition]]\nname = "A"\nfrom = 2026-01-01\nwhy = "W."\n[[edition]]\n'),
        29,
        "edition A changes nothing: give drops or [[edition.requirement]]",
    ),
    "a change to what the edition drops": (
        ('drops = ["sa_flo.regional_priority"]', 'drops = ["sa_flo.contact_within_week"]'),
        36,
        "is not known any more: an edition drops it",
    ),
    "a group where nobody is judged": (
        ("with = { at_most = 20 }", "with = { at_most = 20 }\napplies_to = { age = 15 }"),
        11,
        "the kind caseload judges no single students: leave applies_to out",
    ),
    "a group where a person answers": (
        ('authority = "ours"', "applies_to = { age = 15 }"),
        25,
        "the kind attestation is answered for a whole program: leave applies_to out",
    ),
    "a day as people write it": (
        ("until = 2026-12-31", "until = 31.12.2026"),
        15,
        "31.12.2026 is not a day: write year-month-day, such as 2026-06-30",
    ),
    "a day with slashes": (("until = 2026-12-31", "until = 31/12/2026"), 15, "is not a day"),
    "a day without its noughts": (("until = 2026-12-31", "until = 2026-6-1"), 15, "is not a day"),
    "a day that never comes": (("until = 2026-12-31", "until = 2026-02-30"), 15, "is not a day"),
    "a table over two lines": (
        ("with = { at_most = 20 }", "with = { at_most = 20,\n}"),
        10,
        "what stands in { } stands on one line",
    ),
    "a text without its end": (
        ('issuer = "Board of the Cedar Valley district"', 'issuer = "Board'),
        4,
        "a text ends on its line, with a quotation mark",
    ),
    "a nesting without end": (
        ("with = { at_most = 20 }", f"with = {{ at_most = {'[' * 3000}{']' * 3000} }}"),
        10,
        "is not TOML casekit can read",
    ),
    "keys without end": (
        ("with = { at_most = 20 }", f"with{'.a' * 5000} = 1"),
        10,
        "is not TOML casekit can read",
    ),
    "a number without end": (
        ("with = { at_most = 20 }", f"with = {{ at_most = {'9' * 5000} }}"),
        10,
        "is not TOML casekit can read",
    ),
    "a number without end, in hex": (
        ("with = { at_most = 20 }", f"with = {{ at_most = 0x{'f' * 9000} }}"),
        10,
        "is not TOML casekit can read",
    ),
    "no TOML": (
        ('id = "cedar"\n', "id = cedar\n"),
        2,
        "is not TOML: Invalid value (column 6); text stands in quotation marks",
    ),
}


@pytest.mark.parametrize(("slip", "line", "said"), SLIPS.values(), ids=SLIPS.keys())
def test_each_sort_of_mistake_has_its_own_line(
    ask: Ask, slip: tuple[str, str], line: int, said: str
) -> None:
    Path("cedar.toml").write_text(CEDAR.replace(*slip, 1), encoding="utf-8")
    status, out, err = ask("casekit standards check cedar.toml")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"cedar.toml:{line}: ")
    assert said in err


@pytest.mark.parametrize("text", ["", "\n \n", "# nothing yet\n"])
def test_an_empty_file_is_one_line(ask: Ask, text: str) -> None:
    Path("cedar.toml").write_text(text, encoding="utf-8")
    said = "cedar.toml:1: the file is empty: start with [standard]\n"
    assert ask("casekit standards check cedar.toml") == (2, "", said)


def test_an_edition_that_drops_all_is_refused(ask: Ask) -> None:
    names = ", ".join(f'"{name}"' for name in load("sa_flo").requirements)
    Path("cedar.toml").write_text(
        '[standard]\nid = "cedar"\ntitle = "T"\nextends = "sa_flo"\n[[edition]]\nname = "E"\n'
        f'from = 2026-01-01\nwhy = "W."\ndrops = [{names}]\n'
    )
    said = "cedar.toml:9: edition E drops the last requirement: keep one\n"
    assert ask("casekit standards check cedar.toml") == (2, "", said)


def test_a_file_that_is_not_named_toml_is_told_its_name(ask: Ask) -> None:
    Path("cedar.toml").rename("cedar.txt")
    status, _, err = ask("casekit standards check cedar.txt")
    assert (status, err) == (2, "casekit: 'cedar.txt' is no .toml file: name it cedar.toml\n")


def test_every_mistake_is_told_at_once_in_the_order_of_the_file(ask: Ask) -> None:
    text = CEDAR
    for right, wrong in (
        ('extends = "sa_flo"', 'extends = "sa_flo"\ngate = "open"'),
        ("at_most = 20", "at_mots = 20"),
        ("until = 2026-12-31", 'until = "later"'),
        ('level = "functioning"', 'level = "best"'),
        ("within = 5", 'within = "5.5"'),
    ):
        text = text.replace(right, wrong, 1)
    Path("cedar.toml").write_text(text, encoding="utf-8")
    told = ask("casekit standards check cedar.toml")[2].splitlines()
    wrong_lines = [
        number
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(r"open|mots|later|best|5\.5", line)
    ]
    assert [int(line.split(":")[1]) for line in told] == wrong_lines


def test_a_mistake_in_a_base_of_one_s_own_is_told_with_its_own_line(ask: Ask) -> None:
    Path("school.toml").write_text(
        '[standard]\nid = "school"\ntitle = "A school"\nextends = "cedar.toml"\n'
    )
    Path("cedar.toml").write_text(CEDAR.replace("at_most", "at_mots").replace("= 5 ", '= "5" '))
    told = ask("casekit standards check school.toml")[2].splitlines()
    assert [re.match(r"[\w.:]*?\d+:", line)[0] for line in told] == [
        "school.toml:4:",
        f"cedar.toml:{CEDAR.splitlines().index('with = { within = 5 }') + 1}:",
    ]
    assert "cedar.toml:10: requirement sa_flo.caseload" in told[0]


def test_standards_that_extend_each_other_are_refused(ask: Ask) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        Path(f"{one}.toml").write_text(
            f'[standard]\nid = "{one}"\ntitle = "{one}"\nextends = "{other}.toml"\n'
        )
    status, _, err = ask("casekit standards check a.toml")
    assert status == 2
    assert "that goes in a circle (a.toml -> b.toml -> a.toml): take one out" in err


@pytest.mark.usefixtures("few")
def test_evaluating_with_a_wrong_file_is_one_line(ask: Ask) -> None:
    Path("cedar.toml").write_text(CEDAR.replace("at_most", "at_mots"), encoding="utf-8")
    status, _, err = ask(EVALUATE)
    assert (status, err.count("\n")) == (2, 1)
    assert err.startswith("casekit: cedar.toml:10: requirement sa_flo.caseload")


def test_text_of_a_file_cannot_speak_to_the_terminal(ask: Ask) -> None:
    Path("cedar.toml").write_text(CEDAR.replace("once a term", "once \\u001b[31ma term"))
    assert "\x1b" not in ask("casekit standards check cedar.toml")[1]


def test_the_base_moves_and_the_district_s_standard_with_it(ask: Ask) -> None:
    # What the page promises: nothing of the base is copied.
    own, base = load("cedar.toml").requirements, load("sa_flo").requirements
    assert own["sa_flo.weekly_session"] == base["sa_flo.weekly_session"]
