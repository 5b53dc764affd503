-- Cohorts by the month of entry; converted is who reached the next stage within the window (S1-3).
with stages as (
    select * from {{ ref('fct_lifecycle_stages') }}
    -- The funnel starts at lead.
    where stage <> 'subscriber'
),

steps as (
    select
        cast(date_trunc('month', {{ reporting_day('entries.entered_at') }}) as date) as month_start_date,
        entries.stage as from_stage,
        lead_stages.stage as to_stage,
        entries.contact_key,
        entries.entered_at,
        next_entries.entered_at as next_entered_at
    from stages as entries
    inner join {{ ref('lifecycle_stages') }} as lead_stages on entries.stage_order + 1 = lead_stages.stage_order
    left join stages as next_entries
        on entries.contact_key = next_entries.contact_key and lead_stages.stage = next_entries.stage
),

timed as (
    select
        *,
        cast({{ epoch_us('next_entered_at') }} - {{ epoch_us('entered_at') }} as double) / 86400000000.0 as days_to_next
    from steps
),

judged as (
    select
        *,
        case when days_to_next <= {{ var('conversion_window_days') }} then days_to_next end as days_within_window
    from timed
),

final as (
    select
        {{ surrogate_key(['month_start_date', 'from_stage', 'to_stage']) }} as funnel_conversion_id,
        month_start_date,
        from_stage,
        to_stage,
        cast(count(*) as bigint) as entered_count,
        cast(count(days_within_window) as bigint) as converted_count,
        {{ ratio('count(days_within_window)', 'count(*)') }} as conversion_rate,
        cast(percentile_cont(0.5) within group (order by days_within_window) as double) as median_days,
        count(*) < {{ var('small_sample_size') }} as is_small_sample,
        {{ add_days(add_days('month_start_date', 31), var('conversion_window_days')) }}
        <= {{ reporting_day(as_of_at()) }} as is_mature
    from judged
    group by month_start_date, from_stage, to_stage
)

select * from final
