-- A report without days is a fact of its period: never spread over days. What of it no day tells (days of
-- the same account, or a longer report of the same month) is money of the month that the period lies
-- in, or, where it crosses months or nobody knows its bounds, of none.
with periods as (
    select
        *,
        -- Of what an account's reports say of one period.
        {{ surrogate_key(['platform', 'ad_account_id', 'currency', 'period_start_date', 'period_end_date']) }}
            as span_key,
        coalesce(period_start_date, cast('1970-01-01' as date)) as starts_on,
        coalesce(period_end_date, cast('9999-12-31' as date)) as ends_on,
        coalesce(currency, '') as currency_key,
        case
            when
                {{ month_index('period_start_date') }} = {{ month_index('period_end_date') }}
                and period_start_date <= period_end_date
                and period_start_date >= {{ facts_since() }}
                and period_start_date <= {{ source_day(as_of_at(), 'source_timezone') }}
                then {{ month_start(month_index('period_start_date')) }}
        end as month_start_date
    from {{ ref('int_ad_spend_priced') }}
    where is_daily is false
),

daily as (
    select
        *,
        coalesce(currency, '') as currency_key
    from {{ ref('int_ad_spend_priced') }}
    where is_daily
),

-- What each account's reports say of a period, whichever campaigns they name.
spans as (
    select
        span_key,
        platform,
        ad_account_id,
        currency_key,
        starts_on,
        ends_on,
        month_start_date,
        {{ days_between('starts_on', 'ends_on') }} + 1 as day_count,
        coalesce(sum(spend), 0) as spend
    from periods
    group by span_key, platform, ad_account_id, currency_key, starts_on, ends_on, month_start_date
),

spans_dated as (
    select
        spans.span_key,
        sum(daily.spend) as daily_spend
    from spans
    inner join daily
        on
            spans.platform = daily.platform
            and spans.ad_account_id = daily.ad_account_id
            and spans.currency_key = daily.currency_key
            and spans.starts_on <= daily.date_day
            and spans.ends_on >= daily.date_day
    group by spans.span_key
),

-- Of two reports that overlap within a month the longer one tells it, of two as long the later.
spans_repeated as (
    select distinct spans.span_key
    from spans
    inner join spans as others
        on
            spans.platform = others.platform
            and spans.ad_account_id = others.ad_account_id
            and spans.currency_key = others.currency_key
            and spans.month_start_date = others.month_start_date
            and spans.starts_on <= others.ends_on
            and spans.ends_on >= others.starts_on
            and (
                spans.day_count < others.day_count
                or (spans.day_count = others.day_count and spans.starts_on < others.starts_on)
            )
),

spans_left as (
    select
        spans.*,
        case
            when spans_repeated.span_key is not null then 0
            else greatest(spans.spend - coalesce(spans_dated.daily_spend, 0), 0)
        end as undated_spend,
        spans_repeated.span_key is not null as is_repeated
    from spans
    left join spans_dated on spans.span_key = spans_dated.span_key
    left join spans_repeated on spans.span_key = spans_repeated.span_key
),

-- Of a period of no month, what reports within months tell of it.
spans_within as (
    select
        spans.span_key,
        sum({{ days_between(
            'greatest(spans.starts_on, months.starts_on)', 'least(spans.ends_on, months.ends_on)'
        ) }} + 1) as covered_days,
        sum(
            case
                when months.starts_on >= spans.starts_on and months.ends_on <= spans.ends_on then months.undated_spend
                else 0
            end
        ) as month_spend
    from spans
    inner join spans_left as months
        on
            spans.platform = months.platform
            and spans.ad_account_id = months.ad_account_id
            and spans.currency_key = months.currency_key
            and spans.starts_on <= months.ends_on
            and spans.ends_on >= months.starts_on
            and months.month_start_date is not null
            and months.is_repeated is false
    where spans.month_start_date is null
    group by spans.span_key
),

spans_settled as (
    select
        spans_left.span_key,
        case
            -- Months told whole leave nothing of a report that crosses them.
            when spans_within.covered_days >= spans_left.day_count then 0
            -- The vendor rounds each line of each report on its own: a few cents are no difference.
            when spans_left.undated_spend - coalesce(spans_within.month_spend, 0) <= 0.05 then 0
            else spans_left.undated_spend - coalesce(spans_within.month_spend, 0)
        end as undated_spend
    from spans_left
    left join spans_within on spans_left.span_key = spans_within.span_key
),

compared as (
    select
        periods.file_id,
        periods.platform,
        periods.ad_account_id,
        periods.ad_campaign_name,
        periods.currency_key,
        periods.starts_on,
        periods.ends_on,
        cast(sum(daily.spend) as decimal(18, 2)) as daily_spend
    from periods
    inner join daily
        on
            periods.platform = daily.platform
            and periods.ad_account_id = daily.ad_account_id
            and periods.ad_campaign_name = daily.ad_campaign_name
            and periods.currency_key = daily.currency_key
            and periods.starts_on <= daily.date_day
            and periods.ends_on >= daily.date_day
    group by
        periods.file_id,
        periods.platform,
        periods.ad_account_id,
        periods.ad_campaign_name,
        periods.currency_key,
        periods.starts_on,
        periods.ends_on
),

differing as (
    select
        periods.*,
        compared.daily_spend,
        spans_settled.undated_spend as account_undated_spend,
        greatest(coalesce(periods.spend, 0) - coalesce(compared.daily_spend, 0), 0) as own_undated_spend
    from periods
    inner join spans_settled on periods.span_key = spans_settled.span_key
    left join compared
        on
            periods.file_id = compared.file_id
            and periods.platform = compared.platform
            and periods.ad_account_id = compared.ad_account_id
            and periods.ad_campaign_name = compared.ad_campaign_name
            and periods.currency_key = compared.currency_key
            and periods.starts_on = compared.starts_on
            and periods.ends_on = compared.ends_on
),

-- What the account has left goes to the campaigns that lack most: days may name other campaigns.
shared as (
    select
        *,
        cast(greatest(
            least(
                own_undated_spend,
                account_undated_spend - coalesce(sum(own_undated_spend) over (
                    partition by span_key
                    order by own_undated_spend desc, ad_campaign_name asc, file_id asc
                    rows between unbounded preceding and 1 preceding
                ), 0)
            ),
            0
        ) as decimal(18, 2)) as undated_spend
    from differing
),

final as (
    select
        {{ surrogate_key([
            'platform', 'file_id', 'ad_account_id', 'ad_campaign_name', 'currency', 'period_start_date',
            'period_end_date',
        ]) }} as ad_spend_period_id,
        file_id,
        platform,
        ad_account_id,
        ad_campaign_name,
        campaign_key,
        campaign_name,
        channel,
        report_name,
        report_level,
        breakdown,
        spend,
        currency,
        spend_reporting,
        fx_rate_date,
        impressions,
        clicks,
        platform_conversions,
        platform_conversion_value,
        daily_spend,
        abs(spend - daily_spend) <= 0.05 as is_reconciled,
        month_start_date,
        undated_spend,
        case
            when undated_spend = spend then spend_reporting
            else {{ in_reporting_currency('undated_spend', 'fx_rate') }}
        end as undated_spend_reporting,
        source_timezone,
        period_start_date,
        period_end_date
    from shared
)

select * from final
