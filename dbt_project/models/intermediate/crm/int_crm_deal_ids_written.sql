-- How finance may write a deal's id. One of 18 characters is one of 15, as the screen shows it, with a check of
-- its case behind.
with deals as (
    select * from {{ ref('int_crm_deals_unioned') }}
),

final as (
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
)

select * from final
