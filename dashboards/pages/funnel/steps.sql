-- Each step over all mature months.
select
    from_stage,
    to_stage,
    sum(converted_count) / nullif(sum(entered_count), 0) as conversion_rate,
    median(median_days) as median_days
from funnel.fct_funnel_conversion
where is_mature
group by from_stage, to_stage
order by min(case from_stage when 'lead' then 1 when 'mql' then 2 when 'sal' then 3 when 'sql' then 4 else 5 end)
