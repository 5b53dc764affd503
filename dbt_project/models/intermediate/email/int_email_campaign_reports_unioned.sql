-- What vendors say of whole campaigns. A report without the campaign's id is matched by title and time.
{%- set measures = [
    'sent_count', 'delivered_count', 'bounced_count', 'open_count', 'unique_open_count', 'click_count',
    'unique_click_count', 'unsubscribed_count', 'complaint_count',
] %}
{%- set models = [
    'stg_mailchimp__reports', 'stg_mailchimp__campaign_reports', 'stg_mailchimp__campaign_summaries',
    'stg_sendgrid__send_stats', 'stg_iterable__campaign_metrics',
] %}

with campaigns as (
    select * from {{ ref('int_email_campaigns_unioned') }}
),

deliveries as (
    select * from {{ ref('stg_customerio__deliveries') }}
    where message_type = 'email' and campaign_id is not null
),

unioned as (
    {% for model in models -%}
    select
        '{{ model.split("__")[0][4:] }}' as email_source,
        '{{ model.split("__")[1] }}' as report,
        {{ loop.index }} as report_rank,
        campaign_id,
        campaign_name,
        {{ measures | join(',\n        ') }},
        sent_at,
        {{ 'read_on' if model.endswith('campaign_metrics') else 'cast(null as date)' }} as read_on,
        file_id,
        row_number
    from {{ ref(model) }}
    {%- if model.endswith('send_stats') %}
    -- Sides of a test, steps and days are parts of the whole.
    where is_total
    {%- endif %}
    union all
    {% endfor -%}
    select
        'customerio' as email_source,
        'deliveries' as report,
        6 as report_rank,
        campaign_id,
        cast(null as {{ dbt.type_string() }}) as campaign_name,
        count(sent_at) as sent_count,
        count(delivered_at) as delivered_count,
        count(bounced_at) as bounced_count,
        cast(null as bigint) as open_count,
        count(distinct case when opened_at is not null then email end) as unique_open_count,
        cast(null as bigint) as click_count,
        count(distinct case when clicked_at is not null then email end) as unique_click_count,
        count(distinct case when unsubscribed_at is not null then email end) as unsubscribed_count,
        count(distinct case when spammed_at is not null then email end) as complaint_count,
        min(sent_at) as sent_at,
        cast(null as date) as read_on,
        max(file_id) as file_id,
        cast(null as bigint) as row_number
    from deliveries
    group by campaign_id
),

identified as (
    select
        unioned.*,
        -- Nothing but a title and a day is a campaign of its own.
        coalesce(
            unioned.campaign_id,
            campaigns.campaign_id,
            unioned.campaign_name || ' ' || cast(cast(unioned.sent_at as date) as {{ dbt.type_string() }}),
            unioned.campaign_name
        ) as known_campaign_id,
        coalesce(named.campaign_name, unioned.campaign_name) as known_campaign_name
    from unioned
    left join campaigns
        on
            unioned.campaign_id is null
            and unioned.email_source = campaigns.email_source
            and unioned.campaign_name = campaigns.campaign_name
            and unioned.sent_at = campaigns.sent_at
    left join campaigns as named
        on unioned.email_source = named.email_source and unioned.campaign_id = named.campaign_id
    -- Two campaigns of one title and time: the first id, so that the report counts once.
    qualify row_number() over (
        partition by unioned.report, unioned.file_id, unioned.row_number, unioned.campaign_id
        order by campaigns.campaign_id
    ) = 1
),

final as (
    select
        {{ surrogate_key(['email_source', 'known_campaign_id']) }} as email_campaign_key,
        email_source,
        report,
        report_rank,
        known_campaign_id as campaign_id,
        known_campaign_name as campaign_name,
        {{ measures | join(',\n        ') }},
        sent_at,
        file_id,
        row_number
    from identified
    -- Figures are totals so far: the newest reading of a report.
    qualify row_number() over (
        partition by email_source, known_campaign_id, report
        order by read_on desc nulls last, file_id desc, row_number desc
    ) = 1
)

select * from final
