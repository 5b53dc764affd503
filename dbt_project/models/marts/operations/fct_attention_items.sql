-- What is open elsewhere, in one list with one order: whoever looks at three lines sees the three that
-- cost most to leave. Notices that leave the warehouse are the rows that nobody was told yet.
with escalations as (
    select * from {{ ref('fct_escalations') }}
    where is_open
),

corrective_actions as (
    select * from {{ ref('fct_corrective_actions') }}
    where action_state = 'open'
),

freshness as (
    select * from {{ ref('int_source_freshness') }}
    where is_fresh is false
),

stale_sources as (
    select
        source,
        count(*) as subject_count,
        max(delivered_at) as delivered_at,
        max(window_hours) as window_hours
    from freshness
    group by source
),

amounts_left_out as (
    select * from {{ ref('int_amounts_left_out') }}
),

anomalies as (
    select
        *,
        cast(count(*) over (partition by series_id) as bigint) as day_count,
        cast(min(date_day) over (partition by series_id) as timestamp) as first_at
    from {{ ref('fct_anomalies') }}
    where is_recent and anomaly_state in ('error', 'warning')
    -- Of a series the newest day speaks for the others.
    qualify row_number() over (partition by series_id order by date_day desc) = 1
),

erasures as (
    select * from {{ ref('stg_ops__erasures') }}
),

-- Several requests may name one person, and what is left is left once.
residues as (
    select
        erasure_id,
        residue_count,
        begun_at,
        min(request_id) as request_id
    from erasures
    where residue_count > 0
    group by erasure_id, residue_count, begun_at
),

-- Whom nobody has erased yet, by the template's word and by the register's.
erasure_requests as (
    select requests.*
    from {{ ref('stg_templates__erasure_requests') }} as requests
    left join erasures on requests.request_id = erasures.request_id
    where
        requests.completed_at is null
        and coalesce(requests.email, requests.crm_contact_id) is not null
        and erasures.erasure_id is null
),

unioned as (
    select
        concat('escalation:', notification_key) as attention_id,
        case when escalation_state = 'escalated' then 1 else 5 end as kind_rank,
        case when escalation_state = 'escalated' then 'approval_escalated' else 'approval_overdue' end as kind,
        campaign_key,
        owner_name,
        -- Nobody stands in for themselves, nor who did not answer.
        case
            when backup_name <> owner_name and coalesce(backup_name <> approver_name, true) then backup_name
        end as backup_name,
        reason as sentence,
        'Decide it in the tracker, or name there who will.' as next_step,
        notify_at as since_at,
        escalate_at as due_at
    from escalations
    union all
    select
        concat('erasure:', request_id) as attention_id,
        2 as kind_rank,
        'erasure_request' as kind,
        cast(null as {{ dbt.type_string() }}) as campaign_key,
        cast(null as {{ dbt.type_string() }}) as owner_name,
        cast(null as {{ dbt.type_string() }}) as backup_name,
        concat('request ', request_id, ' asks to erase a person') as sentence,
        'Run `throughline erase`, take the person out of the source too, and fill in completed_at.' as next_step,
        requested_at as since_at,
        {{ local_day_start(add_days('due_date', 1), var('reporting_time_zone')) }} as due_at
    from erasure_requests
    union all
    select
        concat('residue:', erasure_id, ':', cast(residue_count as {{ dbt.type_string() }})) as attention_id,
        3 as kind_rank,
        'erasure_residue' as kind,
        cast(null as {{ dbt.type_string() }}) as campaign_key,
        cast(null as {{ dbt.type_string() }}) as owner_name,
        cast(null as {{ dbt.type_string() }}) as backup_name,
        concat(
            cast(residue_count as {{ dbt.type_string() }}),
            case when residue_count = 1 then ' place still tells' else ' places still tell' end,
            ' of a person who was erased',
            case when request_id is null then '' else concat(' (request ', request_id, ')') end
        ) as sentence,
        'Run `throughline erase`: it names the places, and what to do about them.' as next_step,
        begun_at as since_at,
        cast(null as timestamp) as due_at
    from residues
    union all
    select
        concat('action:', notification_key) as attention_id,
        4 as kind_rank,
        'corrective_action' as kind,
        campaign_key,
        owner_name,
        backup_name,
        reason as sentence,
        'Bring it back on track, or close the action with a reason in corrective_action_closures.' as next_step,
        opened_at as since_at,
        due_at
    from corrective_actions
    union all
    select
        concat('stale:', source, ':', cast(delivered_at as {{ dbt.type_string() }})) as attention_id,
        6 as kind_rank,
        'stale_source' as kind,
        cast(null as {{ dbt.type_string() }}) as campaign_key,
        cast(null as {{ dbt.type_string() }}) as owner_name,
        cast(null as {{ dbt.type_string() }}) as backup_name,
        concat(
            source, ' delivered last on ', cast({{ reporting_day('delivered_at') }} as {{ dbt.type_string() }}),
            ' and is expected every ', cast(window_hours as {{ dbt.type_string() }}), ' h'
        ) as sentence,
        'Export it again, or mend what exports it.' as next_step,
        {{ add_us('delivered_at', 'window_hours * cast(3600000000 as bigint)') }} as since_at,
        cast(null as timestamp) as due_at
    from stale_sources
    union all
    select
        concat('anomaly:', anomaly_id) as attention_id,
        7 as kind_rank,
        'anomaly' as kind,
        cast(null as {{ dbt.type_string() }}) as campaign_key,
        owner as owner_name,
        cast(null as {{ dbt.type_string() }}) as backup_name,
        case
            when day_count > 1
                then concat(sentence, '; ', cast(day_count as {{ dbt.type_string() }}), ' such days')
            else sentence
        end as sentence,
        concat(action, '. If it was so, add to anomaly_explanations: ', explanation_row) as next_step,
        first_at as since_at,
        cast(null as timestamp) as due_at
    from anomalies
    union all
    select
        concat('money:', amount_left_out_id) as attention_id,
        8 as kind_rank,
        'amount_left_out' as kind,
        cast(null as {{ dbt.type_string() }}) as campaign_key,
        cast(null as {{ dbt.type_string() }}) as owner_name,
        cast(null as {{ dbt.type_string() }}) as backup_name,
        concat(
            cast(amount as {{ dbt.type_string() }}), ' ', coalesce(currency, 'of no currency'), ' of ', source,
            ' (', record_type, ') is in no figure: ', replace(reason, '_', ' ')
        ) as sentence,
        concat('Settle it: ', settled_by) as next_step,
        cast(null as timestamp) as since_at,
        cast(null as timestamp) as due_at
    from amounts_left_out
),

final as (
    select
        attention_id,
        cast(row_number() over (order by kind_rank, since_at nulls last, attention_id) as bigint) as attention_rank,
        kind,
        campaign_key,
        owner_name,
        backup_name,
        {{ masked('sentence') }} as sentence,
        next_step,
        since_at,
        due_at
    from unioned
)

select * from final
