-- Every tool of the stack against the checklist (S4-46). What it delivers is known of a tool that goes by
-- the name of a source: Google Ads is google_ads.
with tools as (
    select
        *,
        {{ masked('tool') }} as tool_name,
        replace({{ normalised_slug('tool') }}, '-', '_') as source_key
    from {{ ref('stg_templates__tool_inventory') }}
    where tool is not null
    qualify row_number() over (partition by tool order by file_id desc, row_number desc) = 1
),

tool_audit_checks as (
    select * from {{ ref('tool_audit_checks') }}
),

thresholds as (
    select
        max(case when threshold_key = 'contract_review_days' then threshold_value end) as contract_review_days,
        max(case when threshold_key = 'integration_flag_hours' then threshold_value end) as integration_flag_hours
    from {{ ref('rule_thresholds') }}
),

documented as (
    select distinct source
    from {{ ref('stg_ops__streams') }}
),

-- How long the latest of its deliveries is overdue now, when this run tells it; below 0: not yet due.
delivered as (
    select
        source,
        max(
            ({{ epoch_us(as_of_at()) }} - {{ epoch_us('delivered_at') }}) / cast(3600000000 as double) - window_hours
        ) as overdue_hours
    from {{ ref('int_source_freshness') }}
    group by source
),

shared as (
    select
        tool_category,
        count(*) as tool_count
    from tools
    group by tool_category
),

joined as (
    select
        tools.*,
        shared.tool_count,
        documented.source as documented_source,
        delivered.overdue_hours,
        thresholds.contract_review_days,
        thresholds.integration_flag_hours,
        {{ days_between('tools.contract_reviewed_date', reporting_day(as_of_at())) }} as reviewed_days_ago,
        {{ ratio('tools.active_users', 'tools.licensed_users') }} as adoption_rate
    from tools
    cross join thresholds
    left join shared on tools.tool_category = shared.tool_category
    left join documented on tools.source_key = documented.source
    left join delivered on tools.source_key = delivered.source
),

{%- set checks = {
    'owner': "case when owner_name is not null then 'pass' else 'fail' end",
    'connection': "case
            when is_connected_to_crm or is_connected_to_warehouse then 'pass'
            when is_connected_to_crm is null or is_connected_to_warehouse is null then 'unknown'
            else 'fail'
        end",
    'overlap': "case when tool_category is null then 'unknown' when tool_count > 1 then 'fail' else 'pass' end",
    'contract': "case
            when contract_renewal_date is null then 'not_applicable'
            when reviewed_days_ago <= contract_review_days then 'pass'
            else 'fail'
        end",
    'data_flow': "case
            when documented_source is not null then 'pass'
            when is_connected_to_warehouse then 'fail'
            when is_connected_to_warehouse is null then 'unknown'
            else 'not_applicable'
        end",
    'failures': "case
            when overdue_hours <= integration_flag_hours then 'pass'
            when overdue_hours > integration_flag_hours then 'fail'
            when is_connected_to_warehouse is false then 'not_applicable'
            else 'unknown'
        end",
    'adoption': "case when adoption_rate is not null then 'pass' else 'fail' end",
} %}
{%- set measured = {
    'overlap': 'cast(tool_count as double)',
    'contract': 'cast(reviewed_days_ago as double)',
    'failures': 'overdue_hours',
    'adoption': 'adoption_rate',
} %}

answered as (
    {%- for check, result in checks.items() %}
    select
        tool,
        tool_name,
        tool_category,
        '{{ check }}' as check_key,
        {{ result }} as check_result,
        {{ measured.get(check, 'cast(null as double)') }} as measured_value
    from joined
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        {{ surrogate_key(['answered.tool', 'answered.check_key']) }} as tool_check_id,
        answered.tool_name as tool,
        {{ masked('answered.tool_category') }} as tool_category,
        answered.check_key,
        tool_audit_checks.seq,
        tool_audit_checks.check_name,
        answered.check_result,
        answered.measured_value,
        case when answered.check_result = 'fail' then tool_audit_checks.action end as action
    from answered
    inner join tool_audit_checks on answered.check_key = tool_audit_checks.check_key
)

select * from final
