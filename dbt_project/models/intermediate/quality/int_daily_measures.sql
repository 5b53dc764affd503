-- What each source told of a day: how much, and how whole. A day is cut as the source cuts its deliveries. Mails and
-- trackers have no daily volume to expect: people send, and tidy up, in bursts.

with web_events as (
    select
        *,
        {{ epoch_us('event_at') }} - {{ epoch_us('event_at') }} % cast(900000000 as bigint) as quarter_us
    from {{ ref('int_events_sessionised') }}
    where event_at <= {{ as_of_at() }}
),

form_events as (
    select * from {{ ref('form_events') }}
),

contacts as (
    select
        *,
        {{ reporting_day('created_at') }} as date_day
    from {{ ref('int_crm_contacts_unioned') }}
    where created_at <= {{ as_of_at() }}
),

deals as (
    select
        *,
        {{ reporting_day('created_at') }} as date_day
    from {{ ref('int_crm_deals_unioned') }}
    where created_at <= {{ as_of_at() }}
),

ad_reports as (
    select * from {{ ref('int_ad_reports_unioned') }}
    where is_counted and is_daily
),

calendar as (
    select
        calendar_date,
        is_business_day,
        {{ days_between("cast(date_trunc('week', calendar_date) as date)", 'calendar_date') }} as week_day
    from {{ ref('int_business_days_opened') }}
    where is_default
),

-- A day of any zone begins with a quarter of an hour: events are counted by it first, as a zone that differs by row
-- takes longer to ask than all the rest.
web_quarters as (
    select
        web_events.analytics_source,
        web_events.source_timezone,
        web_events.quarter_us,
        count(*) as row_count,
        count(web_events.device_id) as device_count,
        count(case when web_events.is_page_view then 1 end) as page_view_count,
        count(case when web_events.is_page_view then web_events.page_location end) as page_count,
        count(case when web_events.event_no = 1 then web_events.session_key end) as session_count,
        count(form_events.event_name) as form_count
    from web_events
    left join form_events on lower(web_events.event_name) = form_events.event_name
    group by web_events.analytics_source, web_events.source_timezone, web_events.quarter_us
),

web_quarters_dated as (
    select
        *,
        {{ source_day(timestamp_from_us('quarter_us'), 'source_timezone') }} as date_day
    from web_quarters
),

web_days as (
    select
        analytics_source as source,
        {%- for counted in ['row', 'device', 'page_view', 'page', 'session', 'form'] %}
        cast(sum({{ counted }}_count) as bigint) as {{ counted }}_count,
        {%- endfor %}
        date_day
    from web_quarters_dated
    group by analytics_source, date_day
),

contact_days as (
    select
        crm_source as source,
        date_day,
        count(*) as row_count,
        count(email) as email_count,
        count(original_source) as original_source_count
    from contacts
    group by crm_source, date_day
),

deal_days as (
    select
        crm_source as source,
        date_day,
        count(*) as row_count
    from deals
    group by crm_source, date_day
),

ad_days as (
    select
        platform as source,
        date_day,
        count(*) as row_count,
        count(spend) as spend_count,
        count(clicks) as clicks_count,
        sum(case when platform_conversions is not null then clicks end) as click_count,
        sum(platform_conversions) as conversion_count
    from ad_reports
    group by platform, date_day
),

spend_days as (
    select
        platform as source,
        currency,
        date_day,
        sum(spend) as spend
    from ad_reports
    where spend is not null
    group by platform, currency, date_day
),

unioned as (
    {%- set told = [
        ('web_days', 'web_events', 'row_volume', none, 'row_count', none),
        ('web_days', 'web_events', 'null_share', 'device_id', 'row_count - device_count', 'row_count'),
        ('web_days', 'web_events', 'null_share', 'page_location', 'page_view_count - page_count', 'page_view_count'),
        ('web_days', 'web_events', 'conversion_rate', none, 'form_count', 'session_count'),
        ('contact_days', 'contacts', 'row_volume', none, 'row_count', none),
        ('contact_days', 'contacts', 'null_share', 'email', 'row_count - email_count', 'row_count'),
        ('contact_days', 'contacts', 'null_share', 'original_source', 'row_count - original_source_count', 'row_count'),
        ('deal_days', 'deals', 'row_volume', none, 'row_count', none),
        ('ad_days', 'spend', 'null_share', 'spend', 'row_count - spend_count', 'row_count'),
        ('ad_days', 'spend', 'null_share', 'clicks', 'row_count - clicks_count', 'row_count'),
        ('ad_days', 'spend', 'conversion_rate', none, 'conversion_count', 'click_count'),
    ] %}
    {%- set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
    {%- for days, subject, metric, detail, numerator, denominator in told %}
    {%- set value = ratio(numerator, denominator) if denominator else 'cast(' ~ numerator ~ ' as double)' %}
    select
        source,
        '{{ subject }}' as subject,
        '{{ metric }}' as metric,
        {{ "'" ~ detail ~ "'" if detail else no_text }} as detail,
        date_day,
        {{ value }} as measured_value,
        cast({{ denominator or 'null' }} as double) as sample_size
    from {{ days }}
    where {{ (denominator or numerator) ~ ' > 0' }}
    union all
    {%- endfor %}
    select
        source,
        'spend' as subject,
        'spend' as metric,
        currency as detail,
        date_day,
        cast(spend as double) as measured_value,
        cast(null as double) as sample_size
    from spend_days
),

series as (
    select
        source,
        subject,
        metric,
        detail,
        metric in ('row_volume', 'spend') as adds_up,
        min(date_day) as first_date,
        max(date_day) as last_date
    from unioned
    group by source, subject, metric, detail
),

-- A day of which nothing was told had none of what adds up; of a share it says nothing.
filled as (
    select
        series.source,
        series.subject,
        series.metric,
        series.detail,
        calendar.calendar_date as date_day,
        calendar.week_day,
        calendar.week_day < 5 and calendar.is_business_day is false as is_holiday,
        coalesce(unioned.measured_value, 0) as measured_value,
        unioned.sample_size,
        {{ days_between('series.first_date', 'calendar.calendar_date') }} as days_since_first,
        {{ days_between('calendar.calendar_date', 'series.last_date') }} as days_until_last
    from series
    inner join calendar on calendar.calendar_date between series.first_date and series.last_date
    left join unioned
        on
            series.source = unioned.source
            and series.subject = unioned.subject
            and series.metric = unioned.metric
            and coalesce(series.detail, '') = coalesce(unioned.detail, '')
            and calendar.calendar_date = unioned.date_day
    where series.adds_up or unioned.date_day is not null
),

counted as (
    select
        *,
        cast(count(case when measured_value > 0 then 1 end) over (
            partition by source, subject, metric, detail
            order by date_day
            rows between unbounded preceding and current row
        ) as bigint) as told_days
    from filled
),

final as (
    select
        {{ surrogate_key(['source', 'subject', 'metric', 'detail']) }} as series_id,
        source,
        subject,
        metric,
        detail,
        date_day,
        week_day,
        is_holiday,
        measured_value,
        sample_size,
        days_since_first,
        days_until_last,
        case
            when measured_value > 0 then cast(0 as bigint)
            else cast(count(case when measured_value = 0 then 1 end) over (
                partition by source, subject, metric, detail, told_days
            ) as bigint)
        end as days_without
    from counted
)

select * from final
