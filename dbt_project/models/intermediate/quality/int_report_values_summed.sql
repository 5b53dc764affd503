-- Value and failed value by basis and campaign family, and for the whole company as 'All'.
with records as (
    select * from {{ ref('int_report_records_valued') }}
),

doubled as (
    select
        value_basis,
        campaign_family,
        record_value,
        is_coverage_unknown,
        failed_expectation
    from records
    union all
    select
        value_basis,
        'All' as campaign_family,
        record_value,
        is_coverage_unknown,
        failed_expectation
    from records
),

summed as (
    select
        value_basis,
        campaign_family,
        cast(sum(record_value) as decimal(18, 2)) as total_value,
        cast(
            sum(case when failed_expectation is not null then record_value else 0 end) as decimal(18, 2)
        ) as failed_value,
        cast(sum(case when is_coverage_unknown then record_value else 0 end) as decimal(18, 2)) as unknown_value
    from doubled
    group by value_basis, campaign_family
),

costs as (
    select
        value_basis,
        campaign_family,
        failed_expectation,
        sum(record_value) as failed_value
    from doubled
    where failed_expectation is not null
    group by value_basis, campaign_family, failed_expectation
),

costliest as (
    select
        value_basis,
        campaign_family,
        failed_expectation
    from costs
    qualify row_number() over (
        partition by value_basis, campaign_family order by failed_value desc, failed_expectation asc
    ) = 1
),

final as (
    select
        summed.value_basis,
        summed.campaign_family,
        summed.total_value,
        summed.failed_value,
        summed.unknown_value,
        costliest.failed_expectation as costliest_expectation
    from summed
    left join costliest
        on summed.value_basis = costliest.value_basis and summed.campaign_family = costliest.campaign_family
)

select * from final
