-- How the work goes over time, in what no other mart measures (§5): each metric by month, quarter or as of
-- the run, with what it is made of.
{%- set string = dbt.type_string() %}
with sync_lags as (
    select * from {{ ref('fct_sync_lags') }}
    -- Of what is not there yet nobody knows the lag, unless it is late already.
    where is_in_time is not null
),

contacts as (
    select * from {{ ref('dim_contacts') }}
    where is_excluded is false
),

crm_source_words as (
    select * from {{ ref('crm_source_words') }}
    where tells_source is false
),

-- A source that is a word for none, such as unknown, is none.
untold_sources as (
    select distinct contacts.contact_key
    from contacts
    inner join crm_source_words
        on {{ matches(
            'lower(trim(contacts.original_source))', 'crm_source_words.source_pattern', ref('crm_source_words')
        ) }}
),

lifecycle_stages as (
    select * from {{ ref('fct_lifecycle_stages') }}
    where stage = 'lead'
),

reporting_objects as (
    select * from {{ ref('dim_reporting_objects') }}
),

handoffs as (
    select * from {{ ref('fct_handoffs') }}
    where handed_over_at is not null and required_count > 0
),

blockers as (
    select * from {{ ref('fct_blockers') }}
    where opened_at is not null
),

process_defects as (
    select
        process_defect_id,
        cast(date_trunc('quarter', {{ reporting_day('flagged_at') }}) as date) as quarter_start_date
    from {{ ref('fct_process_defects') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

campaigns_live as (
    select * from {{ ref('int_campaigns_live') }}
),

briefs as (
    select * from {{ ref('int_campaign_briefs_scored') }}
),

staged_briefs as (
    select
        staged.brief_id,
        staged.version,
        {{ budget_of_brief('staged') }} as budget
    from {{ ref('stg_templates__campaign_briefs') }} as staged
),

ad_spend as (
    select
        campaign_key,
        sum(spend_reporting) as spend
    from {{ ref('fct_ad_spend_daily') }}
    where spend_reporting is not null
    group by campaign_key
),

-- What is not live yet has taken so long at least: left out, the slow ones would make the rest look quick.
cycles as (
    select
        campaigns.campaign_key,
        coalesce(campaigns.campaign_type, 'unknown') as campaign_type,
        max(case when campaigns_live.campaign_key is null then 0 else 1 end) as live_count,
        {{ days_between(
            reporting_day('min(briefs.submitted_at)'),
            reporting_day('coalesce(max(campaigns_live.evidenced_live_at), ' ~ as_of_at() ~ ')')
        ) }} as cycle_days
    from briefs
    inner join campaigns on briefs.campaign_key = campaigns.campaign_key
    left join campaigns_live on briefs.campaign_key = campaigns_live.campaign_key
    where briefs.submitted_at is not null and coalesce(campaigns.cancelled_at > {{ as_of_at() }}, true)
    group by campaigns.campaign_key, campaigns.campaign_type
),

cycles_sliced as (
    select
        'all' as slice_kind,
        'all' as slice_name,
        live_count,
        cycle_days
    from cycles
    where cycle_days >= 0
    union all
    select
        'campaign_type' as slice_kind,
        campaign_type as slice_name,
        live_count,
        cycle_days
    from cycles
    where cycle_days >= 0
),

cycle_ends as (
    select
        slice_kind,
        slice_name,
        cycle_days,
        sum(live_count) as live_count,
        count(*) as ended_count
    from cycles_sliced
    group by slice_kind, slice_name, cycle_days
),

cycles_at_risk as (
    select
        *,
        sum(ended_count) over (
            partition by slice_kind, slice_name
            order by cycle_days desc
            rows between unbounded preceding and current row
        ) as at_risk_count
    from cycle_ends
),

-- Kaplan and Meier: the share that takes longer than so many days.
survivals as (
    select
        *,
        case
            when live_count = at_risk_count then cast(0 as double)
            else round(exp(cast({{ decimal_sum(
                'case when live_count < at_risk_count then ln(1 - ' ~ ratio('live_count', 'at_risk_count') ~ ') else 0 end'
            ) }} over (
                partition by slice_kind, slice_name
                order by cycle_days
                rows between unbounded preceding and current row
            ) as double)), 9)
        end as longer_share
    from cycles_at_risk
),

budgets as (
    select
        briefs.priority,
        sum(staged_briefs.budget) as budget,
        sum(coalesce(ad_spend.spend, 0)) as spend,
        cast(count(*) as bigint) as campaign_count
    from briefs
    inner join staged_briefs
        on briefs.brief_id = staged_briefs.brief_id and briefs.version = staged_briefs.version
    left join ad_spend on briefs.campaign_key = ad_spend.campaign_key
    where
        staged_briefs.budget > 0
        and briefs.is_latest_version
        and briefs.priority is not null
        and briefs.campaign_key is not null
    group by briefs.priority
),

shares as (
    select
        campaign_count,
        {{ ratio('budget', 'sum(budget) over ()') }} as budget_share,
        {{ ratio('spend', 'sum(spend) over ()') }} as spend_share
    from budgets
),

quarters as (
    select distinct cast(date_trunc('quarter', {{ reporting_day('opened_at') }}) as date) as period_start_date
    from blockers
    union distinct
    select quarter_start_date as period_start_date
    from process_defects
),

recurrences as (
    select
        quarters.period_start_date,
        count(process_defects.process_defect_id) as defect_count
    from quarters
    left join process_defects on quarters.period_start_date = process_defects.quarter_start_date
    group by quarters.period_start_date
),

{%- set unknown = 'cast(null as double)' %}
{%- set month_submitted = "cast(date_trunc('month', " ~ reporting_day('submitted_at') ~ ") as date)" %}
{#- metric, unit, period, its first day, kind and name of the slice, numerator, denominator, value, from #}
{%- set measured = [
    ('sync_lag_p50', 'minutes', 'month', month_submitted, "'all'", "'all'", unknown, 'count(*)',
     'percentile_cont(0.5) within group (order by lag_minutes)', 'sync_lags'),
    ('sync_lag_p95', 'minutes', 'month', month_submitted, "'all'", "'all'", unknown, 'count(*)',
     'percentile_cont(0.95) within group (order by lag_minutes)', 'sync_lags'),
    ('sync_within_limit_rate', 'share', 'month', month_submitted, "'all'", "'all'",
     'sum(case when is_in_time then 1 else 0 end)', 'count(*)', unknown, 'sync_lags'),
    ('crm_source_completeness', 'share', 'month',
     "cast(date_trunc('month', " ~ reporting_day('lifecycle_stages.entered_at') ~ ") as date)", "'all'", "'all'",
     'sum(case when contacts.original_source is not null and untold_sources.contact_key is null then 1 else 0 end)',
     'count(*)', unknown,
     'lifecycle_stages inner join contacts on lifecycle_stages.contact_key = contacts.contact_key'
     ~ ' left join untold_sources on contacts.contact_key = untold_sources.contact_key'),
    ('tracking_accuracy', 'share', 'month',
     "cast(date_trunc('month', " ~ reporting_day('evidenced_live_at') ~ ") as date)", "'all'", "'all'",
     'sum(case when has_utm_leg then 1 else 0 end + case when has_crm_leg then 1 else 0 end'
     ~ ' + case when has_web_leg then 1 else 0 end)', '3 * count(*)', unknown, 'reporting_objects'),
    ('handoff_completeness', 'share', 'month',
     "cast(date_trunc('month', " ~ reporting_day('handed_over_at') ~ ") as date)", "'handoff'", 'handoff',
     'sum(present_count)', 'sum(required_count)', unknown, 'handoffs'),
    ('repeated_issues', 'count', 'quarter', 'period_start_date', "'all'", "'all'", 'sum(defect_count)', unknown,
     'sum(defect_count)', 'recurrences'),
    ('launch_cycle_p50', 'days', 'all', 'cast(null as date)', 'slice_kind', 'slice_name', 'sum(live_count)',
     'sum(ended_count)', 'min(case when longer_share <= 0.5 then cycle_days end)', 'survivals'),
    ('launch_cycle_p90', 'days', 'all', 'cast(null as date)', 'slice_kind', 'slice_name', 'sum(live_count)',
     'sum(ended_count)', 'min(case when longer_share <= 0.1 then cycle_days end)', 'survivals'),
    ('resource_allocation_distance', 'share', 'all', 'cast(null as date)', "'all'", "'all'", unknown,
     'sum(campaign_count)', exact_sum('abs(budget_share - spend_share)') ~ ' / 2', 'shares'),
] %}

measured as (
    {%- for metric, unit, period, day, kind, slice, numerator, denominator, metric_value, origin in measured %}
    select
        '{{ metric }}' as metric,
        '{{ unit }}' as unit,
        '{{ period }}' as period_kind,
        {{ day }} as period_start_date,
        {{ kind }} as slice_kind,
        {{ slice }} as slice_name,
        cast({{ numerator }} as double) as numerator,
        cast({{ denominator }} as double) as denominator,
        cast({{ ratio(numerator, denominator) if metric_value == unknown else metric_value }} as double) as metric_value
    from {{ origin }}
    group by
        {%- for key in [day, kind, slice] if not key.startswith("'") and not key.startswith('cast(null') %}
        {{ key }},
        {%- endfor %}
        '{{ metric }}'
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        {{ surrogate_key(['metric', 'period_start_date', 'slice_kind', 'slice_name']) }} as operations_metric_id,
        metric,
        unit,
        period_kind,
        period_start_date,
        slice_kind,
        cast(slice_name as {{ string }}) as slice_name,
        round(numerator, 6) as numerator,
        round(denominator, 6) as denominator,
        round(metric_value, 6) as metric_value,
        round(metric_value - lag(metric_value) over (
            partition by metric, slice_kind, slice_name
            order by period_start_date
        ), 6) as change_to_last,
        coalesce(denominator < {{ var('small_sample_size') }}, false) as is_small_sample
    from measured
)

select * from final
