-- The files behind every stream.
select
    concat_ws('.', source, stream) as stream,
    count(*) as file_count,
    cast(sum(rows_loaded) as bigint) as rows_loaded,
    cast(sum(rows_rejected) as bigint) as rows_rejected,
    min(period_start_date) as first_day,
    max(period_end_date) as last_day,
    max(loaded_at) as loaded_at,
    arg_max(path, loaded_at) as newest_path
from meta.files
where source is not null and stream is not null
group by all
order by stream
