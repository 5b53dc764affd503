-- Every CRM's deals in one shape, decided or open as the CRM's own record says, or else as the seed
-- deal_stages does.
with deals as (
    select * from {{ ref('int_crm_deals_shaped') }}
    -- A deal that came by two doors: the newer row counts.
    qualify
        row_number() over (
            partition by crm_source, crm_deal_id order by ingested_at desc, file_id desc, row_number desc
        ) = 1
),

deal_stages as (
    select * from {{ ref('deal_stages') }}
),

owners as (
    select * from {{ ref('int_crm_owners_unioned') }}
),

stage_entries as (
    select * from {{ ref('int_opportunity_stages_entered') }}
),

-- A close date is a day: where the history knows the moment, that counts.
closings as (
    select
        crm_source,
        crm_deal_id,
        max(entered_at) as closed_at
    from stage_entries
    where is_closed
    group by crm_source, crm_deal_id
),

final as (
    select
        {{ surrogate_key(['deals.crm_source', 'deals.crm_deal_id']) }} as opportunity_id,
        deals.crm_source,
        deals.crm_deal_id,
        deals.crm_account_id,
        {{ masked('deals.pipeline') }} as pipeline,
        coalesce(deal_stages.stage, {{ masked('deals.deal_stage') }}) as stage,
        coalesce(deals.is_closed, deal_stages.is_closed, false) as is_closed,
        coalesce(deals.is_won, deal_stages.is_won, false) as is_won,
        {{ masked('deals.deal_type') }} as deal_type,
        deals.owner_id,
        {{ masked('coalesce(owners.owner_name, deals.owner_name)') }} as owner_name,
        deals.amount,
        {{ masked('deals.currency') }} as currency,
        deals.created_at,
        case
            when deals.has_close_time or closings.closed_at is null then deals.close_at
            else closings.closed_at
        end as close_at,
        deals.source_updated_at,
        deals.source_timezone,
        deals.is_deleted_at_source,
        deals.missing_since_at,
        deals.file_id,
        deals.row_number,
        deals.ingested_at
    from deals
    left join deal_stages
        on deals.crm_source = deal_stages.crm_source and lower(deals.deal_stage) = deal_stages.deal_stage_key
    left join owners on deals.crm_source = owners.crm_source and deals.owner_id = owners.owner_id
    left join closings on deals.crm_source = closings.crm_source and deals.crm_deal_id = closings.crm_deal_id
)

select * from final
