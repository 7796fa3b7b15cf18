"""The settings with which the standards use the kinds about meetings, steps, papers and cases."""

from __future__ import annotations

MEETING = {"meeting": "iep_meeting"}
STEPS = (
    {"step": "iep_draft_started", "months_before": 1},
    {"step": "iep_created_in_system", "days_before": 14},
    {"step": "written_notice", "parties": ("parent_1", "parent_2")},
    {"step": "student_invited"},
    {"step": "parents_contacted", "ways": 2},
)
INVITED = (
    {
        "step": "meeting_invite",
        "parties": ("lea", "general_education"),
        "days_before": 14,
    },
    {"step": "draft_shared", "parties": ("lea", "parent"), "days_before": 2},
    {"step": "iep_paperwork_submitted", "school_days_after": 10},
    {"step": "iep_paperwork_submitted", "school_days_after": 2},
)
CASE = {"each": "referral"}
CONTRACTS = ("services_meeting", "student_contract", "parent_contract")
HEARING = ("packet_completed", "hearing_scheduled", "hearing")
REFUSED = {"event": "parent_refused"}
BACK = ("administrator_consulted", "referral_back_discussed")

# Each group: the tables it reads beside students and events, and kinds with settings.
GROUPS: dict[str, tuple[tuple, list[tuple[str, dict]]]] = {
    "before a meeting": ((), [("meeting_step", MEETING | step) for step in STEPS]),
    "around a meeting": ((), [("meeting_step", MEETING | step) for step in INVITED]),
    "before the due date": (
        (),
        [("meeting_before_due", MEETING | {"due": "iep_due", "days_before": 14})],
    ),
    "followed by": (
        ("staff",),
        [
            (
                "followed_by",
                {"event": "iep_signer_named", "step": "iep_received_signed", "same": "staff_id"},
            ),
            (
                "followed_by",
                {
                    "event": "amendment_requested",
                    "step": "amendment_meeting",
                    "later": ("iep_meeting",),
                },
            ),
            ("followed_by", {"event": "iep_filed", "step": "iep_shared", "one_each": True}),
            ("followed_by", {"event": "team_meeting", "step": "team_minutes_filed"}),
            (
                "followed_by",
                {
                    "event": "confidential_report_received",
                    "step": "confidential_report_filed",
                    "same": "item_id",
                    "later": ("confidential_report_copied",),
                },
            ),
            (
                "followed_by",
                {
                    "event": "confidential_report_received",
                    "step": "confidential_report_copied",
                    "same": "item_id",
                },
            ),
        ],
    ),
    "steps of a case": (
        ("referrals",),
        [
            (
                "followed_by",
                CASE
                | {
                    "step": "face_sheet_completed",
                    "later": ("administrator_consulted", *CONTRACTS),
                },
            ),
            (
                "followed_by",
                CASE
                | {
                    "step": "administrator_consulted",
                    "later": CONTRACTS,
                    "ended_by": ("parent_refused",),
                },
            ),
            (
                "followed_by",
                CASE
                | {
                    "step": "services_meeting",
                    "parties": ("student", "parent"),
                    "later": CONTRACTS[1:],
                    "ended_by": ("parent_refused",),
                },
            ),
            ("followed_by", CASE | {"step": "parent_contract", "ended_by": ("parent_refused",)}),
        ],
    ),
    "a refusal": (
        ("referrals",),
        [
            (
                "followed_by",
                CASE
                | REFUSED
                | {
                    "step": "dspc_worker_notified",
                    "later": ("referral_closed",),
                    "implied_by": ("closed_refused",),
                },
            ),
            ("followed_by", CASE | REFUSED | {"step": "referral_closed", "later": CONTRACTS}),
        ],
    ),
    "a hearing": (
        ("referrals",),
        [
            (
                "followed_by",
                CASE
                | {
                    "event": "referral_back_approved",
                    "step": "parents_informed",
                    "later": HEARING,
                    "implied_by": HEARING,
                },
            ),
            (
                "followed_by",
                CASE
                | {"event": "packet_completed", "step": "hearing_scheduled", "later": HEARING[2:]},
            ),
            ("followed_by", CASE | {"event": "appeal_requested", "step": "appeal_scheduled"}),
            ("on_weekday", {"event": "hearing", "weekday": "wed"}),
        ],
    ),
    "before a step of a case": (
        ("referrals",),
        [
            ("preceded_by", CASE | {"events": ("closed_referred_back",), "steps": BACK}),
            ("preceded_by", CASE | {"events": BACK[1:], "steps": BACK[:1]}),
            (
                "preceded_by",
                CASE | {"events": ("referral_back_approved", *HEARING), "steps": BACK[1:]},
            ),
        ],
    ),
    "how a case ends": (
        ("referrals",),
        [
            ("monitored_period", {"excused": ("withdrawn", "refused", "referred_back")}),
            ("monitored_period", {"closed_as": ("satisfactory",)}),
            ("closure_reason", {"allowed": ("satisfactory", "withdrawn", "refused")}),
        ],
    ),
    "before an event": (
        (),
        [
            (
                "preceded_by",
                {
                    "events": ("information_exchanged",),
                    "steps": ("consent_given",),
                    "same": "party",
                },
            ),
            (
                "preceded_by",
                {
                    "events": ("information_exchanged", "referral_submitted"),
                    "steps": ("consent_given", "psychologist_consulted"),
                },
            ),
        ],
    ),
    "by an announced date": (
        (),
        [
            (
                "by_announced_date",
                {
                    "request": "designation_requested",
                    "consulted": "psychologist_consulted",
                    "submitted": "designation_submitted",
                    "announced": "designation_deadline",
                },
            )
        ],
    ),
    "each period": (
        (),
        [
            (
                "each_period",
                {"event": "progress_report", "period": "grading_period", "school_days_after": 10},
            ),
            (
                "each_period",
                {"event": "progress_report", "period": "grading_period", "school_days_after": 2},
            ),
            ("each_period", {"event": "iep_filed", "period": "grading_period", "whole": False}),
            ("each_period", {"event": "iep_filed", "period": "school_year", "whole": False}),
        ],
    ),
    "goals": (
        (
            "goals",
            "progress",
        ),
        [("goals_measured", {"weeks": 1}), ("goals_measured", {"weeks": 2})],
    ),
    "who has a case": (
        (
            "staff",
            "assignments",
        ),
        [("case_manager_assigned", {}), ("assigned_at_new_site", {})],
    ),
    "papers": (
        (),
        [
            ("on_file", {"event": "permission_form_filed", "any_time": True, "validity": "any"}),
            (
                "on_file",
                {"event": "designation_document", "any_time": True, "validity": "must_be_dated"},
            ),
            ("on_file", {"event": "designation_document", "validity": "unless_expired"}),
            (
                "on_file",
                {
                    "event": "designation_document",
                    "parties": ("k1", "k2"),
                    "validity": "must_be_dated",
                },
            ),
        ],
    ),
}

# Whom a requirement is asked of, with a kind to try it on.
IEP_FILED = ("each_period", {"event": "iep_filed", "period": "school_year", "whole": False})
ASSIGNED = ("case_manager_assigned", {})
INVITED_14 = ("meeting_step", MEETING | {"step": "student_invited"})
GOALS = ("goals_measured", {"weeks": 1})
CLOSED = ("closure_reason", {"allowed": ("satisfactory",)})
APPLIES: list[tuple[dict, tuple[str, dict]]] = [
    ({"designation": ("D", "H")}, ASSIGNED),
    ({"designation": ("D", "H")}, CLOSED),
    ({"designation": "D", "of_concern": True}, IEP_FILED),
    ({"support_hours": {"over": 25}}, ASSIGNED),
    ({"support_hours": {"over": 25}}, GOALS),
    ({"of_concern": True}, ASSIGNED),
    ({"of_concern": False}, CLOSED),
    ({"age": {"min": 14}}, INVITED_14),
    ({"age": {"min": 14, "max": 14}}, IEP_FILED),
    ({"grade_level": {"min": 9, "max": 10}}, ASSIGNED),
    ({"grade_level": ("7", "12")}, IEP_FILED),
    ({"parents": 1, "support_hours": {"min": 25, "max": 25.5}}, INVITED_14),
]
