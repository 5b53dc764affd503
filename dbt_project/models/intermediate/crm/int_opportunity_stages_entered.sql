-- From the CRMs' histories. A deal may come back to a stage, and be closed more than once.
with deal_stages as (
    select * from {{ ref('int_deal_stages_defined') }}
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
        crm_deal_id,
        deal_stage_id as deal_stage,
        entered_at,
        cast(null as boolean) as is_closed,
        cast(null as boolean) as is_won
    from {{ ref('stg_hubspot__deal_stage_changes') }}
),

described as (
    select
        entries.crm_source,
        entries.crm_deal_id,
        coalesce(deal_stages.stage, entries.deal_stage) as stage,
        deal_stages.stage_order,
        coalesce(entries.is_closed, deal_stages.is_closed) as is_closed,
        coalesce(entries.is_won, deal_stages.is_won) as is_won,
        entries.entered_at
    from entries
    left join deal_stages
        on entries.crm_source = deal_stages.crm_source and lower(entries.deal_stage) = deal_stages.deal_stage_key
    -- What happens after the run's clock is not known yet.
    where entries.deal_stage is not null and entries.entered_at <= {{ as_of_at() }}
),

-- A change of the amount alone, and each version that a connector saw, repeats the stage: no entry.
compared as (
    select
        *,
        lag(stage) over (partition by crm_source, crm_deal_id order by entered_at, stage) as stage_before,
        lag(is_closed) over (partition by crm_source, crm_deal_id order by entered_at, stage) as was_closed,
        lag(is_won) over (partition by crm_source, crm_deal_id order by entered_at, stage) as was_won
    from described
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
        max(entered_at) as last_entered_at,
        -- From one stage of won deals to the next nothing is won again.
        max(case
            when is_closed and (was_closed is distinct from true or was_won is distinct from is_won) then entered_at
        end) as last_closed_at
    from compared
    where stage_before is distinct from stage
    group by crm_source, crm_deal_id, stage
)

select * from final
