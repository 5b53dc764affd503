-- A touch has a source, medium and campaign of its own. The same three of one person within the collapse
-- window of the one before are the same touch.
with touches as (
    select * from {{ ref('int_touches_unioned') }}
    -- Bots, own staff and the like stay there to be counted.
    where exclusion_reason is null
),

traffic_sources as (
    select * from {{ ref('int_traffic_sources_classified') }}
),

touch_types as (
    select * from {{ ref('touch_types') }}
),

contacts as (
    select * from {{ ref('int_contacts_merged') }}
),

contact_accounts as (
    select * from {{ ref('int_contact_accounts_matched') }}
),

slugs as (
    select * from {{ ref('int_campaign_slugs') }}
),

described as (
    select
        touches.touch_id,
        touches.contact_key,
        contact_accounts.account_key,
        touches.device_id,
        coalesce(touches.contact_key, touches.device_id) as person_id,
        {{ person_no('coalesce(touches.contact_key, md5(touches.device_id))') }} as person_no,
        touches.link_reason,
        touches.source_evidence,
        touches.source,
        touches.medium,
        touches.campaign,
        traffic_sources.channel,
        traffic_sources.ga4_channel_group,
        touches.click_id_type,
        case
            when touches.touch_type = 'session' and traffic_sources.channel = 'Email' then 'email_click'
            else touches.touch_type
        end as touch_type,
        touches.landing_page,
        touches.touched_at
    from touches
    inner join traffic_sources
        on
            touches.source = traffic_sources.source
            and touches.medium = traffic_sources.medium
            and coalesce(touches.campaign, '') = traffic_sources.campaign
    left join contacts on touches.contact_key = contacts.contact_key
    left join contact_accounts on touches.contact_key = contact_accounts.contact_key
    -- Own staff and test mailboxes are no audience (V14); dim_contacts lists them with the reason.
    where coalesce(contacts.is_excluded, false) is false
),

included as (
    select
        described.*,
        touch_types.lookback_days
    from described
    inner join touch_types on described.touch_type = touch_types.touch_type
    where touch_types.is_included
),

spaced as (
    select
        *,
        {{ epoch_us('touched_at') }} - lag({{ epoch_us('touched_at') }}) over (
            -- A form is a touch of its own beside the visit that it was sent in.
            partition by person_id, touch_type = 'form', source, medium, coalesce(campaign, '')
            order by touched_at, touch_id
        ) as us_since_same,
        case when campaign is not null then {{ reporting_day('touched_at') }} end as touched_on
    from included
),

-- What the registry says goes first. A slug can come again: the campaign valid on the day, else the nearest.
-- Asked once a campaign and day, which are few beside the touches.
campaigns_seen as (
    select distinct
        campaign,
        touched_on
    from spaced
    where campaign is not null
),

campaigns_named as (
    select
        campaigns_seen.campaign,
        campaigns_seen.touched_on,
        slugs.campaign_key
    from campaigns_seen
    inner join slugs on campaigns_seen.campaign = slugs.slug
    qualify row_number() over (
        partition by campaigns_seen.campaign, campaigns_seen.touched_on
        order by
            slugs.is_own desc,
            {{ campaign_distance('campaigns_seen.touched_on', 'slugs') }},
            slugs.campaign_key
    ) = 1
),

final as (
    select
        spaced.touch_id,
        spaced.contact_key,
        spaced.account_key,
        spaced.device_id,
        spaced.person_no,
        spaced.channel,
        spaced.ga4_channel_group,
        spaced.source,
        spaced.medium,
        spaced.campaign,
        case
            when spaced.campaign is not null then coalesce(
                campaigns_named.campaign_key, {{ unregistered_campaign_key('spaced.campaign') }}
            )
        end as campaign_key,
        spaced.click_id_type,
        spaced.touch_type,
        spaced.lookback_days,
        -- A click id proves more than a tag, a tag more than a referrer: so ties are ordered (V13).
        cast(case spaced.source_evidence
            when 'click_id' then 1
            when 'collected' then 2
            when 'utm' then 2
            when 'parameter' then 3
            when 'referrer' then 4
            else 5
        end as bigint) as touch_priority,
        spaced.link_reason,
        spaced.landing_page,
        spaced.touched_at
    from spaced
    left join campaigns_named
        on spaced.campaign = campaigns_named.campaign and spaced.touched_on = campaigns_named.touched_on
    where
        spaced.us_since_same is null
        or spaced.us_since_same > {{ var('touch_collapse_minutes') }} * cast(60000000 as bigint)
)

select * from final
