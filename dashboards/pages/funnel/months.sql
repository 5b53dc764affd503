-- Steps of the funnel by month of entry, a row a cohort.
select
    month_start_date,
    concat(
        if(from_stage in ('mql', 'sal', 'sql'), upper(from_stage), from_stage),
        ' → ',
        if(to_stage in ('mql', 'sal', 'sql'), upper(to_stage), to_stage)
    ) as step,
    entered_count,
    converted_count,
    conversion_rate,
    median_days,
    is_small_sample,
    case when is_mature then 'mature' else 'still growing' end as maturity
from funnel.fct_funnel_conversion
order by
    case from_stage when 'lead' then 1 when 'mql' then 2 when 'sal' then 3 when 'sql' then 4 else 5 end,
    month_start_date
