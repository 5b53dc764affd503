-- Where the gap between intent and execution sits: at which stage, in which channel (S2-9).
with approval_rounds as (
    select * from {{ ref('fct_approval_rounds') }}
),

milestones as (
    select * from {{ ref('fct_milestones') }}
    where is_operationally_real
),

blockers as (
    select * from {{ ref('fct_blockers') }}
),

drifts as (
    select * from {{ ref('fct_intent_drift') }}
    where is_known
),

executions as (
    select * from {{ ref('int_campaign_executions') }}
    where attribute = 'channel' and is_most_frequent
),

changes as (
    select * from {{ ref('fct_unrecorded_changes') }}
    where is_unrecorded
),

{%- set nothing = {
    'waiting_hours': 'cast(0 as double)', 'rework_count': '0', 'defect_count': '0', 'drift_count': '0', 'drift': 'cast(null as double)',
} %}
{%- set gaps = [
    ('stage', "concat('approval: ', coalesce(approval_step, 'other'))", 'approval_rounds',
     {'waiting_hours': 'coalesce(elapsed_hours, 0)', 'rework_count': 'case when round_no > 1 then 1 else 0 end',
      'defect_count': 'case when is_within_sla is false then 1 else 0 end'}),
    ('stage', "concat('milestone: ', milestone_key)", 'milestones',
     {'defect_count': 'case when is_on_time is false then 1 else 0 end'}),
    ('stage', "concat('blocker: ', coalesce(workflow_step, 'uncategorised'))", 'blockers',
     {'waiting_hours': 'coalesce(open_hours, 0)', 'defect_count': '1'}),
    ('attribute', 'attribute', 'drifts', {'drift_count': 'case when is_drifted then 1 else 0 end', 'drift': 'drift'}),
    ('attribute', 'attribute', 'changes', {'defect_count': '1'}),
    ('channel', 'executions.executed_value',
     'drifts inner join executions on drifts.campaign_key = executions.campaign_key',
     {'drift_count': 'case when drifts.is_drifted then 1 else 0 end', 'drift': 'drifts.drift'}),
] %}

gaps as (
    {%- for kind, location, origin, figures in gaps %}
    select
        '{{ kind }}' as location_kind,
        {%- for figure, expression in nothing.items() %}
        {{ figures.get(figure, expression) }} as {{ figure }},
        {%- endfor %}
        {{ location }} as gap_location
    from {{ origin }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        {{ surrogate_key(['location_kind', 'gap_location']) }} as gap_location_id,
        location_kind,
        gap_location,
        round({{ exact_sum('waiting_hours') }}, 6) as waiting_hours,
        cast(sum(rework_count) as bigint) as rework_count,
        cast(sum(defect_count) as bigint) as defect_count,
        cast(sum(drift_count) as bigint) as drift_count,
        round({{ ratio(decimal_sum('drift'), 'count(drift)') }}, 6) as mean_drift
    from gaps
    group by location_kind, gap_location
)

select * from final
