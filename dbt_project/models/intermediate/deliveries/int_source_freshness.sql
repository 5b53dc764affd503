-- Whether each source that a page needs was delivered within its window before the run's clock.
with source_freshness as (
    select * from {{ ref('source_freshness') }}
),

files as (
    select * from {{ ref('stg_ops__files') }}
    -- The same bytes again are a delivery too: nothing had changed.
    where status in ('loaded', 'empty', 'duplicate')
),

newest as (
    select
        source,
        stream,
        max(loaded_at) as delivered_at
    from files
    group by source, stream
),

final as (
    select
        source_freshness.source,
        source_freshness.stream,
        source_freshness.window_hours,
        newest.delivered_at,
        coalesce(
            {{ epoch_us(as_of_at()) }} - {{ epoch_us('newest.delivered_at') }}
            <= source_freshness.window_hours * cast(3600000000 as bigint),
            false
        ) as is_fresh
    from source_freshness
    left join newest
        on source_freshness.source = newest.source and source_freshness.stream = newest.stream
)

select * from final
