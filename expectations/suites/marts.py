"""What the marts must keep before they are published: totals agree, nobody can be recognised.

Keys, nulls and accepted values of single columns belong to dbt's tests. Here is what the finished
whole shows, and the two keys on which money would count twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import duckdb

from expectations.checks import (
    CRITICAL,
    MARTS,
    OWNER,
    WARNING,
    Check,
    EachRow,
    NoRows,
    RowCount,
    Suite,
    Unique,
)
from expectations.own import own_checks
from expectations.suites import history, is_built, layers, money, reporting_day
from expectations.suites.layers import DEALS
from expectations.suites.zones import leads_against_forms
from pipelines.sql import moment, quoted

# A person with more CRM records than that is several people with one address.
MOST_RECORDS = 10

SCHEMAS = ("core", "attribution", "funnel", "operations", "quality", "strategy", "meta")

# What names a failing row to people.
KEYS: Mapping[str, str] = {
    "attribution.fct_ad_spend_daily": "ad_spend_id",
    "attribution.fct_attribution_credits": "credit_id",
    "attribution.fct_conversions": "conversion_id",
    "attribution.fct_touches": "touch_id",
    "attribution.fct_attribution_confidence": "attribution_confidence_id",
    "attribution.fct_conversion_adjustments": "conversion_adjustment_id",
    "attribution.fct_model_disagreement": "model_disagreement_id",
    "funnel.fct_lead_score_accuracy": "lead_score_accuracy_id",
    "funnel.fct_lead_score_history": "lead_score_stay_id",
    "funnel.fct_lead_scores": "contact_key",
    "funnel.fct_lead_predictions": "contact_key",
    "core.dim_contacts": "contact_key",
    "quality.fct_match_rates": "match_rate_id",
    "quality.fct_touch_outcomes": "touch_outcome_id",
    "quality.fct_report_confidence": "report_confidence_id",
}


def _came(subject: str) -> str:
    """Whether any source delivered rows that tell of a subject, by the run's clock."""
    return (
        "select 1 from ops.files join ops.streams using (source, stream)"
        f" where subject = '{subject}' and rows_loaded > 0 and loaded_at <= {{clock}}"
    )


# What, if it is there, obliges a mart to hold rows; a mart that is not listed may be empty. Of
# facts, nothing must be there that the models may leave out: a deal of a test contact, a report
# without days. {clock} is the run's. Where the models before the marts are built elsewhere, as by
# Spark, they are not asked.
ANY_RUN = "select 1"
FED_BY: Mapping[str, str] = {
    "core.dim_channels": ANY_RUN,
    "core.dim_dates": ANY_RUN,
    "meta.files": ANY_RUN,
    "meta.metric_registry": ANY_RUN,
    "quality.fct_quality_results": "select 1 from ops.quality_results"
    " where suite = 'delivery' and as_of_at = {clock}",
    "core.dim_accounts": _came("accounts"),
    "core.dim_campaigns": _came("campaigns"),
    "core.dim_contacts": _came("contacts"),
    "funnel.fct_opportunities": f"{_came('deals')}"
    " and not exists (from intermediate.int_crm_deals_unioned"
    " where coalesce(created_at >= {clock} - interval 1 day, true))"
    " and not exists (from intermediate.int_opportunities_priced where is_excluded)"
    " and not exists (from intermediate.int_records_set_aside where record_type = 'deal')",
    "attribution.fct_attribution_credits": "select 1 from attribution.fct_conversions",
    "attribution.fct_touches": f"{_came('web_events')}"
    " and exists (from intermediate.int_sessions_built as sessions"
    " join intermediate.int_sessions_identified as identified using (session_id)"
    " where sessions.exclusion_reason is null"
    " and not exists (from intermediate.int_contacts_merged as contacts"
    " where contacts.contact_key = identified.contact_key and contacts.is_excluded))",
    "operations.fct_campaign_launches": _came("campaigns"),
    "operations.fct_approval_rounds": "select 1 from intermediate.int_approvals_classified"
    " where created_at <= {clock}",
    "attribution.fct_ad_spend_daily": f"{_came('spend')}"
    " and not exists (from intermediate.int_ad_reports_unioned"
    " where not (is_counted and is_daily) or date_day is null)"
    " and not exists (from intermediate.int_records_set_aside"
    " where record_type = 'ad_report_line')",
}

# Where staging is built elsewhere, as by Spark, there is nothing to compare with.
REPORTS = ("intermediate", "int_ad_reports_unioned")
UNKNOWN_NAMES = ("quality", "fct_unknown_names")
# What no list has, and which figures have all the same: said where a template has such a name.
NAMED_OTHERWISE: Mapping[str, str] = {
    "accuracy_audit": "A sample_id is as `throughline audit sample` wrote it: fill in that sheet;"
    " what is compared of others does not say how accurate this warehouse is.",
    "invoices": "A crm_deal_id is a deal that was won; where the column is crm_source, several CRMs"
    " have the deal's id that is named, and it says in which. Until then the amount is held against"
    " the deals won in the month of the invoice.",
}
ANOMALIES = ("quality", "fct_anomalies")
ANOMALY_RULES = ("seeds", "anomaly_rules")
OBJECTIVES = ("strategy", "fct_objectives")
SET_ASIDE = ("intermediate", "int_records_set_aside")
TASKS = ("intermediate", "int_tasks_unioned")
LEFT_OUT = ("quality", "fct_amounts_left_out")
OUTCOMES = ("quality", "fct_touch_outcomes")
EMAIL = "[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)*[.][A-Za-z][A-Za-z]+"

# Shares of what is not their whole: tasks that were added to those committed, users to licences,
# clicks to opens, of which machines make some and readers of plain text none.
MAY_EXCEED_ONE = (
    "operations.fct_sprint_commitments.scope_change_rate",
    "operations.fct_sprint_commitments.delivery_rate",
    "operations.fct_tool_inventory.adoption_rate",
    "attribution.fct_email_campaigns.click_to_open_rate",
)

# Hosts that speak of paying or of a card's second check, and pages that thank for an order.
PAYING = "(^|[.-])([a-z0-9]*(pay|payments?|checkout)|3d-?s[a-z0-9]*|acs[0-9]*|gateway)([.-]|$)"
PAID = "/(thanks?|thank-?you|danke|merci|order-(received|complete|confirm)|checkout)([/.-]|$)"


def suites(con: duckdb.DuckDBPyConnection, as_of_at: datetime) -> tuple[Suite, ...]:
    """A suite per mart that is there or must be, as of a clock."""
    texts, shares = text_columns(con), share_columns(con)
    by_hand, own = _by_hand(con, as_of_at), own_checks()
    of_layers = layers.checks(con, as_of_at)
    closed = dict(history.closed_months(con, as_of_at))
    return tuple(
        Suite(
            kind=MARTS,
            schema=name.split(".")[0],
            table=name.split(".")[1],
            checks=(
                _row_count(con, name, as_of_at),
                *_no_personal_data(texts.get(name, ())),
                *map(_is_share, shares.get(name, ())),
                *by_hand.get(name, ()),
                *of_layers.get(name, ()),
                *([closed[name]] if name in closed else []),
                *own.get(name, ()),
            ),
            keys=(KEYS[name],) if name in KEYS else (),
        )
        for name in sorted({*texts, *by_hand, *of_layers, *own, *FED_BY})
    )


def text_columns(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    """The columns of each mart in which an address could stand, none for a mart of figures."""
    rows = con.execute(
        "select concat(schema_name, '.', table_name), coalesce(list(column_name order by"
        " column_index) filter (not regexp_matches(data_type,"
        " '^(BOOLEAN|BIGINT|INTEGER|DOUBLE|DATE|TIMESTAMP|DECIMAL)')), [])"
        " from duckdb_columns() where database_name = current_database()"
        f" and schema_name in {SCHEMAS} group by all"
    ).fetchall()
    return {name: tuple(columns) for name, columns in rows}


def share_columns(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    """The columns of each mart that are shares of a whole, by their names."""
    rows = con.execute(
        "select concat(schema_name, '.', table_name), list(column_name order by column_index)"
        " from duckdb_columns() where database_name = current_database()"
        f" and schema_name in {SCHEMAS} and regexp_matches(column_name, '_(rate|share)$')"
        " and regexp_matches(data_type, '^(DOUBLE|DECIMAL)')"
        " and concat_ws('.', schema_name, table_name, column_name)"
        f" not in {MAY_EXCEED_ONE} group by all"
    ).fetchall()
    return {name: tuple(columns) for name, columns in rows}


def _is_share(column: str) -> Check:
    return EachRow(
        name="is_share",
        column=column,
        # Sums of doubles may end a little beyond.
        condition=f"{quoted(column)} between -1e-9 and 1 + 1e-9",
        dimension="validity",
        severity=WARNING,
        owner=OWNER,
        action="Look for what is divided by something that is no whole of it, or is per cent: a"
        " share lies between 0 and 1.",
    )


def _row_count(con: duckdb.DuckDBPyConnection, name: str, as_of_at: datetime) -> Check:
    clock = moment(as_of_at)
    fed_by = FED_BY.get(name, "select 1 where false")
    try:
        is_fed = con.execute(f"{fed_by.format(clock=clock)} limit 1").fetchone() is not None
    except duckdb.CatalogException:
        # Another mart is not there, and its own suite says so; or models are built elsewhere.
        is_fed = False
    return RowCount(
        name="row_count",
        dimension="completeness",
        severity=CRITICAL,
        owner=OWNER,
        action="Look for what the models filter away: the mart is empty though its sources came.",
        minimum=int(is_fed),
    )


def _no_personal_data(columns: tuple[str, ...]) -> Iterator[Check]:
    if not columns:
        return
    texts = [f"cast({quoted(column)} as varchar)" for column in columns]
    found = " or ".join(
        f"contains({text}, '@') and regexp_matches({text}, '{EMAIL}')" for text in texts
    )
    yield NoRows(
        name="no_personal_data",
        dimension="validity",
        severity=CRITICAL,
        owner=OWNER,
        action="Find the column that carries an e-mail address and leave it out in staging:"
        " a release holds no personal data.",
        # The address itself is no sample: that would carry it on.
        query=f"select 'an e-mail address' as what from {{batch}} where {found}",
    )


def _by_hand(con: duckdb.DuckDBPyConnection, as_of_at: datetime) -> Mapping[str, tuple[Check, ...]]:
    """What single marts must keep, by mart."""
    return {
        "attribution.fct_ad_spend_daily": spend(con),
        "attribution.fct_attribution_credits": credit(),
        "attribution.fct_conversions": (_unique("conversion_id"),),
        **adjustments(con),
        "attribution.fct_touches": (
            EachRow(
                name="not_after_clock",
                column="touched_at",
                condition=f"touched_at <= {moment(as_of_at)}",
                dimension="timeliness",
                severity=CRITICAL,
                owner=OWNER,
                action="Find the model that lost its limit: nothing after the clock is known.",
            ),
            # S4-2: it would count as organic, and the spend as without effect.
            NoRows(
                name="paid_tagged_organic",
                column="medium",
                dimension="consistency",
                severity=WARNING,
                owner=OWNER,
                action="Tag the ads of the campaign with a paid utm_medium, such as cpc or"
                " paid_social, and its other links with a campaign of their own.",
                query="select touch_id, source, medium, campaign_key from {batch}"
                " where channel like 'Organic %' and campaign_key in"
                " (select campaign_key from attribution.fct_ad_spend_daily where spend > 0)",
                evaluated="select count(*) from {batch} where channel like 'Organic %'",
            ),
            # Who comes back from a payment page was brought by what came before it.
            NoRows(
                name="no_payment_page_as_source",
                column="source",
                dimension="validity",
                severity=WARNING,
                owner=OWNER,
                action="If the site's customers pay or are checked there, add the host to the seed"
                " traffic_exclusions as a referrer_host of self_referral: until then it earns what"
                " others brought.",
                query="select source, count(*) as touch_count, min(landing_page) as landing_page"
                f" from {{batch}} where medium = 'referral' and (regexp_matches(source, '{PAYING}')"
                f" or regexp_matches(landing_page, '{PAID}')) group by source",
                evaluated="select count(distinct source) from {batch} where medium = 'referral'",
            ),
        ),
        "core.dim_contacts": (
            *leads_against_forms(con),
            EachRow(
                name="cluster_is_small",
                column="record_count",
                condition=f"record_count <= {MOST_RECORDS}",
                dimension="uniqueness",
                severity=WARNING,
                owner=OWNER,
                action="Look at the contact's records in int_identity_edges: if its address is a"
                " shared mailbox, add it to the seed shared_mailboxes; pairs that are two people"
                " go to identity_unmerges.",
            ),
        ),
        "core.dim_dates": (_covers_facts(as_of_at), *set_aside(con)),
        **work(con),
        **outcomes(con),
        **names(con),
        **anomalies(con),
        **objectives(con),
        "funnel.fct_opportunities": (*deal_stages(con), *told_by_two(con)),
        **amounts(con),
        "quality.fct_report_confidence": (
            EachRow(
                name="is_share",
                column="reporting_confidence",
                condition="reporting_confidence between 0 and 1",
                dimension="validity",
                severity=CRITICAL,
                owner=OWNER,
                action="Check the models of confidence: it lies between 0 and 1.",
            ),
        ),
    }


def credit() -> tuple[Check, ...]:
    """Each model hands out each conversion whole, in shares and in money, and takes none away."""
    handed_out = (
        "select count(*) from (select distinct conversion_id, attribution_model from {batch})"
    )
    return (
        NoRows(
            name="sums_to_one",
            column="credit",
            dimension="accuracy",
            severity=CRITICAL,
            owner=OWNER,
            action="Check the attribution models: a conversion's shares sum to 1 in each.",
            query="select conversion_id, attribution_model, sum(credit) as credit from {batch}"
            " group by conversion_id, attribution_model"
            " having coalesce(abs(sum(credit) - 1), 1) > 1e-9",
            evaluated=handed_out,
        ),
        NoRows(
            name="sums_to_conversion",
            column="credited_amount",
            dimension="accuracy",
            severity=CRITICAL,
            owner=OWNER,
            action="Check the rounding of credits: a conversion's money goes out to the cent.",
            query="select conversion_id, attribution_model, credited_amount, amount_reporting"
            " from (select conversion_id, attribution_model,"
            " sum(credited_amount) as credited_amount"
            " from {batch} group by conversion_id, attribution_model) as credited"
            " left join attribution.fct_conversions using (conversion_id)"
            " where credited_amount is distinct from amount_reporting",
            evaluated=handed_out,
        ),
        NoRows(
            name="every_conversion_credited",
            column="conversion_id",
            dimension="completeness",
            severity=CRITICAL,
            owner=OWNER,
            action="Check the attribution models: what has no touch is Unattributed, never lost.",
            query="select conversion_id from attribution.fct_conversions"
            " where conversion_id not in (select conversion_id from {batch})",
            evaluated="select count(*) from attribution.fct_conversions",
        ),
        EachRow(
            name="not_negative",
            column="credit",
            condition="credit >= 0",
            dimension="validity",
            severity=CRITICAL,
            owner=OWNER,
            action="Check the attribution models: no touch takes credit away.",
        ),
    )


def spend(con: duckdb.DuckDBPyConnection) -> tuple[Check, ...]:
    """Spend is there once, is no less than nothing, and is what the reports say."""
    checks: tuple[Check, ...] = (
        _unique("ad_spend_id"),
        EachRow(
            name="not_negative",
            column="spend",
            condition="spend >= 0",
            dimension="validity",
            severity=CRITICAL,
            owner="Paid media",
            action="Compare the day with its platform: spend is no less than nothing.",
        ),
    )
    return (*checks, _equals_reports()) if is_built(con, REPORTS) else checks


def adjustments(con: duckdb.DuckDBPyConnection) -> Mapping[str, tuple[Check, ...]]:
    """What takes from won revenue; where changes are built elsewhere, nothing."""
    if not is_built(con, money.CHANGES):
        return {}
    return {"attribution.fct_conversion_adjustments": tuple(money.refunds())}


def set_aside(con: duckdb.DuckDBPyConnection) -> tuple[Check, ...]:
    """What the models leave out, as its date or figure cannot be meant, is named."""
    if not is_built(con, SET_ASIDE):
        return ()
    records = ".".join(SET_ASIDE)
    return (
        NoRows(
            name="no_record_set_aside",
            dimension="validity",
            severity=WARNING,
            owner=OWNER,
            action="Correct the date or the figure in its source: it is before 1990, or of what"
            " has happened after the run's clock, ends before it begins, or is no cost or amount;"
            " figures leave it out.",
            query=f"select record_type, source, column_name, file_id, row_number from {records}",
            evaluated=f"select count(*) from {records}",
        ),
    )


def outcomes(con: duckdb.DuckDBPyConnection) -> Mapping[str, tuple[Check, ...]]:
    """What a source says was done before any time that can be meant is named, not only left out."""
    if not is_built(con, OUTCOMES):
        return {}
    return {
        ".".join(OUTCOMES): (
            NoRows(
                name="every_time_is_plausible",
                column="outcome",
                dimension="validity",
                severity=WARNING,
                owner=OWNER,
                action="Look whether a source's times came in another unit, such as seconds where"
                " it sends thousandths: visits and clicks dated before the var facts_since earn no"
                " credit.",
                query="select touch_type, candidate_count from {batch}"
                " where outcome = 'implausible_time'",
                evaluated="select cast(coalesce(sum(candidate_count), 0) as bigint) from {batch}",
            ),
        )
    }


def names(con: duckdb.DuckDBPyConnection) -> Mapping[str, tuple[Check, ...]]:
    """What the team's own tables call a campaign, a step or a handoff is known somewhere."""
    if not is_built(con, UNKNOWN_NAMES):
        return {}
    mart = ".".join(UNKNOWN_NAMES)
    told = _values(con, mart, "template")
    return {
        mart: (
            NoRows(
                name="every_name_is_known",
                dimension="validity",
                severity=WARNING,
                owner=OWNER,
                action="Correct the name in the lines that have it, or register it: a campaign in"
                " campaign_registry, a step in the seed raci_template, a handoff in handoff_rules,"
                " an item in handoff_contracts, a check in qa_checklist_items or stage_gates, an"
                " objective in key_results. Until then they are in no figure of theirs."
                + "".join(
                    f" {own}" for template, own in NAMED_OTHERWISE.items() if template in told
                ),
                query="select template, column_name, unknown_name, line_count, path,"
                " first_row_number from {batch} left join ops.files on first_file_id = file_id",
                evaluated="select count(*) from {batch}",
            ),
        )
    }


def anomalies(con: duckdb.DuckDBPyConnection) -> Mapping[str, tuple[Check, ...]]:
    """No recent day of a source is unlike its weekday, by the dimensions of the seed's rules."""
    if not is_built(con, ANOMALIES):
        return {}
    judged = "is_recent and anomaly_state in ('error', 'warning', 'explained', 'within')"
    # Where seeds lie elsewhere, as on Spark, what failed says which there are.
    rules = ANOMALY_RULES if is_built(con, ANOMALY_RULES) else ANOMALIES
    dimensions = con.execute(
        f"select distinct dimension from {'.'.join(rules)} where dimension is not null order by 1"
    ).fetchall()
    return {
        ".".join(ANOMALIES): tuple(
            NoRows(
                name=f"no_day_with_{state}_of_{dimension}",
                dimension=dimension,
                severity=severity,
                owner=OWNER,
                action="Have the source deliver the day that is named again. If it was so, add the"
                " row that stands behind it to the seed anomaly_explanations, with why and who says"
                " so; the bands are the seed anomaly_rules.",
                query="select sentence, owner, explanation_row from {batch}"
                f" where is_recent and anomaly_state = '{state}' and dimension = '{dimension}'",
                evaluated=f"select count(*) from {{batch}} where {judged}",
            )
            for (dimension,) in dimensions
            for state, severity in (("error", CRITICAL), ("warning", WARNING))
        )
    }


def objectives(con: duckdb.DuckDBPyConnection) -> Mapping[str, tuple[Check, ...]]:
    """Every objective has an outcome and a workflow key result (S1-2)."""
    if not is_built(con, OBJECTIVES):
        return {}
    return {
        ".".join(OBJECTIVES): (
            NoRows(
                name="every_objective_has_outcome_and_workflow",
                dimension="completeness",
                severity=WARNING,
                owner=OWNER,
                action="Add a key result of the type that lacks to the objective that is named: an"
                " outcome says whether it is reached, a workflow what is done for it (S1-2).",
                query="select objective_id, lacks from {batch}"
                " where outcome_metric_count = 0 or workflow_count = 0",
                evaluated="select count(*) from {batch}",
            ),
        )
    }


def amounts(con: duckdb.DuckDBPyConnection) -> Mapping[str, tuple[Check, ...]]:
    """What figures of money lack is told."""
    if not is_built(con, LEFT_OUT):
        return {}
    whole = money.whole_accounts(con) if is_built(con, REPORTS) else ()
    return {".".join(LEFT_OUT): (*money.left_out(), *whole)}


def work(con: duckdb.DuckDBPyConnection) -> Mapping[str, tuple[Check, ...]]:
    """What trackers say has a meaning here: words for a status (S1-20), titles, projects."""
    if not is_built(con, TASKS):
        return {}
    tasks = ".".join(TASKS)
    # Asana has sections, whose names are free.
    words = (
        "select 'task' as object, tracker, lower(status_name) as word,"
        f" canonical_status is not null as is_defined from {tasks} where tracker <> 'asana'"
        " union all select 'approval' as object, tracker, lower(approval_label) as word,"
        f" approval_status is not null as is_defined from {tasks} where tracker <> 'asana'"
    )
    every_status = NoRows(
        name="every_status_is_defined",
        dimension="validity",
        severity=WARNING,
        owner=OWNER,
        action="Add the row that is named to the seed status_definitions, with what the word"
        " means: until then its tasks are neither done nor blocked, its approvals not answered.",
        query=f"select {_seed_row('object', 'tracker', 'word')} || ',?,?' as seed_row,"
        f" count(*) as tasks from ({words}) where word is not null and not is_defined"
        " group by object, tracker, word",
        evaluated=f"select count(distinct concat_ws(' ', object, tracker, word)) from ({words})"
        " where word is not null",
    )
    matched = f"{tasks} left join intermediate.int_tasks_matched using (task_id)"
    every_task = NoRows(
        name="every_project_has_its_campaign",
        dimension="completeness",
        severity=WARNING,
        owner=OWNER,
        action="Name the project in the registry as the work_project of its campaign, or call it"
        " as the campaign's slug: no launch and no milestone counts its tasks. A project that is"
        " no campaign's may stay.",
        query="select tracker, coalesce(project_name, 'in no project') as project,"
        f" count(*) as tasks from {matched} group by tracker, project_name"
        " having count(campaign_key) = 0",
        evaluated=f"select count(distinct concat_ws(' ', tracker, project_name)) from {tasks}",
    )
    every_approval = NoRows(
        name="every_approval_has_its_step",
        dimension="validity",
        severity=WARNING,
        owner=OWNER,
        action="Add the row that is named to the seed approval_steps, with its step and whether a"
        " launch needs it: until then its rounds are those of the step other.",
        query=f"select {_seed_row('lower(approval_title)')} || ',?,?,?' as seed_row,"
        " count(*) as approvals from intermediate.int_approvals_classified"
        " where approval_step = 'other' and approval_title is not null"
        " group by lower(approval_title)",
        evaluated="select count(*) from intermediate.int_approvals_classified",
    )
    every_blocker = NoRows(
        name="every_blocker_has_owner_and_due_date",
        dimension="completeness",
        severity=WARNING,
        owner=OWNER,
        action="End the meeting with a person and a day for the blocker that is named (S1-22): set"
        " assignee and due date of its task, or both in the blocker log.",
        query="select blocker_id, task_name, owner_name, due_at from operations.fct_blockers"
        " where is_open and not is_owner_and_due_known",
        evaluated="select count(*) from operations.fct_blockers where is_open",
    )
    every_path = NoRows(
        name="every_critical_path_ends",
        dimension="validity",
        severity=WARNING,
        owner=OWNER,
        action="Take one of the dependencies away, in the tracker, by which the tasks of the path"
        " wait for each other (circle); or raise the var critical_path_steps (cut): until then"
        " nobody knows what drove the beginning of the path.",
        query="select campaign_key, path_state, max_by(task_name, step_no) as first_task"
        " from operations.fct_critical_paths where path_state <> 'whole'"
        " group by campaign_key, path_state",
        evaluated="select count(distinct campaign_key) from operations.fct_critical_paths",
    )
    return {
        "operations.fct_blockers": (every_status, every_blocker),
        "operations.fct_critical_paths": (every_path,),
        "operations.fct_milestones": (every_task,),
        "operations.fct_approval_rounds": (every_approval,),
    }


def _seed_row(*cells: str) -> str:
    """SQL of the row to add to a seed: expressions of its first cells, `?` for what to fill in."""
    quoted_cells = (
        f"case when regexp_matches({cell}, '[,\"]')"
        f" then concat('\"', replace({cell}, '\"', '\"\"'), '\"') else {cell} end"
        for cell in cells
    )
    return f"concat_ws(',', {', '.join(quoted_cells)})"


def deal_stages(con: duckdb.DuckDBPyConnection) -> tuple[Check, ...]:
    """How every deal ended, or that it is open, is said by its record or by its stage."""
    if not is_built(con, DEALS):
        return ()
    deals = ".".join(DEALS)
    return (
        NoRows(
            name="every_deal_stage_is_defined",
            dimension="validity",
            severity=WARNING,
            owner="Sales operations",
            action="Add the row that is named to the seed deal_stages, with true or false for"
            " is_closed, is_won and is_qualified, or deliver the CRM's own table of stages: until"
            " then these deals are neither open nor won nor lost in any figure.",
            query=f"select {_seed_row('crm_source', 'outcome_key', 'min(stage)')} || ',?,?,?,?'"
            " as seed_row, count(*) as deals, round(sum(amount), 2) as amount,"
            " string_agg(crm_deal_id, ' ' order by crm_deal_id) as crm_deal_ids"
            f" from {deals} where (is_closed is null or is_won is null)"
            " and is_deleted_at_source is not true group by crm_source, outcome_key",
            evaluated="select count(distinct concat_ws(' ', crm_source, outcome_key))"
            f" from {deals}",
        ),
    )


def told_by_two(con: duckdb.DuckDBPyConnection) -> tuple[Check, ...]:
    """No deal comes from two CRMs, as one that syncs with another has its deals as well."""
    deals = ".".join(DEALS)
    if not is_built(con, DEALS) or len(_values(con, deals, "crm_source")) < 2:
        return ()
    return (
        NoRows(
            name="told_by_one_crm",
            dimension="uniqueness",
            severity=WARNING,
            owner="Sales operations",
            action="Leave the deals that are named out of one CRM's export: of one contact, with"
            " one amount and closed within a day, they look like one deal in both, and pipeline"
            " and revenue have it twice.",
            query="select one.crm_source || ' ' || of_one.crm_deal_id as deal, other.crm_source"
            " || ' ' || of_other.crm_deal_id as deal_again, one.amount, one.currency"
            " from {batch} as one inner join {batch} as other"
            " on one.primary_contact_key = other.primary_contact_key"
            " and one.amount = other.amount and one.currency = other.currency"
            " and one.crm_source < other.crm_source and one.is_won = other.is_won"
            " and abs(date_diff('day', one.closed_at, other.closed_at)) <= 1"
            f" inner join {deals} as of_one on one.opportunity_id = of_one.opportunity_id"
            f" inner join {deals} as of_other on other.opportunity_id = of_other.opportunity_id"
            " where one.amount <> 0",
            evaluated="select count(*) from {batch}",
        ),
    )


def _values(con: duckdb.DuckDBPyConnection, relation: str, column: str) -> set[str]:
    found = con.execute(f"select distinct {column} from {relation}").fetchall()
    return {value for (value,) in found}


def _equals_reports() -> Check:
    reports = ".".join(REPORTS)
    return NoRows(
        name="equals_reports",
        column="spend",
        dimension="accuracy",
        severity=CRITICAL,
        owner="Paid media",
        action="Find the campaigns that the models lose or double: spend per currency is not what"
        " the reports say.",
        query="select currency, sum(published) as published, sum(delivered) as delivered from ("
        "select currency, spend as published, 0 as delivered from {batch}"
        # Connectors deliver millionths: a campaign's day is rounded to the cent, then added.
        " union all select currency, 0 as published, round(sum(spend), 2) as delivered"
        f" from {reports} where is_counted and is_daily"
        " group by platform, ad_account_id, ad_campaign_name, currency, date_day)"
        " group by currency having coalesce(sum(published), 0) <> coalesce(sum(delivered), 0)",
        evaluated=f"select count(distinct currency) from {reports}",
    )


def _unique(column: str) -> Check:
    return Unique(
        name="unique",
        column=column,
        dimension="uniqueness",
        severity=CRITICAL,
        owner=OWNER,
        action="Find the join that doubles rows: a key occurs twice.",
    )


def _covers_facts(as_of_at: datetime) -> Check:
    return NoRows(
        name="covers_facts",
        column="date_day",
        dimension="completeness",
        severity=CRITICAL,
        owner=OWNER,
        action="Extend the calendar: a fact's day, or the run's own, is not in it.",
        query="select day from ("
        "select cast(converted_at as date) as day from attribution.fct_conversions"
        " union select cast(touched_at as date) from attribution.fct_touches"
        " union select date_day from attribution.fct_ad_spend_daily"
        f" union select {reporting_day(as_of_at)})"
        " where day is not null and day not in (select date_day from {batch})",
    )
