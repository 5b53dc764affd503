-- How far the figures of each page can be trusted (S1-12).
select
    page,
    reporting_confidence,
    is_below_threshold,
    coalesce(costliest_source, costliest_expectation) as costliest
from quality.fct_report_confidence
where campaign_family = 'All'
order by page
