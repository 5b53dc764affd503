-- The share of tagged sessions whose tags are as the standard wants them, and the same weighed by what
-- their campaigns cost (S4-10). A platform's click id is a tag that nobody can misspell; tags on links
-- within the site take the visit from whoever brought it.
with sessions as (
    select * from {{ ref('int_sessions_built') }}
    where exclusion_reason is null
),

events as (
    select * from {{ ref('int_events_sessionised') }}
),

tagged_pages as (
    select * from {{ ref('int_tagged_pages_parsed') }}
),

faulty_links as (
    select distinct link_key
    from {{ ref('fct_utm_faults') }}
),

slugs as (
    select * from {{ ref('int_campaign_slugs') }}
),

ad_spend_daily as (
    select * from {{ ref('fct_ad_spend_daily') }}
    where campaign_key is not null and spend_reporting > 0
),

session_links as (
    select
        events.device_id,
        events.session_key,
        tagged_pages.link_key,
        events.event_no,
        events.is_self_referral
    from events
    inner join tagged_pages on events.page_location = tagged_pages.page_location
    qualify row_number() over (
        partition by events.device_id, events.session_key, tagged_pages.link_key
        order by events.event_no, events.event_key, events.page_location
    ) = 1
),

-- Tags that a page carries on are those of the visit's first page; others that come from within are a link's.
linked as (
    select
        session_links.device_id,
        session_links.session_key,
        max(case when faulty_links.link_key is not null then 1 else 0 end) = 1 as is_faulty,
        max(case when session_links.is_self_referral and session_links.event_no > 1 then 1 else 0 end) = 1
            as is_internal
    from session_links
    left join faulty_links on session_links.link_key = faulty_links.link_key
    group by session_links.device_id, session_links.session_key
),

judged as (
    select
        sessions.session_id,
        sessions.campaign,
        {{ reporting_day('sessions.session_started_at') }} as started_on,
        linked.device_id is null as is_click_id_only,
        coalesce(linked.is_internal, false) as is_internal,
        coalesce(linked.is_faulty, false) is false and coalesce(linked.is_internal, false) is false as is_compliant
    from sessions
    left join linked on sessions.device_id = linked.device_id and sessions.session_key = linked.session_key
    where linked.device_id is not null or sessions.click_id_type is not null
),

matched as (
    select
        judged.session_id,
        slugs.campaign_key
    from judged
    inner join slugs on judged.campaign = slugs.slug
    qualify row_number() over (
        partition by judged.session_id
        order by slugs.is_own desc, {{ campaign_distance('judged.started_on', 'slugs') }}, slugs.campaign_key
    ) = 1
),

campaign_months as (
    select
        matched.campaign_key,
        cast(date_trunc('month', judged.started_on) as date) as month_start_date,
        {{ ratio('sum(case when judged.is_compliant then 1 else 0 end)', 'count(*)') }} as compliance
    from judged
    inner join matched on judged.session_id = matched.session_id
    group by matched.campaign_key, cast(date_trunc('month', judged.started_on) as date)
),

spend_months as (
    select
        campaign_key,
        cast(date_trunc('month', date_day) as date) as month_start_date,
        sum(spend_reporting) as spend_reporting
    from ad_spend_daily
    group by campaign_key, cast(date_trunc('month', date_day) as date)
),

weighed as (
    select
        campaign_months.month_start_date,
        cast(sum(spend_months.spend_reporting) as decimal(18, 2)) as spend_reporting,
        {{ ratio(
            decimal_sum('spend_months.spend_reporting * campaign_months.compliance'),
            'sum(spend_months.spend_reporting)'
        ) }} as cost_weighted_compliance
    from campaign_months
    inner join spend_months
        on
            campaign_months.campaign_key = spend_months.campaign_key
            and campaign_months.month_start_date = spend_months.month_start_date
    group by campaign_months.month_start_date
),

counted as (
    select
        cast(date_trunc('month', started_on) as date) as month_start_date,
        cast(count(*) as bigint) as tagged_session_count,
        cast(sum(case when is_compliant then 1 else 0 end) as bigint) as compliant_session_count,
        cast(sum(case when is_click_id_only then 1 else 0 end) as bigint) as click_id_only_session_count,
        cast(sum(case when is_internal then 1 else 0 end) as bigint) as internal_link_session_count
    from judged
    group by cast(date_trunc('month', started_on) as date)
),

final as (
    select
        counted.month_start_date,
        counted.month_start_date < cast(date_trunc('month', {{ reporting_day(as_of_at()) }}) as date) as is_complete,
        counted.tagged_session_count,
        counted.compliant_session_count,
        counted.click_id_only_session_count,
        counted.internal_link_session_count,
        round({{ ratio('counted.compliant_session_count', 'counted.tagged_session_count') }}, 6) as utm_compliance,
        weighed.spend_reporting,
        round(weighed.cost_weighted_compliance, 6) as cost_weighted_compliance
    from counted
    left join weighed on counted.month_start_date = weighed.month_start_date
)

select * from final
