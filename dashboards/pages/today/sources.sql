-- When each source delivered last, and what of it could not be read.
with files as (
    select
        source,
        max(loaded_at) as loaded_at,
        count(*) as file_count,
        count(*) filter (where status in ('failed', 'pending')) as waiting_count,
        cast(sum(rows_rejected) as bigint) as rejected_count
    from meta.files
    where source is not null
    group by source
),

late as (
    select split_part(attention_id, ':', 2) as source
    from operations.fct_attention_items
    where kind = 'stale_source'
)

select
    files.source,
    files.loaded_at,
    files.file_count,
    files.waiting_count,
    files.rejected_count,
    case when late.source is null then 'on time' else 'late' end as state
from files
left join late on files.source = late.source
order by files.loaded_at, files.source
