-- Every statement that two CRM records are one person, with its reason and time: the CRM merged them
-- or made a contact of a lead, or they have one address.
{{ config(materialized='view') }}

with contacts as (
    select * from {{ ref('int_crm_contacts_unioned') }}
),

-- An address that was given up may be another person's today: it joins nobody.
crm_addresses as (
    select * from {{ ref('int_crm_addresses') }}
    where address_kind <> 'earlier'
),

addresses as (
    select * from {{ ref('int_addresses_claimed') }}
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

final as (
    select * from crm_merges
    union all
    select
        contacts.record_key,
        addresses.record_key as other_record_key,
        'same_email' as reason,
        contacts.created_at as stated_at
    from contacts
    inner join crm_addresses on contacts.record_key = crm_addresses.record_key
    inner join addresses on crm_addresses.email = addresses.email
    where contacts.record_key <> addresses.record_key
    group by contacts.record_key, addresses.record_key, contacts.created_at
)

select * from final
