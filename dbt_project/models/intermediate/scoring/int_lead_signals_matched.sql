-- Which signals meet which rule, and until when they count.
with signals as (
    select * from {{ ref('int_lead_signals_unioned') }}
),

rules as (
    select * from {{ ref('lead_score_rules') }}
),

final as (
    select
        signals.contact_key,
        rules.version,
        rules.rule_id,
        signals.signalled_at,
        {{ add_us('signals.signalled_at', 'rules.decay_days * cast(86400000000 as bigint)') }} as decayed_at
    from signals
    inner join rules
        on
            signals.signal = rules.signal
            and (
                nullif(rules.pattern, '') is null
                or {{ matches('signals.signal_text', 'rules.pattern', ref('lead_score_rules')) }}
            )
            and (rules.min_value is null or signals.signal_value >= rules.min_value)
            and (rules.max_value is null or signals.signal_value <= rules.max_value)
)

select * from final
