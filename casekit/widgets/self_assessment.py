"""The self-assessment panel: what the data says, what you say, and the level that follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, field, replace
from functools import partial
from hashlib import sha256

from casekit.assessment.answers import Answer, save_answer, take_back
from casekit.assessment.gap_plan import gaps, save_step, step_of, workbook, write_workbook
from casekit.assessment.kept import SavingError
from casekit.assessment.place import Place, place_of
from casekit.assessment.standing import Assessment, Section, Standing, begun, sections
from casekit.caseload import Caseload
from casekit.phrases import count
from casekit.widgets.caseload import problems
from casekit.widgets.gap_plan import gap_plan
from casekit.widgets.ladder import blockers, level_name, levels, progress, section_level
from casekit.widgets.panel import Download
from casekit.widgets.parts import Choice, Entry, Folded, Group, Part, Region, Row
from casekit.widgets.requirement_form import ASKED, Sheet, requirement
from casekit.widgets.roster import HANDED_OVER, Roster, RosterPanel, WithRoster, form

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The fields of a step of the gap plan; their controls are named with "gap_" before it.
PLANNED = ("owner", "due_on", "step", "status")


@dataclass(frozen=True)
class SelfAssessment(WithRoster):
    """What the panel looks at.

    assessment  one program under one standard, with the answers so far; None without a roster
    section     the place of the section that is shown; assessor: who answers
    held        which of the program's standards, by id; empty: the first
    unsaved     what could not be saved, and why, by FIELD:REQUIREMENT
    as_kept     how the files of answers were when they were last read or written
    """

    assessment: Assessment | None = None
    section: int = 0
    assessor: str = ""
    held: str = ""
    unsaved: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    as_kept: tuple[int, ...] = ()

    @property
    def place(self) -> Place:
        """Where the answers are kept."""
        return _kept_at(self.roster)

    @property
    def sections(self) -> tuple[Section, ...]:
        return sections(self.assessment.standard) if self.assessment else ()

    @property
    def shown(self) -> Section:
        return self.sections[self.section]

    @property
    def sheet(self) -> Sheet:
        """The sheet in view: what its controls are about."""
        roster = self.roster
        day = str(self.assessment.span.as_of) if self.assessment else roster.as_of
        about = (roster.data, roster.overlay, roster.program, self.held, day)
        return Sheet(day, sha256(repr(about).encode()).hexdigest()[:8], self.unsaved)


def _kept_at(roster: Roster) -> Place:
    """Where the answers about a roster are kept."""
    uploaded = roster.programs if roster.data == HANDED_OVER else None
    return place_of(roster.data, roster.over, uploaded=uploaded)


def who(state: SelfAssessment) -> Iterator[Part]:
    """Who answers, under which of the program's standards, and where the answers are kept."""
    yield from form(state.roster)
    if state.assessment is None or state.roster.evaluation is None:
        return
    held = state.roster.evaluation.standards.values()
    parts: list[Part] = [
        Entry(
            "assessor",
            "Who answers",
            state.assessor,
            help="Saved with each answer from now on, and so is the day above (As of).",
        )
    ]
    if len(held) > 1:
        options = tuple((standard.id, standard.title) for standard in held)
        parts.append(Choice("held", "Standard", state.assessment.standard.id, options=options))
    yield Group("Your answers", (Row(tuple(parts)),), help=state.place.said)


def plan(state: SelfAssessment) -> Iterator[Part]:
    """What is missing, and who sees to it."""
    if state.assessment:
        leveled = bool(state.assessment.standard.levels)
        yield from gap_plan(gaps(state.assessment), leveled, state.sheet)


def problems_found(roster: Roster) -> Iterator[Part]:
    """The problems in the data, behind a line that counts them."""
    if roster.caseload is None or roster.caseload.problems.empty:
        return
    found = roster.caseload.problems
    aside = count(int(found["set_aside"].sum()), "row")
    told = f"{count(len(found), 'problem')} in the data, {aside} set aside and not judged"
    yield Folded(told, tuple(problems(roster)))


class SelfAssessmentPanel(RosterPanel[SelfAssessment]):
    """The requirements of a standard as a form; each change is saved at once."""

    # How the files of answers were just before they were read.
    _before: tuple[int, ...] = ()

    def __init__(self, data: str, as_of: str, program: str = "") -> None:
        super().__init__(SelfAssessment(Roster(data, as_of, program=program)))
        self.state = self.pressed(self.state, "load", "")

    def regions(self, state: SelfAssessment) -> Iterator[Region]:
        now = state.assessment
        form_of = (state.roster, state.assessor, now.standard.id if now else "")
        yield Region("who", form_of, partial(who, state))
        yield Region("problems", (state.roster.caseload,), partial(problems_found, state.roster))
        if now is None:
            return
        here, sheet = (now, state.section), state.sheet
        yield Region("progress", here, partial(progress, *here))
        yield Region("section", here, partial(section_level, *here))
        for name in state.shown.requirements:
            standing = now.standing(name)
            lost = tuple(sheet.lost(each, name) for each in ASKED)
            asked = partial(requirement, standing, sheet)
            yield Region(f"requirement-{name}", (sheet.of, lost, _made_of(standing)), asked)
        yield Region("blockers", here, partial(blockers, *here))
        yield Region("levels", (now,), partial(levels, now))
        yield Region("gap-plan", (now, tuple(state.unsaved.items())), partial(plan, state))

    def read(self, roster: Roster, given: Mapping[str, bytes] | None = None) -> Roster:
        """The roster with the answers that are kept about it."""
        over = roster.over
        if over and over.exists() and not over.is_dir():
            told = {"overlay": "Give a folder of additions: your answers are kept in it."}
            return replace(roster, caseload=None, mistakes=told)
        # Which programs the files hold says where the answers about them are.
        known = roster if given is None or over else super().read(roster, given)
        place = _kept_at(known)
        self._before = place.as_kept()
        # A folder with nothing in it yet adds nothing: it is made when an answer is saved.
        begun_ = over and over.is_dir() and any(p.is_file() for p in over.glob("[!.]*"))
        overlay = str((over if begun_ else place.overlay) or "")
        return replace(
            super().read(replace(roster, overlay=overlay), given), overlay=roster.overlay
        )

    def _over(self, state: SelfAssessment, roster: Roster) -> SelfAssessment:
        if roster.caseload is not state.roster.caseload:
            state = replace(state, as_kept=self._before)
        return super()._over(state, roster)

    def opened(self, state: SelfAssessment) -> SelfAssessment:
        # A page may be made long before it is looked at, and answers be given on another one.
        anew = state.assessment is None or state.place.as_kept() != state.as_kept
        return self.pressed(state, "load", "") if anew else state

    def settled(self, state: SelfAssessment) -> SelfAssessment:
        found = state.roster.evaluation
        if found is None:
            return replace(state, assessment=None, unsaved={})
        held = state.held if state.held in found.standards else next(iter(found.standards))
        now = begun(found, state.roster.program, held)
        before = state.assessment.standard.id if state.assessment else state.held
        section = state.section if before == held else 0
        return replace(state, assessment=now, held=held, section=section, unsaved={})

    def changed(self, state: SelfAssessment, name: str, value: str) -> SelfAssessment:
        control, _, about = name.partition(":")
        requirement_id, _, of = about.partition(":")
        if of not in ("", state.sheet.of):
            self.said = "Not saved: another program or day is shown by now. Give it again there."
            return state
        if requirement_id and state.assessment:
            return self._kept(state, control, requirement_id, value)
        self.said = ""
        if name == "section":
            return replace(state, section=max(0, min(int(value), len(state.sections) - 1)))
        if name == "assessor":
            return replace(state, assessor=value)
        if name == "held":
            return self.settled(replace(_up_to_date(state), held=value))
        return super().changed(_up_to_date(state), name, value)

    def pressed(self, state: SelfAssessment, name: str, value: str) -> SelfAssessment:
        now = state.assessment
        match name:
            case "previous" | "next" | "onward":
                self.said = ""
                self.focus("section")
                step = -1 if name == "previous" else 1
                place = min(max(state.section + step, 0), len(state.sections) - 1)
                return replace(state, section=place)
            case "write" if now:
                self.said = f"Written: {write_workbook(now, state.place.folder)}"
                return state
            case "download" if now:
                self.hand(Download("gap_plan.xlsx", XLSX, workbook(now)))
                return state
        return super().pressed(_up_to_date(state), name, value)

    def _kept(self, state: SelfAssessment, control: str, name: str, value: str) -> SelfAssessment:
        """The state after an answer, or a step of the plan, was saved; or why it was not."""
        others = {key: lost for key, lost in state.unsaved.items() if key != f"{control}:{name}"}
        try:
            state, now = self._read_since(state)
            keep = planned if control.startswith("gap_") else answered
            after = now.answered(keep(state, now, control, name, value), name)
        except SavingError as error:
            self.said = str(error)
            return replace(state, unsaved={**others, f"{control}:{name}": (value, str(error))})
        self.said = " ".join(filter(None, ["Saved.", _risen(now, after, name)]))
        kept = state.place.as_kept()
        return replace(state, assessment=after, unsaved=others, as_kept=kept)

    def _read_since(self, state: SelfAssessment) -> tuple[SelfAssessment, Assessment]:
        """The state with what others have saved since, so that it is not overwritten.

        Raises SavingError where that cannot be read.
        """
        place = state.place
        fresh = state if place.as_kept() == state.as_kept else self.pressed(state, "load", "")
        now = fresh.assessment
        if now is None or fresh.sheet.of != state.sheet.of:
            raise SavingError(f"Not saved: the roster has changed. {self.said}")
        if place.as_kept() != fresh.as_kept:  # files that were handed over cannot be read again
            raise SavingError(
                "Not saved: answers about these files were given on another page. Choose the files"
                " again, and then answer."
            )
        return fresh, now


def _up_to_date(state: SelfAssessment) -> SelfAssessment:
    """The state with a roster that has the answers given since it was read."""
    if state.assessment is None:
        return state
    return replace(state, roster=replace(state.roster, caseload=state.assessment.caseload))


def answered(
    state: SelfAssessment, now: Assessment, control: str, name: str, value: str
) -> Caseload:
    """Save what was said of one requirement, as an answer of the form's day."""
    given, today = now.standing(name).answer, str(now.span.as_of)
    if control not in ASKED:
        raise ValueError(f"there is no control {control!r}")
    if control == "answer" and not value:
        asked = now.standard.requirements[name]
        return take_back(now.caseload, state.place, given, asked) if given else now.caseload
    base = given or Answer(now.program, name, "", today)
    same_day = base.assessed_on == today
    told = {
        "requirement_id": name,
        "assessed_on": today,
        "assessor": state.assessor or (base.assessor if same_day else ""),
        control: value,
    }
    return save_answer(now.caseload, state.place, replace(base, **told))


def planned(
    state: SelfAssessment, now: Assessment, control: str, name: str, value: str
) -> Caseload:
    """Save what was said of the step towards one requirement."""
    field_ = control.removeprefix("gap_")
    if field_ not in PLANNED:
        raise ValueError(f"there is no control {control!r}")
    return save_step(now.caseload, state.place, replace(step_of(now, name), **{field_: value}))


def _risen(before: Assessment, after: Assessment, name: str) -> str:
    """What an answer did to the level of its element, in a sentence; empty where nothing."""
    asked = after.standard.requirements[name]
    then, now = (each.rung(asked.area, asked.element) for each in (before, after))
    if not asked.element or then is None or now is None or then.level == now.level:
        return ""
    return f"{asked.element} is now {level_name(now)}."


def _made_of(standing: Standing) -> tuple[str, ...]:
    """All that is shown of a requirement: while it is the same, it is not drawn again."""
    said = astuple(standing.answer) if standing.answer else ()
    return (standing.status, standing.data, standing.differs, *said, *standing.remarks)
