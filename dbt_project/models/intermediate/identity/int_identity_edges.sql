-- Every statement that identity rests on: that two CRM records are one person, or that a device was a
-- record's in a session. Removed edges stay here, and join nobody. Record edges make people
-- (int_identity_clusters); device edges do not, as one device can be two people's (int_identity_links).
with record_edges as (
    select * from {{ ref('int_identity_record_edges') }}
),

device_edges as (
    select * from {{ ref('int_identity_device_edges') }}
),

unmerges as (
    select * from {{ ref('identity_unmerges') }}
),

stated as (
    select
        'record' as edge_type,
        record_key as node_key,
        cast(null as {{ dbt.type_string() }}) as session_key,
        other_record_key as record_key,
        reason,
        stated_at
    from record_edges
    union all
    select
        'device' as edge_type,
        concat('device:', device_id) as node_key,
        session_key,
        record_key,
        reason,
        stated_at
    from device_edges
),

removed as (
    select
        concat(crm_source, ':', crm_contact_id) as node_key,
        concat(other_crm_source, ':', other_crm_contact_id) as record_key
    from unmerges
    union
    select
        concat(other_crm_source, ':', other_crm_contact_id) as node_key,
        concat(crm_source, ':', crm_contact_id) as record_key
    from unmerges
),

final as (
    select
        stated.edge_type,
        stated.node_key,
        stated.session_key,
        stated.record_key,
        stated.reason,
        removed.node_key is not null as is_removed,
        stated.stated_at
    from stated
    left join removed on stated.node_key = removed.node_key and stated.record_key = removed.record_key
)

select * from final
