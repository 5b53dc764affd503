-- How a campaign was carried out beside what came of it (U1). Credit is the headline model's.
with launches as (
    select * from {{ ref('fct_campaign_launches') }}
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

briefs as (
    select
        scored.campaign_key,
        {{ budget_of_brief('staged') }} as budget
    from {{ ref('int_campaign_briefs_scored') }} as scored
    inner join {{ ref('stg_templates__campaign_briefs') }} as staged
        on scored.brief_id = staged.brief_id and scored.version = staged.version
    where scored.is_latest_version
),

approval_rounds as (
    select * from {{ ref('fct_approval_rounds') }}
    where campaign_key is not null
),

credits as (
    select
        credits.*,
        {{ reporting_day('credits.converted_at') }} as converted_on
    from {{ ref('fct_attribution_credits') }} as credits
    inner join {{ ref('attribution_models') }} as attribution_models
        on credits.attribution_model = attribution_models.attribution_model
    where attribution_models.is_headline
),

ad_spend as (
    select
        campaign_key,
        cast(sum(spend_reporting) as decimal(18, 2)) as spend_reporting,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(clicks) as bigint) as clicks
    from {{ ref('fct_ad_spend_daily') }}
    group by campaign_key
),

touches as (
    select
        campaign_key,
        cast(count(*) as bigint) as touch_count
    from {{ ref('fct_touches') }}
    group by campaign_key
),

hypotheses as (
    select distinct campaign_key
    from {{ ref('int_hypothesis_campaigns') }}
),

parameters as (
    select
        {{ analysis_parameter('ramp_days') }},
        {{ analysis_parameter('local_winner_quartile') }}
    from {{ ref('analysis_parameters') }}
),

approvals as (
    select
        campaign_key,
        approval_id,
        cast(count(*) as bigint) as round_count,
        {{ exact_sum('elapsed_hours') }} as waiting_hours,
        -- Between an answer and the next request somebody does it again.
        (max({{ epoch_us('decided_at') }}) - min({{ epoch_us('requested_at') }})) / cast(3600000000 as double)
        - {{ exact_sum('elapsed_hours') }} as rework_hours
    from approval_rounds
    group by campaign_key, approval_id
),

approved as (
    select
        campaign_key,
        cast(count(*) as bigint) as approval_count,
        cast(sum(round_count) as bigint) as approval_round_count,
        cast(sum(case when round_count > 1 then 1 else 0 end) as bigint) as rework_count,
        round({{ exact_sum('waiting_hours') }}, 6) as waiting_hours,
        round({{ exact_sum('case when round_count > 1 then greatest(rework_hours, 0) else 0 end') }}, 6) as rework_hours
    from approvals
    group by campaign_key
),

credited as (
    select
        campaign_key,
        {{ exact_sum("case when conversion_type = 'lead' then credit else 0 end") }} as leads,
        {{ exact_sum("case when conversion_type = 'mql' then credit else 0 end") }} as mqls,
        cast(sum(case when conversion_type = 'opportunity' then credited_amount end) as decimal(18, 2))
            as pipeline_amount,
        cast(sum(case when conversion_type = 'closed_won' then credited_amount end) as decimal(18, 2))
            as revenue_amount
    from credits
    group by campaign_key
),

joined as (
    select
        launches.campaign_key,
        launches.campaign_name,
        launches.campaign_family,
        campaigns.campaign_type,
        {{ reporting_day('launches.baseline_planned_at') }} as planned_on,
        {{ reporting_day('launches.evidenced_live_at') }} as live_on,
        launches.slip_days,
        launches.is_on_time,
        launches.is_cancelled,
        launches.is_unapproved,
        hypotheses.campaign_key is null as is_activity,
        briefs.budget,
        coalesce(approved.approval_count, cast(0 as bigint)) as approval_count,
        coalesce(approved.approval_round_count, cast(0 as bigint)) as approval_round_count,
        coalesce(approved.rework_count, cast(0 as bigint)) as rework_count,
        coalesce(approved.waiting_hours, cast(0 as double)) as waiting_hours,
        coalesce(approved.rework_hours, cast(0 as double)) as rework_hours,
        coalesce(touches.touch_count, cast(0 as bigint)) as touch_count,
        ad_spend.spend_reporting,
        {{ ratio('ad_spend.clicks', 'ad_spend.impressions') }} as click_through_rate,
        coalesce(credited.leads, cast(0 as double)) as leads,
        coalesce(credited.mqls, cast(0 as double)) as mqls,
        coalesce(credited.pipeline_amount, cast(0 as decimal(18, 2))) as pipeline_amount,
        coalesce(credited.revenue_amount, cast(0 as decimal(18, 2))) as revenue_amount
    from launches
    inner join campaigns on launches.campaign_key = campaigns.campaign_key
    left join briefs on launches.campaign_key = briefs.campaign_key
    left join approved on launches.campaign_key = approved.campaign_key
    left join touches on launches.campaign_key = touches.campaign_key
    left join ad_spend on launches.campaign_key = ad_spend.campaign_key
    left join hypotheses on launches.campaign_key = hypotheses.campaign_key
    left join credited on launches.campaign_key = credited.campaign_key
),

-- What a day of an on-time campaign of the type brought while it was new: median and quartiles.
ramped as (
    select
        joined.campaign_key,
        joined.campaign_type,
        cast(coalesce(sum(credits.credited_amount), 0) as double) / max(parameters.ramp_days) as daily_pipeline
    from joined
    cross join parameters
    left join credits
        on
            joined.campaign_key = credits.campaign_key
            and credits.conversion_type = 'opportunity'
            and joined.live_on <= credits.converted_on
            and {{ add_days('joined.live_on', 'parameters.ramp_days') }} > credits.converted_on
    where
        joined.is_on_time
        and joined.is_cancelled is false
        and {{ add_days('joined.live_on', 'parameters.ramp_days') }} <= {{ reporting_day(as_of_at()) }}
    group by joined.campaign_key, joined.campaign_type
),

ramps as (
    select
        campaign_type,
        percentile_cont(0.25) within group (order by daily_pipeline) as daily_pipeline_low,
        percentile_cont(0.5) within group (order by daily_pipeline) as daily_pipeline,
        percentile_cont(0.75) within group (order by daily_pipeline) as daily_pipeline_high
    from ramped
    group by campaign_type
),

observed as (
    select min(converted_on) as first_converted_on
    from credits
),

quarters as (
    select
        cast(date_trunc('quarter', converted_on) as date) as quarter_start_date,
        sum(credited_amount) as amount
    from credits
    where conversion_type = 'opportunity'
    group by cast(date_trunc('quarter', converted_on) as date)
),

spans as (
    select
        *,
        -- Wherever a quarter begins, 95 days later the next one has begun, and not ended.
        cast(date_trunc('quarter', {{ add_days('quarter_start_date', 95) }}) as date) as next_quarter_date
    from quarters
),

-- What began before anything was seen, or is not over, says nothing of what a day of it brings.
whole_quarters as (
    select
        spans.quarter_start_date,
        spans.amount,
        {{ days_between('spans.quarter_start_date', 'spans.next_quarter_date') }} as day_count
    from spans
    cross join observed
    where
        spans.quarter_start_date >= observed.first_converted_on
        and spans.next_quarter_date <= {{ reporting_day(as_of_at()) }}
),

-- A quarter's pipeline a day by that of all quarters.
seasons as (
    select
        quarter_start_date,
        {{ ratio('amount', 'day_count') }}
        / nullif({{ ratio('sum(amount) over ()', 'sum(day_count) over ()') }}, 0) as season_factor
    from whole_quarters
),

-- Shares of those that have both: best by the channel's own figure, worst by what a unit of spend brought.
ranked as (
    select
        campaign_key,
        percent_rank() over (order by click_through_rate desc, campaign_key asc) as local_rank,
        percent_rank() over (
            order by {{ ratio('pipeline_amount', 'spend_reporting') }}, campaign_key
        ) as commercial_rank
    from joined
    where click_through_rate is not null and spend_reporting > 0
),

priced as (
    select
        joined.*,
        {{ ratio('joined.pipeline_amount', 'joined.spend_reporting') }} as pipeline_per_spend,
        coalesce(
            ranked.local_rank <= parameters.local_winner_quartile
            and ranked.commercial_rank <= parameters.local_winner_quartile, false
        ) as is_local_winner_only,
        {%- for bound in ['_low', '', '_high'] %}
        cast(round(
            case when joined.slip_days > 0 then joined.slip_days when joined.slip_days <= 0 then 0 end
            * ramps.daily_pipeline{{ bound }} * coalesce(seasons.season_factor, 1), 2
        ) as decimal(18, 2)) as delay_cost{{ bound }},
        {%- endfor %}
        ntile(3) over (partition by joined.budget is null order by joined.budget, joined.campaign_key) as tercile
    from joined
    cross join parameters
    left join ramps on joined.campaign_type = ramps.campaign_type
    left join seasons on cast(date_trunc('quarter', joined.planned_on) as date) = seasons.quarter_start_date
    left join ranked on joined.campaign_key = ranked.campaign_key
),

final as (
    select
        campaign_key,
        campaign_name,
        campaign_family,
        campaign_type,
        cast(date_trunc('quarter', planned_on) as date) as quarter_start_date,
        cast(case when budget is not null then tercile end as bigint) as budget_tercile,
        slip_days,
        is_on_time,
        is_cancelled,
        is_unapproved,
        is_activity,
        approval_count,
        approval_round_count,
        rework_count,
        waiting_hours,
        rework_hours,
        touch_count,
        live_on is not null and touch_count = 0 as is_live_without_touches,
        spend_reporting,
        click_through_rate,
        leads,
        mqls,
        pipeline_amount,
        revenue_amount,
        pipeline_per_spend,
        is_local_winner_only,
        delay_cost_low,
        delay_cost,
        delay_cost_high
    from priced
)

select * from final
