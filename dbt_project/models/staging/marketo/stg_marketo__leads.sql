with leads as (
    select * from {{ source('current_marketo', 'leads') }}
),

final as (
    select
        trim(id) as member_id,
        lower({{ clean_text('email') }}) as email,
        _earlier_email as earlier_emails,
        cast(null as {{ dbt.type_string() }}) as list_id,
        case
            when {{ parse_boolean('email_invalid') }} then 'cleaned'
            when {{ parse_boolean('unsubscribed') }} then 'unsubscribed'
        end as subscription_status,
        cast(null as timestamp) as status_at,
        'UTC' as source_timezone,
        {{ clean_text('company') }} as company,
        {{ clean_text('lead_status') }} as lead_status,
        {{ clean_text('lead_source') }} as lead_source,
        {{ parse_integer('lead_score') }} as lead_score,
        {{ utc_time('created_at') }} as created_at,
        {{ utc_time('updated_at') }} as source_updated_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from leads
)

select * from final
