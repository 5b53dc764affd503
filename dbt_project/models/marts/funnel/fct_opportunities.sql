with opportunities as (
    select * from {{ ref('int_opportunities_priced') }}
    -- Deals of test contacts are no business.
    where is_excluded is false
),

final as (
    select
        opportunity_id,
        crm_source,
        account_key,
        primary_contact_key,
        pipeline,
        stage as opportunity_stage,
        is_closed,
        is_won,
        opportunity_type,
        {{ masked('owner_id') }} as owner_id,
        owner_name,
        amount,
        currency,
        amount_reporting,
        fx_rate_date,
        is_deleted_at_source,
        missing_since_at,
        created_at,
        closed_at
    from opportunities
)

select * from final
