with lead_chances as (
    select * from {{ source('solved', 'lead_chances') }}
    -- What was learned as of another moment is not of this build.
    where as_of_at = {{ as_of_at() }}
),

final as (
    select
        contact_key,
        conversion_probability
    from lead_chances
)

select * from final
