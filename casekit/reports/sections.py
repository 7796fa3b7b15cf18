"""The sections of a program's report: each turns what was found into blocks, or into nothing.

A section that a program's standards do not speak of is empty, and is then not shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from casekit.catalog import Requirement, Standard
from casekit.figures import (
    STATUS,
    Figure,
    caseload_per_manager,
    first_contact,
    level_ladder,
    ratio_through_time,
    weekly_contact,
)
from casekit.figures.phrases import count, on_day
from casekit.findings import SMALL, Evaluation, withhold
from casekit.reports.document import (
    Block,
    Bullets,
    FigureBlock,
    Heading,
    Notice,
    TableBlock,
    Text,
)
from casekit.summaries import (
    caseload_by_month,
    contact_by_week,
    first_contact_buckets,
    ratio_by_day,
    requirements_of_kind,
)
from casekit.wording import disagreement, finding_sentence

MOST_SAID = 12  # sentences in the summary; the rest stand in the section of requirements
WITHHELD = f"Numbers of fewer than {SMALL} people are withheld."


@dataclass(frozen=True)
class View:
    """What was found about one program, as far as the audience may see it."""

    evaluation: Evaluation
    program: str
    audience: str

    @cached_property
    def name(self) -> str:
        """The program's name, or its id where it has none."""
        return program_names(self.evaluation)[self.program]

    @property
    def standards(self) -> list[Standard]:
        """The standards that the program is held to."""
        return [self.evaluation.standards[s] for s in self.evaluation.plan.held[self.program]]

    @cached_property
    def findings(self) -> pd.DataFrame:
        """The program's findings; for the public, without small cells."""
        findings = self.evaluation.findings
        mine = findings[findings["program_id"] == self.program]
        return withhold(mine) if self.audience == "public" else mine

    @cached_property
    def verdicts(self) -> pd.DataFrame:
        """The program's verdicts: a row may speak of one person."""
        verdicts = self.evaluation.verdicts
        return verdicts[verdicts["program_id"] == self.program]

    @cached_property
    def requirements(self) -> dict[str, Requirement]:
        return {r.id: r for standard in self.standards for r in standard.requirements.values()}

    @property
    def titles(self) -> dict[str, str]:
        return {r.id: r.title for r in self.requirements.values()}

    def of_kind(self, *kinds: str) -> list[Requirement]:
        """The requirements of some kinds that the program is held to."""
        return requirements_of_kind(self.evaluation, self.program, *kinds)

    @property
    def small(self) -> int:
        """Counts below this are withheld; 0 withholds none."""
        return SMALL if self.audience == "public" else 0

    def said(self, findings: pd.DataFrame) -> list[str]:
        """A sentence for each finding."""
        return [
            finding_sentence(self.requirements[row["requirement_id"]], row)
            for _, row in findings.iterrows()
        ]


def program_names(evaluation: Evaluation) -> dict[str, str]:
    """Each program's name by its id; the id where it has none."""
    rows = evaluation.caseload.tables["programs"]
    names = rows["program_name"].fillna("").astype(str).str.strip()
    ids = rows["program_id"].astype(str)
    return {program: name or program for program, name in zip(ids, names, strict=True)}


def summary(view: View) -> Iterator[Block]:
    """Counts by status, the first sentences of what is not met, and what contradicts itself."""
    span = view.evaluation.spans[view.program]
    since, as_of = (on_day(pd.Timestamp(day)) for day in (span.since, span.as_of))
    titles = " and ".join(standard.title for standard in view.standards)
    yield Text(
        f"{view.name} is held against {titles}. What is recorded up to {as_of} is judged,"
        f" from {since} on."
    )
    for note in view.evaluation.plan.notes:
        if note.startswith(f"{view.program}: "):
            yield Notice("note", note.removeprefix(f"{view.program}: "))
    yield TableBlock("Requirements by status", _by_status(view))
    missed = view.findings[view.findings["status"] == "not_met"]
    if len(missed):
        yield Heading(3, "What is not met")
        shown = missed.head(MOST_SAID)
        named = zip(shown["requirement_id"].map(view.titles), view.said(shown), strict=True)
        yield Bullets(tuple(f"{title}. {said}" for title, said in named))
    if len(missed) > MOST_SAID:
        yield Text(f"And {len(missed) - MOST_SAID} more: see the section on requirements.")
    for _, finding in view.findings.iterrows():
        requirement = view.requirements[finding["requirement_id"]]
        if differs := disagreement(requirement, finding):
            yield Notice("warning", f"{requirement.title}. {differs}")


def _by_status(view: View) -> pd.DataFrame:
    rows = []
    for standard in view.standards:
        status = view.findings.loc[view.findings["standard_id"] == standard.id, "status"]
        counts = {STATUS[s].word.capitalize(): int((status == s).sum()) for s in STATUS}
        rows.append({"Standard": standard.title, **counts, **_level(view, standard)})
    return pd.DataFrame(rows)


def _level(view: View, standard: Standard) -> dict[str, str]:
    rungs = _rungs(view, standard, standard.gate)
    whole = rungs[(rungs["area"] == "") & (rungs["element"] == "")]
    return {"Level": whole["level"].iloc[0] or "below the first"} if len(whole) else {}


def _rungs(view: View, standard: Standard, gate: str) -> pd.DataFrame:
    levels = view.evaluation.levels
    mine = (levels["standard_id"] == standard.id) & (levels["program_id"] == view.program)
    return levels[mine & (levels["gate"] == gate)]


def _computed(view: View, rows: pd.DataFrame) -> pd.Series:
    return ~rows["requirement_id"].map(lambda r: view.requirements[r].attested).astype(bool)


def ratio(view: View) -> Iterator[Block]:
    """Students to one full-time case manager, day by day."""
    for requirement in view.of_kind("staff_ratio"):
        daily = ratio_by_day(view.evaluation, view.program, requirement)
        if _has_few(daily["students"], view.small):
            yield Text(WITHHELD)
            continue
        cap = float(requirement.settings["per_staff"])  # type: ignore[arg-type]
        yield from _figure(view, ratio_through_time(daily, cap, view.name), requirement)


def caseload(view: View) -> Iterator[Block]:
    """The students of each case manager; named for the program itself only."""
    for requirement in view.of_kind("caseload"):
        months = caseload_by_month(
            view.evaluation, view.program, requirement, names=view.audience == "program"
        )
        if _has_few(months["observed"], view.small):
            yield Text(WITHHELD)
            continue
        cap = int(requirement.settings["at_most"])  # type: ignore[call-overload]
        yield from _figure(view, caseload_per_manager(months, cap), requirement)


def contact(view: View) -> Iterator[Block]:
    """The share of students contacted, week by week."""
    for requirement in view.of_kind("weekly_contact"):
        weeks = contact_by_week(view.evaluation, view.program, requirement, small=view.small)
        counts = ["denominator", "numerator", "cannot_tell", "not_applicable"]
        # A week of which one count is withheld is shown as one that is not told.
        few = weeks[counts].isna().any(axis=1)
        weeks.loc[few, [*counts, "rate"]] = [0, 0, 0, 0, float("nan")]
        weeks["note"] = weeks["note"].mask(few, "withheld: few people")
        weeks[counts] = weeks[counts].astype("int64")
        yield from _figure(view, weekly_contact(weeks, "weekly contact"), requirement)


def first_contacts(view: View) -> Iterator[Block]:
    """How soon after a referral the first contact came."""
    asked = view.of_kind("first_contact_days", "first_contact_hours", "first_contact_before_year")
    if not asked:
        return
    buckets = first_contact_buckets(view.evaluation, view.program)
    if _has_few(buckets["referrals"], view.small):
        yield Text(WITHHELD)
    else:
        yield from _figure(view, first_contact(buckets), asked[0])


def _figure(view: View, figure: Figure, requirement: Requirement) -> Iterator[Block]:
    """A figure and the rule that it shows; with several standards, whose rule it is."""
    mine = [s.title for s in view.standards if requirement.id in s.requirements]
    yield FigureBlock.of(figure, mine[0] if len(view.standards) > 1 else "")
    yield Text(f"The rule: {requirement.title}. Source: {requirement.citation}.")


def _has_few(counts: pd.Series, small: int) -> bool:
    return bool(((counts > 0) & (counts < small)).any())


def levels(view: View) -> Iterator[Block]:
    """The levels attained, and what stands before the next one."""
    for standard in view.standards:
        if not standard.levels:
            continue
        rungs = _rungs(view, standard, standard.gate)
        figure = level_ladder(rungs, standard.title, list(standard.levels), view.titles)
        yield FigureBlock.of(figure)
        other = "cumulative" if standard.gate == "literal" else "literal"
        yield Text(_gates(rungs, _rungs(view, standard, other), standard.gate, other))


def _gates(rungs: pd.DataFrame, others: pd.DataFrame, gate: str, other: str) -> str:
    """Whether the other reading of the gate between levels comes to something else."""
    differ = int((rungs["level"].to_numpy() != others["level"].to_numpy()).sum())
    if not differ:
        return f"Read by the {gate} gate. The {other} gate comes to the same levels."
    return f"Read by the {gate} gate. By the {other} gate {count(differ, 'level')} would differ."


def requirements(view: View) -> Iterator[Block]:
    """Every requirement of every standard with its status, what was found, and its source."""
    for standard in view.standards:
        mine = view.findings[view.findings["standard_id"] == standard.id]
        rules = [view.requirements[r] for r in mine["requirement_id"]]
        frame = pd.DataFrame(
            {
                "Requirement": [r.title for r in rules],
                "Status": mine["status"].astype(str).tolist(),
                "What was found": view.said(mine),
                "What may help": [
                    r.advice if s in ("not_met", "cannot_tell") else ""
                    for r, s in zip(rules, mine["status"], strict=True)
                ],
                "Source": [_source(r) for r in rules],
            }
        )
        yield TableBlock(
            standard.title,
            frame,
            note=f"Issued by {standard.issuer}. {standard.source}.",
            statuses=("Status",),
        )


def _source(requirement: Requirement) -> str:
    mark = "" if requirement.authority == "rule" else f" ({requirement.authority})"
    return f"{requirement.citation}{mark}"


def attestations(view: View) -> Iterator[Block]:
    """The answers given; the evidence, which may name a person, for the program itself only."""
    answer = view.findings.set_index("requirement_id")["attested"]
    asked = [r for r in view.requirements.values() if r.attested or answer[r.id]]
    if not asked:
        return
    words = [str(answer[r.id]).replace("_", " ") or "not answered" for r in asked]
    yield Text(
        f"{count(sum(r.attested for r in asked), 'requirement')} can only be answered by a person,"
        f" and {words.count('not answered') or 'none'} of these"
        f" {'is' if words.count('not answered') == 1 else 'are'} unanswered."
    )
    frame = pd.DataFrame(
        {
            "Requirement": [r.title for r in asked],
            "Question": [r.question for r in asked],
            "Answer": words,
        }
    )
    if view.audience == "program":
        frame["Evidence"] = [_evidence(view, r) for r in asked]
    yield TableBlock("Answers given by the program", frame)


def _evidence(view: View, requirement: Requirement) -> str:
    rows = view.evaluation.caseload.tables["attestations"]
    named = rows["requirement_id"].isin([requirement.id, *requirement.statements])
    rows = rows[named & (rows["program_id"] == view.program)]
    as_of = pd.Timestamp(view.evaluation.spans[view.program].as_of)
    rows = rows[rows["assessed_on"] <= as_of].sort_values("assessed_on", kind="stable")
    return "" if rows.empty else str(rows["evidence"].fillna("").iloc[-1])


def unknowns(view: View) -> Iterator[Block]:
    """What could not be told, and why, without saying of whom."""
    rows = view.verdicts[view.verdicts["status"] == "cannot_tell"]
    rows = rows[_computed(view, rows)]
    if rows.empty:
        return
    counted = rows.groupby(["requirement_id", "reason"], sort=False).size().reset_index(name="n")
    few = view.audience == "public"
    times = [f"fewer than {SMALL}" if few and n < SMALL else f"{n:,}" for n in counted["n"]]
    frame = pd.DataFrame(
        {
            "Requirement": counted["requirement_id"].map(view.titles),
            "Why it cannot be told": counted["reason"].replace("", "a needed fact is missing"),
            "Times": times,
        }
    )
    yield Text("A fact that is missing is neither met nor not met. Recording it settles these.")
    yield TableBlock("What could not be told, and why", frame)


def problems(view: View) -> Iterator[Block]:
    """How many problems the data has, by table and column; never a value."""
    rows = view.evaluation.caseload.problems
    if rows.empty:
        return
    aside = rows["set_aside"].astype(bool)
    counted = (
        rows.assign(aside=aside, kept=~aside)
        .fillna({"column": ""})
        .groupby(["table", "column"], sort=False)[["aside", "kept"]]
        .sum()
        .reset_index()
    )
    counted.columns = pd.Index(["Table", "Column", "Rows set aside", "Notes"])
    yield Text(
        "Rows set aside were not judged. The command casekit check lists each problem with its"
        " row and how to mend it. The counts are of the whole data, not of this program alone."
    )
    yield TableBlock("Problems in the data, by table and column", counted)


def cases(view: View) -> Iterator[Block]:
    """Whom it concerns: for the program's own audience only."""
    if view.audience != "program":
        yield Text(
            "Who the findings concern is not part of this report: it is written for"
            f" {'the public' if view.audience == 'public' else 'a reviewer'}. The program can"
            " make its own report with the case lists in it."
        )
        return
    rows = view.verdicts[view.verdicts["status"].isin(["not_met", "cannot_tell"])]
    rows = rows[rows["subject_type"] != "program"]
    names = _people(view)
    for requirement, mine in rows.groupby("requirement_id", sort=False):
        yield TableBlock(f"Cases: {view.titles[str(requirement)]}", _case_rows(mine, names))


def _case_rows(rows: pd.DataFrame, names: dict[tuple[str, str], str]) -> pd.DataFrame:
    """A row per person or referral: how often, and when, it was not met or cannot be told."""
    found = []
    for (kind, subject, status), mine in rows.groupby(
        ["subject_type", "subject_id", "status"], sort=False, observed=True
    ):
        starts = mine["period_start"].dropna().sort_values()
        days = ", ".join(f"{day:%Y-%m-%d}" for day in starts.head(6))
        more = f" and {len(starts) - 6} more" if len(starts) > 6 else ""
        found.append(
            {
                "Who": str(subject),
                "Name": names.get((str(kind), str(subject)), ""),
                "Status": str(status),
                "Times": len(mine),
                "Periods that begin": days + more,
                "Why": ", ".join(r for r in mine["reason"].unique() if r),
            }
        )
    return pd.DataFrame(found)


def _people(view: View) -> dict[tuple[str, str], str]:
    names = {}
    for kind, table in (("student", "students"), ("staff", "staff")):
        rows = view.evaluation.caseload.tables[table]
        rows = rows.loc[rows["program_id"] == view.program, [f"{kind}_id", f"{kind}_name"]]
        names |= {(kind, str(person)): str(name) for person, name in rows.dropna().to_numpy()}
    return names


def signature(view: View) -> Iterator[Block]:
    """Where the reviewer signs."""
    asked = ["Name of the reviewer", "Date", "Signature"]
    frame = pd.DataFrame({"Signed by": asked, "To be filled in by hand": [""] * len(asked)})
    yield TableBlock(f"Review of {view.name}", frame)
