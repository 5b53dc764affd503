-- How finance may write a deal's id, and which deal it names: in the CRM that it says, or in any where it says none.
-- One of 18 characters is one of 15, as the screen shows it, with a check of its case behind.
with deals as (
    select * from {{ ref('int_crm_deals_unioned') }}
),

written as (
    select
        crm_source,
        crm_deal_id as written_id,
        opportunity_id
    from deals
    union distinct
    select
        crm_source,
        substr(crm_deal_id, 1, 15) as written_id,
        opportunity_id
    from deals
    where length(crm_deal_id) = 18
),

placed as (
    select
        crm_source as named_crm,
        written_id,
        opportunity_id
    from written
    union all
    select
        'any' as named_crm,
        written_id,
        opportunity_id
    from written
),

final as (
    select
        named_crm,
        written_id,
        -- What two deals have names neither.
        case when count(*) = 1 then min(opportunity_id) end as opportunity_id
    from placed
    group by named_crm, written_id
)

select * from final
