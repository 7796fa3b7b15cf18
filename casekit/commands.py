"""What each command of the command line does; every function gives the exit status."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from casekit.catalog import StandardError, load, sentences, shipped_standards
from casekit.evaluate import UsageError
from casekit.findings import Evaluation, evaluate_programs
from casekit.kinds.rows import STATUSES
from casekit.readers import ReadError, read
from casekit.records import write_evaluation, write_problems
from casekit.shipped import PACKAGE, shipped

BAD_INPUT = (ReadError, StandardError, UsageError)


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
    print("\n".join(map(_shown, text.splitlines())))
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


def standards(args: argparse.Namespace) -> int:
    if args.verb == "list":
        for name in shipped_standards():
            print(f"{name:<16}{load(name).title}")
    elif args.verb == "show":
        print(sentences(load(args.standard)))
    else:
        return _standard_check(args.standard)
    return 0


def _standard_check(path: str) -> int:
    """Every mistake in a standard's file, a line each."""
    try:
        standard = load(path)
    except StandardError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{path} can be used: {_many(len(standard.requirements), 'requirement')}")
    return 0


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


def lab(args: argparse.Namespace) -> int:
    if find_spec("jupyterlab") is None:
        raise UsageError('JupyterLab is not installed: pip install "casekit[notebooks]"')
    asked = [f"--ServerApp.port={args.port}"] if args.port else []
    asked += ["--no-browser"] if args.no_browser else []
    asked += ["--allow-root"] if args.allow_root else []
    # This computer only, and with the token that Jupyter makes: a caseload is open in there.
    where = ["--ServerApp.ip=127.0.0.1", f"--ServerApp.root_dir={notebooks_to_open()}"]
    return subprocess.run([sys.executable, "-m", "jupyterlab", *where, *asked]).returncode  # noqa: S603


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


def _evaluation(args: argparse.Namespace, programs: list[str] | None) -> Evaluation:
    caseload = read(args.data, overlay=args.overlay, dates=args.dates)
    return evaluate_programs(
        caseload,
        as_of=args.as_of,
        since=args.since,
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
    "report": report,
    "standards": standards,
    "import": import_,
    "sample": sample,
    "lab": lab,
}
