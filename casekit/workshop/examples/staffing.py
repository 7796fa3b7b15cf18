"""Examples of the kinds about staff: how many, how many each, there or away, fit for the work.

One function a kind, with the settings of the judge of that name.
"""

from __future__ import annotations

from casekit.kinds.evidence.shown import said
from casekit.tables import DEGREES, TABLES
from casekit.workshop.controls import Choice, Control, Example, Rows, Slider, yes_no
from casekit.workshop.examples.rows import COLLEAGUE, MANAGER, STUDENT, manager, on, roster, student

Texts = tuple[str, ...]


def staff_ratio(per_staff: float) -> Example:
    cap = max(int(per_staff), 1)

    def rows(students: int, fte: int, share: int) -> Rows:
        staff = manager(fte=fte / 100, case_management_share=share / 100)
        return roster(*(student(n + 1) for n in range(students)), staff=[staff])

    return Example(
        (
            Slider("students", "Students enrolled", 1, cap + min(cap, 50), cap, cap + 1),
            Slider("fte", "Working time of the case manager, percent", 10, 100, 100, 100),
            Slider("share", "Part of it for case management, percent", 10, 100, 100, 100),
        ),
        rows,
    )


def caseload(at_most: int) -> Example:
    def rows(students: int, moved: int) -> Rows:
        people = [student(n + 1) for n in range(students)]
        held = [
            {
                "student_id": person["student_id"],
                "staff_id": COLLEAGUE if n < moved else MANAGER,
                "start_date": "2026-03-02",
            }
            for n, person in enumerate(people)
        ]
        return roster(*people, staff=[manager(), manager(COLLEAGUE)], assignments=held)

    top = at_most + min(at_most, 50)
    return Example(
        (
            Slider("students", "Students", 1, top, at_most, at_most + 1),
            Slider("moved", "Of them with a second case manager", 0, top, 0, 0),
        ),
        rows,
    )


def staff_present(at_work: bool) -> Example:
    def leave(away: int, covered: str) -> Rows:
        off = {"staff_id": MANAGER, "start_date": "2026-03-09", "end_date": on("2026-03-08", away)}
        off["covered_by"] = COLLEAGUE if covered == "yes" else ""
        staff = [manager(), manager(COLLEAGUE, case_management_share=0)]
        return roster(staff=staff, leave=[off] if away else [])

    def gap(away: int) -> Rows:
        first = manager(end_date=on("2026-03-08"))
        return roster(staff=[first, manager(COLLEAGUE, start_date=on("2026-03-09", away))])

    if at_work:
        days = Slider("away", "Days on leave from 9 March", 0, 15, 0, 2)
        return Example((days, yes_no("covered", "Does a colleague stand in?")), leave)
    return Example((Slider("away", "Days from one case manager to the next", 0, 15, 0, 2),), gap)


def leave_covered() -> Example:
    def rows(away: int, covered: int) -> Rows:
        covered = min(covered, away)
        stretches = [(0, covered, COLLEAGUE), (covered, away, "")]
        leave = [
            {
                "staff_id": MANAGER,
                "start_date": on("2026-03-09", first),
                "end_date": on("2026-03-08", past),
                "covered_by": by,
            }
            for first, past, by in stretches
            if first < past
        ]
        return roster(staff=[manager(), manager(COLLEAGUE)], leave=leave)

    return Example(
        (
            Slider("away", "Days on leave from 9 March", 0, 12, 5, 5),
            Slider("covered", "Of them with someone who stands in", 0, 12, 5, 3),
        ),
        rows,
    )


def based_on_site() -> Example:
    def rows(there: int) -> Rows:
        moved = on("2026-03-01", there)
        first = manager(site_id="school", start_date="2026-03-01", end_date=on(moved, -1))
        then = manager(site_id="head office", start_date=moved)
        return roster(staff=[*([first] if there else []), *([then] if there < 31 else [])])

    label = "Days of March based at a teaching site, of 31"
    return Example((Slider("there", label, 0, 31, 16, 15),), rows)


def qualification(
    degree: str = "",
    degree_fields: Texts = (),
    years: float = 0,
    experience: Texts = (),
    certificates: Texts = (),
) -> Example:
    controls: list[Control] = []
    if degree:
        levels = {level: said(level) for level in DEGREES}
        controls.append(Choice("degree_level", "Highest degree", levels, degree, "none"))
        fields = {one: said(one) for one in _allowed("degree_field")}
        fit = (degree_fields or ("other",))[0]
        controls.append(Choice("degree_field", "Field of the degree", fields, fit, fit))
    if years:
        enough = 0 if degree else -int(-years // 1)
        controls.append(Slider("experience_years", "Years of experience", 0, 10, enough, 0))
        kinds = {one: said(one) for one in _allowed("experience_kind")}
        like = (experience or ("other",))[0]
        controls.append(Choice("experience_kind", "Experience in", kinds, like, like))
    if certificates:
        held = {one: said(one) for one in (*certificates, "none")}
        first = "none" if degree or years else certificates[0]
        controls.append(Choice("certificates", "Certificate", held, first, "none"))

    def rows(**cells: object) -> Rows:
        counted = {"experience_on": "2026-03-31"} if years else {}
        return roster(staff=[manager(**cells, **counted)])

    return Example(tuple(controls), rows)


def _allowed(column: str) -> Texts:
    return TABLES["staff"].column(column).allowed


def case_manager_assigned() -> Example:
    def rows(wait: int) -> Rows:
        held = {"student_id": STUDENT, "staff_id": MANAGER, "start_date": on("2026-03-02", wait)}
        return roster(student(start="2026-03-02"), staff=[manager()], assignments=[held])

    label = "Days from the enrolment until there is a case manager"
    return Example((Slider("wait", label, 0, 28, 0, 1),), rows)


def assigned_at_new_site() -> Example:
    def rows(site: str) -> Rows:
        before = student(site_id="old", enrollment_end="2026-03-15")
        after = student(start="2026-03-16", site_id="new")
        staff = [manager(site_id="old"), manager(COLLEAGUE, site_id=site)]
        held = [
            {"student_id": STUDENT, "staff_id": MANAGER, **_stretch("2024-08-26", "2026-03-15")},
            {"student_id": STUDENT, "staff_id": COLLEAGUE, **_stretch("2026-03-16")},
        ]
        return roster(before, after, staff=staff, assignments=held)

    sites = {"new": "the new site", "old": "the old site"}
    label = "After the move, the student's case manager is based at"
    return Example((Choice("site", label, sites, "new", "old"),), rows)


def _stretch(start: str, end: str = "") -> dict[str, str]:
    return {"start_date": start, "end_date": end}
