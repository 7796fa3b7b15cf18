"""What each command of the command line does; every function gives the exit status."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TextIO

import pandas as pd

from casekit.catalog import StandardError, load, sentences, shipped_standards
from casekit.catalog.changes import changes, summary
from casekit.crosswalk import crosswalk_sentences, topics
from casekit.evaluate import UsageError, day_given, plan_of, waiver_text
from casekit.findings import Evaluation, evaluate_programs
from casekit.kinds.rows import STATUSES
from casekit.phrases import date as long_date
from casekit.phrases import listing
from casekit.planning.settings import PlanningError
from casekit.readers import ReadError, read
from casekit.records import write_evaluation, write_problems
from casekit.shipped import PACKAGE, shipped

BAD_INPUT = (ReadError, StandardError, UsageError, PlanningError)


def run(args: argparse.Namespace) -> int:
    """Run the command that `args.command` names."""
    return COMMANDS[args.command](args)


def demo(args: argparse.Namespace) -> int:
    args.data = shipped("data", "sample")
    about = tomllib.loads((args.data / "sample.toml").read_text(encoding="utf-8"))
    args.as_of, args.since = about["as_of"], about["since"]
    return max(evaluate(args), report(args))


def check(args: argparse.Namespace) -> int:
    caseload = read(args.data, overlay=args.overlay, dates=args.dates)
    problems = caseload.problems
    _print_problems(problems)
    write_problems(caseload, args.out)
    print(f"{_counted(problems)}. The list is in {args.out}")
    return 1 if problems["set_aside"].any() else 0


def evaluate(args: argparse.Namespace) -> int:
    evaluation = _evaluation(args, args.program)
    # The folder's name only: where it lies on this computer is nobody's business.
    write_evaluation(evaluation, args.out, data=args.data.resolve().name)
    for note in evaluation.plan.notes:
        print(f"Note: {_shown(note)}")
    counts = evaluation.findings["status"].value_counts()
    print("Findings: " + ", ".join(f"{counts[s]} {s}" for s in STATUSES if s in counts))
    problems = evaluation.caseload.problems
    if len(problems):
        print(f"{_counted(problems)}: see {args.out / 'problems.csv'}")
    print(f"Verdicts, findings and levels are in {args.out}")
    return 0


def explain(args: argparse.Namespace) -> int:
    from casekit.wording import explain_text

    program = args.program
    evaluation = _evaluation(args, program and [program])
    text = explain_text(evaluation, args.requirement, program, args.subject, args.period)
    _say(text)
    return 0


def due(args: argparse.Namespace) -> int:
    from casekit.upcoming import upcoming, write_calendar, write_upcoming

    if args.ics and args.ics.resolve() == args.out.resolve():
        raise UsageError(f"--out and --ics both name {args.out}: give two files")
    until = date.fromordinal(min(args.as_of.toordinal() + args.days, date.max.toordinal()))
    evaluation = _evaluation(args, args.program, until)
    rows = upcoming(evaluation, (until - args.as_of).days)
    write_upcoming(rows, args.out)
    if args.ics:
        write_calendar(rows, evaluation.as_of, args.ics)
    for note in evaluation.plan.notes:
        print(f"Note: {_shown(note)}")
    for standard in evaluation.standards.values():
        for waiver in standard.waivers.values():
            if waiver.holds(args.as_of):
                print(_shown(f"Note: {waiver.requirement} is not listed: {waiver_text(waiver)}"))
    dates = [long_date(each) for each in rows["due_on"].dropna().unique()[:3]]
    first = f", first on {listing(dates)}" if dates else ""
    files = " and ".join(str(path) for path in (args.out, args.ics) if path)
    print(f"{_many(len(rows), 'row')} due by {long_date(until)}{first}: see {files}")
    print("They name students' ids: keep them within the program.")
    return 0


def report(args: argparse.Namespace) -> int:
    from casekit.reports.batch import FORMATS, write_reports

    for name in args.format:
        if name not in FORMATS:
            raise UsageError(f"--format {name!r} is not offered; allowed: {', '.join(FORMATS)}")
    result = write_reports(
        args.data,
        overlay=args.overlay,
        dates=args.dates,
        programs=args.program,
        standards=args.standard,
        as_of=str(args.as_of),
        since=args.since and str(args.since),
        audience=args.audience,
        out=args.out,
        jobs=args.jobs,
        formats=args.format,
        progress=sys.stderr.isatty(),
    )
    for program, why in result.failed.items():
        print(f"casekit: no report for {_shown(program)}: {_shown(why)}", file=sys.stderr)
    print(f"{_many(len(result.written), 'report')}. Open {result.index}")
    return 1 if result.failed else 0


def plan(args: argparse.Namespace) -> int:
    from casekit.files import write_text
    from casekit.planning.outlook import YEAR
    from casekit.planning.plan import make_plan
    from casekit.planning.plan_files import write_plan
    from casekit.planning.scenarios.scenario import read_scenario
    from casekit.reports.html import document_page
    from casekit.reports.planning import plan_document

    scenarios = [read_scenario(path) for path in args.scenario or ()]
    until = args.until or (day_given(args.as_of, "as_of") + YEAR).item()
    if until <= args.as_of:
        raise UsageError(f"--until {until} is not after --as-of {args.as_of}: give a later day")
    held = plan_of(
        caseload := read(args.data, overlay=args.overlay, dates=args.dates),
        as_of=args.as_of,
        since=args.since,
        until=until,
        standards=args.standard,
        programs=args.program,
    )
    whole = make_plan(caseload, held, scenarios, seed=args.seed)
    written = write_plan(whole, args.out)
    page = args.out / "plan.html"
    write_text(page, document_page(plan_document(whole)))
    for note in whole.notes:
        print(f"Note: {_shown(note)}")
    for each in whole.programs.values():
        for why in dict.fromkeys(each.refused.values()) if each.outlook.limits else ():
            print(f"Left out: {_shown(why)}")
    for sentence in whole.comparison.said if whole.comparison else ():
        print(_shown(sentence))
    if len(caseload.problems):
        print(f"{_counted(caseload.problems)}: casekit check lists them")
    print(f"Open {page}; beside it: {', '.join(path.name for path in written)}")
    print("moves.csv and the meetings name students' ids: keep them within the program.")
    return 0


def standards(args: argparse.Namespace) -> int:
    return STANDARDS_VERBS[args.verb](args)


def standards_list(args: argparse.Namespace) -> int:
    """Each shipped standard, with how many requirements the tables show and people answer."""
    print(f"{'id':<16}{'computed':>8}{'attested':>10}  title")
    for standard in map(load, shipped_standards()):
        attested = sum(row.attested for row in standard.requirements.values())
        computed = len(standard.requirements) - attested
        print(f"{standard.id:<16}{computed:>8}{attested:>10}  {standard.title}")
    return 0


def standards_show(args: argparse.Namespace) -> int:
    _say(sentences(load(args.standard, args.on), args.on))
    return 0


def standards_check(args: argparse.Namespace) -> int:
    """Every mistake in a standard's file, a line each; without one, what the file says."""
    try:
        standard = load(args.standard)
    except StandardError as error:
        if not re.match(r"[^\n]+:\d+: ", str(error)):
            raise  # it could not be read: nothing in it is wrong
        _say(str(error), sys.stderr)
        return 2
    print(f"{args.standard} can be used: {_many(len(standard.requirements), 'requirement')}\n")
    _say(sentences(standard))
    return 0


def standards_diff(args: argparse.Namespace) -> int:
    old, new = load(args.old), load(args.new)
    _say("\n".join([summary(old, new), *changes(old, new)]))
    return 0


def standards_crosswalk(args: argparse.Namespace) -> int:
    _say(crosswalk_sentences(topics(args.standard), args.standard))
    return 0


STANDARDS_VERBS = {
    "list": standards_list,
    "show": standards_show,
    "check": standards_check,
    "diff": standards_diff,
    "crosswalk": standards_crosswalk,
}


def import_(args: argparse.Namespace) -> int:
    from casekit.readers.imports import import_roster
    from casekit.readers.native import write_folder

    for standard in args.standard or ():
        load(standard)
    caseload = import_roster(
        args.kind,
        args.source,
        overlay=args.overlay,
        standards=args.standard or (),
        dates=args.dates,
    )
    write_folder(caseload, args.out)
    write_problems(caseload, args.out / "problems.csv")
    _print_problems(caseload.problems)
    made = ", ".join(f"{len(caseload.tables[name])} {name}" for name in sorted(caseload.given))
    print(f"{made}. The tables are in {args.out}")
    return 0


def sample(args: argparse.Namespace) -> int:
    from casekit.synth import write_sample

    write_sample(
        args.out,
        seed=args.seed,
        programs=args.programs,
        students=args.students,
        weeks=args.weeks,
        breaches=args.breaches,
    )
    print(f"A synthetic caseload is in {args.out}; its README.md says how to evaluate it")
    return 0


def handout(args: argparse.Namespace) -> int:
    from casekit.files import write_text
    from casekit.handout.page import handout_page

    if args.out.is_dir():
        raise UsageError(f"--out {args.out} is a folder: name a file, such as handout.html")
    write_text(args.out, handout_page(load(args.standard)))
    print(f"The hand-out is in {args.out}: one file, which opens in any browser")
    return 0


def lab(args: argparse.Namespace) -> int:
    if find_spec("jupyterlab") is None:
        raise UsageError('JupyterLab is not installed: pip install "casekit[notebooks]"')
    asked = [f"--ServerApp.port={args.port}"] if args.port else []
    asked += ["--no-browser"] if args.no_browser else []
    asked += ["--allow-root"] if args.allow_root else []
    from casekit.app.lab import lab_environment, lab_words

    words = [*lab_words(notebooks_to_open()), *asked]
    return subprocess.run(words, env=lab_environment()).returncode  # noqa: S603


def app(args: argparse.Namespace) -> int:
    if find_spec("voila") is None:
        raise UsageError('Voila is not installed: pip install "casekit[notebooks]"')
    if not args.allow_root and hasattr(os, "geteuid") and os.geteuid() == 0:
        raise UsageError("the root user is not served; log in as yourself, or add --allow-root")
    from casekit.app.pages import read_pages
    from casekit.app.server import serve

    asked = args.notebooks or sorted(notebooks_to_open().glob("*.ipynb"))
    serve(
        read_pages(asked),
        on_ready=lambda address: print(f"Open {address} (Ctrl-C stops it)", flush=True),
        port=args.port or 0,
        cold=args.cold,
        browser=not args.no_browser,
    )
    return 0


def notebooks_to_open() -> Path:
    """The checkout's notebooks; of an installed casekit, a copy in the current folder."""
    notebooks = shipped("notebooks")
    if PACKAGE not in notebooks.parents:
        return notebooks
    copy = Path("casekit-notebooks").resolve()
    copy.mkdir(exist_ok=True)
    for notebook in notebooks.glob("*.ipynb"):
        if not (copy / notebook.name).exists():
            shutil.copy(notebook, copy)
    return copy


def _evaluation(
    args: argparse.Namespace, programs: list[str] | None, until: date | None = None
) -> Evaluation:
    caseload = read(args.data, overlay=args.overlay, dates=args.dates)
    return evaluate_programs(
        caseload,
        as_of=args.as_of,
        since=args.since,
        until=until,
        standards=args.standard,
        programs=programs,
    )


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _counted(problems: pd.DataFrame) -> str:
    aside = int(problems["set_aside"].sum())
    return f"{_many(len(problems), 'problem')} in the data, {_many(aside, 'row')} set aside"


def _shown(text: str) -> str:
    """Text from the data, with a mark for each character that a terminal would obey."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _say(text: str, file: TextIO | None = None) -> None:
    print("\n".join(map(_shown, text.splitlines())), file=file)


def _print_problems(problems: pd.DataFrame) -> None:
    for row in problems.to_dict("records"):
        where = f"{row['table']} ({row['file']})" if row["table"] else row["file"]
        where += "" if pd.isna(row["row"]) else f" row {row['row']}"
        cell = f", {row['column']} {row['value']!r}" if row["column"] else ""
        aside = " Set aside." if row["set_aside"] else ""
        print(_shown(f"{where}{cell}: {row['problem']}; {row['fix']}.{aside}"))


COMMANDS = {
    "demo": demo,
    "check": check,
    "evaluate": evaluate,
    "explain": explain,
    "due": due,
    "report": report,
    "plan": plan,
    "standards": standards,
    "import": import_,
    "sample": sample,
    "handout": handout,
    "lab": lab,
    "app": app,
}
