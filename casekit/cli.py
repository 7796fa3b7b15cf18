"""The command line: what can be asked for. What is then done stands in `casekit.commands`."""

from __future__ import annotations

import argparse
import difflib
import os
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

from casekit import __version__

DONE, PROBLEMS, WRONG_USE, FAULT, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 3, 130, 141
HORIZON = 3660


class Parser(argparse.ArgumentParser):
    """Answers wrong use in one line that says what is allowed, with exit status 2."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        if "are required" in message:
            message += f"; write: {syntax(self)}"
        self.exit(WRONG_USE, f"{self.prog}: {message}\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            raise argparse.ArgumentError(action, unknown(value, action.choices))


def unknown(value: str, allowed: Iterable[str]) -> str:
    """What to say about a word that is none of those allowed, with the nearest one."""
    names = list(allowed)
    near = difflib.get_close_matches(value, names, n=1)
    guess = f"did you mean {near[0]}? " if near else ""
    return f"{value!r} is not known; {guess}allowed: {', '.join(names)}"


def syntax(parser: argparse.ArgumentParser) -> str:
    """How a command is written, on one line."""
    line = " ".join(parser.format_usage().split())
    return line.removeprefix("usage: ").replace(" [-h]", "").removesuffix(" ...")


def day(text: str) -> date:
    """A day as the command line takes it."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a day; write year-month-day, like 2026-03-02"
        ) from None


def count(text: str) -> int:
    """A whole number, one or more."""
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return int(text)


def horizon(text: str) -> int:
    """How many days to look ahead: at most ten years."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= HORIZON):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to {HORIZON}")
    return int(text)


def seed(text: str) -> int:
    """A whole number, zero or more."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 0 or more")
    return int(text)


def formats(text: str) -> tuple[str, ...]:
    """A list of formats, written with commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _data() -> Parser:
    shared = Parser(add_help=False)
    shared.add_argument(
        "data", type=Path, metavar="DATA", help="a folder of tables, an .xlsx workbook or a .zip"
    )
    shared.add_argument(
        "--overlay", type=Path, metavar="DIR", help="tables that fill empty cells and add rows"
    )
    _dates(shared)
    return shared


def _dates(parser: Parser) -> None:
    parser.add_argument(
        "--dates", choices=("dmy", "mdy"), help="how dates such as 03/02/2026 are written"
    )


def _span() -> Parser:
    shared = Parser(add_help=False)
    shared.add_argument(
        "--as-of", type=day, metavar="D", required=True, help="the last day that is judged"
    )
    shared.add_argument(
        "--since", type=day, metavar="D", help="the first day; else the school year's first"
    )
    _standards(shared)
    return shared


def _standards(parser: Parser) -> None:
    parser.add_argument(
        "--standard",
        action="append",
        metavar="ID",
        help="a standard's id or a TOML file; may be given more than once",
    )


def _programs(parser: Parser) -> None:
    parser.add_argument(
        "--program", action="append", metavar="ID", help="only this program; may be repeated"
    )


def _out(parser: Parser, default: str | None = None) -> None:
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        required=default is None,
        default=default and Path(default),
        help="the folder to write to" + (f" (default: {default})" if default else ""),
    )


def _jobs(parser: Parser) -> None:
    parser.add_argument(
        "--jobs",
        type=count,
        metavar="N",
        default=min(os.cpu_count() or 1, 8),
        help="reports written at the same time (default: one per processor)",
    )


def build() -> tuple[Parser, dict[str, Parser]]:
    """The parser, and each command's own parser by name."""
    parser = Parser(
        prog="casekit",
        description="Hold school case management against published standards, and report on it.",
    )
    parser.add_argument("--version", action="version", version=f"casekit {__version__}")
    group = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    known: dict[str, Parser] = {}

    def command(name: str, help: str, *shared: Parser) -> Parser:  # noqa: A002 (argparse's word)
        known[name] = group.add_parser(
            name, help=help, description=help[0].upper() + help[1:] + ".", parents=shared
        )
        return known[name]

    demo = command("demo", "evaluate the sample caseload and write its reports")
    _out(demo, "casekit-demo")
    _jobs(demo)
    demo.set_defaults(overlay=None, dates=None, standard=None, program=None)
    demo.set_defaults(audience="reviewer", format=("html",))

    check = command("check", "list every problem found in the data", _data())
    check.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        default=Path("problems.csv"),
        help="the list as CSV (default: problems.csv)",
    )

    evaluate = command("evaluate", "judge the data and write the verdicts", _data(), _span())
    _programs(evaluate)
    _out(evaluate)

    explain = command("explain", "say how one verdict came about", _data(), _span())
    explain.add_argument("requirement", metavar="REQUIREMENT", help="the requirement's id")
    explain.add_argument("--program", metavar="ID", help="the program")
    explain.add_argument("--subject", metavar="ID", help="the student, staff member or referral")
    explain.add_argument("--period", metavar="D", help="the period's first day, or its month")

    due = command(
        "due",
        "list what falls due in the days to come (it names students' ids: it stays with the"
        " program)",
        _data(),
        _span(),
    )
    _programs(due)
    due.add_argument(
        "--days",
        type=horizon,
        metavar="N",
        default=30,
        help="how many days after --as-of (default: 30)",
    )
    due.add_argument("--out", type=Path, metavar="FILE", required=True, help="the list as CSV")
    due.add_argument(
        "--ics",
        type=Path,
        metavar="FILE",
        help="the same as a calendar, with ids and without names; keep it within the program",
    )

    report = command("report", "write a report per program and an index", _data(), _span())
    _programs(report)
    _out(report)
    report.add_argument(
        "--format", type=formats, metavar="FORMATS", default=("html",), help="html (the default)"
    )
    report.add_argument(
        "--audience",
        choices=("program", "reviewer", "public"),
        default="reviewer",
        help="program adds the case lists, public withholds small cells (default: reviewer)",
    )
    _jobs(report)

    plan = command(
        "plan",
        "say what happens if, how many people it takes, who moves where and when a limit breaks"
        " (it names staff, and in moves.csv students' ids: it stays with the program)",
        _data(),
        _span(),
    )
    plan.add_argument(
        "--until", type=day, metavar="D", help="the last day planned for; else 52 weeks on"
    )
    plan.add_argument(
        "--scenario",
        action="append",
        type=Path,
        metavar="FILE",
        help="changes to try, as TOML or JSON; may be given more than once: the first is planned"
        " with, all are compared",
    )
    plan.add_argument(
        "--seed",
        type=seed,
        metavar="N",
        default=0,
        help="same seed, same simulated futures (default: 0)",
    )
    _programs(plan)
    _out(plan)

    _standards_verbs(command("standards", "list, show, check and compare standards"))

    roster = command("import", "make a folder of tables from a roster")
    roster.add_argument("kind", choices=("oneroster", "sds", "edfi"), metavar="oneroster|sds|edfi")
    roster.add_argument("source", type=Path, metavar="SOURCE", help="the roster's folder or .zip")
    _out(roster)
    roster.add_argument(
        "--overlay", type=Path, metavar="DIR", help="tables that fill empty cells and add rows"
    )
    _standards(roster)
    _dates(roster)

    sample = command("sample", "make a synthetic caseload")
    _out(sample)
    sample.add_argument(
        "--seed", type=seed, metavar="N", required=True, help="same seed, same data"
    )
    for name, number, what in (
        ("--programs", 12, "programs"),
        ("--students", 75, "students of each program, about"),
        ("--weeks", 40, "weeks of records"),
    ):
        sample.add_argument(
            name, type=count, metavar="N", default=number, help=f"{what} (default: {number})"
        )
    sample.add_argument(
        "--breaches", action="store_true", help="plant breaches, with an answer key"
    )

    handout = command("handout", "write a standard's hand-out, with sliders that need no casekit")
    handout.add_argument("--standard", metavar="ID", required=True, help="its id or a TOML file")
    handout.add_argument("--out", type=Path, metavar="FILE", required=True, help="the page")

    lab = command("lab", "open the notebooks in JupyterLab, on this computer only")
    app = command("app", "serve the notebooks as web pages, on this computer only")
    for served in (lab, app):
        served.add_argument("--port", type=count, metavar="N", help="the port to listen on")
        served.add_argument("--no-browser", action="store_true", help="print the address only")
        served.add_argument("--allow-root", action="store_true", help="let the root user run it")
    app.add_argument("--cold", action="store_true", help="keep no page ready: it opens later")
    app.add_argument(
        "notebooks",
        type=Path,
        nargs="*",
        metavar="NOTEBOOK",
        help="serve only these (default: all of casekit's)",
    )
    return parser, known


def _standards_verbs(standards: Parser) -> None:
    """What `casekit standards` is asked: a verb, and the standards it is about."""
    verbs = standards.add_subparsers(
        dest="verb",
        metavar="list | show ID | check FILE | diff A B | crosswalk [ID]",
        required=True,
    )
    standards.set_defaults(verbs=verbs.choices)
    verbs.add_parser("list", help="the standards that ship with casekit")
    show = verbs.add_parser("show", help="a standard as sentences")
    show.add_argument("standard", metavar="ID", help="a standard's id or a TOML file")
    show.add_argument("--on", type=day, metavar="D", help="the editions in force on that day")
    verbs.add_parser("check", help="every mistake in a standard's TOML file").add_argument(
        "standard", metavar="FILE"
    )
    diff = verbs.add_parser("diff", help="what moved from one standard to another")
    diff.add_argument("old", metavar="A", help="a standard's id or a TOML file")
    diff.add_argument("new", metavar="B", help="another one")
    verbs.add_parser("crosswalk", help="what standards ask about the same thing").add_argument(
        "standard",
        metavar="ID",
        nargs="*",
        help="only topics that this one speaks of; a standard's id or a TOML file",
    )


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The words of the command line, checked. Ends the program with status 2 on wrong use."""
    parser, known = build()
    args, extra = parser.parse_known_args(argv)
    if args.command is None:
        parser.error(f"say a command: {', '.join(known)}")
    if extra:
        command = known[args.command]
        if args.command == "standards":
            command = args.verbs[args.verb]
        options = re.findall(r"--[a-z-]+", command.format_usage())
        if extra[0].startswith("-") and not options:
            command.error(f"{extra[0]!r} is one word too many: there are no options")
        if extra[0].startswith("-"):
            command.error(f"option {unknown(extra[0].partition('=')[0], options)}")
        command.error(f"{extra[0]!r} is one word too many; write: {syntax(command)}")
    return args


def fail(message: object, status: int = WRONG_USE) -> int:
    """Say on one line of stderr what is wrong; the status to leave with."""
    first, *more = str(message).splitlines() or [""]
    also = f" (and {len(more)} more)" if more else ""
    print(f"casekit: {first}{also}", file=sys.stderr)
    return status


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console that lacks a character shows "?" for it
            stream.reconfigure(errors="replace")
    args = parse(argv)
    try:
        # Imported here, so that `casekit --help` need not wait for pandas.
        from casekit import commands
    except ImportError as error:
        return fail(f"casekit is not installed whole ({error}): install it again", FAULT)
    try:
        status = commands.run(args)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except commands.BAD_INPUT as error:
        return fail(error)
    except Exception as error:
        if os.environ.get("CASEKIT_DEBUG") == "1":
            raise
        return _failed(error)


def _failed(error: Exception) -> int:
    if isinstance(error, OSError):
        # Of two names, the second is the place; the first only lies beside it.
        place = error.filename2 or error.filename
        return fail(f"{place}: {error.strerror}" if place else error)
    return fail(
        f"this is a fault of casekit, not of your data ({type(error).__name__}: {error});"
        " CASEKIT_DEBUG=1 shows where",
        FAULT,
    )
