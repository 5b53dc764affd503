-- Money that no figure of a month has, since it has no price or nobody can put it into one month, with
-- what would settle it. Figures that lack it are marked as partial.
with ad_spend_daily as (
    select * from {{ ref('int_ad_spend_daily') }}
    where spend <> 0 and spend_reporting is null
),

ad_spend_periods as (
    select * from {{ ref('int_ad_spend_periods') }}
    where undated_spend > 0 and (month_start_date is null or undated_spend_reporting is null)
),

lines_undated as (
    select * from {{ ref('int_ad_report_lines_unioned') }}
    where coalesce(is_daily, true) and date_day is null and {{ plausible_amount('spend') }} > 0
),

opportunities as (
    select * from {{ ref('int_opportunities_priced') }}
    where amount <> 0 and amount_reporting is null and is_excluded is false
),

revenue_changes as (
    select * from {{ ref('int_revenue_changes_priced') }}
    -- A refund of no won deal is named by a check of its own.
    where amount_delta_reporting is null and conversion_id is not null
),

invoices as (
    select * from {{ ref('int_invoices_matched') }}
    where amount_reporting is null
),

offline_costs as (
    select * from {{ ref('int_offline_costs') }}
    where amount <> 0 and amount_reporting is null and period_start_date <= {{ reporting_day(as_of_at()) }}
),

files as (
    select * from {{ ref('stg_ops__files') }}
),

unpriced as (
    {{ unioned(
        [
            {'from': 'ad_spend_daily', 'as': {
                'record_type': "'ad_spend'", 'source': 'platform', 'first_day': 'date_day', 'last_day': 'date_day',
                'amount': 'spend',
            }},
            {'from': 'ad_spend_periods', 'as': {
                'record_type': "'ad_spend'", 'source': 'platform',
                'first_day': 'coalesce(period_start_date, period_end_date)',
                'last_day': 'coalesce(period_end_date, period_start_date)',
                'amount': 'case when undated_spend_reporting is null then undated_spend end',
            }},
            {'from': 'opportunities', 'lacks': ['ad_account_id'], 'as': {
                'record_type': "'deal'", 'source': 'crm_source', 'first_day': reporting_day('created_at'),
                'last_day': reporting_day('created_at'),
            }},
            {'from': 'revenue_changes', 'lacks': ['ad_account_id'], 'as': {
                'record_type': 'change_type', 'source': "'deals'", 'first_day': 'booked_date',
                'last_day': 'booked_date', 'amount': 'amount_delta',
            }},
            {'from': 'invoices', 'lacks': ['ad_account_id'], 'as': {
                'record_type': "'invoice'", 'source': "'templates'", 'first_day': 'billed_date',
                'last_day': 'billed_date',
            }},
            {'from': 'offline_costs', 'lacks': ['ad_account_id'], 'as': {
                'record_type': "'offline_cost'", 'source': "'templates'", 'first_day': 'period_start_date',
                'last_day': 'period_start_date',
            }},
        ],
        columns={
            'record_type': dbt.type_string(),
            'source': dbt.type_string(),
            'ad_account_id': dbt.type_string(),
            'currency': dbt.type_string(),
            'first_day': 'date',
            'last_day': 'date',
            'amount': 'decimal(18, 2)',
        },
    ) }}
),

undated as (
    select
        platform as source,
        ad_account_id,
        currency,
        case
            when period_start_date <= period_end_date then 'crosses_months'
            else 'unknown_period'
        end as reason,
        file_id,
        period_start_date as first_day,
        period_end_date as last_day,
        undated_spend as amount
    from ad_spend_periods
    where month_start_date is null
    union all
    select
        platform as source,
        coalesce({{ masked('ad_account_id') }}, platform) as ad_account_id,
        {{ masked('currency') }} as currency,
        'unread_day' as reason,
        file_id,
        cast(null as date) as first_day,
        cast(null as date) as last_day,
        spend as amount
    from lines_undated
),

summed as (
    select
        record_type,
        source,
        ad_account_id,
        currency,
        case when {{ matches('currency', "'^[A-Z][A-Z][A-Z]$'") }} then 'no_rate' else 'no_currency' end as reason,
        cast(null as bigint) as file_id,
        min(first_day) as first_day,
        max(last_day) as last_day,
        cast(count(*) as bigint) as record_count,
        cast(sum(amount) as decimal(18, 2)) as amount
    from unpriced
    where amount is not null
    group by record_type, source, ad_account_id, currency
    union all
    select
        'ad_spend' as record_type,
        source,
        ad_account_id,
        currency,
        reason,
        file_id,
        first_day,
        last_day,
        cast(count(*) as bigint) as record_count,
        cast(sum(amount) as decimal(18, 2)) as amount
    from undated
    group by source, ad_account_id, currency, reason, file_id, first_day, last_day
),

final as (
    select
        {{ surrogate_key([
            'summed.record_type', 'summed.source', 'summed.ad_account_id', 'summed.currency', 'summed.reason',
            'summed.file_id', 'summed.first_day', 'summed.last_day',
        ]) }} as amount_left_out_id,
        summed.record_type,
        summed.source,
        summed.ad_account_id,
        summed.currency,
        summed.reason,
        files.path as file_path,
        summed.first_day,
        summed.last_day,
        summed.record_count,
        summed.amount,
        case
            when summed.reason = 'no_rate'
                then concat(
                    'fx_rates.csv: ', summed.currency, ',{{ var("reporting_currency") }},',
                    cast(summed.first_day as {{ dbt.type_string() }}), ',RATE'
                )
            when summed.reason = 'no_currency' and summed.currency is not null
                then 'its currency as a code of three letters'
            when summed.reason = 'no_currency' and summed.record_type = 'ad_spend'
                then concat(
                    'ad_accounts.csv: ', summed.source, ',',
                    case when summed.ad_account_id = summed.source then '*' else summed.ad_account_id end,
                    ',,CURRENCY,TIME_ZONE'
                )
            when summed.reason = 'no_currency' then 'the currency of the record'
            when summed.reason = 'unread_day' then 'a day that can be read, as 2026-03-31'
            else 'the report by day, or month by month'
        end as settled_by
    from summed
    left join files on summed.file_id = files.file_id
)

select * from final
