"""Whether the marts find what went wrong in the work: `python -m benchmarks.operations`.

The sample company has faults that were planted on purpose (truth/planted_operations.csv), and
beside them what only looks like one. Each kind of fault has a query that names what the marts flag;
the figures say how much of what was planted they flag, and how much of that was planted.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.publish import published_path
from pipelines.simulate import AS_OF

# By kind of fault: slug of the campaign and what it is, for every one that the marts flag.
FLAGGED: Mapping[str, str] = {
    "approval_overdue": "select utm_campaign, approval_title from operations.fct_escalations"
    " left join core.dim_campaigns using (campaign_key)",
    "approval_revoked": "select utm_campaign, approval_step from operations.fct_approval_rounds"
    " left join core.dim_campaigns using (campaign_key)"
    " where is_approved_then_revoked_after_launch",
    "blocked_approvals": "select utm_campaign, '' from operations.fct_corrective_actions"
    " left join core.dim_campaigns using (campaign_key)"
    " where rule = 'blocked_approvals' and action_state = 'open'",
    "launch_delay": "select utm_campaign, '' from operations.fct_corrective_actions"
    " left join core.dim_campaigns using (campaign_key)"
    " where rule = 'launch_delay' and action_state = 'open'",
    "launch_date_missing": "select utm_campaign, '' from operations.fct_corrective_actions"
    " left join core.dim_campaigns using (campaign_key)"
    " where rule = 'launch_date_missing' and action_state = 'open'",
    "reporting_confidence": "select '', entity from operations.fct_corrective_actions"
    " where rule = 'reporting_confidence' and action_state = 'open'",
    **{
        f"{flag}_launch": "select utm_campaign, '' from operations.fct_campaign_launches"
        f" join core.dim_campaigns using (campaign_key) where is_{flag}"
        for flag in ("ghost", "stealth", "unapproved", "unvalidated")
    },
    "untracked_launch": "select utm_campaign, '' from operations.dim_reporting_objects"
    " where is_untracked",
    "process_defect": "select '', blocker_category || ' at ' || workflow_step"
    " from operations.fct_process_defects",
    "blocker_unsettled": "select utm_campaign, task_name from operations.fct_blockers"
    " left join core.dim_campaigns using (campaign_key)"
    " where is_open and not is_owner_and_due_known",
    "raci_gap": "select utm_campaign, workflow_step || ' ' || gap from operations.fct_raci_gaps"
    " join core.dim_campaigns using (campaign_key)",
    "handoff_failed": "select utm_campaign, handoff from operations.fct_handoffs"
    " join core.dim_campaigns using (campaign_key) where handoff_state = 'failed'",
    "unknown_name": "select '', concat_ws(' ', template, column_name, unknown_name)"
    " from quality.fct_unknown_names",
    "path_circle": "select distinct utm_campaign, '' from operations.fct_critical_paths"
    " join core.dim_campaigns using (campaign_key) where path_state = 'circle'",
    "launch_ahead": "select utm_campaign, task_name from operations.fct_critical_paths"
    " join core.dim_campaigns using (campaign_key)"
    " where step_no = 1 and is_path_to_launch and is_ahead_of_driver",
    "flow_incomplete": "select utm_campaign, handoff from operations.fct_handoffs"
    " join core.dim_campaigns using (campaign_key)"
    " where handoff_kind = 'flow' and handed_over_at is not null and handoff_completeness < 1",
    "execution_qa_failed": "select utm_campaign, qa_check from operations.fct_qa_results"
    " join core.dim_campaigns using (campaign_key) where not is_passed",
    "brief_fault": "select utm_campaign, rule_key from operations.fct_brief_findings"
    " where is_latest_version",
    "sequence_out_of_spec": "select '', sequence_type || ' ' || email_count"
    " from operations.fct_sequence_enrolments where is_in_spec is false",
    "context_not_first": "select utm_campaign, '' from operations.fct_campaign_conformance"
    " join core.dim_campaigns using (campaign_key) where skill_key = 'marketing_context'"
    " and seq = 1 and (step_state = 'skipped' or not is_in_order)",
    "calendar_collision": "select later.utm_campaign, collision || ' ' || earlier.utm_campaign"
    " from operations.fct_campaign_collisions as c"
    " join core.dim_campaigns as earlier using (campaign_key)"
    " join core.dim_campaigns as later on c.other_campaign_key = later.campaign_key",
    "tool_check_failed": "select '', tool || ' ' || check_key from operations.fct_tool_audits"
    " where check_result = 'fail'",
    "stack_gap": "select '', tool_category from operations.fct_tool_inventory"
    " where is_category_empty and category_priority = 'critical'",
    "tool_rejected": "select '', tool from operations.fct_tool_scores where verdict = 'reject'",
    "audit_score_invalid": "select '', audit_area from operations.fct_marketing_audit"
    " where is_score_invalid",
    "key_result_unmeasured": "select '', key_result_id from strategy.fct_key_results where"
    " key_result_state in ('metric_unknown', 'not_computed', 'no_target', 'contradictory')",
    "objective_lacks": "select '', objective_id from strategy.fct_objectives"
    " where lacks is not null",
    "decision_without_rationale": "select '', decision_id from strategy.fct_decisions"
    " where not is_open and not has_rationale",
    **{
        f"hypothesis_{fault}": "select '', hypothesis_id || ' v' || version"
        f" from strategy.fct_hypothesis_tests where {condition}"
        for fault, condition in (
            ("refuted", "verdict = 'refuted'"),
            ("overdue", "verdict = 'overdue_review'"),
            ("late", "is_registered_late"),
            ("target_changed", "is_target_changed_after_data"),
            ("incomplete", "unanswered_count > 0"),
        )
    },
    # A day tells a period of the calendar; a campaign has one.
    "hygiene_missed": "select utm_campaign, hygiene_task"
    " || case when campaign_key is null then ' ' || period_start_date else '' end"
    " from operations.fct_hygiene_compliance left join core.dim_campaigns using (campaign_key)"
    " where not is_on_time",
    "intent_drift": "select utm_campaign, attribute from strategy.fct_intent_drift"
    " join core.dim_campaigns using (campaign_key) where is_drifted",
    "local_winner": "select utm_campaign, '' from operations.fct_campaign_execution_outcomes"
    " join core.dim_campaigns using (campaign_key) where is_local_winner_only",
}

Fault = tuple[str, str, str]


@dataclass(frozen=True)
class Comparison:
    """What was planted against what is flagged: kind, slug of the campaign, what it is."""

    planted: frozenset[Fault]
    flagged: frozenset[Fault]

    @property
    def found(self) -> frozenset[Fault]:
        """Planted, and flagged."""
        return self.planted & self.flagged

    @property
    def recall(self) -> float:
        """How much of what was planted is flagged."""
        return len(self.found) / len(self.planted)

    @property
    def precision(self) -> float:
        """How much of what is flagged was planted."""
        return len(self.found) / len(self.flagged)


def compare(release: duckdb.DuckDBPyConnection, truth: Path) -> Comparison:
    """Hold the marts of a release against the truth of its sample company.

    Raises:
        KeyError: a kind of fault was planted that no query asks the marts for.
    """
    with (truth / "planted_operations.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    planted = {(row["fault_kind"], row["utm_campaign"], row["entity"]) for row in rows}
    unasked = sorted({kind for kind, _, _ in planted} - set(FLAGGED))
    if unasked:
        raise KeyError(f"no query finds {', '.join(unasked)}")
    flagged = {
        (kind, slug or "", entity or "")
        for kind, query in FLAGGED.items()
        for slug, entity in release.execute(query).fetchall()
    }
    return Comparison(frozenset(planted), frozenset(flagged))


def table(comparison: Comparison) -> Iterator[str]:
    """A line a kind of fault, and one for each that was missed or is flagged for nothing."""
    yield f"{'kind of fault':24}{'planted':>9}{'flagged':>9}{'found':>7}"
    for kind in FLAGGED:
        planted, flagged, found = (
            sum(1 for fault in faults if fault[0] == kind)
            for faults in (comparison.planted, comparison.flagged, comparison.found)
        )
        yield f"{kind:24}{planted:>9}{flagged:>9}{found:>7}"
    for what, faults in (
        ("missed", comparison.planted - comparison.found),
        ("not planted", comparison.flagged - comparison.found),
    ):
        for fault in sorted(faults):
            yield f"{what}: {', '.join(part for part in fault if part)}"


def throughline(*arguments: object) -> None:
    """Run one command of the line, which says itself how it goes."""
    command = [str(Path(sys.executable).with_name("throughline")), *map(str, arguments)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Write the sample company, run it, and print what the marts found."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sample, home = Path(folder) / "sample", Path(folder) / "home"
        throughline("simulate", "--out", sample)
        run = ("run", "--exports", sample / "exports", "--config", sample / "config")
        throughline(*run, "--home", home, "--as-of", AS_OF)
        with closing(duckdb.connect(str(published_path(home)), read_only=True)) as con:
            comparison = compare(con, sample / "truth")
    print("\n".join(table(comparison)))
    print(f"figure planted_recall = {comparison.recall:.3f}")
    print(f"figure planted_precision = {comparison.precision:.3f}")


if __name__ == "__main__":
    main()
