"""What an export of the work tracker must keep beyond its contract."""

from __future__ import annotations

from datetime import datetime

from expectations.checks import WARNING, Check, EachRow
from pipelines.ingest import Contract
from pipelines.sql import text_list

SUBTYPES = ("default_task", "milestone", "approval", "section", "custom")
APPROVAL_STATES = ("pending", "approved", "rejected", "changes_requested")


def tasks(contract: Contract, as_of_at: datetime) -> tuple[Check, ...]:
    """Approvals say how they stand, done tasks say when they were done."""
    del as_of_at
    return (
        EachRow(
            name="is_known_subtype",
            column="resource_subtype",
            condition=f"trim(resource_subtype) in {text_list(SUBTYPES)}",
            dimension="validity",
            severity=WARNING,
            owner=contract.owner,
            action="Decide what the new kind of task means: it is read as an ordinary one.",
        ),
        EachRow(
            name="approval_has_status",
            column="resource_subtype",
            condition="trim(resource_subtype) <> 'approval' or approval_status is not null",
            dimension="completeness",
            severity=WARNING,
            owner=contract.owner,
            action="Export tasks with approval_status: a rejected approval is completed, too.",
        ),
        EachRow(
            name="is_known_status",
            column="approval_status",
            condition=f"trim(approval_status) in {text_list(APPROVAL_STATES)}",
            dimension="validity",
            severity=WARNING,
            owner=contract.owner,
            action="Decide what the new approval status means: it is read as no decision.",
        ),
        EachRow(
            name="done_has_time",
            column="completed",
            condition="lower(trim(completed)) <> 'true' or completed_at is not null",
            dimension="completeness",
            severity=WARNING,
            owner=contract.owner,
            action="Export tasks with completed_at: what has no time is not on time.",
        ),
    )


def stories(contract: Contract, as_of_at: datetime) -> tuple[Check, ...]:
    """A change names the task that it changed."""
    del as_of_at
    return (
        EachRow(
            name="names_its_task",
            column="target",
            condition="case when json_valid(target)"
            " then json_extract_string(target, '$.gid') is not null end",
            dimension="consistency",
            severity=WARNING,
            owner=contract.owner,
            action="Export stories with target.gid: the change belongs to no task.",
        ),
    )
