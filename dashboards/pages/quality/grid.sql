-- Checks by dimension and by the source or subject that they judge, sources first.
select
    dimension,
    replace(table_schema, 'raw_', '') as source,
    count(*) as checks,
    count(*) filter (where is_success) as held,
    count(*) filter (where is_success) / count(*) as held_rate,
    cast(sum(failed_count) as bigint) as failed_rows
from quality.fct_quality_results
group by dimension, table_schema
order by table_schema like 'raw_%' desc, source, dimension
