{{ config(materialized='view') }}
-- What a deal's stage says of how it ended: the CRM's own table of stages, or its deals that stand there
-- and say so themselves, or else the seed. A name that two pipelines end differently says nothing.
with hubspot_stages as (
    select
        *,
        -- Closed alone is no win: the chance of winning says which of the two it was.
        case
            when is_closed is false or (is_closed and win_probability = 0) then false
            when is_closed and win_probability = 1 then true
        end as is_won
    from {{ ref('stg_hubspot__deal_pipeline_stages') }}
),

seed as (
    select * from {{ ref('deal_stages') }}
),

told as (
    select
        'hubspot' as crm_source,
        deal_stage_id as told_stage,
        stage_name,
        is_closed,
        is_won
    from hubspot_stages
    union all
    select
        'hubspot' as crm_source,
        stage_name as told_stage,
        stage_name,
        is_closed,
        is_won
    from hubspot_stages
    where lower(stage_name) <> lower(deal_stage_id)
    union all
    select
        'salesforce' as crm_source,
        deal_stage as told_stage,
        deal_stage as stage_name,
        is_closed,
        is_won
    from {{ ref('stg_salesforce__opportunities') }}
    union all
    select
        'salesforce' as crm_source,
        deal_stage as told_stage,
        deal_stage as stage_name,
        is_closed,
        is_won
    from {{ ref('stg_salesforce__opportunity_snapshots') }}
),

agreed as (
    select
        crm_source,
        lower(told_stage) as deal_stage_key,
        min(stage_name) as stage_name,
        case when bool_and(is_closed) = bool_or(is_closed) then bool_or(is_closed) end as is_closed,
        case when bool_and(is_won) = bool_or(is_won) then bool_or(is_won) end as is_won
    from told
    where told_stage is not null
    group by crm_source, lower(told_stage)
),

final as (
    select
        coalesce(agreed.crm_source, seed.crm_source) as crm_source,
        coalesce(agreed.deal_stage_key, seed.deal_stage_key) as deal_stage_key,
        coalesce(seed.stage, agreed.stage_name) as stage,
        seed.stage_order,
        coalesce(agreed.is_closed, seed.is_closed) as is_closed,
        coalesce(agreed.is_won, seed.is_won) as is_won
    from agreed
    full outer join seed
        on agreed.crm_source = seed.crm_source and agreed.deal_stage_key = seed.deal_stage_key
)

select * from final
