with campaign_briefs as (
    select * from {{ source('current_templates', 'campaign_briefs') }}
),

final as (
    select
        trim(brief_id) as brief_id,
        {{ parse_integer('version') }} as version,
        {{ normalised_slug('utm_campaign') }} as utm_campaign,
        {{ clean_text('goal_id') }} as goal_id,
        why,
        for_whom,
        what_offer,
        what_systems,
        {{ clean_answer('required_inputs') }} as required_inputs,
        {{ clean_answer('approval_criteria') }} as approval_criteria,
        what_deadline,
        success_metric,
        upper({{ clean_text('priority') }}) as priority,
        coalesce({{ parse_currency('budget_currency') }}, {{ currency_of('budget') }}) as budget_currency,
        {{ parse_money('budget') }} as budget,
        {{ parse_day('planned_launch_date') }} as planned_launch_date,
        {{ utc_time('submitted_at') }} as submitted_at,
        {{ utc_time('approved_at') }} as approved_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from campaign_briefs
)

select * from final
