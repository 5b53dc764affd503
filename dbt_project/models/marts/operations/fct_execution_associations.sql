-- Late against on-time campaigns of the same type, quarter and third of the budget. An association: who
-- is late may differ in more than that, so it says nothing of what being on time would have changed.
with outcomes as (
    select
        *,
        {{ surrogate_key(['campaign_type', 'quarter_start_date', 'budget_tercile']) }} as stratum_id,
        case when is_on_time then 'on_time' else 'late' end as arm
    from {{ ref('fct_campaign_execution_outcomes') }}
    where is_on_time is not null and is_cancelled is false
),

parameters as (
    select
        {{ analysis_parameter('association_smallest_arm') }},
        {{ analysis_parameter('bootstrap_draws') }}
    from {{ ref('analysis_parameters') }}
),

draw_numbers as (
    select * from {{ draw_numbers() }}
),

strata as (
    select stratum_id
    from outcomes
    group by stratum_id
    having count(distinct arm) = 2
),

matched as (
    select
        outcomes.*,
        row_number() over (partition by outcomes.stratum_id, outcomes.arm order by outcomes.campaign_key) as unit_no,
        count(*) over (partition by outcomes.stratum_id, outcomes.arm) as unit_count
    from outcomes
    inner join strata on outcomes.stratum_id = strata.stratum_id
),

arms as (
    select
        cast(coalesce(sum(case when arm = 'late' then 1 else 0 end), 0) as bigint) as late_count,
        cast(coalesce(sum(case when arm = 'on_time' then 1 else 0 end), 0) as bigint) as on_time_count,
        cast(count(distinct stratum_id) as bigint) as stratum_count
    from matched
),

judged as (
    select
        arms.*,
        arms.late_count < parameters.association_smallest_arm
        or arms.on_time_count < parameters.association_smallest_arm as is_refused
    from arms
    cross join parameters
),

-- Draw 0 is the campaigns as they are; each other one as many of them, with replacement.
drawn as (
    select
        draw_numbers.draw_no,
        matched.stratum_id,
        matched.arm,
        {{ drawn_number(
            "md5(concat_ws('|', cast(draw_numbers.draw_no as " ~ dbt.type_string() ~ "), matched.campaign_key))",
            'matched.unit_count'
        ) }} as unit_no
    from matched
    cross join draw_numbers
    cross join judged
    where draw_numbers.draw_no <= draw_numbers.draw_count and judged.is_refused is false
    union all
    select
        cast(0 as bigint) as draw_no,
        matched.stratum_id,
        matched.arm,
        matched.unit_no
    from matched
    cross join judged
    where judged.is_refused is false
),

valued as (
    {%- for outcome in ['leads', 'mqls', 'pipeline_amount', 'revenue_amount'] %}
    select
        drawn.draw_no,
        drawn.stratum_id,
        drawn.arm,
        '{{ outcome }}' as outcome,
        cast(matched.{{ outcome }} as double) as amount
    from drawn
    inner join matched
        on
            drawn.stratum_id = matched.stratum_id
            and drawn.arm = matched.arm
            and drawn.unit_no = matched.unit_no
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

usual as (
    select
        draw_no,
        stratum_id,
        outcome,
        percentile_cont(0.5) within group (order by amount) as amount
    from valued
    where arm = 'on_time'
    group by draw_no, stratum_id, outcome
),

-- Each late campaign against the on-time ones of its kind.
compared as (
    select
        valued.draw_no,
        valued.outcome,
        percentile_cont(0.5) within group (order by valued.amount - usual.amount) as difference
    from valued
    inner join usual
        on
            valued.draw_no = usual.draw_no
            and valued.stratum_id = usual.stratum_id
            and valued.outcome = usual.outcome
    where valued.arm = 'late'
    group by valued.draw_no, valued.outcome
),

intervals as (
    select
        outcome,
        max(case when draw_no = 0 then difference end) as median_difference,
        percentile_cont(0.025) within group (order by case when draw_no > 0 then difference end) as difference_low,
        percentile_cont(0.975) within group (order by case when draw_no > 0 then difference end) as difference_high
    from compared
    group by outcome
),

metrics as (
    select * from {{ ref('metric_definitions') }}
    where metric in ('leads', 'mqls', 'pipeline_amount', 'revenue_amount')
),

final as (
    select
        metrics.metric,
        metrics.label as metric_label,
        judged.late_count,
        judged.on_time_count,
        judged.stratum_count,
        judged.is_refused,
        round(intervals.median_difference, 6) as median_difference,
        round(intervals.difference_low, 6) as difference_low,
        round(intervals.difference_high, 6) as difference_high,
        'association, not cause' as reading,
        'team, channel mix, audience, season within the quarter, how hard the campaign was' as confounders
    from metrics
    cross join judged
    left join intervals on metrics.metric = intervals.outcome
)

select * from final
