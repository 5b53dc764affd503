-- Who the vendors' own ids are, and what each source says of the address.
{%- set models = [
    'stg_mailchimp__list_members', 'stg_mailchimp__audience_members',
    'stg_sendgrid__suppressions', 'stg_sendgrid__suppression_group_members', 'stg_marketo__leads',
    'stg_klaviyo__persons', 'stg_iterable__users', 'stg_iterable__unsubscribed_channels',
] %}

with klaviyo_records as (
    select * from {{ ref('stg_klaviyo__records') }}
),

hubspot_contacts as (
    select * from {{ ref('stg_hubspot__contacts') }}
),

final as (
    {% for model in models -%}
    select
        '{{ model.split("__")[0][4:] }}' as email_source,
        '{{ model.split("__")[1] }}' as evidence,
        member_id,
        email,
        subscription_status,
        status_at,
        file_id,
        row_number
    from {{ ref(model) }}
    union all
    {% endfor -%}
    select
        'klaviyo' as email_source,
        'records' as evidence,
        record_id as member_id,
        email,
        case
            when suppression_reason = 'hard_bounce' then 'cleaned'
            when suppression_reason is not null then 'unsubscribed'
            else consent
        end as subscription_status,
        case when suppression_reason is null then consented_at else suppressed_at end as status_at,
        file_id,
        row_number
    from klaviyo_records
    where record_type = 'profile'
    union all
    select
        'hubspot' as email_source,
        'contacts' as evidence,
        crm_contact_id as member_id,
        email,
        case when is_unsubscribed then 'unsubscribed' end as subscription_status,
        cast(null as timestamp) as status_at,
        file_id,
        row_number
    from hubspot_contacts
)

select * from final
