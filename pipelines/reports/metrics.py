"""The metrics of the registry: what each means, what it comes to in a period, how sure that is."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

from pipelines.reports.records import Report, records, released
from pipelines.settings import UsageError
from pipelines.strict import one_of

# What the observations of a period come to, as the registry says for each metric; by the same rules
# as fct_key_results_weekly of strategy.
METRICS_SQL = """
    with observed as (
        select metric, sum(numerator) as numerator_sum, sum(denominator) as denominator_sum,
            median(numerator) as numerator_median, count(*) as observations,
            min(observed_on) as first_observed_on, max(observed_on) as last_observed_on
        from strategy.fct_metric_observations
        where observed_on between coalesce($first, observed_on) and coalesce($last, observed_on)
        group by metric
    ),
    valued as (
        select registry.*, observed.observations, observed.first_observed_on,
            observed.last_observed_on,
            case aggregation when 'ratio' then denominator_sum when 'median' then observations
                end as sample_size,
            case aggregation when 'sum' then numerator_sum
                when 'ratio' then numerator_sum / nullif(denominator_sum, 0)
                when 'median' then numerator_median end as measured
        from meta.metric_registry as registry left join observed using (metric)
        where $metric is null or metric = $metric
    )
    select metric, label,
        case when smallest_sample is null or sample_size >= smallest_sample
            then round(measured, 9) end as value,
        unit, direction, leading_lagging, layer, grain,
        numerator || coalesce(' / ' || denominator, '') as formula, null_rule, aggregation, owner,
        controllable_by, definition_id, version, sample_size, observations, first_observed_on,
        last_observed_on
    from valued order by metric
"""
# The page of a subject says how far its figures can be trusted.
CONFIDENCE_SQL = """
    select page, reporting_confidence, is_below_threshold, costliest_source, costliest_expectation
    from quality.fct_report_confidence where campaign_family = 'All' order by page
"""
NAMES_SQL = "select metric from meta.metric_registry"


def report_metrics(
    home: Path, metric: str | None = None, first: date | None = None, last: date | None = None
) -> Report:
    """Each metric with its definition, its value over the days of a period, and its confidence.

    A value is NULL where the registry has none over time, nothing was observed, or too little.

    Args:
        home: where the warehouse lives.
        metric: its name in the registry; None for all.
        first: day of the reporting zone; None for the first that is known.
        last: the same; None for the last.

    Raises:
        UsageError: readers see no release yet, or there is no such metric.
    """
    with released(home) as (con, release):
        found = records(con, METRICS_SQL, metric=metric, first=first, last=last)
        if not found:
            names = [row["metric"] for row in records(con, NAMES_SQL)]
            raise UsageError(f"there is no metric {metric}, expected {one_of(str(metric), names)}")
        pages = {row["page"]: row for row in records(con, CONFIDENCE_SQL)}
        return {
            "release": asdict(release),
            "period": {"first_day": first, "last_day": last},
            "metrics": [{**row, "confidence": pages.get(row["layer"])} for row in found],
            "confidence": list(pages.values()),
        }
