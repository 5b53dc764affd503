-- When a person first showed that he wants to buy, whatever he was shown: he looked at what the scoring
-- rules call high intent, used the product, or searched for the brand. Of the rules only those that any
-- visitor can meet: what is known of contacts alone would tell who converted.
with events as (
    select * from {{ ref('int_events_sessionised') }}
    where session_key is not null and exclusion_reason is null
),

sessions as (
    select * from {{ ref('int_sessions_built') }}
),

sessions_identified as (
    select * from {{ ref('int_sessions_identified') }}
),

touches as (
    select * from {{ ref('int_touches_resolved') }}
    where channel = 'Paid Search' and campaign is not null
),

rules as (
    select distinct
        signal_type,
        signal,
        coalesce(pattern, '') as pattern
    from {{ ref('lead_score_rules') }}
    where signal_type in ('high_intent', 'product') and signal in ('page_view', 'web_event')
),

seen as (
    select
        device_id,
        session_key,
        {{ web_signal('events') }},
        event_at
    from events
),

-- Patterns are held against the few texts that occur, not against every event.
texts as (
    select distinct
        signal,
        signal_text
    from seen
),

intents as (
    select distinct
        texts.signal,
        texts.signal_text,
        rules.signal_type as intent_type
    from texts
    inner join rules
        on texts.signal = rules.signal and {{ matches('texts.signal_text', 'rules.pattern', ref('lead_score_rules')) }}
),

shown_in_sessions as (
    select
        seen.device_id,
        seen.session_key,
        intents.intent_type,
        min(seen.event_at) as shown_at
    from seen
    inner join intents on seen.signal = intents.signal and seen.signal_text = intents.signal_text
    group by seen.device_id, seen.session_key, intents.intent_type
),

shown_by as (
    select
        coalesce(sessions_identified.contact_key, md5(sessions.device_id)) as person_key,
        shown_in_sessions.intent_type,
        shown_in_sessions.shown_at
    from shown_in_sessions
    inner join sessions
        on
            shown_in_sessions.device_id = sessions.device_id
            and shown_in_sessions.session_key = sessions.session_key
    inner join sessions_identified on sessions.session_id = sessions_identified.session_id
),

shown as (
    select
        {{ person_no('shown_by.person_key') }} as person_no,
        shown_by.intent_type,
        {{ epoch_us('shown_by.shown_at') }} as shown_us
    from shown_by
    union all
    select
        person_no,
        'branded_search' as intent_type,
        {{ epoch_us('touched_at') }} as shown_us
    from touches
    where {{ matches('campaign', "'" ~ var('branded_campaign_pattern') ~ "'") }}
),

final as (
    select
        person_no,
        intent_type,
        min(shown_us) as shown_us
    from shown
    group by person_no, intent_type
)

select * from final
