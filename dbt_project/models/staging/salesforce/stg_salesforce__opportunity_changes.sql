with opportunity_changes as (
    select * from {{ source('current_salesforce', 'opportunity_history') }}
),

final as (
    select
        {{ salesforce_id('id') }} as opportunity_change_id,
        {{ salesforce_id('opportunity_id') }} as crm_deal_id,
        {{ clean_text('stage_name') }} as deal_stage,
        {{ clean_text('from_opportunity_stage_name') }} as previous_stage,
        coalesce({{ parse_currency('currency_iso_code') }}, {{ currency_of('amount') }}) as currency,
        {{ parse_money('amount') }} as amount,
        {{ parse_money('prev_amount') }} as previous_amount,
        {{ parse_number('probability') }} as probability_pct,
        {{ parse_day('close_date', "'mdy'") }} as close_date,
        {{ parse_day('prev_close_date', "'mdy'") }} as previous_close_date,
        {{ utc_time('created_date') }} as created_at,
        coalesce({{ parse_boolean('is_deleted') }}, false) as is_deleted,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from opportunity_changes
)

select * from final
