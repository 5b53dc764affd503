-- Names in the team's own tables that no registry and no rule knows: what stands beside them is in no
-- figure of a campaign or a step. The audit of the marts names each; everything else goes on.
{%- set slug = 'utm_campaign' %}
{#- template, its column, the name as it is compared, and which list should have it #}
{%- set named = [
    ('blocker_log', slug, slug, 'campaigns'),
    ('blocker_log', 'workflow_step', 'workflow_step', 'steps'),
    ('campaign_briefs', slug, slug, 'slugs'),
    ('decisions', slug, slug, 'campaigns'),
    ('experiments', slug, slug, 'campaigns'),
    ('handoffs', slug, slug, 'campaigns'),
    ('handoffs', 'handoff', "replace(handoff, ' ', '_')", 'handoffs'),
    ('qa_results', slug, slug, 'campaigns'),
    ('raci_assignments', slug, slug, 'campaigns'),
    ('raci_assignments', 'workflow_step', 'workflow_step', 'steps'),
    ('raci_assignments', 'raci_letter', 'raci_letter', 'letters'),
    ('strategy_register', slug, slug, 'campaigns'),
] %}
with campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

campaign_slugs as (
    select * from {{ ref('int_campaign_slugs') }}
),

raci_template as (
    select * from {{ ref('raci_template') }}
),

handoff_rules as (
    select * from {{ ref('handoff_rules') }}
),

handoff_contracts as (
    select * from {{ ref('handoff_contracts') }}
),

handoffs as (
    select
        replace(handoff, ' ', '_') as handoff,
        replace(required_item, '_', ' ') as required_item,
        file_id,
        row_number
    from {{ ref('stg_templates__handoffs') }}
),

letters as (
    select {{ split_rows("'R,A,C,I,BACKUP'", ',') }} as letter
),

known as (
    select
        'campaigns' as list,
        utm_campaign as name
    from campaigns
    union distinct
    -- A brief finds its campaign by any name that it ever had.
    select
        'slugs' as list,
        slug as name
    from campaign_slugs
    where is_registered
    union distinct
    select
        'steps' as list,
        workflow_step as name
    from raci_template
    union distinct
    select
        'steps' as list,
        lower(step_name) as name
    from raci_template
    union distinct
    select
        'handoffs' as list,
        handoff as name
    from handoff_rules
    union distinct
    select
        'handoffs' as list,
        flow as name
    from handoff_contracts
    union distinct
    select
        'items' as list,
        concat(flow, ': ', required_item) as name
    from handoff_contracts
    union distinct
    select
        'letters' as list,
        letter as name
    from letters
),

named as (
    {%- for template, column, name, list in named %}
    select
        '{{ template }}' as template,
        '{{ column }}' as column_name,
        '{{ list }}' as list,
        {{ name }} as name,
        file_id,
        row_number
    from {{ ref('stg_templates__' ~ template) }}
    union all
    {%- endfor %}
    -- A point has the items of the team's own list; only a flow has a contract.
    select distinct
        'handoffs' as template,
        'required_item' as column_name,
        'items' as list,
        concat(handoffs.handoff, ': ', handoffs.required_item) as name,
        handoffs.file_id,
        handoffs.row_number
    from handoffs
    inner join handoff_contracts on handoffs.handoff = handoff_contracts.flow
    where handoffs.required_item is not null
),

unknown as (
    select
        named.template,
        named.column_name,
        named.name,
        named.file_id,
        named.row_number,
        row_number() over (
            partition by named.template, named.column_name, named.name
            order by named.file_id, named.row_number
        ) as line_no
    from named
    left join known on named.list = known.list and named.name = known.name
    where named.name is not null and known.name is null
),

final as (
    select
        {{ surrogate_key(['template', 'column_name', 'name']) }} as unknown_name_id,
        template,
        column_name,
        {{ masked('name') }} as unknown_name,
        cast(count(*) as bigint) as line_count,
        max(case when line_no = 1 then file_id end) as first_file_id,
        max(case when line_no = 1 then row_number end) as first_row_number
    from unknown
    group by template, column_name, name
)

select * from final
