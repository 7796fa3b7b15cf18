"""What is said of a reassignment: what was found or is missing, and what was taken as it is."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from casekit.kinds.staffing import exact
from casekit.phrases import count, date, listing, number
from casekit.planning.moves.board import UNKNOWN, Board, names_of
from casekit.planning.moves.shortage import Extra
from casekit.planning.outlook import Outlook


def settings_used(outlook: Outlook) -> tuple[str, ...]:
    """The settings that reassignments and placings read."""
    own = () if outlook.limits.rules else ("per_staff", "at_most")
    return (*own, "same_site", "skills", "pinned", "travel_minutes", "distances", "fte_step")


def found_said(
    outlook: Outlook, made: Board, changed: int, placed: int, before: Fraction, travel: Fraction
) -> tuple[str, ...]:
    """What was found, in sentences."""
    until = f"to {date(outlook.span.until)}"
    limit = f"{outlook.program} keeps to {outlook.limits.words}"
    if not len(made.students):
        return (f"{outlook.program}: nobody is enrolled from {date(made.moments[0])} {until}",)
    if not changed and not placed:
        return (f"{limit} up {until} with everybody where they are: no move is needed",)
    said = [
        f"From {date(made.moments[0])} up {until} {limit} if"
        f" {count(changed, 'student changes', 'students change')} case manager; fewer changes"
        " cannot do"
    ]
    if placed:
        said.append(f"{count(placed, 'student')} whom nobody has {_is(placed)} placed")
    said.append(
        f"One contact with each student then takes {number(float(travel), 1)} minutes of travel"
        f" ({number(float(before), 1)} as things stand): the least with so few changes, and of"
        " those the most even caseloads on the first day"
    )
    return tuple(said)


def _is(n: int) -> str:
    return "is" if n == 1 else "are"


def notes(outlook: Outlook, made: Board) -> tuple[str, ...]:
    """What was taken as it is, or left out of account."""
    said = [outlook.note]
    unknown = names_of(made, np.flatnonzero((made.limit == UNKNOWN).any(axis=1)))
    if unknown and outlook.limits:
        said.append(
            f"the FTE or share of {listing(unknown, 5)} is not recorded: their places"
            " cannot be told, so they keep whom they have and receive nobody"
        )
    full = (made.limit != UNKNOWN) & made.employed & (made.elsewhere > made.limit)
    over = names_of(made, np.flatnonzero(full.any(axis=1)))
    if over:
        said.append(
            f"{listing(over, 5)} {_is(len(over))} over through students of other programs alone,"
            " whom this plan does not move"
        )
    if made.doubled:
        said.append(
            f"{count(made.doubled, 'student has', 'students have')} two case managers on"
            f" {date(made.moments[0])}: the one assigned last is taken as theirs"
        )
    if made.unused_pins:
        said.append(
            f"{count(made.unused_pins, 'pin')} about students who are not enrolled here in this"
            f" time {_is(made.unused_pins)} not used"
        )
    return tuple(filter(None, said))


def missing_said(outlook: Outlook, extra: Extra) -> str:
    """`No reassignment passes: ... at least 0.6 FTE more`."""
    limits, places = outlook.limits, sum(extra.heads.values())
    where = listing([f"{n} at {site}" for site, n in extra.heads.items()], 5)
    if limits.per_staff is None:
        most = f"{count(sum(extra.people.values()), 'more case manager')} at least"
    else:
        step = exact(outlook.settings.fte_step)
        steps = [math.ceil(n / limits.per_staff / step) for n in extra.heads.values()]
        fte = number(float(Fraction(places) / limits.per_staff), 4)
        most = (
            f"{fte} FTE more of case management, if each case manager keeps to the ratio alone"
            f" ({number(float(sum(steps) * step), 4)} FTE in steps of"
            f" {number(outlook.settings.fte_step, 4)} for each site)"
        )
    return (
        f"{outlook.program}: no reassignment keeps to {limits.words} up to"
        f" {date(outlook.span.until)}. It takes {most}:"
        f" {count(places, 'place is', 'places are')} missing ({where})"
    )
