-- The API writes unix milliseconds, a connector times.
with campaigns as (
    select * from {{ source('current_iterable', 'campaigns') }}
),

final as (
    select
        trim(id) as campaign_id,
        {{ clean_text('name') }} as campaign_name,
        cast(null as {{ dbt.type_string() }}) as subject,
        {{ clean_text('campaign_state') }} as campaign_status,
        coalesce({{ unix_time('start_at') }}, {{ utc_time('start_at') }}) as sent_at,
        'UTC' as source_timezone,
        coalesce({{ unix_time('updated_at') }}, {{ utc_time('updated_at') }}) as source_updated_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from campaigns
)

select * from final
