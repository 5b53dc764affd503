-- What the active rules see of a lead at a moment: how many signals of each rule count then.
with moments as (
    select * from {{ ref('int_lead_score_moments') }}
),

hits as (
    select * from {{ ref('int_lead_signals_matched') }}
),

versions as (
    select * from {{ ref('lead_score_versions') }}
    where is_active
),

final as (
    select
        moments.contact_key,
        moments.is_current,
        hits.rule_id,
        cast(count(*) as bigint) as signal_count
    from moments
    inner join hits
        on
            moments.contact_key = hits.contact_key
            and moments.scored_at >= hits.signalled_at
            and (hits.decayed_at is null or moments.scored_at < hits.decayed_at)
    inner join versions on hits.version = versions.version
    group by moments.contact_key, moments.is_current, hits.rule_id
)

select * from final
