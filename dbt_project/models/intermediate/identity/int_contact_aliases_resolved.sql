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

merges as (
    select
        trim(merged_id) as merged_id,
        min(survivor_id) as survivor_id
    from mentions
    where trim(merged_id) <> '' and trim(merged_id) <> survivor_id
    group by trim(merged_id)
),

second_round as (
    select
        merges.merged_id,
        coalesce(further.survivor_id, merges.survivor_id) as survivor_id
    from merges
    left join merges as further on merges.survivor_id = further.merged_id
),

third_round as (
    select
        second_round.merged_id,
        coalesce(further.survivor_id, second_round.survivor_id) as survivor_id
    from second_round
    left join second_round as further on second_round.survivor_id = further.merged_id
),

fourth_round as (
    select
        third_round.merged_id,
        coalesce(further.survivor_id, third_round.survivor_id) as survivor_id
    from third_round
    left join third_round as further on third_round.survivor_id = further.merged_id
),

final as (
    select
        contacts.crm_contact_id,
        -- Two records that claim to have merged each other: both stay.
        case
            when fourth_round.survivor_id is null or loops.merged_id is not null then contacts.crm_contact_id
            else fourth_round.survivor_id
        end as survivor_id
    from contacts
    left join fourth_round on contacts.crm_contact_id = fourth_round.merged_id
    left join fourth_round as loops on fourth_round.survivor_id = loops.merged_id
    union
    -- Records that only the survivor still remembers.
    select
        fourth_round.merged_id as crm_contact_id,
        fourth_round.survivor_id
    from fourth_round
    left join contacts on fourth_round.merged_id = contacts.crm_contact_id
    where contacts.crm_contact_id is null
)

select * from final
