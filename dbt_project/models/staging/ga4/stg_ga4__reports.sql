with reports as (
    select * from {{ source('current_ga4', 'reports') }}
),

final as (
    select
        property_name,
        report_name,
        -- Its wording drifts: Default Channel Group, Default channel group.
        lower(dimension_name) as dimension_name,
        -- (not set) and (other) are values that GA4 counts under.
        trim(dimension_value) as dimension_value,
        _extra as further_columns,
        {{ compact_day('period_start') }} as period_start_date,
        {{ compact_day('period_end') }} as period_end_date,
        {{ parse_number('active_users', scale=4) }} as active_users,
        {{ parse_number('total_users', scale=4) }} as total_users,
        {{ parse_number('new_users', scale=4) }} as new_users,
        {{ parse_number('returning_users', scale=4) }} as returning_users,
        {{ parse_number('sessions', scale=4) }} as sessions,
        {{ parse_number('engaged_sessions', scale=4) }} as engaged_sessions,
        {{ parse_number('views', scale=4) }} as views,
        {{ parse_number('event_count', scale=4) }} as event_count,
        {{ parse_number('key_events', scale=4) }} as key_events,
        {{ parse_double('engagement_rate') }} as engagement_rate,
        {{ parse_double('views_per_active_user') }} as views_per_active_user,
        {{ parse_double('event_count_per_active_user') }} as event_count_per_active_user,
        {{ parse_double('events_per_session') }} as events_per_session,
        {{ parse_double('engaged_sessions_per_active_user') }} as engaged_sessions_per_active_user,
        {{ parse_double('average_engagement_time_per_active_user') }} as average_engagement_time_per_active_user,
        {{ parse_double('average_engagement_time_per_session') }} as average_engagement_time_per_session,
        {{ parse_double('user_key_event_rate') }} as user_key_event_rate,
        {{ parse_double('session_key_event_rate') }} as session_key_event_rate,
        {{ parse_money('total_revenue') }} as total_revenue,
        '{{ var("source_time_zones").ga4 }}' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from reports
)

select * from final
