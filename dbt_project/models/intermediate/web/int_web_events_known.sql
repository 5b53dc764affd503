-- Up to when web events are known: the last of them by the run's clock. Models that read this and not
-- the clock stand while the clock alone moves on.
with events as (
    select event_at from {{ ref('stg_ga4__events') }}
    union all
    select event_at from {{ ref('stg_ga4__events_csv') }}
    union all
    select event_at from {{ ref('int_vendor_events_unioned') }}
),

final as (
    select max(event_at) as known_until_at from events
    -- Later than the run's clock it is not known yet.
    where event_at <= {{ as_of_at() }}
)

select * from final
