"""Slips of the pen in the standard of docs/add-a-standard.md, and what is said to each."""

from __future__ import annotations

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
    "a base without quotation marks": (
        ('extends = "sa_flo"', "extends = 1"),
        5,
        "[standard]: extends = 1: give text",
    ),
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
