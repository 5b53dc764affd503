-- Where events say that they came from: source, medium and campaign of one event together, by the strongest thing
-- that it says. A click id that only ads have is stronger than anything else, since Google's own parameters can call
-- a paid click organic. What events say repeats: it is read once, and not for each of them.
{#- gclid, dclid, fbclid, msclkid, ttclid and their like; click_ids says which of them count. -#}
{%- set click_id_pattern = url_separator() ~ '([a-z]+clk?id|[gw]braid|li_fat_id)=([^&#]+)' %}

{%- set told = event_context().split() %}

with contexts as (
    select
        {{ told | join(',\n        ') }},
        -- The row of the first event that said so, as one number: no file has 2^32 rows.
        min(file_id * cast(4294967296 as bigint) + row_number) as context_no
    from {{ ref('int_web_events_unioned') }}
    -- Without a device an event is nobody's.
    where device_id is not null
    group by {{ told | join(', ') }}
),

click_ids as (
    select * from {{ ref('click_ids') }}
),

origins as (
    select * from {{ ref('int_event_origins_judged') }}
),

-- What GA4 found out by itself stands among the tags that it collected as well, and is told by its words.
collected as (
    select
        *,
        coalesce(manual_campaign in ('(organic)', '(referral)', '(direct)') or manual_source = '(direct)', false)
            as is_guess
    from contexts
),

parsed as (
    select
        *,
        case when not is_guess then manual_source end as tag_source,
        case when not is_guess then manual_medium end as tag_medium,
        case when not is_guess then manual_campaign end as tag_campaign,
        coalesce(param_source, case when is_guess then manual_source end) as told_source,
        coalesce(param_medium, case when is_guess then manual_medium end) as told_medium,
        coalesce(param_campaign, case when is_guess then manual_campaign end) as told_campaign,
        coalesce(click_id_type, nullif(regexp_extract(page_location, '{{ click_id_pattern }}', 1), '')) as click_type,
        coalesce(click_id, nullif(regexp_extract(page_location, '{{ click_id_pattern }}', 2), '')) as click_value,
        {{ url_parameter('page_location', 'utm_source') }} as utm_source,
        {{ url_parameter('page_location', 'utm_medium') }} as utm_medium,
        {{ url_parameter('page_location', 'utm_campaign') }} as utm_campaign,
        coalesce({{ url_host('page_location') }}, '') as page_host,
        {{ referrer_host() }} as referrer_host
    from collected
),

referred as (
    select
        parsed.*,
        click_ids.click_id_type as known_click_type,
        click_ids.source as click_source,
        click_ids.medium as click_medium,
        coalesce(click_ids.is_paid, false) as is_paid_click,
        -- A visit that comes from the site itself came from nowhere new.
        case when not origins.is_self_referral then coalesce(origins.search_source, origins.referrer_domain) end
            as referrer_source,
        case
            when origins.is_self_referral then null
            when origins.search_source is not null then origins.search_medium
            when origins.referrer_domain is not null then 'referral'
        end as referrer_medium,
        origins.is_self_referral,
        origins.exclusion_reason
    from parsed
    inner join origins
        on
            parsed.page_host = origins.page_host
            and parsed.referrer_host = origins.referrer_host
            and coalesce(parsed.user_agent, '') = origins.user_agent
            and coalesce(parsed.traffic_type, '') = origins.traffic_type
    left join click_ids on parsed.click_type = click_ids.click_id_type
),

-- 1 is the surest. Tags with a source tell more than tags without one; what a tool says of its own is
-- read from the same page, or guessed from the app before it.
ranked as (
    select
        *,
        case
            when is_paid_click then 1
            when tag_source is not null or utm_source is not null then 2
            when coalesce(tag_campaign, tag_medium, utm_campaign, utm_medium) is not null then 3
            -- Meta and LinkedIn mark every link that leaves them: who it came from, not that it was paid.
            when known_click_type is not null then 4
            when
                (told_source <> '(direct)' or (told_source is null and told_campaign not like '(%'))
                and not (is_self_referral and told_medium = 'referral')
                then 5
            when referrer_source is not null then 6
        end as evidence_rank
    from referred
),

judged as (
    select
        *,
        case
            when evidence_rank in (1, 4) then 'click_id'
            when evidence_rank = 2 and tag_source is not null then 'collected'
            when evidence_rank = 3 and (tag_campaign is not null or utm_campaign is null and utm_medium is null)
                then 'collected'
            when evidence_rank in (2, 3) then 'utm'
            when evidence_rank = 5 then 'parameter'
            when evidence_rank = 6 then 'referrer'
        end as source_evidence
    from ranked
),

chosen as (
    select
        *,
        lower(case source_evidence
            when 'click_id' then click_source
            when 'collected' then tag_source
            when 'utm' then utm_source
            when 'parameter' then told_source
            when 'referrer' then referrer_source
        end) as source,
        lower(case source_evidence
            when 'click_id' then click_medium
            when 'collected' then tag_medium
            when 'utm' then utm_medium
            when 'parameter' then told_medium
            when 'referrer' then referrer_medium
        end) as medium,
        {{ normalised_slug("case source_evidence
            when 'click_id' then coalesce(tag_campaign, utm_campaign, told_campaign)
            when 'collected' then tag_campaign
            when 'utm' then utm_campaign
            when 'parameter' then told_campaign
        end") }} as campaign_slug
    from judged
),

final as (
    select
        context_no,
        -- Of two repetitions of an event the same one stays, in whatever order they came.
        substr({{ surrogate_key(told) }}, 1, 8) as context_hash,
        {{ told | reject('in', ['click_id_type', 'click_id']) | join(',\n        ') }},
        click_id_type as told_click_id_type,
        click_id as told_click_id,
        known_click_type as click_id_type,
        case when known_click_type is not null then click_value end as click_id,
        source_evidence,
        cast(evidence_rank as bigint) as evidence_rank,
        source,
        medium,
        -- '(organic)' and its like are GA4's words for no campaign.
        case when campaign_slug not like '(%' then campaign_slug end as campaign,
        is_self_referral,
        exclusion_reason
    from chosen
)

select * from final
