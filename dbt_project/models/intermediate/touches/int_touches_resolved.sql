-- A touch is a session with a source, medium and campaign of its own. The same three of one person
-- within the collapse window of the one before are the same touch.
with sessions as (
    select * from {{ ref('int_sessions_built') }}
),

sessions_identified as (
    select * from {{ ref('int_sessions_identified') }}
),

traffic_sources as (
    select * from {{ ref('int_traffic_sources_classified') }}
),

contacts as (
    select * from {{ ref('int_contacts_merged') }}
),

contact_accounts as (
    select * from {{ ref('int_contact_accounts_matched') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

described as (
    select
        sessions.session_id,
        sessions_identified.contact_key,
        contact_accounts.account_key,
        sessions.user_pseudo_id,
        coalesce(sessions_identified.contact_key, sessions.user_pseudo_id) as person_id,
        sessions_identified.link_reason,
        sessions.source_evidence,
        sessions.source,
        sessions.medium,
        sessions.campaign,
        traffic_sources.channel,
        case when sessions.has_google_click_id then 'gclid' end as click_id_type,
        sessions.landing_page,
        sessions.session_started_at as touched_at
    from sessions
    inner join sessions_identified on sessions.session_id = sessions_identified.session_id
    inner join traffic_sources
        on
            sessions.source = traffic_sources.source
            and sessions.medium = traffic_sources.medium
            and coalesce(sessions.campaign, '') = traffic_sources.campaign
    left join contacts on sessions_identified.contact_key = contacts.contact_key
    left join contact_accounts on sessions_identified.contact_key = contact_accounts.contact_key
    -- Own staff and test mailboxes are no audience (V14); dim_contacts lists them with the reason.
    where coalesce(contacts.is_excluded, false) is false
),

spaced as (
    select
        *,
        {{ epoch_us('touched_at') }} - lag({{ epoch_us('touched_at') }}) over (
            partition by person_id, source, medium, coalesce(campaign, '')
            order by touched_at, session_id
        ) as us_since_same
    from described
),

final as (
    select
        spaced.session_id as touch_id,
        spaced.contact_key,
        spaced.account_key,
        spaced.user_pseudo_id,
        spaced.channel,
        spaced.source,
        spaced.medium,
        spaced.campaign,
        case
            when spaced.campaign is not null then coalesce(
                campaigns.campaign_key, {{ surrogate_key(["'unregistered'", 'spaced.campaign']) }}
            )
        end as campaign_key,
        spaced.click_id_type,
        case when spaced.channel = 'Email' then 'email_click' else 'session' end as touch_type,
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
    left join campaigns on spaced.campaign = campaigns.utm_campaign
    where
        spaced.us_since_same is null
        or spaced.us_since_same > {{ var('touch_collapse_minutes') }} * cast(60000000 as bigint)
    -- A slug can come again: the campaign valid on the day, else the nearest one.
    qualify row_number() over (
        partition by spaced.session_id
        order by {{ campaign_distance(reporting_day('spaced.touched_at'), 'campaigns') }}, campaigns.campaign_key
    ) = 1
)

select * from final
