-- What the registry's metrics are made of, so that the value of any period is one aggregation of its
-- days: sums and ratios by day and campaign, medians by what was observed. Nothing here is typed in.
{%- set flows_named = {
    'lead': 'leads', 'mql': 'mqls', 'sal': 'sals', 'sql': 'sqls',
    'opportunity': 'opportunities', 'closed_won': 'customers',
} %}
with credits as (
    select * from {{ ref('fct_attribution_credits') }}
),

attribution_models as (
    select * from {{ ref('attribution_models') }}
    where is_headline or attribution_model = 'first_touch'
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

ad_spend as (
    select * from {{ ref('fct_ad_spend_daily') }}
    where spend_reporting is not null
),

touches as (
    select * from {{ ref('fct_touches') }}
),

opportunities as (
    select * from {{ ref('fct_opportunities') }}
    where is_closed
),

stages as (
    select * from {{ ref('fct_lifecycle_stages') }}
),

launches as (
    select * from {{ ref('fct_campaign_launches') }}
),

milestones as (
    select * from {{ ref('fct_milestones') }}
    where is_operationally_real and is_on_time is not null
),

approval_rounds as (
    select * from {{ ref('fct_approval_rounds') }}
),

blockers as (
    select * from {{ ref('fct_blockers') }}
    where is_open is false
),

briefs as (
    select * from {{ ref('int_campaign_briefs_scored') }}
),

qa_results as (
    select * from {{ ref('stg_templates__qa_results') }}
),

lift_tests as (
    select * from {{ ref('int_lift_tests') }}
),

decisions as (
    select * from {{ ref('fct_decisions') }}
    where decided_at is not null
),

pulse_survey as (
    select * from {{ ref('stg_templates__pulse_survey') }}
),

credits_dated as (
    select
        {{ reporting_day('credits.converted_at') }} as observed_on,
        credits.campaign_key,
        attribution_models.is_headline,
        campaigns.campaign_type,
        credits.conversion_type,
        credits.credit,
        credits.credited_amount
    from credits
    inner join attribution_models on credits.attribution_model = attribution_models.attribution_model
    left join campaigns on credits.campaign_key = campaigns.campaign_key
),

flows as (
    select
        observed_on,
        campaign_key,
        case conversion_type
            {%- for conversion_type, figure in flows_named.items() %}
            when '{{ conversion_type }}' then '{{ figure }}'
            {%- endfor %}
        end as figure,
        {{ exact_sum('credit') }} as amount
    from credits_dated
    where is_headline
    group by observed_on, campaign_key, conversion_type
    union all
    select
        observed_on,
        campaign_key,
        case conversion_type when 'opportunity' then 'pipeline_amount' else 'revenue_amount' end as figure,
        cast(sum(credited_amount) as double) as amount
    from credits_dated
    where is_headline and conversion_type in ('opportunity', 'closed_won')
    group by observed_on, campaign_key, conversion_type
    union all
    select
        observed_on,
        campaign_key,
        'webinar_sourced_pipeline' as figure,
        cast(sum(credited_amount) as double) as amount
    from credits_dated
    where is_headline is false and conversion_type = 'opportunity' and campaign_type = 'webinar'
    group by observed_on, campaign_key
    union all
    select
        date_day as observed_on,
        campaign_key,
        'spend' as figure,
        cast(sum(spend_reporting) as double) as amount
    from ad_spend
    group by date_day, campaign_key
    union all
    select
        {{ reporting_day('touched_at') }} as observed_on,
        campaign_key,
        'touches' as figure,
        cast(count(*) as double) as amount
    from touches
    group by {{ reporting_day('touched_at') }}, campaign_key
),

approvals as (
    select
        *,
        {{ reporting_day('decided_at') }} as decided_on,
        case when round_no = 1 then 1 else 0 end as first_pass_count
    from approval_rounds
    where is_latest_round and decision = 'approved' and decided_at is not null
),

-- A cohort counts on the day its window is over: before, nobody knows who will still convert.
cohorts as (
    select
        {{ add_days(reporting_day('mqls.entered_at'), var('conversion_window_days')) }} as observed_on,
        case
            when sals.entered_at <= {{ add_us('mqls.entered_at', var('conversion_window_days') * 86400000000) }} then 1
            else 0
        end as sal_count,
        case
            when sqls.entered_at <= {{ add_us('mqls.entered_at', var('conversion_window_days') * 86400000000) }} then 1
            else 0
        end as sql_count
    from stages as mqls
    left join stages as sals on mqls.contact_key = sals.contact_key and sals.stage = 'sal'
    left join stages as sqls on mqls.contact_key = sqls.contact_key and sqls.stage = 'sql'
    where mqls.stage = 'mql'
),

campaigns_briefed as (
    select
        briefs.campaign_key,
        min(briefs.submitted_at) as submitted_at,
        max(case
            when
                briefs.is_latest_version and briefs.answered_count = 6
                and briefs.priority is not null and campaigns.goal_id is not null
                then 1
            else 0
        end) as clear_count
    from briefs
    inner join campaigns on briefs.campaign_key = campaigns.campaign_key
    where briefs.submitted_at is not null
    group by briefs.campaign_key
),

{%- set no_campaign = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
{%- set observed = [] %}
{#- metric, day, campaign, what a median observes (none: the day's are added up), numerator, denominator, from #}
{%- for figure in flows_named.values() | list + [
    'pipeline_amount', 'revenue_amount', 'webinar_sourced_pipeline', 'spend', 'touches',
] %}
{%- do observed.append((
    figure, 'observed_on', 'campaign_key', none, 'amount', none, "flows where figure = '" ~ figure ~ "'",
)) %}
{%- endfor %}
{%- for metric, above, below in [
    ('cost_per_lead', 'spend', 'leads'),
    ('cost_per_mql', 'spend', 'mqls'),
    ('customer_acquisition_cost', 'spend', 'customers'),
    ('return_on_ad_spend', 'revenue_amount', 'spend'),
] %}
{%- do observed.append((
    metric, 'observed_on', 'campaign_key', none,
    "case when figure = '" ~ above ~ "' then amount else 0 end",
    "case when figure = '" ~ below ~ "' then amount else 0 end",
    "flows where figure in ('" ~ above ~ "', '" ~ below ~ "')",
)) %}
{%- endfor %}
{%- do observed.extend([
    ('return_on_investment', 'observed_on', 'campaign_key', none,
     "case when figure = 'spend' then -amount else amount * " ~ var('gross_margin_rate') ~ " end",
     "case when figure = 'spend' then amount else 0 end",
     "flows where figure in ('spend', 'revenue_amount')"),
    ('mql_to_sql_rate', 'observed_on', no_campaign, none, 'sql_count', '1', 'cohorts'),
    ('sales_accepted_lead_rate', 'observed_on', no_campaign, none, 'sal_count', '1', 'cohorts'),
    ('win_rate', reporting_day('closed_at'), no_campaign, none, 'case when is_won then 1 else 0 end', '1',
     'opportunities'),
    ('average_deal_amount', reporting_day('closed_at'), no_campaign, none, 'amount_reporting', '1',
     'opportunities where is_won and amount_reporting is not null'),
    ('campaign_output', reporting_day('evidenced_live_at'), 'campaign_key', none, '1', none,
     'launches where evidenced_live_at is not null'),
    ('launch_slip_days', reporting_day('evidenced_live_at'), 'campaign_key', 'campaign_key', 'slip_days', none,
     'launches where evidenced_live_at is not null and slip_days is not null'),
    ('on_time_approved_launch_rate', reporting_day('baseline_planned_at'), 'campaign_key', none,
     'case when is_on_time and is_unapproved is false then 1 else 0 end', '1',
     'launches where is_on_time is not null'),
    ('on_time_milestone_rate', reporting_day('baseline_planned_at'), 'campaign_key', none,
     'case when is_on_time then 1 else 0 end', '1', 'milestones'),
    ('time_to_launch', reporting_day('launches.evidenced_live_at'), 'launches.campaign_key', 'launches.campaign_key',
     days_between(reporting_day('campaigns_briefed.submitted_at'), reporting_day('launches.evidenced_live_at')), none,
     'launches inner join campaigns_briefed on launches.campaign_key = campaigns_briefed.campaign_key'
     ~ ' where launches.evidenced_live_at >= campaigns_briefed.submitted_at'),
    ('priority_clarity', reporting_day('submitted_at'), 'campaign_key', none, 'clear_count', '1', 'campaigns_briefed'),
    ('approval_cycle_time', 'decided_on', 'campaign_key', 'approval_id', 'cycle_business_hours', none,
     'approvals where cycle_business_hours is not null'),
    ('approval_first_pass_rate', 'decided_on', 'campaign_key', none, 'first_pass_count', '1', 'approvals'),
    ('rework_rate', 'decided_on', 'campaign_key', none, '1 - first_pass_count', '1', 'approvals'),
    ('approval_sla_rate', reporting_day('sla_due_at'), 'campaign_key', none,
     'case when is_within_sla then 1 else 0 end', '1', 'approval_rounds where is_within_sla is not null'),
    ('blocker_resolution_hours', reporting_day('resolved_at'), 'campaign_key', 'blocker_id', 'open_hours', none,
     'blockers where resolved_at is not null and open_hours is not null'),
    ('qa_completion', reporting_day('checked_at'), no_campaign, none,
     "case when result in ('pass', 'fail') then 1 else 0 end", '1',
     "qa_results where checked_at is not null and coalesce(result, '') not in ('not_applicable', 'na')"),
    ('qa_pass_rate', reporting_day('checked_at'), no_campaign, none,
     "case when result = 'pass' then 1 else 0 end", '1',
     "qa_results where checked_at is not null and result in ('pass', 'fail')"),
    ('test_completion', 'start_date', no_campaign, none,
     "case when status = 'concluded' and decision is not null then 1 else 0 end", '1',
     'lift_tests where start_date is not null'),
    ('decision_speed', reporting_day('decided_at'), 'campaign_key', 'decision_id', 'days_to_decision', none,
     'decisions where days_to_decision is not null'),
    ('decisions_from_reporting', reporting_day('decided_at'), 'campaign_key', none,
     'case when is_from_report then 1 else 0 end', '1', 'decisions'),
    ('decisions_without_rationale_rate', reporting_day('decided_at'), 'campaign_key', none,
     'case when has_rationale then 0 else 1 end', '1', 'decisions'),
    ('process_satisfaction', 'survey_date', no_campaign, none, 'score', '1',
     "pulse_survey where question = 'process_satisfaction' and score >= 1 and score <= 5 and survey_date is not null"),
]) %}

observed as (
    {%- for metric, day, campaign, observation, numerator, denominator, origin in observed %}
    select
        '{{ metric }}' as metric,
        {{ day }} as observed_on,
        {{ campaign }} as campaign_key,
        {{ observation if observation else "''" }} as observed_id,
        cast({{ numerator }} as double) as numerator,
        {{ 'cast(' ~ denominator ~ ' as double)' if denominator else 'cast(null as double)' }} as denominator
    from {{ origin }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        {{ surrogate_key(['metric', 'observed_on', 'campaign_key', 'observed_id']) }} as metric_observation_id,
        metric,
        observed_on,
        campaign_key,
        {{ exact_sum('numerator') }} as numerator,
        {{ exact_sum('denominator') }} as denominator
    from observed
    -- What has not happened yet is a plan, whoever dated it.
    where observed_on <= {{ reporting_day(as_of_at()) }}
    group by metric, observed_on, campaign_key, observed_id
)

select * from final
