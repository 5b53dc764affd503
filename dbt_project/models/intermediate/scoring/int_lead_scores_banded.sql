-- Each stay in a band (S4-32): from the score that led into it to the one that led out.
with scores as (
    select * from {{ ref('int_lead_scores_dated') }}
),

bands as (
    select * from {{ ref('lead_score_bands') }}
),

banded as (
    select
        scores.contact_key,
        scores.version,
        scores.score,
        scores.changed_at,
        bands.score_band,
        bands.band_order,
        lag(bands.band_order) over (
            partition by scores.contact_key, scores.version order by scores.changed_at
        ) as band_order_before
    from scores
    inner join bands
        on
            scores.score >= coalesce(bands.min_score, scores.score)
            and scores.score <= coalesce(bands.max_score, scores.score)
),

crossings as (
    select *
    from banded
    where band_order_before is null or band_order <> band_order_before
),

final as (
    select
        contact_key,
        version,
        cast(row_number() over (partition by contact_key, version order by changed_at) as bigint) as stay_no,
        score_band,
        band_order,
        score as entry_score,
        band_order > coalesce(band_order_before, 0) as is_upward,
        changed_at as entered_at,
        lead(changed_at) over (partition by contact_key, version order by changed_at) as left_at
    from crossings
)

select * from final
