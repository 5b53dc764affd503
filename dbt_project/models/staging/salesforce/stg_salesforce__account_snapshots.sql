with account_snapshots as (
    select * from {{ source('current_salesforce', 'account_snapshots') }}
),

final as (
    select
        {{ salesforce_id('id') }} as crm_account_id,
        {{ clean_text('name') }} as account_name,
        {{ utc_time('fivetran_start') }} as valid_from_at,
        {{ utc_time('fivetran_end') }} as valid_to_at,
        coalesce({{ parse_boolean('fivetran_active') }}, false) as is_newest,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from account_snapshots
)

select * from final
