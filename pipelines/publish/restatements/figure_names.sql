-- Names of meta.metric_registry where it has one, else the plural.
create or replace temp table figure_names as
select
    names.conversion_type,
    names.counted,
    names.summed
from (
    values
    ('lead', 'leads', null),
    ('mql', 'mqls', null),
    ('sal', 'sals', null),
    ('sql', 'sqls', null),
    ('opportunity', 'opportunities', 'pipeline_amount'),
    ('closed_won', 'customers', 'revenue_amount')
) as names (conversion_type, counted, summed);
