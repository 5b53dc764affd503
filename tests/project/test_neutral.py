"""Vendors are known to their contracts, their staging and the models that put them together."""

import re
from typing import Any

from pipelines.ingest import load_contracts
from pipelines.ingest.contract import SUBJECTS
from pipelines.settings import PROJECT_DIR

MODELS = PROJECT_DIR / "dbt_project" / "models"
# What is delivered in our own templates is no vendor's.
VENDORS = {contract.source for contract in load_contracts()} - {"templates"}
# Where vendors are put together; every other folder is of what they tell.
PUT_TOGETHER = {"staging", "ads", "crm", "email", "trackers", "web"}
REMAINS = {
    "int_campaign_responses_unioned": "puts CRMs together: one of them exports responses so far",
    "int_sales_activities_unioned": "puts CRMs together: one of them exports activities so far",
    "int_identity_record_edges": "one CRM's connector lists merges in a table of their own",
    "int_identity_device_edges": "one tool's links carry the key of a member of its list",
    "int_contact_addresses": "two tools that are no CRM know what they called somebody before",
    "int_contact_rows": "leads from a contact to the rows of each vendor that tell of it",
    "int_opportunity_rows": "leads from a deal to the rows of each vendor that tell of it",
    "int_opportunities_segmented": "its segments are of deals",
    "int_approvals_classified": "one tracker alone says itself which tasks are approvals",
    "int_traffic_sources_classified": "Google's public channel groups, whoever counts the visits",
    "int_touches_resolved": "Google's public channel groups, whoever counts the visits",
    "fct_touches": "Google's public channel groups, whoever counts the visits",
}
# One tracker's sections stand for statuses and are free words: nobody has to define them.
NAMED_BY_CHECKS = {"marts.py": {"asana"}}
# The models where each subject's streams are put together.
READ_BY = {
    "accounts": ("int_crm_accounts_unioned",),
    "briefs": ("int_campaign_briefs_scored",),
    "campaigns": ("int_campaigns_registered",),
    "contacts": ("int_crm_contacts_unioned",),
    "deals": ("int_crm_deals_shaped",),
    "email_events": ("int_email_events_unioned",),
    "spend": ("int_ad_report_lines_unioned",),
    "task_changes": (
        *("int_asana_changes_shaped", "int_jira_changes_shaped", "int_monday_changes_shaped"),
        "int_trello_changes_shaped",
    ),
    "tasks": (
        *("int_asana_tasks_shaped", "int_jira_issues_shaped", "int_monday_items_shaped"),
        *("int_trello_cards_shaped", "int_work_items_shaped"),
    ),
    "web_events": ("int_web_events_unioned", "int_vendor_events_unioned"),
}
# What they read besides: it explains what others tell, and nobody waits for it.
EXPLAINS = {
    *("asana.projects", "asana.sections", "asana.tags", "asana.task_relations", "asana.users"),
    *("hubspot.deal_companies", "hubspot.deal_pipeline_stages", "pipedrive.stages_api"),
    *("jira.fields", "jira.projects", "jira.sprints", "jira.statuses", "jira.users"),
    *("monday.boards", "segment.users"),
}


def test_a_contract_says_which_subject_its_stream_feeds(manifest: dict[str, Any]) -> None:
    assert set(READ_BY) == set(SUBJECTS)
    nodes = {**manifest["nodes"], **manifest["sources"]}
    feeds = {contract.name: contract.feeds for contract in load_contracts()}
    for subject, models in READ_BY.items():
        read = {
            f"{source['schema'].removeprefix('current_')}.{source['name']}"
            for model in models
            for staged in nodes[f"model.throughline.{model}"]["depends_on"]["nodes"]
            if nodes[staged].get("path", "").startswith("staging/")
            for source in map(nodes.get, nodes[staged]["depends_on"]["nodes"])
            if source
        }
        assert {name for name, subjects in feeds.items() if subject in subjects} <= read, subject
        assert {name for name in read if not feeds[name]} <= EXPLAINS, subject


def test_money_that_cannot_be_read_is_confessed_whoever_the_vendor_is() -> None:
    """Where amount or day of spend and deals cannot be read, the page's confidence says so."""
    money = {
        *("amount", "amount_spent", "cost", "cost_in_local_currency", "cost_micros", "spend"),
        *("total_spent", "value"),
        # A TikTok report by its API has its figures in an object.
        "metrics",
    }
    days = {"date", "date_start", "day", "start_date", "stat_time_day", "time_period"}
    for contract in load_contracts():
        if "spend" in contract.feeds or "deals" in contract.feeds:
            amounts = [field for field in contract.fields if field.name in money]
            dated = [f for f in contract.fields if f.name in days and "spend" in contract.feeds]
            assert amounts, contract.name
            loose = [f.name for f in (*amounts, *dated) if not (f.required or f.is_critical)]
            assert loose == [], contract.name


def vendors_named(text: str) -> list[str]:
    """The vendors whose names stand in SQL or Python, but for its comments."""
    code = re.sub(r"--.*|#.*|\{#.*?#\}", "", text)
    return sorted(
        vendor
        for vendor in VENDORS
        if re.search(
            rf"(stg|raw|current)_{vendor}\b|stg_{vendor}__|['\"]{vendor}['\":.]|\b{vendor}_", code
        )
    )


def test_no_vendor_is_named_where_subjects_are() -> None:
    found = {
        path.stem: vendors
        for path in MODELS.rglob("*.sql")
        if not PUT_TOGETHER.intersection(path.relative_to(MODELS).parts)
        if (vendors := vendors_named(path.read_text(encoding="utf-8")))
    }
    assert set(found) == set(REMAINS), found


def test_what_judges_pages_and_marts_names_no_vendor() -> None:
    for path in (
        *(PROJECT_DIR / "seeds" / "quality").glob("*.csv"),
        PROJECT_DIR / "expectations" / "suites" / "marts.py",
    ):
        text = path.read_text(encoding="utf-8")
        # A row of a seed says its words without quotes.
        words = re.sub("[^,\n]+", r"'\g<0>'", text) if path.suffix == ".csv" else text
        assert set(vendors_named(words)) <= NAMED_BY_CHECKS.get(path.name, set()), path.name
