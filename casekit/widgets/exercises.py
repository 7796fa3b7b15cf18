"""The parts of the workshop panel that a participant answers: hunt, quiz and ratings."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from casekit.catalog import load
from casekit.phrases import capital, count, date
from casekit.reports.document import Bullets, Heading, Notice, TableBlock, Text
from casekit.synth import STANDARDS
from casekit.widgets.parts import (
    Button,
    Choice,
    Entry,
    Folded,
    Group,
    Part,
    Row,
    Tick,
)
from casekit.widgets.room import NUMBERS, Workshop, hunt_of, quiz_of, typed
from casekit.widgets.walking import standard_options
from casekit.workshop import hunt as hunting
from casekit.workshop import quiz as asking
from casekit.workshop.agreement import asked, elements, scale
from casekit.workshop.hunt import Hunt
from casekit.workshop.merge import pairs_of

SHOWN = 300  # rows of a table of the roster


def person(state: Workshop) -> Iterator[Part]:
    """Who answers, where that is kept, and what the room has before it."""
    wrong = state.mistakes
    who = Entry(
        "participant",
        "What you call yourself",
        state.answers.participant,
        help="Any name will do. Nobody else is shown it.",
    )
    where = Entry(
        "path",
        "Your answers are kept in",
        state.path,
        help="A .json or .csv file. Give it to the trainer at the end.",
        error=wrong.get("path", ""),
    )
    numbers = tuple(
        Entry(name, label, typed(state, name), error=wrong.get(name, ""))
        for name, label in NUMBERS.items()
    )
    options = tuple(pair for pair in standard_options() if pair[0] in STANDARDS)
    standard = Choice(
        "standard_hunted", "Standard", typed(state, "standard_hunted"), options=options
    )
    begin = Button("begin", "Begin this session")
    yield Group(
        "You",
        (
            Row((who, where)),
            Folded(f"The room's session: {state.session}", (standard, Row(numbers), begin)),
        ),
        help="Everyone in a room needs the same session: the trainer says which.",
    )


def hunt(state: Workshop) -> Iterator[Part]:
    """The roster of one program, and what of its standard is believed to be breached."""
    found = hunt_of(state.session)
    program = program_of(state, found)
    yield Heading(2, "Hunt breaches")
    yield Text(
        f"The roster is made up. It runs from {_days(found)}. Look through the tables of each"
        " program, and tick what you believe is not met. A rule that was missed once is not met."
    )
    options = tuple(found.programs.items())
    yield Choice("program", "Program", program, options=options)
    marked = pairs_of(state.answers)
    ticks = tuple(
        Tick(f"mark-{number}", each.title, "yes" if (program, each.id) in marked else "")
        for number, each in enumerate(found.asked(program))
    )
    name = found.programs[program]
    yield Group(f"Not met in {name}", ticks)
    yield Button("mark", "Mark my hunt", "hunt", primary=True)


def _days(found: Hunt) -> str:
    span = next(iter(found.evaluation.spans.values()))
    return f"{date(span.since)} to {date(span.as_of)}"


def program_of(state: Workshop, found: Hunt) -> str:
    """The program that is hunted in, the first where none is chosen."""
    return state.program if state.program in found.programs else next(iter(found.programs))


def roster(state: Workshop) -> Iterator[Part]:
    """One table of the program hunted in."""
    found = hunt_of(state.session)
    tables = found.roster(program_of(state, found))
    name = state.table if state.table in tables else next(iter(tables))
    options = tuple((each, f"{each} ({len(rows)} rows)") for each, rows in tables.items())
    yield Choice("table", "Table of the roster", name, options=options)
    rows = tables[name]
    note = f"The first {SHOWN} of {len(rows)} rows." if len(rows) > SHOWN else ""
    yield TableBlock(f"The table {name}", rows.head(SHOWN).fillna(""), note)


def hunt_marks(state: Workshop) -> Iterator[Part]:
    """The marks of the hunt, with why."""
    if "hunt" not in state.marked:
        return
    found = hunt_of(state.session)
    table = hunting.mark(found, pairs_of(state.answers))
    yield Notice("note", hunting.score(table))
    shown = pd.DataFrame(
        {
            "Requirement": table["title"],
            "Program": table["program_id"].map(found.programs),
            "Mark": table["mark"].map(capital),
            "The rule says": table["status"],
            "Why": table["why"],
            "Planted": table["planted"],
        }
    )
    yield TableBlock("What you found, and what you missed", shown, statuses=("The rule says",))


def quiz(state: Workshop) -> Iterator[Part]:
    """The questions, and once they are marked what is right and why."""
    questions = quiz_of(state.session)
    given = state.answers.of("quiz")
    yield Heading(2, "Quiz")
    yield Text(f"{count(len(questions), 'question')}; answer in any order, and change your mind.")
    marks = asking.mark(questions, given).set_index("id")
    shown = "quiz" in state.marked
    for number, each in enumerate(questions):
        options = tuple((str(place), option) for place, option in enumerate(each.options))
        chosen = each.options.index(given[each.id]) if given.get(each.id) in each.options else ""
        label = f"{number + 1}. {each.text}"
        yield Choice(f"quiz-{number}", label, str(chosen), options=options, buttons=True)
        if shown:
            yield Notice("note", _told(marks.loc[each.id]))
    yield Button("mark", "Mark my answers", "quiz", primary=True)
    if shown:
        yield Notice("note", asking.score(marks))


def _told(mark: pd.Series) -> str:
    right = "" if mark["mark"] == asking.RIGHT else f" It is: {mark['right'].rstrip('.')}."
    return f"{capital(mark['mark'])}.{right} {mark['why']} Source: {mark['citation']}."


def rate(state: Workshop) -> Iterator[Part]:
    """The elements of the standard, each at one of its levels."""
    standard = load(state.session.standard)
    levels, names = scale(standard), elements(standard)
    yield Heading(2, "Rate the elements")
    if not levels:
        yield Notice("note", f"{standard.title} has no levels: choose another for the session.")
        return
    rounds = (("alone", "Alone, before we talk"), ("together", "Together, after we talked"))
    yield Choice("round", "This round", state.round, options=rounds, buttons=True)
    given = state.answers.of(state.round)
    options = tuple((str(place), capital(level)) for place, level in enumerate(levels))
    done = sum(name in given for name in names)
    yield Text(f"{done} of {count(len(names), 'element')} rated. At which level is your program?")
    for number, name in enumerate(names):
        chosen = str(levels.index(given[name])) if given.get(name) in levels else ""
        yield Choice(f"rate-{number}", name, chosen, options=options, buttons=True)
        said = tuple(f"{capital(each.level)}: {each.title}" for each in asked(standard)[name])
        yield Folded(f"What each level asks of {name}", (Bullets(said),))
