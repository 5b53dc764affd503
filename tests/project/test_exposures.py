"""What people look at is declared in dbt by the marts that its queries read, and no other."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from pipelines.site.pages import SHIPPED, find_pages
from pipelines.transform.project import mart_schemas

READS = re.compile(rf"\b(?:from|join)\s+({'|'.join(mart_schemas())})\.(\w+)")
# What publishing writes into a release besides the marts.
WRITTEN_BY_PUBLISHING = {"releases", "restatements", "runs"}
BY_KEY = (
    "a row of it means something beside a contact or account: for `throughline explain` and SQL"
)
BY_SQL = "details behind a figure of a page, for whoever asks in SQL"
OF_COMMANDS = "read by a command: `throughline context`, `package` or `run`"
IN_FULL = "the long form of a figure that a page shows in short"
NOT_SHOWN = {
    **dict.fromkeys(
        ("dim_accounts", "dim_contacts", "dim_dates", "fct_lifecycle_stages"),
        BY_KEY,
    ),
    **dict.fromkeys(
        ("fct_opportunities", "fct_lead_score_history", "fct_sequence_enrolments"), BY_KEY
    ),
    **dict.fromkeys(
        ("fct_metric_observations", "fct_key_results_weekly", "fct_cost_cohort_months"), IN_FULL
    ),
    **dict.fromkeys(
        ("fct_approval_audit", "fct_escalations", "fct_threshold_evaluations", "fct_sync_lags"),
        IN_FULL,
    ),
    **dict.fromkeys(("fct_ad_spend_periods", "fct_work_packages"), OF_COMMANDS),
    **dict.fromkeys(
        (
            *("dim_reporting_objects", "fct_adjustment_credits", "fct_audience_overlap"),
            *("fct_automation_backlog", "fct_campaign_collisions", "fct_campaign_conformance"),
            *("fct_conversion_adjustments", "fct_email_campaigns", "fct_email_sequences"),
            *("fct_execution_associations", "fct_gap_locations", "fct_handoffs"),
            *("fct_launch_watch", "fct_marketing_audit", "fct_net_revenue", "fct_pack_documents"),
            *("fct_qa_results", "fct_tool_audits", "fct_tool_inventory", "fct_tool_scores"),
            *("fct_utm_faults", "fct_utm_compliance", "fct_campaign_states", "fct_gate_checks"),
            *("fct_stage_transitions", "fct_process_map", "fct_campaign_readiness"),
            *("fct_brief_dependencies", "fct_accuracy_audits", "fct_system_agreements"),
            *("fct_responsibility_scorecards", "fct_accuracy_samples"),
        ),
        BY_SQL,
    ),
}


def read_by(queries: Iterable[Path]) -> set[str]:
    """The marts that queries read."""
    found = {name for path in queries for _, name in READS.findall(path.read_text("utf-8"))}
    return found - WRITTEN_BY_PUBLISHING


def declared(manifest: dict[str, Any]) -> dict[str, set[str]]:
    """The marts of each exposure, by its name."""
    return {
        exposure["name"]: {key.rsplit(".", 1)[-1] for key in exposure["depends_on"]["nodes"]}
        for exposure in manifest["exposures"].values()
    }


SHOWN = {
    **{
        f"site_{page.name}": read_by([*(SHIPPED / page.name).glob("*.sql"), *SHIPPED.glob("*.sql")])
        for page in find_pages([SHIPPED])
    },
    "packs": read_by((SHIPPED.parent / "packs").glob("*.sql")),
}


@pytest.mark.parametrize("name", SHOWN)
def test_an_exposure_names_what_its_queries_read(manifest: dict[str, Any], name: str) -> None:
    assert declared(manifest)[name] == SHOWN[name]


def test_a_mart_that_nobody_sees_says_why(manifest: dict[str, Any]) -> None:
    marts = {
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and "/marts/" in node["original_file_path"]
    }
    # Doors do not count: the release as a whole has every mart.
    shown = set().union(*(read for name, read in declared(manifest).items() if name in SHOWN))
    assert marts - shown == set(NOT_SHOWN)
