-- The API writes unix milliseconds, a connector times.
with campaigns as (
    select * from {{ source('raw_iterable', 'campaigns') }}
    -- What was delivered after the run's clock is not known yet.
    where _loaded_at <= {{ as_of_at() }}
    qualify {{ is_current(['id', 'updated_at'], 'row') }}
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
