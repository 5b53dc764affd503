-- Each step over all mature months.
select
    if(from_stage in ('mql', 'sal', 'sql'), upper(from_stage), from_stage) as from_name,
    if(to_stage in ('mql', 'sal', 'sql'), upper(to_stage), to_stage) as to_name,
    sum(converted_count) / nullif(sum(entered_count), 0) as conversion_rate,
    median(median_days) as median_days
from funnel.fct_funnel_conversion
where is_mature
group by from_stage, to_stage
order by min(case from_stage when 'lead' then 1 when 'mql' then 2 when 'sal' then 3 when 'sql' then 4 else 5 end)
