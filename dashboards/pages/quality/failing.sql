-- Checks that fail, the critical and those with most rows first.
select
    expectation,
    concat_ws('.', table_schema, table_name, column_name) as place,
    severity,
    dimension,
    failed_count,
    evaluated_count,
    failed_pct,
    owner,
    action
from quality.fct_quality_results
where not is_success
order by severity, failed_count desc nulls last, place, expectation
