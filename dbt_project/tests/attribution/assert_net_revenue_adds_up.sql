-- From the whole: in each report and model net revenue is what deals were won for and all their changes; and
-- what a deal was won for, with what the CRM corrected since, is what the CRM shows.
{{ config(meta={'dagster': {'ref': {'name': 'fct_net_revenue'}}}) }}
with conversions as (
    select * from {{ ref('fct_conversions') }}
    where conversion_type = 'closed_won'
),

postings as (
    select * from {{ ref('int_revenue_postings') }}
),

adjustments as (
    select * from {{ ref('fct_conversion_adjustments') }}
),

attribution_models as (
    select * from {{ ref('attribution_models') }}
),

net_revenue as (
    select * from {{ ref('fct_net_revenue') }}
),

corrections as (
    select
        conversion_id,
        sum(amount_delta) as amount_delta
    from adjustments
    where reporting_basis = 'booking_period' and change_type = 'amount_change'
    group by conversion_id
),

originals as (
    select
        conversions.conversion_id,
        conversions.amount,
        postings.posting_id,
        postings.amount + coalesce(corrections.amount_delta, 0) as corrected_amount,
        postings.amount_reporting
    from conversions
    left join postings
        on conversions.conversion_id = postings.conversion_id and postings.posting_type = 'original'
    left join corrections on conversions.conversion_id = corrections.conversion_id
),

bases as (
    select 'conversion_period' as reporting_basis
    union all
    select 'booking_period' as reporting_basis
),

won as (
    select coalesce(sum(amount_reporting), 0) as amount
    from originals
),

changed as (
    select
        reporting_basis,
        sum(amount_delta_reporting) as amount
    from adjustments
    group by reporting_basis
),

found as (
    select
        reporting_basis,
        attribution_model,
        sum(net_amount) as net_amount
    from net_revenue
    group by reporting_basis, attribution_model
),

final as (
    select
        conversion_id as what,
        amount as expected_amount,
        corrected_amount as found_amount
    from originals
    where posting_id is null or corrected_amount is distinct from amount
    union all
    select
        bases.reporting_basis as what,
        won.amount + coalesce(changed.amount, 0) as expected_amount,
        found.net_amount as found_amount
    from bases
    cross join attribution_models
    cross join won
    left join changed on bases.reporting_basis = changed.reporting_basis
    left join found
        on
            bases.reporting_basis = found.reporting_basis
            and attribution_models.attribution_model = found.attribution_model
    where coalesce(found.net_amount, 0) <> won.amount + coalesce(changed.amount, 0)
)

select * from final
