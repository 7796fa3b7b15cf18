"""The plan's page: what a whole plan says, as blocks that every writer can set."""

from casekit.reports.planning.document import plan_document

__all__ = ["plan_document"]
