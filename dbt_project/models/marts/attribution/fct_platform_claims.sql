-- What ad platforms claim beside what the CRM has (U13). Each platform claims what another claims, too:
-- claims are never added to ours.
with ad_spend as (
    select * from {{ ref('int_ad_spend_monthly') }}
),

conversions as (
    select * from {{ ref('fct_conversions') }}
    where conversion_type = 'lead'
),

claims as (
    select
        month_no,
        platform,
        sum(spend_reporting) as spend_reporting,
        bool_or(is_spend_partial) as is_spend_partial,
        round({{ exact_sum('platform_conversions') }}, 4) as claimed_conversions
    from ad_spend
    group by month_no, platform
),

leads as (
    select
        {{ month_index(reporting_day('converted_at')) }} as month_no,
        cast(count(*) as bigint) as crm_leads
    from conversions
    group by {{ month_index(reporting_day('converted_at')) }}
),

unioned as (
    select
        month_no,
        platform,
        spend_reporting,
        is_spend_partial,
        claimed_conversions
    from claims
    union all
    select
        month_no,
        'All' as platform,
        sum(spend_reporting) as spend_reporting,
        bool_or(is_spend_partial) as is_spend_partial,
        round({{ exact_sum('claimed_conversions') }}, 4) as claimed_conversions
    from claims
    group by month_no
),

final as (
    select
        {{ surrogate_key(['unioned.month_no', 'unioned.platform']) }} as platform_claim_id,
        {{ month_start('unioned.month_no') }} as month_start_date,
        unioned.platform,
        cast(unioned.spend_reporting as decimal(18, 2)) as spend_reporting,
        unioned.is_spend_partial,
        cast(unioned.claimed_conversions as double) as claimed_conversions,
        coalesce(leads.crm_leads, cast(0 as bigint)) as crm_leads,
        {{ ratio('unioned.claimed_conversions', 'leads.crm_leads') }} as over_claim_ratio
    from unioned
    left join leads on unioned.month_no = leads.month_no
)

select * from final
