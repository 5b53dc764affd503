with deals as (
    select * from {{ source('current_pipedrive', 'deals') }}
),

final as (
    select
        {{ clean_text('deal_id') }} as crm_deal_id,
        {{ surrogate_key(['title', 'organization']) }} as title_key,
        {{ clean_text('title') }} as deal_name,
        {{ clean_text('organization') }} as account_name,
        {{ clean_text('contact_person') }} as contact_name,
        {{ clean_text('pipeline') }} as pipeline,
        {{ clean_text('stage') }} as deal_stage,
        lower({{ clean_text('status') }}) as status,
        {{ clean_text('owner') }} as owner_name,
        {{ clean_text('lost_reason') }} as lost_reason,
        coalesce({{ parse_currency('currency') }}, {{ currency_of('value') }}) as currency,
        {{ parse_money('value') }} as amount,
        {{ parse_day('expected_close_date', "'mdy'") }} as expected_close_date,
        {{ local_time('deal_created', var('source_time_zones').pipedrive) }} as created_at,
        {{ local_time('last_stage_change', var('source_time_zones').pipedrive) }} as stage_changed_at,
        coalesce(
            {{ local_time('won_time', var('source_time_zones').pipedrive) }},
            {{ local_time('lost_time', var('source_time_zones').pipedrive) }},
            {{ local_time('closed_time', var('source_time_zones').pipedrive) }}
        ) as closed_at,
        {{ local_time('update_time', var('source_time_zones').pipedrive) }} as source_updated_at,
        '{{ var("source_time_zones").pipedrive }}' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from deals
)

select * from final
