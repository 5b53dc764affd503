-- From the CRMs' histories: a deal may come back to a stage, its first entry counts.
with hubspot_stages as (
    select
        deal_stage_id,
        min(stage_name) as stage_name,
        bool_or(is_closed) as is_closed,
        bool_or(is_won) as is_won
    from {{ ref('stg_hubspot__deal_pipeline_stages') }}
    group by deal_stage_id
),

deal_stages as (
    select * from {{ ref('deal_stages') }}
),

entries as (
    select
        'salesforce' as crm_source,
        crm_deal_id,
        deal_stage,
        created_at as entered_at,
        cast(null as boolean) as is_closed,
        cast(null as boolean) as is_won
    from {{ ref('stg_salesforce__opportunity_changes') }}
    -- Changes of the amount alone repeat the stage.
    where previous_stage is null or previous_stage <> deal_stage
    union all
    select
        'salesforce' as crm_source,
        crm_deal_id,
        deal_stage,
        valid_from_at as entered_at,
        is_closed,
        is_won
    from {{ ref('stg_salesforce__opportunity_snapshots') }}
    union all
    select
        'hubspot' as crm_source,
        changes.crm_deal_id,
        coalesce(hubspot_stages.stage_name, changes.deal_stage_id) as deal_stage,
        changes.entered_at,
        hubspot_stages.is_closed,
        hubspot_stages.is_won
    from {{ ref('stg_hubspot__deal_stage_changes') }} as changes
    left join hubspot_stages on changes.deal_stage_id = hubspot_stages.deal_stage_id
),

described as (
    select
        entries.crm_source,
        entries.crm_deal_id,
        coalesce(deal_stages.stage, entries.deal_stage) as stage,
        deal_stages.stage_order,
        coalesce(entries.is_closed, deal_stages.is_closed, false) as is_closed,
        coalesce(entries.is_won, deal_stages.is_won, false) as is_won,
        entries.entered_at
    from entries
    left join deal_stages
        on entries.crm_source = deal_stages.crm_source and lower(entries.deal_stage) = deal_stages.deal_stage_key
    -- What happens after the run's clock is not known yet.
    where entries.deal_stage is not null and entries.entered_at <= {{ as_of_at() }}
),

final as (
    select
        {{ surrogate_key(['crm_source', 'crm_deal_id']) }} as opportunity_id,
        crm_source,
        crm_deal_id,
        stage,
        cast(min(stage_order) as bigint) as stage_order,
        bool_or(is_closed) as is_closed,
        bool_or(is_won) as is_won,
        min(entered_at) as entered_at,
        max(entered_at) as last_entered_at
    from described
    group by crm_source, crm_deal_id, stage
)

select * from final
