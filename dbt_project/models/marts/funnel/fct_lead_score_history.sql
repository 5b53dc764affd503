with stays as (
    select * from {{ ref('int_lead_scores_banded') }}
),

versions as (
    select * from {{ ref('lead_score_versions') }}
    where is_active
),

final as (
    select
        {{ surrogate_key(['stays.contact_key', 'stays.stay_no']) }} as lead_score_stay_id,
        stays.contact_key,
        stays.stay_no,
        stays.score_band,
        stays.entry_score,
        stays.is_upward,
        stays.entered_at,
        stays.left_at
    from stays
    inner join versions on stays.version = versions.version
)

select * from final
