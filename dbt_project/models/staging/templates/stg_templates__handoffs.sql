with handoffs as (
    select * from {{ source('current_templates', 'handoffs') }}
),

final as (
    select
        {{ normalised_slug('utm_campaign') }} as utm_campaign,
        lower({{ clean_answer('handoff') }}) as handoff,
        lower({{ clean_answer('required_item') }}) as required_item,
        {{ parse_boolean('is_present') }} as is_present,
        {{ clean_answer('owner') }} as owner_name,
        {{ parse_integer('returned_count', '_decimal_mark') }} as returned_count,
        {{ parse_time('handed_over_at', '_date_order') }} as handed_over_at,
        {{ parse_time('accepted_at', '_date_order') }} as accepted_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from handoffs
)

select * from final
