"""The scenario form: what is tried, what is assumed, the list of changes, what is saved."""

from __future__ import annotations

import math
from collections.abc import Iterator

from casekit.phrases import capital, count, date, listing
from casekit.planning.scenarios.ground import Ground
from casekit.planning.scenarios.said import phrase
from casekit.planning.settings import KNOWN
from casekit.reports.document import Heading, Notice, Text
from casekit.widgets.parts import (
    Button,
    Cell,
    Choice,
    Entry,
    Folded,
    Grid,
    Group,
    Part,
    Row,
    Slider,
    Tick,
)
from casekit.widgets.staffing_state import Staffing
from casekit.widgets.staffing_tries import ASSUMED, AWAY, LEAVES

_HELP = {
    "salary": "Without it, costs are told in full-time salaries.",
    "money": "Such as US dollars.",
    "on_cost": "Pension and insurance, as a part of pay: 0.3 is 30%.",
    "hire_cost": "Advertising, training and the like.",
    "hiring_weeks": "From a decision, or a resignation, to the new person's first day.",
    "attrition_per_year": "As a part: 0.1 is one in ten. Empty: from the staff table.",
    "sure": "The probability of staying within the limit that is aimed at: 0.9 is nine in ten.",
}
MOST_COMPARED = 4


def builder(state: Staffing) -> Iterator[Part]:
    """What can be tried, each with its day: it holds at once."""
    if state.roster.evaluation is None:
        return
    yield Heading(2, "What if …")
    ground = state.ground
    if ground is None:
        yield Notice("warning", state.unable or "This program cannot be planned.")
        yield from _horizon(state)
        return
    if lacks := ground.outlook.caseload.lacks("staff"):
        yield Notice(
            "warning",
            f"{capital(lacks)}, so no limit on staffing can be judged. Add the table to your"
            " roster: a row per case manager, with FTE and the share for case management.",
        )
    yield Row((_more_staff(state, ground), _students(state, ground)))
    more = (_person(state, ground), _gone(state, ground))
    assumed = (_assumed(state), *_horizon(state))
    yield Row(
        (
            Folded("Change somebody's time, or let somebody leave", (Row(more),)),
            Folded("Costs, and how far to look ahead", assumed),
        )
    )


def _slider(state: Staffing, name: str, label: str, high: float, step: float, unit: str) -> Slider:
    value = getattr(state.tries, name)
    wrong = state.mistakes.get(name, "")
    return Slider(name, label, value, error=wrong, high=high, step=step, unit=unit)


def _day(state: Staffing, name: str, label: str, told: str) -> Entry:
    value, wrong = getattr(state.tries, name), state.mistakes.get(name, "")
    return Entry(name, label, value, help=told, error=wrong, kind="date")


def _people(state: Staffing, ground: Ground, nobody: str) -> tuple[tuple[str, str], ...]:
    return (("", nobody), *((who, state.names.get(who, who)) for who in ground.people))


def _more_staff(state: Staffing, ground: Ground) -> Part:
    most = max(3, math.ceil(0.2 * ground.posts))
    like = Choice(
        "fte_like",
        "With the qualifications of",
        state.tries.fte_like,
        help="Rules about qualifications cannot be told without.",
        options=_people(state, ground, "Not known"),
    )
    fields = (
        _slider(state, "fte", "FTE to add", most, 0.1, "FTE"),
        _slider(state, "fte_share", "Share for case management", 100, 5, "%"),
        _day(state, "fte_from", "From", "The first day at work."),
        like,
    )
    return Group(
        "Add staff",
        (Row(fields),),
        help="1 FTE is one full-time post. 0 adds nobody.",
    )


def _students(state: Staffing, ground: Ground) -> Part:
    most = max(5, math.ceil(0.02 * ground.enrolled))
    fields = (
        _slider(state, "intake", "More students who come", most, 0.5, "a week"),
        _slider(state, "exits", "Students who leave", most, 0.5, "a week"),
        _day(state, "flow_from", "Students from", "The first day on which any comes or goes."),
    )
    return Group(
        "Students who come and go",
        (Row(fields),),
        help=f"On top of what your tables say already. {count(ground.enrolled, 'student')} enrolled"
        f" on {date(ground.outlook.span.as_of)}.",
    )


def _person(state: Staffing, ground: Ground) -> Part:
    fields: list[Part] = [
        Choice("who", "Case manager", state.tries.who, options=_people(state, ground, "Nobody"))
    ]
    if state.tries.who:
        fields += [
            _slider(state, "who_fte", "FTE from then on", 1, 0.05, "FTE"),
            _slider(state, "who_share", "Share for case management from then on", 100, 1, "%"),
            _day(state, "who_from", "Changed from", "The first day on which it holds."),
        ]
    return Group("Change somebody's time", tuple(fields))


def _gone(state: Staffing, ground: Ground) -> Part:
    tries = state.tries
    fields: list[Part] = [
        Choice(
            "gone", "Who leaves or is away", tries.gone, options=_people(state, ground, "Nobody")
        )
    ]
    if tries.gone:
        away = tries.gone_how == AWAY
        how = ((LEAVES, "Leaves for good"), (AWAY, "Is away for a while"))
        fields.append(Choice("gone_how", "How", tries.gone_how, options=how, buttons=True))
        said = "The first day away." if away else "The last day at work."
        fields.append(_day(state, "gone_on", "First day away" if away else "Last day", said))
        if away:
            told = "Leave lowers no FTE: rules count who is employed. It matters to cover."
            fields.append(_day(state, "gone_until", "Back after", told))
        else:
            told = "Empty: nobody follows."
            wrong = state.mistakes.get("gone_weeks", "")
            label = "Replaced after so many weeks"
            fields.append(Entry("gone_weeks", label, tries.gone_weeks, help=told, error=wrong))
    return Group("Somebody leaves, or is away", tuple(fields))


def _assumed(state: Staffing) -> Part:
    return Group(
        "What is assumed",
        (
            Row(
                tuple(
                    Entry(
                        name,
                        label,
                        state.given.get(name, ""),
                        help=f"{_HELP[name]}{_ours(name)}",
                        error=state.mistakes.get(name, ""),
                    )
                    for name, label in ASSUMED.items()
                )
            ),
        ),
        help="No standard says these numbers. They matter to costs and to the chance.",
    )


def _ours(name: str) -> str:
    usual = KNOWN[name].default
    return "" if usual in (None, 0.0, 1.0) else f" Empty: {usual}."


def _horizon(state: Staffing) -> Iterator[Part]:
    yield Entry(
        "until",
        "Look ahead to",
        state.until,
        help="Empty: 52 weeks after the day as of which the data is looked at.",
        error=state.mistakes.get("until", ""),
        kind="date",
    )


def changes(state: Staffing) -> Iterator[Part]:
    """The changes of the scenario, each to be taken out again; its name, and where it is saved."""
    if state.ground is None:
        return
    phrases = state.phrases()
    fields = [*[f"kept|{place}" for place in range(len(state.kept))], *state.laid[1]]
    yield Heading(2, "This scenario")
    if state.misfit:
        yield Notice("warning", f"{state.misfit} Take it out, or load another scenario.")
    if phrases:
        yield Grid(
            f"{count(len(phrases), 'change')} so far",
            ("Change", "Take it out"),
            tuple(
                (capital(text), Button("remove", "Remove", field, about=text))
                for text, field in zip(phrases, fields, strict=True)
            ),
        )
    else:
        yield Text("Nothing is changed yet. Move a slider above.")
    more = Button("keep", "Keep these changes and try more", disabled=not state.laid[1])
    yield Row((more, Button("clear", "Start again", disabled=not phrases)))
    for note in state.after.notes if state.after else ():
        yield Notice("note", f"{capital(note)}.")
    name = Entry("name", "Name of the scenario", state.name, error=state.mistakes.get("name", ""))
    folder = Entry(
        "folder",
        "Folder for scenarios",
        state.folder,
        help="Each is a small TOML file, so it is still there tomorrow.",
        error=state.mistakes.get("folder", ""),
    )
    yield Group("Save it", (Row((name, folder)), Row((Button("save", "Save", primary=True),))))


def saved(state: Staffing) -> Iterator[Part]:
    """The scenarios of the folder: to be loaded, or ticked and compared."""
    if state.ground is None:
        return
    yield Heading(2, "Saved scenarios")
    if not state.saved:
        yield Text(f"None is saved in {state.folder} yet. Give this one a name, and save it.")
        return
    rows: list[tuple[Cell, ...]] = []
    for each in state.saved:
        if each.scenario is None:
            rows.append((each.file, f"Cannot be read: {each.mistake}", "", ""))
            continue
        name = each.scenario.name
        ticked = "yes" if each.file in state.compared else ""
        full = len(state.compared) >= MOST_COMPARED and not ticked
        tick = Tick(f"compare|{each.file}", f"Compare {name}", ticked, disabled=full, hidden=True)
        phrases = [phrase(c, state.names, state.first_day) for c in each.scenario.changes]
        told = capital(listing(phrases, 3))
        rows.append((name, told, tick, Button("load_scenario", "Load", each.file, about=name)))
    yield Grid(
        "Scenarios in the folder",
        ("Scenario", "What it is", "Compare", "Load"),
        tuple(rows),
        note=f"Tick up to {MOST_COMPARED} to compare them.",
    )
