with contacts as (
    select * from {{ ref('int_contacts_merged') }}
    where is_excluded is false
),

scores as (
    select * from {{ ref('int_lead_scores_dated') }}
    -- The score as of the run's clock.
    where next_changed_at is null
),

stays as (
    select * from {{ ref('int_lead_scores_banded') }}
    where left_at is null
),

versions as (
    select * from {{ ref('lead_score_versions') }}
    where is_active
),

bands as (
    select * from {{ ref('lead_score_bands') }}
),

lifecycle_stages as (
    select * from {{ ref('lifecycle_stages') }}
),

signals as (
    select * from {{ ref('int_lead_signals_unioned') }}
),

unsubscribed as (
    select distinct contact_key
    from signals
    where signal = 'unsubscribed'
),

routed as (
    select * from {{ ref('int_leads_routed') }}
),

final as (
    select
        contacts.contact_key,
        scores.version as rules_version,
        scores.score,
        bands.score_band,
        scores.score < 0 as is_disqualified,
        -- Whoever unsubscribed may be hot for sales, and still gets no e-mail.
        unsubscribed.contact_key is null and scores.score >= 0 as is_email_allowed,
        bands.route,
        stays.entered_at as band_entered_at,
        scores.changed_at as score_changed_at,
        stages.stage as lifecycle_stage,
        -- From the opportunity on the score no longer decides anything. A sales accepted lead is a
        -- marketing qualified one that sales has taken.
        case
            when stages.stage in ('subscriber', 'lead') then bands.lifecycle_stage <> 'lead'
            when stages.stage in ('mql', 'sal') then bands.lifecycle_stage <> 'mql'
            when stages.stage = 'sql' then bands.lifecycle_stage <> 'sql'
        end as is_band_stage_disagreement,
        routed.routed_at,
        routed.first_action_at,
        routed.speed_to_lead_minutes,
        routed.speed_to_lead_business_minutes,
        routed.is_within_sla
    from contacts
    inner join scores on contacts.contact_key = scores.contact_key
    inner join versions on scores.version = versions.version
    inner join stays on scores.contact_key = stays.contact_key and scores.version = stays.version
    inner join bands on stays.score_band = bands.score_band
    left join lifecycle_stages as stages on contacts.lifecycle_stage_key = stages.lifecycle_stage_key
    left join unsubscribed on contacts.contact_key = unsubscribed.contact_key
    left join routed on contacts.contact_key = routed.contact_key and bands.score_band = routed.score_band
)

select * from final
