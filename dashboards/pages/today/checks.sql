-- Checks that fail, the critical first.
select
    expectation,
    severity,
    failed_count,
    owner,
    action,
    concat_ws('.', table_schema, table_name, column_name) as place
from quality.fct_quality_results
where not is_success
order by severity, failed_count desc nulls last, suite, table_schema, table_name, expectation, column_name
