-- Whose a device was in a session: the device's edges, told by people instead of records.
with edges as (
    select * from {{ ref('int_identity_edges') }}
    where edge_type = 'device' and is_removed is false
),

aliases as (
    select * from {{ ref('int_contact_aliases_resolved') }}
),

consents_withdrawn as (
    select * from {{ ref('int_consents_withdrawn') }}
),

linked as (
    select
        substr(edges.node_key, length('device:') + 1) as device_id,
        edges.session_key,
        aliases.contact_key,
        case
            when edges.reason in ('login_email', 'form_email') then 'user_id_is_email'
            when edges.reason not in ('login_record_id', 'form_record_id') then edges.reason
            when aliases.crm_source <> aliases.survivor_source or aliases.crm_contact_id <> aliases.survivor_id
                then 'user_id_is_merged_record_id'
            else 'user_id_is_record_id'
        end as link_reason,
        edges.reason in ('ad_click_id', 'email_click') as is_click,
        min(edges.stated_at) as linked_at
    from edges
    inner join aliases on edges.record_key = aliases.record_key
    left join consents_withdrawn on aliases.contact_key = consents_withdrawn.contact_key
    -- Who no longer agrees is not recognised from then on.
    where consents_withdrawn.withdrawn_at is null or edges.stated_at < consents_withdrawn.withdrawn_at
    group by 1, 2, 3, 4, 5
),

weighed as (
    select
        *,
        bool_or(not is_click) over (partition by device_id, session_key) as has_login,
        min(contact_key) over (partition by device_id, session_key) as first_contact_key,
        max(contact_key) over (partition by device_id, session_key) as last_contact_key
    from linked
),

final as (
    select
        device_id,
        session_key,
        linked_at,
        contact_key,
        link_reason
    from weighed
    -- A login says who it was; a click only whose form it went into, or whose mail it came from, and one
    -- that two contacts have is neither's.
    where is_click is false or (has_login is false and first_contact_key = last_contact_key)
)

select * from final
