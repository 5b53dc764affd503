-- What keeps the most work from going on (S1-6): hours open × campaigns × pipeline at stake. A campaign that
-- has brought no pipeline yet may bring as much as the others did on average.
with launches as (
    select * from {{ ref('int_launches_judged') }}
    where is_cancelled is false
),

blockers as (
    select * from {{ ref('fct_blockers') }}
    where is_open
),

approval_rounds as (
    select * from {{ ref('fct_approval_rounds') }}
    where is_blocked
),

findings as (
    select * from {{ ref('fct_brief_findings') }}
    where is_latest_version and severity = 'error' and campaign_key is not null
),

briefs as (
    select * from {{ ref('int_campaign_briefs_scored') }}
),

gate_checks as (
    select * from {{ ref('fct_gate_checks') }}
    where gate_check = 'required_inputs' and check_state = 'failed'
),

dependencies as (
    select * from {{ ref('fct_brief_dependencies') }}
    where is_unassigned
),

utm_faults as (
    select * from {{ ref('fct_utm_faults') }}
    where utm_campaign is not null and fault <> 'not_registered'
),

slugs as (
    select * from {{ ref('int_campaign_slugs') }}
    where is_registered
),

quality_results as (
    select * from {{ ref('fct_quality_results') }}
    where dimension = 'completeness' and is_success is false
),

outcomes as (
    select * from {{ ref('fct_campaign_execution_outcomes') }}
),

thresholds as (
    select max(threshold_value) as utm_fault_days
    from {{ ref('rule_thresholds') }}
    where threshold_key = 'utm_fault_days'
),

-- Slugs come again: a link is of the campaign valid when it was last seen, else of the nearest.
misnamed as (
    select
        utm_faults.utm_fault_id,
        utm_faults.fault,
        utm_faults.first_seen_at,
        slugs.campaign_key
    from utm_faults
    cross join thresholds
    inner join slugs on {{ normalised_slug('utm_faults.utm_campaign') }} = slugs.slug
    where
        {{ days_between(reporting_day('utm_faults.last_seen_at'), reporting_day(as_of_at())) }}
        <= thresholds.utm_fault_days
    qualify row_number() over (
        partition by utm_faults.utm_fault_id
        order by
            slugs.is_own desc,
            {{ campaign_distance(reporting_day('utm_faults.last_seen_at'), 'slugs') }},
            slugs.campaign_key
    ) = 1
),

-- Work that waits for a task of nobody waits for somebody to be named, whatever it is about.
instances as (
    select
        case
            when blocker_kind = 'dependency' and owner_name = 'Unassigned' then 'unassigned_dependency'
            else 'blocker'
        end as constraint_kind,
        case
            when blocker_kind = 'dependency' and owner_name = 'Unassigned' then 'task'
            else blocker_category
        end as constraint_name,
        campaign_key,
        cast(1 as bigint) as item_count,
        open_hours,
        opened_at
    from blockers
    union all
    select
        'review_latency' as constraint_kind,
        coalesce(approval_step, 'other') as constraint_name,
        campaign_key,
        cast(1 as bigint) as item_count,
        elapsed_hours as open_hours,
        requested_at as opened_at
    from approval_rounds
    union all
    select
        'missing_data' as constraint_kind,
        concat('brief: ', findings.field_name) as constraint_name,
        findings.campaign_key,
        cast(1 as bigint) as item_count,
        ({{ epoch_us(as_of_at()) }} - {{ epoch_us('briefs.submitted_at') }}) / cast(3600000000 as double) as open_hours,
        briefs.submitted_at as opened_at
    from findings
    inner join briefs on findings.brief_version_id = briefs.brief_version_id
    inner join launches on findings.campaign_key = launches.campaign_key
    where launches.evidenced_live_at is null
    union all
    select
        'missing_data' as constraint_kind,
        'inputs of the launch' as constraint_name,
        campaign_key,
        cast(1 as bigint) as item_count,
        ({{ epoch_us(as_of_at()) }} - {{ epoch_us('stage_entered_at') }}) / cast(3600000000 as double) as open_hours,
        stage_entered_at as opened_at
    from gate_checks
    union all
    -- Of a table's cells nobody knows since when they lack, nor whose campaign they are.
    select
        'missing_data' as constraint_kind,
        concat(table_schema, '.', table_name, ': ', coalesce(column_name, expectation)) as constraint_name,
        cast(null as {{ dbt.type_string() }}) as campaign_key,
        coalesce(failed_count, cast(0 as bigint)) as item_count,
        cast(null as double) as open_hours,
        cast(null as timestamp) as opened_at
    from quality_results
    union all
    select
        'unassigned_dependency' as constraint_kind,
        'brief' as constraint_name,
        campaign_key,
        cast(1 as bigint) as item_count,
        ({{ epoch_us(as_of_at()) }} - {{ epoch_us('opened_at') }}) / cast(3600000000 as double) as open_hours,
        opened_at
    from dependencies
    union all
    select
        'inconsistent_naming' as constraint_kind,
        fault as constraint_name,
        campaign_key,
        cast(1 as bigint) as item_count,
        ({{ epoch_us(as_of_at()) }} - {{ epoch_us('first_seen_at') }}) / cast(3600000000 as double) as open_hours,
        first_seen_at as opened_at
    from misnamed
),

expected as (
    -- To the cent, as the amounts are that it is added to.
    select
        coalesce(cast(round({{ ratio('sum(pipeline_amount)', 'count(*)') }}, 2) as decimal(18, 2)), 1)
            as mean_pipeline
    from outcomes
    where pipeline_amount > 0
),

staked as (
    select
        outcomes.campaign_key,
        case
            when outcomes.pipeline_amount > 0 then outcomes.pipeline_amount
            else expected.mean_pipeline
        end as pipeline
    from outcomes
    cross join expected
),

summed as (
    select
        constraint_kind,
        constraint_name,
        cast(sum(item_count) as bigint) as item_count,
        {{ exact_sum('open_hours') }} as open_hours,
        min(opened_at) as oldest_opened_at
    from instances
    group by constraint_kind, constraint_name
),

affected as (
    select distinct
        constraint_kind,
        constraint_name,
        campaign_key
    from instances
    where campaign_key is not null
),

-- Each campaign's pipeline is at stake once, however many things hold it up.
reached as (
    select
        affected.constraint_kind,
        affected.constraint_name,
        cast(count(*) as bigint) as campaign_count,
        sum(staked.pipeline) as pipeline
    from affected
    left join staked on affected.campaign_key = staked.campaign_key
    group by affected.constraint_kind, affected.constraint_name
),

joined as (
    select
        summed.*,
        coalesce(reached.campaign_count, cast(0 as bigint)) as campaign_count,
        cast(reached.pipeline as decimal(18, 2)) as pipeline_at_stake
    from summed
    left join reached
        on summed.constraint_kind = reached.constraint_kind and summed.constraint_name = reached.constraint_name
),

scored as (
    select
        *,
        coalesce(
            cast(open_hours as double) * cast(campaign_count as double) * cast(pipeline_at_stake as double), 0
        ) as constraint_score
    from joined
),

final as (
    select
        {{ surrogate_key(['constraint_kind', 'constraint_name']) }} as constraint_id,
        cast(row_number() over (
            order by
                constraint_score desc, open_hours desc nulls last, item_count desc, constraint_kind asc,
                constraint_name asc
        ) as bigint) as constraint_rank,
        constraint_kind,
        {{ masked('constraint_name') }} as constraint_name,
        item_count,
        campaign_count,
        round(cast(open_hours as double), 6) as open_hours,
        pipeline_at_stake,
        round(constraint_score, 6) as constraint_score,
        oldest_opened_at
    from scored
)

select * from final
