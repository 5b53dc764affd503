-- Where each event says it came from: source, medium and campaign of one event together, a click id
-- before anything else, since Google's own parameters can call a paid click organic.
with events as (
    select * from {{ ref('stg_ga4__events') }}
    -- Without a device or a session number an event belongs to no session; later than the run's
    -- clock it is not known yet.
    where user_pseudo_id is not null and ga_session_id is not null and event_at <= {{ as_of_at() }}
),

referrer_sources as (
    select * from {{ ref('referrer_sources') }}
),

urls as (
    select
        user_pseudo_id,
        ga_session_id,
        event_name,
        event_at,
        event_bundle_sequence_id,
        batch_page_id,
        batch_ordering_id,
        batch_event_index,
        page_location,
        coalesce(
            collected_google_click_id, param_google_click_id, {{ url_parameter('page_location', 'gclid') }}
        ) as google_click_id,
        manual_source,
        manual_medium,
        manual_campaign,
        {{ url_parameter('page_location', 'utm_source') }} as utm_source,
        {{ url_parameter('page_location', 'utm_medium') }} as utm_medium,
        {{ url_parameter('page_location', 'utm_campaign') }} as utm_campaign,
        param_source,
        param_medium,
        param_campaign,
        lower(nullif(regexp_extract(page_location, '^https?://([^/:?#]+)', 1), '')) as page_host,
        lower(nullif(regexp_extract(page_referrer, '^https?://([^/:?#]+)', 1), '')) as referrer_host
    from events
),

referred as (
    select
        urls.*,
        case
            when referrer_sources.source is not null then referrer_sources.source
            -- A visit that comes from the site itself came from nowhere new.
            when urls.referrer_host <> coalesce(urls.page_host, '')
                then regexp_replace(urls.referrer_host, '^www[.]', '')
        end as referrer_source,
        case
            when referrer_sources.source is not null then referrer_sources.medium
            when urls.referrer_host <> coalesce(urls.page_host, '') then 'referral'
        end as referrer_medium
    from urls
    left join referrer_sources on {{ matches('urls.referrer_host', 'referrer_sources.host_pattern') }}
),

judged as (
    select
        *,
        case
            when google_click_id is not null then 'click_id'
            when manual_source is not null or manual_campaign is not null then 'collected'
            when utm_source is not null or utm_campaign is not null then 'utm'
            when param_source is not null and param_source <> '(direct)' then 'parameter'
            when referrer_source is not null then 'referrer'
        end as source_evidence
    from referred
),

chosen as (
    select
        user_pseudo_id,
        ga_session_id,
        event_name,
        event_at,
        event_bundle_sequence_id,
        batch_page_id,
        batch_ordering_id,
        batch_event_index,
        page_location,
        google_click_id,
        source_evidence,
        lower(case source_evidence
            when 'click_id' then 'google'
            when 'collected' then manual_source
            when 'utm' then utm_source
            when 'parameter' then param_source
            when 'referrer' then referrer_source
        end) as source,
        lower(case source_evidence
            when 'click_id' then 'cpc'
            when 'collected' then manual_medium
            when 'utm' then utm_medium
            when 'parameter' then param_medium
            when 'referrer' then referrer_medium
        end) as medium,
        {{ normalised_slug("case source_evidence
            when 'click_id' then coalesce(manual_campaign, utm_campaign, param_campaign)
            when 'collected' then manual_campaign
            when 'utm' then utm_campaign
            when 'parameter' then param_campaign
        end") }} as campaign_slug
    from judged
),

final as (
    select
        *,
        -- '(organic)' and its like are GA4's words for no campaign.
        case when campaign_slug not like '(%' then campaign_slug end as campaign
    from chosen
)

select * from final
