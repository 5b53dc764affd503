-- Which contact a CRM record stands for. Of a cluster the survivor is a record that was not merged
-- away, and the oldest of those; where all claim to have merged each other, the oldest of all.
with contacts as (
    select * from {{ ref('int_crm_contacts_unioned') }}
),

clusters as (
    select * from {{ ref('int_identity_clusters') }}
),

merged_away as (
    select distinct node_key as record_key
    from {{ ref('int_identity_edges') }}
    where reason = 'crm_merge' and is_removed is false
),

survivors as (
    select
        clusters.cluster_key,
        contacts.crm_source as survivor_source,
        contacts.crm_contact_id as survivor_id
    from clusters
    inner join contacts on clusters.record_key = contacts.record_key
    left join merged_away on clusters.record_key = merged_away.record_key
    qualify row_number() over (
        partition by clusters.cluster_key
        order by
            case when merged_away.record_key is null then 0 else 1 end,
            contacts.created_at nulls last,
            clusters.record_key
    ) = 1
),

final as (
    select
        clusters.record_key,
        split_part(clusters.record_key, ':', 1) as crm_source,
        substr(clusters.record_key, length(split_part(clusters.record_key, ':', 1)) + 2) as crm_contact_id,
        survivors.survivor_source,
        survivors.survivor_id,
        {{ surrogate_key(['survivors.survivor_source', 'survivors.survivor_id']) }} as contact_key
    from clusters
    inner join survivors on clusters.cluster_key = survivors.cluster_key
)

select * from final
