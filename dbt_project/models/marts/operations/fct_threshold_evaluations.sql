-- Every rule of corrective_action_rules, asked of everything it judges. Called off or over, a campaign
-- is off no track any more.
with launches as (
    select * from {{ ref('int_launches_judged') }}
    where is_cancelled is false and is_over is false
),

approval_rounds as (
    select * from {{ ref('int_approval_rounds_judged') }}
    where is_blocked
),

report_confidence as (
    select * from {{ ref('fct_report_confidence') }}
),

report_pages as (
    select * from {{ ref('report_pages') }}
),

thresholds as (
    select
        max(case when threshold_key = 'launch_delay_days' then threshold_value end) as launch_delay_days,
        max(case when threshold_key = 'blocked_approvals' then threshold_value end) as blocked_approvals,
        max(case when threshold_key = 'reporting_confidence' then threshold_value end) as reporting_confidence,
        max(case when threshold_key = 'confidence_unknown_hours' then threshold_value end) as confidence_unknown_hours
    from {{ ref('rule_thresholds') }}
),

-- An approval that blocks does so once, whatever round it is in.
blocked as (
    select
        campaign_key,
        approval_id,
        min(blocked_since_at) as blocked_since_at
    from approval_rounds
    group by campaign_key, approval_id
),

numbered as (
    select
        launches.campaign_family,
        launches.campaign_key,
        blocked.blocked_since_at,
        row_number() over (
            partition by launches.campaign_key order by blocked.blocked_since_at nulls last, blocked.approval_id
        ) as campaign_no,
        row_number() over (
            partition by launches.campaign_family order by blocked.blocked_since_at nulls last, blocked.approval_id
        ) as family_no
    from blocked
    inner join launches on blocked.campaign_key = launches.campaign_key
),

-- Blocked since the approval that reached the threshold is.
campaigns_blocked as (
    select
        numbered.campaign_key,
        max(numbered.blocked_since_at) as blocked_since_at
    from numbered
    inner join thresholds on numbered.campaign_no = thresholds.blocked_approvals
    group by numbered.campaign_key
),

families_blocked as (
    select
        numbered.campaign_family,
        max(numbered.blocked_since_at) as blocked_since_at
    from numbered
    inner join thresholds on numbered.family_no = thresholds.blocked_approvals
    group by numbered.campaign_family
),

families as (
    select
        campaign_family,
        cast(sum(blocked_approval_count) as bigint) as blocked_approval_count,
        max(case when is_blocked_over_threshold then 1 else 0 end) = 1 as is_told_by_a_campaign,
        min(evidenced_live_at) as first_live_at
    from launches
    group by campaign_family
),

live_since as (
    select
        campaign_family,
        first_live_at
    from families
    union all
    select
        'All' as campaign_family,
        min(evidenced_live_at) as first_live_at
    from launches
),

confidence as (
    select
        report_confidence.page,
        report_confidence.campaign_family,
        report_confidence.reporting_confidence,
        report_confidence.costliest_source,
        report_confidence.costliest_expectation,
        case
            when report_confidence.is_below_threshold is not null then report_confidence.is_below_threshold
            -- A family without ads or tasks has no spend and no work that could be reported.
            when
                report_pages.value_basis = 'pipeline'
                and ({{ epoch_us(as_of_at()) }} - {{ epoch_us('live_since.first_live_at') }})
                > thresholds.confidence_unknown_hours * cast(3600000000 as double)
                then true
        end as is_breached,
        thresholds.reporting_confidence as threshold_value
    from report_confidence
    cross join thresholds
    inner join report_pages on report_confidence.page = report_pages.page
    left join live_since on report_confidence.campaign_family = live_since.campaign_family
),

evaluated as (
    select
        'blocked_approvals' as rule,
        'campaign' as entity_type,
        launches.campaign_key as entity,
        launches.campaign_key,
        launches.campaign_family,
        launches.campaign_name as entity_name,
        launches.is_blocked_over_threshold as is_breached,
        cast(launches.blocked_approval_count as double) as measured_value,
        thresholds.blocked_approvals as threshold_value,
        concat(
            cast(launches.blocked_approval_count as {{ dbt.type_string() }}), ' approvals of ', launches.campaign_name,
            ' are blocked at the same time'
        ) as reason,
        campaigns_blocked.blocked_since_at as condition_since_at
    from launches
    cross join thresholds
    left join campaigns_blocked on launches.campaign_key = campaigns_blocked.campaign_key
    union all
    -- Where a campaign alone is over the threshold, its family would say the same again (S1-14).
    select
        'blocked_approvals' as rule,
        'campaign_family' as entity_type,
        families.campaign_family as entity,
        cast(null as {{ dbt.type_string() }}) as campaign_key,
        families.campaign_family,
        families.campaign_family as entity_name,
        families.blocked_approval_count >= thresholds.blocked_approvals
        and families.is_told_by_a_campaign is false as is_breached,
        cast(families.blocked_approval_count as double) as measured_value,
        thresholds.blocked_approvals as threshold_value,
        concat(
            cast(families.blocked_approval_count as {{ dbt.type_string() }}), ' approvals of the family ',
            families.campaign_family, ' are blocked at the same time'
        ) as reason,
        families_blocked.blocked_since_at as condition_since_at
    from families
    cross join thresholds
    left join families_blocked on families.campaign_family = families_blocked.campaign_family
    union all
    select
        'launch_delay' as rule,
        'campaign' as entity_type,
        launches.campaign_key as entity,
        launches.campaign_key,
        launches.campaign_family,
        launches.campaign_name as entity_name,
        launches.is_delayed_over_threshold as is_breached,
        cast(launches.slip_days as double) as measured_value,
        thresholds.launch_delay_days as threshold_value,
        concat(
            launches.campaign_name,
            case when launches.evidenced_live_at is null then ' is not live ' else ' went live ' end,
            cast(launches.slip_days as {{ dbt.type_string() }}), ' days after its baseline'
        ) as reason,
        {{ local_day_start(
            add_days(reporting_day('launches.baseline_planned_at'), 'thresholds.launch_delay_days + 1'),
            var('reporting_time_zone')
        ) }} as condition_since_at
    from launches
    cross join thresholds
    union all
    select
        'launch_date_missing' as rule,
        'campaign' as entity_type,
        launches.campaign_key as entity,
        launches.campaign_key,
        launches.campaign_family,
        launches.campaign_name as entity_name,
        launches.baseline_planned_at is null as is_breached,
        cast(null as double) as measured_value,
        cast(null as double) as threshold_value,
        concat(launches.campaign_name, ' has no planned launch date') as reason,
        {{ local_day_start('launches.valid_from_date', var('reporting_time_zone')) }} as condition_since_at
    from launches
    union all
    select
        'reporting_confidence' as rule,
        'page' as entity_type,
        concat(confidence.page, ': ', confidence.campaign_family) as entity,
        cast(null as {{ dbt.type_string() }}) as campaign_key,
        confidence.campaign_family,
        concat(confidence.page, ', ', confidence.campaign_family) as entity_name,
        confidence.is_breached,
        confidence.reporting_confidence as measured_value,
        confidence.threshold_value,
        concat(
            'The page ', confidence.page, ' is not to be relied on for ', confidence.campaign_family, ': ',
            case
                when confidence.reporting_confidence is null then 'nothing is known of its confidence'
                when confidence.costliest_source is not null then concat(confidence.costliest_source, ' is not fresh')
                else concat('records fail ', coalesce(confidence.costliest_expectation, 'expectations'))
            end
        ) as reason,
        cast(null as timestamp) as condition_since_at
    from confidence
),

final as (
    select
        {{ surrogate_key(['rule', 'entity_type', 'entity']) }} as threshold_evaluation_id,
        rule,
        entity_type,
        entity,
        campaign_key,
        campaign_family,
        entity_name,
        is_breached,
        measured_value,
        threshold_value,
        case when coalesce(is_breached, true) then reason end as reason,
        case when is_breached then condition_since_at end as condition_since_at,
        {{ as_of_at() }} as as_of_at
    from evaluated
)

select * from final
