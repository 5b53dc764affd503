-- When somebody did what starts a sequence of mails, where an export tells (S4-37).
with email_sequence_specs as (
    select * from {{ ref('email_sequence_specs') }}
    where trigger_signal is not null
),

stages as (
    select * from {{ ref('int_lifecycle_stages_entered') }}
    -- Who skipped the stage did nothing that could start anything.
    where stage = 'lead' and is_imputed is false
),

signals as (
    select * from {{ ref('int_lead_signals_unioned') }}
    where signal in ('form', 'web_event')
),

unioned as (
    select
        contact_key,
        stage as trigger_signal,
        cast(null as {{ dbt.type_string() }}) as signal_text,
        entered_at as triggered_at
    from stages
    union all
    select
        contact_key,
        signal as trigger_signal,
        signal_text,
        signalled_at as triggered_at
    from signals
),

matched as (
    select
        unioned.contact_key,
        email_sequence_specs.sequence_type,
        unioned.triggered_at
    from unioned
    inner join email_sequence_specs
        on
            unioned.trigger_signal = email_sequence_specs.trigger_signal
            and (
                email_sequence_specs.trigger_pattern is null
                or {{ matches(
                    'unioned.signal_text', 'email_sequence_specs.trigger_pattern', ref('email_sequence_specs')
                ) }}
            )
),

final as (
    select distinct
        {{ surrogate_key(['contact_key', 'sequence_type', 'triggered_at']) }} as sequence_trigger_id,
        contact_key,
        sequence_type,
        triggered_at
    from matched
    where triggered_at <= {{ as_of_at() }}
)

select * from final
