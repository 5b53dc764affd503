-- Whether each source that ever told of a subject did so within its window before the run's clock. One
-- that never delivered is not used, and not late; of several streams by which a source tells of one
-- subject (its tables and its API, campaigns and keywords) one that is fresh is enough.
with streams as (
    select * from {{ ref('stg_ops__streams') }}
    where subject is not null
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

judged as (
    select
        streams.source,
        streams.subject,
        streams.stream,
        streams.latency_hours as window_hours,
        newest.delivered_at,
        {{ epoch_us(as_of_at()) }} - {{ epoch_us('newest.delivered_at') }}
        <= streams.latency_hours * cast(3600000000 as bigint) as is_fresh
    from streams
    inner join newest on streams.source = newest.source and streams.stream = newest.stream
),

final as (
    select
        source,
        subject,
        stream,
        window_hours,
        delivered_at,
        is_fresh
    from judged
    qualify row_number() over (
        partition by source, subject
        order by case when is_fresh then 0 else 1 end asc, delivered_at desc, stream asc
    ) = 1
)

select * from final
