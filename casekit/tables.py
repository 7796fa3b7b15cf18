"""Every table and column that casekit reads, declared once.

Readers, checks, the sample and the documents all come from `TABLES`. A column's `type` says how a
cell is read:

| type    | a cell holds                                      | in the frame                           |
|---------|---------------------------------------------------|----------------------------------------|
| id      | a key, kept as text                               | Categorical (shared within a name)     |
| text    | free text                                         | str                                    |
| date    | a day                                             | datetime64[s] at midnight              |
| moment  | a day, or a timestamp with or without an offset   | datetime64[s] wall time as written,    |
|         |                                                   | and `NAME.timed` bool, `NAME.offset`   |
|         |                                                   | minutes east of UTC (float, NaN none)  |
| number  | a number between `low` and `high`                 | float64                                |
| yes_no  | true/false, yes/no, 1/0                           | pandas boolean                         |
| choice  | one of `allowed`                                  | Categorical                            |
| list    | several, `;` between; of `allowed` where given    | Categorical of the text "a;b"          |

An empty cell is missing in every type.
"""

from __future__ import annotations

from dataclasses import dataclass

CHOICES = ("choice", "list")


@dataclass(frozen=True)
class Column:
    """One column: its name in the contract, how it is read, what it means, other names for it."""

    name: str
    type: str
    meaning: str
    required: bool = False
    aliases: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    # The table whose key this column repeats, if it must be found there.
    refers_to: str | None = None


@dataclass(frozen=True)
class Table:
    """One table: its columns in order, and the columns that name a row (no two rows alike)."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    required: bool = False

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


def _c(name: str, type_: str, meaning: str, aliases: str = "", **more) -> Column:
    """A column in one line; a `*` after the name makes it required."""
    allowed = more.pop("allowed", ())
    allowed = _split(allowed) if isinstance(allowed, str) else tuple(allowed)
    return Column(
        name.rstrip("*"), type_, meaning, name.endswith("*"), _split(aliases), allowed, **more
    )


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DEGREES = ("none", "certificate", "diploma", "associate", "bachelor", "master", "doctorate")
TOPICS = (
    "academic_advising",
    "assessment",
    "career_guidance",
    "employment",
    "social_health_referral",
    "attendance_check",
    "schedule_update",
    "career_coordination",
    "transportation",
    "other",
)

# Event types by the standard that speaks of them; all may be used by any.
EVENT_TYPES: dict[str, tuple[str, ...]] = {
    "IEP": _split(
        "iep_meeting | iep_draft_started | iep_created_in_system | parents_contacted |"
        " written_notice | student_invited | meeting_invite | draft_shared |"
        " iep_paperwork_submitted | iep_signer_named | iep_received_signed | iep_due |"
        " iep_shared | amendment_requested | amendment_meeting | progress_report | year_end_review"
    ),
    "FLO": _split(
        "transition_plan | timetable_provided | communication_report | term_report_due |"
        " term_report_forwarded | progress_review"
    ),
    "placement committee": _split(
        "face_sheet_completed | face_sheet_sent | parent_notified | administrator_consulted |"
        " parent_refused | placement_specialist_notified | dspc_worker_notified |"
        " services_meeting | student_contract | parent_contract | violation |"
        " committee_recommendation | dspc_notified | referral_back_discussed |"
        " referral_back_approved | parents_informed | packet_completed | hearing_scheduled |"
        " hearing | parents_told_of_result_route | appeal_requested | appeal_scheduled"
    ),
    "SD42": _split(
        "iep_filed | permission_form_filed | team_minutes_filed | confidential_report_received |"
        " confidential_report_filed | confidential_report_copied | designation_document |"
        " designation_requested | psychologist_consulted | designation_deadline |"
        " designation_submitted | consent_given | information_exchanged | referral_submitted |"
        " transition_planned | team_meeting | adjudication_considered"
    ),
}
ALL_EVENT_TYPES = tuple(name for names in EVENT_TYPES.values() for name in names)

_STUDENT_ALIASES = (
    "Student ID | SID | Student Number | Student No | Student Unique Id | Pupil ID | Learner ID"
)
_STAFF_ALIASES = "Staff ID | Employee ID | Worker ID | Case Manager ID | Staff Unique Id"
_PROGRAM_ALIASES = "Program ID | Programme ID | Program Code | Program No"
_START = "Start | Start Date | From | Begin Date"
_END = "End | End Date | To | Until"


def _student(required: str = "*") -> Column:
    return _c("student_id" + required, "id", "the student", _STUDENT_ALIASES, refers_to="students")


def _staff(
    required: str = "*", name: str = "staff_id", meaning: str = "the staff member"
) -> Column:
    aliases = _STAFF_ALIASES if name == "staff_id" else ""
    return _c(name + required, "id", meaning, aliases, refers_to="staff")


def _program(required: str = "*") -> Column:
    return _c("program_id" + required, "id", "the program", _PROGRAM_ALIASES, refers_to="programs")


# fmt: off
_ALL = (
    Table(
        "programs",
        "One row per program: the unit that a standard is held against and a report is written for.",
        (
            _c("program_id*", "id", "the program's key", _PROGRAM_ALIASES),
            _c("program_name", "text", "its name, as shown", "Program Name | Program"),
            _c("standard_ids", "list", "the standards it is held to", "Standards | Standard"),
            _c("calendar_id*", "id", "the calendar it runs on", "Calendar ID | Calendar"),
            _c("organization", "text", "who runs it", "Organisation | Provider | District"),
            _c("region", "text", "the region it is in", "Region"),
            _c("instructional_sites", "list", "the sites at which it teaches", "Instructional Sites | Sites"),
        ),
        key=("program_id",),
        required=True,
    ),
    Table(
        "staff",
        "One row per person, program and stretch of time with one fte and one share.",
        (
            _c("staff_id*", "id", "the person's key", _STAFF_ALIASES),
            _program(),
            _c("staff_name", "text", "the person's name", "Staff Name | Name | Case Manager"),
            _c("role", "text", "what they are employed as", "Role | Position | Title"),
            _c("site_id", "id", "the site they are based at", "Site ID | Site"),
            _c("fte", "number", "full-time equivalent, 0 to 1", "FTE", low=0, high=1),
            _c("case_management_share", "number", "the part of that time given to case management, 0 to 1", "Case Management Share | CM Share | Share", low=0, high=1),
            _c("start_date*", "date", "the first day", _START + " | Hire Date"),
            _c("end_date", "date", "the last day, included; empty: still employed", _END),
            _c("work_days", "list", "the weekdays worked; empty: every open day", "Work Days | Working Days", allowed=WEEKDAYS),
            _c("degree_level", "choice", "the highest degree held", "Degree | Degree Level | Qualification", allowed=DEGREES),
            _c("degree_field", "choice", "the field of that degree", "Degree Field | Field", allowed="social_work | counseling | education | related | other"),
            _c("experience_years", "number", "years of experience on the day they were counted", "Experience | Years Experience | Experience Years", low=0, high=80),
            _c("experience_kind", "list", "what that experience was in", "Experience Kind | Experience Type", allowed="case_management | counseling | direct_service | youth_at_risk_education | none | other"),
            _c("experience_on", "date", "the day on which the years were counted; empty: start_date", "Experience On | Experience As Of"),
            _c("certificates", "list", "certificates held, such as cert_iv_youth_work; none where there is none", "Certificates | Certificate"),
        ),
        key=("staff_id", "program_id", "start_date"),
    ),
    Table(
        "leave",
        "One row per absence of a staff member.",
        (
            _staff(),
            _c("start_date*", "date", "the first day away", _START),
            _c("end_date*", "date", "the last day away, included", _END),
            _c("reason", "text", "why", "Reason"),
            _staff("", "covered_by", "the staff member who stands in"),
        ),
        key=("staff_id", "start_date"),
    ),
    Table(
        "students",
        "One row per enrolment of a student in a program; a re-entry is another row.",
        (
            _c("student_id*", "id", "the student's key", _STUDENT_ALIASES),
            _program(),
            _c("enrollment_start*", "date", "the first day enrolled", "Entry Date | Enrollment Date | Enrolment Date | Enrolment Start | Enrollment Start | Start Date | Start | Begin Date | Date Enrolled"),
            _c("enrollment_end", "date", "the last day enrolled, included; empty: still enrolled", "Exit Date | Enrolment End | Enrollment End | End Date | End | Withdrawal Date"),
            _c("student_name", "text", "the student's name", "Student Name | Name | Full Name"),
            _c("birth_date", "date", "day of birth", "Birth Date | DOB | Date of Birth | Birthdate" ),
            _c("grade_level", "text", "grade or year level", "Grade | Grade Level | Year Level"),
            _c("planned_exit_date", "date", "the day on which the student is planned to leave", "Planned Exit | Planned Exit Date | Expected Exit"),
            _c("exit_reason", "text", "why the student left", "Exit Reason | Withdrawal Reason"),
            _c("site_id", "id", "the site attended", "Site ID | Site"),
            _c("school_id", "id", "the school of enrolment, to which reports go", "School ID | School"),
            _c("designation", "text", "category of special need", "Designation | Category | Code"),
            _c("support_hours", "number", "hours of additional support", "Support Hours", low=0, high=10_000),
            _c("of_concern", "yes_no", "of significant concern to staff, parents or administration" ),
            _c("exceptional_or_504", "yes_no", "served as exceptional or under a 504 plan"),
            _c("parents", "number", "parents to be told, 1 or 2; empty: 2", low=1, high=2),
            _staff("", "case_manager_id", "shorthand for an assignment over the whole enrolment"),
        ),
        key=("student_id", "program_id", "enrollment_start"),
        required=True,
    ),
    Table(
        "assignments",
        "One row per stretch of time in which a student has a case manager.",
        (
            _student(),
            _staff(),
            _c("start_date*", "date", "the first day", _START),
            _c("end_date", "date", "the last day, included; empty: still assigned", _END),
        ),
        key=("student_id", "staff_id", "start_date"),
    ),
    Table(
        "contacts",
        "One row per contact, or attempt at one, with or about one student.",
        (
            _student(),
            _c("occurred_at*", "moment", "when it happened", "Date | Contact Date | Date of Contact | When | Occurred | Timestamp"),
            _c("contact_id", "id", "the contact's key", "Contact ID"),
            _staff("", meaning="who made it"),
            _c("mode", "choice", "how it was made", "Mode | Contact Type | Method", allowed="in_person | home_visit | video | phone | text | email | letter | group"),
            _c("direction", "choice", "whether both spoke", "Direction", allowed="two_way | one_way"),
            _c("outcome", "choice", "whether it came about", "Outcome", allowed="completed | attempted"),
            _c("setting", "choice", "where it took place", "Setting | Place", allowed="site | community | home | online"),
            _c("site_id", "id", "the site, where it was at one", "Site ID | Site"),
            _c("duration_minutes", "number", "how long it lasted, in minutes", "Duration | Minutes | Duration Minutes", low=0, high=24 * 60),
            _c("participants", "list", "who took part", "Participants | With", allowed="student | parent | teacher | agency"),
            _c("topics", "list", "what it was about", "Topics | Topic", allowed=TOPICS),
            _c("has_notes", "yes_no", "whether case notes were written", "Has Notes"),
            _c("on_face_sheet", "yes_no", "whether it stands on the face sheet"),
        ),
        key=("contact_id",),
    ),
    Table(
        "referrals",
        "One row per referral of a student to a program.",
        (
            _c("referral_id*", "id", "the referral's key", "Referral ID"),
            _student(),
            _program(),
            _c("received_at*", "moment", "when it came in", "Received | Received At | Referral Date"),
            _c("source", "text", "who referred", "Source | Referred By"),
            _c("closed_on", "date", "the day the case was closed", "Closed | Closed On"),
            _c("closure_reason", "choice", "why it was closed", "Closure Reason", allowed="satisfactory | withdrawn | refused | referred_back | other"),
        ),
        key=("referral_id",),
    ),
    Table(
        "events",
        "One row per step that a standard speaks of; the types are listed in EVENT_TYPES.",
        (
            _c("event_type*", "choice", "what happened", "Event Type | Event", allowed=ALL_EVENT_TYPES),
            _c("occurred_at*", "moment", "when", "Date | Event Date | Occurred | When"),
            _student(""),
            _program(""),
            _staff("", meaning="who did it, or whom it concerns"),
            _c("referral_id", "id", "the referral it belongs to", refers_to="referrals"),
            _c("party", "id", "to whom, or from whom", "Party"),
            _c("detail", "text", "more, where the type asks for it", "Detail"),
            _c("item_id", "id", "the document it concerns", "Item ID"),
            _c("valid_until", "date", "the last day on which it holds", "Valid Until | Expiry"),
        ),
    ),
    Table(
        "goals",
        "One row per goal of a student's plan.",
        (
            _student(),
            _c("goal_id*", "id", "the goal's key", "Goal ID | Goal"),
            _c("start_date*", "date", "the first day", _START),
            _c("end_date", "date", "the last day, included", _END),
        ),
        key=("student_id", "goal_id"),
    ),
    Table(
        "progress",
        "One row per measurement of a goal.",
        (
            _student(),
            _c("goal_id*", "id", "the goal's key", "Goal ID | Goal"),
            _c("measured_on*", "date", "the day", "Measured On | Date | Measured"),
            _c("value", "text", "what was measured", "Value | Score"),
        ),
    ),
    Table(
        "attestations",
        "One row per answer to a requirement that no table can show, or beside one that can.",
        (
            _program(),
            _c("requirement_id*", "id", "a requirement's id, or a statement that it covers", "Requirement ID | Requirement | Statement"),
            _c("answer*", "choice", "the answer", "Answer", allowed="yes | partly | no | not_applicable"),
            _c("evidence", "text", "what shows it", "Evidence"),
            _c("assessed_on*", "date", "the day of the answer", "Assessed On | Date"),
            _c("assessor", "text", "who answered", "Assessor"),
            _c("evidence_link", "text", "the web address at which the evidence is found", "Evidence Link | Link"),
            _c("evidence_file", "text", "the file, or the place on paper, that holds the evidence", "Evidence File | File"),
            _c("owner", "text", "who keeps the evidence up to date", "Owner"),
            _c("expires_on", "date", "the last day on which the evidence holds; empty: it does not expire", "Expires On | Expires | Expiry | Valid Until"),
        ),
    ),
    Table(
        "gap_plan",
        "One row per requirement that a program works on; of two rows for one, the later holds.",
        (
            _program(),
            _c("requirement_id*", "id", "the requirement's id", "Requirement ID | Requirement"),
            _c("owner", "text", "who sees to it", "Owner"),
            _c("due_on", "date", "the day by which it is to be done", "Due On | Due | Due Date"),
            _c("step", "text", "what is done next", "Step | Next Step"),
            _c("status", "choice", "how far it is", "Status", allowed="open | under_way | done"),
        ),
    ),
    Table(
        "calendar",
        "One row per stretch of a calendar: school years, terms, grading periods, closures.",
        (
            _c("calendar_id*", "id", "the calendar's key", "Calendar ID | Calendar"),
            _c("kind*", "choice", "what the stretch is", "Kind | Type", allowed="school_year | term | grading_period | closure | open_day"),
            _c("name", "text", "its name", "Name | Title"),
            _c("start_date*", "date", "the first day", _START),
            _c("end_date*", "date", "the last day, included", _END),
        ),
    ),
)
# fmt: on

TABLES: dict[str, Table] = {table.name: table for table in _ALL}
