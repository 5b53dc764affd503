-- How sure it is that a touch is what it says (U3): whose it was, what its tag is worth, whether the
-- contact is one person, and whether the sources behind it are fresh. Each a probability; a seed has
-- them.
with touches as (
    select * from {{ ref('int_touches_resolved') }}
    -- Only a known contact's touches earn credit.
    where contact_key is not null
),

contacts as (
    select * from {{ ref('int_contacts_merged') }}
),

contact_accounts as (
    select * from {{ ref('int_contact_accounts_matched') }}
),

campaigns as (
    select distinct campaign_key
    from {{ ref('int_campaigns_registered') }}
),

evidence_weights as (
    select * from {{ ref('evidence_weights') }}
),

page_subjects as (
    select * from {{ ref('page_subjects') }}
    where page = 'attribution'
),

source_freshness as (
    select * from {{ ref('int_source_freshness') }}
),

email_counts as (
    select
        email,
        count(*) as contact_count
    from contacts
    where email is not null
    group by email
),

contact_evidence as (
    select
        contacts.contact_key,
        case
            when contacts.email is null then 'no_email'
            when email_counts.contact_count > 1 then 'shared_email'
            else 'unique_email'
        end as dedupe,
        contact_accounts.account_match_method as account_match
    from contacts
    left join email_counts on contacts.email = email_counts.email
    left join contact_accounts on contacts.contact_key = contact_accounts.contact_key
),

freshness as (
    select
        coalesce({{ ratio('sum(case when source_freshness.is_fresh then 1 else 0 end)', 'count(*)') }}, 0)
            as fresh_source_share
    from page_subjects
    inner join source_freshness on page_subjects.subject = source_freshness.subject
),

judged as (
    select
        touches.touch_id,
        touches.contact_key,
        touches.link_reason as identity_link,
        case
            when touches.click_id_type is not null then 'click_id'
            when touches.channel = 'Unassigned' then 'unassigned_channel'
            when campaigns.campaign_key is not null then 'registered_campaign'
            when touches.campaign_key is not null then 'unregistered_campaign'
            when touches.touch_priority <= 2 then 'tagged_without_campaign'
            else 'untagged'
        end as utm
    from touches
    left join campaigns on touches.campaign_key = campaigns.campaign_key
),

final as (
    select
        judged.touch_id,
        judged.contact_key,
        judged.identity_link,
        contact_evidence.account_match,
        judged.utm,
        contact_evidence.dedupe,
        coalesce(links.weight, other_links.weight) as identity_weight,
        coalesce(matches.weight, other_matches.weight) as account_weight,
        coalesce(tags.weight, other_tags.weight) as utm_weight,
        freshness.fresh_source_share as freshness_weight,
        coalesce(people.weight, other_people.weight) as dedupe_weight
    from judged
    cross join freshness
    left join contact_evidence on judged.contact_key = contact_evidence.contact_key
    {%- for alias, kind, evidence in [
        ('links', 'identity_link', 'judged.identity_link'), ('matches', 'account_match', 'contact_evidence.account_match'),
        ('tags', 'utm', 'judged.utm'), ('people', 'dedupe', 'contact_evidence.dedupe'),
    ] %}
    left join evidence_weights as {{ alias }}
        on {{ alias }}.evidence_type = '{{ kind }}' and {{ evidence }} = {{ alias }}.evidence
    left join evidence_weights as other_{{ alias }}
        on other_{{ alias }}.evidence_type = '{{ kind }}' and other_{{ alias }}.evidence = 'other'
    {%- endfor %}
)

select * from final
