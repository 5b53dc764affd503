-- What each gate of a campaign asks, and whether it held when the campaign went through (S1-26, S3-4). What
-- nobody in the company records, no campaign can lack; an override holds with a name and a last day.
with campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

launches as (
    select * from {{ ref('int_launches_judged') }}
    where is_cancelled is false
),

stage_gates as (
    select * from {{ ref('stage_gates') }}
),

briefs as (
    select * from {{ ref('int_campaign_briefs_scored') }}
    where campaign_key is not null and submitted_at <= {{ as_of_at() }}
),

gated_events as (
    select
        campaign_key,
        min(occurred_at) as production_started_at
    from {{ ref('int_gated_events_dated') }}
    where gated_event = 'production_start'
    group by campaign_key
),

launch_approvals as (
    select
        campaign_key,
        min(case when is_approved_at_launch then 1 else 0 end) = 1 as is_approved_at_launch
    from {{ ref('int_launch_approvals_judged') }}
    group by campaign_key
),

approval_rounds as (
    select * from {{ ref('int_approval_rounds_judged') }}
    where campaign_key is not null
),

handoffs as (
    select * from {{ ref('fct_handoffs') }}
),

milestones as (
    select * from {{ ref('int_milestones_judged') }}
    where milestone_key = 'tracking_qa_passed'
),

reporting_objects as (
    select * from {{ ref('dim_reporting_objects') }}
),

utm_sources as (
    select * from {{ ref('utm_sources') }}
),

raci_steps as (
    select * from {{ ref('int_raci_assigned') }}
),

gate_overrides as (
    select * from {{ ref('stg_templates__gate_overrides') }}
    where approver_name is not null and expires_date is not null and approved_at <= {{ as_of_at() }}
),

briefed as (
    select
        campaign_key,
        min(submitted_at) as submitted_at,
        min(case when is_ready then submitted_at end) as answered_at,
        min(approved_at) as approved_at
    from briefs
    group by campaign_key
),

handed as (
    select
        campaign_key,
        max(case when handoff = 'execution_to_operations' then present_count end) as present_count,
        max(case when handoff = 'execution_to_operations' and present_count = required_count then handed_over_at end)
            as inputs_at,
        max(case when handoff = 'execution_to_operations' then required_count end) as required_count,
        max(case when handoff = 'tracking_validation' then done_at end) as validated_at,
        max(case when handoff = 'reporting_to_strategy' then done_at end) as results_at
    from handoffs
    group by campaign_key
),

-- What there is to be recorded, a row each that somebody recorded.
records as (
    select 'brief' as record from briefs
    union
    select 'approval' as record from approval_rounds
    union
    select 'validation' as record from milestones
    where actual_at is not null
    union
    select handoff as record from handoffs
    where done_at is not null or (handoff = 'execution_to_operations' and present_count > 0)
),

recorded as (
    select
        count(case when record = 'brief' then 1 end) > 0 as are_briefs_recorded,
        count(case when record = 'approval' then 1 end) > 0 as are_approvals_recorded,
        count(case when record in ('validation', 'tracking_validation') then 1 end) > 0 as are_validations_recorded,
        count(case when record = 'execution_to_operations' then 1 end) > 0 as are_inputs_recorded,
        count(case when record = 'reporting_to_strategy' then 1 end) > 0 as are_results_recorded
    from records
),

{%- set checks = [
    ('brief_submitted', 'briefed.submitted_at is not null', 'briefed.submitted_at', 'are_briefs_recorded'),
    ('brief_answered', 'launches.is_brief_ready', 'briefed.answered_at', 'are_briefs_recorded'),
    ('brief_approved', 'briefed.approved_at is not null', 'briefed.approved_at', 'are_briefs_recorded'),
    ('name_conforms', 'campaigns.is_name_conforming and utm_sources.utm_source is not null'
     ' and campaigns.utm_medium is not null', none, none),
    ('required_inputs', 'campaigns.owner_name is not null and campaigns.utm_source is not null'
     ' and campaigns.utm_medium is not null and campaigns.landing_page_url is not null'
     ' and campaigns.planned_launch_date is not null'
     ' and (recorded.are_inputs_recorded is false or coalesce(handed.present_count = handed.required_count, false))',
     'handed.inputs_at', none),
    ('approvals_given', 'case when launches.evidenced_live_at is null then launches.is_approved'
     ' else coalesce(launch_approvals.is_approved_at_launch, false) end', none, 'are_approvals_recorded'),
    ('tracking_validated', 'coalesce(handed.validated_at, milestones.actual_at) is not null',
     'coalesce(handed.validated_at, milestones.actual_at)', 'are_validations_recorded'),
    ('reporting_joined', 'coalesce(reporting_objects.has_utm_leg and reporting_objects.has_crm_leg'
     ' and reporting_objects.has_web_leg, false)', none, none),
    ('results_handed_over', 'handed.results_at is not null', none, 'are_results_recorded'),
] %}

judged as (
    {%- for check, condition, passed_at, recorded in checks %}
    select
        campaigns.campaign_key,
        campaigns.utm_campaign,
        '{{ check }}' as gate_check,
        coalesce({{ condition }}, false) as is_passed,
        {{ passed_at or 'cast(null as timestamp)' }} as passed_at,
        {{ 'recorded.' ~ recorded if recorded else 'true' }} as is_recorded,
        briefed.submitted_at,
        gated_events.production_started_at,
        launches.evidenced_live_at,
        case
            when launches.is_over
                then {{ local_day_start(add_days('campaigns.valid_to_date', 1), var('reporting_time_zone')) }}
        end as ended_at
    from campaigns
    cross join recorded
    inner join launches on campaigns.campaign_key = launches.campaign_key
    left join briefed on campaigns.campaign_key = briefed.campaign_key
    left join gated_events on campaigns.campaign_key = gated_events.campaign_key
    left join launch_approvals on campaigns.campaign_key = launch_approvals.campaign_key
    left join handed on campaigns.campaign_key = handed.campaign_key
    left join milestones on campaigns.campaign_key = milestones.campaign_key
    left join reporting_objects on campaigns.campaign_key = reporting_objects.campaign_key
    left join utm_sources on campaigns.utm_source = utm_sources.utm_source
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

gated as (
    select
        judged.campaign_key,
        judged.utm_campaign,
        stage_gates.seq,
        stage_gates.stage,
        stage_gates.gate_check,
        stage_gates.workflow_step,
        stage_gates.criterion,
        stage_gates.action,
        judged.is_passed,
        case when judged.is_passed then judged.passed_at end as passed_at,
        judged.is_recorded,
        case stage_gates.stage
            when 'intake' then judged.submitted_at
            when 'production' then judged.production_started_at
            when 'launch' then judged.evidenced_live_at
            when 'review' then judged.ended_at
        end as stage_entered_at
    from judged
    inner join stage_gates on judged.gate_check = stage_gates.gate_check
),

-- It has to be there when the campaign goes through; one that ended before lets nobody through.
overridden as (
    select
        gated.campaign_key,
        gated.gate_check,
        gate_overrides.approver_name,
        gate_overrides.expires_date,
        gate_overrides.approved_at
    from gated
    inner join gate_overrides
        on gated.utm_campaign = gate_overrides.utm_campaign and gated.gate_check = gate_overrides.gate_check
    where
        gate_overrides.approved_at <= coalesce(gated.stage_entered_at, {{ as_of_at() }})
        and gate_overrides.expires_date
        >= {{ reporting_day('coalesce(gated.stage_entered_at, ' ~ as_of_at() ~ ')') }}
    qualify row_number() over (
        partition by gated.campaign_key, gated.gate_check
        order by gate_overrides.approved_at desc, gate_overrides.expires_date desc, gate_overrides.approver_name asc
    ) = 1
),

stated as (
    select
        gated.*,
        overridden.approver_name,
        overridden.expires_date,
        raci_steps.owner_name,
        case
            when gated.is_passed and coalesce(gated.passed_at <= gated.stage_entered_at, true) then 'passed'
            when overridden.gate_check is not null then 'overridden'
            when gated.is_recorded is false then 'unknown'
            when gated.is_passed then 'late'
            when gated.stage_entered_at is null then 'pending'
            else 'failed'
        end as check_state
    from gated
    left join overridden on gated.campaign_key = overridden.campaign_key and gated.gate_check = overridden.gate_check
    left join raci_steps
        on gated.campaign_key = raci_steps.campaign_key and gated.workflow_step = raci_steps.workflow_step
),

final as (
    select
        {{ surrogate_key(['campaign_key', 'gate_check']) }} as gate_check_id,
        campaign_key,
        seq,
        stage,
        gate_check,
        criterion,
        check_state,
        -- The campaign went through while it did not hold.
        check_state in ('late', 'failed') as is_skipped,
        -- What lacks now to the stage being complete, whenever it was entered.
        check_state in ('pending', 'failed') as is_open,
        coalesce(owner_name, 'Unassigned') as owner_name,
        case when check_state = 'overridden' then {{ masked('approver_name') }} end as overridden_by,
        case when check_state = 'overridden' then expires_date end as override_expires_date,
        case when check_state in ('pending', 'failed') then action end as action,
        stage_entered_at,
        passed_at
    from stated
)

select * from final
