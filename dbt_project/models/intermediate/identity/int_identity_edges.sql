-- Every statement that two CRM records are one person, with its reason and time: the CRM merged them
-- or made a contact of a lead, or they have one address. Removed edges stay here, and join nobody.
with contacts as (
    select * from {{ ref('int_crm_contacts_unioned') }}
),

shared_addresses as (
    select * from {{ ref('int_shared_addresses') }}
),

unmerges as (
    select * from {{ ref('identity_unmerges') }}
),

mentions as (
    select
        crm_source,
        crm_contact_id as survivor_id,
        {{ split_rows('merged_contact_ids', ';') }} as merged_id
    from contacts
    union all
    select
        crm_source,
        merged_into_id as survivor_id,
        crm_contact_id as merged_id
    from contacts
    where merged_into_id is not null
    union all
    select
        'hubspot' as crm_source,
        survivor_id,
        merged_id
    from {{ ref('stg_hubspot__contact_merges') }}
),

crm_merges as (
    select
        concat(mentions.crm_source, ':', trim(mentions.merged_id)) as record_key,
        survivors.record_key as other_record_key,
        'crm_merge' as reason,
        min(survivors.source_updated_at) as stated_at
    from mentions
    -- A survivor that was never delivered would take its records with it.
    inner join contacts as survivors
        on mentions.crm_source = survivors.crm_source and mentions.survivor_id = survivors.crm_contact_id
    where trim(mentions.merged_id) <> '' and trim(mentions.merged_id) <> mentions.survivor_id
    group by concat(mentions.crm_source, ':', trim(mentions.merged_id)), survivors.record_key
),

addressed as (
    select
        contacts.record_key,
        first_value(contacts.record_key) over (
            partition by contacts.email
            order by contacts.created_at nulls last, contacts.record_key
        ) as other_record_key,
        contacts.created_at
    from contacts
    left join shared_addresses on contacts.email = shared_addresses.email
    where contacts.email is not null and shared_addresses.email is null
),

stated as (
    select * from crm_merges
    union all
    select
        record_key,
        other_record_key,
        'same_email' as reason,
        created_at as stated_at
    from addressed
    where record_key <> other_record_key
),

removed as (
    select
        concat(crm_source, ':', crm_contact_id) as record_key,
        concat(other_crm_source, ':', other_crm_contact_id) as other_record_key
    from unmerges
    union
    select
        concat(other_crm_source, ':', other_crm_contact_id) as record_key,
        concat(crm_source, ':', crm_contact_id) as other_record_key
    from unmerges
),

final as (
    select
        stated.record_key,
        stated.other_record_key,
        stated.reason,
        removed.record_key is not null as is_removed,
        stated.stated_at
    from stated
    left join removed
        on stated.record_key = removed.record_key and stated.other_record_key = removed.other_record_key
)

select * from final
