-- Names in the team's own tables that no registry and no rule knows: what stands beside them is in no
-- figure of a campaign or a step; a sample that was not drawn here is compared all the same. The audit of the
-- marts names each; everything else goes on.
{%- set slug = 'utm_campaign' %}
{#- template, its column, the name as it is compared, and which list should have it #}
{%- set named = [
    ('blocker_log', slug, slug, 'campaigns'),
    ('brief_dependencies', 'brief_id', 'brief_id', 'briefs'),
    ('blocker_log', 'workflow_step', 'workflow_step', 'steps'),
    ('campaign_briefs', slug, slug, 'slugs'),
    ('decisions', slug, slug, 'campaigns'),
    ('decisions', 'goal_id', 'goal_id', 'goals'),
    ('experiments', slug, slug, 'campaigns'),
    ('gate_overrides', slug, slug, 'campaigns'),
    ('gate_overrides', 'gate_check', 'gate_check', 'gate_checks'),
    ('handoffs', slug, slug, 'campaigns'),
    ('handoffs', 'handoff', "replace(handoff, ' ', '_')", 'handoffs'),
    ('key_results', 'metric_name', 'metric_name', 'metrics'),
    ('qa_results', slug, slug, 'campaigns'),
    ('qa_results', 'qa_check', "replace(" ~ normalised_slug('qa_check') ~ ", '-', '_')", 'qa_checks'),
    ('raci_assignments', slug, slug, 'campaigns'),
    ('raci_assignments', 'workflow_step', 'workflow_step', 'steps'),
    ('raci_assignments', 'raci_letter', 'raci_letter', 'letters'),
    ('strategy_register', slug, slug, 'campaigns'),
    ('strategy_register', 'parent_goal', 'parent_goal_id', 'goals'),
    ('strategy_register', 'success_criteria_metric', 'success_criteria_metric', 'metrics'),
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

briefs as (
    select * from {{ ref('stg_templates__campaign_briefs') }}
),

key_results as (
    select * from {{ ref('stg_templates__key_results') }}
),

stage_gates as (
    select * from {{ ref('stage_gates') }}
),

metrics as (
    select * from {{ ref('metric_definitions') }}
),

tracking_checks as (
    select * from {{ ref('tracking_checks') }}
),

qa_checklist_items as (
    select * from {{ ref('qa_checklist_items') }}
),

-- A sheet of the accuracy audit comes back in the month in which it was drawn, or within the two after it. It
-- is asked for as long as it says something: whose sample has since gone by a merge is then no news any more.
accuracy_audit as (
    select audits.*
    from {{ ref('stg_templates__accuracy_audit') }} as audits
    inner join {{ ref('rule_thresholds') }} as rules
        on
            {{ days_between('audits.audited_date', reporting_day(as_of_at())) }} between 0 and rules.threshold_value
    where rules.threshold_key = 'accuracy_audit_days'
),

drawn_months as (
    {%- for months_before in range(3) %}
    select {{ month_start('(' ~ month_index('audited_date') ~ ' - ' ~ months_before ~ ')') }} as month_start_date
    from accuracy_audit
    {{ 'union distinct' if not loop.last }}
    {%- endfor %}
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
    union distinct
    -- As fct_accuracy_samples draws them.
    select
        'samples' as list,
        {{ surrogate_key(['drawn_months.month_start_date', 'contacts.contact_key']) }} as name
    from {{ ref('dim_contacts') }} as contacts
    cross join drawn_months
    union distinct
    select
        'briefs' as list,
        brief_id as name
    from briefs
    union distinct
    select
        'goals' as list,
        objective_id as name
    from key_results
    union distinct
    select
        'gate_checks' as list,
        gate_check as name
    from stage_gates
    union distinct
    select
        'metrics' as list,
        metric as name
    from metrics
    union distinct
    select
        'qa_checks' as list,
        replace(qa_check, ' ', '_') as name
    from tracking_checks
    union distinct
    select
        'qa_checks' as list,
        qa_check as name
    from qa_checklist_items
),

-- Where a company writes down no key result and no brief, no name of one can lack.
kept as (
    select distinct list
    from known
    where list in ('briefs', 'goals')
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
    select
        'accuracy_audit' as template,
        'sample_id' as column_name,
        'samples' as list,
        sample_id as name,
        file_id,
        row_number
    from accuracy_audit
    union all
    -- A deal that is open or lost is no won deal to bill; of an id that several have the CRM is what lacks.
    select
        'invoices' as template,
        case when deal_named = 'ambiguous' then 'crm_source' else 'crm_deal_id' end as column_name,
        'won_deals' as list,
        coalesce(crm_deal_id, '(empty)') as name,
        file_id,
        row_number
    from {{ ref('int_invoices_matched') }}
    where conversion_id is null
    union all
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
    left join kept on named.list = kept.list
    left join known on named.list = known.list and named.name = known.name
    where
        named.name is not null
        and known.name is null
        and (named.list not in ('briefs', 'goals') or kept.list is not null)
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
