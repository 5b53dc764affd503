-- What a campaign began to do while it ran, with no version of its brief or hypothesis near
-- it: execution adapts, and the record does not (S2-4).
with executions as (
    select * from {{ ref('int_campaign_executions') }}
    where is_executed
),

campaigns_live as (
    select * from {{ ref('int_campaigns_live') }}
),

parameters as (
    select {{ analysis_parameter('unrecorded_change_days') }}
    from {{ ref('analysis_parameters') }}
),

recorded as (
    select
        campaign_key,
        {{ reporting_day('coalesce(approved_at, submitted_at)') }} as recorded_on
    from {{ ref('int_campaign_briefs_scored') }}
    where campaign_key is not null
    union all
    select
        hypothesis_campaigns.campaign_key,
        hypotheses.valid_from_date as recorded_on
    from {{ ref('int_hypothesis_campaigns') }} as hypothesis_campaigns
    inner join {{ ref('int_hypotheses_versioned') }} as hypotheses
        on hypothesis_campaigns.hypothesis_version_id = hypotheses.hypothesis_version_id
),

-- What began with the launch, give or take the days of the rule, is the launch.
changes as (
    select
        executions.campaign_execution_id,
        executions.campaign_key,
        executions.attribute,
        executions.executed_value,
        executions.touch_share,
        executions.first_seen_on as changed_on,
        parameters.unrecorded_change_days
    from executions
    inner join campaigns_live on executions.campaign_key = campaigns_live.campaign_key
    cross join parameters
    where
        {{ days_between('campaigns_live.evidenced_live_on', 'executions.first_seen_on') }}
        > parameters.unrecorded_change_days
),

nearest as (
    select
        changes.campaign_execution_id,
        min(abs({{ days_between('recorded.recorded_on', 'changes.changed_on') }})) as days_to_record
    from changes
    inner join recorded on changes.campaign_key = recorded.campaign_key
    group by changes.campaign_execution_id
),

final as (
    select
        changes.campaign_execution_id as campaign_change_id,
        changes.campaign_key,
        changes.attribute,
        changes.executed_value,
        changes.touch_share,
        cast(nearest.days_to_record as bigint) as days_to_record,
        coalesce(nearest.days_to_record > changes.unrecorded_change_days, true) as is_unrecorded,
        changes.changed_on
    from changes
    left join nearest on changes.campaign_execution_id = nearest.campaign_execution_id
)

select * from final
