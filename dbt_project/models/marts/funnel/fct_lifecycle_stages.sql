with stages as (
    select * from {{ ref('int_lifecycle_stages_entered') }}
),

contacts as (
    select * from {{ ref('int_contacts_merged') }}
    -- Own staff and test mailboxes are no part of the funnel (V14).
    where is_excluded is false
),

final as (
    select
        {{ surrogate_key(['stages.contact_key', 'stages.stage']) }} as lifecycle_stage_id,
        stages.contact_key,
        stages.stage,
        stages.stage_order,
        stages.is_imputed,
        stages.entered_at
    from stages
    inner join contacts on stages.contact_key = contacts.contact_key
)

select * from final
