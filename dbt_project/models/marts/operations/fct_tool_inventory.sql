-- The stack: its tools, and the categories of the core stack in which there is none (S4-44).
with tools as (
    select
        *,
        replace({{ normalised_slug('tool_category') }}, '-', '_') as category_key
    from {{ ref('stg_templates__tool_inventory') }}
    where tool is not null
    qualify row_number() over (partition by tool order by file_id desc, row_number desc) = 1
),

tool_categories as (
    select * from {{ ref('tool_categories') }}
),

audits as (
    select
        tool,
        cast(count(case when check_result = 'pass' then 1 end) as bigint) as passed_count,
        cast(count(case when check_result = 'fail' then 1 end) as bigint) as failed_count,
        cast(count(case when check_result = 'unknown' then 1 end) as bigint) as unknown_count
    from {{ ref('fct_tool_audits') }}
    group by tool
),

final as (
    select
        {{ surrogate_key(['tools.tool', 'coalesce(tools.category_key, tool_categories.tool_category)']) }}
            as tool_key,
        {{ masked('tools.tool') }} as tool,
        coalesce(tool_categories.tool_category, {{ masked('tools.category_key') }}) as tool_category,
        tool_categories.priority as category_priority,
        {{ masked('tools.owner_name') }} as owner_name,
        tools.tool is null as is_category_empty,
        tools.is_connected_to_crm,
        tools.is_connected_to_warehouse,
        tools.annual_cost,
        {{ masked('tools.cost_currency') }} as cost_currency,
        tools.licensed_users,
        tools.active_users,
        {{ ratio('tools.active_users', 'tools.licensed_users') }} as adoption_rate,
        audits.passed_count,
        audits.failed_count,
        audits.unknown_count,
        tools.contract_renewal_date,
        tools.contract_reviewed_date
    from tool_categories
    full outer join tools on tool_categories.tool_category = tools.category_key
    left join audits on {{ masked('tools.tool') }} = audits.tool
)

select * from final
