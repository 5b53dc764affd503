-- What an e-mail campaign is called, from wherever its source tells it: the campaign before a report.
{%- set models = [
    'stg_mailchimp__campaigns', 'stg_mailchimp__reports',
    'stg_mailchimp__campaign_reports', 'stg_sendgrid__campaigns', 'stg_klaviyo__campaigns_csv',
    'stg_klaviyo__flows_csv', 'stg_iterable__campaigns', 'stg_hubspot__email_campaigns',
] %}

with klaviyo_records as (
    select * from {{ ref('stg_klaviyo__records') }}
),

unioned as (
    {% for model in models -%}
    select
        '{{ model.split("__")[0][4:] }}' as email_source,
        {{ loop.index }} as source_rank,
        campaign_id,
        campaign_name,
        subject,
        sent_at,
        file_id,
        row_number
    from {{ ref(model) }}
    union all
    {% endfor -%}
    select
        'klaviyo' as email_source,
        0 as source_rank,
        campaign_id,
        record_name as campaign_name,
        cast(null as {{ dbt.type_string() }}) as subject,
        sent_at,
        file_id,
        row_number
    from klaviyo_records
    where campaign_id is not null
),

final as (
    select
        {{ surrogate_key(['email_source', 'campaign_id']) }} as email_campaign_key,
        email_source,
        campaign_id,
        campaign_name,
        subject,
        sent_at
    from unioned
    -- Of versions of a campaign the one sent last, of copies the newest.
    qualify row_number() over (
        partition by email_source, campaign_id
        order by source_rank asc, sent_at desc nulls last, file_id desc, row_number desc
    ) = 1
)

select * from final
