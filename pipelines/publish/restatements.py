"""The restatement ledger: which figures of a past month a release changed, by how much, and why.

A figure is watched per month, and per channel or platform where it has one. Two releases are held
against each other as of the earlier of their clocks: what happened later, the earlier one could
not know. Each figure that differs is a row of meta.restatements, with the first cause of CAUSES
for which there is evidence in the rows of both releases. The ledger says what readers saw: it is
handed on from release to release and only ever grows.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.publish.release import (
    Release,
    Standing,
    in_memory,
    published_path,
    release_path,
)
from pipelines.sql import literal, moment
from pipelines.transform.manifest import project_vars

LEDGER = "meta.restatements"
# One row per figure, month and part that a release shows otherwise than the one before.
# channel, attribution_model: NULL for the figure as a whole; platform: of spend.
# old_value, new_value: 0 where a release has no such row; counts and cents are exact, credits are
#   rounded to six places.
# evidence_count: records that speak for the cause. file_id: in meta.files; NULL: several can have
#   brought it, or none.
# is_provisional: the month was open by the earlier clock, or its platform could still restate it.
# period_month is when it happened, booking_month the month of the release: a refund is reported in
#   one or the other, never in both.
# restated_at: when readers saw it, UTC.
LEDGER_COLUMNS = (
    "restatement_id varchar, release_id varchar, previous_release_id varchar, figure varchar,"
    " unit varchar, period_month date, channel varchar, attribution_model varchar,"
    " platform varchar, old_value decimal(24, 6), new_value decimal(24, 6),"
    " delta decimal(24, 6), cause varchar, evidence_count bigint, file_id bigint,"
    " is_provisional boolean, is_material boolean, booking_month date, previous_as_of_at timestamp,"
    " as_of_at timestamp, restated_at timestamp"
)
# A restatement of more than this share of the old figure affects reports (reporting_defect_rate).
MATERIAL_SHARE = "0.01"

# The first that applies is a restatement's cause.
CAUSES = (
    "rollback",  # a person put an earlier release back
    "rule_change",  # models, seeds, contracts or code are others: no evidence tells that apart
    "earlier_as_of",  # the figures were computed again as of an earlier clock
    "identity_merge",  # a touch or conversion belongs to another contact or account
    "amount_change",  # the same conversion, another amount: a refund, a correction
    "spend_restatement",  # the same day of a platform, other spend
    "late_event",  # it happened in the month and was delivered since
    "removed_record",  # it was there and is gone
    "changed_record",  # the same record, with another time, channel or exclusion
    "model_refit",  # a solved model learned from what changed elsewhere
    "unexplained",
)
SOLVED_MODELS = "('markov', 'data_driven')"
# Their files move no figure that is watched.
TRACKERS = "('asana', 'jira', 'monday', 'trello')"

# The columns without which two releases cannot be compared.
COMPARED = {
    "attribution.fct_conversions": "conversion_id, conversion_type, contact_key, account_key,"
    " amount_reporting, converted_at",
    "attribution.fct_attribution_credits": "conversion_id, conversion_type, touch_id,"
    " attribution_model, channel, credit, credited_amount, is_fallback, converted_at",
    "attribution.fct_channel_performance_daily": "attribution_model, is_headline_model",
    "attribution.fct_touches": "touch_id, contact_key, account_key, channel, touched_at",
    "attribution.fct_ad_spend_daily": "platform, date_day, spend_reporting, is_provisional,"
    " source_timezone",
    "core.dim_contacts": "contact_key, crm_source, record_count, is_excluded, first_seen_at",
    "meta.files": "file_id, source, status",
}

# Names of meta.metric_registry where it has one, else the plural.
NAMES_SQL = """
    create or replace temp table figure_names as
    from (values ('lead', 'leads', null), ('mql', 'mqls', null), ('sal', 'sals', null),
        ('sql', 'sqls', null), ('opportunity', 'opportunities', 'pipeline_amount'),
        ('closed_won', 'customers', 'revenue_amount')
    ) as t(conversion_type, counted, summed)
"""
# The rows that figures are made of, of one release, as far as both clocks cover them.
FACTS_SQL = """
    create or replace temp macro month_of(moment) as
        cast(date_trunc('month', timezone({zone}, timezone('UTC', moment))) as date);
    create or replace temp table {side}_conversions as
    select conversion_id, conversion_type, contact_key, account_key, amount_reporting,
        month_of(converted_at) as period_month
    from {release}.attribution.fct_conversions where converted_at <= {clock};
    create or replace temp table {side}_credits as
    select conversion_id, conversion_type, touch_id, attribution_model, channel, credit,
        credited_amount, is_fallback, month_of(converted_at) as period_month
    from {release}.attribution.fct_attribution_credits
    where converted_at <= {clock} and attribution_model in (
        select attribution_model from {release}.attribution.fct_channel_performance_daily
        where is_headline_model);
    create or replace temp table {side}_touches as
    select touch_id, contact_key, account_key, channel, touched_at,
        month_of(touched_at) as period_month
    from {release}.attribution.fct_touches where touched_at <= {clock};
    create or replace temp table {side}_contacts as
    select contact_key, crm_source, record_count,
        case when not is_excluded and first_seen_at <= {clock} then month_of(first_seen_at) end
            as period_month
    from {release}.core.dim_contacts;
    create or replace temp table {side}_spend as
    select platform, date_day, cast(date_trunc('month', date_day) as date) as period_month,
        sum(coalesce(spend_reporting, 0)) as spend, bool_or(is_provisional) as is_provisional
    from {release}.attribution.fct_ad_spend_daily
    -- A platform's day is known when it is over where the account is.
    where date_day < cast(timezone(coalesce(source_timezone, 'UTC'), timezone('UTC', {clock}))
        as date)
    group by all;
"""
FIGURES_SQL = """
    select counted as figure, 'count' as unit, period_month, null as channel,
        null as attribution_model, null as platform, count(*) as value
    from {side}_conversions join figure_names using (conversion_type) group by all
    union all
    select summed, 'reporting currency', period_month, null, null, null, sum(amount_reporting)
    from {side}_conversions join figure_names using (conversion_type)
    where summed is not null group by all
    union all
    select counted, 'count', period_month, channel, attribution_model, null, round(sum(credit), 6)
    from {side}_credits join figure_names using (conversion_type) group by all
    union all
    select summed, 'reporting currency', period_month, channel, attribution_model, null,
        sum(credited_amount)
    from {side}_credits join figure_names using (conversion_type)
    where summed is not null group by all
    union all
    select 'touches', 'count', period_month, channel, null, null, count(*)
    from {side}_touches group by all
    union all
    select 'contacts_first_seen', 'count', period_month, null, null, null, count(*)
    from {side}_contacts where period_month is not null group by all
    union all
    select 'spend', 'reporting currency', period_month, null, null, platform, sum(spend)
    from {side}_spend group by all
"""
CELL = "figure, unit, period_month, channel, attribution_model, platform"
DIFFERENCES_SQL = f"""
    create or replace temp table differences as
    select {CELL},
        cast(coalesce(sum(value) filter (side = 'old'), 0) as decimal(24, 6)) as old_value,
        cast(coalesce(sum(value) filter (side = 'new'), 0) as decimal(24, 6)) as new_value
    from (
        select *, 'old' as side
        from (select {CELL}, cast(value as decimal(24, 6)) as value from ({{old}}))
        union all
        select *, 'new' as side
        from (select {CELL}, cast(value as decimal(24, 6)) as value from ({{new}}))
    )
    group by {CELL} having old_value <> new_value
"""

# What happened to single records. `side` has the place of a record before and after; a record that
# moved from one month or channel to another is evidence for both.
EVIDENCE_SQL = """
    create or replace temp table changed_touches as
    select touch_id, o.channel as old_channel, n.channel as new_channel,
        o.period_month as old_month, n.period_month as new_month,
        coalesce(n.contact_key, o.contact_key) as contact_key,
        case
            when o.touch_id is null then 'late_event'
            when n.touch_id is null then 'removed_record'
            when (o.contact_key, o.account_key) is distinct from (n.contact_key, n.account_key)
                then 'identity_merge'
            else 'changed_record'
        end as cause
    from old_touches as o full join new_touches as n using (touch_id)
    where (o.contact_key, o.account_key, o.channel, o.touched_at)
        is distinct from (n.contact_key, n.account_key, n.channel, n.touched_at);

    create or replace temp table changed_contacts as
    with compared as (
        select contact_key, o.contact_key is null as is_new, n.contact_key is null as is_gone,
            o.period_month as old_month, n.period_month as new_month,
            coalesce(n.record_count - o.record_count, 0) as more_records
        from old_contacts as o full join new_contacts as n using (contact_key)
    ),
    touched as (
        select contact_key, arg_min(cause, cause_order) as cause
        from changed_touches join causes using (cause) group by contact_key
    )
    select contact_key, old_month, new_month,
        case
            when more_records <> 0 then 'identity_merge'
            -- Whoever is gone is part of somebody else, if anybody has more records than before.
            when is_gone and max(more_records) over () > 0 then 'identity_merge'
            when is_gone then 'removed_record'
            when is_new and min(more_records) over () < 0 then 'identity_merge'
            when is_new then 'late_event'
            else coalesce(touched.cause, 'changed_record')
        end as cause
    from compared left join touched using (contact_key)
    qualify is_new or is_gone or more_records <> 0 or old_month is distinct from new_month;

    create or replace temp table changed_conversions as
    select conversion_id, o.conversion_type as old_type, n.conversion_type as new_type,
        o.period_month as old_month, n.period_month as new_month,
        (o.conversion_type, o.period_month) is distinct from (n.conversion_type, n.period_month)
            as is_moved,
        case
            when whose.cause = 'identity_merge' or (o.contact_key <> n.contact_key)
                then 'identity_merge'
            when o.amount_reporting is distinct from n.amount_reporting
                and o.conversion_id is not null and n.conversion_id is not null
                then 'amount_change'
            when o.conversion_id is null then 'late_event'
            when n.conversion_id is null then 'removed_record'
            else 'changed_record'
        end as cause
    from old_conversions as o full join new_conversions as n using (conversion_id)
    left join changed_contacts as whose
        on coalesce(n.contact_key, o.contact_key) = whose.contact_key
    where (o.conversion_type, o.period_month, o.amount_reporting)
        is distinct from (n.conversion_type, n.period_month, n.amount_reporting);

    -- A conversion's credit changes with the conversion, or with a touch that had or has a share.
    create or replace temp table changed_credits as
    with credited as (
        select *, 'old' as side from old_credits union all select *, 'new' as side from new_credits
    ),
    parts as (
        select conversion_id, conversion_type, attribution_model, channel, period_month,
            round(sum(credit) filter (side = 'old'), 9)
                is distinct from round(sum(credit) filter (side = 'new'), 9) as is_moved
        from credited group by all
        having is_moved or sum(credited_amount) filter (side = 'old')
            is distinct from sum(credited_amount) filter (side = 'new')
    ),
    reasons as (
        select conversion_id, cause, 'conversion' as kind, is_moved from changed_conversions
        union
        select credited.conversion_id, changed_touches.cause, 'touch', true
        from credited join changed_touches using (touch_id)
    )
    select parts.conversion_id, conversion_type, attribution_model, channel, period_month,
        parts.is_moved, reasons.cause, reasons.kind, reasons.is_moved as is_reason_of_count
    from parts join reasons using (conversion_id);

    create or replace temp table changed_days as
    select platform, period_month,
        case when o.platform is null then 'late_event' when n.platform is null then 'removed_record'
            else 'spend_restatement' end as cause
    from old_spend as o full join new_spend as n using (platform, date_day, period_month)
    where o.spend is distinct from n.spend;

    create or replace temp table evidence as
    select counted as figure, unnest([old_month, new_month]) as period_month, null as channel,
        null as platform, cause, 'conversion' as kind
    from changed_conversions join figure_names on conversion_type = coalesce(new_type, old_type)
    where is_moved
    union all
    select summed, unnest(list_distinct([old_month, new_month])), null, null, cause, 'conversion'
    from changed_conversions join figure_names on conversion_type = coalesce(new_type, old_type)
    union all
    select counted, period_month, channel, null, cause, kind
    from changed_credits join figure_names using (conversion_type)
    where is_moved and is_reason_of_count
    union all
    select summed, period_month, channel, null, cause, kind
    from changed_credits join figure_names using (conversion_type)
    union all
    select 'touches', place.month, place.channel, null, cause, 'touch'
    from (
        select cause, unnest([{'month': old_month, 'channel': old_channel},
            {'month': new_month, 'channel': new_channel}]) as place
        from changed_touches
        where (old_month, old_channel) is distinct from (new_month, new_channel)
    )
    union all
    select 'contacts_first_seen', unnest([old_month, new_month]), null, null, cause, 'conversion'
    from changed_contacts where old_month is distinct from new_month
    union all
    select 'spend', period_month, null, platform, cause, 'spend' from changed_days;
"""
# What was loaded since, by what it can have changed.
NEW_FILES_SQL = f"""
    create or replace temp table new_files as
    select file_id, source,
        case
            when source in (select platform from old_spend union select platform from new_spend)
                then 'spend'
            when source in (select crm_source from old_contacts
                union select crm_source from new_contacts) then 'conversion'
            else 'touch'
        end as kind
    from candidate.meta.files
    where status = 'loaded' and source not in {TRACKERS}
        and file_id not in (select file_id from previous.meta.files)
"""
RESTATED_SQL = f"""
    with explained as (
        select figure, period_month, channel, platform, arg_min(cause, cause_order) as cause,
            arg_min(kind, cause_order) as kind
        from evidence join causes using (cause) group by all
    ),
    counted as (
        select figure, period_month, channel, platform, cause, count(*) as evidence_count
        from evidence group by all
    ),
    refitted as (
        select distinct attribution_model from new_credits
        where attribution_model in {SOLVED_MODELS} and not is_fallback
    ),
    brought as (
        select d.{CELL.replace(", ", ", d.")}, d.old_value, d.new_value, e.kind,
            coalesce({{cause}}, e.cause, if(d.attribution_model in (from refitted), 'model_refit',
                'unexplained')) as cause,
            if({{cause}} is null, coalesce(c.evidence_count, 0), 0) as evidence_count
        from differences as d
        left join explained as e on d.figure = e.figure and d.period_month = e.period_month
            and d.channel is not distinct from e.channel
            and d.platform is not distinct from e.platform
        left join counted as c on e.figure = c.figure and e.period_month = c.period_month
            and e.channel is not distinct from c.channel
            and e.platform is not distinct from c.platform and e.cause = c.cause
    ),
    -- Only where one file can have brought it: where several can, none is named.
    files as (
        select b.cause, b.kind, b.platform,
            case when count(*) = 1 then any_value(f.file_id) end as file_id
        from (select distinct cause, kind, platform from brought
            where kind is not null and {{cause}} is null) as b
        join new_files as f on case
            when b.kind = 'spend' then f.source = b.platform
            when b.cause = 'identity_merge' then f.kind <> 'spend'
            else f.kind = b.kind end
        group by all
    )
    select md5(concat_ws('|', {{release_id}}, {{previous_id}}, {{restated_at}}, figure,
            b.period_month, coalesce(channel, '_null_'), coalesce(attribution_model, '_null_'),
            coalesce(b.platform, '_null_'))) as restatement_id,
        {{release_id}} as release_id, {{previous_id}} as previous_release_id,
        figure, unit, b.period_month, channel, attribution_model, b.platform,
        old_value, new_value, new_value - old_value as delta, b.cause, evidence_count, file_id,
        b.period_month = month_of({{clock}})
            or (figure = 'spend' and coalesce(open_spend.is_provisional, false)) as is_provisional,
        abs(new_value - old_value) > {MATERIAL_SHARE} * abs(old_value) as is_material,
        month_of({{as_of_at}}) as booking_month,
        {{previous_as_of_at}} as previous_as_of_at, {{as_of_at}} as as_of_at,
        {{restated_at}} as restated_at
    from brought as b
    left join files as f on b.cause = f.cause and b.kind = f.kind
        and b.platform is not distinct from f.platform
    left join (select platform, period_month, bool_or(is_provisional) as is_provisional
        from old_spend group by all) as open_spend
        on b.platform = open_spend.platform and b.period_month = open_spend.period_month
    order by figure, b.period_month, channel, attribution_model, b.platform
"""

logger = logging.getLogger(__name__)


def write_ledger(
    path: Path,
    home: Path,
    before: Standing,
    release: Release,
    restated_at: datetime,
    *,
    is_rollback: bool = False,
) -> int:
    """Hand the ledger on to a release that nobody reads yet, and add what this one restates.

    Nothing is lost or doubled by a kill: the rows become visible with the release itself.

    Args:
        path: the release's file, closed; it is written.
        home: where the releases before it lie.
        before: what lies there.
        release: what the file is.
        restated_at: when readers see it, naive UTC.
        is_rollback: whether the release was in front before and is put back.

    Returns:
        The number of figures that differ from those of the release in front.
    """
    with in_memory() as con:
        con.execute(f"set temp_directory = {literal(f'{path}.tmp')}")
        con.execute(f"attach {literal(path)} as candidate")
        con.execute("create schema if not exists candidate.meta")
        con.execute(f"create or replace table candidate.{LEDGER} ({LEDGER_COLUMNS})")
        earlier = [release_path(home, entry.release_id) for entry in before.kept]
        _hand_on(con, [*([published_path(home)] if before.current else []), *earlier])
        count = 0
        if before.current is not None and before.current.release_id != release.release_id:
            previous = release_path(home, before.current.release_id)
            con.execute(f"attach {literal(previous)} as previous (read_only)")
            if _can_compare(con):
                count = _restate(con, before.current, release, restated_at, is_rollback=is_rollback)
            con.execute("detach previous")
        con.execute("checkpoint candidate")
        con.execute("detach candidate")
    return count


def _hand_on(con: duckdb.DuckDBPyConnection, files: Iterable[Path]) -> None:
    """Every row that a release before has, once, oldest first."""
    con.execute(f"create or replace temp table handed_on as from candidate.{LEDGER}")
    for file in files:
        con.execute(f"attach {literal(file)} as earlier (read_only)")
        if con.execute(
            "select 1 from duckdb_tables() where database_name = 'earlier'"
            " and schema_name || '.' || table_name = ?",
            [LEDGER],
        ).fetchone():
            con.execute(
                f"insert into handed_on by name from earlier.{LEDGER}"
                " where restatement_id not in (select restatement_id from handed_on)"
            )
        con.execute("detach earlier")
    con.execute(
        f"insert into candidate.{LEDGER} from handed_on"
        " order by restated_at, figure, period_month, channel, attribution_model, platform"
    )


def _can_compare(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether both releases have all that figures are made of; an earlier version's may not."""
    wanted = [
        f"{side}.{table}.{column}"
        for side in ("previous", "candidate")
        for table, columns in COMPARED.items()
        for column in columns.split(", ")
    ]
    missing = con.execute(
        "select name from (select unnest(?) as name) where name not in (select concat_ws('.',"
        " database_name, schema_name, table_name, column_name) from duckdb_columns())"
        " order by name",
        [wanted],
    ).fetchall()
    if missing:
        logger.warning(
            "restatements are not looked for: the releases lack %s",
            ", ".join(name for (name,) in missing),
        )
    return not missing


def _restate(
    con: duckdb.DuckDBPyConnection,
    before: Release,
    release: Release,
    restated_at: datetime,
    *,
    is_rollback: bool = False,
) -> int:
    """Add a row to candidate's ledger for each figure in which it differs from previous.

    Args:
        con: with the releases attached as previous and candidate.
        before, release: what they are.
        restated_at, is_rollback: see `write_ledger`.

    Returns:
        The number of rows.
    """
    clock = moment(min(before.as_of_at, release.as_of_at))
    con.execute(NAMES_SQL)
    for side, database in (("old", "previous"), ("new", "candidate")):
        con.execute(
            FACTS_SQL.format(
                side=side,
                release=database,
                clock=clock,
                zone=literal(project_vars()["reporting_time_zone"]),
            )
        )
    con.execute(
        DIFFERENCES_SQL.format(
            old=FIGURES_SQL.format(side="old"), new=FIGURES_SQL.format(side="new")
        )
    )
    (count,) = con.execute("select count(*) from differences").fetchall()[0]
    if count:
        con.execute(
            "create or replace temp table causes as select cause, cause_order"
            " from (select unnest(?) as cause, generate_subscripts(?, 1) as cause_order)",
            [list(CAUSES), list(CAUSES)],
        )
        con.execute(EVIDENCE_SQL)
        con.execute(NEW_FILES_SQL)
        con.execute(
            f"insert into candidate.{LEDGER} by name "
            + RESTATED_SQL.format(
                cause=_cause_of_all(before, release, is_rollback=is_rollback),
                release_id=literal(release.release_id),
                previous_id=literal(before.release_id),
                restated_at=moment(restated_at),
                previous_as_of_at=moment(before.as_of_at),
                as_of_at=moment(release.as_of_at),
                clock=clock,
            )
        )
        logger.info("restated %d figures of release %s", count, before.release_id)
    return int(count)


def _cause_of_all(before: Release, release: Release, *, is_rollback: bool) -> str:
    """The cause of every difference as SQL text; null where each has one of its own."""
    if is_rollback:
        return literal("rollback")
    if before.config_version != release.config_version:
        return literal("rule_change")
    if release.as_of_at < before.as_of_at:
        return literal("earlier_as_of")
    return "cast(null as varchar)"
