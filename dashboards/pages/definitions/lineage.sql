-- Every table of the release: what it holds, the streams that it is made of, and how many files those have.
with files as (
    select
        source,
        stream,
        count(*) as file_count
    from meta.files
    where stream is not null
    group by source, stream
),

lineage as (
    select
        streams.schema_name,
        streams.table_name,
        string_agg(
            concat(files.source, '.', files.stream, ' (', files.file_count, ')'), ', '
            order by files.source, files.stream
        ) as made_of,
        cast(sum(files.file_count) as bigint) as file_count
    from temp.mart_streams as streams
    inner join files on streams.source = files.source and streams.stream = files.stream
    group by streams.schema_name, streams.table_name
)

select
    tables.schema_name as subject,
    concat_ws('.', tables.schema_name, tables.table_name) as mart,
    tables.comment as description,
    tables.estimated_size as row_count,
    lineage.made_of,
    lineage.file_count
from duckdb_tables() as tables
left join lineage on tables.schema_name = lineage.schema_name and tables.table_name = lineage.table_name
where tables.database_name = current_database()
order by tables.schema_name, tables.table_name
