-- One truth per e-mail campaign: its events where they begin with a send or a delivery, since a feed
-- of opens and clicks alone knows no denominator; else its report. Never a mixture of both.
{%- set measures = [
    'sent_count', 'delivered_count', 'bounced_count', 'open_count', 'unique_open_count', 'click_count',
    'unique_click_count', 'unsubscribed_count', 'complaint_count',
] %}

with events as (
    select * from {{ ref('int_email_events_judged') }}
    where email_campaign_key is not null
),

reports as (
    select * from {{ ref('int_email_campaign_reports_unioned') }}
    -- The newest delivery speaks; of one delivery, the API before a list before a single report.
    qualify row_number() over (
        partition by email_campaign_key
        order by file_id desc, report_rank asc, row_number desc
    ) = 1
),

campaigns as (
    select * from {{ ref('int_email_campaigns_unioned') }}
),

counted as (
    select
        email_campaign_key,
        min(email_source) as email_source,
        min(campaign_id) as campaign_id,
        max(campaign_name) as campaign_name,
        cast(nullif(count(case when event_type = 'sent' then 1 end), 0) as bigint) as sent_count,
        cast(nullif(count(case when event_type = 'delivered' then 1 end), 0) as bigint) as delivery_count,
        cast(count(distinct case when event_type = 'bounce' then recipient_id end) as bigint) as bounced_count,
        cast(count(case when event_type = 'open' then 1 end) as bigint) as open_count,
        cast(count(distinct case when event_type = 'open' then recipient_id end) as bigint) as unique_open_count,
        cast(count(distinct case
            when event_type = 'open' and not is_by_machine then recipient_id
        end) as bigint) as human_open_count,
        count(case when event_type = 'open' and is_by_machine is null then 1 end) = 0 as is_machine_told,
        cast(count(case when event_type = 'click' then 1 end) as bigint) as click_count,
        cast(count(distinct case when event_type = 'click' then recipient_id end) as bigint) as unique_click_count,
        cast(count(distinct case when event_type = 'unsubscribe' then recipient_id end) as bigint)
            as unsubscribed_count,
        cast(count(distinct case when event_type = 'spam' then recipient_id end) as bigint) as complaint_count,
        min(case when event_type in ('sent', 'delivered') then event_at end) as sent_at
    from events
    group by email_campaign_key
),

measured as (
    select
        *,
        -- A source without deliveries: what went out and did not come back.
        coalesce(delivery_count, sent_count - bounced_count) as delivered_count,
        sent_count is not null or delivery_count is not null as is_complete
    from counted
),

tags as (
    select
        email_campaign_key,
        {{ normalised_slug(masked(url_parameter('url', 'utm_campaign'))) }} as utm_campaign
    from events
    where event_type = 'click'
),

tag_counts as (
    select
        email_campaign_key,
        utm_campaign,
        count(*) as click_count
    from tags
    where utm_campaign is not null
    group by email_campaign_key, utm_campaign
),

-- The tag that most clicks of the campaign carry.
tagged as (
    select
        email_campaign_key,
        utm_campaign
    from tag_counts
    qualify row_number() over (
        partition by email_campaign_key
        order by click_count desc, utm_campaign asc
    ) = 1
),

keys as (
    select email_campaign_key from measured
    union distinct
    select email_campaign_key from reports
),

final as (
    select
        keys.email_campaign_key,
        coalesce(measured.email_source, reports.email_source) as email_source,
        coalesce(measured.campaign_id, reports.campaign_id) as campaign_id,
        {{ masked('coalesce(campaigns.campaign_name, measured.campaign_name, reports.campaign_name)') }}
            as campaign_name,
        campaigns.subject,
        coalesce(tagged.utm_campaign, {{ normalised_slug(
            masked('coalesce(campaigns.campaign_name, measured.campaign_name, reports.campaign_name)')
        ) }}) as utm_campaign,
        case
            when measured.is_complete then 'events'
            when reports.email_campaign_key is not null then 'report'
            else 'partial_events'
        end as figures_source,
        reports.report,
        {%- for measure in measures %}
        case
            when measured.is_complete or reports.email_campaign_key is null then measured.{{ measure }}
            else reports.{{ measure }}
        end as {{ measure }},
        {%- endfor %}
        case
            when measured.is_complete and measured.is_machine_told then measured.human_open_count
        end as human_open_count,
        reports.sent_count as reported_sent_count,
        reports.unique_open_count as reported_unique_open_count,
        reports.unique_click_count as reported_unique_click_count,
        reports.unsubscribed_count as reported_unsubscribed_count,
        case
            when measured.is_complete and reports.email_campaign_key is not null
                then
                    coalesce(measured.sent_count = reports.sent_count, true)
                    and coalesce(measured.bounced_count = reports.bounced_count, true)
                    and coalesce(measured.unique_open_count = reports.unique_open_count, true)
                    and coalesce(measured.unique_click_count = reports.unique_click_count, true)
                    and coalesce(measured.unsubscribed_count = reports.unsubscribed_count, true)
        end as is_reconciled,
        coalesce(campaigns.sent_at, measured.sent_at, reports.sent_at) as sent_at
    from keys
    left join measured on keys.email_campaign_key = measured.email_campaign_key
    left join reports on keys.email_campaign_key = reports.email_campaign_key
    left join campaigns on keys.email_campaign_key = campaigns.email_campaign_key
    left join tagged on keys.email_campaign_key = tagged.email_campaign_key
)

select * from final
