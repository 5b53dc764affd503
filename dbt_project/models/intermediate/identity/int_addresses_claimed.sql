-- The first record that has an address speaks for it, before those that only had it: what else has the address
-- joins to that record. Addresses that identify nobody are left out.
with addresses as (
    select * from {{ ref('int_crm_addresses') }}
),

contacts as (
    select * from {{ ref('int_crm_contacts_unioned') }}
),

shared_addresses as (
    select * from {{ ref('int_shared_addresses') }}
),

final as (
    select
        addresses.email,
        addresses.record_key
    from addresses
    left join contacts on addresses.record_key = contacts.record_key
    left join shared_addresses on addresses.email = shared_addresses.email
    where shared_addresses.email is null
    qualify row_number() over (
        partition by addresses.email
        order by
            case when addresses.address_kind = 'earlier' then 1 else 0 end,
            contacts.created_at nulls last,
            addresses.record_key
    ) = 1
)

select * from final
