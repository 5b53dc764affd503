-- Each task of hygiene against each period in which it was due, done or not: a period that passed is a
-- row. A person's task is done when somebody recorded a run of it within the period; a system's, when
-- the period's forms reached the CRM in time.
{%- set zone = var('reporting_time_zone') %}

with tasks as (
    select * from {{ ref('hygiene_tasks') }}
),

runs as (
    select * from {{ ref('stg_templates__hygiene_runs') }}
    where done_at <= {{ as_of_at() }}
),

dates as (
    select * from {{ ref('dim_dates') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

launches as (
    select * from {{ ref('fct_campaign_launches') }}
    where is_cancelled is false
),

items as (
    select * from {{ ref('fct_hygiene_items') }}
    where opened_at is not null
),

sync_lags as (
    select * from {{ ref('fct_sync_lags') }}
    where is_in_time is not null
),

thresholds as (
    select max(threshold_value) as within_share
    from {{ ref('rule_thresholds') }}
    where threshold_key = 'sync_within_share'
),

recorded as (
    select min({{ reporting_day('done_at') }}) as first_done_on
    from runs
),

started as (
    select
        tasks.*,
        coalesce(
            tasks.starts_on,
            cast(date_trunc('month', recorded.first_done_on) as date),
            cast(date_trunc('month', {{ reporting_day(as_of_at()) }}) as date)
        ) as started_on
    from tasks
    cross join recorded
),

spans as (
    select
        'month' as span,
        cast(date_trunc('month', date_day) as date) as first_date,
        {{ add_days('max(date_day)', 1) }} as next_date
    from dates
    group by cast(date_trunc('month', date_day) as date)
    union all
    select
        'quarter' as span,
        cast(date_trunc('quarter', date_day) as date) as first_date,
        {{ add_days('max(date_day)', 1) }} as next_date
    from dates
    group by cast(date_trunc('quarter', date_day) as date)
),

-- A campaign is ready with its first approved brief that answers everything.
ready as (
    select
        campaign_key,
        min(approved_at) as ready_at
    from {{ ref('int_campaign_briefs_scored') }}
    where is_ready and approved_at <= {{ as_of_at() }}
    group by campaign_key
),

periods as (
    select
        started.hygiene_task,
        cast(null as {{ dbt.type_string() }}) as campaign_key,
        spans.first_date as period_start_date,
        {{ local_day_start('spans.first_date', zone) }} as starts_at,
        {{ local_day_start('spans.next_date', zone) }} as ends_at
    from started
    inner join spans
        on
            case when started.cadence = 'quarter' then 'quarter' else 'month' end = spans.span
            and started.started_on < spans.next_date
    where started.cadence <> 'campaign' and spans.first_date <= {{ reporting_day(as_of_at()) }}
    union all
    select
        started.hygiene_task,
        ready.campaign_key,
        {{ reporting_day('ready.ready_at') }} as period_start_date,
        ready.ready_at as starts_at,
        coalesce(launches.evidenced_live_at, launches.baseline_planned_at) as ends_at
    from started
    cross join ready
    inner join launches on ready.campaign_key = launches.campaign_key
    where started.cadence = 'campaign' and {{ reporting_day('ready.ready_at') }} >= started.started_on
),

named_runs as (
    select
        runs.hygiene_task,
        runs.done_at,
        runs.changed_record_count,
        campaigns.campaign_key
    from runs
    left join campaigns on runs.utm_campaign = campaigns.utm_campaign
),

done as (
    select
        periods.hygiene_task,
        periods.campaign_key,
        periods.period_start_date,
        min(case when named_runs.done_at < periods.ends_at or periods.ends_at is null then named_runs.done_at end)
            as done_at,
        min(named_runs.done_at) as first_done_at,
        cast(
            sum(
                case
                    when named_runs.done_at < periods.ends_at or periods.ends_at is null
                        then named_runs.changed_record_count
                end
            ) as bigint
        ) as changed_record_count
    from periods
    inner join named_runs
        on
            periods.hygiene_task = named_runs.hygiene_task
            and periods.starts_at <= named_runs.done_at
            and coalesce(periods.campaign_key, '') = case
                when periods.campaign_key is null then '' else coalesce(named_runs.campaign_key, '')
            end
    group by periods.hygiene_task, periods.campaign_key, periods.period_start_date
),

measured as (
    select
        periods.hygiene_task,
        periods.period_start_date,
        cast(sum(case when sync_lags.is_in_time then 1 else 0 end) as bigint) as in_time_count,
        cast(count(*) as bigint) as measured_count
    from periods
    inner join started on periods.hygiene_task = started.hygiene_task and started.cadence = 'continuous'
    inner join sync_lags
        on periods.starts_at <= sync_lags.submitted_at and periods.ends_at > sync_lags.submitted_at
    group by periods.hygiene_task, periods.period_start_date
),

-- What stood at a moment is what was opened by then less what was closed: one pass in order, since a
-- join of all items to all periods is the product of both.
moments as (
    select
        hygiene_task,
        opened_at as moment,
        1 as change,
        0 as place,
        cast(null as {{ dbt.type_string() }}) as campaign_key,
        cast(null as date) as period_start_date
    from items
    union all
    select
        hygiene_task,
        closed_at as moment,
        -1 as change,
        0 as place,
        cast(null as {{ dbt.type_string() }}) as campaign_key,
        cast(null as date) as period_start_date
    from items
    where closed_at is not null
    union all
    select
        hygiene_task,
        least(ends_at, {{ as_of_at() }}) as moment,
        0 as change,
        1 as place,
        campaign_key,
        period_start_date
    from periods
),

counted as (
    select
        hygiene_task,
        campaign_key,
        period_start_date,
        place,
        sum(change) over (
            partition by hygiene_task
            order by moment, place, campaign_key, period_start_date
            rows between unbounded preceding and current row
        ) as worklist_count
    from moments
),

worklists as (
    select * from counted
    where place = 1
),

judged as (
    select
        started.hygiene_task,
        started.seq,
        started.title,
        started.cadence,
        started.owner_role,
        periods.campaign_key,
        periods.period_start_date,
        periods.starts_at,
        periods.ends_at,
        case
            when started.cadence = 'continuous' and measured.measured_count is null then 'unmeasured'
            when started.cadence <> 'continuous' and done.done_at is not null then 'done'
            when
                {{ ratio('measured.in_time_count', 'measured.measured_count') }} >= thresholds.within_share
                then 'done'
            when coalesce(periods.ends_at > {{ as_of_at() }}, true) then 'due'
            when periods.campaign_key is not null and done.first_done_at is not null then 'late'
            else 'missed'
        end as compliance_state,
        case
            when periods.campaign_key is not null then coalesce(done.done_at, done.first_done_at) else done.done_at
        end as done_at,
        done.changed_record_count,
        cast(worklists.worklist_count as bigint) as worklist_count,
        {{ ratio('measured.in_time_count', 'measured.measured_count') }} as in_time_rate
    from periods
    inner join started on periods.hygiene_task = started.hygiene_task
    cross join thresholds
    left join done
        on
            periods.hygiene_task = done.hygiene_task
            and periods.period_start_date = done.period_start_date
            and coalesce(periods.campaign_key, '') = coalesce(done.campaign_key, '')
    left join measured
        on periods.hygiene_task = measured.hygiene_task and periods.period_start_date = measured.period_start_date
    left join worklists
        on
            periods.hygiene_task = worklists.hygiene_task
            and periods.period_start_date = worklists.period_start_date
            and coalesce(periods.campaign_key, '') = coalesce(worklists.campaign_key, '')
),

final as (
    select
        {{ surrogate_key(['hygiene_task', 'campaign_key', 'period_start_date']) }} as hygiene_period_id,
        hygiene_task,
        seq,
        title,
        cadence,
        owner_role,
        campaign_key,
        period_start_date,
        compliance_state,
        case
            when compliance_state = 'done' then true
            when compliance_state in ('late', 'missed') then false
        end as is_on_time,
        worklist_count,
        changed_record_count,
        in_time_rate,
        starts_at,
        ends_at,
        done_at
    from judged
)

select * from final
