with threshold_evaluations as (
    select * from {{ source('ops', 'threshold_evaluations') }}
    -- Only what runs before this one found: a run over an old clock finds what it found then.
    where as_of_at < {{ as_of_at() }}
),

final as (
    select
        rule,
        entity_type,
        entity,
        campaign_key,
        entity_name,
        is_breached,
        measured_value,
        threshold_value,
        reason,
        condition_since_at,
        as_of_at
    from threshold_evaluations
)

select * from final
