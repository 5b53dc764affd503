with deliveries as (
    select * from {{ source('current_customerio', 'deliveries') }}
),

final as (
    select
        trim(delivery_id) as message_id,
        {{ clean_text('customer_id') }} as member_id,
        lower({{ clean_text('recipient') }}) as email,
        {{ clean_text('subject') }} as subject,
        coalesce(lower({{ clean_text('type') }}), 'email') as message_type,
        coalesce({{ clean_text('campaign_id') }}, 'newsletter ' || {{ clean_text('newsletter_id') }}) as campaign_id,
        {{ unix_time('created') }} as created_at,
        {{ unix_time('sent') }} as sent_at,
        {{ unix_time('delivered') }} as delivered_at,
        {{ unix_time('opened') }} as opened_at,
        {{ unix_time('clicked') }} as clicked_at,
        {{ unix_time('bounced') }} as bounced_at,
        {{ unix_time('spammed') }} as spammed_at,
        {{ unix_time('unsubscribed') }} as unsubscribed_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from deliveries
)

select * from final
