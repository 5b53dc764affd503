-- Whose an address is: the one place that says so for clicks, attendances, forms and logins. Two contacts
-- with one address, unmerged by the seed: the one that had it first.
with addresses as (
    select * from {{ ref('int_addresses_claimed') }}
),

aliases as (
    select * from {{ ref('int_contact_aliases_resolved') }}
),

final as (
    select
        addresses.email,
        aliases.contact_key
    from addresses
    inner join aliases on addresses.record_key = aliases.record_key
)

select * from final
