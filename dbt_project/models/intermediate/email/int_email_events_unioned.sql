-- Every vendor's events in one shape. Nothing is dropped but what another door brought already.
{%- set models = [
    'stg_mailchimp__email_activity', 'stg_mailchimp__recipients',
    'stg_mailchimp__unsubscribes', 'stg_sendgrid__events',
    'stg_customerio__events', 'stg_marketo__activities', 'stg_klaviyo__events', 'stg_klaviyo__events_csv',
    'stg_iterable__events', 'stg_iterable__events_csv', 'stg_hubspot__email_events',
] %}
{%- set tell_user_agent = [
    'stg_sendgrid__events', 'stg_marketo__activities', 'stg_iterable__events', 'stg_iterable__events_csv',
] %}

with event_types as (
    select * from {{ ref('email_event_types') }}
),

details as (
    select * from {{ ref('int_email_event_details_unioned') }}
),

campaigns as (
    select * from {{ ref('int_email_campaigns_unioned') }}
),

members as (
    select
        email_source,
        member_id,
        max(email) as email
    from {{ ref('int_email_members_unioned') }}
    where member_id is not null
    group by email_source, member_id
),

unioned as (
    {% for model in models -%}
    select
        '{{ model.split("__")[0][4:] }}' as email_source,
        {{ loop.index }} as source_rank,
        event_id,
        message_id,
        member_id,
        email,
        source_event,
        campaign_id,
        campaign_name,
        bounce_type,
        url,
        {{ 'user_agent' if model in tell_user_agent else 'cast(null as ' ~ dbt.type_string() ~ ') as user_agent' }},
        is_by_machine,
        event_at,
        source_timezone,
        file_id,
        row_number
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
),

events as (
    select *
    from unioned
    qualify row_number() over (
        partition by email_source, event_id
        order by source_rank asc, file_id desc, row_number desc
    ) = 1
),

described as (
    select
        events.*,
        coalesce(details.source_event, events.source_event) as told_event,
        coalesce(events.url, details.url) as told_url,
        coalesce(events.user_agent, details.user_agent) as told_user_agent,
        coalesce(events.is_by_machine, details.is_by_machine) as told_by_machine,
        coalesce(events.email, members.email) as told_email,
        coalesce(campaigns.campaign_name, events.campaign_name) as told_campaign_name,
        -- A recipient's row has no time: its campaign's.
        coalesce(events.event_at, campaigns.sent_at) as told_at
    from events
    left join details on events.email_source = details.email_source and events.event_id = details.event_id
    left join members on events.email_source = members.email_source and events.member_id = members.member_id
    left join campaigns
        on events.email_source = campaigns.email_source and events.campaign_id = campaigns.campaign_id
),

final as (
    select
        {{ surrogate_key(['described.email_source', 'described.event_id']) }} as email_event_key,
        case
            when described.campaign_id is not null
                then {{ surrogate_key(['described.email_source', 'described.campaign_id']) }}
        end as email_campaign_key,
        described.email_source,
        described.event_id,
        described.message_id,
        described.told_email as email,
        coalesce(described.told_email, described.member_id) as recipient_id,
        coalesce(event_types.event_type, 'other') as event_type,
        described.told_event as source_event,
        described.campaign_id,
        described.told_campaign_name as campaign_name,
        described.bounce_type,
        described.told_url as url,
        described.told_user_agent as user_agent,
        described.told_by_machine as is_by_machine,
        described.told_at as event_at,
        described.source_timezone,
        described.file_id,
        described.row_number
    from described
    left join event_types
        on described.email_source = event_types.source and described.told_event = event_types.source_event
    -- Later than the run's clock is not known yet.
    where described.told_at is null or described.told_at <= {{ as_of_at() }}
)

select * from final
