with deal_records as (
    select * from {{ source('current_pipedrive', 'deals_api') }}
),

final as (
    select
        trim(id) as crm_deal_id,
        {{ pipedrive_id('org_id') }} as crm_account_id,
        {{ pipedrive_id('person_id') }} as crm_contact_id,
        {{ clean_text('title') }} as deal_name,
        {{ clean_text('pipeline_id') }} as pipeline_id,
        {{ clean_text('stage_id') }} as deal_stage_id,
        lower({{ clean_text('status') }}) as status,
        coalesce({{ clean_text('owner_name') }}, {{ json_text('user_id', '$.name') }}) as owner_name,
        {{ clean_text('lost_reason') }} as lost_reason,
        coalesce({{ parse_currency('currency') }}, {{ currency_of('value') }}) as currency,
        {{ parse_money('value') }} as amount,
        {{ parse_day('expected_close_date', "'mdy'") }} as expected_close_date,
        {{ utc_time('add_time') }} as created_at,
        {{ utc_time('stage_change_time') }} as stage_changed_at,
        coalesce({{ utc_time('won_time') }}, {{ utc_time('lost_time') }}, {{ utc_time('close_time') }}) as closed_at,
        {{ utc_time('update_time') }} as source_updated_at,
        'UTC' as source_timezone,
        coalesce(lower(trim(status)) = 'deleted', false) as is_deleted,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from deal_records
)

select * from final
