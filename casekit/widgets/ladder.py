"""How far a program has come: its answers by section, and the levels that follow from them."""

from __future__ import annotations

from collections.abc import Iterator

from casekit.assessment.standing import Assessment, Rung, sections
from casekit.figures import level_ladder
from casekit.phrases import count
from casekit.reports.document import Bullets, FigureBlock, Heading, Text
from casekit.widgets.parts import Button, Choice, Part, Row


def progress(now: Assessment, section: int) -> Iterator[Part]:
    """How far the answers are, and the choice of a section."""
    answered, asked = now.progress
    differing = {requirement.id for requirement in now.differing}
    yield Heading(2, now.standard.title)
    yield Text(f"{answered} of {count(asked, 'requirement')} answered. {_differ(len(differing))}")
    given = now.findings["attested"] != ""
    options = []
    every = sections(now.standard)
    for place, each in enumerate(every):
        done = int(given[list(each.requirements)].sum())
        here = len(differing & set(each.requirements))
        mark = f", {here} {'differs' if here == 1 else 'differ'} from the data" if here else ""
        told = f"{each.title} ({done} of {len(each.requirements)} answered{mark})"
        options.append((str(place), told))
    yield Choice("section", "Section", str(section), options=tuple(options))
    last = len(every) - 1
    yield Row(
        (
            Button("previous", "Previous section", disabled=section == 0),
            Button("next", "Next section", disabled=section == last),
        )
    )


def _differ(number: int) -> str:
    if not number:
        return "No answer differs from what the data says."
    differs = "answer differs" if number == 1 else "answers differ"
    return f"{number} {differs} from what the data says."


def section_level(now: Assessment, section: int) -> Iterator[Part]:
    """The shown section's heading, and its level where it has one."""
    shown = sections(now.standard)[section]
    yield Heading(3, shown.title)
    rung = now.rung(shown.area, shown.element) if shown.element else None
    if rung:
        area, program = (now.rung(name) for name in (shown.area, ""))
        above = {f"The area {shown.area}": area, "The whole program": program}
        told = [f"{name}: {level_name(each)}." for name, each in above.items() if each]
        yield Text(" ".join([_level(rung), *told]))


def level_name(rung: Rung) -> str:
    """The level that is reached, in words."""
    return rung.level or "below the first level"


def _level(rung: Rung) -> str:
    level = f"Level: {rung.level}." if rung.level else "No level is reached yet."
    if not rung.following:
        return f"{level} That is the highest."
    short = [
        f"{len(rung.blocking)} not met" if rung.blocking else "",
        f"{len(rung.unshown)} not shown yet" if rung.unshown else "",
    ]
    return f"{level} Before {rung.following}: {' and '.join(filter(None, short))}."


def blockers(now: Assessment, section: int) -> Iterator[Part]:
    """What stands before the next level of the shown section, and the way on."""
    shown = sections(now.standard)[section]
    rung = now.rung(shown.area, shown.element) if shown.element else None
    if rung and rung.following:
        yield Heading(3, f"What stands before {rung.following}")
        blocking = [f"✗ Not met: {each.title}" for each in rung.blocking]
        unshown = [f"? Not shown yet: {each.title}" for each in rung.unshown]
        yield Bullets((*blocking, *unshown))
    for following in sections(now.standard)[section + 1 : section + 2]:
        yield Row((Button("onward", "On to the next section", about=following.title),))


def levels(now: Assessment) -> Iterator[Part]:
    """The levels of the program, its areas and their elements, drawn as a ladder."""
    if now.levels.empty:
        return
    standard = now.standard
    titles = {name: each.title for name, each in standard.requirements.items()}
    yield Heading(2, "Levels")
    figure = level_ladder(now.levels, standard.title, list(standard.levels), titles)
    yield FigureBlock.of(figure)
    yield Text("An area, and the program, stands at the lowest level of its elements.")
