-- Merges in the CRM are followed to the record that survived. Each round doubles the length of
-- chain that is followed, so three rounds reach through eight merges in a row.
with contacts as (
    select * from {{ ref('stg_hubspot__contacts') }}
),

mentions as (
    select
        crm_contact_id as survivor_id,
        {{ split_rows('merged_contact_ids', ';') }} as merged_id
    from contacts
),

record_merges as (
    select
        trim(merged_id) as merged_id,
        min(survivor_id) as survivor_id
    from mentions
    where trim(merged_id) <> '' and trim(merged_id) <> survivor_id
    group by trim(merged_id)
),

merged_twice as (
    select
        record_merges.merged_id,
        coalesce(onward.survivor_id, record_merges.survivor_id) as survivor_id
    from record_merges
    left join record_merges as onward on record_merges.survivor_id = onward.merged_id
),

merged_four_times as (
    select
        merged_twice.merged_id,
        coalesce(onward.survivor_id, merged_twice.survivor_id) as survivor_id
    from merged_twice
    left join merged_twice as onward on merged_twice.survivor_id = onward.merged_id
),

merged_eight_times as (
    select
        merged_four_times.merged_id,
        coalesce(onward.survivor_id, merged_four_times.survivor_id) as survivor_id
    from merged_four_times
    left join merged_four_times as onward on merged_four_times.survivor_id = onward.merged_id
),

final as (
    select
        contacts.crm_contact_id,
        -- Two records that claim to have merged each other: both stay.
        case
            when merged_eight_times.survivor_id is null or circles.merged_id is not null then contacts.crm_contact_id
            else merged_eight_times.survivor_id
        end as survivor_id
    from contacts
    left join merged_eight_times on contacts.crm_contact_id = merged_eight_times.merged_id
    left join merged_eight_times as circles on merged_eight_times.survivor_id = circles.merged_id
    union all
    -- Records that only the survivor still remembers.
    select
        merged_eight_times.merged_id as crm_contact_id,
        merged_eight_times.survivor_id
    from merged_eight_times
    left join contacts on merged_eight_times.merged_id = contacts.crm_contact_id
    where contacts.crm_contact_id is null
)

select * from final
