-- What lacks to exactly one accountable person and one backup a step (S1-16). Called off or over, a
-- campaign needs nobody; and where nobody in the company assigns anybody, nothing is told of anyone.
with raci_steps as (
    select * from {{ ref('int_raci_assigned') }}
),

launches as (
    select * from {{ ref('int_launches_judged') }}
    where is_cancelled is false and is_over is false
),

thresholds as (
    select max(threshold_value) as consulted_people
    from {{ ref('rule_thresholds') }}
    where threshold_key = 'consulted_people'
),

used as (
    select count(*) > 0 as is_used
    from raci_steps
    where is_assigned
),

standing as (
    select
        raci_steps.*,
        thresholds.consulted_people
    from raci_steps
    inner join launches on raci_steps.campaign_key = launches.campaign_key
    cross join thresholds
    cross join used
    where used.is_used
),

{%- set gaps = [
    ('unassigned', 'error', 'is_assigned is false'),
    ('no_accountable', 'error', 'is_assigned and accountable_count = 0'),
    ('several_accountable', 'error', 'accountable_count > 1'),
    ('no_backup', 'error', 'is_assigned and backup_count = 0'),
    ('several_backups', 'error', 'backup_count > 1'),
    ('no_responsible', 'error', 'is_assigned and responsible_count = 0'),
    ('has_left', 'error', 'inactive_count > 0'),
    ('backup_is_accountable', 'error', 'backup_name = accountable_name'),
    ('accountable_is_responsible', 'warning', 'is_accountable_responsible'),
    ('many_consulted', 'warning', 'consulted_count > consulted_people'),
] %}

found as (
    {%- for gap, severity, condition in gaps %}
    select
        *,
        '{{ gap }}' as gap,
        '{{ severity }}' as severity
    from standing
    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        {{ surrogate_key(['campaign_key', 'workflow_step', 'gap']) }} as raci_gap_id,
        campaign_key,
        workflow_step,
        accountable_role,
        gap,
        severity,
        accountable_name,
        backup_name,
        accountable_count,
        backup_count,
        responsible_count,
        consulted_count,
        inactive_count
    from found
)

select * from final
