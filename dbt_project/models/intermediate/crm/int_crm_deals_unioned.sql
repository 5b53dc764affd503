-- Every CRM's deals in one shape, decided or open as the CRM's own record says, or else its stage. A deal of
-- which neither does is neither.
with deals as (
    select * from {{ ref('int_crm_deals_shaped') }}
    -- A deal that came by two doors: the newer row counts.
    qualify
        row_number() over (
            partition by crm_source, crm_deal_id order by ingested_at desc, file_id desc, row_number desc
        ) = 1
),

deal_stages as (
    select * from {{ ref('int_deal_stages_defined') }}
),

owners as (
    select * from {{ ref('int_crm_owners_unioned') }}
),

stage_entries as (
    select * from {{ ref('int_opportunity_stages_entered') }}
),

-- A close date is a day: where the history knows the moment, that counts. What was closed, opened
-- again and closed again closed the last time.
closings as (
    select
        crm_source,
        crm_deal_id,
        max(last_closed_at) as closed_at
    from stage_entries
    group by crm_source, crm_deal_id
),

described as (
    select
        deals.*,
        coalesce(deal_stages.stage, deals.deal_stage) as stage,
        coalesce(deals.is_closed, deal_stages.is_closed) as is_known_closed,
        coalesce(deals.is_won, deal_stages.is_won) as is_known_won,
        coalesce(owners.owner_name, deals.owner_name) as known_owner_name,
        case
            when deals.has_close_time or closings.closed_at is null then deals.close_at
            else closings.closed_at
        end as known_close_at
    from deals
    left join deal_stages
        on deals.crm_source = deal_stages.crm_source and deals.outcome_key = deal_stages.deal_stage_key
    left join owners on deals.crm_source = owners.crm_source and deals.owner_id = owners.owner_id
    left join closings on deals.crm_source = closings.crm_source and deals.crm_deal_id = closings.crm_deal_id
),

timed as (
    select
        *,
        {{ latest_moment('created_at', by_source('source_time_zones', 'crm_source')) }} as created_until_at,
        {{ latest_moment('known_close_at', by_source('source_time_zones', 'crm_source')) }} as known_close_until_at
    from described
),

final as (
    select
        {{ surrogate_key(['crm_source', 'crm_deal_id']) }} as opportunity_id,
        crm_source,
        crm_deal_id,
        crm_account_id,
        {{ masked('pipeline') }} as pipeline,
        {{ masked('stage') }} as stage,
        {{ masked('outcome_key') }} as outcome_key,
        is_known_closed as is_closed,
        is_known_won as is_won,
        {{ masked('deal_type') }} as deal_type,
        owner_id,
        {{ masked('known_owner_name') }} as owner_name,
        amount,
        {{ masked('currency') }} as currency,
        created_at,
        created_until_at,
        -- Within the day or the minute that is all that is known of it, no deal closes before it began.
        case
            when known_close_until_at >= created_at then greatest(known_close_at, created_at)
            else known_close_at
        end as close_at,
        greatest(known_close_until_at, created_at) as close_until_at,
        source_updated_at,
        source_timezone,
        is_deleted_at_source,
        missing_since_at,
        file_id,
        row_number,
        ingested_at
    from timed
)

select * from final
