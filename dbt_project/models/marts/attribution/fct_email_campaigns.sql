with email_campaigns as (
    select * from {{ ref('int_email_campaigns_measured') }}
),

slugs as (
    select * from {{ ref('int_campaign_slugs') }}
    where is_registered
),

final as (
    select
        email_campaigns.email_campaign_key,
        email_campaigns.email_source,
        {{ masked('email_campaigns.campaign_id') }} as email_campaign_id,
        slugs.campaign_key,
        coalesce(email_campaigns.campaign_name, {{ masked('email_campaigns.campaign_id') }}) as email_campaign_name,
        email_campaigns.utm_campaign,
        email_campaigns.sent_at,
        email_campaigns.figures_source,
        email_campaigns.report,
        email_campaigns.sent_count,
        email_campaigns.delivered_count,
        email_campaigns.bounced_count,
        email_campaigns.open_count,
        email_campaigns.unique_open_count,
        email_campaigns.human_open_count,
        email_campaigns.click_count,
        email_campaigns.unique_click_count,
        email_campaigns.unsubscribed_count,
        email_campaigns.complaint_count,
        {{ ratio('email_campaigns.delivered_count', 'email_campaigns.sent_count') }} as delivery_rate,
        {{ ratio('email_campaigns.bounced_count', 'email_campaigns.sent_count') }} as bounce_rate,
        {{ ratio('email_campaigns.unique_open_count', 'email_campaigns.delivered_count') }} as open_rate,
        {{ ratio('email_campaigns.unique_click_count', 'email_campaigns.delivered_count') }} as click_rate,
        {{ ratio('email_campaigns.unique_click_count', 'email_campaigns.unique_open_count') }} as click_to_open_rate,
        {{ ratio('email_campaigns.unsubscribed_count', 'email_campaigns.delivered_count') }} as unsubscribe_rate,
        email_campaigns.reported_sent_count,
        email_campaigns.reported_unique_open_count,
        email_campaigns.reported_unique_click_count,
        email_campaigns.reported_unsubscribed_count,
        email_campaigns.is_reconciled
    from email_campaigns
    left join slugs on email_campaigns.utm_campaign = slugs.slug
    -- What the registry says goes first. A slug can come again: the campaign valid on the day, else the nearest.
    qualify row_number() over (
        partition by email_campaigns.email_campaign_key
        order by
            slugs.is_own desc,
            {{ campaign_distance(reporting_day('email_campaigns.sent_at'), 'slugs') }},
            slugs.campaign_key
    ) = 1
)

select * from final
