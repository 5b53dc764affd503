-- Reporting confidence (S1-12): clean value share × fresh source share, per page and family.
with report_pages as (
    select * from {{ ref('report_pages') }}
),

page_subjects as (
    select * from {{ ref('page_subjects') }}
),

source_freshness as (
    select * from {{ ref('int_source_freshness') }}
),

report_values as (
    select * from {{ ref('int_report_values_summed') }}
),

thresholds as (
    select * from {{ ref('rule_thresholds') }}
    where threshold_key = 'reporting_confidence'
),

families as (
    select distinct campaign_family
    from report_values
    union
    select 'All' as campaign_family
),

freshness as (
    select
        page_subjects.page,
        cast(count(*) as bigint) as required_source_count,
        cast(sum(case when source_freshness.is_fresh then 1 else 0 end) as bigint) as fresh_source_count,
        min(
            case
                when source_freshness.is_fresh is false
                    then concat(source_freshness.source, '.', source_freshness.stream)
            end
        ) as costliest_source
    from page_subjects
    inner join source_freshness on page_subjects.subject = source_freshness.subject
    group by page_subjects.page
),

weighed as (
    select
        report_pages.page,
        families.campaign_family,
        -- Without pipeline the leads are counted.
        coalesce(nullif(valued.total_value, 0), counted.total_value) as total_value,
        case
            when coalesce(valued.total_value, 0) <> 0 then valued.failed_value
            else counted.failed_value
        end as failed_value,
        case
            when coalesce(valued.total_value, 0) <> 0 then valued.unknown_value
            else counted.unknown_value
        end as unknown_value,
        case
            when coalesce(valued.total_value, 0) <> 0 then valued.costliest_expectation
            else counted.costliest_expectation
        end as costliest_expectation
    from report_pages
    cross join families
    left join report_values as valued
        on families.campaign_family = valued.campaign_family and report_pages.value_basis = valued.value_basis
    left join report_values as counted
        on
            families.campaign_family = counted.campaign_family
            and counted.value_basis = 'leads'
            and report_pages.value_basis = 'pipeline'
),

shared as (
    select
        weighed.*,
        coalesce(freshness.required_source_count, 0) as required_source_count,
        coalesce(freshness.fresh_source_count, 0) as fresh_source_count,
        freshness.costliest_source,
        1 - {{ ratio('weighed.failed_value', 'weighed.total_value') }} as clean_value_share,
        {{ ratio('freshness.fresh_source_count', 'freshness.required_source_count') }} as fresh_source_share,
        {{ ratio('weighed.unknown_value', 'weighed.total_value') }} as coverage_unknown_share
    from weighed
    left join freshness on weighed.page = freshness.page
),

final as (
    select
        {{ surrogate_key(['shared.page', 'shared.campaign_family']) }} as report_confidence_id,
        shared.page,
        shared.campaign_family,
        shared.clean_value_share,
        shared.fresh_source_share,
        shared.clean_value_share * shared.fresh_source_share as reporting_confidence,
        -- Exactly on the threshold does not fire; unknown does not either, and is never green.
        round(shared.clean_value_share * shared.fresh_source_share, 9)
        < cast(thresholds.threshold_value as double) as is_below_threshold,
        shared.total_value,
        shared.failed_value,
        shared.required_source_count,
        shared.fresh_source_count,
        shared.costliest_source,
        shared.costliest_expectation,
        shared.coverage_unknown_share,
        {{ as_of_at() }} as as_of_at
    from shared
    cross join thresholds
)

select * from final
