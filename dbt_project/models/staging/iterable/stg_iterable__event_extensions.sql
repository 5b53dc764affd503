with event_extensions as (
    select * from {{ source('current_iterable', 'event_extensions') }}
),

final as (
    select
        trim(fivetran_id) as event_id,
        coalesce({{ clean_text('clicked_url') }}, {{ clean_text('url') }}, {{ clean_text('link_url') }}) as url,
        {{ clean_text('proxy_source') }} = 'Apple' as is_by_machine,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from event_extensions
)

select * from final
