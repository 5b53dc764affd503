-- The first record that had an address speaks for it: what else has the address joins to that record.
-- Addresses that identify nobody are left out.
with contacts as (
    select * from {{ ref('int_crm_contacts_unioned') }}
),

shared_addresses as (
    select * from {{ ref('int_shared_addresses') }}
),

final as (
    select
        contacts.email,
        contacts.record_key
    from contacts
    left join shared_addresses on contacts.email = shared_addresses.email
    where contacts.email is not null and shared_addresses.email is null
    qualify row_number() over (
        partition by contacts.email
        order by contacts.created_at nulls last, contacts.record_key
    ) = 1
)

select * from final
