-- What no ad platform reports. A cost that lacks its day or amount is none yet: its row stays in
-- staging.
with offline_costs as (
    select * from {{ ref('stg_templates__offline_costs') }}
    where
        cost_id is not null
        and period_start_date >= {{ facts_since() }}
        and {{ plausible_amount('amount') }} is not null
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

slugs as (
    select * from {{ ref('int_campaign_slugs') }}
    where is_registered
),

fx_rates as (
    select * from {{ ref('int_fx_rates_dated') }}
),

final as (
    select
        offline_costs.cost_id,
        offline_costs.channel,
        offline_costs.cost_type,
        offline_costs.utm_campaign,
        campaigns.campaign_key,
        campaigns.campaign_name,
        offline_costs.supplier,
        offline_costs.amount,
        {{ masked('offline_costs.currency') }} as currency,
        {{ in_reporting_currency('offline_costs.amount', 'fx_rates.rate_to_reporting') }} as amount_reporting,
        fx_rates.rate_date as fx_rate_date,
        offline_costs.period_start_date,
        -- A period that ends before it starts is the one day.
        greatest(
            coalesce(offline_costs.period_end_date, offline_costs.period_start_date), offline_costs.period_start_date
        ) as period_end_date,
        offline_costs.file_id,
        offline_costs.row_number
    from offline_costs
    -- Of overlapping registrations the latest is the campaign; what the registry says goes first.
    left join slugs
        on
            offline_costs.utm_campaign = slugs.slug
            and offline_costs.period_start_date >= slugs.valid_from_date
            and offline_costs.period_start_date <= coalesce(slugs.valid_to_date, cast('9999-12-31' as date))
    left join campaigns on slugs.campaign_key = campaigns.campaign_key
    left join fx_rates
        on {{ is_rate_of_day('fx_rates', 'offline_costs.currency', 'offline_costs.period_start_date') }}
    qualify row_number() over (
        partition by offline_costs.cost_id
        order by
            offline_costs.file_id desc,
            offline_costs.row_number desc,
            slugs.is_own desc,
            slugs.valid_from_date desc,
            slugs.campaign_key asc
    ) = 1
)

select * from final
