-- How far each page can be trusted, of all and of each family: the least first, last what nobody can say.
select
    page,
    campaign_family,
    reporting_confidence,
    clean_value_share,
    fresh_source_share,
    coalesce(costliest_source, costliest_expectation) as costliest,
    failed_value,
    coverage_unknown_share,
    is_below_threshold
from quality.fct_report_confidence
order by reporting_confidence nulls last, campaign_family = 'All' desc, page, campaign_family
