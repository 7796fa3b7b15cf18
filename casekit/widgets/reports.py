"""The reports panel: which programs, for whom, into which folder; the batch as it runs; to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from casekit.evaluate import UsageError
from casekit.phrases import count
from casekit.reports.batch import write_reports
from casekit.reports.document import Heading, Notice, Text
from casekit.reports.written import INDEX, Written, all_in_one, page_in, written_in
from casekit.widgets.panel import Download
from casekit.widgets.parts import (
    Button,
    Chip,
    Choice,
    Entry,
    Grid,
    Group,
    Page,
    Part,
    Region,
    Row,
    Slider,
    Tick,
)
from casekit.widgets.roster import Roster, RosterPanel, WithRoster, form, loaded

FOLDER = "casekit-reports"
AUDIENCES = (
    ("program", "The program itself: with its case lists, so with students' names"),
    ("reviewer", "A reviewer: findings only, no name and no id of a student"),
    ("public", "The public: findings, and counts of few people are withheld"),
)
MOST_JOBS = 8
LISTED = 60  # programs with a tick in view; more are found by a part of their name
SHOWN = 25  # times that the list is shown anew while a batch runs
SAID = 10  # times that the progress is said
WAITING, WRITING, WRITTEN = "waiting", "writing", "written"
STATES = {WAITING: "not_applicable", WRITING: "due", WRITTEN: "met"}


@dataclass(frozen=True)
class Reports(WithRoster):
    """What the reports panel asks for, and what came of it.

    left_out  programs that are not ticked; named: a part of the names of those in view
    audience, out, jobs  for whom, into which folder, by how many workers
    run       of each program of the last run where it stands: WAITING, WRITING, WRITTEN, or why
              it failed; running: whether it still goes on
    there     the pages that lie in the folder; shown: the path of the one that is open
    """

    left_out: frozenset[str] = frozenset()
    named: str = ""
    audience: str = "reviewer"
    out: str = FOLDER
    jobs: str = "2"
    run: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    running: bool = False
    there: tuple[Written, ...] = ()
    shown: str = ""

    @property
    def chosen(self) -> list[str]:
        """The programs that are ticked."""
        return [program for program in self.roster.programs if program not in self.left_out]

    @property
    def in_view(self) -> dict[str, str]:
        """The programs whose name or id holds what was typed, by id."""
        wanted = self.named.strip().casefold()
        every = self.roster.programs.items()
        return {p: name for p, name in every if wanted in f"{name}\n{p}".casefold()}

    @property
    def folder(self) -> Path:
        """The folder of the reports, whole. Raises UsageError where none is named."""
        if not self.out.strip():
            raise UsageError(f"Give a folder for the reports, such as {FOLDER}.")
        try:
            return Path(self.out.strip()).expanduser().absolute()
        except RuntimeError:
            raise UsageError(
                f"There is no home folder for {self.out}: give a whole path."
            ) from None


def found(state: Reports) -> Reports:
    """The state with what lies in its folder."""
    try:
        there = tuple(written_in(state.folder))
    except UsageError:
        there = ()
    shown = state.shown if state.shown in [page.path for page in there] else ""
    return replace(state, there=there, shown=shown)


def programs(state: Reports) -> Iterator[Part]:
    """A tick for each program, for all of them, and for those of a name."""
    every = state.roster.programs
    if not every:
        return
    view = state.in_view
    parts: list[Part] = []
    if len(every) > 12:
        told = f"{len(view)} of {count(len(every), 'program')} in view."
        parts.append(Entry("named", "Find programs", state.named, help=told, live=True))
    which = " in view" if state.named.strip() else ""
    parts.append(Row((Button("tick", f"Tick all{which}"), Button("untick", f"Tick none{which}"))))
    ticks = (
        Tick(f"program|{program}", name, "" if program in state.left_out else "yes")
        for program, name in list(view.items())[:LISTED]
    )
    parts.append(Row(tuple(ticks)) if view else Text("No program has this in its name."))
    if len(view) > LISTED:
        more = f"The first {LISTED} are in view; the buttons above tick the others too."
        parts.append(Text(f"{more} Type a part of a name to see others."))
    yield Group(f"Programs: {len(state.chosen)} of {len(every)} ticked", tuple(parts))


def asked(state: Reports) -> Iterator[Part]:
    """For whom, into which folder, and the button."""
    wrong, where = "", ""
    try:
        where = f"They will lie in {state.folder}."
    except UsageError as error:
        wrong = str(error)
    yield Group(
        "The reports",
        (
            Choice("audience", "For whom", state.audience, options=AUDIENCES, buttons=True),
            Row(
                (
                    Entry("out", "Folder", state.out, help=where, error=wrong),
                    Slider(
                        "jobs",
                        "Reports written at once",
                        state.jobs,
                        help="As many as the computer has cores is fast.",
                        low=1,
                        high=MOST_JOBS,
                    ),
                )
            ),
        ),
    )
    ready = bool(state.chosen) and not wrong and not state.running
    if state.roster.programs and not state.chosen:
        yield Notice("note", "Tick at least one program.")
    what = count(len(state.chosen), "report") if state.chosen else "the reports"
    label = "Writing …" if state.running else f"Write {what}"
    yield Row((Button("write", label, primary=True, disabled=not ready),))


def progress(state: Reports) -> Iterator[Part]:
    """Where each program's report stands in this run."""
    if not state.run:
        return
    yield Heading(2, "This run")
    names = state.roster.programs
    ended = [state_ for state_ in state.run.values() if state_ not in (WAITING, WRITING)]
    failed = [why for why in ended if why != WRITTEN]
    caption = f"{len(ended)} of {count(len(state.run), 'report')} done"
    caption += f", {len(failed)} failed" if failed else ""
    cells = tuple(
        (names.get(program, program), _chip(each), _why(each))
        for program, each in _failed_first(state.run)
    )
    yield Grid(caption, ("Program", "Report", "Why"), cells)


def _failed_first(run: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(run.items(), key=lambda each: each[1] in (WAITING, WRITING, WRITTEN))


def _chip(state: str) -> Chip:
    return Chip(STATES[state], state) if state in STATES else Chip("not_met", "failed")


def _why(state: str) -> str:
    return "" if state in STATES else state


def results(state: Reports) -> Iterator[Part]:
    """The reports that lie in the folder, each with a button that opens it here."""
    yield Heading(2, "Reports in the folder")
    if not state.there:
        yield Text("None yet. What is written is listed here, also after a restart.")
        return
    reports = state.there[1:]
    yield Text(f"The folder, to open in your file browser: {state.folder}")
    yield Row(
        (
            Button("read", "Read the index of all programs", INDEX, pressed=state.shown == INDEX),
            Button("all", "Save all as one zip"),
        )
    )
    cells = tuple(
        (
            page.title,
            Button("read", "Read", page.path, about=page.title, pressed=state.shown == page.path),
            Button("save", "Save", page.path, about=page.title),
        )
        for page in reports
    )
    yield Grid(count(len(reports), "report"), ("Program", "Read it here", "Save the page"), cells)


def opened(state: Reports) -> Iterator[Part]:
    """The page that is open."""
    title = next((page.title for page in state.there if page.path == state.shown), "")
    if not title:
        return
    yield Heading(2, title)
    yield Row((Button("close", "Close this page"),))
    yield Page(title, page_in(state.folder, state.shown))


class ReportsPanel(RosterPanel[Reports]):
    """A form for a roster and the reports of its programs, which it writes and shows."""

    def __init__(self, data: str, as_of: str) -> None:
        roster = loaded(Roster(data, as_of))
        super().__init__(found(Reports(roster)))
        self.said = roster.said

    def regions(self, state: Reports) -> Iterator[Region]:
        chosen = (state.roster.caseload, state.left_out)
        yield Region("form", (state.roster,), partial(form, state.roster, one=False))
        yield Region("programs", (*chosen, state.named), partial(programs, state))
        told = (*chosen, state.audience, state.out, state.jobs, int(state.running))
        yield Region("asked", told, partial(asked, state))
        yield Region("progress", (state.run,), partial(progress, state))
        yield Region("results", (state.there, state.out, state.shown), partial(results, state))
        yield Region("opened", (state.there, state.shown), partial(opened, state))

    def opened(self, state: Reports) -> Reports:
        # A page may be made long before it is looked at, and reports be written on another one.
        return found(state)

    def changed(self, state: Reports, name: str, value: str) -> Reports:
        if name.startswith("program|"):
            program = frozenset({name.removeprefix("program|")})
            left = state.left_out - program if value else state.left_out | program
            return replace(state, left_out=left)
        changed = super().changed(state, name, value)
        return found(changed) if name == "out" else changed

    def pressed(self, state: Reports, name: str, value: str) -> Reports:
        match name:
            case "tick":
                return replace(state, left_out=state.left_out - frozenset(state.in_view))
            case "untick":
                return replace(state, left_out=state.left_out | frozenset(state.in_view))
            case "write":
                return self._write(state)
            case "read":
                if value == state.shown:
                    return replace(state, shown="")
                self.said = "The page is shown below the list."
                return self._at(replace(state, shown=value), "close")
            case "close":
                self.said = ""
                return self._at(replace(state, shown=""), f"read-{state.shown}")
            case "save":
                return self._hand(state, value)
            case "all":
                data = all_in_one(state.folder)
                self.hand(Download(f"{state.folder.name}.zip", "application/zip", data))
                return state
        return super().pressed(state, name, value)

    def settled(self, state: Reports) -> Reports:
        there = frozenset(state.roster.programs)
        return replace(state, left_out=state.left_out & there, run=MappingProxyType({}))

    def _hand(self, state: Reports, path: str) -> Reports:
        page_in(state.folder, path)
        data = (state.folder / path).read_bytes()
        self.hand(Download(path.replace("/", "-"), "text/html", data))
        return state

    def _write(self, state: Reports) -> Reports:
        """Write the reports, and show and say how far it is while it goes on."""
        roster, jobs = state.roster, int(float(state.jobs))
        standing = dict.fromkeys(state.chosen, WAITING)
        self._show(replace(state, run=_standing(standing, jobs), running=True))
        self.say(f"Writing {count(len(standing), 'report')} …")

        def ended(program: str, why: str) -> None:
            standing[program] = why or WRITTEN
            done = sum(each != WAITING for each in standing.values())
            if _now(done, len(standing), SHOWN):
                self._show(replace(self.state, run=_standing(standing, jobs)))
            if _now(done, len(standing), SAID):
                self.say(f"{done} of {count(len(standing), 'report')} done.")

        try:
            result = write_reports(
                Path(roster.data),
                programs=state.chosen,
                standards=roster.standards,
                as_of=roster.as_of,
                since=roster.since or None,
                audience=state.audience,
                out=state.folder,
                jobs=jobs,
                progress=False,
                caseload=roster.caseload,
                ended=ended,
            )
        except Exception:
            self.state = replace(state, running=False)
            raise
        failed = f", {len(result.failed)} failed" if result.failed else ""
        self.said = f"{count(len(result.written), 'report')} written{failed}: see the list below."
        return found(replace(state, run=_standing(standing, 0), shown=""))

    def _show(self, state: Reports) -> None:
        self.state = state
        self.show()


def _standing(standing: Mapping[str, str], jobs: int) -> Mapping[str, str]:
    """Where each program stands; the first of those that wait are being written."""
    waiting = [program for program, each in standing.items() if each == WAITING][:jobs]
    return MappingProxyType({**standing, **dict.fromkeys(waiting, WRITING)})


def _now(done: int, of: int, times: int) -> bool:
    """Whether the progress is to be shown: about so many times in a run, and at its end."""
    return done == of or done * times // of != (done - 1) * times // of
