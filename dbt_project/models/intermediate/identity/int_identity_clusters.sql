{{ config(materialized='connected_components', node='record_key', component='cluster_key') }}

with edges as (
    select * from {{ ref('int_identity_edges') }}
    where edge_type = 'record' and is_removed is false
),

contacts as (
    select * from {{ ref('int_crm_contacts_unioned') }}
),

final as (
    select
        node_key as record_key,
        record_key as other_record_key
    from edges
    union all
    -- Whom nothing joins to another is a cluster of one.
    select
        record_key,
        record_key as other_record_key
    from contacts
)

select * from final
