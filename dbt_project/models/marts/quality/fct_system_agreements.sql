-- Whether systems that know the same say the same (S4-13). What only one of them tells is compared with
-- nothing, and unknown is no agreement.
with reconciliation_rules as (
    select * from {{ ref('reconciliation_rules') }}
),

crm_source_words as (
    select * from {{ ref('crm_source_words') }}
),

ad_spend_daily as (
    select * from {{ ref('int_ad_spend_daily') }}
    where campaign_key is not null and clicks is not null
),

touches as (
    select * from {{ ref('fct_touches') }}
    where touched_at is not null
),

contacts as (
    select * from {{ ref('int_contacts_merged') }}
    where is_excluded is false
),

email_members as (
    select * from {{ ref('int_email_members_unioned') }}
    where email is not null
),

contact_addresses as (
    select distinct email
    from {{ ref('int_contact_addresses') }}
),

crm_sources as (
    select distinct crm_source
    from contacts
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

briefs as (
    select * from {{ ref('int_campaign_briefs_scored') }}
    where is_latest_version and campaign_key is not null
),

won_deals as (
    select * from {{ ref('int_conversions_unioned') }}
    where conversion_type = 'closed_won' and amount_reporting is not null
),

invoices as (
    select * from {{ ref('int_invoices_matched') }}
    where amount_reporting is not null
),

raci_assignments as (
    select * from {{ ref('stg_templates__raci_assignments') }}
    where raci_letter in ('A', 'R') and coalesce(is_active, true)
),

clicked as (
    select
        campaign_key,
        channel,
        cast(date_trunc('month', date_day) as date) as month_start_date,
        sum(clicks) as click_count
    from ad_spend_daily
    group by campaign_key, channel, cast(date_trunc('month', date_day) as date)
),

visited as (
    select
        campaign_key,
        channel,
        cast(date_trunc('month', {{ reporting_day('touched_at') }}) as date) as month_start_date,
        count(*) as touch_count
    from touches
    group by campaign_key, channel, cast(date_trunc('month', {{ reporting_day('touched_at') }}) as date)
),

first_touches as (
    select
        contact_key,
        channel
    from touches
    where contact_key is not null
    qualify row_number() over (partition by contact_key order by touched_at, touch_id) = 1
),

sourced as (
    select
        contacts.contact_key,
        crm_source_words.channel_pattern
    from contacts
    inner join crm_source_words
        on {{ matches(
            'lower(trim(contacts.original_source))', 'crm_source_words.source_pattern', ref('crm_source_words')
        ) }}
    qualify row_number() over (partition by contacts.contact_key order by crm_source_words.seq) = 1
),

-- A CRM that sends mails itself agrees with itself.
mailed as (
    select distinct email_members.email
    from email_members
    left join crm_sources on email_members.email_source = crm_sources.crm_source
    where crm_sources.crm_source is null
),

assigned as (
    select
        campaigns.campaign_key,
        max(case
            when lower({{ masked('raci_assignments.person_name') }}) = lower(campaigns.owner_name) then 1
            else 0
        end) = 1 as is_same
    from campaigns
    inner join raci_assignments on campaigns.utm_campaign = raci_assignments.utm_campaign
    where campaigns.owner_name is not null
    group by campaigns.campaign_key
),

-- What was billed for a deal belongs to the month in which it was won. Before the first month in which anything
-- was billed nobody knows of any.
billing_began as (
    select cast(date_trunc('month', min(billed_date)) as date) as first_month_date
    from invoices
),

billable as (
    select
        cast(date_trunc('month', {{ reporting_day('converted_at') }}) as date) as month_start_date,
        amount_reporting as won_amount,
        cast(0 as decimal(18, 2)) as billed_amount
    from won_deals
    union all
    select
        cast(date_trunc('month', compared_date) as date) as month_start_date,
        cast(0 as decimal(18, 2)) as won_amount,
        amount_reporting as billed_amount
    from invoices
),

compared as (
    select
        'ad_clicks_sessions' as reconciliation,
        clicked.month_start_date,
        cast(sum(clicked.click_count) as double) as left_value,
        cast(sum(coalesce(visited.touch_count, 0)) as double) as right_value
    from clicked
    left join visited
        on
            clicked.campaign_key = visited.campaign_key
            and clicked.channel = visited.channel
            and clicked.month_start_date = visited.month_start_date
    group by clicked.month_start_date
    union all
    select
        'lead_source_first_touch' as reconciliation,
        cast(null as date) as month_start_date,
        cast(count(*) as double) as left_value,
        cast(count(case when {{ matches('first_touches.channel', 'sourced.channel_pattern') }} then 1 end) as double)
            as right_value
    from sourced
    inner join first_touches on sourced.contact_key = first_touches.contact_key
    where sourced.channel_pattern is not null
    union all
    select
        'email_contacts_crm' as reconciliation,
        cast(null as date) as month_start_date,
        cast(count(*) as double) as left_value,
        cast(count(contact_addresses.email) as double) as right_value
    from mailed
    left join contact_addresses on mailed.email = contact_addresses.email
    union all
    select
        'won_amount_billing' as reconciliation,
        billable.month_start_date,
        cast(sum(billable.won_amount) as double) as left_value,
        cast(sum(billable.billed_amount) as double) as right_value
    from billable
    inner join billing_began on billable.month_start_date >= billing_began.first_month_date
    group by billable.month_start_date
    union all
    select
        'launch_date_registry_brief' as reconciliation,
        cast(null as date) as month_start_date,
        cast(count(*) as double) as left_value,
        cast(count(case when campaigns.planned_launch_date = briefs.planned_launch_date then 1 end) as double)
            as right_value
    from campaigns
    inner join briefs on campaigns.campaign_key = briefs.campaign_key
    where campaigns.planned_launch_date is not null and briefs.planned_launch_date is not null
    union all
    select
        'owner_registry_raci' as reconciliation,
        cast(null as date) as month_start_date,
        cast(count(*) as double) as left_value,
        cast(count(case when is_same then 1 end) as double) as right_value
    from assigned
),

joined as (
    select
        reconciliation_rules.*,
        compared.month_start_date,
        compared.left_value,
        compared.right_value,
        -- What is shown is judged: 265.09 of 270.50 is 0.98, and a double a hair less.
        round({{ ratio('compared.right_value', 'compared.left_value') }}, 6) as agreement
    from reconciliation_rules
    left join compared on reconciliation_rules.reconciliation = compared.reconciliation
),

final as (
    select
        {{ surrogate_key(['reconciliation', 'month_start_date']) }} as system_agreement_id,
        reconciliation,
        seq,
        title,
        left_side,
        right_side,
        month_start_date,
        case when left_value > 0 then left_value end as left_value,
        case when left_value > 0 then right_value end as right_value,
        agreement,
        lower_bound,
        upper_bound,
        case
            when agreement is null then 'unknown'
            when agreement < lower_bound then 'too_low'
            when agreement > upper_bound then 'too_high'
            else 'agrees'
        end as agreement_state,
        coalesce(left_value between 1 and {{ var('small_sample_size') }} - 1, false) as is_small_sample,
        case when agreement < lower_bound or agreement > upper_bound then action end as action
    from joined
)

select * from final
