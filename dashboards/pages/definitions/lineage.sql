-- Every table of the release, and what it holds.
select
    schema_name as subject,
    concat_ws('.', schema_name, table_name) as mart,
    comment as description,
    estimated_size as row_count
from duckdb_tables()
where database_name = current_database()
order by schema_name, table_name
