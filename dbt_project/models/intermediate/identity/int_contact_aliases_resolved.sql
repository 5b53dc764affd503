-- Merges in the CRM are followed to the record that survived, and converted leads to their contact.
-- Each round doubles the length of chain that is followed, so three rounds reach through eight
-- merges in a row.
with contacts as (
    select * from {{ ref('int_crm_contacts_unioned') }}
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

record_merges as (
    select
        mentions.crm_source,
        trim(mentions.merged_id) as merged_id,
        min(mentions.survivor_id) as survivor_id
    from mentions
    -- A survivor that was never delivered would take its records with it.
    inner join contacts
        on mentions.crm_source = contacts.crm_source and mentions.survivor_id = contacts.crm_contact_id
    where trim(mentions.merged_id) <> '' and trim(mentions.merged_id) <> mentions.survivor_id
    group by mentions.crm_source, trim(mentions.merged_id)
),

merged_twice as (
    select
        record_merges.crm_source,
        record_merges.merged_id,
        coalesce(onward.survivor_id, record_merges.survivor_id) as survivor_id
    from record_merges
    left join record_merges as onward
        on record_merges.crm_source = onward.crm_source and record_merges.survivor_id = onward.merged_id
),

merged_four_times as (
    select
        merged_twice.crm_source,
        merged_twice.merged_id,
        coalesce(onward.survivor_id, merged_twice.survivor_id) as survivor_id
    from merged_twice
    left join merged_twice as onward
        on merged_twice.crm_source = onward.crm_source and merged_twice.survivor_id = onward.merged_id
),

merged_eight_times as (
    select
        merged_four_times.crm_source,
        merged_four_times.merged_id,
        coalesce(onward.survivor_id, merged_four_times.survivor_id) as survivor_id
    from merged_four_times
    left join merged_four_times as onward
        on merged_four_times.crm_source = onward.crm_source and merged_four_times.survivor_id = onward.merged_id
),

final as (
    select
        contacts.crm_source,
        contacts.crm_contact_id,
        -- Two records that claim to have merged each other: both stay.
        case
            when merged_eight_times.survivor_id is null or circles.merged_id is not null then contacts.crm_contact_id
            else merged_eight_times.survivor_id
        end as survivor_id
    from contacts
    left join merged_eight_times
        on
            contacts.crm_source = merged_eight_times.crm_source
            and contacts.crm_contact_id = merged_eight_times.merged_id
    left join merged_eight_times as circles
        on
            merged_eight_times.crm_source = circles.crm_source
            and merged_eight_times.survivor_id = circles.merged_id
    union all
    -- Records that only the survivor still remembers.
    select
        merged_eight_times.crm_source,
        merged_eight_times.merged_id as crm_contact_id,
        merged_eight_times.survivor_id
    from merged_eight_times
    left join contacts
        on
            merged_eight_times.crm_source = contacts.crm_source
            and merged_eight_times.merged_id = contacts.crm_contact_id
    where contacts.crm_contact_id is null
)

select * from final
