-- How far each page can be trusted, the least first.
select
    page,
    reporting_confidence,
    clean_value_share,
    fresh_source_share,
    coverage_unknown_share,
    is_below_threshold,
    coalesce(costliest_source, costliest_expectation) as costliest
from quality.fct_report_confidence
where campaign_family = 'All'
order by reporting_confidence nulls first, page
