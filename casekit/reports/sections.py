"""The sections in words and tables, from the summary to the signature.

A section that has nothing to say is empty, and is then not shown.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from casekit.catalog import Requirement, Standard
from casekit.evaluate import waiver_text
from casekit.figures import STATUS
from casekit.findings import SMALL
from casekit.phrases import capital, count, date, listing
from casekit.reports.asked import base_of, source
from casekit.reports.document import Block, Bullets, Heading, Notice, TableBlock, Text
from casekit.reports.view import View
from casekit.tables import TABLES
from casekit.wording import disagreement

_NAMES = {name for table in TABLES.values() for name in table.names}


def summary(view: View) -> Iterator[Block]:
    """Counts by status, a sentence for each thing not met, and what contradicts itself."""
    span = view.evaluation.spans[view.program]
    since, as_of = (date(pd.Timestamp(day)) for day in (span.since, span.as_of))
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
        for standard, rows in missed.groupby("standard_id", sort=False):
            if whose := view.whose(str(standard)):
                yield Heading(4, whose)
            rows = worst_first(view, rows)
            named = zip(view.rules(rows), view.said(rows), strict=True)
            yield Bullets(tuple(f"{view.title(rule)}. {said}" for rule, said in named))
    every = (row for _, row in view.findings.iterrows())
    for requirement, finding in zip(view.rules(view.findings), every, strict=True):
        if differs := disagreement(requirement, finding):
            title = _of(view.title(requirement), view.whose(requirement.standard))
            yield Notice("warning", f"{title}. {differs}")


def _of(title: str, whose: str) -> str:
    """A title or caption, after the standard whose it is where there are several."""
    return f"{whose}: {title}" if whose else title


def worst_first(view: View, findings: pd.DataFrame) -> pd.DataFrame:
    """Findings by rate, the lowest first; those that a person answers after the computed ones."""
    answered = ~_computed(view, findings)
    return (
        findings.assign(answered=answered)
        .sort_values(["answered", "rate"])
        .drop(columns="answered")
    )


def _by_status(view: View) -> pd.DataFrame:
    rows = []
    for standard in view.standards:
        status = view.findings.loc[view.findings["standard_id"] == standard.id, "status"]
        counts = {STATUS[s].word.capitalize(): int((status == s).sum()) for s in STATUS}
        rows.append({"Standard": standard.title, **counts, **_level(view, standard)})
    return pd.DataFrame(rows)


def _level(view: View, standard: Standard) -> dict[str, str]:
    rungs = view.rungs(standard, standard.gate)
    whole = rungs[(rungs["area"] == "") & (rungs["element"] == "")]
    return {"Level": whole["level"].iloc[0] or "below the first"} if len(whole) else {}


def requirements(view: View) -> Iterator[Block]:
    """Every requirement with its status, what was found, and its source: a table for each area."""
    for standard in view.standards:
        yield Heading(3, standard.title)
        base = base_of(standard, view.as_of)
        under = f"{base.title} ({base.issuer})" if base else standard.extends
        built = f", built on {under}" if under else ""
        yield Text(
            f"Issued by {standard.issuer}{built}. Source: {standard.source}."
            f" Edition: {standard.edition}"
        )
        for waiver in standard.waivers.values():
            rule = standard.requirements[waiver.requirement]
            now = f"{capital(waiver_text(waiver))}." if waiver.holds(view.as_of) else ""
            if said := view.waiver(rule) or now:
                yield Notice("note", f"{view.title(rule)}: {said}")
        mine = view.findings[view.findings["standard_id"] == standard.id]
        rest = "Other requirements" if mine["area"].any() else "all requirements"
        for area, rows in mine.groupby("area", sort=False):
            caption = f"{standard.title}: {area or rest}"
            yield TableBlock(caption, _requirement_rows(view, rows), statuses=("Status",))


def _requirement_rows(view: View, findings: pd.DataFrame) -> pd.DataFrame:
    rules = view.rules(findings)
    status = findings["status"].astype(str).tolist()
    return pd.DataFrame(
        {
            "Requirement": [view.title(r) for r in rules],
            "Status": status,
            "What was found": view.said(findings),
            "What may help": [_help(r, s) for r, s in zip(rules, status, strict=True)],
            "Source": [source(view.standard(r), r, view.as_of) for r in rules],
        }
    )


def _help(requirement: Requirement, status: str) -> str:
    """The advice on what is not met; what is not known has to be known first."""
    if status == "not_met":
        return requirement.advice
    if status != "cannot_tell":
        return ""
    if requirement.attested:
        return "Answer the question: see Answers by the program."
    return "Record what is missing: see What could not be told."


def attestations(view: View) -> Iterator[Block]:
    """The answers given; the evidence, which may name a person, for the program itself only."""
    answer = view.findings.set_index(["standard_id", "requirement_id"])["attested"]
    asked = [r for r in view.requirements if r.attested or answer[r.standard, r.id]]
    if not asked:
        return
    groups = _by_askers(view, asked)
    once = [r for rules in groups.values() for r in rules]
    open_ = sum(not answer[r.standard, r.id] for r in once)
    yield Text(
        f"{count(sum(r.attested for r in once), 'requirement')} can only be answered by a person,"
        f" and {open_ or 'none'} of these {'is' if open_ == 1 else 'are'} unanswered."
    )
    for whose, rules in groups.items():
        frame = pd.DataFrame(
            {
                "Requirement": [view.title(r) for r in rules],
                "Question": [r.question or "Told by the records; see Requirements." for r in rules],
                "Answer": [
                    str(answer[r.standard, r.id]).replace("_", " ") or "not answered" for r in rules
                ],
            }
        )
        if view.audience == "program":
            frame["Evidence"] = [_evidence(view, r) for r in rules]
        yield TableBlock(_of("Answers given by the program", whose), frame)


def _by_askers(view: View, asked: list[Requirement]) -> dict[str, list[Requirement]]:
    """Requirements by the standards that ask them: one asked word for word by two stands once."""
    groups: dict[str, list[Requirement]] = {}
    for rule in asked:
        same = [other for other in asked if other.id == rule.id and other == rule]
        if rule is same[0]:
            whose = listing([view.whose(other.standard) for other in same], len(same))
            groups.setdefault(whose, []).append(rule)
    return groups


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
    by = ["standard_id", "requirement_id", "reason"]
    counted = rows.groupby(by, sort=False).size().reset_index(name="n")
    few = view.audience == "public"
    yield Text("A fact that is missing is neither met nor not met. Recording it settles these.")
    for standard, mine in counted.groupby("standard_id", sort=False):
        times = [f"fewer than {SMALL}" if few and n < SMALL else f"{n:,}" for n in mine["n"]]
        frame = pd.DataFrame(
            {
                "Requirement": [view.title(rule) for rule in view.rules(mine)],
                "Why it cannot be told": mine["reason"].replace("", "a needed fact is missing"),
                "Times": times,
            }
        )
        caption = _of("What could not be told, and why", view.whose(str(standard)))
        yield TableBlock(caption, frame)


def _computed(view: View, rows: pd.DataFrame) -> pd.Series:
    names = rows[["standard_id", "requirement_id"]].drop_duplicates()
    told = [not rule.attested for rule in view.rules(names)]
    return rows.merge(names.assign(told=told), how="left")["told"].set_axis(rows.index).astype(bool)


def problems(view: View) -> Iterator[Block]:
    """How many problems the data has, by table and column; never a value."""
    rows = view.evaluation.caseload.problems
    if rows.empty:
        return
    aside = rows["set_aside"].astype(bool)
    if view.audience != "program":  # a header of somebody's own making may hold a name
        known = rows["column"].isin({*_NAMES, ""}) | rows["column"].isna()
        rows = rows.assign(column=rows["column"].where(known, "another column"))
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
    for _, mine in rows.groupby(["standard_id", "requirement_id"], sort=False):
        rule = view.rules(mine.head(1))[0]
        title = _of(view.title(rule), view.whose(rule.standard))
        yield TableBlock(f"Cases: {title}", _case_rows(mine, names), statuses=("Status",))


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
    names: dict[tuple[str, str], str] = {}
    for kind, table in (("student", "students"), ("staff", "staff")):
        rows = view.evaluation.caseload.tables[table]
        rows = rows.loc[rows["program_id"] == view.program, [f"{kind}_id", f"{kind}_name"]]
        names |= {(kind, str(person)): str(name) for person, name in rows.dropna().to_numpy()}
    referrals = view.evaluation.caseload.tables["referrals"]
    for referral, student in referrals[["referral_id", "student_id"]].astype(str).to_numpy():
        name = names.get(("student", student), "")
        names["referral", referral] = f"{name} ({student})" if name else student
    return names


def signature(view: View) -> Iterator[Block]:
    """Where the reviewer signs."""
    asked = ["Name of the reviewer", "Date", "Signature"]
    frame = pd.DataFrame({"Signed by": asked, "To be filled in by hand": [""] * len(asked)})
    yield TableBlock(f"Review of {view.name}", frame)
